//! Checks expressions: resolves names, gives every node a type, and records what is read.

use super::functions;
use super::ir::{Clause, TExpr, TKind};
use super::scope::{Env, Scope, input_place, path_of, place_name};
use super::ty::{self, Ty, TyKind};
use crate::composition::ast::InputPlace;
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{BinaryOp, Expr, ExprKind};
use crate::schema::{Additional, Kind, SchemaId};
use crate::source::{Span, Spanned};

/// Checks an expression.
pub fn check(env: &mut Env, scope: &mut Scope, expr: &Expr) -> TExpr {
    if let Some(path) = path_of(expr)
        && let Some((_, local, ty)) = scope.proved.iter().rev().find(|(p, _, _)| *p == path)
    {
        return TExpr { ty: ty.clone(), kind: TKind::Local(local.clone()), span: expr.span };
    }
    if let Some(found) = super::meta::read(env, scope, expr) {
        return found;
    }
    let made = |ty: Ty, kind: TKind| TExpr { ty, kind, span: expr.span };
    match &expr.kind {
        ExprKind::Null => made(Ty::new(TyKind::Null), TKind::Null),
        ExprKind::Bool(b) => made(Ty::bool(), TKind::Bool(*b)),
        ExprKind::Int(i) => made(Ty::int(), TKind::Int(*i)),
        ExprKind::Double(d) => made(Ty::double(), TKind::Double(*d)),
        ExprKind::Str(s) => made(Ty::string(), TKind::Str(s.clone())),
        ExprKind::Bytes(_) => unsupported(env, expr.span, "a bytes literal"),
        ExprKind::Map(_) => unsupported(env, expr.span, "a map literal in an expression"),
        ExprKind::List(items) => list(env, scope, expr.span, items),
        ExprKind::Ident(name) => ident(env, scope, expr.span, name),
        ExprKind::Select { base, field, optional } => {
            if let Some(found) = input(env, scope, base, &field.value, expr.span) {
                return found;
            }
            let base = check(env, scope, base);
            select(env, base, field, *optional, expr.span)
        }
        ExprKind::Index { base, index, optional } => {
            if let ExprKind::Str(name) = &index.kind {
                if let Some(found) = input(env, scope, base, name, expr.span) {
                    return found;
                }
                let base = check(env, scope, base);
                if matches!(base.ty.bare().kind, TyKind::Object(_)) {
                    let field = Spanned::new(name.clone(), index.span);
                    return select(env, base, &field, *optional, expr.span);
                }
                let index = check(env, scope, index);
                return element(env, base, index, *optional, expr.span);
            }
            let base = check(env, scope, base);
            let index = check(env, scope, index);
            element(env, base, index, *optional, expr.span)
        }
        ExprKind::Call { target, function, args } => {
            functions::call(env, scope, expr.span, target.as_deref(), function, args)
        }
        ExprKind::Not(inner) => {
            let inner = check_as(env, scope, inner, &Ty::bool(), "`!`");
            made(Ty::bool(), TKind::Not(Box::new(inner)))
        }
        ExprKind::Negate(inner) => {
            let inner = check(env, scope, inner);
            match inner.ty.kind {
                TyKind::Int | TyKind::Double | TyKind::Error => {
                    made(Ty::new(inner.ty.kind.clone()), TKind::Negate(Box::new(inner)))
                }
                _ => mismatch(env, &inner, "`-` wants a number"),
            }
        }
        ExprKind::Binary { op, left, right } => binary(env, scope, expr, op, left, right),
        ExprKind::Ternary { condition, then, otherwise } => ternary(env, scope, expr.span, condition, then, otherwise),
    }
}

/// Checks an expression whose type is given.
pub fn check_as(env: &mut Env, scope: &mut Scope, expr: &Expr, want: &Ty, who: &str) -> TExpr {
    let found = check(env, scope, expr);
    coerce(env, found, want, who)
}

