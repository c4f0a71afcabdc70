//! From quads to a table: terms are numbered as they come, then sorted, then written.

use std::fmt::{Display, Write as _};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};

use hashbrown::HashTable;
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, Quad};
use rustc_hash::{FxBuildHasher, FxHashMap};
use sha2::{Digest, Sha256};

use super::{HEADER, Layout, MAGIC, ORDERS, Row, Table, terms};

/// The order of rows in which what was pushed stands.
const AS_PUSHED: [usize; 4] = [0, 1, 2, 3];

/// Takes quads in any order. A quad weighs sixteen bytes here, a term its text once.
#[derive(Default)]
pub(crate) struct TableBuilder {
    terms: Texts,
    /// Numbers of terms in the order in which these came.
    numbers: HashTable<u32>,
    rows: Vec<Row>,
    /// There are few predicates, so that each is written out once only.
    predicates: FxHashMap<NamedNode, u32>,
    /// The quad that was pushed last: most have its subject or its graph.
    last: Option<Quad>,
}

impl TableBuilder {
    pub fn new() -> Self {
        let mut builder = Self::default();
        builder.number(&"");
        builder
    }

    /// All quads that were pushed, repeated ones once. Those of the graph `apart` do not count.
    pub fn sorted(mut self, apart: Option<NamedNodeRef<'_>>) -> SortedQuads {
        let apart = apart.map(|graph| self.number(&graph));
        let Self { terms, numbers, mut rows, .. } = self;
        drop(numbers);
        let order = terms.sorted();
        let mut new = vec![0; order.len()];
        for (number, old) in order.iter().enumerate() {
            new[*old as usize] = number as u32;
        }
        rows.iter_mut().flatten().for_each(|number| *number = new[*number as usize]);
        sort(&mut rows, AS_PUSHED, ORDERS[0]);
        rows.dedup();
        SortedQuads { terms, order, rows, apart: apart.map(|graph| new[graph as usize]) }
    }

    /// Takes over the quads of one graph as they stand in a table.
    pub fn carry(&mut self, carrier: &mut Carrier<'_>, graph: NamedNodeRef<'_>) {
        let Some(graph) = carrier.table.number(&graph) else { return };
        for row in carrier.table.matching([None, None, None, Some(graph)]) {
            if !carrier.left_out.contains(&Some(row[1])) {
                let row = row.map(|number| carrier.number(number, self));
                self.rows.push(row);
            }
        }
        self.last = None;
    }

    fn push(&mut self, quad: Quad) {
        let known = self.last.take().zip(self.rows.last().copied());
        let subject = known.as_ref().filter(|(last, _)| last.subject == quad.subject).map(|(_, row)| row[0]);
        let subject = subject.unwrap_or_else(|| self.number(&quad.subject));
        let predicate = self.predicate(&quad.predicate);
        let object = self.number(&quad.object);
        let graph = known.filter(|(last, _)| last.graph_name == quad.graph_name).map(|(_, row)| row[3]);
        let graph = graph.unwrap_or_else(|| match &quad.graph_name {
            GraphName::DefaultGraph => terms::DEFAULT_GRAPH,
            GraphName::NamedNode(node) => self.number(node),
            GraphName::BlankNode(node) => self.number(node),
        });
        self.rows.push([subject, predicate, object, graph]);
        self.last = Some(quad);
    }

    fn predicate(&mut self, predicate: &NamedNode) -> u32 {
        if let Some(known) = self.predicates.get(predicate) {
            return *known;
        }
        let number = self.number(predicate);
        self.predicates.insert(predicate.clone(), number);
        number
    }

    fn number(&mut self, term: &impl Display) -> u32 {
        let Self { terms, numbers, .. } = self;
        let number = terms.push(term);
        let entry = numbers.entry(
            hash(terms.get(number)),
            |known| terms.get(*known) == terms.get(number),
            |known| hash(terms.get(*known)),
        );
        let known = *entry.or_insert(number).get();
        if known != number {
            terms.pop();
        }
        known
    }
}

