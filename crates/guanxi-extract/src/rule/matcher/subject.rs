//! From a verb back to its subject: over auxiliaries, adverbs and dates, over an apposition between commas, over a
//! relative pronoun.

use super::{Attempt, LONGEST_APPOSITION, LONGEST_DESCRIPTION};
use crate::rule::watch::Watch;
use crate::scan::TokenKind;

/// Words passed over between subject and verb.
const LONGEST_FILLER: usize = 12;

/// The way back from a verb to where its subject may end.
pub(super) struct Walk {
    /// Where it began.
    pub(super) unit: usize,
    pub(super) at: usize,
    pub(super) apposition_passed: bool,
    pub(super) over: bool,
}

impl<W: Watch> Attempt<'_, W> {
    /// Nothing but fillers stands between the verb and the head of its clause.
    pub(super) fn subject_may_be_elided(&self, unit: usize) -> bool {
        let mut at = unit;
        while at > 0 {
            if self.clause.is_comma(at - 1) || self.clause.parts_clauses(at - 1) {
                return true;
            }
            match self.filler_before(at) {
                Some(start) => at = start,
                None => return false,
            }
        }
        true
    }

    /// The next places where a slot may end: before fillers, before an apposition between commas.
    pub(super) fn ends_before(&self, walk: &mut Walk) -> [Option<usize>; 2] {
        let at = walk.at;
        if walk.unit - at >= LONGEST_FILLER + LONGEST_APPOSITION {
            walk.over = true;
            return [None, None];
        }
        if let Some(start) = self.filler_before(at) {
            walk.at = start;
            return [Some(start), None];
        }
        if at > 0 && matches!(self.clause.word_text(at - 1), "which" | "who" | "that") {
            // "Simba Ridge, which invested in Kibo": the verb's subject is whom the clause is about.
            walk.over = true;
            let comma = (at > 1 && self.clause.is_comma(at - 2)).then(|| at - 2);
            return [Some(at - 1), comma.or_else(|| self.comma_before_noun(at - 1))];
        }
        if let Some(subject) = self.subject_of_first_verb(at) {
            // "Koopje operates in Poland and has taken over Bazarek"
            walk.over = true;
            return [Some(subject + 1), None];
        }
        match at.checked_sub(1).filter(|&comma| !walk.apposition_passed && self.clause.is_comma(comma)) {
            Some(comma) => self.ends_before_comma(comma, walk),
            None => {
                walk.over = true;
                [None, None]
            }
        }
    }

    /// "Karpatia, the private-equity house which bought": the comma before the noun that says who is meant.
    fn comma_before_noun(&self, relative: usize) -> Option<usize> {
        let earliest = relative.saturating_sub(LONGEST_DESCRIPTION).max(1);
        let plain = |unit: &usize| {
            self.clause.word(*unit).is_some_and(|token| token.kind == TokenKind::Word && !token.capital)
                || self.clause.word_text(*unit) == "-"
        };
        let article = (earliest..relative)
            .rev()
            .take_while(plain)
            .find(|&unit| matches!(self.clause.word_text(unit), "the" | "a" | "an"))?;
        self.clause.is_comma(article - 1).then_some(article - 1)
    }

    fn ends_before_comma(&self, comma: usize, walk: &mut Walk) -> [Option<usize>; 2] {
        let named = self.is_named_behind_noun(comma).then_some(comma);
        let apposition = self.apposition_before(comma);
        walk.apposition_passed |= apposition.is_some();
        // 北岸集团公告，拟收购…: a single comma behind the subject in Chinese.
        let single = || (walk.at < walk.unit && self.clause.word_text(comma) == "，").then_some(comma);
        let next = apposition.or_else(single);
        match next {
            Some(next) => walk.at = next,
            None => walk.over = true,
        }
        [named, next]
    }

    /// "Its unit, Fjordlast do Brasil, signed": the name between the commas is the subject itself, since no name
    /// stands before the first of them but one of whom it is told.
    fn is_named_behind_noun(&self, closing: usize) -> bool {
        let named = closing.checked_sub(1).is_some_and(|name| self.entity_member(name, self.agents));
        let earliest = closing.saturating_sub(LONGEST_DESCRIPTION + 2);
        let opening = (earliest..closing).rev().find(|&unit| self.clause.is_comma(unit));
        let is_noun = |unit: usize| self.clause.word(unit).is_some_and(|token| token.kind == TokenKind::Word);
        // "The chairman of Acme, Jane Roe, bought": it is not Acme that did.
        named
            && opening
                .and_then(|comma| comma.checked_sub(1))
                .is_some_and(|before| is_noun(before) || self.tie(before).is_some())
    }

    /// Where "and", or a comma in Chinese, stands directly before a verb: the agent that the sentence names first.
    fn subject_of_first_verb(&self, verb: usize) -> Option<usize> {
        let joint = verb.checked_sub(1)?;
        let joined = matches!(self.clause.word_text(joint), "and" | "but" | "并" | "，" | "且");
        let agent = |unit: &usize| {
            let possessive =
                matches!(self.clause.mention_text(*unit), "its" | "Its" | "their" | "Their" | "his" | "her" | "其");
            self.entity_member(*unit, self.agents) && !self.is_possessor(*unit) && !possessive
        };
        let first = (0..joint).find(agent).filter(|_| joined)?;
        // A list before the verb is its subject: "Acme and Bolt bought".
        let parted = (first..joint).any(|unit| self.clause.parts_clauses(unit));
        (first + 1 < joint && !parted).then_some(first)
    }

    /// The first unit of the filler that ends just before `unit`: an auxiliary, an adverb, a date, a price.
    fn filler_before(&self, unit: usize) -> Option<usize> {
        let last = unit.checked_sub(1)?;
        if self.clause.mention(last).is_some_and(|(_, mention)| mention.is_quantity()) {
            return Some(last);
        }
        if self.clause.bracket(last) == Some(false) {
            let start = self.skip_brackets_left(unit);
            return (start < unit).then_some(start);
        }
        let closes = self.clause.plain_words(last)?.last().is_some_and(|word| self.lexicon.fillers.may_close(word));
        if !closes {
            return None;
        }
        let words = self.clause.words_before(unit);
        let (length, ()) = self.lexicon.fillers.longest_at_end(words, 6)?;
        self.clause.unit_at(self.clause.units[last].end - length as u32)
    }

    pub(super) fn filler_at(&self, unit: usize) -> bool {
        self.longest_at(&self.lexicon.fillers, unit).is_some()
    }

    /// `Acme, a maker of toys, bought …`: the unit before the first comma, given the second.
    fn apposition_before(&self, comma: usize) -> Option<usize> {
        let earliest = comma.saturating_sub(LONGEST_APPOSITION).max(1);
        let opens = |unit: &usize| {
            self.clause.is_comma(*unit)
                && self.clause.mention(unit - 1).is_some_and(|(_, mention)| !mention.is_quantity())
        };
        let opening = (earliest..comma).rev().find(opens)?;
        let parted = (opening..comma).any(|unit| self.clause.parts_clauses(unit));
        (!parted).then_some(opening)
    }
}
