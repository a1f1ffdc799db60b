//! Random expressions and values: what is compiled and the interpreter of the `cel` crate give the same. Where the
//! interpreter departs from CEL's specification is listed in `differential/deviations.rs`.

#[path = "differential/deviations.rs"]
mod deviations;
#[path = "differential/generate.rs"]
mod generate;
#[path = "differential/oracle.rs"]
mod oracle;

use std::collections::BTreeMap;

use bffgen_cel::{Answer, Case, build};
use generate::{Random, Writer};
use serde_json::Value;

/// How many expressions, and with how many values each: 100,000 cases.
const EXPRESSIONS: usize = 2_500;
const VALUES: usize = 40;

#[test]
fn compiled_and_interpreted_agree() {
    let mut random = Random::new(20_260_401);
    let mut expressions: Vec<String> = Vec::new();
    while expressions.len() < EXPRESSIONS {
        let text = Writer::new(&mut random).expression();
        if !expressions.contains(&text) {
            expressions.push(text);
        }
    }
    let schema = generate::schema();
    let case = |text: &String| Case { text: text.clone(), variables: vec![("v".to_owned(), schema.clone())] };
    let built = build("differential", &expressions.iter().map(case).collect::<Vec<_>>());
    let refused: Vec<String> = expressions
        .iter()
        .zip(&built.refusals)
        .filter_map(|(text, refusal)| refusal.as_ref().map(|why| format!("{text}\n  {}: {}", why.code, why.message)))
        .collect();
    assert!(refused.is_empty(), "what is well-typed is accepted:\n{}", refused.join("\n"));

    let values: Vec<Value> = (0..VALUES * 8).map(|_| generate::values(&mut random)).collect();
    let runs: Vec<(usize, Value)> = (0..EXPRESSIONS)
        .flat_map(|case| (0..VALUES).map(move |_| case))
        .map(|case| (case, serde_json::json!({ "v": values[random.below(values.len())] })))
        .collect();
    let answers = built.run(&runs);
    let oracle = oracle::Oracle::new(&expressions);
    let mut differences = Vec::new();
    let mut agreed = [0usize; 2];
    let mut departed: BTreeMap<&str, usize> = BTreeMap::new();
    for ((case, values), answer) in runs.iter().zip(&answers) {
        let expected = oracle.answer(*case, &values["v"]);
        if oracle::same(&expected, answer) {
            agreed[usize::from(matches!(answer, Answer::Failed(_)))] += 1;
        } else if let Some(specification) = deviations::known(&expressions[*case], values, &expected, answer) {
            *departed.entry(specification).or_insert(0) += 1;
        } else {
            let text = &expressions[*case];
            differences.push(format!("{text}\n  {values}\n  {expected:?} is wanted, this is {answer:?}"));
        }
    }
    for (specification, count) in &departed {
        println!("{count} differ as known: {specification}");
    }
    println!("{} values and {} errors agree, of {} cases", agreed[0], agreed[1], runs.len());
    let shown: Vec<&str> = differences.iter().take(20).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), shown.join("\n"));
    assert!(agreed[0] > runs.len() / 2, "most cases give a value");
    assert!(departed.values().sum::<usize>() < runs.len() / 20, "what departs is rare");
}
