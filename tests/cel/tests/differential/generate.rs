//! Well-typed expressions and the values that they read, from a seed.

use serde_json::{Value, json};

/// Numbers that look random and are the same in each run (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// The types of expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Bool,
    Int,
    Double,
    Text,
    Time,
    Span,
    Ints,
    Doubles,
    Texts,
    Objects,
    Object,
}

use Ty::{Bool, Double, Doubles, Int, Ints, Object, Objects, Span, Text, Texts, Time};

/// The schema of the variable `v`.
pub fn schema() -> Value {
    let item = json!({
        "type": "object",
        "required": ["id", "name", "price", "tags", "at", "open"],
        "properties": {
            "id": { "type": "integer" },
            "name": { "type": "string" },
            "price": { "type": "number" },
            "tags": { "type": "array", "items": { "type": "string" } },
            "at": { "type": "string", "format": "date-time" },
            "open": { "type": "boolean" },
            "note": { "type": "string" },
            "count": { "type": "integer" },
        },
    });
    json!({
        "type": "object",
        "required": ["b", "i", "j", "d", "e", "s", "t", "at", "for", "ints", "doubles", "texts", "item", "items", "counts"],
        "properties": {
            "b": { "type": "boolean" },
            "i": { "type": "integer" },
            "j": { "type": "integer" },
            "d": { "type": "number" },
            "e": { "type": "number" },
            "s": { "type": "string" },
            "t": { "type": "string" },
            "at": { "type": "string" },
            "for": { "type": "string" },
            "ints": { "type": "array", "items": { "type": "integer" } },
            "doubles": { "type": "array", "items": { "type": "number" } },
            "texts": { "type": "array", "items": { "type": "string" } },
            "item": item,
            "items": { "type": "array", "items": item },
            "counts": { "type": "object", "additionalProperties": { "type": "integer" } },
            "note": { "type": "string" },
            "least": { "type": "integer" },
            "maybe": { "type": ["integer", "null"] },
        },
    })
}

const TEXTS: &[&str] = &[
    "",
    "a",
    "b",
    "abc",
    "Hello World",
    "naïve café",
    "日本語",
    "x,y,,z",
    " pad ",
    "42",
    "-7",
    "2.5",
    "true",
    "😀 ok",
    "line\nbreak",
    "\"quoted\"",
];
const TIMES: &[&str] = &[
    "2024-02-29T12:34:56.789Z",
    "1969-12-31T23:59:59Z",
    "2009-02-13T23:31:30+02:00",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
];
const SPANS: &[&str] = &["1h30m", "90s", "-15m", "250ms", "24h", "0s"];
const INTS: &[i64] = &[0, 1, -1, 2, 3, 7, -5, 42, 100, 1_000_000_007, i64::MAX, i64::MIN, 9_007_199_254_740_993];
const DOUBLES: &[f64] = &[0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -3.75, 1e10, 1e300, 9_007_199_254_740_992.0, 0.1];

/// A value of the schema.
pub fn values(random: &mut Random) -> Value {
    let mut all = json!({
        "b": random.below(2) == 0,
        "i": random.of(INTS),
        "j": random.of(&INTS[..10]),
        "d": random.of(DOUBLES),
        "e": random.of(DOUBLES),
        "s": random.of(TEXTS),
        "t": random.of(TEXTS),
        "at": random.of(TIMES),
        "for": random.of(SPANS),
        "ints": list(random, |random| json!(random.of(&INTS[..10]))),
        "doubles": list(random, |random| json!(random.of(DOUBLES))),
        "texts": list(random, |random| json!(random.of(TEXTS))),
        "item": item(random),
        "items": list(random, item),
        "counts": {},
    });
    for key in ["a", "b", "abc"] {
        if random.below(2) == 0 {
            all["counts"][key] = json!(random.of(INTS));
        }
    }
    if random.below(2) == 0 {
        all["note"] = json!(random.of(TEXTS));
    }
    if random.below(2) == 0 {
        all["least"] = json!(random.of(INTS));
    }
    match random.below(3) {
        0 => all["maybe"] = Value::Null,
        1 => all["maybe"] = json!(random.of(INTS)),
        _ => {}
    }
    all
}

fn list(random: &mut Random, item: fn(&mut Random) -> Value) -> Value {
    (0..random.below(5)).map(|_| item(random)).collect()
}

