//! Where Chinese names begin and end: a linear model that says of each token whether it opens a name, goes on with it,
//! ends it, is one alone or is in none, and the best row of such labels over a sentence.

use guanxi_model::Span;
use guanxi_names::WordKind;
use serde::{Deserialize, Serialize};

use super::agreement::Scores;
use super::features::mix;
use super::sight::is_chinese;
use super::weights::{ModelFile, Weights, stem};
use crate::confidence::probability;
use crate::decode::decode;
use crate::extractor::{Extractor, Input};
use crate::mention::{Candidate, Finder, Found};
use crate::reading::Reading;
use crate::rule::RuleError;
use crate::scan::TokenKind;
use crate::structure::structure;
use crate::text::Text;
use crate::units::MentionKind;

/// What a token is to names: in none, the first of one, within, the last, a name alone.
pub(super) const LABELS: usize = 5;
const OUTSIDE: usize = 0;
/// For each label, whether it goes on with a name that was begun, and whether the name goes on behind it.
const CONTINUES: [(bool, bool); LABELS] = [(false, false), (false, true), (true, true), (true, false), (false, false)];
/// Longest ending of a name, in characters.
const LONGEST_ENDING: usize = 8;
const WHOLE: u64 = 1 << 12;
/// What no row of labels comes to.
const NEVER: i64 = i64::MIN / 8;
/// What leads by more leads by this.
const MOST_LEAD: i64 = 1 << 40;

/// Finds names in sentences of Chinese characters.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct BorderModel {
    /// From this confidence on a name that no finder found is one, in thousandths.
    pub(crate) adds: u16,
    /// From this confidence on its borders overrule those of a finder where the name shows nothing.
    pub(crate) replaces: u16,
    /// From this confidence on they overrule those of a name that shows what it is.
    pub(crate) overrules: u16,
    /// From this confidence on a longer name takes the place of one that a list or the text itself knows.
    pub(crate) outdoes: u16,
    /// Where it is as sure as this that no name stands, what only looks like one is none.
    pub(crate) drops: u16,
    unit: f64,
    /// Of a name: what is added to its lead, and what that is multiplied by.
    calibration: (f64, f64),
    weights: Weights,
}

/// A file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BorderFile {
    adds: f64,
    replaces: f64,
    overrules: f64,
    outdoes: f64,
    drops: f64,
    unit: f64,
    calibration: [f64; 2],
    weights: String,
}

/// Whether a file of models is one of these.
pub(crate) fn is_border_model(name: &str) -> bool {
    stem(name) == "border-zh"
}

/// A stretch of tokens that is one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// In thousandths.
    pub(crate) confidence: u16,
}

/// What a model makes of a sentence.
pub(crate) struct Cuts {
    pub(crate) names: Vec<Cut>,
    /// For each token how far "in no name" leads.
    outside: Vec<i64>,
}

impl BorderModel {
    /// Reads a file.
    pub(crate) fn load(name: &str, text: &str) -> Result<Self, Vec<RuleError>> {
        let (file, read) = ModelFile::read::<BorderFile>(name, text)?;
        let weights = file.weights(&read.weights, LABELS)?;
        let thousandths = |share: f64| (share.clamp(0.0, 1.0) * 1000.0).round() as u16;
        Ok(Self {
            adds: thousandths(read.adds),
            replaces: thousandths(read.replaces),
            overrules: thousandths(read.overrules),
            outdoes: thousandths(read.outdoes),
            drops: thousandths(read.drops),
            unit: read.unit,
            calibration: read.calibration.into(),
            weights,
        })
    }

    /// What each label comes to at each token of a sentence.
    pub(crate) fn scores(&self, finder: &Finder<'_>, candidates: &[Candidate]) -> Scores {
        let row = BorderRow::new(finder, candidates);
        (0..finder.tokens.len()).map(|at| self.score(&row, at)).collect()
    }

