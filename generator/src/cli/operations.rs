//! `operations`: what a document offers, under the names that compositions use.

use bffgen::openapi::OperationHead;
use serde_json::{Value, json};

use super::args::Format;
use super::report::{Reporter, data, data_json, say};
use super::services::Documents;
use super::{End, find};

/// Lists the operations of a document.
pub fn operations(spec: &str, reporter: &Reporter) -> End {
    let mut documents = Documents::default();
    let opened = documents.open(&find::clean(spec));
    let heads = opened.map(|doc| documents.operations(doc)).unwrap_or_default();
    let end = documents.report(reporter);
    if opened.is_none() {
        if reporter.format == Format::Json {
            data_json(&json!({ "operations": [], "diagnostics": documents.findings_json() }));
        }
        return End::Findings;
    }
    match reporter.format {
        Format::Json => {
            let operations: Vec<Value> = heads.iter().map(as_json).collect();
            data_json(&json!({ "operations": operations, "diagnostics": documents.findings_json() }));
        }
        Format::Short => data(&heads.iter().map(short).collect::<String>()),
        Format::Human => {
            data(&table(&heads));
            if heads.iter().any(|head| head.derived_id) {
                say("* The document gives no operationId; the name is made of method and path.\n");
            }
        }
    }
    end
}

fn as_json(head: &OperationHead) -> Value {
    json!({
        "id": head.id,
        "derivedId": head.derived_id,
        "method": head.method.as_str(),
        "path": head.path,
        "summary": head.summary,
    })
}

fn short(head: &OperationHead) -> String {
    format!("{}\t{}\t{}\n", head.id, head.method.as_str(), head.path)
}

fn table(heads: &[OperationHead]) -> String {
    let id = |head: &OperationHead| format!("{}{}", head.id, if head.derived_id { " *" } else { "" });
    let width = |of: &dyn Fn(&OperationHead) -> usize, title: &str| heads.iter().map(of).fold(title.len(), usize::max);
    let ids = width(&|head| id(head).chars().count(), "OPERATION");
    let paths = width(&|head| head.path.chars().count(), "PATH");
    let row = |id: &str, method: &str, path: &str, summary: &str| {
        format!("{id:ids$}  {method:7}  {path:paths$}  {summary}").trim_end().to_owned() + "\n"
    };
    let rows = heads
        .iter()
        .map(|head| row(&id(head), head.method.as_str(), &head.path, head.summary.as_deref().unwrap_or_default()));
    row("OPERATION", "METHOD", "PATH", "SUMMARY") + &rows.collect::<String>()
}
