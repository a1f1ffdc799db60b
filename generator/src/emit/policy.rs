//! How a body is read: what all calls of an operation say stands at the operation, the rest at the call.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::ident;
use crate::composition::ast::{OnInvalid, Validate};
use crate::plan::Plan;
use crate::plan::model::{Policy, Stream};

/// What the static of an operation says.
pub struct Shared {
    /// What all its calls agree on.
    pub policy: Policy,
    /// A call checks the whole body, or may, so its rule must be there.
    pub whole: bool,
}

/// What the calls of each operation have in common, by upstream and position.
pub fn shared(plan: &Plan) -> Vec<Vec<Shared>> {
    let none = |_: &_| None;
    let mut all: Vec<Vec<Option<Shared>>> =
        plan.upstreams.iter().map(|upstream| upstream.operations.iter().map(none).collect()).collect();
    for call in plan.endpoints.iter().flat_map(|endpoint| &endpoint.calls) {
        let Some(known) = all.get_mut(call.upstream).and_then(|known| known.get_mut(call.operation)) else { continue };
        let whole = call.policy.validate == Some(Validate::Full) || call.policy.sample > 0;
        match known {
            None => *known = Some(Shared { policy: Policy { timeout: None, ..call.policy.clone() }, whole }),
            Some(Shared { policy, whole: any }) => {
                policy.validate = policy.validate.filter(|validate| call.policy.validate == Some(*validate));
                policy.on_invalid = policy.on_invalid.filter(|on_invalid| call.policy.on_invalid == Some(*on_invalid));
                policy.open &= call.policy.open;
                policy.any_format &= call.policy.any_format;
                if policy.sample != call.policy.sample {
                    policy.sample = 0;
                }
                policy.refused.retain(|leniency| call.policy.refused.contains(leniency));
                *any |= whole;
            }
        }
    }
    let shared = |known: Option<Shared>| known.unwrap_or(Shared { policy: Policy::default(), whole: false });
    all.into_iter().map(|known| known.into_iter().map(shared).collect()).collect()
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
    let any_format = (policy.any_format && !said.any_format).then(|| quote! { .any_format() });
    let refused = policy.refused.iter().filter(|leniency| !said.refused.contains(leniency));
    let refused = refused.map(|leniency| {
        let leniency = ident(&format!("{leniency:?}"));
        quote! { .refuse(Leniency::#leniency) }
    });
    let share = proc_macro2::Literal::u32_unsuffixed(policy.sample);
    let sample = (policy.sample != said.sample).then(|| quote! { .sample_per_million(#share) });
    quote! { #validate #report #open #any_format #(#refused)* #sample }
}

/// The builder calls for the limits of a body that is passed on.
pub fn stream(stream: &Stream) -> TokenStream {
    let literal = proc_macro2::Literal::u64_unsuffixed;
    let idle = stream.idle.map(literal).map(|ms| quote! { .idle_ms(#ms) });
    let bytes = stream.max_bytes.map(literal).map(|bytes| quote! { .max_bytes(#bytes) });
    quote! { #idle #bytes }
}
