//! `guanxi-train pairs`: learns which relation a sentence states between two names, and writes the model with a card.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use guanxi::extract::{self, FURTHEST, GREATEST_WEIGHT, Sight, features, written_row};
use guanxi::model::Span;
use guanxi::rules::gold::Gold;
use guanxi::{Guanxi, folder};
use serde::Deserialize;

use crate::confidence::{SEED, choose_gold, texts};
use crate::logistic::{self, probability};
use crate::softmax::{Case, Training, Weights, train};
use crate::table::Table;

/// Label of the sets → predicate, and whether both directions are one.
const LABELS: [(&str, &str, bool); 12] = [
    ("investsIn", "investsIn", false),
    ("owns", "owns", false),
    ("acquired", "acquired", false),
    ("regulates", "regulates", false),
    ("offersProduct", "offers", false),
    ("founderOf", "founderOf", false),
    ("partnerOf", "partnersWith", true),
    ("competitorOf", "competesWith", true),
    ("listedOn", "listedOn", false),
    ("headquarteredIn", "headquarteredIn", false),
    ("suppliesTo", "supplies", false),
    ("mergedWith", "mergesWith", true),
];
/// A wrong claim of these harms most.
const STRICT: [&str; 2] = ["owns", "regulates"];
/// What stands for somebody in a set that lists events: any two that no event joins are not related.
const ACTORS: [&str; 4] = ["ORG", "AGENT", "OBJECT", "PER"];
const NONE: &str = "none";
/// A label of fewer cases is not learned.
const LEAST_CASES: usize = 20;
const FOLDS: usize = 3;
/// Pieces of this sort and above are names.
const NAMES: u8 = 6;

/// What the command line asks for.
#[derive(Debug)]
pub struct Options {
    date: String,
    chinese: bool,
    sets: Vec<PathBuf>,
    dev: Vec<PathBuf>,
    gold: Vec<PathBuf>,
    texts: Vec<PathBuf>,
    output: PathBuf,
    least: f64,
    least_strict: f64,
    epochs: usize,
    bits: u32,
    seed: u64,
}

impl Options {
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let mut options = Self {
            date: String::new(),
            chinese: false,
            sets: Vec::new(),
            dev: Vec::new(),
            gold: Vec::new(),
            texts: Vec::new(),
            output: PathBuf::new(),
            least: 0.8,
            least_strict: 0.9,
            epochs: 8,
            bits: 17,
            seed: SEED,
        };
        let mut language = "";
        let mut words = words.iter();
        while let Some(option) = words.next() {
            let value = words.next().ok_or_else(|| format!("{option} wants a value"))?;
            let share = || {
                let share = value.parse().ok().filter(|share| (0.0..=1.0).contains(share));
                share.ok_or_else(|| format!("{option} wants a number from 0 to 1, not `{value}`"))
            };
            let number = || value.parse::<u64>().map_err(|_| format!("{option} wants a number, not `{value}`"));
            match option.as_str() {
                "--date" => options.date.clone_from(value),
                "--language" => language = value,
                "--set" => options.sets.push(value.into()),
                "--dev" => options.dev.push(value.into()),
                "--gold" => options.gold.push(value.into()),
                "--texts" => options.texts.push(value.into()),
                "--output" => options.output = value.into(),
                "--least" => options.least = share()?,
                "--least-strict" => options.least_strict = share()?,
                "--epochs" => options.epochs = number()? as usize,
                "--bits" => options.bits = number()?.clamp(4, 20) as u32,
                "--seed" => options.seed = number()?,
                _ => return Err(format!("no option {option}\n\n{}", crate::USAGE)),
            }
        }
        options.chinese = language == "zh";
        if options.date.is_empty() || !matches!(language, "en" | "zh") {
            return Err("--date wants the day that the card shall bear, --language en or zh".to_owned());
        }
        let name = options.output.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !name.starts_with("pair-") || !name.ends_with(".toml") {
            return Err("--output wants a file pair-NAME.toml".to_owned());
        }
        choose_gold(&mut options.gold, &mut options.texts)?;
        Ok(options)
    }
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
}

