//! A name in parts: its tokens, each with what kind of word it is, and the kinds of its legal form.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::legal::{LegalForms, forms_around, is_form, without_spaceless_forms};
use super::vocabulary::{Known, LONGEST_HAN, LONGEST_PHRASE, VOCABULARY};
use crate::fold::{is_dropped, is_stable_under_nfkc, simplified, unified};
use crate::{is_han, name_key, pinyin};

/// What kind of word a token is, from what tells most to what tells least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenKind {
    /// A word that few names share.
    Brand,
    /// A number, an ordinal, a year, a mark of a series: `44`, `1st`, `2004`, `AHL1`.
    Number,
    /// A place.
    Place,
    /// A line of business.
    Business,
    /// 科技 and the like, added and left out at will.
    Technology,
    /// Group, holdings, 集团.
    Structure,
}

impl TokenKind {
    /// How much a token of the kind tells, in thousandths of a brand.
    pub(super) fn weight(self) -> u32 {
        match self {
            Self::Brand => 1000,
            Self::Number | Self::Place | Self::Business => 500,
            Self::Technology => 300,
            Self::Structure => 150,
        }
    }
}

/// A word of a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// The spelling that stands for all of its own: `organization`, `bank` for 银行.
    pub text: String,
    /// As it is written, folded, without accents.
    pub raw: String,
    /// The same with ä, ö, ü as ae, oe, ue, where it has any.
    pub spelt_out: Option<String>,
    /// In capitals or without a sign that it is not: a short one may be initials.
    pub may_be_initials: bool,
    /// Of Chinese, the letters that pinyin of it may open with, one bit each from a.
    pinyin_openings: u32,
}

impl Token {
    /// Whether pinyin of it may open with the letter: most names are told apart by that.
    pub fn pinyin_may_open_with(&self, letter: char) -> bool {
        letter.is_ascii_lowercase() && self.pinyin_openings >> (letter as u8 - b'a') & 1 == 1
    }

    fn in_latin(&self) -> String {
        if self.is_han() { pinyin::romanized(&self.raw).replace(' ', "") } else { self.text.clone() }
    }

    /// Whether it is of Chinese characters; no token mixes them with letters.
    pub fn is_han(&self) -> bool {
        self.raw.starts_with(is_han)
    }
}

/// A name of an organisation, read once to be compared with many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameParts {
    pub(super) key: String,
    pub(super) forms: LegalForms,
    /// Without articles and prepositions.
    pub(super) tokens: Vec<Token>,
    /// All words but the legal form, run together.
    pub(super) joined: String,
    /// First letters of its words: with and without its legal form, with and without articles and prepositions.
    initials: Vec<String>,
}

impl NameParts {
    /// Cuts a name into its parts. Any text has them; nothing but punctuation is one token.
    pub fn read(name: &str) -> Self {
        let prepared = prepared(name);
        let (rest, spaceless_forms) = without_spaceless_forms(&prepared);
        let all = words(rest);
        let plain: Vec<&str> = all.iter().map(|word| word.plain.as_str()).collect();
        let (start, end, forms) = forms_around(&plain);
        let kept = &all[start..all.len() - end];
        let mut tokens = tokens(kept);
        if tokens.is_empty() {
            let raw = crate::fold(name);
            let token = Token {
                kind: TokenKind::Brand,
                text: raw.clone(),
                raw,
                spelt_out: None,
                may_be_initials: false,
                pinyin_openings: 0,
            };
            tokens.push(token);
        }
        let joined = kept.iter().map(|word| word.plain.as_str()).collect();
        Self { key: name_key(name), forms: forms.and(spaceless_forms), tokens, joined, initials: initials(&all, kept) }
    }

    /// The kinds of its legal form.
    pub fn legal_forms(&self) -> LegalForms {
        self.forms
    }

    /// Keys under which it stands beside every name that it should be compared with: names share one if they are the same
    /// but for spelling, structure and places, run together, in pinyin, or one is the initials of the other. Names that are
    /// one by a slip of the pen, or in another order, share none.
    ///
    /// A key is a hash, the same within one program and good for nothing else.
    pub fn blocks(&self) -> Vec<u64> {
        let mut blocks = vec![hash(&["core", &self.core()]), hash(&["joined", &self.joined])];
        let initials = match &self.tokens[..] {
            [token] if token.kind == TokenKind::Brand && token.may_be_initials => std::slice::from_ref(&token.raw),
            [_] => &[],
            _ => &self.initials[..],
        };
        let is_acronym = |letters: &&String| (3..=6).contains(&letters.chars().count()) && letters.is_ascii();
        blocks.extend(initials.iter().filter(is_acronym).map(|letters| hash(&["initials", letters])));
        blocks.sort_unstable();
        blocks.dedup();
        blocks
    }

