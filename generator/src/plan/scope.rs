//! What names mean at a place: inputs, calls, variables, and what conditions have proved.

use std::collections::HashSet;

use super::demand::Demand;
use super::ir::{Input, TShape};
use super::ty::Ty;
use crate::composition::ast::InputPlace;
use crate::diag::Diagnostic;
use crate::expr::ast::{Expr, ExprKind};
use crate::openapi::Specs;
use crate::schema::SchemaId;
use crate::source::Span;

/// What all checks share: the schemas, what is wanted of them, and the findings.
pub struct Env<'a> {
    /// Documents and schemas.
    pub specs: &'a mut Specs,
    /// What is read so far.
    pub demand: Demand,
    /// Findings so far.
    pub diags: Vec<Diagnostic>,
    /// Hooks that can be called.
    pub hooks: Vec<HookSignature>,
    /// Hooks that are refused where they are declared: what calls them is not blamed.
    pub refused_hooks: HashSet<String>,
    /// Whether each hook is called anywhere.
    pub hooks_used: Vec<bool>,
    /// Unions of success bodies that differ by status: members, union.
    pub answer_unions: Vec<(Vec<SchemaId>, SchemaId)>,
    /// Shapes that use themselves: that is said where they are declared.
    pub circular_shapes: HashSet<String>,
    /// Findings that something of a wanted type may help.
    pub gaps: Vec<super::by_type::Gap>,
    /// What named shapes make, by position.
    pub shape_bodies: Vec<TShape>,
    /// Which of them were held against which schema: whether they may be absent, and must be whole.
    pub shapes_fitted: HashSet<(usize, SchemaId, bool, bool)>,
    /// Schemas of the composition that are broken: that is said where they stand.
    pub refused: HashSet<SchemaId>,
}

/// What is known of a hook where it is called.
#[derive(Clone, Debug)]
pub struct HookSignature {
    /// Its name.
    pub name: String,
    /// Arguments with their types.
    pub args: Vec<(String, Ty)>,
    /// The result.
    pub returns: Ty,
    /// Where it is declared.
    pub span: Span,
}

/// The names that can be used at a place.
#[derive(Default)]
pub struct Scope {
    /// Inputs of the endpoint.
    pub inputs: Vec<Input>,
    /// Whether each input is used.
    pub inputs_used: Vec<bool>,
    /// Calls of the endpoint with their types; `None` while not checked yet.
    pub calls: Vec<(String, Option<Ty>)>,
    /// What is known of the answers of each call, once it is checked.
    pub facts: Vec<Option<super::meta::CallFacts>>,
    /// The call that is checked: it cannot name itself.
    pub calling: Option<usize>,
    /// Whether `warnings` means something here.
    pub warnings: bool,
    /// Variables, innermost last.
    pub locals: Vec<(String, Ty)>,
    /// Paths (`profile.avatar`) that a condition has proved to be there: path, variable, type.
    pub proved: Vec<(String, String, Ty)>,
    /// Inside a lambda or another place where nothing can be awaited: what to call it.
    pub no_hooks: Option<&'static str>,
    /// Calls that were referred to, by position.
    pub calls_used: Vec<bool>,
}

impl Scope {
    /// The position of an input.
    pub fn input(&self, place: InputPlace, name: &str) -> Option<usize> {
        self.inputs.iter().position(|input| {
            input.place == place
                && match place {
                    InputPlace::Body => true,
                    // RFC 9110, section 5.1: field names are case-insensitive.
                    InputPlace::Header => input.name.eq_ignore_ascii_case(name),
                    _ => input.name == name,
                }
        })
    }

    /// A variable's type.
    pub fn local(&self, name: &str) -> Option<&Ty> {
        self.locals.iter().rev().find(|(n, _)| n == name).map(|(_, ty)| ty)
    }

    /// Variables that stand in the composition, innermost last: the compiler's own have a space in their name.
    pub fn written_locals(&self) -> impl DoubleEndedIterator<Item = &(String, Ty)> {
        self.locals.iter().filter(|(name, _)| !name.contains(' '))
    }

    /// Runs a check with one more variable.
    pub fn with_local<T>(&mut self, name: &str, ty: Ty, check: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push((name.to_string(), ty));
        // A variable hides what was proved of a path that starts with its name.
        let hidden: Vec<_> = self.proved.extract_if(.., |(path, _, _)| root_of(path) == name).collect();
        let result = check(self);
        self.proved.extend(hidden);
        self.locals.pop();
        result
    }

    /// Runs a check where nothing can be awaited.
    pub fn without_hooks<T>(&mut self, place: &'static str, check: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.no_hooks.replace(place);
        let result = check(self);
        self.no_hooks = before;
        result
    }
}

/// The group of inputs that a name stands for.
pub fn input_place(name: &str) -> Option<InputPlace> {
    Some(match name {
        "path" => InputPlace::Path,
        "query" => InputPlace::Query,
        "header" => InputPlace::Header,
        "cookie" => InputPlace::Cookie,
        "body" => InputPlace::Body,
        _ => return None,
    })
}

/// The other way round.
pub fn place_name(place: InputPlace) -> &'static str {
    match place {
        InputPlace::Path => "path",
        InputPlace::Query => "query",
        InputPlace::Header => "header",
        InputPlace::Cookie => "cookie",
        InputPlace::Body => "body",
    }
}

/// `a.b.c` of a chain of names, whether written with `.` or `.?`; none for anything else.
pub fn path_of(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Ident(name) => Some(name.clone()),
        ExprKind::Select { base, field, .. } => Some(format!("{}.{}", path_of(base)?, field.value)),
        ExprKind::Index { base, index, .. } => match &index.kind {
            ExprKind::Str(key) => Some(format!("{}.{key}", path_of(base)?)),
            _ => None,
        },
        _ => None,
    }
}

fn root_of(path: &str) -> &str {
    path.split('.').next().unwrap_or(path)
}
