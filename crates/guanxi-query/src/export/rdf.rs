//! The whole store as RDF. Formats with named graphs keep the graph of every document; the others tell it by a triple.

use std::io::Write;

use guanxi_graph::{Generation, Vocabulary};
use oxigraph::io::{JsonLdProfileSet, RdfFormat, RdfSerializer};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, Literal, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple};

use super::{ExportError, Written, xml};

/// How RDF is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Syntax {
    /// N-Quads, exactly as [`Generation::dump`].
    NQuads,
    /// TriG.
    TriG,
    /// JSON-LD 1.1, with named graphs.
    JsonLd,
    /// N-Triples.
    NTriples,
    /// Turtle.
    Turtle,
    /// RDF/XML. What XML cannot hold is written as U+FFFD.
    RdfXml,
}

/// `prov:wasDerivedFrom`
const DERIVED_FROM: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasDerivedFrom");

impl Syntax {
    pub(super) fn format(self) -> RdfFormat {
        match self {
            Self::NQuads => RdfFormat::NQuads,
            Self::TriG => RdfFormat::TriG,
            Self::JsonLd => RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
            Self::NTriples => RdfFormat::NTriples,
            Self::Turtle => RdfFormat::Turtle,
            Self::RdfXml => RdfFormat::RdfXml,
        }
    }
}

/// Writes every quad of `generation`, in the order of a dump; where the syntax has no graphs, every triple, by subject,
/// and for each claim `prov:wasDerivedFrom` its document.
///
/// # Errors
/// If `out` refuses, or the store cannot be read.
pub fn rdf(generation: &Generation, syntax: Syntax, out: impl Write) -> Result<Written, ExportError> {
    if syntax == Syntax::NQuads {
        return Ok(Written { edges: generation.dump(out)?, ..Written::default() });
    }
    let format = syntax.format();
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in prefixes(generation.vocabulary()) {
        serializer = serializer.with_prefix(prefix, namespace).map_err(std::io::Error::other)?;
    }
    let mut serializer = serializer.for_writer(out);
    let mut written = Written::default();
    if format.supports_datasets() {
        for quad in generation.quads_in_order() {
            serializer.serialize_quad(&quad)?;
            written.edges += 1;
        }
    } else {
        for triple in triples(generation) {
            let triple = if syntax == Syntax::RdfXml { in_xml(triple) } else { triple };
            serializer.serialize_triple(&triple)?;
            written.edges += 1;
        }
    }
    serializer.finish()?.flush()?;
    Ok(written)
}

fn prefixes(vocabulary: &Vocabulary) -> Vec<(&'static str, String)> {
    let mut prefixes = vocabulary.prefixes();
    prefixes.push(("prov", "http://www.w3.org/ns/prov#".to_owned()));
    prefixes
}

/// Every triple once, whichever graphs it stands in, by subject; behind the class of a claim, its document.
fn triples(generation: &Generation) -> impl Iterator<Item = Triple> + '_ {
    let mut before = None;
    generation.quads_by_subject().flat_map(move |quad| {
        let document = document_of(&quad, generation.vocabulary());
        let triple = Triple::new(quad.subject, quad.predicate, quad.object);
        let repeated = before.as_ref() == Some(&triple);
        before = Some(triple.clone());
        (!repeated).then_some(triple).into_iter().chain(document)
    })
}

/// The triple that tells the document in whose graph the class of a claim stands.
fn document_of(quad: &Quad, vocabulary: &Vocabulary) -> Option<Triple> {
    let (NamedOrBlankNode::NamedNode(claim), GraphName::NamedNode(graph)) = (&quad.subject, &quad.graph_name) else {
        return None;
    };
    let names_it = quad.predicate.as_ref() == rdf::TYPE && vocabulary.claim_id(claim.as_ref()).is_some();
    names_it.then(|| Triple::new(claim.clone(), DERIVED_FROM, graph.clone()))
}

/// The triple with its text as XML can hold it.
fn in_xml(triple: Triple) -> Triple {
    let Term::Literal(literal) = &triple.object else { return triple };
    if literal.value().chars().all(xml::is_allowed) {
        return triple;
    }
    let value = xml::allowed(literal.value());
    let object = match literal.language() {
        Some(language) => Literal::new_language_tagged_literal_unchecked(value, language),
        None => Literal::new_typed_literal(value, literal.datatype()),
    };
    Triple { object: object.into(), ..triple }
}
