//! `guanxi-train pairs`: learns which relation a sentence states between two names, and writes the model with a card.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract::{self, FURTHEST, GREATEST_WEIGHT, Sight, features, written_row};
use guanxi::model::{Span, Status};
use guanxi::rules::gold::Gold;
use guanxi::{Guanxi, folder};

use crate::confidence::{chosen_gold, texts};
use crate::items;
use crate::logistic::{self, probability};
use crate::sets::{self, Record};
use crate::softmax::{Case, Training, Weights, train};
use crate::table::Table;
use crate::{Language, Learning, share};

/// Label of the sets → predicate.
const LABELS: [(&str, &str); 12] = [
    ("investsIn", "investsIn"),
    ("owns", "owns"),
    ("acquired", "acquired"),
    ("regulates", "regulates"),
    ("offersProduct", "offers"),
    ("founderOf", "founderOf"),
    ("partnerOf", "partnersWith"),
    ("competitorOf", "competesWith"),
    ("listedOn", "listedOn"),
    ("headquarteredIn", "headquarteredIn"),
    ("suppliesTo", "supplies"),
    ("mergedWith", "mergesWith"),
];
/// Both directions are one.
const SYMMETRIC: [&str; 4] = ["partnersWith", "competesWith", "mergesWith", "actsInConcertWith"];
/// A wrong claim of these harms most.
const STRICT: [&str; 9] = [
    "owns",
    "controls",
    "subsidiaryOf",
    "acquired",
    "regulates",
    "supervises",
    "licenses",
    "sanctions",
    "investigates",
];
/// What stands for somebody in a set that lists events: any two that no event joins are not related.
const ACTORS: [&str; 4] = ["ORG", "AGENT", "OBJECT", "PER"];
const NONE: &str = "none";
/// A label of fewer cases is not learned.
const LEAST_CASES: usize = 15;
const FOLDS: usize = 5;
/// Pieces of this sort and above are names.
const NAMES: u8 = 6;
/// Below this confidence a model never stands alone.
const LEAST: f64 = 0.5;
/// Sources of our own: how sure a model must be to stand alone is read off them.
const ITEMS: &str = "data/training";
const GOLD: &str = "tests/gold";
/// What gold has besides: figures, lines of business.
const LEARNED: [&str; 25] = [
    "acquired",
    "owns",
    "investsIn",
    "subsidiaryOf",
    "controls",
    "actsInConcertWith",
    "mergesWith",
    "spunOffFrom",
    "succeeds",
    "founderOf",
    "officerOf",
    "partnersWith",
    "competesWith",
    "supplies",
    "offers",
    "listedOn",
    "headquarteredIn",
    "expandsInto",
    "regulates",
    "supervises",
    "licenses",
    "sanctions",
    "investigates",
    "issued",
    "governs",
];

/// Learn which relation a sentence states between two names
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The day that the card shall bear
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: String,
    #[arg(long)]
    language: Language,
    /// A set of texts with related pairs, to learn from
    #[arg(long = "set", value_name = "SET.jsonl")]
    sets: Vec<PathBuf>,
    /// Such a set to measure on, its names given
    #[arg(long, value_name = "SET.jsonl")]
    dev: Vec<PathBuf>,
    /// NAME.gold.jsonl with NAME.txt beside it or in a folder of --texts; without any, those of tests/gold but what is
    /// only measured on
    #[arg(long, value_name = "FOLDER")]
    gold: Vec<PathBuf>,
    /// Where the texts of --gold are
    #[arg(long, value_name = "FOLDER")]
    texts: Vec<PathBuf>,
    /// Texts in which every name and relation is marked
    #[arg(long, value_name = "FOLDER", default_value = ITEMS)]
    items: PathBuf,
    /// What a pair of a set counts beside one of our own
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.5)]
    weight_of_sets: f64,
    /// Share of right claims, in folds of files of our own, from which on the model speaks alone
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.9)]
    precision: f64,
    /// The same of owners and authorities
    #[arg(long, value_name = "SHARE", value_parser = share, default_value_t = 0.95)]
    precision_strict: f64,
    #[command(flatten)]
    learning: Learning,
    /// `pair-NAME.toml`: the name is what claims call the model
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

