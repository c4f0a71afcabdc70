//! Fits what is learned from annotated texts: `guanxi-train confidence`.
//!
//! A workshop: it reads gold and sets, and writes files of `data/models` that the product then reads. Texts that only
//! measure (`tests/gold/reserve`) are refused.

mod confidence;
mod judged;
mod logistic;
mod pairs;
mod table;

use std::process::ExitCode;

const USAGE: &str = "usage: guanxi-train confidence --date YYYY-MM-DD [--gold FOLDER]… [--texts FOLDER]… [--pairs SET.jsonl]…
                               [--weight-of-pairs 0.2] [--penalty 10] [--output data/models/confidence.toml]

  --gold   NAME.gold.jsonl with NAME.txt beside it or in a folder of --texts; without any, those of tests/gold but reserve
  --pairs  a set that was annotated pair by pair; only claims on judged pairs count";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.split_first() {
        Some((command, options)) if command == "confidence" => {
            confidence::Options::parse(options).and_then(|options| confidence::run(&options))
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
