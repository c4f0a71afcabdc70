//! The terms of a table: sorted texts, as N-Triples write them, and their numbers.

use std::ops::Range;
use std::str::Chars;

use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Term};

use super::bytes::Bytes;

/// Number of the default graph, which is no term.
pub(super) const DEFAULT_GRAPH: u32 = 0;

/// Where the terms stand in the bytes of a table.
pub(super) struct Terms {
    pub count: usize,
    pub places: usize,
    pub text: usize,
}

impl Terms {
    /// The number of a term, if the table has it.
    pub fn number(&self, bytes: &Bytes, text: &str) -> Option<u32> {
        let number = self.first(bytes, |term| term >= text.as_bytes());
        (number < self.count && self.text(bytes, number) == text.as_bytes()).then_some(number as u32)
    }

    /// The numbers of the terms that begin so.
    pub fn beginning_with(&self, bytes: &Bytes, prefix: &str) -> Range<u32> {
        let prefix = prefix.as_bytes();
        let start = self.first(bytes, |term| term >= prefix);
        let end = self.first(bytes, |term| term >= prefix && !term.starts_with(prefix));
        start as u32..end as u32
    }

    /// The number of the first term for which `reached` holds, as it does for all behind it; else how many there are.
    fn first(&self, bytes: &Bytes, reached: impl Fn(&[u8]) -> bool) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if reached(self.text(bytes, middle)) { high = middle } else { low = middle + 1 }
        }
        low
    }

    /// The term of a number that a row of the same table holds.
    pub fn term(&self, bytes: &Bytes, number: u32) -> Term {
        parsed(self.written(bytes, number))
    }

    /// The same as N-Triples write it.
    pub fn written<'a>(&self, bytes: &'a Bytes, number: u32) -> &'a str {
        std::str::from_utf8(self.text(bytes, number as usize)).unwrap_or_else(|_| damaged())
    }

    pub fn text<'a>(&self, bytes: &'a Bytes, number: usize) -> &'a [u8] {
        let place = |number: usize| self.text + bytes.u64(self.places + number * 8) as usize;
        &bytes.all()[place(number)..place(number + 1)]
    }
}

/// The term that N-Triples write so.
pub(super) fn parsed(text: &str) -> Term {
    if let Some(iri) = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return NamedNode::new_unchecked(iri).into();
    }
    if let Some(blank) = text.strip_prefix("_:") {
        return BlankNode::new_unchecked(blank).into();
    }
    let Some((value, kind)) = text.strip_prefix('"').and_then(|rest| rest.rsplit_once('"')) else { damaged() };
    let value = unescaped(value);
    if let Some(language) = kind.strip_prefix('@') {
        return Literal::new_language_tagged_literal_unchecked(value, language).into();
    }
    match kind.strip_prefix("^^<").and_then(|rest| rest.strip_suffix('>')) {
        Some(datatype) => Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)).into(),
        None => Literal::new_simple_literal(value).into(),
    }
}

/// What stands for a text in N-Triples, turned back.
fn unescaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        value.push_str(before);
        let mut characters = escape.chars();
        value.push(match characters.next() {
            Some('t') => '\t',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('u') => code_point(&mut characters, 4),
            Some('U') => code_point(&mut characters, 8),
            Some(itself) => itself,
            None => damaged(),
        });
        rest = characters.as_str();
    }
    value.push_str(rest);
    value
}

fn code_point(characters: &mut Chars<'_>, digits: usize) -> char {
    let hex: String = characters.by_ref().take(digits).collect();
    u32::from_str_radix(&hex, 16).ok().and_then(char::from_u32).unwrap_or_else(|| damaged())
}

pub(super) fn subject(term: Term) -> NamedOrBlankNode {
    match term {
        Term::NamedNode(node) => node.into(),
        Term::BlankNode(node) => node.into(),
        Term::Literal(_) => damaged(),
    }
}

/// The graph of this name; without one the default graph.
pub(super) fn graph(name: Option<Term>) -> GraphName {
    name.map_or(GraphName::DefaultGraph, |name| subject(name).into())
}

pub(super) fn predicate(term: Term) -> NamedNode {
    match term {
        Term::NamedNode(node) => node,
        Term::BlankNode(_) | Term::Literal(_) => damaged(),
    }
}

/// The check of the file was right when it was opened.
fn damaged() -> ! {
    unreachable!("a table holds the terms that were written to it")
}
