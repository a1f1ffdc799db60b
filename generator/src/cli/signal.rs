//! The asynchronous part of the command line: its runtime, and the signals that end it.

use std::future::Future;

use bffgen::diag::{Diagnostic, Severity};

use super::End;
use super::report::Reporter;

/// Runs a future to its end.
pub fn run(reporter: &Reporter, future: impl Future<Output = End>) -> End {
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime.block_on(future),
        Err(error) => {
            let message = format!("cannot start threads: {error}");
            reporter.finding(Diagnostic::new("BFF0709", Severity::Error, message, None));
            End::Findings
        }
    }
}

/// Waits for Ctrl-C or the system's request to end.
pub async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the signal ends the process itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
