//! Which classes and predicates exist: data (`data/schema/*.toml`, one kind a file), read here in two passes.

mod load;
mod shapes;
mod turtle;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::data_file::{DataError, DataFile};
use crate::{Qualifier, Share};
pub use shapes::shapes;
pub use turtle::turtle;

/// What is wrong with a schema file, and where.
pub type SchemaError = DataError;

/// The families within which entity ids are minted.
pub(crate) const FAMILIES: [&str; 5] = ["agent", "product", "regulation", "activity", "place"];

/// Prefixes of close matches, and what they stand for.
const PREFIXES: [(&str, &str); 11] = [
    ("cmns", "https://www.omg.org/spec/Commons/"),
    ("eli", "http://data.europa.eu/eli/ontology#"),
    ("fibo", "https://spec.edmcouncil.org/fibo/ontology/"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("oa", "http://www.w3.org/ns/oa#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("qb", "http://purl.org/linked-data/cube#"),
    ("schema", "https://schema.org/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("wd", "http://www.wikidata.org/entity/"),
];

/// Every class and predicate, checked: each name that one of them mentions exists, and no class descends from itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    classes: Vec<Class>,
    predicates: Vec<Predicate>,
}

/// How a kind is called in English and in Chinese.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// English.
    pub en: String,
    /// Chinese, simplified.
    pub zh: String,
}

/// A class of things.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Local name: `Company`.
    #[serde(with = "crate::packed::shared")]
    pub name: Arc<str>,
    /// The classes right above it, sorted.
    #[serde(with = "crate::packed::shared")]
    pub parents: Vec<Arc<str>>,
    /// Its own family, where it does not take that of its parents; ask [`Schema::family`].
    #[serde(with = "crate::packed::shared")]
    pub family: Option<Arc<str>>,
    /// What its members are.
    pub kind: ClassKind,
    /// How it is called.
    pub labels: Labels,
    /// What belongs to it, in a sentence.
    pub definition: String,
    /// Terms of other vocabularies that mean nearly the same: `schema:Corporation`, or a note in plain words.
    pub close_match: Vec<String>,
}

/// What the members of a class are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClassKind {
    /// Nodes of the graph.
    #[default]
    Entity,
    /// Nodes in some relation (an investor); never the type of a node.
    Role,
    /// What the store keeps about the graph: documents, claims, facts, judgements.
    Record,
}

/// A relation between two entities, or between an entity and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicate {
    /// Local name: `subsidiaryOf`.
    #[serde(with = "crate::packed::shared")]
    pub name: Arc<str>,
    /// How it reads from subject to object.
    pub labels: Labels,
    /// How it reads from object to subject.
    pub inverse_labels: Labels,
    /// What the subject is in it: "subsidiary".
    pub subject_role: String,
    /// What the object is in it: "parent".
    pub object_role: String,
    /// What it says, in a sentence.
    pub definition: String,
    /// Classes of its subject, sorted.
    #[serde(with = "crate::packed::shared")]
    pub domain: Vec<Arc<str>>,
    /// What its object may be.
    pub range: Range,
    /// What may be said beside subject and object, in printing order: its own, and `date`, `validFrom`, `validTo`.
    pub qualifiers: Vec<Qualifier>,
    /// Whether it holds both ways.
    pub symmetric: bool,
    /// Whether one subject has one object at a time.
    pub functional: bool,
    /// Whether it is concluded, never stated by a text.
    pub derived: bool,
    /// Whether it stays true after its subject is gone, as what was done does: issued, acquired. Anything else is a state
    /// of its subject (regulates, owns) and ends with it.
    pub outlives_subject: bool,
    /// Terms of other vocabularies that mean nearly the same.
    pub close_match: Vec<String>,
    /// How it becomes an arrow; absent where the object is a value.
    pub edge: Option<Edge>,
    /// Which way a search of paths goes along it.
    pub walk: Walk,
}

/// What the object of a predicate may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Range {
    /// An entity of one of these classes, sorted.
    Classes(#[serde(with = "crate::packed::shared")] Vec<Arc<str>>),
    /// A value.
    Value(ValueKind),
}

