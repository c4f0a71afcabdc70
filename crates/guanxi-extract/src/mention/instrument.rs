//! Rules of law that go by a number: Standing Order 9, Directive BG/2026/04, Ley 24/2025, Circular No. 14/2025.

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;

/// Tokens of a number with its letters, strokes and years: "IFPRU/2026-04 of 2026".
const LONGEST_NUMBER: usize = 10;
/// Words such as Standing, Executive and Master before the noun.
const MOST_KINDS: usize = 2;

/// Proposes every noun for a rule with its number.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let Some(classes) = finder.classes.set("Regulation") else { return };
    for noun in finder.where_token(|token| token.capital && finder.lexicon.numbered_rules.contains(&token.hash)) {
        let start = with_kinds(finder, noun);
        let Some(end) = number_end(finder, noun + 1, start) else { continue };
        candidates.push(Candidate { start, end, found: Found::Name { classes, shown: true, quoted: false } });
    }
}

/// Where the kinds of the rule begin that stand before its noun.
fn with_kinds(finder: &Finder<'_>, noun: usize) -> usize {
    let is_kind =
        |at: &usize| finder.tokens[*at].capital && finder.lexicon.kinds_of_rules.contains(&finder.tokens[*at].hash);
    let first = noun.saturating_sub(MOST_KINDS);
    (first..noun).rev().take_while(is_kind).last().unwrap_or(noun)
}

/// One past the number that begins at `at`, if it is one: at the head of a sentence "Order 500 aircraft" is none, unless
/// more than a figure shows it.
fn number_end(finder: &Finder<'_>, at: usize, start: usize) -> Option<usize> {
    let marked = is_mark(finder, at);
    let first = match marked {
        true => at + 1 + usize::from(matches!(finder.piece(at + 1), "." | "°")),
        false => at,
    };
    let glued = |at: &usize| {
        let token = &finder.tokens[*at];
        !token.spaced
            && (token.kind == TokenKind::Number
                || token.all_capitals
                || matches!(finder.piece(*at), "/" | "-" | ".")
                    && finder.tokens.get(at + 1).is_some_and(|next| !next.spaced))
    };
    let opening = finder.tokens.get(first)?;
    let opens = opening.spaced && (opening.kind == TokenKind::Number || opening.all_capitals);
    let limit = finder.tokens.len().min(first + LONGEST_NUMBER);
    let end = (first + 1..limit).find(|at| !glued(at)).unwrap_or(limit);
    let figures = (first..end).any(|at| finder.tokens[at].kind == TokenKind::Number);
    if !opens || !figures {
        return None;
    }
    let dated = finder.piece(end) == "of" && is_year(finder, end + 1);
    let shown = marked || dated || end > first + 1 || at - start > 1;
    let counts = !shown && (start == 0 || finder.title_case || is_counted(finder, end));
    (!counts).then_some(if dated { end + 2 } else { end })
}

/// No., Nr, n°
fn is_mark(finder: &Finder<'_>, at: usize) -> bool {
    matches!(&*finder.lower(at), "no" | "nr" | "number" | "n" | "nº" | "n°" | "núm" | "num" | "№")
}

fn is_year(finder: &Finder<'_>, at: usize) -> bool {
    let year = finder.piece(at);
    year.len() == 4
        && (year.starts_with("19") || year.starts_with("20"))
        && year.bytes().all(|byte| byte.is_ascii_digit())
}

/// "Act 2 million": something is counted.
fn is_counted(finder: &Finder<'_>, end: usize) -> bool {
    finder.tokens.get(end).is_some_and(|next| finder.lexicon.magnitudes.longest(std::slice::from_ref(next)).is_some())
        || matches!(finder.piece(end), "%" | "per" | "percent")
}
