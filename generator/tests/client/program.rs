//! Uses the client of `generator/tests/odd/clients.yaml` against a scripted service: what goes out, and what comes back.
//! Built and run by `generator/tests/client.rs`.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use odd_client::typed::{Encoding, Error, Json, Nullable, Part};
use odd_client::{ChatAnswer, Client, SeveralAnswer, SeveralBody, SeveralError, UploadParts, types};

/// Answers each connection with the next of the answers, and gives the requests.
fn service(answers: Vec<String>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let url = format!("http://{}/base/", listener.local_addr().expect("an address"));
    let (tell, requests) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            tell.send(read(&mut stream)).expect("the test listens");
            stream.write_all(answer.as_bytes()).expect("the client reads");
        }
    });
    (url, requests)
}

/// A whole request: its head, and a body of a length or in chunks.
fn read(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            let whole = match length {
                Some(length) => body.len() >= length,
                None => !head.contains("chunked") || body.ends_with("0\r\n\r\n"),
            };
            if whole {
                return text;
            }
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return text,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

fn json(status: u16, body: &str) -> String {
    answer(status, "content-type: application/json\r\n", body)
}

/// One call of one answer, and the request that it made.
async fn call<T>(answer: String, work: impl AsyncFnOnce(Client) -> T) -> (T, String) {
    let (url, requests) = service(vec![answer]);
    let result = work(Client::new(&url).expect("a url")).await;
    (result, requests.recv().expect("a request"))
}

fn first_line(request: &str) -> &str {
    request.lines().next().unwrap_or("")
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    names().await;
    parameters().await;
    answers().await;
    bodies().await;
    round_trips().await;
}

/// Operations of any name are methods.
async fn names() {
    for at in 0..8 {
        let (done, request) = call(answer(204, "", ""), async |client| match at {
            0 => client.new_().await,
            1 => client.clone_().await,
            2 => client.request_().await,
            3 => client.http_().await,
            4 => client.r#fn().await,
            5 => client.plus_1().await,
            6 => client.minus_1().await,
            _ => client.u65e5_u672c().await,
        })
        .await;
        done.expect("204");
        let lines =
            ["GET /base/new", "GET /base/clone", "GET /base/request", "GET /base/http", "GET /base/fn", "GET /base/+1", "POST /base/+1", "GET /base/%E6%97%A5%E6%9C%AC"];
        assert_eq!(first_line(&request), format!("{} HTTP/1.1", lines[at]));
    }
}

async fn parameters() {
    let filter = types::Filter { status: Some(types::Sign::MinusAsc), tags: None };
    let options = odd_client::GetWithoutIdByIdOptions {
        self_: Some("a&b"),
        filter_status: Some(&types::Sign::AscValue),
        ids: Some(&[1, 2]),
        filter: Some(&filter),
        json: Some(&filter),
        options_header: Some("h"),
        body_cookie: Some(true),
        id_query: None,
    };
    #[expect(deprecated, reason = "the document says so")]
    let (done, request) = call(answer(204, "", ""), async |client| client.get_without_id_by_id("x/y", options).await).await;
    done.expect("204");
    let line = first_line(&request);
    let wanted = [
        "/base/without-id/x%2Fy?",
        "self=a%26b",
        "filter%5Bstatus%5D=ASC",
        "ids%5B%5D=1&ids%5B%5D=2",
        "filter%5Bstatus%5D=-asc",
        "json=%7B%22status%22%3A%22-asc%22%7D",
    ];
    for part in wanted {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    assert!(request.contains("options: h\r\n") && request.contains("cookie: body=true\r\n"), "{request}");

    let params = odd_client::ManyParams { a: &["1", "2"], b: 3, c: "4", d: 0.5, e: true, f: "", g: " " };
    let (done, request) = call(answer(204, "", ""), async |client| client.many(params).await).await;
    done.expect("204");
    assert_eq!(first_line(&request), "PUT /base/many/;a=1,2/3..4?d=0.5&e=true&f=&g=%20 HTTP/1.1");

    let client = Client::new("http://127.0.0.1:1").expect("a url");
    #[expect(deprecated, reason = "the document says so")]
    let refused = client.get_without_id_by_id("..", options).await;
    assert!(matches!(refused, Err(Error::Argument { .. })), "a path must not climb: {refused:?}");
}

async fn answers() {
    let head = "content-type: application/json\r\nx-rate: 7\r\ntype: a, b\r\n";
    let (result, _) = call(answer(200, head, r#"{"self":"s"}"#), async |client| client.result().await).await;
    let result = result.expect("200");
    assert_eq!((result.x_rate, result.r#type), (7, Some(vec!["a".to_owned(), "b".to_owned()])));
    assert_eq!(result.body, types::ResultValue { option: None, self_: Some("s".into()) });

    let (result, _) = call(json(200, "{}"), async |client| client.result().await).await;
    assert!(matches!(result, Err(Error::Decode(_))), "a header is missing: {result:?}");
    let (result, _) = call(json(418, r#"{"message":"m"}"#), async |client| client.result().await).await;
    let error = result.expect_err("418");
    let told = types::Error { message: "m".into(), code: None };
    assert_eq!((error.status(), error.refused()), (Some(418), Some(&odd_client::ResultError::Error(told.clone()))));
    let (result, _) = call(json(500, r#"{"Error":{"message":"m"}}"#), async |client| client.result().await).await;
    let error = result.expect_err("500");
    assert_eq!(error.refused(), Some(&odd_client::ResultError::ErrorValue(types::ErrorValue { error: told.clone() })));
    let (result, _) = call(json(500, "[1]"), async |client| client.result().await).await;
    assert!(matches!(result, Err(Error::Unexpected(_))), "an error that is not as declared: {result:?}");

    let several = async |answer: String| {
        call(answer, async |client| client.several(SeveralBody::Json(&[])).await).await.0
    };
    assert!(matches!(several(json(200, "[]")).await, Ok(SeveralAnswer::Status200(all)) if all.is_empty()));
    assert!(matches!(several(json(201, r#"{"Client":{}}"#)).await, Ok(SeveralAnswer::Status201(_))));
    assert!(matches!(several(answer(202, "", "")).await, Ok(SeveralAnswer::Status202)));
    let error = several(json(409, r#"["a"]"#)).await.expect_err("409");
    assert_eq!(error.refused(), Some(&SeveralError::Status409(vec!["a".into()])));
    assert!(matches!(several(json(410, "{}")).await, Err(Error::Unexpected(_))));

    let filter = types::Filter::default();
    let events = answer(200, "content-type: text/event-stream\r\n", "event: e\ndata: d\n\n");
    let (chat, request) = call(events, async |client| client.chat(&filter).await).await;
    assert!(request.contains("content-type: application/merge-patch+json\r\n"), "{request}");
    match chat {
        Ok(ChatAnswer::Status200Events(mut events)) => {
            let event = events.next().await.expect("an event").expect("no error");
            assert_eq!((event.event.as_str(), event.data.as_str()), ("e", "d"));
        }
        other => panic!("{other:?}"),
    }
    let (chat, _) = call(json(200, "{}"), async |client| client.chat(&filter).await).await;
    assert!(matches!(chat, Ok(ChatAnswer::Status200(_))), "{chat:?}");
}

async fn bodies() {
    let (done, request) =
        call(answer(202, "", ""), async |client| client.several(SeveralBody::Bytes("raw".into())).await).await;
    assert!(done.is_ok() && request.ends_with("\r\n\r\nraw"), "{request}");
    assert!(request.contains("content-type: application/octet-stream\r\n"), "{request}");

    let parts = UploadParts {
        name: "n".into(),
        r#type: None,
        photo: Part::new("bytes").file_name("a\"b.png").content_type("image/png"),
        more: vec![Part::new("1"), Part::new("2")],
        meta: Some(types::Filter::default()),
        tags: Some(vec!["t".into(), "u".into()]),
        scan: Some(Part::new("scanned")),
        raw: Some(Part::new("raw")),
        pages: vec![Part::new("page"), Part::new("other").content_type("application/x-page")],
        cover: Some(Part::new("cover")),
        note: Some("# note".into()),
        encoded: Some("aGk=".into()),
    };
    let text = answer(200, "content-type: text/plain\r\n", "thanks");
    let (thanks, request) = call(text, async |client| client.upload(parts).await).await;
    assert_eq!(thanks.expect("200"), "thanks");
    for (name, count) in [("name", 1), ("type", 0), ("photo", 1), ("more", 2), ("meta", 1), ("tags", 2), ("pages", 2)] {
        assert_eq!(request.matches(&format!("form-data; name=\"{name}\"")).count(), count, "{name} in {request}");
    }
    // As what the document says, unless the part says otherwise.
    for (name, head, body) in [
        ("scan", "content-type: image/png\r\n", "scanned"),
        ("raw", "content-type: application/octet-stream\r\n", "raw"),
        ("pages", "content-type: application/pdf\r\n", "page"),
        ("pages", "content-type: application/x-page\r\n", "other"),
        ("cover", "content-type: image/webp\r\n", "cover"),
        ("note", "", "# note"),
        ("encoded", "", "aGk="),
    ] {
        let part = format!("form-data; name=\"{name}\"\r\n{head}\r\n{body}\r\n");
        assert!(request.contains(&part), "{part} in {request}");
    }
    assert!(request.contains("filename=\"a%22b.png\"") && request.contains("content-type: image/png"), "{request}");

    let zip = answer(200, "content-type: application/octet-stream\r\n", "zip");
    let (zip, request) = call(zip, async |client| client.octets("in").await).await;
    assert_eq!(&zip.expect("200").bytes(10).await.expect("bytes")[..], b"zip");
    assert!(request.contains("content-type: application/octet-stream\r\n") && request.ends_with("\r\n\r\nin"), "{request}");
    let png = answer(200, "content-type: image/png\r\n", "png");
    let (png, request) = call(png, async |client| client.anything(b"\xff".as_slice()).await).await;
    assert_eq!(&png.expect("200").bytes(10).await.expect("bytes")[..], b"png");
    assert!(request.contains("content-type: application/octet-stream\r\n"), "{request}");

    let tags = Some(vec!["a b".to_owned(), "c".to_owned()]);
    let filter = types::Filter { status: None, tags };
    let image = answer(200, "content-type: image/png\r\n", "png");
    let (image, request) = call(image, async |client| client.form(Some(&filter)).await).await;
    assert_eq!(&image.expect("200").bytes(10).await.expect("bytes")[..], b"png");
    assert!(request.ends_with("\r\n\r\ntags=a%20b%7Cc"), "{request}");
    let _ = Encoding::json("it is of the runtime");
    let (_, request) = call(answer(200, "", ""), async |client| client.form(None).await).await;
    assert!(!request.contains("content-type"), "{request}");

    let events = answer(200, "content-type: text/event-stream\r\n", "");
    let (events, request) = call(events, async |client| client.text("a;b").await).await;
    assert!(events.expect("200").next().await.is_none());
    assert!(request.contains("content-type: text/csv\r\n") && request.ends_with("\r\n\r\na;b"), "{request}");
}

/// What goes out of a type is what came into it: absent, null, present; recursion; every union.
async fn round_trips() {
    let fours = [
        r#"{"must":"","mustOrNull":null}"#,
        r#"{"must":"a","mustOrNull":"b","may":"c","mayOrNull":null,"any":null}"#,
        r#"{"must":"a","mustOrNull":"b","mayOrNull":"c","any":[1,{"a":null}]}"#,
    ];
    for text in fours {
        let four: types::Four = serde_json::from_str(text).expect("a value");
        let (back, request) = call(json(200, text), async |client| client.four(&four).await).await;
        assert_eq!(back.expect("200"), four);
        assert_same(text, body_of(&request));
    }
    for text in [r#"{"must":"a"}"#, r#"{"mustOrNull":null}"#, r#"{"must":null,"mustOrNull":null}"#] {
        let (back, _) = call(json(200, text), async |client| {
            client.four(&types::Four { must: String::new(), must_or_null: Nullable::Null, may: None, may_or_null: None, any: None }).await
        })
        .await;
        assert!(matches!(back, Err(Error::Decode(_))), "{text}: {back:?}");
    }
    let trees = [
        r#"{"direct":{"direct":{}},"mutual":{"tree":{"list":[{},{"map":{"a":{}}}]}}}"#,
        r#"{"lists":[[],[[]]],"union":null}"#,
        r#"{"union":"text"}"#,
        r#"{"union":{"union":{"lists":[]}}}"#,
    ];
    for text in trees {
        let tree: types::Tree = serde_json::from_str(text).expect("a tree");
        let (back, request) = call(json(200, text), async |client| client.tree(&tree).await).await;
        assert_eq!(back.expect("200"), tree);
        assert_same(text, body_of(&request));
    }
    let unions = [
        r#"{"byTag":{"petType":"Cat","meow":"m"}}"#,
        r#"{"byTag":{"petType":"Dog","bark":"b"}}"#,
        r#"{"byMapping":{"petType":"the cat","meow":"m"}}"#,
        r#"{"byMapping":{"petType":"d","bark":"b"}}"#,
        r#"{"byConst":{"kind":"one","n":1}}"#,
        r#"{"byConst":{"kind":"two","t":"t"}}"#,
        r#"{"byType":"s","byRequired":{"petType":"x","meow":"m"}}"#,
        r#"{"byType":-7,"byRequired":{"petType":"x","bark":"m"}}"#,
        r#"{"byType":true,"nothing":{"status":"asc"}}"#,
        r#"{"byType":["a"],"nothing":{"Default":true},"numbers":7}"#,
        r#"{"byType":{"kind":"one"},"orNull":null,"numbers":0.5}"#,
        r#"{"orNull":{"status":"new value"}}"#,
        r#"{"base":{"name":"a","species":"eel","salt":true,"prey":{"name":"b","species":"Worm"}}}"#,
        r#"{"base":{"name":"a","species":"bird","size":"Duck","quacks":true},"baseOrNull":null}"#,
        r#"{"base":{"name":"a","species":"new","eats":[{"name":"b"}]},"baseOrNull":{"name":"c","species":"fish"}}"#,
        r#"{"heir":{"name":"a","species":"fish"}}"#,
        r#"{"pair":["a",{"name":"b"}],"chain":[1,[2,null]],"row":["a",1,2],"short":["a"],"open":["a",true,null]}"#,
        r#"{"labels":{"x-a":"b"},"closed":{"n":1,"t":"a"},"rest":{"id":"a","n1":1,"more":true}}"#,
    ];
    for text in unions {
        let value: types::Unions = serde_json::from_str(text).expect(text);
        let (back, request) = call(json(200, text), async |client| client.unions(&value).await).await;
        assert_eq!(back.expect("200"), value);
        assert_same(text, body_of(&request));
    }
    for text in [r#"{"byTag":{"petType":"Cow"}}"#, r#"{"byTag":{"meow":"m"}}"#, r#"{"byType":null,"byConst":7}"#] {
        assert!(serde_json::from_str::<types::Unions>(text).is_err(), "{text}");
    }
    let fish = types::Fish { name: "a".into(), species: None, eats: None, salt: None, prey: None };
    let animal = types::Animal::Fish(Box::new(fish));
    assert_same(r#"{"name":"a","species":"fish"}"#, &serde_json::to_string(&animal).expect("JSON"));
    let nothing: types::UnionsNothing = serde_json::from_str(r#"{"Default":true}"#).expect("a value");
    assert_eq!(nothing.as_b_tree_map_value(), Some(types::BTreeMapValue { default: Some(true) }));
    let further = r#"{"type":"","1":1,"":"","+1":1,"-1":-1,"aB":"","a_b":"","a-b":"","more":3}"#;
    let value: types::BoxValue = serde_json::from_str(further).expect("a value");
    assert_eq!(value.additional_members, BTreeMap::from([("more".to_owned(), 3)]));
    assert_same(further, &serde_json::to_string(&value).expect("JSON"));
}

fn body_of(request: &str) -> &str {
    request.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

/// The same JSON: numbers by value.
fn assert_same(one: &str, two: &str) {
    let read = |text: &str| serde_json::from_str::<Json>(&text.replace(".0}", "}")).expect("JSON");
    assert_eq!(read(one), read(two));
}
