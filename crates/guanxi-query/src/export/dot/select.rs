//! Which facts and entities a picture shows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use guanxi_graph::Snapshot;
use guanxi_model::schema::{Direction, EdgeKind};
use guanxi_model::{Basis, Entity, EntityId, Fact, FactId, Schema, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::{DotConfig, Hidden, Scope};
use crate::path::{Path, PathError};

/// The edges to draw, and those left out, each with the count that it belongs to.
pub(super) struct Selection {
    pub(super) shown: Vec<EdgeIndex>,
    hidden: Vec<(EdgeIndex, Count)>,
}

type Count = fn(&mut Hidden) -> &mut usize;

impl Selection {
    pub(super) fn of(snapshot: &Snapshot, schema: &Schema, scope: &Scope<'_>, config: &DotConfig) -> Self {
        match scope {
            Scope::Paths(paths) => Self::of_paths(snapshot, paths.iter()),
            Scope::Reach(reach) => Self::of_paths(snapshot, reach.targets.iter().map(|target| &target.path)),
            Scope::Whole | Scope::Around { .. } | Scope::Owners { .. } => {
                let mut selection = Self::of_facts(snapshot, schema, scope, config);
                if matches!(scope, Scope::Whole) && !config.background {
                    selection.leave_out_background(snapshot);
                }
                selection
            }
        }
    }

    /// The edges that `admits` lets through; none of the others counts as hidden.
    pub(super) fn admitted(snapshot: &Snapshot, schema: &Schema, admits: impl Fn(&Fact) -> bool) -> Self {
        let admitted = |edge: &EdgeIndex| {
            let fact = snapshot.edge(*edge).fact;
            admits(fact) && !is_shortcut(fact, schema)
        };
        Self { shown: snapshot.edges().filter(admitted).collect(), hidden: Vec::new() }
    }

    fn of_paths<'a>(snapshot: &Snapshot, paths: impl Iterator<Item = &'a Path>) -> Self {
        let wanted: BTreeSet<&FactId> = paths.flat_map(|path| &path.hops).map(|hop| &hop.fact.id).collect();
        let shown = snapshot.edges().filter(|&edge| wanted.contains(&snapshot.edge(edge).fact.id)).collect();
        Self { shown, hidden: Vec::new() }
    }

    fn of_facts(snapshot: &Snapshot, schema: &Schema, scope: &Scope<'_>, config: &DotConfig) -> Self {
        let mut selection = Self { shown: Vec::new(), hidden: Vec::new() };
        for edge in snapshot.edges() {
            let fact = snapshot.edge(edge).fact;
            if matches!(scope, Scope::Owners { .. }) && !is_holding(fact, schema) {
                continue;
            }
            match reason_to_hide(fact, schema, config) {
                Some(count) => selection.hidden.push((edge, count)),
                None => selection.shown.push(edge),
            }
        }
        selection
    }

    fn leave_out_background(&mut self, snapshot: &Snapshot) {
        let told = told(snapshot, &self.shown);
        let is_told = |edge: &EdgeIndex| {
            let view = snapshot.edge(*edge);
            told.contains(&view.from) && told.contains(&view.to)
        };
        let (shown, background): (Vec<_>, Vec<_>) = self.shown.iter().copied().partition(is_told);
        let count: Count = |hidden| &mut hidden.background;
        self.hidden.extend(background.into_iter().map(|edge| (edge, count)));
        self.shown = shown;
    }

    /// Counts the facts left out that would have stood in the picture.
    pub(super) fn count_hidden(
        &self,
        snapshot: &Snapshot,
        scope: &Scope<'_>,
        distances: &BTreeMap<&EntityId, usize>,
        hidden: &mut Hidden,
    ) {
        let would_lead_on = |node| match (scope, distances.get(&snapshot.entity(node).id)) {
            (Scope::Whole, _) => true,
            (Scope::Around { hops, .. } | Scope::Owners { hops, .. }, Some(&distance)) => distance < *hops as usize,
            _ => false,
        };
        for (edge, count) in &self.hidden {
            let view = snapshot.edge(*edge);
            *count(hidden) += usize::from(would_lead_on(view.from) || would_lead_on(view.to));
        }
    }
}