    /// How far the label of a token may be ahead, in the measure of scores, when nothing but other sentences speaks for it.
    pub(super) fn voice(&self) -> i64 {
        (f64::from(WHOLE as u32) / self.unit) as i64
    }

    /// The likeliest names of a sentence.
    pub(crate) fn cut(&self, scores: &Scores) -> Cuts {
        let through = sums_through(scores);
        let names = likeliest(&through).into_iter();
        let names = names.map(|(start, end, lead)| Cut { start, end, confidence: self.confidence(lead) }).collect();
        let outside = through.iter().map(|sums| lead(sums, OUTSIDE)).collect();
        Cuts { names, outside }
    }

    /// How sure it is that no name stands in a stretch.
    pub(crate) fn is_none(&self, cuts: &Cuts, start: usize, end: usize) -> bool {
        let least = cuts.outside[start..end].iter().min().copied().unwrap_or_default();
        self.confidence(least) >= self.drops
    }

    fn score(&self, row: &BorderRow<'_, '_>, at: usize) -> [i64; LABELS] {
        let mut sums = [0; LABELS];
        let mut count = 0_u64;
        row.features(at, &mut |feature| {
            count += 1;
            self.weights.add(feature, &mut sums);
        });
        let scale = (WHOLE * WHOLE / count.max(1)).isqrt() as i64;
        sums.map(|sum| i64::from(sum) * scale)
    }

    pub(super) fn confidence(&self, lead: i64) -> u16 {
        let lead = lead as f64 * self.unit / WHOLE as f64;
        (1000.0 * probability((1000.0 * (self.calibration.0 + self.calibration.1 * lead)) as i64)).round() as u16
    }
}

/// The names of a sentence, by what each label comes to at each of its tokens: first token, one past the last, and how
/// far the best row of labels leads every one without the name.
pub fn likeliest_names(scores: &[[i64; LABELS]]) -> Vec<(usize, usize, i64)> {
    likeliest(&sums_through(scores))
}

/// The same, by the best sum of a row of labels through each label of each token.
fn likeliest(through: &[[i64; LABELS]]) -> Vec<(usize, usize, i64)> {
    let labels: Vec<usize> = best_row(through);
    let mut names = Vec::new();
    let mut start = 0;
    for (at, &label) in labels.iter().enumerate() {
        let (continues, goes_on) = CONTINUES[label];
        if !continues {
            start = at;
        }
        if label != OUTSIDE && !goes_on {
            let lead = (start..at + 1).map(|at| lead(&through[at], labels[at])).min().unwrap_or_default();
            names.push((start, at + 1, lead));
        }
    }
    names
}

/// The label of a token in a name of so many.
pub(super) fn name_label(at: usize, length: usize) -> usize {
    (1..LABELS).find(|&label| CONTINUES[label] == (at > 0, at + 1 < length)).unwrap_or(OUTSIDE)
}

/// How far a label leads the best other one.
fn lead(sums: &[i64; LABELS], label: usize) -> i64 {
    let others = (0..LABELS).filter(|&other| other != label).map(|other| sums[other]);
    (sums[label] - others.max().unwrap_or_default()).min(MOST_LEAD)
}

/// The row of labels with the greatest sum in which every name that begins also ends; of equal ones the one with the
/// lower labels first.
fn best_row(through: &[[i64; LABELS]]) -> Vec<usize> {
    let mut labels: Vec<usize> = Vec::with_capacity(through.len());
    for sums in through {
        let follows = |label: &usize| labels.last().is_none_or(|&before| CONTINUES[before].1 == CONTINUES[*label].0);
        let best = (0..LABELS).filter(follows).min_by_key(|&label| (-sums[label], label));
        labels.push(best.unwrap_or_default());
    }
    labels
}

