//! Types written in the composition: references into a document, or schemas in place.

use std::collections::HashMap;

use super::scope::Env;
use crate::diag::Diagnostic;
use crate::openapi::DocId;
use crate::schema::SchemaId;
use crate::source::Node;

/// Upstream names with their documents. Looked up only, never walked.
pub type TypeNames = HashMap<String, DocId>;

/// The schema that a node of the composition means: `users#/components/schemas/User` as text or
/// under `$ref`, or OpenAPI schema syntax.
pub fn schema_of(env: &mut Env, names: &TypeNames, node: &Node, name: &str) -> Option<SchemaId> {
    let only_ref = node.as_object().filter(|members| members.len() == 1).and_then(|_| node.get("$ref"));
    if let Some(reference) = only_ref.unwrap_or(node).as_str() {
        let at = only_ref.unwrap_or(node).span;
        let Some((upstream, pointer)) = reference.split_once('#') else {
            env.diags.push(
                Diagnostic::error("BFF0421", format!("`{reference}` is not a reference to a schema"), at)
                    .help("write `upstream#/components/schemas/Name`"),
            );
            return None;
        };
        let Some(&doc) = names.get(upstream) else {
            env.diags.push(
                Diagnostic::error("BFF0401", format!("there is no upstream `{upstream}`"), at)
                    .help("a reference begins with the name of an upstream: `users#/components/schemas/User`"),
            );
            return None;
        };
        return match env.specs.schema_at(doc, pointer) {
            Ok((schema, findings)) => {
                env.diags.extend(findings);
                Some(schema)
            }
            Err(missing) => {
                let mut diag = Diagnostic::error("BFF0421", format!("this refers to nothing: {}", missing.why), at);
                if let Some(meant) = missing.meant {
                    let meant = format!("{upstream}#{meant}");
                    let near = crate::diag::suggest::Near { name: &meant, clear: false };
                    diag = diag.meant(near, at);
                }
                env.diags.push(diag);
                None
            }
        };
    }
    let (schema, mut findings) = env.specs.inline_schema(node, name, &mut |upstream| names.get(upstream).copied());
    // In a document, others may read what bffgen does not; what the composition says is for bffgen alone.
    for finding in findings.iter_mut().filter(|finding| finding.code == "BFF0205") {
        finding.severity = crate::diag::Severity::Error;
    }
    let failed = findings.iter().any(|d| d.severity == crate::diag::Severity::Error);
    env.diags.extend(findings);
    if failed {
        return None;
    }
    super::inline::judge(env, node, schema);
    Some(schema)
}
