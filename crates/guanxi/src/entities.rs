//! What people decide on entities: that two are one, that they are two, and taking that back.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guanxi_graph::{Generation, Summary};
use guanxi_model::{Entity, EntityId, EntityJudgement, Sameness};
use guanxi_names::mint_entity_id;

use crate::Guanxi;
use crate::judgements::{Change, ChangeError, ChangeOptions};

/// Digits of a document's hash that tell whom it means from whom others mean.
const DOCUMENT_DIGITS: usize = 16;

/// What was decided, or taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The decisions.
    pub judgements: Vec<EntityJudgement>,
    /// What the store says now.
    pub summary: Summary,
    /// The file that it stands in.
    pub file: PathBuf,
}

/// Who stood in a decision, and what it was called.
pub type Party = (EntityId, String);

/// An entity can't be split so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Nothing was merged by that name.
    #[error("`{name}` was not merged into {label}{}", if members.is_empty() { ": nothing was".to_owned() } else { format!("; these were: {}", members.join(", ")) })]
    NoMember {
        /// What was asked for.
        name: String,
        /// What the entity is called.
        label: String,
        /// The ids that were merged into it, with the names that they stand for.
        members: Vec<String>,
    },
    /// No such document speaks of it.
    #[error("no document `{document}` speaks of {label}")]
    NoDocument {
        /// What was asked for.
        document: String,
        /// What the entity is called.
        label: String,
    },
}

/// All ids that mean an entity: its own and those that were merged into it.
pub fn ids_of(generation: &Generation, entity: &EntityId) -> BTreeSet<EntityId> {
    let merged = generation.merged().into_iter().filter(|(_, new)| new == entity).map(|(old, _)| old);
    merged.chain([entity.clone()]).collect()
}

/// How an entity is to be named in a decision, so that the decision holds when more documents come: a person, and one of
/// several of a name, by the first document that means it.
pub fn party(generation: &Generation, entity: &Entity) -> Party {
    let is_split = generation.splits().iter().any(|split| split.of == entity.id);
    let documents = generation.documents_naming(&entity.id);
    let own = documents.into_iter().find(|document| generation.representative_in(document, &entity.id) == entity.id);
    let id = match own {
        Some(document) if is_split || &*entity.class == "Person" => {
            EntityId::new(format!("{}-{}", entity.id, &document.as_str()[..DOCUMENT_DIGITS]))
        }
        _ => entity.id.clone(),
    };
    (id, entity.label().to_owned())
}

/// Whom to hold apart so that what was merged into an entity under a name, or has that id, is somebody else again.
///
/// # Errors
/// Nothing was merged so.
pub fn apart_by_name(
    generation: &Generation,
    family: &str,
    entity: &Entity,
    name: &str,
) -> Result<Vec<[Party; 2]>, SplitError> {
    let ids = ids_of(generation, &entity.id);
    let meant = mint_entity_id(family, name);
    let is_meant = |id: &&EntityId| id.as_str() == name || **id == meant;
    let label = |id: &EntityId| called(generation, id).unwrap_or_else(|| entity.label().to_owned());
    match ids.iter().find(is_meant).filter(|_| ids.len() > 1) {
        Some(member) => {
            let others = ids.iter().filter(|id| *id != member);
            let pair = |other: &EntityId| [(member.clone(), name.to_owned()), (other.clone(), label(other))];
            Ok(others.map(pair).collect())
        }
        None => {
            let members = ids.iter().filter(|id| **id != entity.id).map(|id| format!("{} ({id})", label(id)));
            let (name, label) = (name.to_owned(), entity.label().to_owned());
            Err(SplitError::NoMember { name, label, members: members.collect() })
        }
    }
}

/// Whom to hold apart so that one document means somebody else by the names of an entity. The document is named by a
/// source, its name, or the beginning of its hash.
///
/// # Errors
/// No such document speaks of the entity.
pub fn apart_by_document(
    generation: &Generation,
    entity: &Entity,
    document: &str,
) -> Result<Vec<[Party; 2]>, SplitError> {
    let sources = generation.sources();
    let mut pairs = Vec::new();
    for id in ids_of(generation, &entity.id) {
        let base = generation.splits().into_iter().find(|split| split.id == id).map_or(id.clone(), |split| split.of);
        for meant in generation.documents_naming(&base) {
            let is_source = sources.iter().any(|(source, known)| source == document && *known == meant);
            let is_hash = document.len() >= 8 && meant.as_str().starts_with(document);
            if is_source || is_hash {
                let own = EntityId::new(format!("{base}-{}", &meant.as_str()[..DOCUMENT_DIGITS]));
                pairs.push([(own, entity.label().to_owned()), (base.clone(), entity.label().to_owned())]);
            }
        }
    }
    match pairs.is_empty() {
        true => Err(SplitError::NoDocument { document: document.to_owned(), label: entity.label().to_owned() }),
        false => Ok(pairs),
    }
}

