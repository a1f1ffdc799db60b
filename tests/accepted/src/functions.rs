//! What expressions seldom use: times, bytes, optional values, maps, checks that prove.

use crate::expressions::Scope;
use crate::model::Ty;
use crate::random::Random;

impl Scope<'_> {
    /// A moment, out of a text where there is one.
    fn moment(&self, random: &mut Random) -> String {
        let known = "timestamp('2024-01-31T10:00:00Z')".to_owned();
        match random.once_in(2) {
            true => self
                .path(random, |ty| matches!(ty, Ty::Str(Some("date-time"))), "'2024-01-31T10:00:00Z'")
                .map_or(known, |text| format!("timestamp({text})")),
            false => known,
        }
    }

    /// A map that is there, and what it holds.
    fn map(&self, random: &mut Random) -> Option<String> {
        random.any(&self.there(|ty| matches!(ty, Ty::Map(_)))).map(|value| value.text.clone())
    }

    /// A check, and what it proves: `has(a.b) ? a.b : otherwise`.
    fn proved(&self, random: &mut Random, is: impl Fn(&Ty) -> bool, otherwise: &str) -> Option<String> {
        let maybe: Vec<_> = self
            .values
            .iter()
            .filter(|value| (value.optional != value.nullable) && is(self.ty(value)))
            .filter(|value| !value.nullable || !value.text.contains(['?', '[']))
            .filter(|value| !value.optional || value.text.matches('?').count() == 1)
            .collect();
        let value = random.any(&maybe)?;
        let text = &value.text;
        match text.split_once(".?") {
            _ if value.nullable => Some(format!("({text} != null ? {text} : {otherwise})")),
            Some((base, name)) if !name.contains(['.', '[']) => {
                Some(format!("(has({base}.{name}) ? {base}.{name} : {otherwise})"))
            }
            None if text.starts_with("query.") => Some(format!("(has({text}) ? {text} : {otherwise})")),
            _ => Some(format!("{text}.or(optional.of({otherwise})).value()")),
        }
    }

    /// An optional value of a kind.
    fn maybe(&self, random: &mut Random, is: impl Fn(&Ty) -> bool) -> Option<String> {
        let fits = |value: &&crate::values::Value| value.optional && !value.nullable && is(self.ty(value));
        random.any(&self.values.iter().filter(fits).collect::<Vec<_>>()).map(|value| value.text.clone())
    }

    /// A string.
    pub fn rare_text(&self, random: &mut Random, depth: usize) -> Option<String> {
        let is = |ty: &Ty| matches!(ty, Ty::Str(_) | Ty::Enum(_));
        let text = self.text(random, depth);
        Some(match random.below(16) {
            0 => format!("base64.encode(bytes({text}))"),
            1 => format!("({text}).split(',').join('-')"),
            2 => format!("({text}).split(',', 2).first().orValue('')"),
            3 => format!("({text}).substring({})", random.of(&["0", "0, 1"])),
            4 => format!("string({} + duration('1h30m'))", self.moment(random)),
            5 => format!("string({})", random.of(&["duration('90s')", "b'abc'", "true", "1.5"])),
            6 => format!("strings.quote({text})"),
            7 => format!("({text}).reverse()"),
            8 | 9 => self.proved(random, is, &text)?,
            10 => format!("{}.optMap(m, m + {text}).orValue('')", self.maybe(random, is)?),
            11 => format!("[{text}, 'b'].{}()", random.of(&["min", "max"])),
            12 => format!("({text}).charAt(0)"),
            13 => format!("string({})", self.number(random, depth)),
            14 => format!("optional.of({text}).value()"),
            _ => {
                let (list, items, service) = self.list(random, 0)?;
                let (variable, inner) = self.inside(&items, service);
                let text = inner.text(random, 0);
                format!("{list}.{}().optMap({variable}, {text}).orValue('')", random.of(&["first", "last"]))
            }
        })
    }

    /// A whole number.
    pub fn rare_integer(&self, random: &mut Random, depth: usize) -> Option<String> {
        let integer = self.integer(random, depth);
        Some(match random.below(14) {
            0 => format!("({}).indexOf('a')", self.text(random, depth)),
            1 => format!("{}.getFullYear()", self.moment(random)),
            2 => format!("{}.getHours('+02:00')", self.moment(random)),
            3 => format!("duration('90s').{}()", random.of(&["getSeconds", "getMilliseconds"])),
            4 => format!("int({})", self.text(random, depth)),
            5 => format!("int({})", self.number(random, depth)),
            6 => format!("bytes({}).size()", self.text(random, depth)),
            7 => format!("[{integer}, 2].distinct().size()"),
            8 => format!("{}.size()", self.map(random)?),
            9 => format!("math.{}({integer})", random.of(&["abs", "sign", "bitNot"])),
            10 => format!("lists.range(3).map(n, n + {integer}).sum()"),
            11 => self.proved(random, |ty| *ty == Ty::Int, &integer)?,
            12 => format!("{{'a': {integer}}}[?'a'].orValue(1)"),
            _ => format!("int({} - timestamp(0) > duration('1h') ? {integer} : 0)", self.moment(random)),
        })
    }

    /// A truth value.
    pub fn rare_boolean(&self, random: &mut Random, depth: usize) -> Option<String> {
        let is = |ty: &Ty| matches!(ty, Ty::Str(_) | Ty::Enum(_));
        Some(match random.below(12) {
            0 => format!("({}).matches('^[a-z]+$')", self.text(random, depth)),
            1 => format!("{} < {}", self.moment(random), self.moment(random)),
            2 => format!("{} in {}", self.text(random, 0), self.map(random)?),
            3 => format!("bytes({}) == b'a'", self.text(random, depth)),
            4 => format!("math.isNaN({})", self.number(random, depth)),
            5 => format!("{} == optional.of('x')", self.maybe(random, is)?),
            6 => format!("{}.exists(k, k.startsWith('a'))", self.map(random)?),
            7 => format!("{}.optMap(m, m.size() > 2).orValue(true)", self.maybe(random, is)?),
            8 => self.proved(random, |ty| *ty == Ty::Bool, "true")?,
            9 => format!("{} in [1, {}]", self.integer(random, depth), self.integer(random, 0)),
            10 => format!("({}).endsWith({})", self.text(random, depth), self.text(random, 0)),
            _ => {
                let lists = self.there(|ty| matches!(ty, Ty::List(of) if **of == Ty::Str(None)));
                let list = &random.any(&lists)?.text;
                format!("{} in {list}", self.text(random, 0))
            }
        })
    }

    /// Whatever goes into an answer.
    pub fn rare(&self, random: &mut Random, depth: usize) -> Option<String> {
        let all = |_: &Ty| true;
        Some(match random.below(15) {
            0 => self.moment(random),
            1 => format!("{} - {}", self.moment(random), self.moment(random)),
            2 => format!("[?{}]", self.maybe(random, all)?),
            3 => format!("{{?'a': {}}}", self.maybe(random, all)?),
            4 => format!("[{0}, {0}].flatten()", self.list(random, depth)?.0),
            5 => format!("{}.slice(0, 1)", self.list(random, depth)?.0),
            6 => format!("{}.{}()", self.list(random, depth)?.0, random.of(&["first", "last"])),
            7 => format!("[{}].unwrapOpt()", self.maybe(random, all)?),
            8 => format!("{}.map(k, k + '!')", self.map(random)?),
            9 => {
                let value = random.any(&self.values)?;
                format!(
                    "({} ? {} : {})",
                    self.boolean(random, 0),
                    value.text,
                    random.of(&[value.text.as_str(), "null"])
                )
            }
            10 => format!("{}.optFlatMap(m, optional.of({}))", self.maybe(random, all)?, self.text(random, 0)),
            11 => format!("[{}, {}]", self.integer(random, 0), self.number(random, 0)),
            12 => {
                let (list, items, service) = self.list(random, depth)?;
                let (variable, inner) = self.inside(&items, service);
                let condition = inner.boolean(random, depth.saturating_sub(1));
                format!("{list}.map({variable}, {condition}, {})", inner.any(random, 0))
            }
            13 => format!("({}).split('').distinct().sort()", self.text(random, depth)),
            _ => format!("({} > 2 ? optional.of({}) : optional.none())", self.integer(random, 0), self.text(random, 0)),
        })
    }
}
