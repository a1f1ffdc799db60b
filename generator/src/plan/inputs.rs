//! Inputs of an endpoint: declared, or inferred from the parameter or body that they flow into.

use super::ir::Input;
use super::judge;
use super::narrow;
use super::operations::Resolved;
use super::scope::{Env, Scope, input_place, place_name};
use super::ty::{self, Ty, TyKind};
use super::types::{TypeNames, schema_of};
use super::wire::{self, Wire};
use crate::composition::ast::{Call, Endpoint, InputPlace, PagesOf, Shape, ShapeKind};
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::openapi::bytes::is_binary;
use crate::openapi::media::Carried;
use crate::openapi::{In, Parameter};
use crate::schema::{Direction, Json, Kind, Schema, SchemaId};
use crate::source::Span;

/// All inputs of an endpoint.
pub fn inputs(env: &mut Env, names: &TypeNames, endpoint: &Endpoint, calls: &[Option<Resolved>]) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for declared in &endpoint.inputs {
        let name = declared.name.value.clone();
        let hint = if name.is_empty() { "body" } else { &name };
        let Some(schema) = schema_of(env, names, &declared.schema, hint) else {
            inputs.push(super::unresolved::unknown(env, declared.place, hint.to_owned(), declared.name.span));
            continue;
        };
        let schema = env.specs.schemas.one_way(schema, Direction::Request);
        if declared.place == InputPlace::Path && !endpoint.path_params.iter().any(|p| p.value == name) {
            env.diags.push(
                Diagnostic::error("BFF0417", format!("the endpoint's path has no `{{{name}}}`"), declared.name.span)
                    .label(endpoint.span, "the path"),
            );
            continue;
        }
        let must = declared.required == Some(true);
        if let Some(default) = declared.schema.get("default").filter(|_| must) {
            let message = "`default` stands beside `required: true`";
            let diag = Diagnostic::error("BFF0315", message, default.span).label(declared.name.span, "of this input");
            env.diags.push(diag.help("what must be sent needs no default: take one of them out"));
        }
        let required = declared.required.unwrap_or(matches!(declared.place, InputPlace::Path | InputPlace::Body));
        let from = Taken { param: None, description: None };
        if let Some(mut input) = input(env, declared.place, name, schema, required, from, declared.name.span) {
            // Bytes of any kind: what they are, the call that takes them says.
            if declared.place == InputPlace::Body && is_binary(&env.specs.schemas, schema) {
                input = carried(input, Carried::Bytes, "*/*".into(), Ty::new(TyKind::Binary));
            }
            tell_of_default(env, &input);
            // A schema of a document may have a default: what is said here goes before it.
            if must && input.default.take().is_some() {
                input.required = true;
            }
            inputs.push(input);
        }
    }
    let mut taken = Vec::new();
    for (call, resolved) in endpoint.calls.iter().zip(calls) {
        if let Some(resolved) = resolved {
            infer(env, &mut inputs, &mut taken, endpoint, call, resolved);
        }
    }
    for (call, _) in endpoint.calls.iter().zip(calls).filter(|(_, resolved)| resolved.is_none()) {
        super::unresolved::inputs(env, &mut inputs, call);
    }
    for param in &endpoint.path_params {
        if !inputs.iter().any(|i| i.place == InputPlace::Path && i.name == param.value) {
            let schema = text_schema(env, param.span);
            let from = Taken { param: None, description: None };
            inputs.extend(input(env, InputPlace::Path, param.value.clone(), schema, true, from, param.span));
        }
    }
    // Path inputs in the order of the path, then the others as they were found.
    inputs.sort_by_key(|input| match input.place {
        InputPlace::Path => endpoint.path_params.iter().position(|p| p.value == input.name).unwrap_or(usize::MAX - 1),
        _ => usize::MAX,
    });
    inputs
}

