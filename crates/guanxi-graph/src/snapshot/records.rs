//! Entities and facts as records, each opened when it is asked for and kept from then on.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use guanxi_model::{
    Basis, ClaimId, Confidence, Conflict, Entity, EntityId, EntityName, Fact, FactId, FactObject, Language, NameKind,
    Qualifiers, Status, Validity,
};
use serde::{Deserialize, Serialize};

/// How many records share a page, which is made when the first of them is asked for.
const PAGE: usize = 256;
/// How many records share a place, from which their ends are counted.
const BLOCK: usize = 64;

/// Records that were opened.
pub(super) struct Opened<T> {
    pages: Box<[OnceLock<Page<T>>]>,
}

type Page<T> = Box<[OnceLock<T>]>;

impl<T> Opened<T> {
    pub fn new(count: usize) -> Self {
        Self { pages: (0..count.div_ceil(PAGE)).map(|_| OnceLock::new()).collect() }
    }

    /// The record at `position`, read by `read` where it was not yet.
    pub fn get(&self, position: usize, read: impl FnOnce() -> T) -> &T {
        let page = self.pages[position / PAGE].get_or_init(|| (0..PAGE).map(|_| OnceLock::new()).collect());
        page[position % PAGE].get_or_init(read)
    }
}

/// Records one behind the other, each with a checksum.
#[derive(Default)]
pub(super) struct Written {
    pub bytes: Vec<u8>,
}

impl Written {
    fn push(&mut self, record: &impl Serialize) -> Range<usize> {
        let start = self.bytes.len();
        let bytes = std::mem::take(&mut self.bytes);
        self.bytes = postcard::to_extend(record, bytes).expect("a record has nothing that cannot be written");
        let check = crc32fast::hash(&self.bytes[start..]);
        self.bytes.extend(check.to_le_bytes());
        start..self.bytes.len()
    }

    pub fn push_entity(&mut self, entity: &Entity) -> Range<usize> {
        self.push(&EntityRecord {
            id: entity.id.as_str(),
            class: &entity.class,
            names: entity.names.iter().map(|name| (&*name.text, name.language, name.kind.name())).collect(),
            country: entity.country.as_deref(),
            identifiers: entity.identifiers.iter().map(ToString::to_string).collect(),
        })
    }

    /// Subject, predicate and object are known from the edge.
    pub fn push_fact(&mut self, fact: &Fact, forward: bool) -> Range<usize> {
        self.push(&FactRecord {
            id: fact.id.as_str(),
            forward,
            qualifiers: &fact.qualifiers,
            status: fact.status,
            confidence: fact.confidence.thousandths(),
            validity: fact.validity,
            basis: fact.basis as u8,
            unverified: fact.unverified,
            support: fact.support,
            publishers: fact.publishers,
            claims: fact.claims.iter().map(ClaimId::as_str).collect(),
            premises: fact.premises.iter().map(FactId::as_str).collect(),
            because: fact.because.as_deref(),
            conflict: match fact.conflict {
                None => 0,
                Some(Conflict::Denied) => 1,
                Some(Conflict::OtherValue) => 2,
            },
        })
    }
}

/// Where each of some records ends, in four bytes: by blocks, each of which has its place.
#[derive(Default)]
pub(super) struct Places {
    /// Where each block begins.
    pub blocks: Vec<u64>,
    /// Where each record ends, from the beginning of its block on.
    pub ends: Vec<u32>,
    end: u64,
}

impl Places {
    pub fn push(&mut self, length: usize) {
        if self.ends.len().is_multiple_of(BLOCK) {
            self.blocks.push(self.end);
        }
        self.end += length as u64;
        let within = self.end - self.blocks[self.blocks.len() - 1];
        self.ends.push(u32::try_from(within).expect("few records have less than 4 GiB"));
    }
}

/// Records in an image.
#[derive(Clone, Copy)]
pub(super) struct Records<'a> {
    pub bytes: &'a [u8],
    pub blocks: &'a [u64],
    pub ends: &'a [u32],
}

