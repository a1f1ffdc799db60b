//! `GET /drift`: what upstreams sent against their documents, to be read by programs and by their teams.

use super::drift::{Drift, Key, Row};
use super::line::rfc_3339;
use crate::json::{JsonBuffer, Leniency};
use std::fmt::Write;
use std::sync::atomic::Ordering;

/// In which form the page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Text,
    Html,
}

impl Form {
    /// The first form of an `Accept` that there is; JSON where none is.
    pub(crate) fn of(accept: Option<&str>) -> Form {
        let wanted = accept.unwrap_or_default().split(',').find_map(|one| {
            match one.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
                "application/json" => Some(Form::Json),
                "text/html" => Some(Form::Html),
                "text/plain" => Some(Form::Text),
                _ => None,
            }
        });
        wanted.unwrap_or(Form::Json)
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Text => "text/plain; charset=utf-8",
            Form::Html => "text/html; charset=utf-8",
        }
    }
}

/// The page in a form.
pub(crate) fn drift_text(drift: &Drift, form: Form) -> Vec<u8> {
    let rows = drift.sorted();
    match form {
        Form::Json => json(drift, &rows),
        Form::Text => text(drift, &rows).into_bytes(),
        Form::Html => html(drift, &rows).into_bytes(),
    }
}

fn json(drift: &Drift, rows: &[(Key, Row)]) -> Vec<u8> {
    let mut out = JsonBuffer::with_capacity(256 + rows.len() * 256);
    let mut page = out.object();
    page.field("since", &rfc_3339(drift.since));
    let mut samples = page.object("samples");
    samples.field("checked", &drift.checked.load(Ordering::Relaxed));
    samples.field("dropped", &drift.dropped.load(Ordering::Relaxed));
    samples.end();
    let mut list = page.array("drift");
    for (key, row) in rows {
        let mut one = list.object();
        one.field("upstream", key.upstream);
        one.field("operation", key.operation);
        one.field("pointer", key.pointer.as_str());
        one.field("rule", key.rule);
        one.field("expected", row.expected.as_str());
        one.optional("place", &row.place);
        one.optional("leniency", &key.leniency.map(|leniency| leniency.name().to_owned()));
        one.field("answers", &row.answers);
        one.field("times", &row.times);
        one.field("sampled", &row.sampled);
        one.field("first", &rfc_3339(row.first));
        one.field("last", &rfc_3339(row.last));
        one.end();
    }
    list.end();
    page.end();
    let mut bytes = out.into_bytes();
    bytes.push(b'\n');
    bytes
}

/// What is said above the rows.
fn intro(drift: &Drift) -> String {
    let count = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    format!(
        "Answers that are not as their documents say, since {}. {} were checked whole on the side, {} more were not for lack of time.",
        rfc_3339(drift.since),
        count(&drift.checked),
        count(&drift.dropped)
    )
}

/// What became of the answers of a row.
fn outcome(leniency: Option<Leniency>) -> String {
    leniency.map_or("broken".to_owned(), |leniency| format!("passed: {}", leniency.name()))
}

fn text(drift: &Drift, rows: &[(Key, Row)]) -> String {
    let mut out = intro(drift);
    out.push('\n');
    for (key, row) in rows {
        let pointer = if key.pointer.is_empty() { "(the whole body)" } else { &key.pointer };
        let _ = writeln!(out, "\n{} {}  {pointer}", key.upstream, key.operation);
        let _ = writeln!(out, "  rule      {} ({})", key.rule, outcome(key.leniency));
        if !row.expected.is_empty() {
            let _ = writeln!(out, "  expected  {}", row.expected);
        }
        if let Some(place) = &row.place {
            let _ = writeln!(out, "  document  {place}");
        }
        let _ = writeln!(out, "  answers   {}, {} times; {} by samples", row.answers, row.times, row.sampled);
        let _ = writeln!(out, "  first     {}\n  last      {}", rfc_3339(row.first), rfc_3339(row.last));
    }
    out
}

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2em}table{border-collapse:collapse}\
th,td{text-align:left;vertical-align:top;padding:.4em .8em;border-bottom:1px solid #ccc}\
td.n{text-align:right}code{font-size:13px}";

fn html(drift: &Drift, rows: &[(Key, Row)]) -> String {
    let mut out = String::with_capacity(1024 + rows.len() * 512);
    let _ = writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Drift</title><style>{STYLE}</style></head><body>\
         <h1>Drift</h1><p>{}</p>\n<table><tr><th>Upstream</th><th>Operation</th><th>Place</th><th>Rule</th><th>Expected</th>\
         <th>In the document</th><th>Outcome</th><th>Answers</th><th>Times</th><th>By samples</th><th>First</th><th>Last</th></tr>",
        escaped(&intro(drift))
    );
    for (key, row) in rows {
        let cells = [key.upstream, key.operation, key.pointer.as_str(), key.rule, row.expected.as_str()];
        out.push_str("<tr>");
        for cell in cells.into_iter().chain([row.place.as_deref().unwrap_or_default()]) {
            let _ = write!(out, "<td><code>{}</code></td>", escaped(cell));
        }
        let _ = write!(out, "<td>{}</td>", outcome(key.leniency));
        for count in [row.answers, row.times, row.sampled] {
            let _ = write!(out, "<td class=\"n\">{count}</td>");
        }
        let _ = writeln!(out, "<td>{}</td><td>{}</td></tr>", rfc_3339(row.first), rfc_3339(row.last));
    }
    out.push_str("</table></body></html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
