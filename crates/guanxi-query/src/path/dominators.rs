//! Whom all paths pass: without whom somebody would not reach what it reaches.

use std::collections::BTreeSet;

use guanxi_graph::Snapshot;
use guanxi_model::{EntityId, Schema, Status};
use petgraph::graph::NodeIndex;

use super::reach::Tree;
use super::{PathError, ReachConfig, Steps, node};
use crate::{Completeness, Stop};

/// Settings of [`dominators`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DominatorsConfig {
    /// What is reached, and along which facts.
    pub reach: ReachConfig,
    /// Greatest number of entities that are left out in turn, those nearest to the start first; 1,000.
    pub searches: usize,
}

impl Default for DominatorsConfig {
    fn default() -> Self {
        Self { reach: ReachConfig::default(), searches: 1_000 }
    }
}

/// Whom all paths from one entity pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dominators {
    /// From whom.
    pub start: EntityId,
    /// How much it reaches.
    pub reached: usize,
    /// Those without whom it would reach less; those who count most first, then by id.
    pub gates: Vec<Gate>,
    /// Whether there are more.
    pub completeness: Completeness,
}

/// Somebody whom all paths to something pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Who.
    pub entity: EntityId,
    /// What is not reached without, sorted.
    pub only_way_to: Vec<EntityId>,
}

/// For each entity on the way from `start` to others, what `start` does not reach without it, along the schema's walk for
/// `reach` and within its greatest number of hops. Derived facts are left aside: they are shortcuts.
///
/// Each is left out in turn, and the search made again. petgraph has dominators in one pass, but of nodes alone; here what
/// may follow depends on how a node was come to.
///
/// # Errors
/// The graph has no such entity.
pub fn dominators(
    snapshot: &Snapshot,
    schema: &Schema,
    start: &EntityId,
    config: &DominatorsConfig,
) -> Result<Dominators, PathError> {
    let source = node(snapshot, start)?;
    let mut steps = Steps::new(snapshot, schema, &config.reach.filter, &[Status::Asserted], false, |walk| walk.reach);
    let whole = Tree::grow(&steps, source, config.reach.max_hops);
    let wanted =
        |node: NodeIndex| config.reach.class.as_ref().is_none_or(|wanted| schema.is_a(snapshot.class(node), wanted));
    let targets: BTreeSet<NodeIndex> = whole.reached().filter(|node| *node != source && wanted(*node)).collect();

    let mut inner: Vec<(u32, u32, NodeIndex)> = whole
        .passed()
        .into_iter()
        .filter(|node| *node != source)
        .map(|node| (whole.hops(node).unwrap_or(0), snapshot.rank(node), node))
        .collect();
    inner.sort_unstable();
    let mut completeness = Completeness::within_hops(config.reach.max_hops, whole.cut);
    if inner.len() > config.searches {
        inner.truncate(config.searches);
        completeness = Completeness::Stopped(Stop::Searches(config.searches));
    }
    let mut gates = Vec::new();
    for (.., gate) in inner {
        steps.without = Some(gate);
        let rest = Tree::grow(&steps, source, config.reach.max_hops);
        let lost = targets.iter().filter(|target| **target != gate && rest.hops(**target).is_none());
        let mut only_way_to: Vec<EntityId> = lost.map(|node| snapshot.entity(*node).id.clone()).collect();
        if !only_way_to.is_empty() {
            only_way_to.sort();
            gates.push(Gate { entity: snapshot.entity(gate).id.clone(), only_way_to });
        }
    }
    gates.sort_by(|a, b| b.only_way_to.len().cmp(&a.only_way_to.len()).then_with(|| a.entity.cmp(&b.entity)));
    Ok(Dominators { start: start.clone(), reached: targets.len(), gates, completeness })
}
