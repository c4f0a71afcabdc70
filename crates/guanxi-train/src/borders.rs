//! `guanxi-train borders`: learns where Chinese names begin and end, and writes the model with a card.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract::{self, BordersSeen, GREATEST_WEIGHT, written_row};
use guanxi::model::Span;
use guanxi::{Guanxi, folder};

use crate::items;
use crate::logistic::{self, probability};
use crate::names::{case, training};
use crate::sets;
use crate::softmax::{Case, Weights, train};
use crate::table::Table;
use crate::{Learning, share};

/// What a token is to names: in none, the first of one, within, the last, a name alone.
const LABELS: usize = 5;
const FOLDS: usize = 3;
const WHOLE: u32 = 1 << 16;

/// Learn where Chinese names begin and end
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The day that the card shall bear
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
    /// Texts in which every name is marked
    #[arg(long, value_name = "FOLDER", default_value = "data/training/zh")]
    items: PathBuf,
    /// A set of texts in which some names are marked
    #[arg(long = "set", value_name = "SET.jsonl")]
    sets: Vec<PathBuf>,
    /// From this confidence on a name that nothing else found is one
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.6)]
    adds: f64,
    /// From this confidence on its borders overrule those of a finder
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.4)]
    replaces: f64,
    /// The same of a name that shows what it is
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.6)]
    overrules: f64,
    /// From this confidence on a longer name takes the place of one that a list or the text knows
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.7)]
    outdoes: f64,
    /// From this confidence on what only looks like a name is none
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.8)]
    drops: f64,
    #[command(flatten)]
    learning: Learning,
    #[arg(long, value_name = "FILE", default_value = "data/models/border-zh.toml")]
    output: PathBuf,
}

/// A sentence whose names are marked: all of them, or some.
struct Sentence {
    file: usize,
    whole: bool,
    seen: BordersSeen,
    names: Vec<Span>,
}

/// Reads, learns, prints and writes.
pub fn run(options: &Options) -> Result<(), String> {
    let mut files = folder::files(Path::new("data")).map_err(|error| error.to_string())?;
    files.models.clear();
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    let mut sentences = Vec::new();
    let (items, files) = items::all(&guanxi, &options.items)?;
    for (file, item) in &items {
        let names: Vec<Span> = item.names.iter().map(|name| name.span).collect();
        take(&guanxi, *file, true, &item.text, &names, &mut sentences);
    }
    let mut sets = BTreeMap::new();
    for set in &options.sets {
        for record in sets::read(set)? {
            let names: Vec<Span> = record.entities.iter().map(sets::Mention::span).collect();
            take(&guanxi, usize::MAX, false, &record.text, &names, &mut sentences);
            sets.entry(record.source).or_insert((record.license, 0)).1 += 1;
        }
    }
    let mut figures = String::new();
    let mut told = Vec::new();
    for fold in 0..FOLDS.min(files) {
        let out = |sentence: &&Sentence| sentence.whole && sentence.file % FOLDS == fold;
        let weights = learned(options, sentences.iter().filter(|sentence| !out(sentence)));
        told.extend(sentences.iter().filter(out).map(|sentence| Told::new(&weights, sentence)));
    }
    let calibration = calibration(&told);
    let _ = writeln!(figures, "{} items in {files} files, by folds of files", items.len());
    figures += &measured(&told, calibration);
    println!("{figures}");
    let weights = learned(options, sentences.iter());
    fs::write(&options.output, written(&weights, calibration, options, items.len(), &sets, &figures))
        .map_err(|error| format!("{}: {error}", options.output.display()))
}

fn take(guanxi: &Guanxi, file: usize, whole: bool, text: &str, names: &[Span], sentences: &mut Vec<Sentence>) {
    for seen in guanxi.extractor().borders_seen(&extract::Input::text("item.txt", text.as_bytes())) {
        let Some((first, last)) = seen.tokens.first().zip(seen.tokens.last()) else { continue };
        let stretch = Span::new(first.start, last.end);
        let names = names.iter().filter(|name| stretch.contains(**name)).copied().collect();
        sentences.push(Sentence { file, whole, seen, names });
    }
}

impl Sentence {
    /// The label of each token; none of what is not known.
    fn labels(&self) -> Vec<Option<usize>> {
        let tokens = &self.seen.tokens;
        let mut labels = vec![self.whole.then_some(0); tokens.len()];
        for name in &self.names {
            let touched = |token: &Span| token.overlaps(*name);
            let (Some(first), Some(last)) = (tokens.iter().position(touched), tokens.iter().rposition(touched)) else {
                continue;
            };
            if tokens[first].start != name.start || tokens[last].end != name.end {
                labels[first..=last].fill(None);
                continue;
            }
            for at in [first.checked_sub(1), Some(last + 1)].into_iter().flatten() {
                if let Some(label @ None) = labels.get_mut(at) {
                    *label = Some(0);
                }
            }
        }
        for name in &self.names {
            let first = tokens.iter().position(|token| token.start == name.start);
            let last = tokens.iter().position(|token| token.end == name.end);
            match (first, last) {
                (Some(first), Some(last)) if first == last => labels[first] = Some(4),
                (Some(first), Some(last)) if first < last => {
                    labels[first..=last].fill(Some(2));
                    labels[first] = Some(1);
                    labels[last] = Some(3);
                }
                _ => {}
            }
        }
        labels
    }
}

