//! Names in quotation marks and in 《》.

use super::{Candidate, Finder, Found};
use crate::scan::TokenKind;

/// The opening marks of [`PAIRS`].
pub(crate) const OPENINGS: &str = "“ \" 「 『 《 ‘ 〈";

const PAIRS: [(&str, &str); 7] =
    [("“", "”"), ("\"", "\""), ("「", "」"), ("『", "』"), ("《", "》"), ("‘", "’"), ("〈", "〉")];

/// A quoted stretch of up to eight words, or sixteen Chinese characters, is a name; a longer one is speech.
pub(super) fn find(finder: &Finder<'_>, candidates: &mut Vec<Candidate>) {
    let product = finder.classes.set("Product").unwrap_or_default();
    let regulation = finder.classes.set("Regulation").unwrap_or_default();
    let mut start = 0;
    while start < finder.tokens.len() {
        if finder.tokens[start].gates & finder.lexicon.opens_quotation == 0 {
            start += 1;
            continue;
        }
        let Some((_, closing)) = PAIRS.iter().find(|(opening, _)| *opening == finder.piece(start)) else {
            start += 1;
            continue;
        };
        let title = finder.piece(start) == "《";
        let most = if title { 40 } else { 16 };
        let limit = finder.tokens.len().min(start + most + 2);
        let Some(end) = (start + 1..limit).find(|&at| finder.piece(at) == *closing) else {
            start += 1;
            continue;
        };
        let inner = &finder.tokens[start + 1..end];
        let words = finder.words(start, end + 1);
        // 《“》 holds marks alone, which is no name.
        let is_term = finder.lexicon.defined_terms.exact(inner).is_some();
        let has_words = !is_term && inner.iter().any(|token| token.kind != TokenKind::Sign);
        let name_like = title || is_name_like(finder, start + 1, end) && !is_cause(finder, start, end);
        if has_words && name_like && !words.contains(['。', '，', ',', '！', '？']) {
            let classes = if title && is_regulation(finder, start + 1, end) {
                regulation
            } else if title {
                // A book, a song, a report: named, but nothing that regulates.
                product
            } else {
                product | finder.classes.set("Company").unwrap_or_default()
            };
            candidates.push(Candidate {
                start,
                end: end + 1,
                found: Found::Name { classes, shown: title, quoted: true },
            });
        }
        start = end + 1;
    }
}

/// 因“大数据杀熟”被罚: what somebody is punished for, and nobody.
fn is_cause(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let before = |back: usize| start.checked_sub(back).map_or("", |at| finder.piece(at));
    let causing = before(1) == "因" || matches!((before(2), before(1)), ("因", "为") | ("由", "于"));
    causing && matches!(finder.piece(end + 1), "被" | "遭" | "受" | "而")
}

fn is_name_like(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let inner = &finder.tokens[start..end];
    let latin_words = inner.iter().filter(|token| token.kind == TokenKind::Word).count();
    let capitals = inner.iter().filter(|token| token.capital).count();
    let han = inner.iter().filter(|token| token.kind == TokenKind::Han).count();
    // “并无此事”, “仍在研究”: a word that no name opens with begins speech.
    let speech = inner.first().is_some_and(|first| finder.lexicon.speech_openers.contains(&first.hash));
    (latin_words == 0 && (2..=12).contains(&han) && !speech)
        || (latin_words > 0 && latin_words <= 8 && inner[0].capital && capitals * 2 >= latin_words)
        // “星澜Flip”, “奔途E5”
        || (latin_words == 1 && (1..=8).contains(&han) && inner.iter().all(|token| !token.spaced || token.kind == TokenKind::Number))
}

fn is_regulation(finder: &Finder<'_>, start: usize, end: usize) -> bool {
    let regulation = finder.classes.set("Regulation").unwrap_or_default();
    let tokens = &finder.tokens[start..end];
    // 《…办法（征求意见稿）》: the kind of text stands before the bracket.
    let open =
        (0..tokens.len()).find(|&index| matches!(finder.piece(start + index), "(" | "（")).unwrap_or(tokens.len());
    [tokens, &tokens[..open]].iter().any(|tokens| {
        finder.lexicon.suffixes.longest_at_end(tokens, 4).is_some_and(|(_, classes)| classes.meets(regulation))
    })
}
