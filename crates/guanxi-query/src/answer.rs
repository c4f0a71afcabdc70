//! What a query answers, and its standard serialisations.

use std::io::{self, Write};

use guanxi_graph::Vocabulary;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::{Literal, Term, Triple, Variable};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};

use crate::Completeness;

/// The answer to a query, with whether it is the whole answer.
///
/// The store iterates by hash, so rows of a query without ORDER BY are sorted here, by the bytes of their terms in
/// N-Triples form, column by column, unbound cells first; rows that an ORDER BY leaves equal are ordered by all of
/// their columns; triples are sorted and stand once. Only *which* rows a row limit or a LIMIT without ORDER BY keeps
/// is the store's choice (and the same for the same store).
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Rows, a truth value or a graph.
    pub content: Content,
    /// Whether there is more.
    pub completeness: Completeness,
}

/// What the form of the query asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Of SELECT.
    Rows {
        /// Names of the columns, without `?`.
        columns: Vec<String>,
        /// One cell a column; `None` where unbound.
        rows: Vec<Vec<Option<Term>>>,
    },
    /// Of ASK.
    Boolean(bool),
    /// Of CONSTRUCT and DESCRIBE.
    Graph(Vec<Triple>),
}

/// The standard formats of SPARQL results and RDF graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// SPARQL 1.1 Query Results JSON Format; of a graph: N-Triples.
    Json,
    /// SPARQL Query Results XML Format; of a graph: RDF/XML.
    Xml,
    /// SPARQL 1.1 Query Results CSV Format: bare values; of a graph: N-Triples.
    Csv,
    /// SPARQL 1.1 Query Results TSV Format: terms as in Turtle; of a graph: N-Triples.
    Tsv,
    /// Turtle; of rows and truth values: TSV.
    Turtle,
    /// N-Triples; of rows and truth values: TSV.
    NTriples,
}

/// Writes an answer exactly as the standard of its format says.
///
/// Rows and graphs have different standards; where `format` has none for the answer at hand, its nearest kin is
/// written, as [`Format`] tells. Turtle gets the prefixes of `vocabulary`.
///
/// # Errors
/// The sink refuses.
pub fn write_answer(answer: &Answer, format: Format, vocabulary: &Vocabulary, mut out: impl Write) -> io::Result<()> {
    match &answer.content {
        Content::Boolean(truth) => {
            QueryResultsSerializer::from_format(format.of_rows()).serialize_boolean_to_writer(&mut out, *truth)?;
        }
        Content::Rows { columns, rows } => write_rows(columns, rows, format.of_rows(), &mut out)?,
        Content::Graph(triples) => write_graph(triples, format.of_graph(), vocabulary, &mut out)?,
    }
    out.flush()
}

/// A term for people: `gx:owns` and `id:cn-tencent` by the prefixes of the vocabulary, literals without quotes.
pub fn plain_text(term: &Term, vocabulary: &Vocabulary) -> String {
    match term {
        Term::NamedNode(iri) => vocabulary
            .prefixes()
            .iter()
            .filter_map(|(prefix, namespace)| Some((prefix, iri.as_str().strip_prefix(namespace.as_str())?)))
            .filter(|(_, local)| local.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c)))
            .min_by_key(|(_, local)| local.len())
            .map_or_else(|| iri.as_str().to_owned(), |(prefix, local)| format!("{prefix}:{local}")),
        Term::BlankNode(node) => node.to_string(),
        Term::Literal(literal) => literal.value().to_owned(),
    }
}

/// Whether a term is a number: what a table sets flush right.
pub fn is_number(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if is_numeric(literal))
}

fn is_numeric(literal: &Literal) -> bool {
    let datatype = literal.datatype();
    ["integer", "decimal", "double", "float"]
        .iter()
        .any(|name| datatype.as_str().strip_prefix("http://www.w3.org/2001/XMLSchema#") == Some(*name))
}

impl Answer {
    /// The number of rows or triples; of a truth value 1.
    pub fn len(&self) -> usize {
        match &self.content {
            Content::Rows { rows, .. } => rows.len(),
            Content::Boolean(_) => 1,
            Content::Graph(triples) => triples.len(),
        }
    }

