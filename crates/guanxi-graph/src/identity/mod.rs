//! Who is one across documents: names and neighbours weighed, with reasons, and what people decided before all.
//!
//! Everything is computed from all claims at each build: whom documents speak of (`bearers`), the names that tie them
//! (`ties`), names that are alike (`likeness`), persons by name and firm (`persons`), and which of these ties can
//! hold together (`groups`). Nothing depends on the order of documents.
//!
//! An id is minted from one name; where it turns out to be the name of several, the one whom most documents mean keeps
//! it, and each other one is called by it and the beginning of the hash of its first document.

mod bearers;
mod groups;
mod likeness;
mod pair;
mod persons;
mod quads;
mod ties;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::{
    ClaimId, DocumentId, Entity, EntityId, EntityName, Extraction, Identifier, Judgements, Language, NameKind,
    Sameness, Schema, identifier,
};

use crate::Knowledge;
use bearers::{Bearer, Bearers};
use groups::{Groups, Kind, Traits};
use likeness::Likeness;
use pair::{IDENTIFIED, JUDGED, Pair, feature};

pub(crate) use quads::{judgement_quads, judgements_of, split_quads, splits_of, verdict_quads, verdicts_of};

/// Digits of a document's hash that tell the bearers of one id apart.
const DOCUMENT_DIGITS: usize = 16;

/// Entities after merging.
#[derive(Debug)]
pub struct Identity {
    merged: BTreeMap<EntityId, EntityId>,
    /// Whom a document means by an id, where that is not whom the id means elsewhere.
    elsewhere: BTreeMap<(DocumentId, EntityId), EntityId>,
    splits: Vec<Split>,
    entities: Vec<Entity>,
    verdicts: Vec<EntityVerdict>,
}

/// Whom some documents mean by an id that means somebody else in others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Split {
    /// What it is called.
    pub id: EntityId,
    /// The id that the documents use.
    pub of: EntityId,
    /// These documents, sorted.
    pub documents: Vec<DocumentId>,
}

/// Two that are one, may be one, or are not though they look it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityVerdict {
    /// The lesser id. Ids are those from before merging.
    pub one: EntityId,
    /// The greater.
    pub other: EntityId,
    /// What it comes to.
    pub verdict: Sameness,
    /// How strongly names and circumstances tie them, in thousandths; 1000 also where a document or row names both.
    pub thousandths: u16,
    /// What it came of, sorted; see the page about identity for what each is called.
    pub features: Vec<String>,
}

impl Identity {
    /// Merges the entities of all documents with those of the reference data. Of several extractions of one document the
    /// first counts; `rejected` claims tell nothing.
    pub fn of(
        extractions: &[&Extraction],
        knowledge: &Knowledge<'_>,
        judgements: &Judgements,
        rejected: &BTreeSet<&ClaimId>,
    ) -> Self {
        let rows: Vec<Entity> = knowledge.reference.entities().map(|row| row.entity).collect();
        let judged: Vec<(EntityId, EntityId, Sameness)> =
            judgements.entities().map(|entry| (entry.one.clone(), entry.other.clone(), entry.verdict)).collect();
        let bearers = Bearers::gather(extractions, &rows, knowledge, rejected, &judged);
        let (groups, found) = resolve(&bearers, knowledge.schema, &judged);
        Named::of(&bearers, &groups).identity(knowledge.schema, &found)
    }

    /// The id that stands for what a document calls `id`.
    pub fn representative<'a>(&'a self, document: &DocumentId, id: &'a EntityId) -> &'a EntityId {
        if !self.elsewhere.is_empty()
            && let Some(own) = self.elsewhere.get(&(document.clone(), id.clone()))
        {
            return own;
        }
        self.stands_for(id)
    }

    /// The id that stands for `id` where no document is named.
    pub fn stands_for<'a>(&'a self, id: &'a EntityId) -> &'a EntityId {
        self.merged.get(id).unwrap_or(id)
    }

    /// Every id that another one stands for, with that one; sorted.
    pub fn merged(&self) -> impl Iterator<Item = (&EntityId, &EntityId)> {
        self.merged.iter()
    }

