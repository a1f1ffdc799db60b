//! Expressions by chance, of a wanted type. Most are accepted; the checker judges the rest.

use crate::keyed::Keyed;
use crate::model::{Service, Ty};
use crate::named::Named;
use crate::random::Random;
use crate::values::{Value, reach, resolved};

/// What can be named at a place.
#[derive(Clone)]
pub struct Scope<'a> {
    pub services: &'a [Service],
    pub values: Vec<Value>,
    /// Calls that are made for each element of a list.
    pub keyed: &'a [Keyed],
    /// Shapes that can be used.
    pub named: &'a [Named],
    variables: usize,
}

const VARIABLES: &[&str] = &["x", "item", "type", "self", "fn", "o", "cx", "value"];

impl<'a> Scope<'a> {
    /// Over values, and what is reached from them.
    pub fn new(services: &'a [Service], roots: Vec<Value>) -> Self {
        let values = roots.into_iter().flat_map(|root| reach(services, root, 3)).collect();
        Scope { services, values, keyed: &[], named: &[], variables: 0 }
    }

    /// The same with what answers have beside values: calls for the elements of lists, and named shapes.
    pub fn and(self, keyed: &'a [Keyed], named: &'a [Named]) -> Self {
        Scope { keyed, named, ..self }
    }

    /// The same with one variable more; gives its name.
    pub fn with(&self, ty: &Ty, service: usize) -> (String, Self) {
        let variable = format!("{}{}", VARIABLES[self.variables % VARIABLES.len()], self.variables / VARIABLES.len());
        // The first ones are words that Rust or the generated code may use itself.
        let variable = variable.trim_end_matches('0').to_owned();
        let mut inner = self.clone();
        inner.values.extend(reach(self.services, Value::plain(&variable, ty.clone(), service), 2));
        inner.variables += 1;
        (variable, inner)
    }

    /// The same without what calls a hook.
    pub fn plain(&self) -> Self {
        let mut plain = self.clone();
        plain.values.retain(|value| !value.hook);
        plain
    }

    /// As `with`, for a macro, where no hook is called.
    pub fn inside(&self, ty: &Ty, service: usize) -> (String, Self) {
        self.plain().with(ty, service)
    }

    /// Values of a kind that are there.
    pub fn there(&self, is: impl Fn(&Ty) -> bool) -> Vec<&Value> {
        let fits = |value: &&Value| !value.optional && !value.nullable && is(self.ty(value));
        self.values.iter().filter(fits).collect()
    }

    /// What a value is, behind the name of its schema.
    pub fn ty<'b>(&'b self, value: &'b Value) -> &'b Ty {
        resolved(self.services, value.service, &value.ty)
    }

    /// A value of a kind by its path, or out of an optional one.
    pub fn path(&self, random: &mut Random, is: impl Fn(&Ty) -> bool, otherwise: &str) -> Option<String> {
        if random.once_in(3) {
            let maybe: Vec<_> = self.values.iter().filter(|value| value.optional && is(self.ty(value))).collect();
            return random.any(&maybe).map(|value| format!("{}.orValue({otherwise})", value.text));
        }
        random.any(&self.there(is)).map(|value| value.text.clone())
    }

    /// A list that is there, and what its elements are.
    pub fn list(&self, random: &mut Random, depth: usize) -> Option<(String, Ty, usize)> {
        let lists = self.there(|ty| matches!(ty, Ty::List(_)));
        let value = random.any(&lists)?;
        let Ty::List(items) = self.ty(value) else { return None };
        let (text, items, service) = (value.text.clone(), (**items).clone(), value.service);
        let text = match random.below(8) {
            0 if depth > 0 => {
                let (variable, inner) = self.inside(&items, service);
                format!("{text}.filter({variable}, {})", inner.boolean(random, depth - 1))
            }
            1 => format!("{text}.take(3)"),
            2 => format!("({text} + {text})"),
            3 if depth > 0 => {
                let (variable, inner) = self.inside(&items, service);
                format!("{text}.sortBy({variable}, {})", inner.integer(random, depth - 1))
            }
            4 => format!("{text}.reverse()"),
            _ => text,
        };
        Some((text, items, service))
    }

    /// A string.
    pub fn text(&self, random: &mut Random, depth: usize) -> String {
        let is = |ty: &Ty| matches!(ty, Ty::Str(_) | Ty::Enum(_));
        let made = match random.below(if depth == 0 { 6 } else { 17 }) {
            14.. => self.rare_text(random, depth - 1),
            0..=3 => self.path(random, is, "'none'"),
            4 | 5 => Some((*random.of(&["'a'", "\"it's\"", "''", "'größe {x} \\\\ %s'", "r'\\d'"])).to_owned()),
            6 => Some(format!("{} + {}", self.text(random, depth - 1), self.text(random, depth - 1))),
            7 => Some(format!("string({})", self.integer(random, depth - 1))),
            8 => Some(format!(
                "({}).{}()",
                self.text(random, depth - 1),
                random.of(&["lowerAscii", "trim", "upperAscii"])
            )),
            9 => Some(format!(
                "({} ? {} : {})",
                self.boolean(random, depth - 1),
                self.text(random, depth - 1),
                self.text(random, depth - 1)
            )),
            10 => {
                Some(format!("'%s-%d'.format([{}, {}])", self.text(random, depth - 1), self.integer(random, depth - 1)))
            }
            11 => Some(format!("({}).replace('a', {})", self.text(random, depth - 1), self.text(random, depth - 1))),
            _ => self.list(random, depth - 1).map(|(list, items, service)| {
                let (variable, inner) = self.inside(&items, service);
                format!("{list}.map({variable}, {}).join(', ')", inner.text(random, depth - 1))
            }),
        };
        made.unwrap_or_else(|| "'x'".into())
    }

