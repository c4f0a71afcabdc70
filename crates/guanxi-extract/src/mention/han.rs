//! Names in Chinese characters that stand in no list: known by their ending, a title beside them, or by
//! standing alone between a verb and the edge of its clause.

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;

/// Longest Chinese name, in characters.
const LONGEST: usize = 20;

/// Looks at every stretch of Chinese characters that no other finder claimed and no stop word parts.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let mut taken = vec![false; finder.tokens.len()];
    for candidate in candidates.iter() {
        // A nominal such as 公司 may be the end of a longer name, a known name part of one (重庆度小满小额贷款有限公司).
        if !matches!(candidate.found, Found::Nominal(_) | Found::Known(_)) {
            taken[candidate.start..candidate.end].fill(true);
        }
    }
    let mut proposals = Vec::new();
    let mut start = 0;
    while start < finder.tokens.len() {
        if let Some((length, ())) = finder.lexicon.han_stops.longest(&finder.tokens[start..]) {
            // A legal form without a name before it: 有限公司 begins with the stop word 有.
            let form = finder.lexicon.suffixes.longest(&finder.tokens[start..]).map_or(0, |(form, _)| form);
            start += length.max(form);
        } else if taken[start] || finder.tokens[start].kind != TokenKind::Han {
            start += 1;
        } else {
            let end = stretch_end(finder, start, &taken).max(start + 1);
            propose(finder, start, end, &mut proposals);
            start = end;
        }
    }
    proposals.retain(|proposal| may_swallow(finder, proposal, candidates));
    candidates.extend(proposals);
}

/// A name that no list has may hold a place or a line of business; to hold a known firm it must be a firm's
/// full name, or it would melt two firms that stand side by side.
fn may_swallow(finder: &Finder<'_>, proposal: &Candidate, candidates: &[Candidate]) -> bool {
    let agent = finder.classes.set("Agent").unwrap_or_default();
    let is_known_agent = |candidate: &Candidate| matches!(candidate.found, Found::Known(row) if finder.known.row(row).classes.meets(agent));
    let touched =
        candidates.iter().filter(|candidate| candidate.start < proposal.end && proposal.start < candidate.end);
    let full_name = finder.piece(proposal.end - 2) == "公" && finder.piece(proposal.end - 1) == "司";
    let shown = matches!(proposal.found, Found::Name { shown: true, .. });
    let mut touched = touched.peekable();
    touched.peek().is_none() || shown && touched.all(|candidate| !is_known_agent(candidate) || full_name)
}

fn is_name_character(finder: &Finder<'_>, at: usize) -> bool {
    finder.tokens[at].kind == TokenKind::Han && finder.lexicon.han_stops.longest(&finder.tokens[at..]).is_none()
}

fn stretch_end(finder: &Finder<'_>, start: usize, taken: &[bool]) -> usize {
    let mut end = start;
    while end < finder.tokens.len() && !taken[end] && end - start < 2 * LONGEST {
        let token = &finder.tokens[end];
        let closing = if finder.piece(end) == "（" { "）" } else { ")" };
        let bracketed = matches!(finder.piece(end), "（" | "(") && finder.piece(end + 3) == closing;
        if token.kind == TokenKind::Han {
            match finder.lexicon.han_stops.longest(&finder.tokens[end..]) {
                Some((length, ())) if end > start => match ending_over_stop(finder, start, end, length) {
                    Some(ending) => end += ending,
                    None => break,
                },
                _ => end += 1,
            }
        } else if bracketed && end > start && finder.tokens[end + 1].kind == TokenKind::Han {
            // 深圳某某（中国）有限公司
            end += 4;
        } else {
            break;
        }
    }
    end.min(finder.tokens.len())
}

/// A stop word that is the beginning, or the whole, of a name's ending: 监管 in 监管局, 投资 in 北山投资.
///
/// Where it is the whole, it is a name only if no ending stands before it already (北山集团投资…) and no
/// further name follows it at once (北山投资海棠科技).
fn ending_over_stop(finder: &Finder<'_>, start: usize, at: usize, stop: usize) -> Option<usize> {
    let (ending, _) = finder.lexicon.suffixes.longest(&finder.tokens[at..])?;
    if ending > stop {
        return Some(ending);
    }
    let ended_before = finder.lexicon.suffixes.longest_at_end(&finder.tokens[start..at], 8).is_some();
    let next = at + ending;
    let followed = next < finder.tokens.len()
        && (is_name_character(finder, next) || matches!(finder.piece(next), "了" | "于" | "《" | "“"));
    (ending == stop && at - start >= 2 && !ended_before && !followed).then_some(ending)
}

