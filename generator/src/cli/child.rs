//! Cargo and the BFF as child processes.

use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bffgen::diag::{Diagnostic, Severity};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::dev::START;
use super::load::reason;
use super::report::say;
use super::stand_ins::Serving;

/// How long a BFF may take to stop. It lingers for load balancers, of which there are none here.
const STOP: Duration = Duration::from_secs(1);
/// How many ports are tried.
const PORTS: u16 = 100;

/// A BFF, built, then running with its stand-ins.
pub struct Running {
    program: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    serving: Vec<Serving>,
    /// What to call, as shell lines.
    pub lines: String,
    child: Option<Child>,
}

impl Running {
    /// Ready to start.
    pub fn new(program: PathBuf, address: SocketAddr, serving: Vec<Serving>, lines: String) -> Self {
        Running { program, address, serving, lines, child: None }
    }

    /// Starts the program and waits until it listens.
    pub async fn start(mut self) -> Result<Running, Diagnostic> {
        let addresses = self.serving.iter().filter_map(|one| Some((one.variable.clone()?, one.url())));
        let child = Command::new(&self.program)
            .envs(addresses)
            .env("BFF_LISTEN", self.address.to_string())
            .env("BFF_MANAGEMENT", "127.0.0.1:0")
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(format!("cannot run `{}`: {}", self.program.display(), reason(&error))))?;
        let child = self.child.insert(child);
        let listening = async {
            while TcpStream::connect(self.address).await.is_err() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            () = listening => Ok(self),
            status = child.wait() => {
                let status = status.map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(failed(format!("the BFF ended before it listened ({status})")))
            }
            () = tokio::time::sleep(START) => {
                Err(failed(format!("the BFF does not listen at {} after {} s", self.address, START.as_secs())))
            }
        }
    }

    /// Ends when the program does.
    pub async fn ended(&mut self) {
        match &mut self.child {
            // An error means that there is no such child any more.
            Some(child) => drop(child.wait().await),
            None => std::future::pending().await,
        }
    }

    /// Asks the program to stop, then makes it.
    pub async fn stop(mut self) {
        let Some(child) = &mut self.child else { return };
        #[cfg(unix)]
        if let Some(pid) = child.id().and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
            // It may have ended by itself.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            if tokio::time::timeout(STOP, child.wait()).await.is_ok() {
                return;
            }
        }
        let _ = child.kill().await;
    }
}

/// Builds the crate; cargo's own output goes to the terminal.
pub async fn build(folder: &Path, target: &Path, release: bool) -> Result<(), Diagnostic> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    say(&format!("Building {} ...\n", folder.display()));
    let mut command = Command::new(&cargo);
    command.arg("build").arg("--manifest-path").arg(folder.join("Cargo.toml")).arg("--target-dir").arg(target);
    if release {
        command.arg("--release");
    }
    // Cargo sets these for what it runs, which `bffgen` may be; they are of another package.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        command.env_remove(name);
    }
    let status = command.kill_on_drop(true).stdout(std::process::Stdio::null()).status().await;
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(failed(format!("`{}` does not build", folder.display())).help(
            "If the fault is in a generated file, please report it; if it is in a file of the team, mend it there.",
        )),
        Err(error) => Err(failed(format!("cannot run `{}`: {}", cargo.to_string_lossy(), reason(&error)))
            .help("Install Rust (https://rustup.rs), or set CARGO to the path of cargo.")),
    }
}

/// The first free port from `first` on.
pub fn free_address(first: u16) -> Result<SocketAddr, Diagnostic> {
    let mut candidates = (first..first.saturating_add(PORTS)).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let free = candidates.find(|address| TcpListener::bind(address).is_ok());
    free.ok_or_else(|| failed(format!("no port from {first} to {} is free", first.saturating_add(PORTS - 1))))
}

fn failed(message: String) -> Diagnostic {
    Diagnostic::new("BFF0709", Severity::Error, message, None)
}
