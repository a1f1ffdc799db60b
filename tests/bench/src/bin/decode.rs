//! What reading the dashboard's bodies takes: the decoders of the generated web BFF, with all their rules, against
//! `serde_json` with the borrowed, pruned types that an expert writes, which check nothing, and against parsing a body
//! and the `jsonschema` crate. `cargo run --release -p bffgen-bench --bin decode`.

#[path = "lean/types.rs"]
#[expect(dead_code, reason = "of the types of the lean BFF only those of the dashboard are measured")]
mod lean;
#[rustfmt::skip]
#[path = "../../../../examples/shop/web-bff/src/generated"]
#[expect(dead_code, reason = "of the generated modules only the types of the dashboard are measured")]
mod generated {
    pub mod places;
    #[path = "upstreams/mod.rs"]
    pub mod upstreams;
}

use bff_runtime::json::{Decode, DecodeOptions, Rule, decode};
use bffgen_bench::bodies;
use bffgen_bench::race::{Candidate, race};
use generated::upstreams::notifications::NotificationPage;
use generated::upstreams::orders::OrderPage;
use generated::upstreams::users::Profile;
use serde::Deserialize;
use serde_json::{Value, json};

fn ours<'a, T: Decode<'a>>(body: &'a [u8], rules: bool) -> Option<T> {
    let options = DecodeOptions { rules, ..DecodeOptions::response() };
    decode(body, &Rule::ANY, &options).ok().map(|decoded| decoded.value)
}

fn pruned<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// The same order or notification again and again, until the body has about a megabyte; of each a hundredth is read.
fn large() -> Value {
    let orders = bodies::orders();
    let about = orders["items"].as_array().map(|items| json!({ "history": items }));
    let items: Vec<Value> = (0..50)
        .map(|index| {
            let mut item = orders["items"][index % 20].clone();
            item["attachments"] = about.clone().unwrap_or_default();
            item
        })
        .collect();
    json!({ "items": items })
}

/// The schema of a page of orders, with those that it refers to.
fn order_page() -> Value {
    let document = include_str!("../../../../specs/orders.yaml");
    let document: Value = serde_yaml::from_str(document).unwrap_or_else(|error| panic!("{error}"));
    json!({ "$ref": "#/components/schemas/OrderPage", "components": document["components"] })
}

fn main() {
    let (profile, orders, notifications) = (bodies::profile(), bodies::orders(), bodies::notifications());
    let parts = [profile.to_string(), orders.to_string(), notifications.to_string()];
    // One after the other in one slice: a race is over one body.
    let ends = [parts[0].len(), parts[0].len() + parts[1].len()];
    let all = parts.concat();
    let all_three = |rules: bool| {
        move |body: &[u8]| {
            let (first, rest) = body.split_at(ends[0]);
            let (second, third) = rest.split_at(ends[1] - ends[0]);
            let read = (
                ours::<Profile>(first, rules),
                ours::<OrderPage>(second, rules),
                ours::<NotificationPage>(third, rules),
            );
            let (Some(_), Some(orders), Some(notifications)) = read else { return 0 };
            orders.items.len() + notifications.items.len()
        }
    };
    let theirs = |body: &[u8]| {
        let (first, rest) = body.split_at(ends[0]);
        let (second, third) = rest.split_at(ends[1] - ends[0]);
        let read = (
            pruned::<lean::Profile>(first),
            pruned::<lean::OrderPage>(second),
            pruned::<lean::NotificationPage>(third),
        );
        let (Some(_), Some(orders), Some(notifications)) = read else { return 0 };
        orders.items.len() + notifications.items.len()
    };
    let (checked, unchecked) = (all_three(true), all_three(false));
    let candidates: [Candidate<'_>; 3] = [
        ("serde_json, borrowed and pruned", &theirs),
        ("generated, all rules", &checked),
        ("generated, no rules", &unchecked),
    ];
    race("the dashboard's three bodies", all.as_bytes(), &candidates);

    let orders = |body: &[u8]| ours::<OrderPage>(body, true).map_or(0, |page| page.items.len());
    let serde_orders = |body: &[u8]| pruned::<lean::OrderPage>(body).map_or(0, |page| page.items.len());
    let validator = jsonschema::validator_for(&order_page()).unwrap_or_else(|error| panic!("{error}"));
    let judged =
        |body: &[u8]| usize::from(serde_json::from_slice::<Value>(body).is_ok_and(|value| validator.is_valid(&value)));
    let candidates: [Candidate<'_>; 3] = [
        ("serde_json, borrowed and pruned", &serde_orders),
        ("generated, all rules", &orders),
        ("parse and jsonschema, all of it", &judged),
    ];
    race("the orders alone", parts[1].as_bytes(), &candidates);
    race("a large body of which little is read", large().to_string().as_bytes(), &candidates);
}
