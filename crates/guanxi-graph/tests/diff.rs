//! What two states of a store differ in, told in the words of its domain.

use std::collections::BTreeSet;

use crate::common::{SCHEMA, dump, generation, id, reference, reference_fact, row, text, with_reference};
use guanxi_graph::diff::{Cause, Difference, FactChange, Regrouping, SourceChange};
use guanxi_graph::{BuildConfig, Diff, Generation, Seal};
use guanxi_model::{Extraction, NameKind, Qualifier, QualifierValue, Status};
use proptest::prelude::*;

fn between(before: Vec<Extraction>, after: Vec<Extraction>) -> Diff {
    Diff::between(&generation(before), &generation(after), &SCHEMA)
}

fn only(diff: &Diff) -> &FactChange {
    let [change] = &diff.facts[..] else { panic!("not one change: {:#?}", diff.facts) };
    change
}

fn new_document(source: &str) -> Cause {
    Cause::NewDocument(source.to_owned())
}

fn owns(source: &str, content: &str) -> Extraction {
    text(source, content).claim("Acme", "owns", "Bolt").done()
}

#[test]
fn a_new_document_brings_facts_and_a_forgotten_one_takes_them() {
    let both = vec![owns("a", "a"), text("b", "b").claim("Acme", "owns", "Cell").done()];
    let diff = between(vec![owns("a", "a")], both.clone());
    assert_eq!(only(&diff).differences, [Difference::New]);
    assert_eq!(only(&diff).causes, [new_document("b")]);
    assert_eq!(diff.new_entities, [id("Company", "Cell")]);
    let [source] = &diff.sources[..] else { panic!("{:?}", diff.sources) };
    assert_eq!((source.before.is_none(), source.after.is_some(), &*source.source), (true, true, "b"));

    let back = between(both, vec![owns("a", "a")]);
    assert_eq!(only(&back).differences, [Difference::Gone]);
    assert_eq!(only(&back).causes, [Cause::ForgottenDocument("b".to_owned())]);
    assert_eq!(back.gone_entities, [id("Company", "Cell")]);
}

#[test]
fn a_changed_document_tells_only_what_it_tells_otherwise() {
    let before = text("a", "one").claim("Acme", "owns", "Bolt").claim("Acme", "owns", "Cell").done();
    let after = text("a", "two").claim("Acme", "owns", "Bolt").claim("Acme", "owns", "Dune").done();
    let diff = between(vec![before], vec![after]);
    let told: BTreeSet<_> = diff.facts.iter().map(|change| change.differences[0]).collect();
    // The quote of a claim stands for its words: that of Bolt is in both.
    assert_eq!(told, BTreeSet::from([Difference::New, Difference::Gone]));
    assert!(diff.facts.iter().all(|change| change.causes == [Cause::ChangedDocument("a".to_owned())]));
    assert_eq!(diff.facts.len(), 2);
}

#[test]
fn the_same_document_read_by_other_rules_is_no_new_one() {
    let before = text("a", "a").claim("Acme", "owns", "Bolt").confidence(800).done();
    let after = text("a", "a").claim("Acme", "owns", "Bolt").confidence(900).done();
    let diff = between(vec![before], vec![after]);
    assert_eq!(only(&diff).differences, [Difference::Confidence]);
    assert_eq!(only(&diff).causes, [Cause::ReadOtherwise("a".to_owned())]);
    assert!(diff.sources.is_empty() && diff.read_otherwise.len() == 1);
}

#[test]
fn a_fact_ends_is_denied_gets_other_dates_and_another_share() {
    let base = || text("a", "a").claim("Acme", "owns", "Bolt");
    let told = |more: Extraction| between(vec![base().done()], vec![base().done(), more]).facts[0].differences.clone();
    let more = || text("b", "b").published("2024-05-01").claim("Acme", "owns", "Bolt");
    use Difference::{ConflictOpened, Ended, Qualified, Redated, Resourced, Status as OtherStatus};
    assert_eq!(told(more().status(Status::Ended).done()), [Ended, Resourced]);
    assert_eq!(told(more().on(Qualifier::ValidFrom, "2020").done()), [Redated, Resourced]);
    assert_eq!(told(more().status(Status::Denied).done()), [OtherStatus, Resourced, ConflictOpened]);
    let share = QualifierValue::Decimal(30.into());
    assert_eq!(told(more().with(Qualifier::Percent, share).done()), [Qualified, Resourced]);
}

