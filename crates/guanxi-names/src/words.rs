//! Where Chinese words begin and end: the likeliest way to cut a stretch of characters into known words.
//!
//! The dictionary holds no proper names, so what it cannot cut is what a name is made of.

use std::collections::HashMap;
use std::sync::LazyLock;

use rustc_hash::FxBuildHasher;

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

/// Cuts characters into words so that the product of their frequencies is greatest; of equally likely ways, the one
/// with the longer first word. Traditional characters are read as their simplified forms.
///
/// ```
/// use guanxi_names::segment;
///
/// let characters: Vec<char> = "昇隆冷链的客户".chars().collect();
/// let words: Vec<String> = segment(&characters).iter().map(|word| characters[word.start..word.end].iter().collect()).collect();
/// assert_eq!(words, ["昇", "隆", "冷", "链", "的", "客户"]);
/// ```
pub fn segment(characters: &[char]) -> Vec<Word> {
    let characters: Vec<char> =
        characters.iter().map(|&character| simplified(character).unwrap_or(character)).collect();
    let mut best = vec![Step { score: 0, length: 0, kind: WordKind::Unknown }; characters.len() + 1];
    for start in (0..characters.len()).rev() {
        best[start] = DICTIONARY.best_step(&characters[start..], &best[start..]);
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

/// The best way to go on from a character: the score of everything from here, and the first word.
#[derive(Clone, Copy)]
struct Step {
    score: i32,
    length: usize,
    kind: WordKind,
}

/// Longest word of the dictionary, in characters.
const LONGEST: usize = 5;
/// Ten times the logarithm of the sum of all frequencies: what the weight of a word is measured against.
const WHOLE: i32 = 179;

struct Dictionary {
    words: HashMap<u128, (WordKind, i32), FxBuildHasher>,
    /// For each character of the main block, the lengths of the words that begin with it, as bits.
    lengths: Vec<u8>,
}

impl Dictionary {
    fn best_step(&self, characters: &[char], best: &[Step]) -> Step {
        let unknown = Step { score: best[1].score - WHOLE, length: 1, kind: WordKind::Unknown };
        let lengths = block_index(characters[0]).map_or(0, |index| self.lengths[index]);
        let mut key = 0;
        let mut step = unknown;
        for length in 1..=LONGEST.min(characters.len()) {
            key = extend(key, characters[length - 1]);
            if lengths & (1 << length) != 0
                && let Some(&(kind, weight)) = self.words.get(&key)
            {
                let score = best[length].score + weight - WHOLE;
                if score >= step.score {
                    step = Step { score, length, kind };
                }
            }
        }
        step
    }
}

/// Five characters of 21 bits each: exact, no two words share a key.
fn extend(key: u128, character: char) -> u128 {
    key << 21 | character as u128
}

fn block_index(character: char) -> Option<usize> {
    ('\u{4E00}'..='\u{9FFF}').contains(&character).then(|| character as usize - 0x4E00)
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let mut dictionary =
        Dictionary { words: HashMap::with_capacity_and_hasher(66_000, FxBuildHasher), lengths: vec![0; 0x5200] };
    for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(' ');
        let (Some(word), Some(kind), Some(weight)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let key = word.chars().fold(0, extend);
        dictionary.words.insert(key, (kind_of(kind), weight.parse().unwrap_or(0)));
        if let Some(index) = word.chars().next().and_then(block_index) {
            dictionary.lengths[index] |= 1 << word.chars().count();
        }
    }
    dictionary
});

fn kind_of(letter: &str) -> WordKind {
    match letter {
        "n" => WordKind::Noun,
        "w" => WordKind::RareNoun,
        "v" => WordKind::Verb,
        "a" => WordKind::Adjective,
        "m" => WordKind::Numeral,
        "s" => WordKind::Place,
        "b" => WordKind::Opening,
        "e" => WordKind::Ending,
        _ => WordKind::Function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let characters: Vec<char> = text.chars().collect();
        segment(&characters).iter().map(|word| characters[word.start..word.end].iter().collect()).collect()
    }

    #[test]
    fn known_words_are_cut_out_and_the_rest_falls_apart() {
        assert_eq!(cut("处罚韩率产业"), ["处罚", "韩", "率", "产业"]);
        assert_eq!(cut("随后卸任"), ["随后", "卸任"]);
        assert_eq!(cut(""), Vec::<String>::new());
    }

    #[test]
    fn traditional_characters_are_cut_like_simplified_ones() {
        assert_eq!(cut("公佈營業收入"), ["公佈", "營業", "收入"]);
    }

    #[test]
    fn every_line_of_the_dictionary_is_a_word() {
        for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(' ').collect();
            assert!(fields.len() == 3 && "nwvafsbem".contains(fields[1]) && fields[2].parse::<i32>().is_ok(), "{line}");
            assert!((1..=LONGEST).contains(&fields[0].chars().count()), "{line}");
        }
    }
}
