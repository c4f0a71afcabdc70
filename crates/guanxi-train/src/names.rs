//! `guanxi-train names`: learns what the names are that neither a list nor their form settles, and writes the model with
//! a card.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract::{self, GREATEST_WEIGHT, NameSeen, written_row};
use guanxi::model::Span;
use guanxi::{Guanxi, folder};

use crate::items::{self, Item};
use crate::logistic::{self, probability};
use crate::softmax::{Case, Training, Weights, train};
use crate::table::Table;
use crate::{Language, Learning, share};

/// What a name can be: the letter of the annotation, the label of the model, and the classes that answer to it.
const LABELS: [(char, &str, &[&str]); 9] = [
    ('C', "Company", &["Company"]),
    ('F', "Fund", &["Fund"]),
    ('A', "Authority", &["Regulator", "PublicBody"]),
    ('R', "Regulation", &["Regulation"]),
    ('P', "Person", &["Person"]),
    ('D', "Product", &["Product"]),
    ('L', "Place", &["Place"]),
    ('X', "Exchange", &["Exchange"]),
    ('O', "Organization", &["Organization"]),
];
const FOLDS: usize = 5;

/// Learn what the names are that neither a list nor their form settles
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The day that the card shall bear
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
    #[arg(long)]
    language: Language,
    /// Texts in which every name is marked; those of data/training in the language without it
    #[arg(long, value_name = "FOLDER")]
    items: Option<PathBuf>,
    /// A name is taken for what the model says from the confidence on at which so many were right, in folds
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.9)]
    right: f64,
    /// What is less likely than this beside the likeliest is ruled out
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.01)]
    unlikely: f64,
    #[command(flatten)]
    learning: Learning,
    /// `name-LANGUAGE.toml`
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// A name that was seen, and what it is: one more than its place among the labels, 0 for none, nothing where the
/// finders cut it wrong.
struct Seen {
    file: usize,
    seen: NameSeen,
    label: Option<usize>,
}

struct Material {
    seen: Vec<Seen>,
    /// For each label: names, found in their borders, only touched.
    found: [[usize; 3]; LABELS.len()],
    files: usize,
    items: usize,
}

/// Reads, learns, prints and writes.
pub fn run(options: &Options) -> Result<(), String> {
    let name = options.output.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.starts_with("name-") || !name.ends_with(".toml") {
        return Err("--output wants a file name-LANGUAGE.toml".to_owned());
    }
    let mut files = folder::files(Path::new("data")).map_err(|error| error.to_string())?;
    files.models.clear();
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    let material = Material::read(&guanxi, options)?;
    println!("{}", material.finders());
    let told = material.cross_validated(options);
    let calibration = calibration(&told);
    let mut figures = format!("{} items in {} files, by folds of files\n", material.items, material.files);
    figures += &material.finders();
    let table = Table(told.iter().map(|told| told.case(calibration)).collect());
    let _ = writeln!(figures, "open names left out: {table}");
    let sure = sure(&told, calibration, options.right);
    figures += &by_label(&told, calibration, &sure);
    println!("{figures}");
    let weights =
        train(&material.cases(|_| true).iter().collect::<Vec<_>>(), training(options.learning, LABELS.len() + 1));
    fs::write(&options.output, written(&weights, calibration, &sure, &material, options, &figures))
        .map_err(|error| format!("{}: {error}", options.output.display()))
}

/// How a model of names is learned: it sees few features of a name, and needs each of them.
pub fn training(Learning { epochs, bits, seed }: Learning, labels: usize) -> Training {
    let (rate, least_sentences, dropped, weight_of_nothing) = (0.5, 2, 0.0, 1.0);
    Training { labels, bits, epochs, seed, rate, least_sentences, dropped, weight_of_nothing }
}

/// A case that stands for itself.
pub fn case(features: &[u64], label: usize, number: usize) -> Case {
    let mut features = features.to_vec();
    features.sort_unstable();
    features.dedup();
    Case { features, labels: vec![label], weight: 1.0, sentence: number as u32 }
}

/// The names of an item, each with its place among the labels.
fn labelled(item: &Item) -> impl Iterator<Item = (Span, usize)> {
    let label = |class: char| LABELS.iter().position(|(known, ..)| *known == class);
    item.names.iter().filter_map(move |name| Some((name.span, label(name.class)?)))
}

