//! Bytes that a service answers: more or fewer than its document says, held and passed on, announced and not.

mod support;

use bff_runtime::codegen::{
    Answer, Bytes, Cx, Endpoint, Failure, Method, Operation, Request, Rule, Str, Streamed, Upstream, not_found, routes,
};
use bff_runtime::{Runtime, Settings};
use support::{Bff, Step, body, decoded, status, upstream};

static SHOP: Upstream = Upstream::new("shop", 0, "${SHOP_URL}");

const fn scan(name: &'static str) -> Operation {
    Operation::new(&SHOP, name, Method::GET, "/scan").bytes("image/png").length(3..=5)
}
static USED: Operation = scan("used");
static OFF: Operation = scan("off").validate_off();
static REPORT: Operation = scan("report").report_invalid();

static HELD: Endpoint = Endpoint::new("held", Method::GET, "/held/{mode}");
static PASSED: Endpoint = Endpoint::new("passed", Method::GET, "/passed/{mode}");

fn operation(cx: &Cx) -> Result<&'static Operation, Failure> {
    let mut inputs = cx.inputs();
    let mode = inputs.path::<Str>("mode", &Rule::ANY);
    let (mode,) = inputs.finish((mode,))?;
    Ok(match &*mode.as_str() {
        "off" => &OFF,
        "report" => &REPORT,
        _ => &USED,
    })
}

async fn held(cx: &Cx) -> Result<Answer, Failure> {
    let scan = Request::<Bytes>::new(cx, operation(cx)?).send().await?;
    Ok(Answer::content(200, "image/png", &scan))
}

async fn passed(cx: &Cx) -> Result<Answer, Failure> {
    Ok(Answer::stream(Request::<Streamed>::new(cx, operation(cx)?).stream().await?))
}

fn router(runtime: Runtime) -> axum::Router {
    axum::Router::new()
        .route("/held/{mode}", routes(&runtime).on(&HELD, |cx| Box::pin(held(cx))).into_method_router())
        .route("/passed/{mode}", routes(&runtime).on(&PASSED, |cx| Box::pin(passed(cx))).into_method_router())
        .fallback(not_found(&runtime))
}

/// An answer in these pieces: with its length, or as chunks.
fn answer(status: &str, pieces: &[&str], announced: bool) -> Vec<u8> {
    let whole = pieces.concat();
    let (framing, body) = match announced {
        true => (format!("content-length: {}", whole.len()), whole),
        false => {
            let chunks: String = pieces.iter().map(|piece| format!("{:x}\r\n{piece}\r\n", piece.len())).collect();
            ("transfer-encoding: chunked".to_owned(), format!("{chunks}0\r\n\r\n"))
        }
    };
    format!("HTTP/1.1 {status} X\r\ncontent-type: image/png\r\n{framing}\r\n\r\n{body}").into_bytes()
}

/// What becomes of it.
enum Then {
    /// It goes out, whole.
    Passes,
    /// It goes out, whole, and the rule is counted.
    Counts(&'static str),
    /// It does not go out, and the rule is counted.
    Fails(&'static str),
    /// A part of it goes out, is seen to be no more than that, and the rule is counted.
    Breaks(&'static str),
}
use Then::{Breaks, Counts, Fails, Passes};

#[tokio::test]
async fn how_many_bytes_there_are_is_what_the_document_says() {
    let (least, most) = ("minLength", "maxLength");
    // Path, status, pieces, whether their length is announced, and what becomes of them.
    let cases: Vec<(&str, &str, &[&str], bool, Then)> = vec![
        ("/held/used", "200", &["12345"], true, Passes),
        ("/held/used", "200", &["123"], false, Passes),
        ("/held/used", "200", &["123456"], true, Fails(most)),
        ("/held/used", "200", &["123", "456"], false, Fails(most)),
        ("/held/used", "200", &["12"], true, Fails(least)),
        ("/held/used", "206", &["12"], true, Passes),
        ("/held/off", "200", &["123456"], true, Passes),
        ("/held/report", "200", &["123456"], true, Counts(most)),
        ("/held/report", "200", &[], true, Counts(least)),
        ("/passed/used", "200", &["123"], true, Passes),
        ("/passed/used", "200", &["123", "45"], false, Passes),
        ("/passed/used", "200", &["123456"], true, Fails(most)),
        ("/passed/used", "200", &["12"], true, Fails(least)),
        ("/passed/used", "200", &["123", "456", "789"], false, Breaks(most)),
        ("/passed/used", "200", &["12"], false, Breaks(least)),
        ("/passed/used", "206", &["123456"], false, Passes),
        ("/passed/off", "200", &["123", "456"], false, Passes),
        ("/passed/off", "200", &["123456"], true, Passes),
        ("/passed/report", "200", &["123456"], true, Counts(most)),
        ("/passed/report", "200", &["123", "456", "789"], false, Counts(most)),
        ("/passed/report", "200", &["1"], false, Counts(least)),
    ];
    for (path, code, pieces, announced, then) in cases {
        let bytes = answer(code, pieces, announced);
        let scripted = upstream(move |_| Step::Answer(bytes.clone())).await;
        let bff = Bff::start_with(Settings::default().upstream_url("shop", &scripted.url), &[&SHOP], router).await;
        let answer = bff.get(path).await;
        let what = format!("{path} {code} {pieces:?} {announced}: {answer}");
        let whole = pieces.concat();
        let (told, outcome) = match then {
            Passes => (None, "ok"),
            Counts(rule) => (Some(rule), "ok"),
            Fails(rule) | Breaks(rule) => (Some(rule), "upstream_contract"),
        };
        match then {
            Passes | Counts(_) => assert_eq!((decoded(&answer), status(&answer) / 100), ((whole, true), 2), "{what}"),
            Fails(_) => assert!(status(&answer) == 502 && body(&answer).contains("\"upstream_contract\""), "{what}"),
            // Nothing of what is too much; what stood in a buffer may be lost.
            Breaks(_) => {
                let (came, complete) = decoded(&answer);
                assert!(status(&answer) == 200 && !complete && came.len() <= 5 && whole.starts_with(&came), "{what}");
            }
        }
        let mode = path.rsplit('/').next().unwrap_or_default();
        let calls = format!("bff_calls_total{{upstream=\"shop\",operation=\"{mode}\",outcome=\"{outcome}\"}} 1");
        bff.wait_for_metric(&calls).await;
        let log = bff.log();
        let lines: Vec<_> = log.iter().filter(|line| line["event"] == "upstream_contract").collect();
        assert_eq!(lines.len(), usize::from(told.is_some()), "{what}: {log:?}");
        let page = bff.manage("/drift", "application/json").await;
        if let Some(rule) = told {
            assert_eq!(lines[0]["violations"][0]["rule"], rule, "{what}");
            assert_eq!(lines[0]["passed"], outcome == "ok", "{what}");
            assert!(page.contains(&format!("\"rule\":\"{rule}\"")), "{what}: {page}");
        }
    }
}
