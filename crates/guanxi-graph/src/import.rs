//! Files of registers: a source beside documents, whose records are reference data.
//!
//! An import has a graph of its own, which holds its records as they were read, so that a dump restores them and every
//! build weighs them anew:
//!
//! ```turtle
//! GRAPH <import/lei.xml> {
//!   <import/lei.xml> a gx:Import ; gx:source "lei.xml" ; gx:sha256 "…" ; gx:detail "{…}" ; gx:record "{…}" , "{…}" .
//!   <id/lei-5493…> gx:source "GLEIF, lei.xml, record 5493…, 2026-11-20" ; gx:validTo "2024-03-01"^^xsd:date .
//! }
//! ```
//!
//! In identity an import counts as one document that names its entities; its facts stand beside the rows of the
//! reference data (see [`crate::facts`]).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use guanxi_model::{
    Basis, Confidence, Document, DocumentId, Entity, EntityId, Extraction, Fact, FactObject, Import, ImportEntity,
    ImportFact, ImportRecord, PartialDate, Qualifier, Status, Validity,
};
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use serde::{Deserialize, Serialize};

use crate::detail::{EntityDetail, NameDatesDetail, QualifierDetail, name_detail, name_of};
use crate::encode::{date_literal, json};
use crate::facts::is_told_otherwise;
use crate::identity::Identity;
use crate::record::{self, Record, Records};
use crate::{Knowledge, Vocabulary, names_held};

/// Every import of a store, by its source.
pub(crate) type Imports = BTreeMap<String, Import>;

/// What a store says of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// See [`Import::source`].
    pub source: String,
    /// See [`Import::hash`].
    pub hash: DocumentId,
    /// See [`Import::format`].
    pub format: String,
    /// See [`Import::publisher`].
    pub publisher: Option<String>,
    /// See [`Import::as_of`].
    pub as_of: Option<PartialDate>,
    /// Number of its records.
    pub records: usize,
}

/// Brings the records into the one order that quads, which have none, give back.
pub(crate) fn canonical(mut import: Import) -> Import {
    // Few ids stand twice, and the JSON of all records takes as much room as they do.
    import.records.sort_by(|one, other| one.id.cmp(&other.id).then_with(|| record_json(one).cmp(&record_json(other))));
    import.records.dedup();
    import
}

/// The quads of an import, all in its graph; record by record, for those of a whole register take more room than it does.
pub(crate) fn quads<'a>(import: &'a Import, vocabulary: &'a Vocabulary) -> impl Iterator<Item = Quad> + 'a {
    let records = import.records.iter().flat_map(move |record| quads_of_record(record, import, vocabulary));
    head_quads(import, vocabulary).into_iter().chain(records)
}

fn head_quads(import: &Import, vocabulary: &Vocabulary) -> Vec<Quad> {
    let iri = vocabulary.import(&import.source);
    let mut quads = Records::new(vocabulary, iri.clone());
    quads.kind(&iri, "Import");
    quads.text(&iri, "source", &import.source);
    quads.text(&iri, "sha256", import.hash.as_str());
    let detail = ImportDetail {
        format: import.format.clone(),
        publisher: import.publisher.clone(),
        as_of: import.as_of.map(|date| date.to_string()),
    };
    quads.record(&iri, "detail", json(&detail));
    quads.quads
}

fn quads_of_record(record: &ImportRecord, import: &Import, vocabulary: &Vocabulary) -> Vec<Quad> {
    let iri = vocabulary.import(&import.source);
    let mut quads = Records::new(vocabulary, iri.clone());
    quads.record(&iri, "record", json(&RecordDetail::of(record)));
    let place = import.place_of(record);
    for ImportEntity { entity, validity, names_held, mentioned } in &record.entities {
        quads.quads.extend(names_held::quads(&entity.id, names_held, iri.clone(), vocabulary));
        let entity = vocabulary.entity(&entity.id);
        if !mentioned {
            quads.text(&entity, "source", &place);
        }
        validity.from.iter().for_each(|from| quads.record(&entity, "validFrom", date_literal(*from)));
        validity.to.iter().for_each(|to| quads.record(&entity, "validTo", date_literal(*to)));
    }
    quads.quads
}

