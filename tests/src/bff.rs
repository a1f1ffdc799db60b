//! BFFs over stand-ins: in this process, or built and run as programs.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bff_runtime::codegen::Upstream;
use bff_runtime::{Runtime, Settings};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::project;
use crate::stand_ins::StandIns;

/// A BFF that runs until this is dropped.
pub struct Bff {
    /// Where it listens.
    pub address: String,
    _stop: Stop,
}

/// Ends with the value that holds it.
#[expect(dead_code, reason = "only their drops matter")]
enum Stop {
    Task(oneshot::Sender<()>),
    Program(Program),
}

struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; a drop has nobody to tell.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves a router in this process.
///
/// # Panics
/// Where it cannot be set up.
pub async fn serve(
    build: impl FnOnce(Runtime) -> axum::Router,
    upstreams: &[&'static Upstream],
    stand_ins: &StandIns,
) -> Bff {
    let mut settings = Settings::default();
    for (name, url) in &stand_ins.urls {
        if upstreams.iter().any(|upstream| upstream.name() == name) {
            settings = settings.upstream_url(name, url);
        }
    }
    let runtime = Runtime::new(settings, upstreams).expect("the settings are complete");
    let router = build(runtime.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        bff_runtime::serve(listener, router, runtime, async move {
            let _ = stopped.await;
        })
        .await
    });
    Bff { address, _stop: Stop::Task(stop) }
}

/// Where generated crates are built, so that they share what they depend on.
pub fn target_dir() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from(project("target")), PathBuf::from);
    target.join("generated")
}

/// Builds a generated crate with the versions of this workspace's lock file; gives its program.
///
/// # Panics
/// Where it does not build without a warning.
pub fn build(folder: &Path, name: &str) -> PathBuf {
    std::fs::copy(project("Cargo.lock"), folder.join("Cargo.lock")).expect("copied");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir())
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .output()
        .expect("cargo runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("warning"), "{said}");
    target_dir().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Runs the program of a BFF; ready when it says where it listens.
///
/// # Panics
/// Where it ends before that.
pub fn run(program: &Path, stand_ins: &StandIns) -> Bff {
    run_with(program, &stand_ins.urls)
}

/// The same over upstreams by name and address.
///
/// # Panics
/// Where it ends before it listens.
pub fn run_with(program: &Path, urls: &[(String, String)]) -> Bff {
    let urls = urls.iter().map(|(name, url)| (format!("{}_URL", name.to_uppercase()), url));
    let mut child = Command::new(program)
        .envs(urls)
        .env("BFF_LISTEN", "127.0.0.1:0")
        .env("BFF_MANAGEMENT", "off")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
    let program = Program(child);
    let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let line: Value = serde_json::from_str(&line).ok()?;
        (line["event"] == "listening").then(|| line["detail"].as_str().map(str::to_owned))?
    });
    // What it says further on is read, or it would wait for a reader.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Bff { address: address.expect("it says where it listens"), _stop: Stop::Program(program) }
}
