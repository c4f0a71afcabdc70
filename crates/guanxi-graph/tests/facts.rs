//! What claims of several documents add up to, and which plain triples follow.

use crate::common::{
    SCHEMA, change, data, fact, generation, is_plain, knowledge, money, pairs, reference, reference_fact, row,
    rule_row, text, until, with_reference,
};
use guanxi_graph::{BuildConfig, Generation};
use guanxi_model::NameHeld;
use guanxi_model::reference::{Instrument, Lifecycle};
use guanxi_model::{
    Basis, Confidence, Conflict, Extraction, Fact, NameKind, PartialDate, Qualifier, QualifierValue, Reference, Status,
    Validity, Value,
};

/// The only fact of these texts, and whether it is a plain triple.
fn only(texts: Vec<Extraction>) -> (Fact, bool) {
    let generation = generation(texts);
    let facts = generation.facts();
    assert_eq!(facts.len(), 1, "{facts:#?}");
    let plain = is_plain(&generation, &facts[0]);
    (facts[0].clone(), plain)
}

fn says(source: &str, date: &str, status: Status) -> Extraction {
    text(source, source).published(date).publisher(source).claim("Acme", "owns", "Bolt").status(status).done()
}

#[test]
fn claims_of_one_thing_are_one_fact() {
    let one =
        text("a", "a").publisher("Wire").published("2024-05-01").claim("Acme", "investsIn", "Bolt").confidence(931);
    let one = one.on(Qualifier::Date, "2024").with(Qualifier::Round, QualifierValue::Text("A".to_owned())).done();
    let again =
        text("b", "b").publisher("WIRE").claim("Acme", "investsIn", "Bolt").on(Qualifier::Date, "2024-03").done();
    let other = text("c", "c").claim("Acme", "investsIn", "Bolt").status(Status::Planned).done();
    let (fact, plain) = only(vec![one.clone(), again, other]);
    assert_eq!((fact.support, fact.publishers, fact.claims.len()), (3, 2, 3));
    assert_eq!((fact.status, fact.basis, fact.confidence.thousandths()), (Status::Asserted, Basis::Text, 931));
    assert_eq!(fact.qualifiers[&Qualifier::Round], QualifierValue::Text("A".to_owned()));
    // The month lies in the year that the other text gives: it says the same more exactly.
    assert_eq!(fact.validity.from, Some("2024-03".parse().unwrap()));
    assert!(plain && fact.claims.contains(&one.claims[0].id));
}

#[test]
fn a_share_that_the_surest_claim_leaves_open_is_told_by_the_next() {
    let percent = |number: i64| QualifierValue::Decimal(number.into());
    let raised = text("a", "a").claim("Acme", "owns", "Bolt").confidence(931).done();
    let holds = |source: &str, confidence: u16, share: i64| {
        let claim = text(source, source).claim("Acme", "owns", "Bolt").confidence(confidence);
        claim.with(Qualifier::Percent, percent(share)).done()
    };
    let planned = text("d", "d")
        .claim("Acme", "owns", "Bolt")
        .status(Status::Planned)
        .with(Qualifier::Percent, percent(90))
        .done();
    let (fact, _) = only(vec![raised, holds("b", 700, 40), holds("c", 929, 62), planned]);
    assert_eq!(fact.qualifiers.get(&Qualifier::Percent), Some(&percent(62)));

    let sum =
        |source: &str, confidence: u16| text(source, source).claim("Acme", "investsIn", "Bolt").confidence(confidence);
    let other = sum("b", 700).with(Qualifier::Amount, percent(5_000_000)).done();
    let (fact, _) = only(vec![sum("a", 900).done(), other]);
    assert_eq!(fact.qualifiers.get(&Qualifier::Amount), None, "the sum may be that of another round");
}

#[test]
fn confidence_decides_on_plain_triples() {
    let doubtful = || vec![text("a", "a").claim("Acme", "owns", "Bolt").confidence(650).done()];
    assert!(!only(doubtful()).1);
    let config = BuildConfig { fact_confidence: Confidence::from_thousandths(650), ..BuildConfig::default() };
    let generation = Generation::in_memory(doubtful(), &knowledge(), &config).unwrap();
    assert!(is_plain(&generation, &generation.facts()[0]));
    assert_eq!(generation.meta().fact_confidence.thousandths(), 650);
}

