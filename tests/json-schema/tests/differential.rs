//! Rules of real documents' component schemas against the `jsonschema` crate: values that are valid, values with one
//! thing broken, and the examples that the documents publish. `BFFGEN_ALL=1` takes all documents and schemas,
//! `BFFGEN_ALL=3/16` the fourth of sixteen parts, else a fixed sample. A difference stands in `differences.tsv` with the judgement by the specification's text.

#[path = "differential/documents.rs"]
mod documents;
#[path = "differential/values.rs"]
mod values;
// The maker of instances that the round trips of generated clients use.
#[path = "../../corpus/src/sample.rs"]
mod sample;

use std::collections::BTreeMap;

use bffgen_json_schema::{Built, Run, Schemas, build};
use documents::{Document, Shown, documents};

/// Programs are of so many schemas.
const SCHEMAS: usize = 600;

/// The values of so many schemas are judged at a time: those of large documents do not fit into memory together.
const AT_ONCE: usize = 20;

/// Instances that are made of one schema before one thing each is broken.
const SEEDS: u64 = 4;

/// Values of one schema, at most.
const VALUES: usize = 120;

/// So much of a value is shown, in characters.
const SHOWN: usize = 400;

/// A verdict that differs.
struct Difference {
    schema: String,
    ours: Option<String>,
    theirs: Option<String>,
    value: String,
}

#[test]
fn verdicts_are_equal() {
    let Some(documents) = documents() else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return;
    };
    let wanted: Vec<(&Document, &Shown)> =
        documents.iter().flat_map(|document| document.schemas.iter().map(move |shown| (document, shown))).collect();
    let (mut judged, mut valid, mut without) = (0, 0, 0);
    let mut differences: Vec<Difference> = Vec::new();
    for (at, part) in wanted.chunks(SCHEMAS).enumerate() {
        let built = built(at, part);
        let mut numbered = part.iter().enumerate().peekable();
        while numbered.peek().is_some() {
            let mut runs = Vec::new();
            let mut verdicts = Vec::new();
            for (schema, (document, shown)) in numbered.by_ref().take(AT_ONCE) {
                let (Ok(_), Some(oracle)) = (built.rule(schema), document.oracle(&shown.pointer)) else {
                    without += 1;
                    continue;
                };
                for value in values::values(document, shown, SEEDS, VALUES) {
                    // What it says holds the value.
                    let error = oracle.iter_errors(&value).next();
                    verdicts.push(error.map(|error| error.to_string().chars().take(SHOWN).collect::<String>()));
                    runs.push(Run { schema, value: value.to_string(), formats: false });
                }
            }
            for ((run, theirs), ours) in runs.iter().zip(verdicts).zip(built.run(&runs)) {
                judged += 1;
                valid += usize::from(theirs.is_none());
                if ours.is_some() != theirs.is_some() {
                    let (document, shown) = part[run.schema];
                    let schema = format!("{}#{}", document.path, shown.pointer);
                    let value = run.value.chars().take(SHOWN).collect();
                    differences.push(Difference { schema, ours, theirs, value });
                }
            }
        }
    }
    println!("{} schemas of {} documents, {without} without a rule or an oracle", wanted.len(), documents.len());
    println!("{judged} values, {valid} of them valid, {} verdicts differ", differences.len());
    report(&differences, &wanted);
}

fn built(at: usize, part: &[(&Document, &Shown)]) -> Built {
    let mut schemas = Schemas::default();
    for (document, shown) in part {
        schemas.files.entry(document.path.clone()).or_insert_with(|| document.text.clone());
        schemas.wanted.push((document.path.clone(), shown.pointer.clone()));
    }
    build(&format!("differential-{at}"), schemas)
}

/// `document#schema` or `document`, and the judgement.
fn listed() -> BTreeMap<String, String> {
    bffgen_tests::listed(concat!(env!("CARGO_MANIFEST_DIR"), "/differences.tsv"))
}

fn report(differences: &[Difference], wanted: &[(&Document, &Shown)]) {
    let listed = listed();
    let mut needed: BTreeMap<&str, bool> = listed.keys().map(|id| (id.as_str(), false)).collect();
    let mut wrong: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in differences {
        let document = difference.schema.split('#').next().unwrap_or_default();
        match [difference.schema.as_str(), document].into_iter().find_map(|id| listed.get_key_value(id)) {
            Some((id, _)) => *needed.entry(id).or_default() = true,
            None => wrong.entry(&difference.schema).or_default().push(difference),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for (schema, all) in &wrong {
        let Difference { ours, theirs, value, .. } = all[0];
        lines.push(format!("{schema}\t{} values; ours {ours:?}, theirs {theirs:?}: {value}", all.len()));
    }
    // What was not looked at needs no entry to be needed.
    let looked = |id: &str| {
        wanted.iter().any(|(document, shown)| {
            id.split_once('#').map_or(document.path == id, |(path, of)| document.path == path && shown.pointer == of)
        })
    };
    let stale = needed.iter().filter(|(id, needed)| !**needed && looked(id));
    lines.extend(stale.map(|(id, _)| format!("{id}\tis listed for nothing")));
    assert!(lines.is_empty(), "{} schemas:\n{}", lines.len(), lines.join("\n"));
}
