//! Whether generated code reads a variable, rather than another of the same name.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Arm, Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprPath, Macro, Pat, Stmt};

use super::tidy::mentions;

/// Whether a block reads it.
pub fn block(block: &Block, name: &Ident) -> bool {
    let mut reads = Reads { name, found: false };
    reads.visit_block(block);
    reads.found
}

/// Whether an expression reads it.
pub fn expr(e: &Expr, name: &Ident) -> bool {
    let mut reads = Reads { name, found: false };
    reads.visit_expr(e);
    reads.found
}

struct Reads<'a> {
    name: &'a Ident,
    found: bool,
}

impl Reads<'_> {
    /// Whether a pattern makes another variable of the name.
    fn hides(&self, pattern: &Pat) -> bool {
        mentions(&pattern.to_token_stream(), self.name) > 0
    }

    /// Whether a condition does.
    fn proves(&self, condition: &Expr) -> bool {
        match condition {
            Expr::Let(proof) => self.hides(&proof.pat),
            Expr::Binary(both) => self.proves(&both.left) || self.proves(&both.right),
            _ => false,
        }
    }
}

impl<'ast> Visit<'ast> for Reads<'_> {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.found |= path.path.is_ident(self.name);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.found |= mentions(&call.to_token_stream(), self.name) > 0;
    }

    fn visit_expr_closure(&mut self, closure: &'ast ExprClosure) {
        if !closure.inputs.iter().any(|input| self.hides(input)) {
            self.visit_expr(&closure.body);
        }
    }

    fn visit_expr_for_loop(&mut self, each: &'ast ExprForLoop) {
        self.visit_expr(&each.expr);
        if !self.hides(&each.pat) {
            self.visit_block(&each.body);
        }
    }

    fn visit_expr_if(&mut self, branch: &'ast ExprIf) {
        self.visit_expr(&branch.cond);
        if !self.proves(&branch.cond) {
            self.visit_block(&branch.then_branch);
        }
        if let Some((_, otherwise)) = &branch.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_arm(&mut self, arm: &'ast Arm) {
        if !self.hides(&arm.pat) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for statement in &block.stmts {
            match statement {
                Stmt::Local(local) => {
                    if let Some(init) = &local.init {
                        self.visit_expr(&init.expr);
                    }
                    if self.hides(&local.pat) {
                        return;
                    }
                }
                other => self.visit_stmt(other),
            }
        }
    }
}
