//! The whole life of a BFF as a program: settings, sockets, serving, stopping.

use crate::call::Upstream;
use crate::runtime::Runtime;
use crate::server::{serve, serve_management};
use crate::settings::{Settings, StartError};
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::net::TcpListener;

/// Runs a BFF until SIGTERM or SIGINT. What keeps it from starting is told on standard error, with exit code 1.
pub fn main(build: impl FnOnce(Runtime) -> axum::Router, upstreams: &[&'static Upstream]) -> ExitCode {
    match start(build, upstreams) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn start(build: impl FnOnce(Runtime) -> axum::Router, upstreams: &[&'static Upstream]) -> Result<(), StartError> {
    let settings = Settings::from_env()?;
    let urls: Vec<&str> = upstreams.iter().map(|upstream| upstream.url).collect();
    for told in settings.unknown_variables(&urls) {
        eprintln!("warning: {told}");
    }
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let threads = threads.map_err(|error| StartError::new(format!("The threads cannot be started: {error}.")))?;
    let runtime = Runtime::new(settings, upstreams)?;
    let router = build(runtime.clone());
    let result = threads.block_on(run(runtime.clone(), router));
    runtime.flush_log();
    result
}

async fn run(runtime: Runtime, router: axum::Router) -> Result<(), StartError> {
    let settings = runtime.settings();
    let stop = stop_signal()?;
    let listener = bind(settings.listen, "BFF_LISTEN").await?;
    let management = match settings.management {
        Some(address) => Some(bind(address, "BFF_MANAGEMENT").await?),
        None => None,
    };
    if let Some(management) = &management {
        tell(&runtime, "management", management);
    }
    tell(&runtime, "listening", &listener);
    let serving = serve(listener, router, runtime.clone(), stop);
    match management {
        None => serving.await,
        Some(management) => tokio::select! {
            () = serving => {}
            () = serve_management(management, runtime.clone()) => {}
        },
    }
    runtime.log().server("stopped", "all connections have ended or were cut");
    Ok(())
}

/// Logs the address that came of a setting: for port 0 the system chose one.
fn tell(runtime: &Runtime, event: &str, listener: &TcpListener) {
    let address = listener.local_addr().map_or_else(|error| error.to_string(), |address| address.to_string());
    runtime.log().server(event, &address);
}

async fn bind(address: SocketAddr, variable: &str) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| {
        StartError::new(format!("Cannot listen on {address}: {error}. Choose another address with `{variable}`."))
    })
}

/// Ready when the process is asked to stop.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, StartError> {
    use tokio::signal::unix::{SignalKind, signal};
    let failed = |error| StartError::new(format!("Signals cannot be received: {error}."));
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ready when the process is asked to stop.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, StartError> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
