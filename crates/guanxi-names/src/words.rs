//! Where Chinese words begin and end: the likeliest way to cut a stretch of characters into known words.
//!
//! The dictionary holds no proper names, so what it cannot cut is what a name is made of.

use std::sync::LazyLock;

use guanxi_model::packed::Bytes;
use serde::{Deserialize, Serialize};

use crate::Table;
use crate::fold::simplified;

/// What kind of word it is, as far as finding names needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A common noun.
    Noun,
    /// A noun seldom met, which may well be a name: 北岸, 长城.
    RareNoun,
    /// A verb.
    Verb,
    /// An adjective.
    Adjective,
    /// A function word, a numeral, an adverb, a set phrase.
    Function,
    /// A numeral or a side in one character, as names open with them: 三, 百, 东.
    Numeral,
    /// A place.
    Place,
    /// A common word that often opens the name of a firm: 光明, 海棠.
    Opening,
    /// A common word that often ends the name of a firm: 食品, 机械.
    Ending,
    /// A word that the caller gave.
    Given,
    /// A character that belongs to no word of the dictionary here.
    Unknown,
}

/// A word of a stretch of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Index of its first character.
    pub start: usize,
    /// One past its last character.
    pub end: usize,
    /// What it is.
    pub kind: WordKind,
}

/// The dictionary, read where it lies: see [`Table`].
///
/// ```
/// use guanxi_names::Dictionary;
///
/// let characters: Vec<char> = "昇隆冷链的客户".chars().collect();
/// let words = Dictionary::read().segment(&characters, &[]);
/// let words: Vec<String> = words.iter().map(|word| characters[word.start..word.end].iter().collect()).collect();
/// assert_eq!(words, ["昇", "隆", "冷", "链", "的", "客户"]);
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Dictionary {
    /// For each character of the main block, four bytes: the entry of the word that it is by itself.
    singles: Bytes,
    /// Entries of two characters and more, by [`step`] after step.
    longer: Table,
}

/// What some characters are, by themselves and to longer words: 0 where they are nothing.
#[derive(Clone, Copy)]
struct Entry(u32);

impl Entry {
    /// Longer words begin with them.
    const OPENS: u32 = 1 << 31;

    fn opens(self) -> bool {
        self.0 & Self::OPENS != 0
    }

    /// The word that they are, and its weight.
    fn word(self) -> Option<(WordKind, i32)> {
        let kind = KINDS.get(((self.0 & !Self::OPENS) >> 16).checked_sub(1)? as usize)?;
        Some((kind.1, (self.0 & 0xFFFF) as i32))
    }

    fn of_word(self, kind: usize, weight: u16) -> Self {
        Self(self.0 & Self::OPENS | (kind as u32 + 1) << 16 | u32::from(weight))
    }
}

/// How the dictionary writes what kind a word is.
const KINDS: [(&str, WordKind); 9] = [
    ("n", WordKind::Noun),
    ("w", WordKind::RareNoun),
    ("v", WordKind::Verb),
    ("a", WordKind::Adjective),
    ("f", WordKind::Function),
    ("m", WordKind::Numeral),
    ("s", WordKind::Place),
    ("b", WordKind::Opening),
    ("e", WordKind::Ending),
];

/// The best way to go on from a character: the score of everything from here, and the first word.
#[derive(Clone, Copy)]
struct Step {
    score: i32,
    length: usize,
    kind: WordKind,
}

/// Ten times the logarithm of the sum of all frequencies: what the weight of a word is measured against.
const WHOLE: i32 = 179;
/// The weight of a word that the caller gives.
const GIVEN: i32 = 65;

impl Dictionary {
    /// Reads the dictionary of this crate.
    pub fn read() -> Self {
        let mut dictionary = Self { singles: vec![0; 4 * BLOCK].into(), longer: Table::default() };
        let mut characters = Vec::new();
        for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let (Some(word), Some(kind), Some(weight)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let kind = KINDS.iter().position(|(letter, _)| *letter == kind);
            if let (Some(kind), Ok(weight)) = (kind, weight.parse()) {
                characters.clear();
                characters.extend(word.chars());
                dictionary.insert(&characters, kind, weight);
            }
        }
        dictionary.longer.fit();
        dictionary
    }

    /// Cuts characters into words so that the product of their frequencies is greatest; of equally likely ways, the one
    /// with the longer first word. Traditional characters are read as their simplified forms.
    ///
    /// `given` are further words, each with its first character and one past its last: names that the caller knows, as
    /// likely as a word of middling frequency. Where they are not among the words that come out, others cut them in two.
    pub fn segment(&self, characters: &[char], given: &[(usize, usize)]) -> Vec<Word> {
        let characters: Vec<char> =
            characters.iter().map(|&character| simplified(character).unwrap_or(character)).collect();
        let mut best = vec![Step { score: 0, length: 0, kind: WordKind::Unknown }; characters.len() + 1];
        for start in (0..characters.len()).rev() {
            best[start] = self.best_step(&characters[start..], &best[start..]);
            for &(_, end) in
                given.iter().filter(|&&(given, end)| given == start && end > start && end <= characters.len())
            {
                let score = best[end].score + GIVEN - WHOLE;
                if score > best[start].score {
                    best[start] = Step { score, length: end - start, kind: WordKind::Given };
                }
            }
        }
        let mut words = Vec::new();
        let mut start = 0;
        while start < characters.len() {
            let Step { length, kind, .. } = best[start];
            words.push(Word { start, end: start + length, kind });
            start += length;
        }
        words
    }

