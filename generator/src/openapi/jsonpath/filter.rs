//! Filters of JSONPath (RFC 9535, section 2.3.5): existence, comparisons, and, or, not.

use serde_json::Value as Json;

use super::{Budget, Segment, children, run};
use crate::source::{Node, to_json};

/// A condition on a child.
#[derive(Debug)]
pub(super) enum Test {
    Or(Vec<Test>),
    And(Vec<Test>),
    Not(Box<Test>),
    Exists(Path),
    Compare(Operand, Operator, Operand),
}

/// A query within a filter: from the child (`@`) or from the root (`$`).
#[derive(Debug)]
pub(super) struct Path {
    pub(super) absolute: bool,
    pub(super) segments: Vec<Segment>,
}

#[derive(Debug)]
pub(super) enum Operand {
    Literal(Json),
    Path(Path),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Test {
    pub(super) fn holds(&self, child: &Node, root: &Node, budget: &mut Budget) -> Result<bool, String> {
        budget.step(0)?;
        match self {
            Test::Or(tests) => {
                for test in tests {
                    if test.holds(child, root, budget)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Test::And(tests) => {
                for test in tests {
                    if !test.holds(child, root, budget)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Test::Not(test) => Ok(!test.holds(child, root, budget)?),
            Test::Exists(path) => Ok(!path.nodes(child, root, budget)?.is_empty()),
            Test::Compare(left, operator, right) => {
                let left = left.value(child, root, budget)?;
                let right = right.value(child, root, budget)?;
                Ok(compare(left.as_ref(), *operator, right.as_ref()))
            }
        }
    }
}

impl Path {
    fn nodes<'n>(&self, child: &'n Node, root: &'n Node, budget: &mut Budget) -> Result<Vec<&'n Node>, String> {
        let from = if self.absolute { root } else { child };
        Ok(run(&self.segments, from, root, budget)?.into_iter().map(|(_, node)| node).collect())
    }
}

impl Operand {
    /// Nothing, where the query selects nothing.
    fn value(&self, child: &Node, root: &Node, budget: &mut Budget) -> Result<Option<Json>, String> {
        match self {
            Operand::Literal(value) => Ok(Some(value.clone())),
            Operand::Path(path) => {
                let Some(node) = path.nodes(child, root, budget)?.first().copied() else { return Ok(None) };
                count(node, budget)?;
                Ok(Some(to_json(node)))
            }
        }
    }
}

/// What is compared is looked at whole.
fn count(node: &Node, budget: &mut Budget) -> Result<(), String> {
    budget.step(0)?;
    children(node).try_for_each(|child| count(child, budget))
}

/// Only numbers and texts have an order; nothing equals nothing only.
fn compare(left: Option<&Json>, operator: Operator, right: Option<&Json>) -> bool {
    let equal = match (left, right) {
        (Some(Json::Number(a)), Some(Json::Number(b))) => a.as_f64() == b.as_f64(),
        _ => left == right,
    };
    let less = |a: Option<&Json>, b: Option<&Json>| match (a, b) {
        (Some(Json::Number(a)), Some(Json::Number(b))) => a.as_f64() < b.as_f64(),
        (Some(Json::String(a)), Some(Json::String(b))) => a < b,
        _ => false,
    };
    match operator {
        Operator::Equal => equal,
        Operator::NotEqual => !equal,
        Operator::Less => less(left, right),
        Operator::LessOrEqual => equal || less(left, right),
        Operator::Greater => less(right, left),
        Operator::GreaterOrEqual => equal || less(right, left),
    }
}
