//! Stand-ins for services on sockets, which can be made to fail.

use std::sync::{Arc, Mutex};

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use bffgen::mock::{Faults, Service};
use bffgen::openapi::Specs;
use bffgen::source::Sources;
use tokio::net::TcpListener;

use crate::Disk;

/// Stand-ins for the services of a client.
pub struct StandIns {
    /// Name and address.
    pub urls: Vec<(String, String)>,
    seen: Arc<Mutex<Vec<String>>>,
    down: Arc<Mutex<Vec<String>>>,
}

/// What a script answers.
pub struct Scripted {
    /// Status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: serde_json::Value,
}

impl Scripted {
    /// 200 with a body.
    pub fn ok(body: serde_json::Value) -> Scripted {
        Scripted { status: 200, headers: Vec::new(), body }
    }
}

/// Method, target, body and headers of a request, to its answer.
pub type Script = fn(&str, &str, &str, &axum::http::HeaderMap) -> Scripted;

/// The service that a document describes.
///
/// # Panics
/// Where the document does not open.
pub fn service(name: &str, path: &str) -> Service {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, found) = specs.open(&mut sources, path, &mut Disk);
    let doc = doc.unwrap_or_else(|| panic!("{path}: {found:?}"));
    Service::new(name, &mut specs, doc).0
}

impl StandIns {
    /// Serves each service (name and document); another seed gives other data.
    ///
    /// # Panics
    /// Where a document does not open or no port is free.
    pub async fn start(services: &[(&str, String)], seed: u64) -> StandIns {
        let mut all = StandIns { urls: Vec::new(), seen: Arc::default(), down: Arc::default() };
        for (name, path) in services {
            let (seen, down, name) = (Arc::clone(&all.seen), Arc::clone(&all.down), (*name).to_owned());
            let note = {
                let name = name.clone();
                move |request: Request, next: Next| {
                    let line = format!("{name} {} {}", request.method(), request.uri());
                    seen.lock().expect("not poisoned").push(line);
                    let fails = down.lock().expect("not poisoned").contains(&name);
                    async move {
                        if fails { StatusCode::SERVICE_UNAVAILABLE.into_response() } else { next.run(request).await }
                    }
                }
            };
            let faults = Faults { seed, ..Faults::default() };
            let router = service(&name, path).router(faults).layer(middleware::from_fn(note));
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            all.urls.push((name, format!("http://{}", listener.local_addr().expect("an address"))));
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        all
    }

    /// Adds a service that answers by a script. Of its requests, [`StandIns::seen`] shows the body and headers that
    /// begin with `x-`, too.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn script(mut self, name: &str, answer: Script) -> StandIns {
        let (seen, name) = (Arc::clone(&self.seen), name.to_owned());
        let said = name.clone();
        let handler = move |request: Request| {
            let (seen, name) = (Arc::clone(&seen), said.clone());
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 1 << 20).await.expect("a whole body");
                let body = String::from_utf8(body.to_vec()).expect("UTF-8");
                let target = head.uri.to_string();
                let own = head.headers.iter().filter(|(name, _)| name.as_str().starts_with("x-"));
                let mut own: Vec<_> = own.map(|(name, v)| format!(" {name}={}", v.to_str().unwrap_or(""))).collect();
                own.sort();
                let body_shown = if body.is_empty() { String::new() } else { format!(" {body}") };
                let line = format!("{name} {} {target}{body_shown}{}", head.method, own.concat());
                seen.lock().expect("not poisoned").push(line);
                let Scripted { status, headers, body } = answer(head.method.as_str(), &target, &body, &head.headers);
                let mut response = axum::response::Response::new(axum::body::Body::from(body.to_string()));
                *response.status_mut() = StatusCode::from_u16(status).expect("a status");
                response.headers_mut().insert("content-type", "application/json".parse().expect("a value"));
                for (name, value) in headers {
                    response.headers_mut().append(name, value.parse().expect("a value"));
                }
                response
            }
        };
        let router = axum::Router::new().fallback(handler);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        self.urls.push((name, format!("http://{}", listener.local_addr().expect("an address"))));
        tokio::spawn(async move { axum::serve(listener, router).await });
        self
    }

    /// From now on these answer 503, and all others as they should.
    ///
    /// # Panics
    /// Where there is no such service.
    pub fn fail(&self, names: &[&str]) {
        let known = |name: &&str| self.urls.iter().any(|(known, _)| known == name);
        assert!(names.iter().all(known), "{names:?}");
        *self.down.lock().expect("not poisoned") = names.iter().map(|name| (*name).to_owned()).collect();
    }

    /// What was asked since the last time: `orders GET /orders?limit=20`.
    ///
    /// # Panics
    /// After a panic in a stand-in.
    pub fn seen(&self) -> Vec<String> {
        std::mem::take(&mut *self.seen.lock().expect("not poisoned"))
    }
}
