//! What is allowed and probably not meant: found when an endpoint is typed.

use super::ir::{Clause, MacroOp, TExpr, TKind, TShape, TShapeKind};
use super::model::{self, Answer};
use super::scope::Env;
use super::ty::{Ty, TyKind};
use super::walk;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::BinaryOp;
use crate::schema::{Additional, Json, Kind, SchemaId, Schemas};
use crate::source::Span;

/// Looks at all expressions of an endpoint, and at what goes out; `since` is where its own findings begin.
pub fn endpoint(env: &mut Env, endpoint: &model::Endpoint, since: usize) {
    let mut found = Vec::new();
    let schemas = &env.specs.schemas;
    for call in &endpoint.calls {
        if let Some(when) = &call.when {
            constant(when, "`when`", &mut found);
        }
        let files = call.files.iter().map(|file| &file.value);
        let headers = call.headers.iter().map(|(_, value)| value);
        let values = call.args.iter().map(|(_, value)| value).chain(&call.when).chain(files).chain(headers);
        values.for_each(|value| expressions(schemas, value, &mut found));
        let made = call.made_args.iter().map(|(_, made)| made).chain(&call.body);
        made.for_each(|made| shape(schemas, made, &mut found));
    }
    for (_, value) in &endpoint.headers {
        expressions(schemas, value, &mut found);
        leaves(schemas, value, None, &[], &mut found);
    }
    if let Answer::Shape(answer) = &endpoint.answer {
        shape(schemas, answer, &mut found);
        going_out(schemas, answer, &mut found);
    }
    tell(env, since, found);
}

/// Tells what was found; a test of what is always there makes its condition constant, and has been told itself.
fn tell(env: &mut Env, since: usize, found: Vec<Diagnostic>) {
    let span = |diag: &Diagnostic| diag.labels.first().map(|label| label.span);
    let always: Vec<Span> = env.diags[since..].iter().filter(|diag| diag.code == "BFF0420").filter_map(span).collect();
    let within =
        |part: &Span, whole: Span| part.source == whole.source && part.start >= whole.start && part.end <= whole.end;
    let told = |diag: &Diagnostic| span(diag).is_some_and(|whole| always.iter().any(|part| within(part, whole)));
    let kept = outermost(found);
    env.diags.extend(kept.into_iter().filter(|diag| diag.code != "BFF0448" || !told(diag)));
}

/// Of what is always the same, the whole is told and not its parts, and each place once.
fn outermost(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let place = |diag: &Diagnostic| diag.labels.first().map(|label| label.span);
    let plain = |diag: &Diagnostic| diag.message.starts_with("this is always the same");
    let whole: Vec<(Span, bool)> = found
        .iter()
        .filter(|diag| diag.code == "BFF0448" && diag.message.contains("is always the same"))
        .filter_map(|diag| Some((place(diag)?, plain(diag))))
        .collect();
    let within =
        |part: Span, whole: Span| part.source == whole.source && part.start >= whole.start && part.end <= whole.end;
    let mut seen: Vec<Span> = Vec::new();
    let mut kept = Vec::new();
    for diag in found {
        let Some(part) = place(&diag).filter(|_| diag.code == "BFF0448") else {
            kept.push(diag);
            continue;
        };
        let inner = |(outer, is_plain): &(Span, bool)| match *outer == part {
            true => plain(&diag) && !is_plain,
            false => within(part, *outer),
        };
        if !whole.iter().any(inner) && !seen.contains(&part) {
            seen.push(part);
            kept.push(diag);
        }
    }
    kept
}

/// The same for a named shape.
pub fn named_shape(env: &mut Env, made: &TShape, since: usize) {
    let mut found = Vec::new();
    shape(&env.specs.schemas, made, &mut found);
    going_out(&env.specs.schemas, made, &mut found);
    tell(env, since, found);
}

fn shape(schemas: &Schemas, root: &TShape, found: &mut Vec<Diagnostic>) {
    walk::shape(root, &mut |e| one(schemas, e, found));
    conditions(root, found);
}

/// `$when` and `$where` that are always the same.
fn conditions(shape: &TShape, found: &mut Vec<Diagnostic>) {
    match &shape.kind {
        TShapeKind::When(condition, inner) => {
            constant(condition, "`$when`", found);
            conditions(inner, found);
        }
        TShapeKind::Each(each) => {
            each.filter.iter().for_each(|filter| constant(filter, "`$where`", found));
            conditions(&each.item, found);
        }
        TShapeKind::Array(items) => items.iter().for_each(|item| conditions(item, found)),
        TShapeKind::Object { fields, .. } => fields.iter().for_each(|field| conditions(&field.shape, found)),
        TShapeKind::Match(matching) => matching.shapes().for_each(|inner| conditions(inner, found)),
        TShapeKind::Expr(_) | TShapeKind::Literal(_) | TShapeKind::Use(..) => {}
    }
}

