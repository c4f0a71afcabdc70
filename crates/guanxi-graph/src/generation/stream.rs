//! A generation one thing at a time, for whoever must not hold all of it: an export of a large store.
//!
//! All of it comes in the order of a dump, which is the same for equal contents. In the form of a table nothing is
//! gathered; of RocksDB, which keeps no such order, the names of the subjects are.

use guanxi_model::{Document, DocumentId, Entity, EntityId, Fact};
use oxigraph::model::{GraphName, NamedNode, Quad, Term};
use oxigraph::store::StorageError;

use super::{DecodeError, Generation, decode_document, decode_fact, decode_merged_entity, subject};

impl Generation {
    /// The quads of a dump, in its order.
    pub fn quads_in_order(&self) -> impl Iterator<Item = Quad> + '_ {
        self.without_history(self.quads.in_order())
    }

    /// The same, sorted by subject, predicate, object and graph: what several graphs say of one subject stands together.
    pub fn quads_by_subject(&self) -> impl Iterator<Item = Quad> + '_ {
        self.without_history(self.quads.by_subject())
    }

    fn without_history<'a>(
        &'a self,
        quads: impl Iterator<Item = Result<Quad, StorageError>> + 'a,
    ) -> impl Iterator<Item = Quad> + 'a {
        let history = GraphName::from(self.vocabulary.history_graph());
        quads.map(|quad| self.read(quad)).filter(move |quad| quad.graph_name != history)
    }

    /// Every fact: those of texts and derivations first, then those of the reference data.
    pub fn each_fact(&self) -> impl Iterator<Item = Fact> + '_ {
        self.decode_each_fact().map(|fact| self.read(fact))
    }

    pub(super) fn decode_each_fact(&self) -> impl Iterator<Item = Result<Fact, DecodeError>> + '_ {
        let namespace = format!("{}fact/", self.vocabulary.base());
        let graphs = [self.vocabulary.facts_graph(), self.vocabulary.reference_graph()];
        let subjects = graphs.into_iter().flat_map(move |graph| self.subjects(&namespace, &graph));
        subjects.map(|quads| {
            let claims = quads.first().and_then(subject).map(|fact| self.claims_of(fact)).unwrap_or_default();
            decode_fact(quads, claims, &self.vocabulary)
        })
    }

    /// Every entity after merging.
    pub fn each_entity(&self) -> impl Iterator<Item = Entity> + '_ {
        let namespace = format!("{}id/", self.vocabulary.base());
        let entities = self.subjects(&namespace, &self.vocabulary.facts_graph());
        entities.filter_map(|quads| self.merged_entity(&quads))
    }

    /// The entity of this id after merging; `None` of one that was merged into another.
    pub fn entity(&self, id: &EntityId) -> Option<Entity> {
        let graph = self.vocabulary.facts_graph();
        self.merged_entity(&self.about(&self.vocabulary.entity(id), Some(graph.as_ref().into())))
    }

    /// Every document, as in [`Generation::documents`].
    pub fn each_document(&self) -> impl Iterator<Item = Document> + '_ {
        let documents = self.document_graphs().into_iter();
        documents.map(|graph| self.read(decode_document(self.about(&graph, None), &self.vocabulary)))
    }

    /// The document of this id.
    pub fn document(&self, id: &DocumentId) -> Option<Document> {
        let quads = self.about(&self.vocabulary.document(id), None);
        (!quads.is_empty()).then(|| self.read(decode_document(quads, &self.vocabulary)))
    }

    /// The quads in `graph` of each subject whose IRI begins with `namespace`.
    fn subjects(&self, namespace: &str, graph: &NamedNode) -> impl Iterator<Item = Vec<Quad>> + use<'_> {
        let quads = self.quads.below(namespace, graph.as_ref().into());
        by_subject(quads.map(|quad: Result<Quad, StorageError>| self.read(quad)))
    }

    fn merged_entity(&self, quads: &[Quad]) -> Option<Entity> {
        let detail = quads.iter().find(|quad| self.vocabulary.is_term(quad.predicate.as_ref(), "detail"))?;
        let (Some(iri), Term::Literal(literal)) = (subject(detail), &detail.object) else { return None };
        Some(self.read(decode_merged_entity(iri, literal, &self.vocabulary)))
    }
}

/// Quads of one subject after the other, those of each together.
fn by_subject(quads: impl Iterator<Item = Quad>) -> impl Iterator<Item = Vec<Quad>> {
    let mut quads = quads.peekable();
    std::iter::from_fn(move || {
        let mut same = vec![quads.next()?];
        while let Some(quad) = quads.next_if(|quad| quad.subject == same[0].subject) {
            same.push(quad);
        }
        Some(same)
    })
}
