//! The quads of a generation, whichever form they stand in: one way to look them up and to run a query on them.

mod amended;
mod order;
mod table;

use std::fmt;

use oxigraph::model::{GraphName, GraphNameRef, NamedNodeRef, NamedOrBlankNodeRef, Quad, QuadRef, TermRef};
use oxigraph::sparql::{CancellationToken, PreparedSparqlQuery, QueryEvaluationError, QueryResults};
use oxigraph::store::{StorageError, Store};

use amended::{Amended, StoreView};
use table::View;

pub use amended::Amendment;
pub use table::Walk;
pub(crate) use table::{Bytes, Carrier, Numbers, SortedQuads, Table, TableBuilder, TableError};

/// The quads of a generation; read-only.
pub struct Quads(Form);

enum Form {
    Table(Table),
    RocksDb(Store),
}

impl Quads {
    /// The quads that fit what is given; without a graph, those of all graphs, the default graph among them.
    pub fn quads_for_pattern<'a>(
        &'a self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<GraphNameRef<'_>>,
    ) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + 'a> {
        match &self.0 {
            Form::Table(table) => Box::new(table.quads(subject, predicate, object, graph).map(Ok)),
            Form::RocksDb(store) => Box::new(store.quads_for_pattern(subject, predicate, object, graph)),
        }
    }

    /// Whether the quad is there.
    ///
    /// # Errors
    /// If the medium fails.
    pub fn contains<'q>(&self, quad: impl Into<QuadRef<'q>>) -> Result<bool, StorageError> {
        let QuadRef { subject, predicate, object, graph_name } = quad.into();
        self.quads_for_pattern(Some(subject), Some(predicate), Some(object), Some(graph_name))
            .next()
            .transpose()
            .map(|found| found.is_some())
    }

    /// Every graph that has a name, in no particular order.
    pub fn named_graphs(&self) -> Box<dyn Iterator<Item = Result<GraphName, StorageError>> + '_> {
        match &self.0 {
            Form::Table(table) => Box::new(table.named_graphs().map(Ok)),
            Form::RocksDb(store) => Box::new(store.named_graphs().map(|graph| graph.map(GraphName::from))),
        }
    }

    /// Every quad in the order of a dump: the default graph first, then graphs by the bytes of their names, lines by bytes.
    ///
    /// A table holds them so; of RocksDB, one graph at a time is sorted in memory.
    pub fn in_order(&self) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + '_> {
        match &self.0 {
            Form::Table(table) => Box::new(table.quads(None, None, None, None).map(Ok)),
            Form::RocksDb(store) => Box::new(order::by_graph(store)),
        }
    }

    /// Every quad, sorted by subject, predicate, object and graph: what several graphs say of one subject stands together.
    ///
    /// Of RocksDB, the subjects are sorted in memory.
    pub fn by_subject(&self) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + '_> {
        match &self.0 {
            Form::Table(table) => Box::new(table.quads_by_subject().map(Ok)),
            Form::RocksDb(store) => Box::new(order::below(store, "", None)),
        }
    }

    /// The quads in `graph` whose subject's IRI begins with `namespace`, in the order of a dump.
    ///
    /// Of RocksDB, the subjects are sorted in memory.
    pub fn below<'a>(
        &'a self,
        namespace: &str,
        graph: GraphNameRef<'_>,
    ) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + 'a> {
        match &self.0 {
            Form::Table(table) => Box::new(table.quads_below(namespace, graph).map(Ok)),
            Form::RocksDb(store) => Box::new(order::below(store, namespace, Some(graph))),
        }
    }

    /// The table that they stand in; `None` of RocksDB.
    pub(crate) fn table(&self) -> Option<&Table> {
        match &self.0 {
            Form::Table(table) => Some(table),
            Form::RocksDb(_) => None,
        }
    }

    /// Every quad.
    pub fn iter(&self) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + '_> {
        self.quads_for_pattern(None, None, None, None)
    }

    /// Number of quads.
    ///
    /// # Errors
    /// If the medium fails.
    pub fn len(&self) -> Result<usize, StorageError> {
        match &self.0 {
            Form::Table(table) => Ok(table.len()),
            Form::RocksDb(store) => store.len(),
        }
    }

    /// Whether there is none.
    ///
    /// # Errors
    /// If the medium fails.
    pub fn is_empty(&self) -> Result<bool, StorageError> {
        self.len().map(|count| count == 0)
    }

    /// Runs a query.
    ///
    /// # Errors
    /// If its evaluation fails.
    pub fn execute(&self, query: PreparedSparqlQuery) -> Result<QueryResults<'_>, QueryEvaluationError> {
        match &self.0 {
            Form::Table(table) => query.on_queryable_dataset(View::new(table)).execute(),
            Form::RocksDb(store) => query.on_store(store).execute(),
        }
    }

    /// Whether [`Quads::execute_walking`] can be asked: a table walks, RocksDB leaves paths to the evaluator.
    pub fn walks(&self) -> bool {
        matches!(self.0, Form::Table(_))
    }

    /// Runs a query in which [`Walk::predicate`] stands for walks. A walk that is cancelled ends nowhere.
    ///
    /// # Errors
    /// If its evaluation fails.
    pub fn execute_walking(
        &self,
        query: PreparedSparqlQuery,
        walks: Vec<Walk>,
        cancelled: CancellationToken,
    ) -> Result<QueryResults<'_>, QueryEvaluationError> {
        match &self.0 {
            Form::Table(table) => query.on_queryable_dataset(View::new(table).walking(walks, cancelled)).execute(),
            Form::RocksDb(store) => query.on_store(store).execute(),
        }
    }

    /// Runs a query as if the default graph were another one.
    ///
    /// # Errors
    /// If its evaluation fails.
    pub fn execute_amended(
        &self,
        query: PreparedSparqlQuery,
        amendment: &Amendment,
    ) -> Result<QueryResults<'_>, QueryEvaluationError> {
        match &self.0 {
            Form::Table(table) => query.on_queryable_dataset(Amended::new(View::new(table), amendment)?).execute(),
            Form::RocksDb(store) => query.on_queryable_dataset(Amended::new(StoreView(store), amendment)?).execute(),
        }
    }
}

impl fmt::Debug for Quads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Table(table) => table.fmt(f),
            Form::RocksDb(_) => f.write_str("RocksDb"),
        }
    }
}

impl From<Table> for Quads {
    fn from(table: Table) -> Self {
        Self(Form::Table(table))
    }
}

impl From<Store> for Quads {
    fn from(store: Store) -> Self {
        Self(Form::RocksDb(store))
    }
}