/// Two names in a sentence, with what somebody said of them.
struct Pair {
    /// Number of its document: the unit of cross-validation.
    document: usize,
    source: String,
    features: Vec<u64>,
    /// `acquired>`: the first name acquired the second. None where nothing is stated.
    labels: BTreeSet<String>,
    /// Neither end is a common noun.
    named: bool,
    weight: f32,
    /// Number of its sentence.
    sentence: u32,
}

/// All pairs, with what the card tells of them.
#[derive(Default)]
struct Material {
    pairs: Vec<Pair>,
    documents: usize,
    /// Source → licence.
    sets: BTreeMap<String, String>,
    /// Relations between names that a set states, found in one sentence or not.
    stated: usize,
    /// What the pairs count that are read now.
    weight: f32,
    /// Number of the sentence or item that is read now.
    sentence: u32,
}

/// Reads, learns, measures and writes.
pub fn run(options: &Options) -> Result<(), String> {
    let name = options.output.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if !name.starts_with("pair-") || !name.ends_with(".toml") {
        return Err("--output wants a file pair-NAME.toml".to_owned());
    }
    let (mut gold, places) = chosen_gold(&options.gold, &options.texts)?;
    if options.gold.is_empty() {
        gold.push(Path::new(GOLD).join("wordings"));
    }
    let chinese = options.language.is_chinese();
    let mut files = folder::files(Path::new("data")).map_err(|error| error.to_string())?;
    // What a model of pairs will see at work: names as the models of names cut and class them.
    files.models.retain(|file| !file.path.contains("pair-"));
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    let mut material = Material { weight: options.weight_of_sets as f32, ..Material::default() };
    for set in &options.sets {
        material.read_set(&guanxi, set)?;
    }
    material.weight = 1.0;
    for file in items::files(&options.items)? {
        material.read_items(&guanxi, &file, chinese)?;
    }
    let texts = texts(&gold, &places)?;
    for folder in &gold {
        let gold = Gold::read(folder).map_err(|error| error.to_string())?;
        for stem in gold.texts() {
            let text = texts.get(stem).ok_or_else(|| format!("{}: no text {stem}", folder.display()))?;
            material.read_gold(&guanxi, &gold, stem, &text.into(), chinese);
        }
    }
    let learner = Learner::new(&material, options);
    let told = learner.cross_validated(&material);
    let calibration = calibration(&told);
    let table = |wanted: &dyn Fn(&Told) -> bool| {
        Table(told.iter().filter(|told| wanted(told)).filter_map(|told| told.case(calibration)).collect())
    };
    let mut figures = format!("left out, all: {}", table(&|_| true));
    let sources: BTreeSet<&str> = material.pairs.iter().map(|pair| pair.source.as_str()).collect();
    for source in &sources {
        let told: Vec<&Told> = told.iter().filter(|told| told.source == *source).collect();
        let stated = told.iter().map(|told| told.stated).sum();
        let _ = writeln!(figures, "left out, {source}:{}", reached(&told, stated, calibration));
    }
    let weights = learner.learned(&material, |_| true);
    for set in &options.dev {
        let _ = writeln!(figures, "{}", learner.measured(&guanxi, set, &weights, calibration)?);
    }
    println!("{figures}");
    let least = learner.least(&told, calibration, options);
    let text = learner.written(&weights, calibration, &material, options, &figures, &least);
    println!("{}", learner.by_label(&told, calibration, &least));
    fs::write(&options.output, text).map_err(|error| format!("{}: {error}", options.output.display()))
}

