//! Entities that both sides can be compared by.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Entity, EntityId, EntityName};

use super::{Diff, Regrouping, Side};

/// Which ids mean the same on either side.
///
/// Ids hang together if one side has merged one into the other. Where one entity became several, or several one, all of
/// them are compared as one. Where several became several, nobody can tell which is which: each is compared as itself.
pub(super) struct Identity {
    common: BTreeMap<EntityId, EntityId>,
    regrouped: BTreeSet<EntityId>,
    groups: Vec<Group>,
}

/// Ids that hang together, those of them that stand for themselves before and after.
#[derive(Debug, Default)]
struct Group {
    before: BTreeSet<EntityId>,
    after: BTreeSet<EntityId>,
}

impl Group {
    fn is_regrouped(&self) -> bool {
        !self.before.is_empty() && !self.after.is_empty() && self.before != self.after
    }
}

impl Identity {
    pub fn of(before: &Side<'_>, after: &Side<'_>) -> Self {
        let leaders = leaders([before, after].iter().flat_map(|side| side.generation.merged()));
        let mut groups: BTreeMap<EntityId, Group> = BTreeMap::new();
        let leader = |id: &EntityId| leaders.get(id).unwrap_or(id).clone();
        for entity in before.generation.entities() {
            groups.entry(leader(&entity.id)).or_default().before.insert(entity.id);
        }
        for entity in after.generation.entities() {
            groups.entry(leader(&entity.id)).or_default().after.insert(entity.id);
        }
        let (mut common, mut regrouped) = (BTreeMap::new(), BTreeSet::new());
        for (leader, group) in groups.iter().filter(|(_, group)| group.is_regrouped()) {
            regrouped.extend(group.before.union(&group.after).cloned());
            if group.before.len() == 1 || group.after.len() == 1 {
                common.extend(group.before.union(&group.after).map(|id| (id.clone(), leader.clone())));
            }
        }
        Self { common, regrouped, groups: groups.into_values().collect() }
    }

    /// The id by which both sides know the entity.
    pub fn common<'a>(&'a self, id: &'a EntityId) -> &'a EntityId {
        self.common.get(id).unwrap_or(id)
    }

    /// Whether the entity became one with another one, came apart from it, or goes by another id.
    pub fn is_regrouped(&self, id: &EntityId) -> bool {
        self.regrouped.contains(id)
    }

    /// What became of the entities; `absorbed` counts the facts that merging and splitting alone took in or gave out, by
    /// the common id of an end.
    pub fn changes(&self, before: &Side<'_>, after: &Side<'_>, absorbed: &BTreeMap<EntityId, usize>) -> Diff {
        let [before, after] = [before, after].map(|side| {
            let entities = side.generation.entities().into_iter();
            entities.map(|entity| (entity.id.clone(), entity)).collect::<BTreeMap<_, _>>()
        });
        let mut diff = Diff::default();
        for group in &self.groups {
            if group.before.is_empty() {
                diff.new_entities.extend(group.after.iter().cloned());
            } else if group.after.is_empty() {
                diff.gone_entities.extend(group.before.iter().cloned());
            } else if group.is_regrouped() {
                let common: BTreeSet<&EntityId> = group.before.iter().map(|id| self.common(id)).collect();
                diff.regrouped.push(Regrouping {
                    before: group.before.iter().cloned().collect(),
                    after: group.after.iter().cloned().collect(),
                    facts: common.iter().filter_map(|id| absorbed.get(*id)).sum(),
                });
            }
            if let (Some(one), Some(other)) = (only(&group.before), only(&group.after))
                && is_redescribed(&before[one], &after[other])
            {
                diff.redescribed.push((one.clone(), other.clone()));
            }
        }
        diff.new_entities.sort();
        diff.gone_entities.sort();
        diff
    }
}

fn only(ids: &BTreeSet<EntityId>) -> Option<&EntityId> {
    ids.first().filter(|_| ids.len() == 1)
}

fn is_redescribed(before: &Entity, after: &Entity) -> bool {
    let names = |entity: &Entity| -> BTreeSet<(String, &str, &str)> {
        let name = |name: &EntityName| (name.text.clone(), name.language.tag(), name.kind.name());
        entity.names.iter().map(name).collect()
    };
    before.class != after.class || before.country != after.country || names(before) != names(after)
}

/// The first of all ids that hang together, for each of them.
fn leaders(ties: impl Iterator<Item = (EntityId, EntityId)>) -> BTreeMap<EntityId, EntityId> {
    let mut neighbours: BTreeMap<EntityId, BTreeSet<EntityId>> = BTreeMap::new();
    for (one, other) in ties {
        neighbours.entry(one.clone()).or_default().insert(other.clone());
        neighbours.entry(other).or_default().insert(one);
    }
    let mut leaders: BTreeMap<EntityId, EntityId> = BTreeMap::new();
    for first in neighbours.keys() {
        let mut open = vec![first];
        while let Some(id) = open.pop() {
            if !leaders.contains_key(id) {
                leaders.insert(id.clone(), first.clone());
                open.extend(&neighbours[id]);
            }
        }
    }
    leaders
}
