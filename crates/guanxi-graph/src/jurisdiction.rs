//! At home where, and under whose authority: the country of an entity, and how far that of a public body goes.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Entity, EntityId, Fact};

/// The members of each union of countries, by its own code: `EU` → `AT`, `BE`, ….
pub(crate) type Unions = BTreeMap<String, BTreeSet<String>>;

const SEAT: &str = "headquarteredIn";

/// The countries of all entities, by their place in the list of entities sorted by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jurisdictions {
    countries: Vec<Option<String>>,
    unions: Unions,
}

impl Jurisdictions {
    /// `entities` are sorted by id; `plain` are facts that hold. An entity without a country of its own is at home where
    /// its headquarters are, unless they are said to be in several countries.
    pub fn of<'a>(entities: &[Entity], plain: impl Iterator<Item = &'a Fact>, unions: Unions) -> Self {
        let position = |id: &EntityId| entities.binary_search_by(|entity| entity.id.cmp(id)).ok();
        let mut seats: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for fact in plain.filter(|fact| *fact.predicate == *SEAT) {
            let place = fact.object.entity().and_then(position).and_then(|place| entities[place].country.as_deref());
            if let (Some(entity), Some(country)) = (position(&fact.subject), place) {
                seats.entry(entity).or_default().insert(country);
            }
        }
        let seat = |position| seats.get(&position).filter(|seats| seats.len() == 1)?.first().copied();
        let countries = entities.iter().enumerate().map(|(position, entity)| {
            let country = entity.country.as_deref().or_else(|| seat(position));
            country.map(str::to_owned)
        });
        Self { countries: countries.collect(), unions }
    }

    pub fn country(&self, position: usize) -> Option<&str> {
        self.countries[position].as_deref()
    }

    /// Whether `subject` is at home where the authority is, or in a member of the union that the authority is of.
    /// Where either country is unknown, it is not.
    pub fn covers(&self, authority: usize, subject: usize) -> bool {
        let (Some(authority), Some(subject)) = (self.country(authority), self.country(subject)) else { return false };
        authority == subject || self.unions.get(authority).is_some_and(|members| members.contains(subject))
    }
}
