//! One generated crate for many expressions, and the program that runs them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bffgen::source::SourceId;
use bffgen_tests::generated;
use serde_json::{Value, json};

/// An expression, and the variables that it reads.
#[derive(Clone, Debug)]
pub struct Case {
    /// The expression.
    pub text: String,
    /// Variables by name, with their schemas.
    pub variables: Vec<(String, Value)>,
}

/// Why an expression was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code of the first finding.
    pub code: String,
    /// What it says.
    pub message: String,
}

/// What an expression gave for some values.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Its value; none where it is absent.
    Value(Option<Value>),
    /// The code of the error.
    Failed(String),
}

/// A program of all expressions that were accepted.
#[derive(Debug)]
pub struct Built {
    /// Of each case: whether it is in the program.
    pub refusals: Vec<Option<Refusal>>,
    program: PathBuf,
}

/// Documents and compositions in memory.
struct Files(BTreeMap<String, String>);

impl bffgen::Loader for Files {
    fn load(&mut self, path: &str) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| format!("there is no {path}"))
    }
}

/// Cases with the same variables share a type.
fn types(cases: &[Case]) -> (Vec<Vec<(String, Value)>>, Vec<usize>) {
    let mut all: Vec<Vec<(String, Value)>> = Vec::new();
    let of_case = cases.iter().map(|case| {
        all.iter().position(|known| *known == case.variables).unwrap_or_else(|| {
            all.push(case.variables.clone());
            all.len() - 1
        })
    });
    let of_case = of_case.collect();
    (all, of_case)
}

/// Variables with the objects among their schemas by reference: from the document, or from the composition.
fn by_reference(variables: &[(String, Value)], objects: &[Value], from: &str) -> Vec<(String, Value)> {
    let named = |(name, schema): &(String, Value)| {
        let schema = match objects.iter().position(|known| known == schema) {
            Some(at) => json!({ "$ref": format!("{from}#/components/schemas/T{at}") }),
            None => schema.clone(),
        };
        (name.clone(), schema)
    };
    variables.iter().map(named).collect()
}

fn document(types: &[Vec<(String, Value)>], objects: &[Value]) -> String {
    let schema = |variables: &[(String, Value)]| {
        let required: Vec<&String> = variables.iter().map(|variable| &variable.0).collect();
        let properties: serde_json::Map<String, Value> = variables.iter().cloned().collect();
        json!({ "type": "object", "required": required, "properties": properties })
    };
    let mut schemas: serde_json::Map<String, Value> = types
        .iter()
        .enumerate()
        .map(|(at, variables)| (format!("V{at}"), schema(&by_reference(variables, objects, ""))))
        .collect();
    schemas.extend(objects.iter().enumerate().map(|(at, object)| (format!("T{at}"), object.clone())));
    let all = types
        .iter()
        .enumerate()
        .map(|(at, _)| (format!("v{at}"), json!({ "$ref": format!("#/components/schemas/V{at}") })));
    schemas.insert("All".into(), schema(&all.collect::<Vec<_>>()));
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Values", "version": "1" },
        "paths": { "/x": { "get": { "operationId": "x", "responses": { "204": { "description": "Nothing." } } } } },
        "components": { "schemas": schemas },
    })
    .to_string()
}

/// The composition of the cases that are still in, and the case on each of its lines.
fn composition(
    name: &str,
    cases: &[Case],
    objects: &[Value],
    of_case: &[usize],
    refusals: &[Option<Refusal>],
) -> (String, Vec<Option<usize>>) {
    let mut text = format!(
        "bffgen: 1\nbff: cel-{name}\nupstreams:\n  up: {{ spec: up.json, url: 'http://127.0.0.1:1' }}\nshapes:\n"
    );
    let mut lines: Vec<Option<usize>> = vec![None; 5];
    let mut response = String::new();
    for (at, case) in cases.iter().enumerate().filter(|(at, _)| refusals[*at].is_none()) {
        let params: serde_json::Map<String, Value> = by_reference(&case.variables, objects, "up").into_iter().collect();
        let names: Vec<String> = case.variables.iter().map(|variable| format!("v.{}", variable.0)).collect();
        let head = if params.is_empty() {
            format!("  'C{at}()': {{ r: {} }}\n", quoted(&case.text))
        } else {
            format!(
                "  C{at}: {{ params: {}, shape: {{ r: {} }} }}\n",
                Value::Object(params.clone()),
                quoted(&case.text)
            )
        };
        text += &head;
        let value = quoted(&format!("C{at}({})", names.join(", ")));
        let (param, arg) = match params.is_empty() {
            true => (String::new(), String::new()),
            false => (format!("v: up#/components/schemas/V{}", of_case[at]), format!("body.v{}", of_case[at])),
        };
        text += &format!("  'R{at}({param})': {{ a: {{ $use: {value} }} }}\n");
        lines.extend([Some(at), Some(at)]);
        response += &format!("      r{at}: {{ $use: R{at}({arg}) }}\n");
    }
    text += "endpoints:\n  POST /run:\n    inputs: { body: { $ref: 'up#/components/schemas/All' } }\n    response:\n";
    text += &response;
    (text, lines)
}

