//! What the keys mean, in the words of `docs/language.md`.

/// The reference of the language.
const REFERENCE: &str = include_str!("../../../../docs/language.md");

/// What a key of a mapping means; `what` is "an endpoint".
pub(super) fn of(what: &str, key: &str) -> Option<String> {
    let section = match what {
        "a composition" | "an included file" => "The file",
        "an upstream" => "Upstreams",
        "an endpoint" => "Endpoints",
        "a call" => "Calls",
        "a shape" | "a `$spread`" => "Shapes",
        _ => return own(what, key).map(str::to_owned),
    };
    in_section(section, key).or_else(|| in_section("Policies", key))
}

/// Of mappings that have no table in the reference.
fn own(what: &str, key: &str) -> Option<&'static str> {
    Some(match (what, key) {
        ("`inputs`", "path") => "Parameters of the path by name, each with its schema.",
        ("`inputs`", "query") => "Parameters of the query by name, each with its schema.",
        ("`inputs`", "header") => "Headers of the request by name, each with its schema.",
        ("`inputs`", "cookie") => "Cookies of the request by name, each with its schema.",
        ("`inputs`", "body") => "The schema of the request's body.",
        ("`runtime`", "path") => "The folder of the runtime.",
        ("`runtime`", "version") => "The version of the runtime.",
        ("`paginate`", "page") => "The parameter that is the number of the page.",
        ("`paginate`", "offset") => "The parameter that is the position of the first item.",
        ("`paginate`", "cursor") => "The parameter that is the cursor of the page; `next` says where the next one is.",
        ("`paginate`", "link") => {
            "`true` follows the field `Link` with `rel=\"next\"`; with `token`, the parameter that it changes."
        }
        ("`paginate`", "first") => "The number of the first page: 1, or 0.",
        ("`paginate`", "size") => "The parameter that says how many items a page has.",
        ("`paginate`", "next") => "The next cursor: an expression over `body` and `meta` of a page.",
        ("`paginate`", "items") => "The path of the list in the body. Left out where the body is the list.",
        ("`paginate`", "max") => "Gathers the items of all pages, up to so many.",
        ("`paginate`", "pages") => "With `max`: the most requests. Default: as many as `max` takes, at most 100.",
        ("`paginate`", "token") => "Passes one page through: the token that the client sends, as in `query.after`.",
        ("`batch`", "param") => "The parameter that takes the keys, or `body` or a field of it: `body.ids`.",
        ("`batch`", "match") => "The field of an element that holds its key.",
        ("`batch`", "size") => "How many keys are asked for at once. Default: the parameter's `maxItems`, else 100.",
        ("`batch`", "items") => {
            "The path of the list in the body. Left out where the body is the list, or has only one."
        }
        ("`stream`", "idle") => "For how long nothing may come. Default 30s.",
        ("`stream`", "max_bytes") => "The most that is passed on, in bytes. Default: any size.",
        ("`on_error`", "fail") => "The answer fails with a problem document. This is the default.",
        ("`on_error`", "absent") => "The value is optional from here on.",
        ("`on_error`", "default") => "This value instead. It is checked against the type.",
        ("`on_error`", "warn") => "The text of the warning.",
        ("`on_error`", "status") => "Statuses of the upstream and what they become for the client: `{404: 404}`.",
        ("`lenient`", "integral_floats") => "`300.0` for an integer: it goes out as `300`.",
        ("`lenient`", "unknown_enum_members") => "A value that an `enum` does not list: it goes out as it came.",
        ("`lenient`", "extra_fields") => "A field that a closed object does not declare: it does not go out.",
        ("`lenient`", "null_for_absent") => "`null` for a field that may be absent, but not null: it is absent.",
        ("`lenient`", "several_one_of") => {
            "A value that is of several members of a `oneOf`: the first that keeps most."
        }
        ("a hook", "description") => "What it does; becomes the comment of the Rust function.",
        ("a hook", "args") => "Its arguments by name, each with its schema.",
        ("a hook", "returns") => "The schema of its result.",
        _ => return None,
    })
}

/// The row or the point of a key in a section.
fn in_section(title: &str, key: &str) -> Option<String> {
    let mut lines = REFERENCE.lines().skip_while(|line| *line != format!("## {title}")).skip(1).peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("## ") {
            return None;
        }
        let (names, meaning) = if let Some(row) = line.strip_prefix("| ") {
            let (names, meaning) = row.split_once(" | ")?;
            (names, meaning.trim_end_matches(" |").to_owned())
        } else if let Some((names, first)) = line.strip_prefix("- ").and_then(|point| point.split_once("`: ")) {
            let mut meaning = first.to_owned();
            while let Some(more) = lines.next_if(|line| line.starts_with("  ")) {
                meaning.push(' ');
                meaning.push_str(more.trim());
            }
            (names, meaning)
        } else {
            continue;
        };
        // Names stand in backticks: `$each: x in list`, `$skip`, `$take`.
        let named = |text: &str| text.split([':', ' ']).next() == Some(key);
        if names.split('`').skip(1).step_by(2).any(named) {
            return Some(sentence(&meaning));
        }
    }
    None
}

/// Without links, and with a capital letter at its beginning.
fn sentence(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((label, behind)) = link.split_once("](") else { break };
        let Some((_, after)) = behind.split_once(')').filter(|_| !label.contains('`')) else { break };
        text.push_str(before);
        text.push_str(label);
        rest = after;
    }
    text.push_str(rest);
    let mut chars = text.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
