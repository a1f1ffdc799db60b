//! The scoreboard as text.

use crate::one::Row;
use crate::round_trip::Trips;

/// One document, in one line.
pub fn line(row: &Row) {
    let state = match &row.generated {
        Ok(()) => "generated".to_string(),
        Err(why) => format!("NOT: {why}"),
    };
    println!(
        "{:<58} {:>5}/{:<5} operations {:>6.1} lines each {:>6} ms {:>5} MB  {state}",
        row.name,
        row.emitted,
        row.total,
        each(row),
        row.ms,
        row.mb
    );
}

/// Lines of client code for each operation.
fn each(row: &Row) -> f64 {
    if row.emitted == 0 { 0.0 } else { row.lines as f64 / row.emitted as f64 }
}

/// All of it.
pub fn summary(rows: &[Row]) {
    let generated = rows.iter().filter(|row| row.generated.is_ok()).count();
    let (total, emitted): (usize, usize) = rows.iter().fold((0, 0), |(t, e), row| (t + row.total, e + row.emitted));
    let mut lines: Vec<f64> = rows.iter().filter(|row| row.emitted > 0).map(each).collect();
    lines.sort_by(f64::total_cmp);
    println!("\ndocuments   {generated} of {} generated", rows.len());
    println!("operations  {emitted} of {total} emitted ({:.2} %)", 100.0 * emitted as f64 / total.max(1) as f64);
    let (all, types): (usize, usize) = rows.iter().fold((0, 0), |(l, t), row| (l + row.lines, t + row.type_lines));
    println!(
        "lines       {:.1} an operation, median over the documents; {all} of operations and {types} of types in all",
        lines.get(lines.len() / 2).unwrap_or(&0.0)
    );
    let tried: Vec<&Row> = rows.iter().filter(|row| row.compiled.is_some()).collect();
    let failed: Vec<_> = tried.iter().filter_map(|row| Some((row, row.compiled.as_ref()?.as_ref().err()?))).collect();
    println!("compiled    {} of {} tried, without a warning", tried.len() - failed.len(), tried.len());
    for (row, why) in failed {
        println!("  {}: {why}", row.name);
    }
    let trips: Vec<(&Row, &Trips)> = rows.iter().filter_map(|row| Some((row, row.trips.as_ref()?))).collect();
    if !trips.is_empty() {
        let tried: usize = trips.iter().map(|(_, trips)| trips.tried).sum();
        let differing: usize = trips.iter().map(|(_, trips)| trips.differing.len()).sum();
        println!(
            "round trip  {tried} instances of {} documents; {differing} types give back something else",
            trips.len()
        );
    }
    let mut slow: Vec<&Row> = rows.iter().collect();
    slow.sort_by_key(|row| std::cmp::Reverse(row.ms));
    println!("slowest:");
    for row in slow.iter().take(5) {
        println!("  {:<56} {:>7} KB {:>6} ms {:>5} MB", row.name, row.bytes / 1024, row.ms, row.mb);
    }
}
