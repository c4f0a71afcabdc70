//! What the sentences of a document agree on: what is cut out as a name in one of them is likely to be one in the others,
//! in the same borders.

use rustc_hash::{FxHashMap, FxHashSet};

use super::borders::{BorderModel, LABELS, likeliest_names, name_label};
use super::features::mix;
use crate::scan::{Token, TokenKind};

/// Longest name that is looked for elsewhere, in tokens.
const LONGEST: usize = 24;
/// What one sure place has to say to another, in thousandths; several that are less sure say as much together.
const FULL_VOICE: u64 = 1000;

/// What each label comes to at each token of a sentence.
pub(crate) type Scores = Vec<[i64; LABELS]>;

/// A sentence: its tokens, and what the model makes of each.
pub(crate) struct Scored<'a> {
    pub(crate) tokens: &'a [Token],
    pub(crate) scores: Scores,
}

/// A name that some sentence was cut into.
#[derive(Default)]
struct Told {
    length: usize,
    /// How sure the sentences are of it, together, in thousandths.
    voice: u64,
    /// The same of each sentence that was cut into it.
    own: FxHashMap<usize, u64>,
    /// In how many places its words stand.
    places: u32,
}

/// Where the words of a name stand.
struct Place {
    sentence: usize,
    start: usize,
    name: u64,
}

/// Names of a document, by a hash of their words.
type Names = FxHashMap<u64, Told>;

