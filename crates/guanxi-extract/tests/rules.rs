//! Every rule finds what its examples say, and nothing in its counterexamples.

mod common;

use common::extractor;
use guanxi_extract::{Extractor, Input};
use guanxi_model::{Extraction, Object};

#[test]
fn examples_and_counterexamples_hold() {
    let extractor = extractor();
    let mut wrong = Vec::new();
    for (file, rule) in extractor.rules() {
        let id = rule.id.get_ref();
        for example in &rule.examples {
            let found = claims_by(&read(&extractor, example.text.get_ref()), id);
            for line in example.gives.iter().filter(|line| !found.contains(line)) {
                wrong.push(format!("{file}: {id}: «{}» should give `{line}`, gave {found:?}", example.text.get_ref()));
            }
        }
        for text in &rule.counterexamples {
            let found = claims_by(&read(&extractor, text.get_ref()), id);
            if !found.is_empty() {
                wrong.push(format!("{file}: {id}: «{}» should give nothing, gave {found:?}", text.get_ref()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the rules' own examples fail:\n{}", wrong.len(), wrong.join("\n"));
}

fn read(extractor: &Extractor, text: &str) -> Extraction {
    extractor.extract(&Input::text("example.txt", text.as_bytes()))
}

/// `Subject predicate Object` of every claim that the rule supports.
fn claims_by(extraction: &Extraction, id: &str) -> Vec<String> {
    let label = |entity: &guanxi_model::EntityId| {
        extraction.entities.iter().find(|known| known.id == *entity).map_or("?", guanxi_model::Entity::label)
    };
    let by_rule =
        extraction.claims.iter().filter(|claim| claim.support.iter().any(|rule| rule.split('@').next() == Some(id)));
    by_rule
        .map(|claim| {
            let object = match &claim.object {
                Object::Entity(argument) => label(&argument.entity).to_owned(),
                Object::Value(value) => value.key(),
            };
            format!("{} {} {object}", label(&claim.subject.entity), claim.predicate)
        })
        .collect()
}
