//! Files among the parts of a body: which parts are files, what is said of them, and as what each is sent.

use std::collections::HashSet;

use super::bodies::{Body, Carrying, as_it_is};
use super::calls::Context;
use super::expr::{backticked, remedy};
use super::fit::{self, Needed};
use super::ir::{Input, TExpr, TKind};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::shape::shape;
use super::ty::TyKind;
use crate::composition::ast::{ObjectShape, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::openapi::Media;
use crate::openapi::bytes::{self, ANY_BYTES, length};
use crate::openapi::media::{Carried, carried, essence};
use crate::schema::{Clause, ClausesId, Kind, ObjectRules, Schema, SchemaId, Schemas, StringRules};
use crate::source::Span;

/// A part that is a file, or several of one name.
#[derive(Clone, Debug)]
pub struct FilePart {
    /// Its name.
    pub name: String,
    /// It must be there.
    pub required: bool,
    /// There may be several: at least and at most so many.
    pub several: Option<(Option<u64>, Option<u64>)>,
    /// How many bytes each has, at least and at most (OpenAPI 3.1.1, section 4.4.2: for unencoded binary, the length is
    /// the number of octets).
    pub length: (Option<u64>, Option<u64>),
    /// Media types and ranges of them that it may be of, without parameters; none: of any.
    pub types: Vec<String>,
    /// The media type as it is sent where nothing is known of the file.
    pub usual: String,
    /// Where it stands.
    pub span: Span,
}

impl FilePart {
    /// As findings name it.
    fn described(&self) -> String {
        match self.name.as_str() {
            "" => "the request body".to_owned(),
            name => format!("the part `{name}`"),
        }
    }
}

/// A file that a call sends.
#[derive(Clone, Debug)]
pub struct File {
    /// The part's name.
    pub name: String,
    /// Its media type; none: that of the client's body, which it is.
    pub media_type: Option<String>,
    /// Bytes or a text.
    pub value: TExpr,
}

/// The files of a body of parts.
pub fn of_body(schemas: &Schemas, body: SchemaId, media: &Media) -> Vec<FilePart> {
    let Kind::Object(rules) = &schemas.get(body).kind else { return Vec::new() };
    let parts = rules.properties.iter().filter_map(|property| {
        let encoding = media.encoding_of(&property.name);
        let bytes::File { several, length, types, usual } = bytes::file(schemas, property.schema, encoding)?;
        let (name, span) = (property.name.clone(), encoding.map_or(property.span, |encoding| encoding.span));
        Some(FilePart { name, required: property.required, several, length, types, usual, span })
    });
    parts.collect()
}

/// What is said of a body of bytes by a schema that does not say that it is one: how many there are.
pub fn of_bytes(schemas: &Schemas, id: Option<SchemaId>) -> StringRules {
    let (min_length, max_length) = id.map_or((None, None), |id| length(schemas, id));
    StringRules { format: Some("binary".into()), min_length, max_length, ..StringRules::default() }
}

/// How many bytes an answer has, where that is said.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// At least and at most.
    pub length: (Option<u64>, Option<u64>),
    /// The first schema that says so.
    pub schema: SchemaId,
}

impl Size {
    /// Of bytes that come as one of these; whichever it is, it must not be refused.
    pub fn of(schemas: &Schemas, media: &[&Media]) -> Option<Size> {
        // What is a text counts characters, and events are many.
        let sized = |media: &&Media| media.schema.filter(|_| carried(schemas, media) == Carried::Bytes);
        let all: Vec<SchemaId> = media.iter().map(sized).collect::<Option<_>>()?;
        let lengths = || all.iter().map(|id| length(schemas, *id));
        let least = lengths().map(|(least, _)| least).reduce(|a, b| Some(a?.min(b?))).flatten();
        let most = lengths().map(|(_, most)| most).reduce(|a, b| Some(a?.max(b?))).flatten();
        let said = least.is_some() || most.is_some();
        Some(Size { length: (least, most), schema: *all.first()? }).filter(|_| said)
    }
}

