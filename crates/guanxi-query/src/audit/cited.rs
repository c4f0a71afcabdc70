//! Sentences that speak of a body or a rule as of something that is there.

use guanxi_model::{EntityId, Meant, PartialDate, Passage};

use super::dossier::is_after;
use super::figures::dates;

/// Words that tell how a sentence stands to what it names.
pub(super) struct Cues {
    /// It is at work: "requires", "must file with", 负责.
    pub live: &'static [&'static str],
    /// It is gone, not yet there, or spoken of as what it was: "former", "draft", 撤销.
    pub aware: &'static [&'static str],
}

/// The entities of a sentence that `wanted` accepts, each once, with the words that name it first.
pub(super) fn named(passage: &Passage, wanted: impl Fn(&EntityId) -> bool) -> Vec<(&EntityId, &str)> {
    let mut found: Vec<(&EntityId, &str)> = Vec::new();
    for mention in &passage.mentions {
        if let Meant::Entity(entity) = &mention.meant
            && wanted(entity)
            && found.iter().all(|(known, _)| *known != entity)
        {
            found.push((entity, &passage.text[mention.bytes.clone()]));
        }
    }
    found
}

/// Whether the sentence holds a live cue and none that shows that its writer knows better.
pub(super) fn is_cited_as_live(passage: &Passage, cues: &Cues) -> bool {
    // A name may hold the words: "Regulation", 监督管理.
    let words = format!(" {} ", without_names(passage).to_lowercase());
    let has = |list: &[&str]| list.iter().any(|cue| words.contains(cue));
    has(cues.live) && !has(cues.aware)
}

/// Whether the sentence speaks of a time when it was still there: names a date up to `end`.
pub(super) fn speaks_of_before(passage: &Passage, end: PartialDate) -> bool {
    dates(passage).any(|date| !is_after(date, end)) || years(&passage.text).any(|year| year <= end.year_number())
}

/// Years that no date was read off: "a 2012 rule", (2019-2021).
fn years(text: &str) -> impl Iterator<Item = i16> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .filter(|year| (1900..2100).contains(year))
}

fn without_names(passage: &Passage) -> String {
    let mut plain = String::with_capacity(passage.text.len());
    let mut at = 0;
    for mention in passage.mentions.iter().filter(|mention| matches!(mention.meant, Meant::Entity(_))) {
        plain.push_str(&passage.text[at..mention.bytes.start]);
        plain.push('_');
        at = mention.bytes.end;
    }
    plain.push_str(&passage.text[at..]);
    plain
}
