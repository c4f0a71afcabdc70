//! Some of the entities of a generation, in memory that hardly grows with them.

use std::collections::BTreeSet;

use guanxi_model::EntityId;

use super::Generation;
use crate::quads::Numbers;

/// A set of entities of one generation. In the form of a table it takes a bit for each term of the table; of RocksDB, whose
/// terms have no numbers, it holds ids.
#[derive(Clone, Debug)]
pub struct EntitySet<'a> {
    generation: &'a Generation,
    held: Held,
}

#[derive(Clone, Debug)]
enum Held {
    Terms(Numbers),
    Ids(BTreeSet<EntityId>),
}

impl<'a> EntitySet<'a> {
    /// A set that has none yet.
    pub fn new(generation: &'a Generation) -> Self {
        let held = match generation.quads.table() {
            Some(table) => Held::Terms(table.no_terms()),
            None => Held::Ids(BTreeSet::new()),
        };
        Self { generation, held }
    }

    /// Adds an entity of the generation.
    pub fn insert(&mut self, entity: &EntityId) {
        let number = self.number(entity);
        match (&mut self.held, number) {
            (Held::Terms(terms), Some(number)) => _ = terms.insert(number),
            (Held::Terms(_), None) => {}
            (Held::Ids(ids), _) => _ = ids.insert(entity.clone()),
        }
    }

    /// Whether the entity is in the set.
    pub fn contains(&self, entity: &EntityId) -> bool {
        match &self.held {
            Held::Terms(terms) => self.number(entity).is_some_and(|number| terms.contains(number)),
            Held::Ids(ids) => ids.contains(entity),
        }
    }

    fn number(&self, entity: &EntityId) -> Option<u32> {
        self.generation.quads.table()?.number(&self.generation.vocabulary.entity(entity))
    }
}
