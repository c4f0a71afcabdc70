//! Which ids become one entity.

mod common;

use common::{generation, id, reference, row, text, with_reference};
use guanxi_graph::{BuildConfig, Generation};
use guanxi_model::{Extraction, NameKind};
use proptest::prelude::*;

#[test]
fn a_document_that_bears_both_names_ties_them() {
    let english = text("a", "a").claim("Tencent", "investsIn", "Xiaohongshu").done();
    let chinese = text("b", "b").claim("Tencent", "investsIn", "小红书").done();
    let both = text("c", "c").entity("Company", &["Xiaohongshu", "小红书"], NameKind::Gloss);
    let both = both.claim("Acme", "partnersWith", "Xiaohongshu").done();

    assert_eq!(generation(vec![english.clone(), chinese.clone()]).facts().len(), 2);
    let merged = generation(vec![english, chinese.clone(), both]);
    let (latin, han) = (id("Company", "Xiaohongshu"), id("Company", "小红书"));
    let (new, old) = if latin < han { (latin, han) } else { (han, latin) };
    assert_eq!(merged.representative(&old), new);
    assert_eq!(merged.representative(&new), new);
    let investment = merged.facts().into_iter().find(|fact| &*fact.predicate == "investsIn").unwrap();
    assert_eq!((investment.object.entity(), investment.support), (Some(&new), 2));
    // Claims keep the ids that their documents gave.
    assert_eq!(merged.claim(&chinese.claims[0].id).as_ref(), Some(&chinese.claims[0]));
    let entity = merged.entities().into_iter().find(|entity| entity.id == new).unwrap();
    assert_eq!((entity.label(), entity.chinese_label()), ("Xiaohongshu", Some("小红书")));
    assert!(merged.entities().iter().all(|entity| entity.id != old));
}

#[test]
fn a_name_of_two_ties_none() {
    let holding = text("a", "a").entity("Company", &["Alpha Holdings", "Alpha"], NameKind::Brand);
    let bank = text("b", "b").entity("Company", &["Alpha Bank", "Alpha"], NameKind::Brand);
    let bare = text("c", "c").claim("Alpha", "owns", "Bolt").done();
    let texts = vec![
        holding.claim("Alpha Holdings", "owns", "Bolt").done(),
        bank.claim("Alpha Bank", "owns", "Bolt").done(),
        bare,
    ];
    assert_eq!(generation(texts).facts().len(), 3);
}

#[test]
fn short_forms_and_persons_tie_nothing() {
    for (class, full, other, kind) in [
        ("Company", "Tencent Music Entertainment", "Tencent", NameKind::Short),
        ("Company", "General Foods Company", "GF", NameKind::Short),
        ("Person", "Li Wei", "李伟", NameKind::Gloss),
    ] {
        let one = text("a", "a").entity(class, &[full, other], kind).claim(full, "founderOf", "Bolt").done();
        let two = text("b", "b").entity(class, &[other], kind).claim(other, "founderOf", "Bolt").done();
        assert_eq!(generation(vec![one, two]).facts().len(), 2, "{full}");
    }
}

#[test]
fn rows_stand_for_what_is_merged_and_are_never_merged_themselves() {
    let reference = reference(
        vec![row("cn-acme", "Company", &["Acme Group"]), row("us-acme", "Company", &["Acme Industries"])],
        vec![],
    );
    let build = |texts| Generation::in_memory(texts, &with_reference(&reference), &BuildConfig::default()).unwrap();
    let bare = text("a", "a").claim("Ajax", "owns", "Bolt").done();
    let tied = |source: &str, names: &[&str], id: &str| {
        let text = text(source, source).entity("Company", names, NameKind::Former).known_as(names[0], id);
        text.claim(names[0], "owns", "Bolt").done()
    };
    let one = build(vec![bare.clone(), tied("b", &["Acme Group", "Ajax"], "cn-acme")]);
    assert_eq!(one.representative(&id("Company", "Ajax")).as_str(), "cn-acme");
    assert_eq!(one.facts().len(), 1);

    let both = build(vec![
        bare,
        tied("b", &["Acme Group", "Ajax"], "cn-acme"),
        tied("c", &["Acme Industries", "Ajax"], "us-acme"),
    ]);
    assert_eq!(both.representative(&id("Company", "Ajax")), id("Company", "Ajax"));
    assert_eq!(both.facts().len(), 3);
}

#[test]
fn classes_are_settled_by_number_then_by_speciality() {
    let of = |source: &str, class: &str| {
        text(source, source).entity(class, &["Acme"], NameKind::Short).claim("Acme", "owns", "Bolt").done()
    };
    let class = |texts: Vec<Extraction>| {
        let entities = generation(texts).entities();
        entities.iter().find(|entity| entity.label() == "Acme").unwrap().class.to_string()
    };
    assert_eq!(class(vec![of("a", "Organization"), of("b", "Company")]), "Company");
    assert_eq!(class(vec![of("a", "Organization"), of("b", "Company"), of("c", "Organization")]), "Organization");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_documents_does_not_matter(
        names in prop::collection::vec((0_usize..6, prop::collection::vec(0_usize..6, 0..3)), 1..8),
        seed in any::<u64>(),
    ) {
        const NAMES: [&str; 6] = ["Alpha", "Beta", "Gamma", "甲公司集团", "乙公司集团", "丙公司集团"];
        let mut texts: Vec<Extraction> = names.iter().enumerate().map(|(number, (first, others))| {
            let mut all = vec![NAMES[*first]];
            all.extend(others.iter().map(|name| NAMES[*name]));
            let source = number.to_string();
            let text = text(&source, &source).entity("Company", &all, NameKind::Gloss);
            text.claim(all[0], "owns", "Bolt").done()
        }).collect();
        let one = common::dump(&generation(texts.clone()));
        let turn = seed as usize % texts.len();
        texts.rotate_left(turn);
        if seed % 2 == 0 {
            texts.reverse();
        }
        prop_assert_eq!(one, common::dump(&generation(texts)));
    }
}
