//! Sets of classes as bits, so that a typed slot is one `and`.

use std::ops::{BitAnd, BitOr};
use std::sync::Arc;

use guanxi_model::Schema;
use guanxi_model::schema::ClassKind;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

/// Some of the schema's entity classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ClassSet(u64);

impl ClassSet {
    pub(crate) const NONE: Self = Self(0);

    /// One bit a class.
    pub(crate) fn bits(self) -> u64 {
        self.0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The one set where it is not empty, else the other.
    pub(crate) fn or_else(self, other: Self) -> Self {
        if self.is_empty() { other } else { self }
    }
}

impl BitAnd for ClassSet {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitOr for ClassSet {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The entity classes of a schema, each with its bit.
#[derive(Clone, Debug)]
pub(crate) struct ClassTable {
    names: Vec<Arc<str>>,
    families: Vec<Arc<str>>,
    /// For each class: itself and all below it.
    below: Vec<ClassSet>,
    roles: Vec<(Arc<str>, ClassSet)>,
    /// Every name of a class or role.
    by_name: FxHashMap<Arc<str>, ClassSet>,
}

/// Where a name could be several things, the earlier of these is the better guess.
const PREFERENCE: [&str; 12] = [
    "Company",
    "Person",
    "Fund",
    "Regulator",
    "Exchange",
    "PublicBody",
    "Regulation",
    "Product",
    "Activity",
    "Place",
    "Organization",
    "Agent",
];

impl ClassTable {
    pub(crate) fn new(schema: &Schema) -> Self {
        let entities: Vec<_> = schema.classes().iter().filter(|class| class.kind == ClassKind::Entity).collect();
        assert!(entities.len() <= 60, "a schema has at most 60 classes of entities");
        let below: Vec<ClassSet> = entities
            .iter()
            .map(|ancestor| {
                let bits = entities.iter().enumerate().filter(|(_, class)| schema.is_a(&class.name, &ancestor.name));
                ClassSet(bits.map(|(bit, _)| 1 << bit).sum())
            })
            .collect();
        let names: Vec<Arc<str>> = entities.iter().map(|class| class.name.clone()).collect();
        let families = names.iter().map(|name| schema.family(name).unwrap_or("agent").into()).collect();
        let by_name = names.iter().cloned().zip(below.iter().copied()).collect();
        let mut table = Self { names, families, below, roles: Vec::new(), by_name };
        let agent = table.set("Agent").unwrap_or_default();
        table.roles = schema
            .classes()
            .iter()
            .filter(|class| class.kind == ClassKind::Role)
            .map(|class| (class.name.clone(), agent))
            .collect();
        for (role, set) in &table.roles {
            table.by_name.entry(role.clone()).or_insert(*set);
        }
        table
    }

    /// The class of this name and all below it.
    pub(crate) fn set(&self, name: &str) -> Option<ClassSet> {
        self.by_name.get(name).copied()
    }

    /// The union of several classes; unknown names are passed over.
    pub(crate) fn union(&self, names: &[&str]) -> ClassSet {
        names.iter().filter_map(|name| self.set(name)).fold(ClassSet::NONE, |all, set| all | set)
    }

    /// Organization without the classes below it that are told apart.
    pub(crate) fn organization_itself(&self) -> ClassSet {
        let all = self.set("Organization").unwrap_or_default();
        all.without(self.union(&["Company", "Fund", "Regulator", "PublicBody", "Exchange"]))
    }

    /// The best single guess among the classes of a set.
    pub(crate) fn best(&self, set: ClassSet) -> Option<usize> {
        let by_preference = PREFERENCE.iter().filter_map(|name| self.names.iter().position(|known| &**known == *name));
        by_preference.chain(0..self.names.len()).find(|&bit| set.0 & (1 << bit) != 0)
    }

    /// `Company|Fund`
    pub(crate) fn describe(&self, set: ClassSet) -> String {
        let names = self.names.iter().enumerate().filter(|(bit, _)| set.0 & (1 << bit) != 0).map(|(_, name)| &**name);
        names.collect::<Vec<_>>().join("|")
    }

    /// The same in as few words as hold all: `Agent|Place`.
    pub(crate) fn cover(&self, set: ClassSet) -> String {
        let whole = |bit: usize| self.below[bit].without(set).is_empty();
        let covered = |bit: usize| {
            (0..self.names.len()).any(|over| over != bit && whole(over) && self.below[over].0 & (1 << bit) != 0)
        };
        let bits = (0..self.names.len()).filter(|&bit| set.0 & (1 << bit) != 0 && !(whole(bit) && covered(bit)));
        // A class of which some are left out stands for itself alone.
        bits.map(|bit| &*self.names[bit]).collect::<Vec<_>>().join("|")
    }

    pub(crate) fn name(&self, class: usize) -> &Arc<str> {
        &self.names[class]
    }

    pub(crate) fn family(&self, class: usize) -> &str {
        &self.families[class]
    }

    pub(crate) fn single(&self, class: usize) -> ClassSet {
        ClassSet(1 << class)
    }

    /// Every name that a slot may use as its type.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name).chain(self.roles.iter().map(|(name, _)| &**name))
    }
}
