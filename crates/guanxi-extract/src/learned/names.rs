//! What a name of the text is, where neither a list nor its form tells: a linear model of the name and what stands
//! around it.

use std::collections::BTreeMap;
use std::ops::Range;

use guanxi_model::Span;
use serde::{Deserialize, Serialize};

use super::features::mix;
use super::sight::is_chinese;
use super::weights::{ModelFile, Weights, stem};
use crate::classes::{ClassSet, ClassTable};
use crate::confidence::probability;
use crate::decode::decode;
use crate::extractor::{Extractor, Input};
use crate::reading::{Reading, is_title_case};
use crate::rule::RuleError;
use crate::scan::{Sentence, Token, TokenKind};
use crate::structure::structure;
use crate::text::Text;
use crate::units::{Mention, MentionKind};

/// Words of an apposition that are looked at: ", a Bandung-based maker of weeding robots".
const APPOSITION: usize = 9;
/// Words on either side that count wherever they stand.
const NEAR: usize = 5;
const START: u64 = 0x5151;

/// A sentence as the model of names sees it.
pub(crate) struct NameView<'a> {
    extractor: &'a Extractor,
    text: &'a str,
    tokens: &'a [Token],
    /// Words, and other names and figures as one sign each.
    row: Vec<Sign>,
    title_case: bool,
}

/// Tokens that count as one, with what stands for them.
struct Sign {
    start: usize,
    end: usize,
    symbol: u64,
}

impl<'a> NameView<'a> {
    pub(crate) fn new(extractor: &'a Extractor, reading: &'a Reading<'_>, sentence: usize) -> Self {
        let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
        let tokens = &reading.tokens[range.start as usize..range.end as usize];
        let mut row = Vec::with_capacity(tokens.len());
        let mut at = range.start;
        let others = reading.mentions[sentence]
            .iter()
            .filter_map(|mention| Some((mention, symbol(extractor, reading, mention)?)));
        for (mention, symbol) in others {
            row.extend((at..mention.start).map(|word| word_sign(tokens, (word - range.start) as usize)));
            row.push(Sign {
                start: (mention.start - range.start) as usize,
                end: (mention.end - range.start) as usize,
                symbol,
            });
            at = mention.end;
        }
        row.extend((at..range.end).map(|word| word_sign(tokens, (word - range.start) as usize)));
        let section = reading.block(sentence).section;
        let title_case = is_title_case(tokens, section);
        Self { extractor, text: reading.text.as_str(), tokens, row, title_case }
    }

    /// The features of tokens of the sentence as a name, as hashes. `found` tells what a finder takes them for.
    /// Without its letters, what is left tells what any name there would be.
    pub(crate) fn features(
        &self,
        name: Range<usize>,
        found: Option<(ClassSet, bool)>,
        with_letters: bool,
        out: &mut Vec<u64>,
    ) {
        out.clear();
        out.push(1);
        if let Some((classes, shown)) = found {
            out.push(mix(2, classes.bits() << 1 | u64::from(shown)));
        }
        if with_letters {
            self.letters(name.clone(), out);
        }
        self.lists(name.clone(), out);
        self.surroundings(name, out);
    }

