//! Who is one among many: entities of invented texts, half of them with two names, resolved without a store.

use std::collections::{BTreeMap, BTreeSet};

use guanxi::graph::{Derivations, Identity, Knowledge};
use guanxi::model::{
    Argument, Claim, ClaimId, Confidence, Document, DocumentId, Entity, EntityName, Evidence, Extraction, Judgements,
    Language, NameKind, Object, Reference, Section, Span, Status,
};
use guanxi_names::{language_of, mint_entity_id};

use crate::{loaded, memory, names, time};

/// Entities that one text speaks of.
const IN_A_TEXT: usize = 10;
/// One text in so many speaks of those of the text before.
const AGAIN: usize = 5;

/// Resolves `count` entities with half as many names more; prints what it took.
pub fn resolve(count: usize) {
    let guanxi = loaded(0);
    let texts = texts(count);
    let read: Vec<&Extraction> = texts.iter().collect();
    let (reference, derivations) = (Reference::default(), Derivations::default());
    let knowledge =
        Knowledge { schema: guanxi.schema(), reference: &reference, derivations: &derivations, fingerprint: None };
    let before = memory("VmRSS");
    let (seconds, identity) = time(|| Identity::of(&read, &knowledge, &Judgements::default(), &BTreeSet::new()));
    println!(
        "{count:>9} entities, {:>9} names {seconds:>7.1} s, {:.1} µs each; {} MB of texts, {} MB at the peak; {} nodes, {} pairs looked at",
        count + count / 2,
        seconds * 1e6 / count as f64,
        before / 1024,
        memory("VmHWM") / 1024,
        identity.entities().len(),
        identity.verdicts().len(),
    );
}

fn texts(count: usize) -> Vec<Extraction> {
    let number = count / IN_A_TEXT;
    (0..number)
        .flat_map(|text| {
            let entities: Vec<Entity> = (0..IN_A_TEXT).map(|place| entity(text * IN_A_TEXT + place, count)).collect();
            let again = text.is_multiple_of(AGAIN).then(|| extraction(&format!("{text}, once more"), entities.clone()));
            [Some(extraction(&text.to_string(), entities)), again].into_iter().flatten()
        })
        .collect()
}

fn entity(number: usize, count: usize) -> Entity {
    let own = names::firm(number);
    let further = number.is_multiple_of(2).then(|| names::firm(count + number / 2));
    let id = mint_entity_id("agent", &own);
    let name = |text: String| EntityName { language: language_of(&text), text, kind: NameKind::Legal };
    let mut names: Vec<EntityName> = [Some(own), further].into_iter().flatten().map(name).collect();
    names.sort_by_key(|name| name.language != Language::English);
    Entity { id, class: "Company".into(), names, country: None, identifiers: Vec::new() }
}

/// A text in which each owns the next.
fn extraction(source: &str, entities: Vec<Entity>) -> Extraction {
    let document = DocumentId::of(source.as_bytes());
    let claims = entities.windows(2).enumerate().map(|(place, pair)| claim(&document, place as u32, pair)).collect();
    let document = Document {
        id: document,
        name: source.to_owned(),
        source: source.to_owned(),
        title: None,
        published: None,
        publisher: None,
    };
    Extraction { document, entities, claims, notes: Vec::new() }
}

fn claim(document: &DocumentId, place: u32, pair: &[Entity]) -> Claim {
    let argument = |entity: &Entity| Argument { entity: entity.id.clone(), span: None, text: String::new() };
    let span = Span::new(place, place + 1);
    Claim {
        id: ClaimId::new(""),
        document: document.clone(),
        subject: argument(&pair[0]),
        predicate: "owns".into(),
        object: Object::Entity(argument(&pair[1])),
        qualifiers: BTreeMap::new(),
        status: Status::Asserted,
        confidence: Confidence::ONE,
        rule: "bench".into(),
        support: Vec::new(),
        attributed_to: None,
        section: Section::Body,
        sentence: span,
        evidence: Evidence { span, text: String::new() },
    }
}
