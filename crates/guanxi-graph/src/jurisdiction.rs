//! At home where, and under whose authority: the country of an entity, and how far that of a public body goes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Entity, EntityId, Fact, FactId, Reference};

/// The members of each union of countries, by its own code: `EU` → `AT`, `BE`, ….
pub(crate) type Unions = BTreeMap<String, BTreeSet<String>>;

const SEAT: &str = "headquarteredIn";

/// Where all entities are at home, by their place in the list of entities sorted by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jurisdictions {
    homes: Vec<Option<Home>>,
    unions: Unions,
}

#[derive(Clone, Debug)]
struct Home {
    country: String,
    /// The fact that tells it, where the entity has no country of its own.
    seat: Option<FactId>,
}

impl Jurisdictions {
    /// `entities` are sorted by id; `plain` are facts that hold. An entity without a country of its own is at home where
    /// its headquarters are, unless they are said to be in several countries.
    pub fn of<'a>(entities: &[Entity], plain: impl Iterator<Item = &'a Fact>, unions: Unions) -> Self {
        let position = |id: &EntityId| entities.binary_search_by(|entity| entity.id.cmp(id)).ok();
        let country = |position: usize| entities[position].country.as_deref();
        let mut seats: BTreeMap<usize, Vec<(&str, &Fact)>> = BTreeMap::new();
        for fact in plain.filter(|fact| Self::are_told_by(fact)) {
            let place = fact.object.entity().and_then(position).and_then(country);
            if let (Some(entity), Some(place)) = (position(&fact.subject), place) {
                seats.entry(entity).or_default().push((place, fact));
            }
        }
        let home = |position| match country(position) {
            Some(country) => Some(Home { country: country.to_owned(), seat: None }),
            None => seats.get(&position).and_then(|seats| only_country(seats)),
        };
        Self { homes: (0..entities.len()).map(home).collect(), unions }
    }

    /// Whether a fact may tell where somebody is at home.
    pub fn are_told_by(fact: &Fact) -> bool {
        *fact.predicate == *SEAT
    }

    pub fn country(&self, position: usize) -> Option<&str> {
        self.homes[position].as_ref().map(|home| home.country.as_str())
    }

    /// The fact without which the country would not be known.
    pub fn seat(&self, position: usize) -> Option<&FactId> {
        self.homes[position].as_ref().and_then(|home| home.seat.as_ref())
    }

    pub fn into_unions(self) -> Unions {
        self.unions
    }

    /// Whether `subject` is at home where the authority is, or in a member of the union that the authority is of.
    /// Where either country is unknown, it is not.
    pub fn covers(&self, authority: usize, subject: usize) -> bool {
        covers(&self.unions, self.country(authority), self.country(subject))
    }
}

/// Whether the authority of a body in one country extends to another; where either is unknown, it does not.
pub(crate) fn covers(unions: &Unions, authority: Option<&str>, subject: Option<&str>) -> bool {
    let (Some(authority), Some(subject)) = (authority, subject) else { return false };
    authority == subject || unions.get(authority).is_some_and(|members| members.contains(subject))
}

/// The unions that rows of the reference data tell of.
pub(crate) fn unions(reference: &Reference) -> Unions {
    let mut unions = Unions::new();
    for row in reference.entities() {
        if let Some(union) = row.entity.country.as_ref().filter(|_| !row.members.is_empty()) {
            unions.entry(union.clone()).or_default().extend(row.members.iter().cloned());
        }
    }
    unions
}

fn only_country(seats: &[(&str, &Fact)]) -> Option<Home> {
    let (country, best) =
        seats.iter().max_by_key(|(_, fact)| (!fact.unverified, fact.confidence, Reverse(&fact.id)))?;
    let agree = seats.iter().all(|(other, _)| other == country);
    agree.then(|| Home { country: (*country).to_owned(), seat: Some(best.id.clone()) })
}
