//! Bodies that are no JSON, or not what they should be, on a running BFF: each is refused with its place, the client gets
//! none of its bytes, and neither log nor metrics nor the page of drift do.

mod support;

use bff_runtime::codegen::{
    Answer, Cx, Decode, Endpoint, Failure, Field, JsonBuffer, Leniency, Method, Operation, Pattern, Raw, Reader,
    Request, Rule, Slot, Str, Upstream, not_found, routes,
};
use bff_runtime::{Runtime, Settings};
use support::{Bff, Step, body, json, status, talk, upstream};

static SHOP: Upstream = Upstream::new("shop", 0, "${SHOP_URL}");
static USED: Operation = Operation::new(&SHOP, "used", Method::GET, "/item").body(&ITEM);
static FULL: Operation = Operation::new(&SHOP, "full", Method::GET, "/item").body(&ITEM).validate_full();
static OFF: Operation = Operation::new(&SHOP, "off", Method::GET, "/item").body(&ITEM).validate_off();
static REPORT: Operation = Operation::new(&SHOP, "report", Method::GET, "/item").body(&ITEM).report_invalid();

static WORD: Pattern = Pattern::new("(a+)+$");
static ITEM: Rule = Rule::object(&[
    Field::required("name", &NAME),
    Field::optional("count", &COUNT),
    Field::optional("price", &PRICE),
    Field::optional("note", &Rule::string()),
]);
static NAME: Rule = Rule::string().min_length(1).pattern(&WORD);
static COUNT: Rule = Rule::integer().maximum("9");
static PRICE: Rule = Rule::number();

/// Reads all but the note.
struct Item<'a> {
    name: Str<'a>,
    count: Option<i64>,
    price: Option<f64>,
}

impl<'a> Decode<'a> for Item<'a> {
    fn decode(r: &mut Reader<'a>, _rule: &Rule) -> Option<Self> {
        let (mut name, mut count, mut price) = (Slot::default(), Slot::default(), Slot::default());
        r.object(|r, key| match key {
            "name" => name.read(r, &NAME),
            "count" => count.read(r, &COUNT),
            "price" => price.read(r, &PRICE),
            _ => r.skip(),
        })?;
        Some(Item { name: name.required(r, "name")?, count: count.optional(), price: price.optional() })
    }
}

static READ: Endpoint = Endpoint::new("read", Method::GET, "/read/{mode}");
static WHOLE: Endpoint = Endpoint::new("whole", Method::GET, "/whole/{mode}");

fn operation(cx: &Cx) -> Result<&'static Operation, Failure> {
    let mut inputs = cx.inputs();
    let mode = inputs.path::<Str>("mode", &Rule::ANY);
    let (mode,) = inputs.finish((mode,))?;
    Ok(match &*mode.as_str() {
        "full" => &FULL,
        "off" => &OFF,
        "report" => &REPORT,
        _ => &USED,
    })
}

async fn read(cx: &Cx) -> Result<Answer, Failure> {
    let item = Request::<Item>::new(cx, operation(cx)?).send().await?;
    let mut json = JsonBuffer::new();
    let mut root = json.object();
    root.field("name", &item.name);
    root.optional("count", &item.count);
    root.optional("price", &item.price);
    root.end();
    Ok(Answer::json(200, json))
}

async fn whole(cx: &Cx) -> Result<Answer, Failure> {
    let request = Request::<Raw>::new(cx, operation(cx)?).refuse(Leniency::NullForAbsent);
    Ok(Answer::raw(200, &request.send().await?))
}

static TAKE: Endpoint = Endpoint::new("take", Method::POST, "/take");

async fn take(cx: &Cx) -> Result<Answer, Failure> {
    let mut inputs = cx.inputs();
    let item = inputs.body::<Item>(&ITEM);
    inputs.finish((item,))?;
    Ok(Answer::empty(204))
}

