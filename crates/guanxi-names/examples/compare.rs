//! Scores the comparison of names on labelled pairs: `cargo run -p guanxi-names --example compare -- FILE.csv`.
//!
//! The file has columns `name1`, `name2`, `is_match` (true or false) and perhaps `schema`, of which Company, Organization
//! and LegalEntity count. A pair counts as matched where the verdict is Same or Possible; every pair that is judged
//! otherwise than it is labelled is listed, and pairs labelled false that are judged Same are counted apart.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use guanxi_names::compare::{Verdict, compare};

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: compare FILE.csv");
        return ExitCode::from(2);
    };
    match score(&path) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn score(path: &str) -> Result<(), Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let required = |name: &'static str| column(name).ok_or(format!("no column {name}"));
    let (one, other, label, schema) = (required("name1")?, required("name2")?, required("is_match")?, column("schema"));
    let mut counts: BTreeMap<(bool, Verdict), usize> = BTreeMap::new();
    println!("labelled | judged | score | one | other");
    for record in reader.records() {
        let record = record?;
        let schema = schema.map_or("Company", |schema| &record[schema]);
        if !["Company", "Organization", "LegalEntity"].contains(&schema) {
            continue;
        }
        let is_match = &record[label] == "true";
        let comparison = compare(&record[one], &record[other]);
        *counts.entry((is_match, comparison.verdict)).or_default() += 1;
        if is_match != (comparison.verdict != Verdict::Different) {
            let (verdict, score) = (comparison.verdict, comparison.thousandths);
            println!("{is_match} | {verdict:?} | {score} | {} | {}", &record[one], &record[other]);
        }
    }
    let count = |is_match, verdict| counts.get(&(is_match, verdict)).copied().unwrap_or_default();
    let found = count(true, Verdict::Same) + count(true, Verdict::Possible);
    let missed = count(true, Verdict::Different);
    let wrong = count(false, Verdict::Same) + count(false, Verdict::Possible);
    println!(
        "\n{} pairs: found {found} ({} as Same), missed {missed}, wrong {wrong} ({} as Same)",
        counts.values().sum::<usize>(),
        count(true, Verdict::Same),
        count(false, Verdict::Same)
    );
    let share = |part: usize, rest: usize| part as f64 / (part + rest).max(1) as f64;
    let f1 = 2.0 * found as f64 / (2 * found + missed + wrong).max(1) as f64;
    println!("precision {:.3}, recall {:.3}, F1 {f1:.3}", share(found, wrong), share(found, missed));
    Ok(())
}
