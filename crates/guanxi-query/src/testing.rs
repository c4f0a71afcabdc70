//! Small graphs for tests, written as lines of text.

use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use guanxi_graph::{BuildConfig, Derivations, Generation, Knowledge, Snapshot};
use guanxi_model::{
    Argument, Claim, ClaimId, Comparator, Confidence, Decimal, Document, DocumentId, Entity, EntityId, EntityName,
    Evidence, Extraction, Language, Money, NameKind, Object, Qualifier, QualifierValue, Qualifiers, Reference, Schema,
    Section, Span, Status, Value,
};

/// A graph with its schema.
pub(crate) struct Graph {
    pub schema: Schema,
    pub generation: Generation,
    pub snapshot: Snapshot,
}

const DERIVATIONS: &str = r#"
[[rule]]
name = "reaches.by-activity"
when = ["?regulator regulates ?activity", "?company operatesIn ?activity"]
then = "?regulator reaches ?company"

[[rule]]
name = "supervises.by-rule"
when = ["?regulator issued ?rule", "?rule governs ?activity"]
then = "?regulator supervises ?activity"
"#;

/// The graph that these lines say, under the project's schema. A line is one of
///
/// - `Company:tencent investsIn Company:redbook status=planned confidence=0.8 percent=20 validFrom=2020`: a claim;
///   its quote is the line itself. `USD:17000000000` stands for a sum of money.
/// - `name tencent en legal Tencent Holdings Limited`: a name; an entity without one is called by its id.
/// - `document article-2 2025-03 The Paper`: what follows stands in another document.
pub(crate) fn graph(lines: &str) -> Graph {
    graph_in(schema(|_, toml| toml), &Reference::default(), lines)
}

pub(crate) fn graph_in(schema: Schema, reference: &Reference, lines: &str) -> Graph {
    graph_of(schema, reference, extractions(lines))
}

/// The graph that these lines say, after `edit` of what was read in each document.
pub(crate) fn graph_edited(lines: &str, edit: impl Fn(&mut Extraction)) -> Graph {
    let mut extractions = extractions(lines);
    extractions.iter_mut().for_each(edit);
    graph_of(schema(|_, toml| toml), &Reference::default(), extractions)
}

fn graph_of(schema: Schema, reference: &Reference, extractions: Vec<Extraction>) -> Graph {
    let derivations = Derivations::load([("reaches.toml", DERIVATIONS)], &schema);
    let knowledge = Knowledge { schema: &schema, reference, derivations: &derivations.unwrap(), fingerprint: None };
    let generation = Generation::in_memory(extractions, &knowledge, &BuildConfig::default()).unwrap();
    let snapshot = Snapshot::of(&generation, &schema);
    Graph { schema, generation, snapshot }
}

/// The project's schema, each file changed by `edit` (name, TOML).
pub(crate) fn schema(edit: impl Fn(&str, String) -> String) -> Schema {
    let files: Vec<(String, String)> =
        folder("schema").into_iter().map(|(name, toml)| (name.clone(), edit(&name, toml))).collect();
    Schema::load(files.iter().map(|(name, toml)| (&**name, &**toml))).unwrap()
}

pub(crate) fn id(text: &str) -> EntityId {
    EntityId::new(text)
}

fn folder(name: &str) -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../data").join(name);
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

fn extractions(lines: &str) -> Vec<Extraction> {
    let mut extractions = vec![empty("article", None, None)];
    let lines: Vec<&str> = lines.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for (number, line) in lines.iter().enumerate() {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["name", ..] => {}
            ["document", name, date, ..] => {
                extractions.push(empty(name, Some(date), Some(words[3..].join(" "))));
            }
            _ => {
                let extraction = extractions.last_mut().unwrap();
                claim(extraction, &words, number as u32, line);
            }
        }
    }
    for line in lines.iter().filter(|line| line.starts_with("name ")) {
        let words: Vec<&str> = line.splitn(5, ' ').collect();
        let name = EntityName {
            text: words[4].to_owned(),
            language: Language::from_tag(words[2]).unwrap(),
            kind: NameKind::from_str(words[3]).unwrap(),
        };
        let entities = extractions.iter_mut().flat_map(|extraction| &mut extraction.entities);
        for entity in entities.filter(|entity| entity.id.as_str() == words[1]) {
            entity.names.retain(|known| known.text != entity.id.as_str());
            entity.names.push(name.clone());
        }
    }
    for extraction in &mut extractions {
        extraction.entities.sort_by(|a, b| a.id.cmp(&b.id));
    }
    extractions
}

