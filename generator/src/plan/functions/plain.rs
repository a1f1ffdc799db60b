//! Functions of plain values, by the table of signatures; conversions; parts of timestamps.

use super::signatures::{PARTS, SIGNATURES, Signature};
use super::{FUNCTIONS, METHODS, any_error, arity, constants, made, methods, unknown};
use crate::diag::Diagnostic;
use crate::plan::by_type::Want;
use crate::plan::expr::{adapt, coerce, unless_there, unsupported, wants};
use crate::plan::ir::{Function, Native, TExpr, TKind};
use crate::plan::scope::Env;
use crate::plan::ty::{self, Ty, TyKind};
use crate::source::{Span, Spanned};

/// A method of a string, a number, a time or bytes.
pub fn method(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    let name = function.value.as_str();
    match (name, &target.ty.kind) {
        ("matches", TyKind::Str) => return matches(env, span, target, function, args),
        ("substring", TyKind::Str) => return substring(env, span, target, function, args),
        (_, TyKind::Timestamp) => {
            if let Some((_, part)) = PARTS.iter().find(|(known, _)| *known == name) {
                return self::part(env, span, part, target, function, args);
            }
            if name == "getMilliseconds" && args.len() == 1 {
                args.remove(0);
            }
        }
        _ => {}
    }
    args.insert(0, target);
    let named: Vec<&Signature> = SIGNATURES.iter().filter(|row| row.method && row.name == name).collect();
    let here: Vec<&Signature> =
        named.iter().filter(|row| row.args.first().is_some_and(|on| on.is(&args[0].ty))).copied().collect();
    if here.is_empty() {
        return match methods().contains(&name) {
            true => {
                let rule = format!("`{name}` is for {}", receivers(name, &named));
                match receiver(name) {
                    Some(want) => wants(env, &args[0], want, &rule),
                    None => unless_there(env, &args[0], &rule, |ty| {
                        named.iter().any(|row| row.args.first().is_some_and(|on| on.is(ty)))
                            || name == "size" && matches!(ty.kind, TyKind::List(_) | TyKind::Map(_) | TyKind::Table(..))
                    }),
                }
            }
            false => unknown(env, function, &methods(), span),
        };
    }
    apply(env, span, &here, function, args)
}

/// What a method is for, where that is one type.
pub fn receiver(name: &str) -> Option<Want> {
    let mut on = SIGNATURES.iter().filter(|row| row.method && row.name == name).map(|row| row.args.first()).peekable();
    match name {
        "size" | "reverse" => None,
        "matches" | "substring" => Some(Want::Ty(Ty::string())),
        _ if on.peek().is_some() => {
            on.all(|on| matches!(on, Some(super::signatures::Plain::S))).then(|| Want::Ty(Ty::string()))
        }
        "sum" | "min" | "max" | "join" | "flatten" | "distinct" | "first" | "last" | "take" | "slice" | "sort" => {
            Some(Want::List)
        }
        _ => None,
    }
}

/// What a method is for, in words.
fn receivers(name: &str, named: &[&Signature]) -> String {
    let mut on: Vec<&str> = Vec::new();
    for row in named {
        on.push(match row.args.first() {
            Some(super::signatures::Plain::S) => "a string",
            Some(super::signatures::Plain::Y) => "bytes",
            Some(super::signatures::Plain::T) => "a timestamp",
            _ => "a duration",
        });
    }
    if PARTS.iter().any(|part| part.0 == name) {
        on.push("a timestamp");
    }
    match name {
        "size" => on.extend(["a list", "a map"]),
        "matches" | "substring" | "format" => on.push("a string"),
        "reverse" => on.push("a list"),
        _ if METHODS.contains(&name) => on.push("a list"),
        _ => {}
    }
    on.dedup();
    one_of(&on)
}

/// A function with a name of its own: `math.abs(x)`, `int(x)`.
pub fn function(env: &mut Env, span: Span, name: &str, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if any_error(&args) {
        return TExpr::error(span);
    }
    if args.len() == 1
        && let Some(done) = shown(name, &mut args, span)
    {
        return done;
    }
    if matches!(name, "math.greatest" | "math.least") {
        return extreme(env, span, name == "math.greatest", function, args);
    }
    let rows: Vec<&Signature> = SIGNATURES.iter().filter(|row| !row.method && row.name == name).collect();
    if rows.is_empty() {
        let space = name.rsplit_once('.').map(|(space, _)| format!("{space}."));
        let known: Vec<&str> = match &space {
            Some(space) => SIGNATURES.iter().filter_map(|row| row.name.strip_prefix(space.as_str())).collect(),
            None => FUNCTIONS.to_vec(),
        };
        return unknown(env, function, &known, span);
    }
    apply(env, span, &rows, function, args)
}

/// Conversions that need no function of the runtime.
fn shown(name: &str, args: &mut Vec<TExpr>, span: Span) -> Option<TExpr> {
    let kind = &args[0].ty.kind;
    let same = matches!(
        (name, kind),
        ("int", TyKind::Int)
            | ("double", TyKind::Double)
            | ("bool", TyKind::Bool)
            | ("string", TyKind::Str)
            | ("bytes", TyKind::Bytes)
            | ("timestamp", TyKind::Timestamp)
            | ("duration", TyKind::Duration)
    );
    if same {
        return Some(TExpr { span, ..args.remove(0) });
    }
    match (name, kind) {
        ("double", TyKind::Int) => Some(made(Ty::double(), Function::DoubleOfInt, vec![args.remove(0)], span)),
        ("string", TyKind::Int | TyKind::Bool | TyKind::Timestamp | TyKind::Duration) => {
            Some(made(Ty::string(), Function::TextOfShown, vec![args.remove(0)], span))
        }
        _ => None,
    }
}

