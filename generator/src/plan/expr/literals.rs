//! Lists and maps that are written out.

use super::{adapt, check, mismatch};
use crate::diag::Diagnostic;
use crate::expr::ast::Expr;
use crate::plan::ir::{Function, TExpr, TKind};
use crate::plan::scope::{Env, Scope};
use crate::plan::ty::{self, Ty, TyKind};
use crate::source::Span;

/// `[a, ?b]`
pub(super) fn list(env: &mut Env, scope: &mut Scope, span: Span, items: &[(Expr, bool)]) -> TExpr {
    let mut checked = Vec::new();
    let mut joined = Ty::new(TyKind::Never);
    for (item, optional) in items {
        let item = check(env, scope, item);
        let Some(ty) = entry_type(env, &item, *optional) else { return TExpr::error(span) };
        joined = match ty::join(&joined, &ty) {
            Some(joined) => joined,
            None => return mismatch(env, &item, "the items of a list are of one type"),
        };
        checked.push(item);
    }
    let item = Ty { schema: None, ..joined };
    let some_optional = items.iter().any(|(_, optional)| *optional);
    let held = if some_optional { item.clone().optional() } else { item.clone() };
    for value in &checked {
        env.demand.joined(&value.ty, &held);
    }
    let items = checked.into_iter().map(|value| adapt(value, &held)).collect();
    let list = TExpr { ty: Ty::list(held), kind: TKind::List(items), span };
    match some_optional {
        true if matches!(item.kind, TyKind::Never) => TExpr { ty: Ty::list(item), kind: TKind::List(Vec::new()), span },
        true => TExpr { ty: Ty::list(item), kind: TKind::Function(Function::Present, vec![list]), span },
        false => list,
    }
}

/// `{a: b, ?c: d}`
pub(super) fn map(env: &mut Env, scope: &mut Scope, span: Span, entries: &[(Expr, Expr, bool)]) -> TExpr {
    let mut checked: Vec<(TExpr, TExpr)> = Vec::new();
    let (mut key_type, mut value_type) = (Ty::new(TyKind::Never), Ty::new(TyKind::Never));
    for (key, value, optional) in entries {
        let key = check(env, scope, key);
        let value = check(env, scope, value);
        let Some(ty) = entry_type(env, &value, *optional) else { return TExpr::error(span) };
        if !optional && value.ty.is_optional() {
            return mismatch(env, &value, "a value of a map is always there, unless `?` stands before its key");
        }
        if key.ty.is_error() {
            return TExpr::error(span);
        }
        if !key.ty.is_key() {
            return mismatch(env, &key, "a key is a string, an integer or a boolean");
        }
        let joined = ty::join(&key_type, &key.ty).filter(Ty::is_key);
        let Some(key_joined) = joined else { return mismatch(env, &key, "the keys of a map are of one type") };
        let Some(value_joined) = ty::join(&value_type, &ty) else {
            return mismatch(env, &value, "the values of a map are of one type");
        };
        (key_type, value_type) = (key_joined, value_joined);
        if let Some((first, _)) = checked.iter().find(|(first, _)| same_literal(first, &key)) {
            let diag = Diagnostic::error("BFF0430", "this key comes twice", key.span).label(first.span, "first here");
            env.diags.push(diag.help("a map has each key once"));
        }
        checked.push((key, value));
    }
    let value = Ty { schema: None, ..value_type };
    for (_, found) in &checked {
        env.demand.joined(&found.ty, &value.clone().optional());
    }
    let optional = value.clone().optional();
    let entries = checked.into_iter().map(|(key, found)| {
        let found = if found.ty.is_optional() { adapt(found, &optional) } else { adapt(found, &value) };
        (key, found)
    });
    let kind = TKind::Table(entries.collect());
    TExpr { ty: Ty::table(Ty { schema: None, ..key_type }, value), kind, span }
}

/// The type of an item; of what stands behind `?`, the type it has when it is there.
fn entry_type(env: &mut Env, value: &TExpr, optional: bool) -> Option<Ty> {
    if value.ty.is_error() {
        return None;
    }
    if optional && !value.ty.is_optional() {
        mismatch(env, value, "`?` stands before a value that may be absent");
        return None;
    }
    Some(if optional { value.ty.present().clone() } else { value.ty.clone() })
}

/// Whether both are written out and the same.
pub(super) fn same_literal(a: &TExpr, b: &TExpr) -> bool {
    match (&a.kind, &b.kind) {
        (TKind::Str(a), TKind::Str(b)) => a == b,
        (TKind::Int(a), TKind::Int(b)) => a == b,
        (TKind::Bool(a), TKind::Bool(b)) => a == b,
        _ => false,
    }
}
