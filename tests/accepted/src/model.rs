//! What the documents describe: components with names of every kind, and operations over them.

use crate::random::Random;

/// A schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Ty {
    Str(Option<&'static str>),
    Enum(Vec<&'static str>),
    Int,
    Num,
    Bool,
    List(Box<Ty>),
    Map(Box<Ty>),
    Any,
    /// A component, by position.
    Component(usize),
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub ty: Ty,
    pub required: bool,
    pub nullable: bool,
}

/// A component.
#[derive(Clone, Debug)]
pub enum Component {
    Object {
        fields: Vec<Field>,
        extends: Option<usize>,
    },
    /// Of objects, told apart by the property `kind`.
    Union(Vec<usize>),
    Plain(Ty),
}

/// What an operation takes beside a body.
#[derive(Clone, Debug)]
pub struct Param {
    pub place: &'static str,
    pub name: &'static str,
    pub ty: Ty,
    pub required: bool,
}

/// What a body is.
#[derive(Clone, Debug)]
pub enum Body {
    Json(Ty),
    Text,
    Bytes,
    Nothing,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: &'static str,
    pub path: String,
    pub id: Option<String>,
    pub params: Vec<Param>,
    pub sends: Option<Ty>,
    pub answers: Vec<(&'static str, Body)>,
    pub headers: Vec<(&'static str, Ty, bool)>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    pub name: &'static str,
    pub newer: bool,
    pub components: Vec<(&'static str, Component)>,
    pub operations: Vec<Operation>,
}

const FIELDS: &[&str] = &[
    "id",
    "name",
    "type",
    "self",
    "user-id",
    "Id",
    "match",
    "created_at",
    "createdAt",
    "2fa",
    "größe",
    "async",
    "ok",
    "value",
    "items",
    "total",
    "_private",
    "a.b",
    "Self",
    "error",
    "x y",
    "cx",
    "runtime",
    "body",
    "",
];
const COMPONENTS: &[&str] = &[
    "User",
    "Order",
    "Result",
    "Option",
    "Error",
    "Vec",
    "Box",
    "user",
    "order-line",
    "String",
    "Self",
    "Response",
    "Cx",
    "Item",
    "2Things",
    "Some",
    "Page",
    "Value",
    "Endpoint",
];
const SERVICES: &[&str] = &["users", "orders", "self", "catalog_v2", "std", "x_ray"];
const PLACES: &[&str] = &["query", "header", "query", "cookie", "query"];
const PARAMS: &[&str] = &["limit", "type", "filter", "ids", "x-trace", "q", "page[size]", "fn", "sort-by", "since"];
const VALUES: &[&str] = &["open", "closed", "in progress", "Open", "+1", "-1", "type", "", "größe"];

impl Service {
    /// A service by chance; `at` is its position.
    pub fn random(random: &mut Random, at: usize) -> Self {
        let start = random.below(SERVICES.len());
        let name = SERVICES[(start / 2 * 2 + at) % SERVICES.len()];
        let count = 2 + random.below(5);
        let first = random.below(COMPONENTS.len());
        let names: Vec<_> = (0..count).map(|n| COMPONENTS[(first + n) % COMPONENTS.len()]).collect();
        let mut components = Vec::new();
        for (at, name) in names.iter().enumerate() {
            components.push((*name, component(random, at, count, &components)));
        }
        let mut service = Service { name, newer: random.once_in(2), components, operations: Vec::new() };
        for at in 0..2 + random.below(4) {
            let operation = operation(random, at, count);
            service.operations.push(operation);
        }
        service
    }

    /// What an object has, of its base too.
    pub fn fields(&self, at: usize) -> Vec<Field> {
        match &self.components[at].1 {
            Component::Object { fields, extends } => {
                let mut all = extends.map(|base| self.fields(base)).unwrap_or_default();
                all.retain(|inherited| fields.iter().all(|own| own.name != inherited.name));
                all.extend(fields.iter().cloned());
                all
            }
            Component::Union(_) | Component::Plain(_) => Vec::new(),
        }
    }
}

fn component(random: &mut Random, at: usize, count: usize, before: &[(&str, Component)]) -> Component {
    let objects: Vec<usize> =
        (0..at).filter(|at| matches!(before[*at].1, Component::Object { extends: None, .. })).collect();
    match random.below(8) {
        0 if objects.len() > 1 => Component::Union(objects),
        1 if at > 0 => Component::Plain(plain(random)),
        _ => {
            let extends = random.any(&objects).copied().filter(|_| random.once_in(4));
            Component::Object { fields: fields(random, count), extends }
        }
    }
}

fn fields(random: &mut Random, components: usize) -> Vec<Field> {
    let first = random.below(FIELDS.len());
    let count = 1 + random.below(6);
    (0..count)
        .map(|n| {
            let required = random.below(3) > 0;
            let ty = ty(random, components, 2);
            // A component in itself is of no end where it must be there.
            let required = required && !matches!(ty, Ty::Component(_));
            Field { name: FIELDS[(first + n * 3) % FIELDS.len()], ty, required, nullable: random.once_in(5) }
        })
        .collect()
}

fn plain(random: &mut Random) -> Ty {
    match random.below(9) {
        0 | 1 => Ty::Str(None),
        2 => Ty::Str(Some(*random.of(&["date-time", "date", "uuid", "uri", "email", "byte", "password"]))),
        3 => {
            let first = random.below(VALUES.len());
            Ty::Enum((0..1 + random.below(5)).map(|n| VALUES[(first + n) % VALUES.len()]).collect())
        }
        4 | 5 => Ty::Int,
        6 => Ty::Num,
        7 => Ty::Bool,
        _ => Ty::Any,
    }
}

/// A type by chance, at most so deep.
pub fn ty(random: &mut Random, components: usize, depth: usize) -> Ty {
    match random.below(10) {
        0 | 1 if depth > 0 => Ty::List(Box::new(ty(random, components, depth - 1))),
        2 if depth > 0 => Ty::Map(Box::new(ty(random, components, depth - 1))),
        3..=5 if components > 0 => Ty::Component(random.below(components)),
        _ => plain(random),
    }
}

fn operation(random: &mut Random, at: usize, components: usize) -> Operation {
    let method = *random.of(&["get", "get", "get", "get", "post", "put", "delete", "patch"]);
    let mut params = Vec::new();
    let mut path = format!("/things{at}");
    if random.once_in(2) {
        path.push_str("/{id}");
        let ty = random.of(&[Ty::Str(None), Ty::Int]).clone();
        params.push(Param { place: "path", name: "id", ty, required: true });
    }
    let first = random.below(PARAMS.len());
    for n in 0..random.below(4) {
        let mut ty = plain(random);
        if random.once_in(4) {
            ty = Ty::List(Box::new(ty));
        }
        let place = *random.of(PLACES);
        params.push(Param { place, name: PARAMS[(first + n) % PARAMS.len()], ty, required: random.once_in(4) });
    }
    let body = |random: &mut Random| match random.below(12) {
        0 => Body::Text,
        1 => Body::Bytes,
        2 => Body::Nothing,
        3..=5 => Body::Json(Ty::List(Box::new(Ty::Component(random.below(components))))),
        _ => Body::Json(ty(random, components, 2)),
    };
    let mut answers = vec![("200", body(random))];
    if random.once_in(6) {
        answers.push((*random.of(&["201", "204", "2XX"]), body(random)));
    }
    let headers = match random.below(4) {
        0 => vec![("X-Total-Count", Ty::Int, random.once_in(2)), ("etag", Ty::Str(None), false)],
        _ => Vec::new(),
    };
    let sends = matches!(method, "post" | "put" | "patch").then(|| ty(random, components, 2));
    let id = (random.below(6) > 0).then(|| format!("{}Thing{at}", random.of(&["get", "list", "do_", "type"])));
    Operation { method, path, id, params, sends, answers, headers }
}
