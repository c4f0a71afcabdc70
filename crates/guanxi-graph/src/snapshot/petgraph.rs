//! petgraph's visit traits: nodes weigh their entity, edges their fact.

use std::iter::Map;
use std::ops::Range;
use std::slice;

use guanxi_model::{Entity, Fact};
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{
    Data, EdgeCount, EdgeIndexable, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges, IntoEdgesDirected,
    IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences, NodeCompactIndexable, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, Direction};

use super::Snapshot;
use super::columns::Columns;

/// An edge as petgraph's algorithms see it; [`Snapshot::edge`] of its id tells the rest.
#[derive(Clone, Copy, Debug)]
pub struct EdgeReference<'a> {
    id: EdgeIndex,
    source: NodeIndex,
    target: NodeIndex,
    snapshot: &'a Snapshot,
}

impl<'a> EdgeRef for EdgeReference<'a> {
    type NodeId = NodeIndex;
    type EdgeId = EdgeIndex;
    type Weight = Fact;

    fn source(&self) -> NodeIndex {
        self.source
    }

    fn target(&self) -> NodeIndex {
        self.target
    }

    fn weight(&self) -> &'a Fact {
        self.snapshot.fact(self.id)
    }

    fn id(&self) -> EdgeIndex {
        self.id
    }
}

/// Which nodes an algorithm has been at.
#[derive(Clone, Debug, Default)]
pub struct Visited(Vec<bool>);

impl VisitMap<NodeIndex> for Visited {
    fn visit(&mut self, node: NodeIndex) -> bool {
        !std::mem::replace(&mut self.0[node.index()], true)
    }

    fn is_visited(&self, node: &NodeIndex) -> bool {
        self.0[node.index()]
    }

    fn unvisit(&mut self, node: NodeIndex) -> bool {
        std::mem::replace(&mut self.0[node.index()], false)
    }
}

impl GraphBase for Snapshot {
    type NodeId = NodeIndex;
    type EdgeId = EdgeIndex;
}

impl Data for Snapshot {
    type NodeWeight = Entity;
    type EdgeWeight = Fact;
}

impl GraphProp for Snapshot {
    type EdgeType = Directed;
}

impl NodeCount for Snapshot {
    fn node_count(&self) -> usize {
        self.node_count()
    }
}

impl EdgeCount for Snapshot {
    fn edge_count(&self) -> usize {
        self.edge_count()
    }
}

impl NodeIndexable for Snapshot {
    fn node_bound(&self) -> usize {
        self.node_count()
    }

    fn to_index(&self, node: NodeIndex) -> usize {
        node.index()
    }

    fn from_index(&self, index: usize) -> NodeIndex {
        NodeIndex::new(index)
    }
}

impl NodeCompactIndexable for Snapshot {}

impl EdgeIndexable for Snapshot {
    fn edge_bound(&self) -> usize {
        self.edge_count()
    }

    fn to_index(&self, edge: EdgeIndex) -> usize {
        edge.index()
    }

    fn from_index(&self, index: usize) -> EdgeIndex {
        EdgeIndex::new(index)
    }
}

impl Visitable for Snapshot {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.node_count()])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.node_count(), false);
    }
}

/// Nodes in order.
pub type Nodes = Map<Range<usize>, fn(usize) -> NodeIndex>;

/// Nodes with their entities, in order.
#[derive(Clone, Debug)]
pub struct NodeReferences<'a> {
    snapshot: &'a Snapshot,
    nodes: Range<usize>,
}

impl<'a> Iterator for NodeReferences<'a> {
    type Item = (NodeIndex, &'a Entity);

    fn next(&mut self) -> Option<Self::Item> {
        let node = self.nodes.next().map(NodeIndex::new)?;
        Some((node, self.snapshot.entity(node)))
    }
}

/// Edges at one node, or all of them, in order.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    snapshot: &'a Snapshot,
    columns: Columns<'a>,
    ids: EdgeIds<'a>,
    /// Where the edges of a run start; those of a list end there.
    node: u32,
}