/// Makes a value fit a wanted type, or says why it does not.
pub fn coerce(env: &mut Env, value: TExpr, want: &Ty, who: &str) -> TExpr {
    if ty::fits(&value.ty, want) {
        return adapt(value, want);
    }
    let schemas = &env.specs.schemas;
    let (found, wanted) = (value.ty.describe(schemas), want.describe(schemas));
    let present = ty::fits(value.ty.bare(), want.bare());
    let mut diag = Diagnostic::error("BFF0405", format!("{who} wants {wanted}, this is {found}"), value.span);
    if present && value.ty.is_optional() {
        diag = Diagnostic::error("BFF0406", format!("{who} wants {wanted}, but this value may be absent"), value.span)
            .help("give a value for when it is absent: `.orValue(...)`, or ask first: `has(...) ? ... : ...`");
    } else if present {
        diag = Diagnostic::error("BFF0407", format!("{who} wants {wanted}, but this value may be null"), value.span)
            .help("give a value for when it is null: `.orValue(...)`, or ask first: `x != null ? ... : ...`");
    }
    let diag = schema_label(env, diag, &value.ty);
    env.diags.push(diag);
    TExpr { ty: Ty::error(), kind: TKind::Error, span: value.span }
}

/// Wraps a value that fits so that its Rust type is the wanted one.
pub fn adapt(value: TExpr, want: &Ty) -> TExpr {
    let span = value.span;
    let wrap = |ty: Ty, kind: TKind| TExpr { ty, kind, span };
    match (&value.ty.kind, &want.kind) {
        (TyKind::Optional(_), _) | (TyKind::Error, _) | (_, TyKind::Error | TyKind::Any) => value,
        (_, TyKind::Optional(inner)) => {
            let value = adapt(value, inner);
            wrap(value.ty.clone().optional(), TKind::Some(Box::new(value)))
        }
        (TyKind::Nullable(_) | TyKind::Null, TyKind::Nullable(_)) => value,
        (_, TyKind::Nullable(inner)) => {
            let value = adapt(value, inner);
            wrap(Ty::new(TyKind::Nullable(Box::new(value.ty.clone()))), TKind::NotNull(Box::new(value)))
        }
        (TyKind::Int, TyKind::Double) => wrap(Ty::double(), TKind::Widen(Box::new(value))),
        _ => value,
    }
}

/// A construct that the language has, or will have, and this version has not.
pub fn unsupported(env: &mut Env, span: Span, what: &str) -> TExpr {
    env.diags.push(
        Diagnostic::error("BFF0413", format!("{what} is not supported yet"), span)
            .help("say it with what `docs/language.md` lists, or write it as a hook"),
    );
    TExpr { ty: Ty::error(), kind: TKind::Error, span }
}

/// A type mismatch, unless the value is poisoned already.
pub fn mismatch(env: &mut Env, value: &TExpr, rule: &str) -> TExpr {
    if !value.ty.is_error() {
        let found = value.ty.describe(&env.specs.schemas);
        let mut diag = Diagnostic::error("BFF0405", format!("{rule}, this is {found}"), value.span);
        if value.ty.is_optional() {
            diag = diag.help("it may be absent: give a value for that with `.orValue(...)`");
        } else if matches!(value.ty.kind, TyKind::Nullable(_)) {
            diag = diag.help("it may be null: ask first (`x != null ? ... : ...`) or use `.orValue(...)`");
        }
        let diag = schema_label(env, diag, &value.ty);
        env.diags.push(diag);
    }
    TExpr { ty: Ty::error(), kind: TKind::Error, span: value.span }
}

fn schema_label(env: &Env, diag: Diagnostic, ty: &Ty) -> Diagnostic {
    let schema = ty.schema.or(match &ty.kind {
        TyKind::Optional(inner) => inner.schema,
        _ => None,
    });
    match schema {
        Some(id) => diag.label(env.specs.schemas.get(id).span, "its schema"),
        None => diag,
    }
}

fn list(env: &mut Env, scope: &mut Scope, span: Span, items: &[(Expr, bool)]) -> TExpr {
    let mut checked = Vec::new();
    let mut item_ty: Option<Ty> = None;
    for (item, optional) in items {
        if *optional {
            return unsupported(env, item.span, "an optional item (`[?x]`) in a list");
        }
        let item = check(env, scope, item);
        item_ty = match item_ty {
            None => Some(item.ty.clone()),
            Some(before) => match ty::join(&before, &item.ty) {
                Some(joined) => Some(joined),
                None => return mismatch(env, &item, "the items of a list are of one type"),
            },
        };
        checked.push(item);
    }
    let item = item_ty.map_or(Ty::new(TyKind::Never), |ty| Ty { schema: None, ..ty });
    for value in &checked {
        env.demand.joined(&value.ty, &item);
    }
    let items = checked.into_iter().map(|i| adapt(i, &item)).collect();
    TExpr { ty: Ty::list(item), kind: TKind::List(items), span }
}

