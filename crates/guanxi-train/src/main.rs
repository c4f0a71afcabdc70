//! Fits what is learned from annotated texts.
//!
//! A workshop: it reads gold and sets, and writes files of `data/models` that the product then reads. Texts that only
//! measure (`tests/gold/reserve`) are refused.

mod borders;
mod confidence;
mod items;
mod judged;
mod logistic;
mod names;
mod pairs;
mod sets;
mod softmax;
mod spans;
mod table;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// Fit what is learned from annotated texts, run from the project's folder
#[derive(Debug, Parser)]
#[command(after_help = "Example:
  guanxi-train pairs --date 2026-11-22 --language en --set core.train.jsonl --dev core.dev.jsonl \\
    --output data/models/pair-en.toml")]
enum Command {
    Confidence(confidence::Options),
    Pairs(pairs::Options),
    Names(names::Options),
    Borders(borders::Options),
    Spans(spans::Options),
}

/// The language of the sentences that a model reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// Not mostly of Chinese characters.
    En,
    /// Mostly of Chinese characters.
    Zh,
}

/// How a model is learned.
#[derive(Clone, Copy, Debug, clap::Args)]
struct Learning {
    /// Rounds over all that is learned of
    #[arg(long, value_name = "ROUNDS", default_value_t = 8)]
    epochs: usize,
    /// How many rows of weights a model has, as a power of two
    #[arg(long, value_parser = clap::value_parser!(u32).range(4..=20), default_value_t = 17)]
    bits: u32,
    /// The same material and seed give the same bytes
    #[arg(long, default_value_t = 20_251_122)]
    seed: u64,
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Confidence(options) => confidence::run(&options),
        Command::Pairs(options) => pairs::run(&options),
        Command::Names(options) => names::run(&options),
        Command::Borders(options) => borders::run(&options),
        Command::Spans(options) => spans::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// A number from 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a number from 0 to 1 is wanted".to_owned())
}

impl Language {
    fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    fn is_chinese(self) -> bool {
        self == Self::Zh
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_are_well_formed() {
        Command::command().debug_assert();
    }

    #[test]
    fn a_share_lies_between_none_and_all() {
        assert_eq!(share("0.25"), Ok(0.25));
        assert!(share("1.5").is_err() && share("NaN").is_err() && share("half").is_err());
    }
}
