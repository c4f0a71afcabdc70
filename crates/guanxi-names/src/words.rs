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

/// Cuts characters into words so that the product of their frequencies is greatest; of equally likely ways, the one
/// with the longer first word. Traditional characters are read as their simplified forms.
///
/// `given` are further words, each with its first character and one past its last: names that the caller knows, as
/// likely as a word of middling frequency. Where they are not among the words that come out, others cut them in two.
///
/// ```
/// use guanxi_names::segment;
///
/// let characters: Vec<char> = "昇隆冷链的客户".chars().collect();
/// let words: Vec<String> = segment(&characters, &[]).iter().map(|word| characters[word.start..word.end].iter().collect()).collect();
/// assert_eq!(words, ["昇", "隆", "冷", "链", "的", "客户"]);
/// ```
pub fn segment(characters: &[char], given: &[(usize, usize)]) -> Vec<Word> {
    let characters: Vec<char> =
        characters.iter().map(|&character| simplified(character).unwrap_or(character)).collect();
    let mut best = vec![Step { score: 0, length: 0, kind: WordKind::Unknown }; characters.len() + 1];
    for start in (0..characters.len()).rev() {
        best[start] = DICTIONARY.best_step(&characters[start..], &best[start..]);
        for &(_, end) in given.iter().filter(|&&(given, end)| given == start && end > start && end <= characters.len())
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
/// The weight of a word that the caller gives.
const GIVEN: i32 = 65;

struct Dictionary {
    /// For each character of the main block: the word that it is by itself.
    singles: Vec<Option<(WordKind, i32)>>,
    /// For each character of the main block, whether longer words begin with it.
    opens: Vec<bool>,
    /// By the first two characters of a word.
    pairs: HashMap<u64, Pair, FxBuildHasher>,
    /// Words of three characters and more.
    longer: HashMap<u128, (WordKind, i32), FxBuildHasher>,
}

/// What two characters open.
#[derive(Default)]
struct Pair {
    /// The word that they are.
    word: Option<(WordKind, i32)>,
    /// Lengths of the longer words that begin with them, as bits.
    lengths: u8,
}

impl Dictionary {
    fn best_step(&self, characters: &[char], best: &[Step]) -> Step {
        let mut step = Step { score: best[1].score - WHOLE, length: 1, kind: WordKind::Unknown };
        let Some(first) = block_index(characters[0]) else { return step };
        let mut take = |length: usize, (kind, weight): (WordKind, i32)| {
            let score = best[length].score + weight - WHOLE;
            if score >= step.score {
                step = Step { score, length, kind };
            }
        };
        if let Some(word) = self.singles[first] {
            take(1, word);
        }
        if self.opens[first]
            && characters.len() > 1
            && let Some(pair) = self.pairs.get(&pair_key(characters))
        {
            if let Some(word) = pair.word {
                take(2, word);
            }
            for length in (3..=LONGEST.min(characters.len())).filter(|length| pair.lengths & (1 << length) != 0) {
                if let Some(&word) = self.longer.get(&characters[..length].iter().copied().fold(0, extend)) {
                    take(length, word);
                }
            }
        }
        step
    }

    fn insert(&mut self, characters: &[char], word: (WordKind, i32)) {
        let Some(first) = characters.first().and_then(|&first| block_index(first)) else { return };
        if characters.len() == 1 {
            self.singles[first] = Some(word);
            return;
        }
        self.opens[first] = true;
        let pair = self.pairs.entry(pair_key(characters)).or_default();
        if characters.len() == 2 {
            pair.word = Some(word);
        } else {
            pair.lengths |= 1 << characters.len();
            self.longer.insert(characters.iter().copied().fold(0, extend), word);
        }
    }
}

fn pair_key(characters: &[char]) -> u64 {
    u64::from(characters[0]) << 21 | u64::from(characters[1])
}

/// Five characters of 21 bits each: exact, no two words share a key.
fn extend(key: u128, character: char) -> u128 {
    key << 21 | character as u128
}

/// Size of the main block of Chinese characters.
const BLOCK: usize = 0x5200;

fn block_index(character: char) -> Option<usize> {
    ('\u{4E00}'..='\u{9FFF}').contains(&character).then(|| character as usize - 0x4E00)
}

static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(|| {
    let mut dictionary = Dictionary {
        singles: vec![None; BLOCK],
        opens: vec![false; BLOCK],
        pairs: HashMap::with_capacity_and_hasher(50_000, FxBuildHasher),
        longer: HashMap::with_capacity_and_hasher(25_000, FxBuildHasher),
    };
    let mut characters = Vec::new();
    for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(' ');
        let (Some(word), Some(kind), Some(weight)) = (fields.next(), fields.next(), fields.next()) else { continue };
        characters.clear();
        characters.extend(word.chars());
        dictionary.insert(&characters, (kind_of(kind), weight.parse().unwrap_or(0)));
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
        segment(&characters, &[]).iter().map(|word| characters[word.start..word.end].iter().collect()).collect()
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
            segment(&characters, &[given]).iter().any(|word| (word.start, word.end) == given)
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
    fn every_line_of_the_dictionary_is_a_word() {
        for line in include_str!("../data/chinese_words.txt").lines().filter(|line| !line.starts_with('#')) {
            let fields: Vec<&str> = line.split(' ').collect();
            assert!(fields.len() == 3 && "nwvafsbem".contains(fields[1]) && fields[2].parse::<i32>().is_ok(), "{line}");
            assert!((1..=LONGEST).contains(&fields[0].chars().count()), "{line}");
        }
    }
}