fn ident(env: &mut Env, scope: &mut Scope, span: Span, name: &str) -> TExpr {
    if let Some(ty) = scope.local(name) {
        return TExpr { ty: ty.clone(), kind: TKind::Local(name.to_string()), span };
    }
    if let Some(at) = scope.calls.iter().position(|(call, _)| call == name) {
        if let Some(used) = scope.calls_used.get_mut(at) {
            *used = true;
        }
        // A call that is not checked yet is part of a cycle, which has been reported.
        let ty = scope.calls[at].1.clone().unwrap_or_else(Ty::error);
        return TExpr { ty, kind: TKind::Call(at), span };
    }
    if name == "warnings" && scope.warnings {
        return TExpr { ty: Ty::list(Ty::new(TyKind::Warning)), kind: TKind::Warnings, span };
    }
    if name == "body"
        && let Some(at) = scope.input(InputPlace::Body, "")
    {
        scope.inputs_used[at] = true;
        return TExpr { ty: scope.inputs[at].ty.clone(), kind: TKind::Input(at), span };
    }
    let diag = match input_place(name) {
        Some(InputPlace::Body) => Diagnostic::error("BFF0417", "this endpoint has no `body` whose type is known", span)
            .help("declare it under `inputs: { body: ... }`, or pass it whole to a call: `body: body`"),
        Some(_) => Diagnostic::error("BFF0403", format!("`{name}` alone is not a value"), span)
            .help(format!("name the input: `{name}.id`, `{name}[\"user-id\"]`")),
        None => {
            let known = scope.locals.iter().map(|(n, _)| n.as_str());
            let known = known.chain(scope.calls.iter().map(|(n, _)| n.as_str()));
            let known: Vec<&str> = known.chain(["path", "query", "header", "cookie", "body", "warnings"]).collect();
            let diag = Diagnostic::error("BFF0403", format!("`{name}` is not defined here"), span);
            match did_you_mean(name, known.iter().copied()) {
                Some(near) => {
                    diag.at(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near.to_string())
                }
                None if scope.calls.is_empty() && scope.locals.is_empty() => {
                    diag.help("a text is written with quotes inside: \"'hello'\", or as {$text: hello}")
                }
                None => diag.help(format!("known here: {}", backticked(&known))),
            }
        }
    };
    env.diags.push(diag);
    TExpr { ty: Ty::error(), kind: TKind::Error, span }
}

/// `query.limit` and its like; none if the base is not a group of inputs.
fn input(env: &mut Env, scope: &mut Scope, base: &Expr, name: &str, span: Span) -> Option<TExpr> {
    let ExprKind::Ident(group) = &base.kind else { return None };
    let place = input_place(group).filter(|place| *place != InputPlace::Body)?;
    if scope.local(group).is_some() || scope.calls.iter().any(|(call, _)| call == group) {
        return None;
    }
    if let Some(at) = scope.input(place, name) {
        scope.inputs_used[at] = true;
        return Some(TExpr { ty: scope.inputs[at].ty.clone(), kind: TKind::Input(at), span });
    }
    let known = scope.inputs.iter().filter(|i| i.place == place).map(|i| i.name.as_str());
    let near = did_you_mean(name, known);
    let group = place_name(place);
    let mut diag = match place {
        InputPlace::Path => Diagnostic::error("BFF0417", format!("the endpoint's path has no `{{{name}}}`"), span),
        _ => Diagnostic::error("BFF0417", format!("the type of `{group}.{name}` is not known"), span)
            .help(format!("declare it under `inputs: {{ {group}: {{ {name}: {{ type: string }} }} }}`, or wire it to a call's parameter (`with:`), from which it takes schema and default")),
    };
    if let Some(near) = near {
        diag = diag.at(format!("did you mean `{group}.{near}`?"));
    }
    env.diags.push(diag);
    Some(TExpr { ty: Ty::error(), kind: TKind::Error, span })
}

