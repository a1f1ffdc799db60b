//! A BFF as generated code would make it, scripted upstreams, and clients that speak bytes.
#![allow(dead_code, unused_imports, reason = "each test binary uses its own part")]

mod scripted;

use bff_runtime::codegen::{
    Answer, Cx, Decode, Each, Endpoint, Failure, Field, HookError, JsonBuffer, Later, Method, Operation, Payload, Raw,
    Reader, Request, Rule, Slot, Str, Streamed, Upstream, each, hook, not_found, routes, try_join, when,
};
use bff_runtime::{LogOutput, Runtime, Settings};
pub use scripted::*;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub static ITEMS: Upstream =
    Upstream::new("items", 0, "${ITEMS_URL}").timeout_ms(5000).header("x-client", "test").forward_authorization();
pub static UPSTREAMS: &[&Upstream] = &[&ITEMS];

static GET_ITEM: Operation = Operation::new(&ITEMS, "getItem", Method::GET, "/items/{id}").success(&[200]).body(&ITEM);
static GET_ITEM_QUICK: Operation =
    Operation::new(&ITEMS, "getItemQuick", Method::GET, "/items/{id}").body(&ITEM).timeout_ms(50);
static CREATE_ITEM: Operation = Operation::new(&ITEMS, "createItem", Method::POST, "/items").success(&[201]);
static DELETE_ITEM: Operation = Operation::new(&ITEMS, "deleteItem", Method::DELETE, "/items/{id}");

static ITEM: Rule = Rule::object(&[Field::required("name", &NAME), Field::optional("count", &COUNT)]);
static NAME: Rule = Rule::string().min_length(1).max_length(20);
static COUNT: Rule = Rule::integer().minimum("0");
static LIMIT: Rule = Rule::integer().minimum("1").maximum("100");
static IDS: Rule = Rule::array(&NAME).max_items(50);

#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub name: Str<'a>,
    pub count: Option<i64>,
}

impl<'a> Decode<'a> for Item<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut name, mut count) = (Slot::default(), Slot::default());
        r.object(|r, key| match key {
            "name" => name.read(r, &NAME),
            "count" => count.read(r, &COUNT),
            _ => r.skip(),
        })?;
        Some(Item { name: name.required(r, "name")?, count: count.optional() })
    }
}

fn get_item<'a, T: Payload<'a>>(cx: &'a Cx, id: Str<'_>, limit: Option<i64>) -> Request<'a, T> {
    Request::new(cx, &GET_ITEM).path("id", id).query("limit", limit)
}

pub static SHOW: Endpoint = Endpoint::new("showItem", Method::GET, "/api/items/{id}").query(&["limit"]).strict();

async fn show(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let limit = inputs.query_or("limit", &LIMIT, 20);
    let id = inputs.path::<Str>("id", &Rule::ANY);
    let (limit, id) = inputs.finish((limit, id))?;
    let item: Item<'_> = get_item(cx, id, Some(limit)).named("item").status(404, 404).send().await?;
    let mut json = JsonBuffer::with_capacity(64);
    let mut root = json.object();
    root.field("name", &item.name);
    root.optional("count", &item.count);
    root.end();
    Ok(Answer::json(200, json))
}

pub static SHOW_RAW: Endpoint = Endpoint::new("showRaw", Method::GET, "/api/raw/{id}").timeout_ms(250);

async fn show_raw(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let id = inputs.path::<Str>("id", &Rule::ANY);
    let (id,) = inputs.finish((id,))?;
    let item: Raw<'_> = get_item(cx, id, None).named("item").send().await?;
    Ok(Answer::raw(200, &item))
}

pub static MODE: Endpoint = Endpoint::new("mode", Method::GET, "/api/mode/{mode}");

static USED: Operation = Operation::new(&ITEMS, "used", Method::GET, "/items").body(&ITEM);
static FULL: Operation = Operation::new(&ITEMS, "full", Method::GET, "/items").body(&ITEM).validate_full();
static OFF: Operation = Operation::new(&ITEMS, "off", Method::GET, "/items").body(&ITEM).validate_off();
static REPORT: Operation = Operation::new(&ITEMS, "report", Method::GET, "/items").body(&ITEM).report_invalid();
static OPEN: Operation = Operation::new(&ITEMS, "open", Method::GET, "/items").body(&ITEM).open();

/// Reads the name only.
struct NameOnly<'a>(Str<'a>);