/// What the first document that uses an id calls it.
fn called(generation: &Generation, id: &EntityId) -> Option<String> {
    let document = generation.documents_naming(id).into_iter().next()?;
    let entities = generation.extraction(&document)?.entities;
    entities.iter().find(|entity| entity.id == *id).map(|entity| entity.label().to_owned())
}

impl Guanxi {
    /// Decides on pairs of entities of the store in `folder`, in store and file of judgements, or in neither.
    ///
    /// # Errors
    /// One of the pairs was judged otherwise before, and nothing was changed; file or store cannot be read or written.
    pub fn judge_entities(
        &self,
        folder: &Path,
        options: &ChangeOptions,
        decisions: Vec<EntityJudgement>,
    ) -> Result<Decided, ChangeError> {
        let Change { mut update, file } = self.begin(folder, options)?;
        for decision in &decisions {
            let known = update.judgements().on_entities(&decision.one, &decision.other);
            if let Some(known) = known.filter(|known| known.verdict != decision.verdict) {
                return Err(ChangeError::JudgedOtherwise { known: Box::new(known.clone()) });
            }
        }
        for decision in &decisions {
            update.judgements_mut().judge_entities(decision.clone());
        }
        Change { update, file }.decide_entities(decisions, folder)
    }

    /// Takes back what was decided on `one`, each an id of it: all of it, or what was decided on it and `other`.
    ///
    /// # Errors
    /// Nothing was decided on it; file or store cannot be read or written.
    pub fn undo_entities(
        &self,
        folder: &Path,
        options: &ChangeOptions,
        one: &BTreeSet<EntityId>,
        other: Option<&BTreeSet<EntityId>>,
    ) -> Result<Decided, ChangeError> {
        let Change { mut update, file } = self.begin(folder, options)?;
        let all = update.judgements().entities();
        let decided: Vec<EntityJudgement> = all.filter(|decision| is_on(decision, one, other)).cloned().collect();
        if decided.is_empty() {
            return Err(ChangeError::NothingDecided);
        }
        for decision in &decided {
            update.judgements_mut().withdraw_entities(&decision.one, &decision.other);
        }
        Change { update, file }.decide_entities(decided, folder)
    }
}

impl Change<'_> {
    fn decide_entities(self, judgements: Vec<EntityJudgement>, folder: &Path) -> Result<Decided, ChangeError> {
        let file = self.file.clone().ok_or_else(|| ChangeError::NoFile(folder.to_owned()))?;
        Ok(Decided { judgements, summary: self.commit()?, file })
    }
}

/// Whether a decision is on one of these, or between one of these and one of those.
pub fn is_on(decision: &EntityJudgement, one: &BTreeSet<EntityId>, other: Option<&BTreeSet<EntityId>>) -> bool {
    let among = |id: &EntityId, ids: &BTreeSet<EntityId>| {
        let base = id.as_str().rsplit_once('-').map(|(base, _)| EntityId::new(base));
        ids.contains(id) || base.is_some_and(|base| ids.contains(&base))
    };
    match other {
        None => among(&decision.one, one) || among(&decision.other, one),
        Some(other) => {
            (among(&decision.one, one) && among(&decision.other, other))
                || (among(&decision.one, other) && among(&decision.other, one))
        }
    }
}

/// Decisions that all of these are one, each with the first.
pub fn one_of(parties: &[Party], author: &str, because: &str) -> Vec<EntityJudgement> {
    let Some((first, others)) = parties.split_first() else { return Vec::new() };
    let others = others.iter().filter(|other| other.0 != first.0);
    others.map(|other| EntityJudgement::new([first.clone(), other.clone()], Sameness::Same, author, because)).collect()
}

/// Decisions that these pairs are two each.
pub fn two_of(pairs: Vec<[Party; 2]>, author: &str, because: &str) -> Vec<EntityJudgement> {
    pairs.into_iter().map(|pair| EntityJudgement::new(pair, Sameness::Different, author, because)).collect()
}
