//! Models of pairs: what they come to, and how they stand to the rules.

use guanxi_extract::{Extractor, Input, features, written_row};
use guanxi_model::{Extraction, Object, Reference, Schema};
use proptest::prelude::*;

const RULE: &str = r#"
    [[rule]]
    id = "owns"
    version = 1
    claims = ["owner owns firm"]
    patterns = ["{owner:Company+} owns {firm:Company}"]
    examples = [
      { text = "Acme owns Bolt.", gives = ["Acme owns Bolt"] },
      { text = "Alder owns Birch.", gives = ["Alder owns Birch"] },
      { text = "Alder and Birch owns Cedar.", gives = ["Alder owns Cedar", "Birch owns Cedar"] },
    ]
    counterexamples = ["Acme knows Bolt."]"#;
const ROWS: usize = 16;
const FORWARD: [i8; 3] = [0, 20, 0];
const BACKWARD: [i8; 3] = [0, 0, 20];

fn extractor(model: Option<&str>) -> Result<Extractor, Vec<String>> {
    let label = "label = { en = \"x\", zh = \"x\" }\ndefinition = \"x\"";
    let class = format!("kind = \"class\"\nname = \"Company\"\nfamily = \"agent\"\n{label}");
    let owns = format!(
        "kind = \"predicate\"\nname = \"owns\"\n{label}\ninverse_label = {{ en = \"x\", zh = \"x\" }}\n\
         subject = {{ role = \"owner\", classes = [\"Company\"] }}\nobject = {{ role = \"owned\", classes = [\"Company\"] }}\n\
         edge = {{ kind = \"ownership\", from = \"subject\" }}"
    );
    let schema = Schema::load([("Company.toml", &*class), ("owns.toml", &*owns)]).unwrap();
    let models = model.map(|text| ("models/pair-test.toml", text));
    Extractor::new(&schema, &Reference::default(), [("rules.toml", RULE)], [], models)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect())
}

fn model(rows: &[[i8; 3]], least: f64) -> String {
    let weights: String = rows.iter().map(|row| written_row(row) + "\n").collect();
    format!(
        "language = \"en\"\nversion = 1\nlabels = [\"none\", \"owns>\", \"owns<\"]\nleast = [{least}, {least}, {least}]\n\
         unit = 0.1\ncalibration = [0.5, 1.0]\nweights = '''\n{weights}'''\n"
    )
}

fn read(extractor: &Extractor, text: &str) -> Extraction {
    extractor.extract(&Input::text("a.txt", text.as_bytes()))
}

/// `Acme owns Bolt by owns@1`
fn told(extraction: &Extraction) -> Vec<String> {
    let claims = extraction.claims.iter().map(|claim| {
        let Object::Entity(object) = &claim.object else { panic!("no entity") };
        format!("{} {} {} by {}", claim.subject.text, claim.predicate, object.text, claim.rule)
    });
    claims.collect()
}

#[test]
fn a_model_relates_what_no_rule_does_and_without_it_nothing_is_said() {
    let text = "Acme swallowed Bolt.";
    let with = extractor(Some(&model(&[FORWARD; ROWS], 0.5))).unwrap();
    assert_eq!(told(&read(&with, text)), ["Acme owns Bolt by learned.pair-test@1"]);
    let turned = extractor(Some(&model(&[BACKWARD; ROWS], 0.5))).unwrap();
    assert_eq!(told(&read(&turned, text)), ["Bolt owns Acme by learned.pair-test@1"]);
    assert!(told(&read(&extractor(None).unwrap(), text)).is_empty());
    assert!(told(&read(&extractor(Some(&model(&[[0; 3]; ROWS], 0.5))).unwrap(), text)).is_empty());
}

#[test]
fn a_rule_beats_a_model_on_direction_and_is_backed_where_both_agree() {
    let text = "Acme owns Bolt.";
    let against = read(&extractor(Some(&model(&[BACKWARD; ROWS], 0.5))).unwrap(), text);
    assert_eq!(told(&against), ["Acme owns Bolt by owns@1"]);
    assert_eq!(against.claims[0].support.len(), 1);
    let agreed = read(&extractor(Some(&model(&[FORWARD; ROWS], 0.5))).unwrap(), text);
    assert_eq!(told(&agreed), ["Acme owns Bolt by owns@1"]);
    let support: Vec<&str> = agreed.claims[0].support.iter().map(|name| &**name).collect();
    assert_eq!(support, ["learned.pair-test@1", "owns@1"]);
}

#[test]
fn a_mistake_in_a_model_is_told_with_its_file() {
    let right = model(&[FORWARD; ROWS], 0.5);
    for (from, to, message) in [
        ("\"en\"", "\"fr\"", "`fr`: a model is for `en` or `zh`"),
        ("owns>", "swallows>", "no predicate `swallows` in the schema"),
        ("\"none\", ", "", "the first label is `none`"),
        ("SgS\nSgS\n", "SgS\n", "15 rows of weights"),
        ("SgS\n", "Sg\n", "row 1 of the weights has not 3 characters"),
    ] {
        let errors = extractor(Some(&right.replacen(from, to, 1))).unwrap_err();
        assert!(errors[0].starts_with("models/pair-test.toml:") && errors[0].contains(message), "{errors:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]
    #[test]
    fn a_model_says_what_its_numbers_come_to(
        rows in prop::collection::vec(prop::array::uniform3(-43_i8..=43), ROWS),
        verb in "[a-z]{3,8}( [a-z]{3,8}){0,3}",
    ) {
        let text = format!("Acme {verb} Bolt.");
        let plain = extractor(None).unwrap();
        prop_assume!(plain.extract(&Input::text("a.txt", text.as_bytes())).claims.is_empty());
        let sight = &plain.sights(&Input::text("a.txt", text.as_bytes()), &[])[0];
        let named: Vec<usize> = (0..sight.names.len()).filter(|&at| !sight.names[at].is_empty()).collect();
        prop_assume!(named.len() == 2);
        let mut seen = Vec::new();
        features(&sight.row, named[0], named[1], &mut seen);
        let seen: std::collections::BTreeSet<u64> = seen.into_iter().collect();
        let sum = |label: usize| -> i32 { seen.iter().map(|hash| i32::from(rows[(hash >> 60) as usize][label])).sum() };
        let mut sums: Vec<(i32, usize)> = (0..3).map(|label| (sum(label), label)).collect();
        sums.sort_unstable();
        let ((second, _), (best, label)) = (sums[1], sums[2]);
        prop_assume!(best > second);

        let read = read(&extractor(Some(&model(&rows, 0.0))).unwrap(), &text);
        let wanted = [None, Some("Acme owns Bolt by learned.pair-test@1"), Some("Bolt owns Acme by learned.pair-test@1")][label];
        prop_assert_eq!(told(&read), wanted.into_iter().collect::<Vec<_>>());
        if let Some(claim) = read.claims.first() {
            let lead = f64::from(best - second) * 0.1 / (seen.len() as f64).sqrt();
            let sure = 1.0 / (1.0 + (-(0.5 + lead)).exp());
            prop_assert!((claim.confidence.probability() - sure.min(0.999)).abs() < 0.0015, "{:?} {}", claim.confidence, sure);
        }
    }
}
