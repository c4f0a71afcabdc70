//! What somebody rejected backs nothing, whoever reads the text anew, until it is taken back.

use crate::common::{dump, generation, is_plain, knowledge, text};
use guanxi_graph::{BuildConfig, Generation, Judged, rejection};
use guanxi_model::{Claim, ClaimJudgement, Extraction, Judgements, NameKind, Status};

/// The judgement that the first claim of a text is wrong.
fn rejected(text: &Extraction) -> Judgements {
    let mut judgements = Judgements::default();
    judgements.judge(rejection(&text.claims[0], text, "not said"));
    judgements
}

fn build(texts: &[Extraction], judgements: &Judgements) -> Generation {
    let config = BuildConfig { judgements: judgements.clone(), ..BuildConfig::default() };
    Generation::in_memory(texts.to_vec(), &knowledge(), &config).unwrap()
}

fn meets(generation: &Generation) -> Vec<usize> {
    generation.judgements().iter().map(|judged| judged.claims.len()).collect()
}

#[test]
fn a_rejected_claim_stays_and_backs_nothing() {
    let wrong = text("a", "a").claim("Acme", "owns", "Bolt").done();
    let right = text("b", "b").claim("Acme", "owns", "Bolt").claim("Acme", "owns", "Cell").done();
    let judgements = rejected(&wrong);
    let alone = build(std::slice::from_ref(&wrong), &judgements);
    assert!(alone.facts().is_empty());
    assert_eq!((alone.claims(), alone.meta().counts.rejected), (wrong.claims.clone(), 1));
    let claim = &wrong.claims[0];
    let [Judged { judgement, claims }] = &alone.judgements()[..] else { panic!() };
    assert_eq!((judgement, claims), (judgements.claims().next().unwrap(), &[claim.id.clone()].into()));
    assert_eq!((judgement.subject.as_str(), judgement.quote.as_str()), ("Acme", claim.evidence.text.as_str()));
    assert!(dump(&alone).contains("ns#rejected"));

    let both = build(&[wrong.clone(), right.clone()], &judgements);
    let facts = both.facts();
    assert!(facts.iter().all(|fact| fact.support == 1 && is_plain(&both, fact)));
    assert_eq!(facts.len(), 2);
    let none = build(&[wrong.clone(), right], &Judgements::default());
    assert!(none.facts().iter().any(|fact| fact.support == 2));
    assert!(!dump(&none).contains("ns#rejected"));
}

#[test]
fn a_rejected_denial_denies_nothing() {
    let denied = text("a", "a").claim("Acme", "owns", "Bolt").status(Status::Denied).done();
    let asserted = text("b", "b").claim("Acme", "owns", "Bolt").done();
    let built = build(&[denied.clone(), asserted], &rejected(&denied));
    assert_eq!((built.facts()[0].status, built.facts()[0].conflict), (Status::Asserted, None));
}

#[test]
fn a_claim_that_other_rules_find_is_the_same_if_it_says_the_same() {
    let first = || text("a", "a").entity("Company", &["Acme Holdings", "Acme"], NameKind::Short);
    let judged = first().claim("Acme Holdings", "owns", "Bolt").done();
    let judgements = rejected(&judged);
    let read_anew = |change: &dyn Fn(&mut Claim)| {
        let mut text = judged.clone();
        change(&mut text.claims[0]);
        text.claims[0].id = text.claims[0].mint_id();
        meets(&build(&[text], &judgements))
    };
    assert_eq!(read_anew(&|claim| claim.evidence.span.end += 7), [1], "a longer quote");
    assert_eq!(read_anew(&|claim| claim.subject.text = "the company".into()), [1], "another mention of the same");
    assert_eq!(read_anew(&|claim| claim.confidence = guanxi_model::Confidence::ONE), [1]);
    assert_eq!(read_anew(&|claim| claim.status = Status::Planned), [0]);
    assert_eq!(read_anew(&|claim| claim.predicate = "controls".into()), [0]);

    let mut other_end = first().claim("Acme Holdings", "owns", "Cell").done();
    other_end.claims[0].evidence.span.end += 1;
    other_end.claims[0].id = other_end.claims[0].mint_id();
    assert_eq!(meets(&build(&[other_end], &judgements)), [0]);
    let other_text = text("b", "b").claim("Acme Holdings", "owns", "Bolt").done();
    let elsewhere = build(&[other_text], &judgements);
    assert_eq!((meets(&elsewhere), elsewhere.facts().len()), (vec![0], 1), "another text may say it rightly");
    // Where the claim itself is there, another one that says the same is left alone.
    let twice = first().claim("Acme Holdings", "owns", "Bolt").claim("Acme Holdings", "owns", "Bolt").done();
    let twice = build(&[twice], &judgements);
    assert_eq!((meets(&twice), twice.facts()[0].support), (vec![1], 1));
}

#[test]
fn a_symmetric_claim_is_the_same_either_way_round() {
    let judged = text("a", "a").claim("Acme", "partnersWith", "Bolt").done();
    let mut turned = text("a", "a").claim("Bolt", "partnersWith", "Acme").done();
    turned.claims[0].evidence.span.end += 1;
    turned.claims[0].id = turned.claims[0].mint_id();
    assert_eq!(meets(&build(&[turned], &rejected(&judged))), [1]);
}

#[test]
fn the_same_judgements_give_the_same_dump() {
    let (a, b) =
        (text("a", "a").claim("Acme", "owns", "Bolt").done(), text("b", "b").claim("Acme", "owns", "Cell").done());
    let judgements = rejected(&a);
    assert_eq!(dump(&build(&[a.clone(), b.clone()], &judgements)), dump(&build(&[b.clone(), a.clone()], &judgements)));
    let gone = build(std::slice::from_ref(&b), &judgements);
    assert_ne!(dump(&gone), dump(&generation(vec![b])), "a judgement that meets nothing is told");
}

#[test]
fn a_judgement_that_says_something_else_than_its_claim_meets_nothing() {
    let text = || text("a", "a").claim("Acme", "owns", "Bolt").claim("Cell", "owns", "Dome").done();
    let judgements = rejected(&text());
    let right = judgements.claims().next().unwrap().clone();
    let meets_with = |change: &dyn Fn(&mut ClaimJudgement)| {
        let mut judgement = right.clone();
        change(&mut judgement);
        let mut judgements = Judgements::default();
        judgements.judge(judgement);
        meets(&build(&[text()], &judgements))
    };
    assert_eq!(meets_with(&|_| {}), [1]);
    assert_eq!(meets_with(&|judgement| judgement.subject = "ACME".into()), [1], "names are compared folded");
    assert_eq!(meets_with(&|judgement| judgement.subject = "Cell".into()), [0]);
    assert_eq!(meets_with(&|judgement| judgement.object = "Dome".into()), [0]);
    assert_eq!(meets_with(&|judgement| judgement.predicate = "controls".into()), [0]);
    assert_eq!(meets_with(&|judgement| judgement.quote = "other words".into()), [0]);
}
