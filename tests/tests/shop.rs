//! The shop's generated crates on real sockets, over stand-ins made from the services' documents.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use bff_runtime::codegen::Upstream;
use bff_runtime::{Runtime, Settings};
use bffgen::mock::{Faults, Service};
use bffgen::openapi::Specs;
use bffgen::source::Sources;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

const SERVICES: &[(&str, &str)] = &[
    ("users", "users.yaml"),
    ("orders", "orders.yaml"),
    ("notifications", "notifications.json"),
    ("catalog", "catalog.yaml"),
    ("reviews", "reviews.yaml"),
    ("recommendations", "recommendations.json"),
    ("inventory", "inventory.yaml"),
];

struct Disk;

impl bffgen::Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

/// What the stand-ins were asked: service and path.
type Seen = Arc<Mutex<Vec<String>>>;

/// Stand-ins for every service; those in `down` answer 503. Returns their addresses.
async fn stand_ins(down: &[&str], seen: &Seen) -> BTreeMap<&'static str, String> {
    let mut urls = BTreeMap::new();
    for (name, file) in SERVICES {
        let path = format!("{}/../specs/{file}", env!("CARGO_MANIFEST_DIR"));
        let (mut sources, mut specs) = (Sources::default(), Specs::default());
        let (doc, _) = specs.open(&mut sources, &path, &mut Disk);
        let (service, _) = Service::new(*name, &mut specs, doc.expect("the document opens"));
        let is_down = down.contains(name);
        let seen = Arc::clone(seen);
        let note = move |request: Request, next: Next| {
            seen.lock().expect("not poisoned").push(format!("{name} {}", request.uri()));
            async move { if is_down { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { next.run(request).await } }
        };
        let router = service.router(Faults::default()).layer(middleware::from_fn(note));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        urls.insert(*name, format!("http://{}", listener.local_addr().expect("an address")));
        tokio::spawn(async move { axum::serve(listener, router).await });
    }
    urls
}

/// A BFF over stand-ins: its address, and what keeps it running.
async fn start(
    build: impl FnOnce(Runtime) -> axum::Router,
    upstreams: &[&'static Upstream],
    down: &[&str],
    seen: &Seen,
) -> (String, oneshot::Sender<()>) {
    let mut settings = Settings::default();
    for (name, url) in stand_ins(down, seen).await {
        if upstreams.iter().any(|upstream| upstream.name() == name) {
            settings = settings.upstream_url(name, &url);
        }
    }
    let runtime = Runtime::new(settings, upstreams).expect("the settings are complete");
    let router = build(runtime.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        bff_runtime::serve(listener, router, runtime, async move {
            let _ = stopped.await;
        })
        .await
    });
    (address, stop)
}

/// Sends a request and reads the answer: status, head, body as JSON.
async fn ask(address: &str, method: &str, target: &str, body: Option<&Value>) -> (u16, String, Value) {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("it reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    let answer = String::from_utf8(answer).expect("UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

async fn web(down: &[&str], seen: &Seen) -> (String, oneshot::Sender<()>) {
    start(|runtime| web_bff::router(runtime, web_bff::hooks::AppHooks), web_bff::UPSTREAMS, down, seen).await
}

async fn mobile(down: &[&str], seen: &Seen) -> (String, oneshot::Sender<()>) {
    start(mobile_bff::router, mobile_bff::UPSTREAMS, down, seen).await
}

#[tokio::test]
async fn the_dashboard_gathers_three_services() {
    let (address, _stop) = web(&[], &Seen::default()).await;
    let (status, head, body) = ask(&address, "GET", "/api/dashboard?limit=3", None).await;
    assert_eq!(status, 200, "{body}");
    assert!(head.contains("server-timing: ") && head.contains("x-request-id: "), "{head}");
    assert!(body["user"]["name"].is_string() && body["user"]["email"].is_string(), "{body}");
    let orders = body["recentOrders"].as_array().expect("a list");
    assert!(!orders.is_empty());
    for order in orders {
        let keys: Vec<&String> = order.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["id", "total", "status", "date"]);
    }
    assert_eq!(body["warnings"], json!([]));
}

#[tokio::test]
async fn a_soft_call_that_fails_leaves_a_warning() {
    let (address, _stop) = web(&["notifications"], &Seen::default()).await;
    let (status, _, body) = ask(&address, "GET", "/api/dashboard", None).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["unreadNotifications"], json!([]));
    assert_eq!(body["warnings"], json!(["Notifications are temporarily unavailable."]));
}

