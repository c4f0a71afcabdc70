//! Fits what is learned from annotated texts: `guanxi-train confidence` and `guanxi-train pairs`.
//!
//! A workshop: it reads gold and sets, and writes files of `data/models` that the product then reads. Texts that only
//! measure (`tests/gold/reserve`) are refused.

mod confidence;
mod judged;
mod learn;
mod logistic;
mod pairs;
mod softmax;
mod table;

use std::process::ExitCode;

const USAGE: &str = "usage: guanxi-train confidence --date YYYY-MM-DD [--gold FOLDER]… [--texts FOLDER]… [--pairs SET.jsonl]…
                               [--weight-of-pairs 0.2] [--penalty 10] [--output data/models/confidence.toml]

  --gold   NAME.gold.jsonl with NAME.txt beside it or in a folder of --texts; without any, those of tests/gold but reserve
  --pairs  a set that was annotated pair by pair; only claims on judged pairs count

       guanxi-train pairs --date YYYY-MM-DD --language en|zh --output data/models/pair-NAME.toml [--set SET.jsonl]…
                          [--gold FOLDER]… [--texts FOLDER]… [--dev SET.jsonl]… [--least 0.8] [--least-strict 0.9]
                          [--epochs 8] [--bits 17] [--seed 20251122]

  --set           a set of texts with related pairs, to learn from
  --dev           such a set to measure on, its names given
  --least         from this confidence on the model speaks alone; --least-strict of owners and authorities

example: guanxi-train pairs --date 2026-11-22 --language en --set core.train.jsonl --dev core.dev.jsonl \
           --output data/models/pair-en.toml";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.split_first() {
        Some((command, options)) if command == "confidence" => {
            confidence::Options::parse(options).and_then(|options| confidence::run(&options))
        }
        Some((command, options)) if command == "pairs" => {
            learn::Options::parse(options).and_then(|options| learn::run(&options))
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
