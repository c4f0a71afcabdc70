//! Money, percentages and counts, exact.

use guanxi_model::{Comparator, Decimal, Money, Number, Share};

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;
use crate::units::MentionKind;

/// Proposes every figure with the sign or words that belong to it.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut at = 0;
    while at < finder.tokens.len() {
        if !may_open(finder, at) {
            debug_assert!(found_at(finder, at).is_none(), "`{}` opens a figure", finder.piece(at));
            at += 1;
            continue;
        }
        let found = found_at(finder, at);
        match found {
            Some(candidate) => {
                at = candidate.end;
                candidates.push(candidate);
            }
            None => at += 1,
        }
    }
}

fn found_at(finder: &Finder<'_>, at: usize) -> Option<Candidate> {
    percent_in_words(finder, at).or_else(|| fraction(finder, at)).or_else(|| figure(finder, at))
}

/// Words with which the finders below begin a figure, currencies left aside: one look tells that most tokens open none.
pub(crate) const OPENINGS: &str = "half a one two three four zero five six seven eight nine ten eleven twelve twenty \
    thirty forty fifty 零 一 二 三 四 五 六 七 八 九 两 兩 十 百 千";

fn may_open(finder: &Finder<'_>, at: usize) -> bool {
    let token = &finder.tokens[at];
    token.kind == TokenKind::Number
        || token.gates & finder.lexicon.opens_figure != 0
        || finder.lexicon.currencies.may_open(token)
        // R3.2bn, RMB15 million
        || token.digit
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
    let before = finder.lexicon.currencies.longest(&finder.tokens[at..]);
    let before = before
        .filter(|(length, _)| is_sign_before_figure(finder, at, *length))
        .and_then(|(length, code)| local(finder, at, at + length, code).map(|currency| (currency, at + length)));
    let number_at = before.as_ref().map_or(at, |(_, end)| *end);
    let currency_before = before.map(|(currency, _)| currency);
    if let Some(money) = glued_sign(finder, at) {
        return Some(money);
    }
    let first = number(finder, number_at)?;
    let (low, high) = range(finder, number_at, first);
    if currency_before.is_none()
        && let Some(end) = percent_sign(finder, high.end)
    {
        return Some(candidate(at, end, MentionKind::Percent(share(finder, at, low.value, high.value))));
    }
    let comparator = comparator(finder, at, high.end);
    let behind = past_plus(finder, high.end);
    let unit_behind = finder.tokens.get(behind..).and_then(|rest| finder.lexicon.currencies.longest(rest));
    let unit_behind = unit_behind.filter(|_| !is_place_word(finder, behind));
    let (is_money, currency, end) = match (currency_before, unit_behind) {
        // 新台幣一千二百萬元
        (Some(code), _) => (true, Some(code), behind + usize::from(finder.piece(behind) == "元")),
        (None, Some((length, code))) => (true, local(finder, behind, behind + length, code), behind + length),
        (None, None) => (false, None, behind),
    };
    let raw = finder.words(at, end).to_owned();
    if is_money {
        let money = Money { amount: high.value, currency, raw, comparator };
        return Some(candidate(at, end, MentionKind::Money(money)));
    }
    if !high.scaled && is_part_of_something_else(finder, at, end) {
        return None;
    }
    Some(candidate(at, end, MentionKind::Number(Number { number: high.value, raw, comparator })))
}

/// The currency of a word, as the text means it; `None` where it may be that of several countries and none is named.
fn local(finder: &Finder<'_>, start: usize, end: usize, code: &str) -> Option<String> {
    finder.currency.of_word(finder.words(start, end), code).map(str::to_owned)
}