    /// Brands in Latin letters, run together, then lines of business and numbers in their order.
    fn core(&self) -> String {
        let of =
            |kinds: &[TokenKind]| self.tokens.iter().filter(|token| kinds.contains(&token.kind)).collect::<Vec<_>>();
        let mut brands = of(&[TokenKind::Brand]);
        let mut others: Vec<&str> =
            of(&[TokenKind::Business, TokenKind::Number]).iter().map(|token| token.text.as_str()).collect();
        if brands.is_empty() && others.is_empty() {
            brands = self.tokens.iter().collect();
        }
        others.sort_unstable();
        let brands: String = brands.iter().map(|token| token.in_latin()).collect();
        format!("{brands}|{}", others.join(" "))
    }

    /// Whether the names differ in nothing but where their words are parted; of numbers, where they are is their sense.
    pub(super) fn is_joined_alike(&self, other: &Self) -> bool {
        let has_number = |parts: &Self| parts.tokens.iter().any(|token| token.kind == TokenKind::Number);
        !self.joined.is_empty() && self.joined == other.joined && !has_number(self) && !has_number(other)
    }

    /// Whether this name is the initials of the other (PLA, People's Liberation Army), or the other's usual
    /// characters (工行, 中国工商银行).
    pub(super) fn is_abbreviation_of(&self, long: &Self) -> bool {
        let mut tokens = self.tokens.iter().filter(|token| token.kind != TokenKind::Place);
        let (Some(token), None) = (tokens.next(), tokens.next()) else { return false };
        let letters = token.raw.chars().count();
        if token.is_han() {
            return self.tokens.len() == 1 && (2..=3).contains(&letters) && long.is_shortened_to(&token.raw);
        }
        let is_acronym = token.kind == TokenKind::Brand && token.may_be_initials && (3..=6).contains(&letters);
        is_acronym && long.tokens.len() > 1 && long.initials.contains(&token.raw)
    }

    /// Whether the characters are one of each of its words, the last one of a line of business: 工行 of 中国工商银行.
    fn is_shortened_to(&self, characters: &str) -> bool {
        let words: Vec<&Token> = self
            .tokens
            .iter()
            .filter(|token| token.kind != TokenKind::Structure && !(token.text == "china" && self.tokens.len() > 2))
            .collect();
        let ends_in_business = words.last().is_some_and(|word| word.kind == TokenKind::Business);
        let count = characters.chars().count();
        ends_in_business
            && words.len() == count
            && words.iter().zip(characters.chars()).enumerate().all(|(at, (word, character))| {
                let mut own = word.raw.chars();
                own.next() == Some(character) || (at + 1 == count && own.next_back() == Some(character))
            })
    }
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = FxHasher::default();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// A word as it stands between spaces and punctuation.
pub(super) struct Word {
    /// Small letters, Latin ones for Cyrillic, without accents.
    pub plain: String,
    spelt_out: Option<String>,
    in_capitals: bool,
}

/// Cuts a text into words: initials with full stops are one word, `&` is `and`, `%` is `percent`; a legal form that is
/// written against its name (SiemensAG) is a word of its own; each stretch of Chinese characters is one word.
pub(super) fn words(text: &str) -> Vec<Word> {
    let text = prepared(text);
    // Capitals tell initials from names only where not all is written in them.
    let is_mixed = text.contains(char::is_lowercase);
    let spaced = text.replace(['&', '+'], " and ").replace('%', " percent ").replace('\'', "");
    let mut words = Vec::new();
    for chunk in spaced.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | ';' | ':')) {
        match single_letters(chunk) {
            Some(letters) => words.push(word(&letters, true)),
            None => chunk.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).for_each(|piece| {
                let stretches = stretches(piece);
                let pieces = stretches.iter().flat_map(|stretch| with_form_apart(stretch));
                words.extend(pieces.map(|piece| {
                    let in_capitals = !is_mixed || !piece.contains(char::is_lowercase);
                    word(piece, in_capitals)
                }));
            }),
        }
    }
    words.retain(|word| !word.plain.is_empty());
    words
}