/// Reads back what [`quads`] wrote, each record as it comes; `None` where it did not write them.
pub(crate) fn of_quads(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Option<Import> {
    let (mut records, mut about_import) = (Vec::new(), Vec::new());
    for quad in quads {
        match (&quad.subject, &quad.object) {
            (_, Term::Literal(text)) if vocabulary.is_term(quad.predicate.as_ref(), "record") => {
                records.push(serde_json::from_str::<RecordDetail>(text.value()).ok()?.open()?);
            }
            (NamedOrBlankNode::NamedNode(node), _) if vocabulary.import_source(node.as_ref()).is_some() => {
                about_import.push(quad);
            }
            _ => {}
        }
    }
    let Imported { source, hash, format, publisher, as_of, .. } = heads(about_import, vocabulary).pop()?;
    Some(canonical(Import { source, hash, format, publisher, as_of, records }))
}

/// What the quads of an import's graph say of the import itself.
pub(crate) fn heads(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Vec<Imported> {
    let mut heads = Vec::new();
    record::each(quads, vocabulary, |node| heads.extend(head(&node)));
    heads
}

fn head(node: &Record<'_>) -> Option<Imported> {
    node.vocabulary.import_source(node.iri)?;
    let detail: ImportDetail = serde_json::from_str(node.text("detail")?).ok()?;
    Some(Imported {
        source: node.text("source")?.to_owned(),
        hash: DocumentId::new(node.text("sha256")?),
        format: detail.format,
        publisher: detail.publisher,
        as_of: detail.as_of.and_then(|date| date.parse().ok()),
        records: node.texts("record").count(),
    })
}

/// Each import as a document that names entities and claims nothing. One that is merely mentioned is named where nobody
/// describes it. Names and identifiers are taken out of the records, and so is who does not count: nothing else is weighed
/// by them, and of a register they are most of the room.
pub(crate) fn readings(imports: &mut Imports, knowledge: &Knowledge<'_>) -> Vec<Extraction> {
    let described: HashSet<EntityId> = entities(imports)
        .filter(|(.., entity)| !entity.mentioned)
        .map(|(.., entity)| entity.entity.id.clone())
        .collect();
    let is_row = |id: &EntityId| knowledge.reference.entity(id).is_some();
    let counts =
        |named: &ImportEntity| !named.mentioned || !(described.contains(&named.entity.id) || is_row(&named.entity.id));
    for record in imports.values_mut().flat_map(|import| &mut import.records) {
        record.entities.retain(counts);
        record.entities.shrink_to_fit();
    }
    let reading = |import: &mut Import| Extraction {
        document: Document {
            id: import.hash.clone(),
            name: import.source.clone(),
            source: import.source.clone(),
            title: None,
            published: import.as_of,
            publisher: import.publisher.clone(),
        },
        entities: united(import.records.iter_mut().flat_map(|record| &mut record.entities).map(taken)),
        claims: Vec::new(),
        notes: Vec::new(),
    };
    imports.values_mut().map(reading).collect()
}

fn taken(named: &mut ImportEntity) -> Entity {
    let Entity { id, class, names, country, identifiers } = &mut named.entity;
    Entity {
        id: id.clone(),
        class: Arc::clone(class),
        names: std::mem::take(names),
        country: country.clone(),
        identifiers: std::mem::take(identifiers),
    }
}

/// One entity an id, with all names and identifiers that the records give it.
fn united(named: impl Iterator<Item = Entity>) -> Vec<Entity> {
    let mut by_id: BTreeMap<EntityId, Entity> = BTreeMap::new();
    for entity in named {
        let Some(known) = by_id.get_mut(&entity.id) else {
            by_id.insert(entity.id.clone(), entity);
            continue;
        };
        for name in entity.names {
            if !known.names.contains(&name) {
                known.names.push(name);
            }
        }
        known.identifiers.extend(entity.identifiers);
        known.identifiers.sort();
        known.identifiers.dedup();
        known.country = known.country.take().or(entity.country);
    }
    by_id.into_values().collect()
}

fn entities(imports: &Imports) -> impl Iterator<Item = (&Import, &ImportRecord, &ImportEntity)> {
    let records = imports.values().flat_map(|import| import.records.iter().map(move |record| (import, record)));
    records.flat_map(|(import, record)| record.entities.iter().map(move |entity| (import, record, entity)))
}

/// Entities that the latest record about them calls gone, each with when; they bear the id that stands for them.
pub(crate) fn ended(imports: &Imports, identity: &Identity) -> BTreeMap<EntityId, Option<PartialDate>> {
    let mut latest: BTreeMap<EntityId, (Option<PartialDate>, Validity)> = BTreeMap::new();
    for (import, record, ImportEntity { entity, validity, .. }) in entities(imports).filter(|(.., e)| !e.mentioned) {
        let known = (record.updated.or(import.as_of), *validity);
        let entry = latest.entry(identity.stands_for(&entity.id).clone()).or_insert(known);
        // Of two records of one day the one that lets it live.
        if (known.0, known.1.is_current()) > (entry.0, entry.1.is_current()) {
            *entry = known;
        }
    }
    let gone = latest.into_iter().filter(|(_, (_, validity))| !validity.is_current());
    gone.map(|(id, (_, validity))| (id, validity.to)).collect()
}

/// The facts of all imports, between the entities that stand for those of the records. What the schema does not let
/// entities of these classes do is left out.
pub(crate) fn facts<'a>(
    imports: &'a Imports,
    identity: &'a Identity,
    knowledge: &'a Knowledge<'_>,
) -> impl Iterator<Item = Fact> + 'a {
    let records = imports.values().flat_map(|import| import.records.iter().map(move |record| (import, record)));
    records.flat_map(move |(import, record)| {
        let fact = move |fact: &ImportFact| fact_of(import, record, fact, identity, knowledge);
        record.facts.iter().filter_map(fact).collect::<Vec<_>>()
    })
}

