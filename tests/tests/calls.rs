//! What shapes and calls of the language do, on real sockets against a scripted upstream: one crate for all of it.

use std::path::PathBuf;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use bffgen::{Options, RuntimeChoice, compile};
use bffgen_tests::bff::{Bff, build, run};
use bffgen_tests::client::Answer;
use bffgen_tests::stand_ins::{Scripted, StandIns};
use bffgen_tests::{Disk, project};
use serde_json::{Value, json};

/// The crate, generated and built once: its folder and its program.
fn program() -> &'static (PathBuf, PathBuf) {
    static PROGRAM: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = bffgen_tests::bff::target_dir().join("calls");
        let options = Options {
            out: Some(folder.to_string_lossy().into_owned()),
            runtime: Some(RuntimeChoice::Path(project("runtime"))),
            ..Options::default()
        };
        let compiled = compile(&project("tests/compositions/calls.bff.yaml"), &mut Disk, &options);
        assert!(compiled.diagnostics.is_empty(), "{:?}", compiled.diagnostics);
        let files = compiled.output.expect("a crate").files;
        for file in files.iter().filter(|file| !file.path.starts_with("runtime/")) {
            let path = folder.join(&file.path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, &file.text).expect("written");
        }
        let program = build(&folder, "calls-bff");
        (folder, program)
    })
}

/// The BFF over the script.
async fn bff() -> (Bff, StandIns) {
    let upstream = StandIns::start(&[], 0).await.script("pay", answer).await;
    (run(&program().1, &upstream), upstream)
}

/// What the upstream says.
fn answer(method: &str, target: &str, body: &str, _headers: &HeaderMap) -> Scripted {
    let (path, _query) = target.split_once('?').unwrap_or((target, ""));
    let card = json!({ "type": "card", "last4": "4242", "holder": "Ann", "secret": 1 });
    Scripted::ok(match (method, path) {
        ("GET", "/payments") => json!({
            "items": [
                card,
                { "type": "transfer", "iban": "DE02", "due": null },
                { "type": "voucher", "codes": ["a"] }
            ],
            "fee": { "by": "moon", "phase": [1, 2] },
            "refund": { "amount": 7 },
            "note": 3
        }),
        ("GET", "/payments/card") => card,
        ("GET", "/payments/transfer") => json!({ "type": "transfer", "iban": "DE02", "due": null }),
        ("GET", "/payments/voucher") => json!({ "type": "voucher", "codes": ["a", "b"] }),
        ("GET", "/payments/crypto") => json!({ "type": "crypto" }),
        ("GET", "/payments/short") => json!({ "type": "card", "last4": "42" }),
        ("GET", "/orders") => {
            let headers = vec![("x-total-count", "41".to_owned()), ("x-trace", "t".to_owned())];
            return Scripted { headers, ..Scripted::ok(json!([{ "id": "o1", "productId": "p1" }])) };
        }
        ("POST", "/charges") if body.contains("poor") => {
            return Scripted { status: 409, headers: Vec::new(), body: json!({}) };
        }
        ("POST", "/charges") => json!({ "id": "c1" }),
        ("POST", "/shipments") => return Scripted { status: 204, headers: Vec::new(), body: Value::Null },
        ("POST" | "PUT", "/mails") => return Scripted { status: 202, headers: Vec::new(), body: Value::Null },
        _ => return Scripted { status: 404, headers: Vec::new(), body: json!({}) },
    })
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
    assert_eq!(upstream.seen(), ["pay GET /orders", "pay GET /limits?total=41"]);
}

#[tokio::test]
async fn writes_are_made_in_their_order() {
    let (bff, upstream) = bff().await;
    let writes = |seen: Vec<String>| {
        let writes = seen.into_iter().filter(|line| !line.contains(" GET "));
        writes.map(|line| line.split(' ').take(3).skip(1).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    let answer = ask(&bff, "POST", "/checkout", Some(&json!({ "id": "rich" }))).await;
    assert_eq!((answer.status, answer.json()), (200, json!({})), "{answer:?}");
    assert_eq!(writes(upstream.seen()), ["POST /charges", "POST /shipments", "POST /mails", "PUT /mails"]);
    // What comes after a call that fails the answer is not made.
    let answer = ask(&bff, "POST", "/checkout", Some(&json!({ "id": "poor" }))).await;
    assert_eq!(answer.status, 409, "{answer:?}");
    assert_eq!(writes(upstream.seen()), ["POST /charges"]);
    let answer = ask(&bff, "POST", "/order", Some(&json!({ "id": "rich" }))).await;
    assert_eq!(answer.status, 204, "{answer:?}");
    let seen = upstream.seen();
    assert_eq!(seen[1], "pay POST /shipments x-count=2 x-order=o-c1", "an absent value leaves its header out");
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
