//! A rule as the engine holds it: for whoever wants to see what a rule looks for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::pattern;
use crate::extractor::{Extractor, Written};
use crate::lexicon::WordLists;

/// A rule with what its lists and patterns come to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// How often it is right where it matches.
    pub prior: f64,
    /// The status that it pins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The claims that it makes.
    pub claims: Vec<String>,
    /// Its patterns, in order.
    pub patterns: Vec<PatternView>,
    /// The word lists that its patterns name, with their phrases.
    pub lists: BTreeMap<String, Vec<String>>,
}

/// A pattern with what it is found by.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatternView {
    /// As written.
    pub text: String,
    /// The atom on which it is anchored.
    pub anchor: String,
    /// The phrases of that atom: where one of them stands, the pattern is tried.
    pub words: Vec<String>,
}

impl Extractor {
    /// The rule of this id.
    pub fn rule(&self, id: &str) -> Option<RuleView> {
        let Written { rules, lists: word_lists } = self.written();
        let number = rules.iter().position(|(_, spec)| spec.id.get_ref() == id)?;
        let (_, spec) = &rules[number];
        let compiled = self.rules.patterns.iter().filter(|pattern| pattern.rule as usize == number);
        let mut lists = BTreeMap::new();
        let patterns = spec.patterns.iter().zip(compiled).map(|(line, compiled)| {
            let text = line.get_ref();
            let pieces = pattern::pieces(text).unwrap_or_default();
            for list in pieces.iter().filter_map(|(_, piece)| list_of(piece, word_lists)) {
                let phrases = word_lists.list(list).unwrap_or_default();
                lists.entry(list.to_owned()).or_insert_with(|| phrases.to_vec());
            }
            let anchor = pieces.get(compiled.anchor as usize).map_or("", |(_, piece)| *piece);
            PatternView { text: text.clone(), anchor: anchor.to_owned(), words: phrases_of(anchor, word_lists) }
        });
        let patterns = patterns.collect();
        Some(RuleView {
            id: id.to_owned(),
            version: spec.version,
            prior: spec.prior,
            status: spec.status.as_ref().map(|status| status.get_ref().clone()),
            claims: spec.claims.iter().map(|claim| claim.get_ref().clone()).collect(),
            patterns,
            lists,
        })
    }
}

/// What stands between the braces of an atom; the atom itself where it has none.
fn inside(piece: &str) -> &str {
    let piece = piece.split_once('!').filter(|_| piece.starts_with('~')).map_or(piece, |(_, forbidden)| forbidden);
    let body = piece.strip_suffix('?').unwrap_or(piece);
    body.strip_prefix('{').and_then(|body| body.strip_suffix('}')).unwrap_or(body)
}

/// The word list that an atom names.
fn list_of<'p>(piece: &'p str, lists: &WordLists) -> Option<&'p str> {
    let inside = inside(piece);
    let name = inside.split_once(':').map_or(inside, |(_, kind)| kind);
    (piece.contains('{') && !name.contains('|') && lists.list(name).is_some()).then_some(name)
}

/// The phrases that an atom stands for.
fn phrases_of(piece: &str, lists: &WordLists) -> Vec<String> {
    match list_of(piece, lists).and_then(|list| lists.list(list)) {
        Some(phrases) => phrases.to_vec(),
        None => inside(piece).split('|').map(|phrase| phrase.trim().to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_atom_is_taken_out_of_its_signs() {
        for (atom, core) in [
            ("bought", "bought"),
            ("了?", "了"),
            ("{a|b c}?", "a|b c"),
            ("~3!{gap-stop}", "gap-stop"),
            ("~3!x", "x"),
            ("{role:职务}", "role:职务"),
        ] {
            assert_eq!(inside(atom), core);
        }
    }
}
