//! The plain triples of another day: those that a naive look at every fact, day by day, finds.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{SCHEMA, at_home, money, reference, reference_fact, row, text, with_reference};
use guanxi_graph::{BuildConfig, Generation};
use guanxi_model::{
    Basis, Extraction, Fact, FactId, FactObject, NameKind, PartialDate, Qualifier, Reference, Status, Validity,
};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use proptest::prelude::*;

fn date(text: &str) -> PartialDate {
    text.parse().unwrap()
}

/// A bank regulator that regulates lending since and until when the interval says.
fn regulated(validity: Validity) -> Reference {
    let mut regulates = reference_fact("cn-nfra", "regulates", "activity-lending");
    regulates.validity = validity;
    let rows = vec![
        at_home("CN", row("cn-nfra", "Regulator", &["Financial Regulator"])),
        at_home("CN", row("cn-bolt", "Company", &["Bolt"])),
        row("activity-lending", "Activity", &["lending"]),
    ];
    reference(rows, vec![regulates])
}

fn build(reference: &Reference, texts: Vec<Extraction>) -> Generation {
    Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap()
}

/// The triples of the default graph on a day, as a query sees them.
fn seen(generation: &Generation, day: &str) -> BTreeSet<String> {
    let amendment = generation.as_of(date(day), &SCHEMA);
    let query = SparqlEvaluator::new().parse_query("SELECT * { ?s ?p ?o }").unwrap();
    let QueryResults::Solutions(rows) = generation.store().execute_amended(query, &amendment).unwrap() else {
        unreachable!("a SELECT")
    };
    let line = |name, row: &oxigraph::sparql::QuerySolution| row.get(name).unwrap().to_string();
    rows.map(|row| row.unwrap()).map(|row| ["s", "p", "o"].map(|name| line(name, &row)).join(" ")).collect()
}

/// The same, fact by fact and day by day.
fn expected(generation: &Generation, day: &str) -> BTreeSet<String> {
    let vocabulary = generation.vocabulary();
    let facts: BTreeMap<FactId, Fact> = generation.facts().into_iter().map(|fact| (fact.id.clone(), fact)).collect();
    let mut triples: BTreeSet<String> = generation
        .store()
        .quads_for_pattern(None, None, None, Some(oxigraph::model::GraphNameRef::DefaultGraph))
        .map(|quad| quad.unwrap())
        .filter(|quad| {
            let term = vocabulary.term_name(quad.predicate.as_ref());
            term.is_none_or(|term| SCHEMA.predicate(&term).is_none())
        })
        .map(|quad| format!("{} {} {}", quad.subject, quad.predicate, quad.object))
        .collect();
    for fact in facts.values().filter(|fact| was_plain(fact, &facts, day)) {
        let subject = vocabulary.entity(&fact.subject);
        let predicate = vocabulary.term(&fact.predicate);
        let object = match &fact.object {
            FactObject::Entity(entity) => vocabulary.entity(entity),
            FactObject::Value(_) => vocabulary.fact(&fact.id),
        };
        triples.insert(format!("{subject} {predicate} {object}"));
        if SCHEMA.predicate(&fact.predicate).unwrap().symmetric {
            triples.insert(format!("{object} {predicate} {subject}"));
        }
    }
    triples
}

fn was_plain(fact: &Fact, facts: &BTreeMap<FactId, Fact>, day: &str) -> bool {
    if fact.confidence.thousandths() < 700 {
        return false;
    }
    if fact.basis == Basis::Derived {
        return fact.premises.iter().all(|premise| was_plain(&facts[premise], facts, day));
    }
    let asserted_then = fact.status == Status::Asserted || fact.status == Status::Ended;
    let over_since_unknown = fact.validity.to.is_none() && (fact.validity.ended || fact.status == Status::Ended);
    asserted_then && !over_since_unknown && days_of(day).iter().any(|day| is_within(*day, &fact.validity))
}

fn is_within(day: PartialDate, validity: &Validity) -> bool {
    let begun = validity.from.is_none_or(|from| from.days_since_epoch() <= day.days_since_epoch());
    begun && validity.to.is_none_or(|to| day.days_since_epoch() <= to.last_day().days_since_epoch())
}

/// Every day that the date covers.
fn days_of(date: &str) -> Vec<PartialDate> {
    let parts: Vec<u16> = date.split('-').map(|part| part.parse().unwrap()).collect();
    let only = |given: Option<&u16>, most: u8| match given {
        Some(given) => vec![*given as u8],
        None => (1..=most).collect(),
    };
    let year = parts[0] as i16;
    let days = |month| only(parts.get(2), 31).into_iter().filter_map(move |day| PartialDate::day(year, month, day));
    only(parts.get(1), 12).into_iter().flat_map(days).collect()
}

