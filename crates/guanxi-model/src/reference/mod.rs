//! What is known before any text is read: data (`data/reference/**`, TOML or CSV), checked against the schema.

mod csv;
mod load;
mod row;
mod row_form;
mod toml;

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use self::row_form::{EntityRow, FactRow, Words};
use crate::data_file::{DataError, DataFile};
use crate::named::named_enum;
use crate::packed::Rows;
use crate::{Entity, EntityId, NameHeld, Qualifiers, Schema, Validity};

/// What is wrong with a reference file, and where.
pub type ReferenceError = DataError;

/// Entities and facts that somebody looked up.
///
/// Rows are kept packed and opened one by one: of a million names nearly all are never asked for. A clone shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Reference {
    words: Words,
    /// Sorted by id.
    #[serde(with = "crate::packed::shared")]
    entities: Arc<Rows>,
    /// Sorted by subject, predicate, object, then start of validity.
    #[serde(with = "crate::packed::shared")]
    facts: Arc<Rows>,
}

/// One row: an entity with what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceEntity {
    /// Id, class, names, country.
    pub entity: Entity,
    /// Those of its names that say when it bore them.
    pub names_held: Vec<NameHeld>,
    /// From when to when it exists, or is in force.
    pub validity: Validity,
    /// Of a regulation: where it stands in its life.
    pub lifecycle: Option<Lifecycle>,
    /// Of a regulation: what kind of instrument it is.
    pub instrument: Option<Instrument>,
    /// Of an activity: the wider one.
    pub broader: Option<EntityId>,
    /// Of an exchange: its market identifier code, ISO 10383.
    pub mic: Option<String>,
    /// Of a union of countries: the ISO 3166-1 codes of its members, sorted. Its bodies bear the country of its row.
    pub members: Vec<String>,
    /// Where it was looked up; absent = unverified.
    pub source: Option<String>,
    /// File of the row.
    pub file: Arc<str>,
    /// Line of the row, from 1.
    pub line: u32,
}

impl ReferenceEntity {
    /// Whether it is gone: abolished, wound up, repealed, run out.
    pub fn has_ended(&self) -> bool {
        !self.validity.is_current() || matches!(self.lifecycle, Some(Lifecycle::Repealed | Lifecycle::Ended))
    }
}

/// One fact of a row: the row's entity is its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceFact {
    /// Subject.
    pub subject: EntityId,
    /// Local name of the predicate.
    pub predicate: Arc<str>,
    /// Object.
    pub object: EntityId,
    /// What the row says beside.
    pub qualifiers: Qualifiers,
    /// From when to when it holds, as stated beside it: what ends with its subject is for the graph to weigh.
    pub validity: Validity,
    /// Where it was looked up; absent = unverified.
    pub source: Option<String>,
    /// File of the row.
    pub file: Arc<str>,
    /// Line of the fact, from 1.
    pub line: u32,
}

named_enum! {
    /// Where a regulation stands in its life.
    Lifecycle {
        /// Published for comment; binds nobody.
        Draft "draft",
        /// Binding.
        InForce "in force",
        /// Binding, as amended.
        Amended "amended",
        /// Taken out of force.
        Repealed "repealed",
        /// Ran out, or did what it was for.
        Ended "ended",
    }
}

named_enum! {
    /// What kind of instrument a regulation is.
    Instrument {
        /// Passed by a parliament.
        Law "law",
        /// Issued by a government (行政法规).
        AdministrativeRegulation "administrative regulation",
        /// Issued by a ministry or regulator (部门规章).
        DepartmentRule "department rule",
        /// A notice or guideline that binds in practice (规范性文件).
        NormativeDocument "normative document",
        /// A plan or programme.
        Plan "plan",
        /// A text published for comment.
        Draft "draft",
        /// A technical or professional standard.
        Standard "standard",
    }
}

impl Reference {
    /// Reads reference files, given as (file name, text): CSV where the name ends in `.csv`, else TOML. Rows may refer to
    /// rows of any file.
    ///
    /// # Errors
    /// Everything that is wrong with any of the files, by file and line.
    pub fn load<'a>(
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
        schema: &Schema,
    ) -> Result<Reference, Vec<ReferenceError>> {
        let files: Vec<DataFile<'_>> = files.into_iter().map(|(name, text)| DataFile { name, text }).collect();
        load::load(&files, schema)
    }

    /// Rows and facts as they are given: rows sorted by id, facts by subject, predicate, object, start of validity.
    pub fn new(
        entities: impl IntoIterator<Item = ReferenceEntity>,
        facts: impl IntoIterator<Item = ReferenceFact>,
    ) -> Self {
        let mut reference = Self::default();
        entities.into_iter().for_each(|row| reference.push(&row));
        facts.into_iter().for_each(|fact| reference.push_fact(&fact));
        reference.fit();
        reference
    }

    /// Every row, sorted by id.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = ReferenceEntity> {
        (0..self.entities.len()).map(|position| self.row(position))
    }

    /// Every fact, sorted by subject, predicate, object, then start of validity.
    pub fn facts(&self) -> impl ExactSizeIterator<Item = ReferenceFact> {
        (0..self.facts.len()).map(|position| self.facts.get::<FactRow<'_>>(position).open(&self.words))
    }

    /// The row at a position among [`Reference::entities`].
    ///
    /// # Panics
    /// If there is none.
    pub fn row(&self, position: usize) -> ReferenceEntity {
        self.entities.get::<EntityRow<'_>>(position).open(&self.words)
    }

    /// The row of this id.
    pub fn entity(&self, id: &EntityId) -> Option<ReferenceEntity> {
        // An id is the first thing in its row.
        let id_at = |position| self.entities.get::<&str>(position);
        let (mut low, mut high) = (0, self.entities.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match id_at(middle).cmp(id.as_str()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(self.row(middle)),
            }
        }
        None
    }

    fn push(&mut self, row: &ReferenceEntity) {
        Arc::make_mut(&mut self.entities).push(&EntityRow::of(row, &mut self.words));
    }

    fn push_fact(&mut self, fact: &ReferenceFact) {
        Arc::make_mut(&mut self.facts).push(&FactRow::of(fact, &mut self.words));
    }

    /// Brings the rows into the order of their ids.
    fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.entities.len()).collect();
        order.sort_by_key(|&position| self.entities.get::<&str>(position));
        self.entities = self.entities.picked(order).into();
    }

    /// Gives back the room that was kept for more rows.
    fn fit(&mut self) {
        self.words.fit();
        Arc::make_mut(&mut self.entities).fit();
        Arc::make_mut(&mut self.facts).fit();
    }
}
