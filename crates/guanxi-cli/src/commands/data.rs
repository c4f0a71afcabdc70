//! The formats of an export that carry data, and the writing of them.

use std::ffi::OsStr;
use std::path::Path;

use clap::ValueEnum;
use guanxi::query::export::{self, ExportError, Source, Syntax, Written};

use crate::commands::picture;
use crate::error::{CommandError, Kind};
use crate::output::whole::{Folder, Output};

/// Every format of an export. What each leaves out is in docs/exports.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Picture for Graphviz
    Dot,
    /// Picture, drawn by Graphviz
    Svg,
    /// Picture, drawn by Graphviz
    Png,
    /// The whole store: N-Quads, as of `guanxi dump`
    Nq,
    /// The whole store: TriG, a named graph for each document
    Trig,
    /// The whole store: JSON-LD, a named graph for each document
    Jsonld,
    /// The whole store: N-Triples, without named graphs
    Nt,
    /// The whole store: Turtle, without named graphs
    Ttl,
    /// The whole store: RDF/XML, without named graphs
    Rdfxml,
    /// Folder of nodes.csv and edges.csv
    Csv,
    /// Nodes and edges for yEd, igraph, networkx
    Graphml,
    /// Nodes and edges for Gephi
    Gexf,
    /// Nodes and edges for Cytoscape and Cytoscape.js
    Cyjs,
    /// Flowchart for Markdown; no values, of quotes only the ids
    Mermaid,
    /// FollowTheMoney entities, one a line; persons and bodies only, nothing planned or derived
    Ftm,
    /// Beneficial ownership statements, BODS 0.4; holdings and control only, nothing planned or derived
    Bods,
    /// Folder of nodes.csv and relationships.csv for neo4j-admin
    Neo4j,
    /// openCypher statements, one a line
    Cypher,
    /// Folder of nodes.parquet and edges.parquet; where built in
    Parquet,
}

/// What a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Picture(picture::Format),
    Data(export::Format),
}

impl Format {
    pub fn sort(self) -> Sort {
        use export::Format as Data;
        match self {
            Self::Dot => Sort::Picture(picture::Format::Dot),
            Self::Svg => Sort::Picture(picture::Format::Svg),
            Self::Png => Sort::Picture(picture::Format::Png),
            Self::Nq => Sort::Data(Data::Rdf(Syntax::NQuads)),
            Self::Trig => Sort::Data(Data::Rdf(Syntax::TriG)),
            Self::Jsonld => Sort::Data(Data::Rdf(Syntax::JsonLd)),
            Self::Nt => Sort::Data(Data::Rdf(Syntax::NTriples)),
            Self::Ttl => Sort::Data(Data::Rdf(Syntax::Turtle)),
            Self::Rdfxml => Sort::Data(Data::Rdf(Syntax::RdfXml)),
            Self::Csv => Sort::Data(Data::Csv),
            Self::Graphml => Sort::Data(Data::GraphMl),
            Self::Gexf => Sort::Data(Data::Gexf),
            Self::Cyjs => Sort::Data(Data::Cytoscape),
            Self::Mermaid => Sort::Data(Data::Mermaid),
            Self::Ftm => Sort::Data(Data::FollowTheMoney),
            Self::Bods => Sort::Data(Data::Bods),
            Self::Neo4j => Sort::Data(Data::Neo4j),
            Self::Cypher => Sort::Data(Data::Cypher),
            Self::Parquet => Sort::Data(Data::Parquet),
        }
    }

    /// The format asked for, else that of the ending of the file or folder; another ending would mislead.
    pub fn of(asked: Option<Self>, output: Option<&Path>) -> Result<Self, CommandError> {
        if let Some(format) = asked {
            return Ok(format);
        }
        let Some(ending) = output.and_then(Path::extension).and_then(OsStr::to_str) else { return Ok(Self::Dot) };
        // `graph.ftm.json` is JSON of a kind that its stem names.
        let kind = output.and_then(Path::file_stem).map(Path::new).and_then(Path::extension).and_then(OsStr::to_str);
        let by_ending = match (ending, kind) {
            ("gv", _) => Some(Self::Dot),
            ("rdf", _) => Some(Self::Rdfxml),
            ("mmd", _) => Some(Self::Mermaid),
            ("json", Some("ftm")) => Some(Self::Ftm),
            ("json", Some("bods")) => Some(Self::Bods),
            (name, _) => Self::from_str(name, false).ok(),
        };
        by_ending.ok_or_else(|| {
            CommandError::new(Kind::Usage, format!("no format is known by the ending .{ending}"))
                .hint("name it by --format; `guanxi export --help` lists them")
        })
    }
}

/// Writes `source` in a format, to a file or a folder, whole or not at all.
pub fn write(source: &Source<'_>, format: export::Format, output: Option<&Path>) -> Result<Written, CommandError> {
    if !format.is_built_in() {
        return Err(CommandError::new(Kind::Failed, "this guanxi was built without Parquet")
            .hint("cargo install --path crates/guanxi-cli --features parquet")
            .hint("--format csv carries the same"));
    }
    let Some(files) = format.files() else {
        let file = Output::begin(output)?;
        let written = export::write(source, format, &mut |_| file.writer()).map_err(failure)?;
        file.finish()?;
        return Ok(written);
    };
    let Some(path) = output.filter(|path| *path != Path::new("-")) else {
        return Err(CommandError::new(Kind::Usage, format!("it is two files, {}", files.join(" and ")))
            .hint("name a folder for them: -o FOLDER"));
    };
    let folder = Folder::begin(path)?;
    let written = export::write(source, format, &mut |name| folder.create(name))?;
    folder.finish()?;
    Ok(written)
}

fn failure(error: ExportError) -> CommandError {
    match error {
        ExportError::Undated => CommandError::from(error).hint("--as-of DATE gives one"),
        other => other.into(),
    }
}

/// `6 nodes, 7 edges; left out: 2 facts and entities for which it has no place`
pub fn described(format: export::Format, written: Written) -> String {
    let Written { nodes, edges, left_out } = written;
    let counted = match format {
        export::Format::Rdf(Syntax::NQuads | Syntax::TriG | Syntax::JsonLd) => format!("{edges} quads"),
        export::Format::Rdf(_) => format!("{edges} triples"),
        _ => format!("{nodes} nodes, {edges} edges"),
    };
    let without = if left_out > 0 {
        format!("; left out: {left_out} entities and facts without a place in it")
    } else {
        String::new()
    };
    counted + &without
}
