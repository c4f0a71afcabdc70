//! The quads of RocksDB, which keeps them by hash, in the order of their bytes.

use std::collections::BTreeSet;

use oxigraph::model::{GraphName, GraphNameRef, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad};
use oxigraph::store::{StorageError, Store};

type Found = Result<Quad, StorageError>;

/// Graph by graph, the default graph first, the lines of each sorted.
pub(super) fn by_graph(store: &Store) -> impl Iterator<Item = Found> {
    let graphs = store.named_graphs().map(|graph| graph.map(GraphName::from)).collect::<Result<Vec<_>, _>>();
    let (mut graphs, failure) = match graphs {
        Ok(graphs) => (graphs, None),
        Err(error) => (Vec::new(), Some(Err(error))),
    };
    graphs.sort_by_cached_key(ToString::to_string);
    let graphs = [GraphName::DefaultGraph].into_iter().chain(graphs);
    failure.into_iter().chain(graphs.flat_map(|graph| {
        sorted(store.quads_for_pattern(None, None, None, Some(graph.as_ref())), |quad| quad.to_string())
    }))
}

/// Those whose subject's IRI begins with `namespace`, in one graph or in all, sorted by subject, predicate, object, graph.
pub(super) fn below<'a>(
    store: &'a Store,
    namespace: &str,
    graph: Option<GraphNameRef<'_>>,
) -> impl Iterator<Item = Found> + use<'a> {
    let mut subjects = BTreeSet::new();
    let mut failure = None;
    for quad in store.quads_for_pattern(None, None, None, graph) {
        match quad {
            Ok(Quad { subject: NamedOrBlankNode::NamedNode(subject), .. })
                if subject.as_str().starts_with(namespace) =>
            {
                subjects.insert(subject.to_string());
            }
            Ok(_) => {}
            Err(error) => failure = Some(Err(error)),
        }
    }
    let graph = graph.map(GraphNameRef::into_owned);
    failure.into_iter().chain(subjects.into_iter().flat_map(move |subject| {
        let subject = NamedNode::new_unchecked(&subject[1..subject.len() - 1]);
        let (subject, graph) = (NamedNodeRef::from(&subject), graph.as_ref().map(GraphName::as_ref));
        sorted(store.quads_for_pattern(Some(subject.into()), None, None, graph), triple_then_graph)
    }))
}

fn triple_then_graph(quad: &Quad) -> String {
    let triple = format!("{} {} {}", quad.subject, quad.predicate, quad.object);
    match &quad.graph_name {
        GraphName::DefaultGraph => triple,
        graph => format!("{triple} {graph}"),
    }
}

fn sorted(quads: impl Iterator<Item = Found>, key: impl Fn(&Quad) -> String) -> Box<dyn Iterator<Item = Found>> {
    match quads.collect::<Result<Vec<Quad>, _>>() {
        Ok(mut quads) => {
            quads.sort_by_cached_key(key);
            Box::new(quads.into_iter().map(Ok))
        }
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}
