//! Two tables, one of nodes and one of edges, for spreadsheets and data frames.
//!
//! A text that a spreadsheet would take for a formula is written behind an apostrophe, and so is one that begins with an
//! apostrophe: to read such a cell, take one leading apostrophe away.

use std::io::Write;

use csv::Writer;

use super::record::{Cell, Column, edge_columns, node_columns};
use super::source::Source;
use super::{ExportError, Open, Written};

pub(super) fn write(source: &Source<'_>, open: &mut Open<'_>) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut nodes = Writer::from_writer(open("nodes.csv")?);
    nodes.write_record(heads(&["id"], node_columns())).map_err(std::io::Error::other)?;
    for node in source.nodes() {
        row(&mut nodes, &[&node.id], &node.cells)?;
        written.nodes += 1;
    }
    nodes.flush()?;
    let mut edges = Writer::from_writer(open("edges.csv")?);
    edges
        .write_record(heads(&["id", "source", "target", "predicate"], edge_columns()))
        .map_err(std::io::Error::other)?;
    for edge in source.edges() {
        row(&mut edges, &[&edge.id, &edge.source, &edge.target, &edge.predicate], &edge.cells)?;
        written.edges += 1;
    }
    edges.flush()?;
    Ok(written)
}

fn heads(ids: &[&'static str], columns: Vec<Column>) -> Vec<&'static str> {
    ids.iter().copied().chain(columns.into_iter().map(|column| column.name)).collect()
}

fn row<W: Write>(out: &mut Writer<W>, ids: &[&str], cells: &[Option<Cell>]) -> Result<(), ExportError> {
    let ids = ids.iter().map(|id| harmless(id));
    let cells = cells.iter().map(|cell| match cell {
        Some(Cell::Text(text)) => harmless(text),
        Some(other) => other.plain(),
        None => String::new(),
    });
    Ok(out.write_record(ids.chain(cells)).map_err(std::io::Error::other)?)
}

/// The text, behind an apostrophe where a spreadsheet would run it.
fn harmless(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_every_text_comes_back(text in "[=+@'\t\r\n,\"a关-]{0,4}|\\PC*") {
            let mut out = Writer::from_writer(Vec::new());
            row(&mut out, &["id"], &[Some(Cell::Text(text.clone())), None]).unwrap();
            let bytes = out.into_inner().unwrap();
            let mut read = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
            let record = read.records().next().unwrap().unwrap();
            prop_assert_eq!(record.len(), 3);
            prop_assert!(!record[1].starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(record[1].strip_prefix('\'').unwrap_or(&record[1]), text);
        }
    }
}