impl Extend<Quad> for TableBuilder {
    fn extend<I: IntoIterator<Item = Quad>>(&mut self, quads: I) {
        quads.into_iter().for_each(|quad| self.push(quad));
    }
}

/// Takes quads from a table to a builder: their terms are neither parsed nor written out anew.
pub(crate) struct Carrier<'t> {
    table: &'t Table,
    /// Predicates of quads that stay behind.
    left_out: Vec<Option<u32>>,
    /// What the builder calls the terms of the table, as far as they came.
    numbers: Vec<Option<u32>>,
}

impl<'t> Carrier<'t> {
    /// Quads of the predicates `left_out` stay behind.
    pub fn of(table: &'t Table, left_out: &[NamedNode]) -> Self {
        let left_out = left_out.iter().map(|predicate| table.number(predicate)).collect();
        Self { table, left_out, numbers: vec![None; table.terms.count] }
    }

    fn number(&mut self, number: u32, builder: &mut TableBuilder) -> u32 {
        let Self { table, numbers, .. } = self;
        *numbers[number as usize].get_or_insert_with(|| builder.number(&table.term_text(number)))
    }
}

/// Quads in the order of canonical N-Quads.
pub(crate) struct SortedQuads {
    terms: Texts,
    /// Which text each number of a row means.
    order: Vec<u32>,
    /// By graph, subject, predicate and object.
    rows: Vec<[u32; 4]>,
    /// The graph that does not count.
    apart: Option<u32>,
}

impl SortedQuads {
    /// Number of quads that count.
    pub fn counted(&self) -> usize {
        self.counting().count()
    }

    /// sha-256 of the canonical N-Quads that count.
    pub fn contents(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let mut line = String::new();
        for [graph, subject, predicate, object] in self.counting() {
            line.clear();
            for number in [subject, predicate, object, graph] {
                line.push_str(self.text(*number));
                line.push_str(if *number == terms::DEFAULT_GRAPH { "" } else { " " });
            }
            line.push_str(".\n");
            digest.update(&line);
        }
        digest.finalize().into()
    }

    /// Number of all quads.
    #[cfg(feature = "disk")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Every quad, in order.
    #[cfg(feature = "disk")]
    pub fn quads(&self) -> impl Iterator<Item = Quad> {
        self.rows.iter().map(|[graph, subject, predicate, object]| Quad {
            subject: terms::subject(terms::parsed(self.text(*subject))),
            predicate: terms::predicate(terms::parsed(self.text(*predicate))),
            object: terms::parsed(self.text(*object)),
            graph_name: terms::graph((*graph != terms::DEFAULT_GRAPH).then(|| terms::parsed(self.text(*graph)))),
        })
    }

    /// Writes the table that holds them, as the head of the module above describes it. What is written is let go of: texts
    /// first, then each order is sorted in the place of the one before.
    pub fn write(mut self, contents: [u8; 32], out: impl Write) -> io::Result<()> {
        let mut out = Checked { out, check: crc32fast::Hasher::new() };
        let length: usize = self.texts().map(str::len).sum();
        out.put(MAGIC)?;
        out.put(&contents)?;
        for count in [self.order.len(), length, self.rows.len()] {
            out.put(&(count as u64).to_le_bytes())?;
        }
        let mut place = 0_u64;
        for text in self.texts().chain([""]) {
            out.put(&place.to_le_bytes())?;
            place += text.len() as u64;
        }
        for text in self.texts() {
            out.put(text.as_bytes())?;
        }
        let filled = Layout::new(self.order.len(), length, 0).map_or(0, |layout| layout.rows);
        out.put(&[0; 8][..filled - (HEADER + (self.order.len() + 1) * 8 + length)])?;
        (self.terms, self.order) = (Texts::default(), Vec::new());
        out.rows(&self.rows)?;
        for orders in ORDERS.windows(2) {
            sort(&mut self.rows, orders[0], orders[1]);
            out.rows(&self.rows)?;
        }
        out.finish()
    }

