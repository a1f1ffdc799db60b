//! The stand-in as an axum router, with latency and failures on demand.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::answer::{Answer, Call, Service};
use super::broken::break_it;
use super::random::mix;

/// How a stand-in behaves.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Of the data.
    pub seed: u64,
    /// Waited before each answer.
    pub latency: Duration,
    /// Operation id, or `*` for all, and the status it answers.
    pub fail: Vec<(String, u16)>,
    /// Operation id, or `*` for all, whose answers break the document, each time in another way.
    pub broken: Vec<String>,
}

impl Service {
    /// A router that answers every request.
    pub fn router(self, faults: Faults) -> Router {
        Router::new().fallback(respond).with_state(Arc::new((self, faults, AtomicU64::new(0))))
    }
}

async fn respond(State(state): State<Arc<(Service, Faults, AtomicU64)>>, method: Method, uri: Uri) -> Response {
    let (service, faults, count) = &*state;
    let call = Call { method: method.as_str(), path: uri.path(), query: uri.query().unwrap_or("") };
    if !faults.latency.is_zero() {
        tokio::time::sleep(faults.latency).await;
    }
    let operation = service.find(call).map(|(operation, _)| operation.head.id.as_str());
    let means = |name: &str| name == "*" || Some(name) == operation;
    let fault = faults.fail.iter().find(|(name, _)| means(name));
    let answer = match fault {
        Some((_, status)) => Answer::problem(*status, "Made to fail", "The stand-in was told to fail here."),
        None => {
            let mut answer = service.answer(call, faults.seed);
            if faults.broken.iter().any(|name| means(name)) {
                // Each time in another way.
                break_it(&mut answer, mix(faults.seed, &count.fetch_add(1, Ordering::Relaxed).to_string()));
            }
            answer
        }
    };
    into_response(answer)
}

fn into_response(answer: Answer) -> Response {
    let mut builder = axum::http::Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    // A media type or an id of the document may hold what a header cannot.
    builder.body(Body::from(answer.body)).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
