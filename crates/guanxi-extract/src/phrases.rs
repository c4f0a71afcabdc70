//! Longest match of phrases over token hashes.
//!
//! A phrase is a path of hashes; each state is the hash of the path so far, so the whole table is one flat
//! map and a look-up costs one probe a token. Names take the longest match; overlapping matches are the
//! caller's choice (it asks again at the next token).

use guanxi_names::Table;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::scan::{Token, token_hash, tokens};

/// Phrases, each with a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static, V: Deserialize<'de>"))]
pub(crate) struct Phrases<V> {
    /// Each state's value, as one more than its place among `values`, and whether a longer phrase goes through it.
    states: Table,
    values: Vec<V>,
    /// Bits of [`Token::gates`] that tell that a phrase begins, or ends, with the token; 0 where nothing tells.
    opens: u64,
    closes: u64,
    /// First and last tokens of the phrases, until gates are made of them.
    #[serde(skip)]
    edges: Vec<(u64, u64)>,
}

/// Of a state: a longer phrase goes through it.
const EXTENDS: u32 = 1 << 31;

/// For each token with which phrases begin or end, of which tables: one look a token of the text, instead of one a table.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(crate) struct Gates {
    /// Each token's place among `sets`.
    by_token: Table,
    /// The few sets of bits that tokens have.
    sets: Vec<u64>,
    /// Where each set is, while gates are made.
    #[serde(skip)]
    places: FxHashMap<u64, u32>,
    used: u32,
}

impl Gates {
    /// The gates of a token.
    pub(crate) fn of(&self, token: u64) -> u64 {
        self.by_token.get(token).map_or(0, |set| self.sets[set as usize])
    }

    /// A bit for a further table.
    ///
    /// # Panics
    ///
    /// Where none is left: the tables are counted in the code, not in the data, so that the first test tells.
    pub(crate) fn bit(&mut self) -> u64 {
        assert!(self.used < u64::BITS, "more tables of phrases than bits for their gates: widen `Token::gates`");
        let bit = 1 << self.used;
        self.used += 1;
        bit
    }

    /// A bit for these words.
    pub(crate) fn bit_for(&mut self, words: &str) -> u64 {
        let bit = self.bit();
        for word in words.split_whitespace() {
            self.add(token_hash(word), bit);
        }
        bit
    }

    pub(crate) fn add(&mut self, token: u64, bits: u64) {
        let both = self.of(token) | bits;
        let place = *self.places.entry(both).or_insert_with(|| {
            self.sets.push(both);
            self.sets.len() as u32 - 1
        });
        self.by_token.set(token, place);
    }

    /// Gives back the room that was kept for more tokens.
    pub(crate) fn fit(&mut self) {
        self.places = FxHashMap::default();
        self.by_token.fit();
    }
}

impl<V> Default for Phrases<V> {
    fn default() -> Self {
        Self { states: Table::default(), values: Vec::new(), opens: 0, closes: 0, edges: Vec::new() }
    }
}

const ROOT: u64 = 0x9E37_79B9_7F4A_7C15;

fn step(state: u64, token: u64) -> u64 {
    (state.rotate_left(23) ^ token).wrapping_mul(0xF135_7AEA_2E62_A9C5)
}

impl<V> Phrases<V> {
    /// Adds a phrase; the first value given to a phrase stays.
    pub(crate) fn insert(&mut self, phrase: &str, value: V) {
        if let Some(edges) = self.insert_ungated(phrase, value)
            && self.opens == 0
        {
            self.edges.push(edges);
        }
    }

    /// The same for a table whose owner makes its own gates: of the first and the last token, which are handed back.
    pub(crate) fn insert_ungated(&mut self, phrase: &str, value: V) -> Option<(u64, u64)> {
        let pieces = tokens(phrase, 0, phrase.len() as u32);
        let (last, before) = pieces.split_last()?;
        let mut state = ROOT;
        for token in before {
            state = step(state, token.hash);
            let known = self.states.get(state).unwrap_or_default();
            if known & EXTENDS == 0 {
                self.states.set(state, known | EXTENDS);
            }
        }
        let end = step(state, last.hash);
        let known = self.states.get(end).unwrap_or_default();
        if self.value(known).is_none() {
            self.values.push(value);
            self.states.set(end, known | self.values.len() as u32);
        }
        Some((pieces[0].hash, last.hash))
    }

