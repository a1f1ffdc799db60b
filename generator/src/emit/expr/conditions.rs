//! Conditions in Rust: conditionals, and names for what they prove.

use proc_macro2::TokenStream;
use quote::quote;

use super::{copied, expr};
use crate::emit::code::{Code, Form, Leaf, is_copy};
use crate::emit::held::{as_option, inside, materialise, nullable_as_option, unify};
use crate::emit::names::ident;
use crate::emit::scope::Scope;
use crate::emit::types::Types;
use crate::expr::ast::BinaryOp;
use crate::plan::fails::fallible;
use crate::plan::ir::{Clause, TExpr, TKind};
use crate::plan::ty::TyKind;

/// Binds what a condition proves: the pattern, and the variable's code in the branch.
pub(super) fn bind(types: &Types, scope: &mut Scope, value: &TExpr, variable: &str) -> (TokenStream, Code) {
    let code = materialise(expr(types, scope, value));
    let inner = match &value.ty.kind {
        TyKind::Optional(inner) | TyKind::Nullable(inner) => inner.as_ref().clone(),
        _ => value.ty.clone(),
    };
    let option = match value.ty.kind {
        TyKind::Nullable(_) => nullable_as_option(code),
        _ => as_option(&value.ty, code),
    };
    let name = ident(&scope.bind_name(variable));
    let bound = inside(&option, &inner, quote! { #name });
    (option.atom(), bound)
}

pub(super) fn cond(
    types: &Types,
    scope: &mut Scope,
    e: &TExpr,
    clauses: &[Clause],
    then: &TExpr,
    otherwise: &TExpr,
) -> Code {
    // `x.is_some_and(|x| ...)` reads better than a conditional that gives `false`.
    if let ([Clause::Bind { value, variable }], TKind::Bool(fallback)) = (clauses, &otherwise.kind)
        && !fallible(then)
    {
        let (subject, bound) = bind(types, scope, value, variable);
        let name = bound.tokens.clone();
        let body = scope.with_local(variable, bound, |scope| copied(types, scope, then).tokens);
        let method = ident(if *fallback { "is_none_or" } else { "is_some_and" });
        if matches!(then.kind, TKind::Bool(true)) && !*fallback {
            return Code::value(quote! { #subject.is_some() }, Leaf::Literal);
        }
        return Code::value(quote! { #subject.#method(|#name| #body) }, Leaf::Literal);
    }
    let mut conditions = Vec::new();
    let depth = scope.depth();
    for clause in clauses {
        match clause {
            Clause::Test(test) => {
                let code = copied(types, scope, test);
                // Beside others, all that binds less than `&&` needs parentheses.
                let loose = matches!(test.kind, TKind::Binary { op: BinaryOp::Or, .. } | TKind::Cond { .. });
                conditions.push(if loose && clauses.len() > 1 { code.atom() } else { code.tokens });
            }
            Clause::Bind { value, variable } => {
                let (subject, bound) = bind(types, scope, value, variable);
                let name = bound.tokens.clone();
                conditions.push(quote! { let Some(#name) = #subject });
                scope.push_local(variable, bound);
            }
        }
    }
    let then_code = expr(types, scope, then);
    scope.truncate(depth);
    let otherwise_code = expr(types, scope, otherwise);
    let codes = unify(vec![materialise(then_code), materialise(otherwise_code)], &e.ty);
    let (leaf, refs, slice) = (codes[0].leaf, codes[0].refs, codes[0].slice);
    let by_value = is_copy(&e.ty, leaf) || codes.iter().all(|code| code.form == Form::Value);
    let (a, b, form) = match by_value {
        true => (codes[0].tokens.clone(), codes[1].tokens.clone(), Form::Value),
        false => (codes[0].borrowed(), codes[1].borrowed(), Form::Ref),
    };
    let tokens = quote! { if #(#conditions)&&* { #a } else { #b } };
    Code { form, slice, ..Code::value(tokens, leaf).with_refs(refs).compound() }
}
