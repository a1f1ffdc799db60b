//! `bffgen dev`, whole: it builds, serves stand-ins, prints what to call, and leaves nothing behind.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Ends with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended by then, unless the test has failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn it_builds_runs_answers_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let composition = fs::read_to_string(format!("{PROJECT}/examples/fitness/watch.bff.yaml")).expect("the example");
    let composition = composition.replace("../../runtime", &format!("{PROJECT}/runtime"));
    fs::write(folder.join("watch.bff.yaml"), composition).expect("written");
    let upstreams = fs::read_to_string(format!("{PROJECT}/examples/fitness/upstreams.yaml")).expect("the example");
    fs::write(folder.join("upstreams.yaml"), upstreams.replace("../../specs", &format!("{PROJECT}/specs")))
        .expect("written");
    // The versions that this workspace has, so that nothing needs to be looked up.
    fs::create_dir(folder.join("watch-bff")).expect("made");
    fs::copy(format!("{PROJECT}/Cargo.lock"), folder.join("watch-bff/Cargo.lock")).expect("copied");

    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("generated");
    let child = Command::new(env!("CARGO_BIN_EXE_bffgen"))
        .args(["dev", "watch.bff.yaml", "--fail", "heart"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut dev = Running(child);
    let mut said = String::new();
    let mut errors = BufReader::new(dev.0.stderr.take().expect("stderr"));
    while !said.contains("Waiting for changes") {
        assert_ne!(errors.read_line(&mut said).expect("UTF-8"), 0, "it ended: {said}");
    }
    assert!(said.contains("watch-bff: ") && !said.contains("error"), "{said}");

    let mut output = BufReader::new(dev.0.stdout.take().expect("stdout"));
    let (mut addresses, mut line) = (Vec::new(), String::new());
    let (address, target) = loop {
        line.clear();
        assert_ne!(output.read_line(&mut line).expect("UTF-8"), 0, "no line with curl: {addresses:?}");
        if let Some(url) = line.trim().strip_prefix("curl http://") {
            break url.split_once('/').expect("a path");
        }
        if let Some((_, address)) = line.trim().split_once(" is served at http://") {
            addresses.push(address.to_owned());
        }
    };
    let mut socket = TcpStream::connect(address).expect("it listens");
    write!(socket, "GET /{target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"steps\":"), "{answer}");
    assert!(!answer.contains("bpm"), "the stand-in was told to fail: {answer}");

    kill_process(Pid::from_child(&dev.0), Signal::TERM).expect("it runs");
    // The BFF writes to the same output: its end is the end of both.
    output.read_to_end(&mut Vec::new()).expect("read");
    assert!(dev.0.wait().expect("it ends").success(), "{said}");
    addresses.push(address.to_owned());
    assert_eq!(addresses.len(), 4, "three stand-ins and the BFF");
    for address in addresses {
        assert!(TcpStream::connect(&address).is_err(), "{address} still listens");
    }
}
