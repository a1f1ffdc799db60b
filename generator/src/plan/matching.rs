//! Checks `$match`: a case for each member of a union, and what the value is known to be in it.

use std::collections::HashSet;

use super::expr::{backticked, check as check_expr, fresh, mismatch};
use super::ir::{Out, OutKind, TCase, TExpr, TKind, TMatch, TShape, TShapeKind};
use super::scope::{Env, Scope, path_of};
use super::shape::{ShapeSignature, shape};
use super::ty::{self, Ty, TyKind};
use super::walk;
use crate::composition::ast::MatchShape;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::schema::{Json, JsonType, Kind, SchemaId, Schemas, Tell, UnionRules};
use crate::source::{Span, Spanned};

/// A field is read from a value that may be one of several.
pub fn not_apart(env: &mut Env, value: &TExpr) -> TExpr {
    let found = value.ty.describe(&env.specs.schemas);
    let mut diag = Diagnostic::error("BFF0405", format!("a field is read from an object, this is {found}"), value.span);
    if let TyKind::Union(id) = value.ty.bare().kind {
        let union = env.specs.schemas.get(id);
        diag = diag.label(union.span, "its schema");
        if let Kind::Union(rules) = &union.kind {
            let names = labels(&env.specs.schemas, rules);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            diag =
                diag.help(format!("make a shape of it with `$match`, which has a case each: {}", backticked(&names)));
        }
    }
    env.diags.push(diag);
    TExpr::error(value.span)
}

/// Checks a `$match`.
pub fn check(
    env: &mut Env,
    scope: &mut Scope,
    named: &mut [(ShapeSignature, bool)],
    matching: &MatchShape,
    span: Span,
) -> TShape {
    let failed = TShape::error(span);
    let value = check_expr(env, scope, &matching.value);
    let nullable = matches!(value.ty.present().kind, TyKind::Nullable(_));
    let Some((union, rules)) = union_of(env, &value) else {
        // The cases cannot be checked: what the value is in them is not known.
        return failed;
    };
    let before = env.diags.len();
    let chosen = choose(env, &rules, union, nullable, matching);
    let (path, base) = name_of(scope, matching, env.specs.schemas.get(union).name.as_str());
    let (mut cases, mut null, mut otherwise) = (Vec::new(), None, None);
    for (case, choice) in matching.cases.iter().zip(chosen) {
        match choice {
            Choice::Member(member) => {
                let ty = ty::of_schema(&env.specs.schemas, rules.members[member]);
                if let Some(path) = &path {
                    scope.proved.push((path.clone(), base.clone(), ty.clone()));
                }
                let made = scope.with_local(&base, ty.clone(), |scope| shape(env, scope, named, &case.shape));
                scope.proved.retain(|(known, variable, _)| path.as_ref() != Some(known) || *variable != base);
                let mut used = false;
                walk::shape(&made, &mut |e| used |= matches!(&e.kind, TKind::Local(name) if *name == base));
                if used {
                    env.demand.member(union, member);
                }
                cases.push(TCase { member, bound: used.then(|| (base.clone(), ty)), shape: made });
            }
            Choice::Null => null = Some(shape(env, scope, named, &case.shape)),
            Choice::Rest => otherwise = Some(shape(env, scope, named, &case.shape)),
            Choice::Wrong => drop(shape(env, &mut silent(scope, &base), named, &case.shape)),
        }
    }
    if env.diags.len() > before && cases.is_empty() && otherwise.is_none() {
        return failed;
    }
    env.demand.matched(union, otherwise.is_none());
    let absent = value.ty.is_optional();
    let made = TMatch { value, union, cases, null, otherwise };
    let optional = absent || made.shapes().any(|shape| shape.out.optional);
    let outs = made.shapes().map(|shape| Out { optional: false, ..shape.out.clone() }).collect();
    let out = Out { optional, ..Out::new(OutKind::OneOf(outs)) };
    TShape { kind: TShapeKind::Match(Box::new(made)), out, span }
}

/// A scope for a case of no member: its names are not known, and nothing more is said about it.
fn silent(scope: &Scope, name: &str) -> Scope {
    let locals = scope.locals.iter().map(|(name, _)| name.as_str()).chain([name]);
    Scope {
        inputs: scope.inputs.clone(),
        inputs_used: scope.inputs_used.clone(),
        calls: scope.calls.iter().map(|(name, _)| (name.clone(), None)).collect(),
        calls_used: scope.calls_used.clone(),
        warnings: scope.warnings,
        calling: scope.calling,
        locals: locals.map(|name| (name.to_owned(), Ty::error())).collect(),
        ..Scope::default()
    }
}