#[test]
fn what_is_only_planned_or_rumoured_is_no_plain_triple() {
    for (statuses, expected) in [
        (vec![Status::Planned], Status::Planned),
        (vec![Status::Reported, Status::Conditional], Status::Conditional),
        (vec![Status::Reported, Status::Planned, Status::Conditional], Status::Planned),
        (vec![Status::Reported, Status::Asserted], Status::Asserted),
    ] {
        let texts = statuses.iter().map(|&status| says(status.name(), "2020", status)).collect();
        let (fact, plain) = only(texts);
        assert_eq!((fact.status, plain), (expected, expected == Status::Asserted), "{statuses:?}");
    }
}

#[test]
fn an_end_closes_and_a_later_assertion_opens_again() {
    let (ended, plain) = only(vec![says("a", "2019-01-05", Status::Asserted), says("b", "2021-03-04", Status::Ended)]);
    assert_eq!((ended.status, ended.validity.ended, plain), (Status::Ended, true, false));
    assert_eq!(ended.validity.to, Some("2021-03-04".parse().unwrap()));

    let (open, plain) = only(vec![says("a", "2022-01-05", Status::Asserted), says("b", "2021-03-04", Status::Ended)]);
    assert_eq!((open.status, open.validity.is_current(), plain), (Status::Asserted, true, true));

    // On the same day, or without a date, the end stands.
    let (same_day, _) = only(vec![says("a", "2021-03", Status::Asserted), says("b", "2021-03-04", Status::Ended)]);
    assert_eq!(same_day.status, Status::Ended);

    let undated = text("c", "c").claim("Acme", "owns", "Bolt").status(Status::Ended).done();
    let (unknown, plain) = only(vec![undated, says("a", "2022", Status::Asserted)]);
    assert_eq!((unknown.validity.to, unknown.validity.ended, plain), (None, true, false));
}

#[test]
fn a_stated_end_comes_before_the_date_of_publication() {
    let sold = text("a", "a").published("2022-01-01").claim("Acme", "owns", "Bolt").status(Status::Ended);
    let (fact, _) = only(vec![sold.clone().on(Qualifier::Date, "2016-05").done()]);
    assert_eq!(fact.validity.to, Some("2016-05".parse().unwrap()));
    let (fact, _) = only(vec![sold.on(Qualifier::Date, "2016-05").on(Qualifier::ValidTo, "2015").done()]);
    assert_eq!(fact.validity.to, Some("2015".parse().unwrap()));

    // An event that was over by then does not open it again, however late it is told.
    let event = text("b", "b").published("2023-01-01").claim("Acme", "owns", "Bolt").on(Qualifier::Date, "2014").done();
    let sold = text("a", "a").published("2016-01-01").claim("Acme", "owns", "Bolt").status(Status::Ended).done();
    let (fact, _) = only(vec![event, sold]);
    assert_eq!((fact.status, fact.validity.from), (Status::Ended, Some("2014".parse().unwrap())));
}

#[test]
fn an_assertion_with_both_ends_is_asserted_and_over() {
    let held =
        text("a", "a").claim("Acme", "owns", "Bolt").on(Qualifier::ValidFrom, "2013").on(Qualifier::ValidTo, "2018");
    let (fact, plain) = only(vec![held.done()]);
    assert_eq!((fact.status, fact.validity.ended, plain), (Status::Asserted, true, false));
    assert!(fact.qualifiers.is_empty(), "validity says it already: {fact:?}");
}

#[test]
fn a_denial_is_outweighed_by_two_publishers() {
    let denied = says("d", "2020", Status::Denied);
    let (fact, plain) = only(vec![denied.clone()]);
    assert_eq!((fact.status, fact.conflict, plain), (Status::Denied, None, false));

    let (fact, plain) = only(vec![denied.clone(), says("a", "2020", Status::Asserted)]);
    assert_eq!((fact.status, fact.conflict, plain), (Status::Denied, Some(Conflict::Denied), false));

    let copy = text("b", "b").publisher("A").claim("Acme", "owns", "Bolt").done();
    let (fact, plain) = only(vec![denied.clone(), says("a", "2020", Status::Asserted), copy]);
    assert_eq!((fact.status, plain), (Status::Denied, false), "one publisher, told twice");

    let (fact, plain) = only(vec![denied, says("a", "2020", Status::Asserted), says("b", "2021", Status::Asserted)]);
    assert_eq!((fact.status, fact.conflict, plain), (Status::Asserted, Some(Conflict::Denied), true));
}

