//! Words that many names share, in both languages: places, lines of business, words of structure.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::parts::{TokenKind, words};
use crate::{fold, is_han};

/// A word with its kind and the spelling that stands for all of its own.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub kind: TokenKind,
    pub text: String,
}

#[derive(Default)]
pub(super) struct Vocabulary {
    /// By its words, parted by spaces.
    latin: FxHashMap<String, Known>,
    han: FxHashMap<String, Known>,
}

/// Longest phrase that is looked for, in words; the few official names that are longer are left to their short forms.
pub(super) const LONGEST_PHRASE: usize = 4;
/// Longest Chinese word that is looked for, in characters.
pub(super) const LONGEST_HAN: usize = 8;

pub(super) static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    let lines = include_str!("../../data/name_words.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let [kind, text, spellings] = columns[..] else { unreachable!("name_words.txt: {line}") };
        let Some(kind) = kind_named(kind) else { unreachable!("name_words.txt: {line}") };
        vocabulary.insert(kind, text, spellings.split(',').chain([text]));
    }
    // id,class,country,name.en,name.zh,short.en,short.zh,source
    let lines = include_str!("../../../../data/reference/places.csv").lines();
    for line in lines.filter(|line| line.starts_with("place-")) {
        let cells = cells(line);
        if let [_, _, _, english, chinese, short_english, short_chinese, ..] = &cells[..] {
            let short = short_english.split('|').chain(short_chinese.split('|'));
            vocabulary.insert(TokenKind::Place, english, short.chain([english.as_str(), chinese.as_str()]));
        }
    }
    vocabulary
});

impl Vocabulary {
    pub(super) fn latin(&self, phrase: &str) -> Option<&Known> {
        self.latin.get(phrase)
    }

    pub(super) fn han(&self, word: &str) -> Option<&Known> {
        self.han.get(word)
    }

    /// Adds a word with its spellings; where one of them is known, the word is the known one.
    fn insert<'a>(&mut self, kind: TokenKind, text: &str, spellings: impl Iterator<Item = &'a str>) {
        let spellings: Vec<String> =
            spellings.map(str::trim).filter(|spelling| !spelling.is_empty()).map(key).collect();
        let known = spellings.iter().find_map(|spelling| self.latin(spelling).or_else(|| self.han(spelling)));
        let known = known.filter(|known| known.kind == kind).cloned();
        let known = known.unwrap_or_else(|| Known { kind, text: key(text) });
        for spelling in spellings {
            if !spelling.contains(is_han) {
                self.latin.entry(spelling).or_insert_with(|| known.clone());
                continue;
            }
            // A firm of 大连市 calls itself 大连.
            let city = spelling.strip_suffix('市').filter(|city| kind == TokenKind::Place && city.chars().count() > 1);
            if let Some(city) = city {
                self.han.entry(city.to_owned()).or_insert_with(|| known.clone());
            }
            self.han.entry(spelling).or_insert_with(|| known.clone());
        }
    }
}

fn kind_named(name: &str) -> Option<TokenKind> {
    Some(match name {
        "place" => TokenKind::Place,
        "business" => TokenKind::Business,
        "technology" => TokenKind::Technology,
        "structure" => TokenKind::Structure,
        "spelling" => TokenKind::Brand,
        _ => return None,
    })
}

fn key(text: &str) -> String {
    if text.contains(is_han) {
        return fold(text);
    }
    words(text).into_iter().map(|word| word.plain).collect::<Vec<_>>().join(" ")
}

/// The cells of a line of CSV, as the reference data have it: quotes around a cell with commas, doubled within.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().into_iter().for_each(|cell| cell.push(other)),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_mean_the_same() {
        for (latin, han) in
            [("bank", "银行"), ("insurance", "保险"), ("group", "集团"), ("china", "中国"), ("shanghai", "上海")]
        {
            let (latin, han) = (VOCABULARY.latin(latin).unwrap(), VOCABULARY.han(han).unwrap());
            assert_eq!((latin.kind, &latin.text), (han.kind, &han.text));
        }
        assert_eq!(VOCABULARY.latin("schweiz").unwrap().text, VOCABULARY.latin("switzerland").unwrap().text);
        assert!(VOCABULARY.latin.len() > 1000 && VOCABULARY.han.len() > 800);
    }
}
