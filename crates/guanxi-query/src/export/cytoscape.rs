//! Cytoscape JSON (`.cyjs`): elements with their data, for Cytoscape and Cytoscape.js.

use std::io::Write;

use serde_json::{Map, Value, json};

use super::record::{Cell, Column};
use super::source::Source;
use super::{ExportError, Written};

pub(super) fn write(source: &Source<'_>, out: &mut dyn Write) -> Result<Written, ExportError> {
    let mut written = Written::default();
    write!(
        out,
        "{{\"format_version\": \"1.0\", \"generated_by\": \"guanxi\", \"target_cytoscapejs_version\": \"~3\", \
         \"data\": {{\"name\": \"guanxi\"}}, \"elements\": {{\"nodes\": ["
    )?;
    for node in source.nodes() {
        // Cytoscape shows `name`; networkx wants the id as `value`, too.
        let own = json!({"id": node.id, "value": node.id, "name": node.label});
        element(out, written.nodes, own, node.told())?;
        written.nodes += 1;
    }
    write!(out, "\n], \"edges\": [")?;
    for edge in source.edges() {
        // By `key` networkx tells edges between the same two nodes apart.
        let own = json!({
            "id": edge.id, "key": edge.id, "source": edge.source, "target": edge.target,
            "interaction": edge.predicate, "predicate": edge.predicate,
        });
        element(out, written.edges, own, edge.told())?;
        written.edges += 1;
    }
    writeln!(out, "\n]}}}}")?;
    Ok(written)
}

fn element<'a>(
    out: &mut dyn Write,
    before: u64,
    own: Value,
    told: impl Iterator<Item = (Column, &'a Cell)>,
) -> Result<(), ExportError> {
    let mut data = Map::new();
    if let Value::Object(own) = own {
        data.extend(own);
    }
    data.extend(told.map(|(column, cell)| (column.name.to_owned(), cell.json())));
    let comma = if before == 0 { "" } else { "," };
    write!(out, "{comma}\n{}", json!({ "data": data }))?;
    Ok(())
}
