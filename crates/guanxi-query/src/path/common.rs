//! What two have in common: investors that put money into both, regulators that reach both.

use guanxi_graph::Snapshot;
use guanxi_model::schema::{Direction, EdgeKind};
use guanxi_model::{EntityId, Schema, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::circles::along;
use super::{Filter, Hop, Path, PathError, node};
use crate::Completeness;
use crate::measure::{Network, SharedConfig, shared_sources};

/// What somebody may have in common with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// Whoever has money or shares in both, or controls both.
    Investors,
    /// Whoever regulates both: what a text or reference row says, and what follows from it (`reaches`).
    Regulators,
}

/// Settings of [`in_common`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonConfig {
    /// What they have in common.
    pub tie: Tie,
    /// Others with at least so many in common; 1.
    pub least: usize,
    /// Which facts may be used; asserted ones unless it names statuses.
    pub filter: Filter,
}

/// Others that have somebody in common with one.
#[derive(Clone, Debug, PartialEq)]
pub struct InCommon {
    /// With whom.
    pub start: EntityId,
    /// Those that have most in common first, then by id.
    pub others: Vec<Other>,
    /// Whether there are more.
    pub completeness: Completeness,
}

/// Another one, and how the two hang together.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// Who.
    pub entity: EntityId,
    /// For each that they have in common, by id: the way over it, from `start` to the other.
    pub ways: Vec<Path>,
}

/// The predicate of money that makes no owner.
const INVESTMENT: &str = "investsIn";

/// The other organizations that have investors, or regulators, in common with `start`.
///
/// # Errors
/// The graph has no such entity.
pub fn in_common(
    snapshot: &Snapshot,
    schema: &Schema,
    start: &EntityId,
    config: &CommonConfig,
) -> Result<InCommon, PathError> {
    let own = node(snapshot, start)?;
    let wanted = |name: &str| {
        let narrowed = config.filter.predicates.as_ref();
        let ties = schema.predicate(name).is_some_and(|predicate| match config.tie {
            Tie::Investors => predicate.walk.owners != Direction::None || name == INVESTMENT,
            Tie::Regulators => predicate.edge.is_some_and(|edge| edge.kind == EdgeKind::Regulation),
        });
        ties && narrowed.is_none_or(|wanted| wanted.iter().any(|wanted| **wanted == *name))
    };
    let admitted = config.filter.edges(snapshot, &[Status::Asserted]).predicates(snapshot, wanted);
    let network = Network::of(snapshot, &admitted);
    let settings = SharedConfig { least: config.least, of: Some(own.index() as u32), ..SharedConfig::default() };
    let found = shared_sources(&network, &settings);

    let is_a = |number: u32, class: &str| schema.is_a(snapshot.class(NodeIndex::new(number as usize)), class);
    let mut others = Vec::new();
    for ([_, other], mut shared) in found.pairs {
        // Who is regulated is no regulator, and a rule is nobody.
        shared.retain(|source| match config.tie {
            Tie::Investors => true,
            Tie::Regulators => is_a(*source, "Agent"),
        });
        shared.sort_by_key(|source| snapshot.rank(NodeIndex::new(*source as usize)));
        if shared.len() < config.least.max(1) || !is_a(other, "Organization") {
            continue;
        }
        let ways = shared.iter().filter_map(|source| {
            let (to_own, to_other) =
                (best(snapshot, &network, *source, own.index() as u32)?, best(snapshot, &network, *source, other)?);
            let there = along(snapshot, to_own);
            let back = Hop { from: there.to, to: there.from, forward: !there.forward, fact: there.fact };
            Some(Path { start: start.clone(), hops: vec![back, along(snapshot, to_other)] })
        });
        others.push((
            snapshot.rank(NodeIndex::new(other as usize)),
            Other { entity: snapshot.entity(NodeIndex::new(other as usize)).id.clone(), ways: ways.collect() },
        ));
    }
    others.sort_by(|(a, one), (b, other)| other.ways.len().cmp(&one.ways.len()).then(a.cmp(b)));
    let others = others.into_iter().map(|(_, other)| other).collect();
    Ok(InCommon { start: start.clone(), others, completeness: found.completeness })
}

/// Of the edges between two nodes the surest; of equals the first.
fn best(snapshot: &Snapshot, network: &Network, from: u32, to: u32) -> Option<EdgeIndex> {
    let columns = snapshot.columns();
    let between = network.out_edges(from).filter(|edge| network.target(*edge) == to);
    let edges = between.filter_map(|edge| network.origin(edge));
    edges.reduce(|best, edge| {
        let surer = columns.confidence(edge.index()) > columns.confidence(best.index());
        if surer { edge } else { best }
    })
}
