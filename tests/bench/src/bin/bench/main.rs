//! Measures what a request costs in CPU time: the generated web BFF beside two that are written by hand.
//!
//! Core 0 has the load and the upstream, core 1 the BFF; rounds are interleaved so that what the machine does besides
//! meets all alike. A figure is the median over the rounds of the CPU time per 1,000 requests.

mod compare;
mod load;
mod options;
mod processes;
mod report;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use bffgen_bench::scenarios::scenarios;
use bffgen_bench::settings::Upstreams;

use options::Options;
use processes::{Program, Running};
use report::Sample;

type Failure = Box<dyn std::error::Error>;

const LOAD_CORE: &str = "0";
const BFF_CORE: &str = "1";

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(text) => {
            eprintln!("{text}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A BFF under test.
struct Contender {
    name: String,
    address: SocketAddr,
    process: Running,
}

fn run(options: &Options) -> Result<(), Failure> {
    let programs = processes::build(options)?;
    processes::pin_this(LOAD_CORE)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;

    let upstream_address = processes::free_address()?;
    let _upstream = processes::start(&programs.upstream, LOAD_CORE, &[("BFF_LISTEN", upstream_address.to_string())])?;
    processes::wait_until_open("upstream", upstream_address)?;

    let mut contenders = Vec::new();
    for program in &programs.bffs {
        contenders.push(contender(program, upstream_address)?);
    }
    for scenario in scenarios() {
        let answers = contenders
            .iter()
            .map(|bff| {
                let body = runtime.block_on(load::fetch(bff.address, &scenario.path));
                body.map(|body| (bff.name.as_str(), body)).map_err(|error| format!("{}: {error}", bff.name))
            })
            .collect::<Result<Vec<_>, _>>()?;
        compare::same_json(scenario.name, &answers)?;
        let size = answers.first().map_or(0, |(_, body)| body.len());
        eprintln!("{:<12} {}, {:.1} KB out: all answer the same", scenario.name, scenario.about, size as f64 / 1000.0);
    }

    let mut samples: Vec<Sample> = Vec::new();
    for round in 0..options.rounds {
        eprintln!("round {} of {}", round + 1, options.rounds);
        for scenario in &scenarios() {
            // Another one goes first in every round.
            for turn in 0..contenders.len() {
                let bff = &contenders[(turn + round) % contenders.len()];
                let load = |time| runtime.block_on(load::run(bff.address, &scenario.path, options.connections, time));
                load(options.warm_up())?;
                let before = bff.process.cpu_time()?;
                let done = load(options.time)?;
                let cpu = bff.process.cpu_time()?.saturating_sub(before);
                samples.push(Sample::new(scenario.name, &bff.name, cpu, &done));
            }
        }
    }
    let names: Vec<&str> = contenders.iter().map(|bff| bff.name.as_str()).collect();
    print!("{}", report::table(&names, &samples));
    Ok(())
}

fn contender(program: &Program, upstream: SocketAddr) -> Result<Contender, Failure> {
    let (address, management) = (processes::free_address()?, processes::free_address()?);
    let mut environment: Vec<(&str, String)> =
        Upstreams::VARIABLES.iter().map(|name| (*name, format!("http://{upstream}"))).collect();
    environment.push(("BFF_LISTEN", address.to_string()));
    environment.push(("BFF_MANAGEMENT", management.to_string()));
    let process = processes::start(&program.path, BFF_CORE, &environment)?;
    processes::wait_until_open(&program.name, address)?;
    Ok(Contender { name: program.name.clone(), address, process })
}

/// What the load did.
pub struct Done {
    /// Requests that were answered with 200.
    pub requests: u64,
    /// How long it took.
    pub took: Duration,
    /// Median time of a request.
    pub median: Duration,
    /// 99 of 100 were faster.
    pub slowest: Duration,
}