/// What holds of all parts together: files are there or not, and nothing is said of what is in them.
pub fn of_parts(env: &mut Env, id: SchemaId, files: &[FilePart]) -> SchemaId {
    if files.is_empty() {
        return id;
    }
    let schemas = &mut env.specs.schemas;
    let schema = schemas.get(id).clone();
    let Kind::Object(rules) = &schema.kind else { return id };
    let there = schemas.add(Schema::new(schema.span, "file", Kind::Any));
    let is_file = |name: &str| files.iter().any(|file| file.name == name);
    let mut properties = rules.properties.clone();
    properties.iter_mut().filter(|property| is_file(&property.name)).for_each(|property| property.schema = there);
    let kind = Kind::Object(ObjectRules { properties, ..rules.clone() });
    let clauses = schema.clauses.iter().filter(|clause| !looks_into(schemas, clause, &is_file)).cloned().collect();
    schemas.add(Schema { kind, clauses, copy_of: None, going: None, ..schema })
}

/// Whether a clause speaks of what is in a file, and not only of whether it is there.
fn looks_into(schemas: &Schemas, clause: &Clause, is_file: &dyn Fn(&str) -> bool) -> bool {
    let holds_of_any = |id: &ClausesId| {
        schemas.clauses(*id).all.iter().all(|clause| match clause {
            Clause::Type(types) => types.iter().any(|one| one == "string"),
            Clause::Format(_) | Clause::Count("maxLength", _) => true,
            _ => false,
        })
    };
    let (mut open, mut seen) = (vec![clause], HashSet::new());
    while let Some(clause) = open.pop() {
        match clause {
            Clause::Properties(all) if all.iter().any(|(name, value)| is_file(name) && !holds_of_any(value)) => {
                return true;
            }
            _ => {
                let fresh = clause.in_place().into_iter().filter(|id| seen.insert(*id));
                open.extend(fresh.flat_map(|id| &schemas.clauses(id).all));
            }
        }
    }
    false
}

/// A body of parts: files are taken out, the rest is an object.
pub fn parts(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    given: &Shape,
    carrying: &Carrying,
    required: bool,
) -> Body {
    let is_plain = |object: &ObjectShape| {
        object.each.is_none() && object.when.is_none() && object.value.is_none() && object.use_shape.is_none()
    };
    let (object, span) = match &given.kind {
        ShapeKind::Object(object) if is_plain(object) => (object, given.span),
        _ if carrying.files.is_empty() => {
            let made = shape(env, scope, context.shapes, given);
            fit::check(env, &made, carrying.schema, !required, &Needed::sent(&|_, _, _| true));
            return Body { made: Some(made), files: Vec::new() };
        }
        _ => {
            not_written_out(env, given, carrying);
            return Body::default();
        }
    };
    let part = |name: &str| carrying.files.iter().find(|file| file.name == name);
    let mut files = Vec::new();
    let mut rest = object.clone();
    rest.fields.retain(|field| part(&field.name.value).is_none());
    for (field, part) in object.fields.iter().filter_map(|field| Some((field, part(&field.name.value)?))) {
        let several = match &field.shape.kind {
            ShapeKind::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(&field.shape),
        };
        for shape in several {
            files.extend(as_it_is(env, scope, shape, &part.usual).map(|value| file(env, scope, part, value)));
        }
    }
    let given: Vec<String> = object.fields.iter().map(|field| field.name.value.clone()).collect();
    let rest = Shape { kind: ShapeKind::Object(rest), span };
    let made = shape(env, scope, context.shapes, &rest);
    let schema = carrying.schema;
    let which = |_: &Env, object, name: &str| object != schema || given.iter().all(|given| given != name);
    fit::check(env, &made, schema, false, &Needed { whole: files.is_empty(), ..Needed::sent(&which) });
    Body { made: Some(made), files }
}

fn not_written_out(env: &mut Env, given: &Shape, carrying: &Carrying) {
    let whole = matches!(&given.kind, ShapeKind::Expr(Expr { kind: ExprKind::Ident(name), .. }) if name == "body");
    let message = match whole {
        true => "passing on a body of parts with files as it came is not supported",
        false => "a body of parts with files is not written out",
    };
    let name = carrying.files.first().map_or("file", |file| &file.name);
    let help = format!(
        "write the parts: `body: {{ {name}: body, ... }}`, and declare a file that the client sends with `inputs: {{ body: {{ type: string, format: binary }} }}`",
    );
    let diag = Diagnostic::error("BFF0413", message, given.span).label(carrying.media.span, "declared here");
    env.diags.push(diag.help(help));
}

/// A file, and as what it is sent: as what the client sends, or a service answers, where that is known.
fn file(env: &mut Env, scope: &mut Scope, part: &FilePart, value: TExpr) -> File {
    let media_type = sent_as(env, scope, part, &value);
    File { name: part.name.clone(), media_type, value }
}

