//! The published vocabulary: the schema, and the terms that the store itself needs, as RDFS and OWL in Turtle.

use std::fmt::Write;

use super::{Class, ClassKind, Labels, PREFIXES, Predicate, Range, Schema, ValueKind};
use crate::{Basis, NameKind, Qualifier, QualifierKind, Status};

/// The schema in Turtle, classes and predicates by name, then qualifiers and the terms of the record: the same schema,
/// the same bytes.
///
/// Domains and ranges are documentation (`schema:domainIncludes`), so that no reasoner concludes a type from a use.
/// A close match without a known prefix becomes a plain `rdfs:seeAlso`: its IRI was not certain.
pub fn turtle(schema: &Schema) -> String {
    let mut out = String::from(HEADER);
    for (prefix, namespace) in PREFIXES {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "@prefix {prefix}: <{namespace}> .");
    }
    out.push_str(ONTOLOGY);
    section(&mut out, "Classes", schema.classes().iter().map(class));
    section(&mut out, "Predicates", schema.predicates().iter().map(predicate));
    let is_record = |name: &str| RECORD_PROPERTIES.iter().any(|property| property.name == name);
    let qualifiers = Qualifier::ALL.iter().filter(|qualifier| !is_record(qualifier.name()));
    section(&mut out, "Qualifiers", qualifiers.map(|&each| qualifier(each)));
    section(
        &mut out,
        "Properties of claims, facts, documents and entities",
        RECORD_PROPERTIES.iter().map(record_property),
    );
    section(&mut out, "Judgements", JUDGEMENT_PROPERTIES.iter().map(record_property));
    section(&mut out, "Imports", IMPORT_PROPERTIES.iter().map(record_property));
    section(&mut out, "History of a store", history());
    section(&mut out, "Names", NameKind::ALL.into_iter().map(name_property));
    section(&mut out, "Values", values());
    section(&mut out, "How this file describes predicates", ANNOTATIONS.iter().map(annotation));
    out
}

const HEADER: &str = "\
# The guanxi vocabulary. Generated from data/schema: edit there, then run the tests with UPDATE_VOCABULARY=1.

@prefix gx: <https://w3id.org/guanxi/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

const ONTOLOGY: &str = "
<https://w3id.org/guanxi/ns#>
    a owl:Ontology ;
    rdfs:label \"guanxi vocabulary\"@en, \"关系图谱词汇表\"@zh ;
    rdfs:comment \"Who invests in, owns, controls, regulates and offers what, as texts state it.\"@en .
";

/// A property that the store writes on its own records.
struct RecordProperty {
    name: &'static str,
    owl: &'static str,
    domain: &'static [&'static str],
    range: Option<&'static str>,
    definition: &'static str,
}

const OBJECT: &str = "owl:ObjectProperty";
const DATATYPE: &str = "owl:DatatypeProperty";
const EITHER: &str = "rdf:Property";

/// Whatever the reference data has rows for.
const ENTITY: &[&str] = &["Agent", "Product", "Regulation", "Activity", "Place"];

