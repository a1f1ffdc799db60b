//! Inputs in any style, and inputs that are JSON (`content: application/json`).
//!
//! The rule says whether a text, a list or an object is wanted. A default is added by [`Input::or`].

use super::query::{form_decode, percent_decode};
use super::{Input, Inputs, ONCE};
use crate::json::{Decode, Field, Rule, member_rule, members_of, value_as_json, wanted};
use crate::style::{Decoder, Misread, ParamValue, Style, Wanted, as_it_is, decode_path, deep_object, delimited};
use std::borrow::Cow;

/// A value that was found, if there is one, or what is wrong: keyword, and what is expected.
type Found = Result<Option<ParamValue<'static>>, (&'static str, &'static str)>;

const NO_STYLE: &str = "a style that this place knows";

impl<'a> Inputs<'a> {
    /// An optional query parameter: `form`, `spaceDelimited`, `pipeDelimited` or `deepObject`.
    pub fn query_with<T: Decode<'a>>(
        &mut self,
        name: &str,
        rule: &'static Rule,
        style: Style,
        explode: bool,
    ) -> Input<Option<T>> {
        let found = match style {
            Style::DeepObject => {
                self.bracketed.retain(|one| one.split_once('[').is_none_or(|(outer, _)| outer != name));
                self.deep(name, rule)
            }
            Style::Form => self.form_query(name, rule, explode, ','),
            Style::SpaceDelimited => self.form_query(name, rule, explode, ' '),
            Style::PipeDelimited => self.form_query(name, rule, explode, '|'),
            Style::Simple | Style::Label | Style::Matrix => Err(("style", NO_STYLE)),
        };
        self.found("query", name, found, rule)
    }

    /// The same, where it must be given.
    pub fn required_query_with<T: Decode<'a>>(
        &mut self,
        name: &str,
        rule: &'static Rule,
        style: Style,
        explode: bool,
    ) -> Input<T> {
        let value = self.query_with(name, rule, style, explode);
        self.required("query", name, value)
    }

    /// A path parameter: `simple`, `label` or `matrix`.
    pub fn path_with<T: Decode<'a>>(
        &mut self,
        name: &str,
        rule: &'static Rule,
        style: Style,
        explode: bool,
    ) -> Input<T> {
        let found = match (style, self.raw_segment(name)) {
            (Style::Simple | Style::Label | Style::Matrix, Some((raw, decoder))) => {
                decode_path(&raw, name, style, explode, wanted(rule), decoder).map(Some).map_err(misread)
            }
            (_, None) => Ok(None),
            _ => Err(("style", NO_STYLE)),
        };
        let value = self.found("path", name, found, rule);
        self.required("path", name, value)
    }

    /// An optional header (`simple`), with or without `explode`.
    pub fn header_with<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, explode: bool) -> Input<Option<T>> {
        let lines = self.cx.head.headers.get_all(name).iter().map(|line| std::str::from_utf8(line.as_bytes()));
        let lines: Result<Vec<&str>, _> = lines.collect();
        let wanted = wanted(rule);
        let found = match lines {
            Err(_) => Err(("encoding", "UTF-8")),
            Ok(lines) if lines.is_empty() => Ok(None),
            Ok(lines) if lines.len() > 1 && wanted == Wanted::Text => Err(("duplicate", ONCE)),
            // Several lines are one list (RFC 9110, 5.3).
            Ok(lines) => {
                let text: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
                let text = if wanted == Wanted::Text { lines.concat() } else { text.join(",") };
                delimited(&text, ',', wanted, explode, as_it_is).map(Some).map_err(misread)
            }
        };
        self.found("header", name, found, rule)
    }

    /// The same, where it must be given.
    pub fn required_header_with<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, explode: bool) -> Input<T> {
        let value = self.header_with(name, rule, explode);
        self.required("header", name, value)
    }

    /// An optional cookie (`form`), with or without `explode`.
    pub fn cookie_with<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, explode: bool) -> Input<Option<T>> {
        let pairs: Vec<(&str, &str)> = self.cookies().collect();
        let named = |name: &str| pairs.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect();
        let found = match (explode, wanted(rule)) {
            (true, Wanted::Object) => members(members_of(rule).0, |field| named(field), percent_decode),
            (explode, wanted) => one_or_list(&named(name), explode, wanted, ',', percent_decode),
        };
        self.found("cookie", name, found, rule)
    }

    /// The same, where it must be given.
    pub fn required_cookie_with<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule, explode: bool) -> Input<T> {
        let value = self.cookie_with(name, rule, explode);
        self.required("cookie", name, value)
    }

    /// An optional query parameter that is JSON.
    pub fn query_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.query_text(name);
        self.content("query", name, text, rule)
    }

    /// The same, where it must be given.
    pub fn required_query_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.query_content(name, rule);
        self.required("query", name, value)
    }

    /// A path parameter that is JSON.
    pub fn path_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let text = self.cx.path.iter().find(|(key, _)| key == name).map(|(_, value)| Cow::Borrowed(&**value));
        let value = self.content("path", name, text, rule);
        self.required("path", name, value)
    }

    /// An optional header that is JSON.
    pub fn header_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.header_text(name);
        self.content("header", name, text, rule)
    }

    /// The same, where it must be given.
    pub fn required_header_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.header_content(name, rule);
        self.required("header", name, value)
    }

    /// An optional cookie that is JSON.
    pub fn cookie_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<Option<T>> {
        let text = self.cookie_text(name);
        self.content("cookie", name, text, rule)
    }

    /// The same, where it must be given.
    pub fn required_cookie_content<T: Decode<'a>>(&mut self, name: &str, rule: &'static Rule) -> Input<T> {
        let value = self.cookie_content(name, rule);
        self.required("cookie", name, value)
    }

    /// A parameter of `form` and its like. Separators are looked for before the encoding is undone.
    fn form_query(&self, name: &str, rule: &'static Rule, explode: bool, separator: char) -> Found {
        let raw = self.cx.head.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<(&str, &str)> = raw.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        let named = |name: &str| {
            pairs.iter().filter(|(key, _)| form_decode(key).is_some_and(|key| key == name)).map(|pair| pair.1).collect()
        };
        match (explode, wanted(rule)) {
            (true, Wanted::Object) if separator == ',' => {
                let (fields, open) = members_of(rule);
                let found = members(fields, named, form_decode)?;
                if open { self.with_others(found, fields) } else { Ok(found) }
            }
            (explode, wanted) => one_or_list(&named(name), explode, wanted, separator, form_decode),
        }
    }

    /// Adds the parameters that no other input declares, for an object of any members.
    fn with_others(&self, found: Option<ParamValue<'static>>, fields: &[Field]) -> Found {
        let mut members = match found {
            Some(ParamValue::Object(members)) => members,
            _ => Vec::new(),
        };
        for (name, value) in &self.query {
            let declared = self.cx.endpoint.query.contains(&&**name) || fields.iter().any(|field| field.name() == name);
            if !declared {
                members.push((Cow::Owned(name.to_string()), ParamValue::Text(Cow::Owned(value.to_string()))));
            }
        }
        Ok((!members.is_empty()).then_some(ParamValue::Object(members)))
    }

    fn deep(&self, name: &str, rule: &'static Rule) -> Found {
        let depth = self.cx.runtime.settings().limits.json_depth;
        let pairs = self.query.iter().map(|(name, value)| (&**name, &**value));
        deep_object(pairs, name, depth, rule, &|rule| wanted(rule), &|rule, name| member_rule(rule, name))
            .map_err(misread)
    }

    /// The segment of a path parameter as it came, if the router has left the path whole; otherwise decoded.
    fn raw_segment(&self, name: &str) -> Option<(Cow<'a, str>, Decoder)> {
        let (template, path) = (self.cx.endpoint.path.split('/'), self.cx.head.uri.path().split('/'));
        if template.clone().count() == path.clone().count() {
            let parameter = |part: &str| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) == Some(name);
            if let Some((_, raw)) = template.zip(path).find(|(part, _)| parameter(part)) {
                return Some((Cow::Borrowed(raw), percent_decode));
            }
        }
        let decoded = self.cx.path.iter().find(|(key, _)| key == name)?;
        Some((Cow::Borrowed(&decoded.1), as_it_is))
    }

    /// Checks a value that was found, and notes what is wrong.
    fn found<T: Decode<'a>>(
        &mut self,
        place: &'static str,
        name: &str,
        found: Found,
        rule: &'static Rule,
    ) -> Input<Option<T>> {
        match found {
            Ok(None) => Input(Some(None)),
            Ok(Some(value)) => Input(self.decode_parameter(place, name, value_as_json(rule, &value), rule).map(Some)),
            Err((keyword, expected)) => {
                self.add(place, name, keyword, expected);
                Input(None)
            }
        }
    }

    fn content<T: Decode<'a>>(
        &mut self,
        place: &'static str,
        name: &str,
        text: Option<Cow<'a, str>>,
        rule: &'static Rule,
    ) -> Input<Option<T>> {
        match text {
            None => Input(Some(None)),
            Some(text) => Input(self.decode_parameter(place, name, text.into_owned(), rule).map(Some)),
        }
    }
}

/// The value of the texts that were given under one name.
fn one_or_list(texts: &[&str], explode: bool, wanted: Wanted, separator: char, decoder: Decoder) -> Found {
    if explode && wanted == Wanted::List && !texts.is_empty() {
        let items = texts.iter().map(|text| delimited(text, separator, Wanted::Text, false, decoder));
        return items.collect::<Result<_, _>>().map(ParamValue::List).map(Some).map_err(misread);
    }
    match texts {
        [] => Ok(None),
        [text] => delimited(text, separator, wanted, false, decoder).map(Some).map_err(misread),
        _ => Err(("duplicate", ONCE)),
    }
}

/// An object whose members stand beside the other parameters (`explode`).
fn members<'t>(fields: &[Field], named: impl Fn(&str) -> Vec<&'t str>, decoder: Decoder) -> Found {
    let mut members = Vec::new();
    for field in fields {
        if let Some(value) = one_or_list(&named(field.name()), true, wanted(field.rule), ',', decoder)? {
            members.push((Cow::Borrowed(field.name()), value));
        }
    }
    Ok((!members.is_empty()).then_some(ParamValue::Object(members)))
}

fn misread(Misread(expected): Misread) -> (&'static str, &'static str) {
    ("style", expected)
}
