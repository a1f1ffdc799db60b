//! Names of the composition at a place, with the Rust that stands for each.

use std::collections::HashMap;
use std::rc::Rc;

use quote::quote;

use super::code::{Code, Leaf};
use super::names::{Names, ident, snake};
use super::shapes::Signature;
use super::types::Types;
use crate::plan::ty::{Ty, TyKind};

/// Names that generated functions use for themselves: modules of the runtime, and variables that stand
/// around an expression of the composition.
const RESERVED: &[&str] = &[
    "cx",
    "hooks",
    "inputs",
    "json",
    "root",
    "list",
    "text",
    "num",
    "paging",
    "conv",
    "ops",
    "shapes",
    "a",
    "b",
    "all",
    "any",
    "count",
    "made",
    "candidate",
    "container",
    "needle",
    "batch",
    "compare",
    "batch_or",
    "batch_present",
    "each",
    "each_present",
    "holds",
    "hook",
    "when",
];

/// The names of a function, before the composition's are added.
pub fn reserved() -> Names {
    Names::with(RESERVED)
}

/// What names mean in the function that is being emitted.
#[derive(Default)]
pub struct Scope {
    /// Inputs, by position.
    pub inputs: Vec<Code>,
    /// Calls, by position; a place once they are joined, a reference where they are waited for.
    pub calls: Vec<Option<Code>>,
    /// Variables, innermost last.
    pub locals: Vec<(String, Code)>,
    /// Rust names in the function.
    pub names: Names,
    /// Rust names of the composition's variables: the same name is the same identifier.
    pub variables: HashMap<String, String>,
    /// Hooks: what callers need to know.
    pub hooks: Rc<[super::hooks::Method]>,
    /// Named shapes: what callers need to know.
    pub shapes: Rc<[Signature]>,
    /// What is known of calls beside their values, where it is asked for: position and name
    /// of the call, variable.
    pub metas: Vec<(usize, String, proc_macro2::Ident)>,
    /// Cells for the texts of keys that are made.
    pub texts: Vec<proc_macro2::Ident>,
    /// Modules whose types are named by path: parent and name.
    pub modules: std::collections::BTreeSet<(String, String)>,
    /// Calls that can fail softly, in order.
    pub soft_calls: Vec<String>,
    /// The same with what misses them.
    pub parts: Vec<(String, Vec<String>)>,
}

impl Scope {
    /// A variable.
    pub fn local(&self, name: &str) -> Code {
        let found = self.locals.iter().rev().find(|(n, _)| n == name);
        found.map_or_else(|| Code::value(quote! { () }, Leaf::Literal), |(_, code)| code.clone())
    }

    /// An input.
    pub fn input(&self, at: usize) -> Code {
        self.inputs.get(at).cloned().unwrap_or_else(|| Code::value(quote! { () }, Leaf::Literal))
    }

    /// A call's value.
    pub fn call(&self, at: usize) -> Code {
        self.calls.get(at).cloned().flatten().unwrap_or_else(|| Code::value(quote! { () }, Leaf::Literal))
    }

    /// The identifier of a variable of the composition.
    pub fn bind_name(&mut self, variable: &str) -> String {
        if let Some(name) = self.variables.get(variable) {
            return name.clone();
        }
        let name = self.names.take(&snake(variable), "_item");
        self.variables.insert(variable.to_string(), name.clone());
        name
    }

    /// The parameter of a closure that reads a field of an object: its type's name.
    pub fn closure_name(&mut self, object: &Ty, types: &Types) -> String {
        let name = match &object.kind {
            TyKind::Object(id) => types.home(*id).map_or_else(|| "value".to_string(), |home| snake(&home.name)),
            _ => "value".to_string(),
        };
        self.bind_name(&name)
    }

    /// Runs with one more variable.
    pub fn with_local<T>(&mut self, name: &str, code: Code, run: impl FnOnce(&mut Self) -> T) -> T {
        self.locals.push((name.to_string(), code));
        let result = run(self);
        self.locals.pop();
        result
    }

    /// Runs in a place of its own: names that are taken there are free behind it.
    pub fn apart<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        let (names, variables) = (self.names.clone(), self.variables.clone());
        let result = run(self);
        (self.names, self.variables) = (names, variables);
        result
    }

    /// The same for a buffer of its own, whose writer is the root.
    pub fn buffer<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.apart(|scope| {
            scope.names.free("root");
            run(scope)
        })
    }

    /// Adds a variable.
    pub fn push_local(&mut self, name: &str, code: Code) {
        self.locals.push((name.to_string(), code));
    }

    /// How many variables there are.
    pub fn depth(&self) -> usize {
        self.locals.len()
    }

    /// Back to so many variables.
    pub fn truncate(&mut self, depth: usize) {
        self.locals.truncate(depth);
    }

    /// A fresh identifier for something that has no name in the composition.
    pub fn fresh(&mut self, base: &str, suffix: &str) -> proc_macro2::Ident {
        ident(&self.names.take(&snake(base), suffix))
    }
}
