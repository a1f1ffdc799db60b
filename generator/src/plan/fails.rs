//! Which expressions can fail when they are evaluated.

use super::ir::{Function, MetaField, Native, TExpr, TKind};
use super::ty::TyKind;
use super::walk;
use crate::expr::ast::BinaryOp::{Add, Div, Mul, Rem, Sub};

/// Whether evaluating an expression can fail.
pub fn fallible(e: &TExpr) -> bool {
    let mut fails = false;
    walk::expr(e, &mut |e| fails |= alone(e));
    fails
}

/// Whether the node itself can fail, its parts aside.
pub fn alone(e: &TExpr) -> bool {
    match &e.kind {
        TKind::Binary { op: Add | Sub | Mul | Div | Rem, .. } => matches!(e.ty.kind, TyKind::Int),
        TKind::Negate(_) => matches!(e.ty.kind, TyKind::Int),
        TKind::Index { optional, .. } => !optional,
        TKind::Function(function, args) => match function {
            Function::Native(Native { fails, .. }) => *fails,
            Function::Part(_) => args.len() > 1,
            Function::SumInt
            | Function::Min
            | Function::Max
            | Function::Substring
            | Function::Slice
            | Function::Value => true,
            _ => false,
        },
        // Keys that are not written out may come twice.
        TKind::Table(entries) => !entries.iter().all(|(key, _)| is_constant(key)),
        TKind::Hook(..) => true,
        TKind::Meta(_, MetaField::Header { required, .. }) => *required,
        TKind::KeyedMeta { optional, .. } => !optional,
        _ => false,
    }
}

fn is_constant(key: &TExpr) -> bool {
    matches!(key.kind, TKind::Str(_) | TKind::Int(_) | TKind::Bool(_))
}

/// Whether an expression calls a hook, which is waited for.
pub fn waits(e: &TExpr) -> bool {
    let mut waits = false;
    walk::expr(e, &mut |e| waits |= matches!(e.kind, TKind::Hook(..)));
    waits
}