/// Reads, learns, measures and writes.
pub fn run(options: &Options) -> Result<(), String> {
    let mut files = folder::files(Path::new("data")).map_err(|error| error.to_string())?;
    files.models.clear();
    let guanxi = Guanxi::new(&files).map_err(|error| error.to_string())?;
    let mut material = Material::default();
    for set in &options.sets {
        material.read_set(&guanxi, set)?;
    }
    let texts = texts(&options.gold, &options.texts)?;
    for folder in &options.gold {
        let gold = Gold::read(folder).map_err(|error| error.to_string())?;
        for stem in gold.texts() {
            let text = texts.get(stem).ok_or_else(|| format!("{}: no text {stem}", folder.display()))?;
            material.read_gold(&guanxi, &gold, stem, &text.into(), options.chinese);
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
        let _ = writeln!(figures, "left out, {source}: {}", table(&|told| told.source == *source));
    }
    let weights = learner.learned(&material, |_| true);
    for set in &options.dev {
        let _ = writeln!(figures, "{}", learner.measured(&guanxi, set, &weights, calibration)?);
    }
    println!("{figures}");
    let text = learner.written(&weights, calibration, &material, options, &figures);
    fs::write(&options.output, text).map_err(|error| format!("{}: {error}", options.output.display()))
}

#[derive(Deserialize)]
struct Record {
    id: serde_json::Value,
    text: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    annotation: String,
    entities: Vec<Named>,
    relations: Vec<Stated>,
}

#[derive(Deserialize)]
struct Named {
    start: u32,
    end: u32,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    nominal: bool,
}

#[derive(Deserialize)]
struct Stated {
    mapped: Option<Mapped>,
}

#[derive(Deserialize)]
struct Mapped {
    #[serde(rename = "type")]
    kind: Option<String>,
    head: Option<usize>,
    tail: Option<usize>,
}

impl Record {
    /// Judged pairs, the first end before the second, with what is stated of them.
    fn judged(&self) -> BTreeMap<(usize, usize), BTreeSet<String>> {
        let mut judged: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        let before = |one: usize, other: usize| self.entities[one].start <= self.entities[other].start;
        for mapped in self.relations.iter().filter_map(|stated| stated.mapped.as_ref()) {
            let (Some(head), Some(tail), Some(kind)) = (mapped.head, mapped.tail, &mapped.kind) else { continue };
            if head.max(tail) >= self.entities.len() {
                continue;
            }
            let pair = if before(head, tail) { (head, tail) } else { (tail, head) };
            let labels = judged.entry(pair).or_default();
            if let Some((_, predicate, symmetric)) = LABELS.iter().find(|(label, ..)| label == kind) {
                labels.insert(label(predicate, *symmetric, before(head, tail)));
            }
        }
        if self.annotation.starts_with("event-exhaustive") {
            let actors = || (0..self.entities.len()).filter(|&at| ACTORS.contains(&&*self.entities[at].kind));
            for (one, other) in actors().flat_map(|one| actors().map(move |other| (one, other))) {
                if self.entities[one].end <= self.entities[other].start {
                    judged.entry((one, other)).or_default();
                }
            }
        }
        judged
    }
}

fn label(predicate: &str, symmetric: bool, forward: bool) -> String {
    match (symmetric, forward) {
        (true, _) => predicate.to_owned(),
        (false, true) => format!("{predicate}>"),
        (false, false) => format!("{predicate}<"),
    }
}

impl Material {
    fn read_set(&mut self, guanxi: &Guanxi, file: &Path) -> Result<(), String> {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
            let record: Record =
                serde_json::from_str(line).map_err(|error| format!("{}:{number}: {error}", file.display()))?;
            let name = record.id.to_string();
            let input = extract::Input::text(&name, record.text.as_bytes());
            for ((one, other), labels) in record.judged() {
                let (one, other) = (&record.entities[one], &record.entities[other]);
                let spans = [Span::new(one.start, one.end), Span::new(other.start, other.end)];
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
            let named: Vec<usize> = (0..sight.pieces.len()).filter(|&at| sight.pieces[at].sort >= NAMES).collect();
            for (index, &first) in named.iter().enumerate() {
                for &second in &named[index + 1..] {
                    let (one, other) = (&sight.names[first], &sight.names[second]);
                    if one.iter().any(|name| other.contains(name)) {
                        continue;
                    }
                    let stated = [(true, gold.between(stem, one, other)), (false, gold.between(stem, other, one))];
                    let labels: BTreeSet<String> = stated
                        .iter()
                        .flat_map(|(forward, predicates)| {
                            predicates.iter().filter_map(|name| own_label(name, *forward))
                        })
                        .collect();
                    let is_stated = stated.iter().any(|(_, predicates)| !predicates.is_empty());
                    let again = is_stated && !told.insert((one.clone(), other.clone()));
                    if again || is_stated && labels.is_empty() {
                        continue;
                    }
                    self.take("tests/gold", sight, (first, second), labels, true);
                }
            }
        }
        self.documents += 1;
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
        features(&sight.tokens, &sight.pieces, first, second, &mut seen);
        seen.sort_unstable();
        seen.dedup();
        let (document, source) = (self.documents, source.to_owned());
        self.pairs.push(Pair { document, source, features: seen, labels, named });
    }
}

/// The label of a predicate of our own gold; none where the model does not learn it.
fn own_label(predicate: &str, forward: bool) -> Option<String> {
    if predicate == "subsidiaryOf" {
        return Some(label("owns", false, !forward));
    }
    let (_, predicate, symmetric) = LABELS.iter().find(|(_, known, _)| *known == predicate)?;
    Some(label(predicate, *symmetric, forward))
}

/// What the model chose for a pair that it had not seen.
struct Told {
    source: String,
    chosen: usize,
    lead: f64,
    right: bool,
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
        let training =
            Training { labels: labels.len(), bits: options.bits, epochs: options.epochs, seed: options.seed };
        let case = |pair: &Pair| {
            let known = pair.labels.iter().filter_map(|label| labels.iter().position(|known| known == label));
            let known: Vec<usize> = known.collect();
            Case { features: pair.features.clone(), labels: if known.is_empty() { vec![0] } else { known } }
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
        let right = pair.labels.iter().any(|gold| states(&self.labels[chosen], gold));
        Told { source: pair.source.clone(), chosen, lead, right }
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
        let mut text = format!("{}:", set.file_name().unwrap_or_default().to_string_lossy());
        let pairs: Vec<(Told, &Pair)> = material
            .pairs
            .iter()
            .filter(|pair| pair.named)
            .map(|pair| {
                let case = Case { features: pair.features.clone(), labels: Vec::new() };
                (self.told(weights, pair, &case), pair)
            })
            .collect();
        for least in [0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9] {
            let said = || {
                let sure = |told: &Told| told.case(calibration).filter(|(sure, _)| *sure >= least);
                pairs.iter().filter_map(move |(told, pair)| Some((sure(told)?, told, pair)))
            };
            let right = said().filter(|((_, right), ..)| *right).count() as f64;
            let gold = |told: &Told, pair: &Pair| {
                pair.labels.iter().filter(|gold| states(&self.labels[told.chosen], gold)).count()
            };
            let found: usize = said().map(|(_, told, pair)| gold(told, pair)).sum();
            let precision = right / said().count().max(1) as f64;
            let recall = found as f64 / material.stated.max(1) as f64;
            let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
            let _ = write!(text, "\n  at {least:.1}: precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}");
        }
        Ok(text)
    }

    /// The file, card first.
    fn written(
        &self,
        weights: &Weights,
        (offset, slope): (f64, f64),
        material: &Material,
        options: &Options,
        figures: &str,
    ) -> String {
        let (rows, unit) = weights.rounded(GREATEST_WEIGHT);
        let mut text = String::from(
            "# Which relation a sentence states between two names: a linear model over hashed features of the words around\n\
             # them. Written by `guanxi-train pairs`; do not edit. How it is used is told in docs/models.md.\n#\n",
        );
        let _ = writeln!(text, "# date       {}\n# seed       {}", options.date, options.seed);
        for (set, licence) in &material.sets {
            let count = material.pairs.iter().filter(|pair| pair.source == *set).count();
            let _ = writeln!(
                text,
                "# learned of {count} pairs of {set}, training part ({licence}); no sentence of it is here"
            );
        }
        let own = material.pairs.iter().filter(|pair| !material.sets.contains_key(&pair.source)).count();
        let _ = writeln!(text, "#            {own} pairs of names in tests/gold, made for this project");
        if material.sets.values().any(|licence| licence.contains("-SA")) {
            text.push_str(
                "# licence    this file is under the share-alike licence of its set: whoever passes on a changed one passes it on\n\
                 #            under the same licence. The program does without it where the file is taken away.\n",
            );
        }
        let _ = writeln!(
            text,
            "# method     softmax by AdaGrad, {} rounds, 2^{} rows; calibrated and measured by {FOLDS} folds of documents, names\n#            given",
            options.epochs, options.bits
        );
        for line in figures.lines() {
            let _ = writeln!(text, "#   {line}");
        }
        let least = self.labels.iter().map(|label| {
            let strict = STRICT.contains(&label.trim_end_matches(['>', '<']));
            if strict { options.least_strict } else { options.least }
        });
        let language = if options.chinese { "zh" } else { "en" };
        let _ = writeln!(text, "\nlanguage = \"{language}\"\nversion = 1\nlabels = {:?}", self.labels);
        let _ = writeln!(
            text,
            "# From this confidence on each label stands alone.\nleast = {:?}",
            least.collect::<Vec<_>>()
        );
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

/// Whether the label that was chosen says what the gold says: who buys owns, who owns has invested.
fn states(chosen: &str, gold: &str) -> bool {
    let follows = [("owns", "investsIn"), ("acquired", "owns")];
    chosen == gold
        || follows.iter().any(|(more, less)| {
            let stripped = |label: &'_ str| label.trim_end_matches(['>', '<']).to_owned();
            stripped(chosen) == *more && stripped(gold) == *less && chosen.ends_with('>') == gold.ends_with('>')
        })
}
