//! The one order of quads: the default graph first, then graphs by the bytes of their names, lines by bytes.

use std::io::{self, Write};

use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{GraphName, NamedNodeRef, Quad};
use oxigraph::store::StorageError;

use crate::Vocabulary;
use crate::quads::Quads;

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

/// Writes every quad but those of the graph that is left out; graph by graph, so that one graph at a time is held in
/// memory.
pub(crate) fn write_canonical(
    quads: &Quads,
    left_out: Option<NamedNodeRef<'_>>,
    mut out: impl Write,
) -> Result<(), DumpError> {
    let mut graphs = quads.named_graphs().collect::<Result<Vec<GraphName>, StorageError>>()?;
    graphs.retain(|graph| left_out.is_none_or(|left_out| graph.as_ref() != left_out.into()));
    graphs.push(GraphName::DefaultGraph);
    graphs.sort_by_cached_key(graph_key);
    for graph in graphs {
        let quads = quads.quads_for_pattern(None, None, None, Some(graph.as_ref()));
        for line in sorted_lines(&quads.collect::<Result<Vec<_>, _>>()?) {
            out.write_all(line.as_bytes())?;
        }
    }
    out.flush()?;
    Ok(())
}

/// The quads of one graph as N-Quads lines, each with its newline, sorted, without repetition.
pub(crate) fn sorted_lines(quads: &[Quad]) -> Vec<String> {
    let mut lines: Vec<String> = quads.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// Writes canonical N-Quads as TriG.
pub(crate) fn write_trig(nquads: &[u8], vocabulary: &Vocabulary, out: impl Write) -> Result<(), DumpError> {
    let mut trig = RdfSerializer::from_format(RdfFormat::TriG);
    for (prefix, namespace) in vocabulary.prefixes() {
        trig = trig.with_prefix(prefix, namespace).map_err(io::Error::other)?;
    }
    let mut trig = trig.for_writer(out);
    for quad in RdfParser::from_format(RdfFormat::NQuads).lenient().for_slice(nquads) {
        trig.serialize_quad(&quad.map_err(io::Error::other)?)?;
    }
    Ok(trig.finish()?.flush()?)
}

fn graph_key(graph: &GraphName) -> String {
    match graph {
        GraphName::DefaultGraph => String::new(),
        GraphName::NamedNode(_) | GraphName::BlankNode(_) => graph.to_string(),
    }
}
