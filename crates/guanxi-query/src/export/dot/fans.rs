//! Entities that hang on one other entity and on nothing else: many of them are drawn as one box.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Entity, EntityId};

use super::{Arrow, Arrows, Nodes};

/// A box that stands for entities that hang on `hub` by one predicate.
pub(super) struct Fan<'a> {
    pub(super) hub: &'a EntityId,
    /// Whether the arrows run from the hub.
    pub(super) outward: bool,
    /// One of the arrows that it stands for.
    pub(super) arrow: Arrow<'a>,
    pub(super) entities: Vec<&'a Entity>,
}

/// The entities at the rim: hub, whether the arrow runs from it, predicate → the others.
type Rims<'a> = BTreeMap<(&'a EntityId, bool, &'a str), Vec<&'a EntityId>>;

/// Takes the entities of each fan out that are more than `most`. Of whom texts tell stays first, then of whom more is
/// sure.
pub(super) fn fold<'a>(
    nodes: &mut Nodes<'a>,
    arrows: &mut Arrows<'a>,
    marked: &BTreeSet<&EntityId>,
    most: usize,
) -> Vec<Fan<'a>> {
    let mut fans = Vec::new();
    for ((hub, outward, predicate), mut rim) in rims(arrows, marked) {
        // A box for one is no shorter than the one.
        if rim.len() <= most + 1 {
            continue;
        }
        let key = |entity| if outward { (hub, entity, predicate) } else { (entity, hub, predicate) };
        rim.sort_by_key(|&entity| {
            let arrow = &arrows[&key(entity)];
            (!arrow.is_told(), std::cmp::Reverse(arrow.facts[0].confidence), entity)
        });
        let beyond = rim.split_off(most);
        let mut folded: Vec<Arrow<'a>> = beyond.iter().filter_map(|entity| arrows.remove(&key(entity))).collect();
        let entities = beyond.iter().filter_map(|entity| nodes.remove(entity)).collect();
        fans.extend(folded.pop().map(|arrow| Fan { hub, outward, arrow, entities }));
    }
    fans
}

fn rims<'a>(arrows: &Arrows<'a>, marked: &BTreeSet<&EntityId>) -> Rims<'a> {
    let mut degree: BTreeMap<&EntityId, usize> = BTreeMap::new();
    for arrow in arrows.values() {
        *degree.entry(arrow.from).or_default() += 1;
        *degree.entry(arrow.to).or_default() += 1;
    }
    let is_rim = |entity: &EntityId| degree[entity] == 1 && !marked.contains(entity);
    let mut rims = Rims::new();
    for arrow in arrows.values() {
        match (is_rim(arrow.from), is_rim(arrow.to)) {
            (false, true) => rims.entry((arrow.from, true, arrow.predicate)).or_default().push(arrow.to),
            (true, false) => rims.entry((arrow.to, false, arrow.predicate)).or_default().push(arrow.from),
            _ => {}
        }
    }
    rims
}
