//! Which ids mean the same entity across documents: names that a document or a reference row puts side by side.
//!
//! An id is minted from one name. A document that bears two names for an entity ("小红书 (Xiaohongshu)") therefore ties
//! the ids that other documents minted from either name alone. The tie holds only if the name is unambiguous: if all who
//! bear it are one entity by other names already. Persons are never merged by name. The outcome is the least fixed point
//! of these ties, so it does not depend on the order of documents.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::{Entity, EntityId, EntityName, Extraction, Identifier, Language, NameKind, Schema};
use guanxi_names::{mint_entity_id, name_key};

use crate::Knowledge;

/// Entities after merging.
#[derive(Debug)]
pub(crate) struct Identity {
    merged: BTreeMap<EntityId, EntityId>,
    entities: Vec<Entity>,
}

impl Identity {
    /// Merges the entities of all documents with those of the reference data.
    pub fn of(extractions: &[&Extraction], knowledge: &Knowledge<'_>) -> Self {
        let known = gather(extractions, knowledge);
        let merged = merge(&known, knowledge.schema);
        let mut members: BTreeMap<&EntityId, Vec<&Known>> = BTreeMap::new();
        for (id, entity) in &known {
            members.entry(merged.get(id).unwrap_or(id)).or_default().push(entity);
        }
        let entities = members.into_iter().map(|(id, members)| unite(id, &members, knowledge.schema)).collect();
        Self { merged, entities }
    }

    /// The id that stands for `id`.
    pub fn representative<'a>(&'a self, id: &'a EntityId) -> &'a EntityId {
        self.merged.get(id).unwrap_or(id)
    }

    /// Every id that another one stands for, with that one; sorted.
    pub fn merged(&self) -> impl Iterator<Item = (&EntityId, &EntityId)> {
        self.merged.iter()
    }

    /// Every entity that stands for itself, with all names of all it stands for; sorted by id.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }
}

/// Everything that documents and the reference row say of one id.
#[derive(Default)]
struct Known {
    reference: Option<Entity>,
    classes: BTreeMap<Arc<str>, u32>,
    countries: BTreeMap<String, u32>,
    identifiers: BTreeSet<Identifier>,
    names: BTreeMap<(Language, String), Name>,
}

struct Name {
    kind: NameKind,
    documents: u32,
}

impl Known {
    fn class(&self, schema: &Schema) -> Arc<str> {
        if let Some(entity) = &self.reference {
            return Arc::clone(&entity.class);
        }
        most_frequent_class(&self.classes, schema)
    }

    fn all_names(&self) -> impl Iterator<Item = (&str, NameKind)> {
        let reference = self.reference.iter().flat_map(|entity| &entity.names);
        let documents = self.names.iter().map(|((_, text), name)| (text.as_str(), name.kind));
        reference.map(|name| (name.text.as_str(), name.kind)).chain(documents)
    }
}

fn gather(extractions: &[&Extraction], knowledge: &Knowledge<'_>) -> BTreeMap<EntityId, Known> {
    let mut known: BTreeMap<EntityId, Known> = BTreeMap::new();
    for entity in knowledge.reference.entities().map(|row| row.entity) {
        let about = known.entry(entity.id.clone()).or_default();
        about.identifiers.extend(entity.identifiers.iter().cloned());
        about.reference = Some(entity);
    }
    for entity in extractions.iter().flat_map(|extraction| &extraction.entities) {
        let about = known.entry(entity.id.clone()).or_default();
        *about.classes.entry(Arc::clone(&entity.class)).or_default() += 1;
        if let Some(country) = &entity.country {
            *about.countries.entry(country.clone()).or_default() += 1;
        }
        about.identifiers.extend(entity.identifiers.iter().cloned());
        for name in &entity.names {
            let key = (name.language, name.text.clone());
            let entry = about.names.entry(key).or_insert(Name { kind: name.kind, documents: 0 });
            entry.kind = entry.kind.min(name.kind);
            entry.documents += 1;
        }
    }
    known
}

/// The class that most documents give; of equally frequent ones the most special, then the first by name.
fn most_frequent_class(votes: &BTreeMap<Arc<str>, u32>, schema: &Schema) -> Arc<str> {
    let generality = |class: &str| votes.keys().filter(|other| schema.is_a(other, class)).count();
    votes
        .iter()
        .min_by_key(|(class, votes)| (std::cmp::Reverse(**votes), generality(class), Arc::clone(class)))
        .map_or_else(|| Arc::from("Organization"), |(class, _)| Arc::clone(class))
}

/// One entity of all that bear one id in the end.
fn unite(id: &EntityId, members: &[&Known], schema: &Schema) -> Entity {
    let reference = members.iter().find_map(|member| member.reference.as_ref());
    let mut classes: BTreeMap<Arc<str>, u32> = BTreeMap::new();
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    let mut names: BTreeMap<(Language, &str), Name> = BTreeMap::new();
    for member in members {
        for (class, votes) in &member.classes {
            *classes.entry(Arc::clone(class)).or_default() += votes;
        }
        for (country, votes) in &member.countries {
            *countries.entry(country).or_default() += votes;
        }
        for ((language, text), name) in &member.names {
            let entry = names.entry((*language, text)).or_insert(Name { kind: name.kind, documents: 0 });
            entry.kind = entry.kind.min(name.kind);
            entry.documents += name.documents;
        }
    }
    let frequent = countries.iter().max_by_key(|(country, votes)| (**votes, std::cmp::Reverse(**country)));
    Entity {
        id: id.clone(),
        class: reference.map_or_else(|| most_frequent_class(&classes, schema), |row| Arc::clone(&row.class)),
        country: reference.and_then(|row| row.country.clone()).or_else(|| frequent.map(|(c, _)| (*c).to_owned())),
        names: united_names(reference, &names),
        identifiers: members
            .iter()
            .flat_map(|member| &member.identifiers)
            .cloned()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    }
}

