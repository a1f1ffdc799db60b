//! The server: accepts connections, holds them to the limits, and stops gracefully.

mod chunks;
mod connection;
mod gate;
mod heads;
mod io;
mod management;
mod watchdog;

pub use management::serve_management;
pub(crate) use watchdog::Open;

use crate::runtime::Runtime;
use connection::Shared;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// How far stopping has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Requests are welcome.
    Serving,
    /// Connections end when their requests have.
    Draining,
    /// Connections are cut.
    Cut,
}

/// Serves `router` until `stop` is ready, then stops: readiness off, linger, drain, cut (see [`crate::Stop`]).
///
/// Each connection is one task; whatever a request does happens in it, so a client that leaves takes its calls along.
pub async fn serve(listener: TcpListener, router: axum::Router, runtime: Runtime, stop: impl Future<Output = ()>) {
    let settings = runtime.settings();
    let most = settings.limits.connections.clamp(1, Semaphore::MAX_PERMITS.min(u32::MAX as usize));
    let places = Arc::new(Semaphore::new(most));
    let (phase, seen) = watch::channel(Phase::Serving);
    let shared = Arc::new(Shared::new(runtime.clone(), router));
    let stopping = async {
        stop.await;
        runtime.not_ready();
        tokio::time::sleep(settings.stop.linger).await;
    };
    tokio::select! {
        () = stopping => {}
        () = accept(&listener, &places, &seen, &shared) => {}
    }
    drop(listener);
    phase.send_replace(Phase::Draining);
    let all_ended = places.acquire_many(most as u32);
    if tokio::time::timeout(settings.stop.drain, all_ended).await.is_err() {
        phase.send_replace(Phase::Cut);
        // Every task sees the change and ends; one second is far more than it takes.
        let _ = tokio::time::timeout(Duration::from_secs(1), places.acquire_many(most as u32)).await;
    }
}

/// Accepts for ever. While all places are taken, new connections wait in the operating system's backlog.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>, phase: &watch::Receiver<Phase>, shared: &Arc<Shared>) {
    loop {
        let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let (shared, phase) = (Arc::clone(shared), phase.clone());
                tokio::spawn(async move {
                    connection::run(stream, &shared, phase).await;
                    drop(place);
                });
            }
            // The connection was gone before it was accepted: nothing to wait for.
            Err(error) if is_of_connection(&error) => {}
            Err(error) => {
                shared.runtime.log().server("accept_failed", &error.to_string());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn is_of_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
