//! What upstreams send against their documents: counted, told, and shown without a value of it.

mod support;

use bff_runtime::codegen::{
    Answer, Cx, Decode, Endpoint, Failure, Field, JsonBuffer, Method, Operation, Places, Raw, Reader, Request, Rule,
    Slot, Upstream, not_found, routes,
};
use bff_runtime::{Runtime, Settings};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Bff, body, header, ok, status, upstream};

static PLACES: Places = Places::new(
    "shop.yaml",
    &[("readOrders", "#/components/schemas/Orders"), ("takeOrders", "#/components/schemas/Orders")],
    &[
        ("#/components/schemas/Order/properties/labels/*", "#/components/schemas/Label"),
        ("#/components/schemas/Orders/properties/items/items", "#/components/schemas/Order"),
    ],
);
static SHOP: Upstream = Upstream::new("shop", 0, "${SHOP_URL}").places(&PLACES);
static TAKE: Operation = Operation::new(&SHOP, "takeOrders", Method::GET, "/orders").body(&ORDERS);
static READ: Operation =
    Operation::new(&SHOP, "readOrders", Method::GET, "/orders").body(&ORDERS).sample_per_million(1_000_000);

static ORDERS: Rule = Rule::object(&[Field::required("items", &Rule::array(&ORDER))]);
static ORDER: Rule = Rule::object(&[
    Field::required("id", &Rule::integer()),
    Field::optional("labels", &Rule::map(&Rule::string())),
    Field::optional("total", &Rule::number().minimum("0")),
])
.closed();

/// Reads the ids only.
struct Ids(Vec<Id>);
struct Id(i64);

impl<'a> Decode<'a> for Ids {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let mut items = Slot::default();
        r.object(|r, key| match key {
            "items" => items.read(r, &Rule::ANY),
            _ => r.skip(),
        })?;
        Some(Ids(items.required(r, "items")?))
    }
}

impl<'a> Decode<'a> for Id {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        static ID: Rule = Rule::integer();
        let mut id = Slot::default();
        r.object(|r, key| match key {
            "id" => id.read(r, &ID),
            _ => r.skip(),
        })?;
        Some(Id(id.required(r, "id")?))
    }
}

static TAKEN: Endpoint = Endpoint::new("taken", Method::GET, "/taken");
static IDS: Endpoint = Endpoint::new("ids", Method::GET, "/ids");

async fn taken(cx: &Cx) -> Result<Answer, Failure> {
    Ok(Answer::raw(200, &Request::<Raw>::new(cx, &TAKE).send().await?))
}

async fn ids(cx: &Cx) -> Result<Answer, Failure> {
    let ids = Request::<Ids>::new(cx, &READ).send().await?;
    let mut json = JsonBuffer::new();
    json.value(&ids.0.iter().map(|id| id.0).collect::<Vec<_>>());
    Ok(Answer::json(200, json))
}

fn router(runtime: Runtime) -> axum::Router {
    axum::Router::new()
        .route("/taken", routes(&runtime).on(&TAKEN, |cx| Box::pin(taken(cx))).into_method_router())
        .route("/ids", routes(&runtime).on(&IDS, |cx| Box::pin(ids(cx))).into_method_router())
        .fallback(not_found(&runtime))
}

async fn start(url: &str) -> Bff {
    let settings = Settings::default().upstream_url("shop", url);
    Bff::start_with(settings, &[&SHOP], router).await
}

async fn page(bff: &Bff) -> Value {
    let answer = bff.manage("/drift", "application/json").await;
    assert_eq!((status(&answer), header(&answer, "content-type")), (200, Some("application/json")));
    serde_json::from_str(body(&answer)).expect("JSON")
}

/// Rows without their times.
fn rows(page: &Value) -> Vec<Value> {
    let mut rows = page["drift"].as_array().expect("a list").clone();
    for row in &mut rows {
        for time in ["first", "last"] {
            assert!(row[time].as_str().is_some_and(|time| time.ends_with('Z')), "{row}");
            row.as_object_mut().expect("an object").remove(time);
        }
    }
    rows
}

