//! Every term that a store is written in is described in the published vocabulary.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{
    NO_REFERENCE, SCHEMA, at_home, data, money, pairs, reference, row, rule_row, text, until, with_reference,
};
use guanxi_graph::{BuildConfig, Generation, Update, Vocabulary, rejection};
use guanxi_model::NameHeld;
use guanxi_model::reference::{Instrument, Lifecycle};
use guanxi_model::{
    Decimal, EntityId, EntityJudgement, EntityName, Extraction, Language, NameKind, Qualifier, QualifierKind,
    QualifierValue, Reference, Sameness, Status, Validity, Value,
};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term};

const TURTLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/vocab/guanxi.ttl");

#[test]
fn every_term_that_a_store_is_written_in_is_described() {
    let described = described();
    let written = terms_of(&everything());
    let missing: Vec<&String> = written.difference(&described).collect();
    assert!(missing.is_empty(), "not in data/vocab/guanxi.ttl: {missing:?}");
    // That the store above holds all there is to write: what is described as written, and is not in it.
    for (section, unwritten) in
        [("# Properties of claims", &[][..]), ("# Names", &[]), ("# Judgements", &[]), ("# Values", &UNWRITTEN)]
    {
        let unwritten: BTreeSet<&str> = unwritten.iter().copied().collect();
        for term in section_of(section) {
            assert!(written.contains(&term) != unwritten.contains(&*term), "gx:{term} of {section:?}");
        }
    }
    assert!(Qualifier::ALL.iter().all(|qualifier| written.contains(qualifier.name())));
}

#[test]
fn the_terms_of_the_history_are_described() {
    let parent = tempfile::tempdir().unwrap();
    let store = parent.path().join("guanxi.db");
    let config = BuildConfig { rules: Some("f00d".to_owned()), ..BuildConfig::default() };
    for content in ["one", "two", "three"] {
        let mut update = Update::begin(&store, with_reference(&NO_REFERENCE), config.clone()).unwrap();
        let read = text("a", content).claim("Acme", "owns", content).done();
        update.judgements_mut().judge(guanxi_graph::rejection(&read.claims[0], &read, "not said"));
        update.stands_in(&read.document.source, "news.jsonl");
        update.add(read);
        update.commit().unwrap();
    }
    let written = terms_of(&Generation::open(&store).unwrap());
    let described = described();
    let missing: Vec<&String> = written.difference(&described).collect();
    assert!(missing.is_empty(), "not in data/vocab/guanxi.ttl: {missing:?}");
    for term in section_of("# History") {
        assert!(written.contains(&term), "gx:{term}");
    }
}

/// Classes of values, for no store says of what class a status is; and the history, which nothing in memory has.
const UNWRITTEN: [&str; 7] = ["Basis", "Conflict", "Graph", "Lifecycle", "Status", "Verdict", "graph/history"];

#[test]
fn a_kind_of_regulation_is_no_financial_instrument() {
    let generation = build(&shipped(), vec![]);
    let terms = terms_of(&generation);
    assert!(terms.contains("regulationKind") && !terms.contains("instrument"));
}

fn build(reference: &Reference, texts: Vec<Extraction>) -> Generation {
    Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap()
}

fn shipped() -> Reference {
    let files = data("reference");
    Reference::load(pairs(&files), &SCHEMA).unwrap()
}

