//! A retail store over documents that nobody here wrote: generated, compiled and run as a program.

use std::path::Path;

use bffgen_tests::bff::{build, run};
use bffgen_tests::oracle::Published;
use bffgen_tests::stand_ins::StandIns;
use bffgen_tests::{corpus, project};
use serde_json::{Value, json};

/// An endpoint, the services without which it has no answer, and those without which it warns.
type Needs = (&'static str, &'static [&'static str], &'static [&'static str]);

const ENDPOINTS: [Needs; 7] = [
    ("getHome", &["catalog"], &[]),
    ("getProductsById", &["catalog"], &[]),
    ("getCart", &["cart"], &["catalog"]),
    ("addItem", &["cart"], &[]),
    ("deleteItem", &["cart"], &[]),
    ("checkOut", &["checkout"], &["orders"]),
    ("listOrders", &["orders"], &[]),
];
const SERVICES: [&str; 4] = ["catalog", "cart", "checkout", "orders"];

/// Writes the crate for the composition over the corpus' documents.
fn generate(corpus: &str, folder: &Path) {
    let template = std::fs::read_to_string(project("tests/compositions/retail.bff.yaml")).expect("the composition");
    let composition = folder.join("retail.bff.yaml");
    std::fs::write(&composition, template.replace("${CORPUS}", corpus)).expect("written");
    let said = bffgen_tests::generated::generate(&composition, &folder.join("retail-bff"));
    assert!(said.is_empty(), "{said:?}");
}

#[tokio::test]
async fn every_answer_is_as_published_whoever_fails() {
    let Some(corpus) = corpus("retail") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    generate(&corpus, folder.path());
    let crate_folder = folder.path().join("retail-bff");
    let program = build(&crate_folder, "retail-bff");
    let published = Published::of_crate(&crate_folder.to_string_lossy());
    let ids: Vec<&str> = published.operations().iter().map(|operation| operation.head.id.as_str()).collect();
    assert_eq!(ids, ENDPOINTS.map(|(id, ..)| id), "every endpoint is in the table");

    let services = SERVICES.map(|name| (name, format!("{corpus}/openapi/3.0/retail-store.{name}.yaml")));
    let mut warned = 0;
    for seed in 0..10 {
        let stand_ins = StandIns::start(&services, seed).await;
        let bff = run(&program, &stand_ins);
        for down in [&[][..], &["catalog"], &["cart"], &["checkout"], &["orders"], &["catalog", "orders"]] {
            stand_ins.fail(down);
            for (operation, (id, needs, warns)) in published.operations().iter().zip(ENDPOINTS) {
                stand_ins.seen();
                let answer = published.ask(&bff.address, operation, seed).await;
                let fails = down.iter().any(|down| needs.contains(down));
                let wanted = if fails { 502..=502 } else { 200..=299 };
                assert!(wanted.contains(&answer.status), "{id}, {down:?} down: {answer:?}");
                let body = answer.json();
                let mut seen = stand_ins.seen();
                if id == "getCart" || id == "listOrders" {
                    let all = seen.len();
                    seen.sort();
                    seen.dedup();
                    assert_eq!(seen.len(), all, "{id}: each product is asked for once: {seen:?}");
                }
                // A keyed call of no keys is none that could fail.
                let called =
                    seen.iter().any(|line| warns.iter().any(|name| line.starts_with(name) && down.contains(name)));
                if !fails && !warns.is_empty() {
                    assert_eq!(body["warnings"] != json!([]), called, "{id}, {down:?} down: {body} {seen:?}");
                    warned += usize::from(called);
                }
                if id == "checkOut" && !fails {
                    assert_eq!(body["placed"], Value::Bool(!down.contains(&"orders")), "{body}");
                }
            }
        }
    }
    assert!(warned > 10, "most carts have products");
}
