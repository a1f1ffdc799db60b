//! Instances of a JSON Schema, by chance but the same for a seed. They mostly satisfy it: whoever uses them checks.

use serde_json::{Map, Value, json};

/// Beyond this depth only what is required is there.
const MAX_DEPTH: usize = 5;

/// Makes instances of the schemas of a document.
pub struct Sampler<'d> {
    document: &'d Value,
    state: u64,
    /// Which members objects have.
    mode: Mode,
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Those that are required.
    Least,
    /// All.
    All,
    /// All, as null where that is allowed.
    Nulls,
    /// Some.
    Chance,
}

/// What a schema without `type` is meant to be, by its keywords.
const KEYWORDS: &[(&str, &[&str])] = &[
    (
        "object",
        &[
            "properties",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "required",
            "minProperties",
            "maxProperties",
            "dependentRequired",
            "dependentSchemas",
            "unevaluatedProperties",
        ],
    ),
    ("array", &["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"]),
    ("string", &["pattern", "minLength", "maxLength", "format"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

impl<'d> Sampler<'d> {
    /// A sampler of the documents' schemas.
    pub fn new(document: &'d Value, name: &str, seed: u64) -> Sampler<'d> {
        let hash = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let state = name.bytes().chain(seed.to_le_bytes()).fold(0xcbf2_9ce4_8422_2325, hash);
        let mode = match seed {
            0 => Mode::Least,
            1 => Mode::All,
            2 => Mode::Nulls,
            _ => Mode::Chance,
        };
        Sampler { document, state, mode }
    }

    /// SplitMix64.
    fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.bits() % count.max(1) as u64) as usize
    }

    fn pick<'v>(&mut self, values: &'v [Value]) -> Option<&'v Value> {
        let at = self.below(values.len());
        values.get(at)
    }

    /// An instance of a schema.
    pub fn make(&mut self, schema: &Value, depth: usize) -> Value {
        self.part(schema, depth).unwrap_or_else(|| self.anything())
    }

    /// An instance of a schema, if the schema asks for anything.
    fn part(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > 40 {
            return None;
        }
        if let Some(target) = schema["$ref"].as_str() {
            let found = target.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            return found.and_then(|schema| self.part(schema, depth + 1));
        }
        if let Some(value) = schema.get("const") {
            return Some(value.clone());
        }
        if let Some(value) = schema["enum"].as_array().and_then(|values| self.pick(values)) {
            return Some(value.clone());
        }
        let mut made = self.typed(schema, depth);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let other = self.part(part, depth + 1);
            made = merged(made, other);
        }
        for key in ["oneOf", "anyOf"] {
            let Some(members) = schema[key].as_array() else { continue };
            let Some(member) = self.pick(members) else { continue };
            let mut other = self.part(member, depth + 1);
            tell(schema, member, &mut other);
            made = merged(made, other);
        }
        made
    }

    fn anything(&mut self) -> Value {
        let all = [json!("text"), json!(7), json!(true), json!({"a": [1, null]}), json!([1, "b"]), json!(1.5)];
        self.pick(&all).cloned().unwrap_or_default()
    }

    /// A value of the type that the schema names, or of the one that its keywords are for.
    fn typed(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let named = match &schema["type"] {
            Value::String(name) => Some(name.clone()),
            Value::Array(names) if self.mode == Mode::Nulls && names.contains(&json!("null")) => Some("null".into()),
            Value::Array(names) => self.pick(names).and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
        let name = match named {
            Some(name) => name,
            None => KEYWORDS.iter().find(|(_, keys)| has(keys)).map(|(name, _)| (*name).to_owned())?,
        };
        // Examples of objects have members that no schema names.
        let plain = !matches!(name.as_str(), "object" | "array");
        if plain && self.mode == Mode::Chance && self.below(4) == 0 {
            for key in ["example", "default"] {
                if let Some(value) = schema.get(key) {
                    return Some(value.clone());
                }
            }
        }
        Some(match name.as_str() {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => self.string(schema),
            "integer" => self.integer(schema),
            "number" => self.number(schema),
            "boolean" => json!(self.below(2) == 0),
            _ => Value::Null,
        })
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut members = Map::new();
        for (name, member) in schema["properties"].as_object().into_iter().flatten() {
            let wanted = match self.mode {
                _ if required.contains(&json!(name)) => true,
                _ if depth > MAX_DEPTH => false,
                Mode::Least => false,
                Mode::All | Mode::Nulls => true,
                Mode::Chance => self.below(2) == 0,
            };
            if wanted {
                members.insert(name.clone(), self.make(member, depth + 1));
            }
        }
        let others = &schema["additionalProperties"];
        if matches!(others, Value::Object(_) | Value::Bool(true)) && depth <= MAX_DEPTH && self.mode != Mode::Least {
            let value = if others.is_object() { self.make(others, depth + 1) } else { self.anything() };
            members.insert("xFurther".into(), value);
        }
        Value::Object(members)
    }

    fn array(&mut self, schema: &Value, depth: usize) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
        let most = schema["maxItems"].as_u64().map_or(least + 2, |most| (most as usize).min(least + 2));
        let few = depth > MAX_DEPTH || self.mode == Mode::Least;
        let length = if few { least } else { least.max(most - self.below(most - least.min(most) + 1)) };
        let first = schema["prefixItems"].as_array().cloned().unwrap_or_default();
        let items = (0..length.min(50)).map(|at| match (first.get(at), &schema["items"]) {
            (Some(item), _) => self.make(item, depth + 1),
            (None, items @ Value::Object(_)) => self.make(items, depth + 1),
            (None, _) => self.anything(),
        });
        Value::Array(items.collect())
    }

    fn string(&mut self, schema: &Value) -> Value {
        if let Some(example) = schema.get("example").filter(|_| schema.get("pattern").is_some()) {
            return example.clone();
        }
        let text = match schema["format"].as_str().unwrap_or("") {
            "date-time" => "2024-02-29T12:30:00.125Z",
            "date" => "2024-02-29",
            "time" => "12:30:00Z",
            "uuid" => "8c2f1f1e-2f0b-4c1e-9a53-0d3b8f8a1b11",
            "email" => "someone@example.com",
            "uri" | "url" | "uri-reference" => "https://example.com/a?b=c#d",
            "byte" => "aGVsbG8=",
            "ipv4" => "192.0.2.7",
            "ipv6" => "2001:db8::1",
            "duration" => "P1DT2H",
            _ => ["", "a", "two words", "ÄÖ\u{1F600} \"quoted\"\n", "2024", "null", "-1"][self.below(7)],
        };
        let mut text = text.to_owned();
        let least = schema["minLength"].as_u64().unwrap_or(0).min(2000) as usize;
        while text.chars().count() < least {
            text.push('x');
        }
        match schema["maxLength"].as_u64() {
            Some(most) => json!(text.chars().take(most as usize).collect::<String>()),
            None => json!(text),
        }
    }

    fn integer(&mut self, schema: &Value) -> Value {
        let (low, high) = match schema["format"].as_str() {
            Some("int8") => (-128, 127),
            Some("int16") => (-32_768, 32_767),
            Some("int32") => (i64::from(i32::MIN), i64::from(i32::MAX)),
            Some("uint8") => (0, 255),
            Some("uint16") => (0, 65_535),
            Some("uint32" | "uint") => (0, i64::from(u32::MAX)),
            Some("uint64") => (0, i64::MAX),
            _ => (i64::MIN, i64::MAX),
        };
        let low = schema["minimum"].as_i64().unwrap_or(low);
        let high = schema["maximum"].as_i64().unwrap_or(high);
        let all = [low, high, 0, 1, -1, 42, 4_294_967_296];
        let fit: Vec<i64> = all.into_iter().filter(|n| (low..=high).contains(n)).collect();
        json!(fit.get(self.below(fit.len())).copied().unwrap_or(low))
    }

    fn number(&mut self, schema: &Value) -> Value {
        let low = schema["minimum"].as_f64().unwrap_or(-1e12);
        let high = schema["maximum"].as_f64().unwrap_or(1e12);
        let all = [0.5, 0.0, 3.0, -2.75, 1e-7, low, high];
        let fit: Vec<f64> = all.into_iter().filter(|n| (low..=high).contains(n)).collect();
        json!(fit.get(self.below(fit.len())).copied().unwrap_or(low))
    }
}

/// Both at once: of two objects all members, else the second.
fn merged(made: Option<Value>, other: Option<Value>) -> Option<Value> {
    match (made, other) {
        (Some(Value::Object(mut one)), Some(Value::Object(two))) => {
            one.extend(two);
            Some(Value::Object(one))
        }
        (made, other) => other.or(made),
    }
}

/// Says in a member of a union which one it is, as the discriminator wants it.
fn tell(schema: &Value, member: &Value, value: &mut Option<Value>) {
    let (Some(property), Some(target)) = (schema["discriminator"]["propertyName"].as_str(), member["$ref"].as_str())
    else {
        return;
    };
    let name = target.rsplit('/').next().unwrap_or("");
    let mapping = schema["discriminator"]["mapping"].as_object();
    let mapped =
        mapping.and_then(|all| all.iter().find(|(_, to)| to.as_str() == Some(target) || to.as_str() == Some(name)));
    if let Some(Value::Object(members)) = value {
        members.insert(property.to_owned(), json!(mapped.map_or(name, |(key, _)| key.as_str())));
    }
}