impl<'a> Records<'a> {
    /// The record at `position`, without its checksum.
    ///
    /// # Panics
    /// If it is not what was written: the medium fails under us.
    fn record(&self, position: usize) -> &'a [u8] {
        let block = self.blocks[position / BLOCK] as usize;
        let start = if position.is_multiple_of(BLOCK) { 0 } else { self.ends[position - 1] };
        let whole = self.bytes.get(block + start as usize..block + self.ends[position] as usize);
        let Some((record, check)) = whole.and_then(|whole| whole.split_last_chunk()) else {
            panic!("record {position} of the snapshot is missing")
        };
        assert!(crc32fast::hash(record) == u32::from_le_bytes(*check), "record {position} of the snapshot is damaged");
        record
    }

    fn read<T: Deserialize<'a>>(&self, position: usize) -> T {
        postcard::from_bytes(self.record(position)).expect("a record is read as it was written")
    }

    /// The id of an entity or fact, read from its record and no more.
    pub fn id(&self, position: usize) -> &'a str {
        id(self.record(position))
    }
}

/// The id at the beginning of the record of an entity or fact.
pub(super) fn id(record: &[u8]) -> &str {
    postcard::take_from_bytes(record).expect("a record is read as it was written").0
}

pub(super) fn entity(records: Records<'_>, position: usize) -> Entity {
    let record: EntityRecord<'_> = records.read(position);
    let name = |(text, language, kind): (&str, Language, &str)| EntityName {
        text: text.to_owned(),
        language,
        kind: kind.parse().unwrap_or(NameKind::Short),
    };
    Entity {
        id: EntityId::new(record.id),
        class: record.class.into(),
        names: record.names.into_iter().map(name).collect(),
        country: record.country.map(str::to_owned),
        identifiers: record.identifiers.iter().filter_map(|written| written.parse().ok()).collect(),
    }
}

/// What an edge tells of its fact.
pub(super) struct Ends {
    pub from: EntityId,
    pub to: EntityId,
    pub predicate: Arc<str>,
}

pub(super) fn fact(records: Records<'_>, position: usize, edge: Ends) -> Fact {
    let record: FactRecord<'_, Qualifiers> = records.read(position);
    let (subject, object) = if record.forward { (edge.from, edge.to) } else { (edge.to, edge.from) };
    Fact {
        id: FactId::new(record.id),
        subject,
        predicate: edge.predicate,
        object: FactObject::Entity(object),
        qualifiers: record.qualifiers,
        status: record.status,
        confidence: Confidence::from_thousandths(record.confidence),
        validity: record.validity,
        basis: [Basis::Text, Basis::Reference, Basis::Derived][usize::from(record.basis)],
        unverified: record.unverified,
        support: record.support,
        publishers: record.publishers,
        claims: record.claims.into_iter().map(ClaimId::new).collect(),
        premises: record.premises.into_iter().map(FactId::new).collect(),
        because: record.because.map(str::to_owned),
        conflict: match record.conflict {
            0 => None,
            1 => Some(Conflict::Denied),
            _ => Some(Conflict::OtherValue),
        },
    }
}

#[derive(Serialize, Deserialize)]
struct EntityRecord<'a> {
    #[serde(borrow)]
    id: &'a str,
    class: &'a str,
    #[serde(borrow)]
    names: Vec<(&'a str, Language, &'a str)>,
    country: Option<&'a str>,
    identifiers: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct FactRecord<'a, Q> {
    id: &'a str,
    forward: bool,
    qualifiers: Q,
    status: Status,
    confidence: u16,
    validity: Validity,
    basis: u8,
    unverified: bool,
    support: u32,
    publishers: u32,
    #[serde(borrow)]
    claims: Vec<&'a str>,
    #[serde(borrow)]
    premises: Vec<&'a str>,
    because: Option<&'a str>,
    conflict: u8,
}
