//! The functions and macros of the language: what they take and give.

mod constants;
mod format;
mod lists;
mod macros;
mod optionals;
mod plain;
mod signatures;

use super::by_type;
use super::expr::check;
use super::ir::{Function, TExpr, TKind};
use super::scope::{Env, Scope};
use super::structure::{Taker, accept};
use super::ty::{Ty, TyKind};
use crate::diag::Diagnostic;
use crate::diag::suggest::did_you_mean;
use crate::diag::words::counted;
use crate::expr::ast::{Expr, ExprKind};
use crate::source::{Span, Spanned};

/// Methods that are not in the table of signatures, for "did you mean".
const METHODS: &[&str] = &[
    "all",
    "exists",
    "exists_one",
    "existsOne",
    "map",
    "filter",
    "sortBy",
    "groupBy",
    "indexBy",
    "optMap",
    "optFlatMap",
    "orValue",
    "or",
    "value",
    "hasValue",
    "matches",
    "format",
    "substring",
    "join",
    "sum",
    "min",
    "max",
    "flatten",
    "distinct",
    "first",
    "last",
    "take",
    "slice",
    "sort",
    "unwrapOpt",
];
const FUNCTIONS: &[&str] = &["has", "matches", "int", "double", "string", "bytes", "bool", "timestamp", "duration"];
/// Names before a dot that are no values.
const NAMESPACES: &[&str] = &["optional", "math", "strings", "lists", "base64"];

/// Whether a name is that of a function that is called by its name alone.
pub fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name) || name == "size"
}

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
        Some(Expr { kind: ExprKind::Ident(space), .. })
            if NAMESPACES.contains(&space.as_str())
                && scope.local(space).is_none()
                && !scope.calls.iter().any(|(call, _)| call == space) =>
        {
            let args: Vec<TExpr> = args.iter().map(|arg| check(env, scope, arg)).collect();
            if space == "optional" {
                return optionals::namespace(env, span, function, args);
            }
            plain::function(env, span, &format!("{space}.{name}"), function, args)
        }
        Some(target) => match name {
            _ if macros::is_macro(name) => macros::list_macro(env, scope, span, target, function, args),
            "optMap" | "optFlatMap" => macros::opt_map(env, scope, span, target, function, args),
            "format" => format::check(env, scope, span, target, function, args),
            _ => {
                let target = optionals::target(env, scope, target, name);
                let args: Vec<TExpr> = args.iter().map(|arg| check(env, scope, arg)).collect();
                method(env, span, target, function, args)
            }
        },
        None if name == "has" => macros::has(env, scope, span, function, args),
        None if env.hooks.iter().any(|hook| hook.name == name) => hook(env, scope, span, name, args),
        None if env.refused_hooks.contains(name) => {
            args.iter().for_each(|arg| drop(check(env, scope, arg)));
            TExpr::error(span)
        }
        None => {
            let mut args: Vec<TExpr> = args.iter().map(|arg| check(env, scope, arg)).collect();
            match (name, args.len()) {
                ("size", 1) | ("matches", 2) => {
                    let target = args.remove(0);
                    method(env, span, target, function, args)
                }
                ("size", _) => arity(env, function, "`size(x)` or `x.size()`", span),
                ("matches", _) => arity(env, function, "`matches(x, 'pattern')` or `x.matches('pattern')`", span),
                _ => plain::function(env, span, name, function, args),
            }
        }
    }
}

fn made(ty: Ty, function: Function, args: Vec<TExpr>, span: Span) -> TExpr {
    TExpr { ty, kind: TKind::Function(function, args), span }
}

fn any_error(args: &[TExpr]) -> bool {
    args.iter().any(|arg| arg.ty.is_error())
}

fn unknown(env: &mut Env, function: &Spanned<String>, known: &[&str], span: Span) -> TExpr {
    let name = &function.value;
    let mut diag = Diagnostic::error("BFF0414", format!("there is no function `{name}` here"), function.span);
    let hooks: Vec<String> = env.hooks.iter().map(|hook| hook.name.clone()).collect();
    let known = known.iter().copied().chain(hooks.iter().map(String::as_str));
    match did_you_mean(name, known) {
        _ if hooks.contains(name) => {
            diag = diag.help(format!("a hook is called by its name alone: `{name}(...)`"));
        }
        Some(near) => {
            diag = diag.meant(near, function.span);
        }
        None => diag = diag.help("`docs/language.md` lists all functions; what is missing can be a hook"),
    }
    env.diags.push(diag);
    TExpr::error(span)
}

fn arity(env: &mut Env, function: &Spanned<String>, usage: &str, span: Span) -> TExpr {
    let message = format!("`{}` is written {usage}", function.value);
    env.diags.push(Diagnostic::error("BFF0414", message, function.span));
    TExpr::error(span)
}

fn hook(env: &mut Env, scope: &mut Scope, span: Span, name: &str, args: &[Expr]) -> TExpr {
    let Some(at) = env.hooks.iter().position(|hook| hook.name == name) else { return TExpr::error(span) };
    env.hooks_used[at] = true;
    let signature = env.hooks[at].clone();
    if let Some(place) = scope.no_hooks {
        env.diags.push(
            Diagnostic::error("BFF0413", format!("a hook cannot be called in {place}"), span)
                .help("call it as a value of the response, and pass it the whole list"),
        );
        return TExpr::error(span);
    }
    if args.len() != signature.args.len() {
        let wanted: Vec<&str> = signature.args.iter().map(|(n, _)| n.as_str()).collect();
        env.diags.push(
            Diagnostic::error(
                "BFF0414",
                format!("`{name}` takes {}, not {}", counted(wanted.len(), "argument"), args.len()),
                span,
            )
            .label(signature.span, format!("declared as `{name}({})`", wanted.join(", "))),
        );
        return TExpr::error(span);
    }
    let mut checked = Vec::new();
    for (arg, (arg_name, ty)) in args.iter().zip(&signature.args) {
        let taker =
            Taker { owner: format!("the hook `{name}`"), argument: arg_name, span: signature.span, promises: false };
        checked.push(accept(env, scope, arg, ty, &taker));
    }
    TExpr { ty: signature.returns, kind: TKind::Hook(at, checked), span }
}

fn method(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, args: Vec<TExpr>) -> TExpr {
    let name = function.value.as_str();
    if target.ty.is_error() || any_error(&args) {
        if let Some(want) = plain::receiver(name) {
            by_type::wanted(env, target.span, want);
        }
        return TExpr::error(span);
    }
    if optionals::is_method(name, &target.ty) {
        return optionals::method(env, span, target, function, args);
    }
    match target.ty.kind.clone() {
        TyKind::List(item) => lists::method(env, span, target, *item, function, args),
        TyKind::Map(_) | TyKind::Keyed(..) | TyKind::Table(..) if name == "size" && args.is_empty() => {
            env.demand.items(&target.ty);
            made(Ty::int(), Function::SizeMap, vec![target], span)
        }
        _ => plain::method(env, span, target, function, args),
    }
}

/// Every name of a method.
fn methods() -> Vec<&'static str> {
    let plain = signatures::SIGNATURES.iter().filter(|signature| signature.method).map(|signature| signature.name);
    METHODS.iter().copied().chain(plain).chain(signatures::PARTS.iter().map(|part| part.0)).collect()
}
