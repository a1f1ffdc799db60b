//! Endpoints that one path can match, neither of which is the more special one.

use std::collections::HashMap;

use super::scope::Env;
use crate::composition::ast::Endpoint;
use crate::diag::Diagnostic;

/// Routes of one method by segment, so that each is compared with those alone that can match the same path.
#[derive(Default)]
struct Node<'a> {
    fixed: HashMap<&'a str, Node<'a>>,
    param: Option<Box<Node<'a>>>,
    /// The endpoints that end here, by position.
    ends: Vec<usize>,
}

/// Tells of each pair of which either has a fixed segment where the other has a parameter.
pub fn shadowed(env: &mut Env, endpoints: &[Endpoint]) {
    let mut roots: HashMap<_, Node> = HashMap::new();
    for (at, second) in endpoints.iter().enumerate() {
        let segments: Vec<&str> = second.path.split('/').collect();
        let root = roots.entry(second.method).or_default();
        let mut crossing = Vec::new();
        root.crossing(&segments, Special::default(), &mut crossing);
        crossing.sort_unstable();
        env.diags.extend(crossing.into_iter().map(|first| finding(&endpoints[first], second, &segments)));
        root.insert(&segments, at);
    }
}

/// Which of two routes has a fixed segment where the other has a parameter.
#[derive(Clone, Copy, Default)]
struct Special {
    first: bool,
    second: bool,
}

impl<'a> Node<'a> {
    fn insert(&mut self, segments: &[&'a str], at: usize) {
        let mut node = self;
        for &segment in segments {
            node = match is_param(segment) {
                true => node.param.get_or_insert_default(),
                false => node.fixed.entry(segment).or_default(),
            };
        }
        node.ends.push(at);
    }

    /// The routes below that match a path which `segments` match too, with either the more special one somewhere.
    fn crossing(&self, segments: &[&str], special: Special, found: &mut Vec<usize>) {
        let Some((&segment, rest)) = segments.split_first() else {
            if special.first && special.second {
                found.extend(&self.ends);
            }
            return;
        };
        if is_param(segment) {
            let more = Special { first: true, ..special };
            self.fixed.values().for_each(|node| node.crossing(rest, more, found));
        } else if let Some(node) = self.fixed.get(segment) {
            node.crossing(rest, special, found);
        }
        if let Some(node) = &self.param {
            let second = special.second || !is_param(segment);
            node.crossing(rest, Special { second, ..special }, found);
        }
    }
}

fn is_param(segment: &str) -> bool {
    segment.starts_with('{')
}

fn finding(first: &Endpoint, second: &Endpoint, segments: &[&str]) -> Diagnostic {
    let pairs = first.path.split('/').zip(segments);
    let both: Vec<&str> = pairs.map(|(a, b)| if is_param(a) { *b } else { a }).collect();
    let message = format!("`{}` and `{}` both match `{}`", first.path, second.path, both.join("/"));
    Diagnostic::warning("BFF0447", message, second.span)
        .label(first.span, "the other one")
        .help("the fixed segment that comes first decides: change one of the paths, so that clients need not know")
}