impl Record {
    /// Judged pairs, the first end before the second, with what is stated of them.
    fn judged(&self) -> BTreeMap<(usize, usize), BTreeSet<String>> {
        let mut judged: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        let before = |one: usize, other: usize| self.entities[one].span().start <= self.entities[other].span().start;
        for mapped in self.relations.iter().filter_map(|stated| stated.mapped.as_ref()) {
            let (Some(head), Some(tail), Some(kind)) = (mapped.head, mapped.tail, &mapped.kind) else { continue };
            if head.max(tail) >= self.entities.len() {
                continue;
            }
            let pair = if before(head, tail) { (head, tail) } else { (tail, head) };
            let labels = judged.entry(pair).or_default();
            if let Some((_, predicate)) = LABELS.iter().find(|(label, _)| label == kind) {
                labels.insert(label(predicate, before(head, tail)));
            }
        }
        if self.annotation.starts_with("event-exhaustive") {
            let actors = || (0..self.entities.len()).filter(|&at| ACTORS.contains(&&*self.entities[at].kind));
            for (one, other) in actors().flat_map(|one| actors().map(move |other| (one, other))) {
                if self.entities[one].span().end <= self.entities[other].span().start {
                    judged.entry((one, other)).or_default();
                }
            }
        }
        judged
    }
}

fn label(predicate: &str, forward: bool) -> String {
    match (SYMMETRIC.contains(&predicate), forward) {
        (true, _) => predicate.to_owned(),
        (false, true) => format!("{predicate}>"),
        (false, false) => format!("{predicate}<"),
    }
}

impl Material {
    fn read_set(&mut self, guanxi: &Guanxi, file: &Path) -> Result<(), String> {
        for record in sets::read(file)? {
            self.sentence += 1;
            let name = record.id.to_string();
            let input = extract::Input::text(&name, record.text.as_bytes());
            for ((one, other), labels) in record.judged() {
                let (one, other) = (&record.entities[one], &record.entities[other]);
                let spans = [one.span(), other.span()];
                let named = !one.nominal && !other.nominal;
                self.stated += if named { labels.len() } else { 0 };
                for sight in guanxi.extractor().sights(&input, &spans) {
                    let place = |span: Span| {
                        sight.spans.iter().position(|known| known.start < span.end && span.start < known.end)
                    };
                    if let (Some(first), Some(second)) = (place(spans[0]), place(spans[1])) {
                        self.take(&record.source, &sight, (first, second), labels.clone(), named);
                    }
                }
            }
            self.documents += 1;
            self.sets.entry(record.source).or_insert(record.license);
        }
        Ok(())
    }

    /// The pairs of names in each sentence of a text of our own: what the gold relates is told where both stand together
    /// first; later sentences may have them together without saying so again.
    fn read_gold(&mut self, guanxi: &Guanxi, gold: &Gold, stem: &str, input: &extract::Input<'_>, chinese: bool) {
        let mut told = BTreeSet::new();
        for sight in guanxi.extractor().sights(input, &[]).iter().filter(|sight| sight.chinese == chinese) {
            let named: Vec<usize> =
                (0..sight.row.pieces.len()).filter(|&at| sight.row.pieces[at].sort >= NAMES).collect();
            for (index, &first) in named.iter().enumerate() {
                for &second in &named[index + 1..] {
                    let (one, other) = (&sight.names[first], &sight.names[second]);
                    if one.iter().any(|name| other.contains(name)) {
                        continue;
                    }
                    let stated = [(true, gold.between(stem, one, other)), (false, gold.between(stem, other, one))];
                    let labels: BTreeSet<String> = stated
                        .iter()
                        .flat_map(|(forward, told)| told.iter().map(|(name, plain)| (*forward, *name, *plain)))
                        .filter(|(_, name, plain)| *plain && LEARNED.contains(name))
                        .map(|(forward, name, _)| label(name, forward))
                        .collect();
                    let is_stated = stated.iter().any(|(_, predicates)| !predicates.is_empty());
                    let again = is_stated && !told.insert((one.clone(), other.clone()));
                    if again {
                        continue;
                    }
                    self.take(GOLD, sight, (first, second), labels, true);
                }
            }
        }
        self.documents += 1;
    }

