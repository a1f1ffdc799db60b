//! An upstream that answers as a test says, and tells what it was asked.

use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::Response;
use tokio::net::TcpListener;

/// An upstream in this process.
pub struct Scripted {
    /// `http://127.0.0.1:1234`
    pub url: String,
    seen: Arc<Mutex<Vec<(Parts, Bytes)>>>,
}

impl Scripted {
    /// Serves what `answer` makes of each request.
    ///
    /// # Panics
    /// Where no port is free.
    pub async fn start(answer: impl Fn(&Parts, &Bytes) -> Response<Body> + Clone + Send + Sync + 'static) -> Scripted {
        let seen: Arc<Mutex<Vec<(Parts, Bytes)>>> = Arc::default();
        let noted = Arc::clone(&seen);
        let router = axum::Router::new().fallback(move |request: Request| {
            let (answer, noted) = (answer.clone(), Arc::clone(&noted));
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, 1 << 24).await.expect("a whole request");
                let response = answer(&head, &body);
                noted.lock().expect("not poisoned").push((head, body));
                response
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Scripted { url, seen }
    }

    /// What was asked since the last time.
    ///
    /// # Panics
    /// Where a request made the script panic.
    pub fn seen(&self) -> Vec<(Parts, Bytes)> {
        std::mem::take(&mut self.seen.lock().expect("not poisoned"))
    }
}