/// Narrow, simplified, one form each of apostrophe and dash; quotation marks are spaces, brackets are round.
fn prepared(name: &str) -> String {
    match is_stable_under_nfkc(name) {
        true => tidied(name.chars()),
        false => tidied(name.chars().map(unified).nfkc()),
    }
}

fn tidied(characters: impl Iterator<Item = char>) -> String {
    characters
        .map(unified)
        .map(|character| match character {
            '《' | '》' | '「' | '」' | '"' | '“' | '”' | '„' | '«' | '»' => ' ',
            '[' | '【' => '(',
            ']' | '】' => ')',
            other => simplified(other).unwrap_or(other),
        })
        .filter(|&character| !is_dropped(character))
        .collect()
}

/// `S.A.R.L.` → `SARL`, `A/S` → `AS`: letters by themselves between full stops or slashes.
fn single_letters(chunk: &str) -> Option<String> {
    let pieces: Vec<&str> = chunk.trim_matches('.').split(['.', '/']).collect();
    let is_letter = |piece: &&str| piece.chars().count() == 1 && piece.chars().all(char::is_alphabetic);
    (pieces.len() > 1 && pieces.iter().all(is_letter)).then(|| pieces.concat())
}

/// Parts Chinese characters from others.
fn stretches(piece: &str) -> Vec<&str> {
    let mut stretches = Vec::new();
    let mut rest = piece;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|character| is_han(character) != is_han(first)).unwrap_or(rest.len());
        let (stretch, after) = rest.split_at(end);
        stretches.push(stretch);
        rest = after;
    }
    stretches
}

/// `SiemensAG` → `Siemens`, `AG`: a small letter, then a capital that begins a legal form.
fn with_form_apart(piece: &str) -> Vec<&str> {
    let boundaries = piece
        .char_indices()
        .zip(piece.chars().skip(1))
        .filter_map(|((at, one), other)| (one.is_lowercase() && other.is_uppercase()).then_some(at + one.len_utf8()));
    match boundaries.last().map(|at| piece.split_at(at)) {
        Some((name, form)) if form.len() > 1 && is_form(&form.to_lowercase()) => vec![name, form],
        _ => vec![piece],
    }
}

fn word(piece: &str, in_capitals: bool) -> Word {
    let lower: String = piece.chars().flat_map(char::to_lowercase).flat_map(romanized).collect();
    if lower.is_ascii() {
        return Word { plain: lower, spelt_out: None, in_capitals };
    }
    let plain = plain(&lower);
    let lower: String = lower.nfc().collect();
    let spelt_out = lower.contains(['ä', 'ö', 'ü', 'å', 'ø']).then(|| {
        let spelt = lower.replace('ä', "ae").replace(['ö', 'ø'], "oe").replace('ü', "ue").replace('å', "aa");
        self::plain(&spelt)
    });
    Word { plain, spelt_out, in_capitals }
}

fn plain(lower: &str) -> String {
    let mut plain = String::with_capacity(lower.len());
    for character in lower.nfd().filter(|&character| !is_combining_mark(character)) {
        match character {
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            other => plain.push(other),
        }
    }
    if plain.is_ascii() { plain } else { plain.nfc().collect() }
}

/// Cyrillic in Latin letters, much as passports have it (ICAO Doc 9303); й and ы as names of firms have them.
fn romanized(character: char) -> impl Iterator<Item = char> {
    const LETTERS: [(char, &str); 37] = [
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('ґ', "g"),
        ('д', "d"),
        ('е', "e"),
        ('ё', "e"),
        ('є', "ye"),
        ('ж', "zh"),
        ('з', "z"),
        ('и', "i"),
        ('і', "i"),
        ('ї', "yi"),
        ('й', "y"),
        ('к', "k"),
        ('л', "l"),
        ('м', "m"),
        ('н', "n"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "kh"),
        ('ц', "ts"),
        ('ч', "ch"),
        ('ш', "sh"),
        ('щ', "shch"),
        ('ъ', ""),
        ('ы', "y"),
        ('ь', ""),
        ('э', "e"),
        ('ю', "yu"),
        ('я', "ya"),
    ];
    let is_cyrillic = matches!(character, 'а'..='ґ');
    let letter = LETTERS.iter().filter(|_| is_cyrillic).find(|(cyrillic, _)| *cyrillic == character);
    let latin = letter.map(|(_, latin)| *latin);
    latin.unwrap_or_default().chars().chain(latin.is_none().then_some(character))
}

