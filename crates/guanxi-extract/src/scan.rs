//! Text → tokens → sentences: one pass over the bytes, no dictionary.
//!
//! A Latin word, a number, one Chinese character and one sign are a token each. A possessive `'s` and a
//! hyphen stand alone, so that `China-based` shows the place and `Ant Group’s` the firm.

use std::sync::atomic::{AtomicU64, Ordering};

pub(crate) use guanxi_names::is_han;

use crate::stop::{Stop, StopWords};
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
    /// Has a capital letter behind its first: iQiyi, WeChat, IBM.
    pub(crate) inner_capital: bool,
    /// Is a word that holds a digit of ASCII: B2B, R3.
    pub(crate) digit: bool,
    /// White space stands before it.
    pub(crate) spaced: bool,
    /// Which tables of the lexicon hold a phrase that begins or ends with it; see [`crate::phrases::Gates`].
    pub(crate) gates: u64,
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
        return hash_of(text.as_bytes());
    }
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) if (only as usize) < SINGLES => single_hash(only),
        _ => folded_hash(text),
    }
}

/// Hash of ASCII, small and capital letters alike, and of folded text.
fn hash_of(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        eight.make_ascii_lowercase();
        state = mix(state, u64::from_le_bytes(eight));
    }
    finish(state)
}

/// The same of letters and digits of ASCII alone: in these, one bit parts capital from small letters, which digits have
/// set as well.
fn hash_of_word(bytes: &[u8]) -> u64 {
    const SMALL: u64 = 0x2020_2020_2020_2020;
    let (eights, rest) = bytes.as_chunks();
    let state = eights.iter().fold(bytes.len() as u64, |state, eight| mix(state, u64::from_le_bytes(*eight) | SMALL));
    if rest.is_empty() {
        return finish(state);
    }
    let small = SMALL >> (64 - 8 * rest.len());
    finish(mix(state, up_to_seven(rest) | small))
}

/// Up to seven bytes as a number, the first lowest: in two reads that may overlap.
fn up_to_seven(bytes: &[u8]) -> u64 {
    let last = bytes.len() - 1;
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(head), Some(tail)) => {
            u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << (8 * (last - 3))
        }
        _ => {
            let byte = |at: usize| u64::from(bytes[at]) << (8 * at);
            byte(0) | byte(last / 2) | byte(last)
        }
    }
}

fn mix(state: u64, eight: u64) -> u64 {
    (state.rotate_left(23) ^ eight).wrapping_mul(MULTIPLIER)
}

fn finish(state: u64) -> u64 {
    state.rotate_left(29).wrapping_mul(MULTIPLIER)
}

const MULTIPLIER: u64 = 0xF135_7AEA_2E62_A9C5;

fn folded_hash(text: &str) -> u64 {
    let folded = match text {
        "’s" | "‘s" | "＇s" | "’S" => "'s".to_owned(),
        _ => guanxi_names::fold(text),
    };
    hash_of(if folded.is_empty() { text } else { &folded }.as_bytes())
}

/// Characters of the first plane, whose hashes are remembered: a Chinese text is made of them.
const SINGLES: usize = 1 << 16;

/// The hash of a token of one character, which is worked out once.
fn single_hash(character: char) -> u64 {
    static HASHES: [AtomicU64; SINGLES] = [const { AtomicU64::new(0) }; SINGLES];
    let remembered = &HASHES[character as usize];
    match remembered.load(Ordering::Relaxed) {
        0 => {
            let hash = folded_hash(character.encode_utf8(&mut [0; 4]));
            remembered.store(hash, Ordering::Relaxed);
            hash
        }
        hash => hash,
    }
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
        let token = match bytes[at] {
            b' ' => {
                spaced = true;
                at += 1;
                continue;
            }
            letter if letter.is_ascii_alphabetic() => plain_word(bytes, at),
            0xE4..=0xE9 => plain_han(bytes, at),
            _ => None,
        };
        let token = match token {
            Some(token) => token,
            None => {
                let first = char_at(text, at);
                // **Acme** has named …: marks of emphasis are no text.
                let emphasis = first == '*' && (bytes.get(at + 1) == Some(&b'*') || at > 0 && bytes[at - 1] == b'*');
                if first.is_whitespace() || is_invisible(first) || emphasis {
                    spaced = true;
                    at += first.len_utf8();
                    continue;
                }
                any_token(text, at, bytes.len(), first)
            }
        };
        at = token.end as usize;
        found.push(Token { spaced, ..token });
        spaced = false;
    }
}

/// A word of ASCII letters and digits, which most are; `None` where it may go on with something else.
fn plain_word(bytes: &[u8], start: usize) -> Option<Token> {
    const CAPITAL: u8 = 1;
    const SMALL: u8 = 2;
    const DIGIT: u8 = 4;
    const KINDS: [u8; 256] = {
        let mut kinds = [0; 256];
        let mut byte = 0;
        while byte < 128 {
            let is = byte as u8;
            kinds[byte] = if is.is_ascii_uppercase() {
                CAPITAL
            } else if is.is_ascii_lowercase() {
                SMALL
            } else if is.is_ascii_digit() {
                DIGIT
            } else {
                0
            };
            byte += 1;
        }
        kinds
    };
    let first = KINDS[bytes[start] as usize];
    let (mut at, mut rest) = (start + 1, 0);
    while let Some(&byte) = bytes.get(at)
        && KINDS[byte as usize] != 0
    {
        rest |= KINDS[byte as usize];
        at += 1;
    }
    // A space or a sign of ASCII but a full stop ends the word at once.
    if bytes.get(at).is_some_and(|&byte| !byte.is_ascii() || byte == b'.') {
        return None;
    }
    let capital = first == CAPITAL;
    Some(Token {
        start: start as u32,
        end: at as u32,
        hash: hash_of_word(&bytes[start..at]),
        kind: TokenKind::Word,
        capital,
        all_capitals: capital && rest & SMALL == 0,
        inner_capital: rest & CAPITAL != 0,
        digit: rest & DIGIT != 0,
        spaced: false,
        gates: u64::MAX,
    })
}

