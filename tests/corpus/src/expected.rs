//! What may fail, and why. An entry that is no longer needed fails as well.

use std::collections::BTreeMap;

use crate::one::Row;

/// `document<TAB>what<TAB>reason`; `what` is `generate`, `compile`, `round trip: COMPONENT`, or a number of
/// operations that are left out.
const EXPECTED: &str = include_str!("../expected.tsv");

fn trip(component: &str) -> String {
    format!("round trip: {component}")
}

/// What differs from the list.
pub fn compare(rows: &[Row], partly: bool) -> Vec<String> {
    let mut listed: BTreeMap<(String, String), &str> = BTreeMap::new();
    for line in EXPECTED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut cells = line.splitn(3, '\t');
        let (name, what) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
        listed.insert((name.to_owned(), what.to_owned()), cells.next().unwrap_or(""));
    }
    let mut complaints = Vec::new();
    for row in rows {
        let mut happened: Vec<(String, Option<&str>)> =
            vec![("generate".into(), row.generated.as_ref().err().map(String::as_str))];
        if row.generated.is_ok() && row.emitted != row.total {
            happened.push((format!("{}", row.total - row.emitted), Some("so many operations are left out")));
        }
        match &row.compiled {
            Some(compiled) => happened.push(("compile".into(), compiled.as_ref().err().map(String::as_str))),
            None => drop(listed.remove(&(row.name.clone(), "compile".into()))),
        }
        match &row.trips {
            Some(trips) => {
                happened.extend(trips.differing.iter().map(|(component, what)| (trip(component), Some(what.as_str()))));
                let fine = |what: &String| {
                    what.strip_prefix("round trip: ").is_some_and(|component| !trips.differing.contains_key(component))
                };
                let listed = listed.keys().filter(|(name, what)| *name == row.name && fine(what));
                happened.extend(listed.map(|(_, what)| (what.clone(), None)));
            }
            None => listed.retain(|(name, what), _| *name != row.name || !what.starts_with("round trip: ")),
        }
        for (what, problem) in happened {
            match (listed.remove(&(row.name.clone(), what.clone())), problem) {
                (None, Some(problem)) => complaints.push(format!("{}: {what}: {problem}", row.name)),
                (Some(_), None) => complaints.push(format!("{}: {what}: is listed, but is fine now", row.name)),
                _ => {}
            }
        }
    }
    if !partly {
        complaints
            .extend(listed.into_keys().map(|(name, what)| format!("{name}: {what}: is listed, but did not happen")));
    }
    complaints
}
