//! Quads as tables of numbers that are read where they stand: opened at once, however large.
//!
//! ```text
//! magic        8 bytes
//! contents    32 bytes: sha-256 of the canonical N-Quads, but those of one graph, see [`TableBuilder::sorted`]
//! terms        u64: how many, T; text: u64: their length in bytes, L; quads: u64: how many, N
//! places       (T + 1) × u64: where each term begins in the text
//! text         L bytes, filled up to a multiple of 8: the terms as N-Triples write them, sorted by bytes
//! rows         4 × N × 4 × u32: the quads, as numbers of terms, in four orders, each sorted
//! check        u32: CRC-32 of all before
//! ```
//!
//! Numbers are little-endian. Term 0 is the empty text and stands for the default graph. Since terms are sorted, rows by
//! graph, subject, predicate and object are in the order of canonical N-Quads, and equal contents are equal bytes.

mod bytes;
mod numbers;
mod sparql;
mod terms;
mod walk;
mod write;

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;
use std::path::Path;

use oxigraph::model::{GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, TermRef};

pub(crate) use bytes::Bytes;
pub(crate) use numbers::Numbers;
pub(crate) use sparql::View;
pub use sparql::Walk;
use terms::{DEFAULT_GRAPH, Terms};
pub(crate) use write::{Carrier, SortedQuads, TableBuilder};

const MAGIC: &[u8; 8] = b"guanxi\x00\x01";
const HEADER: usize = 64;
const ROW: usize = 16;
const CHECK: usize = 4;

/// Numbers of subject, predicate, object and graph.
type Row = [u32; 4];

/// The four orders in which the rows stand, as places in a [`Row`]; whatever is asked for, one of them has it together.
const ORDERS: [[usize; 4]; 4] = [[3, 0, 1, 2], [0, 1, 2, 3], [1, 2, 0, 3], [2, 0, 1, 3]];

/// A file is no table of quads.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is something else, or not what was written.
    #[error("{0}")]
    Damaged(&'static str),
}

/// Quads in a file, or in memory.
pub(crate) struct Table {
    bytes: Bytes,
    terms: Terms,
    /// Where the rows of the first order begin.
    rows: usize,
    len: usize,
}

