//! What calls of an operation send and get: how each body is carried, as what, and its schema.

use super::calls::Context;
use super::constants;
use super::expr::{check, mismatch};
use super::fit::{self, Needed};
use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::shape::shape;
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::{Call, ObjectShape, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::openapi::media::{Carried, chosen, concrete, is_binary};
use crate::openapi::{Media, Operation};
use crate::schema::{Kind, ObjectRules, Schema, SchemaId, Schemas, StringRules};
use crate::source::Span;

/// A body of an operation, of those media types the one that is used: JSON where it is one of them, else the first.
#[derive(Clone, Debug)]
pub struct Carrying {
    /// How.
    pub how: Carried,
    /// What is sent, or asked for: `application/json`.
    pub media_type: String,
    /// Its schema. Bytes are strings of the format `binary`.
    pub schema: SchemaId,
    /// By which schema what is made is checked, if it can be: parts that are files are not in it.
    pub checked: Option<SchemaId>,
    /// The media type in the document.
    pub media: Media,
}

/// A file among the parts of a body.
#[derive(Clone, Debug)]
pub struct File {
    /// The part's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes or a text.
    pub value: TExpr,
}

/// What of several media types is used; none where there are none.
pub fn used(env: &mut Env, content: &[Media], answer: bool) -> Option<Carrying> {
    let all = chosen(&env.specs.schemas, content, answer);
    let json = all.iter().find(|(how, _)| *how == Carried::Json);
    let (how, media) = json.or(all.first()).copied()?;
    let given = media.schema.filter(|id| match how {
        Carried::Text => ty::of_schema(&env.specs.schemas, *id).is_scalar(),
        Carried::Bytes => is_binary(&env.specs.schemas, *id),
        _ => true,
    });
    let kind = match how {
        Carried::Text | Carried::Events => Kind::String(StringRules::default()),
        Carried::Bytes => Kind::String(StringRules { format: Some("binary".into()), ..StringRules::default() }),
        Carried::Json | Carried::Form | Carried::Multipart => Kind::Any,
    };
    let schema = match given {
        Some(schema) => schema,
        None => env.specs.schemas.add(Schema::new(media.span, "body", kind)),
    };
    let (media_type, media) = (concrete(&media.media_type, how), media.clone());
    let checked = match how {
        Carried::Json | Carried::Form | Carried::Text => Some(schema),
        Carried::Multipart => Some(without_files(env, schema)),
        Carried::Events | Carried::Bytes => None,
    };
    Some(Carrying { how, media_type, schema, checked, media })
}

/// What a body of parts must look like, but for files: nothing is said of these, nor of all parts together.
fn without_files(env: &mut Env, id: SchemaId) -> SchemaId {
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return id };
    let (files, properties): (Vec<_>, Vec<_>) =
        rules.properties.iter().cloned().partition(|property| is_file(&env.specs.schemas, property.schema));
    if files.is_empty() {
        return id;
    }
    let rules = ObjectRules { properties, min_properties: None, max_properties: None, ..rules.clone() };
    let members =
        Schema { kind: Kind::Object(rules), clauses: Vec::new(), copy_of: None, going: None, ..schema.clone() };
    env.specs.schemas.add(members)
}

/// Whether a part is a file, or several.
fn is_file(schemas: &Schemas, id: SchemaId) -> bool {
    match &schemas.get(id).kind {
        Kind::Array(rules) => is_binary(schemas, rules.items),
        _ => is_binary(schemas, id),
    }
}

/// The request body of an operation, where it takes one.
pub fn sent(env: &mut Env, operation: &Operation) -> Option<Carrying> {
    let body = operation.body.as_ref()?;
    used(env, &body.content, false)
}

impl Carrying {
    /// The type of its values.
    pub fn ty(&self, env: &Env) -> Ty {
        match self.how {
            Carried::Bytes => Ty::new(TyKind::Binary),
            _ => ty::of_schema(&env.specs.schemas, self.schema),
        }
    }

