//! Stand-ins on sockets: which there are, where they listen, and how they are to behave.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bffgen::diag::{Diagnostic, Severity};
use bffgen::mock::{Faults, Service};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::args::Behaviour;
use super::load::reason;

/// A service to stand in for.
pub struct StandIn {
    pub service: Service,
    /// Environment variable that its address goes by; none where the composition says a constant address.
    pub variable: Option<String>,
}

/// A stand-in that is being served; it ends with this value.
pub struct Serving {
    pub variable: Option<String>,
    pub name: String,
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Serving {
    /// `http://127.0.0.1:4001`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// The variable that a service's address goes by unless a composition says otherwise: `USERS_URL`.
pub fn default_variable(name: &str) -> String {
    let upper = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    upper.chain("_URL".chars()).collect()
}

/// Names in `--fail` and `--break` that there are not.
pub fn unknown_faults(stand_ins: &[StandIn], behaviour: &Behaviour) -> Option<Diagnostic> {
    let fail = behaviour.fail.iter().map(|fail| ("--fail", &fail.service, &fail.operation));
    let broken = behaviour.broken.iter().map(|broken| ("--break", &broken.service, &broken.operation));
    let (flag, service, operation) = fail.chain(broken).find(|(_, service, operation)| {
        !stand_ins.iter().any(|stand_in| {
            let known = &stand_in.service;
            let has = |id: &String| known.operations().iter().any(|operation| operation.head.id == *id);
            known.name() == *service && operation.as_ref().is_none_or(has)
        })
    })?;
    let name = match operation {
        Some(operation) => format!("{service}.{operation}"),
        None => service.clone(),
    };
    let names: BTreeSet<&str> = stand_ins.iter().map(|stand_in| stand_in.service.name()).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Some(
        Diagnostic::new(
            "BFF0711",
            Severity::Error,
            format!("`{flag} {name}`: there is no such service or operation"),
            None,
        )
        .help(format!("Services are: {names}. `bffgen operations SPEC` lists the operations of one.")),
    )
}

/// Serves all of them, the first at `port`, each at the next one; at ports of the system's choice where it is 0.
pub async fn serve(stand_ins: Vec<StandIn>, port: u16, behaviour: &Behaviour) -> Result<Vec<Serving>, Diagnostic> {
    let mut serving = Vec::new();
    for (at, stand_in) in stand_ins.into_iter().enumerate() {
        let port = if port == 0 { 0 } else { u16::try_from(usize::from(port) + at).unwrap_or(0) };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let name = stand_in.service.name().to_owned();
        let listener = TcpListener::bind(address).await.map_err(|error| cannot_listen(&name, address, &error))?;
        let address = listener.local_addr().map_err(|error| cannot_listen(&name, address, &error))?;
        let router = stand_in.service.router(faults(&name, behaviour));
        // Serving ends only with the task: accept errors are retried inside.
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        serving.push(Serving { variable: stand_in.variable, name, address, task });
    }
    Ok(serving)
}

fn faults(name: &str, behaviour: &Behaviour) -> Faults {
    let mine = behaviour.fail.iter().filter(|fail| fail.service == name);
    let all = |operation: &Option<String>| operation.clone().unwrap_or_else(|| "*".to_owned());
    let broken = behaviour.broken.iter().filter(|broken| broken.service == name);
    Faults {
        seed: behaviour.seed,
        latency: Duration::from_millis(behaviour.latency),
        fail: mine.map(|fail| (all(&fail.operation), fail.status)).collect(),
        broken: broken.map(|broken| all(&broken.operation)).collect(),
    }
}

fn cannot_listen(name: &str, address: SocketAddr, error: &std::io::Error) -> Diagnostic {
    let why = match error.kind() {
        std::io::ErrorKind::AddrInUse => "the port is taken".to_owned(),
        _ => reason(error),
    };
    Diagnostic::new("BFF0708", Severity::Error, format!("cannot serve `{name}` at {address}: {why}"), None)
        .help("Name another first port with `--port-base`; with 0 the system chooses free ones.")
}
