//! "中文 (English)", "Long Name (LN)", X，简称Y: two names for one thing, said in so many words.

use super::Finder;
use crate::entities::Registry;
use crate::scan::TokenKind;
use crate::units::{Mention, MentionKind};

/// （以下简称“公司”或“本公司”）, （「買方」）: from here on the term means whoever is named before the bracket.
pub(super) fn define(finder: &Finder<'_>, offset: u32, mentions: &[Mention], registry: &mut Registry<'_>) {
    for at in 0..finder.tokens.len() {
        if !matches!(finder.piece(at), "“" | "「" | "『" | "\"") {
            continue;
        }
        let Some((length, ())) = finder.lexicon.defined_terms.longest(&finder.tokens[at + 1..]) else { continue };
        let closed = matches!(finder.piece(at + 1 + length), "”" | "」" | "』" | "\"");
        if closed
            && let Some(bracket) = bracket_around(finder, at)
            && let Some(entity) = named_before(mentions, offset + bracket as u32)
        {
            registry.define(finder.words(at + 1, at + 1 + length), entity);
        }
    }
}

/// Where the bracket opens that a token stands in; of brackets in a row the first one.
fn bracket_around(finder: &Finder<'_>, token: usize) -> Option<usize> {
    let is_opening = |at: usize| matches!(finder.piece(at), "（" | "(");
    let is_closing = |at: usize| matches!(finder.piece(at), "）" | ")");
    let mut open =
        (0..token).rev().take_while(|&at| !is_closing(at) && finder.piece(at) != "。").find(|&at| is_opening(at))?;
    while open > 0 && is_closing(open - 1) {
        open = (0..open - 1).rev().find(|&at| is_opening(at))?;
    }
    Some(open)
}

fn named_before(mentions: &[Mention], token: u32) -> Option<u32> {
    mentions.iter().find(|mention| mention.start < token && mention.end >= token).and_then(entity)
}

/// Joins a bracketed second name with the name before it: one mention, one entity.
pub(super) fn join(finder: &Finder<'_>, offset: u32, mentions: &mut Vec<Mention>, registry: &mut Registry<'_>) {
    let mut index = 0;
    while index < mentions.len() {
        if let Some((end, others)) = bracketed_names(finder, offset, mentions, index) {
            let joined =
                others.clone().filter(|&other| join_two(finder, offset, mentions, index, other, registry)).count();
            if joined == others.len() {
                absorb(mentions, index, end);
            }
        }
        index += 1;
    }
    short_names(finder, offset, mentions, registry);
}

fn join_two(
    finder: &Finder<'_>,
    offset: u32,
    mentions: &[Mention],
    index: usize,
    second: usize,
    registry: &mut Registry<'_>,
) -> bool {
    let (Some(first), Some(other)) = (entity(&mentions[index]), entity(&mentions[second])) else { return false };
    are_names_of_one(finder, offset, mentions, index, second, registry) && registry.same(first, other)
}

fn entity(mention: &Mention) -> Option<u32> {
    match mention.kind {
        MentionKind::Name { entity } => Some(entity),
        _ => None,
    }
}

fn absorb(mentions: &mut Vec<Mention>, index: usize, end: u32) {
    mentions[index].end = end;
    let inside = mentions.iter().skip(index + 1).take_while(|mention| mention.end <= end).count();
    mentions.drain(index + 1..index + 1 + inside);
}

/// The bracket that follows a name: one past it, and the mentions that fill it, parted by commas.
///
/// `None` where no bracket follows or it holds more than names.
fn bracketed_names(
    finder: &Finder<'_>,
    offset: u32,
    mentions: &[Mention],
    index: usize,
) -> Option<(u32, std::ops::Range<usize>)> {
    let mention = &mentions[index];
    if !mention.is_name() {
        return None;
    }
    let local = (mention.end - offset) as usize;
    let closing = match finder.piece(local) {
        "(" => ")",
        "（" => "）",
        _ => return None,
    };
    let limit = finder.tokens.len().min(local + 16);
    let close = (local + 1..limit)
        .find(|&at| finder.piece(at) == closing || finder.piece(at) == ")" || finder.piece(at) == "）")?;
    let end = offset + close as u32 + 1;
    let inside = index + 1..index + 1 + mentions[index + 1..].iter().take_while(|next| next.end < end).count();
    // "(AFSA, 阿斯塔纳金融服务管理局)": nothing but names and what parts them.
    let mut at = offset + local as u32 + 1;
    for second in inside.clone() {
        let parted = at == mentions[second].start
            || second > index + 1
                && at + 1 == mentions[second].start
                && matches!(finder.piece((at - offset) as usize), "," | "，" | "、" | ";" | "；" | "/");
        if !mentions[second].is_name() || !parted {
            return None;
        }
        at = mentions[second].end;
    }
    (!inside.is_empty() && at + 1 == end).then_some((end, inside))
}

