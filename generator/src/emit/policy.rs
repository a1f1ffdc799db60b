//! How a body is read: what all calls of an operation say stands at the operation, the rest at the call.

use proc_macro2::TokenStream;
use quote::quote;

use crate::composition::ast::{OnInvalid, Validate};
use crate::plan::Plan;
use crate::plan::model::Policy;

/// What the static of an operation says.
pub struct Shared {
    /// What all its calls agree on.
    pub policy: Policy,
    /// A call checks the whole body, so its rule must be there.
    pub whole: bool,
}

/// What the calls of an operation have in common.
pub fn shared(plan: &Plan, upstream: usize, operation: usize) -> Shared {
    let calls = || {
        let all = plan.endpoints.iter().flat_map(|endpoint| &endpoint.calls);
        all.filter(move |call| call.upstream == upstream && call.operation == operation).map(|call| &call.policy)
    };
    let Some(first) = calls().next() else { return Shared { policy: Policy::default(), whole: false } };
    let policy = Policy {
        timeout: None,
        validate: first.validate.filter(|_| calls().all(|policy| policy.validate == first.validate)),
        on_invalid: first.on_invalid.filter(|_| calls().all(|policy| policy.on_invalid == first.on_invalid)),
        open: calls().all(|policy| policy.open),
    };
    Shared { policy, whole: calls().any(|policy| policy.validate == Some(Validate::Full)) }
}

/// The builder calls for a policy, at the operation or at a call; `said` is left out.
pub fn chain(policy: &Policy, said: &Policy) -> TokenStream {
    let validate = match policy.validate.filter(|_| policy.validate != said.validate) {
        Some(Validate::Full) => Some(quote! { .validate_full() }),
        Some(Validate::Off) => Some(quote! { .validate_off() }),
        _ => None,
    };
    let reports = |policy: &Policy| policy.on_invalid == Some(OnInvalid::Report);
    let report = (reports(policy) && !reports(said)).then(|| quote! { .report_invalid() });
    let open = (policy.open && !said.open).then(|| quote! { .open() });
    quote! { #validate #report #open }
}