impl Table {
    /// Opens the file and looks whether it is what was written.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        Self::read(Bytes::map(path)?)
    }

    /// The table of these quads, in memory.
    pub fn of(quads: SortedQuads) -> Self {
        let (mut bytes, contents) = (Vec::new(), quads.contents());
        let written = quads.write(contents, &mut bytes).map_err(TableError::Io);
        let table = written.and_then(|()| Self::read(Bytes::from(bytes)));
        table.unwrap_or_else(|error| unreachable!("a table is read as it was written: {error}"))
    }

    fn read(bytes: Bytes) -> Result<Self, TableError> {
        let all = bytes.all();
        if all.len() < HEADER + CHECK || !all.starts_with(MAGIC) {
            return Err(TableError::Damaged("it is no table of quads"));
        }
        let count = |at| usize::try_from(bytes.u64(at)).unwrap_or(usize::MAX);
        let (terms, text, len) = (count(40), count(48), count(56));
        let layout = Layout::new(terms, text, len).filter(|layout| layout.end + CHECK == all.len());
        let Some(layout) = layout else {
            return Err(TableError::Damaged("its length is not the one it was written with"));
        };
        if crc32fast::hash(&all[..layout.end]) != bytes.u32(layout.end) {
            return Err(TableError::Damaged("its checksum is not the one it was written with"));
        }
        let terms = Terms { count: terms, places: HEADER, text: layout.text };
        Ok(Self { terms, rows: layout.rows, len, bytes })
    }

    /// sha-256 of the canonical N-Quads, but those of the graph that stands apart.
    pub fn contents(&self) -> [u8; 32] {
        self.bytes.all()[8..40].try_into().unwrap_or_default()
    }

    /// Number of quads.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The quads that fit, in the order of canonical N-Quads if only the graph or nothing is given.
    pub fn quads<'a>(
        &'a self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> impl Iterator<Item = Quad> + use<'a> {
        let wanted = [
            subject.map(|subject| self.number(&subject)),
            predicate.map(|predicate| self.number(&predicate)),
            object.map(|object| self.number(&object)),
            graph.map(|graph| match graph {
                GraphNameRef::DefaultGraph => Some(DEFAULT_GRAPH),
                graph => self.number(&graph),
            }),
        ];
        let known = wanted.iter().all(|wanted| *wanted != Some(None));
        let rows = known.then(|| self.matching(wanted.map(Option::flatten)));
        rows.into_iter().flatten().map(|row| self.quad(row))
    }

    /// Every quad, sorted by subject, predicate, object and graph.
    pub fn quads_by_subject(&self) -> impl Iterator<Item = Quad> + use<'_> {
        let by_subject = Order::of(self, 1);
        (0..self.len).map(move |at| self.quad(by_subject.row(at)))
    }

    /// The quads in `graph` whose subject's IRI begins with `namespace`, in the order of canonical N-Quads.
    pub fn quads_below<'a>(&'a self, namespace: &str, graph: GraphNameRef<'_>) -> impl Iterator<Item = Quad> + use<'a> {
        let by_graph = Order::of(self, 0);
        let subjects = self.terms.beginning_with(&self.bytes, &format!("<{namespace}"));
        let graph = match graph {
            GraphNameRef::DefaultGraph => Some(DEFAULT_GRAPH),
            graph => self.number(&graph),
        };
        let rows = graph.map(|graph| {
            let before = |subject: u32| move |row: &[u32; 4]| [row[0], row[1]] < [graph, subject];
            let start = by_graph.partition(0..self.len, before(subjects.start));
            start..by_graph.partition(start..self.len, before(subjects.end))
        });
        rows.into_iter().flatten().map(move |at| self.quad(by_graph.row(at)))
    }

    /// Every graph that has a name, sorted.
    pub fn named_graphs(&self) -> impl Iterator<Item = GraphName> + use<'_> {
        self.graph_numbers().map(|graph| self.graph(graph))
    }

    fn graph_numbers(&self) -> impl Iterator<Item = u32> + use<'_> {
        let by_graph = Order::of(self, 0);
        let mut at = by_graph.after(&[DEFAULT_GRAPH], 0);
        std::iter::from_fn(move || {
            let graph = (at < self.len).then(|| by_graph.row(at)[3])?;
            at = by_graph.after(&[graph], at);
            Some(graph)
        })
    }

    /// The rows that fit: those of an order that has just them together, else of the one whose rows agree with most of what
    /// is given, of several the one that has the fewest.
    fn matching(&self, wanted: [Option<u32>; 4]) -> Matching<'_> {
        let agreeing = |places: &[usize; 4]| places.iter().take_while(|place| wanted[**place].is_some()).count();
        let most = ORDERS.iter().map(agreeing).max().unwrap_or_default();
        let mut best = (0..ORDERS.len()).filter(|first| agreeing(&ORDERS[*first]) == most).map(|first| {
            let order = Order::of(self, first);
            let prefix = order.places.map(|place| wanted[place].unwrap_or_default());
            (order, order.range(&prefix[..most]))
        });
        let is_exact = most == wanted.iter().flatten().count();
        let best = if is_exact { best.next() } else { best.min_by_key(|(_, range)| range.len()) };
        let (order, range) = best.unwrap_or((Order::of(self, 0), 0..0));
        Matching { order, range, wanted: if is_exact { [None; 4] } else { wanted } }
    }

    /// A term as N-Triples write it.
    fn term_text(&self, number: u32) -> &str {
        self.terms.written(&self.bytes, number)
    }

    /// A set of terms, by their numbers, that has none yet.
    pub fn no_terms(&self) -> Numbers {
        Numbers::below(self.terms.count)
    }

    /// The number of a term; `None` of one that is in no quad.
    pub fn number(&self, term: &impl fmt::Display) -> Option<u32> {
        self.terms.number(&self.bytes, &term.to_string())
    }

    fn quad(&self, [subject, predicate, object, graph]: Row) -> Quad {
        let term = |number| self.terms.term(&self.bytes, number);
        Quad {
            subject: terms::subject(term(subject)),
            predicate: terms::predicate(term(predicate)),
            object: term(object),
            graph_name: self.graph(graph),
        }
    }

    fn graph(&self, number: u32) -> GraphName {
        terms::graph((number != DEFAULT_GRAPH).then(|| self.terms.term(&self.bytes, number)))
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("quads", &self.len).field("terms", &self.terms.count).finish_non_exhaustive()
    }
}

