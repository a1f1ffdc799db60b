//! Test documents of other projects. Runs where `BFFGEN_CORPUS` names the folder of the corpus.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bffgen::diag::{Diagnostic, Severity};
use bffgen::openapi::{Specs, overlay};
use bffgen::source::{Node, Sources, parse, to_json};
use bffgen::{Loader, lint_document};

struct Disk;

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

/// Every document below a folder of the suites, by its path there; nothing where there is no corpus.
fn documents(folder: &str) -> Vec<(String, String)> {
    let Some(corpus) = std::env::var_os("BFFGEN_CORPUS").map(PathBuf::from) else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return Vec::new();
    };
    let top = corpus.join("suites").join(folder);
    let mut all = Vec::new();
    let mut open = vec![top.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the suite can be listed") {
            let path = entry.expect("the suite can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
                let short = path.strip_prefix(&top).unwrap_or(&path).to_string_lossy().into_owned();
                all.push((short, path.to_string_lossy().into_owned()));
            }
        }
    }
    all.sort();
    all
}

fn errors(found: &[Diagnostic]) -> Vec<String> {
    let errors = found.iter().filter(|one| one.severity == Severity::Error);
    errors.map(|one| format!("{} {}", one.code, one.message)).collect()
}

/// What is an error when every operation is read.
fn read(path: &str) -> Vec<String> {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let (doc, mut found) = specs.open(&mut sources, path, &mut Disk);
    if let Some(doc) = doc {
        for index in 0..specs.operations(doc).len() {
            found.extend(specs.operation(doc, index).1);
        }
    }
    errors(&found)
}

/// Whether judging the whole document finds an error, which then has a place.
fn refused(path: &str) -> bool {
    let (_, found) = lint_document(path, &mut Disk);
    for one in found.iter().filter(|one| one.severity == Severity::Error) {
        assert!(!one.labels.is_empty(), "{path}: {one:?}");
    }
    !errors(&found).is_empty()
}

/// Compares what came out with a list of exceptions, each with its reason; a stale entry fails, too.
fn only(exceptions: &[(&str, &str)], found: &BTreeSet<String>, what: &str) {
    let listed: BTreeSet<String> = exceptions.iter().map(|(name, _)| (*name).to_owned()).collect();
    let new: Vec<_> = found.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(found).collect();
    assert!(new.is_empty() && stale.is_empty(), "{what}: not listed {new:#?}, stale {stale:#?}");
}

#[test]
fn what_is_right_is_read() {
    let not_a_root = "a part of a document that others refer to";
    for (folder, exceptions) in [
        ("oai-schema-tests-3.0/_archive_/schemas/v3.0/pass", &[][..]),
        ("oai-schema-tests-3.1/tests/schema/pass", &[]),
        ("ogen-testdata/_testdata/positive", &[("file_reference_external/external.yml", not_a_root)]),
    ] {
        let all = documents(folder);
        let found: BTreeSet<String> =
            all.iter().filter(|(_, path)| !read(path).is_empty()).map(|(name, _)| name.clone()).collect();
        if !all.is_empty() {
            only(exceptions, &found, folder);
        }
    }
}

#[test]
fn what_is_wrong_is_refused() {
    for (folder, exceptions) in [
        ("oai-schema-tests-3.1/tests/schema/fail", &[][..]),
        ("ogen-testdata/_testdata/negative", OGEN_LIMITS),
        ("ogen-testdata/openapi/parser/_testdata/negative", LENIENT),
    ] {
        let all = documents(folder);
        let found: BTreeSet<String> =
            all.iter().filter(|(_, path)| !refused(path)).map(|(name, _)| name.clone()).collect();
        if !all.is_empty() {
            only(exceptions, &found, folder);
        }
    }
}

/// Odd, broken and split documents: nothing is promised but that each is answered.
#[test]
fn odd_documents_are_answered() {
    for (_, path) in documents("swagger-parser-resources") {
        let (sources, found) = lint_document(&path, &mut Disk);
        for label in found.iter().flat_map(|one| &one.labels) {
            let text = &sources.file(label.span.source).text;
            assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{path}");
        }
    }
}

#[test]
fn overlays_do_what_their_makers_say() {
    let tree = |path: &Path| -> Node {
        let mut sources = Sources::default();
        let id = sources.add("in", std::fs::read_to_string(path).expect("it is there"));
        parse(&sources, id).0.expect("it is valid")
    };
    for (name, path) in documents("oai-overlay/compliant-sets") {
        if !name.ends_with("/overlay.yaml") {
            continue;
        }
        let folder = Path::new(&path).parent().expect("it is in a folder");
        let mut document = tree(&folder.join("openapi.yaml"));
        let found = overlay::apply(&mut document, &tree(Path::new(&path)));
        assert!(errors(&found).is_empty(), "{name}: {found:?}");
        assert_eq!(to_json(&document), to_json(&tree(&folder.join("output.yaml"))), "{name}");
    }
}