#[tokio::test]
async fn a_hard_call_that_fails_fails_the_answer() {
    let (address, _stop) = web(&["users"], &Seen::default()).await;
    let (status, head, body) = ask(&address, "GET", "/api/dashboard", None).await;
    assert_eq!(status, 502, "{body}");
    assert!(head.contains("application/problem+json"), "{head}");
}

#[tokio::test]
async fn every_violation_of_the_inputs_is_named() {
    let seen = Seen::default();
    let (address, _stop) = web(&[], &seen).await;
    let (status, _, body) = ask(&address, "GET", "/api/dashboard?limit=3000&page=1", None).await;
    assert_eq!(status, 400);
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for error in body["errors"].as_array().expect("a list") {
        rules.push((error["name"].as_str().unwrap_or(""), error["rule"].as_str().unwrap_or("")));
    }
    rules.sort_unstable();
    assert_eq!(rules, [("limit", "maximum"), ("page", "unknown")]);
    assert!(seen.lock().expect("not poisoned").is_empty(), "nothing is called for a request that is refused");
}

#[tokio::test]
async fn the_product_page_is_the_whole_product_and_more() {
    let (address, _stop) = web(&["recommendations"], &Seen::default()).await;
    let (status, _, body) = ask(&address, "GET", "/api/products/prd_abc1234", None).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["id"], "prd_abc1234");
    assert!(body["inStock"].is_boolean() && body["stockLevel"].is_string(), "{body}");
    assert!(!body["breadcrumbs"].as_array().expect("the hook's list").is_empty());
    let items = body["reviews"]["items"].as_array().expect("a list");
    let counted: u64 = ["1", "2", "3", "4", "5"]
        .iter()
        .map(|stars| body["reviews"]["distribution"][stars].as_u64().expect("a count"))
        .sum();
    assert_eq!(counted, items.len() as u64);
    assert!(body.get("related").is_none(), "absent, not null: {body}");
    let (plain, _, alone) = ask(&address, "GET", "/api/catalog/prd_abc1234", None).await;
    assert_eq!(plain, 200);
    for (name, value) in alone.as_object().expect("an object") {
        assert_eq!(&body[name], value, "{name}");
    }
}

#[tokio::test]
async fn each_product_of_the_orders_is_fetched_once() {
    let seen = Seen::default();
    let (address, _stop) = mobile(&[], &seen).await;
    let (status, _, body) = ask(&address, "GET", "/orders", None).await;
    assert_eq!(status, 200, "{body}");
    let mut wanted: Vec<String> = Vec::new();
    for order in body["orders"].as_array().expect("a list") {
        for line in order["lines"].as_array().expect("a list") {
            assert!(line["name"].is_string(), "{line}");
            wanted.push(format!("catalog /products/{}", line["productId"].as_str().expect("an id")));
        }
    }
    wanted.sort();
    wanted.dedup();
    let mut asked: Vec<String> =
        seen.lock().expect("not poisoned").iter().filter(|line| line.starts_with("catalog")).cloned().collect();
    asked.sort();
    assert_eq!(asked, wanted);
}

#[tokio::test]
async fn an_order_is_checked_before_it_is_placed() {
    let seen = Seen::default();
    let (address, _stop) = mobile(&[], &seen).await;
    let (status, _, body) = ask(&address, "POST", "/orders", Some(&json!({ "lines": 7 }))).await;
    assert_eq!(status, 400, "{body}");
    let errors = body["errors"].as_array().expect("a list");
    assert!(errors.iter().any(|e| e["pointer"] == "/lines" && e["rule"] == "type"), "{body}");
    assert!(seen.lock().expect("not poisoned").is_empty());
}
