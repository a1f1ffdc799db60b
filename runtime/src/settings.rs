//! How a BFF is set up: addresses, limits and durations, most of them with a default nobody needs to change.

use crate::client::CallLimits;
use crate::variables;
use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Everything that can be set. `Settings::default()` reads nothing from the environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where clients connect (`BFF_LISTEN`, or `PORT` for all addresses). Default `0.0.0.0:8080`.
    pub listen: SocketAddr,
    /// Health and metrics (`BFF_MANAGEMENT`, `off` for none). Default `127.0.0.1:9090`.
    pub management: Option<SocketAddr>,
    /// Which share of the unremarkable requests is logged, 0 to 1 (`BFF_LOG_SAMPLE`). Default 0.01.
    /// Errors (status 500 and above) and slow requests are always logged.
    pub log_sample: f64,
    /// From which duration on a request is slow, so that it is always logged. Default 1 s.
    pub log_slow: Duration,
    /// Where the log goes. Default standard output.
    pub log_output: LogOutput,
    /// What a client may send, and how slowly.
    pub limits: Limits,
    /// How upstreams are called.
    pub calls: CallLimits,
    /// A PEM file with certificates of authorities that upstreams are trusted by, besides those that browsers trust
    /// (`BFF_CA_FILE`). Default none.
    pub ca_file: Option<PathBuf>,
    /// How the server stops.
    pub stop: Stop,
    upstream_urls: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

/// Where log lines are written to.
#[derive(Clone, Default)]
pub enum LogOutput {
    /// Standard output.
    #[default]
    Stdout,
    /// Any writer, for tests and embedding.
    Writer(Arc<Mutex<dyn Write + Send>>),
}

/// Limits on what clients send.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From the connection to its first byte. Default 10 s.
    pub first_byte: Duration,
    /// From the first to the last byte of a request's head. Default 10 s.
    pub head: Duration,
    /// Size of a request's head in bytes. Default 32 KiB.
    pub head_bytes: usize,
    /// Number of header fields. Default 100.
    pub headers: usize,
    /// Length of path and query in bytes. Default 8 KiB.
    pub uri_bytes: usize,
    /// From a request's head to the end of its body. Default 30 s.
    pub body: Duration,
    /// Size of a request's body in bytes. Default 1 MiB.
    pub body_bytes: usize,
    /// Depth of nested JSON, from clients and from upstreams. Default 64.
    pub json_depth: u32,
    /// How long a connection without requests stays open. Default 60 s.
    pub idle: Duration,
    /// How long a client may accept none of the bytes that wait for it. Default 30 s.
    pub write_stall: Duration,
    /// Connections at the same time; more wait in the backlog of the operating system. Default 10 000.
    pub connections: usize,
    /// HTTP/2: requests at the same time on one connection. Default 100.
    pub h2_streams: u32,
    /// HTTP/2: window of a stream in bytes. Default 64 KiB.
    pub h2_stream_window: u32,
    /// HTTP/2: window of a connection in bytes. Default 1 MiB.
    pub h2_connection_window: u32,
}

/// What happens between the signal to stop and the end.
#[derive(Clone, Debug)]
pub struct Stop {
    /// Readiness says no, requests are still served: time for load balancers to notice. Default 5 s.
    pub linger: Duration,
    /// No new connections; requests under way may end. Default 20 s. Then everything is cut.
    pub drain: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 8080),
            management: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9090)),
            log_sample: 0.01,
            log_slow: Duration::from_secs(1),
            log_output: LogOutput::Stdout,
            limits: Limits::default(),
            calls: CallLimits::default(),
            ca_file: None,
            stop: Stop { linger: Duration::from_secs(5), drain: Duration::from_secs(20) },
            upstream_urls: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            head_bytes: 32 << 10,
            headers: 100,
            uri_bytes: 8 << 10,
            body: Duration::from_secs(30),
            body_bytes: 1 << 20,
            json_depth: 64,
            idle: Duration::from_secs(60),
            write_stall: Duration::from_secs(30),
            connections: 10_000,
            h2_streams: 100,
            h2_stream_window: 64 << 10,
            h2_connection_window: 1 << 20,
        }
    }
}

impl Settings {
    /// Reads the environment: `BFF_LISTEN`, `PORT`, `BFF_MANAGEMENT`, `BFF_LOG_SAMPLE`, `BFF_CA_FILE`, and the
    /// variables that the upstreams' urls name.
    pub fn from_env() -> Result<Settings, StartError> {
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Settings::from_variables(std::env::vars_os().filter_map(readable))
    }