/// For each token and label the greatest sum of a row of labels that has it there and in which every name that begins
/// also ends.
fn sums_through(scores: &[[i64; LABELS]]) -> Vec<[i64; LABELS]> {
    let count = scores.len();
    let best = |sums: Option<&[i64; LABELS]>, edge: bool, fits: &dyn Fn(usize) -> bool| match sums {
        None if edge => 0,
        None => NEVER,
        Some(sums) => (0..LABELS).filter(|&label| fits(label)).map(|label| sums[label]).max().unwrap_or(NEVER),
    };
    let mut ahead: Vec<[i64; LABELS]> = Vec::with_capacity(count);
    for own in scores {
        let sums = std::array::from_fn(|label| {
            let (continues, _) = CONTINUES[label];
            let before = best(ahead.last(), !continues, &|before| CONTINUES[before].1 == continues);
            (before + own[label]).max(NEVER)
        });
        ahead.push(sums);
    }
    let mut behind = [0; LABELS];
    let mut next: Option<[i64; LABELS]> = None;
    for at in (0..count).rev() {
        for (label, behind) in behind.iter_mut().enumerate() {
            let (_, goes_on) = CONTINUES[label];
            *behind = best(next.as_ref(), !goes_on, &|after| CONTINUES[after].0 == goes_on);
        }
        next = Some(std::array::from_fn(|label| (behind[label] + scores[at][label]).max(NEVER)));
        ahead[at].iter_mut().zip(behind).for_each(|(sum, behind)| *sum = (*sum + behind).max(NEVER));
    }
    ahead
}

/// A sentence with what word lists and finders say of each token.
struct BorderRow<'f, 'a> {
    finder: &'f Finder<'a>,
    /// The word of the dictionary that a token is in: kind, length, place in it.
    words: Vec<u64>,
    /// What the finders take it for, and where it stands in that.
    found: Vec<u64>,
    /// What begins and ends at it in the lists.
    begins: Vec<u64>,
    ends: Vec<u64>,
}

impl<'f, 'a> BorderRow<'f, 'a> {
    fn new(finder: &'f Finder<'a>, candidates: &[Candidate]) -> Self {
        let count = finder.tokens.len();
        let mut row =
            Self { finder, words: vec![0; count], found: vec![0; count], begins: vec![0; count], ends: vec![0; count] };
        row.cut_words();
        row.lay_lists();
        for candidate in candidates {
            let sort = sort(finder, candidate);
            for at in candidate.start..candidate.end {
                row.found[at] = sort << 3 | place(at, candidate.start, candidate.end);
            }
        }
        row
    }

    fn cut_words(&mut self) {
        let finder = self.finder;
        let is_han = |at: usize| finder.tokens[at].kind == TokenKind::Han;
        let mut start = 0;
        while start < finder.tokens.len() {
            let end = (start..finder.tokens.len()).find(|&at| !is_han(at)).unwrap_or(finder.tokens.len());
            let characters: Vec<char> = (start..end).filter_map(|at| finder.piece(at).chars().next()).collect();
            for word in finder.lexicon.dictionary.segment(&characters, &[]) {
                let length = (word.end - word.start).min(5) as u64;
                let kind = if word.kind == WordKind::Given { 15 } else { word.kind as u64 };
                for at in word.start..word.end {
                    self.words[start + at] = 1 + (kind << 8 | length << 4 | place(at, word.start, word.end));
                }
            }
            start = end.max(start + 1);
        }
    }

    fn lay_lists(&mut self) {
        let Finder { tokens, lexicon, .. } = *self.finder;
        let lists = [&lexicon.titles, &lexicon.han_stops, &lexicon.han_leads, &lexicon.han_common, &lexicon.surnames];
        for start in 0..tokens.len() {
            if tokens[start].gates == 0 {
                continue;
            }
            for (bit, list) in lists.iter().enumerate() {
                if let Some((length, ())) = list.longest(&tokens[start..]) {
                    self.begins[start] |= 1 << bit;
                    self.ends[start + length - 1] |= 1 << bit;
                }
            }
            if let Some((length, classes)) = lexicon.suffixes.longest(&tokens[start..]) {
                let what = mix(classes.bits(), length.min(LONGEST_ENDING) as u64) & 0xFFFF;
                self.begins[start] |= 1 << 8 | what << 16;
                self.ends[start + length - 1] |= 1 << 8 | what << 16;
            }
        }
    }