const RECORD_PROPERTIES: &[RecordProperty] = &[
    record(
        "name",
        DATATYPE,
        &["Document", "NameHeld"],
        None,
        "What a document is called where its claims are quoted: the last part of its path, or its record id. Of a name that was borne for a time, its text with its language.",
    ),
    record("country", DATATYPE, ENTITY, Some("xsd:string"), "Where it is at home: ISO 3166-1, or EU for the Union."),
    record(
        "identifier",
        DATATYPE,
        ENTITY,
        Some("xsd:string"),
        "What a register calls it, behind the kind of the identifier: lei:…, uscc:…, isin:…, wikidata:….",
    ),
    record("member", DATATYPE, &["Place"], Some("xsd:string"), "Of a union: the country of one of its members."),
    record("mic", DATATYPE, &["Exchange"], Some("xsd:string"), "Its market identifier code, ISO 10383."),
    record("nameOf", OBJECT, &["NameHeld"], None, "Whose name it is."),
    record("nameKind", DATATYPE, &["NameHeld"], Some("xsd:string"), "legal, short, brand, former or gloss."),
    record("subject", OBJECT, &["Claim", "Fact"], None, "The entity that it is about."),
    record("predicate", OBJECT, &["Claim", "Fact"], Some("rdf:Property"), "What it says of the subject."),
    record("object", EITHER, &["Claim", "Fact"], None, "The other entity, or the value."),
    record("status", OBJECT, &["Claim", "Fact"], Some("gx:Status"), "How the text stands to what it says."),
    record(
        "confidence",
        DATATYPE,
        &["Claim", "Fact"],
        Some("xsd:decimal"),
        "Probability that the text says this, 0 to 1.",
    ),
    record("rule", DATATYPE, &["Claim"], Some("xsd:string"), "The rule or model that won, with its version."),
    record("of", OBJECT, &["Claim"], Some("gx:Fact"), "The fact that the claim supports."),
    record("start", DATATYPE, &["Claim"], Some("xsd:integer"), "Where the quote begins, in Unicode scalar values."),
    record("end", DATATYPE, &["Claim"], Some("xsd:integer"), "Where the quote ends, exclusive."),
    record("quote", DATATYPE, &["Claim"], Some("xsd:string"), "The words that the claim rests on."),
    record(
        "detail",
        DATATYPE,
        &["Claim", "Fact", "Document", "Import", "Judgement", "Agent", "Product", "Regulation", "Activity", "Place"],
        Some("rdf:JSON"),
        "Everything else that is known of it, as one JSON object.",
    ),
    record(
        "basis",
        EITHER,
        &["Fact"],
        None,
        "What a fact rests on (gx:text, gx:reference, gx:derived); as a literal, the basis of a valuation: preMoney, postMoney, marketCap.",
    ),
    record("support", DATATYPE, &["Fact"], Some("xsd:integer"), "Number of claims."),
    record("publishers", DATATYPE, &["Fact"], Some("xsd:integer"), "Number of independent publishers among them."),
    record("conflict", OBJECT, &["Fact"], Some("gx:Conflict"), "How the claims on it disagree."),
    record("premise", OBJECT, &["Fact"], Some("gx:Fact"), "A fact that this derived one follows from."),
    record("derivation", DATATYPE, &["Fact"], Some("xsd:string"), "The derivation that it follows by."),
    record(
        "unverified",
        DATATYPE,
        &["Fact", "Agent", "Product", "Regulation", "Activity", "Place"],
        Some("xsd:boolean"),
        "True where nobody has checked a source: of a row, of its facts, and of what follows from them.",
    ),
    record(
        "validFrom",
        DATATYPE,
        &["Claim", "Fact", "NameHeld", "Agent", "Product", "Regulation", "Activity", "Place"],
        None,
        "Since when it holds, a name is borne, or an entity of the reference data exists: xsd:date, xsd:gYearMonth or xsd:gYear.",
    ),
    record(
        "validTo",
        DATATYPE,
        &["Claim", "Fact", "NameHeld", "Agent", "Product", "Regulation", "Activity", "Place"],
        None,
        "Until when it held, a name was borne, or an entity of the reference data existed: xsd:date, xsd:gYearMonth or xsd:gYear.",
    ),
    record("sha256", DATATYPE, &["Document", "Import"], Some("xsd:string"), "Digest of the bytes, in hex digits."),
    record(
        "source",
        DATATYPE,
        &["Document", "Import", "Fact", "Agent", "Product", "Regulation", "Activity", "Place"],
        Some("xsd:string"),
        "Path, record id or URL that it was read from; of the reference data, where it was looked up.",
    ),
    record("mergedInto", OBJECT, &[], None, "The node that stands for this one since a merge."),
    record("splitFrom", OBJECT, &[], None, "The node whose id some documents use for this one."),
    record(
        "mentionedIn",
        OBJECT,
        &[],
        Some("gx:Document"),
        "A document that means this node by the id of another one.",
    ),
    record("lifecycle", OBJECT, &["Regulation"], Some("gx:Lifecycle"), "Where a regulation stands in its life."),
    record(
        "regulationKind",
        DATATYPE,
        &["Regulation"],
        Some("xsd:string"),
        "What kind of instrument a regulation is: law, administrative regulation, department rule, normative document, plan, draft, standard.",
    ),
];

