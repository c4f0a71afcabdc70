//! What is looked up is what a look at every name finds.

use proptest::prelude::*;

use super::*;
use crate::likeness::likeness;

fn entity(number: usize, names: &[String]) -> Entity {
    let kind = |place: usize| [NameKind::Legal, NameKind::Short, NameKind::Former][place % 3];
    let name = |(place, text): (usize, &String)| EntityName {
        text: text.clone(),
        language: Language::English,
        kind: kind(place),
    };
    Entity {
        id: EntityId::new(format!("agent-{}", (number * 7) % 64)),
        class: Arc::from("Company"),
        names: names.iter().enumerate().map(name).collect(),
        country: Some("CN".to_owned()),
        identifiers: "isin:US0378331005".parse().into_iter().filter(|_| number == 2).collect(),
    }
}

fn entities(names: &[Vec<String>]) -> Vec<Entity> {
    names.iter().enumerate().map(|(number, names)| entity(number, names)).collect()
}

/// Every name of every entity that answers, looked at one by one.
fn looked_through(entities: &[Entity], words: &str, near: bool) -> Vec<(String, usize, Likeness)> {
    let names = entities.iter().flat_map(|entity| entity.names.iter().enumerate().map(move |name| (entity, name)));
    let answers = names
        .filter_map(|(entity, (place, name))| Some((entity.id.to_string(), place, likeness(&name.text, words, near)?)));
    let mut answers: Vec<_> = answers.collect();
    answers.sort();
    answers
}

fn looked_up(index: &Index, words: &str, near: bool) -> Vec<(String, usize, Likeness)> {
    let names = index.answering(words, near);
    let bearers = names.flat_map(|(name, how)| index.bearers(name).map(move |bearer| (bearer, how)));
    let full = bearers.filter(|(bearer, _)| !bearer.bare);
    let answer =
        |(bearer, how): (Bearer, Likeness)| (index.entity(bearer.entity).id.to_string(), bearer.place as usize, how);
    let mut answers: Vec<_> = full.map(answer).collect();
    answers.sort();
    answers
}

/// The folded names that answer, best first, as a look at every name would bring them.
fn in_order(entities: &[Entity], words: &str, near: bool) -> Vec<(Likeness, usize, String)> {
    let names = entities.iter().flat_map(|entity| &entity.names).map(|name| fold(&name.text));
    let keys = entities.iter().flat_map(|entity| &entity.names).map(|name| name_key(&name.text));
    let answer = |name: String| Some((likeness(&name, words, near)?, name.chars().count(), name));
    let mut answers: Vec<_> = names.chain(keys).filter_map(answer).collect();
    answers.sort();
    answers.dedup();
    answers
}

fn found_in_order(index: &Index, words: &str, near: bool) -> Vec<(Likeness, usize, String)> {
    let name = |(name, how)| (how, index.name(name).chars().count(), index.name(name).to_owned());
    index.answering(words, near).map(name).collect()
}

#[test]
fn an_entity_is_read_as_it_was_written() {
    let all = entities(&[vec!["Acme Ltd.".to_owned(), "艾克美".to_owned()], vec![], vec!["Bolt".to_owned()]]);
    let index = Index::of(all.clone());
    assert_eq!((index.len(), index.with_id("agent-3")), (3, None));
    for entity in &all {
        assert_eq!(index.entity(index.with_id(entity.id.as_str()).unwrap()), *entity);
    }
    let apple = "isin:US0378331005".parse().unwrap();
    assert_eq!(index.with_identifier(&apple), [index.with_id("agent-14").unwrap()]);
    let bearer = index.bearers(index.keyed("ACME Inc.").unwrap()).next().unwrap();
    assert_eq!((bearer.quality, bearer.bare), (Quality::WithoutLegalForm, true));
    assert!(Index::of(Vec::new()).is_empty() && Index::of(Vec::new()).answering("acme", true).next().is_none());
}

