//! How time grows with the size of what is compiled: each kind of large input at n, 2n and 4n. Work that grows
//! with the square takes four times as long at each step; a ratio of 2 is linear.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const ROUNDS: usize = 3;

/// Name, the smallest n, the arguments of `bffgen`, and what writes the composition and the document.
type Case = (&'static str, usize, &'static [&'static str], fn(usize) -> (String, String));

const GENERATE: &[&str] = &["generate", "web.bff.yaml", "--out", "web-bff", "--runtime-version", "0.1.0"];
const CHECK: &[&str] = &["check", "web.bff.yaml"];
const LINT: &[&str] = &["check", "--spec", "spec.yaml"];
const CLIENT: &[&str] = &["client", "spec.yaml", "--out", "client", "--runtime-version", "0.1.0"];

const CASES: &[Case] = &[
    ("endpoints", 2250, GENERATE, |n| composition(1, &each(n, |i| format!("  GET /e{i}: s0.getA\n")))),
    ("upstreams", 1000, CHECK, |n| composition(n, &each(n, |i| format!("  GET /e{i}: s{i}.getA\n")))),
    ("shapes", 1250, GENERATE, |n| {
        let shapes = each(n, |i| format!("  'S{i}(a: s0#/components/schemas/A0)': {{ x: a.?a }}\n"));
        let (endpoints, spec) = composition(
            1,
            &each(n, |i| format!("  GET /e{i}: {{ calls: {{ a: s0.getA }}, response: {{ $use: S{i}(a) }} }}\n")),
        );
        (format!("{endpoints}shapes:\n{shapes}"), spec)
    }),
    ("nullable references", 1250, LINT, |n| {
        chain(n, |i| format!("{{ anyOf: [ {{ $ref: '#/components/schemas/A{i}' }}, {{ type: 'null' }} ] }}"))
    }),
    ("references", 3000, LINT, |n| chain(n, |i| format!("{{ $ref: '#/components/schemas/A{i}' }}"))),
    ("schemas in a chain", 3000, CLIENT, |n| {
        chain(n, |i| format!("{{ type: object, properties: {{ x: {{ $ref: '#/components/schemas/A{i}' }} }} }}"))
    }),
    ("allOf in a chain", 1000, LINT, |n| {
        chain(n, |i| {
            let own = format!("{{ type: object, properties: {{ p{i}: {{ type: string }} }} }}");
            format!("{{ allOf: [ {{ $ref: '#/components/schemas/A{i}' }}, {own} ] }}")
        })
    }),
    ("heirs of one base", 500, LINT, |n| {
        let heirs = each(n, |i| format!("        - {{ $ref: '#/components/schemas/H{i}' }}\n"));
        let all = each(n, |i| {
            format!(
                "    H{i}: {{ allOf: [ {{ $ref: '#/components/schemas/A0' }}, {{ type: object, required: [k{i}], properties: {{ k{i}: {{ type: string }} }} }} ] }}\n"
            )
        });
        document(&format!("    A0:\n      oneOf:\n{heirs}{all}"))
    }),
    ("values with one name", 12_000, CLIENT, |n| {
        let values = each(n, |i| format!("'{}{}a', ", "-".repeat(i % 250), "+".repeat(i / 250)));
        document(&format!("    A0: {{ type: object, properties: {{ a: {{ type: string, enum: [{values}] }} }} }}\n"))
    }),
    ("references to nothing", 1250, LINT, |n| {
        let fields = each(n, |i| format!("p{i}: {{ $ref: '#/components/schemas/Something{i}' }}, "));
        let others = each(n, |i| format!("    Somewhat{i}: {{ type: string }}\n"));
        document(&format!("    A0: {{ type: object, properties: {{ {fields} }} }}\n{others}"))
    }),
    ("keys that stand twice", 12_000, LINT, |n| {
        document(&format!("    A0: {{ type: object }}\nx-a:\n{}", "  a: 1\n".repeat(n)))
    }),
    ("fields that are read", 1250, CHECK, |n| {
        let fields = each(n, |i| format!("p{i}: {{ type: string }}, "));
        let (_, spec) = document(&format!("    A0: {{ type: object, properties: {{ {fields} }} }}\n"));
        let read = each(n, |i| format!("      f{i}: a.?p{i}\n"));
        let endpoint = format!("  GET /e:\n    calls: {{ a: s0.getA }}\n    response:\n{read}");
        (composition(1, &endpoint).0, spec)
    }),
];

fn each(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect()
}

/// So many upstreams of one document, and the endpoints.
fn composition(upstreams: usize, endpoints: &str) -> (String, String) {
    let upstreams = each(upstreams, |i| format!("  s{i}: {{ spec: spec.yaml }}\n"));
    let (_, spec) = document("    A0: { type: object, properties: { a: { type: string } } }\n");
    (format!("bffgen: 1\nbff: web\nupstreams:\n{upstreams}endpoints:\n{endpoints}"), spec)
}

/// A0 to An, each made with the number of the next.
fn chain(n: usize, one: impl Fn(usize) -> String) -> (String, String) {
    let mut schemas = each(n, |i| format!("    A{i}: {}\n", one(i + 1)));
    let _ = writeln!(schemas, "    A{n}: {{ type: object, properties: {{ a: {{ type: string }} }} }}");
    document(&schemas)
}

/// An operation that answers with A0.
fn document(schemas: &str) -> (String, String) {
    let content = "{ application/json: { schema: { $ref: '#/components/schemas/A0' } } }";
    let operation = format!("operationId: getA, responses: {{ '200': {{ description: ok, content: {content} }} }}");
    let head = "openapi: 3.1.0\ninfo: { title: T, version: 1.0.0 }\n";
    let spec = format!("{head}paths: {{ /a: {{ get: {{ {operation} }} }} }}\ncomponents:\n  schemas:\n{schemas}");
    (String::new(), spec)
}

fn main() -> Result<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo).args(["build", "--release", "-p", "bffgen"]).current_dir(&workspace).status()?;
    if !built.success() {
        return Err("bffgen does not build".into());
    }
    println!("{:<24} {:>7} {:>8} {:>8} {:>8}  ratios", "", "n", "n", "2n", "4n");
    for (name, n, arguments, make) in CASES {
        let mut times = Vec::new();
        for n in [*n, 2 * n, 4 * n] {
            times.push(measure(&target.join("release/bffgen"), arguments, make(n))?);
        }
        let ms: Vec<String> = times.iter().map(|time| format!("{:>5} ms", time.as_millis())).collect();
        let ratio = |at: usize| times[at].as_secs_f64() / times[at - 1].as_secs_f64();
        println!("{name:<24} {n:>7} {}  {:.1} {:.1}", ms.join(" "), ratio(1), ratio(2));
    }
    Ok(())
}

/// The median of some runs, each in a new folder. Findings are no failure: some inputs are meant to have them.
fn measure(program: &Path, arguments: &[&str], (composition, spec): (String, String)) -> Result<Duration> {
    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let folder = std::env::temp_dir().join(format!("bffgen-scale-{}-{round}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("web.bff.yaml"), &composition)?;
        fs::write(folder.join("spec.yaml"), &spec)?;
        let started = Instant::now();
        let output = Command::new(program).args(arguments).current_dir(&folder).stdin(Stdio::null()).output()?;
        times.push(started.elapsed());
        fs::remove_dir_all(&folder)?;
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Err(format!("{arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
    }
    times.sort();
    Ok(times[ROUNDS / 2])
}