    /// Those whom some documents mean by an id of somebody else; sorted.
    pub fn splits(&self) -> &[Split] {
        &self.splits
    }

    /// Every entity that stands for itself, with all names of all it stands for; sorted by id.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// The same, of one that nothing else is asked for any more.
    pub fn into_entities(self) -> Vec<Entity> {
        self.entities
    }

    /// What was found of pairs, sorted; not what people judged.
    pub fn verdicts(&self) -> &[EntityVerdict] {
        &self.verdicts
    }
}

/// Which bearers are one, and every pair that was looked at.
fn resolve(bearers: &Bearers<'_>, schema: &Schema, judged: &[(EntityId, EntityId, Sameness)]) -> (Groups, Vec<Pair>) {
    let meant = |(one, other, verdict): &(EntityId, EntityId, Sameness)| {
        Some((bearers.meant(one)?, bearers.meant(other)?, *verdict))
    };
    let judged: Vec<(u32, u32, Sameness)> = judged.iter().filter_map(meant).collect();
    let (same, apart): (Vec<_>, Vec<_>) = judged.into_iter().partition(|(.., verdict)| *verdict == Sameness::Same);
    let apart = apart.into_iter().map(|(one, other, _)| (one, other)).filter(|(one, other)| one != other).collect();
    let mut groups = Groups::new(bearers.all.iter().map(|bearer| traits(bearer, schema)).collect(), apart);
    let same: Vec<Pair> = same.into_iter().map(|(one, other, _)| Pair::new(one, other, JUDGED, Vec::new())).collect();
    groups.settle(&same, true);

    let (ties, likeness) = (ties::ties(bearers, schema), Likeness::of(bearers, schema));
    let mut found: BTreeMap<(u32, u32), Pair> = BTreeMap::new();
    let mut note = |pairs: Vec<Pair>| {
        for pair in pairs {
            found.entry((pair.one, pair.other)).or_insert(pair);
        }
    };
    let identified = identified(bearers);
    groups.settle(&identified, false);
    note(identified);
    loop {
        let mut pairs: Vec<Pair> = ties.iter().flat_map(|tie| tie.pairs(&groups)).collect();
        let mut grew = groups.settle(&pairs, false);
        note(std::mem::take(&mut pairs));
        let alike = likeness.pairs(bearers, &groups);
        grew |= groups.settle(&alike, false);
        note(alike);
        if !grew {
            break;
        }
    }
    let persons = persons::at_one_firm(bearers, &groups, schema);
    groups.settle(&persons, false);
    note(persons);
    note(ties.iter().flat_map(|tie| tie.candidates(&groups)).collect());
    note(likeness.candidates(bearers, &groups));
    note(persons::namesakes(bearers, &groups));
    note(namesakes(bearers));
    (groups, found.into_values().collect())
}

/// Those that bear one identifier which belongs to one body alone.
fn identified(bearers: &Bearers<'_>) -> Vec<Pair> {
    let mut first: BTreeMap<&Identifier, u32> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (place, bearer) in (0..).zip(&bearers.all) {
        // What a security or a market is called may be told of several.
        let of_body =
            |identifier: &&Identifier| !matches!(identifier.kind(), identifier::Kind::Ticker | identifier::Kind::Mic);
        for identifier in bearer.identifiers.iter().filter(of_body) {
            let first = *first.entry(identifier).or_insert(place);
            if first != place {
                pairs.push(Pair::new(first, place, IDENTIFIED, vec![feature("identifier", identifier)]));
            }
        }
    }
    pairs
}

fn traits(bearer: &Bearer<'_>, schema: &Schema) -> Traits {
    let is_any = |classes: &[&str]| classes.iter().any(|class| schema.is_a(&bearer.class, class));
    let kind = if bearer.is_person {
        Kind::Person
    } else if is_any(&["Regulator", "PublicBody", "Exchange"]) {
        Kind::Authority
    } else if is_any(&["Company", "Fund"]) {
        Kind::Business
    } else {
        Kind::Open
    };
    Traits {
        row: bearer.row.is_some(),
        kind,
        countries: bearer.countries.clone(),
        founded: bearer.founded.clone(),
        identifiers: bearer.identifiers.clone(),
    }
}