    fn piece(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |token| &self.text[token.start as usize..token.end as usize])
    }

    /// What the name is made of.
    fn letters(&self, name: Range<usize>, out: &mut Vec<u64>) {
        let own = &self.tokens[name.clone()];
        let (first, last) = (own[0], own[own.len() - 1]);
        let length = own.len().min(8) as u64;
        out.extend([mix(10, length), mix(11, first.hash), mix(12, last.hash)]);
        out.extend(own.iter().map(|token| mix(13, token.hash)));
        for count in 2..=3 {
            if let Some(from) = own.len().checked_sub(count) {
                out.push(mix(14, gram(&own[from..])));
                out.push(mix(15, gram(&own[..count])));
            }
        }
        let shape = own.iter().take(6).fold(16, |hash, token| mix(hash, self.shape(token)));
        out.extend([
            shape,
            mix(shape, u64::from(name.start == 0)),
            mix(17, self.shape(&first)),
            mix(18, self.shape(&last)),
        ]);
        if first.kind == TokenKind::Word {
            self.affixes(name.start, 20, out);
            self.affixes(name.end - 1, 24, out);
        }
    }

    /// How a token is written.
    fn shape(&self, token: &Token) -> u64 {
        let kind = token.kind as u64;
        let flags = u64::from(token.capital)
            | u64::from(token.all_capitals) << 1
            | u64::from(token.inner_capital) << 2
            | u64::from(token.digit) << 3
            | u64::from(token.spaced) << 4
            | u64::from(self.title_case) << 5;
        let length = u64::from(token.end - token.start).min(if token.all_capitals { 6 } else { 3 });
        let sign = if token.kind == TokenKind::Sign { token.hash } else { 0 };
        mix(kind << 16 | flags << 8 | length, sign)
    }

    fn affixes(&self, at: usize, seed: u64, out: &mut Vec<u64>) {
        let word = self.piece(at);
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let characters = ends.len() - 1;
        for length in 2..=4 {
            if characters > length {
                out.push(mix(seed, crate::scan::token_hash(&word[ends[characters - length]..])));
                out.push(mix(seed + 1, crate::scan::token_hash(&word[..ends[length]])));
            }
        }
    }

    /// What word lists say of the name and of its neighbours.
    fn lists(&self, name: Range<usize>, out: &mut Vec<u64>) {
        let lexicon = &self.extractor.lexicon;
        let own = &self.tokens[name.clone()];
        let (before, behind) = (&self.tokens[..name.start], &self.tokens[name.end..]);
        let (first, last) = (&own[0], &own[own.len() - 1]);
        let mut say = |seed: u64, holds: bool| out.extend(holds.then_some(mix(seed, own.len().min(4) as u64)));
        say(40, lexicon.given_names.contains(&first.hash));
        say(41, lexicon.is_common(first));
        say(42, lexicon.is_common(last));
        say(43, lexicon.surnames.longest(own).is_some());
        say(44, lexicon.titles.longest_at_end(before, 4).is_some());
        say(45, lexicon.honorifics.longest_at_end(before, 2).is_some());
        say(46, lexicon.titles.longest(behind).is_some());
        say(47, behind.first().is_some_and(|_| lexicon.saying.longest(behind).is_some()));
        say(48, lexicon.person_verbs.longest(behind).is_some());
        say(49, lexicon.appointing.longest_at_end(before, 4).is_some());
        say(50, before.last().is_some_and(|word| lexicon.company_nouns.contains(&word.hash)));
        say(51, lexicon.authority_nouns.longest_at_end(before, 3).is_some());
        say(52, behind.first().is_some_and(|word| lexicon.company_nouns.contains(&word.hash)));
        say(53, behind.first().is_some_and(|word| lexicon.relation_nouns.contains(&word.hash)));
        say(54, lexicon.firm_trades.longest_at_end(own, 4).is_some());
        say(55, own.iter().all(|token| lexicon.foreign_sounds.contains(&token.hash)));
        say(56, lexicon.not_names.longest(own).is_some());
        say(57, self.extractor.known.longest(self.text, own).is_some());
        say(58, lexicon.han_stops.longest_at_end(before, 4).is_some());
        say(59, behind.is_empty() || lexicon.han_stops.longest(behind).is_some());
        let foreign = own.iter().filter(|token| lexicon.foreign_sounds.contains(&token.hash)).count();
        let shows = |found: Option<(usize, &ClassSet)>| found.map_or(0, |(length, set)| mix(set.bits(), length as u64));
        out.push(mix(60, foreign as u64));
        out.push(mix(61, shows(lexicon.suffixes.longest_at_end(own, 8))));
        out.push(mix(62, shows(lexicon.prefixes.longest(own))));
        if first.kind == TokenKind::Han {
            let characters: Vec<char> = name.clone().filter_map(|at| self.piece(at).chars().next()).collect();
            let words = lexicon.dictionary.segment(&characters, &[]);
            let cut = words
                .iter()
                .take(6)
                .fold(63, |hash, word| mix(hash, (word.kind as u64) << 4 | (word.end - word.start) as u64));
            out.extend([cut, mix(64, words.len() as u64)]);
            out.extend(words.iter().map(|word| mix(65, word.kind as u64)));
        }
    }

    /// The words around, other names and figures as signs.
    fn surroundings(&self, name: Range<usize>, out: &mut Vec<u64>) {
        let ends = self.row.partition_point(|sign| sign.end <= name.start);
        let begins = self.row.partition_point(|sign| sign.start < name.end);
        let before = |back: usize| ends.checked_sub(back).map_or(START, |at| self.row[at].symbol);
        let behind = |on: usize| self.row.get(begins + on - 1).map_or(START, |sign| sign.symbol);
        for reach in 1..=3 {
            out.push(mix(80 + reach as u64, before(reach)));
            out.push(mix(84 + reach as u64, behind(reach)));
            out.push((1..=reach).fold(88, |hash, back| mix(hash, before(back))));
            out.push((1..=reach).fold(89, |hash, on| mix(hash, behind(on))));
        }
        out.push(mix(mix(90, before(1)), behind(1)));
        out.push(mix(mix(mix(91, before(2)), before(1)), behind(1)));
        out.push(mix(mix(mix(92, before(1)), behind(1)), behind(2)));
        for reach in 1..=NEAR {
            out.push(mix(93, before(reach)));
            out.push(mix(94, behind(reach)));
        }
        let opens = self.row.get(begins).is_some_and(|sign| matches!(self.piece(sign.start), "," | "，" | "(" | "（"));
        if opens {
            let apposed = self.row[begins + 1..].iter().take(APPOSITION);
            let apposed = apposed.take_while(|sign| !matches!(self.piece(sign.start), "," | "，" | ")" | "）"));
            out.extend(apposed.map(|sign| mix(95, sign.symbol)));
        }
    }
}

