//! From quads to the bytes of a table.

use std::collections::HashMap;
use std::fmt::{Display, Write};

use oxigraph::model::{GraphName, NamedNodeRef, Quad};
use sha2::{Digest, Sha256};

use super::{Layout, MAGIC, ORDERS, Row};

/// The bytes of the table that holds these quads; those of the graph `apart` are no part of its contents' hash.
pub(super) fn table(quads: impl IntoIterator<Item = Quad>, apart: Option<NamedNodeRef<'_>>) -> Vec<u8> {
    let mut found = Found::default();
    let mut rows: Vec<Row> = quads.into_iter().map(|quad| found.row(&quad)).collect();
    let texts = found.sorted(&mut rows);
    let orders = ORDERS.map(|places| ordered(&rows, places));

    let length: usize = texts.iter().map(|text| text.len()).sum();
    let layout = Layout::new(texts.len(), length, orders[0].len());
    let mut bytes = Vec::with_capacity(layout.map_or(0, |layout| layout.end + 4));
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&contents(&texts, &orders[0], apart));
    for count in [texts.len(), length, orders[0].len()] {
        bytes.extend_from_slice(&(count as u64).to_le_bytes());
    }
    let mut place = 0;
    for text in texts.iter().map(String::as_str).chain([""]) {
        bytes.extend_from_slice(&u64::to_le_bytes(place));
        place += text.len() as u64;
    }
    texts.iter().for_each(|text| bytes.extend_from_slice(text.as_bytes()));
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    for number in orders.iter().flatten().flatten() {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    let check = crc32fast::hash(&bytes);
    bytes.extend_from_slice(&check.to_le_bytes());
    bytes
}

/// The terms found so far, numbered as they came.
struct Found {
    numbers: HashMap<String, u32>,
    /// The term looked at.
    text: String,
}

impl Default for Found {
    fn default() -> Self {
        Self { numbers: HashMap::from([(String::new(), 0)]), text: String::new() }
    }
}

impl Found {
    fn row(&mut self, quad: &Quad) -> Row {
        let graph = match &quad.graph_name {
            GraphName::DefaultGraph => 0,
            GraphName::NamedNode(node) => self.number(node),
            GraphName::BlankNode(node) => self.number(node),
        };
        [self.number(&quad.subject), self.number(&quad.predicate), self.number(&quad.object), graph]
    }

    fn number(&mut self, term: &impl Display) -> u32 {
        self.text.clear();
        // A string takes whatever is written to it.
        let _ = write!(self.text, "{term}");
        if let Some(number) = self.numbers.get(self.text.as_str()) {
            return *number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(self.text.clone(), number);
        number
    }

    /// The texts, sorted; the rows have the new numbers then.
    fn sorted(self, rows: &mut [Row]) -> Vec<String> {
        let mut texts: Vec<(String, u32)> = self.numbers.into_iter().collect();
        texts.sort_unstable();
        let mut new = vec![0; texts.len()];
        for (number, (_, old)) in texts.iter().enumerate() {
            new[*old as usize] = number as u32;
        }
        rows.iter_mut().flatten().for_each(|number| *number = new[*number as usize]);
        texts.into_iter().map(|(text, _)| text).collect()
    }
}

/// The rows with their values in this order, sorted, without repetition.
fn ordered(rows: &[Row], places: [usize; 4]) -> Vec<[u32; 4]> {
    let mut ordered: Vec<[u32; 4]> = rows.iter().map(|row| places.map(|place| row[place])).collect();
    ordered.sort_unstable();
    ordered.dedup();
    ordered
}

/// sha-256 of the canonical N-Quads of rows by graph, subject, predicate, object.
fn contents(texts: &[String], rows: &[[u32; 4]], apart: Option<NamedNodeRef<'_>>) -> [u8; 32] {
    let apart = apart.and_then(|apart| texts.binary_search(&apart.to_string()).ok()).map(|number| number as u32);
    let mut digest = Sha256::new();
    let mut line = String::new();
    for [graph, subject, predicate, object] in rows.iter().filter(|row| Some(row[0]) != apart) {
        line.clear();
        for number in [subject, predicate, object, graph] {
            line.push_str(&texts[*number as usize]);
            line.push_str(if *number == 0 { "" } else { " " });
        }
        line.push_str(".\n");
        digest.update(&line);
    }
    digest.finalize().into()
}
