//! The command line.

use std::path::PathBuf;
use std::time::Duration;

/// What may be said.
pub const USAGE: &str = "\
usage: cargo run --release -p bffgen-bench --bin bench [-- OPTIONS]

  --generated PATH    folder of the generated web BFF, or its program (default: examples/shop/web-bff)
  --rounds N          how often each BFF has its turn (default: 7)
  --seconds S         how long a turn is (default: 1.5)
  --connections N     connections that always wait for an answer (default: 32)";

/// See [`USAGE`].
pub struct Options {
    /// Folder or program.
    pub generated: Option<PathBuf>,
    /// At least one.
    pub rounds: usize,
    /// Length of a turn.
    pub time: Duration,
    /// At least one.
    pub connections: usize,
}

impl Options {
    /// # Errors
    /// What is wrong with the arguments.
    pub fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Options { generated: None, rounds: 7, time: Duration::from_millis(1500), connections: 32 };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            let number =
                || value.parse::<usize>().ok().filter(|n| *n > 0).ok_or(format!("{name} {value}: not a number"));
            match name.as_str() {
                "--generated" => options.generated = Some(PathBuf::from(&value)),
                "--rounds" => options.rounds = number()?,
                "--connections" => options.connections = number()?,
                "--seconds" => {
                    let seconds = value.parse::<f64>().ok().filter(|s| (0.1..=600.0).contains(s));
                    options.time = Duration::from_secs_f64(seconds.ok_or(format!("{value}: not from 0.1 to 600"))?);
                }
                _ => return Err(format!("{name} is not known")),
            }
        }
        Ok(options)
    }

    /// Before each turn, so that connections are open and caches warm.
    pub fn warm_up(&self) -> Duration {
        self.time / 5
    }
}
