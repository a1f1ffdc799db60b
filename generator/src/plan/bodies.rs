//! What calls of an operation send and get: how each body is carried, as what, and its schema.

use super::calls::Context;
use super::constants;
use super::expr::{check, mismatch};
use super::files::{self, File, FilePart};
use super::fit::{self, Needed};
use super::ir::{TExpr, TKind, TShape, TShapeKind};
use super::operations::Resolved;
use super::scope::{Env, Scope};
use super::shape::shape;
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::{Call, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::openapi::bytes::is_binary;
use crate::openapi::media::{self, Carried, concrete};
use crate::openapi::{Media, Operation};
use crate::schema::{Kind, Schema, SchemaId, StringRules};
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
    /// By which schema what is made is checked, if it can be: of parts that are files, whether they are there.
    pub checked: Option<SchemaId>,
    /// Parts that are files.
    pub files: Vec<FilePart>,
    /// The media type in the document.
    pub media: Media,
}

/// What of several media types is used; none where there are none.
pub fn used(env: &mut Env, content: &[Media], answer: bool) -> Option<Carrying> {
    let (how, media) = media::used(&env.specs.schemas, content, answer)?;
    let given = media.schema.filter(|id| match how {
        Carried::Text => ty::of_schema(&env.specs.schemas, *id).is_scalar(),
        Carried::Bytes => is_binary(&env.specs.schemas, *id),
        _ => true,
    });
    let kind = match how {
        Carried::Text | Carried::Events => Kind::String(StringRules::default()),
        Carried::Bytes => Kind::String(files::of_bytes(&env.specs.schemas, media.schema)),
        Carried::Json | Carried::Form | Carried::Multipart => Kind::Any,
    };
    let schema = match given {
        Some(schema) => schema,
        None => env.specs.schemas.add(Schema::new(media.span, "body", kind)),
    };
    let (media_type, media) = (concrete(&media.media_type, how), media.clone());
    let files = match how {
        Carried::Multipart => files::of_body(&env.specs.schemas, schema, &media),
        _ => Vec::new(),
    };
    let checked = match how {
        Carried::Json | Carried::Form | Carried::Text => Some(schema),
        Carried::Multipart => Some(files::of_parts(env, schema, &files)),
        Carried::Events | Carried::Bytes => None,
    };
    Some(Carrying { how, media_type, schema, checked, files, media })
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

    /// Whether a client of the BFF can send the values of it as JSON, or as they are.
    pub fn can_come_in(&self) -> bool {
        self.files.is_empty()
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
        Carried::Multipart => files::parts(env, scope, context, given, carrying, wanted.required),
        Carried::Text | Carried::Events | Carried::Bytes => {
            let made = as_it_is(env, scope, given, &carrying.media_type);
            if let Some(value) = &made {
                files::whole(env, scope, carrying, value);
            }
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
pub fn as_it_is(env: &mut Env, scope: &mut Scope, given: &Shape, media_type: &str) -> Option<TExpr> {
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
