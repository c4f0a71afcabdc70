//! The form in which rows are kept: see [`crate::packed::Rows`].

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Instrument, Lifecycle, ReferenceEntity, ReferenceFact};
use crate::{Entity, EntityId, EntityName, Identifier, Language, NameHeld, NameKind, Qualifiers, Validity};

/// Words that stand in many rows: classes, predicates, files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Words {
    #[serde(with = "crate::packed::shared")]
    words: Vec<Arc<str>>,
    /// Where each stands, while rows are added.
    #[serde(skip)]
    places: BTreeMap<Arc<str>, u32>,
}

impl Words {
    fn place(&mut self, word: &Arc<str>) -> u32 {
        if let Some(&place) = self.places.get(word) {
            return place;
        }
        self.words.push(Arc::clone(word));
        self.places.insert(Arc::clone(word), self.words.len() as u32 - 1);
        self.words.len() as u32 - 1
    }

    pub fn fit(&mut self) {
        self.places = BTreeMap::new();
    }

    fn word(&self, place: u32) -> Arc<str> {
        Arc::clone(&self.words[place as usize])
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntityRow<'r> {
    pub id: &'r str,
    class: u32,
    #[serde(borrow)]
    names: Vec<NameRow<'r>>,
    country: Option<&'r str>,
    /// Each with its prefix.
    identifiers: Vec<String>,
    #[serde(borrow)]
    names_held: Vec<(NameRow<'r>, Validity)>,
    validity: Validity,
    lifecycle: Option<Lifecycle>,
    instrument: Option<Instrument>,
    broader: Option<&'r str>,
    mic: Option<&'r str>,
    members: Vec<&'r str>,
    source: Option<&'r str>,
    file: u32,
    line: u32,
}

type NameRow<'r> = (&'r str, Language, NameKind);

impl<'r> EntityRow<'r> {
    pub fn of(row: &'r ReferenceEntity, words: &mut Words) -> Self {
        Self {
            id: row.entity.id.as_str(),
            class: words.place(&row.entity.class),
            names: row.entity.names.iter().map(name_row).collect(),
            country: row.entity.country.as_deref(),
            identifiers: row.entity.identifiers.iter().map(Identifier::to_string).collect(),
            names_held: row.names_held.iter().map(|held| (name_row(&held.name), held.validity)).collect(),
            validity: row.validity,
            lifecycle: row.lifecycle,
            instrument: row.instrument,
            broader: row.broader.as_ref().map(EntityId::as_str),
            mic: row.mic.as_deref(),
            members: row.members.iter().map(String::as_str).collect(),
            source: row.source.as_deref(),
            file: words.place(&row.file),
            line: row.line,
        }
    }

    pub fn open(self, words: &Words) -> ReferenceEntity {
        let held = |(row, validity)| NameHeld { name: name(row), validity };
        ReferenceEntity {
            entity: Entity {
                id: EntityId::new(self.id),
                class: words.word(self.class),
                names: self.names.into_iter().map(name).collect(),
                country: self.country.map(str::to_owned),
                identifiers: self.identifiers.iter().filter_map(|written| written.parse().ok()).collect(),
            },
            names_held: self.names_held.into_iter().map(held).collect(),
            validity: self.validity,
            lifecycle: self.lifecycle,
            instrument: self.instrument,
            broader: self.broader.map(EntityId::new),
            mic: self.mic.map(str::to_owned),
            members: self.members.into_iter().map(str::to_owned).collect(),
            source: self.source.map(str::to_owned),
            file: words.word(self.file),
            line: self.line,
        }
    }
}

fn name_row(name: &EntityName) -> NameRow<'_> {
    (&name.text, name.language, name.kind)
}

fn name((text, language, kind): NameRow<'_>) -> EntityName {
    EntityName { text: text.to_owned(), language, kind }
}

#[derive(Serialize, Deserialize)]
pub(super) struct FactRow<'r> {
    subject: &'r str,
    predicate: u32,
    object: &'r str,
    qualifiers: Qualifiers,
    validity: Validity,
    source: Option<&'r str>,
    file: u32,
    line: u32,
}

impl<'r> FactRow<'r> {
    pub fn of(row: &'r ReferenceFact, words: &mut Words) -> Self {
        Self {
            subject: row.subject.as_str(),
            predicate: words.place(&row.predicate),
            object: row.object.as_str(),
            qualifiers: row.qualifiers.clone(),
            validity: row.validity,
            source: row.source.as_deref(),
            file: words.place(&row.file),
            line: row.line,
        }
    }

    pub fn open(self, words: &Words) -> ReferenceFact {
        ReferenceFact {
            subject: EntityId::new(self.subject),
            predicate: words.word(self.predicate),
            object: EntityId::new(self.object),
            qualifiers: self.qualifiers,
            validity: self.validity,
            source: self.source.map(str::to_owned),
            file: words.word(self.file),
            line: self.line,
        }
    }
}
