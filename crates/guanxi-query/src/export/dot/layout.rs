//! How Graphviz is told to place things.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::EntityId;

use super::{Arrow, Arrows, Scope};

/// A way to place entities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Owners above owned.
    Downward,
    /// Owners left of owned, as in an outline: names are wide and low, so that many of them are read more easily below
    /// one another than side by side.
    Rightward,
    /// By springs: ranks of so many would take minutes, and nobody could follow their arrows.
    Springs,
}

/// What Graphviz's `dot` places in seconds.
const MOST_IN_RANKS: usize = 500;

/// As many fit side by side on a screen.
const MOST_SIDE_BY_SIDE: usize = 6;

impl Layout {
    pub(super) fn of(scope: &Scope<'_>, nodes: usize, arrows: &Arrows<'_>) -> Self {
        let most = match arrows.values().any(Arrow::is_holding) {
            true => 4 * MOST_SIDE_BY_SIDE,
            false => 2 * MOST_SIDE_BY_SIDE,
        };
        match scope {
            _ if nodes > MOST_IN_RANKS => Self::Springs,
            Scope::Owners { .. } => Self::Downward,
            _ if nodes <= most => Self::Downward,
            _ => Self::Rightward,
        }
    }

    /// Attributes of the graph.
    pub(super) fn attributes(self) -> &'static str {
        match self {
            Self::Downward => "rankdir=TB, newrank=true, ranksep=0.75, nodesep=0.40, splines=true",
            Self::Rightward => "rankdir=LR, newrank=true, ranksep=0.75, nodesep=0.15, splines=true",
            Self::Springs => "layout=sfdp, overlap=prism, splines=line, outputorder=edgesfirst",
        }
    }

    pub(super) fn has_ranks(self) -> bool {
        self != Self::Springs
    }
}

/// Over how many ranks each arrow runs that holds nothing else at its end: a wide fan is set in several rows.
pub(super) fn lengths<'a>(layout: Layout, arrows: &Arrows<'a>) -> BTreeMap<(&'a EntityId, &'a EntityId), usize> {
    if layout != Layout::Downward {
        return BTreeMap::new();
    }
    let mut neighbours: BTreeMap<&EntityId, BTreeSet<&EntityId>> = BTreeMap::new();
    for arrow in arrows.values() {
        neighbours.entry(arrow.from).or_default().insert(arrow.to);
        neighbours.entry(arrow.to).or_default().insert(arrow.from);
    }
    let hangs = |entity: &EntityId| neighbours[entity].len() == 1;
    let mut fans: BTreeMap<(&EntityId, bool), BTreeSet<&EntityId>> = BTreeMap::new();
    for arrow in arrows.values() {
        if hangs(arrow.to) {
            fans.entry((arrow.from, true)).or_default().insert(arrow.to);
        } else if hangs(arrow.from) {
            fans.entry((arrow.to, false)).or_default().insert(arrow.from);
        }
    }
    let mut lengths = BTreeMap::new();
    for ((hub, outward), rim) in fans {
        let rows = rim.len().div_ceil(MOST_SIDE_BY_SIDE);
        for (number, entity) in rim.into_iter().enumerate() {
            let ends = if outward { (hub, entity) } else { (entity, hub) };
            lengths.insert(ends, 1 + number % rows);
        }
    }
    lengths
}

/// The entities that an arrow touches which is not secondary: their place follows from what matters.
pub(super) fn settled<'a>(arrows: &Arrows<'a>, is_secondary: impl Fn(&Arrow<'_>) -> bool) -> BTreeSet<&'a EntityId> {
    let primary = arrows.values().filter(|arrow| !is_secondary(arrow));
    primary.flat_map(|arrow| [arrow.from, arrow.to]).collect()
}