/// One character of the main block of Chinese.
fn plain_han(bytes: &[u8], start: usize) -> Option<Token> {
    let &[first, second, third] = bytes.get(start..start + 3)?.first_chunk()?;
    let character = u32::from(first & 0x0F) << 12 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F);
    let character = char::from_u32(character).filter(|character| ('\u{4E00}'..='\u{9FFF}').contains(character))?;
    Some(Token {
        start: start as u32,
        end: start as u32 + 3,
        hash: single_hash(character),
        kind: TokenKind::Han,
        capital: false,
        all_capitals: false,
        inner_capital: false,
        digit: false,
        spaced: false,
        gates: u64::MAX,
    })
}

fn any_token(text: &str, start: usize, limit: usize, first: char) -> Token {
    let kind = kind_of(first);
    let stop = match kind {
        TokenKind::Word => word_end(text, start, limit),
        TokenKind::Number => number_end(text, start, limit),
        TokenKind::Han => start + first.len_utf8(),
        TokenKind::Sign => sign_end(text, start, limit),
    };
    let piece = &text[start..stop];
    let capital = first.is_uppercase();
    Token {
        start: start as u32,
        end: stop as u32,
        hash: token_hash(piece),
        kind,
        capital,
        all_capitals: kind == TokenKind::Word && capital && !has_small_letter(piece),
        inner_capital: kind == TokenKind::Word && has_inner_capital(piece),
        digit: kind == TokenKind::Word && piece.bytes().any(|byte| byte.is_ascii_digit()),
        spaced: false,
        gates: u64::MAX,
    }
}

fn has_inner_capital(piece: &str) -> bool {
    match piece.is_ascii() {
        true => piece.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()),
        false => piece.chars().skip(1).any(char::is_uppercase),
    }
}

fn has_small_letter(piece: &str) -> bool {
    match piece.is_ascii() {
        true => piece.bytes().any(|byte| byte.is_ascii_lowercase()),
        false => piece.chars().any(char::is_lowercase),
    }
}

fn char_at(text: &str, at: usize) -> char {
    let byte = text.as_bytes()[at];
    if byte.is_ascii() {
        return char::from(byte);
    }
    text[at..].chars().next().unwrap_or('\u{FFFD}')
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{00AD}' | '\u{2060}') || (c.is_control())
}

fn kind_of(c: char) -> TokenKind {
    if c.is_ascii_alphabetic() {
        TokenKind::Word
    } else if c.is_ascii_digit() || matches!(c, '０'..='９') {
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
    let letters = text.as_bytes()[start..limit].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let mut at = start + letters;
    // A space or a sign of ASCII but a full stop ends the word at once.
    if text.as_bytes().get(at).is_none_or(|&byte| at >= limit || byte.is_ascii() && byte != b'.') {
        return at;
    }
    let mut chars = text[at..limit].chars().peekable();
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
            // 3'200, as the Swiss write it.
            '\'' | '’' if at - group <= 3 && groups_three(bytes, at + c.len_utf8(), limit) => {
                at += c.len_utf8();
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

/// The sentences of one block. `words` tell what a full stop means.
pub(crate) fn sentences(
    text: &str,
    block: &Block,
    block_index: u32,
    tokens: &mut Vec<Token>,
    words: &StopWords,
) -> Vec<Sentence> {
    let first = tokens.len();
    scan_into(text, block.start, block.end, tokens);
    let mut found = Vec::new();
    let mut start = first;
    let mut depth = 0i32;
    for at in first..tokens.len() {
        let token = &tokens[at];
        let stop = Stop { text, tokens, start, words };
        if token.kind != TokenKind::Sign {
            let dotted = depth == 0 && text.as_bytes()[token.end as usize - 1] == b'.' && stop.ends_with_dotted(at);
            if dotted || at + 1 - start >= LONGEST_SENTENCE {
                found.push(Sentence { start: start as u32, end: at as u32 + 1, block: block_index });
                start = at + 1;
                depth = 0;
            }
            continue;
        }
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
                    let sentence_like = next.capital || next.kind != TokenKind::Word;
                    depth == 0 && sentence_like && at.checked_sub(1).is_none_or(|last| stop.ends(last, at + 1))
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
        let words = StopWords::new(|list| {
            let words: &[&str] = match list {
                "abbreviation-of-form" => &["inc"],
                "abbreviation-before-name" => &["mr"],
                "sentence-opener" => &["the", "it"],
                _ => &[],
            };
            words.iter().map(|&word| word.to_owned()).collect()
        });
        sentences(text, &block, 0, &mut tokens, &words)
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
        for word in
            ["a", "Ab", "abC", "ABCD", "b2B10", "sixsix", "Sevense", "eightEig", "NinenineX", "a1b2c3d4e5f6g7h8i"]
        {
            assert_eq!(hash_of_word(word.as_bytes()), hash_of(word.as_bytes()), "{word}");
        }
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