/// Articles and prepositions; "an" and "y" are none, for they are syllables of Chinese names.
const STOP_WORDS: [&str; 19] = [
    "the", "of", "and", "for", "in", "de", "la", "le", "les", "du", "des", "del", "di", "der", "die", "das", "und",
    "et", "el",
];

fn tokens(words: &[Word]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let plain = words[at].plain.as_str();
        if plain.contains(is_han) {
            // The counter of 2期.
            let is_counted = tokens.last().is_some_and(|token: &Token| token.kind == TokenKind::Number);
            if !(is_counted && matches!(plain, "期" | "号")) {
                han_tokens(plain, &mut tokens);
            }
            at += 1;
            continue;
        }
        let (token, length) = number(words, at)
            .or_else(|| known_phrase(&words[at..]))
            .unwrap_or_else(|| (latin_token(&words[at], None), 1));
        at += length;
        // What a name ends in is no preposition.
        if length > 1 || at == words.len() || !STOP_WORDS.contains(&token.raw.as_str()) {
            tokens.push(token);
        }
    }
    tokens
}

fn latin_token(word: &Word, known: Option<&Known>) -> Token {
    Token {
        kind: known.map_or(TokenKind::Brand, |known| known.kind),
        text: known.map_or_else(|| american(&word.plain), |known| known.text.clone()),
        raw: word.plain.clone(),
        spelt_out: word.spelt_out.clone().filter(|_| known.is_none()),
        may_be_initials: word.in_capitals,
        pinyin_openings: 0,
    }
}

/// `-isation` → `-ization`.
fn american(word: &str) -> String {
    match word.strip_suffix("isation") {
        Some(stem) => format!("{stem}ization"),
        None => word.to_owned(),
    }
}

fn known_phrase(words: &[Word]) -> Option<(Token, usize)> {
    (1..=LONGEST_PHRASE.min(words.len())).rev().find_map(|length| {
        let phrase: Vec<&str> = words[..length].iter().map(|word| word.plain.as_str()).collect();
        let known = VOCABULARY.latin(&phrase.join(" "))?;
        // "us" is a country only in capitals.
        if phrase == ["us"] && !words[0].in_capitals {
            return None;
        }
        let mut token = latin_token(&words[0], Some(known));
        token.raw = phrase.concat();
        Some((token, length))
    })
}

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// A number in digits, words or Roman numerals, and how many words it is; ordinals end in `th`.
fn number(words: &[Word], at: usize) -> Option<(Token, usize)> {
    let plain = words[at].plain.as_str();
    let next = words.get(at + 1).map(|word| word.plain.as_str());
    let (text, length) = if let Some(tens) = tens(plain) {
        match next.and_then(unit).filter(|unit| (1..10).contains(unit)) {
            Some(unit) => ((tens + unit).to_string(), 2),
            None => (tens.to_string(), 1),
        }
    } else if let Some(unit) = UNITS.iter().position(|unit| *unit == plain) {
        (unit.to_string(), 1)
    } else if let Some(ordinal) = ORDINALS.iter().position(|ordinal| *ordinal == plain) {
        (format!("{}th", ordinal + 1), 1)
    } else if let Some(ordinal) = ordinal_in_digits(plain) {
        (format!("{ordinal}th"), 1)
    } else if plain.contains(|c: char| c.is_ascii_digit()) {
        (plain.trim_start_matches('0').to_owned(), 1)
    } else {
        (roman(words, at)?.to_string(), 1)
    };
    let text = if text.is_empty() { "0".to_owned() } else { text };
    let raw = words[at..at + length].iter().map(|word| word.plain.as_str()).collect();
    Some((
        Token { kind: TokenKind::Number, text, raw, spelt_out: None, may_be_initials: false, pinyin_openings: 0 },
        length,
    ))
}

fn tens(word: &str) -> Option<usize> {
    // "Fourty" is the commonest misspelling of a number.
    let word = if word == "fourty" { "forty" } else { word };
    TENS.iter().position(|tens| *tens == word).map(|tens| 10 * (tens + 2))
}

