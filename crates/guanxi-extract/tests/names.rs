//! Models of names: what they leave of the classes that a name may have, and which Chinese names they cut.

use guanxi_extract::{Extractor, Input, NameFound, NameSeen, written_row};
use guanxi_model::{Reference, Schema};
use proptest::prelude::*;

const ROWS: usize = 16;
const LABELS: [&str; 3] = ["none", "Company", "Person"];
/// Weights that say of every token that it is a name alone.
const ALONE: [i8; 5] = [0, 0, 0, 0, 20];

fn extractor(models: &[(&str, &str)]) -> Result<Extractor, Vec<String>> {
    let label = "label = { en = \"x\", zh = \"x\" }\ndefinition = \"x\"";
    let class = |name: &str| format!("kind = \"class\"\nname = \"{name}\"\nfamily = \"agent\"\n{label}");
    let (company, person) = (class("Company"), class("Person"));
    let schema = Schema::load([("Company.toml", &*company), ("Person.toml", &*person)]).unwrap();
    Extractor::new(&schema, &Reference::default(), [], [], models.iter().copied())
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

/// A model that says the same of every name.
fn name_model(row: [i8; 3], sure: f64) -> String {
    let weights: String = (0..ROWS).map(|_| written_row(&row) + "\n").collect();
    format!(
        "language = \"en\"\nlabels = {LABELS:?}\nsure = [{sure:?}, {sure:?}, {sure:?}]\nunlikely = 0.01\nunit = 1.0\n\
         calibration = [0.0, 1.0]\nweights = '''\n{weights}'''\n"
    )
}

fn border_model(row: [i8; 5]) -> String {
    let weights: String = (0..ROWS).map(|_| written_row(&row) + "\n").collect();
    format!(
        "adds = 0.5\nreplaces = 0.5\noverrules = 0.5\noutdoes = 0.5\ndrops = 0.5\nunit = 1.0\ncalibration = [0.0, 1.0]\n\
         weights = '''\n{weights}'''\n"
    )
}

fn names(extractor: &Extractor, text: &str) -> Vec<(String, Option<NameFound>)> {
    let seen: Vec<NameSeen> = extractor.names_seen(&Input::text("a.txt", text.as_bytes()), &[]);
    let word =
        |seen: &NameSeen| text.chars().skip(seen.span.start as usize).take((seen.span.end - seen.span.start) as usize);
    seen.iter().map(|seen| (word(seen).collect(), seen.found.clone())).collect()
}

fn classes(models: &[(&str, &str)], text: &str) -> Vec<String> {
    let names = names(&extractor(models).unwrap(), text);
    names.into_iter().map(|(name, found)| format!("{name}: {}", found.unwrap().classes)).collect()
}

#[test]
fn a_sure_model_tells_what_an_open_name_is_and_an_unsure_one_leaves_it() {
    let text = "they met Marven Tolk.";
    assert_eq!(classes(&[], text), ["Marven Tolk: Company|Person"]);
    let person = name_model([0, 0, 20], 0.9);
    assert_eq!(classes(&[("models/name-en.toml", &person)], text), ["Marven Tolk: Person"]);
    let unsure = name_model([0, 0, 0], 0.9);
    assert_eq!(classes(&[("models/name-en.toml", &unsure)], text), ["Marven Tolk: Company|Person"]);
    // Of Chinese names a model for English says nothing, and the other way round.
    let chinese = person.replace("\"en\"", "\"zh\"");
    assert_eq!(classes(&[("models/name-zh.toml", &chinese)], text), ["Marven Tolk: Company|Person"]);
}

#[test]
fn what_is_surely_no_name_is_taken_out_and_what_is_unlikely_ruled_out() {
    let text = "they met Marven Tolk.";
    let none = name_model([20, 0, 0], 0.9);
    assert!(classes(&[("models/name-en.toml", &none)], text).is_empty());
    let never_sure = name_model([0, 20, 0], 1.0);
    assert_eq!(classes(&[("models/name-en.toml", &never_sure)], text), ["Marven Tolk: Company"]);
}

#[test]
fn a_mistake_in_a_model_is_told_with_its_file() {
    let told = |name: &str, text: &str| extractor(&[(name, text)]).unwrap_err().join("\n");
    let wrong = name_model([0; 3], 0.9).replace("Company", "Firm");
    let message = told("models/name-en.toml", &wrong);
    assert!(message.contains("models/name-en.toml") && message.contains("`Firm`"), "{message}");
    let short = border_model([0; 5]).replace("SSSSS", "SS");
    let message = told("models/border-zh.toml", &short.replace("'''\n\n", "'''\nSS\n"));
    assert!(message.contains("models/border-zh.toml") && message.contains("weights"), "{message}");
}

#[test]
fn borders_add_names_in_chinese_alone() {
    let borders = border_model(ALONE);
    let models = [("models/border-zh.toml", &*borders)];
    let found: Vec<String> = names(&extractor(&models).unwrap(), "甲乙丙").into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["甲", "乙", "丙"]);
    assert!(names(&extractor(&models).unwrap(), "nobody there").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_weights_and_the_text_names_stand_on_borders(
        rows in prop::collection::vec(prop::array::uniform5(-43_i8..44), ROWS),
        text in "[甲乙公司银行在的张A-Za-z0-9，。（）“”· ]{0,60}",
    ) {
        let weights: String = rows.iter().map(|row| written_row(row) + "\n").collect();
        let head = border_model([0; 5]);
        let borders = format!("{}weights = '''\n{weights}'''\n", &head[..head.find("weights").unwrap()]);
        let name = name_model([1, 2, 3], 0.5);
        let chinese = name.replace("\"en\"", "\"zh\"");
        let models =
            [("models/border-zh.toml", &*borders), ("models/name-en.toml", &*name), ("models/name-zh.toml", &*chinese)];
        let extractor = extractor(&models).unwrap();
        let seen = extractor.names_seen(&Input::text("a.txt", text.as_bytes()), &[]);
        let length = text.chars().count() as u32;
        prop_assert!(seen.iter().all(|seen| seen.span.start < seen.span.end && seen.span.end <= length));
        prop_assert!(seen.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    }
}