/// `R3.2bn`, `Rs15 million`, `RM5m`: letters for a currency, glued to its figure.
fn glued_sign(finder: &Finder<'_>, at: usize) -> Option<Candidate> {
    let piece = finder.piece(at);
    if finder.tokens[at].kind != TokenKind::Word || !finder.tokens[at].capital {
        return None;
    }
    let (sign, digits) = piece.split_at(piece.find(|c: char| c.is_ascii_digit()).filter(|&letters| letters > 0)?);
    let usual = match finder.lexicon.glued_signs.get(sign) {
        Some(code) => code,
        None => finder.lexicon.currencies.exact(&crate::scan::tokens(sign, 0, sign.len() as u32))?,
    };
    let currency = finder.currency.of_word(sign, usual)?.to_owned();
    let mut text = digits.trim_end_matches(|c: char| c.is_ascii_lowercase()).to_owned();
    let mut unit = &digits[text.len()..];
    let mut end = at + 1;
    // The rest of the figure stands in tokens of its own: R3 . 2m, Rs1 , 240
    while unit.is_empty() && matches!(finder.piece(end), "." | ",") {
        let rest = finder.piece(end + 1);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) || finder.tokens[end + 1].spaced {
            break;
        }
        let figure = rest.trim_end_matches(|c: char| c.is_ascii_lowercase());
        text.push_str(finder.piece(end));
        text.push_str(figure);
        unit = &rest[figure.len()..];
        end += 2;
    }
    let power = match unit {
        "" => magnitude(finder, end).map(|(length, power)| {
            end += length;
            power
        }),
        unit => finder.lexicon.magnitudes.exact(&crate::scan::tokens(unit, 0, unit.len() as u32)).copied(),
    };
    // R2 by itself is a name; money is told in thousands and more, or to the cent.
    let told_as_money = sign.len() > 1 || text.contains(['.', ',']);
    let power = power.or_else(|| told_as_money.then_some(0))?;
    let amount = parse_digits(&text)?.checked_mul(ten_to(power)?)?;
    let raw = finder.words(at, end).to_owned();
    let money = Money { amount, currency: Some(currency), raw, comparator: comparator(finder, at, end) };
    Some(candidate(at, end, MentionKind::Money(money)))
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
        TokenKind::Word => (Decimal::from(small_number(&finder.lower(at))?), at + 1),
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
    // 9亿5000万: the smaller unit is added.
    if scaled
        && finder.tokens[at].kind != TokenKind::Word
        && finder.tokens.get(end).is_some_and(|next| match next.kind {
            TokenKind::Number => !next.spaced,
            // 三亿五千万
            kind => kind == TokenKind::Han && in_words,
        })
        && let Some(rest) = number(finder, end).filter(|rest| rest.value < value)
        && (rest.scaled && has_han(finder, rest.end - 1) || !rest.scaled && fills_ten_thousands(finder, end, rest))
    {
        value = value.checked_add(rest.value)?;
        end = rest.end;
    }
    // "two" and 一 alone are words, not figures.
    let figure_follows = percent_sign(finder, end).is_some()
        || finder.tokens.get(end).is_some_and(|_| finder.lexicon.currencies.longest(&finder.tokens[end..]).is_some());
    (!in_words || scaled || (figure_follows && token.kind == TokenKind::Word)).then_some(Reading { value, end, scaled })
}

/// 5000 in 1万5000元
fn fills_ten_thousands(finder: &Finder<'_>, at: usize, rest: Reading) -> bool {
    matches!(finder.piece(at - 1), "万" | "萬")
        && rest.value < Decimal::from(10_000)
        && finder
            .tokens
            .get(rest.end)
            .is_some_and(|_| finder.lexicon.currencies.longest(&finder.tokens[rest.end..]).is_some())
}

fn has_han(finder: &Finder<'_>, at: usize) -> bool {
    finder.tokens[at].kind == TokenKind::Han
}

fn magnitude(finder: &Finder<'_>, at: usize) -> Option<(usize, u8)> {
    let token = finder.tokens.get(at)?;
    let hyphen = usize::from(finder.piece(at) == "-" && !token.spaced);
    let (length, power) = finder.lexicon.magnitudes.longest(finder.tokens.get(at + hyphen..)?)?;
    // "m" and "k" are magnitudes only where they touch the figure or stand alone as a letter behind it.
    Some((length + hyphen, *power))
}

fn ten_to(power: u8) -> Option<Decimal> {
    (0..power).try_fold(Decimal::ONE, |value, _| value.checked_mul(Decimal::TEN))
}