/// Terms of `gx:graph/judgements` and `gx:graph/identity`.
const JUDGEMENT_PROPERTIES: &[RecordProperty] = &[
    record(
        "judges",
        OBJECT,
        &["Judgement", "Decision"],
        None,
        "A claim that it holds for, none where no text says it; or each of two entities. Of a decision, the claim that was looked at, or each of the two entities.",
    ),
    record(
        "verdict",
        OBJECT,
        &["Judgement", "Claim", "Decision"],
        Some("gx:Verdict"),
        "What was decided or found; a rejected claim backs nothing, entities that are the same are one node. A decision without one took a verdict back.",
    ),
    record(
        "likeness",
        DATATYPE,
        &["Judgement"],
        Some("xsd:decimal"),
        "How strongly names and circumstances tie two entities, from 0 to 1.",
    ),
    record("feature", DATATYPE, &["Judgement"], Some("xsd:string"), "What speaks for or against two being one."),
    record("because", DATATYPE, &["Judgement", "Decision"], Some("xsd:string"), "Why it was decided so."),
];

/// Terms of the graphs of imports.
const IMPORT_PROPERTIES: &[RecordProperty] = &[record(
    "record",
    DATATYPE,
    &["Import"],
    Some("rdf:JSON"),
    "A record of the file: its id and date, whom it describes, and what it says of them.",
)];

/// Terms of `gx:graph/history`.
const HISTORY_PROPERTIES: &[RecordProperty] = &[
    record(
        "learnedIn",
        DATATYPE,
        &["Document", "Claim"],
        Some("xsd:integer"),
        "The revision in which it came in; of a claim only where it is not the one of its document.",
    ),
    record(
        "revision",
        DATATYPE,
        &["Revision", "Change", "Decision"],
        Some("xsd:integer"),
        "Number of a revision of the store.",
    ),
    record(
        "rules",
        DATATYPE,
        &["Revision"],
        Some("xsd:string"),
        "Hash of the rules and reference data it was built with.",
    ),
    record("factConfidence", DATATYPE, &["Revision"], Some("xsd:decimal"), "Least confidence of a plain triple in it."),
    record(
        "document",
        OBJECT,
        &["Change", "Decision"],
        Some("gx:Document"),
        "What the source held before; of a decision on a claim, the document of the claim.",
    ),
    record("readFrom", DATATYPE, &["Record"], Some("xsd:string"), "The file that a record was read from last."),
    record(
        "replacedBy",
        OBJECT,
        &["Change"],
        Some("gx:Document"),
        "What it holds instead; nothing where it was forgotten.",
    ),
];

const fn record(
    name: &'static str,
    owl: &'static str,
    domain: &'static [&'static str],
    range: Option<&'static str>,
    definition: &'static str,
) -> RecordProperty {
    RecordProperty { name, owl, domain, range, definition }
}

const ANNOTATIONS: &[(&str, &str)] = &[
    ("inverseLabel", "How the predicate reads from object to subject."),
    ("subjectRole", "What the subject is in it."),
    ("objectRole", "What the object is in it."),
    ("qualifier", "A property that says more about its claims and facts, beside gx:date, gx:validFrom and gx:validTo."),
];

/// One subject with its properties, in the order given.
struct Block {
    text: String,
}

impl Block {
    fn new(term: &str, types: &str) -> Self {
        Self { text: format!("\ngx:{term}\n    a {types}") }
    }

    fn with(mut self, property: &str, objects: impl IntoIterator<Item = String>) -> Self {
        let objects: Vec<String> = objects.into_iter().collect();
        if !objects.is_empty() {
            let _ = write!(self.text, " ;\n    {property} {}", objects.join(", "));
        }
        self
    }

    fn labels(self, property: &str, labels: &Labels) -> Self {
        self.with(property, [tagged(&labels.en, "en"), tagged(&labels.zh, "zh")])
    }

    fn comment(self, text: &str) -> Self {
        self.with("rdfs:comment", [tagged(text, "en")])
    }

    fn close_matches(self, terms: &[String]) -> Self {
        let (matches, notes): (Vec<_>, Vec<_>) =
            terms.iter().map(|term| iri(term).ok_or_else(|| literal(term))).partition(Result::is_ok);
        self.with("skos:closeMatch", matches.into_iter().flatten())
            .with("rdfs:seeAlso", notes.into_iter().filter_map(Result::err))
    }
}

