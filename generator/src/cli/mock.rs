//! `mock`: stand-ins for services until Ctrl-C.

use serde_json::{Value, json};

use super::args::{Format, Mock};
use super::report::{Reporter, data, data_json, say};
use super::services::Documents;
use super::stand_ins::{Serving, serve, unknown_faults};
use super::{End, signal};

/// Serves the documents, or the upstreams of a composition.
pub fn mock(args: &Mock, reporter: &Reporter) -> End {
    let mut documents = Documents::default();
    let stand_ins = documents.stand_ins(&args.inputs);
    if documents.report(reporter) != End::Fine {
        return End::Findings;
    }
    if let Some(diagnostic) = unknown_faults(&stand_ins, &args.behaviour) {
        reporter.finding(diagnostic);
        return End::Usage;
    }
    signal::run(reporter, async {
        match serve(stand_ins, args.port_base, &args.behaviour).await {
            Ok(serving) => {
                announce(&serving, reporter);
                signal::stop().await;
                End::Fine
            }
            Err(diagnostic) => {
                reporter.finding(diagnostic);
                End::Findings
            }
        }
    })
}

fn announce(serving: &[Serving], reporter: &Reporter) {
    if reporter.format == Format::Json {
        let list: Vec<Value> =
            serving.iter().map(|one| json!({ "name": one.name, "url": one.url(), "variable": one.variable })).collect();
        data_json(&json!({ "services": list }));
    } else {
        let line = |one: &Serving| match &one.variable {
            Some(variable) => format!("export {variable}={}\n", one.url()),
            None => format!("# {}: {}\n", one.name, one.url()),
        };
        data(&serving.iter().map(line).collect::<String>());
    }
    say("Serving until Ctrl-C.\n");
}
