//! Path templates of OpenAPI, matched against the path of a request.

/// A template, split into segments.
#[derive(Clone, Debug)]
pub struct Route(Vec<Segment>);

#[derive(Clone, Debug)]
enum Segment {
    Literal(String),
    /// `{id}`, or `{id}.json`: what stands before and behind the parameter.
    Parameter {
        before: String,
        name: String,
        behind: String,
    },
}

impl Route {
    /// Reads a template. A segment with several parameters takes the first and treats the rest as its text.
    pub fn parse(template: &str) -> Route {
        Route(segments(template).map(segment).collect())
    }

    /// Names and decoded values of the path parameters, if the path is of this template.
    pub fn matches(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut parts = segments(path);
        let mut parameters = Vec::new();
        for segment in &self.0 {
            let part = decode(parts.next()?);
            match segment {
                Segment::Literal(text) if *text == part => {}
                Segment::Literal(_) => return None,
                Segment::Parameter { before, name, behind } => {
                    let value = part.strip_prefix(before.as_str())?.strip_suffix(behind.as_str())?;
                    parameters.push((name.clone(), value.to_owned()));
                }
            }
        }
        parts.next().is_none().then_some(parameters)
    }

    /// Literal segments go before parameters, the leftmost difference decides.
    pub fn rank(&self) -> Vec<bool> {
        self.0.iter().map(|segment| matches!(segment, Segment::Parameter { .. })).collect()
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split(['?', '#']).next().unwrap_or("").trim_start_matches('/').split('/')
}

fn segment(text: &str) -> Segment {
    let parameter = text.split_once('{').and_then(|(before, rest)| {
        let (name, behind) = rest.split_once('}')?;
        // `{from}-{to}`: what follows is not literal text, so nothing is asked of it.
        let behind = if behind.contains('{') { "" } else { behind };
        Some(Segment::Parameter { before: before.to_owned(), name: name.to_owned(), behind: behind.to_owned() })
    });
    parameter.unwrap_or_else(|| Segment::Literal(text.to_owned()))
}

/// Percent-decodes; what is not UTF-8 or not an escape stays as it is.
pub fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((&first, tail)) = rest.split_first() {
        let hex = |at: usize| tail.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_match_their_template() {
        let cases = [
            ("/users/{id}", "/users/7", Some("id=7")),
            ("/users/{id}", "/users/a%20b%2Fc", Some("id=a b/c")),
            ("/users/{id}", "/users/7/x", None),
            ("/users", "/users", Some("")),
            ("/users", "/users/", None),
            ("/files/{name}.json", "/files/a.b.json", Some("name=a.b")),
            ("/files/{name}.json", "/files/a.xml", None),
            ("/{a}/{b}", "/1/2", Some("a=1&b=2")),
            ("/", "/", Some("")),
        ];
        for (template, path, want) in cases {
            let got = Route::parse(template).matches(path).map(|parameters| {
                parameters.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
            });
            assert_eq!(got.as_deref(), want, "{template} against {path}");
        }
    }
}
