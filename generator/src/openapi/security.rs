//! Security schemes, and which of them an operation needs.

use super::body::{malformed, text};
use super::reference::follow;
use super::{At, Base, Files, In, Lookup, reference_error};
use crate::diag::{Diagnostic, Severity};
use crate::source::{Member, Node, Span};

/// One scheme that must be met, of an alternative of `security`.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Its name in `components/securitySchemes`.
    pub scheme: String,
    /// Scopes, or roles.
    pub scopes: Vec<String>,
}

/// A security scheme (OpenAPI 3.1, section 4.8.27).
#[derive(Clone, Debug)]
pub struct SecurityScheme {
    /// Its name in `components/securitySchemes`.
    pub name: String,
    /// What it is.
    pub kind: SchemeKind,
    /// Description.
    pub description: Option<String>,
    /// Where its name stands.
    pub span: Span,
}

/// What a security scheme is.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemeKind {
    /// A header, query parameter or cookie of this name.
    ApiKey {
        /// Never the path.
        location: In,
        /// Name on the wire.
        name: String,
    },
    /// `Authorization` with a scheme of the IANA registry.
    Http {
        /// `basic`, `bearer` ..., in lower case.
        scheme: String,
        /// A hint, such as `JWT`.
        bearer_format: Option<String>,
    },
    /// OAuth 2.
    OAuth2 {
        /// In the order of the document.
        flows: Vec<Flow>,
    },
    /// OpenID Connect.
    OpenIdConnect {
        /// Address of the discovery document.
        url: String,
    },
    /// A client certificate.
    MutualTls,
}

/// A flow of OAuth 2.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Which.
    pub kind: FlowKind,
    /// `authorizationUrl`.
    pub authorization_url: Option<String>,
    /// `tokenUrl`.
    pub token_url: Option<String>,
    /// `refreshUrl`.
    pub refresh_url: Option<String>,
    /// Names with descriptions.
    pub scopes: Vec<(String, String)>,
}

/// The flows of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FlowKind {
    Implicit,
    Password,
    ClientCredentials,
    AuthorizationCode,
}

/// An operation's requirements. Its own list, even an empty one, replaces the document's (OpenAPI 3.1,
/// section 4.8.10).
pub(super) fn requirements(operation: &Node, root: &Node) -> Vec<Vec<Requirement>> {
    let alternatives = operation.get("security").or_else(|| root.get("security"));
    let alternatives = alternatives.and_then(Node::as_array).unwrap_or_default();
    let scopes = |member: &Member| {
        let names = member.value.as_array().unwrap_or_default().iter();
        names.filter_map(Node::as_str).map(str::to_owned).collect()
    };
    let one = |member: &Member| Requirement { scheme: member.key.to_string(), scopes: scopes(member) };
    alternatives.iter().filter_map(Node::as_object).map(|schemes| schemes.iter().map(one).collect()).collect()
}

/// `components/securitySchemes` of a document. What cannot be read is left out with a lint: it matters only
/// where credentials are asked for.
pub(super) fn schemes(files: &Files, file: u32) -> (Vec<SecurityScheme>, Vec<Diagnostic>) {
    let (mut all, mut found) = (Vec::new(), Vec::new());
    let components = files.get(file).root.as_ref().and_then(|root| root.get("components"));
    let members = components.and_then(|c| c.get("securitySchemes")).and_then(Node::as_object).unwrap_or_default();
    for member in members {
        let mut lookup = Lookup { files, upstream: &mut |_| None };
        let node = match follow(&mut lookup, At { node: &member.value, base: Base::File(file) }) {
            Ok((at, _)) => at.node,
            Err(error) => {
                let reference = member.value.get("$ref").and_then(Node::as_str).unwrap_or("");
                let mut lint = reference_error(&error, "the security scheme", reference, member.value.span);
                lint.severity = Severity::Warning;
                found.push(lint);
                continue;
            }
        };
        match kind(node) {
            Ok(kind) => all.push(SecurityScheme {
                name: member.key.to_string(),
                kind,
                description: text(node, "description"),
                span: member.key_span,
            }),
            Err(lint) => found.push(*lint),
        }
    }
    (all, found)
}

fn kind(node: &Node) -> Result<SchemeKind, Box<Diagnostic>> {
    let wanted = |key: &str, what: &str| {
        let value = node.get(key);
        let missing = || Box::new(malformed(value.unwrap_or(node), what, "string", true));
        value.and_then(Node::as_str).map(str::to_owned).ok_or_else(missing)
    };
    Ok(match &*wanted("type", "the `type` of a security scheme")? {
        "apiKey" => {
            let location = match &*wanted("in", "`in` of an API key")? {
                "query" => In::Query,
                "header" => In::Header,
                "cookie" => In::Cookie,
                other => {
                    return Err(unknown(
                        node.get("in").unwrap_or(node),
                        other,
                        "place of an API key",
                        "`query`, `header` or `cookie`",
                    ));
                }
            };
            SchemeKind::ApiKey { location, name: wanted("name", "the `name` of an API key")? }
        }
        "http" => SchemeKind::Http {
            scheme: wanted("scheme", "the `scheme` of HTTP authentication")?.to_ascii_lowercase(),
            bearer_format: text(node, "bearerFormat"),
        },
        "oauth2" => SchemeKind::OAuth2 { flows: flows(node) },
        "openIdConnect" => {
            SchemeKind::OpenIdConnect { url: wanted("openIdConnectUrl", "the `openIdConnectUrl` of OpenID Connect")? }
        }
        "mutualTLS" => SchemeKind::MutualTls,
        other => {
            return Err(unknown(
                node.get("type").unwrap_or(node),
                other,
                "type of security scheme",
                "`apiKey`, `http`, `oauth2`, `openIdConnect` or `mutualTLS`",
            ));
        }
    })
}

fn unknown(node: &Node, value: &str, what: &str, known: &str) -> Box<Diagnostic> {
    let message = format!("there is no {what} `{value}`");
    Box::new(Diagnostic::warning("BFF0205", message, node.span).help(format!("It is left out. Write {known}.")))
}

fn flows(node: &Node) -> Vec<Flow> {
    let members = node.get("flows").and_then(Node::as_object).unwrap_or_default();
    let flow = |member: &Member| {
        let kind = match &*member.key {
            "implicit" => FlowKind::Implicit,
            "password" => FlowKind::Password,
            "clientCredentials" => FlowKind::ClientCredentials,
            "authorizationCode" => FlowKind::AuthorizationCode,
            _ => return None,
        };
        let scopes = member.value.get("scopes").and_then(Node::as_object).unwrap_or_default();
        let scope = |m: &Member| (m.key.to_string(), m.value.as_str().unwrap_or("").to_owned());
        Some(Flow {
            kind,
            authorization_url: text(&member.value, "authorizationUrl"),
            token_url: text(&member.value, "tokenUrl"),
            refresh_url: text(&member.value, "refreshUrl"),
            scopes: scopes.iter().map(scope).collect(),
        })
    };
    members.iter().filter_map(flow).collect()
}