fn unit(word: &str) -> Option<usize> {
    UNITS.iter().position(|unit| *unit == word).or_else(|| word.parse().ok())
}

fn ordinal_in_digits(word: &str) -> Option<usize> {
    ["st", "nd", "rd", "th"].into_iter().find_map(|ending| word.strip_suffix(ending)?.parse().ok())
}

/// A Roman numeral that stands behind a name, in capitals if anything is; a single letter only at the end or where it counts
/// (Fund V Cayman).
fn roman(words: &[Word], at: usize) -> Option<u32> {
    let word = &words[at];
    let counted = ["fund", "partners", "series", "trust", "phase", "part", "capital"];
    let is_behind = at > 0 && word.in_capitals;
    let is_place_for_one = at + 1 == words.len() || (at > 0 && counted.contains(&words[at - 1].plain.as_str()));
    if !is_behind || (word.plain.len() == 1 && !is_place_for_one) {
        return None;
    }
    let value = |letter| match letter {
        'i' => Some(1),
        'v' => Some(5),
        'x' => Some(10),
        _ => None,
    };
    let values: Vec<u32> = word.plain.chars().map(value).collect::<Option<_>>()?;
    let smaller_before = |at: usize| values.get(at + 1).is_some_and(|&next| values[at] < next);
    let (minus, plus): (Vec<_>, Vec<_>) = (0..values.len()).partition(|&at| smaller_before(at));
    let sum = |places: Vec<usize>| places.iter().map(|&at| values[at]).sum::<u32>();
    sum(plus).checked_sub(sum(minus))
}

/// Places at the start of a stretch of Chinese, words of business and structure at its end, and the core between them.
fn han_tokens(stretch: &str, tokens: &mut Vec<Token>) {
    let characters: Vec<char> = stretch.chars().collect();
    let (mut start, mut end) = (0, characters.len());
    while let Some(length) = known_length(&characters[start..end], true).filter(|_| start < end) {
        tokens.push(han_token(&characters[start..start + length]));
        start += length;
    }
    let mut behind = Vec::new();
    while start < end {
        if let Some((length, token)) = phase(&characters[start..end]) {
            behind.push(token);
            end -= length;
        } else if let Some(length) = known_length(&characters[start..end], false) {
            behind.push(han_token(&characters[end - length..end]));
            end -= length;
        } else {
            break;
        }
    }
    if start < end {
        tokens.push(han_token(&characters[start..end]));
    }
    tokens.extend(behind.into_iter().rev());
}

/// How many characters are a known word: a place at the start, one of any kind at the end.
fn known_length(characters: &[char], at_start: bool) -> Option<usize> {
    (1..=LONGEST_HAN.min(characters.len())).rev().find(|&length| {
        let part = if at_start { &characters[..length] } else { &characters[characters.len() - length..] };
        let word: String = part.iter().collect();
        let known = VOCABULARY.han(&word);
        // One character by itself ends too many names: 云, 部.
        known.is_some_and(|known| (known.kind == TokenKind::Place) == at_start && length > 1)
    })
}

/// 二期, 三号: the number of a series behind a name.
fn phase(characters: &[char]) -> Option<(usize, Token)> {
    let (last, before) = characters.split_last()?;
    let is_digit = |character: &&char| "一二三四五六七八九十".contains(**character);
    let digits = before.iter().rev().take_while(is_digit).count();
    let has_counter = matches!(last, '期' | '号');
    if !has_counter || digits == 0 || digits == before.len() {
        return None;
    }
    let numeral: String = before[before.len() - digits..].iter().collect();
    let text = chinese_number(&numeral).to_string();
    let token = Token {
        kind: TokenKind::Number,
        text,
        raw: numeral,
        spelt_out: None,
        may_be_initials: false,
        pinyin_openings: 0,
    };
    Some((digits + 1, token))
}

/// Up to ninety-nine.
fn chinese_number(numeral: &str) -> usize {
    let value = |digits: &str| {
        digits.chars().fold(0, |sum, digit| {
            10 * sum + "一二三四五六七八九".chars().position(|known| known == digit).map_or(0, |at| at + 1)
        })
    };
    match numeral.split_once('十') {
        Some((tens, units)) => 10 * value(tens).max(usize::from(tens.is_empty())) + value(units),
        None => value(numeral),
    }
}