fn empty(name: &str, date: Option<&str>, publisher: Option<String>) -> Extraction {
    let document = Document {
        id: DocumentId::of(name.as_bytes()),
        name: name.to_owned(),
        source: format!("{name}.txt"),
        title: None,
        published: date.map(|date| date.parse().unwrap()),
        publisher,
    };
    Extraction { document, entities: Vec::new(), claims: Vec::new(), notes: Vec::new() }
}

fn claim(extraction: &mut Extraction, words: &[&str], number: u32, line: &str) {
    let start = number * 1000;
    let span = Span::new(start, start + line.chars().count() as u32);
    let subject = argument(extraction, words[0], Span::new(start, start + 1));
    let object = match words[2].split_once(':') {
        Some((currency, amount)) if amount.parse::<Decimal>().is_ok() => Object::Value(Value::Money(Money {
            amount: amount.parse().unwrap(),
            currency: Some(currency.to_owned()),
            raw: words[2].to_owned(),
            comparator: Comparator::Equal,
        })),
        _ => Object::Entity(argument(extraction, words[2], Span::new(start + 2, start + 3))),
    };
    let mut claim = Claim {
        id: ClaimId::new(""),
        document: extraction.document.id.clone(),
        subject,
        predicate: Arc::from(words[1]),
        object,
        qualifiers: Qualifiers::new(),
        status: Status::Asserted,
        confidence: Confidence::from_thousandths(900),
        rule: Arc::from("test@1"),
        support: vec![Arc::from("test@1")],
        attributed_to: None,
        section: Section::Body,
        evidence: Evidence { span, text: line.to_owned() },
        sentence: span,
    };
    for (key, value) in words[3..].iter().filter_map(|word| word.split_once('=')) {
        match key {
            "status" => claim.status = value.parse().unwrap(),
            "confidence" => claim.confidence = Confidence::new(value.parse().unwrap()),
            _ => {
                let qualifier = Qualifier::from_name(key).unwrap();
                claim.qualifiers.insert(qualifier, qualifier_value(qualifier, value));
            }
        }
    }
    claim.id = claim.mint_id();
    extraction.claims.push(claim);
}

fn qualifier_value(qualifier: Qualifier, text: &str) -> QualifierValue {
    match qualifier {
        Qualifier::Date | Qualifier::ValidFrom | Qualifier::ValidTo => QualifierValue::Date(text.parse().unwrap()),
        Qualifier::Amount | Qualifier::Percent | Qualifier::PercentMin | Qualifier::PercentMax => {
            QualifierValue::Decimal(text.parse().unwrap())
        }
        _ => QualifierValue::Text(text.to_owned()),
    }
}

fn argument(extraction: &mut Extraction, text: &str, span: Span) -> Argument {
    let (class, name) = text.split_once(':').unwrap();
    // `Company:ant@CN`
    let (name, country) = name.split_once('@').map_or((name, None), |(name, country)| (name, Some(country.to_owned())));
    let entity = id(name);
    if extraction.entities.iter().all(|known| known.id != entity) {
        extraction.entities.push(Entity {
            id: entity.clone(),
            class: Arc::from(class),
            names: vec![EntityName {
                text: name.to_owned(),
                language: guanxi_names::language_of(name),
                kind: NameKind::Legal,
            }],
            country,
            identifiers: Vec::new(),
        });
    }
    Argument { entity, span: Some(span), text: name.to_owned() }
}
