//! What is asked of a BFF, what its services then see and say, and what it answers.

use serde_json::Value;

/// A request and all that follows.
pub struct Run {
    pub request: Message,
    pub calls: Vec<Call>,
    pub answer: Message,
    /// The line of the page on which the answer stands.
    pub line: usize,
}

/// A call that a service must see.
#[derive(Clone)]
pub struct Call {
    pub upstream: String,
    pub request: Message,
    pub says: Says,
    /// It comes only after the answer to the call above.
    pub then: bool,
}

/// What a service does.
#[derive(Clone)]
pub enum Says {
    Answer(Message),
    Down,
    Never,
}

/// A request (`GET /target`) or an answer (`200`), with headers and a body.
#[derive(Clone, Default)]
pub struct Message {
    /// Method and target, or the status.
    pub head: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Message {
    /// The body where it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.body).ok()
    }

    /// `words` is how many words the head has.
    fn read(text: &str, words: usize) -> Message {
        let mut rest = text.trim();
        let mut head = Vec::new();
        for _ in 0..words {
            let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            head.push(word);
            rest = behind.trim_start();
        }
        let mut headers = Vec::new();
        // A body that is a list begins with the same bracket, but has no name and colon in front.
        while let Some((header, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let Some((name, value)) = header.split_once(": ").filter(|(name, _)| !name.contains(['"', '{', ' ']))
            else {
                break;
            };
            headers.push((name.to_owned(), value.to_owned()));
            rest = behind.trim_start();
        }
        Message { head: head.join(" "), headers, body: rest.to_owned() }
    }

    /// As it stands in a page.
    pub fn show(&self) -> String {
        let mut out = self.head.clone();
        for (name, value) in &self.headers {
            out.push_str(&format!(" [{name}: {value}]"));
        }
        if !self.body.is_empty() {
            out.push_str(&format!(" {}", self.body));
        }
        out
    }
}

/// The requests of a block that begins behind a line of a page.
pub fn read(text: &str, first: usize, page: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = first + at;
        if line.trim().is_empty() {
            continue;
        }
        if let Some(answer) = line.strip_prefix("=> ") {
            let run = runs.last_mut().unwrap_or_else(|| panic!("{page}:{}: an answer to nothing", number + 1));
            run.answer = Message::read(answer, 1);
            run.line = number;
        } else if line.starts_with(' ') {
            let run = runs.last_mut().unwrap_or_else(|| panic!("{page}:{}: a call of nothing", number + 1));
            let call = call(line.trim()).unwrap_or_else(|| panic!("{page}:{}: a call has `->`", number + 1));
            run.calls.push(call);
        } else {
            runs.push(Run { request: Message::read(line, 2), calls: Vec::new(), answer: Message::default(), line: 0 });
        }
    }
    for run in &runs {
        assert!(run.line > 0, "{page}: `{}` has no answer `=> ...`", run.request.head);
    }
    runs
}

fn call(line: &str) -> Option<Call> {
    let (then, line) = match line.strip_prefix("then ") {
        Some(line) => (true, line),
        None => (false, line),
    };
    let (upstream, line) = line.split_once(' ')?;
    let (request, says) = line.split_once(" -> ")?;
    let says = match says {
        "down" => Says::Down,
        "never" => Says::Never,
        says => Says::Answer(Message::read(says, 1)),
    };
    Some(Call { upstream: upstream.to_owned(), request: Message::read(request, 2), says, then })
}