/// Reads a member.
pub fn select(env: &mut Env, base: TExpr, field: &Spanned<String>, optional: bool, span: Span) -> TExpr {
    let through = base.ty.is_optional();
    let made = |ty: Ty, member_optional: bool, base: TExpr| TExpr {
        ty,
        kind: TKind::Field { base: Box::new(base), name: field.value.clone(), member_optional },
        span,
    };
    match base.ty.present().kind.clone() {
        TyKind::Error => TExpr { ty: Ty::error(), kind: TKind::Error, span },
        TyKind::Object(id) => {
            let Some((schema, required)) = property(env, id, field) else {
                return TExpr { ty: Ty::error(), kind: TKind::Error, span };
            };
            env.demand.field(id, &field.value);
            let ty = ty::of_schema(&env.specs.schemas, schema);
            if !required && !optional && !through {
                absent_read(env, id, field);
            }
            let ty = if !required || through { ty.optional() } else { ty };
            made(ty, !required, base)
        }
        TyKind::Map(_) => {
            let key = TExpr { ty: Ty::string(), kind: TKind::Str(field.value.clone()), span: field.span };
            element(env, base, key, optional, span)
        }
        TyKind::Warning => match field.value.as_str() {
            "call" | "code" | "message" => made(Ty::string(), false, base),
            other => {
                let diag = Diagnostic::error("BFF0404", format!("a warning has no field `{other}`"), field.span)
                    .help("a warning has `call`, `code` and `message`");
                env.diags.push(diag);
                TExpr { ty: Ty::error(), kind: TKind::Error, span }
            }
        },
        TyKind::Nullable(_) => mismatch(env, &base, "a field is read from an object that is there"),
        TyKind::Union(_) => super::matching::not_apart(env, &base),
        _ => mismatch(env, &base, &format!("`.{}` is read from an object", field.value)),
    }
}

fn property(env: &mut Env, id: SchemaId, field: &Spanned<String>) -> Option<(SchemaId, bool)> {
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return None };
    if let Some(found) = rules.properties.iter().find(|p| p.name == field.value) {
        let found = (found.schema, found.required);
        if let Kind::Unsupported { what, span } = &env.specs.schemas.get(found.0).kind {
            let diag = Diagnostic::error(
                "BFF0413",
                format!("`{}` uses {what}, which is not supported yet", field.value),
                field.span,
            )
            .label(*span, "its schema");
            env.diags.push(diag);
            return None;
        }
        return Some(found);
    }
    let mut diag =
        Diagnostic::error("BFF0404", format!("`{}` has no field `{}`", schema.name, field.value), field.span)
            .label(schema.span, "its schema");
    let names: Vec<&str> = rules.properties.iter().map(|p| p.name.as_str()).collect();
    match did_you_mean(&field.value, names.iter().copied()) {
        Some(near) => {
            diag =
                diag.at(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), field.span, near.to_string());
        }
        None if names.is_empty() => diag = diag.help("its schema declares no fields: it can only go out whole"),
        None => diag = diag.help(format!("it has {}", backticked(&names))),
    }
    if matches!(rules.additional, Additional::Schema(_)) {
        diag = diag.help("members that the schema does not name can only go out whole");
    }
    env.diags.push(diag);
    None
}

fn absent_read(env: &mut Env, id: SchemaId, field: &Spanned<String>) {
    let schema = env.specs.schemas.get(id);
    let Kind::Object(rules) = &schema.kind else { return };
    let Some(property) = rules.properties.iter().find(|p| p.name == field.value) else { return };
    let at = Span { end: field.span.start, ..field.span };
    env.diags.push(
        Diagnostic::error("BFF0406", format!("`{}` may be absent from `{}`", field.value, schema.name), field.span)
            .at("read as if it were always there")
            .label(property.span, "optional: `required` of its schema does not name it")
            .help(format!(
                "write `.?{}` to let it be optional from here on, with `.orValue(...)` where a value is needed",
                field.value
            ))
            .fix(format!("write `.?{}`", field.value), at, "?"),
    );
}