/// Overlays of the specification's own tests: right ones are applied, wrong ones refused with a place.
#[test]
fn overlays_are_judged_as_their_specification_does() {
    for (folder, right) in [("v1.0/pass", true), ("v1.1/pass", true), ("v1.0/fail", false), ("v1.1/fail", false)] {
        for (name, path) in documents(&format!("oai-overlay/tests/{folder}")) {
            let mut sources = Sources::default();
            let mut add = |text: String| sources.add("in", text);
            let overlay = add(std::fs::read_to_string(path).expect("it is there"));
            let document = add("openapi: 3.1.0\ninfo: { title: A, version: 1.0.0 }\npaths: {}".to_owned());
            let mut document = parse(&sources, document).0.expect("it is valid");
            let found = overlay::apply(&mut document, &parse(&sources, overlay).0.expect("it is valid"));
            assert_eq!(errors(&found).is_empty(), right, "{folder}/{name}: {found:?}");
            assert!(found.iter().all(|one| !one.labels.is_empty() && !one.help.is_empty()), "{name}: {found:?}");
        }
    }
}

/// What ogen cannot generate, and we read.
const OGEN_LIMITS: &[(&str, &str)] = &[
    ("allOf/string_patterns.json", "not wrong: the second pattern is named as not checked"),
    ("convenient_errors/different_response.json", "ogen's own rules for shared error responses"),
    ("convenient_errors/no_default.json", "ogen's own rules for shared error responses"),
    ("convenient_errors/unsupported_ct.json", "ogen's own rules for shared error responses"),
    ("cyclic/allOf_property.yaml", "a circle through `allOf` adds nothing, and the rest is read"),
    ("field_naming/conflict_additional_props.yaml", "not wrong: generated fields get names that differ"),
    ("field_naming/conflict_pattern_props.yaml", "not wrong: generated fields get names that differ"),
    ("field_naming/extension_additional_props.yaml", "about an extension of ogen's own"),
    ("field_naming/extension_pattern_props.yaml", "about an extension of ogen's own"),
    ("field_naming/overriden_by_extension.yaml", "about an extension of ogen's own"),
    ("field_naming/type_extension.yml", "about an extension of ogen's own"),
    ("oneOf/same_json_type_one_of.json", "not wrong: the members are passed on whole"),
    ("router/two_parameter_in_a_row.json", "not wrong: ogen's router cannot tell the paths apart"),
];

/// What ogen's parser refuses, and we let pass, with the reason.
const LENIENT: &[(&str, &str)] = &[
    ("parameters/cookie/combination_schema_type.json", EXPLODED),
    ("parameters/cookie/combination_schema_type_anyOf.json", EXPLODED),
    ("parameters/cookie/combination_schema_type_oneOf.json", EXPLODED),
    ("parameters/query/combination_schema_type_anyOf.json", ONE_FITS),
    ("parameters/query/combination_schema_type_oneOf.json", ONE_FITS),
    ("parameters/x_invalid_param_name.json", "about an extension of ogen's own"),
    ("parameters/x_unexported_param_name.json", "about an extension of ogen's own"),
    ("securityScheme/invalid_oauth2_implicit_authorizationUrl.json", RELATIVE),
    ("securityScheme/invalid_oauth2_implicit_refreshUrl.json", RELATIVE),
    ("securityScheme/invalid_oauth2_password_tokenUrl.json", RELATIVE),
    ("securityScheme/invalid_openIdConnect_url.json", RELATIVE),
    (
        "securityScheme/unknown_http_scheme.json",
        "schemes outside of IANA's registry are advised against, not forbidden",
    ),
    ("servers/duplicate_enum_value.json", "not forbidden, and of no effect"),
    ("servers/empty_server_url.json", "an empty address is a relative one: that of the document"),
    ("servers/x_duplicate_server_name.json", "about an extension of ogen's own"),
    ("servers/x_empty_server_name.json", "about an extension of ogen's own"),
    ("servers/x_invalid_server_name.json", "about an extension of ogen's own"),
    ("servers/x_wrong_type_server_name.json", "about an extension of ogen's own"),
    ("version/swagger.json", "Swagger 2.0 is read"),
];

const EXPLODED: &str = "the tables of OpenAPI 3.0 have objects in cookies, exploded or not";
const ONE_FITS: &str =
    "one of the alternatives fits the style, as in documents of real services (`deepObject` of `anyOf`)";
const RELATIVE: &str = "`-` is a relative address, which OpenAPI allows, and real documents have";
