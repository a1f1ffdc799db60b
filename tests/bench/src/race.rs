//! Ways to read one body, timed against each other: they take turns, and the median of each counts.

use std::hint::black_box;
use std::time::Instant;

/// A way to read a body: its name, and what it does. What it gives keeps the work from being left out; 0 is a failure.
pub type Candidate<'c> = (&'c str, &'c dyn Fn(&[u8]) -> usize);

/// Without optimisation the figures mean nothing: then this only shows that every candidate reads the body.
const ROUNDS: usize = if cfg!(debug_assertions) { 1 } else { 201 };
/// How many bytes a candidate reads in its turn, at least.
const TURN: usize = if cfg!(debug_assertions) { 1 } else { 400_000 };

/// Times the candidates and prints the median of each, and its ratio to the first. With an argument to the program only
/// those run whose name contains it: for a profiler.
///
/// # Panics
/// Where a candidate cannot read the body.
pub fn race(title: &str, body: &[u8], candidates: &[Candidate<'_>]) {
    let only = std::env::args().nth(1).filter(|only| !only.starts_with('-')).unwrap_or_default();
    let candidates: Vec<_> = candidates.iter().filter(|(name, _)| name.contains(&only)).collect();
    let times = TURN.div_ceil(body.len());
    let mut all: Vec<Vec<f64>> = vec![Vec::with_capacity(ROUNDS); candidates.len()];
    for _ in 0..ROUNDS {
        for ((name, read), seconds) in candidates.iter().zip(&mut all) {
            assert!(read(body) > 0, "{title}: {name} cannot read the body");
            let start = Instant::now();
            for _ in 0..times {
                black_box(read(black_box(body)));
            }
            seconds.push(start.elapsed().as_secs_f64() / times as f64);
        }
    }
    println!("{title}, {} bytes", body.len());
    let mut first = None;
    for ((name, _), seconds) in candidates.iter().zip(&mut all) {
        seconds.sort_by(f64::total_cmp);
        let median = seconds[ROUNDS / 2];
        let ratio = median / *first.get_or_insert(median);
        let speed = body.len() as f64 / median / 1e6;
        println!("  {name:<40} {:>7.1} us {speed:>6.0} MB/s {ratio:>6.2} x", median * 1e6);
    }
}
