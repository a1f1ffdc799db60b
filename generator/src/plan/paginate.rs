//! `paginate`: which parameters or fields of the body it sets.

use super::arguments;
use super::batch;
use super::constants;
use super::expr::property;
use super::inputs;
use super::operations::Resolved;
use super::scope::Env;
use crate::composition::ast::{Call, Pages, PagesOf, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::openapi::media::Carried;
use crate::schema::{Kind, SchemaId, Schemas};
use crate::source::{Span, Spanned};

/// Where pagination puts a value.
#[derive(Clone, Debug)]
pub struct Slot {
    /// The place.
    pub at: At,
    /// Of what stands there.
    pub schema: SchemaId,
}

/// See [`Slot`].
#[derive(Clone, Debug, PartialEq)]
pub enum At {
    /// A parameter, by position.
    Parameter(usize),
    /// A field of the request body.
    Field(Spanned<String>),
}

/// What pagination sets.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// What names the page: none for links that are followed.
    pub page: Option<Slot>,
    /// How many items a page has.
    pub size: Option<Slot>,
}

impl Parameters {
    /// Whether it sets a parameter.
    pub fn sets(&self, at: usize) -> bool {
        [&self.page, &self.size].into_iter().flatten().any(|slot| slot.at == At::Parameter(at))
    }
}

/// Finds the parameters; what cannot be together is said.
pub fn parameters(env: &mut Env, call: &Call, resolved: &Resolved) -> Option<Parameters> {
    let paginate = call.paginate.as_ref()?;
    let mut fine = true;
    for (what, span) in [
        ("`each`", call.each.as_ref().map(|each| each.variable.span)),
        ("`stream`", call.stream.as_ref().map(|stream| stream.span)),
    ] {
        if let Some(span) = span {
            let message = format!("`paginate` does not go with {what}");
            let diag = Diagnostic::error("BFF0451", message, paginate.span).label(span, "which stands here");
            env.diags.push(diag.help("pages are the pages of one call, which are read: make it a call of its own"));
            fine = false;
        }
    }
    let mut found = Parameters::default();
    if let Some(name) = names_page(&paginate.pages) {
        let is_number = matches!(paginate.pages, Pages::Page { .. } | Pages::Offset { .. });
        found.page = slot(env, call, resolved, name);
        fine &= found.page.is_some();
        if let Some(slot) = &found.page {
            let kind = bare(&env.specs.schemas, slot.schema);
            let fits = if is_number { kind == Some(Is::Integer) } else { kind.is_some() };
            let wanted = if is_number { "an integer" } else { "a string or an integer" };
            fine &= fits || refuse(env, slot, name, &format!("names a page, which is {wanted}"));
            if let (true, PagesOf::Gathered { .. }) = (fits, &paginate.of)
                && let Some(first) = first(&paginate.pages)
            {
                fine &= constants::judge(env, &first.into(), name.span, slot.schema);
            }
            if let (Some(given), from) = given(call, resolved, &slot.at) {
                let message = format!("`{}` is set by `paginate`", name.value);
                let diag = Diagnostic::error("BFF0451", message, given).label(name.span, "here");
                env.diags.push(diag.help(format!("take it out of `{from}`")));
                fine = false;
            }
        }
    }
    if let Some(name) = &paginate.size {
        found.size = slot(env, call, resolved, name);
        fine &= found.size.is_some();
        if let Some(slot) = &found.size {
            let fits = bare(&env.specs.schemas, slot.schema) == Some(Is::Integer);
            fine &= fits || refuse(env, slot, name, "is the size of a page, which is an integer");
        }
    }
    fine.then_some(found)
}

/// What is sent for the first page, where pages are counted.
fn first(pages: &Pages) -> Option<u32> {
    match pages {
        Pages::Page { first, .. } => Some(*first),
        Pages::Offset { .. } => Some(0),
        Pages::Cursor { .. } | Pages::Link { .. } => None,
    }
}

/// The parameter that names a page.
pub fn names_page(pages: &Pages) -> Option<&Spanned<String>> {
    match pages {
        Pages::Page { param, .. } | Pages::Offset { param } | Pages::Cursor { param, .. } => Some(param),
        Pages::Link { param } => param.as_ref(),
    }
}