fn expressions(schemas: &Schemas, root: &TExpr, found: &mut Vec<Diagnostic>) {
    walk::expr(root, &mut |e| one(schemas, e, found));
}

fn one(schemas: &Schemas, e: &TExpr, found: &mut Vec<Diagnostic>) {
    match &e.kind {
        TKind::Binary { op: op @ (BinaryOp::Eq | BinaryOp::Ne), left, right } => {
            for (value, other) in [(left, right), (right, left)] {
                never_equal(schemas, value, other, *op == BinaryOp::Eq, found);
            }
            found.extend(super::sameness::comparison(e));
        }
        TKind::Binary { op: BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge, .. } => {
            found.extend(super::sameness::comparison(e));
        }
        TKind::Binary { op: BinaryOp::And | BinaryOp::Or, left, right } => {
            [left, right].into_iter().for_each(|side| constant(side, "this part of the condition", found));
            found.extend(super::sameness::conjunction(e));
        }
        TKind::Macro { op, body, filter, .. } => {
            if let MacroOp::Filter | MacroOp::All | MacroOp::Exists | MacroOp::ExistsOne = op {
                constant(body, "the condition", found);
            }
            filter.iter().for_each(|filter| constant(filter, "the condition", found));
        }
        TKind::Binary { op: BinaryOp::In, left, right } => {
            if let TKind::List(items) = &right.kind {
                items.iter().for_each(|item| never_equal(schemas, left, item, true, found));
            }
        }
        TKind::Cond { clauses, then, otherwise } => {
            found.extend(super::sameness::sides(e, then, otherwise));
            found.extend(super::sameness::clauses(clauses));
            for clause in clauses {
                if let Clause::Test(test) = clause {
                    constant(test, "the condition", found);
                }
            }
        }
        _ => {}
    }
}

/// A comparison with a text or number that the schema of the other side does not list.
fn never_equal(schemas: &Schemas, value: &TExpr, other: &TExpr, equal: bool, found: &mut Vec<Diagnostic>) {
    let json = match &other.kind {
        TKind::Str(text) => Json::from(text.as_str()),
        TKind::Int(number) => Json::from(*number),
        _ => return,
    };
    let Some(schema) = value.ty.schema.map(|id| schemas.get(id)) else { return };
    let Some(allowed) = schema.allowed.as_ref().filter(|allowed| !allowed.contains(&json)) else { return };
    let texts: Vec<&str> = allowed.iter().filter_map(Json::as_str).collect();
    let always = if equal { "false" } else { "true" };
    let list: Vec<String> = allowed.iter().take(8).map(|value| format!("`{value}`")).collect();
    let mut diag = Diagnostic::warning(
        "BFF0448",
        format!("this is always {always}: the document does not list {json}"),
        other.span,
    )
    .label(schema.span, "its schema")
    .help(format!("it lists {}", list.join(", ")));
    if let TKind::Str(text) = &other.kind
        && let Some(near) = did_you_mean(text, texts.into_iter())
    {
        diag = diag.at(format!("did you mean \"{near}\"?"));
    }
    found.push(diag);
}

/// A condition in which nothing can change.
fn constant(condition: &TExpr, what: &str, found: &mut Vec<Diagnostic>) {
    if !varies(condition) {
        let message = format!("{what} is always the same: nothing in it depends on the request or a call");
        found.push(
            Diagnostic::warning("BFF0448", message, condition.span)
                .help("take the condition out, or what it never lets happen"),
        );
    }
}

/// Whether a value depends on anything.
pub fn varies(value: &TExpr) -> bool {
    let mut varies = false;
    walk::expr(value, &mut |e| {
        varies |= matches!(
            e.kind,
            TKind::Local(_)
                | TKind::Input(_)
                | TKind::Call(_)
                | TKind::Meta(..)
                | TKind::KeyedMeta { .. }
                | TKind::Warnings
                | TKind::Partial
                | TKind::Hook(..)
                | TKind::Error
        );
    });
    varies
}