/// The union that is matched, with its rules; else says why there is none.
fn union_of(env: &mut Env, value: &TExpr) -> Option<(SchemaId, UnionRules)> {
    let schemas = &env.specs.schemas;
    if let TyKind::Union(id) = value.ty.bare().kind
        && let Kind::Union(rules) = &schemas.get(id).kind
    {
        return Some((id, rules.clone()));
    }
    let schema = value.ty.bare().schema.or(value.ty.schema).map(|id| match schemas.get(id).kind {
        Kind::Nullable(inner) => inner,
        _ => id,
    });
    if let Some(id) = schema
        && let Kind::Union(UnionRules { tell: Tell::None { reason }, .. }) = &schemas.get(id).kind
    {
        let message = format!("the members of `{}` cannot be told apart: {reason}", schemas.get(id).name);
        let diag = Diagnostic::error("BFF0441", message, value.span)
            .label(schemas.get(id).span, "its schema")
            .help("a `discriminator`, or a required property with another `const` in each member, tells them apart: mend a copy of the document, or patch it with `overlay:`");
        env.diags.push(diag);
        return None;
    }
    mismatch(env, value, "`$match` takes a value apart that is one of several (`oneOf`, `anyOf`)");
    None
}

/// The path that is narrowed in the cases, if the value is one, and the variable's name there.
fn name_of(scope: &Scope, matching: &MatchShape, union: &str) -> (Option<String>, String) {
    let path = path_of(&matching.value);
    if let Some(name) = &matching.name {
        return (path, name.value.clone());
    }
    if let Some(name) = path.as_ref().filter(|path| !path.contains('.')) {
        // In the cases, the name means the member.
        return (None, name.clone());
    }
    let base = path
        .as_deref()
        .map_or_else(|| crate::emit::kebab(union), |path| path.rsplit('.').next().unwrap_or(path).to_string());
    let base = fresh(scope, &base.replace('-', "_"));
    (path, base)
}

/// What a case is for.
enum Choice {
    Member(usize),
    Null,
    Rest,
    /// Nothing, which has been said.
    Wrong,
}

/// What each case is for. Cases of no member, members of two cases and members without a case are reported.
fn choose(env: &mut Env, rules: &UnionRules, union: SchemaId, nullable: bool, matching: &MatchShape) -> Vec<Choice> {
    let schemas = &env.specs.schemas;
    let names = labels(schemas, rules);
    let about = (schemas.get(union).span, schemas.get(union).name.clone());
    let mut findings = Vec::new();
    let mut taken: Vec<Option<Span>> = vec![None; rules.members.len()];
    let (mut null, mut rest) = (None, None);
    let mut meant: Vec<String> = Vec::new();
    let mut choices = Vec::new();
    for case in &matching.cases {
        let choice = match case.name.value.as_str() {
            "_" => Choice::Rest,
            "null" | "~" | "" if nullable => Choice::Null,
            name => member(schemas, rules, name).map_or(Choice::Wrong, Choice::Member),
        };
        let place = match choice {
            Choice::Member(at) => &mut taken[at],
            Choice::Null => &mut null,
            Choice::Rest => &mut rest,
            Choice::Wrong => {
                // What is misspelt is no case that is missing, too.
                meant.extend(did_you_mean(&case.name.value, names.iter().map(String::as_str)).map(String::from));
                findings.push(unknown(&case.name, &names, &about));
                choices.push(choice);
                continue;
            }
        };
        if let Some(first) = place.replace(case.name.span) {
            let message = format!("`{}` is the second case for the same", case.name.value);
            findings.push(
                Diagnostic::error("BFF0440", message, case.name.span)
                    .label(first, "the first one")
                    .help("leave one of them out"),
            );
        }
        choices.push(choice);
    }
    let missing = taken.iter().zip(&names).filter(|(at, name)| at.is_none() && !meant.contains(name));
    let missing: Vec<&str> = missing.map(|(_, name)| name.as_str()).collect();
    match (rest, missing.as_slice()) {
        (Some(rest), []) if meant.is_empty() && (null.is_some() || !nullable) => findings.push(
            Diagnostic::warning(
                "BFF0440",
                "every member has a case: `_` is for values that the document does not know yet",
                rest,
            )
            .label(about.0, "its schema"),
        ),
        (None, [_, ..]) => {
            let several = if missing.len() == 1 { "a case" } else { "cases" };
            let message = format!("`$match` lacks {several} for {}", backticked(&missing));
            findings.push(
                Diagnostic::error("BFF0440", message, matching.value.span)
                    .label(about.0, format!("`{}` has {} members", about.1, names.len()))
                    .help("add what is missing, or `_:` for all that have no case of their own"),
            );
        }
        _ => {}
    }
    if nullable && null.is_none() && rest.is_none() {
        findings.push(
            Diagnostic::error("BFF0440", "`$match` lacks a case for `null`", matching.value.span)
                .label(about.0, "its schema")
                .help("add `null:` (`null: null` passes it on), or `_:`"),
        );
    }
    env.diags.extend(findings);
    choices
}

