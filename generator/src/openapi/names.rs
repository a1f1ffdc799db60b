//! Names of operations that have none, made of method and path.

use std::collections::HashMap;

/// `GET /users/{id}` gives `get_users_by_id`; `GET /` gives `get_root`.
pub(super) fn derived_id(method: &str, path: &str) -> String {
    let mut words = vec![method.to_ascii_lowercase()];
    let mut rest = path;
    while let Some(open) = rest.find('{') {
        push_words(&mut words, &rest[..open]);
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
        words.push("by".to_owned());
        push_words(&mut words, &rest[open + 1..close]);
        rest = rest.get(close + 1..).unwrap_or("");
    }
    push_words(&mut words, rest);
    if words.len() == 1 {
        words.push("root".to_owned());
    }
    words.join("_")
}

fn push_words(words: &mut Vec<String>, text: &str) {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    words.extend(parts.map(str::to_owned));
}

/// The name itself, or with `_2`, `_3` ... where it is taken. Beside a name that is taken stands the number to
/// try next.
pub(super) fn unique(name: String, taken: &mut HashMap<String, usize>) -> String {
    let Some(mut number) = taken.get(&name).copied() else {
        taken.insert(name.clone(), 2);
        return name;
    };
    loop {
        let candidate = format!("{name}_{number}");
        number += 1;
        if !taken.contains_key(&candidate) {
            taken.insert(name, number);
            taken.insert(candidate.clone(), 2);
            return candidate;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_from_method_and_path() {
        let cases = [
            ("GET", "/users/{id}", "get_users_by_id"),
            ("GET", "/", "get_root"),
            ("POST", "/a-b/{x.y}/{z}.json", "post_a_b_by_x_y_by_z_json"),
            ("PUT", "/{unclosed", "put_by_unclosed"),
            ("GET", "/#/{}", "get_by"),
        ];
        for (method, path, id) in cases {
            assert_eq!(derived_id(method, path), id, "{method} {path}");
        }
    }
}
