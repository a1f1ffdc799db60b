//! The program as a process: what keeps it from starting, what it tells when it runs, and how it ends on SIGTERM.
//!
//! Without the usual harness: the same binary is the BFF when it is started with `PLAY_BFF`.

mod support;

use std::io::{BufRead, BufReader, Lines, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use support::*;

const PLAY_BFF: &str = "RUNTIME_TEST_PLAYS";

fn main() -> ExitCode {
    if std::env::var_os(PLAY_BFF).is_some() {
        return bff_runtime::main(router, UPSTREAMS);
    }
    wrong_settings_are_named();
    #[cfg(unix)]
    tokio::runtime::Runtime::new().expect("a runtime").block_on(sigterm_ends_it_politely());
    println!("The program starts, refuses and ends as it should.");
    ExitCode::SUCCESS
}

fn program(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env_clear().env(PLAY_BFF, "1").envs([("BFF_LISTEN", "127.0.0.1:0"), ("BFF_MANAGEMENT", "127.0.0.1:0")]);
    command.env("ITEMS_URL", "http://127.0.0.1:9").envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn wrong_settings_are_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a listener");
    let taken = taken.local_addr().expect("an address").to_string();
    for (name, value, part) in [
        ("BFF_LISTEN", "8080", "an address and port"),
        ("BFF_LISTEN", "localhost:8080", "an address and port"),
        ("BFF_LISTEN", &*taken, "Cannot listen"),
        ("BFF_MANAGEMENT", "on", "an address and port"),
        ("BFF_MANAGEMENT", &*taken, "Cannot listen"),
        ("PORT", "70000", "a port"),
        ("BFF_LOG_SAMPLE", "1%", "from 0"),
        ("BFF_LOG_SAMPLE", "NaN", "from 0"),
        ("BFF_CA_FILE", "/nothing/here.pem", "cannot be read"),
        ("ITEMS_URL", "", "is not set"),
        ("ITEMS_URL", "ftp://items", "only `http` and `https`"),
    ] {
        let ended = program(&[(name, value)]).output().expect("it ran");
        let error = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{name}={value}: {error}");
        assert!(error.starts_with("error: ") && error.lines().count() == 1, "{name}={value}: {error}");
        assert!(error.contains(name) && error.contains(part), "{name}={value}: {error}");
    }
}

/// Ends with the test, however that ends.
struct Running(Child, Lines<BufReader<ChildStdout>>);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Reads the log up to an event and gives its detail.
    fn event(&mut self, event: &str) -> String {
        loop {
            let line = self.1.next().expect("more lines").expect("a line");
            let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            if line["event"] == event {
                return line["detail"].as_str().expect("a detail").to_owned();
            }
        }
    }

    fn address(&mut self, event: &str) -> SocketAddr {
        self.event(event).parse().expect("an address")
    }
}

#[cfg(unix)]
async fn sigterm_ends_it_politely() {
    let mut child = program(&[]).spawn().expect("it runs");
    let lines = BufReader::new(child.stdout.take().expect("its log")).lines();
    let mut running = Running(child, lines);
    let management = running.address("management");
    let address = running.address("listening");
    let request = b"GET /nothing HTTP/1.1\r\nhost: b\r\nconnection: close\r\n\r\n";
    let ready = b"GET /health/ready HTTP/1.1\r\nhost: m\r\nconnection: close\r\n\r\n";
    assert_eq!((status(&talk(management, ready).await), status(&talk(address, request).await)), (200, 404));

    let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", running.0.id())]).status().expect("sh");
    assert!(sent.success());
    within(async { while status(&talk(management, ready).await) != 503 {} }).await;
    assert_eq!(status(&talk(address, request).await), 404, "it is still served for a while");
    // Then it ends by itself.
    running.event("stopped");
    assert_eq!(running.0.wait().expect("an end").code(), Some(0));
    let mut errors = String::new();
    running.0.stderr.take().expect("its errors").read_to_string(&mut errors).expect("text");
    assert_eq!(errors, "");
}
