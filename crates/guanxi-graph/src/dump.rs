//! The one order of quads: the default graph first, then graphs by the bytes of their names, lines by bytes.

use std::io::{self, Write};

use oxigraph::model::{NamedNodeRef, Quad};
use oxigraph::store::StorageError;

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

/// Writes every quad but those of the graph that is left out, one a line.
pub(crate) fn write_canonical(
    quads: &Quads,
    left_out: Option<NamedNodeRef<'_>>,
    mut out: impl Write,
) -> Result<(), DumpError> {
    for quad in quads.in_order() {
        let quad = quad?;
        if left_out.is_none_or(|left_out| quad.graph_name.as_ref() != left_out.into()) {
            writeln!(out, "{quad} .")?;
        }
    }
    Ok(out.flush()?)
}

/// The quads of one graph as N-Quads lines, each with its newline, sorted, without repetition.
pub(crate) fn sorted_lines(quads: &[Quad]) -> Vec<String> {
    let mut lines: Vec<String> = quads.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}