fn reason_to_hide(fact: &Fact, schema: &Schema, config: &DotConfig) -> Option<Count> {
    if fact.status == Status::Denied && !config.denied {
        Some(|hidden| &mut hidden.denied)
    } else if config.has_ended(fact) && !config.ended {
        Some(|hidden| &mut hidden.ended)
    } else if fact.confidence < config.min_confidence {
        Some(|hidden| &mut hidden.doubtful)
    } else if fact.unverified && config.verified {
        Some(|hidden| &mut hidden.unverified)
    } else if is_shortcut(fact, schema) {
        Some(|hidden| &mut hidden.shortcuts)
    } else {
        None
    }
}

/// Derived from a whole path, and therefore never walked: drawn, it would hide the arrows that explain it.
fn is_shortcut(fact: &Fact, schema: &Schema) -> bool {
    let walked = schema.predicate(&fact.predicate).is_none_or(|predicate| predicate.walk.reach != Direction::None);
    fact.basis == Basis::Derived && !walked
}

fn is_holding(fact: &Fact, schema: &Schema) -> bool {
    schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.walk.owners != Direction::None)
}

/// The entities of which texts tell.
fn told(snapshot: &Snapshot, edges: &[EdgeIndex]) -> BTreeSet<NodeIndex> {
    let views = edges.iter().map(|&edge| snapshot.edge(edge));
    views.filter(|view| view.fact.basis == Basis::Text).flat_map(|view| [view.from, view.to]).collect()
}

/// The entities of the picture, those that must not be missing first, and how far each is from where it begins.
pub(super) fn ranked<'a>(
    snapshot: &'a Snapshot,
    schema: &Schema,
    selection: &Selection,
    scope: &Scope<'_>,
) -> Result<(Vec<&'a Entity>, BTreeMap<&'a EntityId, usize>), PathError> {
    let surroundings = Surroundings::of(snapshot, schema, &selection.shown);
    let distances = match scope {
        Scope::Whole => surroundings.all(),
        Scope::Around { entity, hops } => surroundings.around(node(snapshot, entity)?, *hops),
        Scope::Owners { entity, hops } => surroundings.above_and_below(node(snapshot, entity)?, *hops),
        Scope::Reach(reach) => {
            let start = Path { start: reach.start.clone(), hops: Vec::new() };
            on_paths(snapshot, reach.targets.iter().map(|target| &target.path).chain([&start]))?
        }
        Scope::Paths(paths) => on_paths(snapshot, paths.iter())?,
    };
    let told = told(snapshot, &selection.shown);
    let mut found: Vec<NodeIndex> = distances.keys().copied().collect();
    // By rank at last, so that the order is total.
    found.sort_by_cached_key(|node| {
        let degree = surroundings.neighbours.get(node).map_or(0, BTreeSet::len);
        (distances[node], !told.contains(node), Reverse(degree), snapshot.rank(*node))
    });
    let hops = distances.iter().map(|(&node, &hops)| (&snapshot.entity(node).id, hops)).collect();
    Ok((found.into_iter().map(|node| snapshot.entity(node)).collect(), hops))
}

fn node(snapshot: &Snapshot, id: &EntityId) -> Result<NodeIndex, PathError> {
    snapshot.node(id).ok_or_else(|| PathError::UnknownEntity(id.clone()))
}

type Distances = BTreeMap<NodeIndex, usize>;

/// The entities on paths, each with the least number of hops from a start.
fn on_paths<'a>(snapshot: &Snapshot, paths: impl Iterator<Item = &'a Path>) -> Result<Distances, PathError> {
    let mut distances = Distances::new();
    for path in paths {
        let entities = [&path.start].into_iter().chain(path.hops.iter().map(|hop| &hop.to));
        for (distance, entity) in entities.enumerate() {
            let least = distances.entry(node(snapshot, entity)?).or_insert(distance);
            *least = distance.min(*least);
        }
    }
    Ok(distances)
}