/// Whether a bracket holds a ticker: `(0700.HK)`, `(NYSE: BABA)`, `（600519）`, `(603118.SH)`.
pub(super) fn is_ticker(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let pieces: Vec<&str> = (start..end).map(|at| finder.piece(at)).collect();
    let code = |piece: &str| {
        piece.len() <= 9
            && piece.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '.')
            && !piece.is_empty()
    };
    let opens_with_number = finder.tokens.get(start).is_some_and(|token| token.kind == TokenKind::Number);
    match pieces[..] {
        [number] => opens_with_number && number.len() >= 4,
        [_, suffix] => opens_with_number && suffix.starts_with('.') && code(suffix),
        [exchange, ":" | "：", ticker] => code(exchange) && code(ticker),
        [_, ".", suffix] => opens_with_number && code(suffix),
        _ => false,
    }
}

/// Two scripts, or an abbreviation by initials; never a place behind a name, never the same words again.
fn are_names_of_one(
    finder: &Finder<'_>,
    offset: u32,
    mentions: &[Mention],
    index: usize,
    second: usize,
    registry: &Registry<'_>,
) -> bool {
    let words =
        |mention: &Mention| finder.words((mention.start - offset) as usize, (mention.name_end - offset) as usize);
    let (first, other) = (words(&mentions[index]), words(&mentions[second]));
    let (Some(a), Some(b)) = (entity(&mentions[index]), entity(&mentions[second])) else { return false };
    let place = finder.classes.set("Place").unwrap_or_default();
    if registry.classes_of(b) == place && registry.classes_of(a) != place {
        return false;
    }
    let scripts = (has_han(first), has_han(other));
    scripts.0 != scripts.1
        || is_abbreviation(first, other)
        || is_abbreviation(other, first)
        || (scripts.0 && scripts.1 && is_contraction(first, other))
}

fn has_han(words: &str) -> bool {
    words.chars().any(crate::scan::is_han)
}

/// `FCA` for Financial Conduct Authority: its capitals are initials of the long name, in order.
fn is_abbreviation(long: &str, short: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphabetic()).collect();
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    if letters.len() < 2 || letters.len() > 8 || capitals * 2 < letters.len() || short.contains(' ') {
        return false;
    }
    let mut initials =
        long.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next()).flat_map(char::to_lowercase);
    let wanted = letters.iter().filter(|c| c.is_uppercase()).flat_map(|c| c.to_lowercase());
    wanted.clone().count() >= 2 && wanted.into_iter().all(|letter| initials.any(|initial| initial == letter))
}

/// 银保监会 for 中国银行保险监督管理委员会: its characters in order.
fn is_contraction(long: &str, short: &str) -> bool {
    let mut characters = long.chars();
    short.chars().count() < long.chars().count() && short.chars().all(|c| characters.any(|other| other == c))
}

/// What stands between two names of one firm, brackets, commas and colons aside.
const INTRODUCING: [&str; 10] =
    ["简称", "以下简称", "下称", "以下称", "又称", "hereinafter", "hereafter", "alsoknownas", "orsimply", "knownas"];

/// Whether what stands before a name, a colon aside, ends one of [`INTRODUCING`]: few names have it.
fn may_introduce(finder: &Finder<'_>, name: usize) -> bool {
    let before = (0..name).rev().map(|at| finder.piece(at)).find(|piece| !matches!(*piece, "：" | ":"));
    before.is_some_and(|before| INTRODUCING.iter().any(|words| words.ends_with(before)))
}

/// 深圳某某有限公司（以下简称“某某”）and "(the “Company”)", X，简称Y; "formerly known as" is left to rules.
fn short_names(finder: &Finder<'_>, offset: u32, mentions: &mut Vec<Mention>, registry: &mut Registry<'_>) {
    let mut index = 1;
    while index < mentions.len() {
        let (before, here) = (&mentions[index - 1], &mentions[index]);
        if !may_introduce(finder, (here.start - offset) as usize) {
            index += 1;
            continue;
        }
        let gap: String = (before.end..here.start).map(|token| finder.piece((token - offset) as usize)).collect();
        let introduces =
            INTRODUCING.contains(&gap.trim_start_matches(['（', '(', '，', ',']).trim_end_matches(['：', ':']));
        if introduces
            && let (Some(long), Some(short)) = (entity(before), entity(here))
            && registry.same(long, short)
        {
            let closing = (here.end - offset) as usize;
            let end = here.end + u32::from(matches!(finder.piece(closing), "）" | ")"));
            absorb(mentions, index - 1, end);
            continue;
        }
        index += 1;
    }
}