/// The shipped rows, one row of every lifecycle, and claims with every status, qualifier, value, kind of name and conflict.
fn everything() -> Generation {
    let shipped = shipped();
    let mut rows: Vec<_> = shipped.entities().collect();
    for &lifecycle in Lifecycle::ALL {
        let id = format!("xx-{}", lifecycle.name().replace(' ', "-"));
        rows.push(rule_row(&id, &id, lifecycle, Instrument::Plan));
    }
    rows.push(at_home("XX", until("2020", row("xx-dead", "Regulator", &["Dead Body"]))));
    let mut names = row("xx-names", "Company", &["Names"]);
    names.entity.names = NameKind::ALL
        .iter()
        .map(|&kind| EntityName { text: kind.name().to_owned(), language: Language::English, kind })
        .collect();
    let validity = Validity { from: None, to: "2020".parse().ok(), ended: true };
    names.names_held = vec![NameHeld { name: names.entity.names[0].clone(), validity }];
    names.entity.identifiers = vec!["isin:US0378331005".parse().unwrap()];
    rows.push(names);
    let mut exchange = row("xx-exchange", "Exchange", &["Exchange"]);
    exchange.mic = Some("XXXX".to_owned());
    rows.push(exchange);
    let reference = reference(rows, shipped.facts().collect());

    let mut texts: Vec<Extraction> = Status::ALL
        .iter()
        .map(|status| text(status.name(), status.name()).claim("Acme", "owns", status.name()).status(*status).done())
        .collect();
    texts.push(text("contradicted", "contradicted").claim("Acme", "owns", Status::Denied.name()).done());
    texts.extend(
        ["2012", "2013"]
            .map(|year| text(year, year).value("Acme", "foundedOn", Value::Date(year.parse().unwrap())).done()),
    );
    // An amount beside an entity stays a qualifier; beside a value it is the value itself.
    let qualified =
        Qualifier::ALL.iter().fold(text("q", "q").claim("Acme", "investsIn", "Bolt"), |text, &qualifier| {
            text.with(
                qualifier,
                match qualifier.kind() {
                    QualifierKind::Decimal => QualifierValue::Decimal(Decimal::ONE),
                    QualifierKind::Date => QualifierValue::Date("2020".parse().unwrap()),
                    QualifierKind::Text => QualifierValue::Text("x".to_owned()),
                    QualifierKind::Flag => QualifierValue::Flag(true),
                },
            )
        });
    texts.push(qualified.value("Acme", "raised", money(5, "USD")).done());
    // Two persons of one name, who share no firm.
    texts.extend(["Bolt", "Cell"].map(|firm| {
        let text = text(firm, firm).entity("Person", &["Zhang Wei"], NameKind::Legal);
        text.claim("Zhang Wei", "officerOf", firm).done()
    }));
    let merged = |source: &str, names: &[&str]| {
        text(source, source).entity("Company", names, NameKind::Short).claim(names[0], "owns", "Bolt").done()
    };
    texts.extend([merged("m", &["Red Book", "小红书"]), merged("n", &["小红书"])]);
    // A rejected claim, and a judgement that meets nothing.
    let wrong = text("wrong", "wrong").claim("Acme", "owns", "Wrong").done();
    let mut config = BuildConfig::default();
    config.judgements.judge(rejection(&wrong.claims[0], &wrong, "not said"));
    texts.push(wrong);
    let two = ["xx-names", "xx-dead"].map(|id| (EntityId::new(id), id.to_owned()));
    config.judgements.judge_entities(EntityJudgement::new(two, Sameness::Different, "", "two bodies"));
    Generation::in_memory(texts, &with_reference(&reference), &config).unwrap()
}

/// The names of our own terms in the store: subjects, predicates, objects, graphs and datatypes.
fn terms_of(generation: &Generation) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for quad in generation.store().iter() {
        let quad = quad.unwrap();
        let subject = match quad.subject {
            NamedOrBlankNode::NamedNode(subject) => Some(subject),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let object = match quad.object {
            Term::NamedNode(object) => Some(object),
            Term::Literal(literal) => Some(literal.datatype().into_owned()),
            _ => None,
        };
        let graph = match quad.graph_name {
            GraphName::NamedNode(graph) => Some(graph),
            _ => None,
        };
        terms.extend([subject, Some(quad.predicate), object, graph].into_iter().flatten().filter_map(|iri| own(&iri)));
    }
    terms
}

fn own(iri: &NamedNode) -> Option<String> {
    Vocabulary::default().term_name(iri.as_ref())
}

/// What the published vocabulary gives a type.
fn described() -> BTreeSet<String> {
    let turtle = turtle();
    let triples = RdfParser::from_format(RdfFormat::Turtle).for_slice(&turtle);
    let typed = triples.map(Result::unwrap).filter(|triple| triple.predicate == rdf::TYPE);
    let subjects = typed.filter_map(|triple| match triple.subject {
        NamedOrBlankNode::NamedNode(subject) => own(&subject),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    subjects.collect()
}

/// The terms under one heading.
fn section_of(heading: &str) -> Vec<String> {
    let turtle = turtle();
    let lines = turtle.lines().skip_while(|line| !line.starts_with(heading)).skip(1);
    let section = lines.take_while(|line| !line.starts_with('#'));
    section.filter_map(|line| line.strip_prefix("gx:")).map(|term| term.replace('\\', "")).collect()
}

fn turtle() -> String {
    std::fs::read_to_string(Path::new(TURTLE)).unwrap()
}
