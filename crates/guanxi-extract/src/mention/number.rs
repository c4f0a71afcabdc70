//! Money, percentages and counts, exact.

use guanxi_model::{Comparator, Decimal, Money, Number, Share};

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;
use crate::units::MentionKind;

/// Proposes every figure with the sign or words that belong to it.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut at = 0;
    while at < finder.tokens.len() {
        match percent_in_words(finder, at).or_else(|| figure(finder, at)) {
            Some(candidate) => {
                at = candidate.end;
                candidates.push(candidate);
            }
            None => at += 1,
        }
    }
}

/// A number read off the text, with where it ends.
#[derive(Clone, Copy)]
struct Reading {
    value: Decimal,
    end: usize,
    /// A word of magnitude was read: million, 亿.
    scaled: bool,
}

fn figure(finder: &Finder<'_>, at: usize) -> Option<Candidate> {
    let (currency_before, number_at) = match finder.lexicon.currencies.longest(&finder.tokens[at..]) {
        Some((length, code)) if is_sign_before_figure(finder, at, length) => (Some(code.clone()), at + length),
        _ => (None, at),
    };
    let first = number(finder, number_at)?;
    let (low, high) = range(finder, first);
    if currency_before.is_none()
        && let Some(end) = percent_sign(finder, high.end)
    {
        return Some(candidate(at, end, MentionKind::Percent(share(finder, at, low.value, high.value))));
    }
    let comparator = comparator(finder, at, high.end);
    let behind = past_plus(finder, high.end);
    let unit_behind =
        finder.tokens.get(behind).and_then(|_| finder.lexicon.currencies.longest(&finder.tokens[behind..]));
    let unit_behind = unit_behind.filter(|(_, code)| code.len() == 3 && !is_place_word(finder, behind));
    let (currency, end) = match (currency_before, unit_behind) {
        (Some(code), _) => (Some(code), behind),
        (None, Some((length, code))) => (Some(code.clone()), behind + length),
        (None, None) => (None, behind),
    };
    let raw = finder.words(at, end).to_owned();
    if let Some(currency) = currency {
        let money = Money { amount: high.value, currency: Some(currency), raw, comparator };
        return Some(candidate(at, end, MentionKind::Money(money)));
    }
    if !high.scaled && is_part_of_something_else(finder, at, end) {
        return None;
    }
    Some(candidate(at, end, MentionKind::Number(Number { number: high.value, raw, comparator })))
}

/// `A$` and `HK$` are signs only as written: "a $14.5m round" is no Australian money.
fn is_sign_before_figure(finder: &Finder<'_>, at: usize, length: usize) -> bool {
    let glued = finder.tokens[at + 1..at + length].iter().all(|token| !token.spaced);
    let ends_in_sign = matches!(finder.piece(at + length - 1), "$");
    let lettered = length > 1 && ends_in_sign;
    !matches!(finder.piece(at + length), "" | "-") && (!lettered || glued && finder.tokens[at].all_capitals)
}

fn candidate(start: usize, end: usize, kind: MentionKind) -> Candidate {
    Candidate { start, end, found: Found::Quantity(kind) }
}

/// `¥` before nothing, 元 in 元旦: a sign of currency counts only beside a figure; `US` alone is a country.
fn is_place_word(finder: &Finder<'_>, at: usize) -> bool {
    matches!(finder.piece(at), "US" | "U.S." | "HK")
}

/// `more than 30+`
fn past_plus(finder: &Finder<'_>, at: usize) -> usize {
    if finder.piece(at) == "+" { at + 1 } else { at }
}

/// A number in digits, Chinese numerals or words, with its magnitude.
fn number(finder: &Finder<'_>, at: usize) -> Option<Reading> {
    let token = finder.tokens.get(at)?;
    let (mut value, mut end) = match token.kind {
        TokenKind::Number => (parse_digits(finder.piece(at))?, at + 1),
        TokenKind::Han => chinese_numeral(finder, at)?,
        TokenKind::Word => (Decimal::from(small_number(&finder.piece(at).to_lowercase())?), at + 1),
        TokenKind::Sign => return None,
    };
    let in_words = token.kind != TokenKind::Number;
    let mut scaled = false;
    // 3,000万 · 1.5万亿 · 2亿5000万 is read as far as its first unit.
    while let Some((length, power)) = magnitude(finder, end) {
        value = value.checked_mul(ten_to(power)?)?;
        end += length;
        scaled = true;
        if finder.tokens.get(end).is_some_and(|next| next.kind == TokenKind::Number) {
            break;
        }
    }
    // "two" and 一 alone are words, not figures.
    let figure_follows = percent_sign(finder, end).is_some()
        || finder.tokens.get(end).is_some_and(|_| finder.lexicon.currencies.longest(&finder.tokens[end..]).is_some());
    (!in_words || scaled || (figure_follows && token.kind == TokenKind::Word)).then_some(Reading { value, end, scaled })
}

fn magnitude(finder: &Finder<'_>, at: usize) -> Option<(usize, u8)> {
    let token = finder.tokens.get(at)?;
    let hyphen = usize::from(finder.piece(at) == "-" && !token.spaced);
    let (length, power) = finder.lexicon.magnitudes.longest(finder.tokens.get(at + hyphen..)?)?;
    // "m" and "k" are magnitudes only where they touch the figure or stand alone as a letter behind it.
    Some((length + hyphen, *power))
}