fn router(runtime: Runtime) -> axum::Router {
    axum::Router::new()
        .route("/read/{mode}", routes(&runtime).on(&READ, |cx| Box::pin(read(cx))).into_method_router())
        .route("/whole/{mode}", routes(&runtime).on(&WHOLE, |cx| Box::pin(whole(cx))).into_method_router())
        .route("/take", routes(&runtime).on(&TAKE, |cx| Box::pin(take(cx))).into_method_router())
        .fallback(not_found(&runtime))
}

/// A BFF over a service that answers these bytes.
async fn over(bytes: &[u8]) -> Bff {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", bytes.len());
    let whole = [head.as_bytes(), bytes].concat();
    let scripted = upstream(move |_| Step::Answer(whole.clone())).await;
    Bff::start_with(Settings::default().upstream_url("shop", &scripted.url), &[&SHOP], router).await
}

const PATHS: [&str; 8] = [
    "/read/used",
    "/read/full",
    "/read/off",
    "/read/report",
    "/whole/used",
    "/whole/full",
    "/whole/off",
    "/whole/report",
];

/// What is refused in every mode, and what the log then names: a pointer with a rule, or a byte.
const REFUSED: &[(&[u8], &str)] = &[
    (b"", "byte 0"),
    (b" \n", "byte 2"),
    (b"\xef\xbb\xbf{\"name\":\"SECRETa\"}", "byte 0: a byte order mark stands in front"),
    (b"\xef\xbb\xbf", "byte 0: a byte order mark stands in front"),
    (b"\n\xef\xbb\xbf{\"name\":\"SECRETa\"}", "byte 1"),
    (b"{\"name\":\"SECRETa\"}\xef\xbb\xbf", "byte 18"),
    (b"{\"name\":\"SECRETa\"", "byte 17"),
    (b"{\"name\":\"SECRETa", "byte 16"),
    (b"{\"name\":\"SECRETa\"}}", "byte 18"),
    (b"{\"name\":\"SECRETa\"} SECRET", "byte 19"),
    (b"{\"name\":\"SECRETa\"}\0", "byte 18"),
    (b"{\"name\":\"SECRETa\"}{}", "byte 18"),
    (b"{\"name\":\"SECRETa\",}", "byte 18"),
    (b"{\"name\":\"SECRET\xffa\"}", "byte 15"),
    (b"{\"name\":\"SECRETa\",\"x\":\"\xc0\xaf\"}", "byte 23"),
    (b"{\"name\":\"SECRETa\",\"x\":\"\xed\xa0\x80\"}", "byte 23"),
    (b"{\"name\":\"SECRET\\ud800a\"}", "byte 15"),
    (b"{\"name\":\"SECRET\\udc00\\ud800a\"}", "byte 15"),
    (b"{\"name\":\"SECRET\\qa\"}", "byte 16"),
    (b"{\"name\":\"SECRET\na\"}", "byte 15"),
    (b"{\"name\":\"SECRETa\",\"count\":NaN}", "byte 26"),
    (b"{\"name\":\"SECRETa\",\"count\":-Infinity}", "byte 27"),
    (b"{\"name\":\"SECRETa\",\"count\":+1}", "byte 26"),
    (b"{\"name\":\"SECRETa\",\"count\":01}", "byte 27"),
    (b"{\"name\":\"SECRETa\",\"count\":1.}", "byte 28"),
    (b"{\"name\":\"SECRETa\",\"price\":1e}", "byte 28"),
    (b"{\"name\":\"SECRETa\",\"count\":0.5}", "/count"),
    (b"{\"name\":\"SECRETa\",\"count\":\"1\"}", "/count"),
    (b"{\"name\":\"SECRETa\",\"name\":\"SECRETa\"}", "/name"),
    (b"{\"name\":\"SECRETa\",\"n\\u0061me\":\"SECRETa\"}", "/name"),
    (b"{\"count\":1}", "/name"),
    (b"[{\"name\":\"SECRETa\"}]", ""),
    (b"\"SECRET\"", ""),
    (b"null", ""),
];

