//! Two names side by side, one of them in brackets, that cannot be one: a pinyin that the characters are not read with, a
//! translation that is somebody else's name.

use std::collections::BTreeSet;

use guanxi_model::{EntityId, Passage};
use guanxi_names::{is_han, name_key};

use super::dossier::Dossier;
use super::pinyin::{Fit, compare};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "gloss",
    looks_for: "A Chinese and a Latin name side by side that cannot be one: a pinyin with one syllable that the characters are \
                not read with, the known name of somebody else, a gloss that repeats the name.",
    leaves_out: "Translations, English names of persons, Cantonese, Hokkien and older romanisations; names of two characters, \
                 which are too short to tell a slip from a dialect.",
    find,
};

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for passage in dossier.passages() {
        for pair in pairs(&passage.text) {
            findings.extend(wrong_pinyin(dossier, passage, &pair));
            findings.extend(somebody_else(dossier, passage, &pair));
            findings.extend(repeated(dossier, passage, &pair));
        }
    }
    findings
}

/// What stands before a bracket, and in it.
struct Pair<'a> {
    before: &'a str,
    inside: &'a str,
}

fn pairs(text: &str) -> Vec<Pair<'_>> {
    let open = |c: char| matches!(c, '(' | '（');
    let brackets = text.char_indices().filter(|(_, c)| open(*c));
    brackets
        .filter_map(|(at, bracket)| {
            let rest = &text[at + bracket.len_utf8()..];
            let end = rest.find([')', '）'])?;
            Some(Pair { before: text[..at].trim_end(), inside: rest[..end].trim() })
        })
        .collect()
}

impl<'a> Pair<'a> {
    /// The Chinese side, and the words of the Latin one: as many as there may be.
    fn languages(&self) -> Option<(&'a str, Vec<&'a str>)> {
        let is_word = |word: &&str| {
            word.chars().all(|c| c.is_alphabetic() && !is_han(c) || matches!(c, '-' | '\'' | '’' | '.' | '&'))
        };
        if is_all_han(self.inside) {
            let words: Vec<&str> = self.before.split_whitespace().rev().take_while(is_word).take(8).collect();
            let words: Vec<&str> = words.into_iter().rev().collect();
            return (!words.is_empty()).then_some((self.inside, words));
        }
        let words: Vec<&str> = self.inside.split_whitespace().collect();
        let han = self.before.char_indices().rev().take_while(|(_, c)| is_han(*c)).last()?.0;
        (!words.is_empty() && words.iter().all(is_word)).then(|| (&self.before[han..], words))
    }
}

fn is_all_han(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_han)
}

fn wrong_pinyin(dossier: &Dossier<'_>, passage: &Passage, pair: &Pair<'_>) -> Option<Finding> {
    let (han, words) = pair.languages()?;
    let in_bracket = is_all_han(pair.inside);
    // Which words, or which characters, belong to the name is open on the side before the bracket.
    let mut wrong = None;
    for (characters, words) in readings_of_pair(han, &words, in_bracket) {
        match compare(characters, words) {
            Fit::Fits => return None,
            Fit::OneDiffers { character, told, readings } => {
                wrong = wrong.or(Some((characters, words.join(" "), character, told, readings)));
            }
            Fit::Incomparable => {}
        }
    }
    let (characters, latin, character, told, readings) = wrong?;
    let mut finding = dossier.about_passage(CHECK.name, Severity::Warning, passage);
    finding.message = format!("{characters} is not read {latin}: {character} is {}, not {told}", readings.join(" or "));
    finding.settled_by = "how the person or firm writes its own name".into();
    Some(finding)
}

fn readings_of_pair<'p>(han: &'p str, words: &'p [&'p str], in_bracket: bool) -> Vec<(&'p str, &'p [&'p str])> {
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_uppercase());
    if in_bracket {
        let most = words.len().min(3);
        return (1..=most)
            .map(|count| (han, &words[words.len() - count..]))
            .filter(|(_, words)| words.iter().all(&is_name))
            .collect();
    }
    if words.len() > 3 || !words.iter().all(is_name) {
        return Vec::new();
    }
    let starts = han.char_indices().rev().map(|(at, _)| at).take(6);
    starts.map(|at| (&han[at..], words)).collect()
}

/// Both names are known, and nobody bears both.
fn somebody_else(dossier: &Dossier<'_>, passage: &Passage, pair: &Pair<'_>) -> Option<Finding> {
    let (han, words) = pair.languages()?;
    let (chinese, chinese_bearers) = match is_all_han(pair.inside) {
        true => (han, bearers(dossier, han)?),
        false => longest_known(dossier, han.char_indices().map(|(at, _)| &han[at..]))?,
    };
    let latin = words.join(" ");
    let (latin, latin_bearers) = match is_all_han(pair.inside) {
        true => {
            let tails: Vec<String> = (0..words.len()).map(|from| words[from..].join(" ")).collect();
            let (found, bearers) = longest_known(dossier, tails.iter().map(String::as_str))?;
            (found.to_owned(), bearers)
        }
        false => {
            let bearers = bearers(dossier, &latin)?;
            (latin, bearers)
        }
    };
    let tied = |one: &EntityId, other: &EntityId| {
        one == other
            || dossier.facts.iter().any(|fact| {
                let (subject, object) = (&fact.subject, fact.object.entity());
                (subject == one && object == Some(other)) || (subject == other && object == Some(one))
            })
    };
    if chinese_bearers.iter().any(|one| latin_bearers.iter().any(|other| tied(one, other))) {
        return None;
    }
    let (one, other) = (chinese_bearers.first()?, latin_bearers.first()?);
    let mut finding = dossier.about_passage(CHECK.name, Severity::Error, passage);
    finding.about = [one, other].into_iter().cloned().collect();
    finding.message = format!("{chinese} is not {latin}: {} is not {}", dossier.name(one), dossier.name(other));
    finding.settled_by = "which of the two the sentence means".into();
    Some(finding)
}

fn longest_known<'t>(
    dossier: &Dossier<'_>,
    tails: impl Iterator<Item = &'t str>,
) -> Option<(&'t str, BTreeSet<EntityId>)> {
    let mut tails = tails;
    tails.find_map(|tail| bearers(dossier, tail).map(|found| (tail, found)))
}

/// The bodies, firms and rules of the reference data that bear a name of some length.
fn bearers(dossier: &Dossier<'_>, name: &str) -> Option<BTreeSet<EntityId>> {
    let long = name.chars().filter(|c| is_han(*c)).count() >= 3 || name.split_whitespace().count() >= 2;
    dossier.bearers.get(&name_key(name)).filter(|_| long).cloned()
}

fn repeated(dossier: &Dossier<'_>, passage: &Passage, pair: &Pair<'_>) -> Option<Finding> {
    let same = pair.inside.chars().count() >= 2 && is_all_han(pair.inside) && pair.before.ends_with(pair.inside);
    same.then(|| {
        let mut finding = dossier.about_passage(CHECK.name, Severity::Notice, passage);
        finding.message = format!("{0} is glossed with itself: {0} ({0})", pair.inside);
        finding.settled_by = "the original of a text that was translated by machine".into();
        finding
    })
}
