//! Fits what is learned from annotated texts: `guanxi-train confidence` and `guanxi-train pairs`.
//!
//! A workshop: it reads gold and sets, and writes files of `data/models` that the product then reads. Texts that only
//! measure (`tests/gold/reserve`) are refused.

mod confidence;
mod items;
mod judged;
mod learn;
mod logistic;
mod pairs;
mod softmax;
mod table;
mod tag;
mod tag_borders;
mod tag_softmax;
mod tag_spans;

use std::process::ExitCode;

const USAGE: &str = "usage: guanxi-train confidence --date YYYY-MM-DD [--gold FOLDER]… [--texts FOLDER]… [--pairs SET.jsonl]…
                               [--weight-of-pairs 0.2] [--penalty 10] [--output data/models/confidence.toml]

  --gold   NAME.gold.jsonl with NAME.txt beside it or in a folder of --texts; without any, those of tests/gold but reserve
  --pairs  a set that was annotated pair by pair; only claims on judged pairs count

       guanxi-train pairs --date YYYY-MM-DD --language en|zh --output data/models/pair-NAME.toml [--set SET.jsonl]…
                          [--gold FOLDER]… [--texts FOLDER]… [--dev SET.jsonl]… [--items data/training]
                          [--weight-of-sets 0.5] [--precision 0.9] [--precision-strict 0.95] [--epochs 8] [--bits 17] [--seed 20251122]

  --set           a set of texts with related pairs, to learn from
  --dev           such a set to measure on, its names given
  --items         a folder of items with marked names; those of our own without it
  --precision     share of right claims, in folds of files of our own, from which on the model speaks alone;
                  --precision-strict of owners and authorities

       guanxi-train names --date YYYY-MM-DD --language en|zh --output data/models/name-LANGUAGE.toml
                          [--items data/training/LANGUAGE] [--right 0.9] [--unlikely 0.01] [--epochs 8] [--bits 16]
                          [--seed 20251122]

  --items         a folder of texts in which every name is marked
  --right         a name is taken for what the model says from the confidence on at which so many were right, in folds
  --unlikely      what is less likely than this beside the likeliest is ruled out

       guanxi-train borders --date YYYY-MM-DD [--items data/training/zh] [--set SET.jsonl]…
                            [--output data/models/border-zh.toml] [--adds 0.95] [--replaces 0.92]
                            [--overrules 1] [--drops 0.9] [--epochs 6] [--bits 17] [--seed 20251122]

  --set           a set of texts in which some names are marked
  --adds          from this confidence on a Chinese name that nothing else found is one; --replaces: its borders
                  overrule those of a finder; --overrules: of a name that shows what it is as well; --drops: what only
                  looks like a name is none

       guanxi-train spans [--data data] [--no-models] [--items FOLDER]… [--set SET.jsonl]…

  prints how many of the marked names are found and cut as marked

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
        Some((command, options)) if command == "names" => {
            tag::Options::parse(options).and_then(|options| tag::run(&options))
        }
        Some((command, options)) if command == "borders" => {
            tag_borders::Options::parse(options).and_then(|options| tag_borders::run(&options))
        }
        Some((command, options)) if command == "spans" => {
            tag_spans::Options::parse(options).and_then(|options| tag_spans::run(&options))
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