#[tokio::test]
async fn what_is_no_json_or_of_the_wrong_type_is_refused_in_every_mode() {
    for (bytes, place) in REFUSED {
        let shown = String::from_utf8_lossy(bytes);
        let bff = over(bytes).await;
        for path in PATHS {
            let answer = bff.get(path).await;
            assert_eq!(status(&answer), 502, "{path} {shown}: {answer}");
            assert!(body(&answer).contains("\"upstream_contract\""), "{path} {shown}: {answer}");
            assert!(!answer.contains("SECRET"), "{path} {shown}: {answer}");
        }
        let log = bff.log();
        let told: Vec<_> = log.iter().filter(|line| line["event"] == "upstream_contract").collect();
        assert_eq!(told.len(), PATHS.len(), "{shown}: {log:?}");
        for line in told {
            let one = &line["violations"][0];
            let found = [&one["pointer"], &one["expected"]].map(|text| text.as_str().unwrap_or_default());
            match place.starts_with("byte") {
                true => assert!(found[1].contains(&format!("({place}")), "{shown}: {line}"),
                false => assert_eq!(found[0], *place, "{shown}: {line}"),
            }
        }
        let (metrics, page) = (bff.metrics().await, bff.manage("/drift", "application/json").await);
        let all = [metrics, page, log.iter().map(ToString::to_string).collect()];
        assert!(all.iter().all(|text| !text.contains("SECRET")), "{shown}: {all:?}");
    }
}

#[tokio::test]
async fn the_same_of_a_client_is_refused() {
    let bff = over(b"").await;
    for (bytes, place) in REFUSED.iter().filter(|(bytes, _)| !bytes.is_empty()) {
        let shown = String::from_utf8_lossy(bytes);
        let framing = format!("content-length: {}\r\nconnection: close", bytes.len());
        let head = format!("POST /take HTTP/1.1\r\nhost: b\r\ncontent-type: application/json\r\n{framing}\r\n\r\n");
        let answer = talk(bff.address, &[head.as_bytes(), bytes].concat()).await;
        assert_eq!(status(&answer), 400, "{shown}: {answer}");
        assert!(!answer.contains("SECRET"), "{shown}: {answer}");
        let error = &json(&answer)["errors"][0];
        match place.starts_with("byte") {
            true => assert!(
                error["detail"].as_str().is_some_and(|said| said.contains(&format!("({place}"))),
                "{shown}: {error}"
            ),
            false => assert_eq!(error["pointer"], *place, "{shown}: {error}"),
        }
    }
}