/// Reads an element by position or key.
fn element(env: &mut Env, base: TExpr, index: TExpr, optional: bool, span: Span) -> TExpr {
    let through = base.ty.is_optional();
    let (item, key) = match &base.ty.present().kind {
        TyKind::List(item) => (item.as_ref().clone(), Ty::int()),
        TyKind::Map(item) => (item.as_ref().clone(), Ty::string()),
        TyKind::Keyed(key, item) => (item.as_ref().clone(), key.as_ref().clone()),
        TyKind::Object(_) => return unsupported(env, span, "a computed key of an object with declared fields"),
        TyKind::Error => return TExpr { ty: Ty::error(), kind: TKind::Error, span },
        _ => return mismatch(env, &base, "`[...]` reads from a list or a map"),
    };
    env.demand.items(base.ty.present());
    let index = coerce(env, index, &Ty { schema: None, ..key }, "the index");
    if matches!(base.ty.present().kind, TyKind::Map(_)) && !optional && !through {
        env.diags.push(
            Diagnostic::error("BFF0406", "a map may lack this key", index.span)
                .help("write `[?key]` (or `.?key`) to let it be optional from here on"),
        );
    }
    if item.is_optional() && !optional && !through {
        env.diags.push(
            Diagnostic::error(
                "BFF0406",
                "this key may be missing: a call that fails is left out (`on_error: absent`)",
                index.span,
            )
            .help("write `[?key]` to let it be optional from here on"),
        );
    }
    let optional = optional || through || item.is_optional();
    let ty = if optional { item.optional() } else { item };
    TExpr { ty, kind: TKind::Index { base: Box::new(base), index: Box::new(index), optional }, span }
}

fn binary(env: &mut Env, scope: &mut Scope, expr: &Expr, op: &Spanned<BinaryOp>, left: &Expr, right: &Expr) -> TExpr {
    let span = expr.span;
    match op.value {
        BinaryOp::And => return conjunction(env, scope, expr),
        BinaryOp::Or => {
            // `x == null || f(x)`: where the right side runs, x is there.
            let (left, bind) = negated_clause(env, scope, left);
            let right = match &bind {
                Some((path, variable, ty)) => {
                    scope.proved.push((path.clone(), variable.clone(), ty.clone()));
                    let right = check_as(env, scope, right, &Ty::bool(), "`||`");
                    scope.proved.pop();
                    right
                }
                None => check_as(env, scope, right, &Ty::bool(), "`||`"),
            };
            if let (Some((_, variable, _)), Some(value)) = (bind, bound_value(&left)) {
                let clauses = vec![Clause::Bind { value, variable }];
                let otherwise = Box::new(TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span });
                return TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(right), otherwise }, span };
            }
            let left = coerce(env, left, &Ty::bool(), "`||`");
            let kind = TKind::Binary { op: BinaryOp::Or, left: Box::new(left), right: Box::new(right) };
            return TExpr { ty: Ty::bool(), kind, span };
        }
        _ => {}
    }
    let left = check(env, scope, left);
    let right = check(env, scope, right);
    if left.ty.is_error() || right.ty.is_error() {
        return TExpr { ty: Ty::error(), kind: TKind::Error, span };
    }
    match op.value {
        BinaryOp::Eq | BinaryOp::Ne => equality(env, span, op.value, left, right),
        BinaryOp::In => membership(env, span, left, right),
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => match ty::join(&left.ty, &right.ty) {
            Some(ty) if ty.is_scalar() => comparison(op.value, left, right, &ty, span),
            _ => operands(env, span, op, &left, &right),
        },
        BinaryOp::Add if matches!((&left.ty.kind, &right.ty.kind), (TyKind::Str, TyKind::Str)) => {
            let kind = TKind::Binary { op: op.value, left: Box::new(left), right: Box::new(right) };
            TExpr { ty: Ty::string(), kind, span }
        }
        _ => match ty::join(&left.ty, &right.ty).map(|ty| ty.kind) {
            Some(TyKind::Int) => arithmetic(op.value, left, right, Ty::int(), span),
            Some(TyKind::Double) if op.value != BinaryOp::Rem => arithmetic(op.value, left, right, Ty::double(), span),
            _ => operands(env, span, op, &left, &right),
        },
    }
}