/// What the value of a predicate may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ValueKind {
    /// An amount of money.
    #[serde(rename = "money")]
    Money,
    /// A count, a ratio or an amount of money.
    #[serde(rename = "number or money")]
    NumberOrMoney,
    /// A point in time.
    #[serde(rename = "date")]
    Date,
}

/// How a predicate becomes an arrow of the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The arrow runs from object to subject (`subsidiaryOf`: from parent to child).
    pub from_object: bool,
    /// What kind of tie it is.
    pub kind: EdgeKind,
    /// The holding that it tells where no figure is given.
    pub default_share: Option<Share>,
}

/// What kind of tie an arrow is: what a diagram draws, what a calculator of control reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EdgeKind {
    /// Who holds shares in whom.
    Ownership,
    /// Who decides over whom, whatever the shares.
    Control,
    /// Public supervision.
    Regulation,
    /// Products, services and lines of business.
    Offer,
    /// Anything else.
    Other,
}

/// Which way each search of paths goes along a predicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Walk {
    /// From one named entity to another.
    pub trace: Direction,
    /// From a regulator to all that it reaches.
    pub reach: Direction,
    /// From a company to its owners.
    pub owners: Direction,
}

/// A direction of walking, relative to a claim's subject → object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Never along it.
    #[default]
    None,
    /// From subject to object.
    Forward,
    /// From object to subject.
    Backward,
    /// Either way.
    Both,
}

impl Schema {
    /// Reads schema files, given as (file name, TOML text).
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, by file and line.
    pub fn load<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Schema, Vec<SchemaError>> {
        let files: Vec<DataFile<'_>> = files.into_iter().map(|(name, text)| DataFile { name, text }).collect();
        load::load(&files)
    }

    /// The class of this name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        find(&self.classes, name, |class| &class.name)
    }

    /// The predicate of this name.
    pub fn predicate(&self, name: &str) -> Option<&Predicate> {
        find(&self.predicates, name, |predicate| &predicate.name)
    }

    /// Every class, sorted by name.
    pub fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// Every predicate, sorted by name.
    pub fn predicates(&self) -> &[Predicate] {
        &self.predicates
    }

    /// Whether `class` is `ancestor` or descends from it.
    pub fn is_a(&self, class: &str, ancestor: &str) -> bool {
        class == ancestor
            || self.class(class).is_some_and(|class| class.parents.iter().any(|parent| self.is_a(parent, ancestor)))
    }

    /// Whether an entity of this class may be the subject of the predicate.
    pub fn accepts_subject(&self, predicate: &Predicate, class: &str) -> bool {
        predicate.domain.iter().any(|accepted| self.is_a(class, accepted))
    }

    /// Whether an entity of this class may be the object of the predicate.
    pub fn accepts_object(&self, predicate: &Predicate, class: &str) -> bool {
        match &predicate.range {
            Range::Classes(classes) => classes.iter().any(|accepted| self.is_a(class, accepted)),
            Range::Value(_) => false,
        }
    }

    /// The family of a class, its own or that of its ancestors: agent, product, regulation, activity, place.
    ///
    /// Ids are minted within a family, so that a dispute over Company or Organization does not split a node.
    pub fn family(&self, class: &str) -> Option<&str> {
        let class = self.class(class)?;
        class.family.as_deref().or_else(|| class.parents.iter().find_map(|parent| self.family(parent)))
    }
}

impl Direction {
    /// Whether a walk may go from subject to object.
    pub fn goes_forward(self) -> bool {
        matches!(self, Self::Forward | Self::Both)
    }

    /// Whether a walk may go from object to subject.
    pub fn goes_backward(self) -> bool {
        matches!(self, Self::Backward | Self::Both)
    }
}

fn find<'a, T>(sorted: &'a [T], name: &str, name_of: impl Fn(&T) -> &Arc<str>) -> Option<&'a T> {
    sorted.binary_search_by(|item| name_of(item).as_ref().cmp(name)).ok().map(|position| &sorted[position])
}
