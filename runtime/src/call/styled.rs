//! Parameters of a call in any style, by the code that typed clients use.

use super::param::Param;
use super::request::{Parts, Request, find_placeholder};
use crate::json::{JsonBuffer, WriteJson};
use crate::style::{self, Allow, NoForm, ParamValue, Style};

impl<T> Request<'_, T> {
    /// Fills `{name}` of the path in, in a style. A value that is absent, or that would make a whole segment empty,
    /// `.` or `..`, would name another resource: the call then fails with `invalid_argument`, as it does where the
    /// value has no form in the style.
    pub fn path_with(mut self, name: &str, value: impl Param, style: Style, explode: bool) -> Self {
        let parts = &mut self.parts;
        let text = style::path(name, &value.value(), style, explode);
        match (find_placeholder(&parts.target, name), text) {
            (Some(place), Ok(Some(text))) => {
                parts.target.replace_range(place.clone(), &text);
                let start = parts.target[..place.start].rfind('/').map_or(0, |at| at + 1);
                let segment = parts.target[start..].split(['/', '?']).next().unwrap_or_default();
                parts.broken |= matches!(segment, "" | "." | "..");
            }
            _ => parts.broken = true,
        }
        self
    }

    /// Adds a query parameter in a style. `None` leaves it out.
    pub fn query_with(mut self, name: &str, value: impl Param, style: Style, explode: bool) -> Self {
        self.parts.add_query(name, &value.value(), style, explode, Allow::Unreserved);
        self
    }

    /// Adds a query parameter in a style, in which reserved characters stay as they are (`allowReserved`), but not
    /// those that would end the value or mean something else: `#`, `&`, `+`, `[`, `]`.
    pub fn query_reserved(mut self, name: &str, value: impl Param, style: Style, explode: bool) -> Self {
        self.parts.add_query(name, &value.value(), style, explode, Allow::Reserved);
        self
    }

    /// Adds a query parameter that is JSON (`content: application/json`). `None` leaves it out.
    pub fn query_content(mut self, name: &str, value: Option<&(impl WriteJson + ?Sized)>) -> Self {
        if let Some(value) = value {
            let mut json = JsonBuffer::new();
            json.value(value);
            match String::from_utf8(json.into_bytes()) {
                Ok(json) => {
                    self.parts.add_query(name, &ParamValue::Text(json.into()), Style::Form, true, Allow::Unreserved);
                }
                Err(_) => self.parts.broken = true,
            }
        }
        self
    }

    /// Adds a header parameter (`simple`), with or without `explode`. `None` leaves it out.
    pub fn header_with(mut self, name: &'static str, value: impl Param, explode: bool) -> Self {
        match style::header(&value.value(), explode) {
            Ok(text) => self.header(name, text),
            Err(NoForm(_)) => {
                self.parts.broken = true;
                self
            }
        }
    }

    /// Adds a cookie (`form`), with or without `explode`. `None` leaves it out.
    pub fn cookie_with(mut self, name: &str, value: impl Param, explode: bool) -> Self {
        let old = self.parts.headers.remove(http::header::COOKIE);
        let mut text = old.as_ref().and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        self.parts.broken |= style::cookie(&mut text, name, &value.value(), explode).is_err();
        self.header("cookie", (!text.is_empty()).then_some(text))
    }
}

impl Parts {
    fn add_query(&mut self, name: &str, value: &ParamValue<'_>, style: Style, explode: bool, allow: Allow) {
        let mut query = String::new();
        self.broken |= style::query(&mut query, name, value, style, explode, allow).is_err();
        if !query.is_empty() {
            self.target.push(if self.target.contains('?') { '&' } else { '?' });
            self.target.push_str(&query);
        }
    }
}
