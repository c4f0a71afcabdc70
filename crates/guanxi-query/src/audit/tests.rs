//! True cases and near misses of the checks on graphs that are written out; sentences are checked in the tests of the
//! façade, which can read them.

use guanxi_model::Reference;
use proptest::prelude::*;

use super::*;
use crate::testing::{Graph, graph, graph_in, schema};

/// What the checks find in the graph of these lines, each as `severity check: message`.
fn findings(lines: &str) -> Vec<String> {
    told(&graph(lines))
}

fn told(graph: &Graph) -> Vec<String> {
    let dossier = Dossier::of(&graph.generation, &graph.schema, [], [], None);
    let findings = audit(&dossier, &CHECKS);
    findings.iter().map(|finding| format!("{} {}: {}", finding.severity, finding.check, finding.message)).collect()
}

fn assert_none(cases: &[&str]) {
    for lines in cases {
        assert_eq!(findings(lines), Vec::<String>::new(), "{lines}");
    }
}

#[test]
fn a_figure_ten_times_another_is_a_slip_of_units() {
    let found = findings(
        "document a 2025-10-21 The Paper
        Company:red hasValuation USD:31000000000
        document b 2025-10-22 Wire
        Company:red hasValuation USD:310000000000",
    );
    assert_eq!(
        found,
        [
            "warning unit-slip: hasValuation of red: 31,000,000,000 USD and 310,000,000,000 USD are the same figure, a power \
          of ten apart"
        ]
    );
    // Three digits are no chance, and so is a second pair.
    for lines in [
        "Company:red raised CNY:1480000000\nCompany:red raised CNY:14800000000",
        "Company:red hasValuation INR:3000000\nCompany:red hasValuation INR:30000000
         Company:red hasValuation INR:5000000\nCompany:red hasValuation INR:50000000",
    ] {
        assert!(findings(lines).iter().all(|found| found.starts_with("error unit-slip")), "{:?}", findings(lines));
        assert!(!findings(lines).is_empty());
    }
}

#[test]
fn growth_other_currencies_and_round_figures_are_no_slip() {
    assert_none(&[
        "Company:red hasValuation USD:31000000 date=2015\nCompany:red hasValuation USD:310000000 date=2025",
        "document a 2015-01-01 P\nCompany:red hasValuation USD:31000000
         document b 2025-01-01 P\nCompany:red hasValuation USD:310000000",
        "Company:red hasValuation USD:31000000000\nCompany:red hasValuation CNY:310000000000",
        "Company:red hasValuation USD:3000000\nCompany:red hasValuation USD:30000000",
        "Company:red hasValuation USD:31000000000\nCompany:blue hasValuation USD:310000000000",
        "Company:red hasValuation USD:31000000000\nCompany:red raised USD:310000000000",
        "Company:red hasValuation USD:31000000000\nCompany:red hasValuation USD:310000000000 status=denied",
        "Company:red hasValuation USD:31000000000\nCompany:red hasValuation USD:320000000000",
    ]);
}

#[test]
fn shares_above_the_whole_are_told() {
    let found = findings("Company:a owns Company:c percent=60\nCompany:b owns Company:c percent=55");
    assert_eq!(found, ["error shares: the shares of c come to 115 %"]);
    assert_none(&[
        "Company:a owns Company:c percent=60\nCompany:b owns Company:c percent=40",
        // Each may be rounded up.
        "Company:a owns Company:c percent=50.5\nCompany:b owns Company:c percent=50",
        "Company:a owns Company:c percent=60\ndocument x 2020 P\nCompany:b owns Company:c percent=55",
        "Company:a owns Company:c percent=60 date=2019\nCompany:b owns Company:c percent=55 date=2024",
        "Company:a owns Company:c percent=60 status=ended\nCompany:b owns Company:c percent=55",
        "Company:a owns Company:c percent=60\nCompany:b owns Company:c percent=60\nCompany:b acquired Company:c",
        // One holds through the other.
        "Company:a owns Company:c percent=60\nCompany:b owns Company:c percent=60\nCompany:a owns Company:b percent=100",
    ]);
}

#[test]
fn two_values_of_one_day_contradict_each_other() {
    let found = findings(
        "Company:red hasValuation EUR:2700000000 date=2025-06-13\nCompany:red hasValuation EUR:3900000000 date=2025-06-13",
    );
    assert_eq!(
        found,
        ["warning contradiction: hasValuation of red in 2025-06-13: 2,700,000,000 EUR and 3,900,000,000 EUR"]
    );
    assert_none(&[
        // Valuations of several dates are no contradiction.
        "Company:red hasValuation USD:20000000000 date=2021-11\nCompany:red hasValuation USD:17000000000 date=2024-07
         Company:red hasValuation USD:26000000000 date=2025-03\nCompany:red hasValuation USD:31000000000 date=2025-09",
        "Company:red hasValuation USD:20000000000\nCompany:red hasValuation USD:17000000000",
        "Company:red hasValuation EUR:2700000000 date=2025-06-13\nCompany:red hasValuation EUR:2710000000 date=2025-06-13",
        "Company:red hasValuation EUR:2700000000 date=2025-06-13\nCompany:red hasValuation USD:3900000000 date=2025-06-13",
    ]);
}

const BODIES: &str = "
[[entity]]
id = 'cn-old'
class = 'Regulator'
name.en = 'Old Banking Commission'
name.zh = '旧银行监督委员会'
from = '2003'
to = '2018'
unverified = true
facts.regulates = ['activity-lending']