/// What a name stands for: a parameter, or `body.field`. Says where it is none.
fn slot(env: &mut Env, call: &Call, resolved: &Resolved, name: &Spanned<String>) -> Option<Slot> {
    let parameters = &resolved.operation.parameters;
    let Some(field) = name.value.strip_prefix("body.") else {
        let at = arguments::find(env, resolved, name)?;
        return Some(Slot { at: At::Parameter(at), schema: parameters[at].schema });
    };
    if let Some(at) = inputs::find_parameter(parameters, &name.value) {
        return Some(Slot { at: At::Parameter(at), schema: parameters[at].schema });
    }
    // In quotes, it is not known where a part of it stands.
    let plain = (name.span.end - name.span.start) as usize == name.value.len();
    let start = name.span.start + if plain { "body.".len() as u32 } else { 0 };
    let field = Spanned::new(field.to_owned(), Span { start, ..name.span });
    let sends = resolved.sends.as_ref().filter(|sends| matches!(sends.how, Carried::Json | Carried::Form));
    let object = sends.map(|sends| sends.schema);
    let object = object.filter(|id| matches!(env.specs.schemas.get(*id).kind, Kind::Object(_)));
    let Some(object) = object else {
        let message = format!("`{}` takes no object in its request body", resolved.operation.head.id);
        let diag = Diagnostic::error("BFF0451", message, name.span);
        env.diags.push(diag.label(resolved.operation.head.span, "the operation").help("name one of its parameters"));
        return None;
    };
    if let Some(body) = call.body.as_ref().filter(|body| !has_place(body)) {
        let message = format!("this body has no place for `{}`", field.value);
        let diag = Diagnostic::error("BFF0451", message, body.span).label(name.span, "which `paginate` sets");
        env.diags.push(diag.help(
            "write its fields out; or declare the body (`inputs: { body: ... }`), and copy it: `body: { $spread: body }`",
        ));
        return None;
    }
    let schema = match batch::property(env, object, &field.value).map(|property| property.schema) {
        Some(schema) => schema,
        None if field.value.contains('.') => {
            let message = format!("`{}` is no field of the body itself", field.value);
            let diag = Diagnostic::error("BFF0451", message, field.span);
            env.diags.push(diag.help("name a parameter, or a field of the body itself"));
            return None;
        }
        None if plain => property(env, object, &field)?.0,
        None => {
            batch::unknown(env, object, &field);
            return None;
        }
    };
    Some(Slot { at: At::Field(field), schema })
}

/// Whether a field can be put into a body.
fn has_place(body: &Shape) -> bool {
    matches!(&body.kind, ShapeKind::Object(object) if batch::is_plain(object))
}

/// Where a call itself gives what is at a place, and in which of its keys.
fn given(call: &Call, resolved: &Resolved, at: &At) -> (Option<Span>, &'static str) {
    match at {
        At::Parameter(at) => {
            let parameters = &resolved.operation.parameters;
            let mut with = call.with.iter();
            let given = with.find(|(name, _)| inputs::find_parameter(parameters, &name.value) == Some(*at));
            (given.map(|(name, _)| name.span), "with")
        }
        At::Field(field) => {
            let Some(Shape { kind: ShapeKind::Object(object), .. }) = &call.body else { return (None, "body") };
            let given = object.fields.iter().find(|given| given.name.value == field.value);
            (given.map(|given| given.name.span), "body")
        }
    }
}

fn refuse(env: &mut Env, slot: &Slot, name: &Spanned<String>, why: &str) -> bool {
    let what = if matches!(slot.at, At::Field(_)) { "field" } else { "parameter" };
    let message = format!("the {what} `{}` {why}", name.value);
    let span = env.specs.schemas.get(slot.schema).span;
    env.diags.push(Diagnostic::error("BFF0451", message, name.span).label(span, "declared here as something else"));
    false
}

/// What can name a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Is {
    /// A whole number.
    Integer,
    /// Any text.
    Text,
}

/// What a parameter or field is, if it can name a page.
pub fn bare(schemas: &Schemas, id: SchemaId) -> Option<Is> {
    match &schemas.get(id).kind {
        Kind::Nullable(inner) => bare(schemas, *inner),
        Kind::Integer(_) => Some(Is::Integer),
        Kind::String(_) => Some(Is::Text),
        _ => None,
    }
}

/// Whether what names a page is an integer.
pub fn takes_integer(env: &Env, found: &Parameters) -> bool {
    found.page.as_ref().is_some_and(|slot| bare(&env.specs.schemas, slot.schema) == Some(Is::Integer))
}