fn arithmetic(op: BinaryOp, left: TExpr, right: TExpr, ty: Ty, span: Span) -> TExpr {
    let (left, right) = (adapt(left, &ty), adapt(right, &ty));
    TExpr { ty, kind: TKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

fn comparison(op: BinaryOp, left: TExpr, right: TExpr, ty: &Ty, span: Span) -> TExpr {
    let (left, right) = (adapt(left, ty), adapt(right, ty));
    TExpr { ty: Ty::bool(), kind: TKind::Binary { op, left: Box::new(left), right: Box::new(right) }, span }
}

fn equality(env: &mut Env, span: Span, op: BinaryOp, left: TExpr, right: TExpr) -> TExpr {
    let negated = op == BinaryOp::Ne;
    match (&left.ty.kind, &right.ty.kind) {
        (TyKind::Nullable(_), TyKind::Null) => {
            return TExpr { ty: Ty::bool(), kind: TKind::IsNull { value: Box::new(left), negated }, span };
        }
        (TyKind::Null, TyKind::Nullable(_)) => {
            return TExpr { ty: Ty::bool(), kind: TKind::IsNull { value: Box::new(right), negated }, span };
        }
        (_, TyKind::Null) | (TyKind::Null, _) => {
            let value = if matches!(left.ty.kind, TyKind::Null) { &right } else { &left };
            let found = value.ty.describe(&env.specs.schemas);
            let help = match value.ty.is_optional() {
                true => "absent and null are different things: ask with `has(...)` or `.hasValue()`",
                false => "remove the comparison: its result is always the same",
            };
            let diag =
                Diagnostic::error("BFF0405", format!("this is never null: it is {found}"), value.span).help(help);
            let diag = schema_label(env, diag, &value.ty);
            env.diags.push(diag);
            return TExpr { ty: Ty::error(), kind: TKind::Error, span };
        }
        // A nullable scalar against a scalar: null equals nothing else.
        (TyKind::Nullable(inner), _) if inner.is_scalar() && right.ty.is_scalar() => {
            return nullable_equality(env, span, op, left, right);
        }
        (_, TyKind::Nullable(inner)) if inner.is_scalar() && left.ty.is_scalar() => {
            return nullable_equality(env, span, op, right, left);
        }
        _ => {}
    }
    match ty::join(&left.ty, &right.ty) {
        Some(ty) if ty.is_scalar() => comparison(op, left, right, &ty, span),
        _ => operands(env, span, &Spanned::new(op, span), &left, &right),
    }
}

fn nullable_equality(env: &mut Env, span: Span, op: BinaryOp, nullable: TExpr, other: TExpr) -> TExpr {
    let TyKind::Nullable(inner) = nullable.ty.kind.clone() else { return nullable };
    let variable = "value".to_string();
    let local = TExpr { ty: *inner, kind: TKind::Local(variable.clone()), span: nullable.span };
    let then = equality(env, span, op, local, other);
    let otherwise = TExpr { ty: Ty::bool(), kind: TKind::Bool(op == BinaryOp::Ne), span };
    let clauses = vec![Clause::Bind { value: nullable, variable }];
    TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(then), otherwise: Box::new(otherwise) }, span }
}

fn membership(env: &mut Env, span: Span, left: TExpr, right: TExpr) -> TExpr {
    let (left, right) = match &right.ty.kind {
        TyKind::List(item) if item.is_scalar() && ty::join(&left.ty, item).is_some_and(|t| t.is_scalar()) => {
            let item = Ty { schema: None, ..item.as_ref().clone() };
            env.demand.items(&right.ty);
            (adapt(left, &item), right)
        }
        TyKind::Map(_) if matches!(left.ty.kind, TyKind::Str) => {
            env.demand.items(&right.ty);
            (left, right)
        }
        TyKind::Keyed(key, _) if ty::fits(&left.ty, key) => (left, right),
        _ => return operands(env, span, &Spanned::new(BinaryOp::In, span), &left, &right),
    };
    TExpr {
        ty: Ty::bool(),
        kind: TKind::Binary { op: BinaryOp::In, left: Box::new(left), right: Box::new(right) },
        span,
    }
}

