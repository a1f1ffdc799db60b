//! The functions and macros of the language: what they take and give.

use super::expr::{adapt, check, check_as, coerce, mismatch, unsupported};
use super::ir::{Function, MacroOp, TExpr, TKind};
use super::scope::{Env, Scope};
use super::ty::{self, Ty, TyKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::expr::ast::{Expr, ExprKind};
use crate::source::{Span, Spanned};

/// Methods, for "did you mean".
const METHODS: &[&str] = &[
    "all",
    "exists",
    "exists_one",
    "map",
    "filter",
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "lowerAscii",
    "upperAscii",
    "trim",
    "replace",
    "split",
    "join",
    "substring",
    "indexOf",
    "sum",
    "min",
    "max",
    "flatten",
    "distinct",
    "first",
    "last",
    "reverse",
    "orValue",
    "hasValue",
    "optMap",
];
const FUNCTIONS: &[&str] = &["has", "size", "int", "double", "string"];

/// Checks a call of a function, a method, a macro or a hook.
pub fn call(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: Option<&Expr>,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let name = function.value.as_str();
    match target {
        Some(Expr { kind: ExprKind::Ident(space), .. }) if space == "optional" && scope.local(space).is_none() => {
            match (name, args) {
                ("of", [value]) => {
                    let value = check(env, scope, value);
                    TExpr { ty: value.ty.clone().optional(), kind: TKind::Some(Box::new(value)), span }
                }
                _ => unsupported(env, span, &format!("`optional.{name}`")),
            }
        }
        Some(target) => match macro_op(name) {
            Some(op) => list_macro(env, scope, span, op, target, function, args),
            None if name == "optMap" => opt_map(env, scope, span, target, function, args),
            None => {
                let target = check(env, scope, target);
                let args: Vec<TExpr> = args.iter().map(|arg| check(env, scope, arg)).collect();
                method(env, span, target, function, args)
            }
        },
        None if name == "has" => has(env, scope, span, function, args),
        None if env.hooks.iter().any(|hook| hook.name == name) => hook(env, scope, span, name, args),
        None => {
            let mut args: Vec<TExpr> = args.iter().map(|arg| check(env, scope, arg)).collect();
            match (name, args.len()) {
                ("int" | "double" | "string", 1) => conversion(env, span, name, args.remove(0)),
                ("size", 1) => method(env, span, args.remove(0), function, Vec::new()),
                _ => unknown(env, function, FUNCTIONS, span),
            }
        }
    }
}

fn made(ty: Ty, function: Function, args: Vec<TExpr>, span: Span) -> TExpr {
    TExpr { ty, kind: TKind::Function(function, args), span }
}

fn failed(span: Span) -> TExpr {
    TExpr { ty: Ty::error(), kind: TKind::Error, span }
}

fn macro_op(name: &str) -> Option<MacroOp> {
    Some(match name {
        "all" => MacroOp::All,
        "exists" => MacroOp::Exists,
        "exists_one" | "existsOne" => MacroOp::ExistsOne,
        "map" => MacroOp::Map,
        "filter" => MacroOp::Filter,
        _ => return None,
    })
}

fn unknown(env: &mut Env, function: &Spanned<String>, known: &[&str], span: Span) -> TExpr {
    let name = &function.value;
    let mut diag = Diagnostic::error("BFF0414", format!("there is no function `{name}` here"), function.span);
    let hooks: Vec<String> = env.hooks.iter().map(|hook| hook.name.clone()).collect();
    let known = known.iter().copied().chain(hooks.iter().map(String::as_str));
    match did_you_mean(name, known) {
        Some(near) => {
            diag = diag.at(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                function.span,
                near.to_string(),
            );
        }
        None => diag = diag.help("`docs/language.md` lists all functions; what is missing can be a hook"),
    }
    env.diags.push(diag);
    failed(span)
}

fn arity(env: &mut Env, function: &Spanned<String>, usage: &str, span: Span) -> TExpr {
    let message = format!("`{}` is written {usage}", function.value);
    env.diags.push(Diagnostic::error("BFF0414", message, function.span));
    failed(span)
}

fn list_macro(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    op: MacroOp,
    target: &Expr,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let list = check(env, scope, target);
    let name = &function.value;
    let (variable, filter, body) = match (op, args) {
        (_, [Expr { kind: ExprKind::Ident(variable), .. }, body]) => (variable, None, body),
        (MacroOp::Map, [Expr { kind: ExprKind::Ident(variable), .. }, filter, body]) => (variable, Some(filter), body),
        _ => return arity(env, function, &format!("`list.{name}(x, ...)`, with a name of your choice for `x`"), span),
    };
    let item = match &list.ty.kind {
        TyKind::List(item) => item.as_ref().clone(),
        TyKind::Error => return failed(span),
        _ => return mismatch(env, &list, &format!("`{name}` goes over a list")),
    };
    env.demand.items(&list.ty);
    let who = format!("the condition of `{name}`");
    let (filter, body) = scope.without_hooks("a macro over a list", |scope| {
        scope.with_local(variable, item.clone(), |scope| {
            let filter = filter.map(|f| Box::new(check_as(env, scope, f, &Ty::bool(), "the condition of `map`")));
            let body = match op {
                MacroOp::Map => check(env, scope, body),
                _ => check_as(env, scope, body, &Ty::bool(), &who),
            };
            (filter, body)
        })
    });
    let ty = match op {
        MacroOp::All | MacroOp::Exists | MacroOp::ExistsOne => Ty::bool(),
        MacroOp::Filter => Ty::list(item),
        MacroOp::Map if body.ty.is_error() => Ty::error(),
        MacroOp::Map => Ty::list(body.ty.clone()),
    };
    let kind = TKind::Macro { op, list: Box::new(list), variable: variable.clone(), filter, body: Box::new(body) };
    TExpr { ty, kind, span }
}

fn opt_map(
    env: &mut Env,
    scope: &mut Scope,
    span: Span,
    target: &Expr,
    function: &Spanned<String>,
    args: &[Expr],
) -> TExpr {
    let value = check(env, scope, target);
    let [Expr { kind: ExprKind::Ident(variable), .. }, body] = args else {
        return arity(env, function, "`value.optMap(x, ...)`, with a name of your choice for `x`", span);
    };
    let inner = match &value.ty.kind {
        TyKind::Optional(inner) => inner.as_ref().clone(),
        TyKind::Error => return failed(span),
        _ => return mismatch(env, &value, "`optMap` is for a value that may be absent"),
    };
    let body =
        scope.without_hooks("`optMap`", |scope| scope.with_local(variable, inner, |scope| check(env, scope, body)));
    if body.ty.is_error() {
        return failed(span);
    }
    let ty = body.ty.clone().optional();
    let kind = TKind::OptMap { value: Box::new(value), variable: variable.clone(), body: Box::new(body) };
    TExpr { ty, kind, span }
}

fn has(env: &mut Env, scope: &mut Scope, span: Span, function: &Spanned<String>, args: &[Expr]) -> TExpr {
    let [Expr { kind: ExprKind::Select { base, field, .. }, span: at }] = args else {
        return arity(env, function, "`has(value.field)`", span);
    };
    let kind = ExprKind::Select { base: base.clone(), field: field.clone(), optional: true };
    let value = check(env, scope, &Expr { span: *at, kind });
    match &value.ty.kind {
        TyKind::Error => failed(span),
        TyKind::Optional(_) => TExpr { ty: Ty::bool(), kind: TKind::HasValue(Box::new(value)), span },
        _ => {
            let message = format!("`{}` is always there", field.value);
            let mut diag = Diagnostic::warning("BFF0420", message, field.span)
                .help("the schema requires it, so `has(...)` is always true: remove it");
            if let Some(id) = value.ty.schema {
                diag = diag.label(env.specs.schemas.get(id).span, "its schema");
            }
            env.diags.push(diag);
            TExpr { ty: Ty::bool(), kind: TKind::Bool(true), span }
        }
    }
}

fn hook(env: &mut Env, scope: &mut Scope, span: Span, name: &str, args: &[Expr]) -> TExpr {
    let Some(at) = env.hooks.iter().position(|hook| hook.name == name) else { return failed(span) };
    env.hooks_used[at] = true;
    let signature = env.hooks[at].clone();
    if let Some(place) = scope.no_hooks {
        env.diags.push(
            Diagnostic::error("BFF0413", format!("a hook cannot be called in {place}"), span)
                .help("call it as a value of the response, and pass it the whole list"),
        );
        return failed(span);
    }
    if args.len() != signature.args.len() {
        let wanted: Vec<&str> = signature.args.iter().map(|(n, _)| n.as_str()).collect();
        env.diags.push(
            Diagnostic::error(
                "BFF0414",
                format!("`{name}` takes {} arguments, not {}", wanted.len(), args.len()),
                span,
            )
            .label(signature.span, format!("declared as `{name}({})`", wanted.join(", "))),
        );
        return failed(span);
    }
    let mut checked = Vec::new();
    for (arg, (arg_name, ty)) in args.iter().zip(&signature.args) {
        checked.push(check_as(env, scope, arg, ty, &format!("`{arg_name}` of the hook `{name}`")));
    }
    TExpr { ty: signature.returns, kind: TKind::Hook(at, checked), span }
}

fn conversion(env: &mut Env, span: Span, name: &str, value: TExpr) -> TExpr {
    use Function::*;
    let (ty, function) = match (name, &value.ty.kind) {
        (_, TyKind::Error) => return failed(span),
        ("int", TyKind::Int) => (Ty::int(), Same),
        ("int", TyKind::Double) => (Ty::int(), IntOfDouble),
        ("int", TyKind::Str) => (Ty::int(), IntOfText),
        ("double", TyKind::Double) => (Ty::double(), Same),
        ("double", TyKind::Int) => (Ty::double(), DoubleOfInt),
        ("double", TyKind::Str) => (Ty::double(), DoubleOfText),
        ("string", TyKind::Str) => (Ty::string(), Same),
        ("string", TyKind::Int) => (Ty::string(), TextOfInt),
        ("string", TyKind::Double) => (Ty::string(), TextOfDouble),
        ("string", TyKind::Bool) => (Ty::string(), TextOfBool),
        _ => return mismatch(env, &value, &format!("`{name}(...)` converts a number, a string or a boolean")),
    };
    match function {
        Same => TExpr { span, ..value },
        _ => made(ty, function, vec![value], span),
    }
}

fn method(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, args: Vec<TExpr>) -> TExpr {
    let name = function.value.as_str();
    if target.ty.is_error() || args.iter().any(|arg| arg.ty.is_error()) {
        return failed(span);
    }
    match (name, &target.ty.kind) {
        ("hasValue", TyKind::Optional(_)) if args.is_empty() => {
            return TExpr { ty: Ty::bool(), kind: TKind::HasValue(Box::new(target)), span };
        }
        ("orValue", TyKind::Optional(_) | TyKind::Nullable(_)) => return or_value(env, span, target, function, args),
        ("orValue" | "hasValue", _) => {
            return mismatch(env, &target, &format!("`{name}` is for a value that may be absent or null"));
        }
        _ => {}
    }
    match target.ty.kind.clone() {
        TyKind::Str => text_method(env, span, target, function, args),
        TyKind::List(item) => list_method(env, span, target, *item, function, args),
        TyKind::Map(_) | TyKind::Keyed(..) if name == "size" && args.is_empty() => {
            env.demand.items(&target.ty);
            made(Ty::int(), Function::SizeMap, vec![target], span)
        }
        _ if !METHODS.contains(&name) => unknown(env, function, METHODS, span),
        _ => mismatch(env, &target, &format!("`{name}` is for a string or a list")),
    }
}

fn or_value(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if args.len() != 1 {
        return arity(env, function, "`value.orValue(other)`", span);
    }
    let other = args.remove(0);
    let inner = match &target.ty.kind {
        TyKind::Optional(inner) | TyKind::Nullable(inner) => inner.as_ref().clone(),
        _ => return failed(span),
    };
    // Of a value that may be absent or null, both are replaced, unless the other may be null itself.
    let inner = match inner.kind {
        TyKind::Nullable(inner) if !matches!(other.ty.kind, TyKind::Nullable(_) | TyKind::Null) => *inner,
        kind => Ty { kind, schema: inner.schema },
    };
    let Some(ty) = ty::join(&inner, &other.ty).filter(|ty| !ty.is_optional()) else {
        return coerce(env, other, &inner, "`orValue`");
    };
    // The value that is there must have the Rust type of the joined type: only a scalar can be widened there.
    if !ty::fits(&ty, &Ty { schema: None, ..inner.clone() }) {
        return coerce(env, other, &inner, "`orValue`");
    }
    env.demand.joined(&inner, &ty);
    env.demand.joined(&other.ty, &ty);
    let other = adapt(other, &ty);
    TExpr { ty, kind: TKind::OrValue(Box::new(target), Box::new(other)), span }
}

fn text_method(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, args: Vec<TExpr>) -> TExpr {
    use Function::*;
    let text = Ty::string();
    let (wanted, ty, op): (&[TyKind], Ty, Function) = match function.value.as_str() {
        "size" => (&[], Ty::int(), SizeText),
        "contains" => (&[TyKind::Str], Ty::bool(), Contains),
        "startsWith" => (&[TyKind::Str], Ty::bool(), StartsWith),
        "endsWith" => (&[TyKind::Str], Ty::bool(), EndsWith),
        "matches" => return matches(env, span, target, function, args),
        "lowerAscii" => (&[], text, Lower),
        "upperAscii" => (&[], text, Upper),
        "trim" => (&[], text, Trim),
        "replace" => (&[TyKind::Str, TyKind::Str], text, Replace),
        "split" => (&[TyKind::Str], Ty::list(text), Split),
        "substring" if args.len() == 1 => (&[TyKind::Int], text, Substring),
        "substring" => (&[TyKind::Int, TyKind::Int], text, Substring),
        "indexOf" => (&[TyKind::Str], Ty::int(), IndexOf),
        name if METHODS.contains(&name) => return mismatch(env, &target, &format!("`{name}` is for a list")),
        _ => return unknown(env, function, METHODS, span),
    };
    if args.len() != wanted.len() {
        return arity(
            env,
            function,
            &format!("with {} argument{}", wanted.len(), if wanted.len() == 1 { "" } else { "s" }),
            span,
        );
    }
    let who = format!("`{}`", function.value);
    let mut all = vec![target];
    for (arg, kind) in args.into_iter().zip(wanted) {
        all.push(coerce(env, arg, &Ty::new(kind.clone()), &who));
    }
    made(ty, op, all, span)
}

fn matches(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if args.len() != 1 {
        return arity(env, function, "`text.matches('pattern')`", span);
    }
    let pattern = args.remove(0);
    match &pattern.kind {
        TKind::Str(text) => {
            if let Err(error) = regex_syntax::parse(text) {
                let why = error.to_string();
                let why = why.lines().last().unwrap_or("").trim().trim_start_matches("error: ").to_string();
                let diag =
                    Diagnostic::error("BFF0405", format!("this is not a regular expression: {why}"), pattern.span)
                        .help("the syntax is RE2's, as in CEL");
                env.diags.push(diag);
                return failed(span);
            }
            made(Ty::bool(), Function::Matches, vec![target, pattern], span)
        }
        _ => unsupported(env, pattern.span, "a pattern that is not a text literal"),
    }
}

fn list_method(
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
    let count = if name == "join" { args.len().min(1) } else { 0 };
    if METHODS.contains(&name) && args.len() != count {
        return arity(env, function, "without arguments", span);
    }
    let wrong =
        |env: &mut Env, target: &TExpr, what: &str| mismatch(env, target, &format!("`{name}` is for a list of {what}"));
    let (ty, op) = match (name, &item.kind) {
        ("size", _) => (Ty::int(), SizeList),
        ("sum", TyKind::Int) => (Ty::int(), SumInt),
        ("sum", TyKind::Double) => (Ty::double(), SumDouble),
        ("sum", _) => return wrong(env, &target, "numbers"),
        ("min" | "max", TyKind::Int | TyKind::Double | TyKind::Str) => {
            (Ty { schema: None, ..item }, if name == "min" { Min } else { Max })
        }
        ("min" | "max", _) => return wrong(env, &target, "numbers or strings"),
        ("join", TyKind::Str) => (Ty::string(), Join),
        ("join", _) => return wrong(env, &target, "strings"),
        ("flatten", TyKind::List(inner)) => (Ty::list(inner.as_ref().clone()), Flatten),
        ("flatten", _) => return wrong(env, &target, "lists"),
        ("distinct", TyKind::Int | TyKind::Str | TyKind::Bool) => (Ty::list(item), Distinct),
        ("distinct", _) => return wrong(env, &target, "strings or integers"),
        ("first", _) => (item.optional(), First),
        ("last", _) => (item.optional(), Last),
        ("reverse", _) => (Ty::list(item), Reverse),
        _ if METHODS.contains(&name) => return mismatch(env, &target, &format!("`{name}` is for a string")),
        _ => return unknown(env, function, METHODS, span),
    };
    if let (Flatten, TyKind::List(inner)) = (op, &target.ty.kind) {
        env.demand.items(inner);
    }
    let mut all = vec![target];
    for arg in args {
        all.push(coerce(env, arg, &Ty::string(), "`join`"));
    }
    made(ty, op, all, span)
}