/// Numbers of edges: the outgoing ones of a node are a run, the incoming ones a list.
#[derive(Clone, Debug)]
enum EdgeIds<'a> {
    Out(Range<usize>),
    In(slice::Iter<'a, u32>),
    /// Of all nodes: the node at hand moves on with the run.
    All(Range<usize>),
}

impl<'a> Edges<'a> {
    fn at(snapshot: &'a Snapshot, node: NodeIndex, direction: Direction) -> Self {
        let (columns, node) = (snapshot.columns(), node.index() as u32);
        let ids = match direction {
            Direction::Outgoing => EdgeIds::Out(columns.out_edges(node)),
            Direction::Incoming => EdgeIds::In(columns.in_edges(node).iter()),
        };
        Self { snapshot, columns, ids, node }
    }
}

impl<'a> Iterator for Edges<'a> {
    type Item = EdgeReference<'a>;

    fn next(&mut self) -> Option<EdgeReference<'a>> {
        let (id, source, target) = match &mut self.ids {
            EdgeIds::Out(run) => run.next().map(|edge| (edge, self.node, self.columns.target(edge))),
            EdgeIds::In(list) => {
                list.next().map(|edge| (*edge as usize, self.columns.source(*edge as usize), self.node))
            }
            EdgeIds::All(run) => run.next().map(|edge| {
                while self.columns.out_edges(self.node).end <= edge {
                    self.node += 1;
                }
                (edge, self.node, self.columns.target(edge))
            }),
        }?;
        let [source, target] = [source, target].map(|node| NodeIndex::new(node as usize));
        Some(EdgeReference { id: EdgeIndex::new(id), source, target, snapshot: self.snapshot })
    }
}

/// The other ends of the edges at one node, in the order of the edges; one as often as it has edges.
pub type Neighbors<'a> = Map<slice::Iter<'a, u32>, fn(&u32) -> NodeIndex>;

impl IntoNodeIdentifiers for &Snapshot {
    type NodeIdentifiers = Nodes;

    fn node_identifiers(self) -> Nodes {
        (0..self.node_count()).map(NodeIndex::new)
    }
}

impl<'a> IntoNodeReferences for &'a Snapshot {
    type NodeRef = (NodeIndex, &'a Entity);
    type NodeReferences = NodeReferences<'a>;

    fn node_references(self) -> NodeReferences<'a> {
        NodeReferences { snapshot: self, nodes: 0..self.node_count() }
    }
}

impl<'a> IntoEdgeReferences for &'a Snapshot {
    type EdgeRef = EdgeReference<'a>;
    type EdgeReferences = Edges<'a>;

    fn edge_references(self) -> Edges<'a> {
        Edges { snapshot: self, columns: self.columns(), ids: EdgeIds::All(0..self.edge_count()), node: 0 }
    }
}

impl<'a> IntoNeighbors for &'a Snapshot {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, node: NodeIndex) -> Neighbors<'a> {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoNeighborsDirected for &'a Snapshot {
    type NeighborsDirected = Neighbors<'a>;

    fn neighbors_directed(self, node: NodeIndex, direction: Direction) -> Neighbors<'a> {
        let (columns, node) = (self.columns(), node.index() as u32);
        let others = match direction {
            Direction::Outgoing => columns.targets(node),
            Direction::Incoming => columns.sources(node),
        };
        others.iter().map(|other| NodeIndex::new(*other as usize))
    }
}

impl<'a> IntoEdges for &'a Snapshot {
    type Edges = Edges<'a>;

    fn edges(self, node: NodeIndex) -> Edges<'a> {
        self.edges_directed(node, Direction::Outgoing)
    }
}

impl<'a> IntoEdgesDirected for &'a Snapshot {
    type EdgesDirected = Edges<'a>;

    fn edges_directed(self, node: NodeIndex, direction: Direction) -> Edges<'a> {
        Edges::at(self, node, direction)
    }
}