fn operands(env: &mut Env, span: Span, op: &Spanned<BinaryOp>, left: &TExpr, right: &TExpr) -> TExpr {
    let symbol = symbol(op.value);
    let schemas = &env.specs.schemas;
    let (l, r) = (left.ty.describe(schemas), right.ty.describe(schemas));
    let mut diag = Diagnostic::error("BFF0405", format!("`{symbol}` does not go between {l} and {r}"), op.span)
        .label(left.span, l)
        .label(right.span, r);
    if left.ty.is_optional() || right.ty.is_optional() {
        diag = diag.help("a value that may be absent needs `.orValue(...)` first");
    } else if matches!(left.ty.kind, TyKind::Nullable(_)) || matches!(right.ty.kind, TyKind::Nullable(_)) {
        diag = diag.help("a value that may be null needs a check first: `x != null && ...`, or `.orValue(...)`");
    } else if ty::fits(&left.ty, &right.ty) && matches!(op.value, BinaryOp::Eq | BinaryOp::Ne) {
        diag = diag.help("only booleans, numbers and strings are compared; compare their fields");
    }
    env.diags.push(diag);
    TExpr { ty: Ty::error(), kind: TKind::Error, span }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "||",
        BinaryOp::And => "&&",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
    }
}

/// Checks a condition and the branches of a ternary; the first branch sees what the condition proves.
fn ternary(env: &mut Env, scope: &mut Scope, span: Span, condition: &Expr, then: &Expr, otherwise: &Expr) -> TExpr {
    // `x == null ? a : b` is `x != null ? b : a`.
    let (condition, then, otherwise) = match swapped(condition) {
        Some(condition) => (condition, otherwise, then),
        None => (condition.clone(), then, otherwise),
    };
    let depth = scope.proved.len();
    let mut clauses = Vec::new();
    collect_clauses(env, scope, &condition, &mut clauses);
    let then = check(env, scope, then);
    scope.proved.truncate(depth);
    let otherwise = check(env, scope, otherwise);
    let Some(ty) = ty::join(&then.ty, &otherwise.ty) else {
        let schemas = &env.specs.schemas;
        let (a, b) = (then.ty.describe(schemas), otherwise.ty.describe(schemas));
        let diag = Diagnostic::error("BFF0405", "both sides of `? :` are of one type", span)
            .label(then.span, a)
            .label(otherwise.span, b);
        env.diags.push(diag);
        return TExpr { ty: Ty::error(), kind: TKind::Error, span };
    };
    env.demand.joined(&then.ty, &ty);
    env.demand.joined(&otherwise.ty, &ty);
    let (then, otherwise) = (Box::new(adapt(then, &ty)), Box::new(adapt(otherwise, &ty)));
    TExpr { ty, kind: TKind::Cond { clauses, then, otherwise }, span }
}

fn swapped(condition: &Expr) -> Option<Expr> {
    match &condition.kind {
        ExprKind::Binary { op, left, right } if op.value == BinaryOp::Eq => {
            let null = |e: &Expr| matches!(e.kind, ExprKind::Null);
            (null(left) != null(right)).then(|| {
                let op = Spanned::new(BinaryOp::Ne, op.span);
                let kind = ExprKind::Binary { op, left: left.clone(), right: right.clone() };
                Expr { span: condition.span, kind }
            })
        }
        ExprKind::Not(inner) if presence(inner).is_some() => Some(inner.as_ref().clone()),
        _ => None,
    }
}

fn conjunction(env: &mut Env, scope: &mut Scope, expr: &Expr) -> TExpr {
    let depth = scope.proved.len();
    let mut clauses = Vec::new();
    collect_clauses(env, scope, expr, &mut clauses);
    scope.proved.truncate(depth);
    let span = expr.span;
    if !clauses.iter().any(|clause| matches!(clause, Clause::Bind { .. })) {
        let mut tests = clauses.into_iter().filter_map(|clause| match clause {
            Clause::Test(test) => Some(test),
            Clause::Bind { .. } => None,
        });
        let first = tests.next().unwrap_or(TExpr { ty: Ty::error(), kind: TKind::Error, span });
        return tests.fold(first, |left, right| {
            let span = left.span.to(right.span);
            let kind = TKind::Binary { op: BinaryOp::And, left: Box::new(left), right: Box::new(right) };
            TExpr { ty: Ty::bool(), kind, span }
        });
    }
    // What comes last is the result, so that no condition only returns `true`.
    let last = match clauses.pop() {
        Some(Clause::Test(test)) => test,
        Some(bind @ Clause::Bind { .. }) => {
            clauses.push(bind);
            TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span }
        }
        None => TExpr { ty: Ty::error(), kind: TKind::Error, span },
    };
    let otherwise = Box::new(TExpr { ty: Ty::bool(), kind: TKind::Bool(false), span });
    TExpr { ty: Ty::bool(), kind: TKind::Cond { clauses, then: Box::new(last), otherwise }, span }
}