    /// A whole number.
    pub fn integer(&self, random: &mut Random, depth: usize) -> String {
        let made = match random.below(if depth == 0 { 5 } else { 14 }) {
            11.. => self.rare_integer(random, depth - 1),
            0..=2 => self.path(random, |ty| *ty == Ty::Int, "0"),
            3 | 4 => Some((*random.of(&["1", "0", "-7", "9007199254740993", "0x2a"])).to_owned()),
            5 => Some(format!("({} + {})", self.integer(random, depth - 1), self.integer(random, depth - 1))),
            6 => Some(format!("({} % 7 - {})", self.integer(random, depth - 1), self.integer(random, depth - 1))),
            7 => Some(format!("({}).size()", self.text(random, depth - 1))),
            8 => self.list(random, depth - 1).map(|(list, ..)| format!("{list}.size()")),
            9 => self.list(random, depth - 1).map(|(list, items, service)| {
                let (variable, inner) = self.inside(&items, service);
                format!("{list}.map({variable}, {}).sum()", inner.integer(random, depth - 1))
            }),
            _ => {
                Some(format!("math.greatest({}, {})", self.integer(random, depth - 1), self.integer(random, depth - 1)))
            }
        };
        made.unwrap_or_else(|| "3".into())
    }

    /// A number.
    pub fn number(&self, random: &mut Random, depth: usize) -> String {
        let made = match random.below(if depth == 0 { 4 } else { 7 }) {
            0..=2 => self.path(random, |ty| *ty == Ty::Num, "0.5"),
            3 => Some((*random.of(&["1.5", "1e3", "2"])).to_owned()),
            4 => Some(format!("({} * {})", self.number(random, depth - 1), self.number(random, depth - 1))),
            5 => Some(format!("double({})", self.integer(random, depth - 1))),
            _ => Some(format!("math.ceil({})", self.number(random, depth - 1))),
        };
        made.unwrap_or_else(|| "0.25".into())
    }

    /// A truth value.
    pub fn boolean(&self, random: &mut Random, depth: usize) -> String {
        let optional = |value: &&Value| value.optional;
        let made = match random.below(if depth == 0 { 5 } else { 17 }) {
            14.. => self.rare_boolean(random, depth - 1),
            0 | 1 => self.path(random, |ty| *ty == Ty::Bool, "false"),
            2 => random
                .any(&self.values.iter().filter(optional).collect::<Vec<_>>())
                .map(|v| format!("{}.hasValue()", v.text)),
            3 => {
                let nullable: Vec<_> = self.values.iter().filter(|value| value.nullable && !value.optional).collect();
                random.any(&nullable).map(|value| format!("{} {} null", value.text, random.of(&["==", "!="])))
            }
            4 => {
                let (a, b) = (self.text(random, 0), self.text(random, 0));
                Some(format!("{a} {} {b}", random.of(&["==", "!=", "<", ">="])))
            }
            5 | 6 => {
                let (a, b) = (self.integer(random, depth - 1), self.integer(random, depth - 1));
                Some(format!("{a} {} {b}", random.of(&["==", "!=", "<", ">="])))
            }
            7 => Some(format!("!({})", self.boolean(random, depth - 1))),
            8 => Some(format!("({} && {})", self.boolean(random, depth - 1), self.boolean(random, depth - 1))),
            9 => Some(format!("({} || {})", self.boolean(random, depth - 1), self.boolean(random, depth - 1))),
            10 => Some(format!("({}).contains({})", self.text(random, depth - 1), self.text(random, 0))),
            11 => Some(format!("{} in ['a', {}]", self.text(random, 0), self.text(random, 0))),
            _ => self.list(random, depth - 1).map(|(list, items, service)| {
                let (variable, inner) = self.inside(&items, service);
                let all = random.of(&["all", "exists", "exists_one"]);
                format!("{list}.{all}({variable}, {})", inner.boolean(random, depth - 1))
            }),
        };
        made.unwrap_or_else(|| "true".into())
    }

    /// Whatever goes into an answer.
    pub fn any(&self, random: &mut Random, depth: usize) -> String {
        match random.below(17) {
            14.. => self.rare(random, depth.saturating_sub(1)).unwrap_or_else(|| "'rare'".into()),
            0..=5 => {
                // Bytes have no JSON form.
                let fits = |value: &&Value| value.ty != Ty::Bytes;
                let values: Vec<_> = self.values.iter().filter(fits).collect();
                random.any(&values).map_or_else(|| "1".into(), |value| value.text.clone())
            }
            6 => self.text(random, depth),
            7 => self.integer(random, depth),
            8 => self.number(random, depth),
            9 => self.boolean(random, depth),
            10 => self.list(random, depth).map_or_else(|| "[1, 2]".into(), |(list, ..)| list),
            11 => self.list(random, depth).map_or_else(
                || "{}".into(),
                |(list, items, service)| {
                    let (variable, inner) = self.inside(&items, service);
                    let by = random.of(&["groupBy", "indexBy"]);
                    format!("{list}.{by}({variable}, {})", inner.text(random, 0))
                },
            ),
            12 => self.list(random, depth).map_or_else(
                || "[]".into(),
                |(list, items, service)| {
                    let (variable, inner) = self.inside(&items, service);
                    format!("{list}.map({variable}, {})", inner.any(random, depth.saturating_sub(1)))
                },
            ),
            _ => format!("{{'a': {}, 'b c': {}}}", self.integer(random, 0), self.integer(random, 0)),
        }
    }
}