/// The nodes next to each node.
struct Surroundings<'a> {
    snapshot: &'a Snapshot,
    schema: &'a Schema,
    neighbours: BTreeMap<NodeIndex, BTreeSet<(NodeIndex, Side)>>,
}

/// The kind of an arrow, and whether it points away from the node at hand.
type Side = (EdgeKind, bool);

impl<'a> Surroundings<'a> {
    fn of(snapshot: &'a Snapshot, schema: &'a Schema, edges: &[EdgeIndex]) -> Self {
        let mut neighbours: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for &edge in edges {
            let view = snapshot.edge(edge);
            neighbours.entry(view.from).or_default().insert((view.to, (view.kind, true)));
            neighbours.entry(view.to).or_default().insert((view.from, (view.kind, false)));
        }
        Self { snapshot, schema, neighbours }
    }

    fn all(&self) -> Distances {
        self.neighbours.keys().map(|&node| (node, 0)).collect()
    }

    fn at(&self, node: NodeIndex) -> impl Iterator<Item = (NodeIndex, Side)> + '_ {
        self.neighbours.get(&node).into_iter().flatten().copied()
    }

    fn around(&self, start: NodeIndex, hops: u32) -> Distances {
        let mut distances = Distances::from([(start, 0)]);
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([(start, None, 0)]);
        while let Some((node, come_by, so_far)) = queue.pop_front() {
            if so_far == hops {
                break;
            }
            for (neighbour, (kind, away)) in self.at(node) {
                let turns_round = come_by == Some((kind, away)) && !self.may_turn(node, kind);
                let come_by = Some((kind, !away));
                if !turns_round && !self.is_abroad(start, node, neighbour) && seen.insert((neighbour, come_by)) {
                    distances.entry(neighbour).or_insert(so_far as usize + 1);
                    queue.push_back((neighbour, come_by, so_far + 1));
                }
            }
        }
        distances
    }

    /// Whether those who have the same tie to `node` have one to each other: the subsidiaries of a parent have, but not
    /// whoever regulates or pursues the same activity, is supervised by the same authority or listed on the same
    /// exchange.
    fn may_turn(&self, node: NodeIndex, kind: EdgeKind) -> bool {
        let class = self.snapshot.class(node);
        self.is_agent(node) && kind != EdgeKind::Regulation && !self.schema.is_a(class, "Exchange")
    }

    /// Whether `neighbour` is come to through a line of business or a rule, and lives under another law than `start`.
    fn is_abroad(&self, start: NodeIndex, by: NodeIndex, neighbour: NodeIndex) -> bool {
        let known = |node| self.snapshot.country(node).is_some();
        let tied = self.snapshot.has_jurisdiction(start, neighbour) || self.snapshot.has_jurisdiction(neighbour, start);
        by != start && !self.is_agent(by) && known(start) && known(neighbour) && !tied
    }

    fn is_agent(&self, node: NodeIndex) -> bool {
        self.schema.family(self.snapshot.class(node)) == Some("agent")
    }

    /// All that arrows lead to from `start`, and all that they lead from; not what else its owners own.
    fn above_and_below(&self, start: NodeIndex, hops: u32) -> Distances {
        let mut distances = Distances::from([(start, 0)]);
        for down in [false, true] {
            let mut seen = BTreeSet::from([start]);
            let mut queue = VecDeque::from([(start, 0)]);
            while let Some((node, so_far)) = queue.pop_front() {
                let next = self.at(node).filter(|(_, (_, away))| *away == down && so_far < hops);
                for (neighbour, _) in next {
                    if seen.insert(neighbour) {
                        distances.entry(neighbour).or_insert(so_far as usize + 1);
                        queue.push_back((neighbour, so_far + 1));
                    }
                }
            }
        }
        distances
    }
}
