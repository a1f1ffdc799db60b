//! YAML 1.2 from the events of `saphyr-parser`: anchors, aliases and merge keys are resolved here.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, Tag};

use super::pieces::{self, Pieces, Written};
use super::scalar::{self, Scalar};
use super::yaml_spans::Offsets;
use super::{MAX_DEPTH, Member, Node, SourceId, Text, Value, duplicates, properties};
use crate::diag::Diagnostic;

/// Nodes that aliases may add to a file.
const MAX_EXPANDED: usize = 1_000_000;

/// Reads `text` from the byte `start` on.
pub(super) fn parse(text: &str, start: usize, source: SourceId) -> (Option<Node>, Vec<Diagnostic>) {
    let body = &text[start..];
    let mut builder = Builder {
        text: body,
        offsets: Offsets::new(body, start, source),
        open: Vec::new(),
        root: None,
        anchors: HashMap::new(),
        expanded: 0,
        found: Vec::new(),
    };
    match builder.run() {
        Ok(()) => (builder.root.map(|built| built.node), builder.found),
        Err(error) => {
            builder.found.push(*error);
            (None, builder.found)
        }
    }
}

type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// A finished node with what the limits need.
#[derive(Clone)]
struct Built {
    node: Node,
    /// Nodes in it.
    size: usize,
    /// Levels of arrays and objects in it.
    height: usize,
    /// For a scalar: its text as written, for use as a key. Only a plain `<<` merges.
    key: Option<(Box<str>, bool)>,
}

/// An array or object that is not finished.
struct Open {
    anchor: usize,
    start: usize,
    flow: bool,
    size: usize,
    height: usize,
    content: Content,
}

enum Content {
    Array(Vec<Node>),
    Object { members: Vec<Member>, key: Option<Built>, merged: Vec<(usize, Node)> },
}

struct Builder<'a> {
    text: &'a str,
    offsets: Offsets<'a>,
    open: Vec<Open>,
    root: Option<Built>,
    anchors: HashMap<usize, Built>,
    expanded: usize,
    found: Vec<Diagnostic>,
}

