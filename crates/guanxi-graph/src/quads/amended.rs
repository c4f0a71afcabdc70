//! A view of quads in which the default graph lacks some triples and has others.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::rc::Rc;

use oxigraph::model::{GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, Term, TermRef, Triple};
use oxigraph::sparql::QueryEvaluationError;
use oxigraph::store::{StorageError, Store};
use spareval::{InternalQuad, QueryableDataset};

/// How a default graph differs from the one that is written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Amendment {
    /// Triples that are taken not to stand there.
    pub hidden: Vec<Triple>,
    /// Triples that are taken to stand there, beside those that do; none of them does.
    pub shown: Vec<Triple>,
}

/// `base` under an amendment.
pub(super) struct Amended<'a, D: QueryableDataset<'a>> {
    base: D,
    hidden: Rc<HashSet<Terms<D::InternalTerm>>>,
    shown: Shown<D::InternalTerm>,
}

/// Subject, predicate and object.
type Terms<T> = [T; 3];

impl<'a, D: QueryableDataset<'a>> Amended<'a, D> {
    pub fn new(base: D, amendment: &Amendment) -> Result<Self, QueryEvaluationError> {
        let term =
            |term: Term| base.internalize_term(term).map_err(|error| QueryEvaluationError::Dataset(Box::new(error)));
        let terms = |triple: &Triple| {
            let Triple { subject, predicate, object } = triple.clone();
            Ok([term(subject.into())?, term(predicate.into())?, term(object)?])
        };
        let all = |triples: &[Triple]| triples.iter().map(terms).collect::<Result<Vec<_>, QueryEvaluationError>>();
        let hidden = all(&amendment.hidden)?.into_iter().collect::<HashSet<_>>();
        let shown = Shown::of(all(&amendment.shown)?);
        Ok(Self { base, hidden: Rc::new(hidden), shown })
    }
}

impl<'a, D: QueryableDataset<'a>> QueryableDataset<'a> for Amended<'a, D> {
    type InternalTerm = D::InternalTerm;
    type Error = D::Error;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
        graph_name: Option<Option<&D::InternalTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<D::InternalTerm>, D::Error>> + use<'a, D> {
        let hidden = Rc::clone(&self.hidden);
        let stands = move |quad: &InternalQuad<D::InternalTerm>| {
            let terms = || [quad.subject.clone(), quad.predicate.clone(), quad.object.clone()];
            hidden.is_empty() || quad.graph_name.is_some() || !hidden.contains(&terms())
        };
        let base = self.base.internal_quads_for_pattern(subject, predicate, object, graph_name);
        let kept = base.filter(move |quad| quad.as_ref().map_or(true, &stands));
        // Without a graph, those of all are asked for, the default graph among them.
        let shown = match graph_name.flatten() {
            None => self.shown.matching([subject, predicate, object]),
            Some(_) => Vec::new(),
        };
        kept.chain(
            shown
                .into_iter()
                .map(|[subject, predicate, object]| Ok(InternalQuad { subject, predicate, object, graph_name: None })),
        )
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<D::InternalTerm, D::Error>> + use<'a, D> {
        self.base.internal_named_graphs()
    }

    fn contains_internal_graph_name(&self, graph_name: &D::InternalTerm) -> Result<bool, D::Error> {
        self.base.contains_internal_graph_name(graph_name)
    }

    fn internalize_term(&self, term: Term) -> Result<D::InternalTerm, D::Error> {
        self.base.internalize_term(term)
    }

    fn externalize_term(&self, term: D::InternalTerm) -> Result<Term, D::Error> {
        self.base.externalize_term(term)
    }
}

/// Triples with an index of each of their places.
struct Shown<T> {
    triples: Vec<Terms<T>>,
    at: [HashMap<T, Vec<usize>>; 3],
}

impl<T: Clone + Eq + Hash> Shown<T> {
    fn of(triples: Vec<Terms<T>>) -> Self {
        let mut at = [HashMap::new(), HashMap::new(), HashMap::new()];
        for (number, triple) in triples.iter().enumerate() {
            for (index, term) in at.iter_mut().zip(triple) {
                index.entry(term.clone()).or_insert_with(Vec::new).push(number);
            }
        }
        Self { triples, at }
    }

    fn matching(&self, wanted: [Option<&T>; 3]) -> Vec<Terms<T>> {
        let fits =
            |triple: &&Terms<T>| triple.iter().zip(wanted).all(|(term, wanted)| wanted.is_none_or(|w| w == term));
        let given = wanted.iter().zip(&self.at).filter_map(|(wanted, index)| wanted.map(|term| index.get(term)));
        let fewest = given.map(|numbers| numbers.map_or(&[][..], Vec::as_slice)).min_by_key(|numbers| numbers.len());
        match fewest {
            Some(numbers) => numbers.iter().map(|number| &self.triples[*number]).filter(fits).cloned().collect(),
            None => self.triples.clone(),
        }
    }
}

/// oxigraph's store, whose own view is not public: terms are read out as they stand.
#[derive(Clone, Copy)]
pub(super) struct StoreView<'a>(pub &'a Store);

impl<'a> QueryableDataset<'a> for StoreView<'a> {
    type InternalTerm = Term;
    type Error = StorageError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Term>,
        predicate: Option<&Term>,
        object: Option<&Term>,
        graph_name: Option<Option<&Term>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Term>, StorageError>> + use<'a> {
        let graph =
            graph_name.map(|graph| graph.map_or(Some(GraphNameRef::DefaultGraph), |graph| Some(node(graph)?.into())));
        let pattern = || {
            let subject = optional(subject.map(node))?;
            let predicate = optional(predicate.map(named))?;
            Some((subject, predicate, optional(graph)?))
        };
        let quads = pattern().map(|(subject, predicate, graph)| {
            self.0.quads_for_pattern(subject, predicate, object.map(TermRef::from), graph)
        });
        quads.into_iter().flatten().map(|quad| quad.map(internal))
    }

    fn internalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }

    fn externalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }
}

/// `None` if a term is wanted that cannot stand there.
fn optional<T>(wanted: Option<Option<T>>) -> Option<Option<T>> {
    match wanted {
        Some(None) => None,
        other => Some(other.flatten()),
    }
}

fn node(term: &Term) -> Option<NamedOrBlankNodeRef<'_>> {
    match term {
        Term::NamedNode(node) => Some(node.as_ref().into()),
        Term::BlankNode(node) => Some(node.as_ref().into()),
        Term::Literal(_) => None,
    }
}

fn named(term: &Term) -> Option<NamedNodeRef<'_>> {
    match term {
        Term::NamedNode(node) => Some(node.as_ref()),
        Term::BlankNode(_) | Term::Literal(_) => None,
    }
}

fn internal(quad: Quad) -> InternalQuad<Term> {
    let graph_name = match quad.graph_name {
        GraphName::NamedNode(graph) => Some(graph.into()),
        GraphName::BlankNode(graph) => Some(graph.into()),
        GraphName::DefaultGraph => None,
    };
    InternalQuad { subject: quad.subject.into(), predicate: quad.predicate.into(), object: quad.object, graph_name }
}
