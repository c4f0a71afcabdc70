//! petgraph's visit traits: nodes weigh their entity, edges their fact.

use std::iter::{Map, Zip};
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
use super::csr::EdgeIds;

/// An edge as petgraph's algorithms see it; [`Snapshot::edge`] of its id tells the rest.
#[derive(Clone, Copy, Debug)]
pub struct EdgeReference<'a> {
    id: EdgeIndex,
    source: NodeIndex,
    target: NodeIndex,
    fact: &'a Fact,
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
        self.fact
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

impl Snapshot {
    fn ids_at(&self, node: NodeIndex, direction: Direction) -> EdgeIds<'_> {
        match direction {
            Direction::Outgoing => self.rows.outgoing(node.index()),
            Direction::Incoming => self.rows.incoming(node.index()),
        }
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

/// Edges at one node, or all of them, in order.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    snapshot: &'a Snapshot,
    ids: EdgeIds<'a>,
}

impl<'a> Iterator for Edges<'a> {
    type Item = EdgeReference<'a>;

    fn next(&mut self) -> Option<EdgeReference<'a>> {
        let id = self.ids.next()?;
        let (source, target) = self.snapshot.rows.ends(id);
        Some(EdgeReference {
            id: EdgeIndex::new(id),
            source: NodeIndex::new(source),
            target: NodeIndex::new(target),
            fact: &self.snapshot.facts[id],
        })
    }
}

/// The other ends of the edges at one node, in the order of the edges; one as often as it has edges.
#[derive(Clone, Debug)]
pub struct Neighbors<'a> {
    snapshot: &'a Snapshot,
    ids: EdgeIds<'a>,
    direction: Direction,
}

impl Iterator for Neighbors<'_> {
    type Item = NodeIndex;

    fn next(&mut self) -> Option<NodeIndex> {
        let (source, target) = self.snapshot.rows.ends(self.ids.next()?);
        Some(NodeIndex::new(if self.direction == Direction::Outgoing { target } else { source }))
    }
}

impl IntoNodeIdentifiers for &Snapshot {
    type NodeIdentifiers = Nodes;

    fn node_identifiers(self) -> Nodes {
        (0..self.node_count()).map(NodeIndex::new)
    }
}

impl<'a> IntoNodeReferences for &'a Snapshot {
    type NodeRef = (NodeIndex, &'a Entity);
    type NodeReferences = Zip<Nodes, slice::Iter<'a, Entity>>;

    fn node_references(self) -> Self::NodeReferences {
        self.node_identifiers().zip(&self.entities)
    }
}

impl<'a> IntoEdgeReferences for &'a Snapshot {
    type EdgeRef = EdgeReference<'a>;
    type EdgeReferences = Edges<'a>;

    fn edge_references(self) -> Edges<'a> {
        Edges { snapshot: self, ids: self.rows.all() }
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
        Neighbors { snapshot: self, ids: self.ids_at(node, direction), direction }
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
        Edges { snapshot: self, ids: self.ids_at(node, direction) }
    }
}
