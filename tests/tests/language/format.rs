//! The schema of the format against the cases: what the compiler accepts is valid, what it refuses for its structure is not.

use std::fs;

use bffgen::composition::format;
use bffgen::source::{Sources, add_bytes, parse, to_json};
use bffgen_tests::project;
use jsonschema::Validator;
use serde_json::Value;

use crate::{check, pages};

/// Codes of what is wrong with the structure of a composition.
const STRUCTURE: &[&str] = &[
    "BFF0301", "BFF0302", "BFF0303", "BFF0304", "BFF0305", "BFF0306", "BFF0307", "BFF0308", "BFF0310", "BFF0313",
    "BFF0314", "BFF0315", "BFF0338",
];

fn validator(schema: Value) -> Validator {
    jsonschema::draft7::new(&schema).expect("a schema of draft-07")
}

/// YAML as a validator sees it; none where it cannot be read.
fn json(text: &str) -> Option<Value> {
    let mut sources = Sources::default();
    let id = add_bytes(&mut sources, "web.bff.yaml", text.as_bytes().to_vec()).ok()?;
    parse(&sources, id).0.map(|node| to_json(&node))
}

fn complaints(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error:.200}", error.instance_path())).collect()
}

#[test]
fn the_schema_refuses_what_the_compiler_refuses_for_its_structure() {
    let validator = validator(format::schema());
    let (mut wrong, mut flagged) = (Vec::new(), 0);
    for page in pages() {
        for (at, case) in page.cases.iter().enumerate() {
            let Some(value) = json(&check::composition(&page, &case.composition)) else { continue };
            let found = check::findings(&page, at);
            // A finding of another file begins with its name.
            let own: Vec<&String> =
                found.iter().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
            let structure = |line: &str| STRUCTURE.iter().any(|code| line.contains(&format!("[{code}]")));
            let refused = own.iter().find(|line| structure(line));
            let complaints = complaints(&validator, &value);
            let title = format!("{} ## {}", page.name, case.title);
            match refused {
                Some(line) if complaints.is_empty() => wrong.push(format!("{title}: the schema does not see {line}")),
                Some(_) => flagged += 1,
                None if own.iter().any(|line| line.contains("[BFF03")) => {}
                None if complaints.is_empty() => {}
                None => wrong.push(format!("{title}: only the schema complains: {complaints:#?}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(std::env::var_os("ONLY").is_some() || flagged > 15, "{flagged}");
}

#[test]
fn compositions_of_the_project_are_valid() {
    let (whole, included) = (validator(format::schema()), validator(format::included()));
    for (folder, least) in [("examples/shop", 3), ("examples/fitness", 3), ("tests/compositions", 3)] {
        let mut seen = 0;
        for entry in fs::read_dir(project(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.to_string_lossy().into_owned();
            let validator = match &name {
                name if name.ends_with(".bff.yaml") => &whole,
                name if name.ends_with("upstreams.yaml") => &included,
                _ => continue,
            };
            // The corpus stands where an environment variable says.
            let text = fs::read_to_string(&path).expect("a file").replace("${CORPUS}", "corpus");
            let value = json(&text).unwrap_or_else(|| panic!("{name} is no YAML"));
            assert_eq!(complaints(validator, &value), Vec::<String>::new(), "{name}");
            seen += 1;
        }
        assert!(seen >= least, "{folder}");
    }
}
