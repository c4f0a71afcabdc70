//! Text → tokens → sentences: one pass over the bytes, no dictionary.
//!
//! A Latin word, a number, one Chinese character and one sign are a token each. A possessive `'s` and a
//! hyphen stand alone, so that `China-based` shows the place and `Ant Group’s` the firm.

use std::hash::Hasher;

pub(crate) use guanxi_names::is_han;
use rustc_hash::FxHasher;

use crate::structure::Block;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters of an alphabet, perhaps with digits and inner dots (`JD.com`, `U.S.`, `B2B`).
    Word,
    /// Digits with group and decimal signs.
    Number,
    /// One Chinese character.
    Han,
    /// Any other sign.
    Sign,
}

/// The smallest piece that rules see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    /// First byte.
    pub(crate) start: u32,
    /// One past its last byte.
    pub(crate) end: u32,
    /// Of its folded text; see [`token_hash`].
    pub(crate) hash: u64,
    pub(crate) kind: TokenKind,
    /// Begins with a capital letter.
    pub(crate) capital: bool,
    /// Has no small letter, and at least one capital.
    pub(crate) all_capitals: bool,
    /// White space stands before it.
    pub(crate) spaced: bool,
}

/// A sentence: a range of tokens within one block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence {
    /// First token.
    pub(crate) start: u32,
    /// One past its last token.
    pub(crate) end: u32,
    /// Index of its block.
    pub(crate) block: u32,
}

/// Sentences longer than this are cut, so that no matcher meets an endless one.
pub(crate) const LONGEST_SENTENCE: usize = 400;

/// The hash under which a token is looked up: of its text with width and case folded, traditional
/// characters simplified.
pub(crate) fn token_hash(text: &str) -> u64 {
    if text.is_ascii() {
        let mut hasher = FxHasher::default();
        for byte in text.bytes() {
            hasher.write_u8(byte.to_ascii_lowercase());
        }
        return hasher.finish();
    }
    let folded = match text {
        "’s" | "‘s" | "＇s" | "’S" => "'s".to_owned(),
        _ => guanxi_names::fold(text),
    };
    let mut hasher = FxHasher::default();
    for byte in if folded.is_empty() { text } else { &folded }.bytes() {
        hasher.write_u8(byte);
    }
    hasher.finish()
}

/// Tokens of `text[start..end]`, with offsets into `text`.
pub(crate) fn tokens(text: &str, start: u32, end: u32) -> Vec<Token> {
    let mut found = Vec::new();
    scan_into(text, start, end, &mut found);
    found
}

fn scan_into(text: &str, start: u32, end: u32, found: &mut Vec<Token>) {
    let bytes = &text.as_bytes()[..end as usize];
    let mut at = start as usize;
    let mut spaced = true;
    while at < bytes.len() {
        let first = char_at(text, at);
        if first.is_whitespace() || is_invisible(first) {
            spaced = true;
            at += first.len_utf8();
            continue;
        }
        let kind = kind_of(first);
        let stop = match kind {
            TokenKind::Word => word_end(text, at, bytes.len()),
            TokenKind::Number => number_end(text, at, bytes.len()),
            TokenKind::Han => at + first.len_utf8(),
            TokenKind::Sign => sign_end(text, at, bytes.len()),
        };
        let piece = &text[at..stop];
        found.push(Token {
            start: at as u32,
            end: stop as u32,
            hash: token_hash(piece),
            kind,
            capital: first.is_uppercase(),
            all_capitals: kind == TokenKind::Word && first.is_uppercase() && !piece.chars().any(char::is_lowercase),
            spaced,
        });
        spaced = false;
        at = stop;
    }
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\u{FFFD}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}' | '\u{2060}') || (c.is_control())
}

fn kind_of(c: char) -> TokenKind {
    if c.is_ascii_digit() || matches!(c, '０'..='９') {
        TokenKind::Number
    } else if is_han(c) {
        TokenKind::Han
    } else if c.is_alphanumeric() {
        TokenKind::Word
    } else {
        TokenKind::Sign
    }
}