    /// Gives back the room that was kept for more phrases.
    pub(crate) fn fit(&mut self) {
        self.states.fit();
        self.values.shrink_to_fit();
    }

    /// Lets tokens tell whether a look into this table is worth it; phrases are complete now.
    pub(crate) fn gate(&mut self, gates: &mut Gates) {
        (self.opens, self.closes) = (gates.bit(), gates.bit());
        for (first, last) in std::mem::take(&mut self.edges) {
            gates.add(first, self.opens);
            gates.add(last, self.closes);
        }
        self.fit();
    }

    /// Whether a phrase may begin with the token.
    #[inline]
    pub(crate) fn may_open(&self, token: &Token) -> bool {
        self.opens == 0 || token.gates & self.opens != 0
    }

    /// Whether a phrase may end with the token.
    #[inline]
    pub(crate) fn may_close(&self, token: &Token) -> bool {
        self.closes == 0 || token.gates & self.closes != 0
    }

    /// The longest phrase that begins at `tokens[0]`: its length in tokens and its value.
    #[inline]
    pub(crate) fn longest(&self, tokens: &[Token]) -> Option<(usize, &V)> {
        match tokens.first().is_some_and(|first| self.may_open(first)) {
            true => self.longest_such_that(tokens, |_, _| true),
            false => None,
        }
    }

    /// The longest phrase at `tokens[0]` whose length and value are acceptable.
    pub(crate) fn longest_such_that(
        &self,
        tokens: &[Token],
        accept: impl Fn(usize, &V) -> bool,
    ) -> Option<(usize, &V)> {
        if self.opens != 0 && tokens.first().is_some_and(|first| first.gates & self.opens == 0) {
            return None;
        }
        let mut state = ROOT;
        let mut found = None;
        for (index, token) in tokens.iter().enumerate() {
            state = step(state, token.hash);
            let Some(reached) = self.states.get(state) else { break };
            if let Some(value) = self.value(reached)
                && accept(index + 1, value)
            {
                found = Some((index + 1, value));
            }
            if reached & EXTENDS == 0 {
                break;
            }
        }
        found
    }

    /// Whether these tokens are exactly a phrase, and its value.
    pub(crate) fn exact(&self, tokens: &[Token]) -> Option<&V> {
        if self.opens != 0 && tokens.first().is_some_and(|first| first.gates & self.opens == 0) {
            return None;
        }
        let state = tokens.iter().fold(ROOT, |state, token| step(state, token.hash));
        self.value(self.states.get(state)?)
    }

    /// The longest phrase that ends `tokens`.
    pub(crate) fn longest_at_end(&self, tokens: &[Token], most: usize) -> Option<(usize, &V)> {
        if !tokens.last().is_some_and(|last| self.may_close(last)) {
            return None;
        }
        let most = most.min(tokens.len());
        (1..=most).rev().find_map(|length| self.exact(&tokens[tokens.len() - length..]).map(|value| (length, value)))
    }

    fn value(&self, state: u32) -> Option<&V> {
        self.values.get(((state & !EXTENDS) as usize).checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins() {
        let mut phrases = Phrases::default();
        for (index, phrase) in ["Bank", "Bank of China", "China", "中国银行", "中国"].into_iter().enumerate() {
            phrases.insert(phrase, index);
        }
        let found =
            |text: &str| phrases.longest(&tokens(text, 0, text.len() as u32)).map(|(length, value)| (length, *value));
        assert_eq!(found("bank of China said"), Some((3, 1)));
        assert_eq!(found("Bank of America"), Some((1, 0)));
        assert_eq!(found("中國銀行"), Some((4, 3)));
        assert_eq!(found("中国人民"), Some((2, 4)));
        assert_eq!(found("Of"), None);
    }
}
