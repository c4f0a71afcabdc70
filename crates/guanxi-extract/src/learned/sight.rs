//! A sentence as the models see it: words, names and figures in a row, without the letters of names.

use guanxi_model::Span;

use crate::decode::decode;
use crate::extractor::{Extractor, Input};
use crate::lexicon::Lexicon;
use crate::reading::Reading;
use crate::scan::{Token, TokenKind, token_hash};
use crate::structure::structure;
use crate::text::Text;
use crate::units::{Clause, Mention, MentionKind, Unit};

use super::features::mix;

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

/// A sentence in a row of pieces, with what features are made of.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Hash of each token.
    pub(crate) tokens: Vec<u64>,
    /// The sentence in a row.
    pub pieces: Vec<Piece>,
    /// For each piece, its word, or its sort where it is none.
    pub(crate) words: Vec<u64>,
    /// The same, of a Latin word only how it begins: acqui of acquire, acquired and acquisition.
    pub(crate) stems: Vec<u64>,
    /// Whether a piece is a sign or a word of grammar, which a skeleton keeps.
    pub(crate) bones: Vec<bool>,
    /// The lists of the lexicon that hold the phrase that begins at a piece, the shortest list first.
    lists: Vec<u32>,
    /// For each piece, one past the last of its lists.
    ends: Vec<u32>,
}

impl Row {
    /// Lists of the lexicon that hold the phrase that begins at a piece, by number.
    pub(crate) fn lists(&self, piece: usize) -> &[u32] {
        let start = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.lists[start as usize..self.ends[piece] as usize]
    }

    /// Lays pieces over the tokens of a sentence.
    fn new(lexicon: &Lexicon, text: &str, tokens: &[Token], pieces: Vec<Piece>) -> Self {
        let mut row = Self { tokens: tokens.iter().map(|token| token.hash).collect(), ..Self::default() };
        let mut limits = vec![tokens.len(); pieces.len()];
        let mut limit = tokens.len();
        for (at, piece) in pieces.iter().enumerate().rev() {
            limits[at] = limit;
            if piece.sort != WORD {
                limit = piece.start as usize;
            }
        }
        for (piece, limit) in pieces.iter().zip(limits) {
            let token = &tokens[piece.start as usize];
            let is_word = piece.sort == WORD;
            let word = if is_word { token.hash } else { mix(1, u64::from(piece.sort.min(OPEN))) };
            row.words.push(word);
            row.stems.push(if is_word { stem(&text[token.start as usize..token.end as usize], token) } else { word });
            row.bones.push(is_word && (token.kind == TokenKind::Sign || lexicon.boundaries.contains(&token.hash)));
            if is_word {
                row.lists.extend(lexicon.topics_at(&tokens[piece.start as usize..limit]));
            }
            row.ends.push(row.lists.len() as u32);
        }
        row.pieces = pieces;
        row
    }
}

/// Letters of a Latin word that stand for all its forms.
const STEM: usize = 5;

/// How a Latin word begins; anything else as a whole.
fn stem(word: &str, token: &Token) -> u64 {
    match (token.kind, word.char_indices().nth(STEM)) {
        (TokenKind::Word, Some((end, _))) => token_hash(&word[..end]),
        _ => token.hash,
    }
}

/// A sentence, for whoever trains a model.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The sentence.
    pub row: Row,
    /// Whether it is mostly of Chinese characters.
    pub chinese: bool,
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
        let row = Row::new(&self.lexicon, reading.text.as_str(), tokens, pieces);
        Sight { row, chinese: is_chinese(tokens), spans, names }
    }

    /// A sentence as the features read it.
    pub(crate) fn row(&self, reading: &Reading<'_>, sentence: usize, clause: &Clause<'_>) -> Row {
        let first = reading.sentences[sentence].start;
        let sorts = self.sorts(reading, sentence);
        let piece = |unit: &Unit| {
            let mention = unit.mention.map(|mention| mention as usize);
            let name_end = mention.map_or(unit.end, |mention| reading.mentions[sentence][mention].name_end);
            let sort = mention.map_or(WORD, |mention| sorts[mention]);
            Piece { start: unit.start - first, end: unit.end - first, name_end: name_end - first, sort }
        };
        let pieces = clause.units.iter().map(piece).collect();
        let range = reading.sentences[sentence].start as usize..reading.sentences[sentence].end as usize;
        Row::new(&self.lexicon, reading.text.as_str(), &reading.tokens[range], pieces)
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
