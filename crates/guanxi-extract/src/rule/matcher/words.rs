//! Words of a rule where they stand in the text: phrases of literals, and phrases that name a thing.

use super::Attempt;
use crate::phrases::Phrases;
use crate::rule::compile::Literal;
use crate::rule::sieve;
use crate::rule::watch::Watch;
use crate::scan::TokenKind;
use crate::units::{Clause, Mention};

/// A phrase that names a line of business or a product, in words and in characters.
pub(super) const LONGEST_PHRASE: usize = 6;
pub(super) const LONGEST_HAN_PHRASE: usize = 14;

/// One past the last unit of the phrase, where it stands at `unit` in plain words.
///
/// Pronouns and common nouns are plain words too: "changed its name to".
pub(super) fn phrase_at(clause: &Clause<'_>, unit: usize, phrase: &[u64]) -> Option<usize> {
    let (mut at, mut rest) = (unit, phrase);
    while !rest.is_empty() {
        let words = clause.plain_words(at)?;
        let (head, tail) = rest.split_at_checked(words.len())?;
        if !words.iter().zip(head).all(|(token, hash)| token.hash == *hash) {
            return None;
        }
        rest = tail;
        at += 1;
    }
    Some(at)
}

/// The first unit of the phrase that ends just before `unit`.
fn phrase_before(clause: &Clause<'_>, unit: usize, phrase: &[u64]) -> Option<usize> {
    let earliest = unit.saturating_sub(phrase.len());
    (earliest..unit).find(|&start| phrase_at(clause, start, phrase) == Some(unit))
}

/// Where each phrase of a literal ends that stands at `unit`, longest first.
pub(super) fn phrases_at<'a>(
    clause: &'a Clause<'_>,
    unit: usize,
    literal: &'a Literal,
) -> impl Iterator<Item = usize> + 'a {
    let first = clause.plain_words(unit).and_then(<[_]>::first);
    let first = first.filter(|first| literal.first_bits & sieve::bit(first.hash) != 0);
    let phrases = first.map_or(&[][..], |first| beside(&literal.firsts, first.hash));
    let ends = phrases.iter().filter_map(move |&(_, index)| phrase_at(clause, unit, &literal.phrases[index as usize]));
    ends.filter(move |&end| end - unit < 2 || !names_who_does(clause, end))
}

/// 投资 in 投资者, 供应 in 供应商: who does it, or what it is called, is not the doing.
fn names_who_does(clause: &Clause<'_>, unit: usize) -> bool {
    let next = clause.word_text(unit + 1);
    clause.is_han(unit - 1)
        && match clause.word_text(unit) {
            "者" => true,
            "人" => !matches!(
                next,
                "民" | "工"
                    | "们"
                    | "們"
                    | "才"
                    | "均"
                    | "寿"
                    | "壽"
                    | "员"
                    | "員"
                    | "类"
                    | "類"
                    | "力"
                    | "数"
                    | "數"
                    | "事"
            ),
            "方" => !matches!(next, "面" | "案" | "式" | "法" | "向" | "便" | "才" | "可" | "能"),
            "商" => !matches!(
                next,
                "业" | "業" | "品" | "标" | "標" | "用" | "务" | "務" | "场" | "場" | "城" | "超" | "户" | "戶"
            ),
            _ => false,
        }
}

/// Where each phrase of a literal begins that ends just before `unit`, longest first.
pub(super) fn phrases_before<'a>(
    clause: &'a Clause<'_>,
    unit: usize,
    literal: &'a Literal,
) -> impl Iterator<Item = usize> + 'a {
    let last = unit.checked_sub(1).and_then(|before| clause.plain_words(before)).and_then(<[_]>::last);
    let last = last.filter(|last| literal.last_bits & sieve::bit(last.hash) != 0);
    let phrases = last.map_or(&[][..], |last| beside(&literal.lasts, last.hash));
    phrases.iter().filter_map(move |&(_, index)| phrase_before(clause, unit, &literal.phrases[index as usize]))
}

impl Literal {
    /// Whether one of its phrases begins with this word.
    pub(super) fn opens_with(&self, word: u64) -> bool {
        !beside(&self.firsts, word).is_empty()
    }
}

/// The entries of this hash in a sorted list.
fn beside(sorted: &[(u64, u32)], hash: u64) -> &[(u64, u32)] {
    let start = sorted.partition_point(|(other, _)| *other < hash);
    let length = sorted[start..].iter().take_while(|(other, _)| *other == hash).count();
    &sorted[start..start + length]
}

impl<W: Watch> Attempt<'_, W> {
    /// Length in tokens of the longest of these phrases among the words from a unit on.
    pub(super) fn longest_at<V>(&self, phrases: &Phrases<V>, unit: usize) -> Option<usize> {
        let opens = self.clause.plain_words(unit).and_then(<[_]>::first).is_some_and(|first| phrases.may_open(first));
        if !opens {
            return None;
        }
        phrases.longest(self.clause.words_from(unit)).map(|(length, _)| length)
    }

    /// A phrase of plain words that names something: `(first token, one past last)`, and one past its last unit.
    pub(super) fn noun_phrase(&self, unit: usize) -> Option<((u32, u32), usize)> {
        let clause = self.clause;
        if let Some((_, mention)) = clause.mention(unit) {
            return mention.is_name().then(|| ((mention.start, mention.end), unit + 1));
        }
        let longest = if clause.is_han(unit) { LONGEST_HAN_PHRASE } else { LONGEST_PHRASE };
        let limit = clause.units.len().min(unit + longest);
        let end = unit + (unit..limit).take_while(|&at| self.may_be_in_phrase(at, at > unit)).count();
        (end > unit).then(|| ((clause.units[unit].start, clause.units[end - 1].end), end))
    }

    /// Whether a unit may stand in a phrase that names something; names and hyphens not at its head.
    pub(super) fn may_be_in_phrase(&self, unit: usize, inside: bool) -> bool {
        let clause = self.clause;
        match clause.word(unit) {
            None => {
                let thing = |(index, mention): (u32, &Mention)| {
                    mention.is_name()
                        && clause.classes[index as usize].meets(self.rules.things)
                        && !clause.classes[index as usize].meets(self.agents)
                };
                inside && clause.mention(unit).is_some_and(thing)
            }
            Some(token) if token.kind == TokenKind::Han => self.longest_at(&self.lexicon.han_stops, unit).is_none(),
            Some(token) => {
                let hyphen = clause.piece(token) == "-" && !token.spaced && inside;
                hyphen || (token.kind == TokenKind::Word && !self.lexicon.boundaries.contains(&token.hash))
            }
        }
    }

    /// "Najd controls Egyptian cement": the verb of the name before it is no part of a phrase.
    pub(super) fn is_verb_of_name(&self, unit: usize) -> bool {
        unit.checked_sub(1).is_some_and(|name| self.entity_member(name, self.agents)) && self.is_verb(unit)
    }
}
