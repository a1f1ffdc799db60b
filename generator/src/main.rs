//! The command line of `bffgen`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