impl Builder<'_> {
    fn run(&mut self) -> Result<()> {
        let mut parser = Parser::new_from_str(self.text);
        while let Some(event) = parser.next_event() {
            let (event, marks) = event.map_err(|error| {
                let at = self.offsets.byte(error.marker().index());
                let span = self.offsets.span(at, at);
                let message = format!("this is not valid YAML: {}", error.info());
                Box::new(
                    Diagnostic::error("BFF0105", message, span)
                        .help("Look at the indentation and quotes here and above."),
                )
            })?;
            self.event(event, marks)?;
        }
        Ok(())
    }

    fn error(&self, code: &'static str, message: impl Into<String>, marks: Marks) -> Box<Diagnostic> {
        let (start, end) = (self.offsets.byte(marks.start.index()), self.offsets.byte(marks.end.index()));
        Box::new(Diagnostic::error(code, message, self.offsets.span(start, end)))
    }

    fn event(&mut self, event: Event<'_>, marks: Marks) -> Result<()> {
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Box::new(self.error("BFF0105", "the file has more than one YAML document", marks).help(
                    "Only one document a file is read: move the others into files of their own, or remove the `---`.",
                )))
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.tell_of_tag(tag.as_deref(), marks);
                let built = self.scalar(&text, style, tag, marks);
                self.add(built, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.tell_of_tag(tag.as_deref(), marks);
                self.start(anchor, marks, Content::Array(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.tell_of_tag(tag.as_deref(), marks);
                self.start(anchor, marks, Content::Object { members: Vec::new(), key: None, merged: Vec::new() })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(marks),
            Event::Alias(anchor) => self.alias(anchor, marks),
            _ => Ok(()),
        }
    }

    /// A tag of its own kind (`!n.read`) means nothing here. Often a text was meant.
    fn tell_of_tag(&mut self, tag: Option<&Tag>, marks: Marks) {
        let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema() && !tag.suffix.is_empty()) else { return };
        let message =
            format!("`{}{}` is a tag of YAML, which means nothing here: it is left out", tag.handle, tag.suffix);
        let at = self.offsets.byte(marks.start.index());
        let span = self.offsets.span(at, at);
        let help = "A text that begins with `!` stands in quotes: `'!order.sent'`.";
        self.found.push(Diagnostic::warning("BFF0105", message, span).help(help));
    }

    fn start(&mut self, anchor: usize, marks: Marks, content: Content) -> Result<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.too_deep(marks));
        }
        let (start, end) = (self.offsets.byte(marks.start.index()), self.offsets.byte(marks.end.index()));
        let start = properties::behind(self.text, start, end);
        let flow = self.text[start..].starts_with(['{', '[']);
        self.open.push(Open { anchor, start, flow, size: 1, height: 1, content });
        Ok(())
    }

    fn too_deep(&self, marks: Marks) -> Box<Diagnostic> {
        let message = format!("sequences and mappings are nested more than {MAX_DEPTH} deep");
        Box::new(self.error("BFF0108", message, marks).help("Nothing real is nested so deep."))
    }

    /// Block collections have no end of their own: they end with their last part.
    fn end(&mut self, marks: Marks) -> Result<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let marked = self.offsets.byte(marks.end.index());
        let base = self.offsets.in_file(0) as usize;
        let (value, last) = match open.content {
            Content::Array(items) => {
                let last = items.last().map(|item| item.span.end as usize - base);
                (Value::Array(items), last)
            }
            Content::Object { mut members, merged, .. } => {
                let last = members.iter().map(|m| m.value.span.end.max(m.key_span.end) as usize - base).max();
                duplicates::settle(&mut members, &mut self.found);
                self.merge(&mut members, merged);
                (Value::Object(members), last)
            }
        };
        let end = if open.flow { marked } else { last.unwrap_or(marked).max(open.start).min(marked.max(open.start)) };
        let node = Node { span: self.offsets.span(open.start, end), value };
        self.add(Built { node, size: open.size, height: open.height, key: None }, open.anchor)
    }

    /// `<<`: members of other mappings that are not said here (YAML 1.1, type `merge`).
    fn merge(&mut self, members: &mut Vec<Member>, merged: Vec<(usize, Node)>) {
        for (place, node) in merged.into_iter().rev() {
            let span = node.span;
            let sources = match node.value {
                Value::Array(items) => items,
                _ => vec![node],
            };
            let mut added: Vec<Member> = Vec::new();
            let mut keys: HashSet<Box<str>> = members.iter().map(|member| member.key.clone()).collect();
            for source in sources {
                let Value::Object(others) = source.value else {
                    self.found.push(
                        Diagnostic::error(
                            "BFF0105",
                            "`<<` takes over the members of a mapping, and this is none",
                            span,
                        )
                        .help("Give it an alias of a mapping (`<<: *name`) or a list of them."),
                    );
                    continue;
                };
                added.extend(others.into_iter().filter(|member| keys.insert(member.key.clone())));
            }
            let place = place.min(members.len());
            members.splice(place..place, added);
        }
    }

    fn alias(&mut self, anchor: usize, marks: Marks) -> Result<()> {
        let Some(target) = self.anchors.get(&anchor) else {
            return Err(Box::new(
                self.error("BFF0107", "this alias stands within what it names, so it would never end", marks)
                    .help("Write the part out, or use the document's own way to refer to things (`$ref`)."),
            ));
        };
        self.expanded = self.expanded.saturating_add(target.size);
        if self.expanded > MAX_EXPANDED {
            let message = format!("aliases make this file more than {MAX_EXPANDED} values larger");
            return Err(Box::new(
                self.error("BFF0107", message, marks).help("Aliases of aliases grow very fast: use fewer of them."),
            ));
        }
        if self.open.len() + target.height > MAX_DEPTH {
            return Err(self.too_deep(marks));
        }
        let built = target.clone();
        self.add(built, 0)
    }

    /// Puts a finished node where it belongs.
    fn add(&mut self, built: Built, anchor: usize) -> Result<()> {
        if anchor > 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let Some(parent) = self.open.last_mut() else {
            self.root = Some(built);
            return Ok(());
        };
        parent.size += built.size;
        parent.height = parent.height.max(built.height + 1);
        match &mut parent.content {
            Content::Array(items) => items.push(built.node),
            Content::Object { members, key, merged } => match key.take() {
                None => {
                    if built.key.is_none() {
                        return Err(Box::new(
                            Diagnostic::error(
                                "BFF0105",
                                "a key must be a text, not a list or mapping",
                                built.node.span,
                            )
                            .help("Put quotes around it if it is meant as text."),
                        ));
                    }
                    *key = Some(built);
                }
                Some(Built { key: Some((_, true)), .. }) => merged.push((members.len(), built.node)),
                Some(Built { node, key, .. }) => {
                    let key = key.map(|(text, _)| text).unwrap_or_default();
                    members.push(Member { key, key_span: node.span, value: built.node });
                }
            },
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<Cow<'_, Tag>>, marks: Marks) -> Built {
        let mut end = self.offsets.byte(marks.end.index());
        let marked = self.offsets.byte(marks.start.index());
        let mut start = properties::behind(self.text, marked, end);
        let rest = &self.text[start..];
        let mut verbatim = None;
        match style {
            ScalarStyle::Plain if rest.starts_with(text) => {
                verbatim = Some(start);
                end = start + text.len();
            }
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                let inner = rest.get(1..).unwrap_or("");
                if inner.starts_with(text) && inner[text.len()..].starts_with(['\'', '"']) {
                    verbatim = Some(start + 1);
                    end = start + text.len() + 2;
                }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                // A block begins with its text, which is behind `|` or `>` where the scanner began before it.
                if start > marked {
                    let block = &self.text[start..end];
                    let lines = block.split_once('\n').map_or("", |(_, lines)| lines);
                    let indented = !text.starts_with(char::is_whitespace);
                    start = end - if indented { lines.trim_start() } else { lines }.len();
                }
                end = start + self.text[start..end].trim_end().len();
            }
            ScalarStyle::Plain => {}
        }
        let span = self.offsets.span(start, end);
        let plain = style == ScalarStyle::Plain;
        let tag = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.clone());
        let resolved = match tag.as_deref() {
            Some("str") => Scalar::Text,
            Some(_) => scalar::resolve(text),
            None if plain => scalar::resolve(text),
            None => Scalar::Text,
        };
        let as_text = || {
            let verbatim_at = verbatim.map(|at| self.offsets.in_file(at));
            let pieces =
                if verbatim.is_some() { None } else { pieces_of(self.text, &self.offsets, text, (start, end), style) };
            Value::String(Text { value: text.into(), verbatim_at, pieces })
        };
        let value = match resolved {
            Scalar::Null => Value::Null,
            Scalar::Bool(flag) => Value::Bool(flag),
            Scalar::Number(number) => Value::Number(number.into()),
            Scalar::Text => as_text(),
            Scalar::NotJson => {
                let message = format!("`{text}` is a number that JSON does not have; it is read as text");
                self.found.push(Diagnostic::warning("BFF0105", message, span).help("Put quotes around it."));
                as_text()
            }
        };
        let merges = plain && text == "<<";
        Built { node: Node { span, value }, size: 1, height: 0, key: Some((text.into(), merges)) }
    }
}

/// Where a scalar that is not in the file byte for byte has its parts; `start` and `end` are with its quotes.
fn pieces_of(
    body: &str,
    offsets: &Offsets<'_>,
    text: &str,
    (start, end): (usize, usize),
    style: ScalarStyle,
) -> Option<Pieces> {
    let (written, quote) = match style {
        ScalarStyle::SingleQuoted => (Written::Single, 1),
        ScalarStyle::DoubleQuoted => (Written::Double, 1),
        _ => (Written::Bare, 0),
    };
    let raw = body.get(start + quote..end)?;
    pieces::align(text, raw, offsets.in_file(start + quote) as usize, written)
}
