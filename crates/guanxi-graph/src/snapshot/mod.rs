//! An immutable view of one generation as a graph: entities are nodes, facts between entities are edges.
//!
//! Compressed sparse rows both ways, with the columns that walks ask for beside. Every petgraph algorithm runs on it.

mod build;
mod csr;
mod petgraph;

use ::petgraph::graph::{EdgeIndex, NodeIndex};
use guanxi_model::schema::EdgeKind;
use guanxi_model::{Entity, EntityId, Fact, Schema, Share};

use crate::Generation;
use crate::facts::is_plain;
use crate::jurisdiction::Jurisdictions;
use csr::Csr;

pub use self::build::stated_share;
pub use self::petgraph::{EdgeReference, Edges, Neighbors, Nodes, Visited};

/// Entities and the facts between them, of one generation.
///
/// A node stands for every entity, an edge for every fact whose object is an entity, **of every status**: planned, denied
/// and ended ones too, so whoever walks must filter. The arrow runs as the predicate's projection says (`subsidiaryOf`:
/// from parent to child). A symmetric predicate is one edge. Nodes are sorted by entity id; edges by where they start,
/// where they end, predicate and fact.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    entities: Vec<Entity>,
    facts: Vec<Fact>,
    rows: Csr,
    kinds: Vec<EdgeKind>,
    shares: Vec<Option<Share>>,
    jurisdictions: Jurisdictions,
}

/// One edge: a fact between two entities, turned as its predicate's projection says.
#[derive(Clone, Copy, Debug)]
pub struct EdgeView<'a> {
    /// Where the arrow starts.
    pub from: NodeIndex,
    /// Where it ends.
    pub to: NodeIndex,
    /// The fact; its subject may be either end.
    pub fact: &'a Fact,
    /// Local name of its predicate.
    pub predicate: &'a str,
    /// What kind of tie the predicate is; `Other` where the schema has no projection for it.
    pub kind: EdgeKind,
    /// The share that the fact states; else the one that its predicate tells by itself ("subsidiary": a majority).
    pub share: Option<Share>,
}

impl EdgeView<'_> {
    /// Whether the arrow runs from the fact's subject to its object.
    pub fn is_forward(&self, snapshot: &Snapshot) -> bool {
        snapshot.entity(self.from).id == self.fact.subject
    }
}

impl Snapshot {
    /// The snapshot of `generation`, its edges turned as `schema` says.
    ///
    /// # Panics
    /// As every method of [`Generation`], if its medium fails.
    pub fn of(generation: &Generation, schema: &Schema) -> Snapshot {
        let (entities, facts) = (generation.entities(), generation.facts());
        let plain = facts.iter().filter(|fact| is_plain(fact, generation.meta().fact_confidence));
        let jurisdictions = Jurisdictions::of(&entities, plain, generation.unions());
        Snapshot { jurisdictions, ..build::build(entities, facts, schema) }
    }

    /// The node of an entity, unless it was merged into another one; see [`Generation::representative`].
    pub fn node(&self, entity: &EntityId) -> Option<NodeIndex> {
        self.entities.binary_search_by(|known| known.id.cmp(entity)).ok().map(NodeIndex::new)
    }

    /// The entity of a node.
    ///
    /// # Panics
    /// If the node is not of this snapshot.
    pub fn entity(&self, node: NodeIndex) -> &Entity {
        &self.entities[node.index()]
    }

    /// Where an entity is at home, as derivations see it: its own country, else that of its headquarters, where a plain
    /// `headquarteredIn` tells a place whose country is known. ISO 3166-1, or the code of a union (`EU`).
    ///
    /// # Panics
    /// If the node is not of this snapshot.
    pub fn country(&self, node: NodeIndex) -> Option<&str> {
        self.jurisdictions.country(node.index())
    }

    /// Whether the authority of a public body extends to `subject`, as derivations see it (`jurisdiction`): both countries
    /// are known, and they are equal or that of `subject` is a member of the union of `authority`.
    ///
    /// # Panics
    /// If either node is not of this snapshot.
    pub fn has_jurisdiction(&self, authority: NodeIndex, subject: NodeIndex) -> bool {
        self.jurisdictions.covers(authority.index(), subject.index())
    }

    /// Every entity, in the order of nodes.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// An edge with all that is known of it.
    ///
    /// # Panics
    /// If the edge is not of this snapshot.
    pub fn edge(&self, edge: EdgeIndex) -> EdgeView<'_> {
        let (from, to) = self.rows.ends(edge.index());
        let fact = &self.facts[edge.index()];
        EdgeView {
            from: NodeIndex::new(from),
            to: NodeIndex::new(to),
            fact,
            predicate: &fact.predicate,
            kind: self.kinds[edge.index()],
            share: self.shares[edge.index()],
        }
    }

    /// Edges that start at `node`, in their order.
    ///
    /// # Panics
    /// If the node is not of this snapshot.
    pub fn outgoing(&self, node: NodeIndex) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        self.rows.outgoing(node.index()).map(EdgeIndex::new)
    }

    /// Edges that end at `node`, in their order.
    ///
    /// # Panics
    /// If the node is not of this snapshot.
    pub fn incoming(&self, node: NodeIndex) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        self.rows.incoming(node.index()).map(EdgeIndex::new)
    }

    /// Every edge, in order.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        (0..self.facts.len()).map(EdgeIndex::new)
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.entities.len()
    }

    /// Number of edges.
    pub fn edge_count(&self) -> usize {
        self.facts.len()
    }
}
