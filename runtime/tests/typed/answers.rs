//! What comes back: every kind of answer, every way to fail, and the limits.

use crate::golden::{Client, CreatePetError, ListPets, Payment, Pet, Problem, StartAnswer};
use crate::server::{Step, answer, json, service, within};
use bff_runtime::typed::{Error, Event, Http, Method, Nullable};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::time::Duration;

async fn client(step: Step) -> Client {
    let service = service(step).await;
    Client::with(Http::new(&service.url).expect("a url"))
}

const PET: &str = r#"{"id":1,"name":"Rex","chip":7,"unknown":true}"#;

fn pet() -> Pet {
    Pet { id: 1, name: "Rex".into(), tag: None, owner: None, chip: Nullable::Value(7) }
}

#[tokio::test]
async fn each_status_has_its_type() {
    for (step, expected) in [
        (json(200, PET), StartAnswer::Status200(pet())),
        (json(202, r#"{"a":1}"#), StartAnswer::Status202(BTreeMap::from([("a".into(), 1)]))),
        (Step::Answer(answer(204, "", "")), StartAnswer::Status204),
    ] {
        assert_eq!(client(step).await.start("p", None).await.expect("an answer"), expected);
    }
    let page = client(Step::Answer(answer(200, "x-next: /p?2\r\n", &format!("[{PET}]")))).await;
    let page = page.list_pets(&ListPets::default()).await.expect("pets");
    assert_eq!((page.x_next.as_deref(), page.body), (Some("/p?2"), vec![pet()]));
    let paid = client(json(200, r#"{"method":"invoice","days":3}"#)).await.pay().await.expect("a payment");
    assert!(matches!(paid, Payment::Invoice(invoice) if invoice.days == 3));

    let text = client(Step::Answer(answer(200, "", "é"))).await;
    let note = crate::golden::Filter { status: "s".into(), tags: vec![] };
    assert_eq!(text.note(&note).await.expect("text"), "é");
    let latin = client(Step::Answer(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n\xe9".to_vec())).await;
    assert!(matches!(latin.note(&note).await, Err(Error::Decode(_))));
}

#[tokio::test]
async fn declared_errors_have_their_type() {
    let refused = |result: Result<Pet, Error<CreatePetError>>| match result {
        Err(Error::Refused(refused)) => (refused.status.as_u16(), refused.body),
        other => panic!("{other:?}"),
    };
    for (step, expected) in [
        (json(400, r#"{"code":3}"#), (400, CreatePetError::Status400(Problem { code: 3 }))),
        (Step::Answer(answer(409, "", "taken")), (409, CreatePetError::Status409("taken".into()))),
        (Step::Answer(answer(410, "", "")), (410, CreatePetError::Status410)),
    ] {
        assert_eq!(refused(client(step).await.create_pet(&pet()).await), expected);
    }
    let listed = client(json(503, r#"{"code":9}"#)).await.list_pets(&ListPets::default()).await.expect_err("refused");
    assert_eq!((listed.status(), listed.refused()), (Some(503), Some(&Problem { code: 9 })));
    let empty = client(Step::Answer(answer(404, "", "x"))).await.start("p", None).await;
    assert!(matches!(empty, Err(Error::Refused(refused)) if refused.status == 404));
}

/// What an error says of itself: its kind, status, and whether the request may have been seen.
fn told<E: Debug>(error: &Error<E>) -> String {
    let kind = match error {
        Error::Decode(undecoded) => format!("Decode {} {}", undecoded.place, undecoded.message),
        Error::Unexpected(unexpected) => format!("Unexpected {}", unexpected.body.len()),
        other => format!("{other:?}").split([' ', '(']).next().unwrap_or_default().to_owned(),
    };
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("s3cret") && error.to_string().ends_with('.'), "{shown}");
    format!("{kind}, {:?}, {}", error.status(), error.may_have_been_sent())
}

#[tokio::test]
async fn every_way_to_fail_is_told() {
    let body = |text: &str| Step::Answer(answer(201, "", text));
    let huge = Step::Answer(b"HTTP/1.1 201 OK\r\ncontent-length: 5000000\r\n\r\n".to_vec());
    let chunks = [b"HTTP/1.1 201 OK\r\ntransfer-encoding: chunked\r\n\r\n1000\r\n".to_vec(), vec![b' '; 4096]].concat();
    let cases = [
        (Step::Close(Vec::new()), "Broken, None, true"),
        (Step::Close(b"SSH-2.0-x\r\n\r\n".to_vec()), "Broken, None, true"),
        (Step::Close(b"HTTP/1.1 201 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()), "Broken, None, true"),
        (Step::Hang(Vec::new()), "Timeout, None, true"),
        (Step::Hang(b"HTTP/1.1 201 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()), "Timeout, None, true"),
        (huge, "TooLarge, Some(201), true"),
        (Step::Hang(chunks), "TooLarge, Some(201), true"),
        (body("{"), "Decode  the JSON ends too early, Some(201), true"),
        (body("\u{feff}{\"id\":1}"), "Decode  it is not JSON (it begins with a byte order mark), Some(201), true"),
        (body("<s3cret>"), "Decode  it is not JSON (expected value at line 1 column 1), Some(201), true"),
        (body(r#"{"id":"s3cret, expected x"}"#), "Decode /id expected i64, Some(201), true"),
        (body(r#"{"id":1,"name":"s3cret"}"#), "Decode  missing field `chip`, Some(201), true"),
        (
            body(r#"{"id":1,"name":"a","chip":null,"owner":{"s3cret":1}}"#),
            "Decode /owner expected a string, Some(201), true",
        ),
        (
            body(&format!("{PET} s3cret")),
            "Decode  it is not JSON (trailing characters at line 1 column 47), Some(201), true",
        ),
        (Step::Answer(answer(500, "x-a: s3cret\r\n", "s3cret")), "Unexpected 6, Some(500), true"),
        (Step::Answer(answer(200, "", PET)), "Unexpected 45, Some(200), true"),
        (Step::Answer(answer(302, "location: http://127.0.0.1:1/\r\n", "")), "Unexpected 0, Some(302), true"),
        (json(400, r#"{"code":"s3cret"}"#), "Unexpected 17, Some(400), true"),
    ];
    for (at, (step, expected)) in cases.into_iter().enumerate() {
        let slow = matches!(&step, Step::Hang(bytes) if bytes.len() < 1000);
        let service = service(step).await;
        let http = Http::new(&service.url).expect("a url").body_limit(1000);
        let http = if slow { http.timeout(Duration::from_millis(50)) } else { http };
        let error = within(Client::with(http).create_pet(&pet())).await.expect_err("an error");
        assert_eq!(told(&error), expected, "case {at}");
    }
    let nobody = Client::with(Http::new("http://127.0.0.1:1").expect("a url"));
    assert_eq!(told(&nobody.create_pet(&pet()).await.expect_err("nobody")), "Connect, None, false");
    let unknown = client(json(200, r#"{"method":"s3cret"}"#)).await.pay().await.expect_err("an unknown tag");
    let expected = "Decode  `method` has a text that the document does not declare, Some(200), true";
    assert_eq!(told(&unknown), expected);
}

#[tokio::test]
async fn headers_have_their_types() {
    let headers = "n: 5\r\nb: true\r\nl: 1, 2\r\nl: 3\r\no: a,1,b,2\r\ne: a=1,b=2\r\nt: s3cret\r\nk: blue\r\n";
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Pair {
        a: i64,
        b: String,
    }
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Colour {
        Blue,
    }
    let service = service(Step::Answer(answer(200, headers, ""))).await;
    let http = Http::new(&service.url).expect("a url");
    let answer = http.request(Method::GET, "/").send::<()>().await.expect("an answer");
    assert_eq!(answer.header::<i32>("n").expect("n"), Some(5));
    assert_eq!(answer.header::<f64>("n").expect("n"), Some(5.0));
    assert_eq!(answer.header::<String>("n").expect("n").as_deref(), Some("5"));
    assert!(answer.header_required::<bool>("b").expect("b"));
    assert_eq!(answer.header_required::<Vec<i64>>("l").expect("l"), [1, 2, 3]);
    let pair = Pair { a: 1, b: "2".into() };
    assert_eq!(answer.header_required::<Pair>("o").expect("o"), pair);
    assert_eq!(answer.header_required::<Pair>("e").expect("e"), pair);
    assert_eq!(answer.header_required::<Colour>("k").expect("k"), Colour::Blue);
    assert_eq!(answer.header::<i32>("none").expect("none"), None);
    let errors = [answer.header::<i32>("t").map(drop), answer.header_required::<i32>("none").map(drop)];
    let told = errors.map(|error| told(&error.expect_err("an error")));
    let expected = ["header: t expected an integer", "header: none it is missing"];
    assert_eq!(told, expected.map(|text| format!("Decode {text}, Some(200), true")));
    let error = answer.header_required::<Pair>("l").expect_err("three are no pairs");
    assert!(matches!(error, Error::Decode(_)));
}

#[tokio::test]
async fn streams_are_read_as_they_come() {
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\n\x00\xffde\r\n".to_vec();
    let ended = [chunked.clone(), b"0\r\n\r\n".to_vec()].concat();
    let photo = client(Step::Answer(ended.clone())).await.photo().await.expect("a photo");
    assert_eq!(&photo.bytes(7).await.expect("bytes")[..], b"abc\x00\xffde");
    let photo = client(Step::Answer(ended)).await.photo().await.expect("a photo");
    assert!(matches!(photo.bytes(6).await, Err(Error::TooLarge { limit: 6, .. })));

    let mut cut = client(Step::Close(chunked.clone())).await.photo().await.expect("a photo");
    let mut slow = client(Step::Hang(chunked)).await.photo().await.expect("a photo").idle(Duration::from_millis(50));
    for (stream, expected) in [(&mut cut, "Broken"), (&mut slow, "Timeout")] {
        let (mut read, mut error) = (Vec::new(), None);
        while let Some(next) = within(stream.next()).await {
            match next {
                Ok(bytes) => read.extend_from_slice(&bytes),
                Err(failed) => error = Some(failed),
            }
        }
        assert_eq!(read, b"abc\x00\xffde");
        assert!(error.is_some_and(|error| told(&error).starts_with(expected)), "{expected}");
    }
}

/// The rules of WHATWG, with most of the examples of its text.
#[tokio::test]
async fn events_follow_the_rules() {
    let cases: &[(&str, &[&str])] = &[
        ("data: YHOO\ndata: +2\ndata: 10\n\n", &["message|YHOO\n+2\n10||"]),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            &["message|first event|1|", "message|second event||", "message| third event||"],
        ),
        ("data\n\ndata\ndata\n\ndata:", &["message|||", "message|\n||"]),
        ("data:test\n\ndata: test\n\n", &["message|test||", "message|test||"]),
        (
            "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: x\n\n",
            &["add|73857293||", "remove|2153||", "message|x||"],
        ),
        ("\u{feff}data: a\r\n\r\ndata: b\r\rdata: c\n\n", &["message|a||", "message|b||", "message|c||"]),
        ("data: a\r\n\r\n\r\n\ndata: \u{feff}b\n\n", &["message|a||", "message|\u{feff}b||"]),
        ("retry: 1500\nretry: 15x\nretry:\ndata: a\n\n", &["message|a||1500"]),
        ("id: 7\0\ndata: a\n\nid: 8\n\ndata: b\n\n", &["message|a||", "message|b|8|"]),
        ("event: lost\n\ndata: a\nunknown: b\n:comment\nDATA: c\n\n", &["message|a||"]),
        ("data: é:ü\n\n", &["message|é:ü||"]),
        ("data: unfinished\n", &[]),
        ("", &[]),
    ];
    let shown = |event: Event| {
        let retry = event.retry.map_or(String::new(), |retry| retry.as_millis().to_string());
        format!("{}|{}|{}|{retry}", event.event, event.data, event.id)
    };
    for (text, expected) in cases {
        // At once, and byte by byte.
        let mut single = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for byte in text.bytes() {
            single.extend_from_slice(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
        }
        single.extend_from_slice(b"0\r\n\r\n");
        for step in [answer(200, "", text), single] {
            let mut events = client(Step::Answer(step)).await.watch().await.expect("events");
            let mut came = Vec::new();
            while let Some(event) = within(events.next()).await {
                came.push(shown(event.expect("an event")));
            }
            assert_eq!(came, *expected, "{text:?}");
        }
    }
    for endless in [format!("data: {}", "x".repeat(2000)), "data: 0123456789\n".repeat(100)] {
        let step = Step::Hang([b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), endless.into_bytes()].concat());
        let mut events = client(step).await.watch().await.expect("events").limit(1000);
        let error = within(events.next()).await.expect("an end").expect_err("too large");
        assert!(matches!(error, Error::TooLarge { limit: 1000, .. }), "{error:?}");
        assert!(within(events.next()).await.is_none());
    }
}