/// A text for YAML: JSON's quotes.
fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// Compiles all cases to one crate, without those that are refused, and builds it. The name is that of its folder.
pub fn build(name: &str, cases: &[Case]) -> Built {
    let (types, of_case) = types(cases);
    let mut objects: Vec<Value> = Vec::new();
    for (_, schema) in types.iter().flatten() {
        if schema.get("properties").is_some() && !objects.contains(schema) {
            objects.push(schema.clone());
        }
    }
    let mut refusals: Vec<Option<Refusal>> = vec![None; cases.len()];
    let mut files = Files(BTreeMap::from([("up.json".to_owned(), document(&types, &objects))]));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let runtime = root.join("runtime").to_string_lossy().replace('\\', "/");
    let options = bffgen::Options { runtime: Some(bffgen::RuntimeChoice::Path(runtime)), ..bffgen::Options::default() };
    let output = loop {
        let (text, lines) = composition(name, cases, &objects, &of_case, &refusals);
        files.0.insert("cel.bff.yaml".into(), text.clone());
        let compiled = bffgen::compile("cel.bff.yaml", &mut files, &options);
        if let Some(output) = compiled.output {
            break output;
        }
        let before = refusals.iter().flatten().count();
        for found in compiled.diagnostics.iter().filter(|found| found.severity == bffgen::diag::Severity::Error) {
            let place = found.labels.iter().find(|label| label.span.source == SourceId(0));
            let line = place.map(|label| text[..label.span.start as usize].matches('\n').count());
            let case = line.and_then(|line| lines.get(line).copied().flatten());
            let Some(case) = case else { panic!("{} {} is of no case", found.code, found.message) };
            refusals[case]
                .get_or_insert_with(|| Refusal { code: found.code.to_string(), message: found.message.clone() });
        }
        let refused = refusals.iter().flatten().count();
        assert!(refused > before && refused < cases.len(), "there is no crate: {:?}", compiled.diagnostics.first());
    };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(root.join("target"), PathBuf::from).join("generated");
    let folder = target.join("cel").join(name);
    // Programs of two crates must not have one name: they share the folder of what is built.
    let bin = format!("cases_{name}");
    for file in &output.files {
        generated::write(&folder, &file.path, &file.text);
    }
    generated::write(&folder, &format!("src/bin/{bin}.rs"), &main(name, cases, &of_case, &refusals));
    let built = generated::build(&folder, &target, &bin);
    // The next crate of the same name would overwrite it.
    let program = folder.join(built.file_name().expect("a name"));
    std::fs::copy(built, &program).expect("the program");
    Built { refusals, program }
}

fn main(name: &str, cases: &[Case], of_case: &[usize], refusals: &[Option<Refusal>]) -> String {
    let accepted: Vec<usize> = (0..of_case.len()).filter(|at| refusals[*at].is_none()).collect();
    let mut text = include_str!("main.rs.txt").replace("cel_bff", &format!("cel_{name}_bff"));
    text += "\nfn run(case: usize, values: &str) -> String {\n    match case {\n";
    for at in &accepted {
        text += &format!("        {at} => case_{at}(values),\n");
    }
    text += "        _ => \"no such case\".to_owned(),\n    }\n}\n";
    for at in &accepted {
        let work = match cases[*at].variables.is_empty() {
            true => format!("answer(|json| shapes::r{at}(json.object()).outcome())"),
            false => {
                let ty = of_case[*at];
                format!("answer_for::<inputs::V{ty}>(values, |json, v| shapes::r{at}(json.object(), v).outcome())")
            }
        };
        text += &format!("\nfn case_{at}(values: &str) -> String {{\n    let _ = values;\n    {work}\n}}\n");
    }
    text
}

impl Built {
    /// Runs cases with values: an answer for each, in order.
    pub fn run(&self, runs: &[(usize, Value)]) -> Vec<Answer> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut input = child.stdin.take().expect("its input");
        let lines: String = runs.iter().map(|(case, values)| format!("{case}\t{values}\n")).collect();
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).expect("it reads"));
        let output = child.wait_with_output().expect("it ends");
        writer.join().expect("all is written");
        assert!(output.status.success(), "the program failed");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let answers: Vec<Answer> = text.lines().map(read).collect();
        assert_eq!(answers.len(), runs.len(), "an answer for each case");
        answers
    }
}

fn read(line: &str) -> Answer {
    match line.split_once(' ') {
        Some(("ok", json)) => {
            let value: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
            Answer::Value(value["a"].get("r").cloned())
        }
        Some(("failed", code)) => Answer::Failed(code.to_owned()),
        _ => panic!("the program says: {line}"),
    }
}