/// Takes schema, default and requirement of an upstream parameter that an input is passed to as it is.
/// `taken`: positions of inputs that have a schema so, and where it stands.
fn infer(
    env: &mut Env,
    inputs: &mut Vec<Input>,
    taken: &mut Vec<(usize, Span)>,
    endpoint: &Endpoint,
    call: &Call,
    resolved: &Resolved,
) {
    inputs.extend(token(env, inputs, call, resolved));
    for (name, value) in &call.with {
        let ShapeKind::Expr(expr) = &value.kind else { continue };
        let Some((place, input_name, span)) = plain_input(expr) else { continue };
        let known = inputs.iter().position(|i| i.place == place && same_name(place, &i.name, &input_name));
        let first = known.map(|at| taken.iter().find(|(taken, _)| *taken == at).copied());
        if matches!(first, Some(None)) {
            continue;
        }
        if place == InputPlace::Path && !endpoint.path_params.iter().any(|p| p.value == input_name) {
            continue;
        }
        let Some(param) = find_parameter(&resolved.operation.parameters, &name.value) else { continue };
        let param = &resolved.operation.parameters[param];
        if let Some(Some(first)) = first {
            meet(env, &mut inputs[first.0], first.1, param, span);
            continue;
        }
        let schema = input_schema(env, param);
        let required = place == InputPlace::Path || param.required;
        if let Some(made) = input(env, place, input_name, schema, required, Taken::parameter(param), span) {
            taken.push((inputs.len(), param.span));
            inputs.push(made);
        }
    }
    let Some(Shape { kind: ShapeKind::Expr(Expr { kind: ExprKind::Ident(name), span }), .. }) = &call.body else {
        return;
    };
    if name != "body" || inputs.iter().any(|i| i.place == InputPlace::Body) {
        return;
    }
    inputs.extend(body_input(env, resolved, *span));
}

/// An input that goes to one more parameter takes what both take.
fn meet(env: &mut Env, input: &mut Input, first: Span, param: &Parameter, span: Span) {
    let schema = input_schema(env, param);
    match narrow::both(&mut env.specs.schemas, input.schema, schema) {
        Ok(schema) => {
            let required = input.required || param.required;
            let (default, ty) = filled(env, input.place, input.wire, schema);
            env.demand.items(&ty);
            input.schema = schema;
            input.required = required && default.is_none();
            input.ty = if input.required || default.is_some() { ty } else { ty.optional() };
            input.default = default;
        }
        // That it is of another type, the call says.
        Err(None) => {}
        Err(Some(why)) => {
            let name = said(input);
            let message = format!("`{name}` goes to two parameters that take different values: {why}");
            let diag = Diagnostic::error("BFF0452", message, span);
            let diag = diag.label(param.span, "this parameter").label(first, "and this one");
            env.diags.push(diag.help(format!("say under `inputs` what `{name}` is, or use an input for each")));
            input.ty = Ty::error();
        }
    }
}

/// An input as expressions name it.
pub fn said(input: &Input) -> String {
    let place = place_name(input.place);
    let plain = input.name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!("{place}.{}", input.name) } else { format!("{place}[\"{}\"]", input.name) }
}

/// The token of the page that a client asks for.
fn token(env: &mut Env, inputs: &[Input], call: &Call, resolved: &Resolved) -> Option<Input> {
    let paginate = call.paginate.as_ref()?;
    let PagesOf::Token(token) = &paginate.of else { return None };
    let (place, name, span) = plain_input(token).filter(|(place, ..)| *place != InputPlace::Path)?;
    if inputs.iter().any(|i| i.place == place && same_name(place, &i.name, &name)) {
        return None;
    }
    let schema = super::turn::token_schema(env, paginate, resolved)?;
    let about = "The page that is wanted, as the answer before names it. Without it, the first.";
    let from = Taken { param: None, description: Some(about.into()) };
    input(env, place, name, schema, false, from, span)
}

/// The body that a client sends to have it passed on: JSON, also where the operation takes a form of the same
/// members, a text or bytes.
pub fn body_input(env: &mut Env, resolved: &Resolved, span: Span) -> Option<Input> {
    let body = resolved.operation.body.as_ref()?;
    let sends = resolved.sends.as_ref().filter(|sends| sends.can_come_in())?;
    let from = Taken { param: None, description: body.description.clone() };
    let input = input(env, InputPlace::Body, "body".into(), sends.schema, body.required, from, span)?;
    let as_it_is = matches!(sends.how, Carried::Text | Carried::Bytes);
    Some(match as_it_is {
        true => carried(input, sends.how, sends.media_type.clone(), sends.ty(env)),
        false => input,
    })
}