impl<'a> Decode<'a> for NameOnly<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let mut name = Slot::default();
        r.object(|r, key| match key {
            "name" => name.read(r, &NAME),
            _ => r.skip(),
        })?;
        Some(NameOnly(name.required(r, "name")?))
    }
}

/// What a call says beside its operation.
type Called<'a, T> = fn(Request<'a, T>) -> Request<'a, T>;

async fn named<'a>(
    cx: &'a Cx,
    operation: &'static Operation,
    called: Called<'a, NameOnly<'a>>,
) -> Result<Answer, Failure> {
    let item = called(Request::new(cx, operation)).send().await?;
    let mut json = JsonBuffer::new();
    json.value(&item.0);
    Ok(Answer::json(200, json))
}

async fn whole<'a>(cx: &'a Cx, operation: &'static Operation, called: Called<'a, Raw<'a>>) -> Result<Answer, Failure> {
    Ok(Answer::raw(200, &called(Request::new(cx, operation)).send().await?))
}

async fn mode(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let mode = inputs.path::<Str>("mode", &NAME);
    let mode = inputs.finish(mode)?;
    match &*mode.as_str() {
        "used" => named(cx, &USED, |request| request).await,
        "full" => named(cx, &FULL, |request| request).await,
        "off" => named(cx, &OFF, |request| request).await,
        "report" => named(cx, &REPORT, |request| request).await,
        "cut" => whole(cx, &USED, |request| request).await,
        "open" => whole(cx, &OPEN, |request| request).await,
        // The same, said at the call.
        "full-call" => named(cx, &USED, Request::validate_full).await,
        "off-call" => named(cx, &USED, Request::validate_off).await,
        "report-call" => named(cx, &USED, Request::report_invalid).await,
        _ => whole(cx, &USED, Request::open).await,
    }
}

pub static QUICK: Endpoint = Endpoint::new("quick", Method::GET, "/api/quick");

async fn quick(cx: &Cx) -> Result<Answer, Failure> {
    Request::<()>::new(cx, &GET_ITEM_QUICK).path("id", "q").send().await?;
    Ok(Answer::empty(204))
}

pub static CREATE: Endpoint = Endpoint::new("createItem", Method::POST, "/api/items");

async fn create(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let order = inputs.body::<Item>(&ITEM);
    let (order,) = inputs.finish((order,))?;
    let mut body = JsonBuffer::new();
    let mut root = body.object();
    root.field("name", &order.name);
    root.end();
    let created: Item<'_> = Request::new(cx, &CREATE_ITEM).json(body).send().await?;
    Answer::empty(201).header("location", &format!("/api/items/{}", created.name))
}

pub static REMOVE: Endpoint = Endpoint::new("removeItem", Method::DELETE, "/api/items/{id}");

async fn remove(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let id = inputs.path::<Str>("id", &Rule::ANY);
    let (id,) = inputs.finish((id,))?;
    Request::<()>::new(cx, &DELETE_ITEM).path("id", id).send().await?;
    Ok(Answer::empty(204))
}

/// `first` must be there, `second` may fail, `third` needs `first`.
pub static MIXED: Endpoint = Endpoint::new("mixed", Method::GET, "/api/mixed");