[[entity]]
id = 'activity-lending'
class = 'Activity'
name.en = 'lending'
unverified = true
";

#[test]
fn nothing_is_done_before_the_doer_is_there_nor_after_it_is_told() {
    let schema = schema(|_, toml| toml);
    let reference = Reference::load([("test.toml", BODIES)], &schema).unwrap();
    let in_bodies = |lines: &str| told(&graph_in(schema.clone(), &reference, lines));
    assert_eq!(
        in_bodies("Regulator:cn-old sanctions Company:red date=1999"),
        [
            "warning impossible-date: sanctions 1999: 旧银行监督委员会 Old Banking Commission was founded in 2003 by the reference \
          data"
        ]
    );
    assert_eq!(in_bodies("Regulator:cn-old sanctions Company:red date=2003"), Vec::<String>::new());
    assert_eq!(
        findings("document a 2025-01-10 P\nCompany:red acquired Company:blue date=2025-03-02"),
        ["warning impossible-date: told as a fact of 2025-03-02, by a text of 2025-01-10"]
    );
    assert_none(&[
        "document a 2025-01-10 P\nCompany:red acquired Company:blue date=2025-01-10",
        "document a 2025-01-10 P\nCompany:red acquired Company:blue date=2025",
        "document a 2025-01-10 P\nCompany:red acquired Company:blue date=2025-03-02 status=planned",
        "document a 2025-01-10 P\nPerson:ann officerOf Company:blue date=2025-03-02",
        "Company:red acquired Company:blue date=2025-03-02",
    ]);
}

#[test]
fn a_sum_needs_a_currency() {
    assert_eq!(
        findings("Company:red investsIn Company:blue amount=5000000"),
        ["notice no-currency: investsIn of red: the amount of which currency?"]
    );
    assert_none(&["Company:red investsIn Company:blue amount=5000000 currency=USD"]);
}

#[test]
fn copies_are_no_second_voice() {
    let article = "Company:northern-harbour-holdings investsIn Company:red-lantern-logistics round=A
        Company:northern-harbour-holdings owns Company:blue-anchor-shipping percent=30
        Person:ann-of-the-harbour officerOf Company:northern-harbour-holdings role=chair";
    let twice = format!("document a 2025-01-10 The Paper\n{article}\ndocument b 2025-01-10 The Other\n{article}");
    let found = findings(&twice);
    assert_eq!(found, ["warning copies: a (The Paper) and b (The Other) print the same text"]);
    let dossier_of = graph(&twice);
    let dossier = Dossier::of(&dossier_of.generation, &dossier_of.schema, [], [], None);
    let arithmetic = audit(&dossier, &CHECKS)[0].arithmetic.clone().unwrap();
    assert!(arithmetic.starts_with("3 of 3 quotes are near-equal; "), "{arithmetic}");
    assert!(arithmetic.contains("2 publishers, without the copy 1"), "{arithmetic}");
    assert_none(&[
        // One publisher is one voice anyway.
        &format!("document a 2025-01-10 The Paper\n{article}\ndocument b 2025-01-11 The Paper\n{article}"),
        // One fact in common, in other words.
        &format!(
            "document a 2025-01-10 The Paper\n{article}\ndocument b 2025-01-10 The Other
            Company:northern-harbour-holdings investsIn Company:red-lantern-logistics amount=7000000 currency=USD"
        ),
    ]);
}

#[test]
fn as_of_a_day_later_texts_are_not_there() {
    let graph = graph(
        "document a 2025-01-10 P\nCompany:a owns Company:c percent=60
        document b 2025-02-10 P\nCompany:a owns Company:c percent=60\nCompany:b owns Company:c percent=55",
    );
    let count = |day: Option<&str>| {
        let dossier = Dossier::of(&graph.generation, &graph.schema, [], [], day.map(|day| day.parse().unwrap()));
        audit(&dossier, &CHECKS).len()
    };
    assert_eq!((count(None), count(Some("2025-02")), count(Some("2025-01-31"))), (1, 1, 0));
}

#[test]
fn severities_are_read_as_they_are_written() {
    for severity in Severity::ALL {
        assert_eq!(severity.to_string().parse(), Ok(severity));
    }
    assert!("bad".parse::<Severity>().is_err());
}

prop_compose! {
    /// A market in which all is well: firms are founded, then valued and bought, by owners who hold at most all of them.
    fn consistent()(
        firms in prop::collection::vec((1950..2000i32, 11..99i64, 1..60u32, 1..40u32), 1..12)
    ) -> String {
        let mut lines = String::from("document yearbook 2026-01-05 Yearbook\n");
        for (number, (founded, value, first, second)) in firms.iter().enumerate() {
            let year = founded + 10 + number as i32 % 5;
            lines += &format!("Company:firm{number} hasValuation USD:{value}000000 date={year}\n");
            lines += &format!("Company:firm{number} hasValuation USD:{}000000 date={}\n", value * 10, year + 1);
            lines += &format!("Company:first{number} owns Company:firm{number} percent={first}\n");
            lines += &format!("Company:second{number} owns Company:firm{number} percent={second}\n");
            lines += &format!("Company:first{number} acquired Company:other{number} date={year} amount={value} currency=USD\n");
        }
        lines
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_consistent_store_has_no_findings(lines in consistent()) {
        prop_assert_eq!(findings(&lines), Vec::<String>::new());
    }
}