fn word_end(text: &str, start: usize, limit: usize) -> usize {
    let mut at = start;
    let mut chars = text[start..limit].chars().peekable();
    while let Some(c) = chars.next() {
        let inside = c.is_alphanumeric() && !is_han(c) || is_combining(c);
        // JD.com, U.S., a.k.a. — a dot belongs to the word where a letter follows at once, or where
        // the word is made of single letters with dots.
        let dot = c == '.'
            && (chars.peek().is_some_and(|next| next.is_alphabetic() && !is_han(*next))
                || is_dotted_initials(&text[start..at]));
        if !inside && !dot {
            break;
        }
        at += c.len_utf8();
    }
    at
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}')
}

/// `U.S`, `a.k.a`: single letters with dots between.
fn is_dotted_initials(piece: &str) -> bool {
    piece.contains('.') && piece.split('.').all(|part| part.chars().count() == 1)
}

fn number_end(text: &str, start: usize, limit: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut group = start;
    while at < limit {
        let c = char_at(text, at);
        let digit_follows = || {
            let next = at + c.len_utf8();
            next < limit && kind_of(char_at(text, next)) == TokenKind::Number
        };
        match c {
            '0'..='9' | '０'..='９' => at += c.len_utf8(),
            '.' | '．' if digit_follows() => at += c.len_utf8(),
            // A comma groups at most three digits before it and exactly three behind it: "in 2019,300 people" is two numbers.
            ',' if at - group <= 3 && groups_three(bytes, at + 1, limit) => {
                at += 1;
                group = at;
            }
            _ => break,
        }
    }
    at
}

fn groups_three(bytes: &[u8], at: usize, limit: usize) -> bool {
    let digits = bytes[at..limit.min(at + 4)].iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits == 3
}

fn sign_end(text: &str, start: usize, limit: usize) -> usize {
    let first = char_at(text, start);
    let after = start + first.len_utf8();
    if matches!(first, '\'' | '’' | '‘' | '＇') {
        let rest = &text[after..limit];
        let possessive =
            rest.starts_with(['s', 'S']) && !rest[1..].starts_with(|c: char| c.is_alphanumeric() && !is_han(c));
        // A quotation mark opens after a space; a possessive never does.
        if possessive && !text[..start].ends_with(char::is_whitespace) {
            return after + 1;
        }
    }
    after
}

/// The sentences of one block.
///
/// `is_abbreviation` tells words whose full stop does not end a sentence; `opens_sentence` tells words
/// (the, it, in, …) that do begin one even after an abbreviation.
pub(crate) fn sentences(
    text: &str,
    block: &Block,
    block_index: u32,
    tokens: &mut Vec<Token>,
    is_abbreviation: impl Fn(u64) -> bool,
    opens_sentence: impl Fn(u64) -> bool,
) -> Vec<Sentence> {
    let first = tokens.len();
    scan_into(text, block.start, block.end, tokens);
    let mut found = Vec::new();
    let mut start = first;
    let mut depth = 0i32;
    for at in first..tokens.len() {
        let token = &tokens[at];
        match text[token.start as usize..].chars().next() {
            Some('(' | '（' | '[') => depth += 1,
            Some(')' | '）' | ']') => depth = (depth - 1).max(0),
            _ => {}
        }
        let next = tokens.get(at + 1);
        let ends = match &text[token.start as usize..token.end as usize] {
            "。" | "！" | "？" | "!" | "?" | "；" | "…" => depth == 0 || next.is_none_or(|next| next.spaced),
            "." => match next {
                None => true,
                Some(next) if !next.spaced && next.kind != TokenKind::Han && !next.capital => false,
                Some(next) => {
                    let before = at.checked_sub(1).filter(|&before| before >= start).map(|before| &tokens[before]);
                    let abbreviated = before.is_some_and(|word| {
                        is_abbreviation(word.hash) || (word.all_capitals && word.end - word.start == 1)
                    });
                    let sentence_like = next.capital || next.kind != TokenKind::Word;
                    depth == 0 && sentence_like && (!abbreviated || opens_sentence(next.hash))
                }
            },
            _ => false,
        };
        // A closing quotation mark or bracket belongs to the sentence that it closes.
        let closes = next.is_some_and(|next| {
            !next.spaced
                && matches!(text[next.start as usize..].chars().next(), Some('”' | '"' | '’' | '」' | '）' | ')'))
        });
        if (ends && !closes)
            || (at > start && closes_quote_after_stop(text, tokens, at, start))
            || at + 1 - start >= LONGEST_SENTENCE
        {
            found.push(Sentence { start: start as u32, end: at as u32 + 1, block: block_index });
            start = at + 1;
            depth = 0;
        }
    }
    if start < tokens.len() {
        found.push(Sentence { start: start as u32, end: tokens.len() as u32, block: block_index });
    }
    found
}