    /// What is seen of a token.
    fn features(&self, at: usize, emit: &mut impl FnMut(u64)) {
        const EDGE: u64 = 0x77;
        let tokens = self.finder.tokens;
        let hash = |offset: isize| {
            at.checked_add_signed(offset).and_then(|at| tokens.get(at)).map_or(EDGE, |token| token.hash)
        };
        let of = |list: &[u64], offset: isize| {
            at.checked_add_signed(offset).and_then(|at| list.get(at)).copied().unwrap_or(EDGE)
        };
        emit(1);
        for (seed, offset) in (2..).zip(-3..=3) {
            emit(mix(seed, hash(offset)));
        }
        for (seed, offset) in (10..).zip(-2..=1) {
            emit(mix(mix(seed, hash(offset)), hash(offset + 1)));
        }
        for (seed, offset) in (15..).zip(-2..=0) {
            emit(mix(mix(mix(seed, hash(offset)), hash(offset + 1)), hash(offset + 2)));
        }
        for (seed, offset) in (20..).zip(-2..=2) {
            emit(mix(seed, of(&self.words, offset)));
            emit(mix(seed + 10, of(&self.found, offset)));
        }
        emit(mix(mix(40, of(&self.words, -1)), of(&self.words, 0)));
        emit(mix(mix(41, of(&self.words, 0)), of(&self.words, 1)));
        emit(mix(mix(42, of(&self.found, -1)), of(&self.found, 0)));
        emit(mix(mix(43, of(&self.found, 0)), of(&self.found, 1)));
        emit(mix(mix(44, of(&self.found, 0)), of(&self.words, 0)));
        emit(mix(mix(45, of(&self.found, 0)), hash(0)));
        for (seed, offset) in (50..).zip(-1..=1) {
            emit(mix(seed, of(&self.begins, offset)));
            emit(mix(seed + 5, of(&self.ends, offset)));
        }
        let kind = |offset: isize| {
            let token = at.checked_add_signed(offset).and_then(|at| tokens.get(at));
            token.map_or(9, |token| token.kind as u64 * 4 + u64::from(token.capital) * 2 + u64::from(token.spaced))
        };
        emit(mix(60, kind(-1) << 16 | kind(0) << 8 | kind(1)));
        let foreign = |offset: isize| u64::from(self.finder.lexicon.foreign_sounds.contains(&hash(offset)));
        emit(mix(61, foreign(-1) << 2 | foreign(0) << 1 | foreign(1)));
    }
}

/// Where a token stands in a stretch: first, within, last, alone.
fn place(at: usize, start: usize, end: usize) -> u64 {
    match (at == start, at + 1 == end) {
        (true, true) => 4,
        (true, false) => 1,
        (false, true) => 3,
        (false, false) => 2,
    }
}

/// What a finder takes something for, as a number.
fn sort(finder: &Finder<'_>, candidate: &Candidate) -> u64 {
    let of_row = |row: u32| finder.classes.best(finder.known.row(row).classes).map_or(0, |class| class as u64);
    match &candidate.found {
        Found::Known(row) | Found::Foreign(row) => 100 + of_row(*row),
        Found::Again(_) => 1,
        Found::Defined(_) => 2,
        Found::Name { classes, shown, quoted } => {
            mix(classes.bits() << 2 | u64::from(*shown) << 1 | u64::from(*quoted), 3) & 0xFFFF | 1 << 20
        }
        Found::Nominal(_) => 3,
        Found::Quantity(MentionKind::Date(_)) => 4,
        Found::Quantity(_) => 5,
    }
}

