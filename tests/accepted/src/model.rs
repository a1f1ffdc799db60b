//! What the documents describe: components with names of every kind, and operations over them.

use crate::operations;
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
    /// One of several that are told apart by what they are.
    Either(Vec<Ty>),
    /// A body that is no JSON.
    Bytes,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub ty: Ty,
    pub required: bool,
    pub nullable: bool,
    /// Whether its schema has bounds.
    pub bounded: bool,
}

impl Field {
    /// A field that is there.
    /// A type without parts.
    pub fn plain(name: &'static str, ty: Ty) -> Self {
        Field { name, ty, required: true, nullable: false, bounded: false }
    }
}

/// A component.
#[derive(Clone, Debug)]
pub enum Component {
    Object {
        fields: Vec<Field>,
        extends: Option<usize>,
        /// With a discriminator, so that those who extend it are its heirs.
        heirs: bool,
    },
    /// Of objects.
    Union(Vec<usize>),
    Plain(Ty),
}

/// What tells the members of unions apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Apart {
    /// A discriminator, with the names of the schemas.
    Discriminator,
    /// A discriminator with names of its own.
    Mapping,
    /// A property with another constant in each.
    Const,
    /// A property that only this member has.
    Property,
}

/// What an operation takes beside a body.
#[derive(Clone, Debug)]
pub struct Param {
    pub place: &'static str,
    pub name: &'static str,
    pub ty: Ty,
    pub required: bool,
    pub form: Form,
    pub bounded: bool,
}

/// How a parameter stands in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Plain,
    Joined,
    Piped,
    Deep,
    Json,
}

/// What a body is.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Json(Ty),
    /// A form, or one with parts.
    Form(Ty, bool),
    Text,
    Bytes,
    Events,
    Nothing,
}

/// How an operation turns pages: what `paginate` says of it.
#[derive(Clone, Debug)]
pub struct Paging {
    pub style: &'static str,
    pub param: &'static str,
    pub size: Option<&'static str>,
    /// Where the items are; none: the body is the list.
    pub items: Option<&'static str>,
    pub next: Option<&'static str>,
    pub element: Ty,
}

/// How an operation takes many keys: what `batch` says of it.
#[derive(Clone, Debug)]
pub struct Batching {
    pub param: &'static str,
    pub matched: &'static str,
    pub items: Option<&'static str>,
    pub key: Ty,
    pub element: Ty,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    pub method: &'static str,
    pub path: String,
    pub id: Option<String>,
    pub params: Vec<Param>,
    pub sends: Option<Body>,
    pub answers: Vec<(&'static str, Body)>,
    pub headers: Vec<(&'static str, Ty, bool)>,
    pub paging: Option<Paging>,
    pub batching: Option<Batching>,
}

/// A service.
#[derive(Clone, Debug)]
pub struct Service {
    pub name: &'static str,
    pub newer: bool,
    pub apart: Apart,
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
        let newer = random.once_in(2);
        let apart = match random.below(6) {
            0 => Apart::Mapping,
            1 => Apart::Const,
            2 => Apart::Property,
            _ => Apart::Discriminator,
        };
        let mut service = Service { name, newer, apart, components, operations: Vec::new() };
        for at in 0..3 + random.below(5) {
            let operation = operations::operation(random, at, &mut service);
            service.operations.push(operation);
        }
        service
    }

    /// What an object has, of its base too.
    pub fn fields(&self, at: usize) -> Vec<Field> {
        match &self.components[at].1 {
            Component::Object { fields, extends, .. } => {
                let mut all = extends.map(|base| self.fields(base)).unwrap_or_default();
                all.retain(|inherited| fields.iter().all(|own| own.name != inherited.name));
                all.extend(fields.iter().cloned());
                all
            }
            Component::Union(_) | Component::Plain(_) => Vec::new(),
        }
    }

    /// What is a case for each member of a union, and its type.
    pub fn cases(&self, ty: &Ty) -> Option<Vec<(String, Ty)>> {
        match ty {
            Ty::Component(at) => match &self.components[*at].1 {
                Component::Union(members) => {
                    let case = |at: &usize| (self.components[*at].0.to_owned(), Ty::Component(*at));
                    Some(members.iter().map(case).collect())
                }
                Component::Plain(inner) => self.cases(inner),
                Component::Object { .. } => None,
            },
            Ty::Either(members) => {
                Some(members.iter().map(|member| (self.case(member).to_owned(), member.clone())).collect())
            }
            _ => None,
        }
    }

    fn case(&self, ty: &Ty) -> &'static str {
        match ty {
            Ty::Int => "integer",
            Ty::Num => "number",
            Ty::Bool => "boolean",
            Ty::List(_) => "array",
            Ty::Component(at) => self.components[*at].0,
            Ty::Map(_) => "object",
            _ => "string",
        }
    }

