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