    /// Members of a body of parts that are files.
    pub fn files(&self, env: &Env) -> Vec<String> {
        let schemas = &env.specs.schemas;
        match (&schemas.get(self.schema).kind, self.how) {
            (Kind::Object(rules), Carried::Multipart) => {
                rules.properties.iter().filter(|p| is_file(schemas, p.schema)).map(|p| p.name.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a client of the BFF can send the values of it as JSON, or as they are.
    pub fn can_come_in(&self, env: &Env) -> bool {
        self.files(env).is_empty()
    }
}

/// The body that a call sends.
#[derive(Default)]
pub struct Body {
    /// What is made of `body:`, but for files.
    pub made: Option<TShape>,
    /// Files.
    pub files: Vec<File>,
}

/// Checks `body:` against what the operation takes.
pub fn body(env: &mut Env, scope: &mut Scope, context: &mut Context, call: &Call, resolved: &Resolved) -> Body {
    let operation = &resolved.operation;
    let Some(given) = &call.body else {
        if let Some(wanted) = operation.body.as_ref().filter(|body| body.required) {
            env.diags.push(
                Diagnostic::error(
                    "BFF0415",
                    format!("`{}` requires a request body", operation.head.id),
                    call.operation.operation.span,
                )
                .label(wanted.span, "required here")
                .help("give it with `body:`: a shape, or `body: body` to pass the client's body on"),
            );
        }
        return Body::default();
    };
    let (Some(wanted), Some(carrying)) = (&operation.body, &resolved.sends) else {
        env.diags.push(
            Diagnostic::error("BFF0415", format!("`{}` takes no request body", operation.head.id), given.span)
                .label(operation.head.span, "the operation"),
        );
        return Body::default();
    };
    scope.without_hooks("a request body", |scope| match carrying.how {
        Carried::Json | Carried::Form => {
            let made = shape(env, scope, context.shapes, given);
            fit::check(env, &made, carrying.schema, !wanted.required, &Needed::sent(&|_, _, _| true));
            Body { made: Some(made), files: Vec::new() }
        }
        Carried::Multipart => parts(env, scope, context, given, carrying, wanted.required),
        Carried::Text | Carried::Events | Carried::Bytes => {
            let made = as_it_is(env, scope, given, &carrying.media_type);
            let wants = ty::of_schema(&env.specs.schemas, carrying.schema);
            if let Some(value) = made.as_ref().filter(|value| ty::fits(value.ty.present(), &wants)) {
                constants::check(env, value, carrying.schema);
            }
            Body { made: made.map(|value| leaf(value, given.span)), files: Vec::new() }
        }
    })
}

fn leaf(value: TExpr, span: Span) -> TShape {
    TShape { out: super::shape::published(&value.ty), kind: TShapeKind::Expr(value), span }
}

/// A text or bytes.
fn as_it_is(env: &mut Env, scope: &mut Scope, given: &Shape, media_type: &str) -> Option<TExpr> {
    let span = given.span;
    let value = match &given.kind {
        ShapeKind::Expr(expr) => check(env, scope, expr),
        ShapeKind::Literal(serde_json::Value::String(text)) => {
            TExpr { ty: Ty::string(), kind: TKind::Str(text.clone()), span }
        }
        _ => {
            let message = format!("a body of type `{media_type}` is one text or bytes");
            let help = "write an expression: a string, or the bytes of another call's answer or of `body`";
            env.diags.push(Diagnostic::error("BFF0405", message, span).help(help));
            return None;
        }
    };
    let fits = value.ty.present().is_scalar()
        || matches!(value.ty.present().kind, TyKind::Binary | TyKind::Bytes | TyKind::Error);
    match fits {
        true => Some(value),
        false => Some(mismatch(env, &value, &format!("a body of type `{media_type}` is text or bytes"))),
    }
}

/// A body of parts: files are taken out, the rest is an object.
fn parts(
    env: &mut Env,
    scope: &mut Scope,
    context: &mut Context,
    given: &Shape,
    carrying: &Carrying,
    required: bool,
) -> Body {
    let names = carrying.files(env);
    let is_plain = |object: &ObjectShape| {
        object.each.is_none() && object.when.is_none() && object.value.is_none() && object.use_shape.is_none()
    };
    let (object, span) = match &given.kind {
        ShapeKind::Object(object) if is_plain(object) => (object, given.span),
        _ if names.is_empty() => {
            let made = shape(env, scope, context.shapes, given);
            fit::check(env, &made, carrying.schema, !required, &Needed::sent(&|_, _, _| true));
            return Body { made: Some(made), files: Vec::new() };
        }
        _ => {
            let whole =
                matches!(&given.kind, ShapeKind::Expr(Expr { kind: ExprKind::Ident(name), .. }) if name == "body");
            let message = match whole {
                true => "passing on a body of parts with files as it came is not supported",
                false => "a body of parts with files is not written out",
            };
            let help = format!(
                "write the parts: `body: {{ {}: body, ... }}`, and declare a file that the client sends with `inputs: {{ body: {{ type: string, format: binary }} }}`",
                names[0]
            );
            env.diags.push(
                Diagnostic::error("BFF0413", message, given.span)
                    .label(carrying.media.span, "declared here")
                    .help(help),
            );
            return Body::default();
        }
    };
    let mut files = Vec::new();
    let mut rest = object.clone();
    rest.fields.retain(|field| !names.contains(&field.name.value));
    for field in object.fields.iter().filter(|field| names.contains(&field.name.value)) {
        let media_type = file_type(&carrying.media, &field.name.value);
        let several = match &field.shape.kind {
            ShapeKind::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(&field.shape),
        };
        for shape in several {
            let value = as_it_is(env, scope, shape, &media_type);
            files.extend(value.map(|value| File {
                name: field.name.value.clone(),
                media_type: media_type.clone(),
                value,
            }));
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

/// The media type of a file: the one that the document names, or bytes of any kind.
fn file_type(media: &Media, property: &str) -> String {
    let encoding = media.encoding.iter().find(|encoding| encoding.property == property);
    let named = encoding.and_then(|encoding| encoding.content_type.as_deref()).unwrap_or_default();
    match named.split(',').next().map(str::trim) {
        Some(one) if !one.is_empty() && !one.contains('*') && !one.chars().any(char::is_control) => one.to_string(),
        _ => "application/octet-stream".to_string(),
    }
}