fn han_token(characters: &[char]) -> Token {
    let raw: String = characters.iter().collect();
    let known = VOCABULARY.han(&raw);
    let text = known.map_or_else(|| raw.clone(), |known| known.text.clone());
    let kind = known.map_or(TokenKind::Brand, |known| known.kind);
    let openings = pinyin::readings(characters[0]).into_iter().filter_map(|reading| reading.bytes().next());
    let pinyin_openings =
        openings.filter(u8::is_ascii_lowercase).fold(0, |letters, letter| letters | 1 << (letter - b'a'));
    Token { kind, text, raw, spelt_out: None, may_be_initials: false, pinyin_openings }
}

fn initials(all: &[Word], kept: &[Word]) -> Vec<String> {
    let letters = |words: &[Word], with_stop_words: bool| -> String {
        let words = words.iter().filter(|word| with_stop_words || !STOP_WORDS.contains(&word.plain.as_str()));
        words.filter_map(|word| word.plain.chars().next()).collect()
    };
    let mut initials = vec![letters(kept, false), letters(kept, true), letters(all, false), letters(all, true)];
    initials.retain(|letters| letters.is_ascii() && letters.len() > 2);
    initials.dedup();
    initials
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Vec<(String, TokenKind)> {
        NameParts::read(name).tokens.into_iter().map(|token| (token.text, token.kind)).collect()
    }

    #[test]
    fn names_fall_into_parts() {
        use TokenKind::*;
        for (name, parts) in [
            ("SiemensAG", vec![("siemens", Brand)]),
            ("J.P. Morgan & Co.", vec![("jp", Brand), ("morgan", Brand), ("company", Structure)]),
            ("Bank of China (Hong Kong) Limited", vec![("bank", Business), ("china", Place), ("hong kong", Place)]),
            ("First Bank Int’l", vec![("1th", Number), ("bank", Business), ("international", Business)]),
            ("Brigade Forty-Four", vec![("brigade", Brand), ("44", Number)]),
            ("KKR Asian Fund XII L.P.", vec![("kkr", Brand), ("asian", Brand), ("fund", Business), ("12", Number)]),
            ("Xi Vi Foods", vec![("xi", Brand), ("vi", Brand), ("food", Business)]),
            ("Газпром", vec![("gazprom", Brand)]),
            ("北京字节跳动科技有限公司", vec![("beijing", Place), ("字节跳动", Brand), ("technology", Technology)]),
            ("中国银行（香港）有限公司", vec![("china", Place), ("bank", Business), ("hong kong", Place)]),
            ("平安基金二期", vec![("平安", Brand), ("fund", Business), ("2", Number)]),
            ("TCL科技", vec![("tcl", Brand), ("technology", Technology)]),
            ("The", vec![("the", Brand)]),
            ("!?", vec![("!?", Brand)]),
        ] {
            let parts: Vec<_> = parts.into_iter().map(|(text, kind)| (text.to_owned(), kind)).collect();
            assert_eq!(read(name), parts, "{name}");
        }
    }

    #[test]
    fn names_that_may_be_one_share_a_block() {
        for (one, other) in [
            ("Alibaba", "Alibaba Group"),
            ("Procter & Gamble Co.", "The Procter and Gamble Company"),
            ("Xiaohongshu", "小红书"),
            ("Ping An Insurance", "平安保险"),
            ("Industrial and Commercial Bank of China", "ICBC"),
            ("Metrobank", "Metro Bank"),
            ("Deutsche Bank", "Deutsche Bank (Schweiz) AG"),
            ("Газпром", "Gazprom PJSC"),
        ] {
            let (one_blocks, other_blocks) = (NameParts::read(one).blocks(), NameParts::read(other).blocks());
            assert!(one_blocks.iter().any(|block| other_blocks.contains(block)), "{one} {other}");
        }
        let (bank, securities) = (NameParts::read("平安银行").blocks(), NameParts::read("平安证券").blocks());
        assert!(bank.iter().all(|block| !securities.contains(block)));
    }

    #[test]
    fn chinese_numbers() {
        for (numeral, number) in [("二", 2), ("十", 10), ("十二", 12), ("二十", 20), ("三十四", 34)] {
            assert_eq!(chinese_number(numeral), number, "{numeral}");
        }
    }
}
