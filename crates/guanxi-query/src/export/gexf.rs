//! GEXF 1.3: nodes and edges with typed attributes, which Gephi shows in its tables.

use std::io::Write;

use super::record::{Cell, Column, Kind, edge_columns, node_columns};
use super::source::Source;
use super::xml::Xml;
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut xml = Xml::begin(out)?;
    xml.open("gexf", &[("xmlns", "http://gexf.net/1.3"), ("version", "1.3")])?;
    xml.open("graph", &[("defaultedgetype", "directed"), ("mode", "static")])?;
    let predicate = Column { name: "predicate", kind: Kind::Text };
    for (what, columns) in [("node", node_columns()), ("edge", [vec![predicate], edge_columns()].concat())] {
        xml.open("attributes", &[("class", what)])?;
        for Column { name, kind } in columns {
            xml.empty("attribute", &[("id", name), ("title", name), ("type", type_of(kind))])?;
        }
        xml.close("attributes")?;
    }
    let mut written = Written::default();
    xml.open("nodes", &[])?;
    for node in source.nodes() {
        xml.open("node", &[("id", &node.id), ("label", &node.label)])?;
        values(&mut xml, node.told())?;
        xml.close("node")?;
        written.nodes += 1;
    }
    xml.close("nodes")?;
    xml.open("edges", &[])?;
    for edge in source.edges() {
        let ends = [("source", edge.source.as_str()), ("target", &edge.target)];
        xml.open("edge", &[("id", edge.id.as_str()), ends[0], ends[1], ("kind", &edge.predicate)])?;
        let predicate = Cell::Text(edge.predicate.clone());
        let predicate = (Column { name: "predicate", kind: Kind::Text }, &predicate);
        values(&mut xml, std::iter::once(predicate).chain(edge.told()))?;
        xml.close("edge")?;
        written.edges += 1;
    }
    xml.close("edges")?;
    xml.close("graph")?;
    xml.close("gexf")?;
    xml.finish()?;
    Ok(written)
}

fn values<'a, W: Write>(xml: &mut Xml<W>, told: impl Iterator<Item = (Column, &'a Cell)>) -> std::io::Result<()> {
    xml.open("attvalues", &[])?;
    for (column, cell) in told {
        xml.empty("attvalue", &[("for", column.name), ("value", &cell.plain())])?;
    }
    xml.close("attvalues")
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Texts => "string",
        Kind::Decimal => "double",
        Kind::Integer => "integer",
        Kind::Flag => "boolean",
    }
}