impl Material {
    fn read(guanxi: &Guanxi, options: &Options) -> Result<Self, String> {
        let own = || Path::new("data/training").join(options.language.code());
        let (items, files) = items::all(guanxi, &options.items.clone().unwrap_or_else(own))?;
        let mut material = Self { seen: Vec::new(), found: Default::default(), files, items: 0 };
        for (file, item) in &items {
            material.take(guanxi, *file, item, options.language);
        }
        Ok(material)
    }

    fn take(&mut self, guanxi: &Guanxi, file: usize, item: &Item, language: Language) {
        self.items += 1;
        let given: Vec<Span> = item.names.iter().map(|name| name.span).collect();
        let seen = guanxi.extractor().names_seen(&extract::Input::text("item.txt", item.text.as_bytes()), &given);
        for (span, label) in labelled(item) {
            let found = |same: &dyn Fn(Span) -> bool| seen.iter().any(|seen| seen.found.is_some() && same(seen.span));
            let exact = found(&|seen| seen == span);
            let counts = &mut self.found[label];
            counts[0] += 1;
            counts[1] += usize::from(exact);
            counts[2] += usize::from(!exact && found(&|seen| seen.overlaps(span)));
        }
        for seen in seen.into_iter().filter(|seen| seen.chinese == language.is_chinese()) {
            let exact = labelled(item).find(|(span, _)| *span == seen.span).map(|(_, label)| label + 1);
            let touched = given.iter().any(|span| span.overlaps(seen.span));
            let label = exact.or(if touched { None } else { Some(0) });
            self.seen.push(Seen { file, seen, label });
        }
    }

    /// What the finders make of the names: by class, and what they take for a name that is none.
    fn finders(&self) -> String {
        let mut text = String::from(
            "class: names, found exactly, only touched, missed | of those found: known or shown right, wrong; open with \
             its class, without\n",
        );
        for (label, (_, name, classes)) in LABELS.iter().enumerate() {
            let [all, exact, touched] = self.found[label];
            let mut counts = [0; 4];
            for found in self.seen.iter().filter(|seen| seen.label == Some(label + 1)) {
                let Some(found) = &found.seen.found else { continue };
                let right = found.classes.split('|').any(|class| classes.contains(&class));
                counts[usize::from(!found.known && !found.shown) * 2 + usize::from(!right)] += 1;
            }
            let missed = all - exact - touched;
            let [right, wrong, with, without] = counts;
            let _ = writeln!(text, "{name}: {all}, {exact}, {touched}, {missed} | {right}, {wrong}; {with}, {without}");
        }
        let count = |label: Option<usize>| {
            let mut counts = [0; 3];
            for found in self.seen.iter().filter(|seen| seen.label == label).filter_map(|seen| seen.seen.found.as_ref())
            {
                counts[if found.known { 0 } else { 1 + usize::from(!found.shown) }] += 1;
            }
            counts
        };
        let (none, cut) = (count(Some(0)), count(None));
        let _ = writeln!(text, "no name, but taken for one: known, shown, open {none:?}; cut wrong {cut:?}");
        text
    }

    fn cases(&self, takes: impl Fn(&Seen) -> bool) -> Vec<Case> {
        let mut cases = Vec::new();
        for seen in self.seen.iter().filter(|seen| takes(seen)) {
            let Some(label) = seen.label else { continue };
            // What a name is must be told by what stands around it as well as by its letters.
            for features in [&seen.seen.features, &seen.seen.without_letters] {
                cases.push(case(features, label, cases.len()));
            }
        }
        cases
    }

    /// What each open name is told by weights that never saw its file.
    fn cross_validated(&self, options: &Options) -> Vec<Told> {
        let mut told = Vec::new();
        for fold in 0..FOLDS.min(self.files) {
            let out = |seen: &Seen| seen.file % FOLDS == fold;
            let cases = self.cases(|seen| !out(seen));
            let weights = train(&cases.iter().collect::<Vec<_>>(), training(options.learning, LABELS.len() + 1));
            for seen in self.seen.iter().filter(|seen| out(seen)) {
                let open = seen.seen.found.as_ref().is_some_and(|found| !found.known && !found.shown);
                if let Some(label) = seen.label.filter(|_| open) {
                    let (chosen, lead) = weights.choose(&case(&seen.seen.features, label, 0));
                    told.push(Told { chosen, lead, label });
                }
            }
        }
        told
    }
}

