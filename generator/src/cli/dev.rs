//! `dev`: generate, serve stand-ins, build, run, say what to call; again on every change.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bffgen::diag::Diagnostic;
use bffgen::{Owner, compile};

use super::args::Dev;
use super::child::{self, Running};
use super::load::Disk;
use super::report::{Reporter, any_error, data, say};
use super::services::Documents;
use super::stand_ins::{self, StandIn};
use super::watch::Watch;
use super::{End, curl, find, generate, options, signal, write};

/// Where the BFF listens, or behind it where that is taken.
const FIRST_PORT: u16 = 8080;

/// What a round came to.
struct Round {
    /// The BFF with its stand-ins, where everything went well.
    running: Option<Running>,
    /// Every file that was read or looked for, and those of the team.
    files: Watch,
}

/// Runs until Ctrl-C.
pub fn dev(args: &Dev, reporter: &Reporter) -> End {
    signal::run(reporter, async {
        let stop = signal::stop();
        tokio::pin!(stop);
        let mut running: Option<Running> = None;
        loop {
            let round = tokio::select! {
                round = round(args, reporter, running.as_ref().map(|one| one.address)) => round,
                () = &mut stop => break,
            };
            if let Some(started) = round.running {
                if let Some(before) = running.take() {
                    before.stop().await;
                }
                tokio::select! {
                    started = started.start() => match started {
                        Ok(started) => {
                            data(&started.lines);
                            running = Some(started);
                        }
                        Err(diagnostic) => reporter.finding(diagnostic),
                    },
                    () = &mut stop => break,
                }
            } else if running.is_some() {
                say("The BFF that runs is the one from before the change.\n");
            }
            say("Waiting for changes; Ctrl-C ends.\n");
            let watch = round.files;
            tokio::select! {
                () = watch.changed() => say("Changed; generating again.\n"),
                () = ended(&mut running) => {
                    say("The BFF ended by itself; it is started again after the next change.\n");
                    running = None;
                    tokio::select! {
                        () = watch.changed() => {}
                        () = &mut stop => break,
                    }
                }
                () = &mut stop => break,
            }
        }
        if let Some(running) = running {
            say("Stopping.\n");
            running.stop().await;
        }
        End::Fine
    })
}

async fn ended(running: &mut Option<Running>) {
    match running {
        Some(running) => running.ended().await,
        None => std::future::pending().await,
    }
}

/// Generates and builds; everything but the start, so that a BFF that runs keeps running until then.
async fn round(args: &Dev, reporter: &Reporter, address: Option<SocketAddr>) -> Round {
    let path = find::clean(&args.composition);
    let mut disk = Disk::default();
    let compiled = compile(&path, &mut disk, &options(&args.output));
    reporter.findings(&compiled.sources, &compiled.diagnostics);
    let mut files = std::mem::take(&mut disk.asked);
    let Some(output) = compiled.output.filter(|_| !any_error(&compiled.diagnostics)) else {
        return Round { running: None, files };
    };
    let started = std::time::Instant::now();
    let wrote = write::prepare(&output, &disk, false).and_then(|plan| write::apply(&output, &plan).map(|()| plan));
    // After writing, which may have made them.
    for file in output.files.iter().filter(|file| file.owner == Owner::Team) {
        files.add(&format!("{}/{}", output.folder, file.path));
    }
    let failed = Round { running: None, files: files.clone() };
    match wrote {
        Ok(plan) => say(&generate::summary(&output, &plan, false, started.elapsed())),
        Err(diagnostic) => {
            reporter.finding(diagnostic);
            return failed;
        }
    }
    let mut documents = Documents::default();
    let stand_ins = documents.stand_ins(std::slice::from_ref(&path));
    if documents.report(reporter) != End::Fine {
        return failed;
    }
    match prepare(args, &output, stand_ins, address).await {
        Ok(running) => Round { running: Some(running), files },
        Err(diagnostic) => {
            reporter.finding(diagnostic);
            failed
        }
    }
}

async fn prepare(
    args: &Dev,
    output: &bffgen::Crate,
    stand_ins: Vec<StandIn>,
    address: Option<SocketAddr>,
) -> Result<Running, Diagnostic> {
    if let Some(diagnostic) = stand_ins::unknown_faults(&stand_ins, &args.behaviour) {
        return Err(diagnostic);
    }
    let folder = PathBuf::from(&output.folder);
    let chosen = args.target_dir.as_ref().map(PathBuf::from);
    let chosen = chosen.or_else(|| std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from));
    let target = chosen.unwrap_or_else(|| folder.join("target"));
    child::build(&folder, &target, args.release).await?;
    let profile = if args.release { "release" } else { "debug" };
    let program =
        write::absolute(&target.join(profile).join(format!("{}{}", output.name, std::env::consts::EXE_SUFFIX)));
    let address = match address {
        Some(address) => address,
        None => child::free_address(FIRST_PORT)?,
    };
    let serving = stand_ins::serve(stand_ins, 0, &args.behaviour).await?;
    let mut lines = String::new();
    for one in &serving {
        lines.push_str(&format!("# {} is served at {}\n", one.name, one.url()));
    }
    lines.push_str(&curl::lines(output, &format!("http://{address}"), args.behaviour.seed));
    Ok(Running::new(program, address, serving, lines))
}

/// How long a BFF may take until it listens.
pub const START: Duration = Duration::from_secs(20);
