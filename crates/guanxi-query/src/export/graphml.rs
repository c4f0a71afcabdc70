//! GraphML: every column of a node or an edge is a declared key, so that readers know numbers from text.

use std::io::Write;

use super::record::{Cell, Column, Kind, edge_columns, node_columns};
use super::source::Source;
use super::xml::Xml;
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut xml = Xml::begin(out)?;
    let schema = "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd";
    xml.open(
        "graphml",
        &[
            ("xmlns", "http://graphml.graphdrawing.org/xmlns"),
            ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ("xsi:schemaLocation", schema),
        ],
    )?;
    let predicate = Column { name: "predicate", kind: Kind::Text };
    for (what, columns) in [("node", node_columns()), ("edge", [vec![predicate], edge_columns()].concat())] {
        for Column { name, kind } in columns {
            let id = key(what, name);
            xml.empty("key", &[("id", &id), ("for", what), ("attr.name", name), ("attr.type", type_of(kind))])?;
        }
    }
    xml.open("graph", &[("id", "guanxi"), ("edgedefault", "directed")])?;
    let mut written = Written::default();
    for node in source.nodes() {
        xml.open("node", &[("id", &node.id)])?;
        data(&mut xml, "node", node.told())?;
        xml.close("node")?;
        written.nodes += 1;
    }
    for edge in source.edges() {
        xml.open("edge", &[("id", &edge.id), ("source", &edge.source), ("target", &edge.target)])?;
        xml.text("data", &[("key", &key("edge", "predicate"))], &edge.predicate)?;
        data(&mut xml, "edge", edge.told())?;
        xml.close("edge")?;
        written.edges += 1;
    }
    xml.close("graph")?;
    xml.close("graphml")?;
    xml.finish()?;
    Ok(written)
}

fn data<'a, W: Write>(
    xml: &mut Xml<W>,
    what: &str,
    told: impl Iterator<Item = (Column, &'a Cell)>,
) -> std::io::Result<()> {
    for (column, cell) in told {
        xml.text("data", &[("key", &key(what, column.name))], &cell.plain())?;
    }
    Ok(())
}

fn key(what: &str, column: &str) -> String {
    format!("{what}.{column}")
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Texts => "string",
        Kind::Decimal => "double",
        Kind::Integer => "int",
        Kind::Flag => "boolean",
    }
}
