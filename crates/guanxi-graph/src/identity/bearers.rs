//! Whom documents and reference rows speak of, before anything is merged: one bearer for all documents that use an id,
//! unless it is a name of several.
//!
//! An id is minted from a name without its legal form, so two firms or persons of one name share it. Persons are told
//! apart by document; other bearers by the kinds of their legal forms (Acme AG, Acme GmbH) and by country, if documents
//! that name different ones share nobody whom they tie the bearer to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::{
    ClaimId, DocumentId, Entity, EntityId, Extraction, Identifier, NameKind, Object, Sameness, Schema, Status, Value,
};
use guanxi_names::compare::{FormAgreement, LegalForms, NameParts};
use guanxi_names::{is_minted_from, name_key};

use super::{DOCUMENT_DIGITS, most_frequent_class};
use crate::Knowledge;

/// What one document says of one id.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    /// Place of the document among all, sorted by id.
    pub document: u32,
    pub entity: &'a Entity,
}

/// A claim, or a row's fact, seen from one of its ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Link {
    from: u32,
    pub predicate: u32,
    pub forward: bool,
    /// Who stands at the other end.
    pub to: u32,
}

/// Somebody as one or more documents know it, or a reference row.
pub(super) struct Bearer<'a> {
    pub id: &'a EntityId,
    pub row: Option<&'a Entity>,
    /// Places in [`Bearers::said`], sorted.
    pub said: Vec<u32>,
    pub class: Arc<str>,
    pub is_person: bool,
    /// Somebody judged that one document means somebody else by the name: no name ties it.
    pub is_apart: bool,
    /// Countries that it is said to be at home in, sorted.
    pub countries: Vec<String>,
    /// Years in which it is said to have been founded, sorted.
    pub founded: Vec<i16>,
    /// Sorted.
    pub identifiers: Vec<Identifier>,
}

pub(super) struct Bearers<'a> {
    /// Sorted.
    pub documents: Vec<&'a DocumentId>,
    /// Sorted by id and document.
    pub said: Vec<Said<'a>>,
    /// Places in `said`, by document and id.
    of_document: Vec<u32>,
    /// Where the places of each document begin in `of_document`, and where the last ones end.
    starts: Vec<u32>,
    /// The bearer of each of `said`.
    pub bearer_of: Vec<u32>,
    /// Sorted by id, those of one id by their first document.
    pub all: Vec<Bearer<'a>>,
    /// Predicates that links name by their place.
    pub predicates: Vec<Arc<str>>,
    /// Between bearers, sorted.
    links: Vec<Link>,
}