#[tokio::test]
async fn what_broke_is_shown_by_place_and_rule_and_never_its_value() {
    let scripted = upstream(|_| {
        ok(r#"{"items":[{"id":7.0,"labels":{"ann@example.org":987654321,"bob@example.org":987654322}},{"id":8.0,"SECRET":1},{}]}"#)
    })
    .await;
    let bff = start(&scripted.url).await;
    for _ in 0..3 {
        let answer = bff.get("/taken").await;
        assert_eq!(status(&answer), 502);
        assert!(!answer.contains("shop.yaml"), "{answer}");
    }
    let page = page(&bff).await;
    let row = |pointer: &str, rule: &str, expected: &str, place: &str, leniency: Option<&str>, times: u64| {
        let mut row = json!({
            "upstream": "shop", "operation": "takeOrders", "pointer": pointer, "rule": rule, "expected": expected,
            "place": format!("shop.yaml#/components/schemas/{place}"), "answers": 3, "times": times, "sampled": 0,
        });
        if let Some(leniency) = leniency {
            row["leniency"] = leniency.into();
        }
        row
    };
    let mut found = rows(&page);
    found.sort_by_key(|row| (row["pointer"].to_string(), row["rule"].to_string()));
    assert_eq!(
        found,
        [
            row("/items/*/SECRET", "additionalProperties", "no member of this name", "Order", Some("extra_fields"), 3),
            row("/items/*/id", "required", "this member to be there", "Order", None, 3),
            row("/items/*/id", "type", "an integer, written as one", "Order/properties/id", Some("integral_floats"), 6),
            row("/items/*/labels/*", "type", "a string", "Label", None, 6),
        ]
    );
    for (accept, content_type) in [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("*/*", "application/json"),
    ] {
        let answer = bff.manage("/drift", accept).await;
        assert_eq!(header(&answer, "content-type"), Some(content_type));
        for told in ["takeOrders", "/items/*/labels/*", "shop.yaml#/components/schemas/Label", "integral_floats"] {
            assert!(answer.contains(told), "{told} is not in\n{answer}");
        }
        assert!(!answer.contains("example.org") && !answer.contains("98765432"), "{answer}");
    }
    // At the first, second and fourth answer; the log of a failed call has the place, too.
    let log = bff.log();
    let events = |event: &str| log.iter().filter(|line| line["event"] == event).cloned().collect::<Vec<_>>();
    let told: Vec<_> = events("drift").iter().map(|line| line["answers"].as_u64()).collect();
    assert_eq!(told, [Some(1), Some(1), Some(1), Some(1), Some(2), Some(2), Some(2), Some(2)]);
    assert_eq!(events("drift")[0]["place"], "shop.yaml#/components/schemas/Label");
    let contract = &events("upstream_contract")[0];
    assert_eq!(contract["violations"][0]["place"], "shop.yaml#/components/schemas/Label");
    assert!(log.iter().all(|line| !line.to_string().contains("98765432")), "{log:?}");
    let metrics = bff.metrics().await;
    for line in [
        "bff_contract_violations_total{upstream=\"shop\",operation=\"takeOrders\",pointer=\"/items/*/labels/*\",rule=\"type\"} 6",
        "bff_leniencies_total{upstream=\"shop\",operation=\"takeOrders\",leniency=\"integral_floats\"} 6",
        "bff_leniencies_total{upstream=\"shop\",operation=\"takeOrders\",leniency=\"extra_fields\"} 3",
        "bff_samples_total{outcome=\"checked\"} 0",
    ] {
        assert!(metrics.lines().any(|one| one == line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn a_sample_is_checked_whole_and_fails_nothing() {
    let scripted = upstream(|_| ok(r#"{"items":[{"id":7,"total":-1},{"id":8.0,"total":-2}]}"#)).await;
    let bff = start(&scripted.url).await;
    for _ in 0..2 {
        let answer = bff.get("/ids").await;
        assert_eq!((status(&answer), body(&answer)), (200, "[7,8]"));
    }
    bff.runtime.flush_samples();
    let page = page(&bff).await;
    assert_eq!(page["samples"], json!({"checked": 2, "dropped": 0}));
    let counts = |row: &Value| ["rule", "answers", "times", "sampled"].map(|name| row[name].clone());
    let found: Vec<_> = rows(&page).iter().map(counts).collect();
    // What is used is found in both ways, the rest by the sample alone.
    assert_eq!(
        found,
        [[json!("type"), json!(2), json!(2), json!(2)], [json!("minimum"), json!(0), json!(0), json!(2)]]
    );
    let metrics = bff.metrics().await;
    assert!(!metrics.contains("rule=\"minimum\""), "{metrics}");
    assert!(metrics.contains("bff_samples_total{outcome=\"checked\"} 2"), "{metrics}");
}

#[tokio::test]
async fn a_sample_that_is_no_json_is_told_with_its_place() {
    let scripted = upstream(|_| ok(r#"{"items":[{"id":7,"labels":{"a":tru}}]}"#)).await;
    let bff = start(&scripted.url).await;
    assert_eq!(body(&bff.get("/ids").await), "[7]");
    bff.runtime.flush_samples();
    let row = &rows(&page(&bff).await)[0];
    let found = ["rule", "pointer", "expected"].map(|name| row[name].as_str().unwrap_or_default().to_owned());
    assert_eq!(found, ["json", "", "a body that is JSON (byte 32: expected a JSON value)"]);
}

#[tokio::test]
async fn an_upstream_that_makes_names_up_fills_no_memory() {
    let next = AtomicUsize::new(0);
    let scripted = upstream(move |_| {
        let start = next.fetch_add(16, Ordering::Relaxed);
        let members: Vec<String> = (start..start + 16).map(|n| format!("\"x{n}\":0")).collect();
        ok(&format!("{{\"items\":[{{\"id\":1,{}}}]}}", members.join(",")))
    })
    .await;
    let bff = start(&scripted.url).await;
    for _ in 0..14 {
        assert_eq!(body(&bff.get("/taken").await), r#"{"items":[{"id":1}]}"#);
    }
    let rows = rows(&page(&bff).await);
    let other = rows.iter().find(|row| row["pointer"] == "other").expect("the others");
    assert_eq!((rows.len(), &other["times"], &other["leniency"]), (201, &json!(24), &json!("extra_fields")));
}