/// Organisations of one id that were told apart, each with the first.
fn namesakes(bearers: &Bearers<'_>) -> Vec<Pair> {
    let of_one_id = (0..).zip(&bearers.all).filter(|(_, bearer)| !bearer.is_person).collect::<Vec<(u32, _)>>();
    let chunks = of_one_id.chunk_by(|(_, one), (_, other)| one.id == other.id);
    let pairs = chunks.flat_map(|chunk| {
        let name = bearers.names(chunk[0].0).next().map_or("", |(text, _)| text);
        let pair = move |(place, _): &(u32, _)| Pair::new(chunk[0].0, *place, 900, vec![feature("name", name)]);
        chunk[1..].iter().map(pair)
    });
    pairs.collect()
}

/// Sets of bearers with the ids that they get.
struct Named<'b, 'a> {
    bearers: &'b Bearers<'a>,
    groups: &'b Groups,
    /// The id of each bearer from before merging: its own, or that with a document.
    ids: Vec<EntityId>,
    /// The bearers of each set, by the least of them.
    sets: BTreeMap<u32, Vec<u32>>,
}

impl<'b, 'a> Named<'b, 'a> {
    fn of(bearers: &'b Bearers<'a>, groups: &'b Groups) -> Self {
        let mut sets: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for place in 0..bearers.all.len() as u32 {
            sets.entry(groups.find(place)).or_default().push(place);
        }
        let mut ids: Vec<EntityId> = bearers.all.iter().map(|bearer| bearer.id.clone()).collect();
        let mut first = 0;
        for namesakes in bearers.all.chunk_by(|one, other| one.id == other.id) {
            let places = first..first + namesakes.len() as u32;
            first = places.end;
            let main = bearers.main(namesakes[0].id).map(|main| groups.find(main));
            let mut called: BTreeMap<u32, EntityId> = BTreeMap::new();
            for place in places.filter(|_| namesakes.len() > 1) {
                let set = groups.find(place);
                if Some(set) != main {
                    let id = called.entry(set).or_insert_with(|| bearers.mention_id(place));
                    ids[place as usize] = id.clone();
                }
            }
        }
        Self { bearers, groups, ids, sets }
    }

    fn identity(&self, schema: &Schema, found: &[Pair]) -> Identity {
        let mut identity = Identity {
            merged: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            splits: Vec::new(),
            entities: Vec::with_capacity(self.sets.len()),
            verdicts: Vec::new(),
        };
        for set in self.sets.values() {
            let representative = self.representative(set);
            for &place in set {
                let id = &self.ids[place as usize];
                if *id != representative {
                    identity.merged.insert(id.clone(), representative.clone());
                }
            }
            identity.entities.push(self.united(&representative, set, schema));
        }
        identity.entities.sort_by(|a, b| a.id.cmp(&b.id));
        self.split(&mut identity);
        identity.verdicts = found.iter().map(|pair| self.verdict(pair)).collect();
        identity.verdicts.sort();
        identity
    }

    /// Of rows the least id, else the least id.
    fn representative(&self, set: &[u32]) -> EntityId {
        let is_no_row = |place: u32| self.bearers.all[place as usize].row.is_none();
        let least = set.iter().min_by_key(|&&place| (is_no_row(place), &self.ids[place as usize]));
        least.map_or_else(|| EntityId::new(""), |&place| self.ids[place as usize].clone())
    }

    fn split(&self, identity: &mut Identity) {
        let mut splits: BTreeMap<(&EntityId, &EntityId), Vec<DocumentId>> = BTreeMap::new();
        for (bearer, id) in self.bearers.all.iter().zip(&self.ids).filter(|(bearer, id)| bearer.id != *id) {
            for &said in &bearer.said {
                let document = self.bearers.documents[self.bearers.said[said as usize].document as usize];
                splits.entry((id, bearer.id)).or_default().push(document.clone());
                let meant = identity.merged.get(id).unwrap_or(id).clone();
                identity.elsewhere.insert((document.clone(), bearer.id.clone()), meant);
            }
        }
        identity.splits = splits
            .into_iter()
            .map(|((id, of), mut documents)| {
                documents.sort();
                Split { id: id.clone(), of: of.clone(), documents }
            })
            .collect();
    }

