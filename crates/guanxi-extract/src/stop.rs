//! Where a full stop ends a sentence, and where it only belongs to the word before it.
//!
//! "Acme Ltd. Bolt denied it" is two sentences where something is told before the stop and something else behind it;
//! "Acme Inc. Chief Executive Jane Roe" and "Acme Co. Ltd." are one.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::scan::{Token, TokenKind, token_hash};

/// Words that tell what a full stop means.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct StopWords {
    /// Mr., Dr.: a name follows, be it Mr. He.
    pub(crate) before_names: FxHashSet<u64>,
    /// No., Jan.: an abbreviation where a number follows, and with a capital before any name.
    pub(crate) before_numbers: FxHashSet<u64>,
    /// Ltd., S.A., a.m.: may stand within a sentence and at its end.
    pub(crate) at_either: FxHashSet<u64>,
    /// Any other abbreviation: St., vs.
    pub(crate) abbreviations: FxHashSet<u64>,
    /// Function words (the, it, in, …) that begin a sentence even after an abbreviation.
    pub(crate) openers: FxHashSet<u64>,
    /// What goes on with a firm behind its legal form: Ltd., Holdings, Chief Executive.
    pub(crate) behind_forms: FxHashSet<u64>,
    /// Verbs in a finite form, but for those in -ed.
    pub(crate) finite: FxHashSet<u64>,
    /// Words behind which a firm is the subject of a clause that is still to come: "said Acme Inc. units were".
    pub(crate) clause_openers: FxHashSet<u64>,
}

/// A text with its tokens, and where the sentence began.
pub(crate) struct Stop<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) start: usize,
    pub(crate) words: &'a StopWords,
}

impl Stop<'_> {
    /// Whether the full stop between the word `last` and the token `next`, which might begin a sentence, ends one.
    pub(crate) fn ends(&self, last: usize, next: usize) -> bool {
        let Some(word) = self.tokens.get(last).filter(|_| last >= self.start) else { return true };
        let words = self.words;
        if words.before_names.contains(&word.hash) {
            false
        } else if words.before_numbers.contains(&word.hash) && !word.capital {
            self.tokens[next].kind != TokenKind::Number
        } else if words.at_either.contains(&word.hash) || words.before_numbers.contains(&word.hash) {
            self.opens(next) || self.tells(last) && self.begins_to_tell(next)
        } else if words.abbreviations.contains(&word.hash) || self.is_initial(last) {
            self.opens(next)
        } else {
            true
        }
    }

    /// Whether a sentence ends with a word that has its full stop in it: a.m., S.A., U.S.
    pub(crate) fn ends_with_dotted(&self, last: usize) -> bool {
        let dotted = self.tokens[last].kind == TokenKind::Word && self.piece(last).ends_with('.');
        let next = || self.tokens.get(last + 1).filter(|next| next.spaced && next.capital);
        dotted && next().is_some() && {
            let either = self.words.at_either.contains(&self.tokens[last].hash);
            if either { self.ends(last, last + 1) } else { self.opens(last + 1) }
        }
    }

    /// "John F. Smith", but not "closed its Series A. Northlight led".
    fn is_initial(&self, at: usize) -> bool {
        const LETTERED: [&str; 10] =
            ["Series", "series", "Class", "class", "Grade", "Round", "round", "Tranche", "tranche", "Annex"];
        let word = &self.tokens[at];
        let lettered = at.checked_sub(1).is_some_and(|before| LETTERED.contains(&self.piece(before)));
        word.all_capitals && word.end - word.start == 1 && !lettered
    }

    /// A function word; "No." and "A." are none, nor is the From of "Hollis Buys Acme Ltd. From Bolt".
    fn opens(&self, at: usize) -> bool {
        let is_small = |token: &Token| token.kind == TokenKind::Word && !token.capital;
        let in_title = || self.is_capital(at + 1) && !self.tokens[self.start..at].iter().any(is_small);
        self.words.openers.contains(&self.tokens[at].hash) && self.word(at + 1) != "." && !in_title()
    }

    /// Whether the sentence tells something before the firm that ends with `last`, of whom nothing is to come.
    fn tells(&self, last: usize) -> bool {
        let in_name = |at: &usize| self.is_capital(*at) || matches!(self.piece(*at), "." | "&" | ",");
        let firm = (self.start..last).rev().take_while(in_name).last().unwrap_or(last);
        let subject = firm > self.start && self.words.clause_openers.contains(&self.tokens[firm - 1].hash);
        !subject && (self.start..firm).any(|at| self.is_verb(at))
    }

    /// Whether a sentence of its own begins here: "Bolt said", "Bolt, a rival,", "Founded in", “We are”.
    fn begins_to_tell(&self, start: usize) -> bool {
        const FAR: usize = 6;
        if matches!(self.piece(start), "“" | "\"" | "‘") {
            return self.is_capital(start + 1) && !self.tokens[start + 1].spaced;
        }
        if !self.is_capital(start) || self.words.behind_forms.contains(&self.tokens[start].hash) {
            return false;
        }
        let joins = |at: usize| matches!(self.word(at), "of" | "and" | "&" | "for" | "de" | "-");
        let is_of_name = |at: &usize| self.is_capital(*at) || joins(*at) && self.is_capital(*at + 1);
        let end = start + (start..self.tokens.len()).take_while(is_of_name).count();
        let alone = end == start + 1;
        if alone && self.piece(start).ends_with("ed") && matches!(self.word(end), "in" | "by" | "at" | "on" | "as") {
            return true;
        }
        if self.word(end) == "," {
            return matches!(self.word(end + 1), "a" | "an" | "the" | "which" | "who" | "whose" | "based");
        }
        let goes_on = |at: &usize| {
            self.tokens[*at].kind == TokenKind::Word || matches!(self.piece(*at), "'s" | "’s" | "'" | "’" | "-")
        };
        (end..self.tokens.len().min(end + FAR)).take_while(goes_on).any(|at| self.is_verb(at))
    }

    fn is_verb(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        token.kind == TokenKind::Word
            && !token.capital
            && (self.words.finite.contains(&token.hash)
                || token.end - token.start > 3 && self.piece(at).ends_with("ed"))
    }

    fn is_capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.capital)
    }

    /// The text of a token, nothing behind the last one.
    fn word(&self, at: usize) -> &str {
        if at < self.tokens.len() { self.piece(at) } else { "" }
    }

    fn piece(&self, at: usize) -> &str {
        &self.text[self.tokens[at].start as usize..self.tokens[at].end as usize]
    }
}

impl StopWords {
    /// Takes the words from the lists that hold them.
    pub(crate) fn new(list: impl Fn(&str) -> Vec<String>) -> Self {
        let hashes = |name: &str| list(name).iter().map(|word| token_hash(word)).collect();
        Self {
            before_names: hashes("abbreviation-before-name"),
            before_numbers: hashes("abbreviation-before-number"),
            at_either: hashes("abbreviation-of-form"),
            abbreviations: hashes("abbreviation"),
            openers: hashes("sentence-opener"),
            behind_forms: hashes("behind-form"),
            finite: hashes("finite-verb"),
            clause_openers: hashes("clause-opener"),
        }
    }

    /// Whether a full stop may belong to this word.
    pub(crate) fn is_abbreviation(&self, word: u64) -> bool {
        [&self.before_names, &self.before_numbers, &self.at_either, &self.abbreviations]
            .iter()
            .any(|words| words.contains(&word))
    }
}