/// What the model chose for a name that it had not seen.
struct Told {
    chosen: usize,
    lead: f64,
    label: usize,
}

impl Told {
    fn case(&self, (offset, slope): (f64, f64)) -> (f64, bool) {
        (probability(&[offset, slope], &[1.0, self.lead]), self.chosen == self.label)
    }
}

/// Offset and slope that make a lead the logit of being right.
fn calibration(told: &[Told]) -> (f64, f64) {
    let case =
        |told: &Told| logistic::Case { values: vec![1.0, told.lead], right: told.chosen == told.label, weight: 1.0 };
    let cases: Vec<_> = told.iter().map(case).collect();
    let fitted = logistic::fit(&cases, &[0.0, 1.0], &[0.01, 0.01]);
    (fitted[0], fitted[1])
}

fn name_of(label: usize) -> &'static str {
    label.checked_sub(1).map_or("none", |at| LABELS[at].1)
}

/// For each label the confidence from which on so many of those that it is said of are right; 1 where it never is sure.
fn sure(told: &[Told], calibration: (f64, f64), right: f64) -> Vec<f64> {
    const LEAST_SAID: usize = 10;
    let from = |label: usize| {
        let reached = |least: &f64| {
            let said = told.iter().filter(|told| told.chosen == label && told.case(calibration).0 >= *least);
            let (said, good) =
                said.fold((0, 0), |(said, good), told| (said + 1, good + usize::from(told.label == label)));
            said >= LEAST_SAID && good as f64 >= right * said as f64
        };
        (10..20).map(|step| f64::from(step) / 20.0).find(reached).unwrap_or(1.0)
    };
    (0..=LABELS.len()).map(from).collect()
}

/// For each label how many there are, and what is right of what is said of them: at all, and surely.
fn by_label(told: &[Told], calibration: (f64, f64), sure: &[f64]) -> String {
    let mut text =
        String::from("label: names; said, right; said surely, right, from which confidence on | taken for\n");
    for (label, &sure) in sure.iter().enumerate() {
        let all = told.iter().filter(|told| told.label == label).count();
        let said = || told.iter().filter(|told| told.chosen == label);
        let right = said().filter(|told| told.label == label).count();
        let surely = || said().filter(|told| told.case(calibration).0 >= sure);
        let surely_right = surely().filter(|told| told.label == label).count();
        let mut others: BTreeMap<&str, usize> = BTreeMap::new();
        for told in told.iter().filter(|told| told.label == label && told.chosen != label) {
            *others.entry(name_of(told.chosen)).or_default() += 1;
        }
        let (said, surely) = (said().count(), surely().count());
        let name = name_of(label);
        let _ = writeln!(text, "{name}: {all}; {said}, {right}; {surely}, {surely_right}, {sure} | {others:?}");
    }
    text
}

/// The file, card first.
fn written(
    weights: &Weights,
    (offset, slope): (f64, f64),
    sure: &[f64],
    material: &Material,
    options: &Options,
    figures: &str,
) -> String {
    let (rows, unit) = weights.rounded(GREATEST_WEIGHT);
    let mut text = String::from(
        "# What a name is that neither a list nor its form settles: a linear model over hashed features of the name and the\n\
         # words around it. Written by `guanxi-train names`; do not edit. How it is used is told in docs/models.md.\n#\n",
    );
    let _ = writeln!(text, "# date       {}\n# seed       {}", options.date, options.learning.seed);
    let _ = writeln!(text, "# learned of {} sentences in data/training, made for this project\n#", material.items);
    for line in figures.lines() {
        let _ = writeln!(text, "# {line}");
    }
    let labels: Vec<String> = (0..=LABELS.len()).map(|label| format!("{:?}", name_of(label))).collect();
    let language = options.language.code();
    let _ = writeln!(text, "\nlanguage = \"{language}\"\nlabels = [{}]", labels.join(", "));
    let _ = writeln!(text, "sure = {sure:?}\nunlikely = {:?}", options.unlikely);
    let _ = writeln!(text, "unit = {unit:?}\ncalibration = [{offset:?}, {slope:?}]\nweights = '''");
    for row in rows.chunks(weights.labels) {
        let _ = writeln!(text, "{}", written_row(row));
    }
    text.push_str("'''\n");
    text
}
