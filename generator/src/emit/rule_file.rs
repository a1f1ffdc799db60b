//! A file of nothing but rules: what the rules say can be tested without endpoints around them.

use quote::quote;

use super::print;
use super::rules::Rules;
use super::types::Uses;
use super::{RUNTIME_NAMES, head};
use crate::schema::{SchemaId, Schemas};

/// A module with the rule of each schema, as they stand in generated crates: `pub static RULES: &[&Rule]`.
///
/// # Errors
/// The text does not parse as Rust: a defect of this crate.
pub fn rule_file(schemas: &Schemas, roots: &[SchemaId]) -> Result<String, String> {
    let mut rules = Rules::default();
    rules.reserve("RULES");
    let references: Vec<_> = roots.iter().map(|id| rules.reference(schemas, *id)).collect();
    let mut uses = Uses::default();
    uses.runtime("Rule");
    let mut items = rules.into_items();
    items.push(quote! {
        /// The rule of each schema, in order.
        pub static RULES: &[&Rule] = &[#(#references),*];
    });
    uses.mentioned(&items, RUNTIME_NAMES);
    print::file(&head(&["Rules of schemas.".to_owned()]), uses.tokens(), items)
}