#[test]
fn another_value_opens_a_conflict_and_is_its_cause() {
    let place = |source: &str, name: &str| {
        text(source, source).entity("Place", &[name], NameKind::Legal).claim("Acme", "headquarteredIn", name).done()
    };
    let diff = between(vec![place("a", "Porto")], vec![place("a", "Porto"), place("b", "Braga")]);
    let opened: Vec<_> =
        diff.facts.iter().filter(|change| change.differences == [Difference::ConflictOpened]).collect();
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0].causes, [new_document("b")]);
}

#[test]
fn entities_that_become_one_are_neither_gains_nor_losses() {
    let apart = vec![
        text("a", "a")
            .entity("Company", &["Xiaohongshu"], NameKind::Legal)
            .claim("Acme", "investsIn", "Xiaohongshu")
            .done(),
        text("b", "b").entity("Company", &["小红书"], NameKind::Legal).claim("小红书", "owns", "Bolt").done(),
    ];
    let mut tied = apart.clone();
    tied.push(
        text("c", "c")
            .entity("Company", &["小红书", "Xiaohongshu"], NameKind::Legal)
            .claim("小红书", "owns", "Cell")
            .done(),
    );
    let diff = between(apart.clone(), tied.clone());
    let [Regrouping { before, after, facts: 0 }] = &diff.regrouped[..] else { panic!("{:?}", diff.regrouped) };
    assert_eq!((before.len(), after.len()), (2, 1));
    assert_eq!(only(&diff).causes, [new_document("c")]);
    assert!(diff.gone_entities.is_empty());
    assert_eq!(diff.new_entities, [id("Company", "Cell")]);

    let back = between(tied, apart);
    assert_eq!((back.regrouped[0].before.len(), back.regrouped[0].after.len()), (1, 2));
    assert_eq!(only(&back).differences, [Difference::Gone]);
}

#[test]
fn a_fact_of_both_names_becomes_one_fact() {
    let apart = vec![
        text("a", "a")
            .entity("Company", &["Xiaohongshu"], NameKind::Legal)
            .claim("Acme", "investsIn", "Xiaohongshu")
            .done(),
        text("b", "b").entity("Company", &["小红书"], NameKind::Legal).claim("Acme", "investsIn", "小红书").done(),
        text("d", "d")
            .entity("Company", &["小红书"], NameKind::Legal)
            .entity("Company", &["Xiaohongshu"], NameKind::Legal)
            .claim("小红书", "partnersWith", "Xiaohongshu")
            .done(),
    ];
    let mut tied = apart.clone();
    let names = text("c", "c").entity("Company", &["小红书", "Xiaohongshu"], NameKind::Legal);
    tied.push(names.claim("Acme", "investsIn", "小红书").done());
    let diff = between(apart, tied);
    assert_eq!(diff.regrouped[0].facts, 2, "one joined another, one had two ends that are one: {diff:#?}");
    assert_eq!(only(&diff).differences, [Difference::Resourced]);
    assert_eq!(only(&diff).causes, [new_document("c"), Cause::Regrouped]);
}

#[test]
fn what_follows_has_the_causes_of_its_premises() {
    let rows = |facts| {
        reference(
            vec![row("cn-nfra", "Regulator", &["Regulator"]), row("activity-lending", "Activity", &["lending"])],
            facts,
        )
    };
    let built = |reference: &guanxi_model::Reference, texts| {
        Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap()
    };
    let without = rows(vec![]);
    let with = rows(vec![reference_fact("cn-nfra", "regulates", "activity-lending")]);
    let diff = Diff::between(&built(&without, vec![]), &built(&with, vec![]), &SCHEMA);
    assert_eq!(only(&diff).causes, [Cause::Knowledge]);

    let licence = |source: &str| {
        let regulator = text(source, source).entity("Regulator", &["Office"], NameKind::Legal);
        regulator.claim("Office", "licenses", "Bolt").done()
    };
    let diff = between(vec![], vec![licence("a")]);
    assert!(diff.facts.iter().any(|change| *change.fact().predicate == *"reaches"));
    assert!(diff.facts.iter().all(|change| change.causes == [new_document("a")]), "{diff:#?}");
}