/// Splits a condition at `&&`; each part is checked with what the parts before it proved.
fn collect_clauses(env: &mut Env, scope: &mut Scope, expr: &Expr, clauses: &mut Vec<Clause>) {
    if let ExprKind::Binary { op, left, right } = &expr.kind
        && op.value == BinaryOp::And
    {
        collect_clauses(env, scope, left, clauses);
        collect_clauses(env, scope, right, clauses);
        return;
    }
    if let Some(subject) = presence(expr)
        && let Some(path) = path_of(&subject)
    {
        let value = check(env, scope, &subject);
        let inner = match (&value.ty.kind, is_null_test(expr)) {
            (TyKind::Optional(inner), false) | (TyKind::Nullable(inner), true) => Some(inner.as_ref().clone()),
            _ => None,
        };
        if let Some(inner) = inner {
            let variable = fresh(scope, path.rsplit('.').next().unwrap_or(&path));
            scope.proved.push((path, variable.clone(), inner));
            clauses.push(Clause::Bind { value, variable });
            return;
        }
        if value.ty.is_error() {
            return;
        }
    }
    clauses.push(Clause::Test(check_as(env, scope, expr, &Ty::bool(), "a condition")));
}

/// A variable name for something proved that hides no other.
pub fn fresh(scope: &Scope, base: &str) -> String {
    let taken = |name: &str| {
        scope.locals.iter().any(|(n, _)| n == name)
            || scope.proved.iter().any(|(_, n, _)| n == name)
            || scope.calls.iter().any(|(n, _)| n == name)
    };
    let mut name = base.to_string();
    let mut count = 2;
    while taken(&name) {
        name = format!("{base}_{count}");
        count += 1;
    }
    name
}

/// What a condition says is there: `x != null`, `has(a.b)`, `x.hasValue()`.
fn presence(expr: &Expr) -> Option<Expr> {
    match &expr.kind {
        ExprKind::Binary { op, left, right } if op.value == BinaryOp::Ne => match (&left.kind, &right.kind) {
            (ExprKind::Null, ExprKind::Null) => None,
            (_, ExprKind::Null) => Some(left.as_ref().clone()),
            (ExprKind::Null, _) => Some(right.as_ref().clone()),
            _ => None,
        },
        ExprKind::Call { target: None, function, args } if function.value == "has" => match args.as_slice() {
            [Expr { kind: ExprKind::Select { base, field, .. }, span }] => {
                let kind = ExprKind::Select { base: base.clone(), field: field.clone(), optional: true };
                Some(Expr { span: *span, kind })
            }
            _ => None,
        },
        ExprKind::Call { target: Some(target), function, args } if function.value == "hasValue" && args.is_empty() => {
            Some(target.as_ref().clone())
        }
        _ => None,
    }
}

fn is_null_test(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { .. })
}

type Bound = Option<(String, String, Ty)>;

/// `x == null` or `!has(a.b)` on the left of `||`: the checked value, and what holds on the right.
fn negated_clause(env: &mut Env, scope: &mut Scope, left: &Expr) -> (TExpr, Bound) {
    if let Some(positive) = swapped(left)
        && let Some(subject) = presence(&positive)
        && let Some(path) = path_of(&subject)
    {
        let value = check(env, scope, &subject);
        let inner = match (&value.ty.kind, is_null_test(&positive)) {
            (TyKind::Optional(inner), false) | (TyKind::Nullable(inner), true) => Some(inner.as_ref().clone()),
            _ => None,
        };
        if let Some(inner) = inner {
            let variable = fresh(scope, path.rsplit('.').next().unwrap_or(&path));
            let kind = TKind::HasValue(Box::new(value));
            return (TExpr { ty: Ty::bool(), kind, span: left.span }, Some((path, variable, inner)));
        }
    }
    (check(env, scope, left), None)
}

fn bound_value(left: &TExpr) -> Option<TExpr> {
    match &left.kind {
        TKind::HasValue(value) => Some(value.as_ref().clone()),
        _ => None,
    }
}

/// Names for a message, at most eight.
pub fn backticked(names: &[&str]) -> String {
    let mut text = names.iter().take(8).map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    if names.len() > 8 {
        text.push_str(&format!(" and {} more", names.len() - 8));
    }
    text
}
