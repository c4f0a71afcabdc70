//! Small records of the store about itself, as quads and back: one node each, a few properties.

use std::collections::BTreeMap;

use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};

use crate::Vocabulary;

/// Collects the quads of one graph.
pub(crate) struct Records<'a> {
    pub vocabulary: &'a Vocabulary,
    graph: GraphName,
    pub quads: Vec<Quad>,
}

impl<'a> Records<'a> {
    pub fn new(vocabulary: &'a Vocabulary, graph: NamedNode) -> Self {
        Self { vocabulary, graph: graph.into(), quads: Vec::new() }
    }

    pub fn record(&mut self, subject: &NamedNode, property: &str, object: impl Into<Term>) {
        let property = self.vocabulary.term(property);
        self.quads.push(Quad::new(subject.clone(), property, object, self.graph.clone()));
    }

    pub fn kind(&mut self, subject: &NamedNode, class: &str) {
        let class = self.vocabulary.term(class);
        self.quads.push(Quad::new(subject.clone(), rdf::TYPE, class, self.graph.clone()));
    }

    pub fn number(&mut self, subject: &NamedNode, property: &str, number: u64) {
        self.record(subject, property, Literal::from(number));
    }

    pub fn text(&mut self, subject: &NamedNode, property: &str, text: &str) {
        self.record(subject, property, Literal::new_simple_literal(text));
    }
}

/// One node with its properties.
pub(crate) struct Record<'a> {
    pub iri: NamedNodeRef<'a>,
    pub vocabulary: &'a Vocabulary,
    properties: &'a [(NamedNode, Term)],
}

/// Hands on the node of every subject, sorted.
pub(crate) fn each(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary, mut read: impl FnMut(Record<'_>)) {
    let mut nodes: BTreeMap<String, Vec<(NamedNode, Term)>> = BTreeMap::new();
    for quad in quads {
        if let NamedOrBlankNode::NamedNode(subject) = quad.subject {
            nodes.entry(subject.into_string()).or_default().push((quad.predicate, quad.object));
        }
    }
    for (iri, properties) in &nodes {
        read(Record { iri: NamedNodeRef::new_unchecked(iri), vocabulary, properties });
    }
}

impl<'a> Record<'a> {
    pub fn number(&self, property: &str) -> Option<u64> {
        self.text(property)?.parse().ok()
    }

    pub fn text(&self, property: &str) -> Option<&'a str> {
        self.texts(property).next()
    }

    pub fn texts(&self, property: &str) -> impl Iterator<Item = &'a str> {
        self.literals(property).map(Literal::value)
    }

    pub fn literals(&self, property: &str) -> impl Iterator<Item = &'a Literal> {
        self.objects(property).filter_map(|object| match object {
            Term::Literal(literal) => Some(literal),
            _ => None,
        })
    }

    pub fn iris(&self, property: &str) -> impl Iterator<Item = NamedNodeRef<'a>> {
        self.objects(property).filter_map(|object| match object {
            Term::NamedNode(iri) => Some(iri.as_ref()),
            _ => None,
        })
    }

    fn objects(&self, property: &str) -> impl Iterator<Item = &'a Term> {
        let is_meant = move |known: &NamedNode| self.vocabulary.is_term(known.as_ref(), property);
        self.properties.iter().filter(move |(known, _)| is_meant(known)).map(|(_, object)| object)
    }
}
