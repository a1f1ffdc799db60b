//! One generated program for many schemas.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bffgen::openapi::Specs;
use bffgen::schema::{Kind, SchemaId};
use bffgen::source::Sources;
use bffgen_tests::generated;

/// Documents in memory, and the schemas of theirs that are wanted.
#[derive(Debug, Default)]
pub struct Schemas {
    /// Texts by path.
    pub files: BTreeMap<String, String>,
    /// Path of a document, and the pointer of a schema there.
    pub wanted: Vec<(String, String)>,
}

/// A value to be judged.
#[derive(Clone, Debug)]
pub struct Run {
    /// By position in [`Schemas::wanted`].
    pub schema: usize,
    /// JSON text on one line.
    pub value: String,
    /// Whether `format` is checked.
    pub formats: bool,
}

/// A program with the rules of all schemas that have one.
#[derive(Debug)]
pub struct Built {
    /// Of each schema: its rule's number, or why there is none.
    rules: Vec<Result<usize, String>>,
    program: PathBuf,
}

impl bffgen::Loader for Schemas {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.files.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| format!("there is no {path}"))
    }
}

/// Reads all schemas, writes their rules, and builds them. The name is that of the program's folder.
pub fn build(name: &str, mut schemas: Schemas) -> Built {
    let (mut sources, mut specs) = (Sources::default(), Specs::default());
    let mut documents = BTreeMap::new();
    let mut roots: Vec<SchemaId> = Vec::new();
    let mut rules = Vec::new();
    for (path, pointer) in schemas.wanted.clone() {
        let opened = documents.entry(path.clone()).or_insert_with(|| {
            let (doc, found) = specs.open(&mut sources, &path, &mut schemas);
            doc.ok_or_else(|| format!("{path}: {:?}", found.first().map(|found| found.message.clone())))
        });
        let doc = match opened {
            Ok(doc) => *doc,
            Err(why) => {
                rules.push(Err(why.clone()));
                continue;
            }
        };
        rules.push(match specs.schema_at(doc, &pointer) {
            Err(error) => Err(error.why),
            Ok((id, _)) => unsupported(&specs, id).map_or_else(
                || {
                    roots.push(id);
                    Ok(roots.len() - 1)
                },
                Err,
            ),
        });
    }
    let text = bffgen::emit::rule_file(&specs.schemas, &roots).expect("rules are Rust");
    Built { rules, program: compile(name, &text) }
}

/// What is not checked of a schema and of all that it leads to.
fn unsupported(specs: &Specs, root: SchemaId) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let schema = specs.schemas.get(id);
        if let Some((what, _)) = schema.unsupported.first() {
            return Some(format!("{what} is not checked"));
        }
        let within = specs.schemas.clauses_of(id);
        if let Some((what, _)) = within.iter().find_map(|id| specs.schemas.clauses(*id).unsupported.first()) {
            return Some(format!("{what} is not checked"));
        }
        match &schema.kind {
            Kind::Unsupported { what, .. } => return Some(format!("{what} is refused")),
            Kind::Nullable(inner) => open.push(*inner),
            Kind::Array(rules) => open.extend(rules.prefix_items.iter().copied().chain([rules.items, rules.rest])),
            Kind::Object(rules) => {
                open.extend(rules.properties.iter().map(|property| property.schema));
                open.extend(rules.heirs.iter().flat_map(|heirs| heirs.members.iter().copied()));
                if let bffgen::schema::Additional::Schema(values) = rules.additional {
                    open.push(values);
                }
            }
            Kind::Union(rules) => open.extend(rules.members.iter().copied()),
            Kind::String(rules) => {
                if let Some(Err(why)) = rules.pattern.as_deref().map(bffgen::schema::pattern::parts) {
                    return Some(format!("`pattern` ({why}) is not checked"));
                }
            }
            _ => {}
        }
    }
    None
}

fn compile(name: &str, rules: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from).join("generated");
    let folder = target.join("json-schema").join(name);
    let runtime = root.join("runtime").to_string_lossy().replace('\\', "/");
    let package = format!(
        "[package]\nname = \"rules-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nbff-runtime = \
         {{ path = \"{runtime}\", default-features = false, features = [\"server\"] }}\n\n[workspace]\n"
    );
    generated::write(&folder, "Cargo.toml", &package);
    generated::write(&folder, "src/rules.rs", rules);
    generated::write(&folder, "src/main.rs", include_str!("main.rs.txt"));
    generated::build(&folder, &target, &format!("rules-{name}"))
}

impl Built {
    /// The number of a schema's rule, or why it has none.
    pub fn rule(&self, schema: usize) -> Result<usize, &str> {
        self.rules[schema].as_ref().copied().map_err(String::as_str)
    }

    /// Judges values, each of a schema that has a rule: nothing where it is valid, else what is wrong.
    pub fn run(&self, runs: &[Run]) -> Vec<Option<String>> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut input = child.stdin.take().expect("its input");
        let line = |run: &Run| {
            let rule = self.rules[run.schema].as_ref().expect("a rule");
            format!("{rule}\t{}\t{}\n", if run.formats { "formats" } else { "" }, run.value)
        };
        let lines: String = runs.iter().map(line).collect();
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).expect("it reads"));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("all is written");
        assert!(output.status.success(), "the program failed");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let verdicts: Vec<Option<String>> =
            text.lines().map(|line| (line != "valid").then(|| line.to_owned())).collect();
        assert_eq!(verdicts.len(), runs.len(), "a verdict for each value");
        verdicts
    }
}