/// Refused wherever it is cut, and wherever it stands in memory and in the blocks that are stepped over.
#[tokio::test]
async fn what_is_cut_off_is_refused_at_every_alignment() {
    let long = "SECRET \\\\ \\\" { [ ".repeat(5);
    for spaces in [0, 1, 7, 31, 32, 33, 63, 64, 65] {
        let whole = format!("{}{{\"x\":[{{\"y\":\"{long}\"}}],\"name\":\"SECRETa\",\"count\":1}}", " ".repeat(spaces));
        for end in (0..whole.len()).step_by(3) {
            let bff = over(&whole.as_bytes()[..end]).await;
            for path in ["/read/used", "/whole/used"] {
                let answer = bff.get(path).await;
                assert_eq!(status(&answer), 502, "{spaces} {end}: {answer}");
                assert!(!answer.contains("SECRET"), "{spaces} {end}: {answer}");
            }
        }
        let bff = over(whole.as_bytes()).await;
        assert_eq!(body(&bff.get("/read/used").await), r#"{"name":"SECRETa","count":1}"#);
        assert_eq!(body(&bff.get("/whole/used").await), r#"{"name":"SECRETa","count":1}"#);
    }
}

/// What is let pass is passed on rightly or not at all.
#[tokio::test]
async fn what_passes_has_its_value() {
    let depth = |levels: usize| format!("{{\"name\":\"a\",\"x\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    let plain = r#"{"name":"a"}"#;
    // Path, body, status and what the client gets.
    let cases: &[(&str, String, u16, &str)] = &[
        ("/whole/used", "{\"x\":1,\"name\":\"\\ud83d\\ude00a\"}".into(), 200, r#"{"name":"\ud83d\ude00a"}"#),
        ("/read/used", "{\"name\":\"\\ud83d\\ude00a\"}".into(), 200, r#"{"name":"\ud83d\ude00a"}"#),
        ("/read/used", r#"{"name":"a","count":9.0}"#.into(), 200, r#"{"name":"a","count":9}"#),
        ("/whole/used", r#"{"name":"a","count":9.0}"#.into(), 200, r#"{"name":"a","count":9}"#),
        ("/whole/used", r#"{"name":"a","price":1e400}"#.into(), 200, r#"{"name":"a","price":1e400}"#),
        // An integer, but none that an expression can have.
        ("/whole/off", r#"{"name":"a","count":1e400}"#.into(), 200, r#"{"name":"a","count":1e400}"#),
        ("/whole/used", r#"{"name":"a","count":1e400}"#.into(), 502, ""),
        ("/read/off", r#"{"name":"a","count":1e400}"#.into(), 502, ""),
        ("/read/report", r#"{"name":"a","count":99999999999999999999}"#.into(), 502, ""),
        // No double has that value.
        ("/read/used", r#"{"name":"a","price":1e400}"#.into(), 502, ""),
        ("/read/off", r#"{"name":"a","price":-1e400}"#.into(), 502, ""),
        ("/read/used", depth(63), 200, plain),
        ("/read/used", depth(64), 502, ""),
        ("/read/off", depth(64), 502, ""),
        ("/whole/used", depth(100_000), 502, ""),
        // Rules that are broken: by mode.
        ("/read/used", r#"{"name":"b"}"#.into(), 502, ""),
        ("/read/full", r#"{"name":"b"}"#.into(), 502, ""),
        ("/whole/used", r#"{"name":"a","count":10}"#.into(), 502, ""),
        ("/read/off", r#"{"name":"b"}"#.into(), 200, r#"{"name":"b"}"#),
        ("/read/report", r#"{"name":"b","count":10}"#.into(), 200, r#"{"name":"b","count":10}"#),
        ("/whole/report", r#"{"name":"b","count":10}"#.into(), 200, r#"{"name":"b","count":10}"#),
        // What nobody reads, where the whole is looked at.
        ("/read/full", r#"{"name":"a","note":"b","x":tru}"#.into(), 502, ""),
        ("/read/full", r#"{"name":"a","note":"b","x":"\ud800"}"#.into(), 502, ""),
        ("/read/full", r#"{"name":"a","note":1}"#.into(), 502, ""),
    ];
    for (path, bytes, expected, out) in cases {
        let bff = over(bytes.as_bytes()).await;
        let answer = bff.get(path).await;
        let shown: String = bytes.chars().take(100).collect();
        assert_eq!(status(&answer), *expected, "{path} {shown}: {answer}");
        if *expected == 200 {
            assert_eq!(body(&answer), *out, "{path} {shown}");
        }
        let log = bff.log();
        let told = log.iter().filter(|line| line["event"] == "upstream_contract").count();
        assert_eq!(told, usize::from(*expected == 502 || path.ends_with("report")), "{path} {shown}: {log:?}");
    }
}

/// Large texts that other engines choke on: here they cost what their size says.
#[tokio::test]
async fn what_is_long_is_answered() {
    let bff =
        over(format!("{{\"name\":\"{}b\",\"note\":\"{}\"}}", "a".repeat(2 << 20), "é".repeat(1 << 19)).as_bytes())
            .await;
    let answer = bff.get("/read/used").await;
    assert_eq!(status(&answer), 502);
    assert!(answer.len() < 1000, "{} bytes", answer.len());
    let log = bff.log();
    let told = log.iter().find(|line| line["event"] == "upstream_contract").expect("the cause");
    assert_eq!(
        (told["violations"][0]["pointer"].as_str(), told["violations"][0]["rule"].as_str()),
        (Some("/name"), Some("pattern"))
    );
    assert!(told.to_string().len() < 1000, "{told}");
    let bff = over(format!("{{\"name\":\"{}\"}}", "a".repeat(2 << 20)).as_bytes()).await;
    assert_eq!(body(&bff.get("/whole/used").await).len(), (2 << 20) + 11);
}