fn propose(finder: &Finder<'_>, start: usize, end: usize, proposals: &mut Vec<Candidate>) {
    let start = pass_lead_words(finder, start, end);
    if start >= end {
        return;
    }
    if let Some(candidate) = person(finder, start, end) {
        proposals.push(candidate);
        return;
    }
    if let Some(candidate) = by_ending(finder, start, end) {
        // 海棠科技系北岸集团: behind a complete name one character may be a word of its own.
        let rest = candidate.end + usize::from(finder.lexicon.han_links.contains(finder.piece(candidate.end)));
        proposals.push(candidate);
        if rest < end {
            propose(finder, rest, end, proposals);
        }
        return;
    }
    alone(finder, start, end, proposals);
}

/// 近日, 控股股东, 旗下 …: words that stand before a name and are no part of it.
fn pass_lead_words(finder: &Finder<'_>, mut start: usize, end: usize) -> usize {
    while start < end {
        match finder.lexicon.han_leads.longest(&finder.tokens[start..end]) {
            Some((length, ())) => start += length,
            None => break,
        }
    }
    start
}

/// The longest name from `start` that ends in a word such as 公司, 银行, 证监局.
fn by_ending(finder: &Finder<'_>, start: usize, end: usize) -> Option<Candidate> {
    let limit = end.min(start + LONGEST);
    let mut best = None;
    for stop in start + 2..=limit {
        let tokens = &finder.tokens[start..stop];
        if let Some((length, classes)) = finder.lexicon.suffixes.longest_at_end(tokens, 8)
            && tokens.len() - length >= 1
            && tokens.len() >= 3
        {
            // Endings follow each other: 科技 + 股份 + 有限公司. A gap means that a second name has begun.
            // 持有海棠科技股份 is shares in 海棠科技; only 股份有限公司 goes on with a name that has ended.
            let shares = length == 2
                && best.is_some_and(|(before, _)| before + 2 == stop)
                && finder.words(stop - 2, stop) == "股份";
            match best {
                Some((before, _)) if stop - length > before => break,
                _ if shares => {}
                _ => best = Some((stop, *classes)),
            }
        }
    }
    let (stop, classes) = best?;
    let name = finder.words(start, stop);
    (!finder.lexicon.han_generic.contains(name)).then_some(Candidate {
        start,
        end: stop,
        found: Found::Name { classes, shown: true, quoted: false },
    })
}

/// Surname and one or two characters, with a title before or a verb of saying and serving behind.
fn person(finder: &Finder<'_>, start: usize, end: usize) -> Option<Candidate> {
    let person = finder.classes.set("Person")?;
    let (surname, ()) = finder.lexicon.surnames.longest(&finder.tokens[start..end])?;
    let titled = finder.lexicon.titles.longest_at_end(&finder.tokens[..start], 8).is_some();
    let followed =
        |at: usize| at < finder.tokens.len() && finder.lexicon.person_verbs.longest(&finder.tokens[at..]).is_some();
    let length = (1..=2).rev().map(|given| surname + given).find(|length| {
        let stop = start + length;
        stop <= end && (followed(stop) || (titled && stop == end))
    })?;
    Some(Candidate { start, end: start + length, found: Found::Name { classes: person, shown: true, quoted: false } })
}

/// A short stretch with a stop word or sign on both sides: 万科 in 万科收购了…. Open in class.
fn alone(finder: &Finder<'_>, start: usize, end: usize, proposals: &mut Vec<Candidate>) {
    let length = end - start;
    if !(2..=8).contains(&length) {
        return;
    }
    let name = finder.words(start, end);
    if finder.lexicon.han_generic.contains(name) || contains_generic(finder, start, end) {
        return;
    }
    let classes = finder.classes.union(&["Company", "Fund"]);
    proposals.push(Candidate { start, end, found: Found::Name { classes, shown: false, quoted: false } });
}

/// A stretch that ends in a common noun is a phrase, not a name.
fn contains_generic(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    (start..end).any(|at| finder.lexicon.han_common.longest(&finder.tokens[at..end]).is_some())
}
