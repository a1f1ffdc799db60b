//! The syntax tree of expressions. Macros (`has`, `map`, `filter` ...) are calls here: the checker knows them.

use crate::source::{Span, Spanned};

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Where it stands in the composition.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// Kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// What could not be read; a finding says why.
    Broken,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`, `0x2a`
    Int(i64),
    /// `4.2`, `1e3`
    Double(f64),
    /// `"text"`, `'text'`, raw and triple-quoted forms.
    Str(String),
    /// `b"bytes"`
    Bytes(Vec<u8>),
    /// `[a, ?b]`: item, and whether it is left out when absent.
    List(Vec<(Expr, bool)>),
    /// `{"a": 1, ?"b": x}`: key, value, and whether the entry is left out when absent.
    Map(Vec<(Expr, Expr, bool)>),
    /// `name`
    Ident(String),
    /// `base.field`, `base.?field`
    Select {
        /// What is read from.
        base: Box<Expr>,
        /// The field.
        field: Spanned<String>,
        /// `.?`
        optional: bool,
    },
    /// `base[index]`, `base[?index]`
    Index {
        /// What is read from.
        base: Box<Expr>,
        /// Position or key.
        index: Box<Expr>,
        /// `[?`
        optional: bool,
    },
    /// `function(args)`, `target.function(args)`; for names with a namespace (`math.greatest`) the
    /// target is the identifier `math`.
    Call {
        /// Receiver.
        target: Option<Box<Expr>>,
        /// Name.
        function: Spanned<String>,
        /// Arguments.
        args: Vec<Expr>,
    },
    /// `!x`
    Not(Box<Expr>),
    /// `-x`
    Negate(Box<Expr>),
    /// `a + b`
    Binary {
        /// The operator and its place.
        op: Spanned<BinaryOp>,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `cond ? a : b`
    Ternary {
        /// Condition.
        condition: Box<Expr>,
        /// If true.
        then: Box<Expr>,
        /// If false.
        otherwise: Box<Expr>,
    },
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum BinaryOp {
    Or,
    And,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    In,
    Add,
    Sub,
    Mul,
    Div,
    Rem,
}