/// The body as it is: a text or bytes of a media type.
fn carried(input: Input, how: Carried, media_type: String, ty: Ty) -> Input {
    let ty = if input.required { ty } else { ty.optional() };
    Input { carried: Some((how, media_type)), ty, ..input }
}

/// What an input takes from where it flows to.
struct Taken<'p> {
    /// The parameter that it is passed to unchanged.
    param: Option<&'p Parameter>,
    description: Option<String>,
}

impl Taken<'_> {
    fn parameter(param: &Parameter) -> Taken<'_> {
        Taken { param: Some(param), description: param.description.clone() }
    }
}

fn input(
    env: &mut Env,
    place: InputPlace,
    name: String,
    schema: SchemaId,
    required: bool,
    from: Taken,
    span: Span,
) -> Option<Input> {
    name_of_input(env, place, &name, span);
    let wire = match wire::of_input(&env.specs.schemas, place, schema, from.param) {
        Ok(wire) => wire,
        Err(what) => {
            let message = format!("`{}.{name}`: {what} is not supported", place_name(place));
            let at = env.specs.schemas.get(schema).span;
            env.diags.push(
                Diagnostic::error("BFF0413", message, span)
                    .label(at, "its schema")
                    .help("take its parts as inputs of their own, or pass it to a parameter of the style `deepObject` or with JSON as its `content`"),
            );
            return None;
        }
    };
    if place != InputPlace::Body {
        // A list is read item by item, so it is one in Rust.
        env.demand.items(&ty::of_schema(&env.specs.schemas, schema));
    }
    let (default, ty) = filled(env, place, wire, schema);
    let required = required && default.is_none();
    let ty = if required || default.is_some() { ty } else { ty.optional() };
    Some(Input {
        place,
        name: if place == InputPlace::Body { "body".into() } else { name },
        schema,
        wire,
        carried: None,
        required,
        default,
        ty,
        description: from.description,
        span,
    })
}

/// Names of headers and cookies are tokens (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1).
fn name_of_input(env: &mut Env, place: InputPlace, name: &str, span: Span) {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let (right, what) = match place {
        InputPlace::Header => (!name.is_empty() && name.chars().all(is_token), "a header"),
        InputPlace::Cookie => (!name.is_empty() && name.chars().all(is_token), "a cookie"),
        InputPlace::Query => (!name.is_empty() && !name.chars().any(char::is_control), "a parameter"),
        InputPlace::Path | InputPlace::Body => return,
    };
    if !right {
        let message = format!("`{}` is not the name of {what}", name.escape_debug());
        env.diags.push(Diagnostic::error("BFF0308", message, span).help("give it one of letters, digits and `-`"));
    }
}

/// What is filled in where an input is not sent, and the type of what is sent.
fn filled(env: &Env, place: InputPlace, wire: Option<Wire>, schema: SchemaId) -> (Option<Json>, Ty) {
    let ty = ty::of_schema(&env.specs.schemas, schema);
    let default = match place {
        InputPlace::Path | InputPlace::Body => None,
        // What has a form of its own is read as it is.
        _ if wire.is_some() => None,
        _ => env.specs.schemas.get(schema).default.clone().filter(|default| default_fits(&ty, default)),
    };
    (default, ty)
}

/// A default that is declared here and cannot be filled in is said, not dropped in silence.
fn tell_of_default(env: &mut Env, input: &Input) {
    let schema = env.specs.schemas.get(input.schema);
    let default = schema.default.as_ref().filter(|default| !default.is_null() && input.default.is_none());
    let Some(default) = default else { return };
    // What is written here has been judged.
    let here = schema.span.source == input.span.source;
    if here && judge::refused(&env.specs.schemas, input.schema, default).is_some() {
        return;
    }
    let message = format!("the default of `{}.{}` is not filled in", place_name(input.place), input.name);
    let diagnostic = Diagnostic::warning("BFF0413", message, input.span)
        .label(schema.span, "its schema")
        .help("only a text, a number or a boolean is, in query, header and cookie; the input is optional without it");
    env.diags.push(diagnostic);
}

