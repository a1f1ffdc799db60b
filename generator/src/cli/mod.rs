//! The command line: the only place that reads and writes files, prints, or exits.

mod args;
mod child;
mod client;
mod curl;
mod dev;
mod explain;
mod find;
mod fix;
mod generate;
mod load;
mod mock;
mod operations;
mod place;
mod report;
mod services;
mod signal;
mod stand_ins;
mod watch;
mod write;

use std::process::ExitCode;

use bffgen::{Options, RuntimeChoice, composition};
use clap::Parser;

use args::{Cli, Command, Output, RuntimeArgs};
use report::Reporter;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nothing to complain about.
    Fine,
    /// Errors, or differences under `--check`.
    Findings,
    /// The command line itself is wrong.
    Usage,
}

/// Runs the command of this process. Wrong usage ends the process with 2 at once.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let reporter = Reporter::new(cli.format, cli.color);
    let end = match cli.command {
        Command::Check(paths) => generate::check(&paths, &reporter),
        Command::Generate(args) => generate::generate(&args, &reporter),
        Command::Client(args) => client::client(&args, &reporter),
        Command::Operations { spec } => operations::operations(&spec, &reporter),
        Command::Mock(args) => mock::mock(&args, &reporter),
        Command::Dev(args) => dev::dev(&args, &reporter),
        Command::Schema { included } => {
            let schema = if included { composition::format::included() } else { composition::format::schema() };
            report::data_json(&schema);
            End::Fine
        }
        Command::Explain { what } => match what.split_once('#') {
            Some((file, pointer)) => place::place(file, pointer, &reporter),
            None => explain::explain(&what, &reporter),
        },
    };
    ExitCode::from(match end {
        End::Fine => 0,
        End::Findings => 1,
        End::Usage => 2,
    })
}

fn options(output: &Output) -> Options {
    Options { out: output.out.clone(), runtime: runtime_choice(&output.runtime), here: here() }
}

/// Where the command runs; none where its name is no text.
fn here() -> Option<String> {
    std::env::current_dir().ok()?.into_os_string().into_string().ok()
}

fn runtime_choice(args: &RuntimeArgs) -> Option<RuntimeChoice> {
    let path = args.runtime_path.clone().map(RuntimeChoice::Path);
    path.or_else(|| args.runtime_version.clone().map(RuntimeChoice::Version))
}
