//! From the ids of a register to ours.

use std::collections::HashMap;

use guanxi_model::identifier::Kind;
use guanxi_model::{EntityId, Identifier};
use sha2::{Digest, Sha256};

use super::Collector;

/// The families of ids that are minted from names.
const FAMILIES: [&str; 5] = ["agent", "product", "regulation", "activity", "place"];

/// Which entity each record of a file means. A record may speak of another one that stands below it.
pub(super) struct Ids {
    /// What keeps the ids of one register apart from those of others: its name.
    register: String,
    /// Records whose entity has an id by more than the record.
    told: HashMap<String, EntityId>,
}

impl Ids {
    pub fn of(register: impl Into<String>) -> Self {
        Self { register: register.into(), told: HashMap::new() }
    }

    /// The id of the entity that a record describes: one of ours where it was exported by us, else that of its LEI or
    /// social credit code, where it has one, else one minted from the record's.
    pub fn describe(&mut self, record: &str, identifiers: &[Identifier], collector: &Collector<'_>) -> EntityId {
        let only = |kind: Kind| match identifiers.iter().filter(|one| one.kind() == kind).collect::<Vec<_>>()[..] {
            [only] => Some(of_identifier(only)),
            _ => None,
        };
        let id = own(record, collector).or_else(|| only(Kind::Lei)).or_else(|| only(Kind::SocialCredit));
        if let Some(id) = &id {
            self.told.insert(record.to_owned(), id.clone());
        }
        id.unwrap_or_else(|| self.minted(record))
    }

    /// The id of the entity that a record means, once all records were described.
    pub fn meant(&self, record: &str, collector: &Collector<'_>) -> EntityId {
        self.told.get(record).cloned().or_else(|| own(record, collector)).unwrap_or_else(|| self.minted(record))
    }

    fn minted(&self, record: &str) -> EntityId {
        let digest = Sha256::new().chain_update(&self.register).chain_update([0]).chain_update(record).finalize();
        let head = u64::from_be_bytes(std::array::from_fn(|byte| digest[byte]));
        EntityId::new(format!("record-{head:016x}"))
    }
}

/// `lei-5493…`, `uscc-9111…`: the same in every register.
pub(super) fn of_identifier(identifier: &Identifier) -> EntityId {
    EntityId::new(format!("{}-{}", identifier.kind().prefix(), identifier.text().to_ascii_lowercase()))
}

/// An id that we minted, or that the reference data has.
fn own(record: &str, collector: &Collector<'_>) -> Option<EntityId> {
    let is_minted = record.rsplit_once('-').is_some_and(|(family, digits)| {
        let is_ours = FAMILIES.contains(&family) || family == "record";
        is_ours
            && digits.len() == 16
            && digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    });
    let is_of_identifier = record.split_once('-').is_some_and(|(kind, text)| {
        ["lei", "uscc"].contains(&kind) && format!("{kind}:{text}").parse::<Identifier>().is_ok()
    });
    let id = EntityId::new(record);
    (is_minted || is_of_identifier || collector.guanxi.reference().entity(&id).is_some()).then_some(id)
}
