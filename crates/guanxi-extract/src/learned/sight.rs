//! A sentence as the models see it: words, names and figures in a row, without the letters of names.

use guanxi_model::Span;

use crate::decode::decode;
use crate::extractor::{Extractor, Input};
use crate::reading::Reading;
use crate::scan::{Token, TokenKind};
use crate::structure::structure;
use crate::text::Text;
use crate::units::{Clause, Mention, MentionKind, Unit};

/// A word, or a mention of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First token of the sentence that it covers.
    pub start: u32,
    /// One past its last token; in brackets behind a name may stand its second name.
    pub end: u32,
    /// One past the last token of the name itself.
    pub name_end: u32,
    /// What it is.
    pub sort: u8,
}

/// A word of no name.
pub(crate) const WORD: u8 = 0;
const NOMINAL: u8 = 1;
const MONEY: u8 = 2;
const PERCENT: u8 = 3;
const NUMBER: u8 = 4;
const DATE: u8 = 5;
/// A name that does not show what it is.
pub(crate) const OPEN: u8 = 6;
/// The first of the classes.
const CLASSES: u8 = 7;

/// A sentence, for whoever trains a model.
#[derive(Clone, Debug)]
pub struct Sight {
    /// Hash of each token.
    pub tokens: Vec<u64>,
    /// Whether it is mostly of Chinese characters.
    pub chinese: bool,
    /// The sentence in a row.
    pub pieces: Vec<Piece>,
    /// For each piece, where its name stands in the document.
    pub spans: Vec<Span>,
    /// For each piece that is a name, every name of whom it means.
    pub names: Vec<Vec<String>>,
}

/// Whether Chinese characters are most of a sentence.
pub(crate) fn is_chinese(tokens: &[Token]) -> bool {
    let count = |kind: TokenKind| tokens.iter().filter(|token| token.kind == kind).count();
    count(TokenKind::Han) > count(TokenKind::Word)
}

impl Extractor {
    /// The sentences of an input as the models see them. What stands at one of `given` is taken for a name, whatever the
    /// engine thinks of it.
    pub fn sights(&self, input: &Input<'_>, given: &[Span]) -> Vec<Sight> {
        let (content, _) = decode(input);
        let text = Text::new(content);
        let structure = structure(text.as_str(), input.published);
        let reading = Reading::new(self, &text, &structure);
        (0..reading.sentences.len()).map(|sentence| self.sight(&reading, sentence, given)).collect()
    }

    fn sight(&self, reading: &Reading<'_>, sentence: usize, given: &[Span]) -> Sight {
        let range = reading.sentences[sentence].start..reading.sentences[sentence].end;
        let first = range.start;
        let tokens = &reading.tokens[range.start as usize..range.end as usize];
        let span = |start: u32, end: u32| {
            reading.text.span(tokens[(start - first) as usize].start, tokens[(end - first) as usize - 1].end)
        };
        let sorts = self.sorts(reading, sentence);
        let mut found: Vec<(Piece, Vec<String>)> = Vec::new();
        for (mention, sort) in reading.mentions[sentence].iter().zip(sorts) {
            let Mention { start, end, name_end, ref kind, .. } = *mention;
            let names = match kind {
                MentionKind::Name { entity } => {
                    reading.registry.entity(*entity).names.into_iter().map(|name| name.text).collect()
                }
                _ => Vec::new(),
            };
            found.push((Piece { start, end, name_end, sort }, names));
        }
        for given in given {
            let inside = |at: &u32| {
                let own = span(*at, at + 1);
                given.start < own.end && own.start < given.end
            };
            let (Some(start), Some(last)) = (range.clone().find(inside), range.clone().rev().find(inside)) else {
                continue;
            };
            let end = last + 1;
            let same = found.iter().find(|(piece, _)| {
                let shared = end.min(piece.name_end).saturating_sub(start.max(piece.start));
                2 * shared >= (end - start).max(piece.name_end - piece.start)
            });
            let sort = same.map_or(OPEN, |(piece, _)| piece.sort);
            let names = same.map_or_else(Vec::new, |(_, names)| names.clone());
            found.retain(|(piece, _)| piece.end <= start || end <= piece.start);
            found.push((Piece { start, end, name_end: end, sort }, names));
        }
        found.sort_by_key(|(piece, _)| piece.start);
        let mut pieces = Vec::new();
        let (mut spans, mut names) = (Vec::new(), Vec::new());
        let mut at = first;
        let mut found = found.into_iter().peekable();
        while at < range.end {
            let (piece, named) = found
                .next_if(|(piece, _)| piece.start == at)
                .unwrap_or((Piece { start: at, end: at + 1, name_end: at + 1, sort: WORD }, Vec::new()));
            spans.push(span(piece.start, piece.name_end));
            names.push(named);
            at = piece.end;
            pieces.push(Piece {
                start: piece.start - first,
                end: piece.end - first,
                name_end: piece.name_end - first,
                ..piece
            });
        }
        Sight {
            tokens: tokens.iter().map(|token| token.hash).collect(),
            chinese: is_chinese(tokens),
            pieces,
            spans,
            names,
        }
    }

    /// The pieces of a sentence.
    pub(crate) fn pieces(&self, reading: &Reading<'_>, sentence: usize, clause: &Clause<'_>) -> Vec<Piece> {
        let first = reading.sentences[sentence].start;
        let sorts = self.sorts(reading, sentence);
        let piece = |unit: &Unit| {
            let mention = unit.mention.map(|mention| mention as usize);
            let name_end = mention.map_or(unit.end, |mention| reading.mentions[sentence][mention].name_end);
            let sort = mention.map_or(WORD, |mention| sorts[mention]);
            Piece { start: unit.start - first, end: unit.end - first, name_end: name_end - first, sort }
        };
        clause.units.iter().map(piece).collect()
    }

    /// What each mention of a sentence is.
    fn sorts(&self, reading: &Reading<'_>, sentence: usize) -> Vec<u8> {
        let sort = |mention: &Mention| match mention.kind {
            MentionKind::Name { entity } => {
                let entity = reading.registry.root(entity);
                let tells = reading.registry.is_known(entity) || reading.registry.is_shown(entity);
                let best = self.classes.best(reading.registry.classes_of(entity)).filter(|_| tells);
                best.map_or(OPEN, |class| CLASSES + class as u8)
            }
            MentionKind::Nominal { .. } => NOMINAL,
            MentionKind::Money(_) => MONEY,
            MentionKind::Percent(_) => PERCENT,
            MentionKind::Number(_) => NUMBER,
            MentionKind::Date(_) => DATE,
        };
        reading.mentions[sentence].iter().map(sort).collect()
    }
}