    fn verdict(&self, pair: &Pair) -> EntityVerdict {
        let mut features = pair.features.clone();
        let verdict = if self.groups.find(pair.one) == self.groups.find(pair.other) {
            Sameness::Same
        } else if let Some(objection) = self.groups.objection(pair.one, pair.other) {
            features.push(feature("against it", objection));
            Sameness::Different
        } else {
            Sameness::Unsure
        };
        let ids = [pair.one, pair.other].map(|place| self.ids[place as usize].clone());
        // Two documents that mean one by one id are named themselves.
        let ids =
            if ids[0] == ids[1] { [pair.one, pair.other].map(|place| self.bearers.mention_id(place)) } else { ids };
        let [one, other] = ids;
        let (one, other) = if other < one { (other, one) } else { (one, other) };
        features.sort();
        EntityVerdict { one, other, verdict, thousandths: pair.strength.min(1000), features }
    }

    /// One entity of all that are one.
    fn united(&self, id: &EntityId, set: &[u32], schema: &Schema) -> Entity {
        let bearers: Vec<&Bearer<'_>> = set.iter().map(|&place| &self.bearers.all[place as usize]).collect();
        let row = bearers.iter().filter_map(|bearer| bearer.row).min_by(|a, b| a.id.cmp(&b.id));
        let others =
            bearers.iter().filter_map(|bearer| bearer.row).filter(|other| row.is_some_and(|row| row.id != other.id));
        let said = bearers.iter().flat_map(|bearer| &bearer.said).map(|&said| self.bearers.said[said as usize].entity);
        let said: Vec<&Entity> = said.chain(others).collect();
        unite(id, row, &said, schema)
    }
}

/// The class that most documents give; of equally frequent ones the most special, then the first by name.
fn most_frequent_class(votes: &BTreeMap<Arc<str>, u32>, schema: &Schema) -> Arc<str> {
    let generality = |class: &str| votes.keys().filter(|other| schema.is_a(other, class)).count();
    votes
        .iter()
        .min_by_key(|(class, votes)| (std::cmp::Reverse(**votes), generality(class), Arc::clone(class)))
        .map_or_else(|| Arc::from("Organization"), |(class, _)| Arc::clone(class))
}

/// One entity of what a row and documents say.
fn unite(id: &EntityId, row: Option<&Entity>, said: &[&Entity], schema: &Schema) -> Entity {
    let mut classes: BTreeMap<Arc<str>, u32> = BTreeMap::new();
    let mut countries: BTreeMap<&str, u32> = BTreeMap::new();
    let mut names: BTreeMap<(Language, &str), Name> = BTreeMap::new();
    for entity in said {
        *classes.entry(Arc::clone(&entity.class)).or_default() += 1;
        if let Some(country) = &entity.country {
            *countries.entry(country).or_default() += 1;
        }
        for name in &entity.names {
            let entry = names.entry((name.language, &name.text)).or_insert(Name { kind: name.kind, documents: 0 });
            entry.kind = entry.kind.min(name.kind);
            entry.documents += 1;
        }
    }
    let identifiers: BTreeSet<_> = row.iter().chain(said).flat_map(|entity| &entity.identifiers).collect();
    let frequent = countries.iter().max_by_key(|(country, votes)| (**votes, std::cmp::Reverse(**country)));
    Entity {
        id: id.clone(),
        class: row.map_or_else(|| most_frequent_class(&classes, schema), |row| Arc::clone(&row.class)),
        country: row.and_then(|row| row.country.clone()).or_else(|| frequent.map(|(c, _)| (*c).to_owned())),
        names: united_names(row, &names),
        identifiers: identifiers.into_iter().cloned().collect(),
    }
}

struct Name {
    kind: NameKind,
    documents: u32,
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