    /// The pairs of names in each sentence of our own items: what relates two things is told where their names stand
    /// closest.
    fn read_items(&mut self, guanxi: &Guanxi, file: &Path, chinese: bool) -> Result<(), String> {
        let is_predicate = |name: &str| guanxi.schema().predicate(name).is_some();
        for item in items::read(file, is_predicate)? {
            self.sentence += 1;
            let spans: Vec<Span> = item.names.iter().map(|name| name.span).collect();
            let input = extract::Input::text("item", item.text.as_bytes());
            let sights = guanxi.extractor().sights(&input, &spans);
            let mut together = Vec::new();
            for (sentence, sight) in sights.iter().enumerate().filter(|(_, sight)| sight.chinese == chinese) {
                let thing = |at: usize| {
                    let span = sight.spans[at];
                    let name = item.names.iter().find(|name| name.span.start < span.end && span.start < name.span.end);
                    name.map(|name| (at, name.thing))
                };
                let named: Vec<(usize, u32)> = (0..sight.spans.len()).filter_map(thing).collect();
                for (index, &(first, one)) in named.iter().enumerate() {
                    let behind = named[index + 1..].iter().filter(|(_, other)| *other != one);
                    together.extend(behind.map(|&(second, other)| (sentence, (first, second), (one, other))));
                }
            }
            together.sort_by_key(|(sentence, (first, second), _)| (second - first, *sentence, *first));
            let mut told = BTreeSet::new();
            for (sentence, places, (one, other)) in together {
                let stated = |subject: u32, object: u32| {
                    let stated =
                        item.relations.iter().filter(move |told| (told.subject, told.object) == (subject, object));
                    stated.map(|told| (told.predicate.as_str(), told.status))
                };
                let both =
                    stated(one, other).map(|told| (true, told)).chain(stated(other, one).map(|told| (false, told)));
                let both: Vec<_> = both.collect();
                if !both.is_empty() && !told.insert((one.min(other), one.max(other))) {
                    continue;
                }
                let plain = both.iter().filter(|(_, (_, status))| matches!(status, Status::Asserted | Status::Planned));
                let labels = plain.map(|(forward, (name, _))| label(name, *forward)).collect();
                self.take(ITEMS, &sights[sentence], places, labels, true);
            }
        }
        self.documents += 1;
        Ok(())
    }

    fn take(
        &mut self,
        source: &str,
        sight: &Sight,
        (first, second): (usize, usize),
        labels: BTreeSet<String>,
        named: bool,
    ) {
        if first >= second || second - first > FURTHEST {
            return;
        }
        let mut seen = Vec::new();
        features(&sight.row, first, second, &mut seen);
        seen.sort_unstable();
        seen.dedup();
        let (document, source) = (self.documents, source.to_owned());
        self.pairs.push(Pair {
            document,
            source,
            features: seen,
            labels,
            named,
            weight: self.weight,
            sentence: self.sentence,
        });
    }
}

/// What the model chose for a pair that it had not seen.
struct Told {
    source: String,
    chosen: usize,
    lead: f64,
    right: bool,
    /// Relations that the pair has, and how many of them the choice states.
    stated: usize,
    found: usize,
}

impl Told {
    /// Confidence and truth, where something was said.
    fn case(&self, (offset, slope): (f64, f64)) -> Option<(f64, bool)> {
        (self.chosen > 0).then(|| (probability(&[offset, slope], &[1.0, self.lead]), self.right))
    }
}

/// Offset and slope that make a lead the logit of being right.
fn calibration(told: &[Told]) -> (f64, f64) {
    let said = told.iter().filter(|told| told.chosen > 0);
    let case = |told: &Told| logistic::Case { values: vec![1.0, told.lead], right: told.right, weight: 1.0 };
    let cases: Vec<_> = said.map(case).collect();
    let fitted = logistic::fit(&cases, &[0.0, 1.0], &[0.01, 0.01]);
    (fitted[0], fitted[1])
}

struct Learner {
    labels: Vec<String>,
    training: Training,
    cases: Vec<Case>,
}

