//! Which patterns to try at a word of a text. It is asked at every other word, so all patterns stand in one row, each with
//! what it demands: most are refused without a further look elsewhere in memory.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::sieve::Needs;
use crate::phrases::Gates;
use crate::scan::Token;

/// A pattern at one phrase of its anchor.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Anchored {
    pub(crate) pattern: u32,
    /// Which phrase of the anchor, and its length in words.
    pub(crate) phrase: u16,
    pub(crate) length: u16,
    /// What the pattern demands beside its anchor.
    pub(crate) needs: Needs,
}

/// Patterns that may be anchored at one place.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Row {
    start: u32,
    end: u32,
    /// Each of them demands a mention of one of these kinds; see [`Needs::kinds`].
    kinds: u64,
}

/// Patterns by the words with which their anchors begin.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Anchors {
    row: Vec<Anchored>,
    /// By the first word: those whose anchor is this word alone.
    by_word: FxHashMap<u64, Row>,
    /// By the first two words: the same, and those whose anchor begins with both, in one order.
    by_two: FxHashMap<u64, Row>,
    /// Gates of the tokens that are first, and second, words.
    first: u64,
    second: u64,
    /// First word, second word if any, until the rules are complete.
    #[serde(skip)]
    added: Vec<(u64, Option<u64>, Anchored)>,
}

impl Anchors {
    pub(super) fn add(&mut self, phrase: &[u64], anchored: Anchored) {
        self.added.push((phrase[0], phrase.get(1).copied(), anchored));
    }

    /// Lays the patterns in their row and lets the tokens of a text tell whether an anchor begins with them.
    pub(super) fn gate(&mut self, gates: &mut Gates) {
        (self.first, self.second) = (gates.bit(), gates.bit());
        let mut added = std::mem::take(&mut self.added);
        // Stable: patterns keep their order.
        added.sort_by_key(|(first, _, _)| *first);
        for of_word in added.chunk_by(|one, other| one.0 == other.0) {
            let first = of_word[0].0;
            gates.add(first, self.first);
            let alone = self.lay(of_word.iter().filter(|(_, second, _)| second.is_none()));
            self.by_word.insert(first, alone);
            for second in of_word.iter().filter_map(|(_, second, _)| *second) {
                gates.add(second, self.second);
                if !self.by_two.contains_key(&both(first, second)) {
                    let fits = |wanted: Option<u64>| wanted.is_none_or(|wanted| wanted == second);
                    let row = self.lay(of_word.iter().filter(|(_, wanted, _)| fits(*wanted)));
                    self.by_two.insert(both(first, second), row);
                }
            }
        }
    }

    fn lay<'a>(&mut self, patterns: impl Iterator<Item = &'a (u64, Option<u64>, Anchored)>) -> Row {
        let start = self.row.len();
        self.row.extend(patterns.map(|(_, _, anchored)| *anchored));
        let kinds = self.row[start..].iter().fold(0, |kinds, anchored| kinds | anchored.needs.kinds());
        Row { start: start as u32, end: self.row.len() as u32, kinds }
    }

    /// The patterns that may be anchored at a token, with the token behind it, and kinds of mentions of which each of them
    /// demands one.
    pub(crate) fn at(&self, first: &Token, second: Option<&Token>) -> (&[Anchored], u64) {
        let opens = |token: &Token, gate: u64| gate == 0 || token.gates & gate != 0;
        if !opens(first, self.first) {
            return (&[], 0);
        }
        let by_two = second
            .filter(|second| opens(second, self.second))
            .and_then(|second| self.by_two.get(&both(first.hash, second.hash)));
        match by_two.or_else(|| self.by_word.get(&first.hash)) {
            Some(Row { start, end, kinds }) => (&self.row[*start as usize..*end as usize], *kinds),
            None => (&[], 0),
        }
    }
}

fn both(first: u64, second: u64) -> u64 {
    (first.rotate_left(23) ^ second).wrapping_mul(0xF135_7AEA_2E62_A9C5)
}