#[test]
fn symmetric_predicates_are_one_fact_and_two_triples() {
    let one = text("a", "a").claim("Acme", "partnersWith", "Bolt").done();
    let turned = text("b", "b").claim("Bolt", "partnersWith", "Acme").done();
    let generation = generation(vec![one, turned]);
    let facts = generation.facts();
    assert_eq!((facts.len(), facts[0].support), (1, 2));
    let vocabulary = generation.vocabulary();
    let partners = generation.store().quads_for_pattern(
        None,
        Some(vocabulary.term("partnersWith").as_ref()),
        None,
        Some(oxigraph::model::GraphNameRef::DefaultGraph),
    );
    assert_eq!(partners.count(), 2);
}

#[test]
fn values_are_events_and_lead_to_their_fact() {
    let raised = |source: &str, amount, date: &str| {
        text(source, source).value("Acme", "raised", money(amount, "USD")).on(Qualifier::Date, date).done()
    };
    let texts =
        vec![raised("a", 5_000_000, "2020-01"), raised("b", 5_000_000, "2020-01"), raised("c", 5_000_000, "2022")];
    let generation = generation(texts);
    let facts = generation.facts();
    assert_eq!(facts.iter().map(|fact| fact.support).collect::<Vec<_>>().iter().sum::<u32>(), 3);
    assert_eq!(facts.len(), 2, "the same sum in another year is another round");
    assert!(facts.iter().all(|fact| is_plain(&generation, fact) && fact.conflict.is_none()));
    let vocabulary = generation.vocabulary();
    let amounts = generation.store().quads_for_pattern(
        Some(vocabulary.fact(&facts[0].id).as_ref().into()),
        Some(vocabulary.term("amount").as_ref()),
        None,
        None,
    );
    assert_eq!(
        amounts.map(|quad| quad.unwrap().object.to_string()).collect::<Vec<_>>(),
        ["\"5000000\"^^<http://www.w3.org/2001/XMLSchema#decimal>"]
    );
}

#[test]
fn functional_predicates_keep_values_that_contradict_each_other() {
    let founded = |source: &str, year: &str| {
        text(source, source).value("Acme", "foundedOn", Value::Date(year.parse().unwrap())).done()
    };
    let contested = generation(vec![founded("a", "2012"), founded("b", "2013")]);
    for fact in contested.facts() {
        assert_eq!((fact.conflict, is_plain(&contested, &fact)), (Some(Conflict::OtherValue), true));
    }
    let agreed = generation(vec![founded("a", "2013"), founded("b", "2013-06")]);
    assert!(agreed.facts().iter().all(|fact| fact.conflict.is_none()), "the month is in the year");
}

#[test]
fn a_thing_is_no_partner_of_itself() {
    let generation = generation(vec![text("a", "a").claim("Acme", "owns", "Acme").done()]);
    assert!(generation.facts().is_empty());
    assert_eq!(generation.claims().len(), 1);
}

#[test]
fn reference_facts_meet_texts() {
    let rows = vec![
        row("cn-pboc", "Regulator", &["People's Bank of China"]),
        row("activity-lending", "Activity", &["lending"]),
    ];
    let fact_row = || reference_fact("cn-pboc", "regulates", "activity-lending");
    let mut unverified = fact_row();
    unverified.source = None;
    let states = |status| {
        text("a", "a")
            .published("2023-01-01")
            .entity("Regulator", &["People's Bank of China"], guanxi_model::NameKind::Short)
            .known_as("People's Bank of China", "cn-pboc")
            .entity("Activity", &["lending"], guanxi_model::NameKind::Short)
            .known_as("lending", "activity-lending")
            .claim("People's Bank of China", "regulates", "lending")
            .status(status)
            .done()
    };
    for (row, status, basis, unverified, plain) in [
        (fact_row(), None, Basis::Reference, false, true),
        (unverified.clone(), None, Basis::Reference, true, true),
        (fact_row(), Some(Status::Ended), Basis::Reference, false, true),
        (unverified.clone(), Some(Status::Asserted), Basis::Text, false, true),
        (unverified.clone(), Some(Status::Ended), Basis::Text, false, false),
        (unverified, Some(Status::Reported), Basis::Reference, true, true),
    ] {
        let reference = reference(rows.clone(), vec![row]);
        let texts = status.into_iter().map(states).collect();
        let generation = Generation::in_memory(texts, &with_reference(&reference), &BuildConfig::default()).unwrap();
        let facts = generation.facts();
        let found = fact(&facts, &generation.entities(), "People's Bank of China", "regulates", "lending");
        assert_eq!((found.basis, found.unverified), (basis, unverified), "{status:?}");
        assert_eq!(found.claims.len(), usize::from(status.is_some()), "{status:?}");
        assert_eq!(is_plain(&generation, found), plain, "{status:?}");
        assert_eq!(generation.fact(&found.id).as_ref(), Some(found));
    }
}

