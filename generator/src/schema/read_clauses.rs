//! From a node to clauses: keyword by keyword, as it stands.

use super::Direction;
use super::clauses::{Clause, ClausesId};
use super::pattern::{Part, parts, translate};
use super::reader::Reader;
use crate::openapi::{At, bound, malformed, nullable, number, ref_siblings_assert, types};
use crate::source::{Node, Span, Value, json_text};

/// Lists of clauses, at most: beyond, schemas have run away.
const MAX_CLAUSES: usize = 50_000;

/// Keywords that no clause says.
const UNSUPPORTED: [&str; 4] = ["$dynamicRef", "$recursiveRef", "dependencies", "additionalItems"];

/// Keywords that speak of members or items, or lead to schemas in place that do.
const SPEAKS: [&str; 14] = [
    "$ref",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "dependentSchemas",
    "properties",
    "patternProperties",
    "additionalProperties",
    "prefixItems",
    "items",
    "contains",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// Clauses that are being made of one node.
pub(super) struct Made {
    pub(super) all: Vec<Clause>,
    pub(super) one_way: Vec<(String, Direction)>,
    pub(super) unsupported: Vec<(String, Span)>,
}

impl<'a> Reader<'a, '_> {
    /// The clauses of a node, read later.
    pub(super) fn clauses_at(&mut self, at: At<'a>, name: &str) -> ClausesId {
        self.clauses_once(at, name, false)
    }

    fn clauses_once(&mut self, at: At<'a>, name: &str, speaks: bool) -> ClausesId {
        if let Some(id) = self.interned.clauses.get(&(at.node.span, speaks)) {
            return *id;
        }
        let id = self.schemas.add_clauses(name);
        self.interned.clauses.insert((at.node.span, speaks), id);
        self.clauses.push_back((id, at, speaks));
        id
    }

    /// The clauses of a schema that no node stands for.
    pub(super) fn clauses_made(&mut self, name: &str, all: Vec<Clause>) -> ClausesId {
        let id = self.schemas.add_clauses(name);
        self.schemas.clauses_mut(id).all = all;
        id
    }

    /// Reads all clauses that were asked for.
    pub(super) fn fill_clauses(&mut self) {
        let mut fresh = Vec::new();
        while let Some((id, at, speaks)) = self.clauses.pop_front() {
            fresh.push(id);
            if fresh.len() > MAX_CLAUSES {
                let place = ("a schema that leads to too many others".to_owned(), at.node.span);
                self.schemas.clauses_mut(id).unsupported.push(place);
                continue;
            }
            let name = self.schemas.clauses(id).name.clone();
            let made = match speaks {
                true => read(self, at, &name, &|key| SPEAKS.contains(&key), &|key| key != "contains"),
                false => read(self, at, &name, &|_| true, &|_| false),
            };
            let clauses = self.schemas.clauses_mut(id);
            (clauses.all, clauses.one_way, clauses.unsupported) = (made.all, made.one_way, made.unsupported);
        }
        super::circles::cut(self.schemas, &fresh);
    }
}

/// What the chosen keywords of a node say. Of those that only `speak`, something else checks what they ask for: all that
/// matters is of which members and items they speak.
pub(super) fn read<'a>(
    reader: &mut Reader<'a, '_>,
    at: At<'a>,
    name: &str,
    chosen: &dyn Fn(&str) -> bool,
    speaks: &dyn Fn(&str) -> bool,
) -> Made {
    let mut made = Made { all: Vec::new(), one_way: Vec::new(), unsupported: Vec::new() };
    match &at.node.value {
        Value::Bool(false) => made.all.push(Clause::Never),
        Value::Object(_) => {
            let mut work = Work { reader, at, name, chosen, speaks, made: &mut made };
            let reference = at.reference().filter(|_| chosen("$ref"));
            if let Some(reference) = reference {
                work.reference(reference);
            }
            if reference.is_none() || ref_siblings_assert(work.reader.dialect(at)) {
                work.values();
                work.texts_and_numbers();
                work.lists();
                work.objects();
                work.combined();
            }
        }
        _ => {}
    }
    // `nullable` is meant for the whole, whatever stands beside it
    if nullable(at.node) && !made.all.is_empty() && chosen("nullable") {
        let null = reader.clauses_made(name, vec![Clause::Type(vec!["null".to_owned()])]);
        let others = reader.clauses_made(name, std::mem::take(&mut made.all));
        reader.schemas.clauses_mut(others).one_way.clone_from(&made.one_way);
        made.all.push(Clause::AnyOf(vec![null, others]));
    }
    made
}

