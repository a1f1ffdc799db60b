//! Reads shapes: the JSON that is made.

use super::keys::{Allowed, clash, members, wrong_kind};
use super::values;
use crate::composition::ast::{EachShape, MatchShape, ObjectShape, Shape, ShapeField, ShapeKind, Spread};
use crate::diag::Diagnostic;
use crate::expr::{parse_each, parse_match, parse_sort, parse_use};
use crate::source::{Member, Node, Value};

/// How deep a shape may be nested; every later stage walks it by recursion.
const MAX_DEPTH: usize = 64;

pub(super) const LANGUAGE: Allowed = Allowed {
    what: "a shape",
    keys: &[&[
        "$each", "$where", "$sort", "$skip", "$take", "$value", "$spread", "$omit", "$pick", "$when", "$use", "$text",
        "$match",
    ]],
    later: &[&["$case", "$group", "$merge", "$stream"]],
    elsewhere: &[],
};

pub(super) const SPREAD: Allowed =
    Allowed { what: "a `$spread`", keys: &[&["$spread", "$omit", "$pick"]], later: &[], elsewhere: &[] };

/// Reads a shape. None where nothing of it can be used.
pub(super) fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Shape> {
    nested(node, 0, out)
}

fn nested(node: &Node, depth: usize, out: &mut Vec<Diagnostic>) -> Option<Shape> {
    if depth > MAX_DEPTH {
        let message = format!("this shape is nested deeper than {MAX_DEPTH} levels");
        out.push(Diagnostic::error("BFF0336", message, node.span).help("Name parts of it under `shapes:`."));
        return None;
    }
    let kind = match &node.value {
        Value::Null => ShapeKind::Literal(serde_json::Value::Null),
        Value::Bool(flag) => ShapeKind::Literal((*flag).into()),
        Value::Number(text) => match serde_json::from_str(text) {
            Ok(number) => ShapeKind::Literal(number),
            Err(_) => {
                out.push(Diagnostic::error("BFF0332", format!("the number {text} is too large"), node.span));
                return None;
            }
        },
        Value::String(_) => ShapeKind::Expr(values::expression(node, "a shape", out)?),
        Value::Array(items) => ShapeKind::Array(items.iter().filter_map(|item| nested(item, depth + 1, out)).collect()),
        Value::Object(all) => match node.member("$text") {
            Some(text) => literal_text(text, all, out)?,
            None => ShapeKind::Object(Box::new(object(node, all, depth, out))),
        },
    };
    Some(Shape { span: node.span, kind })
}

/// `{$text: hello}`
fn literal_text(text: &Member, all: &[Member], out: &mut Vec<Diagnostic>) -> Option<ShapeKind> {
    if let Some(other) = all.iter().find(|member| member.key != text.key) {
        out.push(clash(format!("`{}` stands beside `$text`, which is the whole value", other.key), other));
    }
    values::plain_text(text, out).map(|text| ShapeKind::Literal(text.into()))
}

fn object(node: &Node, all: &[Member], depth: usize, out: &mut Vec<Diagnostic>) -> ObjectShape {
    let (language, plain): (Vec<&Member>, Vec<&Member>) = all.iter().partition(|member| member.key.starts_with('$'));
    let mut shape = ObjectShape::default();
    let language = known(node, &language, out);
    let find = |key: &str| language.iter().copied().find(|member| &*member.key == key);
    shape.each = find("$each").and_then(|each| each_shape(each, &language, out));
    shape.when = find("$when").and_then(|member| values::expression(&member.value, "$when", out));
    shape.spread = spreads(&language, out);
    shape.value = find("$value").and_then(|member| nested(&member.value, depth + 1, out));
    shape.use_shape = find("$use")
        .and_then(|member| values::snippet(&member.value, "$use", "a shape like `OrderCard(o)`", parse_use, out));
    for member in &plain {
        if let Some(value) = nested(&member.value, depth + 1, out) {
            shape.fields.push(ShapeField { name: values::key(member), shape: value });
        }
    }
    if let Some(matching) = find("$match") {
        let wants = "a value, like `order.payment` or `order.payment as p`";
        let parts = values::snippet(&matching.value, "$match", wants, parse_match, out);
        let cases = std::mem::take(&mut shape.fields);
        shape.matching = parts
            .filter(|(_, name)| name.as_ref().is_none_or(|name| values::variable(name, "a value", out)))
            .map(|(value, name)| MatchShape { value, name, cases });
    }
    companions(&language, &plain, out);
    shape
}