    fn best_step(&self, characters: &[char], best: &[Step]) -> Step {
        let mut found = Step { score: best[1].score - WHOLE, length: 1, kind: WordKind::Unknown };
        let Some(mut entry) = self.single(characters[0]) else { return found };
        let mut state = u64::from(characters[0]);
        for (length, after) in best.iter().enumerate().skip(1) {
            if let Some((kind, weight)) = entry.word() {
                let score = after.score + weight - WHOLE;
                if score >= found.score {
                    found = Step { score, length, kind };
                }
            }
            let Some(&next) = characters.get(length).filter(|_| entry.opens()) else { break };
            state = step(state, next);
            let Some(longer) = self.longer.get(state) else { break };
            entry = Entry(longer);
        }
        found
    }

    fn single(&self, character: char) -> Option<Entry> {
        let (singles, _) = self.singles.as_slice().as_chunks();
        singles.get(block_index(character)?).map(|entry| Entry(u32::from_le_bytes(*entry)))
    }

    fn insert(&mut self, characters: &[char], kind: usize, weight: u16) {
        let Some(&first) = characters.first().filter(|&&first| block_index(first).is_some()) else { return };
        let mut state = u64::from(first);
        for length in 1..=characters.len() {
            if length > 1 {
                state = step(state, characters[length - 1]);
            }
            let known = match length {
                1 => self.single(first).unwrap_or(Entry(0)),
                _ => Entry(self.longer.get(state).unwrap_or_default()),
            };
            let entry = match length == characters.len() {
                true => known.of_word(kind, weight),
                false => Entry(known.0 | Entry::OPENS),
            };
            match block_index(first).filter(|_| length == 1) {
                Some(index) => self.singles.to_mut()[4 * index..][..4].copy_from_slice(&entry.0.to_le_bytes()),
                None => self.longer.set(state, entry.0),
            }
        }
    }
}

/// [`Dictionary::segment`] with the dictionary of this crate, which is read at the first call: for whoever has none opened.
pub fn segment(characters: &[char], given: &[(usize, usize)]) -> Vec<Word> {
    static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::read);
    DICTIONARY.segment(characters, given)
}

/// From the state of some characters to that with one more. No two states of the dictionary are equal (a test), and to
/// meet one by chance takes one in 2^46 stretches that are no word.
fn step(state: u64, character: char) -> u64 {
    (state.rotate_left(23) ^ u64::from(character)).wrapping_mul(0xF135_7AEA_2E62_A9C5)
}

/// Size of the main block of Chinese characters.
const BLOCK: usize = 0x5200;

fn block_index(character: char) -> Option<usize> {
    ('\u{4E00}'..='\u{9FFF}').contains(&character).then(|| character as usize - 0x4E00)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    /// Longest word of the dictionary, in characters.
    const LONGEST: usize = 5;

    static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::read);

    fn cut(text: &str) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        DICTIONARY
            .segment(&characters, &[])
            .iter()
            .map(|word| characters[word.start..word.end].iter().collect())
            .collect()
    }

    #[test]
    fn known_words_are_cut_out_and_the_rest_falls_apart() {
        assert_eq!(cut("处罚韩率产业"), ["处罚", "韩", "率", "产业"]);
        assert_eq!(cut("随后卸任"), ["随后", "卸任"]);
        assert_eq!(cut(""), Vec::<String>::new());
    }

    #[test]
    fn a_given_word_stands_unless_likelier_words_cut_it() {
        let kinds = |text: &str, given: (usize, usize)| {
            let characters: Vec<char> = text.chars().collect();
            DICTIONARY.segment(&characters, &[given]).iter().any(|word| (word.start, word.end) == given)
        };
        assert!(!kinds("他在北京东城", (3, 5)));
        assert!(kinds("与京东方面", (1, 3)));
        assert!(!kinds("货币安全", (1, 3)));
        assert!(kinds("币安收购", (0, 2)));
    }

    #[test]
    fn traditional_characters_are_cut_like_simplified_ones() {
        assert_eq!(cut("公佈營業收入"), ["公佈", "營業", "收入"]);
    }

    #[test]
    fn every_line_of_the_dictionary_is_a_word_and_found() {
        let mut states: HashMap<u64, String> = HashMap::new();
        for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(' ').collect();
            let kind = KINDS.iter().find(|(letter, _)| *letter == fields[1]).map(|(_, kind)| *kind);
            let weight = fields[2].parse::<u16>().map(i32::from);
            assert!(fields.len() == 3 && kind.is_some() && weight.is_ok(), "{line}");
            let characters: Vec<char> = fields[0].chars().collect();
            assert!((1..=LONGEST).contains(&characters.len()) && block_index(characters[0]).is_some(), "{line}");
            let mut state = u64::from(characters[0]);
            let mut entry = DICTIONARY.single(characters[0]).unwrap();
            for length in 2..=characters.len() {
                assert!(entry.opens(), "{line}");
                state = step(state, characters[length - 1]);
                let so_far: String = characters[..length].iter().collect();
                assert_eq!(*states.entry(state).or_insert_with(|| so_far.clone()), so_far, "one state for two");
                entry = Entry(DICTIONARY.longer.get(state).unwrap());
            }
            assert_eq!(entry.word(), kind.zip(weight.ok()), "{line}");
        }
        assert_eq!(states.len(), DICTIONARY.longer.len());
    }
}
