//! Builds, starts, pins and watches the programs.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::options::Options;

/// A BFF that can be started.
pub struct Program {
    /// Its name in the report.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// All that is started.
pub struct Programs {
    /// The services.
    pub upstream: PathBuf,
    /// The first is what the others are compared with.
    pub bffs: Vec<Program>,
}

/// Builds all programs where this one was built.
///
/// # Errors
/// What could not be built.
pub fn build(options: &Options) -> Result<Programs, Failure> {
    let this = std::env::current_exe()?;
    let folder = this.parent().ok_or("this program is in no folder")?;
    let target = folder.parent().ok_or("this program is in no target folder")?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    cargo_build(&here.join("Cargo.toml"), target, &["--bins"])?;
    let mut bffs = vec![
        Program { name: "lean".to_owned(), path: folder.join("lean") },
        Program { name: "usual".to_owned(), path: folder.join("usual") },
    ];
    let default = here.join("../../examples/shop/web-bff");
    let generated = options.generated.clone().unwrap_or_else(|| default.clone());
    if generated.is_file() {
        bffs.push(Program { name: "generated".to_owned(), path: generated });
    } else if generated.join("Cargo.toml").is_file() {
        cargo_build(&generated.join("Cargo.toml"), target, &["--bins"])?;
        bffs.push(Program { name: "generated".to_owned(), path: folder.join("web-bff") });
    } else if options.generated.is_some() {
        return Err(format!("{} is neither a program nor the folder of a crate", generated.display()).into());
    } else {
        eprintln!("There is no generated web BFF in examples/shop/web-bff: only the hand-written ones are measured.");
        eprintln!("Make it with: cargo run -- generate examples/shop/web.bff.yaml");
    }
    Ok(Programs { upstream: folder.join("upstream"), bffs })
}

fn cargo_build(manifest: &Path, target: &Path, what: &[&str]) -> Result<(), Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--quiet", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(target)
        .args(what)
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("{} could not be built", manifest.display()).into()) }
}

/// Pins this program, and what it starts unless said otherwise, to a core.
///
/// # Errors
/// `taskset` (util-linux) is missing, or there is no such core.
pub fn pin_this(core: &str) -> Result<(), Failure> {
    let id = std::process::id().to_string();
    let status = Command::new("taskset")
        .args(["-cp", core, &id])
        .stdout(Stdio::null())
        .status()
        .map_err(|error| format!("taskset (package util-linux) is needed to pin programs to cores: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("this machine has no core {core}: two are needed").into()) }
}

/// A program that is ended when this value goes.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// CPU time of all its threads so far, in user and kernel, at 10 ms (proc(5), `/proc/PID/stat`).
    ///
    /// # Errors
    /// It is not there any more.
    pub fn cpu_time(&self) -> Result<Duration, Failure> {
        // The kernel counts in units of 1/100 s on every Linux that Rust runs on (`USER_HZ`).
        const TICK: Duration = Duration::from_millis(10);
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        // The second field is the name in parentheses and may hold spaces: fields are counted after it.
        let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |index: usize| -> Result<u32, Failure> { Ok(fields.get(index).ok_or("short stat")?.parse()?) };
        Ok(TICK * (ticks(11)? + ticks(12)?))
    }
}

/// Starts a program on a core. What it writes to stdout (an access log) goes nowhere.
///
/// # Errors
/// It cannot be started.
pub fn start(program: &Path, core: &str, environment: &[(&str, String)]) -> Result<Running, Failure> {
    // `taskset` becomes the program (exec), so the process id stays.
    let child = Command::new("taskset")
        .args(["-c", core])
        .arg(program)
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("{} does not start: {error}", program.display()))?;
    Ok(Running(child))
}

/// An address that nobody listens on.
///
/// # Errors
/// There is none.
pub fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// # Errors
/// It does not listen within 10 seconds.
pub fn wait_until_open(name: &str, address: SocketAddr) -> Result<(), Failure> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        if TcpStream::connect_timeout(&address, Duration::from_millis(200)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(format!("{name} does not listen on {address}").into())
}
