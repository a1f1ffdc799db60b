//! JSONPath (RFC 9535) over nodes: which parts of a document a query selects. Everything but functions in filters.

mod filter;
mod parse;

use crate::source::{Node, Value};

/// What one query may do, whatever the document, and for each node of it: `$..*..*` would look at too many.
const STEPS: usize = 1_000_000;
const STEPS_A_NODE: usize = 20;

/// Levels of a way that cost as much as a step.
const LEVELS_A_STEP: usize = 8;

/// Places that one query may select.
const MAX_SELECTED: usize = 200_000;

/// A query, parsed.
#[derive(Debug)]
pub(super) struct Query {
    segments: Vec<Segment>,
}

#[derive(Debug)]
struct Segment {
    /// `..`: of every node below, too.
    descendant: bool,
    selectors: Vec<Selector>,
}

#[derive(Debug)]
enum Selector {
    Name(String),
    Index(i64),
    Wildcard,
    Slice { start: Option<i64>, end: Option<i64>, step: i64 },
    Filter(filter::Test),
}

/// Way to a node from the root: the position of the child at every level.
pub(super) type Way = Vec<usize>;

/// What a query may still do.
struct Budget {
    left: usize,
}

impl Budget {
    /// To look at a node so many levels down: the way to it is kept.
    fn step(&mut self, levels: usize) -> Result<(), String> {
        let cost = 1 + levels / LEVELS_A_STEP;
        self.left = self.left.checked_sub(cost).ok_or("it looks at too many parts of the document")?;
        Ok(())
    }
}

impl Query {
    /// Parses a query that begins with `$`. Errors say what is wrong, without a full stop.
    pub(super) fn parse(text: &str) -> Result<Query, String> {
        parse::query(text)
    }

    /// The ways to everything selected, each once, in the order of the document where the query keeps it.
    pub(super) fn select(&self, root: &Node) -> Result<Vec<Way>, String> {
        let mut budget = Budget { left: size(root).saturating_mul(STEPS_A_NODE).saturating_add(STEPS) };
        let found = run(&self.segments, root, root, &mut budget)?;
        let mut seen = std::collections::HashSet::new();
        Ok(found.into_iter().map(|(way, _)| way).filter(|way| seen.insert(way.clone())).collect())
    }
}

fn run<'n>(
    segments: &[Segment],
    from: &'n Node,
    root: &'n Node,
    budget: &mut Budget,
) -> Result<Vec<(Way, &'n Node)>, String> {
    let mut current = vec![(Way::new(), from)];
    for segment in segments {
        let mut next = Vec::new();
        for (way, node) in current {
            apply(segment, way, node, root, &mut next, budget)?;
            if next.len() > MAX_SELECTED {
                return Err(format!("it selects more than {MAX_SELECTED} places"));
            }
        }
        current = next;
    }
    Ok(current)
}

/// Depth is bounded by the reader of files.
fn apply<'n>(
    segment: &Segment,
    way: Way,
    node: &'n Node,
    root: &'n Node,
    next: &mut Vec<(Way, &'n Node)>,
    budget: &mut Budget,
) -> Result<(), String> {
    budget.step(way.len())?;
    for selector in &segment.selectors {
        select(selector, &way, node, root, next, budget)?;
    }
    if segment.descendant {
        for (at, child) in children(node).enumerate() {
            apply(segment, joined(&way, at), child, root, next, budget)?;
        }
    }
    Ok(())
}

fn select<'n>(
    selector: &Selector,
    way: &Way,
    node: &'n Node,
    root: &'n Node,
    next: &mut Vec<(Way, &'n Node)>,
    budget: &mut Budget,
) -> Result<(), String> {
    match (selector, &node.value) {
        (Selector::Name(name), Value::Object(members)) => {
            let at = members.iter().position(|member| &*member.key == name);
            next.extend(at.map(|at| (joined(way, at), &members[at].value)));
        }
        (Selector::Index(index), Value::Array(items)) => {
            let at = normal(*index, items.len());
            next.extend(usize::try_from(at).ok().and_then(|at| Some((joined(way, at), items.get(at)?))));
        }
        (Selector::Slice { start, end, step }, Value::Array(items)) => {
            for at in slice(*start, *end, *step, items.len()) {
                next.push((joined(way, at), &items[at]));
            }
        }
        (Selector::Wildcard, _) => {
            for (at, child) in children(node).enumerate() {
                budget.step(way.len())?;
                next.push((joined(way, at), child));
            }
        }
        (Selector::Filter(test), _) => {
            for (at, child) in children(node).enumerate() {
                budget.step(way.len())?;
                if test.holds(child, root, budget)? {
                    next.push((joined(way, at), child));
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Nodes in a node, itself among them.
pub(super) fn size(node: &Node) -> usize {
    1 + children(node).map(size).sum::<usize>()
}

fn joined(way: &Way, at: usize) -> Way {
    let mut longer = Vec::with_capacity(way.len() + 1);
    longer.extend_from_slice(way);
    longer.push(at);
    longer
}

fn children(node: &Node) -> Box<dyn Iterator<Item = &Node> + '_> {
    match &node.value {
        Value::Array(items) => Box::new(items.iter()),
        Value::Object(members) => Box::new(members.iter().map(|member| &member.value)),
        _ => Box::new(std::iter::empty()),
    }
}

/// An index from the end counts backwards (RFC 9535, section 2.3.4.2.2).
fn normal(index: i64, length: usize) -> i64 {
    if index < 0 { index.saturating_add(length as i64) } else { index }
}

fn slice(start: Option<i64>, end: Option<i64>, step: i64, length: usize) -> Vec<usize> {
    let count = length as i64;
    let mut at;
    let mut all = Vec::new();
    if step > 0 {
        at = normal(start.unwrap_or(0), length).clamp(0, count);
        let end = normal(end.unwrap_or(count), length).clamp(0, count);
        while at < end {
            all.push(at as usize);
            at = at.saturating_add(step);
        }
    } else if step < 0 {
        at = start.map_or(count - 1, |start| normal(start, length).clamp(-1, count - 1));
        let end = end.map_or(-1, |end| normal(end, length).clamp(-1, count - 1));
        while at > end {
            all.push(at as usize);
            at = at.saturating_add(step);
        }
    }
    all
}