#[test]
fn what_was_changed_or_cut_is_no_index() {
    let mut bytes = Vec::new();
    write(entities(&[vec!["Acme".to_owned()]]), &mut bytes).unwrap();
    for length in 0..bytes.len() {
        assert!(Index::open(Box::new(bytes[..length].to_vec())).is_err(), "{length}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Index::open(Box::new(changed)).is_err(), "{at}");
    }
}

#[test]
fn the_order_of_entities_makes_no_difference_but_to_their_rows() {
    let all =
        entities(&[vec!["Acme".to_owned(), "Acme Pay".to_owned()], vec!["Acme".to_owned()], vec!["小红书".to_owned()]]);
    let (one, other) = (Index::of(all.clone()), Index::of(all.into_iter().rev()));
    for words in ["acme", "pay", "xhs", "acne"] {
        assert_eq!(looked_up(&one, words, true), looked_up(&other, words, true), "{words}");
    }
}

fn name() -> impl Strategy<Value = String> {
    let word = prop_oneof!["[a-d]{1,4}", "[A-D]{6,9}", "[小红书行重长乐绿女TCL银]{1,5}", "(Ltd|有限公司|2|é|·)"];
    let border = prop_oneof![Just(" "), Just("-"), Just(""), Just(". "), Just("、")];
    prop::collection::vec((word, border), 1..4)
        .prop_map(|parts| parts.into_iter().map(|(word, border)| word + border).collect())
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => name(),
        1 => "[a-d]{1,7}( [a-d]{0,3})?",
        1 => "(xiao|hong|shu|xing|hang|zhong|chong|chang|zhang|le|yue|lv|lü|nv|nu|yin|x|h|s|z|c){1,4}",
        1 => "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_is_looked_up_is_what_a_look_at_every_name_finds(
        names in prop::collection::vec(prop::collection::vec(name(), 0..3), 0..12),
        words in words(),
        near: bool,
        slip in any::<prop::sample::Index>(),
    ) {
        let all = entities(&names);
        let index = Index::of(all.clone());
        prop_assert_eq!(looked_up(&index, &words, near), looked_through(&all, &words, near));
        prop_assert_eq!(found_in_order(&index, &words, near), in_order(&all, &words, near));
        // A name that is there, without its last, or one of its characters.
        let flat: Vec<&String> = names.iter().flatten().collect();
        if !flat.is_empty() {
            let name: Vec<char> = slip.get(&flat).chars().collect();
            for left_out in [name.len() - 1, slip.index(name.len())] {
                let part: String = (0..name.len()).filter(|at| *at != left_out).map(|at| name[at]).collect();
                prop_assert_eq!(looked_up(&index, &part, near), looked_through(&all, &part, near), "{}", part);
                prop_assert_eq!(found_in_order(&index, &part, near), in_order(&all, &part, near), "{}", part);
            }
        }
    }

    #[test]
    fn the_best_of_a_stretch_come_one_by_one(
        shuffle in Just((0..9000u32).collect::<Vec<_>>()).prop_shuffle(), start in 0..9000u32, end in 0..9000u32,
    ) {
        let mut bytes = Vec::new();
        let mut parts = write::Parts::new(&mut bytes).unwrap();
        ranking::write(&shuffle, &mut parts).unwrap();
        let (ranks, names) = bytes[MAGIC.len()..].split_at(bytes.len() - MAGIC.len() - shuffle.len() * 4);
        let stretch = start.min(end)..start.max(end);
        let expected: Vec<u32> = shuffle.iter().copied().filter(|name| stretch.contains(name)).collect();
        prop_assert_eq!(Ranking { ranks, names }.best_of(stretch).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_of_any_signs_are_looked_up(names in prop::collection::vec("\\PC{0,8}", 0..6), words in "\\PC{0,4}") {
        let all = entities(&names.iter().map(|name| vec![name.clone()]).collect::<Vec<_>>());
        let index = Index::of(all.clone());
        prop_assert_eq!(looked_up(&index, &words, true), looked_through(&all, &words, true));
        for name in &names {
            prop_assert_eq!(looked_up(&index, name, true), looked_through(&all, name, true));
        }
    }
}