impl Learner {
    fn new(material: &Material, options: &Options) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for label in material.pairs.iter().flat_map(|pair| &pair.labels) {
            *counts.entry(label).or_default() += 1;
        }
        let known = counts.into_iter().filter(|(_, count)| *count >= LEAST_CASES).map(|(label, _)| label.to_owned());
        let labels: Vec<String> = std::iter::once(NONE.to_owned()).chain(known).collect();
        let Learning { epochs, bits, seed } = options.learning;
        let (rate, least_sentences, dropped, weight_of_nothing) = (0.2, 3, 0.5, 0.3);
        let training =
            Training { labels: labels.len(), bits, epochs, seed, rate, least_sentences, dropped, weight_of_nothing };
        let case = |pair: &Pair| {
            let known = pair.labels.iter().filter_map(|label| labels.iter().position(|known| known == label));
            let known: Vec<usize> = known.collect();
            let labels = if known.is_empty() { vec![0] } else { known };
            Case { features: pair.features.clone(), labels, weight: pair.weight, sentence: pair.sentence }
        };
        let cases = material.pairs.iter().map(case).collect();
        Self { labels, training, cases }
    }

    fn learned(&self, material: &Material, takes: impl Fn(&Pair) -> bool) -> Weights {
        let chosen = material.pairs.iter().zip(&self.cases).filter(|(pair, _)| takes(pair));
        train(&chosen.map(|(_, case)| case).collect::<Vec<_>>(), self.training)
    }

    /// What each pair is told by weights that never saw its document.
    fn cross_validated(&self, material: &Material) -> Vec<Told> {
        let mut told = Vec::new();
        for fold in 0..FOLDS {
            let out = |pair: &Pair| pair.document % FOLDS == fold;
            let weights = self.learned(material, |pair| !out(pair));
            let left_out = material.pairs.iter().zip(&self.cases).filter(|(pair, _)| out(pair) && pair.named);
            told.extend(left_out.map(|(pair, case)| self.told(&weights, pair, case)));
        }
        told
    }

    fn told(&self, weights: &Weights, pair: &Pair, case: &Case) -> Told {
        let (chosen, lead) = weights.choose(case);
        let found = pair.labels.iter().filter(|gold| states(&self.labels[chosen], gold)).count();
        Told { source: pair.source.clone(), chosen, lead, right: found > 0, stated: pair.labels.len(), found }
    }

    /// Precision, recall and F1 on a set with its names given, a line for each of some confidences.
    fn measured(
        &self,
        guanxi: &Guanxi,
        set: &Path,
        weights: &Weights,
        calibration: (f64, f64),
    ) -> Result<String, String> {
        let mut material = Material::default();
        material.read_set(guanxi, set)?;
        let named = material.pairs.iter().filter(|pair| pair.named);
        let told: Vec<Told> = named
            .map(|pair| {
                let case = Case { features: pair.features.clone(), labels: Vec::new(), weight: 1.0, sentence: 0 };
                self.told(weights, pair, &case)
            })
            .collect();
        let name = set.file_name().unwrap_or_default().to_string_lossy();
        Ok(format!("{name}:{}", reached(&told.iter().collect::<Vec<_>>(), material.stated, calibration)))
    }

    /// Of each label: how often it was said of pairs of our own from its confidence on, and how often rightly.
    fn by_label(&self, told: &[Told], calibration: (f64, f64), least: &[f64]) -> String {
        let mut text = String::from("label, least, said, right\n");
        for (label, name) in self.labels.iter().enumerate().skip(1) {
            let own = told.iter().filter(|told| told.chosen == label && matches!(&*told.source, ITEMS | GOLD));
            let cases: Vec<_> = own.filter_map(|told| told.case(calibration)).collect();
            let said: Vec<_> = cases.iter().filter(|(sure, _)| *sure >= least[label]).collect();
            let right = said.iter().filter(|(_, right)| *right).count();
            let _ = writeln!(text, "{name:20} {:.3} {:5} {right:5} of {}", least[label], said.len(), cases.len());
        }
        text
    }

    /// From which confidence on each label is right often enough, on pairs of our own that were left out.
    fn least(&self, told: &[Told], calibration: (f64, f64), options: &Options) -> Vec<f64> {
        let least = |(label, name): (usize, &String)| {
            let strict = STRICT.contains(&name.trim_end_matches(['>', '<']));
            let wanted = if strict { options.precision_strict } else { options.precision };
            let own = told.iter().filter(|told| told.chosen == label && matches!(&*told.source, ITEMS | GOLD));
            least_for(own.filter_map(|told| told.case(calibration)).collect(), wanted)
        };
        self.labels.iter().enumerate().map(least).collect()
    }

    /// The file, card first.
    fn written(
        &self,
        weights: &Weights,
        (offset, slope): (f64, f64),
        material: &Material,
        options: &Options,
        figures: &str,
        least: &[f64],
    ) -> String {
        let (rows, unit) = weights.rounded(GREATEST_WEIGHT);
        let mut text = String::from(
            "# Which relation a sentence states between two names: a linear model over hashed features of the words around\n\
             # them. Written by `guanxi-train pairs`; do not edit. How it is used is told in docs/models.md.\n#\n",
        );
        let _ = writeln!(text, "# date       {}\n# seed       {}", options.date, options.learning.seed);
        for (set, licence) in &material.sets {
            let count = material.pairs.iter().filter(|pair| pair.source == *set).count();
            let _ = writeln!(
                text,
                "# learned of {count} pairs of {set}, training part ({licence}); no sentence of it is here"
            );
        }
        let own = material.pairs.iter().filter(|pair| !material.sets.contains_key(&pair.source)).count();
        let _ =
            writeln!(text, "#            {own} pairs of names in data/training and tests/gold, made for this project");
        if material.sets.values().any(|licence| licence.contains("-SA")) {
            text.push_str(
                "# licence    this file is under the share-alike licence of its set: whoever passes on a changed one passes it on\n\
                 #            under the same licence. The program does without it where the file is taken away.\n",
            );
        }
        let _ = writeln!(
            text,
            "# method     softmax by AdaGrad, {} rounds, 2^{} rows; calibrated and measured by {FOLDS} folds of documents, names\n#            given",
            options.learning.epochs, options.learning.bits
        );
        for line in figures.lines() {
            let _ = writeln!(text, "#   {line}");
        }
        let language = options.language.code();
        let _ = writeln!(text, "\nlanguage = \"{language}\"\nversion = 1\nlabels = {:?}", self.labels);
        let _ = writeln!(text, "# From this confidence on each label stands alone.\nleast = {least:?}");
        let _ = writeln!(text, "unit = {unit:.6}\ncalibration = [{offset:.4}, {slope:.4}]");
        text.push_str("# A row a line, a character a weight, S for 0; an empty row is all zeros.\nweights = '''\n");
        for row in rows.chunks(weights.labels) {
            text.push_str(&written_row(row));
            text.push('\n');
        }
        text.push_str("'''\n");
        text
    }
}

