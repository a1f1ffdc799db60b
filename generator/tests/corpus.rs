//! Reads real documents in full. Runs where `BFFGEN_CORPUS` names the folder of the corpus.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use bffgen::Loader;
use bffgen::diag::{Diagnostic, Severity};
use bffgen::openapi::Specs;
use bffgen::schema::{Additional, Kind, Schemas};
use bffgen::source::Sources;

struct Disk;

impl Loader for Disk {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(path).map_err(|error| error.to_string())
    }
}

#[derive(Default)]
struct Score {
    read: usize,
    operations: usize,
    schemas: usize,
    unsupported: BTreeMap<String, usize>,
    codes: BTreeMap<(&'static str, bool), usize>,
    failed: Vec<String>,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("the corpus can be listed") {
            let path = entry.expect("the corpus can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "json" || e == "yaml" || e == "yml") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// Reads every operation of a document; it counts as read where nothing is an error.
fn read(score: &mut Score, path: &Path) {
    let started = Instant::now();
    let mut sources = Sources::default();
    let mut specs = Specs::default();
    let name = path.to_string_lossy().into_owned();
    let (doc, mut found) = specs.open(&mut sources, &name, &mut Disk);
    if let Some(doc) = doc {
        let ids: BTreeSet<String> = specs.operations(doc).iter().map(|head| head.id.clone()).collect();
        assert_eq!(ids.len(), specs.operations(doc).len(), "ids of {name} are unique");
        for i in 0..specs.operations(doc).len() {
            let head = specs.operations(doc)[i].clone();
            assert_eq!(specs.find(doc, &head.id), Some(i), "{name}: {}", head.id);
            let (operation, said) = specs.operation(doc, i);
            found.extend(said);
            assert_eq!(operation.head.id, head.id);
            score.operations += 1;
        }
        check(&specs.schemas, &name);
        score.schemas += specs.schemas.len();
        for id in 0..specs.schemas.len() as u32 {
            let schema = specs.schemas.get(bffgen::schema::SchemaId(id));
            if let Kind::Unsupported { what, .. } = &schema.kind {
                *score.unsupported.entry(shorten(what)).or_default() += 1;
            }
            for (what, _) in &schema.unsupported {
                *score.unsupported.entry(format!("beside: {}", shorten(what))).or_default() += 1;
            }
        }
    }
    for one in &found {
        *score.codes.entry((one.code, one.severity == Severity::Error)).or_default() += 1;
        for label in &one.labels {
            let text = &sources.file(label.span.source).text;
            assert!(text.get(label.span.start as usize..label.span.end as usize).is_some(), "{name}: {one:?}");
        }
    }
    let errors: Vec<&Diagnostic> = found.iter().filter(|d| d.severity == Severity::Error).collect();
    match errors.first() {
        None if doc.is_some() => score.read += 1,
        first => {
            let text = first.map_or("no document".to_owned(), |d| format!("{} {}", d.code, d.message));
            score.failed.push(format!("{name}: {} errors, first: {text}", errors.len()));
        }
    }
    let took = started.elapsed();
    if took.as_millis() > 1000 {
        println!("{name}: {} ms, {} schemas", took.as_millis(), specs.schemas.len());
    }
}

fn shorten(what: &str) -> String {
    what.split(" `").next().unwrap_or(what).to_owned()
}

/// What the model promises of every schema.
fn check(schemas: &Schemas, name: &str) {
    for id in 0..schemas.len() as u32 {
        let schema = schemas.get(bffgen::schema::SchemaId(id));
        let inside = |id: bffgen::schema::SchemaId| assert!((id.0 as usize) < schemas.len(), "{name}: {schema:?}");
        match &schema.kind {
            Kind::Nullable(inner) => {
                let inner = schemas.get(*inner);
                assert!(!matches!(inner.kind, Kind::Nullable(_) | Kind::Null), "{name}: {schema:?} of {inner:?}");
            }
            Kind::Union(union) => {
                assert!(union.members.len() > 1, "{name}: {schema:?}");
                for member in &union.members {
                    let member = schemas.get(*member);
                    assert!(!matches!(member.kind, Kind::Nullable(_) | Kind::Null), "{name}: {schema:?} of {member:?}");
                }
                if let Some(discriminator) = &union.discriminator {
                    assert!(
                        discriminator.mapping.iter().all(|(_, at)| *at < union.members.len()),
                        "{name}: {schema:?}"
                    );
                }
            }
            Kind::Array(array) => inside(array.items),
            Kind::Object(object) => {
                object.properties.iter().for_each(|p| inside(p.schema));
                if let Additional::Schema(id) = object.additional {
                    inside(id);
                }
            }
            _ => {}
        }
        if let Some(allowed) = &schema.allowed {
            assert!(!allowed.is_empty() && allowed.iter().all(|v| !v.is_null()), "{name}: {schema:?}");
        }
    }
}

fn score(folder: &Path) -> Score {
    let mut score = Score::default();
    let files = files(folder);
    for path in &files {
        read(&mut score, path);
    }
    println!("{}: {} files, {} read", folder.display(), files.len(), score.read);
    println!("  operations {}, schemas {}", score.operations, score.schemas);
    for ((code, error), count) in &score.codes {
        println!("  {code} {}: {count}", if *error { "error" } else { "warning" });
    }
    for (what, count) in &score.unsupported {
        println!("  unsupported {what}: {count}");
    }
    for failed in &score.failed {
        println!("  failed {failed}");
    }
    score
}

#[test]
fn real_documents_are_read_in_full() {
    let Some(corpus) = std::env::var_os("BFFGEN_CORPUS").map(PathBuf::from) else {
        println!("skipped: BFFGEN_CORPUS is not set");
        return;
    };
    let counts = [("openapi/3.0", 160, 14479), ("openapi/3.1", 41, 1324), ("swagger2", 7, 212)];
    for (folder, documents, operations) in counts {
        let score = score(&corpus.join(folder));
        assert_eq!((score.read, score.failed, score.operations), (documents, Vec::new(), operations), "{folder}");
    }
    let list = std::fs::read_to_string(corpus.join("multifile/index.tsv")).expect("the corpus has a list");
    let mut split = Score::default();
    let mut roots = 0;
    for line in list.lines().skip(1) {
        let mut columns = line.split('\t');
        let (Some(set), Some(files)) = (columns.next(), columns.next()) else { continue };
        for root in files.split(' ') {
            roots += 1;
            read(&mut split, &corpus.join("multifile").join(set).join(root));
        }
    }
    // YAML 1.2 wants the lines of a quoted text indented (section 7.3.2), and `TS29502` has some that are not
    assert_eq!((split.failed.len(), split.read), (1, roots - 1), "{:?}", split.failed);
    assert!(split.failed[0].contains("TS29502"), "{:?}", split.failed);
    assert_eq!(split.operations, 62, "operations of split documents");
}