fn ten_to(power: u8) -> Option<Decimal> {
    Decimal::TEN
        .checked_mul(Decimal::ONE)
        .and_then(|ten| (1..power).try_fold(ten, |value, _| value.checked_mul(Decimal::TEN)))
}

fn parse_digits(text: &str) -> Option<Decimal> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，'))
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '．' => '.',
            other => other,
        })
        .collect();
    plain.parse().ok()
}

fn small_number(word: &str) -> Option<u32> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    match word {
        "half" | "a" => None,
        "twenty" => Some(20),
        "thirty" => Some(30),
        "forty" => Some(40),
        "fifty" => Some(50),
        word => WORDS.iter().position(|known| *known == word).map(|value| value as u32),
    }
}

/// 三, 十二, 三百二十: up to the thousands.
fn chinese_numeral(finder: &Finder<'_>, at: usize) -> Option<(Decimal, usize)> {
    let mut total = 0u64;
    let mut digit = None;
    let mut end = at;
    while end < finder.tokens.len() {
        let piece = finder.piece(end);
        if let Some(value) = "零一二三四五六七八九".chars().position(|c| piece.starts_with(c)) {
            if digit.is_some() {
                break;
            }
            digit = Some(value as u64);
        } else if piece == "两" {
            digit = Some(2);
        } else if let Some(unit) = [("十", 10), ("百", 100), ("千", 1000)].iter().find(|(word, _)| *word == piece) {
            if digit.is_none() && unit.0 != "十" {
                break;
            }
            total += digit.take().unwrap_or(1) * unit.1;
        } else {
            break;
        }
        end += 1;
    }
    (end > at).then(|| (Decimal::from(total + digit.unwrap_or(0)), end))
}

/// `18–25%`, `5% to 10%`, 5%至10%: the lower and the upper end; twice the same where it is no range of percentages.
fn range(finder: &Finder<'_>, first: Reading) -> (Reading, Reading) {
    let joins = |at: usize| matches!(finder.piece(at), "-" | "–" | "—" | "~" | "至" | "到" | "to");
    // The sign may stand behind both ends.
    let behind = percent_sign(finder, first.end).unwrap_or(first.end);
    let second = joins(behind).then(|| number(finder, behind + 1)).flatten();
    let second = second.filter(|second| percent_sign(finder, second.end).is_some() && second.value > first.value);
    (first, second.unwrap_or(first))
}

/// One past `%`, "percent", "per cent", 个百分点 is none.
fn percent_sign(finder: &Finder<'_>, at: usize) -> Option<usize> {
    match (finder.piece(at), finder.piece(at + 1)) {
        ("%" | "％" | "percent" | "pct", _) => Some(at + 1),
        ("per", "cent") => Some(at + 2),
        _ => None,
    }
}

/// 百分之三十
fn percent_in_words(finder: &Finder<'_>, at: usize) -> Option<Candidate> {
    let opens = finder.piece(at) == "百" && finder.piece(at + 1) == "分" && finder.piece(at + 2) == "之";
    if !opens {
        return None;
    }
    let (value, end) = match finder.tokens.get(at + 3)?.kind {
        TokenKind::Number => (parse_digits(finder.piece(at + 3))?, at + 4),
        _ => chinese_numeral(finder, at + 3)?,
    };
    Some(candidate(at, end, MentionKind::Percent(share(finder, at, value, value))))
}

/// The share that a percentage states, with what bounds it: "more than 50%".
fn share(finder: &Finder<'_>, at: usize, low: Decimal, high: Decimal) -> Share {
    if low != high {
        return Share { min: low, max: high, min_exclusive: false, max_exclusive: false };
    }
    match comparator(finder, at, at) {
        Comparator::More => {
            Share { min: low, max: Decimal::ONE_HUNDRED.max(low), min_exclusive: true, max_exclusive: false }
        }
        Comparator::AtLeast => {
            Share { min: low, max: Decimal::ONE_HUNDRED.max(low), min_exclusive: false, max_exclusive: false }
        }
        Comparator::Less => Share { min: Decimal::ZERO, max: low, min_exclusive: false, max_exclusive: true },
        Comparator::AtMost => Share { min: Decimal::ZERO, max: low, min_exclusive: false, max_exclusive: false },
        Comparator::About | Comparator::Equal => Share::exact(low),
    }
}

/// "more than" before the figure, 以上 or `+` behind it.
fn comparator(finder: &Finder<'_>, at: usize, end: usize) -> Comparator {
    if finder.piece(end) == "+" {
        return Comparator::AtLeast;
    }
    finder
        .lexicon
        .comparators
        .longest_at_end(&finder.tokens[..at], 4)
        .map_or(Comparator::Equal, |(_, comparator)| *comparator)
}

/// A bare year, a day of a month, a footnote, a part of a name: no count.
fn is_part_of_something_else(finder: &Finder<'_>, at: usize, end: usize) -> bool {
    let year =
        finder.piece(at).len() == 4 && finder.piece(at).parse::<u32>().is_ok_and(|year| (1800..2200).contains(&year));
    let footnote = matches!(finder.piece(end), "]") || at > 0 && finder.piece(at - 1) == "[";
    let dated = matches!(finder.piece(end), "年" | "月" | "日" | ":" | "：");
    year || footnote || dated
}
