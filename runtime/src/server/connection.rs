//! One connection of a client, from its first byte to its end.

use super::Phase;
use super::gate::Gate;
use super::heads::Heads;
use super::io::Watched;
use super::watchdog::{Activity, Verdict};
use crate::runtime::Runtime;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tokio::sync::watch;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) runtime: Runtime,
    router: axum::Router,
    h1: http1::Builder,
    h2: http2::Builder<TokioExecutor>,
}

impl Shared {
    pub(crate) fn new(runtime: Runtime, router: axum::Router) -> Shared {
        let limits = &runtime.settings().limits;
        let mut h1 = http1::Builder::new();
        // hyper's own time for heads also runs between requests; the watchdog tells the two apart.
        h1.timer(TokioTimer::new())
            .header_read_timeout(None)
            .max_headers(limits.headers)
            .max_header_size(limits.head_bytes)
            .max_buf_size((limits.head_bytes + (8 << 10)).max(64 << 10))
            .half_close(false);
        let mut h2 = http2::Builder::new(TokioExecutor::new());
        h2.timer(TokioTimer::new())
            .max_concurrent_streams(limits.h2_streams)
            .initial_stream_window_size(limits.h2_stream_window)
            .initial_connection_window_size(limits.h2_connection_window)
            .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX));
        Shared { runtime, router, h1, h2 }
    }
}

/// Serves a connection to its end.
pub(crate) async fn run(stream: TcpStream, shared: &Shared, phase: watch::Receiver<Phase>) {
    // Small answers must not wait for acknowledgements. A socket that refuses this still works.
    let _ = stream.set_nodelay(true);
    let _counted = Counted::new(&shared.runtime.metrics().connections);
    serve(stream, shared, phase).await;
}

/// Counts an open connection, however it ends.
struct Counted<'a>(&'a AtomicI64);

impl Counted<'_> {
    fn new(open: &AtomicI64) -> Counted<'_> {
        open.fetch_add(1, Ordering::Relaxed);
        Counted(open)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn serve(stream: TcpStream, shared: &Shared, mut phase: watch::Receiver<Phase>) {
    let limits = &shared.runtime.settings().limits;
    let activity = Arc::new(Activity::new());
    let mut stream = Watched::new(stream, Arc::clone(&activity));
    let opening = async {
        tokio::time::timeout(limits.first_byte, stream.first_byte()).await.ok()?.ok()?;
        tokio::time::timeout(limits.head, stream.is_h2()).await.ok()?.ok()
    };
    let is_h2 = tokio::select! {
        opened = opening => opened,
        _ = phase.wait_for(|phase| *phase != Phase::Serving) => None,
    };
    let Some(is_h2) = is_h2 else { return };
    let refused = stream.begin((!is_h2).then(|| Heads::new(limits)));
    let gate = Gate::new(shared.runtime.clone(), shared.router.clone(), Arc::clone(&activity), refused);
    let io = TokioIo::new(stream);
    let mut connection = match is_h2 {
        true => Connection::H2(Box::pin(shared.h2.serve_connection(io, gate))),
        false => Connection::H1(Box::pin(shared.h1.serve_connection(io, gate))),
    };
    let mut looks = tokio::time::interval(Activity::interval(limits));
    if *phase.borrow_and_update() != Phase::Serving {
        return;
    }
    let mut ending = false;
    loop {
        tokio::select! {
            // What an ended connection says (a reset, broken framing) is its client's business.
            () = &mut connection => return,
            changed = phase.changed() => match *phase.borrow_and_update() {
                Phase::Serving if changed.is_ok() => {}
                Phase::Draining if changed.is_ok() => connection.end_politely(),
                // Cut, or the server itself was dropped.
                _ => return,
            },
            _ = looks.tick() => match activity.judge(limits, !is_h2) {
                Verdict::Fine => {}
                Verdict::Idle if !ending => {
                    ending = true;
                    connection.end_politely();
                }
                // Idle once more: an answer waits for a client that does not open its HTTP/2 window.
                Verdict::Idle | Verdict::TooSlow => return,
            },
        }
    }
}

type Io = TokioIo<Watched>;

enum Connection {
    H1(Pin<Box<http1::Connection<Io, Gate>>>),
    H2(Pin<Box<http2::Connection<Io, Gate, TokioExecutor>>>),
}

impl Connection {
    /// Takes no further requests, and ends when those under way have.
    fn end_politely(&mut self) {
        match self {
            Connection::H1(connection) => connection.as_mut().graceful_shutdown(),
            Connection::H2(connection) => connection.as_mut().graceful_shutdown(),
        }
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut *self {
            Connection::H1(connection) => connection.as_mut().poll(cx).map(drop),
            Connection::H2(connection) => connection.as_mut().poll(cx).map(drop),
        }
    }
}