/// Of the fact with this predicate: status, end, whether it is plain. It has to be the only one.
fn standing(reference: &Reference, texts: Vec<Extraction>, predicate: &str) -> (Status, Option<PartialDate>, bool) {
    let generation = Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap();
    let facts: Vec<Fact> = generation.facts().into_iter().filter(|fact| *fact.predicate == *predicate).collect();
    let [fact] = &facts[..] else { panic!("{facts:#?}") };
    (fact.status, fact.validity.to, is_plain(&generation, fact))
}

fn body_and_rule(body: guanxi_model::reference::ReferenceEntity, lifecycle: Lifecycle) -> Reference {
    reference(
        vec![
            body,
            rule_row("cn-rule", "Lending Rule", lifecycle, Instrument::DepartmentRule),
            row("activity-lending", "Activity", &["lending"]),
        ],
        vec![
            reference_fact("cn-cbirc", "regulates", "activity-lending"),
            reference_fact("cn-cbirc", "issued", "cn-rule"),
            reference_fact("cn-rule", "governs", "activity-lending"),
        ],
    )
}

fn body() -> guanxi_model::reference::ReferenceEntity {
    row("cn-cbirc", "Regulator", &["Old Regulator"])
}

/// A press that does not know that the body is gone, or takes the rule for law.
fn press(date: &str) -> Extraction {
    let text = text("a", "a").published(date).entity("Regulator", &["Old Regulator"], NameKind::Short);
    let text = text.known_as("Old Regulator", "cn-cbirc").entity("Regulation", &["Lending Rule"], NameKind::Short);
    let text = text.known_as("Lending Rule", "cn-rule").entity("Activity", &["lending"], NameKind::Short);
    let text = text.known_as("lending", "activity-lending").claim("Old Regulator", "regulates", "lending");
    text.claim("Lending Rule", "governs", "lending").done()
}

#[test]
fn no_state_outlives_its_subject() {
    let end = "2023-05-18".parse().ok();
    let mut dead = body_and_rule(until("2023-05-18", body()), Lifecycle::InForce);
    for texts in [vec![], vec![press("2021")], vec![press("2025-01-01")]] {
        for unverified in [false, true] {
            let source = (!unverified).then(|| "a register".to_owned());
            change(&mut dead, |_, facts| facts.iter_mut().for_each(|fact| fact.source = source.clone()));
            let texts = || texts.clone();
            assert_eq!(standing(&dead, texts(), "regulates"), (Status::Asserted, end, false));
            assert_eq!(standing(&dead, texts(), "issued"), (Status::Asserted, None, true), "it did issue it");
            assert_eq!(standing(&dead, texts(), "governs"), (Status::Asserted, None, true), "the rule lives on");
        }
    }
    let alive = body_and_rule(body(), Lifecycle::InForce);
    assert_eq!(standing(&alive, vec![], "regulates"), (Status::Asserted, None, true));
    change(&mut dead, |_, facts| facts[0].validity.to = "2020".parse().ok());
    assert_eq!(standing(&dead, vec![], "regulates").1, "2020".parse().ok(), "its own end comes first");
}

#[test]
fn a_symmetric_tie_ends_with_either_side() {
    let rows = vec![row("cn-a", "Company", &["Acme"]), until("2020", row("cn-z", "Company", &["Zeta"]))];
    let facts = ["partnersWith", "mergesWith"].map(|predicate| reference_fact("cn-a", predicate, "cn-z"));
    let reference = reference(rows, facts.into());
    assert_eq!(standing(&reference, vec![], "partnersWith"), (Status::Asserted, "2020".parse().ok(), false));
    assert_eq!(standing(&reference, vec![], "mergesWith"), (Status::Asserted, None, true));
}

#[test]
fn what_a_repealed_rule_governs_it_governs_no_more() {
    let repealed = body_and_rule(body(), Lifecycle::Repealed);
    for texts in [vec![], vec![press("2024")]] {
        assert_eq!(standing(&repealed, texts.clone(), "governs"), (Status::Ended, None, false));
        assert_eq!(standing(&repealed, texts, "issued"), (Status::Asserted, None, true));
    }
}

#[test]
fn a_draft_governs_nothing_yet() {
    let draft = body_and_rule(body(), Lifecycle::Draft);
    for texts in [vec![], vec![press("2024")]] {
        assert_eq!(standing(&draft, texts.clone(), "governs"), (Status::Planned, None, false));
        assert_eq!(standing(&draft, texts, "issued"), (Status::Asserted, None, true));
    }
}

