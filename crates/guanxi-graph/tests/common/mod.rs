//! Hand-written claims, and the shipped schema to weigh them by.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use guanxi_graph::{BuildConfig, Derivations, Generation, Knowledge};
use guanxi_model::reference::{Instrument, Lifecycle, ReferenceEntity, ReferenceFact};
use guanxi_model::{
    Argument, Claim, ClaimId, Comparator, Confidence, Document, DocumentId, Entity, EntityId, EntityName, Evidence,
    Extraction, Fact, Money, NameKind, Object, Qualifier, QualifierValue, Reference, Schema, Section, Span, Status,
    Validity, Value,
};
use guanxi_names::{language_of, mint_entity_id};

pub static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
    let files = data("schema");
    Schema::load(pairs(&files)).unwrap()
});

pub static DERIVATIONS: LazyLock<Derivations> = LazyLock::new(|| {
    let files = data("derivation");
    Derivations::load(pairs(&files), &SCHEMA).unwrap()
});

pub static NO_REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::default);

/// The shipped files of one folder of data and of those below it.
pub fn data(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml" || extension == "csv") {
                files.push((path.to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

pub fn pairs(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
}

pub fn knowledge() -> Knowledge<'static> {
    with_reference(&NO_REFERENCE)
}

pub fn with_reference(reference: &Reference) -> Knowledge<'_> {
    Knowledge { schema: &SCHEMA, reference, derivations: &DERIVATIONS, fingerprint: None }
}

pub fn generation(texts: Vec<Extraction>) -> Generation {
    Generation::in_memory(texts, &knowledge(), &BuildConfig::default()).unwrap()
}

pub fn dump(generation: &Generation) -> String {
    let mut bytes = Vec::new();
    generation.dump(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// The id that the shipped schema gives an entity of this class and name.
pub fn id(class: &str, name: &str) -> EntityId {
    mint_entity_id(SCHEMA.family(class).unwrap(), name)
}

/// The fact whose subject, predicate and object have these names; of a value the object is left out.
pub fn fact<'a>(facts: &'a [Fact], entities: &[Entity], subject: &str, predicate: &str, object: &str) -> &'a Fact {
    let named = |id: &EntityId, name: &str| {
        entities.iter().find(|entity| entity.id == *id).unwrap().names.iter().any(|known| known.text == name)
    };
    let fits = |fact: &&Fact| {
        let object_fits = fact.object.entity().is_none_or(|entity| named(entity, object));
        named(&fact.subject, subject) && *fact.predicate == *predicate && object_fits
    };
    facts.iter().find(fits).unwrap_or_else(|| panic!("no fact {subject} {predicate} {object} in {facts:#?}"))
}

/// Whether the plain triple stands in the default graph.
pub fn is_plain(generation: &Generation, fact: &Fact) -> bool {
    let vocabulary = generation.vocabulary();
    let object = match fact.object.entity() {
        Some(entity) => vocabulary.entity(entity),
        None => vocabulary.fact(&fact.id),
    };
    let triple = oxigraph::model::Quad::new(
        vocabulary.entity(&fact.subject),
        vocabulary.term(&fact.predicate),
        object,
        oxigraph::model::GraphName::DefaultGraph,
    );
    generation.store().contains(&triple).unwrap()
}

/// A text with its claims, written by hand.
#[derive(Clone)]
pub struct Text {
    extraction: Extraction,
    entities: BTreeMap<String, Entity>,
}

/// A text that was read from `source`.
pub fn text(source: &str, content: &str) -> Text {
    let document = Document {
        id: DocumentId::of(content.as_bytes()),
        name: source.to_owned(),
        source: source.to_owned(),
        title: None,
        published: None,
        publisher: None,
    };
    let extraction = Extraction { document, entities: Vec::new(), claims: Vec::new(), notes: Vec::new() };
    Text { extraction, entities: BTreeMap::new() }
}

impl Text {
    pub fn published(mut self, date: &str) -> Self {
        self.extraction.document.published = Some(date.parse().unwrap());
        self
    }

    pub fn publisher(mut self, name: &str) -> Self {
        self.extraction.document.publisher = Some(name.to_owned());
        self
    }

    pub fn title(mut self, title: &str) -> Self {
        self.extraction.document.title = Some(title.to_owned());
        self
    }

    /// An entity that is no company, or has more names. The first name is legal, the others are what `kind` says.
    pub fn entity(mut self, class: &str, names: &[&str], kind: NameKind) -> Self {
        self.entities.insert(names[0].to_owned(), entity(class, names, kind));
        self
    }

    /// The entity of this name has this id.
    pub fn known_as(mut self, name: &str, id: &str) -> Self {
        self.entities.get_mut(name).unwrap().id = EntityId::new(id);
        self
    }

    /// An asserted claim between two companies, unless they were introduced otherwise.
    pub fn claim(mut self, subject: &str, predicate: &str, object: &str) -> Self {
        let object = Object::Entity(self.argument(object));
        self.push(subject, predicate, object)
    }

    pub fn value(mut self, subject: &str, predicate: &str, value: Value) -> Self {
        self.argument(subject);
        self.push(subject, predicate, Object::Value(value))
    }

    fn push(mut self, subject: &str, predicate: &str, object: Object) -> Self {
        let start = 20 * self.extraction.claims.len() as u32;
        let claim = Claim {
            id: ClaimId::new(""),
            document: self.extraction.document.id.clone(),
            subject: self.argument(subject),
            predicate: predicate.into(),
            object,
            qualifiers: BTreeMap::new(),
            status: Status::Asserted,
            confidence: Confidence::from_thousandths(900),
            rule: "test.rule@1".into(),
            support: vec!["test.rule@1".into()],
            attributed_to: None,
            section: Section::Body,
            evidence: Evidence { span: Span::new(start, start + 10), text: format!("{subject} {predicate}") },
            sentence: Span::new(start, start + 15),
        };
        self.extraction.claims.push(claim);
        self
    }

    pub fn status(mut self, status: Status) -> Self {
        self.last().status = status;
        self
    }

    pub fn confidence(mut self, thousandths: u16) -> Self {
        self.last().confidence = Confidence::from_thousandths(thousandths);
        self
    }

    pub fn on(self, qualifier: Qualifier, date: &str) -> Self {
        self.with(qualifier, QualifierValue::Date(date.parse().unwrap()))
    }

    pub fn with(mut self, qualifier: Qualifier, value: QualifierValue) -> Self {
        self.last().qualifiers.insert(qualifier, value);
        self
    }

    pub fn done(mut self) -> Extraction {
        for claim in &mut self.extraction.claims {
            claim.id = claim.mint_id();
        }
        self.extraction.entities = self.entities.into_values().collect();
        guanxi_graph::encode::canonical(self.extraction)
    }

    fn last(&mut self) -> &mut Claim {
        self.extraction.claims.last_mut().unwrap()
    }

    fn argument(&mut self, name: &str) -> Argument {
        let entity =
            self.entities.entry(name.to_owned()).or_insert_with(|| entity("Company", &[name], NameKind::Legal));
        let start = 20 * self.extraction.claims.len() as u32;
        Argument { entity: entity.id.clone(), span: Some(Span::new(start, start + 4)), text: name.to_owned() }
    }
}

pub fn entity(class: &str, names: &[&str], kind: NameKind) -> Entity {
    let name = |(position, text): (usize, &&str)| EntityName {
        text: (*text).to_owned(),
        language: language_of(text),
        kind: if position == 0 { NameKind::Legal } else { kind },
    };
    Entity {
        id: id(class, names[0]),
        class: class.into(),
        names: names.iter().enumerate().map(name).collect(),
        country: None,
        identifiers: Vec::new(),
    }
}

pub fn money(amount: i64, currency: &str) -> Value {
    Value::Money(Money {
        amount: amount.into(),
        currency: Some(currency.to_owned()),
        raw: amount.to_string(),
        comparator: Comparator::Equal,
    })
}

/// A row of the reference data, with a source unless it is taken away.
pub fn row(id: &str, class: &str, names: &[&str]) -> ReferenceEntity {
    ReferenceEntity {
        entity: Entity { id: EntityId::new(id), ..entity(class, names, NameKind::Short) },
        names_held: Vec::new(),
        validity: Validity::default(),
        lifecycle: None,
        instrument: None,
        broader: None,
        mic: None,
        members: Vec::new(),
        source: Some("a register".to_owned()),
        file: "rows.toml".into(),
        line: 1,
    }
}

pub fn at_home(country: &str, mut row: ReferenceEntity) -> ReferenceEntity {
    row.entity.country = Some(country.to_owned());
    row
}

pub fn until(end: &str, mut row: ReferenceEntity) -> ReferenceEntity {
    row.validity = Validity { from: None, to: Some(end.parse().unwrap()), ended: true };
    row
}

pub fn rule_row(id: &str, name: &str, lifecycle: Lifecycle, instrument: Instrument) -> ReferenceEntity {
    ReferenceEntity { lifecycle: Some(lifecycle), instrument: Some(instrument), ..row(id, "Regulation", &[name]) }
}

pub fn reference_fact(subject: &str, predicate: &str, object: &str) -> ReferenceFact {
    ReferenceFact {
        subject: EntityId::new(subject),
        predicate: Arc::from(predicate),
        object: EntityId::new(object),
        qualifiers: BTreeMap::new(),
        validity: Validity::default(),
        source: Some("a register".to_owned()),
        file: "rows.toml".into(),
        line: 2,
    }
}

pub fn reference(mut entities: Vec<ReferenceEntity>, facts: Vec<ReferenceFact>) -> Reference {
    entities.sort_by(|a, b| a.entity.id.cmp(&b.entity.id));
    Reference::new(entities, facts)
}

/// Does something to the rows and facts of reference data.
pub fn change(reference: &mut Reference, how: impl FnOnce(&mut Vec<ReferenceEntity>, &mut Vec<ReferenceFact>)) {
    let (mut rows, mut facts) = (reference.entities().collect(), reference.facts().collect());
    how(&mut rows, &mut facts);
    *reference = Reference::new(rows, facts);
}
