//! SPARQL over a table: terms stay numbers until somebody asks for them.

use std::convert::Infallible;

use oxigraph::model::Term;
use spareval::{InternalQuad, QueryableDataset};

use super::terms::DEFAULT_GRAPH;
use super::{Row, Table};

/// A term in a query.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum QueryTerm {
    /// One that the table holds.
    Known(u32),
    /// One that the query made or brought along.
    Other(Box<Term>),
}

impl<'a> QueryableDataset<'a> for &'a Table {
    type InternalTerm = QueryTerm;
    type Error = Infallible;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&QueryTerm>,
        predicate: Option<&QueryTerm>,
        object: Option<&QueryTerm>,
        graph_name: Option<Option<&QueryTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<QueryTerm>, Infallible>> + use<'a> {
        let table: &'a Table = self;
        let graph = graph_name.map(|graph| graph.map_or(Some(DEFAULT_GRAPH), known));
        let wanted = [subject.map(known), predicate.map(known), object.map(known), graph];
        let can_match = wanted.iter().all(|wanted| *wanted != Some(None));
        let rows = can_match.then(|| table.matching(wanted.map(Option::flatten)));
        // Without a graph these are the quads of all, the default graph among them: the evaluator sorts out which it means.
        rows.into_iter().flatten().map(|row| Ok(quad(row)))
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<QueryTerm, Infallible>> + use<'a> {
        let table: &'a Table = self;
        table.graph_numbers().map(|graph| Ok(QueryTerm::Known(graph)))
    }

    fn contains_internal_graph_name(&self, graph_name: &QueryTerm) -> Result<bool, Infallible> {
        let graph = known(graph_name).filter(|graph| *graph != DEFAULT_GRAPH);
        Ok(graph.is_some_and(|graph| self.matching([None, None, None, Some(graph)]).next().is_some()))
    }

    fn internalize_term(&self, term: Term) -> Result<QueryTerm, Infallible> {
        Ok(self.number(&term).map_or_else(|| QueryTerm::Other(Box::new(term)), QueryTerm::Known))
    }

    fn externalize_term(&self, term: QueryTerm) -> Result<Term, Infallible> {
        Ok(match term {
            QueryTerm::Known(number) => self.terms.term(&self.bytes, number),
            QueryTerm::Other(term) => *term,
        })
    }
}

fn known(term: &QueryTerm) -> Option<u32> {
    match term {
        QueryTerm::Known(number) => Some(*number),
        QueryTerm::Other(_) => None,
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