fn word_sign(tokens: &[Token], at: usize) -> Sign {
    Sign { start: at, end: at + 1, symbol: tokens[at].hash }
}

/// What stands for a name or a figure; none for a common noun, whose words count.
fn symbol(extractor: &Extractor, reading: &Reading<'_>, mention: &Mention) -> Option<u64> {
    let kind = match mention.kind {
        MentionKind::Nominal { .. } => return None,
        MentionKind::Name { entity } => {
            let tells = reading.registry.is_known(entity) || reading.registry.is_shown(entity);
            let best = extractor.classes.best(reading.registry.classes_of(entity)).filter(|_| tells);
            best.map_or(9, |class| 10 + class as u64)
        }
        MentionKind::Money(_) => 1,
        MentionKind::Percent(_) => 2,
        MentionKind::Number(_) => 3,
        MentionKind::Date(_) => 4,
    };
    Some(mix(3, kind))
}

fn gram(tokens: &[Token]) -> u64 {
    tokens.iter().fold(7, |hash, token| mix(hash, token.hash))
}

/// The things that a model can take a name for; each stands for these classes.
const LABELS: [(&str, &[&str]); 9] = [
    ("Company", &["Company", "Fund", "Product"]),
    ("Fund", &["Fund"]),
    ("Authority", &["Regulator", "PublicBody"]),
    ("Regulation", &["Regulation"]),
    ("Person", &["Person"]),
    ("Product", &["Product"]),
    ("Place", &["Place"]),
    ("Exchange", &["Exchange"]),
    ("Organization", &[]),
];

/// What the file of a model must say first: no name.
const NONE: &str = "none";

/// Tells what names of one language are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct NameModel {
    /// Reads sentences mostly of Chinese characters, and no others.
    pub(crate) chinese: bool,
    /// The classes of each label; of the first, which is that it is no name, none.
    labels: Vec<ClassSet>,
    /// From this confidence on a name is taken for what a label says, in thousandths.
    sure: Vec<u16>,
    /// What is less likely than this beside the best label is ruled out, in thousandths.
    unlikely: u16,
    unit: f64,
    calibration: (f64, f64),
    weights: Weights,
}

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFile {
    language: String,
    labels: Vec<String>,
    sure: Vec<f64>,
    unlikely: f64,
    unit: f64,
    calibration: [f64; 2],
    weights: String,
}

/// What the mentions of one name come to.
#[derive(Clone, Debug, Default)]
struct Sums {
    labels: Vec<i64>,
    mentions: i64,
}

/// One part of a score that is not weighed down by how many features it was summed from.
const WHOLE: u64 = 1 << 12;

/// Whether a file of models is one of these: `name-en.toml`.
pub(crate) fn is_name_model(name: &str) -> bool {
    stem(name).starts_with("name-")
}