/// `query.limit`, `header["x-id"]`: an input and nothing else.
pub fn plain_input(expr: &Expr) -> Option<(InputPlace, String, Span)> {
    let (base, name) = match &expr.kind {
        ExprKind::Select { base, field, .. } => (base, field.value.clone()),
        ExprKind::Index { base, index, .. } => match &index.kind {
            ExprKind::Str(name) => (base, name.clone()),
            _ => return None,
        },
        _ => return None,
    };
    let ExprKind::Ident(group) = &base.kind else { return None };
    let place = input_place(group).filter(|place| *place != InputPlace::Body)?;
    Some((place, name, expr.span))
}

/// The position of a parameter by its name, or `query.id` where names meet.
pub fn find_parameter(parameters: &[Parameter], key: &str) -> Option<usize> {
    if let Some(at) = parameters.iter().position(|p| p.name == key) {
        return Some(at);
    }
    let (group, name) = key.split_once('.')?;
    let location = match group {
        "path" => In::Path,
        "query" => In::Query,
        "header" => In::Header,
        "cookie" => In::Cookie,
        _ => return None,
    };
    parameters.iter().position(|p| p.location == location && p.name == name)
}

/// The inputs of a short-form endpoint: the operation's parameters by name, headers and cookies aside.
pub fn short_inputs(env: &mut Env, endpoint: &Endpoint, resolved: &Resolved) -> (Vec<Input>, Vec<(usize, usize)>) {
    let mut inputs = Vec::new();
    let mut wired = Vec::new();
    for (at, param) in resolved.operation.parameters.iter().enumerate() {
        let place = match param.location {
            In::Path => InputPlace::Path,
            In::Query => InputPlace::Query,
            In::Header | In::Cookie => continue,
        };
        let span = match endpoint.path_params.iter().find(|p| place == InputPlace::Path && p.value == param.name) {
            Some(found) => found.span,
            None if place == InputPlace::Path => continue,
            None => endpoint.span,
        };
        let schema = input_schema(env, param);
        let made = input(env, place, param.name.clone(), schema, param.required, Taken::parameter(param), span);
        if let Some(made) = made {
            wired.push((at, inputs.len()));
            inputs.push(made);
        }
    }
    (inputs, wired)
}

/// The schema of an input that is passed to a parameter. Outside of JSON null and absent are one thing, and what may
/// be anything is a text.
pub fn input_schema(env: &mut Env, param: &Parameter) -> SchemaId {
    match env.specs.schemas.get(param.schema).kind {
        Kind::Nullable(inner) => inner,
        Kind::Any if param.content.is_none() => text_schema(env, param.span),
        _ => param.schema,
    }
}

/// Whether two names of a place are one.
pub fn same_name(place: InputPlace, a: &str, b: &str) -> bool {
    if place == InputPlace::Header { a.eq_ignore_ascii_case(b) } else { a == b }
}

fn text_schema(env: &mut Env, span: Span) -> SchemaId {
    env.specs.schemas.add(Schema::new(span, "text", Kind::String(Default::default())))
}

/// Whether every input is used; what is not is worth a word.
pub fn report_unused(env: &mut Env, scope: &Scope) {
    for (input, used) in scope.inputs.iter().zip(&scope.inputs_used) {
        if !used {
            let group = place_name(input.place);
            let what =
                if input.place == InputPlace::Body { group.to_string() } else { format!("{group}.{}", input.name) };
            env.diags.push(
                Diagnostic::warning("BFF0419", format!("the input `{what}` is not used"), input.span)
                    .help("wire it to a call (`with:`), or remove it"),
            );
        }
    }
}

/// Whether a schema's default is a scalar of the type. Others are ignored: the input stays optional.
fn default_fits(ty: &Ty, default: &Json) -> bool {
    match (&ty.kind, default) {
        (TyKind::Bool, Json::Bool(_)) | (TyKind::Str, Json::String(_)) | (TyKind::Double, Json::Number(_)) => true,
        (TyKind::Int, Json::Number(n)) => n.is_i64(),
        _ => false,
    }
}