/// Where the parts of a table stand.
struct Layout {
    text: usize,
    rows: usize,
    end: usize,
}

impl Layout {
    /// `None` if no file could be so long.
    fn new(terms: usize, text: usize, quads: usize) -> Option<Self> {
        let at_text = terms.checked_add(1)?.checked_mul(8)?.checked_add(HEADER)?;
        let rows = at_text.checked_add(text)?.checked_next_multiple_of(8)?;
        let end = quads.checked_mul(ROW * ORDERS.len())?.checked_add(rows)?;
        Some(Self { text: at_text, rows, end })
    }
}

/// The rows in one of the orders.
#[derive(Clone, Copy)]
struct Order<'a> {
    table: &'a Table,
    places: [usize; 4],
    /// Which of [`ORDERS`] it is.
    first: usize,
}

impl<'a> Order<'a> {
    fn of(table: &'a Table, first: usize) -> Self {
        Self { table, places: ORDERS[first], first }
    }

    /// The row as subject, predicate, object, graph.
    fn row(&self, at: usize) -> Row {
        self.ordered(self.stored(at))
    }

    fn ordered(&self, stored: [u32; 4]) -> Row {
        let mut row = [0; 4];
        for (value, place) in stored.into_iter().zip(self.places) {
            row[place] = value;
        }
        row
    }

    fn stored(&self, at: usize) -> [u32; 4] {
        self.table.bytes.row(self.table.rows + (self.first * self.table.len + at) * ROW)
    }

    /// The rows that begin with `prefix`.
    fn range(&self, prefix: &[u32]) -> Range<usize> {
        if prefix.is_empty() {
            return 0..self.table.len;
        }
        let start = self.partition(0..self.table.len, |row| row[..prefix.len()].cmp(prefix) == Ordering::Less);
        start..self.after(prefix, start)
    }

    /// The first row from `at` on behind those that begin with `prefix` or less.
    fn after(&self, prefix: &[u32], at: usize) -> usize {
        self.seek(at, |row| row[..prefix.len()].cmp(prefix) != Ordering::Greater)
    }

    /// The first row from `at` on for which `before` does not hold, as it does not for any behind it. Looks near by first.
    fn seek(&self, at: usize, before: impl Fn(&[u32; 4]) -> bool) -> usize {
        let (mut start, mut step) = (at, 1);
        while start + step <= self.table.len && before(&self.stored(start + step - 1)) {
            start += step;
            step *= 2;
        }
        self.partition(start..(start + step - 1).min(self.table.len), before)
    }

    fn partition(&self, mut range: Range<usize>, before: impl Fn(&[u32; 4]) -> bool) -> usize {
        while range.start < range.end {
            let middle = range.start + range.len() / 2;
            if before(&self.stored(middle)) { range.start = middle + 1 } else { range.end = middle }
        }
        range.start
    }
}

/// Rows that fit, one after the other.
struct Matching<'a> {
    order: Order<'a>,
    range: Range<usize>,
    /// What rows of the range may lack.
    wanted: [Option<u32>; 4],
}

impl Iterator for Matching<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.range
            .by_ref()
            .map(|at| self.order.row(at))
            .find(|row| row.iter().zip(self.wanted).all(|(value, wanted)| wanted.is_none_or(|wanted| wanted == *value)))
    }
}

#[cfg(test)]
mod tests;
