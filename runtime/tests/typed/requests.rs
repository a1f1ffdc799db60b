//! What is sent: bodies of every kind, parameters, credentials, addresses.

use crate::golden::{Client, Filter, ListPets, Pet, Problem};
use crate::server::{Service, Step, answer, json, service};
use bff_runtime::typed::{Body, Bytes, Encoding, Error, Http, Method, Multipart, Nullable, Part, Request, Style};
use serde_json::json;
use std::io;

async fn client(step: Step) -> (Client, Service) {
    let service = service(step).await;
    (Client::with(Http::new(&service.url).expect("a url")), service)
}

fn nothing() -> Step {
    Step::Answer(answer(204, "", ""))
}

fn pet(owner: Option<Nullable<String>>) -> Pet {
    Pet { id: 1, name: "Rex".into(), tag: None, owner, chip: Nullable::Null }
}

#[tokio::test]
async fn absent_is_not_null() {
    let cases = [
        (None, r#"{"id":1,"name":"Rex","chip":null}"#),
        (Some(Nullable::Null), r#"{"id":1,"name":"Rex","owner":null,"chip":null}"#),
        (Some(Nullable::Value("Ann".to_owned())), r#"{"id":1,"name":"Rex","owner":"Ann","chip":null}"#),
    ];
    for (owner, expected) in cases {
        let (client, mut service) = client(json(201, expected)).await;
        let sent = pet(owner);
        assert_eq!(client.create_pet(&sent).await.expect("a pet"), sent);
        let seen = service.seen().await;
        assert!(seen.starts_with("POST /v1/pets HTTP/1.1\r\n") && seen.ends_with(expected), "{seen}");
        assert!(seen.contains("content-type: application/json\r\n"), "{seen}");
    }
}

#[tokio::test]
async fn parameters_stand_where_they_belong() {
    let (client, mut service) = client(json(200, "[]")).await;
    let filter = Filter { status: "a&b".into(), tags: vec!["x".into(), "y".into()] };
    let options = ListPets { limit: Some(5), filter: Some(&filter), x_request_id: Some("r-1") };
    assert_eq!(client.list_pets(&options).await.expect("pets").body, []);
    let seen = service.seen().await;
    let target = "GET /v1/pets?limit=5&filter%5Bstatus%5D=a%26b&filter%5Btags%5D%5B0%5D=x&filter%5Btags%5D%5B1%5D=y ";
    assert!(seen.starts_with(target) && seen.contains("x-request-id: r-1\r\n"), "{seen}");

    client.list_pets(&ListPets::default()).await.expect("pets");
    let seen = service.seen().await;
    assert!(seen.starts_with("GET /v1/pets HTTP/1.1\r\n") && !seen.contains("x-request-id"), "{seen}");
}

#[tokio::test]
async fn every_kind_of_body_is_sent() {
    let (client, mut service) = client(nothing()).await;
    let stream = || futures_util::stream::iter(["one,", "two"].map(|part| Ok(Bytes::from(part))));
    for (body, framing) in [
        (Body::from("one,two"), "content-length: 7"),
        (Body::stream(stream()), "transfer-encoding: chunked"),
        (Body::sized_stream(7, stream()), "content-length: 7"),
    ] {
        client.put(body).await.expect("an answer");
        let seen = service.seen().await;
        assert!(seen.contains(framing) && seen.ends_with("\r\n\r\none,two"), "{seen}");
        assert!(seen.contains("content-type: application/octet-stream\r\n"), "{seen}");
    }
    let broken = Body::stream(futures_util::stream::iter([Ok(Bytes::from("a")), Err(io::Error::other("disk"))]));
    for body in [broken, Body::sized_stream(8, stream()), Body::sized_stream(6, stream())] {
        let error = client.put(body).await.expect_err("a broken body");
        assert!(matches!(error, Error::Broken { may_have_been_sent: true, .. }), "{error:?}");
    }

    let photo = Part::new(Body::stream(stream())).file_name("a \"b\"\r\n.png").content_type("image/png");
    client.upload("Réx", Some(photo)).await.expect("an answer");
    let seen = service.seen().await;
    let boundary = seen.split("boundary=").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a boundary");
    let expected = format!(
        "\r\n\r\n--{boundary}\r\ncontent-disposition: form-data; name=\"name\"\r\n\r\nRéx\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"meta\"\r\ncontent-type: application/json\r\n\r\n{{\"code\":1}}\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a %22b%22%0D%0A.png\"\r\n\
         content-type: image/png\r\n\r\none,two\r\n--{boundary}--\r\n"
    );
    assert!(seen.ends_with(&expected), "{seen}\n{expected}");
    client.upload("Rex", None).await.expect("an answer");
    let seen = service.seen().await;
    assert!(seen.contains("content-length: ") && !seen.contains("photo"), "{seen}");
}

/// What a request looks like: its target, and the end of all of it.
#[tokio::test]
async fn what_is_put_together_is_sent() {
    let body = json!({"q": "a b", "tags": ["x", "y"], "at": {"x": 1}, "none": null, "meta": [1]});
    let form =
        [Encoding::of("tags", Style::Form, false), Encoding::json("meta"), Encoding::of("at", Style::DeepObject, true)];
    let note = Filter { status: "s".into(), tags: vec![] };
    type Build<'b> = &'b dyn Fn(Http) -> Request;
    let cases: &[(Build<'_>, &str, &str)] = &[
        (&|http| http.request(Method::GET, "pets"), "GET /v1/pets ", ""),
        (&|http| http.timeout(std::time::Duration::MAX).request(Method::GET, "/"), "GET /v1/ ", ""),
        (
            &|http| http.request(Method::GET, "/a b/ü?fixed=1#tag").query("x", &1),
            "GET /v1/a%20b/%C3%BC?fixed=1&x=1 ",
            "",
        ),
        (
            &|http| http.request(Method::GET, "/r/{a}-{b}.json").path("a", "x/y").path("b", &[1, 2]),
            "GET /v1/r/x%2Fy-1,2.json ",
            "",
        ),
        (
            &|http| http.request(Method::GET, "/f{id}").path_with("id", "..", Style::Matrix, false),
            "GET /v1/f;id=.. ",
            "",
        ),
        (
            &|http| http.request(Method::GET, "/f{id}").path_content("id", &body["at"]),
            "GET /v1/f%7B%22x%22%3A1%7D ",
            "",
        ),
        (&|http| http.request(Method::GET, "/q").query("ids[]", &["a", ""]), "GET /v1/q?ids%5B%5D=a&ids%5B%5D= ", ""),
        (
            &|http| http.request(Method::GET, "/q").query_reserved("u", "http://a/?b=c&d#e+f%20%", Style::Form, true),
            "GET /v1/q?u=http://a/?b=c%26d%23e%2Bf%20%25 ",
            "",
        ),
        (&|http| http.request(Method::GET, "/q").query_content("f", &body["at"]), "GET /v1/q?f=%7B%22x%22%3A1%7D ", ""),
        (
            &|http| http.query("key", "k 1").request(Method::GET, "/q").query("a", &true),
            "GET /v1/q?a=true&key=k%201 ",
            "",
        ),
        (
            &|http| {
                http.cookie("key", "k").request(Method::GET, "/q").cookie("a", "b c;").cookie_with("l", &[1, 2], false)
            },
            "cookie: key=k; a=b%20c%3B; l=1,2\r\n",
            "",
        ),
        (&|http| http.bearer("t0ken").request(Method::GET, "/"), "authorization: Bearer t0ken\r\n", ""),
        (
            &|http| http.basic("Aladdin", "open sesame").request(Method::GET, "/"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n",
            "",
        ),
        (&|http| http.header("x-key", "k").request(Method::GET, "/").header("x-list", &[1, 2]), "x-key: k\r\n", ""),
        (
            &|http| http.request(Method::POST, "/").form(&body, &form),
            "content-type: application/x-www-form-urlencoded\r\n",
            "\r\n\r\nq=a%20b&tags=x,y&at%5Bx%5D=1&meta=%5B1%5D",
        ),
        (
            &|http| http.request(Method::POST, "/").form(&body, &[]),
            "POST /v1/ ",
            "\r\n\r\nq=a%20b&tags=x&tags=y&at=%7B%22x%22%3A1%7D&meta=1",
        ),
        (&|http| http.request(Method::PUT, "/").form(&note, &[]), "PUT /v1/ ", "\r\n\r\nstatus=s"),
        (
            &|http| http.request(Method::PATCH, "/").json_as("application/merge-patch+json", &Problem { code: 1 }),
            "content-type: application/merge-patch+json\r\n",
            "\r\n\r\n{\"code\":1}",
        ),
        (&|http| http.request(Method::PUT, "/").text("text/plain", "é"), "content-type: text/plain\r\n", "\r\n\r\né"),
        (&|http| http.request(Method::PUT, "/").when(Some(&1), Request::json), "PUT /v1/ ", "\r\n\r\n1"),
        (&|http| http.request(Method::PUT, "/").when(None::<&i32>, Request::json), "PUT /v1/ ", "\r\n\r\n"),
    ];
    let mut service = service(nothing()).await;
    for (at, (build, part, end)) in cases.iter().enumerate() {
        let http = Http::new(&service.url).expect("a url");
        let answer = build(http).send::<()>().await.unwrap_or_else(|error| panic!("case {at}: {error}"));
        answer.done().await.expect("the end");
        let seen = service.seen().await;
        assert!(seen.contains(part) && seen.ends_with(end), "case {at}: {seen}");
    }
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    type Build<'b> = &'b dyn Fn(Http) -> Request;
    let nested = json!([[1]]);
    let cases: &[(Build<'_>, &str)] = &[
        (&|http| http.request(Method::GET, "/a/{id}"), "`id` has no value"),
        (&|http| http.request(Method::GET, "/a/{id}").path("id", &None::<i32>), "`id`"),
        (&|http| http.request(Method::GET, "/a/{id}").path("id", ""), "empty"),
        (&|http| http.request(Method::GET, "/a/{id}/b").path("id", ".."), "`..`"),
        (&|http| http.request(Method::GET, "/a/{x}{y}").path("x", ".").path("y", "."), "`..`"),
        (&|http| http.request(Method::GET, "/a/{id}").path_with("id", "", Style::Label, false), "`.`"),
        (&|http| http.request(Method::GET, "/a/{id").path("id", "1"), "no parameter"),
        (&|http| http.request(Method::GET, "/a").path("id", "1"), "no parameter `id`"),
        (&|http| http.request(Method::GET, "/a").query("q", &nested), "`q`"),
        (&|http| http.request(Method::GET, "/a").query_with("q", &1, Style::Matrix, true), "`q`"),
        (&|http| http.request(Method::GET, "/a").header("x-a", "s3cret\n"), "`x-a`"),
        (&|http| http.request(Method::GET, "/a").header("no name", "s3cret"), "`no name`"),
        (&|http| http.bearer("s3cret\n").request(Method::GET, "/a"), "`authorization`"),
        (&|http| http.request(Method::PUT, "/a").form(&1, &[]), "object"),
        (&|http| http.request(Method::PUT, "/a").json_as("a\nb", &1), "content-type"),
        (
            &|http| {
                http.request(Method::PUT, "/a")
                    .multipart(Multipart::new().file("f", Part::new("").content_type("s3cret\n")))
            },
            "`f`",
        ),
        (&|http| http.request(Method::GET, "/a").query("q", &"x".repeat(70_000)), "too long"),
    ];
    let mut service = service(nothing()).await;
    for (at, (build, part)) in cases.iter().enumerate() {
        let error = build(Http::new(&service.url).expect("a url")).send::<()>().await.expect_err("an argument");
        let text = error.to_string();
        assert!(matches!(error, Error::Argument { .. }) && !error.may_have_been_sent(), "case {at}: {error:?}");
        assert!(text.contains(part) && !text.contains("s3cret"), "case {at}: {text}");
    }
    assert!(service.is_quiet(), "something was sent");
}

#[test]
fn credentials_are_never_shown() {
    let http = Http::new("http://host:81/v1//").expect("a url").bearer("s3cret").header("x-key", "s3cret");
    let http = http.query("key", "s3cret").cookie("key", "s3cret");
    let request = http.request(Method::GET, "/a").header("x", "s3cret").query("q", "s3cret").json("s3cret");
    let shown = format!("{http:?} {request:?} {:?} {:?}", Body::from("s3cret"), Part::new("s3cret"));
    assert!(shown.contains("http://host:81/v1") && !shown.contains("s3cret"), "{shown}");
    for (url, part) in [
        ("petstore.example.com", "http://"),
        ("ftp://a", "only `http` and `https`"),
        ("http://user:s3cret@a", "user name"),
        ("http://a/?b=c", "without a query"),
        ("http://a b", "not a url"),
    ] {
        let error = Http::new(url).expect_err(url).to_string();
        assert!(error.contains(part) && !error.contains("s3cret"), "{error}");
    }
}