/// Calls the first of several functions of one name that takes the arguments: exactly, else widened.
fn apply(env: &mut Env, span: Span, rows: &[&Signature], function: &Spanned<String>, args: Vec<TExpr>) -> TExpr {
    let exact = |row: &&&Signature| {
        row.args.len() == args.len() && row.args.iter().zip(&args).all(|(want, arg)| want.is(&arg.ty))
    };
    let wide = |row: &&&Signature| {
        row.args.len() == args.len() && row.args.iter().zip(&args).all(|(want, arg)| ty::fits(&arg.ty, &want.ty()))
    };
    let counted: Vec<&&Signature> = rows.iter().filter(|row| row.args.len() == args.len()).collect();
    // Of several of so many arguments, none is wanted more than the others.
    let only = if let [only] = counted.as_slice() { Some(*only) } else { None };
    let row = rows.iter().find(exact).or_else(|| rows.iter().find(wide)).or(only);
    let method = rows.first().is_some_and(|row| row.method);
    let Some(row) = row else {
        if counted.is_empty() {
            let mut counts: Vec<usize> = rows.iter().map(|row| row.args.len() - usize::from(method)).collect();
            counts.dedup();
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            let plural = if counts == ["1"] { "" } else { "s" };
            return arity(env, function, &format!("with {} argument{plural}", one_of(&counts)), span);
        }
        let wanted: Vec<String> = counted
            .iter()
            .filter_map(|row| row.args.get(usize::from(method)))
            .map(|want| want.ty().describe(&env.specs.schemas))
            .collect();
        let Some(arg) = args.get(usize::from(method)) else { return TExpr::error(span) };
        let would =
            |ty: &Ty| counted.iter().filter_map(|row| row.args.get(usize::from(method))).any(|want| want.is(ty));
        return unless_there(env, arg, &format!("`{}` wants {}", function.value, one_of(&wanted)), would);
    };
    if let [arg] = args.as_slice() {
        constants::check(env, row.name, arg);
    }
    let who = format!("`{}`", function.value);
    let args = args.into_iter().zip(row.args).map(|(arg, want)| coerce(env, arg, &want.ty(), &who)).collect();
    made(row.result.ty(), Function::Native(row.native), args, span)
}

/// `math.greatest(a, b, ...)`, of numbers or of one list.
fn extreme(env: &mut Env, span: Span, greatest: bool, function: &Spanned<String>, mut args: Vec<TExpr>) -> TExpr {
    if let [list] = args.as_slice()
        && matches!(&list.ty.kind, TyKind::List(item) if matches!(item.kind, TyKind::Int | TyKind::Double))
    {
        env.demand.items(&list.ty);
        let TyKind::List(item) = list.ty.kind.clone() else { return TExpr::error(span) };
        let ty = Ty { schema: None, ..*item };
        return made(ty, if greatest { Function::Max } else { Function::Min }, args, span);
    }
    if args.is_empty() {
        return arity(env, function, "with at least one argument", span);
    }
    if let Some(wrong) = args.iter().find(|arg| !matches!(arg.ty.kind, TyKind::Int | TyKind::Double)) {
        let would = |ty: &Ty| matches!(ty.kind, TyKind::Int | TyKind::Double);
        return unless_there(env, &wrong.clone(), &format!("`{}` is for numbers", function.value), would);
    }
    let double = args.iter().any(|arg| matches!(arg.ty.kind, TyKind::Double));
    let (ty, path) = match (double, greatest) {
        (true, true) => (Ty::double(), "math::greatest"),
        (true, false) => (Ty::double(), "math::least"),
        (false, true) => (Ty::int(), "i64::max"),
        (false, false) => (Ty::int(), "i64::min"),
    };
    let first = adapt(args.remove(0), &ty);
    let native = Function::Native(Native { path, fails: false });
    args.into_iter().fold(TExpr { span, ..first }, |best, arg| {
        let arg = adapt(arg, &ty);
        made(ty.clone(), native, vec![best, arg], span)
    })
}

/// `t.getHours()`, `t.getHours('+02:00')`.
fn part(
    env: &mut Env,
    span: Span,
    part: &'static str,
    target: TExpr,
    function: &Spanned<String>,
    mut args: Vec<TExpr>,
) -> TExpr {
    let mut all = vec![target];
    match args.len() {
        0 => {}
        1 => {
            let zone = coerce(env, args.remove(0), &Ty::string(), &format!("`{}`", function.value));
            constants::zone(env, &zone);
            all.push(zone);
        }
        _ => return arity(env, function, "without arguments, or with a time zone", span),
    }
    made(Ty::int(), Function::Part(part), all, span)
}

fn substring(env: &mut Env, span: Span, target: TExpr, function: &Spanned<String>, args: Vec<TExpr>) -> TExpr {
    if !matches!(args.len(), 1 | 2) {
        return arity(env, function, "`text.substring(start)` or `text.substring(start, end)`", span);
    }
    let mut all = vec![target];
    all.extend(args.into_iter().map(|arg| coerce(env, arg, &Ty::int(), "`substring`")));
    made(Ty::string(), Function::Substring, all, span)
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
                return TExpr::error(span);
            }
            made(Ty::bool(), Function::Matches, vec![target, pattern], span)
        }
        _ => unsupported(env, pattern.span, "a pattern that is not a text literal"),
    }
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        names => names.concat(),
    }
}