#[test]
fn a_dump_is_as_good_as_its_store() {
    let texts = vec![owns("a", "a"), text("b", "b").claim("Acme", "partnersWith", "Cell").done()];
    let store = generation(texts);
    let dump_of = |store: &Generation| Generation::of_dump(dump(store).as_bytes(), Seal::Required).unwrap();
    let read = dump_of(&store);
    assert_eq!(Diff::between(&store, &read, &SCHEMA), Diff::default());
    assert_eq!(read.meta().counts, store.meta().counts);
    assert_eq!(dump(&read), dump(&store));
    assert!(Generation::of_dump(&b"no quads"[..], Seal::Required).is_err());
    assert!(Generation::of_dump(&b""[..], Seal::Required).is_err());
    // Whatever line is missing, it is read or refused, and never ends the program later.
    let whole = dump(&store);
    for gone in 0..whole.lines().count() {
        let lines: String =
            whole.lines().enumerate().filter(|(line, _)| *line != gone).map(|(_, line)| format!("{line}\n")).collect();
        if let Ok(read) = Generation::of_dump(lines.as_bytes(), Seal::Waived) {
            Diff::between(&store, &read, &SCHEMA);
        }
    }
}

fn any_text(number: usize) -> impl Strategy<Value = Extraction> {
    const NAMES: [&[&str]; 6] =
        [&["Xiaohongshu"], &["小红书"], &["小红书", "Xiaohongshu"], &["Acme"], &["Bolt"], &["Bolt", "博特"]];
    let status = prop_oneof![3 => Just(Status::Asserted), 1 => Just(Status::Ended), 1 => Just(Status::Denied)];
    let predicate = prop_oneof![Just("owns"), Just("partnersWith"), Just("mergesWith")];
    let claim = (0..6usize, predicate, 0..6usize, status, 7..10u16);
    (0..2usize, prop::collection::vec(claim, 0..3)).prop_map(move |(version, claims)| {
        let mut article = text(&format!("{number}.txt"), &format!("{number} {version}"));
        for (subject, predicate, object, status, confidence) in claims {
            if NAMES[subject][0] == NAMES[object][0] {
                continue;
            }
            for names in [NAMES[subject], NAMES[object]] {
                article = article.entity("Company", names, NameKind::Legal);
            }
            let said = article.claim(NAMES[subject][0], predicate, NAMES[object][0]);
            article = said.status(status).confidence(confidence * 100);
        }
        article.done()
    })
}

fn any_store() -> impl Strategy<Value = Vec<Extraction>> {
    let texts: Vec<_> = (0..4).map(|number| prop::option::of(any_text(number))).collect();
    texts.prop_map(|texts| texts.into_iter().flatten().collect())
}

/// The change seen from the other side; causes differ between the sides.
fn turned(diff: &Diff) -> Diff {
    let difference = |difference: &Difference| match difference {
        Difference::New => Difference::Gone,
        Difference::Gone => Difference::New,
        Difference::Ended => Difference::Reopened,
        Difference::Reopened => Difference::Ended,
        Difference::ConflictOpened => Difference::ConflictClosed,
        Difference::ConflictClosed => Difference::ConflictOpened,
        other => *other,
    };
    let fact = |change: &FactChange| {
        let mut differences: Vec<_> = change.differences.iter().map(difference).collect();
        differences.sort();
        FactChange { before: change.after.clone(), after: change.before.clone(), differences, causes: Vec::new() }
    };
    let mut facts: Vec<FactChange> = diff.facts.iter().map(fact).collect();
    facts.sort_by(|a, b| a.fact().id.cmp(&b.fact().id));
    Diff {
        sources: diff
            .sources
            .iter()
            .map(|SourceChange { source, before, after }| SourceChange {
                source: source.clone(),
                before: after.clone(),
                after: before.clone(),
            })
            .collect(),
        read_otherwise: diff.read_otherwise.clone(),
        new_entities: diff.gone_entities.clone(),
        gone_entities: diff.new_entities.clone(),
        redescribed: diff.redescribed.iter().map(|(one, other)| (other.clone(), one.clone())).collect(),
        regrouped: diff
            .regrouped
            .iter()
            .map(|group| Regrouping { before: group.after.clone(), after: group.before.clone(), facts: group.facts })
            .collect(),
        facts,
        other: diff.other,
    }
}

proptest! {
    #[test]
    fn a_store_does_not_differ_from_itself(texts in any_store()) {
        let again = texts.iter().rev().cloned().collect();
        prop_assert_eq!(between(texts, again), Diff::default());
    }

    #[test]
    fn seen_from_the_other_side_new_is_gone_and_every_change_has_a_cause(before in any_store(), after in any_store()) {
        let there = between(before.clone(), after.clone());
        let back = between(after.clone(), before.clone());
        prop_assert!(there.facts.iter().all(|change| !change.causes.is_empty() && !change.differences.is_empty()));
        let without_causes = |diff: &Diff| turned(&turned(diff));
        prop_assert_eq!(turned(&there), without_causes(&back));
        prop_assert_eq!(there.is_empty(), before == after || dump(&generation(before)) == dump(&generation(after)));
    }
}
