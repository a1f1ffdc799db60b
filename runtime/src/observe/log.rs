//! The log: lines go through a bounded channel to one thread that writes them; no request ever waits for it.

use super::drift::{Key, Row};
use super::line::{Line, rfc_3339};
use crate::call::Operation;
use crate::cx::{Cx, Timing};
use crate::json::{Violation, Violations};
use crate::settings::{LogOutput, Settings, StartError};
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many lines may wait for the writer. Further ones are dropped and counted.
const WAITING: usize = 4096;
/// How many events of one kind are written in one second. Requests are not such events: they are sampled.
const EVENTS_PER_SECOND: u32 = 20;

enum Message {
    Line(String),
    Flush(SyncSender<()>),
}

/// The log of one BFF.
pub(crate) struct Log {
    sender: SyncSender<Message>,
    dropped: AtomicU64,
    sample: u64,
    slow: Duration,
    events: Mutex<Window>,
}

/// How many events the current second has seen.
struct Window {
    start: Instant,
    count: u32,
    suppressed: u64,
}

/// How a request ended, for its line in the log.
pub(crate) struct Access<'a> {
    pub(crate) cx: &'a Cx,
    pub(crate) status: u16,
    /// The code of the problem document, if it is one.
    pub(crate) code: Option<&'a str>,
    pub(crate) bytes: usize,
    pub(crate) took: Duration,
    pub(crate) timings: &'a [Timing],
    pub(crate) sampled: bool,
}

impl Log {
    /// Starts the thread that writes.
    pub(crate) fn start(settings: &Settings) -> Result<Log, StartError> {
        let (sender, receiver) = sync_channel(WAITING);
        let output = settings.log_output.clone();
        let spawned =
            std::thread::Builder::new().name("bff-log".to_owned()).spawn(move || write_all(&receiver, &output));
        spawned.map_err(|error| StartError::new(format!("The thread of the log cannot be started: {error}.")))?;
        Ok(Log {
            sender,
            dropped: AtomicU64::new(0),
            sample: (settings.log_sample.clamp(0.0, 1.0) * u64::MAX as f64) as u64,
            slow: settings.log_slow,
            events: Mutex::new(Window { start: Instant::now(), count: 0, suppressed: 0 }),
        })
    }

    /// Decides whether an unremarkable request is logged.
    pub(crate) fn sample(&self) -> bool {
        self.sample == u64::MAX || (self.sample > 0 && crate::random::next() < self.sample)
    }

    /// Lines that were dropped because the writer was too slow.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Writes the line of a request if it is an error, slow, or in the sample.
    pub(crate) fn access(&self, access: &Access<'_>) {
        let slow = access.took >= self.slow;
        if access.status < 500 && !slow && !access.sampled {
            return;
        }
        let cx = access.cx;
        let mut line = Line::new(if access.status >= 500 { "error" } else { "info" }, "request");
        line.text("id", cx.request_id())
            .text("trace", std::str::from_utf8(&cx.trace.id()).unwrap_or_default())
            .text("method", cx.head.method.as_str())
            .text("path", cx.head.uri.path())
            .text("endpoint", cx.endpoint.name)
            .plain("status", access.status)
            .plain("bytes", access.bytes)
            .millis("ms", access.took);
        if let Some(code) = access.code {
            line.text("code", code);
        }
        if slow {
            line.plain("slow", true);
        }
        line.list("calls", access.timings, |line, call| {
            line.text("name", call.name).millis("ms", call.took).text("outcome", call.outcome);
        });
        self.send(line.end());
    }

    /// Writes that an upstream's answer is not what its document promises: where and which rule, never the value.
    pub(crate) fn contract(&self, request_id: &str, operation: &Operation, passed: bool, found: &Violations) {
        let Some(suppressed) = self.may_write() else { return };
        let mut line = of_operation("upstream_contract", request_id, operation);
        line.plain("passed", passed);
        line.list("violations", found.iter().as_slice(), |line, violation| {
            tell(line, violation);
            if let Some(place) = operation.spot(violation).place {
                line.text("place", &place);
            }
        });
        self.finish(line, found.more() as u64, suppressed);
    }

    /// Writes that something was seen that a document does not allow: the first time, and each time that the number of
    /// answers has doubled.
    pub(crate) fn drift(&self, key: &Key, row: &Row) {
        let mut line = Line::new("warn", "drift");
        line.text("upstream", key.upstream).text("operation", key.operation).text("pointer", &key.pointer);
        line.text("rule", key.rule).text("expected", &row.expected);
        if let Some(place) = &row.place {
            line.text("place", place);
        }
        if let Some(leniency) = key.leniency {
            line.text("leniency", leniency.name());
        }
        line.plain("answers", row.answers).plain("sampled", row.sampled).text("since", &rfc_3339(row.first));
        self.send(line.end());
    }

