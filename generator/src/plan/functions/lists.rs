//! Functions of lists.

use super::{METHODS, arity, made, methods, unknown};
use crate::plan::expr::{coerce, mismatch};
use crate::plan::ir::{Function, TExpr, TKind};
use crate::plan::scope::Env;
use crate::plan::ty::{Ty, TyKind};
use crate::source::{Span, Spanned};

/// A method of a list.
pub fn method(
    env: &mut Env,
    span: Span,
    target: TExpr,
    item: Ty,
    function: &Spanned<String>,
    args: Vec<TExpr>,
) -> TExpr {
    use Function::*;
    let name = function.value.as_str();
    env.demand.items(&target.ty);
    let (wanted, usage): (&[Ty], _) = match name {
        "join" if args.len() == 1 => (&[Ty::string()], "`list.join('separator')`"),
        "take" => (&[Ty::int()], "`list.take(count)`"),
        "slice" => (&[Ty::int(), Ty::int()], "`list.slice(start, end)`"),
        "flatten" if args.len() == 1 => return flatten(env, span, target, args, function),
        _ => (&[], "without arguments"),
    };
    if name == "unwrapOpt" && args.is_empty() {
        return super::optionals::unwrap(env, span, target, function);
    }
    let known = METHODS.contains(&name) || matches!(name, "size" | "reverse");
    if known && args.len() != wanted.len() {
        return arity(env, function, usage, span);
    }
    let empty = matches!(&target.kind, TKind::List(items) if items.is_empty());
    if known && (empty || matches!(item.kind, TyKind::Never)) {
        return of_nothing(env, span, target, &item, function);
    }
    let wrong =
        |env: &mut Env, target: &TExpr, what: &str| mismatch(env, target, &format!("`{name}` is for a list of {what}"));
    let (ty, op) = match (name, &item.kind) {
        ("size", _) => (Ty::int(), SizeList),
        ("sum", TyKind::Int) => (Ty::int(), SumInt),
        ("sum", TyKind::Double) => (Ty::double(), SumDouble),
        ("sum", _) => return wrong(env, &target, "numbers"),
        ("min" | "max", TyKind::Int | TyKind::Double | TyKind::Str | TyKind::Timestamp | TyKind::Duration) => {
            (Ty { schema: None, ..item }, if name == "min" { Min } else { Max })
        }
        ("min" | "max", _) => return wrong(env, &target, "numbers, strings or times"),
        ("join", TyKind::Str) => (Ty::string(), Join),
        ("join", _) => return wrong(env, &target, "strings"),
        ("flatten", TyKind::List(inner)) => (Ty::list(inner.as_ref().clone()), Flatten),
        ("flatten", _) => return wrong(env, &target, "lists"),
        ("distinct", _) if item.is_ordered() => (Ty::list(item), Distinct),
        ("distinct", _) => return wrong(env, &target, "strings, numbers, booleans or times"),
        ("sort", _) if item.is_ordered() => (Ty::list(item), Sort),
        ("sort", _) => return wrong(env, &target, "strings, numbers, booleans or times"),
        ("first", _) => (item.optional(), First),
        ("last", _) => (item.optional(), Last),
        ("reverse", _) => (Ty::list(item), Reverse),
        ("take", _) => (Ty::list(item), Take),
        ("slice", _) => (Ty::list(item), Slice),
        _ if methods().contains(&name) => {
            let error = mismatch(env, &target, &format!("`{name}` is not for a list"));
            if let Some(diag) = env.diags.last_mut().filter(|_| name == "contains") {
                diag.help.push("whether it has an item: `item in list`".into());
            }
            return error;
        }
        _ => return unknown(env, function, &methods(), span),
    };
    if let (Flatten, TyKind::List(inner)) = (op, &target.ty.kind) {
        env.demand.items(inner);
    }
    let mut all = vec![target];
    for (arg, want) in args.into_iter().zip(wanted) {
        all.push(coerce(env, arg, want, &format!("`{name}`")));
    }
    if let (Take, Some(count)) = (op, all.get(1)) {
        crate::plan::constants::count(env, count, "`take`");
    }
    made(ty, op, all, span)
}

/// `list.flatten(2)`: so many levels at once.
fn flatten(env: &mut Env, span: Span, target: TExpr, args: Vec<TExpr>, function: &Spanned<String>) -> TExpr {
    let TKind::Int(depth) = args[0].kind else {
        return arity(env, function, "`list.flatten()`, or with the number of levels written out", span);
    };
    let mut list = target;
    for _ in 0..depth.clamp(0, 16) {
        let TyKind::List(item) = list.ty.kind.clone() else { break };
        if !matches!(item.kind, TyKind::List(_)) {
            break;
        }
        list = method(env, span, list, *item, function, Vec::new());
    }
    list
}

/// What a function gives for an empty list, whose items have no type.
fn of_nothing(env: &mut Env, span: Span, target: TExpr, item: &Ty, function: &Spanned<String>) -> TExpr {
    let name = function.value.as_str();
    let of = |ty: Ty, kind: TKind| TExpr { ty, kind, span };
    match name {
        "sum" if matches!(item.kind, TyKind::Double) => of(Ty::double(), TKind::Double(0.0)),
        "size" | "sum" => of(Ty::int(), TKind::Int(0)),
        "join" => of(Ty::string(), TKind::Str(String::new())),
        "first" | "last" => of(item.clone().optional(), TKind::Absent),
        "flatten" => match &item.kind {
            TyKind::List(_) => TExpr { span, ty: item.clone(), ..target },
            _ => TExpr { span, ..target },
        },
        "reverse" | "take" | "distinct" | "sort" => TExpr { span, ..target },
        "min" | "max" | "slice" => mismatch(env, &target, &format!("`{name}` of a list that is always empty fails")),
        _ => unknown(env, function, &methods(), span),
    }
}