/// The language's keys among these; every other one is reported.
fn known<'n>(node: &Node, language: &[&'n Member], out: &mut Vec<Diagnostic>) -> Vec<&'n Member> {
    // A mapping of only these keys, so that the same check does for shapes.
    let only = Node { span: node.span, value: Value::Object(language.iter().map(|m| (*m).clone()).collect()) };
    let names: Vec<String> = members(&only, &LANGUAGE, out).iter().map(|member| member.key.to_string()).collect();
    language.iter().copied().filter(|member| names.contains(&member.key.to_string())).collect()
}

/// Keys that stand without the one they belong to, or beside one that excludes them.
fn companions(language: &[&Member], plain: &[&Member], out: &mut Vec<Diagnostic>) {
    let find = |key: &str| language.iter().copied().find(|member| &*member.key == key);
    for member in language {
        let needs = match &*member.key {
            "$where" | "$sort" | "$skip" | "$take" => "$each",
            "$omit" | "$pick" => "$spread",
            _ => continue,
        };
        if find(needs).is_none() {
            let example = if needs == "$each" { "`$each: o in orders.items`" } else { "`$spread: product`" };
            out.push(
                clash(format!("`{}` stands without `{needs}`", member.key), member).help(format!("Add {example}.")),
            );
        }
    }
    let whole = [
        ("$value", ["$use", "$spread", "$match"].as_slice()),
        ("$use", &["$spread", "$match"]),
        ("$match", &["$spread"]),
    ];
    for (whole, others) in whole {
        let Some(whole) = find(whole) else { continue };
        // Beside `$match` stand its cases.
        let fields = plain.first().copied().filter(|_| &*whole.key != "$match");
        let other = others.iter().copied().find_map(find).or(fields);
        if let Some(other) = other {
            let message = format!("`{}` stands beside `{}`, which is the whole value", other.key, whole.key);
            out.push(clash(message, other).label(whole.key_span, "the whole value"));
        }
    }
}

fn each_shape(each: &Member, language: &[&Member], out: &mut Vec<Diagnostic>) -> Option<EachShape> {
    let parts = values::snippet(&each.value, "$each", "`x in list`", parse_each, out);
    let mut expression = |key: &str| {
        let member = language.iter().find(|member| &*member.key == key)?;
        values::expression(&member.value, key, out)
    };
    let (filter, skip, take) = (expression("$where"), expression("$skip"), expression("$take"));
    let mut sort = Vec::new();
    if let Some(member) = language.iter().find(|member| &*member.key == "$sort") {
        let keys = match &member.value.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(&member.value),
        };
        let wants = "keys like `[o.date desc]`";
        sort.extend(keys.iter().filter_map(|key| values::snippet(key, "$sort", wants, parse_sort, out)));
    }
    let (variable, list) = parts?;
    values::variable(&variable, "an element", out).then_some(EachShape { variable, list, filter, sort, skip, take })
}

/// `$spread: a` with `$omit` or `$pick`, or `$spread: [a, {$spread: b, $omit: [x]}]`.
fn spreads(language: &[&Member], out: &mut Vec<Diagnostic>) -> Vec<Spread> {
    let find = |key: &str| language.iter().copied().find(|member| &*member.key == key);
    let Some(spread) = find("$spread") else { return Vec::new() };
    let Value::Array(items) = &spread.value.value else {
        return one_spread(&spread.value, language, out).into_iter().collect();
    };
    if let Some(lost) = find("$omit").or_else(|| find("$pick")) {
        let message = format!("`{}` does not say which of several `$spread`s it means", lost.key);
        out.push(clash(message, lost).help("Write `$spread: [a, {$spread: b, $omit: [x]}]`."));
    }
    let mut all = Vec::new();
    for item in items {
        if item.as_object().is_none() {
            all.extend(one_spread(item, &[], out));
            continue;
        }
        let known = members(item, &SPREAD, out);
        match known.iter().find(|member| &*member.key == "$spread") {
            Some(inner) => all.extend(one_spread(&inner.value, &known, out)),
            None => out.push(wrong_kind(item, "$spread", "objects to copy from")),
        }
    }
    all
}

fn one_spread(value: &Node, companions: &[&Member], out: &mut Vec<Diagnostic>) -> Option<Spread> {
    let find = |key: &str| companions.iter().copied().find(|member| &*member.key == key);
    let (omit, pick) = (find("$omit"), find("$pick"));
    if let (Some(omit), Some(pick)) = (omit, pick) {
        let found = clash("`$omit` and `$pick` exclude each other", pick).label(omit.key_span, "the other one");
        out.push(found.help("`$pick` lists what is copied, `$omit` what is not."));
    }
    let omit = omit.map(|member| values::texts(member, out)).unwrap_or_default();
    let pick = pick.map(|member| values::texts(member, out));
    let value = values::expression(value, "$spread", out)?;
    Some(Spread { value, omit, pick })
}