fn parse_digits(text: &str) -> Option<Decimal> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | '\'' | '’'))
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
pub(super) fn chinese_numeral(finder: &Finder<'_>, at: usize) -> Option<(Decimal, usize)> {
    let mut total = 0u64;
    let mut digit = None;
    let mut end = at;
    while end < finder.tokens.len() {
        let piece = finder.piece(end);
        if let Some(value) = han_digit(piece) {
            if digit.is_some() {
                break;
            }
            digit = Some(u64::from(value));
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

/// The digit with which a piece begins: 零 to 九.
pub(super) fn han_digit(piece: &str) -> Option<u32> {
    Some(match piece.chars().next()? {
        '零' => 0,
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// `18–25%`, `5% to 10%`, 5%至10%: the lower and the upper end; twice the same where it is no range of percentages.
fn range(finder: &Finder<'_>, at: usize, first: Reading) -> (Reading, Reading) {
    // "between 10% and 20%": elsewhere "and" joins two figures of two things.
    let between = at.checked_sub(1).is_some_and(|at| matches!(finder.piece(at), "between" | "Between"));
    let joins = |at: usize| {
        matches!(finder.piece(at), "-" | "–" | "—" | "~" | "至" | "到" | "to") || between && finder.piece(at) == "and"
    };
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
    let (value, end) = with_decimals(finder, value, end);
    Some(candidate(at, end, MentionKind::Percent(share(finder, at, value, value))))
}

/// 点二五 behind a numeral
fn with_decimals(finder: &Finder<'_>, whole: Decimal, at: usize) -> (Decimal, usize) {
    if !matches!(finder.piece(at), "点" | "點") {
        return (whole, at);
    }
    let digits: Vec<u32> = (at + 1..finder.tokens.len()).map_while(|at| han_digit(finder.piece(at))).take(6).collect();
    let decimals = digits.iter().rev().fold(Decimal::ZERO, |rest, &digit| (rest + Decimal::from(digit)) / Decimal::TEN);
    if digits.is_empty() { (whole, at) } else { (whole + decimals, at + 1 + digits.len()) }
}

/// "a third of", "a two-thirds stake", "half of the shares", 三分之一, 三成: a part of a whole, as percent.
fn fraction(finder: &Finder<'_>, at: usize) -> Option<Candidate> {
    let (parts, whole, end) = chinese_fraction(finder, at).or_else(|| english_fraction(finder, at))?;
    let percent = (Decimal::from(100 * parts) / Decimal::from(whole)).round_dp(2);
    Some(candidate(at, end, MentionKind::Percent(share(finder, at, percent, percent))))
}

fn chinese_fraction(finder: &Finder<'_>, at: usize) -> Option<(u32, u32, usize)> {
    finder.tokens.get(at).filter(|token| token.kind == TokenKind::Han)?;
    let digit = |at: usize| match finder.piece(at) {
        "十" => Some(10),
        piece => han_digit(piece).filter(|&digit| digit > 0),
    };
    // 一半股权
    if finder.piece(at) == "一"
        && finder.piece(at + 1) == "半"
        && matches!(finder.piece(at + 2), "股" | "的" | "权" | "權" | "以")
    {
        return Some((1, 2, at + 2));
    }
    let whole = match finder.piece(at) {
        "两" | "兩" => 2,
        _ => digit(at)?,
    };
    if finder.piece(at + 1) == "分" && finder.piece(at + 2) == "之" {
        return Some((digit(at + 3)?, whole, at + 4));
    }
    // 三成 is three tenths, but not in 三成立; 三成半 is 35 %.
    let half = finder.piece(at + 2) == "半";
    let end = at + 2 + usize::from(half);
    let another_word = matches!(
        finder.piece(end),
        "立" | "为"
            | "為"
            | "功"
            | "本"
            | "交"
            | "员"
            | "員"
            | "长"
            | "長"
            | "熟"
            | "果"
            | "品"
            | "就"
            | "绩"
            | "績"
            | "都"
            | "分"
            | "型"
            | "份"
    );
    let share_before = at > 0
        && matches!(
            finder.piece(at - 1),
            "持" | "有"
                | "占"
                | "佔"
                | "近"
                | "逾"
                | "约"
                | "約"
                | "过"
                | "過"
                | "达"
                | "達"
                | "至"
                | "到"
                | "下"
                | "余"
                | "餘"
                | "超"
                | "增"
                | "减"
                | "減"
                | "跌"
                | "升"
                | "降"
                | "足"
                | "另"
                | "的"
        );
    let share_behind = matches!(
        finder.piece(end),
        "股" | "的" | "以" | "，" | "。" | "左" | "多" | "权" | "權" | "属" | "屬" | "由" | "、" | "；"
    );
    if finder.piece(at + 1) != "成" || another_word || !(share_before || share_behind) {
        return None;
    }
    Some(if half { (10 * whole + 5, 100, end) } else { (whole, 10, end) })
}

fn english_fraction(finder: &Finder<'_>, at: usize) -> Option<(u32, u32, usize)> {
    let word = |at: usize| finder.lower(at);
    let (parts, named) = match &*word(at) {
        "half" => (1, at),
        "a" | "one" => (1, at + 1),
        "two" => (2, at + 1),
        "three" => (3, at + 1),
        "four" => (4, at + 1),
        _ => return None,
    };
    let named = if finder.piece(named) == "-" { named + 1 } else { named };
    let whole = match &*word(named) {
        "half" => 2,
        "third" | "thirds" => 3,
        "quarter" | "quarters" => 4,
        "fifth" | "fifths" => 5,
        "tenth" | "tenths" => 10,
        _ => return None,
    };
    // "half of 2025", "the second half", "a quarter earlier" are times.
    let of_a_thing = finder.piece(named + 1) == "of"
        && finder.tokens.get(named + 2).is_some_and(|next| next.kind != TokenKind::Number)
        && !matches!(&*word(named + 2), "last" | "this" | "next" | "the");
    let of_the_shares = *word(named + 1) == *"of" && *word(named + 2) == *"the" && SHARES.contains(&&*word(named + 3));
    let share = SHARES.contains(&&*word(named + 1));
    (of_a_thing || of_the_shares || share).then_some((parts, whole, named + 1))
}

/// Words for what a firm is owned by.
const SHARES: [&str; 10] =
    ["share", "shares", "stake", "stock", "interest", "company", "firm", "business", "capital", "equity"];

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
    let is_month = |at: usize| {
        finder.tokens.get(at).is_some_and(|token| token.capital)
            && finder.lexicon.months.longest(&finder.tokens[at..]).is_some()
    };
    let dated = dated
        || is_month(end)
        || at > 0 && is_month(at - 1)
        || at > 1 && finder.piece(at - 1) == "." && is_month(at - 2);
    year || footnote || dated
}