fn item(random: &mut Random) -> Value {
    let mut item = json!({
        "id": random.of(INTS),
        "name": random.of(TEXTS),
        "price": random.of(DOUBLES),
        "tags": list(random, |random| json!(random.of(TEXTS))),
        "at": random.of(TIMES),
        "open": random.below(2) == 0,
    });
    if random.below(2) == 0 {
        item["note"] = json!(random.of(TEXTS));
    }
    if random.below(2) == 0 {
        item["count"] = json!(random.of(INTS));
    }
    item
}

/// Writes one expression.
pub struct Writer<'r> {
    random: &'r mut Random,
    locals: Vec<(String, Ty)>,
    names: usize,
}

impl<'r> Writer<'r> {
    pub fn new(random: &'r mut Random) -> Writer<'r> {
        Writer { random, locals: Vec::new(), names: 0 }
    }

    /// An expression of any type that has a JSON form.
    pub fn expression(mut self) -> String {
        let ty = self.random.of(&[Bool, Bool, Int, Int, Double, Text, Text, Ints, Doubles, Texts, Time, Span]);
        let depth = 2 + self.random.below(3) as u32;
        self.of(ty, depth)
    }

    fn of(&mut self, ty: Ty, depth: u32) -> String {
        let locals: Vec<String> =
            self.locals.iter().filter(|(_, known)| *known == ty).map(|(name, _)| name.clone()).collect();
        if !locals.is_empty() && self.random.below(3) == 0 {
            return locals[self.random.below(locals.len())].clone();
        }
        if depth == 0 || self.random.below(8) == 0 {
            return self.leaf(ty);
        }
        if self.random.below(12) == 0 {
            let (condition, a, b) = (self.of(Bool, depth - 1), self.of(ty, depth - 1), self.of(ty, depth - 1));
            return format!("({condition} ? {a} : {b})");
        }
        self.node(ty, depth - 1)
    }

    /// What reads an item, or the variable.
    fn leaf(&mut self, ty: Ty) -> String {
        let object = |writer: &mut Self| writer.of_object();
        let chosen: &[&str] = match ty {
            Bool => &["v.b", "true", "false"],
            Int => &["v.i", "v.j", "0", "1", "-1", "2", "10"],
            Double => &["v.d", "v.e", "0.5", "2.0", "-1.5"],
            Text => &["v.s", "v.t", "'a'", "'b,c'", "''", "'日本'", "\"it's\""],
            Time => &["timestamp(v.at)", "timestamp('2024-02-29T12:00:00Z')"],
            Span => &["duration(v.for)", "duration('36h')"],
            Ints => &["v.ints", "[1, 2, 3]", "[v.i, v.j]"],
            Doubles => &["v.doubles", "[0.5, v.d]"],
            Texts => &["v.texts", "['a', 'b', 'a']", "[v.s, v.t]", "v.item.tags"],
            Objects => &["v.items"],
            Object => &["v.item"],
        };
        let field = match ty {
            Bool => Some("open"),
            Int => Some("id"),
            Double => Some("price"),
            Text => Some("name"),
            Texts => Some("tags"),
            _ => None,
        };
        if let Some(field) = field
            && self.random.below(4) == 0
        {
            return format!("{}.{field}", object(self));
        }
        let optional: &[&str] = match ty {
            Int => &["v.?least.orValue(7)", "v.counts[?'a'].orValue(-2)", "v.?item.?count.orValue(3)"],
            Text => &["v.?note.orValue('none')", "v.texts[?1].orValue('-')"],
            Bool => &["has(v.note)", "has(v.item.note)", "v.ints[?0].hasValue()"],
            _ => &[],
        };
        if !optional.is_empty() && self.random.below(4) == 0 {
            return self.random.of(optional).to_owned();
        }
        self.random.of(chosen).to_owned()
    }

    fn of_object(&mut self) -> String {
        let locals: Vec<String> =
            self.locals.iter().filter(|(_, known)| *known == Object).map(|(name, _)| name.clone()).collect();
        if locals.is_empty() { "v.item".to_owned() } else { locals[self.random.below(locals.len())].clone() }
    }

    /// A list and a variable over its items, in the scope of `body`.
    fn over(&mut self, list: Ty, depth: u32, method: &str, body: &[Ty]) -> String {
        let item = match list {
            Ints => Int,
            Doubles => Double,
            Texts => Text,
            _ => Object,
        };
        let source = self.of(list, depth);
        self.names += 1;
        let name = format!("x{}", self.names);
        self.locals.push((name.clone(), item));
        let bodies: Vec<String> = body.iter().map(|ty| self.of(*ty, depth)).collect();
        self.locals.pop();
        format!("{source}.{method}({name}, {})", bodies.join(", "))
    }

    fn any_list(&mut self) -> Ty {
        self.random.of(&[Ints, Doubles, Texts, Objects])
    }

    fn node(&mut self, ty: Ty, depth: u32) -> String {
        let pick = self.random.below(100);
        match ty {
            Bool => self.condition(pick, depth),
            Int => self.int(pick, depth),
            Double => self.double(pick, depth),
            Text => self.text(pick, depth),
            Time => {
                let (time, span) = (self.of(Time, depth), self.of(Span, depth));
                let op = self.random.of(&["+", "-"]);
                format!("({time} {op} {span})")
            }
            Span => match pick {
                0..50 => format!("({} - {})", self.of(Time, depth), self.of(Time, depth)),
                50..75 => format!("({} + {})", self.of(Span, depth), self.of(Span, depth)),
                _ => format!("({} - {})", self.of(Span, depth), self.of(Span, depth)),
            },
            Ints | Doubles | Texts | Objects => self.list(ty, pick, depth),
            Object => self.leaf(ty),
        }
    }

    fn condition(&mut self, pick: usize, depth: u32) -> String {
        match pick {
            0..20 => format!("({} && {})", self.of(Bool, depth), self.of(Bool, depth)),
            20..40 => format!("({} || {})", self.of(Bool, depth), self.of(Bool, depth)),
            40..48 => format!("!({})", self.of(Bool, depth)),
            48..66 => {
                let ty = self.random.of(&[Int, Double, Text, Time, Span]);
                let op = self.random.of(&["<", "<=", ">", ">=", "==", "!="]);
                format!("({} {op} {})", self.of(ty, depth), self.of(ty, depth))
            }
            66..70 => format!("({} == {})", self.of(Ints, depth), self.of(Ints, depth)),
            70..73 => format!("({} != {})", self.of(Texts, depth), self.of(Texts, depth)),
            73..76 => format!("({} < {})", self.of(Int, depth), self.of(Double, depth)),
            76..80 => {
                let method = self.random.of(&["contains", "startsWith", "endsWith"]);
                format!("{}.{method}({})", self.of(Text, depth), self.of(Text, depth))
            }
            80..82 => format!("{}.matches('^[a-z]+$')", self.of(Text, depth)),
            82..86 => format!("({} in {})", self.of(Int, depth), self.of(Ints, depth)),
            86..89 => format!("({} in {})", self.of(Text, depth), self.of(Texts, depth)),
            89..90 => format!("({} in v.counts)", self.of(Text, depth)),
            _ => {
                let list = self.any_list();
                let method = self.random.of(&["all", "exists", "exists_one"]);
                self.over(list, depth, method, &[Bool])
            }
        }
    }

    fn int(&mut self, pick: usize, depth: u32) -> String {
        match pick {
            0..35 => {
                let op = self.random.of(&["+", "-", "*", "/", "%"]);
                format!("({} {op} {})", self.of(Int, depth), self.of(Int, depth))
                    .replace("/ 0)", "/ 3)")
                    .replace("% 0)", "% 3)")
            }
            35..38 => format!("-({})", self.of(Int, depth)),
            38..46 => format!("size({})", self.of(Text, depth)),
            46..54 => {
                let list = self.any_list();
                format!("{}.size()", self.of(list, depth))
            }
            54..58 => format!("int({})", self.of(Double, depth)),
            58..60 => format!("int({})", self.of(Time, depth)),
            60..66 => {
                let part = self.random.of(&[
                    "getFullYear()",
                    "getMonth()",
                    "getDate()",
                    "getDayOfMonth()",
                    "getDayOfWeek()",
                    "getDayOfYear()",
                    "getHours()",
                    "getMinutes()",
                    "getSeconds()",
                    "getMilliseconds()",
                    "getHours('+02:00')",
                    "getDate('-09:30')",
                ]);
                format!("{}.{part}", self.of(Time, depth))
            }
            66..70 => {
                let part = self.random.of(&["getHours", "getMinutes", "getSeconds", "getMilliseconds"]);
                format!("{}.{part}()", self.of(Span, depth))
            }
            70..76 => {
                let method = self.random.of(&["indexOf", "lastIndexOf"]);
                format!("{}.{method}({})", self.of(Text, depth), self.of(Text, depth))
            }
            76..82 => format!("{}[{}]", self.of(Ints, depth), self.of(Int, 0)),
            82..88 => {
                let function = self.random.of(&["greatest", "least", "bitAnd", "bitOr", "bitXor"]);
                format!("math.{function}({}, {})", self.of(Int, depth), self.of(Int, depth))
            }
            88..92 => {
                let function = self.random.of(&["abs", "sign", "bitNot"]);
                format!("math.{function}({})", self.of(Int, depth))
            }
            _ => format!("v.?least.optMap(y, y + {}).orValue({})", self.of(Int, 0), self.of(Int, depth)),
        }
    }

    fn double(&mut self, pick: usize, depth: u32) -> String {
        match pick {
            0..45 => {
                let op = self.random.of(&["+", "-", "*", "/"]);
                format!("({} {op} {})", self.of(Double, depth), self.of(Double, depth))
            }
            45..50 => format!("-({})", self.of(Double, depth)),
            50..60 => format!("double({})", self.of(Int, depth)),
            60..80 => {
                let function = self.random.of(&["ceil", "floor", "round", "trunc", "abs", "sign"]);
                format!("math.{function}({})", self.of(Double, depth))
            }
            80..92 => {
                let function = self.random.of(&["greatest", "least"]);
                format!("math.{function}({}, {})", self.of(Double, depth), self.of(Double, depth))
            }
            _ => format!("{}[{}]", self.of(Doubles, depth), self.of(Int, 0)),
        }
    }

    fn text(&mut self, pick: usize, depth: u32) -> String {
        match pick {
            0..25 => format!("({} + {})", self.of(Text, depth), self.of(Text, depth)),
            25..40 => {
                let method = self.random.of(&["lowerAscii", "upperAscii", "trim", "reverse"]);
                format!("{}.{method}()", self.of(Text, depth))
            }
            40..48 => format!("string({})", self.of(Int, depth)),
            48..52 => format!("string({})", self.of(Bool, depth)),
            52..60 => format!("{}.replace({}, {})", self.of(Text, depth), self.of(Text, depth), self.of(Text, depth)),
            60..68 => format!("{}.substring({})", self.of(Text, depth), self.of(Int, 0)),
            68..74 => format!("{}.charAt({})", self.of(Text, depth), self.of(Int, 0)),
            74..84 => format!("{}.join('-')", self.of(Texts, depth)),
            84..92 => format!("{}[{}]", self.of(Texts, depth), self.of(Int, 0)),
            _ => format!("v.?note.optMap(y, y + {}).orValue({})", self.of(Text, 0), self.of(Text, depth)),
        }
    }

    fn list(&mut self, ty: Ty, pick: usize, depth: u32) -> String {
        match (ty, pick) {
            (_, 0..25) => self.over(ty, depth, "filter", &[Bool]),
            (Objects, _) => "v.items".to_owned(),
            (_, 25..60) => {
                let item = match ty {
                    Ints => Int,
                    Doubles => Double,
                    _ => Text,
                };
                let list = self.any_list();
                match self.random.below(3) {
                    0 => self.over(list, depth, "map", &[Bool, item]),
                    _ => self.over(list, depth, "map", &[item]),
                }
            }
            (_, 60..70) => format!("({} + {})", self.of(ty, depth), self.of(ty, depth)),
            (_, 70..76) => format!("{}.distinct()", self.of(ty, depth)),
            (_, 76..82) => format!("{}.sort()", self.of(ty, depth)),
            (_, 82..86) => format!("{}.reverse()", self.of(ty, depth)),
            (_, 86..90) => format!("{}.slice(0, {})", self.of(ty, depth), self.of(Int, 0)),
            (Ints | Texts, 90..94) => {
                let key = self.random.of(&[Int, Text]);
                self.over(ty, depth, "sortBy", &[key])
            }
            (Texts, _) => format!("{}.split({})", self.of(Text, depth), self.of(Text, depth)),
            _ => self.leaf(ty),
        }
    }
}