fn any_date() -> impl Strategy<Value = String> {
    let year = 2017..2021i16;
    prop_oneof![
        year.clone().prop_map(|year| year.to_string()),
        (year.clone(), 1..13).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (year, 1..13, 1..29).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
    ]
}

#[derive(Clone, Debug)]
struct Said {
    what: usize,
    status: Status,
    sure: bool,
    from: Option<String>,
    to: Option<String>,
    published: Option<String>,
}

fn said() -> impl Strategy<Value = Said> {
    let status = prop_oneof![
        4 => Just(Status::Asserted),
        3 => Just(Status::Ended),
        1 => Just(Status::Planned),
        1 => Just(Status::Denied),
    ];
    let maybe = || prop::option::of(any_date());
    (0..6usize, status, prop::bool::weighted(0.8), maybe(), maybe(), maybe())
        .prop_map(|(what, status, sure, from, to, published)| Said { what, status, sure, from, to, published })
}

fn article(number: usize, said: &Said) -> Extraction {
    const WHAT: [(&str, &str, &str); 6] = [
        ("Acme", "owns", "Bolt"),
        ("Bolt", "owns", "Acme"),
        ("Acme", "partnersWith", "Bolt"),
        ("Bolt", "operatesIn", "lending"),
        ("Acme", "operatesIn", "lending"),
        ("Acme", "raised", ""),
    ];
    let (subject, predicate, object) = WHAT[said.what];
    let mut article = text(&number.to_string(), &format!("{number}"))
        .entity("Company", &["Bolt"], NameKind::Legal)
        .known_as("Bolt", "cn-bolt")
        .entity("Activity", &["lending"], NameKind::Short)
        .known_as("lending", "activity-lending");
    article = match object {
        "" => article.value(subject, predicate, money(5, "CNY")),
        _ => article.claim(subject, predicate, object),
    };
    article = article.status(said.status).confidence(if said.sure { 900 } else { 600 });
    for (qualifier, date) in [(Qualifier::ValidFrom, &said.from), (Qualifier::ValidTo, &said.to)] {
        article = date.iter().fold(article, |article, date| article.on(qualifier, date));
    }
    said.published.iter().fold(article, |article, date| article.published(date)).done()
}

proptest! {
    #[test]
    fn a_day_is_seen_as_its_facts_tell(
        all in prop::collection::vec(said(), 0..8),
        since in prop::option::of(any_date()),
        until in prop::option::of(any_date()),
        days in prop::collection::vec(any_date(), 4),
    ) {
        let to = until.as_deref().map(date);
        let from = since.as_deref().map(date).filter(|from| to.is_none_or(|to| from.first_day() <= to.last_day()));
        let texts = all.iter().enumerate().map(|(number, said)| article(number, said)).collect();
        let generation = build(&regulated(Validity { from, to, ended: to.is_some() }), texts);
        for day in days.iter().map(String::as_str).chain(["2016-12-31", "2021"]) {
            prop_assert_eq!(seen(&generation, day), expected(&generation, day), "as of {}", day);
        }
    }
}

#[test]
fn what_has_ended_since_is_seen_again_and_what_began_since_is_not() {
    let texts = vec![
        text("a", "a")
            .claim("Acme", "owns", "Cell")
            .on(Qualifier::ValidFrom, "2018-03")
            .on(Qualifier::ValidTo, "2020")
            .done(),
        text("b", "b").published("2023-05-02").claim("Acme", "owns", "Dune").status(Status::Ended).done(),
        text("c", "c").claim("Acme", "owns", "Elm").status(Status::Ended).done(),
        text("d", "d").claim("Acme", "owns", "Fir").done(),
    ];
    let generation = build(&regulated(Validity::default()), texts);
    let owned = |day: &str| -> Vec<String> {
        let names = [("Cell", "Cell"), ("Dune", "Dune"), ("Elm", "Elm"), ("Fir", "Fir")];
        let seen = seen(&generation, day);
        let owns = generation.vocabulary().term("owns").to_string();
        let holds = |name: &str| {
            let id = generation.vocabulary().entity(&crate::common::id("Company", name));
            seen.iter().any(|line| line.contains(&owns) && line.ends_with(&id.to_string()))
        };
        names.iter().filter(|(_, name)| holds(name)).map(|(name, _)| (*name).to_owned()).collect()
    };
    assert_eq!(owned("2018-02"), ["Dune", "Fir"]);
    assert_eq!(owned("2018"), ["Cell", "Dune", "Fir"], "a year is asked for as a whole");
    assert_eq!(owned("2020-12-31"), ["Cell", "Dune", "Fir"], "a year's end is its last day");
    assert_eq!(owned("2021"), ["Dune", "Fir"]);
    assert_eq!(owned("2023-05-03"), ["Fir"], "no text dates the end of Dune: it had come by the day of publication");
}
