//! What an endpoint has of the language, so that a run can say how much of it was covered.

/// Features that are seen in the text of an endpoint: all of the texts stand in it.
const WRITTEN: &[(&str, &[&str])] = &[
    ("each", &["\"each\":"]),
    ("batch by a parameter", &["\"batch\":{\"param\":\"ids\""]),
    ("batch by a body", &["\"batch\":{\"param\":\"body\""]),
    ("batch by a field of a body", &["\"batch\":{\"param\":\"body.ids\""]),
    ("pages by number, as one list", &["\"paginate\":{\"page\":", "\"max\":"]),
    ("pages by a body", &["\"paginate\":{", "\"body.page\""]),
    ("pages by offset", &["\"paginate\":{\"offset\":"]),
    ("pages by cursor", &["\"paginate\":{\"cursor\":"]),
    ("pages by links, as one list", &["\"paginate\":{\"link\":true"]),
    ("pages by links, by token", &["\"paginate\":{\"link\":\"page\""]),
    ("complete of pages", &["meta.", ".complete"]),
    ("next of pages", &["meta.", ".next"]),
    ("stream", &["\"stream\":true"]),
    ("stream with limits", &["\"stream\":{"]),
    ("partial", &["\"missing\":\"partial"]),
    ("warnings", &["\"warnings\":\"warnings"]),
    ("when", &["\"when\":"]),
    ("after a call", &["\"after\":\""]),
    ("after several calls", &["\"after\":[\""]),
    ("after none", &["\"after\":[]"]),
    ("on_error absent", &["\"on_error\":\"absent\""]),
    ("on_error default", &["\"on_error\":{\"default\""]),
    ("on_error status", &["\"on_error\":{\"status\""]),
    ("headers of an answer", &["meta.", ".headers["]),
    ("error of a call", &["meta.", ".error"]),
    ("hook", &["rate("]),
    ("hook of an object", &["crumbs("]),
    ("hook taken apart", &["\"$match\":\"judge("]),
    ("$match", &["\"$match\":"]),
    ("$match with the rest", &["\"$match\":", "\"_\":"]),
    ("$each", &["\"$each\":"]),
    ("$where", &["\"$where\":"]),
    ("$sort", &["\"$sort\":"]),
    ("$skip", &["\"$skip\":"]),
    ("$value", &["\"$value\":"]),
    ("$spread", &["\"$spread\":\""]),
    ("$spread of several", &["\"$spread\":["]),
    ("$when", &["\"$when\":"]),
    ("$use", &["\"$use\":"]),
    ("strict", &["\"strict\":true"]),
    ("validate", &["\"validate\":"]),
    ("on_invalid", &["\"on_invalid\":"]),
    ("open", &["\"open\":true"]),
    ("no body", &["\"status\":204"]),
    ("list of the query", &["query.tags"]),
    ("object of the query", &["query.area"]),
    ("header as input", &["header["]),
    ("cookie as input", &["cookie.theme"]),
    ("body declared", &["\"inputs\":{", "\"body\":{\"$ref\""]),
    ("timestamp", &["timestamp("]),
    ("duration", &["duration("]),
    ("bytes", &["bytes("]),
    ("optMap", &[".optMap("]),
    ("optFlatMap", &[".optFlatMap("]),
    ("has", &["has("]),
    ("groupBy", &[".groupBy("]),
    ("indexBy", &[".indexBy("]),
];

/// Features that only who makes an endpoint knows.
const TAGGED: &[&str] = &[
    "short form",
    "short form of events",
    "stream of bytes",
    "stream of events",
    "pages as one list",
    "pages by token",
    "several success bodies",
    "list in a style",
    "deep object",
    "parameter as JSON",
    "body passed on",
    "form body",
    "multipart body",
    "bytes sent",
    "answer of bytes",
];

/// Features that need more than a look at the text.
const READ: &[&str] = &["batch", "known of a call by key", "known of a batch by key", "several bodies taken apart"];

/// All features.
pub fn all() -> impl Iterator<Item = &'static str> {
    WRITTEN.iter().map(|(name, _)| *name).chain(TAGGED.iter().copied()).chain(READ.iter().copied())
}

/// Those of an endpoint.
pub fn features(made: &serde_json::Value, tags: &[&'static str]) -> Vec<&'static str> {
    let text = made.to_string();
    let mut found: Vec<_> =
        WRITTEN.iter().filter(|(_, all)| all.iter().all(|part| text.contains(part))).map(|(name, _)| *name).collect();
    found.extend(TAGGED.iter().filter(|tag| tags.contains(tag)));
    let calls = made.get("calls").and_then(serde_json::Value::as_object);
    for (name, call) in calls.into_iter().flatten() {
        let reads = text.contains(&format!("meta.{name}["));
        let batch = call.get("batch").is_some();
        let operation = call.get("operation").and_then(serde_json::Value::as_str).unwrap_or_default();
        let apart = text.contains(&format!("\"$match\":\"{name} as ")) && operation.contains("mixed");
        let here = [batch, reads && !batch, reads && batch, apart];
        found.extend(
            READ.iter()
                .zip(here)
                .filter(|(name, here)| *here && !found.contains(name))
                .map(|(name, _)| *name)
                .collect::<Vec<_>>(),
        );
    }
    found
}
