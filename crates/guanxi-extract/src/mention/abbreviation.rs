//! Abbreviations that authorities of several countries have: CMA, FSC. Which of them is meant the text may tell; that it
//! is an authority they show by themselves.

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;

/// Proposes every abbreviation of the list that is written in capitals and does not describe what stands behind it.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let Some(classes) = finder.classes.set("Regulator") else { return };
    let is_listed = |at: &usize| {
        let token = &finder.tokens[*at];
        token.kind == TokenKind::Word
            && token.all_capitals
            && finder.lexicon.authority_abbreviations.contains(&token.hash)
            && !is_thing(finder, at + 1)
    };
    // the Korean FSC
    let with_people = |at: usize| {
        let people = at > 1 && finder.lexicon.not_names.exact(&finder.tokens[at - 1..at]).is_some();
        at - usize::from(people && matches!(finder.piece(at - 2), "the" | "The"))
    };
    let abbreviations = (0..finder.tokens.len()).filter(is_listed);
    candidates.extend(abbreviations.map(|at| Candidate {
        start: with_people(at),
        end: at + 1,
        found: Found::Name { classes, shown: true, quoted: false },
    }));
}

/// ASIC chips, FDA-approved: what is made or said of a thing.
fn is_thing(finder: &Finder<'_>, at: usize) -> bool {
    matches!(
        &*finder.lower(at),
        "-" | "chip"
            | "chips"
            | "miner"
            | "miners"
            | "mining"
            | "maker"
            | "design"
            | "designs"
            | "machines"
            | "approval"
    )
}