/// Names of the reference row in its order, then those of documents: legal before short, frequent before rare, long
/// before short. All by language, English first.
fn united_names(reference: Option<&Entity>, names: &BTreeMap<(Language, &str), Name>) -> Vec<EntityName> {
    let mut united: Vec<EntityName> = reference.map(|row| row.names.clone()).unwrap_or_default();
    let mut others: Vec<_> = names.iter().collect();
    others.sort_by_key(|((_, text), name)| {
        (name.kind, std::cmp::Reverse(name.documents), std::cmp::Reverse(text.chars().count()), *text)
    });
    for ((language, text), name) in others {
        if united.iter().all(|known| known.language != *language || known.text != *text) {
            united.push(EntityName { text: (*text).to_owned(), language: *language, kind: name.kind });
        }
    }
    united.sort_by_key(|name| name.language);
    united
}

/// Old ids with the ids that stand for them.
fn merge(known: &BTreeMap<EntityId, Known>, schema: &Schema) -> BTreeMap<EntityId, EntityId> {
    let ids: Vec<&EntityId> = known.keys().collect();
    let position = |id: &EntityId| ids.binary_search(&id).ok();
    let ties = ties(known, schema, position);
    let (mut groups, none) = (Groups::new(ids.len()), BTreeSet::new());
    loop {
        let mut changed = false;
        for tie in ties.values() {
            let bearers: BTreeSet<usize> = tie.bearers.iter().map(|&bearer| groups.find(bearer)).collect();
            let same = if bearers.len() == 1 { tie.owners.union(&bearers) } else { tie.owners.union(&none) };
            let same: Vec<usize> = same.copied().collect();
            for pair in same.windows(2) {
                changed |= groups.unite(pair[0], pair[1]);
            }
        }
        if !changed {
            break;
        }
    }
    name_groups(&ids, known, &mut groups)
}

/// One name within one family: who it was minted for or whose row bears it, and who else bears it.
#[derive(Default)]
struct Tie {
    owners: BTreeSet<usize>,
    bearers: BTreeSet<usize>,
}

fn ties<'a>(
    known: &'a BTreeMap<EntityId, Known>,
    schema: &'a Schema,
    position: impl Fn(&EntityId) -> Option<usize>,
) -> BTreeMap<(&'a str, String), Tie> {
    let mut ties: BTreeMap<(&str, String), (Tie, u32)> = BTreeMap::new();
    for (index, (id, entity)) in known.iter().enumerate() {
        let class = entity.class(schema);
        let is_person = entity.classes.keys().chain([&class]).any(|class| schema.is_a(class, "Person"));
        let Some(family) = schema.family(&class).filter(|_| !is_person) else { continue };
        for (key, name) in telling_names(entity) {
            let bare = mint_entity_id(family, name);
            let (tie, rows) = ties.entry((family, key)).or_default();
            tie.owners.extend(position(&bare));
            if entity.reference.is_some() {
                *rows += 1;
                tie.owners.insert(index);
            } else if *id != bare {
                tie.bearers.insert(index);
            }
        }
    }
    // A name of two reference rows tells nothing.
    ties.into_iter().filter(|(_, (_, rows))| *rows <= 1).map(|(key, (tie, _))| (key, tie)).collect()
}

/// The names of an entity that can stand for it elsewhere, by key: full names; short ones unless they are initials or
/// merely part of a full name ("Tencent" for Tencent Music is no name to merge by).
fn telling_names(entity: &Known) -> BTreeMap<String, &str> {
    let full: Vec<String> =
        entity.all_names().filter(|(_, kind)| *kind != NameKind::Short).map(|(text, _)| name_key(text)).collect();
    let mut telling = BTreeMap::new();
    for (text, kind) in entity.all_names() {
        let key = name_key(text);
        let initials = key.is_ascii() && key.chars().filter(char::is_ascii_alphabetic).count() <= 4;
        let part = full.iter().any(|name| *name != key && name.contains(&key));
        if !key.is_empty() && (kind != NameKind::Short || !(initials || part)) {
            let known = telling.entry(key).or_insert(text);
            *known = text.min(*known);
        }
    }
    telling
}

fn name_groups(
    ids: &[&EntityId],
    known: &BTreeMap<EntityId, Known>,
    groups: &mut Groups,
) -> BTreeMap<EntityId, EntityId> {
    let mut members: BTreeMap<usize, Vec<&EntityId>> = BTreeMap::new();
    for (index, id) in ids.iter().enumerate() {
        members.entry(groups.find(index)).or_default().push(id);
    }
    let is_row = |id: &EntityId| known.get(id).is_some_and(|entity| entity.reference.is_some());
    let mut merged = BTreeMap::new();
    for members in members.into_values() {
        let rows: Vec<&EntityId> = members.iter().copied().filter(|id| is_row(id)).collect();
        // Two rows are two entities: the names that tie them contradict each other, so none of them counts.
        let Some(&representative) = rows.first().or(members.first()).filter(|_| rows.len() <= 1) else { continue };
        for id in members.into_iter().filter(|id| *id != representative) {
            merged.insert(id.clone(), representative.clone());
        }
    }
    merged
}

/// Disjoint sets of positions; the least position stands for its set.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn find(&mut self, mut index: usize) -> usize {
        while self.0[index] != index {
            self.0[index] = self.0[self.0[index]];
            index = self.0[index];
        }
        index
    }

    fn unite(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
        a != b
    }
}