fn fact_of(
    import: &Import,
    record: &ImportRecord,
    stated: &ImportFact,
    identity: &Identity,
    knowledge: &Knowledge<'_>,
) -> Option<Fact> {
    let predicate = knowledge.schema.predicate(&stated.predicate).filter(|predicate| !predicate.derived)?;
    let mut subject = identity.stands_for(&stated.subject).clone();
    let mut object = identity.stands_for(&stated.object).clone();
    let class = |id: &EntityId| {
        let entities = identity.entities();
        let position = entities.binary_search_by(|entity| entity.id.cmp(id)).ok()?;
        Some(Arc::clone(&entities[position].class))
    };
    let fits = knowledge.schema.accepts_subject(predicate, &class(&subject)?)
        && knowledge.schema.accepts_object(predicate, &class(&object)?);
    if !fits || subject == object {
        return None;
    }
    if predicate.symmetric && object < subject {
        std::mem::swap(&mut subject, &mut object);
    }
    let object = FactObject::Entity(object);
    let mut qualifiers = stated.qualifiers.clone();
    qualifiers.retain(|qualifier, _| !is_told_otherwise(*qualifier, &object));
    let ended_sometime = stated.validity.ended && stated.validity.to.is_none();
    let remark = stated.remark.as_deref().map(|remark| format!(": {remark}")).unwrap_or_default();
    let lapsed = if record.lapsed { " (lapsed)" } else { "" };
    Some(Fact {
        id: Fact::mint_id(&subject, &stated.predicate, &object, ""),
        subject,
        predicate: Arc::clone(&predicate.name),
        object,
        qualifiers,
        status: if ended_sometime { Status::Ended } else { Status::Asserted },
        confidence: Confidence::ONE,
        validity: Validity { ended: !stated.validity.is_current(), ..stated.validity },
        basis: Basis::Reference,
        unverified: record.lapsed,
        support: 0,
        publishers: 0,
        claims: Vec::new(),
        premises: Vec::new(),
        because: Some(format!("{}{lapsed}{remark}", import.place_of(record))),
        conflict: None,
    })
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImportDetail {
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    publisher: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordDetail {
    id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lapsed: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    entities: Vec<NamedDetail>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    facts: Vec<StatedDetail>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NamedDetail {
    id: String,
    #[serde(flatten)]
    entity: EntityDetail,
    #[serde(flatten)]
    validity: ValidityDetail,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mentioned: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names_held: Vec<NameDatesDetail>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StatedDetail {
    subject: String,
    predicate: String,
    object: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    qualifiers: Vec<(String, QualifierDetail)>,
    #[serde(flatten)]
    validity: ValidityDetail,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    remark: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ValidityDetail {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ended: bool,
}

fn record_json(record: &ImportRecord) -> String {
    // Structs with string keys can always be written as JSON.
    serde_json::to_string(&RecordDetail::of(record)).unwrap_or_default()
}

impl RecordDetail {
    fn of(record: &ImportRecord) -> Self {
        Self {
            id: record.id.clone(),
            updated: record.updated.map(|date| date.to_string()),
            lapsed: record.lapsed,
            entities: record.entities.iter().map(NamedDetail::of).collect(),
            facts: record.facts.iter().map(StatedDetail::of).collect(),
        }
    }

    fn open(self) -> Option<ImportRecord> {
        Some(ImportRecord {
            id: self.id,
            updated: self.updated.map(|date| date.parse()).transpose().ok()?,
            lapsed: self.lapsed,
            entities: self.entities.into_iter().map(NamedDetail::open).collect::<Option<_>>()?,
            facts: self.facts.into_iter().map(StatedDetail::open).collect::<Option<_>>()?,
        })
    }
}

impl NamedDetail {
    fn of(named: &ImportEntity) -> Self {
        let Entity { id, class, names, country, identifiers } = &named.entity;
        Self {
            id: id.to_string(),
            entity: EntityDetail {
                class: class.to_string(),
                country: country.clone(),
                names: names.iter().map(name_detail).collect(),
                identifiers: identifiers.iter().map(ToString::to_string).collect(),
            },
            validity: ValidityDetail::of(&named.validity),
            mentioned: named.mentioned,
            names_held: named.names_held.iter().map(NameDatesDetail::from).collect(),
        }
    }

    fn open(self) -> Option<ImportEntity> {
        let EntityDetail { class, country, names, identifiers } = self.entity;
        Some(ImportEntity {
            entity: Entity {
                id: EntityId::new(self.id),
                class: class.into(),
                names: names.into_iter().map(name_of).collect::<Option<_>>()?,
                country,
                identifiers: identifiers.iter().map(|written| written.parse().ok()).collect::<Option<_>>()?,
            },
            validity: self.validity.open()?,
            mentioned: self.mentioned,
            names_held: self.names_held.into_iter().map(NameDatesDetail::into_name_held).collect::<Option<_>>()?,
        })
    }
}

impl StatedDetail {
    fn of(fact: &ImportFact) -> Self {
        let qualifiers = fact.qualifiers.iter();
        Self {
            subject: fact.subject.to_string(),
            predicate: fact.predicate.to_string(),
            object: fact.object.to_string(),
            qualifiers: qualifiers.map(|(name, value)| (name.name().to_owned(), value.into())).collect(),
            validity: ValidityDetail::of(&fact.validity),
            remark: fact.remark.clone(),
        }
    }

    fn open(self) -> Option<ImportFact> {
        let qualifier =
            |(name, value): (String, QualifierDetail)| Some((Qualifier::from_name(&name)?, value.into_value()?));
        Some(ImportFact {
            subject: EntityId::new(self.subject),
            predicate: self.predicate.into(),
            object: EntityId::new(self.object),
            qualifiers: self.qualifiers.into_iter().map(qualifier).collect::<Option<_>>()?,
            validity: self.validity.open()?,
            remark: self.remark,
        })
    }
}

impl ValidityDetail {
    fn of(validity: &Validity) -> Self {
        let text = |date: Option<PartialDate>| date.map(|date| date.to_string());
        Self { from: text(validity.from), to: text(validity.to), ended: validity.ended }
    }

    fn open(self) -> Option<Validity> {
        let date = |text: Option<String>| text.map(|text| text.parse::<PartialDate>()).transpose().ok();
        Some(Validity { from: date(self.from)?, to: date(self.to)?, ended: self.ended })
    }
}
