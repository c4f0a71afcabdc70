//! `guanxi-train confidence`: labels every claim by the gold, fits the weights of its signs, writes them with a card.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract::{self, SIGNS, Signs};
use guanxi::input::{Location, Read};
use guanxi::rules::gold::{Gold, Verdict};
use guanxi::{Guanxi, folder, input};

use crate::judged::{Assertion, assertions};
use crate::logistic::{Case, fit, probability};
use crate::sets;
use crate::table::Table;

/// More of these than were noted are no error: only right ones would be seen.
const OPEN: [&str; 2] = ["operatesIn", "hasMetric"];
const GOLD: [&str; 9] = ["corpus", "news", "press", "wire", "dispatch", "traps", "bulletin", "gazette", "wordings"];
/// How sets begin that are only ever measured on.
const RESERVE: &str = "reserve";
const FOLDS: usize = 5;
const SEED: u64 = 20_251_122;

/// Fit how sure a claim is, from how it was found
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The day that the card shall bear
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
    /// NAME.gold.jsonl with NAME.txt beside it or in a folder of --texts; without any, those of tests/gold but what is
    /// only measured on
    #[arg(long, value_name = "FOLDER")]
    gold: Vec<PathBuf>,
    /// Where the texts of --gold are
    #[arg(long, value_name = "FOLDER")]
    texts: Vec<PathBuf>,
    /// A set that was annotated pair by pair; only claims on judged pairs count
    #[arg(long, value_name = "SET.jsonl")]
    pairs: Vec<PathBuf>,
    /// What a claim on a set counts beside one on gold
    #[arg(long, value_name = "SHARE", value_parser = crate::share, default_value_t = 0.2)]
    weight_of_pairs: f64,
    /// How hard weights are held near zero
    #[arg(long, default_value_t = 10.0)]
    penalty: f64,
    #[arg(long, value_name = "FILE", default_value = "data/models/confidence.toml")]
    output: PathBuf,
}

/// Folders of gold, and of texts that lie elsewhere: our own where none was named.
///
/// # Errors
/// The reserve was named.
pub fn chosen_gold(gold: &[PathBuf], texts: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), String> {
    let (mut gold, mut texts) = (gold.to_vec(), texts.to_vec());
    if gold.is_empty() {
        gold.extend(GOLD.map(|name| Path::new("tests/gold").join(name)));
        texts.push("data/corpus".into());
    }
    let is_kept = |part: std::path::Component| part.as_os_str().to_string_lossy().starts_with(RESERVE);
    match gold.iter().any(|folder| folder.components().any(is_kept)) {
        true => Err(format!("{RESERVE} is only ever measured on: nothing is fitted to it")),
        false => Ok((gold, texts)),
    }
}

/// A claim that was judged.
struct Judged {
    /// Number of its document: the unit of cross-validation.
    document: usize,
    source: String,
    predicate: String,
    signs: Signs,
    right: bool,
}

/// All that was judged, with what the card tells of it.
#[derive(Default)]
struct Material {
    judged: Vec<Judged>,
    documents: usize,
    /// Source → licence.
    sets: BTreeMap<String, String>,
}

/// Reads, judges, fits, prints and writes.
pub fn run(options: &Options) -> Result<(), String> {
    let files = folder::files(Path::new("data")).map_err(|error| error.to_string())?;
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    let mut material = Material::default();
    let (gold, places) = chosen_gold(&options.gold, &options.texts)?;
    let texts = texts(&gold, &places)?;
    for folder in &gold {
        material.read_gold(&guanxi, folder, &texts)?;
    }
    for set in &options.pairs {
        material.read_pairs(&guanxi, set)?;
    }
    let model = Model::new(&material, options);
    let told = model.cross_validated(&material);
    let own = |judged: &Judged| !material.sets.contains_key(&judged.source);
    let table = |wanted: &dyn Fn(&Judged) -> bool, told: &[f64]| {
        let cases = material.judged.iter().zip(told).filter(|(judged, _)| wanted(judged));
        Table(cases.map(|(judged, told)| (*told, judged.right)).collect())
    };
    let priors: Vec<f64> = material.judged.iter().map(|judged| model.prior_alone(judged)).collect();
    println!("The rule's prior alone, on our gold: {}", table(&own, &priors));
    println!("Cross-validated by document, on our gold: {}", table(&own, &told));
    for source in material.sources() {
        let table = table(&|judged| judged.source == source, &told);
        println!("{source}: {}", table.to_string().lines().next().unwrap_or_default());
    }
    for threshold in [0.5, 0.7] {
        let cases = || material.judged.iter().zip(&told).filter(|(judged, _)| own(judged));
        let share = |above: bool| {
            let side = cases().filter(|(_, told)| (**told >= threshold) == above);
            Table(side.map(|(judged, told)| (*told, judged.right)).collect())
        };
        let (above, below) = (share(true), share(false));
        println!(
            "at {threshold:.2}: {} claims above, {:.3} right; {} below, {:.3} right",
            above.0.len(),
            above.share_right(),
            below.0.len(),
            below.share_right()
        );
    }
    let weights = model.fit(&material, |_| true);
    fs::write(&options.output, model.written(&weights, &material, options, &table(&own, &told)))
        .map_err(|error| format!("{}: {error}", options.output.display()))
}