    fn counting(&self) -> impl Iterator<Item = &[u32; 4]> {
        self.rows.iter().filter(|row| Some(row[0]) != self.apart)
    }

    /// Every term, in order.
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(|number| self.terms.get(*number))
    }

    fn text(&self, number: u32) -> &str {
        self.terms.get(self.order[number as usize])
    }
}

/// Puts the values of each row, which stand in the order `from`, in the order `to`, and sorts the rows.
fn sort(rows: &mut [[u32; 4]], from: [usize; 4], to: [usize; 4]) {
    let moved = to.map(|place| from.iter().position(|known| *known == place).unwrap_or_default());
    rows.iter_mut().for_each(|row| *row = moved.map(|place| row[place]));
    // As one number each, so that a comparison is no loop.
    rows.sort_unstable_by_key(|row| row.iter().fold(0_u128, |all, value| all << 32 | u128::from(*value)));
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// Texts, one behind the other.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<u64>,
}

impl Texts {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, number: u32) -> &str {
        &self.text[self.start(number)..self.ends[number as usize] as usize]
    }

    /// The numbers of the texts, sorted by their bytes.
    fn sorted(&self) -> Vec<u32> {
        let mut keyed: Vec<(u64, u32)> = (0..self.len() as u32).map(|number| (0, number)).collect();
        self.sort(&mut keyed, 0);
        keyed.into_iter().map(|(_, number)| number).collect()
    }

    /// Sorts texts that are equal up to `depth`. Eight bytes of each are laid beside its number, then those are sorted
    /// further that agree in all eight: most texts begin like thousands of others and lie far from them in memory.
    fn sort(&self, keyed: &mut [(u64, u32)], depth: usize) {
        const WIDTH: usize = size_of::<u64>();
        const FEW: usize = 8;
        const DEEP: usize = 256;
        if keyed.len() <= FEW || depth >= DEEP {
            return keyed.sort_unstable_by_key(|(_, number)| self.get(*number).as_bytes().get(depth..));
        }
        for (key, number) in keyed.iter_mut() {
            let mut bytes = [0; WIDTH];
            let rest = self.get(*number).as_bytes().get(depth..).unwrap_or_default();
            let length = rest.len().min(WIDTH);
            bytes[..length].copy_from_slice(&rest[..length]);
            *key = u64::from_be_bytes(bytes);
        }
        keyed.sort_unstable();
        for alike in keyed.chunk_by_mut(|one, other| one.0 == other.0).filter(|alike| alike.len() > 1) {
            // A text that ends within the eight bytes, and one that goes on with zeros, have the same key.
            let goes_on = |(_, number): &(u64, u32)| self.get(*number).len() >= depth + WIDTH;
            match alike.iter().all(goes_on) {
                true => self.sort(alike, depth + WIDTH),
                false => alike.sort_unstable_by_key(|(_, number)| self.get(*number)),
            }
        }
    }

    fn start(&self, number: u32) -> usize {
        if number == 0 { 0 } else { self.ends[number as usize - 1] as usize }
    }

    fn push(&mut self, term: &impl Display) -> u32 {
        let number = self.ends.len() as u32;
        // A string takes whatever is written to it.
        let _ = write!(self.text, "{term}");
        self.ends.push(self.text.len() as u64);
        number
    }

    fn pop(&mut self) {
        self.ends.pop();
        self.text.truncate(self.ends.last().map_or(0, |end| *end as usize));
    }
}

/// Sums up what is written.
struct Checked<W> {
    out: W,
    check: crc32fast::Hasher,
}

impl<W: Write> Checked<W> {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.check.update(bytes);
        self.out.write_all(bytes)
    }

    fn rows(&mut self, rows: &[[u32; 4]]) -> io::Result<()> {
        const AT_ONCE: usize = 4096;
        let mut bytes = Vec::with_capacity(AT_ONCE * size_of::<Row>());
        for some in rows.chunks(AT_ONCE) {
            bytes.clear();
            some.iter().flatten().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
            self.put(&bytes)?;
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&self.check.finalize().to_le_bytes())?;
        self.out.flush()
    }
}
