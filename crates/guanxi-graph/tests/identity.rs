//! Which ids become one entity.

use std::collections::BTreeSet;

use crate::common::{at_home, dump, generation, id, knowledge, reference, reference_fact, row, text, with_reference};
use guanxi_graph::{BuildConfig, Generation, Identity, Update};
use guanxi_model::data_file::DataFile;
use guanxi_model::{
    DocumentId, EntityId, EntityJudgement, Extraction, Identifier, Judgements, NameKind, Reference, Sameness,
};
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
        let one = text("a", "a").entity(class, &[full, other], kind).claim(full, "founderOf", "Acme").done();
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

/// A text in which an entity has these names, and owns somebody.
fn telling(source: &str, names: &[&str], owned: &str) -> Extraction {
    let text = text(source, source).entity("Company", names, NameKind::Gloss);
    text.claim(names[0], "owns", owned).done()
}

fn with(reference: &Reference, texts: Vec<Extraction>) -> Generation {
    Generation::in_memory(texts, &with_reference(reference), &BuildConfig::default()).unwrap()
}

fn judged(texts: Vec<Extraction>, judgements: Judgements) -> Generation {
    let config = BuildConfig { judgements, ..BuildConfig::default() };
    Generation::in_memory(texts, &knowledge(), &config).unwrap()
}

/// How the only pair that was looked at stands, and why.
fn only_verdict(generation: &Generation) -> (Sameness, String) {
    let verdicts = generation.verdicts();
    assert_eq!(verdicts.len(), 1, "{verdicts:?}");
    (verdicts[0].verdict, verdicts[0].features.join("; "))
}