/// Precision, recall and F1, a line for each of some confidences.
fn reached(told: &[&Told], stated: usize, calibration: (f64, f64)) -> String {
    let mut text = String::new();
    for least in [0.0, 0.5, 0.7, 0.8, 0.9] {
        let said = || told.iter().filter(|told| told.case(calibration).is_some_and(|(sure, _)| sure >= least));
        let right = said().filter(|told| told.right).count() as f64;
        let found: usize = said().map(|told| told.found).sum();
        let precision = right / said().count().max(1) as f64;
        let recall = found as f64 / stated.max(1) as f64;
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        let _ = write!(text, "\n  at {least:.1}: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
    }
    text
}

/// The least confidence from which on so large a share is right, one more wrong one counted; 1 where there is none.
fn least_for(mut cases: Vec<(f64, bool)>, wanted: f64) -> f64 {
    cases.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut least = 1.0;
    let mut right = 0;
    for (count, (sure, is_right)) in (1..).zip(cases).take_while(|(_, (sure, _))| *sure >= LEAST) {
        right += usize::from(is_right);
        if right as f64 / f64::from(count + 1) >= wanted {
            least = (sure * 1000.0).floor() / 1000.0;
        }
    }
    least
}

/// Whether the label that was chosen says what the gold says: who buys owns, who owns has invested.
fn states(chosen: &str, gold: &str) -> bool {
    let follows = [("owns", "investsIn"), ("acquired", "owns")];
    chosen == gold
        || follows.iter().any(|(more, less)| {
            let stripped = |label: &'_ str| label.trim_end_matches(['>', '<']).to_owned();
            stripped(chosen) == *more && stripped(gold) == *less && chosen.ends_with('>') == gold.ends_with('>')
        })
}