/// A body that is one text or bytes, held against what the operation takes.
pub fn whole(env: &mut Env, scope: &mut Scope, carrying: &Carrying, value: &TExpr) {
    let types = match carrying.how {
        Carried::Bytes => vec![essence(&carrying.media.media_type)],
        _ => Vec::new(),
    };
    let body = FilePart {
        name: String::new(),
        required: false,
        several: None,
        length: (None, None),
        types,
        usual: carrying.media_type.clone(),
        span: carrying.media.span,
    };
    sent_as(env, scope, &body, value);
}

/// The media type of a file; none: that of the client's body, which it is.
fn sent_as(env: &mut Env, scope: &mut Scope, part: &FilePart, value: &TExpr) -> Option<String> {
    // Of bytes there is no other value: whether they are there, is seen when they are sent.
    let other = !matches!(value.ty.present().kind, TyKind::Binary);
    if value.ty.is_optional() && other && part.required && part.several.is_none() {
        let message = format!("{} is required, and this value may be absent", part.described());
        let diag = Diagnostic::error("BFF0406", message, value.span).label(part.span, "declared here");
        env.diags.push(diag.help(remedy(value)));
    }
    let known = match value.kind {
        TKind::Input(at) => scope.inputs.get_mut(at).and_then(|input| of_client(env, input, part, value.span)),
        TKind::Call(at) => {
            let facts = scope.facts.get(at).and_then(Option::as_ref);
            let answered = facts.and_then(|facts| facts.media_type.clone());
            answered.map(|media_type| Some(of_answer(env, part, media_type, value.span)))
        }
        _ => None,
    };
    known.unwrap_or_else(|| Some(part.usual.clone()))
}

/// The client's body: it must be of a type that the part takes, and goes on as that.
fn of_client(env: &mut Env, input: &mut Input, part: &FilePart, span: Span) -> Option<Option<String>> {
    let (Carried::Bytes, taken) = input.carried.as_mut()? else { return None };
    if part.types.is_empty() || part.types.iter().any(|one| takes(one, ANY_BYTES)) {
        return None;
    }
    let before: Vec<&str> = taken.split(", ").collect();
    let wider = |one: &str, by: &[&str]| by.iter().any(|wide| takes(wide, one));
    let wanted: Vec<&str> = part.types.iter().map(String::as_str).collect();
    // Of two ranges, what both take is the narrower one.
    let mut both: Vec<&str> = wanted.iter().copied().filter(|one| wider(one, &before)).collect();
    both.extend(before.iter().copied().filter(|one| wider(one, &wanted) && !wanted.contains(one)));
    if both.is_empty() {
        let message = format!(
            "`body` goes to two places that take different media types: {}; and {}",
            backticked(&before),
            backticked(&wanted)
        );
        let diag = Diagnostic::error("BFF0452", message, span).label(part.span, "one of them");
        env.diags
            .push(diag.help("a request has one body: let the client send one of the files to an endpoint of its own"));
        return None;
    }
    let one = match both.as_slice() {
        [one] if *one == essence(&part.usual) => Some(part.usual.clone()),
        [one] if !one.contains('*') => Some((*one).to_owned()),
        _ => None,
    };
    *taken = both.join(", ");
    Some(one)
}

/// An answer of a declared type, which may be a range.
fn of_answer(env: &mut Env, part: &FilePart, answered: String, span: Span) -> String {
    let one = essence(&answered);
    let told = !one.contains('*') && one != ANY_BYTES && !part.types.is_empty();
    if !told {
        return part.usual.clone();
    }
    if !part.types.iter().any(|range| takes(range, &one) || takes(range, ANY_BYTES)) {
        let types: Vec<&str> = part.types.iter().map(String::as_str).collect();
        let message = format!("{} takes {}, and this is `{one}`", part.described(), backticked(&types));
        env.diags.push(Diagnostic::error("BFF0405", message, span).label(part.span, "declared here"));
    }
    answered
}

/// Whether a media type, or a range of them, is within a range. Any bytes can be sent as `application/octet-stream`.
fn takes(range: &str, one: &str) -> bool {
    range == one || range == "*/*" || range.strip_suffix('*').is_some_and(|family| one.starts_with(family))
}

/// Whether a file is there of each part that must be there, as far as types say.
pub fn are_there(resolved: &Resolved, files: &[File]) -> bool {
    let there = |name: &str| files.iter().any(|file| file.name == name && !file.value.ty.is_optional());
    let parts = resolved.sends.iter().flat_map(|sends| &sends.files);
    parts.filter(|part| part.required).all(|part| there(&part.name))
}