#[test]
fn an_old_text_does_not_open_what_a_row_closed() {
    let mut rows = body_and_rule(body(), Lifecycle::InForce);
    change(&mut rows, |_, facts| {
        facts[0].source = None;
        facts[0].validity = guanxi_model::Validity { from: None, to: "2023-05".parse().ok(), ended: true };
    });
    let closed = (Status::Asserted, "2023-05".parse().ok(), false);
    assert_eq!(standing(&rows, vec![], "regulates"), closed);
    assert_eq!(standing(&rows, vec![press("2021-03-01")], "regulates"), closed);
    assert_eq!(standing(&rows, vec![press("2023-05-31")], "regulates"), closed);
    assert_eq!(standing(&rows, vec![press("2023-06-01")], "regulates"), (Status::Asserted, None, true));
}

#[test]
fn the_shipped_rows_cite_no_dead_body_as_live() {
    let files = data("reference");
    let reference = Reference::load(pairs(&files), &SCHEMA).unwrap();
    let generation = Generation::in_memory(vec![], &with_reference(&reference), &BuildConfig::default()).unwrap();
    let facts = generation.facts();
    let of = |subject: &str, predicate: &str| -> Vec<&Fact> {
        let of = facts.iter().filter(|fact| fact.subject.as_str() == subject && *fact.predicate == *predicate);
        of.collect()
    };
    let (dead, issued) = (of("cn-cbirc", "regulates"), of("cn-cbirc", "issued"));
    assert!(dead.len() >= 3 && dead.iter().all(|fact| fact.validity.to == "2023-05-18".parse().ok()));
    assert!(dead.iter().all(|fact| !is_plain(&generation, fact)) && is_plain(&generation, issued[0]));
    let draft = of("cn-online-micro-lending-draft-2020", "governs")[0];
    assert_eq!((draft.status, is_plain(&generation, draft)), (Status::Planned, false));
}

#[test]
fn a_store_gives_back_when_a_name_was_borne() {
    let mut renamed = row("cn-jd-technology", "Company", &["JD Technology", "JD Digits", "JD Finance"]);
    let held = |position: usize, from: &str, to: &str| NameHeld {
        name: renamed.entity.names[position].clone(),
        validity: Validity { from: from.parse().ok(), to: to.parse().ok(), ended: !to.is_empty() },
    };
    renamed.names_held = vec![held(0, "2021-01", ""), held(1, "2018", "2021-01"), held(2, "", "2018-11-20")];
    renamed.names_held.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = reference(vec![renamed.clone(), row("cn-jd", "Company", &["JD.com"])], vec![]);
    let generation = Generation::in_memory(vec![], &with_reference(&rows), &BuildConfig::default()).unwrap();
    assert_eq!(generation.names_held(&renamed.entity.id), renamed.names_held);
    assert_eq!(generation.names_held(&rows.row(0).entity.id), []);
}

#[test]
fn the_default_graph_names_every_entity() {
    let mut rows = vec![row("activity-lending", "Activity", &["lending", "贷款业务", "放贷"])];
    rows.push(row("activity-micro-lending", "Activity", &["micro-lending"]));
    rows[1].broader = Some(rows[0].entity.id.clone());
    let generation =
        Generation::in_memory(vec![], &with_reference(&reference(rows, vec![])), &BuildConfig::default()).unwrap();
    let default =
        generation.store().quads_for_pattern(None, None, None, Some(oxigraph::model::GraphNameRef::DefaultGraph));
    let mut lines: Vec<String> = default
        .map(|quad| quad.unwrap().to_string())
        .map(|line| line.replace("https://w3id.org/guanxi/", "").replace("http://www.w3.org/", ""))
        .collect();
    lines.sort();
    let (label, alternative) = ("<2000/01/rdf-schema#label>", "<2004/02/skos/core#altLabel>");
    assert_eq!(
        lines,
        [
            "<id/activity-lending> <1999/02/22-rdf-syntax-ns#type> <ns#Activity>".to_owned(),
            format!("<id/activity-lending> {label} \"lending\"@en"),
            format!("<id/activity-lending> {label} \"贷款业务\"@zh"),
            format!("<id/activity-lending> {alternative} \"放贷\"@zh-hans"),
            "<id/activity-micro-lending> <1999/02/22-rdf-syntax-ns#type> <ns#Activity>".to_owned(),
            format!("<id/activity-micro-lending> {label} \"micro-lending\"@en"),
            "<id/activity-micro-lending> <2004/02/skos/core#broader> <id/activity-lending>".to_owned(),
        ]
    );
}
