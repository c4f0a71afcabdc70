//! The one order of quads: the default graph first, then graphs by the bytes of their IRIs, lines by bytes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use oxigraph::model::{GraphName, Quad};
use oxigraph::store::{StorageError, Store};

/// A dump failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DumpError {
    /// The sink refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The store could not be read.
    #[error("the store could not be read: {0}")]
    Storage(#[from] StorageError),
}

/// The quads as N-Quads lines, each with its newline, in the one order, without repetition.
pub(crate) fn canonical_lines(quads: impl IntoIterator<Item = Quad>) -> Vec<String> {
    let mut graphs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for quad in quads {
        graphs.entry(graph_key(&quad.graph_name)).or_default().push(format!("{quad} .\n"));
    }
    let mut lines = Vec::new();
    for (_, mut graph) in graphs {
        graph.sort_unstable();
        graph.dedup();
        lines.append(&mut graph);
    }
    lines
}

/// Writes every quad of `store`; graph by graph, so that one graph at a time is held in memory.
pub(crate) fn write_canonical(store: &Store, mut out: impl Write) -> Result<(), DumpError> {
    let mut graphs =
        store.named_graphs().map(|graph| Ok(graph?.into())).collect::<Result<Vec<GraphName>, StorageError>>()?;
    graphs.push(GraphName::DefaultGraph);
    graphs.sort_by_cached_key(graph_key);
    for graph in graphs {
        let quads = store.quads_for_pattern(None, None, None, Some(graph.as_ref()));
        for line in canonical_lines(quads.collect::<Result<Vec<_>, _>>()?) {
            out.write_all(line.as_bytes())?;
        }
    }
    out.flush()?;
    Ok(())
}

fn graph_key(graph: &GraphName) -> String {
    match graph {
        GraphName::DefaultGraph => String::new(),
        GraphName::NamedNode(node) => node.as_str().to_owned(),
        GraphName::BlankNode(node) => node.as_str().to_owned(),
    }
}
