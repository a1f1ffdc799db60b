//! Events of `text/event-stream`, by the rules of WHATWG ("Server-sent events", 9.2.6).

use super::error::Error;
use super::stream::ByteStream;
use bytes::Bytes;
use std::fmt;
use std::time::Duration;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What kind of event; `message` if the service says nothing.
    pub event: String,
    /// The data; several lines have `\n` between them.
    pub data: String,
    /// The id of the last event that had one. May be empty.
    pub id: String,
    /// How long to wait before connecting again, if the service has said so by now.
    pub retry: Option<Duration>,
}

/// The events of an answer as they come. Dropping it ends the call; nothing is connected again.
#[must_use = "events are read with `next`"]
pub struct EventStream {
    stream: ByteStream,
    /// What came and has not been looked at.
    rest: Bytes,
    /// Boxed, so that an answer that may be events is small.
    parser: Box<Parser>,
    limit: usize,
}

impl EventStream {
    pub(super) fn new(stream: ByteStream) -> EventStream {
        EventStream { stream, rest: Bytes::new(), parser: Box::default(), limit: 1 << 20 }
    }

    /// How long nothing may come. Default 30 s; services that send nothing for long need more.
    pub fn idle(mut self, longest: Duration) -> EventStream {
        self.stream = self.stream.idle(longest);
        self
    }

    /// The size of an event, and of a line, in bytes. Default 1 MiB.
    pub fn limit(mut self, bytes: usize) -> EventStream {
        self.limit = bytes;
        self
    }

    /// The next event. `None`: the stream has ended. After an error, nothing more comes.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        loop {
            while let Some((&byte, rest)) = self.rest.split_first() {
                // Whole stretches without a line's end go over at once.
                let plain = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                let event = if matches!(byte, b'\r' | b'\n') {
                    let _ = self.rest.split_to(1);
                    self.parser.line_end(byte)
                } else {
                    self.parser.text(&self.rest.split_to(plain + 1));
                    None
                };
                if self.parser.size() > self.limit {
                    self.rest.clear();
                    self.stream.close();
                    return Some(Err(Error::TooLarge { status: self.stream.status(), limit: self.limit }));
                }
                if let Some(event) = event {
                    return Some(Ok(event));
                }
            }
            match self.stream.next().await? {
                Ok(bytes) => self.rest = bytes,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// The line and the event that are being put together.
#[derive(Default)]
struct Parser {
    line: Vec<u8>,
    /// Whether the last byte was a carriage return, which a line feed may belong to.
    after_return: bool,
    /// Whether a line has ended: a byte order mark stands before the first only.
    begun: bool,
    event: String,
    data: String,
    id: String,
    retry: Option<Duration>,
}

impl Parser {
    fn size(&self) -> usize {
        self.line.len().max(self.data.len())
    }

    fn text(&mut self, bytes: &[u8]) {
        self.after_return = false;
        self.line.extend_from_slice(bytes);
    }

    /// Ends a line. `Some`: an event is complete.
    fn line_end(&mut self, byte: u8) -> Option<Event> {
        let second_half = byte == b'\n' && self.after_return;
        self.after_return = byte == b'\r';
        if second_half {
            return None;
        }
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = match std::mem::replace(&mut self.begun, true) {
            false => line.strip_prefix('\u{feff}').unwrap_or(&line),
            true => &line,
        };
        if line.is_empty() {
            return self.dispatch();
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => self.event = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = value.to_owned(),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let (event, mut data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        // Each line of data has left its `\n`; without data there is no event.
        data.pop()?;
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(Event { event, data, id: self.id.clone(), retry: self.retry })
    }
}