/// `…。”` and `….”`: the quotation mark after a full stop ends the sentence.
fn closes_quote_after_stop(text: &str, tokens: &[Token], at: usize, start: usize) -> bool {
    let piece = |index: usize| &text[tokens[index].start as usize..tokens[index].end as usize];
    at > start
        && matches!(piece(at), "”" | "\"" | "」")
        && matches!(piece(at - 1), "。" | "！" | "？" | "." | "!" | "?")
        && tokens.get(at + 1).is_none_or(|next| next.spaced || next.kind == TokenKind::Han)
        && tokens.get(at + 1).is_none_or(|next| next.capital || next.kind != TokenKind::Word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use guanxi_model::Section;

    fn pieces(text: &str) -> Vec<&str> {
        tokens(text, 0, text.len() as u32).iter().map(|token| &text[token.start as usize..token.end as usize]).collect()
    }

    fn split(text: &str) -> Vec<String> {
        let block = Block { start: 0, end: text.len() as u32, section: Section::Body, article: 0, heading: None };
        let mut tokens = Vec::new();
        let abbreviations = ["inc", "mr"].map(token_hash);
        let openers = ["the", "it"].map(token_hash);
        sentences(text, &block, 0, &mut tokens, |hash| abbreviations.contains(&hash), |hash| openers.contains(&hash))
            .iter()
            .map(|sentence| {
                text[tokens[sentence.start as usize].start as usize..tokens[sentence.end as usize - 1].end as usize]
                    .to_owned()
            })
            .collect()
    }

    #[test]
    fn words_numbers_and_signs() {
        assert_eq!(
            pieces("JD.com paid $1,480.5m, or 60%-owned"),
            ["JD.com", "paid", "$", "1,480.5", "m", ",", "or", "60", "%", "-", "owned"]
        );
        assert_eq!(pieces("Ant Group’s U.S. arm"), ["Ant", "Group", "’s", "U.S.", "arm"]);
        assert_eq!(pieces("腾讯2024年"), ["腾", "讯", "2024", "年"]);
        assert_eq!(pieces("in 2019,300 ２０２５ B2B"), ["in", "2019", ",", "300", "２０２５", "B2B"]);
    }

    #[test]
    fn folded_hashes_agree() {
        assert_eq!(token_hash("Bank"), token_hash("bank"));
        assert_eq!(token_hash("２０２５"), token_hash("2025"));
        assert_eq!(token_hash("’s"), token_hash("'s"));
        assert_eq!(token_hash("騰"), token_hash("腾"));
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            split("Acme Inc. bought Bolt. The price was $3.5 million."),
            ["Acme Inc. bought Bolt.", "The price was $3.5 million."]
        );
        assert_eq!(
            split("It was sold to Acme Inc. The firm is old."),
            ["It was sold to Acme Inc.", "The firm is old."]
        );
        assert_eq!(split("他说：“收购完成。”公司否认。"), ["他说：“收购完成。”", "公司否认。"]);
        assert_eq!(split("“We won.” It was late."), ["“We won.”", "It was late."]);
        assert_eq!(split("Mr. Smith left. Mr. Jones came."), ["Mr. Smith left.", "Mr. Jones came."]);
    }
}
