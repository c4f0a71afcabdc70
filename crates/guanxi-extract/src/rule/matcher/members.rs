//! Coordination: "Acme, its parent Bolt and the Danish bank Cedar". Which units are members of a list, either way
//! from the first that a slot takes.

use super::words::phrase_at;
use super::{Attempt, LONGEST_DESCRIPTION, MOST_TRADE_WORDS};
use crate::classes::ClassSet;
use crate::rule::compile::Atom;
use crate::rule::watch::Watch;
use crate::scan::TokenKind;

/// Units between the commas that say who a member of a list is: "Ida Lund, a former Acme trader, and Tor Hagen".
const LONGEST_NOTE: usize = 12;

impl<W: Watch> Attempt<'_, W> {
    /// The unit of the next member of a coordination that goes on at `unit`.
    pub(super) fn next_member(&self, unit: usize, index: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
        let mut at = self.behind_note(unit).or_else(|| self.behind_conjunction(unit))?;
        at += usize::from(self.is_joined_list(at - 1) && self.repeats_preposition(unit, at));
        // "Arnold Bread and Kyocera": a firm that is taken for a person does not end a list of firms.
        while self.is_other_agent_in_list(at) && !fits(at) {
            at = self.behind_conjunction(at + 1)?;
        }
        let mut described = at;
        for _ in 0..LONGEST_DESCRIPTION {
            // "Alexandria-based Misr": the place would fit, but it is not the member.
            let compound = self.clause.word_text(described + 1) == "-";
            match self.past_title(described).or_else(|| self.past_description(described)) {
                Some(next) if !fits(described) || compound => described = next,
                _ => break,
            }
        }
        let is_member = fits(described) && !self.is_owner_of_next(unit, described);
        (is_member && !self.is_subject_of_next_verb(described, index)).then_some(described)
    }

    /// "on the boards of Acme and of Bolt": the list says again what stands before its first member.
    fn repeats_preposition(&self, end: usize, unit: usize) -> bool {
        let word = self.clause.word_text(unit);
        matches!(word, "of" | "in" | "by" | "to" | "from" | "with" | "for" | "at" | "on")
            && (end.saturating_sub(LONGEST_DESCRIPTION)..end).any(|at| self.clause.word_text(at) == word)
    }

    /// "rejected Merlion, Tanjong's rival": behind a comma alone a possessor begins what describes the one before.
    fn is_owner_of_next(&self, before: usize, member: usize) -> bool {
        let joined = (before..member).any(|at| self.is_conjunction(at) && !self.clause.is_comma(at));
        !joined && self.is_genitive(member + 1)
    }

    /// The unit behind the comma or the "and" that stands here, or behind a bracket: "Tern Pay (bought in 2016), Auk Pay".
    fn behind_conjunction(&self, unit: usize) -> Option<usize> {
        let first = self.skip_brackets_right(unit);
        let behind = (first..first + 3).find(|&at| !self.is_conjunction(at)).unwrap_or(first + 3);
        // 收购甲，乙表示: a Chinese list has 、 between its members.
        let clause_ends = self.clause.word_text(first) == "，" && behind == first + 1;
        if behind == first || clause_ends {
            return None;
        }
        self.behind_trade(behind).or(Some(behind))
    }

    /// "Acme Takaful, an insurer, and Acme Securities, a broker": behind what says only what the member does.
    fn behind_trade(&self, unit: usize) -> Option<usize> {
        let article = matches!(self.clause.word_text(unit), "a" | "an");
        let comma =
            (unit + 1..=unit + MOST_TRADE_WORDS + 1).find(|&at| self.clause.is_comma(at)).filter(|_| article)?;
        let plain = (unit + 1..comma).all(|at| self.clause.word(at).is_some_and(|token| !token.capital));
        plain.then(|| self.behind_conjunction(comma)).flatten()
    }

    /// "Ida Lund, a former Acme trader, and Tor Hagen": behind what says who the member is, where "and" shows that the
    /// list goes on.
    fn behind_note(&self, unit: usize) -> Option<usize> {
        let first = unit + 1;
        let comma = (first + 1..first + LONGEST_NOTE).find(|&at| self.clause.is_comma(at))?;
        let whole = self.clause.is_comma(unit) && self.opens_note(first) && self.is_joined_list(comma + 1);
        let parted = (first..comma).any(|at| self.clause.parts_clauses(at));
        (whole && !parted).then_some(comma + 2)
    }

    /// The comma before what says who the member before it is, given the comma behind that.
    fn before_note(&self, comma: usize) -> Option<usize> {
        let earliest = comma.saturating_sub(LONGEST_NOTE);
        let opening = (earliest..comma).rev().find(|&at| self.clause.is_comma(at))?;
        let parted = (opening..comma).any(|at| self.clause.parts_clauses(at));
        (self.clause.is_comma(comma) && self.opens_note(opening + 1) && !parted).then_some(opening)
    }

    fn is_joined_list(&self, unit: usize) -> bool {
        matches!(self.clause.word_text(unit), "and" | "plus")
    }

    fn opens_note(&self, unit: usize) -> bool {
        let first = self.clause.plain_words(unit).and_then(<[_]>::first);
        first.is_some_and(|first| {
            matches!(
                self.clause.piece(first),
                "a" | "an"
                    | "the"
                    | "its"
                    | "his"
                    | "her"
                    | "former"
                    | "formerly"
                    | "once"
                    | "previously"
                    | "now"
                    | "then"
            )
        })
    }

    fn is_other_agent_in_list(&self, unit: usize) -> bool {
        self.entity_member(unit, self.agents) && self.is_conjunction(unit + 1)
    }

    /// "A invested in B, C invested in D": C is no second object, since a verb of its own follows.
    fn is_subject_of_next_verb(&self, member: usize, index: usize) -> bool {
        // The verb may be the one that this very pattern looks for behind the list.
        let own = self.is_spelt_at(member + 1, index);
        // "Ann Roe and Tom Doe were appointed": the whole list is the verb's subject.
        let plural = matches!(self.clause.word_text(member + 1), "were" | "are" | "have")
            && member.checked_sub(1).is_some_and(|joint| self.is_joined_list(joint));
        if own || plural {
            return false;
        }
        let mut at = member + 1;
        for _ in 0..3 {
            if self.is_verb(at) {
                return true;
            }
            if self.clause.word(at).is_none() {
                return false;
            }
            match self.longest_at(&self.lexicon.fillers, at) {
                Some(length) => at += length,
                None => return false,
            }
        }
        false
    }

    /// "A invested in B, C invested in D": B is no second subject, since a verb stands before it.
    fn is_object_of_earlier_verb(&self, member: usize, index: usize) -> bool {
        let earlier = (1..=4)
            .map_while(|back| member.checked_sub(back))
            .take_while(|&at| self.clause.plain_words(at).is_some() && !self.is_conjunction(at));
        // "counts Lidl and Rewe among its customers": the verb is the pattern's own.
        let own = |at: usize| {
            self.pattern.atoms[..index].iter().any(|atom| match atom {
                Atom::Literal { literal, .. } => {
                    literal.phrases.iter().any(|phrase| phrase_at(self.clause, at, phrase).is_some())
                }
                _ => false,
            })
        };
        let mut earlier = earlier;
        earlier.any(|at| self.is_verb(at) && !own(at))
    }

    /// Whether words stand here on which some rule is anchored as on a verb: "investors" is no verb.
    pub(super) fn is_verb(&self, unit: usize) -> bool {
        let Some(first) = self.clause.word(unit).filter(|token| token.kind != TokenKind::Sign) else { return false };
        if self.rules.verb_gate != 0 && first.gates & self.rules.verb_gate == 0 {
            return false;
        }
        let mut phrases = self.rules.verbs.get(&first.hash).into_iter().flatten();
        phrases.any(|phrase| phrase_at(self.clause, unit, phrase).is_some())
    }

    pub(super) fn is_conjunction(&self, unit: usize) -> bool {
        matches!(
            self.clause.word_text(unit),
            "," | "、" | "and" | "or" | "&" | "和" | "与" | "及" | "以" | "或" | "，" | "plus" | "both"
        )
    }

    pub(super) fn previous_member(&self, unit: usize, classes: ClassSet, index: usize) -> Option<usize> {
        let mut at = unit;
        // "A and the Danish bank B": the description before B is passed over first.
        for _ in 0..LONGEST_DESCRIPTION {
            if let Some(title) = self.title_before(at) {
                at = title;
            } else if at > 0 && !self.is_conjunction(at - 1) && self.describes(at - 1) {
                at -= 1;
            } else {
                break;
            }
        }
        let mut parted = false;
        for _ in 0..3 {
            if at > 0 && self.is_conjunction(at - 1) {
                at -= 1;
                parted = true;
            }
        }
        // "Ida Lund, a former Acme trader, and Tor Hagen founded"
        let at = Some(at).filter(|_| parted).and_then(|at| self.before_note(at)).unwrap_or(at);
        let last = at.checked_sub(1)?;
        let fits = parted && self.entity_member(last, classes) && !self.is_possessor(last) && !self.is_set_apart(last);
        (fits && !self.is_object_of_earlier_verb(last, index)).then_some(last)
    }

    /// "Unlike Acme, Bolt holds a licence": Acme does not.
    fn is_set_apart(&self, member: usize) -> bool {
        member.checked_sub(1).is_some_and(|before| {
            matches!(self.clause.word_text(before), "Unlike" | "unlike" | "Besides" | "besides" | "than" | "except")
        })
    }

    /// 陆展鹏与产品经理罗子涵: the first unit of the title that ends just before a unit.
    fn title_before(&self, unit: usize) -> Option<usize> {
        let last = unit.checked_sub(1).filter(|&last| self.clause.is_han(last))?;
        let (length, ()) = self.lexicon.titles.longest_at_end(self.clause.words_before(unit), LONGEST_DESCRIPTION)?;
        self.clause.unit_at(self.clause.units[last].end - length as u32)
    }

    /// 微软与产品经理罗子涵: one past the title that stands here.
    fn past_title(&self, unit: usize) -> Option<usize> {
        let length = self.longest_at(&self.lexicon.titles, unit).filter(|_| self.clause.is_han(unit))?;
        Some(unit + length)
    }
}
