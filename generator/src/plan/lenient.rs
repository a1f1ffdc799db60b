//! What does not pass against a document: of each leniency, the nearest place that names it counts.

use crate::composition::ast::{Leniency, Policies};

/// The leniencies that are refused; `policies` are the nearest first. What nobody names is granted.
pub fn refused(policies: &[&Policies]) -> Vec<Leniency> {
    let says = |policies: &Policies, leniency: Leniency| {
        let said = &policies.lenient.as_ref()?.said;
        said.iter().find(|(named, _)| *named == leniency).map(|(_, granted)| *granted)
    };
    let granted = |leniency| policies.iter().find_map(|policies| says(policies, leniency)).unwrap_or(true);
    Leniency::ALL.into_iter().filter(|leniency| !granted(*leniency)).collect()
}