    /// Whether an object is a member of a union.
    pub fn is_member(&self, at: usize) -> bool {
        let holds = |component: &Component| matches!(component, Component::Union(of) if of.contains(&at));
        self.components.iter().any(|(_, component)| holds(component))
    }

    /// Whether an object has a `kind`: as a member of a union, or by a discriminator of its own or its base.
    pub fn has_kind(&self, at: usize) -> bool {
        let Component::Object { extends, heirs, .. } = &self.components[at].1 else { return false };
        *heirs || self.apart != Apart::Property && self.is_member(at) || extends.is_some_and(|base| self.has_kind(base))
    }

    /// The value of `kind` in a member of a union.
    pub fn kind(&self, at: usize) -> String {
        let name = self.components[at].0;
        if self.apart == Apart::Mapping { format!("is {}", name.to_lowercase()) } else { name.to_owned() }
    }
}

/// The property that only the member of a union at a position has.
pub fn mark(at: usize) -> String {
    format!("is_{at}")
}

fn component(random: &mut Random, at: usize, count: usize, before: &[(&str, Component)]) -> Component {
    let objects: Vec<usize> =
        (0..at).filter(|at| matches!(before[*at].1, Component::Object { extends: None, .. })).collect();
    match random.below(8) {
        0 if objects.len() > 1 => Component::Union(objects),
        1 if at > 0 && random.once_in(3) => Component::Plain(Ty::Either(either(random))),
        1 if at > 0 => Component::Plain(plain(random)),
        _ => {
            let extends = random.any(&objects).copied().filter(|_| random.once_in(4));
            // One that extends another cannot be the base of a third here.
            let heirs = extends.is_none() && random.once_in(6);
            Component::Object { fields: fields(random, count), extends, heirs }
        }
    }
}

/// Fields of an object by chance.
pub fn fields(random: &mut Random, components: usize) -> Vec<Field> {
    let first = random.below(FIELDS.len());
    let count = 1 + random.below(6);
    (0..count)
        .map(|n| {
            let required = random.below(3) > 0;
            let ty = ty(random, components, 2);
            // A component in itself is of no end where it must be there.
            let required = required && !matches!(ty, Ty::Component(_));
            let (nullable, bounded) = (random.once_in(5), random.once_in(4));
            Field { name: FIELDS[(first + n * 3) % FIELDS.len()], ty, required, nullable, bounded }
        })
        .collect()
}

/// Types that JSON tells apart.
pub fn either(random: &mut Random) -> Vec<Ty> {
    let all = [Ty::Str(None), Ty::Int, Ty::Bool, Ty::List(Box::new(Ty::Str(None)))];
    let first = random.below(all.len());
    (0..2 + random.below(2)).map(|n| all[(first + n) % all.len()].clone()).collect()
}

/// A type without parts.
pub fn plain(random: &mut Random) -> Ty {
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
    if depth > 0 && random.once_in(20) {
        return Ty::Either(either(random));
    }
    match random.below(10) {
        0 | 1 if depth > 0 => Ty::List(Box::new(ty(random, components, depth - 1))),
        2 if depth > 0 => Ty::Map(Box::new(ty(random, components, depth - 1))),
        3..=5 if components > 0 => Ty::Component(random.below(components)),
        _ => plain(random),
    }
}