fn section(out: &mut String, title: &str, blocks: impl Iterator<Item = Block>) {
    let _ = write!(out, "\n# {title}\n");
    for block in blocks {
        out.push_str(&block.text);
        out.push_str(" .\n");
    }
}

fn class(class: &Class) -> Block {
    let role = (class.kind == ClassKind::Role).then_some("A role, never the rdf:type of a node.");
    Block::new(&class.name, "owl:Class")
        .with("rdfs:subClassOf", class.parents.iter().map(|parent| own(parent)))
        .labels("rdfs:label", &class.labels)
        .comment(&class.definition)
        .with("skos:note", role.map(|note| tagged(note, "en")))
        .close_matches(&class.close_match)
}

fn predicate(predicate: &Predicate) -> Block {
    let types = if predicate.symmetric { "owl:ObjectProperty, owl:SymmetricProperty" } else { "owl:ObjectProperty" };
    let (range, note) = match &predicate.range {
        Range::Classes(classes) => (classes.iter().map(|class| own(class)).collect(), None),
        Range::Value(kind) => (vec![own("Fact")], Some(value_note(*kind))),
    };
    let outlives = predicate.outlives_subject.then_some("Stays true after its subject is gone.");
    let derived = predicate.derived.then_some("Concluded from other facts, never stated by a text.");
    let special = predicate.qualifiers.iter().filter(|&&qualifier| !is_common(qualifier));
    Block::new(&predicate.name, types)
        .labels("rdfs:label", &predicate.labels)
        .labels("gx:inverseLabel", &predicate.inverse_labels)
        .comment(&predicate.definition)
        .with("skos:note", note.into_iter().chain(outlives).chain(derived).map(|note| tagged(note, "en")))
        .with("gx:subjectRole", [tagged(&predicate.subject_role, "en")])
        .with("gx:objectRole", [tagged(&predicate.object_role, "en")])
        .with("schema:domainIncludes", predicate.domain.iter().map(|class| own(class)))
        .with("schema:rangeIncludes", range)
        .with("gx:qualifier", special.map(|qualifier| own(qualifier.name())))
        .close_matches(&predicate.close_match)
}

fn is_common(qualifier: Qualifier) -> bool {
    matches!(qualifier, Qualifier::Date | Qualifier::ValidFrom | Qualifier::ValidTo)
}

fn value_note(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Money => "Points to the fact, which carries the money: gx:amount and gx:currency.",
        ValueKind::NumberOrMoney => {
            "Points to the fact, which carries the figure: gx:amount, and gx:currency where it is money."
        }
        ValueKind::Date => "Points to the fact, which carries gx:date.",
    }
}

fn qualifier(qualifier: Qualifier) -> Block {
    let range = match qualifier.kind() {
        QualifierKind::Decimal => Some("xsd:decimal"),
        QualifierKind::Text => Some("xsd:string"),
        QualifierKind::Flag => Some("xsd:boolean"),
        // xsd:date, xsd:gYearMonth or xsd:gYear, by its precision.
        QualifierKind::Date => None,
    };
    Block::new(qualifier.name(), DATATYPE)
        .comment(qualifier.definition())
        .with("schema:domainIncludes", [own("Claim"), own("Fact")])
        .with("rdfs:range", range.map(str::to_owned))
}

fn record_property(property: &RecordProperty) -> Block {
    Block::new(property.name, property.owl)
        .comment(property.definition)
        .with("schema:domainIncludes", property.domain.iter().map(|class| own(class)))
        .with("schema:rangeIncludes", property.range.map(str::to_owned))
}

fn name_property(kind: NameKind) -> Block {
    let definition = match kind {
        NameKind::Legal => "The full or registered name.",
        NameKind::Short => "A short form or abbreviation.",
        NameKind::Brand => "A trade name.",
        NameKind::Former => "A name it bore before.",
        NameKind::Gloss => "A translation in brackets.",
    };
    Block::new(&format!("{}Name", kind.name()), "owl:AnnotationProperty")
        .with("rdfs:subPropertyOf", ["skos:altLabel".to_owned()])
        .comment(definition)
}