struct Work<'a, 'w, 'r, 'o> {
    reader: &'w mut Reader<'a, 'r>,
    at: At<'a>,
    name: &'w str,
    chosen: &'o dyn Fn(&str) -> bool,
    speaks: &'o dyn Fn(&str) -> bool,
    made: &'w mut Made,
}

impl<'a> Work<'a, '_, '_, '_> {
    fn get(&self, key: &str) -> Option<&'a Node> {
        if (self.chosen)(key) { self.at.node.get(key) } else { None }
    }

    /// The same for a keyword that speaks of no members and no items.
    fn asked(&self, key: &str) -> Option<&'a Node> {
        if (self.speaks)(key) { None } else { self.get(key) }
    }

    fn say(&mut self, clause: Clause) {
        self.made.all.push(clause);
    }

    fn missing(&mut self, what: impl Into<String>, span: Span) {
        self.made.unsupported.push((what.into(), span));
    }

    /// The clauses of a node within this one.
    fn sub(&mut self, node: &'a Node, suffix: &str) -> ClausesId {
        let name = format!("{} {suffix}", self.name);
        self.reader.clauses_at(self.at.to(node), &name)
    }

    /// The clauses of a member or an item.
    fn sub_of(&mut self, key: &str, node: &'a Node, suffix: &str) -> ClausesId {
        match (self.speaks)(key) {
            true => self.reader.clauses_made(self.name, Vec::new()),
            false => self.sub(node, suffix),
        }
    }

    /// The clauses of a node that holds in place.
    fn in_place(&mut self, key: &str, node: &'a Node, suffix: &str) -> ClausesId {
        let name = format!("{} {suffix}", self.name);
        self.reader.clauses_once(self.at.to(node), &name, (self.speaks)(key))
    }

    fn subs(&mut self, key: &str, suffix: &str) -> Option<Vec<ClausesId>> {
        let nodes = self.get(key)?.as_array()?;
        Some(nodes.iter().map(|node| self.sub_of(key, node, suffix)).collect())
    }

    fn named_subs(&mut self, key: &str) -> Vec<(String, ClausesId)> {
        let members = self.get(key).and_then(Node::as_object).unwrap_or_default();
        members.iter().map(|member| (member.key.to_string(), self.sub_of(key, &member.value, &member.key))).collect()
    }

    fn reference(&mut self, reference: &str) {
        match self.reader.target(self.at, reference) {
            Ok((target, name, _)) => {
                let id = self.reader.clauses_once(target, &name, (self.speaks)("$ref"));
                self.say(Clause::Ref(id));
            }
            Err((what, _)) => self.missing(what, self.at.node.span),
        }
    }

    fn values(&mut self) {
        if self.asked("type").is_some()
            && let Some(types) = types(self.at.node)
        {
            self.say(Clause::Type(types.into_iter().map(str::to_owned).collect()));
        }
        if let Some(values) = self.asked("enum").and_then(Node::as_array) {
            self.say(Clause::Enum(values.iter().map(json_text).collect()));
        }
        if let Some(value) = self.asked("const") {
            self.say(Clause::Enum(vec![json_text(value)]));
        }
    }

    fn texts_and_numbers(&mut self) {
        for (inclusive, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
            if !(self.chosen)(inclusive) || (self.speaks)(inclusive) {
                continue;
            }
            let (limit, open_limit) = bound(self.at.node, inclusive, exclusive);
            if let Some(limit) = limit {
                self.say(Clause::Bound(inclusive, limit.to_owned()));
            }
            if let Some(limit) = open_limit {
                self.say(Clause::Bound(exclusive, limit.to_owned()));
            }
        }
        if let Some(step) = self.asked("multipleOf").and_then(number) {
            self.say(Clause::Bound("multipleOf", step.to_owned()));
        }
        for key in ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"] {
            if let Some(count) = self.count(key) {
                self.say(Clause::Count(key, count));
            }
        }
        if let Some(node) = self.asked("pattern") {
            match parts(node.as_str().unwrap_or_default()) {
                Ok(parts) => parts.into_iter().for_each(|part| {
                    self.say(match part {
                        Part::Found(pattern) => Clause::Pattern(pattern),
                        Part::NotFound(pattern) => Clause::NoPattern(pattern),
                    });
                }),
                Err(why) => self.missing(format!("`pattern` ({why} has no linear-time form)"), node.span),
            }
        }
        if let Some(format) = self.asked("format").and_then(Node::as_str) {
            self.say(Clause::Format(format.to_owned()));
        }
    }

    fn count(&self, key: &str) -> Option<u64> {
        super::numbers::as_count(number(self.asked(key)?)?)
    }

    /// The pattern in the runtime's syntax; where it has none there, that is said.
    fn pattern(&mut self, pattern: &str, span: Span) -> Option<String> {
        match translate(pattern) {
            Ok(translated) => Some(translated),
            Err(why) => {
                self.missing(format!("`pattern` ({why} has no linear-time form)"), span);
                None
            }
        }
    }

    fn lists(&mut self) {
        let prefix = self.subs("prefixItems", "item").unwrap_or_default();
        let from = self.at.node.get("prefixItems").and_then(Node::as_array).map_or(0, <[Node]>::len);
        if !prefix.is_empty() {
            self.say(Clause::PrefixItems(prefix));
        }
        match self.get("items") {
            Some(node) if node.as_array().is_none() => {
                let items = self.sub_of("items", node, "item");
                self.say(Clause::Items(from, items));
            }
            Some(node) => self.reader.found.push(malformed(node, "`items`", "object", true)),
            None => {}
        }
        if let Some(node) = self.get("contains") {
            let item = self.sub(node, "item");
            let count = |key: &str| self.at.node.get(key).and_then(number).and_then(super::numbers::as_count);
            let (min, max) = (count("minContains").unwrap_or(1), count("maxContains"));
            self.say(Clause::Contains { item, min, max });
        }
        if self.asked("uniqueItems").and_then(Node::as_bool) == Some(true) {
            self.say(Clause::UniqueItems);
        }
    }

    fn objects(&mut self) {
        let properties = self.named_subs("properties");
        if !properties.is_empty() {
            self.say(Clause::Properties(properties));
            self.one_way();
        }
        let mut patterns = Vec::new();
        for (member, (_, clauses)) in self
            .get("patternProperties")
            .and_then(Node::as_object)
            .unwrap_or_default()
            .iter()
            .zip(self.named_subs("patternProperties"))
        {
            if let Some(pattern) = self.pattern(&member.key, member.key_span) {
                patterns.push((pattern, clauses));
            }
        }
        if !patterns.is_empty() {
            self.say(Clause::PatternProperties(patterns));
        }
        self.additional();
        if let Some(node) = self.asked("propertyNames") {
            let names = self.sub(node, "name");
            self.say(Clause::PropertyNames(names));
        }
        if let Some(names) = self.asked("required").and_then(texts) {
            self.say(Clause::Required(names));
        }
        let members = self.asked("dependentRequired").and_then(Node::as_object).unwrap_or_default();
        let dependent: Vec<(String, Vec<String>)> =
            members.iter().filter_map(|member| Some((member.key.to_string(), texts(&member.value)?))).collect();
        if !dependent.is_empty() {
            self.say(Clause::DependentRequired(dependent));
        }
        let members = self.get("dependentSchemas").and_then(Node::as_object).unwrap_or_default();
        let dependent: Vec<(String, ClausesId)> = members
            .iter()
            .map(|member| (member.key.to_string(), self.in_place("dependentSchemas", &member.value, &member.key)))
            .collect();
        if !dependent.is_empty() {
            self.say(Clause::DependentSchemas(dependent));
        }
    }

    /// Notes which of the members go one way only.
    fn one_way(&mut self) {
        for member in self.get("properties").and_then(Node::as_object).unwrap_or_default() {
            let own = self.at.to(&member.value);
            let meant = self.reader.canonical(own).map(|target| target.at.node);
            let nodes = [Some(own.node), meant.ok()];
            let says = |key: &str| nodes.iter().flatten().any(|n| n.get(key).and_then(Node::as_bool) == Some(true));
            match (says("readOnly"), says("writeOnly")) {
                (true, false) => self.made.one_way.push((member.key.to_string(), Direction::Request)),
                (false, true) => self.made.one_way.push((member.key.to_string(), Direction::Response)),
                _ => {}
            }
        }
    }

    fn additional(&mut self) {
        let Some(node) = self.get("additionalProperties") else { return };
        let keys = |key: &str| -> Vec<&'a str> {
            let members = self.at.node.get(key).and_then(Node::as_object).unwrap_or_default();
            members.iter().map(|member| &*member.key).collect()
        };
        let names = keys("properties").into_iter().map(str::to_owned).collect();
        // A pattern that cannot be translated leaves open which members are meant; that was said above.
        let Ok(patterns) = keys("patternProperties").into_iter().map(translate).collect() else { return };
        let value = self.sub_of("additionalProperties", node, "value");
        self.say(Clause::AdditionalProperties { names, patterns, value });
    }

    fn combined(&mut self) {
        for (key, clause) in [
            ("allOf", Clause::AllOf as fn(Vec<ClausesId>) -> Clause),
            ("anyOf", Clause::AnyOf),
            ("oneOf", Clause::OneOf),
        ] {
            let nodes = self.get(key).and_then(Node::as_array).filter(|nodes| !nodes.is_empty());
            let Some(nodes) = nodes else { continue };
            // Which of several it is, only all that they ask for can tell.
            let members = nodes.iter().map(|node| match key {
                "allOf" => self.in_place(key, node, "option"),
                _ => self.sub(node, "option"),
            });
            let members = members.collect();
            self.say(clause(members));
        }
        if let Some(node) = self.get("not") {
            let not = self.sub(node, "not");
            self.say(Clause::Not(not));
        }
        if let Some(node) = self.get("if") {
            let condition = self.sub(node, "if");
            let then = self.at.node.get("then").map(|node| self.in_place("if", node, "then"));
            let otherwise = self.at.node.get("else").map(|node| self.in_place("if", node, "else"));
            // Without the others it still says what is evaluated.
            self.say(Clause::If { condition, then, otherwise });
        }
        if let Some(node) = self.get("unevaluatedProperties") {
            let others = self.sub_of("unevaluatedProperties", node, "value");
            self.say(Clause::UnevaluatedProperties(others));
        }
        if let Some(node) = self.get("unevaluatedItems") {
            let others = self.sub_of("unevaluatedItems", node, "item");
            self.say(Clause::UnevaluatedItems(others));
        }
        for key in UNSUPPORTED {
            if let Some(member) = self.at.node.member(key).filter(|_| (self.chosen)(key)) {
                self.missing(format!("`{key}`"), member.key_span);
            }
        }
    }
}

/// A list of texts.
fn texts(node: &Node) -> Option<Vec<String>> {
    Some(node.as_array()?.iter().filter_map(Node::as_str).map(str::to_owned).collect())
}