#[test]
fn one_name_in_two_spellings_is_one() {
    let one = telling("a", &["Procter & Gamble Co."], "Bolt");
    let built = generation(vec![one, telling("b", &["The Procter and Gamble Company"], "Cell")]);
    assert_eq!(only_verdict(&built).0, Sameness::Same);
    assert_eq!(built.facts().iter().map(|fact| fact.subject.clone()).collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn names_that_may_be_one_are_told_and_not_merged() {
    let built = generation(vec![telling("a", &["Ostavia Group"], "Bolt"), telling("b", &["Ostavia"], "Cell")]);
    let (verdict, features) = only_verdict(&built);
    assert_eq!(verdict, Sameness::Unsure);
    assert_eq!(features, "class Company; left over group; likeness 0.85");
    // Nothing of it in the plain graph.
    let plain = dump(&built).lines().filter(|line| line.contains("unsure") && !line.contains("graph/identity")).count();
    assert_eq!(plain, 0);
}

#[test]
fn neighbours_make_one_of_names_that_may_be_one() {
    let of = |source: &str, name: &str, owned: [&str; 2]| {
        text(source, source).claim(name, "owns", owned[0]).claim(name, "owns", owned[1]).done()
    };
    let two_shared = vec![of("a", "Xiaohongshu", ["Bolt", "Cell"]), of("b", "小红书", ["Bolt", "Cell"])];
    let built = generation(two_shared.clone());
    assert_eq!(built.facts().len(), 2);
    let (verdict, features) = only_verdict(&built);
    assert_eq!(verdict, Sameness::Same);
    assert!(features.contains("pinyin; shared neighbours 2"), "{features}");
    let one_shared = vec![two_shared[0].clone(), of("b", "小红书", ["Bolt", "Dome"])];
    assert_eq!(only_verdict(&generation(one_shared)).0, Sameness::Unsure);
    let related = text("c", "c").claim("Xiaohongshu", "competesWith", "小红书").done();
    let built = generation([two_shared, vec![related]].concat());
    assert_eq!(only_verdict(&built).0, Sameness::Unsure, "nobody is his own rival");
}

#[test]
fn class_country_and_legal_form_keep_namesakes_apart() {
    let here = row("cn-ostavia", "Company", &["Ostavia Company of Trade"]);
    let reference = reference(
        vec![at_home("CN", here), at_home("CN", row("place-cn", "Place", &["China"])), {
            at_home("SE", row("place-se", "Place", &["Sweden"]))
        }],
        vec![],
    );
    let seated = |source: &str, name: &str, place: &str, id: &str| {
        let text = text(source, source).entity("Place", &[place], NameKind::Legal).known_as(place, id);
        text.claim(name, "headquarteredIn", place).done()
    };
    let swedish = seated("a", "The Ostavia Company of Trade", "Sweden", "place-se");
    let (verdict, features) = only_verdict(&with(&reference, vec![swedish]));
    assert_eq!(verdict, Sameness::Different);
    assert!(features.contains("against it country"), "{features}");

    let two_seats = vec![seated("a", "Acme", "China", "place-cn"), seated("b", "Acme", "Sweden", "place-se")];
    let built = with(&reference, two_seats.clone());
    assert_eq!((only_verdict(&built).0, built.splits().len()), (Sameness::Different, 1));
    let shared = ["c", "d"].map(|source| text(source, source).claim("Acme", "owns", "Bolt").done());
    let seats_of_one: Vec<Extraction> = two_seats
        .into_iter()
        .zip(shared)
        .map(|(mut seat, owns)| {
            // One document says both.
            seat.entities.extend(owns.entities.into_iter().filter(|entity| entity.id == id("Company", "Bolt")));
            seat.claims.extend(owns.claims);
            seat
        })
        .collect();
    assert!(with(&reference, seats_of_one).splits().is_empty(), "one firm with two seats: both own the same");

    let forms = generation(vec![telling("a", &["Ostavia AG"], "Bolt"), telling("b", &["Ostavia GmbH"], "Bolt")]);
    assert_eq!(forms.facts().len(), 2);
    let bank = text("a", "a").entity("Regulator", &["Ostavia & Son"], NameKind::Legal);
    let bank = bank.claim("Ostavia & Son", "regulates", "Bolt").done();
    let built = generation(vec![bank, telling("b", &["Ostavia and Son"], "Cell")]);
    assert_eq!(only_verdict(&built).0, Sameness::Different);
}

#[test]
fn persons_are_one_by_name_and_firm() {
    let of = |source: &str, firm: &str| {
        text(source, source)
            .entity("Person", &["Zhang Wei"], NameKind::Legal)
            .claim("Zhang Wei", "officerOf", firm)
            .done()
    };
    let (acme, again, bolt) = (of("a", "Acme"), of("b", "Acme"), of("c", "Bolt"));
    let built = generation(vec![acme.clone(), again.clone(), bolt.clone()]);
    let persons = |built: &Generation| built.entities().into_iter().filter(|entity| &*entity.class == "Person").count();
    assert_eq!((persons(&built), built.facts().len()), (2, 2));
    assert_eq!(built.verdicts().iter().filter(|found| found.verdict == Sameness::Unsure).count(), 1);
    // One text that ties both firms to one man ties the two.
    let both = text("d", "d").entity("Person", &["Zhang Wei"], NameKind::Legal);
    let both = both.claim("Zhang Wei", "officerOf", "Acme").claim("Zhang Wei", "officerOf", "Bolt").done();
    assert_eq!(persons(&generation(vec![acme.clone(), again.clone(), bolt.clone(), both])), 1);
    // A regulator has to do with many.
    let fined = ["e", "f"].map(|source| {
        let text = text(source, source).entity("Person", &["Zhang Wei"], NameKind::Legal);
        text.entity("Regulator", &["CSRC"], NameKind::Legal).claim("CSRC", "sanctions", "Zhang Wei").done()
    });
    assert_eq!(persons(&generation(fined.to_vec())), 2);
    let split = built.splits().remove(0);
    let document = DocumentId::new(split.documents[0].as_str());
    assert_eq!(built.representative_in(&document, &split.of), split.id);
    assert_eq!(
        persons(&judged(vec![acme, again, bolt], {
            let mut judgements = Judgements::default();
            judgements.judge_entities(same(split.of.as_str(), split.id.as_str()));
            judgements
        })),
        1
    );
}

#[test]
fn an_identifier_ties_and_two_part() {
    let named = |source: &str, name: &str, identifier: &str| {
        let mut text = telling(source, &[name], "Bolt");
        let own = text.entities.iter_mut().find(|entity| entity.label() == name).unwrap();
        own.identifiers.push(identifier.parse::<Identifier>().unwrap());
        text
    };
    let tied = generation(vec![named("a", "Acme", "wikidata:Q95"), named("b", "Zephyr", "wikidata:Q95")]);
    assert_eq!(only_verdict(&tied), (Sameness::Same, "identifier wikidata:Q95".to_owned()));
    let (one, other) = ("Procter & Gamble", "Procter and Gamble Company");
    let parted = generation(vec![named("a", one, "wikidata:Q95"), named("b", other, "wikidata:Q96")]);
    assert!(only_verdict(&parted).1.contains("against it two identifiers"));
}

#[test]
fn a_predecessor_is_somebody_else() {
    let renamed = text("a", "a").claim("Auk Pay", "succeeds", "Tern Pay").done();
    let texts = vec![renamed, telling("b", &["Auk Pay"], "Bolt"), telling("c", &["Tern Pay"], "Bolt")];
    assert_eq!(generation(texts).facts().len(), 3);
}

fn same(one: &str, other: &str) -> EntityJudgement {
    between(one, other, Sameness::Same)
}

fn between(one: &str, other: &str, verdict: Sameness) -> EntityJudgement {
    let both = [one, other].map(|id| (EntityId::new(id), id.to_owned()));
    EntityJudgement::new(both, verdict, "lw", "so it is")
}

#[test]
fn what_people_judge_goes_before_names_and_undo_leaves_no_trace() {
    let reference = reference(
        vec![row("cn-acme", "Company", &["Acme"]), row("cn-bolt", "Company", &["Bolt"])],
        vec![reference_fact("cn-acme", "owns", "cn-bolt")],
    );
    let texts = vec![telling("a", &["Ajax", "艾杰克斯公司"], "Cell"), telling("b", &["艾杰克斯公司"], "Cell")];
    let build = |judgements: &[EntityJudgement]| {
        let mut config = BuildConfig::default();
        judgements.iter().for_each(|judgement| config.judgements.judge_entities(judgement.clone()));
        Generation::in_memory(texts.clone(), &with_reference(&reference), &config).unwrap()
    };
    let (ajax, han) = (id("Company", "Ajax"), id("Company", "艾杰克斯公司"));
    let plain = build(&[]);
    assert_eq!(plain.representative(&ajax), plain.representative(&han));
    let parted = build(&[between(ajax.as_str(), han.as_str(), Sameness::Different)]);
    assert_ne!(parted.representative(&ajax), parted.representative(&han));
    assert_eq!(parted.entity_judgements().len(), 1);
    let merged = build(&[same(ajax.as_str(), "cn-acme"), same("cn-acme", "cn-bolt")]);
    assert_eq!(merged.representative(&han).as_str(), "cn-acme");
    assert_eq!(merged.representative(&EntityId::new("cn-bolt")).as_str(), "cn-acme");
    assert!(merged.facts().iter().all(|fact| fact.predicate.as_ref() != "owns" || fact.support > 0), "it owns itself");
    let contradiction = build(&[same(ajax.as_str(), "cn-acme"), between(ajax.as_str(), "cn-acme", Sameness::Unsure)]);
    assert_eq!(contradiction.representative(&EntityId::new("cn-acme")).as_str(), "cn-acme");
    assert_eq!(dump(&build(&[])), dump(&plain));
}

#[test]
fn one_document_can_be_told_apart() {
    let texts = vec![telling("a", &["Acme", "艾克米公司"], "Bolt"), telling("b", &["Acme"], "Cell"), {
        telling("c", &["Acme"], "Dome")
    }];
    let acme = id("Company", "Acme");
    let other = texts.iter().find(|text| text.document.source == "b").unwrap();
    let mention = format!("{acme}-{}", &other.document.id.as_str()[..16]);
    let mut judgements = Judgements::default();
    judgements.judge_entities(between(&mention, acme.as_str(), Sameness::Different));
    let built = judged(texts.clone(), judgements);
    let subjects: Vec<EntityId> = built.facts().into_iter().map(|fact| fact.subject).collect();
    assert_eq!(subjects.iter().filter(|subject| subject.as_str() == mention).count(), 1);
    assert_eq!(subjects.iter().collect::<BTreeSet<_>>().len(), 2, "the others stay one, and keep the alias");
}

/// Texts about firms and persons whose names meet in many ways.
fn corpus(plan: &[(usize, usize, usize, usize)]) -> Vec<Extraction> {
    const NAMES: [&str; 16] = [
        "Alpha",
        "Alpha Group",
        "Alpha AG",
        "Alpha GmbH",
        "Beta & Sons",
        "Beta and Sons Ltd",
        "小红书",
        "Xiaohongshu",
        "中国平安",
        "Ping An of China",
        "Gamma Holdings",
        "Gamma",
        "International Delta Bank",
        "IDB",
        "甲公司集团",
        "First Eta",
    ];
    const PERSONS: [&str; 3] = ["Zhang Wei", "张伟", "Mary Stone"];
    const PREDICATES: [&str; 5] = ["owns", "investsIn", "partnersWith", "acquired", "competesWith"];
    let article = |(number, &(a, b, c, d)): (usize, &(usize, usize, usize, usize))| {
        let source = format!("{number}.txt");
        let (subject, alias, object) = (NAMES[a % 16], NAMES[b % 16], NAMES[c % 16]);
        let person = PERSONS[d % 3];
        let mut article = text(&source, &source).entity("Person", &[person], NameKind::Legal);
        let all = [subject, alias];
        article = article.entity("Company", if b % 3 == 0 { &all } else { &all[..1] }, NameKind::Gloss);
        if object != subject {
            article = article.claim(subject, PREDICATES[d % 5], object);
        }
        article.claim(person, "officerOf", subject).done()
    };
    plan.iter().enumerate().map(article).collect()
}

fn plans(documents: usize) -> impl Strategy<Value = Vec<(usize, usize, usize, usize)>> {
    prop::collection::vec((0_usize..16, 0_usize..16, 0_usize..16, 0_usize..15), documents)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn two_hundred_documents_give_one_graph_in_any_order_and_in_steps(
        plan in plans(200),
        order in prop::collection::vec(any::<u64>(), 200),
        cuts in prop::collection::vec(1_usize..200, 2),
    ) {
        let texts = corpus(&plan);
        let whole = dump(&generation(texts.clone()));
        let mut shuffled: Vec<(u64, Extraction)> = order.into_iter().zip(texts).collect();
        shuffled.sort_by_key(|(place, _)| *place);
        let shuffled: Vec<Extraction> = shuffled.into_iter().map(|(_, text)| text).collect();
        prop_assert_eq!(&whole, &dump(&generation(shuffled.clone())));
        // Several threads at once see the same.
        let threads: Vec<String> = std::thread::scope(|scope| {
            let build = || scope.spawn(|| dump(&generation(shuffled.clone())));
            [build(), build()].map(|thread| thread.join().unwrap()).to_vec()
        });
        prop_assert!(threads.iter().all(|dumped| *dumped == whole));

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("guanxi.db");
        let mut cuts = cuts;
        cuts.extend([0, 200]);
        cuts.sort_unstable();
        for cut in cuts.windows(2) {
            let mut update = Update::begin(&path, knowledge(), BuildConfig::default()).unwrap();
            shuffled[cut[0]..cut[1]].iter().for_each(|text| update.add(text.clone()));
            update.commit().unwrap();
        }
        prop_assert_eq!(&whole, &dump(&Generation::open(&path).unwrap()));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Judge(usize, usize, Sameness),
    Undo(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let verdict = prop::sample::select(Sameness::ALL.to_vec());
    let judge = (0_usize..40, 0_usize..40, verdict).prop_map(|(one, other, verdict)| Step::Judge(one, other, verdict));
    prop::collection::vec(prop_oneof![3 => judge, 2 => (0_usize..40).prop_map(Step::Undo)], 1..12)
}

fn identity(texts: &[Extraction], judgements: &Judgements) -> String {
    let texts: Vec<&Extraction> = texts.iter().collect();
    let identity = Identity::of(&texts, &knowledge(), judgements, &BTreeSet::new());
    let merged: Vec<_> = identity.merged().collect();
    format!("{merged:?} {:?} {:?} {:?}", identity.splits(), identity.entities(), identity.verdicts())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn decisions_and_undo_end_where_a_replay_ends(plan in plans(8), steps in steps()) {
        let texts = corpus(&plan);
        let ids: BTreeSet<EntityId> =
            texts.iter().flat_map(|text| &text.entities).map(|entity| entity.id.clone()).collect();
        let mentions = texts.iter().flat_map(|text| {
            text.entities.iter().map(|entity| EntityId::new(format!("{}-{}", entity.id, &text.document.id.as_str()[..16])))
        });
        let ids: Vec<EntityId> = mentions.collect::<BTreeSet<EntityId>>().into_iter().chain(ids).collect();
        let before = identity(&texts, &Judgements::default());
        let (mut judgements, mut made) = (Judgements::default(), Vec::new());
        for step in steps {
            match step {
                Step::Judge(one, other, verdict) => {
                    let (one, other) = (&ids[one % ids.len()], &ids[other % ids.len()]);
                    // A pair is judged once: to judge it otherwise, the first is taken back.
                    if one != other && judgements.on_entities(one, other).is_none() {
                        judgements.judge_entities(between(one.as_str(), other.as_str(), verdict));
                        made.push((one.clone(), other.clone()));
                    }
                }
                Step::Undo(which) if !made.is_empty() => {
                    let (one, other) = made.swap_remove(which % made.len());
                    prop_assert!(judgements.withdraw_entities(&other, &one).is_some());
                }
                Step::Undo(_) => {}
            }
        }
        let text = judgements.text();
        let replayed = Judgements::load(DataFile { name: "judgements.toml", text: &text }).unwrap();
        prop_assert_eq!(identity(&texts, &judgements), identity(&texts, &replayed));
        for judgement in judgements.entities().filter(|judgement| judgement.verdict != Sameness::Same) {
            let texts: Vec<&Extraction> = texts.iter().collect();
            let identity = Identity::of(&texts, &knowledge(), &judgements, &BTreeSet::new());
            let plain = |id: &EntityId| ids.contains(id) && id.as_str().matches('-').count() == 1;
            if plain(&judgement.one) && plain(&judgement.other) {
                prop_assert_ne!(identity.stands_for(&judgement.one), identity.stands_for(&judgement.other));
            }
        }
        for (one, other) in made {
            judgements.withdraw_entities(&one, &other);
        }
        prop_assert_eq!(identity(&texts, &judgements), before);
    }
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
        let one = crate::common::dump(&generation(texts.clone()));
        let turn = seed as usize % texts.len();
        texts.rotate_left(turn);
        if seed % 2 == 0 {
            texts.reverse();
        }
        prop_assert_eq!(one, crate::common::dump(&generation(texts)));
    }
}
