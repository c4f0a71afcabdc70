//! Names that must not become one node, and names that must, from text to graph.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use guanxi::graph::{BuildConfig, Derivations, Generation, Identity, Knowledge};
use guanxi::model::{Entity, EntityId, Extraction, Identifier, Judgements};
use guanxi::pipeline::Output;
use guanxi::query::NameIndex;
use guanxi::{Guanxi, input};

/// Two that are taken for one another, but those of whom one sentence does not show what they are.
static TRAPS: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    let lines = include_str!("../../guanxi-names/tests/traps.txt").lines();
    let told = lines.filter(|line| !line.starts_with(['#', '~']));
    told.map(|line| line.split_once(" | ").unwrap()).collect()
});

/// One in two texts.
const ONE: &[(&str, &str)] = &[
    ("Wexholt Labour Bank", "Wexholt Labor Bank"),
    ("HALDEN HOLDINGS PLC", "Halden Holdings"),
    ("铄澜科技有限公司", "鑠瀾科技有限公司"),
    ("Tencent", "腾讯"),
    ("Xiaohongshu", "小红书"),
    ("Ant Group", "蚂蚁集团"),
];

fn read(guanxi: &Guanxi, texts: &[String]) -> Vec<Extraction> {
    let location = |(number, text): (usize, &String)| input::Location::Bytes {
        name: format!("{number}.txt"),
        bytes: text.clone().into_bytes(),
    };
    let inputs = input::read(texts.iter().enumerate().map(location).collect()).unwrap();
    let mut extractions = Vec::new();
    guanxi
        .extract(inputs, 1, |output| {
            if let Output::Extraction(extraction) = output {
                extractions.push(extraction);
            }
            Ok::<(), ()>(())
        })
        .unwrap();
    extractions
}

/// A text that says of a name, in its own language, that somebody invested in it, or that it fined somebody.
fn about(name: &str, by: usize) -> [String; 2] {
    let is_chinese = name.chars().any(|character| character as u32 > 0x2e80);
    let fund = if is_chinese { ["海棠资本", "木槿资本"][by] } else { ["Tern Capital", "Auk Capital"][by] };
    match is_chinese {
        true => [format!("{fund}投资了{name}。"), format!("{name}对{fund}罚款100万元。")],
        false => [format!("{fund} invested in {name}."), format!("{name} fined {fund} $2 million.")],
    }
}

/// Whom the text means by the name.
fn meant<'a>(extraction: &'a Extraction, name: &str) -> Option<&'a EntityId> {
    let is_called = |entity: &&Entity| entity.names.iter().any(|known| guanxi::names::same(&known.text, name));
    extraction.entities.iter().find(is_called).map(|entity| &entity.id)
}

#[test]
fn traps_stay_two_and_spellings_become_one() {
    let guanxi = Guanxi::builtin();
    let (schema, reference) = (guanxi.schema(), guanxi.reference());
    let derivations = Derivations::default();
    let knowledge = Knowledge { schema, reference, derivations: &derivations, fingerprint: None };
    let mut wrong = Vec::new();
    let pairs = TRAPS.iter().map(|pair| (pair, false)).chain(ONE.iter().map(|pair| (pair, true)));
    for ((one, other), are_one) in pairs {
        let texts = [about(one, 0), about(other, 0), about(one, 1), about(other, 1)].concat();
        let extractions = read(&guanxi, &texts);
        let read: Vec<&Extraction> = extractions.iter().collect();
        let identity = Identity::of(&read, &knowledge, &Judgements::default(), &Default::default());
        let whom = |name: &str| {
            let ids: BTreeSet<EntityId> = read
                .iter()
                .filter_map(|text| Some(identity.representative(&text.document.id, meant(text, name)?).clone()))
                .collect();
            (ids.len() == 1).then(|| ids.into_iter().next()).flatten()
        };
        let (first, second) = (whom(one), whom(other));
        match (first, second) {
            (Some(first), Some(second)) if (first == second) == are_one => {}
            (first, second) => wrong.push(format!("{one} | {other}: {first:?} {second:?}")),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn one_text_that_names_all_keeps_them_apart() {
    let guanxi = Guanxi::builtin();
    let texts: Vec<String> =
        TRAPS.iter().map(|(one, other)| about(one, 0).concat() + " " + &about(other, 1).concat()).collect();
    let extractions = read(&guanxi, &texts);
    let derivations = Derivations::default();
    let knowledge = Knowledge {
        schema: guanxi.schema(),
        reference: guanxi.reference(),
        derivations: &derivations,
        fingerprint: None,
    };
    let built = Generation::in_memory(extractions, &knowledge, &BuildConfig::default()).unwrap();
    let index = NameIndex::of(&built.entities());
    for (one, other) in TRAPS.iter() {
        let (one_is, other_is) = (index.resolve(one), index.resolve(other));
        assert_ne!(one_is, other_is, "{one} | {other}");
    }
}

#[test]
fn an_identifier_behind_a_name_is_its_own() {
    let guanxi = Guanxi::builtin();
    let lei = |text: &str| text.parse::<Identifier>().unwrap();
    for (text, name, expected) in [
        (
            "Wexholt Foods AG (LEI: 529900T8BM49AURSDO55) acquired Halden Mining Ltd (ISIN: US0378331005) in 2021.",
            "Wexholt Foods AG",
            vec!["lei:529900T8BM49AURSDO55"],
        ),
        (
            "Wexholt Foods AG (LEI: 529900T8BM49AURSDO55) acquired Halden Mining Ltd (ISIN: US0378331005) in 2021.",
            "Halden Mining Ltd",
            vec!["isin:US0378331005"],
        ),
        // A check digit is wrong.
        ("Wexholt Foods AG (LEI: 529900T8BM49AURSDO56) acquired Halden Mining Ltd.", "Wexholt Foods AG", vec![]),
        (
            "铄澜科技有限公司（统一社会信用代码：91350100M000100Y43）收购了禾昊食品有限公司。",
            "铄澜科技有限公司",
            vec!["uscc:91350100M000100Y43"],
        ),
        ("Wexholt Foods (NYSE: WXF) acquired Halden Mining.", "Wexholt Foods", vec!["ticker:XNYS:WXF"]),
        ("铄澜科技（600519.SH）收购了禾昊食品。", "铄澜科技", vec!["ticker:XSHG:600519"]),
        // It is not behind the name.
        ("Wexholt Foods AG acquired Halden Mining Ltd under US0378331005.", "Halden Mining Ltd", vec![]),
    ] {
        let extractions = read(&guanxi, &[text.to_owned()]);
        let id = meant(&extractions[0], name).unwrap_or_else(|| panic!("{text}: {:?}", extractions[0].entities));
        let entity = extractions[0].entities.iter().find(|entity| entity.id == *id).unwrap();
        assert_eq!(entity.identifiers, expected.into_iter().map(lei).collect::<Vec<_>>(), "{text}");
    }
}