    /// Whether there is no row and no triple.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Format {
    fn of_rows(self) -> QueryResultsFormat {
        match self {
            Self::Json => QueryResultsFormat::Json,
            Self::Xml => QueryResultsFormat::Xml,
            Self::Csv => QueryResultsFormat::Csv,
            Self::Tsv | Self::Turtle | Self::NTriples => QueryResultsFormat::Tsv,
        }
    }

    fn of_graph(self) -> RdfFormat {
        match self {
            Self::Turtle => RdfFormat::Turtle,
            Self::Xml => RdfFormat::RdfXml,
            Self::Json | Self::Csv | Self::Tsv | Self::NTriples => RdfFormat::NTriples,
        }
    }
}

fn write_rows(
    columns: &[String],
    rows: &[Vec<Option<Term>>],
    format: QueryResultsFormat,
    out: &mut impl Write,
) -> io::Result<()> {
    let variables: Vec<Variable> = columns.iter().map(|name| Variable::new_unchecked(name.as_str())).collect();
    let mut serializer =
        QueryResultsSerializer::from_format(format).serialize_solutions_to_writer(out, variables.clone())?;
    for row in rows {
        let bound = variables.iter().zip(row).filter_map(|(variable, cell)| Some((variable, cell.as_ref()?)));
        serializer.serialize(bound)?;
    }
    serializer.finish()?;
    Ok(())
}

fn write_graph(triples: &[Triple], format: RdfFormat, vocabulary: &Vocabulary, out: &mut impl Write) -> io::Result<()> {
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in vocabulary.prefixes() {
        serializer = serializer.with_prefix(prefix, namespace).map_err(io::Error::other)?;
    }
    let mut serializer = serializer.for_writer(out);
    triples.iter().try_for_each(|triple| serializer.serialize_triple(triple))?;
    serializer.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(content: Content, format: Format) -> String {
        let mut out = Vec::new();
        let answer = Answer { content, completeness: Completeness::Complete };
        write_answer(&answer, format, &Vocabulary::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn rows() -> Content {
        let iri = Vocabulary::default().term("Company");
        let label = Literal::new_language_tagged_literal_unchecked("a, \"b\"", "en");
        Content::Rows {
            columns: vec!["x".into(), "n".into()],
            rows: vec![vec![Some(iri.into()), None], vec![Some(label.into()), Some(Literal::from(3).into())]],
        }
    }

    #[test]
    fn rows_are_written_as_the_standards_say() {
        assert_eq!(
            written(rows(), Format::Csv),
            "x,n\r\nhttps://w3id.org/guanxi/ns#Company,\r\n\"a, \"\"b\"\"\",3\r\n"
        );
        assert_eq!(
            written(rows(), Format::Tsv),
            "?x\t?n\n<https://w3id.org/guanxi/ns#Company>\t\n\"a, \\\"b\\\"\"@en\t3\n"
        );
        assert!(written(rows(), Format::Json).starts_with(r#"{"head":{"vars":["x","n"]},"results":{"bindings":["#));
        assert!(written(rows(), Format::Xml).contains("<variable name=\"x\"/>"));
        assert_eq!(written(Content::Boolean(true), Format::Csv), "true");
    }

    #[test]
    fn graphs_are_written_as_rdf() {
        let owns = Vocabulary::default().term("owns");
        let triple = Triple::new(owns.clone(), owns.clone(), owns);
        let graph = Content::Graph(vec![triple]);
        assert!(written(graph.clone(), Format::Turtle).ends_with("gx:owns gx:owns gx:owns .\n"));
        assert!(written(graph, Format::NTriples).starts_with("<https://w3id.org/guanxi/ns#owns> <"));
    }

    #[test]
    fn terms_are_shortened_for_people() {
        let vocabulary = Vocabulary::default();
        let shown = |term: Term| plain_text(&term, &vocabulary);
        assert_eq!(shown(vocabulary.term("owns").into()), "gx:owns");
        assert_eq!(shown(vocabulary.facts_graph().into()), "https://w3id.org/guanxi/ns#graph/facts");
        assert_eq!(shown(Literal::new_language_tagged_literal_unchecked("小红书", "zh").into()), "小红书");
        assert!(is_number(&Literal::from(1.5).into()) && !is_number(&Literal::from("1").into()));
    }
}