fn history() -> impl Iterator<Item = Block> {
    let classes = [
        ("Revision", "A state of the store, with what it was built with."),
        ("Change", "A source whose content was replaced or forgotten."),
        ("Record", "A record of a file whose source, a URL, does not name the file."),
        ("Decision", "A verdict on a claim or on two entities that came into the store, or was taken back."),
    ]
    .map(|(name, definition)| Block::new(name, "owl:Class").comment(definition));
    classes.into_iter().chain(HISTORY_PROPERTIES.iter().map(record_property))
}

fn values() -> impl Iterator<Item = Block> {
    let classes = [
        ("Status", "How a text stands to what it says."),
        ("Lifecycle", "Where a regulation stands in its life."),
        ("Basis", "What a fact rests on."),
        ("Verdict", "What somebody decided on a claim."),
        ("Conflict", "How the claims on a fact disagree."),
        ("Graph", "A named graph of the store; the claims of a document stand in the graph of its own IRI."),
    ]
    .map(|(name, definition)| Block::new(name, "owl:Class").comment(definition));
    let statuses = Status::ALL.iter().map(|&status| {
        // Regulations end as well, and what is denied may be asserted too: one term, both meanings.
        let types = match status {
            Status::Ended => "gx:Status, gx:Lifecycle",
            Status::Denied => "gx:Status, gx:Conflict",
            _ => "gx:Status",
        };
        Block::new(status.name(), types).comment(status_definition(status))
    });
    let lifecycles = [
        ("draft", "Published for comment; binds nobody."),
        ("inForce", "Binding."),
        ("amended", "Binding, as amended."),
        ("repealed", "Taken out of force."),
    ]
    .map(|(name, definition)| Block::new(name, "gx:Lifecycle").comment(definition));
    let bases = [
        (Basis::Text, "Claims of documents."),
        (Basis::Reference, "A row of the reference data."),
        (Basis::Derived, "Other facts, by a derivation."),
    ]
    .map(|(basis, definition)| Block::new(basis.name(), "gx:Basis").comment(definition));
    let other_value = Block::new("otherValue", "gx:Conflict")
        .comment("Another value is asserted as well, of a predicate that has one value at a time.");
    let verdicts = [
        ("rejected", "The text does not say this."),
        ("same", "The two are one."),
        ("unsure", "The two may be one, and stay two until somebody knows."),
        ("different", "The two are two."),
    ]
    .map(|(name, definition)| Block::new(name, "gx:Verdict").comment(definition));
    let graphs = [
        ("graph\\/facts", "Facts of texts, derived facts and merged entities."),
        ("graph\\/reference", "Rows of the reference data, and their facts."),
        ("graph\\/judgements", "What people decided on claims and entities."),
        ("graph\\/identity", "What was found of pairs of entities: the same, perhaps, or not for all their names."),
        ("graph\\/history", "What happened to the store; no part of its dump unless asked for."),
    ]
    .map(|(name, definition)| Block::new(name, "gx:Graph").comment(definition));
    classes
        .into_iter()
        .chain(statuses)
        .chain(lifecycles)
        .chain(bases)
        .chain([other_value])
        .chain(verdicts)
        .chain(graphs)
}

fn status_definition(status: Status) -> &'static str {
    match status {
        Status::Asserted => "A plain statement.",
        Status::Planned => "Intended: aims to, will, 拟, 计划.",
        Status::Conditional => "Subject to a condition, such as approval.",
        Status::Reported => "Rumour, unnamed sources, speculation.",
        Status::Ended => "It held once and holds no more: former, until, sold; of a regulation: it ran out.",
        Status::Denied => "Negated or denied; as a conflict, denied by some claims and asserted by others.",
    }
}

fn annotation(&(name, definition): &(&str, &str)) -> Block {
    Block::new(name, "owl:AnnotationProperty").comment(definition)
}

fn own(name: &str) -> String {
    format!("gx:{name}")
}

/// `fibo:BE/…/Corporation` in full: Turtle would want its slashes escaped.
fn iri(term: &str) -> Option<String> {
    let (prefix, local) = term.split_once(':')?;
    let (_, namespace) = PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    Some(if local.contains('/') { format!("<{namespace}{local}>") } else { format!("{prefix}:{local}") })
}

fn tagged(text: &str, language: &str) -> String {
    format!("{}@{language}", literal(text))
}

fn literal(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