fn unknown(name: &Spanned<String>, names: &[String], about: &(Span, String)) -> Diagnostic {
    let message = format!("`{}` is no member of `{}`", name.value, about.1);
    let diag = Diagnostic::error("BFF0440", message, name.span).label(about.0, "its schema");
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let diag = match did_you_mean(&name.value, names.iter().copied()) {
        Some(near) => diag.meant(near, name.span),
        None => diag,
    };
    diag.help(format!("its members: {}; `_` is for all others", backticked(&names)))
}

/// The member that a case names: by its schema's name, its value of the discriminator, or its type.
fn member(schemas: &Schemas, rules: &UnionRules, name: &str) -> Option<usize> {
    let named = |id: &SchemaId| match schemas.get(*id) {
        schema if schema.component => schema.name == name,
        schema => schema.title.as_deref() == Some(name),
    };
    let by_name = rules.members.iter().position(named);
    let values = |at: &usize| tags(&rules.tell, *at).iter().any(|value| value == name);
    by_name.or_else(|| (0..rules.members.len()).find(values)).or_else(|| {
        let mut of_type = (0..rules.members.len()).filter(|at| type_of(schemas, rules.members[*at]) == Some(name));
        of_type.next().filter(|_| of_type.next().is_none())
    })
}

/// What each member is called in messages.
fn labels(schemas: &Schemas, rules: &UnionRules) -> Vec<String> {
    let label = |(at, id): (usize, &SchemaId)| {
        let schema = schemas.get(*id);
        let tag = tags(&rules.tell, at).into_iter().next().or_else(|| schema.title.clone());
        match schema.component {
            true => schema.name.clone(),
            false => tag.or_else(|| type_of(schemas, *id).map(str::to_owned)).unwrap_or_else(|| schema.name.clone()),
        }
    };
    rules.members.iter().enumerate().map(label).collect()
}

/// What tells a member, as texts: values of a property, or the property that only it has.
fn tags(tell: &Tell, member: usize) -> Vec<String> {
    match tell {
        Tell::Discriminator { mapping, .. } => {
            mapping.iter().filter(|(_, at)| *at == member).map(|(value, _)| value.clone()).collect()
        }
        Tell::ConstProperty { values, .. } => values.get(member).into_iter().flatten().map(text).collect(),
        Tell::JsonType { objects: Some(objects), types } if types[member].contains(&JsonType::Object) => {
            tags(objects, member)
        }
        Tell::Required { marks, .. } => {
            marks.iter().filter(|(_, at)| *at == member).map(|(property, _)| property.clone()).collect()
        }
        Tell::JsonType { .. } | Tell::None { .. } => Vec::new(),
    }
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn type_of(schemas: &Schemas, id: SchemaId) -> Option<&'static str> {
    Some(match schemas.get(id).kind {
        Kind::Boolean => "boolean",
        Kind::Integer(_) => "integer",
        Kind::Number(_) => "number",
        Kind::String(_) => "string",
        Kind::Array(_) => "array",
        Kind::Object(_) => "object",
        Kind::Null => "null",
        _ => return None,
    })
}

/// A union that a hook gives is made by the team: where it is taken apart, all of it is there.
pub fn of_hooks(env: &mut Env) {
    let mut seen = HashSet::new();
    let mut open: Vec<SchemaId> = env.hooks.iter().filter_map(|hook| hook.returns.schema).collect();
    while let Some(id) = open.pop() {
        let id = env.specs.schemas.canonical(id);
        if !seen.insert(id) {
            continue;
        }
        match &env.specs.schemas.get(id).kind {
            Kind::Union(rules) if env.demand.is_typed(id) => {
                for (at, member) in rules.members.iter().enumerate() {
                    env.demand.member(id, at);
                    env.demand.deep(&env.specs.schemas, *member);
                }
                open.extend(&rules.members);
            }
            Kind::Nullable(inner) => open.push(*inner),
            Kind::Array(rules) => open.push(rules.items),
            Kind::Object(rules) => open.extend(rules.properties.iter().map(|p| p.schema)),
            _ => {}
        }
    }
}
