//! What shapes and calls of the language do, on real sockets against a scripted upstream: one crate for all of it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::response::Response;
use bffgen_tests::bff::{Bff, build, run_with};
use bffgen_tests::client::Answer;
use bffgen_tests::generated::generate;
use bffgen_tests::project;
use bffgen_tests::scripted::Scripted;
use serde_json::{Value, json};

/// The crate, generated and built once: its folder and its program.
fn program() -> &'static (PathBuf, PathBuf) {
    static PROGRAM: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = bffgen_tests::bff::target_dir().join("calls");
        let said = generate(Path::new(&project("tests/compositions/calls.bff.yaml")), &folder);
        assert!(said.is_empty(), "{said:?}");
        let program = build(&folder, "calls-bff");
        (folder, program)
    })
}

/// The BFF over the script.
async fn bff() -> (Bff, Scripted) {
    let upstream = Scripted::start(script).await;
    (run_with(&program().1, &[("pay".into(), upstream.url.clone())]), upstream)
}

/// What the upstream says.
fn script(head: &Parts, body: &Bytes) -> Response<Body> {
    let card = json!({ "type": "card", "last4": "4242", "holder": "Ann", "secret": 1 });
    let voucher = json!({ "type": "voucher", "codes": ["a", "b"] });
    let (status, answer) = match (head.method.as_str(), head.uri.path()) {
        ("GET", "/payments") => (
            200,
            json!({
                "items": [
                    card,
                    { "type": "transfer", "iban": "DE02", "due": null },
                    { "type": "voucher", "codes": ["a"] }
                ],
                "fee": { "by": "moon", "phase": [1, 2] },
                "refund": { "amount": 7 },
                "note": 3
            }),
        ),
        ("GET", "/payments/card" | "/receipts/card") => (200, card),
        ("GET", "/payments/transfer") => (200, json!({ "type": "transfer", "iban": "DE02", "due": null })),
        ("GET", "/payments/voucher" | "/receipts/swapped") => (200, voucher),
        ("GET", "/receipts/voucher") => (203, voucher),
        ("GET", "/payments/crypto") => (200, json!({ "type": "crypto" })),
        ("GET", "/payments/short") => (200, json!({ "type": "card", "last4": "42" })),
        ("GET", "/orders") => (200, json!([{ "id": "o1", "productId": "p1" }])),
        ("POST", "/charges") if String::from_utf8_lossy(body).contains("poor") => (409, json!({})),
        ("POST", "/charges") => (200, json!({ "id": "c1" })),
        ("POST", "/shipments") => (204, Value::Null),
        ("POST" | "PUT", "/mails") => (202, Value::Null),
        _ => (404, json!({})),
    };
    let mut response = Response::builder().status(status).header("content-type", "application/json");
    if head.uri.path() == "/orders" {
        response = response.header("x-total-count", "41").header("x-trace", "t");
    }
    response.body(Body::from(answer.to_string())).expect("an answer")
}

/// What the upstream was asked: method, target, and headers that begin with `x-`.
fn asked(upstream: &Scripted) -> Vec<String> {
    let line = |(head, _): (Parts, Bytes)| {
        let own = head.headers.iter().filter(|(name, _)| name.as_str().starts_with("x-"));
        let mut own: Vec<_> = own.map(|(name, value)| format!(" {name}={}", value.to_str().unwrap_or(""))).collect();
        own.sort();
        format!("{} {}{}", head.method, head.uri, own.concat())
    };
    upstream.seen().into_iter().map(line).collect()
}

async fn ask(bff: &Bff, method: &str, target: &str, body: Option<&Value>) -> Answer {
    bffgen_tests::client::ask(&bff.address, method, target, &[], body).await
}

async fn get(bff: &Bff, target: &str) -> Answer {
    ask(bff, "GET", target, None).await
}

