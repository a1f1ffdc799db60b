//! The commands and flags.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Compiles OpenAPI documents and a composition into a Backend for Frontend in Rust.
#[derive(Debug, Parser)]
#[command(name = "bffgen", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// How findings and data are shown.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// When to use colour; `auto` also honours NO_COLOR.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With a listing of the source.
    Human,
    /// One line a finding.
    Short,
    /// For programs.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check compositions, or whole documents; writes nothing.
    Check(Check),
    /// Generate a crate for each composition.
    Generate(Generate),
    /// Generate a typed client crate of an OpenAPI document.
    Client(ClientArgs),
    /// List the operations of an OpenAPI document.
    Operations {
        /// OpenAPI document, JSON or YAML.
        spec: String,
    },
    /// Serve stand-ins for services, from their documents.
    Mock(Mock),
    /// Generate, serve stand-ins, build and run; again on every change.
    Dev(Dev),
    /// Print the JSON Schema of compositions, for editors.
    Schema {
        /// That of a file that compositions include.
        #[arg(long)]
        included: bool,
    },
    /// Explain a diagnostic code, or show a place in a document.
    Explain {
        /// BFF0301, or a place as `/drift` and the log name it: specs/orders.yaml#/components/schemas/Order
        #[arg(value_name = "CODE|FILE#POINTER")]
        what: String,
    },
}

#[derive(Args, Debug)]
pub struct Paths {
    /// Compositions, or folders with `*.bff.yaml` files.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Check {
    /// Compositions, or folders with `*.bff.yaml` files.
    #[arg(required_unless_present = "specs", value_name = "PATH")]
    pub paths: Vec<String>,
    /// OpenAPI documents to judge as a whole, also what no composition reaches.
    #[arg(long = "spec", value_name = "SPEC", num_args = 1..)]
    pub specs: Vec<String>,
    /// Mend what can safely be mended in compositions and the files they include.
    #[arg(long, requires = "paths")]
    pub fix: bool,
}

#[derive(Args, Debug)]
pub struct Generate {
    #[command(flatten)]
    pub paths: Paths,
    /// Write nothing; show what would change, and exit with 1 if anything would.
    #[arg(long, conflicts_with_all = ["force", "fix"])]
    pub check: bool,
    /// Mend what can safely be mended in compositions and the files they include, then generate.
    #[arg(long)]
    pub fix: bool,
    /// Overwrite generated files that were edited by hand.
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub output: Output,
}

#[derive(Args, Debug)]
pub struct ClientArgs {
    /// OpenAPI documents, JSON or YAML.
    #[arg(required = true, value_name = "SPEC")]
    pub specs: Vec<String>,
    /// Folder of the crate; with several documents, of a folder for each.
    #[arg(long, value_name = "DIR")]
    pub out: String,
    /// Only these operations: ids, or `GET /path`.
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub operations: Vec<String>,
    /// Name of the package, instead of one made of the document's title.
    #[arg(long)]
    pub name: Option<String>,
    /// Write nothing; show what would change, and exit with 1 if anything would.
    #[arg(long, conflicts_with = "force")]
    pub check: bool,
    /// Overwrite generated files that were edited by hand.
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub runtime: RuntimeArgs,
}

#[derive(Args, Debug)]
pub struct Output {
    /// Folder of the crate, instead of the one beside the composition.
    #[arg(long, value_name = "DIR")]
    pub out: Option<String>,
    #[command(flatten)]
    pub runtime: RuntimeArgs,
}

#[derive(Args, Debug)]
pub struct RuntimeArgs {
    /// Use the runtime in this folder.
    #[arg(long, value_name = "DIR", conflicts_with = "runtime_version")]
    pub runtime_path: Option<String>,
    /// Use this version of the runtime.
    #[arg(long, value_name = "VERSION")]
    pub runtime_version: Option<String>,
}

#[derive(Args, Debug)]
pub struct Mock {
    /// OpenAPI documents (`users.yaml`, or `people=users.yaml` for another name), or one composition.
    #[arg(required = true, value_name = "SPEC|COMPOSITION")]
    pub inputs: Vec<String>,
    /// First port; each service takes the next.
    #[arg(long, default_value_t = 4001, value_name = "PORT")]
    pub port_base: u16,
    #[command(flatten)]
    pub behaviour: Behaviour,
}

#[derive(Args, Debug)]
pub struct Behaviour {
    /// Wait so long before each answer.
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub latency: u64,
    /// Let a service (`orders`) or one of its operations (`orders.listOrders`) fail.
    #[arg(long, value_name = "NAME[=STATUS]")]
    pub fail: Vec<Fail>,
    /// Let the answers of a service or of one of its operations break its document, each time in another way.
    #[arg(long = "break", value_name = "NAME")]
    pub broken: Vec<Broken>,
    /// Other data for another seed.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub seed: u64,
}

#[derive(Args, Debug)]
pub struct Dev {
    /// The composition.
    pub composition: String,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub behaviour: Behaviour,
    /// Where cargo builds; default: CARGO_TARGET_DIR, else `target` in the folder of the crate.
    #[arg(long, value_name = "DIR")]
    pub target_dir: Option<String>,
    /// Build with optimisations.
    #[arg(long)]
    pub release: bool,
}

/// `orders` or `orders.listOrders`.
#[derive(Clone, Debug, PartialEq)]
pub struct Broken {
    pub service: String,
    pub operation: Option<String>,
}

impl std::str::FromStr for Broken {
    type Err = std::convert::Infallible;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let (service, operation) = service_and_operation(name);
        Ok(Broken { service, operation })
    }
}

fn service_and_operation(name: &str) -> (String, Option<String>) {
    match name.split_once('.') {
        Some((service, operation)) => (service.to_owned(), Some(operation.to_owned())),
        None => (name.to_owned(), None),
    }
}

/// `orders`, `orders=503` or `orders.listOrders=404`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fail {
    pub service: String,
    pub operation: Option<String>,
    pub status: u16,
}

impl std::str::FromStr for Fail {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, status) = text.split_once('=').unwrap_or((text, "503"));
        let status = status.parse().ok().filter(|status| (200..=599).contains(status));
        let status = status.ok_or("the status is a number from 200 to 599")?;
        let (service, operation) = service_and_operation(name);
        Ok(Fail { service, operation, status })
    }
}
