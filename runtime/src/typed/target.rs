//! A path template that is being filled in.

use crate::style::encode_literal;

/// A template such as `/pets/{petId}`, and the encoded texts of its parameters.
pub(super) struct Target {
    pub(super) template: String,
    filled: Vec<(String, String)>,
}

impl Target {
    pub(super) fn new(template: &str) -> Target {
        // What follows `#` tells templates apart in some documents; it is never sent (RFC 3986, 3.5).
        let template = template.split('#').next().unwrap_or_default();
        Target { template: template.to_owned(), filled: Vec::new() }
    }

    /// Gives a parameter its text, encoded already.
    pub(super) fn fill(&mut self, name: &str, text: String) {
        self.filled.push((name.to_owned(), text));
    }

    /// Appends the path to that of the service. `Err`: what is wrong with an argument.
    pub(super) fn write(&self, out: &mut String) -> Result<(), String> {
        for (name, _) in &self.filled {
            if !self.template.contains(&format!("{{{name}}}")) {
                return Err(format!("the path `{}` has no parameter `{name}`", self.template));
            }
        }
        let (path, query) = self.template.split_once('?').unwrap_or((&self.template, ""));
        let path = path.strip_prefix('/').unwrap_or(path);
        for segment in path.split('/') {
            out.push('/');
            let start = out.len();
            self.fill_in(segment, out)?;
            if matches!(&out[start..], "." | "..") || (out.len() == start && !segment.is_empty()) {
                return Err(format!(
                    "the part `{segment}` of the path would be empty, `.` or `..`, which names another resource"
                ));
            }
        }
        if !query.is_empty() {
            out.push('?');
            self.fill_in(query, out)?;
        }
        Ok(())
    }

    fn fill_in(&self, mut part: &str, out: &mut String) -> Result<(), String> {
        while let Some((before, rest)) = part.split_once('{') {
            encode_literal(before, out);
            let Some((name, after)) = rest.split_once('}') else {
                return Err(format!("the path `{}` has a `{{` without `}}`", self.template));
            };
            let Some((_, text)) = self.filled.iter().find(|(filled, _)| filled == name) else {
                return Err(format!("the path parameter `{name}` has no value"));
            };
            out.push_str(text);
            part = after;
        }
        encode_literal(part, out);
        Ok(())
    }
}
