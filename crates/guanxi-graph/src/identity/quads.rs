//! Verdicts, judgements and splits as quads, and back.
//!
//! ```turtle
//! GRAPH gx:graph/identity {
//!   <judgement/agent-1…~cn-acme> a gx:Judgement ; gx:judges <id/agent-1…> , <id/cn-acme> ; gx:verdict gx:unsure ;
//!     gx:likeness 0.85 ; gx:feature "pinyin" , "class Company" .
//! }
//! GRAPH gx:graph/facts { <id/agent-1…-9f2c…> gx:splitFrom <id/agent-1…> ; gx:mentionedIn <doc/9f2c…> }
//! ```
//!
//! What people judged stands likewise in `gx:graph/judgements`, with `gx:because` in place of features.

use guanxi_model::{Decimal, DocumentId, EntityId, EntityJudgement, Sameness};
use oxigraph::model::Quad;
use serde::{Deserialize, Serialize};

use super::{EntityVerdict, Split};
use crate::Vocabulary;
use crate::encode::{decimal_literal, json};
use crate::record::{self, Record, Records};

pub(crate) fn verdict_quads(verdicts: &[EntityVerdict], vocabulary: &Vocabulary) -> Vec<Quad> {
    let mut records = Records::new(vocabulary, vocabulary.identity_graph());
    for EntityVerdict { one, other, verdict, thousandths, features } in verdicts {
        let iri = vocabulary.judgement_on(one, other);
        records.kind(&iri, "Judgement");
        records.record(&iri, "judges", vocabulary.entity(one));
        records.record(&iri, "judges", vocabulary.entity(other));
        records.record(&iri, "verdict", vocabulary.term(verdict.name()));
        records.record(&iri, "likeness", decimal_literal(Decimal::new(i64::from(*thousandths), 3)));
        features.iter().for_each(|feature| records.text(&iri, "feature", feature));
    }
    records.quads
}

/// Reads back what stands in `gx:graph/identity`, sorted; whatever is not understood is passed over.
pub(crate) fn verdicts_of(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Vec<EntityVerdict> {
    let mut verdicts = Vec::new();
    record::each(quads, vocabulary, |record| verdicts.extend(verdict_at(&record)));
    verdicts.sort();
    verdicts
}

fn verdict_at(record: &Record<'_>) -> Option<EntityVerdict> {
    let mut judged: Vec<EntityId> =
        record.iris("judges").filter_map(|entity| record.vocabulary.entity_id(entity)).collect();
    judged.sort();
    let mut features: Vec<String> = record.texts("feature").map(str::to_owned).collect();
    features.sort();
    let [one, other] = <[EntityId; 2]>::try_from(judged).ok()?;
    let likeness: Decimal = record.text("likeness")?.parse().ok()?;
    let thousandths = (likeness * Decimal::from(1000)).try_into().ok()?;
    Some(EntityVerdict { one, other, verdict: verdict(record)?, thousandths, features })
}

fn verdict(record: &Record<'_>) -> Option<Sameness> {
    record.iris("verdict").find_map(|iri| record.vocabulary.term_name(iri))?.parse().ok()
}

/// `gx:detail` of a judgement on two entities: what it says beyond its plain quads.
#[derive(Serialize, Deserialize)]
struct Detail {
    one: String,
    other: String,
    names: [String; 2],
    #[serde(default, skip_serializing_if = "String::is_empty")]
    author: String,
}

pub(crate) fn judgement_quads<'a>(
    judgements: impl Iterator<Item = &'a EntityJudgement>,
    vocabulary: &Vocabulary,
) -> Vec<Quad> {
    let mut records = Records::new(vocabulary, vocabulary.judgements_graph());
    for EntityJudgement { one, other, verdict, names, author, because } in judgements {
        let iri = vocabulary.judgement_on(one, other);
        let (one, other, names, author) = (one.to_string(), other.to_string(), names.clone(), author.clone());
        records.kind(&iri, "Judgement");
        records.record(&iri, "judges", vocabulary.entity(&EntityId::new(one.as_str())));
        records.record(&iri, "judges", vocabulary.entity(&EntityId::new(other.as_str())));
        records.record(&iri, "verdict", vocabulary.term(verdict.name()));
        records.text(&iri, "because", because);
        records.record(&iri, "detail", json(&Detail { one, other, names, author }));
    }
    records.quads
}

/// Reads back what people judged of entities from `gx:graph/judgements`, sorted.
pub(crate) fn judgements_of(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Vec<EntityJudgement> {
    let mut judgements = Vec::new();
    record::each(quads, vocabulary, |record| judgements.extend(judgement_at(&record)));
    judgements.sort_by(|a, b| (&a.one, &a.other).cmp(&(&b.one, &b.other)));
    judgements
}

fn judgement_at(record: &Record<'_>) -> Option<EntityJudgement> {
    let Detail { one, other, names, author } = serde_json::from_str(record.text("detail")?).ok()?;
    let verdict = verdict(record)?;
    let because = record.text("because")?.to_owned();
    Some(EntityJudgement { one: EntityId::new(one), other: EntityId::new(other), verdict, names, author, because })
}

pub(crate) fn split_quads(splits: &[Split], vocabulary: &Vocabulary) -> Vec<Quad> {
    let mut records = Records::new(vocabulary, vocabulary.facts_graph());
    for Split { id, of, documents } in splits {
        let iri = vocabulary.entity(id);
        records.record(&iri, "splitFrom", vocabulary.entity(of));
        documents.iter().for_each(|document| records.record(&iri, "mentionedIn", vocabulary.document(document)));
    }
    records.quads
}

/// Reads splits back from quads about the nodes that bear them, sorted.
pub(crate) fn splits_of(quads: impl IntoIterator<Item = Quad>, vocabulary: &Vocabulary) -> Vec<Split> {
    let mut splits = Vec::new();
    record::each(quads, vocabulary, |record| {
        let of = record.iris("splitFrom").find_map(|iri| vocabulary.entity_id(iri));
        if let (Some(id), Some(of)) = (vocabulary.entity_id(record.iri), of) {
            let mut documents: Vec<DocumentId> =
                record.iris("mentionedIn").filter_map(|iri| vocabulary.document_id(iri)).collect();
            documents.sort();
            splits.push(Split { id, of, documents });
        }
    });
    splits.sort();
    splits
}