/// Every text by its name without the ending.
pub fn texts(gold: &[PathBuf], others: &[PathBuf]) -> Result<BTreeMap<String, input::Input>, String> {
    let mut texts = BTreeMap::new();
    let places = gold.iter().filter(|folder| !is_without_texts(folder)).chain(others);
    let read = input::read(places.map(|folder| Location::Path(folder.clone())).collect());
    for found in read.map_err(|error| error.to_string())? {
        if let Read::Text(text) = found {
            let stem = Path::new(&text.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            texts.insert(stem.unwrap_or_default(), text);
        }
    }
    Ok(texts)
}

fn is_without_texts(folder: &Path) -> bool {
    let listed = fs::read_dir(folder).into_iter().flatten().flatten();
    !listed.into_iter().any(|file| file.path().extension().is_some_and(|ending| ending == "txt"))
}

impl Material {
    fn read_gold(
        &mut self,
        guanxi: &Guanxi,
        folder: &Path,
        texts: &BTreeMap<String, input::Input>,
    ) -> Result<(), String> {
        let gold = Gold::read(folder).map_err(|error| error.to_string())?;
        let source = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for stem in gold.texts() {
            let missing =
                || format!("{}: no text of this name", folder.join(stem).with_extension("gold.jsonl").display());
            let text = texts.get(stem).ok_or_else(missing)?;
            let (extraction, signs) = guanxi.extractor().extract_with_signs(&text.into());
            let verdicts = gold.judge(&extraction).unwrap_or_default();
            for ((claim, signs), verdict) in extraction.claims.iter().zip(signs).zip(verdicts) {
                let right = match verdict {
                    // A model measures its own claims.
                    _ if signs.is_learned() => continue,
                    Verdict::Open => continue,
                    _ if OPEN.contains(&&*claim.predicate) => continue,
                    Verdict::Right => true,
                    Verdict::Wrong | Verdict::Forbidden => false,
                };
                let (document, source) = (self.documents, source.clone());
                self.judged.push(Judged { document, source, predicate: claim.predicate.to_string(), signs, right });
            }
            self.documents += 1;
        }
        Ok(())
    }

    fn read_pairs(&mut self, guanxi: &Guanxi, file: &Path) -> Result<(), String> {
        for record in sets::read(file)? {
            let name = record.id.to_string();
            let told = assertions(guanxi, &extract::Input::text(&name, record.text.as_bytes()))?;
            self.take(&record.source, told, |claims| sets::judge(&record, claims));
            self.sets.entry(record.source.clone()).or_insert(record.license);
        }
        Ok(())
    }

    fn take(&mut self, source: &str, told: Vec<(Assertion, Signs)>, judge: impl Fn(&[Assertion]) -> Vec<Option<bool>>) {
        let (claims, signs): (Vec<Assertion>, Vec<Signs>) = told.into_iter().unzip();
        let verdicts = judge(&claims);
        for ((claim, signs), right) in claims.into_iter().zip(signs).zip(verdicts) {
            if let Some(right) = right.filter(|_| !signs.is_learned()) {
                let (document, source) = (self.documents, source.to_owned());
                self.judged.push(Judged { document, source, predicate: claim.predicate, signs, right });
            }
        }
        self.documents += 1;
    }

    fn sources(&self) -> BTreeSet<&str> {
        self.judged.iter().map(|judged| judged.source.as_str()).collect()
    }
}

/// Which weights there are, and what holds them back.
struct Model {
    predicates: Vec<String>,
    penalties: Vec<f64>,
    homes: Vec<f64>,
    cases: Vec<Case>,
    folds: Vec<usize>,
}

impl Model {
    fn new(material: &Material, options: &Options) -> Self {
        let predicates: BTreeSet<&str> = material.judged.iter().map(|judged| judged.predicate.as_str()).collect();
        let predicates: Vec<String> = predicates.into_iter().map(str::to_owned).collect();
        let count = SIGNS.len() + predicates.len();
        let mut penalties = vec![options.penalty; count];
        penalties[0] = 0.0;
        let mut homes = vec![0.0; count];
        // What the author of a rule thinks of it is believed until the texts say otherwise.
        // What a text says of its author is no part of its story, and hardly any gold has such lines.
        for (home, sign) in homes.iter_mut().zip(SIGNS) {
            match sign {
                "prior" => *home = 1.0,
                "section-bio" => *home = -3.5,
                _ => {}
            }
        }
        let case = |judged: &Judged| {
            let signs = judged.signs.values().map(|value| f64::from(value) / 1000.0);
            let own = predicates.iter().map(|predicate| f64::from(u8::from(*predicate == judged.predicate)));
            let from_set = material.sets.contains_key(&judged.source);
            let weight = if from_set { options.weight_of_pairs } else { 1.0 };
            Case { values: signs.into_iter().chain(own).collect(), right: judged.right, weight }
        };
        let cases = material.judged.iter().map(case).collect();
        let folds = folds(material.documents);
        let folds = material.judged.iter().map(|judged| folds[judged.document]).collect();
        Self { predicates, penalties, homes, cases, folds }
    }

    fn fit(&self, material: &Material, takes: impl Fn(usize) -> bool) -> Vec<f64> {
        let chosen = (0..material.judged.len()).filter(|&index| takes(index));
        let cases: Vec<Case> = chosen.map(|index| self.cases[index].clone()).collect();
        fit(&cases, &self.homes, &self.penalties)
    }

    /// What each claim is told by weights that never saw its document.
    fn cross_validated(&self, material: &Material) -> Vec<f64> {
        let weights: Vec<_> = (0..FOLDS).map(|fold| self.fit(material, |index| self.folds[index] != fold)).collect();
        let told = self.cases.iter().zip(&self.folds);
        told.map(|(case, fold)| probability(&weights[*fold], &case.values)).collect()
    }

    fn prior_alone(&self, judged: &Judged) -> f64 {
        let values: Vec<f64> = judged.signs.values().map(|value| f64::from(value) / 1000.0).to_vec();
        let alone: Vec<f64> = SIGNS.iter().map(|sign| f64::from(u8::from(*sign == "prior"))).collect();
        probability(&alone, &values)
    }

    /// The file, card first.
    fn written(&self, weights: &[f64], material: &Material, options: &Options, table: &Table) -> String {
        let own: Vec<&str> =
            material.sources().into_iter().filter(|source| !material.sets.contains_key(*source)).collect();
        let from_own = material.judged.iter().filter(|judged| !material.sets.contains_key(&judged.source)).count();
        let mut text = String::from(
            "# How sure a claim is: a logistic model. The weights of its signs add up to the logit of its confidence; what the\n\
             # signs are is told in crates/guanxi-extract/src/confidence.rs. Written by `guanxi-train confidence`; do not edit.\n#\n",
        );
        let _ = writeln!(text, "# date       {}", options.date);
        let _ =
            writeln!(text, "# fitted on  {from_own} claims of tests/gold ({}), made for this project", own.join(", "));
        for (set, licence) in &material.sets {
            let count = material.judged.iter().filter(|judged| judged.source == *set).count();
            let _ = writeln!(
                text,
                "#            {count} claims on judged pairs of {set}, training part ({licence}); no sentence of it is here"
            );
        }
        let _ = writeln!(
            text,
            "# method     logistic regression, penalty {} on squares, sets weigh {}; cross-validated by document, {FOLDS} folds",
            options.penalty, options.weight_of_pairs
        );
        let _ = writeln!(
            text,
            "# measured   on the claims of tests/gold left out: log loss {:.4}, Brier {:.4}, {:.3} right",
            table.log_loss(),
            table.brier(),
            table.share_right()
        );
        let (signs, predicates) = weights.split_at(SIGNS.len());
        text.push_str("\n[signs]\n");
        for (sign, weight) in SIGNS.iter().zip(signs).filter(|(_, weight)| weight.abs() >= 0.0005) {
            let _ = writeln!(text, "{sign} = {weight:.3}");
        }
        text.push_str("\n[predicates]\n");
        for (predicate, weight) in self.predicates.iter().zip(predicates).filter(|(_, weight)| weight.abs() >= 0.0005) {
            let _ = writeln!(text, "{predicate} = {weight:.3}");
        }
        text
    }
}

/// The fold of each document, by a shuffle that is the same everywhere.
fn folds(documents: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..documents).collect();
    let mut state = SEED;
    for at in (1..documents).rev() {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        order.swap(at, ((mixed ^ (mixed >> 31)) % (at as u64 + 1)) as usize);
    }
    let mut folds = vec![0; documents];
    for (place, document) in order.into_iter().enumerate() {
        folds[document] = place % FOLDS;
    }
    folds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reserve_is_refused() {
        for kept in ["reserve", "reserve-wordings"] {
            let error = chosen_gold(&[Path::new("tests/gold").join(kept)], &[]).unwrap_err();
            assert!(error.contains("only ever measured"));
        }
        let (gold, _) = chosen_gold(&[], &[]).unwrap();
        assert_eq!(gold.len(), GOLD.len());
        assert!(!gold.iter().any(|folder| folder.ends_with("reserve")));
    }

    #[test]
    fn folds_are_even_and_always_the_same() {
        let folds = folds(23);
        assert_eq!(folds, super::folds(23));
        for fold in 0..FOLDS {
            assert!((4..=5).contains(&folds.iter().filter(|&&other| other == fold).count()));
        }
        assert_ne!(folds[..5], [0, 1, 2, 3, 4]);
    }
}