impl NameModel {
    /// Reads a file.
    pub(crate) fn load(name: &str, text: &str, classes: &ClassTable) -> Result<Self, Vec<RuleError>> {
        let (file, read) = ModelFile::read::<NameFile>(name, text)?;
        let chinese = file.is_chinese(&read.language)?;
        let count = read.labels.len();
        if read.labels.first().is_none_or(|first| first != NONE) || read.sure.len() != count {
            return Err(file.mistake("labels", "the first label is `none`, and `sure` has a number for each"));
        }
        let mut labels = vec![ClassSet::NONE];
        for label in &read.labels[1..] {
            let known = LABELS.iter().find(|(known, _)| known == label);
            let Some((_, names)) = known else {
                return Err(file.mistake("labels", format!("`{label}` is nothing that a name can be")));
            };
            labels.push(if names.is_empty() { classes.organization_itself() } else { classes.union(names) });
        }
        let weights = file.weights(&read.weights, count)?;
        let thousandths = |share: f64| (share.clamp(0.0, 1.0) * 1000.0).round() as u16;
        Ok(Self {
            chinese,
            labels,
            sure: read.sure.into_iter().map(thousandths).collect(),
            unlikely: thousandths(read.unlikely),
            unit: read.unit,
            calibration: read.calibration.into(),
            weights,
        })
    }

    /// Adds what the features of a mention come to.
    fn add(&self, features: &mut Vec<u64>, sums: &mut Sums) {
        features.sort_unstable();
        features.dedup();
        let count = self.labels.len();
        let mut own = vec![0; count];
        features.iter().for_each(|&feature| self.weights.add(feature, &mut own));
        let scale = (WHOLE * WHOLE / features.len().max(1) as u64).isqrt() as i64;
        sums.labels.resize(count, 0);
        sums.labels.iter_mut().zip(own).for_each(|(sum, own)| *sum += i64::from(own) * scale);
        sums.mentions += 1;
    }

    /// How sure it is that something so far ahead is right, in thousandths.
    fn confidence(&self, lead: i64, offset: f64) -> u16 {
        let lead = lead as f64 * self.unit / WHOLE as f64;
        (1000.0 * probability((1000.0 * (offset + self.calibration.1 * lead)) as i64)).round() as u16
    }

    /// What is left of the classes that a name may have; none where it is no name.
    fn narrowed(&self, sums: &Sums, classes: ClassSet) -> Option<ClassSet> {
        let score = |label: usize| sums.labels[label] / sums.mentions.max(1);
        let best = (0..self.labels.len()).rev().max_by_key(|&label| score(label))?;
        let next = (0..self.labels.len()).filter(|&label| label != best).map(score).max().unwrap_or_default();
        if self.confidence(score(best) - next, self.calibration.0) >= self.sure[best] {
            return (best > 0).then(|| self.labels[best]);
        }
        let unlikely = |label: &usize| self.confidence(score(*label) - score(best), 0.0) < self.unlikely;
        let ruled_out = (1..self.labels.len()).filter(unlikely);
        let ruled_out = ruled_out.fold(ClassSet::NONE, |all, label| all | self.labels[label]);
        Some(classes.without(ruled_out).or_else(classes))
    }
}

/// Narrows the classes of every name that neither a list nor its form settles, by all places where it stands, and takes
/// out what is no name.
pub(crate) fn settle_open_names(extractor: &Extractor, reading: &mut Reading<'_>) {
    let mut no_names = Vec::new();
    for (entity, (model, sums)) in sums_of_open_names(extractor, reading) {
        let classes = reading.registry.classes_of(entity);
        match extractor.namers[model].narrowed(&sums, classes) {
            Some(narrowed) => reading.registry.settle_classes(entity, narrowed),
            None => no_names.push(entity),
        }
    }
    if no_names.is_empty() {
        return;
    }
    let Reading { mentions, registry, .. } = reading;
    let is_no_name = |mention: &Mention| match mention.kind {
        MentionKind::Name { entity } => !mention.quoted && no_names.binary_search(&registry.root(entity)).is_ok(),
        _ => false,
    };
    mentions.iter_mut().for_each(|mentions| mentions.retain(|mention| !is_no_name(mention)));
}