impl<'a> Bearers<'a> {
    pub fn gather(
        extractions: &[&'a Extraction],
        rows: &'a [Entity],
        knowledge: &Knowledge<'_>,
        rejected: &BTreeSet<&ClaimId>,
        apart: &[(EntityId, EntityId, Sameness)],
    ) -> Self {
        let mut sorted = extractions.to_vec();
        sorted.sort_by(|a, b| a.document.id.cmp(&b.document.id));
        let documents: Vec<&DocumentId> = sorted.iter().map(|extraction| &extraction.document.id).collect();
        let said = (0..)
            .zip(&sorted)
            .flat_map(|(document, extraction)| extraction.entities.iter().map(move |entity| Said { document, entity }));
        let mut said: Vec<Said<'a>> = said.collect();
        said.sort_by(|a, b| (&a.entity.id, a.document).cmp(&(&b.entity.id, b.document)));
        said.dedup_by(|later, first| later.entity.id == first.entity.id && later.document == first.document);
        let (of_document, starts) = by_document(&said, documents.len());
        let mut bearers = Self {
            documents,
            of_document,
            starts,
            bearer_of: vec![0; said.len()],
            said,
            all: Vec::new(),
            predicates: knowledge.schema.predicates().iter().map(|predicate| Arc::from(&*predicate.name)).collect(),
            links: Vec::new(),
        };
        let told = Told::of(&bearers, &sorted, rows, rejected);
        let apart = apart.iter().filter(|(.., verdict)| *verdict != Sameness::Same);
        let alone: BTreeSet<u32> = apart.flat_map(|(one, other, _)| bearers.told_apart(one, other)).collect();
        bearers.part(rows, &told, &alone, knowledge.schema);
        bearers.link(told.links, rows, knowledge);
        bearers
    }

    /// The bearer whom an id of a judgement means: the first of that id, or the one of a document that its end names.
    pub fn meant(&self, id: &EntityId) -> Option<u32> {
        match self.mention(id) {
            Some(said) => Some(self.bearer_of[said as usize]),
            None => self.main(id),
        }
    }

    /// The bearer that an id means where nothing else is said: the row, else the one whom most documents know, of equals
    /// the one of the first document.
    pub fn main(&self, id: &EntityId) -> Option<u32> {
        let first = self.all.partition_point(|bearer| bearer.id < id);
        let of_id = self.all[first..].iter().take_while(|bearer| bearer.id == id);
        let main = (first as u32..).zip(of_id).min_by_key(|(place, bearer)| {
            (
                bearer.row.is_none(),
                bearer.is_apart,
                std::cmp::Reverse(bearer.said.len()),
                bearer.said.first().copied(),
                *place,
            )
        });
        main.map(|(place, _)| place)
    }

    /// Those whom claims and rows tie to a bearer.
    pub fn links(&self, bearer: u32) -> &[Link] {
        let first = self.links.partition_point(|link| link.from < bearer);
        let length = self.links[first..].partition_point(|link| link.from == bearer);
        &self.links[first..first + length]
    }

    /// Every name with the kind that each document gives it, of the row first.
    pub fn names(&self, bearer: u32) -> impl Iterator<Item = (&'a str, NameKind)> + '_ {
        let bearer = &self.all[bearer as usize];
        let row = bearer.row.into_iter();
        let texts = bearer.said.iter().map(|&said| self.said[said as usize].entity);
        row.chain(texts).flat_map(|entity| entity.names.iter().map(|name| (name.text.as_str(), name.kind)))
    }

    /// The id of a bearer with the first document that knows it.
    pub fn mention_id(&self, bearer: u32) -> EntityId {
        let bearer = &self.all[bearer as usize];
        let Some(&first) = bearer.said.first() else { return bearer.id.clone() };
        let document = self.documents[self.said[first as usize].document as usize].as_str();
        EntityId::new(format!("{}-{}", bearer.id, &document[..document.len().min(DOCUMENT_DIGITS)]))
    }

    fn place(&self, id: &EntityId, document: u32) -> Option<u32> {
        let (start, end) = (self.starts[document as usize], self.starts[document as usize + 1]);
        let own = &self.of_document[start as usize..end as usize];
        own.binary_search_by(|place| self.said[*place as usize].entity.id.cmp(id)).ok().map(|at| own[at])
    }

    /// `agent-68c1d49f8324367e-9f2c41d0…`: what the document whose hash begins so says of the id before.
    fn mention(&self, id: &EntityId) -> Option<u32> {
        let (base, document) = id.as_str().rsplit_once('-')?;
        let is_hash = document.len() >= 8 && document.bytes().all(|byte| byte.is_ascii_hexdigit());
        let base = EntityId::new(base);
        let first = self.documents.partition_point(|known| known.as_str() < document);
        let known = self.documents.get(first).filter(|known| is_hash && known.as_str().starts_with(document));
        known.and_then(|_| self.place(&base, first as u32))
    }

    /// What documents say of one id, where a judgement tells one document from the others.
    fn told_apart(&self, one: &EntityId, other: &EntityId) -> Vec<u32> {
        let [mention, other_mention] = [self.mention(one), self.mention(other)];
        let base = |said: Option<u32>, id: &EntityId| {
            said.map_or_else(|| id.clone(), |said| self.said[said as usize].entity.id.clone())
        };
        match base(mention, one) == base(other_mention, other) {
            true => mention.into_iter().chain(other_mention).collect(),
            false => Vec::new(),
        }
    }

    fn part(&mut self, rows: &'a [Entity], told: &Told, alone: &BTreeSet<u32>, schema: &Schema) {
        let (mut row, mut first) = (0, 0);
        while row < rows.len() || first < self.said.len() {
            let said_id = self.said.get(first).map(|said| &said.entity.id);
            let id = rows.get(row).map(|row| &row.id).into_iter().chain(said_id).min();
            let Some(id) = id else { break };
            let own_row = rows.get(row).filter(|row| row.id == *id);
            row += usize::from(own_row.is_some());
            let length = self.said[first..].iter().take_while(|said| said.entity.id == *id).count();
            let places = first as u32..(first + length) as u32;
            first += length;
            let (single, together): (Vec<u32>, Vec<u32>) = places.partition(|place| alone.contains(place));
            // An id that was made from no name was given to one on purpose.
            let mut groups = match own_row {
                Some(_) => vec![together],
                None if !self.is_minted(&together, schema) => vec![together],
                None => self.namesakes(together, told, schema),
            };
            groups.extend(single.into_iter().map(|place| vec![place]));
            for (number, said) in groups.into_iter().enumerate() {
                let mut bearer = self.bearer(id, own_row.filter(|_| number == 0), said, told, schema);
                bearer.is_apart = bearer.said.iter().any(|place| alone.contains(place));
                for &place in &bearer.said {
                    self.bearer_of[place as usize] = self.all.len() as u32;
                }
                self.all.push(bearer);
            }
        }
    }

    /// Whether the id was made from the name that a document gives first, in whatever class.
    fn is_minted(&self, said: &[u32], schema: &Schema) -> bool {
        let Some(&first) = said.first() else { return true };
        let entity = self.said[first as usize].entity;
        let family = schema.family(&entity.class).unwrap_or("agent");
        said.len() < 2 || entity.names.iter().any(|name| is_minted_from(&entity.id, family, &name.text))
    }

    /// What documents say of one name, parted by whom they can mean.
    fn namesakes(&self, said: Vec<u32>, told: &Told, schema: &Schema) -> Vec<Vec<u32>> {
        let is_person = |place: &u32| schema.is_a(&self.said[*place as usize].entity.class, "Person");
        let (persons, others): (Vec<u32>, Vec<u32>) = said.into_iter().partition(is_person);
        let mut groups: Vec<Vec<u32>> = persons.into_iter().map(|place| vec![place]).collect();
        for group in parted(
            others,
            |place| self.forms(place),
            LegalForms::is_unknown,
            |a, b| a.agreement(b) == FormAgreement::Contradict,
        ) {
            groups.extend(self.parted_by_country(group, told));
        }
        groups
    }

    /// The kinds of legal form with which a document writes the name that the id was minted from.
    fn forms(&self, place: u32) -> LegalForms {
        let entity = self.said[place as usize].entity;
        let Some(first) = entity.names.first() else { return LegalForms::default() };
        let key = name_key(&first.text);
        let own = entity.names.iter().filter(|name| name_key(&name.text) == key);
        own.fold(LegalForms::default(), |forms, name| forms.and(NameParts::read(&name.text).legal_forms()))
    }

    fn parted_by_country(&self, group: Vec<u32>, told: &Told) -> Vec<Vec<u32>> {
        let countries: BTreeSet<&String> =
            group.iter().filter_map(|place| told.countries.get(place)).flatten().collect();
        if countries.len() < 2 {
            return vec![group];
        }
        let mut known: BTreeMap<&EntityId, Vec<&String>> = BTreeMap::new();
        for place in &group {
            for country in told.countries.get(place).into_iter().flatten() {
                for link in told.links_of(*place).filter(|link| self.tells_who(link.to)) {
                    known.entry(&self.said[link.to as usize].entity.id).or_default().push(country);
                }
            }
        }
        if known.values().any(|countries| countries.iter().any(|country| *country != countries[0])) {
            return vec![group];
        }
        let country = |place: u32| told.countries.get(&place).and_then(|countries| countries.first()).map_or("", |c| c);
        parted(group, country, str::is_empty, |a, b| a != b)
    }

    /// Whether a neighbour tells one firm from another; a place or a line of business is shared by many.
    fn tells_who(&self, said: u32) -> bool {
        !matches!(
            &*self.said[said as usize].entity.class,
            "Place" | "Activity" | "Regulator" | "PublicBody" | "Exchange"
        )
    }

    fn bearer(
        &self,
        id: &'a EntityId,
        row: Option<&'a Entity>,
        said: Vec<u32>,
        told: &Told,
        schema: &Schema,
    ) -> Bearer<'a> {
        let mut votes: BTreeMap<Arc<str>, u32> = BTreeMap::new();
        for &place in &said {
            *votes.entry(Arc::clone(&self.said[place as usize].entity.class)).or_default() += 1;
        }
        let class = row.map_or_else(|| most_frequent_class(&votes, schema), |row| Arc::clone(&row.class));
        let is_person = votes.keys().chain([&class]).any(|class| schema.is_a(class, "Person"));
        let of_row = row.and_then(|row| row.country.clone());
        let of_texts = said.iter().filter(|_| of_row.is_none()).filter_map(|place| told.countries.get(place)).flatten();
        let countries: BTreeSet<String> = of_texts.cloned().chain(of_row.clone()).collect();
        let founded: BTreeSet<i16> =
            said.iter().filter_map(|place| told.founded.get(place)).flatten().copied().collect();
        let texts = said.iter().map(|&place| self.said[place as usize].entity);
        let identifiers: BTreeSet<&Identifier> = texts.chain(row).flat_map(|entity| &entity.identifiers).collect();
        Bearer {
            id,
            row,
            class,
            is_person,
            is_apart: false,
            countries: countries.into_iter().collect(),
            founded: founded.into_iter().collect(),
            identifiers: identifiers.into_iter().cloned().collect(),
            said,
        }
    }

    fn link(&mut self, told: Vec<Link>, rows: &[Entity], knowledge: &Knowledge<'_>) {
        let bearer = |place: u32| self.bearer_of[place as usize];
        let mut links: Vec<Link> =
            told.into_iter().map(|link| Link { from: bearer(link.from), to: bearer(link.to), ..link }).collect();
        if !rows.is_empty() {
            for fact in knowledge.reference.facts() {
                let predicate = self.predicates.iter().position(|known| **known == *fact.predicate);
                if let (Some(predicate), Some(from), Some(to)) =
                    (predicate, self.main(&fact.subject), self.main(&fact.object))
                {
                    let link = Link { from, predicate: predicate as u32, forward: true, to };
                    links.extend([link, Link { from: to, to: from, forward: false, ..link }]);
                }
            }
        }
        links.sort_unstable();
        links.dedup();
        self.links = links;
    }
}

/// The places of what documents say, by document; within one they stay sorted by id.
fn by_document(said: &[Said<'_>], documents: usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0; documents + 1];
    said.iter().for_each(|said| starts[said.document as usize + 1] += 1);
    for document in 0..documents {
        starts[document + 1] += starts[document];
    }
    let (mut places, mut next) = (vec![0; said.len()], starts.clone());
    for (place, said) in (0..).zip(said) {
        let next = &mut next[said.document as usize];
        places[*next as usize] = place;
        *next += 1;
    }
    (places, starts)
}

/// Parts a group by a value that some of its members have, if two of the values exclude each other: each value with those
/// that it excludes nothing of, and those without one by themselves.
fn parted<V: Copy + PartialEq>(
    group: Vec<u32>,
    value: impl Fn(u32) -> V,
    is_unknown: impl Fn(V) -> bool,
    excludes: impl Fn(V, V) -> bool,
) -> Vec<Vec<u32>> {
    if group.len() < 2 {
        return if group.is_empty() { Vec::new() } else { vec![group] };
    }
    let valued: Vec<(u32, V)> = group.iter().map(|&place| (place, value(place))).collect();
    let mut kinds: Vec<Vec<V>> = Vec::new();
    for &(_, value) in valued.iter().filter(|(_, value)| !is_unknown(*value)) {
        let fits = |kind: &&mut Vec<V>| kind.iter().all(|known| !excludes(*known, value));
        match kinds.iter_mut().find(fits) {
            Some(kind) if kind.contains(&value) => {}
            Some(kind) => kind.push(value),
            None => kinds.push(vec![value]),
        }
    }
    if kinds.len() < 2 {
        return vec![group];
    }
    let mut groups: BTreeMap<Option<usize>, Vec<u32>> = BTreeMap::new();
    for (place, value) in valued {
        groups.entry(kinds.iter().position(|kind| kind.contains(&value))).or_default().push(place);
    }
    groups.into_values().collect()
}

/// What claims say of whom documents speak of.
struct Told {
    /// Between places in [`Bearers::said`], sorted.
    links: Vec<Link>,
    countries: BTreeMap<u32, BTreeSet<String>>,
    founded: BTreeMap<u32, BTreeSet<i16>>,
}

impl Told {
    fn of(bearers: &Bearers<'_>, extractions: &[&Extraction], rows: &[Entity], rejected: &BTreeSet<&ClaimId>) -> Self {
        let mut told = Self { links: Vec::new(), countries: BTreeMap::new(), founded: BTreeMap::new() };
        let row_country = |id: &EntityId| {
            let row = rows.binary_search_by(|row| row.id.cmp(id)).ok()?;
            rows[row].country.clone()
        };
        for (place, said) in (0..).zip(&bearers.said) {
            if let Some(country) = &said.entity.country {
                told.countries.entry(place).or_default().insert(country.clone());
            }
        }
        for (document, extraction) in (0..).zip(extractions) {
            let claims = extraction.claims.iter();
            for claim in claims.filter(|claim| claim.status != Status::Denied && !rejected.contains(&claim.id)) {
                let Some(from) = bearers.place(&claim.subject.entity, document) else { continue };
                match &claim.object {
                    Object::Value(Value::Date(date)) if &*claim.predicate == "foundedOn" => {
                        told.founded.entry(from).or_default().insert(date.year_number());
                    }
                    Object::Value(_) => {}
                    Object::Entity(object) => {
                        let Some(to) = bearers.place(&object.entity, document) else { continue };
                        let predicate = bearers.predicates.iter().position(|known| **known == *claim.predicate);
                        let Some(predicate) = predicate else { continue };
                        let link = Link { from, predicate: predicate as u32, forward: true, to };
                        told.links.extend([link, Link { from: to, to: from, forward: false, ..link }]);
                        if &*claim.predicate == "headquarteredIn"
                            && claim.status == Status::Asserted
                            && let Some(country) = row_country(&object.entity)
                        {
                            told.countries.entry(from).or_default().insert(country);
                        }
                    }
                }
            }
        }
        told.links.sort_unstable();
        told.links.dedup();
        told
    }

    fn links_of(&self, said: u32) -> impl Iterator<Item = &Link> {
        let first = self.links.partition_point(|link| link.from < said);
        self.links[first..].iter().take_while(move |link| link.from == said)
    }
}