fn learned<'s>(options: &Options, sentences: impl Iterator<Item = &'s Sentence>) -> Weights {
    let mut cases = Vec::new();
    for sentence in sentences {
        for (features, label) in sentence.seen.features.iter().zip(sentence.labels()) {
            cases.extend(label.map(|label| case(features, label, cases.len())));
        }
    }
    train(&cases.iter().collect::<Vec<_>>(), training(options.learning, LABELS))
}

/// What a model that had not seen a sentence makes of it.
struct Told {
    /// Each name, how far it leads, whether it is one.
    names: Vec<(Span, f64, bool)>,
    gold: Vec<Span>,
    found: Vec<Span>,
}

impl Told {
    fn new(weights: &Weights, sentence: &Sentence) -> Self {
        let scores: Vec<[i64; LABELS]> =
            sentence.seen.features.iter().map(|features| scores(weights, &case(features, 0, 0))).collect();
        let names = extract::likeliest_names(&scores).into_iter().map(|(start, end, lead)| {
            let span = Span::new(sentence.seen.tokens[start].start, sentence.seen.tokens[end - 1].end);
            let lead = lead as f64 / f64::from(WHOLE);
            (span, lead, sentence.names.contains(&span))
        });
        Self { names: names.collect(), gold: sentence.names.clone(), found: sentence.seen.found.clone() }
    }
}

/// What each label comes to, in whole parts.
fn scores(weights: &Weights, case: &Case) -> [i64; LABELS] {
    let sums = weights.scores(case);
    std::array::from_fn(|label| (sums[label] * f64::from(WHOLE)) as i64)
}

/// Offset and slope that make a lead the logit of being right.
fn calibration(told: &[Told]) -> (f64, f64) {
    let names = told.iter().flat_map(|told| &told.names);
    let cases: Vec<_> =
        names.map(|&(_, lead, right)| logistic::Case { values: vec![1.0, lead], right, weight: 1.0 }).collect();
    let fitted = logistic::fit(&cases, &[0.0, 1.0], &[0.01, 0.01]);
    (fitted[0], fitted[1])
}

fn measured(told: &[Told], (offset, slope): (f64, f64)) -> String {
    let gold: usize = told.iter().map(|told| told.gold.len()).sum();
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let found: usize = told.iter().map(|told| told.found.len()).sum();
    let right: usize = told.iter().map(|told| told.found.iter().filter(|span| told.gold.contains(span)).count()).sum();
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{gold} names; the finders alone: precision {:.3}, recall {:.3}",
        share(right, found),
        share(right, gold)
    );
    let sure = |lead: f64| probability(&[offset, slope], &[1.0, lead]);
    for least in [0.0, 0.5, 0.6, 0.7, 0.8, 0.9] {
        let said = || told.iter().flat_map(|told| &told.names).filter(|(_, lead, _)| sure(*lead) >= least);
        let right = said().filter(|(.., right)| *right).count();
        let _ = writeln!(
            text,
            "from {least} on: precision {:.3}, recall {:.3}",
            share(right, said().count()),
            share(right, gold)
        );
    }
    let said = told.iter().flat_map(|told| &told.names).map(|&(_, lead, right)| (sure(lead), right));
    let _ = writeln!(text, "{}", Table(said.collect()));
    text
}

/// The file, card first.
fn written(
    weights: &Weights,
    (offset, slope): (f64, f64),
    options: &Options,
    items: usize,
    sets: &BTreeMap<String, (String, usize)>,
    figures: &str,
) -> String {
    let (rows, unit) = weights.rounded(GREATEST_WEIGHT);
    let mut text = String::from(
        "# Where Chinese names begin and end: a linear model over hashed features of characters and words. Written by\n\
         # `guanxi-train borders`; do not edit. How it is used is told in docs/models.md.\n#\n",
    );
    let _ = writeln!(text, "# date       {}\n# seed       {}", options.date, options.learning.seed);
    let _ = writeln!(text, "# learned of {items} items in data/training, made for this project");
    for (set, (licence, count)) in sets {
        let _ =
            writeln!(text, "#            {count} texts of {set}, training part ({licence}); no sentence of it is here");
    }
    text.push_str("#\n");
    for line in figures.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let Options { adds, replaces, overrules, outdoes, drops, .. } = options;
    let _ = writeln!(text, "\nadds = {adds:?}\nreplaces = {replaces:?}\noverrules = {overrules:?}");
    let _ = writeln!(text, "outdoes = {outdoes:?}\ndrops = {drops:?}");
    let _ = writeln!(text, "unit = {unit:?}\ncalibration = [{offset:?}, {slope:?}]\nweights = '''");
    for row in rows.chunks(weights.labels) {
        let _ = writeln!(text, "{}", written_row(row));
    }
    text.push_str("'''\n");
    text
}
