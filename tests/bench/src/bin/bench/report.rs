//! Medians and ratios.

use std::fmt::Write;
use std::time::Duration;

use crate::Done;

/// One turn of one BFF.
pub struct Sample {
    scenario: &'static str,
    bff: String,
    cpu_ms: f64,
    per_second: f64,
    median: Duration,
    slowest: Duration,
}

impl Sample {
    /// From the CPU time that the BFF took and what the load did meanwhile.
    pub fn new(scenario: &'static str, bff: &str, cpu: Duration, done: &Done) -> Self {
        Self {
            scenario,
            bff: bff.to_owned(),
            cpu_ms: cpu.as_secs_f64() * 1e6 / done.requests.max(1) as f64,
            per_second: done.requests as f64 / done.took.as_secs_f64(),
            median: done.median,
            slowest: done.slowest,
        }
    }
}

/// The table: a line for each scenario and BFF; ratios to the BFFs named `lean` and `usual`.
pub fn table(bffs: &[&str], samples: &[Sample]) -> String {
    let mut out = String::new();
    let mut scenarios: Vec<&str> = Vec::new();
    for sample in samples {
        if !scenarios.contains(&sample.scenario) {
            scenarios.push(sample.scenario);
        }
    }
    let _ = writeln!(
        out,
        "{:<12} {:<10} {:>13} {:>17} {:>8} {:>8} {:>8} {:>8} {:>8}",
        "scenario", "bff", "CPU ms / 1000", "(least .. most)", "x lean", "x usual", "req/s", "p50 ms", "p99 ms"
    );
    for scenario in scenarios {
        let of = |bff: &str, value: &dyn Fn(&Sample) -> f64| -> Vec<f64> {
            let mut all: Vec<f64> =
                samples.iter().filter(|s| s.scenario == scenario && s.bff == bff).map(value).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        let cpu = |bff: &str| median(&of(bff, &|sample| sample.cpu_ms));
        for bff in bffs {
            let all = of(bff, &|sample| sample.cpu_ms);
            let (least, most) = (all.first().unwrap_or(&0.0), all.last().unwrap_or(&0.0));
            let _ = writeln!(
                out,
                "{scenario:<12} {bff:<10} {:>13.1} {:>17} {:>8.2} {:>8.2} {:>8.0} {:>8.2} {:>8.2}",
                cpu(bff),
                format!("({least:.1} .. {most:.1})"),
                cpu(bff) / cpu("lean"),
                cpu(bff) / cpu("usual"),
                median(&of(bff, &|sample| sample.per_second)),
                median(&of(bff, &|sample| sample.median.as_secs_f64() * 1000.0)),
                median(&of(bff, &|sample| sample.slowest.as_secs_f64() * 1000.0)),
            );
        }
    }
    out
}

/// Of sorted values; with an even number of them, the mean of the middle two.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (Some(high), 0) => (sorted[middle - 1] + high) / 2.0,
        (Some(value), _) => *value,
        (None, _) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_ratios() {
        assert_eq!([median(&[]), median(&[3.0]), median(&[1.0, 2.0, 9.0]), median(&[1.0, 2.0])], [0.0, 3.0, 2.0, 1.5]);
        let sample = |bff: &str, millis| {
            let second = Duration::from_secs(1);
            let done = Done { requests: 1000, took: second, median: second, slowest: second };
            Sample::new("page", bff, Duration::from_millis(millis), &done)
        };
        let samples = [sample("lean", 100), sample("usual", 250), sample("lean", 100), sample("usual", 250)];
        let text = table(&["lean", "usual"], &samples);
        let words: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1][..8], ["page", "lean", "100.0", "(100.0", "..", "100.0)", "1.00", "0.40"]);
        assert_eq!(words[2][..8], ["page", "usual", "250.0", "(250.0", "..", "250.0)", "2.50", "1.00"]);
    }
}