    /// The same from any list of variables.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Result<Settings, StartError> {
        let mut settings = Settings { variables: variables.into_iter().collect(), ..Settings::default() };
        let text = |name: &str| settings.variables.get(name).map(|v| v.trim()).filter(|v| !v.is_empty());
        let address = |name: &str, value: &str| {
            let wants = "an address and port such as `0.0.0.0:8080`";
            value.parse::<SocketAddr>().map_err(|_| StartError::variable(name, value, wants))
        };
        let mut listen = settings.listen;
        if let Some(value) = text("PORT") {
            listen.set_port(value.parse().map_err(|_| StartError::variable("PORT", value, "a port such as `8080`"))?);
        }
        if let Some(value) = text("BFF_LISTEN") {
            listen = address("BFF_LISTEN", value)?;
        }
        let management = match text("BFF_MANAGEMENT") {
            None => settings.management,
            Some("off") => None,
            Some(value) => Some(address("BFF_MANAGEMENT", value)?),
        };
        let log_sample = match text("BFF_LOG_SAMPLE") {
            None => settings.log_sample,
            Some(value) => match value.parse::<f64>() {
                Ok(share) if (0.0..=1.0).contains(&share) => share,
                _ => return Err(StartError::variable("BFF_LOG_SAMPLE", value, "a number from 0 (none) to 1 (all)")),
            },
        };
        let ca_file = text("BFF_CA_FILE").map(PathBuf::from);
        settings = Settings { listen, management, log_sample, ca_file, ..settings };
        Ok(settings)
    }

    /// What to tell of variables that look like settings and are none; `urls` are those of the upstreams.
    pub(crate) fn unknown_variables(&self, urls: &[&str]) -> Vec<String> {
        variables::unknown(self.variables.keys().map(String::as_str), urls)
    }

    /// Sets the url of an upstream, whatever the environment says.
    #[must_use]
    pub fn upstream_url(mut self, upstream: &str, url: &str) -> Settings {
        self.upstream_urls.insert(upstream.to_owned(), url.to_owned());
        self
    }

    /// The url of an upstream: set here, or its template with every `${VAR}` and `${VAR:-default}` replaced.
    pub(crate) fn url_of(&self, upstream: &str, template: &str) -> Result<String, StartError> {
        if let Some(url) = self.upstream_urls.get(upstream) {
            return Ok(url.clone());
        }
        let (mut url, mut rest) = (String::new(), template);
        while let Some((before, after)) = rest.split_once("${") {
            let Some((reference, behind)) = after.split_once('}') else {
                return Err(StartError::new(format!(
                    "The url of upstream `{upstream}` is `{template}`: a `${{` in it has no `}}`. Correct `url` in the composition and generate again."
                )));
            };
            let (name, default) = match reference.split_once(":-") {
                Some((name, default)) => (name, Some(default)),
                None => (reference, None),
            };
            let value = self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty()).or(default);
            let Some(value) = value else {
                return Err(StartError::new(format!(
                    "The environment variable `{name}` is not set. It is needed for the url of upstream `{upstream}` (`{template}`). Set it, for example: {name}=http://localhost:4001"
                )));
            };
            url.push_str(before);
            url.push_str(value);
            rest = behind;
        }
        url.push_str(rest);
        Ok(url)
    }
}

impl fmt::Debug for LogOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            LogOutput::Stdout => "Stdout",
            LogOutput::Writer(_) => "Writer(..)",
        })
    }
}

/// Why a BFF cannot start: what is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    message: String,
}

impl StartError {
    pub(crate) fn new(message: String) -> StartError {
        StartError { message }
    }

    fn variable(name: &str, value: &str, wants: &str) -> StartError {
        StartError::new(format!("The environment variable `{name}` is `{value}`. It must be {wants}."))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}

#[cfg(test)]
mod tests {
    use super::Settings;

    fn with(variables: &[(&str, &str)]) -> Result<Settings, super::StartError> {
        Settings::from_variables(variables.iter().map(|(n, v)| (n.to_string(), v.to_string())))
    }

    #[test]
    fn reads_addresses_and_sampling() {
        let listen =
            |variables: &[(&str, &str)]| with(variables).map(|s| s.listen.to_string()).map_err(|e| e.to_string());
        assert_eq!(listen(&[]), Ok("0.0.0.0:8080".to_owned()));
        assert_eq!(listen(&[("PORT", "3000")]), Ok("0.0.0.0:3000".to_owned()));
        assert_eq!(listen(&[("PORT", "3000"), ("BFF_LISTEN", "[::1]:81")]), Ok("[::1]:81".to_owned()));
        for (name, value) in
            [("PORT", "70000"), ("BFF_LISTEN", "localhost"), ("BFF_LOG_SAMPLE", "2"), ("BFF_MANAGEMENT", "no")]
        {
            let error = listen(&[(name, value)]).expect_err(name);
            assert!(error.contains(name) && error.contains(value), "{error}");
        }
        assert_eq!(with(&[("BFF_MANAGEMENT", "off")]).map(|s| s.management), Ok(None));
    }

    #[test]
    fn fills_urls_in() {
        let settings = with(&[("USERS_URL", "http://users"), ("EMPTY", "")]).expect("settings");
        let url = |template| settings.url_of("users", template).map_err(|e| e.to_string());
        assert_eq!(url("${USERS_URL}/v1"), Ok("http://users/v1".to_owned()));
        assert_eq!(url("${NONE:-http://localhost:1}"), Ok("http://localhost:1".to_owned()));
        assert_eq!(url("${EMPTY:-x}${USERS_URL}"), Ok("xhttp://users".to_owned()));
        let error = url("${ORDERS_URL}").expect_err("a missing variable");
        assert!(error.contains("ORDERS_URL") && error.contains("`users`"), "{error}");
        assert!(url("${ORDERS_URL").is_err());
        let set = settings.upstream_url("users", "http://else");
        assert_eq!(set.url_of("users", "${NONE}"), Ok("http://else".to_owned()));
    }
}
