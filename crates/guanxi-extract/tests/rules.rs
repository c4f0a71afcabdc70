//! Every rule finds what its examples say, and nothing in its counterexamples.

use crate::common::extractor;
use guanxi_extract::{ExplainedPattern, Extractor, Input, Outcome};
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

/// `guanxi rules explain` walks by itself; it must come where reading comes.
#[test]
fn an_explanation_ends_with_what_reading_finds() {
    let extractor = extractor();
    for (_, rule) in extractor.rules() {
        for example in &rule.examples {
            let input = Input::text("example.txt", example.text.get_ref().as_bytes());
            let (explained, read) = (extractor.explain(&input), extractor.extract(&input));
            assert_eq!(explained.extraction, read, "{}", rule.id.get_ref());
            // Of what a model says there is nothing to explain but the claim.
            for claim in read.claims.iter().filter(|claim| !claim.rule.starts_with("learned.")) {
                let says = |pattern: &ExplainedPattern| {
                    let made = matches!(&pattern.outcome, Outcome::Says { claims } if claims.iter().any(|told|
                        told.merged.is_none() && told.claim.contains(&format!(" {} ", claim.predicate))));
                    made && claim.rule.split('@').next() == Some(pattern.rule.as_str())
                };
                let mut patterns = explained.sentences.iter().flat_map(|sentence| &sentence.patterns);
                assert!(patterns.any(says), "{}: {}", rule.id.get_ref(), claim.evidence.text);
            }
            for pattern in explained.sentences.iter().flat_map(|sentence| &sentence.patterns) {
                let fits = pattern.fitting() == pattern.atoms.len();
                assert_eq!(fits, pattern.outcome != Outcome::Fails, "{pattern:#?}");
                assert_eq!(fits, pattern.failing().is_none(), "{pattern:#?}");
            }
        }
    }
}
