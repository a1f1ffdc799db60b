//! What an expression can name: values, and what is reached from them.

use crate::model::{Component, Service, Ty};

/// A path and what stands there.
#[derive(Clone, Debug)]
pub struct Value {
    pub text: String,
    pub ty: Ty,
    /// The service whose components `ty` means.
    pub service: usize,
    pub optional: bool,
    pub nullable: bool,
    /// Whether a hook is called for it.
    pub hook: bool,
}

impl Value {
    /// A value that is there.
    pub fn plain(text: impl Into<String>, ty: Ty, service: usize) -> Self {
        Value { text: text.into(), ty, service, optional: false, nullable: false, hook: false }
    }
}

/// A component that only names another schema is that schema.
pub fn resolved<'a>(services: &'a [Service], service: usize, ty: &'a Ty) -> &'a Ty {
    match ty {
        Ty::Component(at) => match &services[service].components[*at].1 {
            Component::Plain(inner) => inner,
            _ => ty,
        },
        _ => ty,
    }
}

/// A value and all that is reached from it in so many steps.
pub fn reach(services: &[Service], root: Value, steps: usize) -> Vec<Value> {
    let mut all = vec![root];
    let mut from = 0;
    for _ in 0..steps {
        let to = all.len();
        for at in from..to {
            let value = all[at].clone();
            // What may be null must be proved first.
            if !value.nullable {
                next(services, &value, &mut all);
            }
        }
        from = to;
    }
    all.truncate(120);
    all
}

fn next(services: &[Service], value: &Value, all: &mut Vec<Value>) {
    let step = |text: String, ty: &Ty, optional: bool, nullable: bool| Value {
        text,
        ty: ty.clone(),
        service: value.service,
        optional: value.optional || optional,
        nullable,
        hook: value.hook,
    };
    match resolved(services, value.service, &value.ty) {
        Ty::Component(at) => {
            for field in services[value.service].fields(*at) {
                let text = member(&value.text, field.name, !field.required);
                all.push(step(text, &field.ty, !field.required, field.nullable));
            }
        }
        Ty::List(items) if value.optional => all.push(step(format!("{}[?0]", value.text), items, true, false)),
        Ty::List(items) => {
            all.push(step(format!("{}[0]", value.text), items, false, false));
            all.push(step(format!("{}[?0]", value.text), items, true, false));
        }
        Ty::Map(values) => all.push(step(format!("{}[?\"k\"]", value.text), values, true, false)),
        _ => {}
    }
}

/// `a.b`, `a.?b`, `a["x y"]` or `a[?"x y"]`.
fn member(base: &str, name: &str, optional: bool) -> String {
    let mut letters = name.chars();
    let plain = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    let mark = if optional { "?" } else { "" };
    match plain {
        true => format!("{base}.{mark}{name}"),
        false => format!("{base}[{mark}{name:?}]"),
    }
}
