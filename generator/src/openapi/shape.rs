//! The objects of OpenAPI 3 as tables: which keys they have, and of what type (OpenAPI 3.1.1, section 4.8).

use super::Method;
use super::rules::{
    component_names, distinct_parameters, examples_rule, is_token, known_encodings, media_types, parameter_style,
    value_rule,
};
use crate::source::Node;

/// What a value must be.
pub(super) enum Is {
    Any,
    Text,
    /// A text; numbers and flags without quotes are let pass.
    Scalar,
    Flag,
    Schema,
    List(&'static Is),
    Map(&'static Is),
    Of(&'static Object),
    OrReference(&'static Object),
}

/// An object of OpenAPI.
pub(super) struct Object {
    /// With its article, for messages.
    pub(super) name: &'static str,
    pub(super) required: &'static [&'static str],
    pub(super) keys: &'static [(&'static str, Is)],
    /// What tables cannot say.
    pub(super) rule: Option<Rule>,
}

/// Says what is wrong with a node.
type Rule = fn(&Node, &mut dyn FnMut(&Node, String));

const fn plain(name: &'static str, required: &'static [&'static str], keys: &'static [(&'static str, Is)]) -> Object {
    Object { name, required, keys, rule: None }
}

use Is::{Any, Flag, List, Map, Of, OrReference, Scalar, Schema, Text};

pub(super) static OPENAPI: Object = plain(
    "the document",
    &["openapi", "info"],
    &[
        ("openapi", Scalar),
        ("$self", Text),
        ("info", Of(&INFO)),
        ("jsonSchemaDialect", Text),
        ("servers", List(&Of(&SERVER))),
        ("paths", Map(&OrReference(&PATH_ITEM))),
        ("webhooks", Map(&OrReference(&PATH_ITEM))),
        ("components", Of(&COMPONENTS)),
        ("security", List(&Map(&List(&Text)))),
        ("tags", List(&Of(&TAG))),
        ("externalDocs", Of(&DOCS)),
    ],
);

static INFO: Object = plain(
    "`info`",
    &["title", "version"],
    &[
        ("title", Scalar),
        ("summary", Text),
        ("description", Text),
        ("termsOfService", Text),
        ("contact", Any),
        ("license", Of(&LICENSE)),
        ("version", Scalar),
    ],
);

static LICENSE: Object = plain("a license", &["name"], &[("name", Text), ("identifier", Text), ("url", Text)]);

static TAG: Object = plain(
    "a tag",
    &["name"],
    &[
        ("name", Scalar),
        ("summary", Text),
        ("description", Text),
        ("externalDocs", Of(&DOCS)),
        ("parent", Text),
        ("kind", Text),
    ],
);

static DOCS: Object = plain("`externalDocs`", &["url"], &[("description", Text), ("url", Text)]);

static SERVER: Object = Object {
    rule: Some(|node, wrong| {
        let url = node.get("url").and_then(Node::as_str).unwrap_or("");
        let variables = node.get("variables");
        for name in url.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            if variables.and_then(|all| all.get(name)).is_none() {
                wrong(node, format!("the address `{url}` has `{{{name}}}`, which is not among its `variables`"));
            }
        }
    }),
    ..plain(
        "a server",
        &["url"],
        &[("url", Text), ("name", Text), ("description", Text), ("variables", Map(&Of(&VARIABLE)))],
    )
};

static VARIABLE: Object = Object {
    rule: Some(|node, wrong| {
        let Some(values) = node.get("enum").and_then(Node::as_array) else { return };
        if values.is_empty() {
            wrong(node, "the `enum` of a server variable is empty".to_owned());
        } else if let Some(default) = node.get("default").and_then(Node::as_str)
            && !values.iter().any(|value| value.as_str() == Some(default))
        {
            wrong(node, format!("the default `{default}` of a server variable is not in its `enum`"));
        }
    }),
    ..plain("a server variable", &["default"], &[("enum", List(&Scalar)), ("default", Scalar), ("description", Text)])
};

static COMPONENTS: Object = Object {
    rule: Some(component_names),
    ..plain(
        "`components`",
        &[],
        &[
            ("schemas", Map(&Schema)),
            ("responses", Map(&OrReference(&RESPONSE))),
            ("parameters", Map(&OrReference(&PARAMETER))),
            ("examples", Map(&OrReference(&EXAMPLE))),
            ("requestBodies", Map(&OrReference(&BODY))),
            ("headers", Map(&OrReference(&HEADER))),
            ("securitySchemes", Map(&OrReference(&SCHEME))),
            ("links", Map(&OrReference(&LINK))),
            ("callbacks", Map(&Any)),
            ("pathItems", Map(&OrReference(&PATH_ITEM))),
            ("mediaTypes", Map(&OrReference(&MEDIA))),
        ],
    )
};

static PATH_ITEM: Object = Object {
    rule: Some(|node, wrong| {
        distinct_parameters(node, wrong);
        for member in node.get("additionalOperations").and_then(Node::as_object).unwrap_or_default() {
            if Method::parse(&member.key.to_ascii_lowercase()).is_some() {
                wrong(&member.value, format!("`{}` has a key of its own and is no additional operation", member.key));
            }
        }
    }),
    ..plain(
        "a path item",
        &[],
        &[
            ("$ref", Text),
            ("summary", Text),
            ("description", Text),
            ("get", Of(&OPERATION)),
            ("put", Of(&OPERATION)),
            ("post", Of(&OPERATION)),
            ("delete", Of(&OPERATION)),
            ("options", Of(&OPERATION)),
            ("head", Of(&OPERATION)),
            ("patch", Of(&OPERATION)),
            ("trace", Of(&OPERATION)),
            ("query", Of(&OPERATION)),
            ("additionalOperations", Map(&Of(&OPERATION))),
            ("servers", List(&Of(&SERVER))),
            ("parameters", List(&OrReference(&PARAMETER))),
        ],
    )
};

static OPERATION: Object = Object {
    rule: Some(|node, wrong| {
        distinct_parameters(node, wrong);
        let responses = node.get("responses").and_then(Node::as_object);
        if responses.is_some_and(|members| members.iter().all(|member| member.key.starts_with("x-"))) {
            wrong(node, "the `responses` of an operation have no response".to_owned());
        }
    }),
    ..plain(
        "an operation",
        &[],
        &[
            ("tags", List(&Scalar)),
            ("summary", Text),
            ("description", Text),
            ("externalDocs", Of(&DOCS)),
            ("operationId", Text),
            ("parameters", List(&OrReference(&PARAMETER))),
            ("requestBody", OrReference(&BODY)),
            ("responses", Map(&OrReference(&RESPONSE))),
            ("callbacks", Map(&Any)),
            ("deprecated", Flag),
            ("security", List(&Map(&List(&Text)))),
            ("servers", List(&Of(&SERVER))),
        ],
    )
};

static PARAMETER: Object = Object {
    rule: Some(|node, wrong| {
        value_rule(node, "a parameter", wrong);
        let place = node.get("in").and_then(Node::as_str).unwrap_or("");
        if node.get("allowReserved").is_some() && matches!(place, "header" | "path" | "cookie") {
            wrong(node, format!("`allowReserved` is for parameters in `query`, not in `{place}`"));
        }
        if place == "path" && node.get("required").and_then(Node::as_bool) != Some(true) {
            wrong(node, "a parameter in `path` must have `required: true`".to_owned());
        }
        parameter_style(node, place, wrong);
        if !matches!(place, "" | "path" | "query" | "querystring" | "header" | "cookie") {
            wrong(node, format!("a parameter cannot be in `{place}`"));
        }
    }),
    ..plain(
        "a parameter",
        &["name", "in"],
        &[
            ("name", Text),
            ("in", Text),
            ("description", Text),
            ("required", Flag),
            ("deprecated", Flag),
            ("allowEmptyValue", Flag),
            ("style", Text),
            ("explode", Flag),
            ("allowReserved", Flag),
            ("schema", Schema),
            ("example", Any),
            ("examples", Map(&OrReference(&EXAMPLE))),
            ("content", Map(&OrReference(&MEDIA))),
        ],
    )
};

static HEADER: Object = Object {
    rule: Some(|node, wrong| {
        value_rule(node, "a header", wrong);
        if let Some(style) = node.get("style").and_then(Node::as_str).filter(|style| *style != "simple") {
            wrong(node, format!("a header has the style `simple`, not `{style}`"));
        }
    }),
    ..plain(
        "a header",
        &[],
        &[
            ("description", Text),
            ("required", Flag),
            ("deprecated", Flag),
            ("style", Text),
            ("explode", Flag),
            ("schema", Schema),
            ("example", Any),
            ("examples", Map(&OrReference(&EXAMPLE))),
            ("content", Map(&OrReference(&MEDIA))),
        ],
    )
};

static BODY: Object = Object {
    rule: Some(media_types),
    ..plain(
        "a request body",
        &["content"],
        &[("description", Text), ("content", Map(&OrReference(&MEDIA))), ("required", Flag)],
    )
};

static RESPONSE: Object = Object {
    rule: Some(|node, wrong| {
        media_types(node, wrong);
        let mut seen = std::collections::HashSet::new();
        for member in node.get("headers").and_then(Node::as_object).unwrap_or_default() {
            if !is_token(&member.key) {
                wrong(&member.value, format!("{:?} cannot be the name of a header", member.key));
            } else if !seen.insert(member.key.to_ascii_lowercase()) {
                let message = format!("the header `{}` stands twice: case does not matter in it", member.key);
                wrong(&member.value, message);
            }
        }
    }),
    ..plain(
        "a response",
        &[],
        &[
            ("summary", Text),
            ("description", Text),
            ("headers", Map(&OrReference(&HEADER))),
            ("content", Map(&OrReference(&MEDIA))),
            ("links", Map(&OrReference(&LINK))),
        ],
    )
};

static MEDIA: Object = Object {
    rule: Some(|node, wrong| {
        examples_rule(node, wrong);
        known_encodings(node, wrong);
    }),
    ..plain(
        "a media type",
        &[],
        &[
            ("schema", Schema),
            ("itemSchema", Schema),
            ("example", Any),
            ("examples", Map(&OrReference(&EXAMPLE))),
            ("encoding", Map(&Of(&ENCODING))),
            ("prefixEncoding", Any),
            ("itemEncoding", Any),
        ],
    )
};

static ENCODING: Object = plain(
    "an encoding",
    &[],
    &[
        ("contentType", Text),
        ("headers", Map(&OrReference(&HEADER))),
        ("style", Text),
        ("explode", Flag),
        ("allowReserved", Flag),
        ("encoding", Any),
        ("prefixEncoding", Any),
        ("itemEncoding", Any),
    ],
);

static EXAMPLE: Object = plain(
    "an example",
    &[],
    &[
        ("summary", Text),
        ("description", Text),
        ("value", Any),
        ("dataValue", Any),
        ("serializedValue", Text),
        ("externalValue", Text),
    ],
);

static LINK: Object = plain(
    "a link",
    &[],
    &[
        ("operationRef", Text),
        ("operationId", Text),
        ("parameters", Map(&Any)),
        ("requestBody", Any),
        ("description", Text),
        ("server", Of(&SERVER)),
    ],
);

static SCHEME: Object = Object {
    rule: Some(|node, wrong| {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or("");
        match text("type") {
            "apiKey" if node.get("name").is_some() && text("name").is_empty() => {
                wrong(node, "an API key needs a `name`".to_owned())
            }
            "oauth2" if node.get("flows").and_then(Node::as_object).is_none() => {
                wrong(node, "the `flows` of OAuth 2 must be an object".to_owned());
            }
            _ => {}
        }
    }),
    ..plain(
        "a security scheme",
        &["type"],
        &[
            ("type", Text),
            ("description", Text),
            ("name", Text),
            ("in", Text),
            ("scheme", Text),
            ("bearerFormat", Text),
            ("flows", Any),
            ("openIdConnectUrl", Text),
            ("oauth2MetadataUrl", Text),
            ("deprecated", Flag),
        ],
    )
};

/// The minor version of OpenAPI 3 that a key of an object came with, where it is not the first.
pub(super) fn later(key: &str, object: &str) -> Option<u8> {
    match (object, key) {
        ("the document", "webhooks" | "jsonSchemaDialect") | ("`components`", "pathItems") => Some(1),
        ("`info`", "summary") | ("a license", "identifier") => Some(1),
        ("the document", "$self") | ("`components`", "mediaTypes") => Some(2),
        ("a path item", "query" | "additionalOperations") | ("a tag", "summary" | "parent" | "kind") => Some(2),
        ("a media type", "itemSchema" | "prefixEncoding" | "itemEncoding") => Some(2),
        _ => None,
    }
}