async fn mixed(cx: &Cx) -> Result<Answer, Failure> {
    let first_call = Later::new();
    let (second, (), third, none) = try_join!(
        get_item::<Item<'_>>(cx, Str::from("second"), None).named("second").warn("The second is away.").send_or(
            |json| {
                let mut root = json.object();
                root.field("name", "nobody");
                root.end();
                Ok(())
            }
        ),
        first_call.fill(get_item::<Item<'_>>(cx, Str::from("first"), None).named("first").send()),
        async {
            let first: &Item<'_> = first_call.get().await;
            get_item::<Item<'_>>(cx, first.name, None).named("third").send_or_absent().await
        },
        when(false, || get_item::<Item<'_>>(cx, Str::from("never"), None).send()),
    )?;
    let first = first_call.value()?;
    let mut json = JsonBuffer::new();
    let mut root = json.object();
    root.field("first", &first.name);
    root.field("second", &second.name);
    root.optional("third", &third.map(|item| item.name));
    root.optional("none", &none.map(|item| item.name));
    let mut warnings = root.array("warnings");
    for warning in cx.warnings(&["third", "second"]) {
        warnings.value(&warning);
    }
    warnings.end();
    root.end();
    Ok(Answer::json(200, json))
}

pub static EVERY: Endpoint = Endpoint::new("every", Method::GET, "/api/every").query(&["ids"]);

async fn every(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let ids = inputs.required_query_list::<Str>("ids", &IDS);
    let (ids,) = inputs.finish((ids,))?;
    let keys = ids.iter().copied();
    let items =
        each(cx, Each::new("items", 2, 3), keys, |id| get_item::<Item<'_>>(cx, id, None).named("items").send()).await?;
    let mut json = JsonBuffer::new();
    let mut list = json.array();
    for id in &ids {
        list.value(&items.at(id)?.name);
    }
    list.end();
    Ok(Answer::json(200, json))
}

pub static LARGE: Endpoint = Endpoint::new("large", Method::GET, "/api/large");

async fn large(_cx: &Cx) -> Result<Answer, Failure> {
    let mut json = JsonBuffer::new();
    json.value(&"x".repeat(LARGE_BODY - 2));
    Ok(Answer::json(200, json))
}

/// More than sockets on one machine hold between them.
pub const LARGE_BODY: usize = 64 << 20;

static GET_FILE: Operation = Operation::new(&ITEMS, "getFile", Method::GET, "/files/{id}")
    .success(&[200, 206])
    .stream("image/*, text/event-stream", &["etag", "content-range"]);

pub static FILE: Endpoint = Endpoint::new("file", Method::GET, "/api/files/{id}").timeout_ms(1000);

async fn file(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let id = inputs.path::<Str>("id", &Rule::ANY);
    let (id,) = inputs.finish((id,))?;
    let file = Request::<Streamed>::new(cx, &GET_FILE).path("id", id).named("file").status(404, 404).stream().await?;
    Answer::stream(file).header("etag", &"ours")
}

pub static SMALL_FILE: Endpoint = Endpoint::new("smallFile", Method::GET, "/api/small");

async fn small_file(cx: &Cx) -> Result<Answer, Failure> {
    let file = Request::<Streamed>::new(cx, &GET_FILE).path("id", "s").idle_ms(5000).max_bytes(8).stream().await?;
    Ok(Answer::stream_as(203, file))
}

pub static HOOKED: Endpoint = Endpoint::new("hooked", Method::GET, "/api/hooked");

async fn hooked(cx: &Cx) -> Result<Answer, Failure> {
    let fails =
        async { Err::<(), HookError>("x".parse::<i32>().map(drop).err().map_or(HookError::new("?"), Into::into)) };
    hook(cx, "numbers", fails).await?;
    Ok(Answer::empty(204))
}

pub static PANICS: Endpoint = Endpoint::new("panics", Method::GET, "/api/panics");

async fn panics(cx: &Cx) -> Result<Answer, Failure> {
    assert!(cx.headers().is_empty(), "a mistake in a hook");
    Ok(Answer::empty(204))
}

pub fn router(runtime: Runtime) -> axum::Router {
    axum::Router::new()
        .route(
            "/api/items/{id}",
            routes(&runtime)
                .on(&SHOW, |cx| Box::pin(async move { show(cx).await }))
                .on(&REMOVE, |cx| Box::pin(async move { remove(cx).await }))
                .into_method_router(),
        )
        .route("/api/raw/{id}", routes(&runtime).on(&SHOW_RAW, |cx| Box::pin(show_raw(cx))).into_method_router())
        .route("/api/mode/{mode}", routes(&runtime).on(&MODE, |cx| Box::pin(mode(cx))).into_method_router())
        .route("/api/quick", routes(&runtime).on(&QUICK, |cx| Box::pin(quick(cx))).into_method_router())
        .route("/api/items", routes(&runtime).on(&CREATE, |cx| Box::pin(create(cx))).into_method_router())
        .route("/api/mixed", routes(&runtime).on(&MIXED, |cx| Box::pin(mixed(cx))).into_method_router())
        .route("/api/every", routes(&runtime).on(&EVERY, |cx| Box::pin(every(cx))).into_method_router())
        .route("/api/large", routes(&runtime).on(&LARGE, |cx| Box::pin(large(cx))).into_method_router())
        .route("/api/files/{id}", routes(&runtime).on(&FILE, |cx| Box::pin(file(cx))).into_method_router())
        .route("/api/small", routes(&runtime).on(&SMALL_FILE, |cx| Box::pin(small_file(cx))).into_method_router())
        .route("/api/hooked", routes(&runtime).on(&HOOKED, |cx| Box::pin(hooked(cx))).into_method_router())
        .route("/api/panics", routes(&runtime).on(&PANICS, |cx| Box::pin(panics(cx))).into_method_router())
        .fallback(not_found(&runtime))
}

/// Settings for tests: nothing waits, everything is logged.
pub fn settings(upstream: &str) -> Settings {
    let mut settings = Settings::default().upstream_url("items", upstream);
    settings.log_sample = 1.0;
    settings.stop.linger = Duration::ZERO;
    settings
}

/// A BFF that runs.
pub struct Bff {
    pub address: SocketAddr,
    pub management: SocketAddr,
    pub runtime: Runtime,
    pub stop: Option<oneshot::Sender<()>>,
    pub stopped: JoinHandle<()>,
    log: Arc<Mutex<Vec<u8>>>,
}

impl Bff {
    pub async fn start(settings: Settings) -> Bff {
        Bff::start_with(settings, UPSTREAMS, router).await
    }

    /// Another BFF than the one of this module.
    pub async fn start_with(
        mut settings: Settings,
        upstreams: &[&'static Upstream],
        router: fn(Runtime) -> axum::Router,
    ) -> Bff {
        let log = Arc::new(Mutex::new(Vec::new()));
        settings.log_output = LogOutput::Writer(log.clone());
        let runtime = Runtime::new(settings, upstreams).expect("a runtime");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let management_listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let management = management_listener.local_addr().expect("an address");
        let (stop, on_stop) = oneshot::channel();
        tokio::spawn(bff_runtime::serve_management(management_listener, runtime.clone()));
        let stopped = tokio::spawn(bff_runtime::serve(listener, router(runtime.clone()), runtime.clone(), async {
            let _ = on_stop.await;
        }));
        Bff { address, management, runtime, stop: Some(stop), stopped, log }
    }

    /// Sends one request and reads to the end of the connection.
    pub async fn get(&self, path: &str) -> String {
        self.send(&format!("GET {path} HTTP/1.1\r\nhost: bff\r\nconnection: close\r\n\r\n")).await
    }

    pub async fn send(&self, request: &str) -> String {
        talk(self.address, request.as_bytes()).await
    }

    pub async fn metrics(&self) -> String {
        self.manage("/metrics", "*/*").await
    }

    /// Asks for a page of the port of the platform.
    pub async fn manage(&self, path: &str, accept: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nhost: m\r\naccept: {accept}\r\nconnection: close\r\n\r\n");
        talk(self.management, head.as_bytes()).await
    }

    /// Asks for the metrics until they have a line.
    pub async fn wait_for_metric(&self, line: &str) {
        within(async {
            while !self.metrics().await.lines().any(|one| one == line) {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// The lines of the log so far.
    pub fn log(&self) -> Vec<serde_json::Value> {
        self.runtime.flush_log();
        let log = self.log.lock().expect("the log");
        let text = std::str::from_utf8(&log).expect("UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }
}

/// Guards a test against waiting for ever; never part of what is asserted.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("the test hangs")
}

/// Writes, then reads to the end. A reset after the answer is an end, too.
pub async fn talk(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let _ = stream.write_all(request).await;
    String::from_utf8_lossy(&read_to_end(&mut stream).await).into_owned()
}

pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    within(async { while matches!(stream.read_buf(&mut answer).await, Ok(1..)) {} }).await;
    answer
}

/// Reads until the text is there, and no further than one read beyond.
pub async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    within(async {
        while !String::from_utf8_lossy(&read).contains(text) {
            assert_ne!(stream.read_buf(&mut read).await.expect("bytes"), 0, "ended before `{text}`");
        }
    })
    .await;
    String::from_utf8_lossy(&read).into_owned()
}

pub fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|digits| digits.parse().ok()).unwrap_or_else(|| panic!("no status in {answer:?}"))
}

pub fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").expect("a head").1
}

/// The body of an answer, and whether it came whole.
pub fn decoded(answer: &str) -> (String, bool) {
    let mut rest = body(answer);
    if let Some(length) = header(answer, "content-length") {
        return (rest.to_owned(), rest.len().to_string() == length);
    }
    let mut whole = String::new();
    while let Some((size, behind)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size, 16).expect("the size of a chunk");
        if size == 0 {
            return (whole, true);
        }
        let Some(chunk) = behind.get(..size) else { break };
        whole.push_str(chunk);
        rest = behind.get(size + 2..).unwrap_or_default();
    }
    (whole, false)
}

pub fn json(answer: &str) -> serde_json::Value {
    serde_json::from_str(body(answer)).unwrap_or_else(|error| panic!("{error} in {answer:?}"))
}

/// The value of a header, by its lower-case name.
pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let lines = answer.split("\r\n").take_while(|line| !line.is_empty());
    lines
        .filter_map(|line| line.split_once(": "))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