/// Lets every sentence hear what the others were cut into.
pub(crate) fn agree(model: &BorderModel, sentences: &mut [Scored<'_>]) {
    let mut names = names(model, sentences);
    let places = places(sentences, &mut names);
    give_parts_to_wholes(sentences, &places, &mut names);
    for place in &places {
        let name = &names[&place.name];
        let own = name.own.get(&place.sentence).copied().unwrap_or_default();
        let voice = name.voice.saturating_sub(own).min(FULL_VOICE);
        let louder = model.voice() * voice as i64 / FULL_VOICE as i64;
        for at in 0..name.length {
            let label = name_label(at, name.length);
            sentences[place.sentence].scores[place.start + at][label] += louder;
        }
    }
}

/// What the sentences are cut into, each by itself.
fn names(model: &BorderModel, sentences: &[Scored<'_>]) -> Names {
    let mut names = Names::default();
    for (index, sentence) in sentences.iter().enumerate() {
        for (start, end, lead) in likeliest_names(&sentence.scores) {
            let words = &sentence.tokens[start..end];
            // One character is found everywhere.
            if words.len() > LONGEST || words.len() == 1 && words[0].kind != TokenKind::Word {
                continue;
            }
            let Some((_, hash)) = openings(words).last() else { continue };
            let voice = u64::from(model.confidence(lead));
            let name = names.entry(hash).or_default();
            name.length = words.len();
            name.voice += voice;
            *name.own.entry(index).or_default() += voice;
        }
    }
    names
}

/// All places where the words of names stand.
fn places(sentences: &[Scored<'_>], names: &mut Names) -> Vec<Place> {
    let mut places = Vec::new();
    for (index, sentence) in sentences.iter().enumerate() {
        for start in 0..sentence.tokens.len() {
            for (_, hash) in openings(&sentence.tokens[start..]) {
                if let Some(name) = names.get_mut(&hash) {
                    name.places += 1;
                    places.push(Place { sentence: index, start, name: hash });
                }
            }
        }
    }
    places
}

/// 苏科维 stands nowhere but in 苏科维达: what speaks for it speaks for the whole.
fn give_parts_to_wholes(sentences: &[Scored<'_>], places: &[Place], names: &mut Names) {
    let mut seen = FxHashSet::default();
    let mut wholes: Vec<&Place> = places.iter().filter(|place| seen.insert(place.name)).collect();
    wholes.sort_by_key(|place| names[&place.name].length);
    for place in wholes {
        let length = names[&place.name].length;
        let words = &sentences[place.sentence].tokens[place.start..place.start + length];
        for start in 0..length {
            for (count, part) in openings(&words[start..]) {
                if count < length && names.contains_key(&part) {
                    give(part, place.name, names);
                }
            }
        }
    }
}

/// Gives what speaks for a part to its whole, unless the part stands elsewhere too or hardly anything speaks for the whole.
fn give(part: u64, whole: u64, names: &mut Names) {
    let (one, all) = (&names[&part], &names[&whole]);
    if one.places != all.places || 2 * all.voice < one.voice {
        return;
    }
    let given = names.get_mut(&part).map(|part| (std::mem::take(&mut part.voice), std::mem::take(&mut part.own)));
    if let (Some((voice, own)), Some(whole)) = (given, names.get_mut(&whole)) {
        whole.voice += voice;
        own.into_iter().for_each(|(sentence, voice)| *whole.own.entry(sentence).or_default() += voice);
    }
}

/// How many tokens, and a hash of them, for each stretch that begins with the first and may be a name.
fn openings(tokens: &[Token]) -> impl Iterator<Item = (usize, u64)> {
    let hashes = tokens.iter().take(LONGEST).scan(0, |hash, token| {
        *hash = mix(*hash, token.hash);
        Some(*hash)
    });
    (1..).zip(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::tokens;

    const FIRM: &str = "苏科维达";

    fn model() -> BorderModel {
        let file = "adds = 0.5\nreplaces = 0.5\noverrules = 0.5\noutdoes = 0.5\ndrops = 0.5\nunit = 1.0\n\
                    calibration = [0.0, 1.0]\nweights = '''\n\n\n'''\n";
        BorderModel::load("border-zh.toml", file).unwrap()
    }

    /// What a model makes of a sentence that sees `name` in it, so sure of each token.
    fn scores(text: &str, tokens: &[Token], name: &str, sure: i64) -> Scores {
        let begins = text.find(name).unwrap();
        let mut scores = vec![[0; LABELS]; tokens.len()];
        let within = |token: &Token| (begins..begins + name.len()).contains(&(token.start as usize));
        let start = tokens.iter().position(within).unwrap();
        let length = tokens.iter().filter(|token| within(token)).count();
        for (at, scores) in scores.iter_mut().enumerate() {
            let label = if within(&tokens[at]) { name_label(at - start, length) } else { 0 };
            scores[label] = sure;
        }
        scores
    }

    /// What each of some sentences is cut into, once all have heard each other.
    fn agreed(sentences: &[(&str, &str, i64)]) -> Vec<String> {
        let cut: Vec<Vec<Token>> = sentences.iter().map(|(text, ..)| tokens(text, 0, text.len() as u32)).collect();
        let scored = sentences.iter().zip(&cut);
        let scored =
            scored.map(|((text, name, sure), tokens)| Scored { tokens, scores: scores(text, tokens, name, *sure) });
        let mut scored: Vec<Scored<'_>> = scored.collect();
        agree(&model(), &mut scored);
        let text_of = |(scored, (text, ..)): (&Scored<'_>, &(&str, &str, i64))| {
            let names = likeliest_names(&scored.scores).into_iter();
            let words = |(start, end, _): (usize, usize, i64)| {
                text[scored.tokens[start].start as usize..scored.tokens[end - 1].end as usize].to_owned()
            };
            names.map(words).collect::<Vec<_>>().join(" ")
        };
        scored.iter().zip(sentences).map(text_of).collect()
    }

    #[test]
    fn a_sure_place_speaks_for_an_unsure_one() {
        let sure = ("累西腓的苏科维达表示", FIRM, 20_000);
        assert_eq!(agreed(&[sure, ("中粮与苏科维达合作", "苏科维", 900)]), [FIRM, FIRM]);
        assert_eq!(agreed(&[("中粮与苏科维达合作", "苏科维", 900), sure]), [FIRM, FIRM]);
    }

    #[test]
    fn a_part_that_stands_alone_keeps_its_voice() {
        let sentences =
            [("金榕置地宣布", "金榕置地", 20_000), ("昨日金榕大涨", "金榕", 20_000), ("而金榕不受影响", "榕", 900)];
        assert_eq!(agreed(&sentences), ["金榕置地", "金榕", "金榕"]);
    }

    #[test]
    fn nobody_hears_himself() {
        let text = "中粮与苏科维达合作";
        let tokens = tokens(text, 0, text.len() as u32);
        let before = scores(text, &tokens, "苏科维", 900);
        let mut sentences = [Scored { tokens: &tokens, scores: before.clone() }];
        agree(&model(), &mut sentences);
        assert_eq!(sentences[0].scores, before);
    }
}