/// For each name that is open, the model that reads it and what its mentions come to.
fn sums_of_open_names(extractor: &Extractor, reading: &Reading<'_>) -> BTreeMap<u32, (usize, Sums)> {
    let mut sums: BTreeMap<u32, (usize, Sums)> = BTreeMap::new();
    let mut features = Vec::new();
    if extractor.namers.is_empty() {
        return sums;
    }
    for sentence in 0..reading.sentences.len() {
        let open = |mention: &&Mention| open_entity(reading, mention).is_some();
        if !reading.mentions[sentence].iter().any(|mention| open(&mention)) {
            continue;
        }
        let Sentence { start, end, .. } = reading.sentences[sentence];
        let chinese = is_chinese(&reading.tokens[start as usize..end as usize]);
        let Some(model) = extractor.namers.iter().position(|model| model.chinese == chinese) else { continue };
        let view = NameView::new(extractor, reading, sentence);
        for mention in reading.mentions[sentence].iter().filter(open) {
            let Some(entity) = open_entity(reading, mention) else { continue };
            let name = (mention.start - start) as usize..(mention.name_end - start) as usize;
            let classes = reading.registry.classes_of(entity);
            view.features(name, Some((classes, false)), true, &mut features);
            let (first, sums) = sums.entry(entity).or_insert_with(|| (model, Sums::default()));
            if *first == model {
                extractor.namers[model].add(&mut features, sums);
            }
        }
    }
    sums
}

/// Whom a mention names, if neither a list nor a name tells what it is.
fn open_entity(reading: &Reading<'_>, mention: &Mention) -> Option<u32> {
    let MentionKind::Name { entity } = mention.kind else { return None };
    let entity = reading.registry.root(entity);
    (!reading.registry.is_known(entity) && !reading.registry.is_shown(entity)).then_some(entity)
}

/// A name in a text, for whoever trains a model.
#[derive(Clone, Debug)]
pub struct NameSeen {
    /// Where it stands, in characters.
    pub span: Span,
    /// What the finders take it for; none where they find no name there.
    pub found: Option<NameFound>,
    /// Whether the sentence is mostly of Chinese characters.
    pub chinese: bool,
    /// Hashes of what is seen of it and around it.
    pub features: Vec<u64>,
    /// The same without its letters.
    pub without_letters: Vec<u64>,
}

/// What the finders take a name for.
#[derive(Clone, Debug)]
pub struct NameFound {
    /// `Company|Fund`
    pub classes: String,
    /// A list has it.
    pub known: bool,
    /// Its form tells the class.
    pub shown: bool,
}

impl Extractor {
    /// The names of an input: those that the finders find, and what stands at `given`.
    pub fn names_seen(&self, input: &Input<'_>, given: &[Span]) -> Vec<NameSeen> {
        let (content, _) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let reading = Reading::new(self, &text, &structure);
        let mut seen = Vec::new();
        for sentence in 0..reading.sentences.len() {
            let Sentence { start, end, .. } = reading.sentences[sentence];
            let tokens = &reading.tokens[start as usize..end as usize];
            let chinese = is_chinese(tokens);
            let view = NameView::new(self, &reading, sentence);
            let mut take = |name: Range<usize>, found: Option<(ClassSet, NameFound)>| {
                let span = text.span(tokens[name.start].start, tokens[name.end - 1].end);
                let taken = found.as_ref().filter(|(_, found)| !found.known && !found.shown);
                let taken = taken.map(|(classes, _)| (*classes, false));
                let (mut features, mut without_letters) = (Vec::new(), Vec::new());
                view.features(name.clone(), taken, true, &mut features);
                view.features(name, taken, false, &mut without_letters);
                let found = found.map(|(_, found)| found);
                seen.push(NameSeen { span, found, chinese, features, without_letters });
            };
            let mut found = Vec::new();
            for mention in &reading.mentions[sentence] {
                let MentionKind::Name { entity } = mention.kind else { continue };
                let name = (mention.start - start) as usize..(mention.name_end - start) as usize;
                let (known, shown) = (reading.registry.is_known(entity), reading.registry.is_shown(entity));
                let set = reading.registry.classes_of(entity);
                found.push(name.clone());
                take(name, Some((set, NameFound { classes: self.classes.describe(set), known, shown })));
            }
            for given in given {
                let first = tokens.iter().position(|token| text.span(token.start, token.end).start == given.start);
                let last = tokens.iter().position(|token| text.span(token.start, token.end).end == given.end);
                if let (Some(first), Some(last)) = (first, last)
                    && first <= last
                    && !found.contains(&(first..last + 1))
                {
                    take(first..last + 1, None);
                }
            }
        }
        seen
    }
}
