//! SPARQL over a table: terms stay numbers until somebody asks for them.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::rc::Rc;

use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::CancellationToken;
use spareval::{InternalQuad, QueryableDataset};
use spargebra::algebra::PropertyPathExpression;

use super::terms::DEFAULT_GRAPH;
use super::{Matching, Row, Table, walk};

/// A property path in the default graph that begins at a known node. In a query [`Walk::predicate`] stands for it: a triple
/// from `start` to each of its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// Where it begins.
    pub start: NamedNode,
    /// Where it leads.
    pub path: PropertyPathExpression,
}

impl Walk {
    /// What stands in a query for the walk of this number. Nobody can write it: it is no IRI.
    pub fn predicate(number: usize) -> NamedNode {
        NamedNode::new_unchecked(format!("{WALK}{number}"))
    }
}

const WALK: &str = "walk ";

/// A table as one query sees it.
pub(crate) struct View<'a> {
    table: &'a Table,
    walks: Vec<(Walk, OnceCell<Walked>)>,
    cancelled: CancellationToken,
}

/// Where a walk begins and ends.
#[derive(Clone)]
struct Walked {
    start: u32,
    ends: Rc<[u32]>,
}

impl<'a> View<'a> {
    pub fn new(table: &'a Table) -> Self {
        Self { table, walks: Vec::new(), cancelled: CancellationToken::new() }
    }

    pub fn walking(self, walks: Vec<Walk>, cancelled: CancellationToken) -> Self {
        Self { walks: walks.into_iter().map(|walk| (walk, OnceCell::new())).collect(), cancelled, ..self }
    }

    /// The walk of a number, made when it is first asked for.
    fn walked(&self, number: usize) -> Option<&Walked> {
        let (walk, walked) = self.walks.get(number)?;
        Some(walked.get_or_init(|| match self.table.number(&walk.start) {
            Some(start) => Walked { start, ends: walk::ends(self.table, start, &walk.path, &self.cancelled).into() },
            None => Walked { start: DEFAULT_GRAPH, ends: [].into() },
        }))
    }
}

/// A term in a query.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum QueryTerm {
    /// One that the table holds.
    Known(u32),
    /// The predicate of a walk.
    Walk(usize),
    /// One that the query made or brought along.
    Other(Box<Term>),
}

impl<'a> QueryableDataset<'a> for View<'a> {
    type InternalTerm = QueryTerm;
    type Error = Infallible;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, Infallible>> + use<'a> {
        let graph = graph_name.map(|graph| graph.map_or(Some(DEFAULT_GRAPH), known));
        if let Some(QueryTerm::Walk(number)) = predicate {
            let [subject, object] = [subject, object].map(|term| term.map(known));
            let walked = self.walked(*number).filter(|_| graph.flatten() == Some(DEFAULT_GRAPH));
            return Found::of_walk(walked, *number, subject, object);
        }
        let wanted = [subject.map(known), predicate.map(known), object.map(known), graph];
        let can_match = wanted.iter().all(|wanted| *wanted != Some(None));
        // Without a graph these are the quads of all, the default graph among them: the evaluator sorts out which it means.
        if can_match { Found::Rows(self.table.matching(wanted.map(Option::flatten))) } else { Found::Nothing }
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<QueryTerm, Infallible>> + use<'a> {
        let table: &'a Table = self.table;
        table.graph_numbers().map(|graph| Ok(QueryTerm::Known(graph)))
    }

    fn contains_internal_graph_name(&self, graph_name: &QueryTerm) -> Result<bool, Infallible> {
        let graph = known(graph_name).filter(|graph| *graph != DEFAULT_GRAPH);
        Ok(graph.is_some_and(|graph| self.table.matching([None, None, None, Some(graph)]).next().is_some()))
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, Infallible> {
        if let Term::NamedNode(iri) = &term
            && let Some(number) = iri.as_str().strip_prefix(WALK).and_then(|number| number.parse().ok())
        {
            return Ok(QueryTerm::Walk(number));
        }
        Ok(self.table.number(&term).map_or_else(|| QueryTerm::Other(Box::new(term)), QueryTerm::Known))
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, Infallible> {
        Ok(match term {
            QueryTerm::Known(number) => self.table.terms.term(&self.table.bytes, number),
            QueryTerm::Walk(number) => Walk::predicate(number).into(),
            QueryTerm::Other(term) => *term,
        })
    }
}

/// What fits a pattern.
enum Found<'a> {
    Nothing,
    Rows(Matching<'a>),
    /// The ends of a walk, from the place `at` to the place `end`.
    Walk {
        number: usize,
        walked: Walked,
        at: usize,
        end: usize,
    },
}

impl Found<'_> {
    /// The ends of a walk, or the one that is given; nothing where another beginning is.
    fn of_walk(
        walked: Option<&Walked>,
        number: usize,
        subject: Option<Option<u32>>,
        object: Option<Option<u32>>,
    ) -> Self {
        let Some(walked) = walked.filter(|walked| subject.is_none_or(|subject| subject == Some(walked.start))) else {
            return Self::Nothing;
        };
        let (at, end) = match object {
            None => (0, walked.ends.len()),
            Some(object) => match object.and_then(|object| walked.ends.binary_search(&object).ok()) {
                Some(at) => (at, at + 1),
                None => return Self::Nothing,
            },
        };
        Self::Walk { number, walked: walked.clone(), at, end }
    }
}

impl Iterator for Found<'_> {
    type Item = Result<InternalQuad<QueryTerm>, Infallible>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Nothing => None,
            Self::Rows(rows) => rows.next().map(|row| Ok(quad(row))),
            Self::Walk { at, end, .. } if at == end => None,
            Self::Walk { number, walked, at, .. } => {
                *at += 1;
                Some(Ok(InternalQuad {
                    subject: QueryTerm::Known(walked.start),
                    predicate: QueryTerm::Walk(*number),
                    object: QueryTerm::Known(walked.ends[*at - 1]),
                    graph_name: None,
                }))
            }
        }
    }
}

fn known(term: &QueryTerm) -> Option<u32> {
    match term {
        QueryTerm::Known(number) => Some(*number),
        QueryTerm::Walk(_) | QueryTerm::Other(_) => None,
    }
}

fn quad([subject, predicate, object, graph]: Row) -> InternalQuad<QueryTerm> {
    InternalQuad {
        subject: QueryTerm::Known(subject),
        predicate: QueryTerm::Known(predicate),
        object: QueryTerm::Known(object),
        graph_name: (graph != DEFAULT_GRAPH).then_some(QueryTerm::Known(graph)),
    }
}