#[tokio::test]
async fn each_member_of_a_union_has_its_case() {
    let (bff, _upstream) = bff().await;
    let all = get(&bff, "/payments").await.json();
    let expected = json!({
        "items": [
            { "kind": "card", "last4": "4242", "holder": "Ann" },
            { "kind": "transfer", "iban": "DE02" },
            { "kind": "other" }
        ],
        "fee": "see the bill",
        "first": { "amount": 8 },
        "note": 4
    });
    assert_eq!(all, expected);
    let cases = [
        ("card", json!({ "kind": "card", "last4": "4242" }), json!({ "kind": "card", "last4": "4242" })),
        ("transfer", json!({ "kind": "transfer", "due": null }), json!({ "kind": "other" })),
        ("voucher", json!({ "kind": "voucher", "codes": 2 }), json!({ "kind": "other" })),
    ];
    for (id, view, short) in cases {
        assert_eq!(get(&bff, &format!("/payments/{id}")).await.json(), json!({ "view": view, "short": short }), "{id}");
    }
    // What goes out whole is cut to what its schema declares.
    let raw = get(&bff, "/raw/card").await.json();
    assert_eq!(raw, json!({ "type": "card", "last4": "4242", "holder": "Ann" }));
    // No member of the union, and a member that breaks its own rules.
    for id in ["crypto", "short"] {
        let answer = get(&bff, &format!("/payments/{id}")).await;
        assert_eq!((answer.status, answer.json()["code"].clone()), (502, json!("upstream_contract")), "{id}");
    }
}

#[tokio::test]
async fn success_bodies_by_status_are_a_union() {
    let (bff, _upstream) = bff().await;
    let cases = [("card", json!({ "last4": "4242" })), ("voucher", json!({ "codes": 2 }))];
    for (id, receipt) in cases {
        assert_eq!(get(&bff, &format!("/receipts/{id}")).await.json(), json!({ "receipt": receipt }), "{id}");
    }
    // A body that belongs to another status.
    let answer = get(&bff, "/receipts/swapped").await;
    assert_eq!((answer.status, answer.json()["code"].clone()), (502, json!("upstream_contract")));
}

#[tokio::test]
async fn meta_tells_how_a_call_ended() {
    let (bff, upstream) = bff().await;
    let answer = get(&bff, "/orders").await;
    assert_eq!(answer.header("x-total"), Some("42"), "{answer:?}");
    let expected = json!({
        "ids": ["o1"],
        "status": 200,
        "trace": "t",
        "limitsStatus": 404,
        "why": { "call": "limits", "code": "upstream_status", "message": "No limits." },
        "code": "upstream_status",
        "stale": false
    });
    assert_eq!(answer.json(), expected);
    assert_eq!(asked(&upstream), ["GET /orders", "GET /limits?total=41"]);
}

#[tokio::test]
async fn writes_are_made_in_their_order() {
    let (bff, upstream) = bff().await;
    let writes = |seen: Vec<String>| {
        let writes = seen.into_iter().filter(|line| !line.starts_with("GET "));
        writes.map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let answer = ask(&bff, "POST", "/checkout", Some(&json!({ "id": "rich" }))).await;
    assert_eq!((answer.status, answer.json()), (200, json!({})), "{answer:?}");
    assert_eq!(writes(asked(&upstream)), ["POST /charges", "POST /shipments", "POST /mails", "PUT /mails"]);
    // What comes after a call that fails the answer is not made.
    let answer = ask(&bff, "POST", "/checkout", Some(&json!({ "id": "poor" }))).await;
    assert_eq!(answer.status, 409, "{answer:?}");
    assert_eq!(writes(asked(&upstream)), ["POST /charges"]);
    let answer = ask(&bff, "POST", "/order", Some(&json!({ "id": "rich" }))).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    let seen = asked(&upstream);
    assert_eq!(seen[1], "POST /shipments x-count=2 x-order=o-c1", "an absent value leaves its header out");
    assert_eq!(writes(seen), ["POST /charges", "POST /shipments"]);
}

#[test]
fn what_is_published_tells_the_cases_apart() {
    let text = std::fs::read_to_string(program().0.join("openapi.json")).expect("the document");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let body =
        |path: &str| &document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let kinds: Vec<&Value> = body("/payments")["properties"]["items"]["items"]["oneOf"]
        .as_array()
        .expect("alternatives")
        .iter()
        .map(|member| &member["properties"]["kind"]["enum"][0])
        .collect();
    assert_eq!(kinds, ["card", "transfer", "other"]);
    let named = &body("/payments/{id}")["properties"]["view"];
    assert_eq!(named["discriminator"]["mapping"]["card"], "#/components/schemas/CardView", "{named}");
}
