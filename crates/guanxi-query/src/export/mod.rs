//! The graph in formats that others read. One format a file.
//!
//! [`dot`] draws; the other formats carry data. What they share is in `source`, which facts go out, and in `record`,
//! what is told of each: its id, names in both languages, status, confidence, validity, share, and the claims, documents
//! and quote that it rests on. All of them are written one fact at a time, in the order of a dump, so that equal stores
//! give equal bytes.

mod bods;
mod csv;
mod cypher;
mod cytoscape;
pub mod dot;
mod ftm;
mod gexf;
mod graphml;
mod mermaid;
mod neo4j;
#[cfg(feature = "parquet")]
mod parquet;
mod rdf;
mod record;
mod source;
#[cfg(test)]
mod tests;
mod xml;

use std::io::{self, Write};

use guanxi_graph::DumpError;

pub use rdf::{Syntax, rdf};
pub use source::{Choice, Source, around, told};

/// A format that carries data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// The whole store as RDF.
    Rdf(Syntax),
    /// `nodes.csv` and `edges.csv`, for spreadsheets and data frames.
    Csv,
    /// GraphML, for yEd, Gephi, igraph, networkx.
    GraphMl,
    /// GEXF 1.3, for Gephi.
    Gexf,
    /// Cytoscape JSON.
    Cytoscape,
    /// A Mermaid flowchart, for Markdown pages.
    Mermaid,
    /// FollowTheMoney entities, one a line.
    FollowTheMoney,
    /// Statements of the Beneficial Ownership Data Standard 0.4.
    Bods,
    /// `nodes.csv` and `relationships.csv` for `neo4j-admin database import`.
    Neo4j,
    /// openCypher statements, one a line.
    Cypher,
    /// `nodes.parquet` and `edges.parquet`; needs the feature `parquet`.
    Parquet,
}

impl Format {
    /// The files that it is made of, where it is more than one.
    pub fn files(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Csv => Some(["nodes.csv", "edges.csv"]),
            Self::Neo4j => Some(["nodes.csv", "relationships.csv"]),
            Self::Parquet => Some(["nodes.parquet", "edges.parquet"]),
            _ => None,
        }
    }

    /// Whether this build can write it.
    pub fn is_built_in(self) -> bool {
        self != Self::Parquet || cfg!(feature = "parquet")
    }
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Nodes: entities, and where the format has them, values; of RDF, none are counted.
    pub nodes: u64,
    /// Edges: facts; of RDF, the quads or triples.
    pub edges: u64,
    /// Facts and entities that were asked for and have no place in the format.
    pub left_out: u64,
}

/// An export failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The file or stream refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The store could not be read.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// A statement of BODS must have a date, and nothing tells one.
    #[error("BODS wants a date for every statement, and none of the documents says when it was published")]
    Undated,
    /// This build was made without the feature.
    #[error("this guanxi was built without Parquet")]
    NotBuiltIn,
}

/// Where an export goes: opens the file of this name, one of [`Format::files`], or for the other formats the one stream.
pub type Open<'a> = dyn FnMut(&'static str) -> io::Result<Box<dyn Write + Send>> + 'a;

/// Writes what `source` tells. The same store and choice give the same bytes.
///
/// # Errors
/// If the files cannot be written, or the format cannot hold what is asked for.
pub fn write(source: &Source<'_>, format: Format, open: &mut Open<'_>) -> Result<Written, ExportError> {
    match format {
        Format::Csv => return csv::write(source, open),
        Format::Neo4j => return neo4j::write(source, open),
        #[cfg(feature = "parquet")]
        Format::Parquet => return parquet::write(source, open),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => return Err(ExportError::NotBuiltIn),
        _ => {}
    }
    let mut out = open("")?;
    let written = match format {
        Format::Rdf(syntax) => rdf(source.generation, syntax, &mut out)?,
        Format::GraphMl => graphml::write(source, &mut out)?,
        Format::Gexf => gexf::write(source, &mut out)?,
        Format::Cytoscape => cytoscape::write(source, &mut out)?,
        Format::Mermaid => mermaid::write(source, &mut out)?,
        Format::FollowTheMoney => ftm::write(source, &mut out)?,
        Format::Bods => bods::write(source, &mut out)?,
        Format::Cypher => cypher::write(source, &mut out)?,
        Format::Csv | Format::Neo4j | Format::Parquet => unreachable!("written above"),
    };
    out.flush()?;
    Ok(written)
}
