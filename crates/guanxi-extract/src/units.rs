//! A sentence as rules see it: mentions and words in a row.

use guanxi_model::{Money, Number, PartialDate, Share};

use crate::classes::ClassSet;
use crate::scan::{Token, TokenKind};

/// What a mention is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MentionKind {
    /// A name; its entity in the document's [`crate::entities::Registry`].
    Name {
        entity: u32,
    },
    /// A common noun or pronoun that stands for something of these classes.
    ///
    /// `speaks_of_itself`: 本公司, whoever publishes the text.
    Nominal {
        classes: ClassSet,
        speaks_of_itself: bool,
        /// Whom the document has defined it to mean.
        meant: Option<u32>,
    },
    Money(Money),
    Percent(Share),
    Number(Number),
    Date(PartialDate),
}

/// A stretch of a sentence that means one thing.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// First token.
    pub(crate) start: u32,
    /// One past its last token, an apposed second name in brackets included.
    pub(crate) end: u32,
    /// One past the last token of the name itself.
    pub(crate) name_end: u32,
    pub(crate) kind: MentionKind,
    /// Stands in quotation marks.
    pub(crate) quoted: bool,
}

impl Mention {
    pub(crate) fn is_name(&self) -> bool {
        matches!(self.kind, MentionKind::Name { .. })
    }

    pub(crate) fn is_quantity(&self) -> bool {
        !matches!(self.kind, MentionKind::Name { .. } | MentionKind::Nominal { .. })
    }
}

/// A mention, or one token outside mentions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unit {
    /// First token.
    pub(crate) start: u32,
    /// One past its last token.
    pub(crate) end: u32,
    /// Index into the sentence's mentions.
    pub(crate) mention: Option<u32>,
}

/// One sentence, ready for rules.
pub(crate) struct Clause<'a> {
    pub(crate) text: &'a str,
    /// All tokens of the document.
    pub(crate) tokens: &'a [Token],
    pub(crate) mentions: &'a [Mention],
    pub(crate) units: Vec<Unit>,
    /// For each mention, the classes that its entity may have.
    pub(crate) classes: &'a [ClassSet],
}

impl<'a> Clause<'a> {
    /// Lays mentions, sorted and disjoint, over the tokens of a sentence.
    pub(crate) fn new(
        text: &'a str,
        tokens: &'a [Token],
        range: std::ops::Range<u32>,
        mentions: &'a [Mention],
        classes: &'a [ClassSet],
    ) -> Self {
        let mut units = Vec::with_capacity(range.len());
        let mut next = 0;
        let mut at = range.start;
        while at < range.end {
            match mentions.get(next) {
                Some(mention) if mention.start == at => {
                    units.push(Unit { start: at, end: mention.end, mention: Some(next as u32) });
                    at = mention.end.max(at + 1);
                    next += 1;
                }
                _ => {
                    units.push(Unit { start: at, end: at + 1, mention: None });
                    at += 1;
                }
            }
        }
        Self { text, tokens, mentions, units, classes }
    }

    /// The mention at a unit.
    pub(crate) fn mention(&self, unit: usize) -> Option<(u32, &Mention)> {
        let index = self.units.get(unit)?.mention?;
        Some((index, &self.mentions[index as usize]))
    }

    /// The token of a unit outside mentions.
    pub(crate) fn word(&self, unit: usize) -> Option<&Token> {
        let unit = self.units.get(unit)?;
        unit.mention.is_none().then(|| &self.tokens[unit.start as usize])
    }

    /// The tokens of a unit that rules may read as words: of a word, a pronoun or a common noun.
    pub(crate) fn plain_words(&self, unit: usize) -> Option<&'a [Token]> {
        let Unit { start, end, mention } = *self.units.get(unit)?;
        let plain =
            mention.is_none_or(|index| matches!(self.mentions[index as usize].kind, MentionKind::Nominal { .. }));
        plain.then(|| &self.tokens[start as usize..end as usize])
    }

    /// The tokens of the sentence.
    pub(crate) fn all_tokens(&self) -> &'a [Token] {
        let end = self.units.last().map_or(0, |last| last.end as usize);
        &self.tokens[self.units.first().map_or(end, |first| first.start as usize)..end]
    }

    /// The text of a token.
    pub(crate) fn piece(&self, token: &Token) -> &'a str {
        &self.text[token.start as usize..token.end as usize]
    }

    /// The text of a mention; empty for a unit outside mentions.
    pub(crate) fn mention_text(&self, unit: usize) -> &'a str {
        let tokens = self.units.get(unit).filter(|unit| unit.mention.is_some());
        tokens.map_or("", |unit| {
            let (first, last) = (&self.tokens[unit.start as usize], &self.tokens[unit.end as usize - 1]);
            &self.text[first.start as usize..last.end as usize]
        })
    }

    /// The text of a unit outside mentions; empty for a mention.
    pub(crate) fn word_text(&self, unit: usize) -> &'a str {
        self.word(unit).map_or("", |token| self.piece(token))
    }

    /// Whether the unit is a sign that parts clauses: `;`, `:`, a dash between spaces.
    pub(crate) fn parts_clauses(&self, unit: usize) -> bool {
        matches!(self.word_text(unit), ";" | "；" | "。" | "—" | "–" | "…")
    }

    /// Whether the unit is a comma of either width.
    pub(crate) fn is_comma(&self, unit: usize) -> bool {
        matches!(self.word_text(unit), "," | "，")
    }

    /// Whether the unit is an opening (`true`) or closing (`false`) bracket.
    pub(crate) fn bracket(&self, unit: usize) -> Option<bool> {
        match self.word_text(unit) {
            "(" | "（" | "[" => Some(true),
            ")" | "）" | "]" => Some(false),
            _ => None,
        }
    }

    /// Whether the unit is one Chinese character.
    pub(crate) fn is_han(&self, unit: usize) -> bool {
        self.word(unit).is_some_and(|token| token.kind == TokenKind::Han)
    }

    /// Tokens from a unit on, up to the next name or figure: where phrases of words are looked up.
    pub(crate) fn words_from(&self, unit: usize) -> &'a [Token] {
        let from = self.units[unit].start as usize;
        let stop = (unit..self.units.len()).find(|&unit| self.plain_words(unit).is_none());
        let end = stop.map_or_else(
            || self.units.last().map_or(from, |last| last.end as usize),
            |stop| self.units[stop].start as usize,
        );
        &self.tokens[from..end.max(from)]
    }

    /// Tokens before a unit, back to the name or figure before it.
    pub(crate) fn words_before(&self, unit: usize) -> &'a [Token] {
        let end = self.boundary(unit);
        let start = (0..unit)
            .rev()
            .find(|&unit| self.plain_words(unit).is_none())
            .map_or_else(|| self.boundary(0), |before| self.units[before].end as usize);
        &self.tokens[start.min(end)..end]
    }

    /// The unit whose first token is this one.
    pub(crate) fn unit_at(&self, token: u32) -> Option<usize> {
        self.units.binary_search_by_key(&token, |unit| unit.start).ok()
    }

    /// The token at which a unit begins; for the unit past the last, the token past the last.
    fn boundary(&self, unit: usize) -> usize {
        self.units.get(unit).map_or_else(|| self.units.last().map_or(0, |last| last.end), |unit| unit.start) as usize
    }
}