/// A sentence as the model of borders sees it, for whoever trains one.
#[derive(Clone, Debug)]
pub struct BordersSeen {
    /// Where each token stands, in characters.
    pub tokens: Vec<Span>,
    /// What is seen of each.
    pub features: Vec<Vec<u64>>,
    /// Names that the finders found.
    pub found: Vec<Span>,
}

impl Extractor {
    /// The sentences of an input that are mostly of Chinese characters.
    pub fn borders_seen(&self, input: &Input<'_>) -> Vec<BordersSeen> {
        let (content, _) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let mut seen = Vec::new();
        Reading::watched(self, &text, &structure, &mut |finder, candidates| {
            if !is_chinese(finder.tokens) {
                return;
            }
            let row = BorderRow::new(finder, candidates);
            let features = |at: usize| {
                let mut features = Vec::new();
                row.features(at, &mut |feature| features.push(feature));
                features
            };
            let names = candidates.iter().filter(|candidate| finder.is_name(candidate));
            seen.push(BordersSeen {
                tokens: finder.tokens.iter().map(|token| text.span(token.start, token.end)).collect(),
                features: (0..finder.tokens.len()).map(features).collect(),
                found: names
                    .map(|name| text.span(finder.tokens[name.start].start, finder.tokens[name.end - 1].end))
                    .collect(),
            });
        });
        seen
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every row of labels, in which names that begin also end.
    fn rows(count: usize) -> Vec<Vec<usize>> {
        let longer = |rows: Vec<Vec<usize>>| -> Vec<Vec<usize>> {
            let grown = rows.iter().flat_map(|row| (0..LABELS).map(move |label| [&row[..], &[label]].concat()));
            grown.collect()
        };
        let all = (0..count).fold(vec![Vec::new()], |rows, _| longer(rows));
        let follows = |pair: &[usize]| CONTINUES[pair[0]].1 == CONTINUES[pair[1]].0;
        let whole = |row: &Vec<usize>| {
            row.first().is_none_or(|&first| !CONTINUES[first].0)
                && row.last().is_none_or(|&last| !CONTINUES[last].1)
                && row.windows(2).all(follows)
        };
        all.into_iter().filter(whole).collect()
    }

    fn sum(scores: &[[i64; LABELS]], row: &[usize]) -> i64 {
        row.iter().zip(scores).map(|(&label, scores)| scores[label]).sum()
    }

    proptest! {
        #[test]
        fn the_best_row_is_that_of_a_look_at_every_row(
            scores in prop::collection::vec(prop::array::uniform5(-50_i64..50), 0..6),
        ) {
            let best = best_row(&sums_through(&scores));
            let naive = rows(scores.len()).iter().map(|row| sum(&scores, row)).max().unwrap_or_default();
            prop_assert!(rows(scores.len()).contains(&best), "{:?}", best);
            prop_assert_eq!(sum(&scores, &best), naive);
        }

        #[test]
        fn a_name_leads_every_row_without_it(
            scores in prop::collection::vec(prop::array::uniform5(-50_i64..50), 0..6),
        ) {
            let rows = rows(scores.len());
            let best = rows.iter().map(|row| sum(&scores, row)).max().unwrap_or_default();
            for (start, end, lead) in likeliest_names(&scores) {
                let has_name = |row: &Vec<usize>| (start..end).all(|at| row[at] == name_label(at - start, end - start));
                let others = rows.iter().filter(|row| !has_name(row)).map(|row| sum(&scores, row)).max();
                prop_assert_eq!(Some(best - lead), others);
            }
        }

        #[test]
        fn names_are_disjoint_and_in_order(
            scores in prop::collection::vec(prop::array::uniform5(-9_000_i64..9_000), 0..40),
        ) {
            let names = likeliest_names(&scores);
            prop_assert!(names.iter().all(|&(start, end, _)| start < end && end <= scores.len()));
            prop_assert!(names.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        }
    }
}