    /// Writes that a body was not sent, since it is not what the upstream's document takes: where and which rule, never
    /// the value.
    pub(crate) fn unsendable_body(&self, request_id: &str, operation: &Operation, found: &Violations) {
        let Some(suppressed) = self.may_write() else { return };
        let mut line = of_operation("request_body", request_id, operation);
        line.list("violations", found.iter().as_slice(), tell);
        self.finish(line, found.more() as u64, suppressed);
    }

    /// The same of a parameter.
    pub(crate) fn unsendable_param(&self, request_id: &str, operation: &Operation, name: &str, found: &Violations) {
        let Some(suppressed) = self.may_write() else { return };
        let mut line = of_operation("request_parameter", request_id, operation);
        line.text("parameter", name);
        line.list("violations", found.iter().as_slice(), tell);
        self.finish(line, found.more() as u64, suppressed);
    }

    /// Writes why an upstream could not be reached, or its answer did not come whole.
    pub(crate) fn call_failed(&self, request_id: &str, operation: &Operation, code: &str, why: &str) {
        let Some(suppressed) = self.may_write() else { return };
        let mut line = of_operation("call_failed", request_id, operation);
        line.text("code", code).text("error", why);
        self.finish(line, 0, suppressed);
    }

    /// Writes why a hook failed.
    pub(crate) fn hook_failed(&self, request_id: &str, name: &str, why: &str) {
        let Some(suppressed) = self.may_write() else { return };
        let mut line = Line::new("error", "hook_failed");
        line.text("id", request_id).text("hook", name).text("error", why);
        self.finish(line, 0, suppressed);
    }

    /// Writes what happens to the server itself.
    pub(crate) fn server(&self, event: &str, detail: &str) {
        let mut line = Line::new("info", event);
        line.text("detail", detail);
        self.send(line.end());
    }

    /// Waits until all lines so far are written, at most one second.
    pub(crate) fn flush(&self) {
        let (done, wait) = sync_channel(1);
        if self.sender.try_send(Message::Flush(done)).is_ok() {
            let _ = wait.recv_timeout(Duration::from_secs(1));
        }
    }

    fn finish(&self, mut line: Line, more: u64, suppressed: u64) {
        if more > 0 {
            line.plain("more", more);
        }
        if suppressed > 0 {
            line.plain("suppressed", suppressed);
        }
        self.send(line.end());
    }

    fn send(&self, line: String) {
        if self.sender.try_send(Message::Line(line)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Whether one more event may be written this second; and how many were not, since the last that was.
    fn may_write(&self) -> Option<u64> {
        let mut window = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if window.start.elapsed() >= Duration::from_secs(1) {
            (window.start, window.count) = (Instant::now(), 0);
        }
        if window.count == EVENTS_PER_SECOND {
            window.suppressed += 1;
            return None;
        }
        window.count += 1;
        Some(std::mem::take(&mut window.suppressed))
    }
}

/// The writer's thread: writes all lines that are there, then flushes. Ends when the log is dropped.
fn write_all(receiver: &Receiver<Message>, output: &LogOutput) {
    let mut buffer = Vec::with_capacity(16 << 10);
    while let Ok(first) = receiver.recv() {
        let mut waiting = Vec::new();
        let mut next = Some(first);
        while let Some(message) = next.take() {
            match message {
                Message::Line(line) => buffer.extend_from_slice(line.as_bytes()),
                Message::Flush(done) => waiting.push(done),
            }
            if buffer.len() < 64 << 10 {
                next = receiver.try_recv().ok();
            }
        }
        // Where the log cannot be written to, there is nobody to tell.
        let _ = match output {
            LogOutput::Stdout => write_to(&mut io::stdout().lock(), &buffer),
            LogOutput::Writer(writer) => {
                let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
                write_to(&mut *writer, &buffer)
            }
        };
        buffer.clear();
        for done in waiting {
            let _ = done.try_send(());
        }
    }
}

fn write_to(writer: &mut (impl Write + ?Sized), bytes: &[u8]) -> io::Result<()> {
    writer.write_all(bytes)?;
    writer.flush()
}

/// A warning about what was sent to an upstream, or came from it.
fn of_operation(event: &str, request_id: &str, operation: &Operation) -> Line {
    let mut line = Line::new("warn", event);
    line.text("id", request_id).text("upstream", operation.upstream.name).text("operation", operation.name);
    line
}

/// What a violation says: where, which rule, what was expected.
fn tell(line: &mut Line, violation: &Violation) {
    line.text("pointer", &violation.pointer).text("rule", violation.rule).text("expected", &violation.expected);
}