/// Every value that an answer passes on.
fn going_out(schemas: &Schemas, shape: &TShape, found: &mut Vec<Diagnostic>) {
    match &shape.kind {
        TShapeKind::Expr(value) => leaves(schemas, value, None, &[], found),
        TShapeKind::Array(items) => items.iter().for_each(|item| going_out(schemas, item, found)),
        TShapeKind::Object { spreads, fields } => {
            for spread in spreads {
                leaves(schemas, &spread.value, spread.pick.as_deref(), &spread.omit, found);
            }
            fields.iter().for_each(|field| going_out(schemas, &field.shape, found));
        }
        TShapeKind::Each(each) => going_out(schemas, &each.item, found),
        TShapeKind::When(_, inner) => going_out(schemas, inner, found),
        TShapeKind::Match(matching) => matching.shapes().for_each(|inner| going_out(schemas, inner, found)),
        // Of an object, the named shape itself says what goes out; a text passed to it is not known there.
        TShapeKind::Use(_, args) => {
            let text = |arg: &&TExpr| !matches!(arg.ty.bare().kind, TyKind::Object(_) | TyKind::Union(_) | TyKind::Any);
            for arg in args {
                match &arg.kind {
                    TKind::Convert(inner) => leaves(schemas, inner, Some(&members(schemas, &arg.ty)), &[], found),
                    TKind::Made { fields, .. } => {
                        fields.iter().for_each(|(_, value)| leaves(schemas, value, None, &[], found));
                    }
                    _ if text(&arg) => leaves(schemas, arg, None, &[], found),
                    _ => {}
                }
            }
        }
        TShapeKind::Literal(_) => {}
    }
}

/// A secret in a value that goes out: of an object, only the members that do.
fn leaves(schemas: &Schemas, value: &TExpr, pick: Option<&[String]>, omit: &[String], found: &mut Vec<Diagnostic>) {
    let Some(root) = schema_of(&value.ty) else {
        return made_of(value).into_iter().for_each(|part| leaves(schemas, part, None, &[], found));
    };
    let mut seen = vec![root];
    let mut open = vec![(root, String::new())];
    while let Some((id, path)) = open.pop() {
        let schema = schemas.get(id);
        let password = matches!(&schema.kind, Kind::String(rules) if rules.format.as_deref() == Some("password"));
        if schema.write_only || password {
            let why = if schema.write_only { "`writeOnly`" } else { "of `format: password`" };
            let what = if path.is_empty() { "this value".to_owned() } else { format!("`{path}` in it") };
            let diag = Diagnostic::warning("BFF0446", format!("{what} is {why}, and goes to the client"), value.span);
            found.push(
                diag.label(schema.span, "its schema")
                    .help("name the fields that the client needs, or leave it out: `$spread` with `$omit`"),
            );
            return;
        }
        let mut next = |id: SchemaId, path: String| {
            let canonical = schemas.canonical(id);
            // Annotations stand on the copy, what is within at the original.
            if !seen.contains(&id) {
                seen.extend([id, canonical]);
                open.push((id, path));
            }
        };
        match &schema.kind {
            Kind::Nullable(inner) => next(*inner, path),
            Kind::Array(rules) => next(rules.items, path),
            Kind::Union(rules) => rules.members.iter().for_each(|member| next(*member, path.clone())),
            Kind::Object(rules) => {
                for property in &rules.properties {
                    let top = path.is_empty();
                    let left_out = top
                        && (omit.contains(&property.name) || pick.is_some_and(|pick| !pick.contains(&property.name)));
                    if !left_out {
                        let dot = if top { "" } else { "." };
                        next(property.schema, format!("{path}{dot}{}", property.name));
                    }
                }
                if let Additional::Schema(values) = rules.additional {
                    next(values, path);
                }
            }
            _ => {}
        }
    }
}

/// The values of which one, or all, go out in a value that is none of a schema: not those that it only asks.
fn made_of(value: &TExpr) -> Vec<&TExpr> {
    match &value.kind {
        TKind::OrValue(value, other) => vec![value, other],
        TKind::Cond { then, otherwise, .. } => vec![then, otherwise],
        TKind::Some(value) | TKind::NotNull(value) => vec![value],
        TKind::OptMap { body, .. } => vec![body],
        TKind::Macro { op: MacroOp::Map, body, .. } => vec![body],
        TKind::List(items) => items.iter().collect(),
        TKind::Table(entries) => entries.iter().map(|(_, value)| value).collect(),
        TKind::Binary { op: BinaryOp::Add, left, right } => vec![left, right],
        _ => Vec::new(),
    }
}

/// The members of the object that a value is made into.
fn members(schemas: &Schemas, ty: &Ty) -> Vec<String> {
    let TyKind::Object(id) = ty.bare().kind else { return Vec::new() };
    match &schemas.get(id).kind {
        Kind::Object(rules) => rules.properties.iter().map(|property| property.name.clone()).collect(),
        _ => Vec::new(),
    }
}

fn schema_of(ty: &Ty) -> Option<SchemaId> {
    ty.schema.or(match &ty.kind {
        TyKind::Optional(inner) | TyKind::Nullable(inner) | TyKind::List(inner) | TyKind::Map(inner) => {
            schema_of(inner)
        }
        TyKind::Keyed(_, inner) | TyKind::Table(_, inner) => schema_of(inner),
        _ => None,
    })
}
