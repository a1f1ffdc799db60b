//! The next page in a field `Link` (RFC 8288), and whether it is one of the same resource.

/// The target of the first link whose relation is `next`.
pub(crate) fn next_link(field: &str) -> Option<&str> {
    let mut rest = field;
    loop {
        let (target, behind) = rest.split_once('<')?.1.split_once('>')?;
        let (is_next, behind) = parameters(behind);
        if is_next {
            return Some(target);
        }
        rest = behind;
    }
}

/// Whether the parameters of a link say `rel=next` of this resource, and what stands behind the link.
fn parameters(text: &str) -> (bool, &str) {
    let (mut relation, mut is_of_other, mut rest) = (None, false, text);
    loop {
        rest = rest.trim_start();
        let Some(behind) = rest.strip_prefix(';') else {
            let is_next =
                |relation: &str| relation.split_ascii_whitespace().any(|one| one.eq_ignore_ascii_case("next"));
            return (!is_of_other && relation.is_some_and(is_next), rest);
        };
        let behind = behind.trim_start();
        let name_end = behind.find(['=', ';', ',']).unwrap_or(behind.len());
        let (name, behind) = behind.split_at(name_end);
        let mut value = "";
        rest = behind;
        if let Some(behind) = behind.strip_prefix('=') {
            (value, rest) = self::value(behind.trim_start());
        }
        match name.trim() {
            // The first one counts (3.3).
            name if name.eq_ignore_ascii_case("rel") => relation = relation.or(Some(value)),
            name if name.eq_ignore_ascii_case("anchor") => is_of_other = true,
            _ => {}
        }
    }
}

/// A token or a quoted text, and what stands behind it. Relations have no escapes.
fn value(text: &str) -> (&str, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim(), &text[end..]);
    };
    let mut escaped = false;
    let end = quoted.find(|c| {
        let is_end = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        is_end
    });
    let end = end.unwrap_or(quoted.len());
    (&quoted[..end], quoted.get(end + 1..).unwrap_or_default())
}

/// The query of a link, if it leads to the same path as the request (`path`, or without what the service's url puts
/// before it: `prefix`). Who the link says it leads to does not matter: the request goes to the same service.
pub(super) fn query_of<'l>(target: &'l str, path: &str, prefix: &str) -> Option<&'l str> {
    let target = target.split('#').next().unwrap_or_default();
    let (place, query) = target.split_once('?').unwrap_or((target, ""));
    let fits = |place: &str| {
        let place = decoded(place);
        place == decoded(path) || path.strip_prefix(prefix).is_some_and(|own| place == decoded(own))
    };
    let absolute = match place.split_once("//") {
        Some((scheme, behind)) if scheme.is_empty() || scheme.ends_with(':') => {
            Some(behind.find('/').map_or("/", |at| &behind[at..]))
        }
        _ if place.starts_with('/') => Some(place),
        _ => None,
    };
    let is_same = match absolute {
        Some(place) => fits(place),
        // Relative to the request (RFC 3986, 5.2).
        None if place.is_empty() => true,
        None => fits(&format!("{}/{place}", path.rsplit_once('/').map_or("", |(folder, _)| folder))),
    };
    let is_query = http::uri::PathAndQuery::try_from(format!("/?{query}")).is_ok() && !query.is_empty();
    (is_same && is_query).then_some(query)
}

fn decoded(path: &str) -> String {
    crate::inputs::percent_decode(path).map_or_else(|| path.to_owned(), |path| path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{next_link, query_of};

    #[test]
    fn the_next_link_is_found() {
        let cases = [
            ("<?a=1>; rel=next", Some("?a=1")),
            ("<?a=1>; rel=\"prev\", <?a=3>;title=\"a, \\\"b; c\" ; Rel = \"Next\"", Some("?a=3")),
            ("<?a=1>; rel=\"first next\"", Some("?a=1")),
            ("<?a=1>; rel=prev; rel=next", None),
            ("<?a=1>; rel=nextish, <?b>", None),
            ("<?a=1>; anchor=\"/other\"; rel=next, <?a=2>; rel=next", Some("?a=2")),
            ("rel=next", None),
            ("<?a=1", None),
            ("", None),
        ];
        for (field, wanted) in cases {
            assert_eq!(next_link(field), wanted, "{field}");
        }
    }

    #[test]
    fn a_link_leads_to_the_same_path() {
        let cases = [
            ("?page=2", Some("page=2")),
            ("https://else.example/base/orders?page=2&x=%20#f", Some("page=2&x=%20")),
            ("//else.example/orders?page=2", Some("page=2")),
            ("/base/%6Frders?page=2", Some("page=2")),
            ("orders?page=2", Some("page=2")),
            ("/base/users?page=2", None),
            ("users?page=2", None),
            ("/base/orders", None),
            ("https://else.example?page=2", None),
            ("?page=2 3", None),
        ];
        for (target, wanted) in cases {
            assert_eq!(query_of(target, "/base/orders", "/base"), wanted, "{target}");
        }
    }
}
