//! Two tables for `neo4j-admin database import`, their columns typed in the heads. Lists are parted by U+001F, which is
//! taken out of every text; text is not guarded against spreadsheets, since none should see it.

use std::io::Write;

use csv::Writer;

use super::record::{Cell, Column, Kind, edge_columns, node_columns};
use super::source::Source;
use super::{ExportError, Open, Written};

/// Between the texts of a list.
const DELIMITER: char = '\u{1f}';

pub(super) fn write(source: &Source<'_>, open: &mut Open<'_>) -> Result<Written, ExportError> {
    let mut written = Written::default();
    let mut nodes = Writer::from_writer(open("nodes.csv")?);
    let heads = [vec!["id:ID".to_owned()], heads(node_columns()), vec![":LABEL".to_owned()]].concat();
    nodes.write_record(heads).map_err(std::io::Error::other)?;
    for node in source.nodes() {
        let labels =
            if node.class == "Value" { node.class.clone() } else { format!("Entity{DELIMITER}{}", node.class) };
        row(&mut nodes, &[&node.id], &node.cells, &labels)?;
        written.nodes += 1;
    }
    nodes.flush()?;
    let mut edges = Writer::from_writer(open("relationships.csv")?);
    let ends = ["id".to_owned(), ":START_ID".to_owned(), ":END_ID".to_owned()].to_vec();
    edges
        .write_record([ends, self::heads(edge_columns()), vec![":TYPE".to_owned()]].concat())
        .map_err(std::io::Error::other)?;
    for edge in source.edges() {
        let ends = [edge.id.as_str(), &edge.source, &edge.target];
        row(&mut edges, &ends, &edge.cells, &relationship_type(&edge.predicate))?;
        written.edges += 1;
    }
    edges.flush()?;
    Ok(written)
}

fn heads(columns: Vec<Column>) -> Vec<String> {
    let head = |Column { name, kind }| match kind {
        Kind::Text => name.to_owned(),
        Kind::Decimal => format!("{name}:double"),
        Kind::Integer => format!("{name}:int"),
        Kind::Flag => format!("{name}:boolean"),
        Kind::Texts => format!("{name}:string[]"),
    };
    columns.into_iter().map(head).collect()
}

fn row<W: Write>(out: &mut Writer<W>, ids: &[&str], cells: &[Option<Cell>], last: &str) -> Result<(), ExportError> {
    let ids = ids.iter().map(ToString::to_string);
    let cells = cells.iter().map(|cell| cell.as_ref().map(plain).unwrap_or_default());
    let record = ids.chain(cells).chain([last.to_owned()]);
    Ok(out.write_record(record).map_err(std::io::Error::other)?)
}

fn plain(cell: &Cell) -> String {
    let clean = |text: &str| text.replace(DELIMITER, " ");
    match cell {
        Cell::Text(text) => clean(text),
        Cell::Texts(texts) => texts.iter().map(|text| clean(text)).collect::<Vec<_>>().join(&DELIMITER.to_string()),
        other => other.plain(),
    }
}

/// `INVESTS_IN`, as Neo4j writes the types of relationships.
pub(super) fn relationship_type(predicate: &str) -> String {
    let mut name = String::with_capacity(predicate.len() + 2);
    for c in predicate.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_uppercase());
    }
    name
}
