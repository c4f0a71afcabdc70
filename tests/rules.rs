//! The tools for whoever writes rules: what they print and what they refuse.
//!
//! Most of it runs on the few rules and words of `tests/fixtures/rules`, so that it does not change with the data.

use std::fs;

use insta::assert_snapshot;

use crate::cli::{settings, shown};
use crate::support::{Scratch, copy_folder, root};

impl Scratch {
    /// A scratch folder with the data folder `mine`, of few rules, and the folder `texts`, with gold.
    fn with_rules() -> Self {
        let scratch = Self::new();
        let fixtures = root().join("tests/fixtures/rules");
        copy_folder(&fixtures.join("rules"), &scratch.path("mine/rules"));
        copy_folder(&fixtures.join("lexicon"), &scratch.path("mine/lexicon"));
        copy_folder(&fixtures.join("texts"), &scratch.path("texts"));
        scratch
    }

    /// The same, something in the English rules replaced.
    fn with_rules_changed(from: &str, to: &str) -> Self {
        let scratch = Self::with_rules();
        let path = scratch.path("mine/rules/en/ownership.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "`{from}` stands in the fixture");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
        scratch
    }
}

macro_rules! snapshots {
    ($($(#[$doc:meta])* $name:ident: $command:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            settings().bind(|| assert_snapshot!(stringify!($name), shown(&Scratch::with_rules().shell($command))));
        }
    )*};
}

snapshots! {
    rules_list: "guanxi rules list --data mine --format csv";
    rules_show: "guanxi rules show own.owns --data mine";
    rules_show_as_json: "guanxi rules show zh.own.holds --data mine --format json";
    rules_show_unknown: "guanxi rules show own.own --data mine";
    rules_test: "guanxi rules test --data mine";
    rules_test_one: "guanxi rules test own.former --data mine";
    rules_test_file: "guanxi rules test zh/ownership.toml --data mine";
    rules_explain: "guanxi rules explain 'Nordlys Holding will not hold, but Birch Holding owns Skagen Bank.' --data mine";
    rules_explain_in_chinese: "guanxi rules explain '北岸集团将持有海棠科技35%的股份。' --data mine";
    /// Each pattern of the rule, atom by atom: one fails at its slot, one in its gap, one is not tried.
    rules_explain_a_rule: "guanxi rules explain 'Nordlys Holding holds the keys, and a 5% stake in it.' --rule own.owns --data mine";
    rules_explain_what_is_dropped: "guanxi rules explain 'Skagen Bank, owned by Nordlys Holding, and Birch Holding owned Skagen Bank.' --data mine";
    rules_explain_nobody_meant: "guanxi rules explain 'The company owns Skagen Bank.' --data mine";
    rules_explain_as_json: "guanxi rules explain 'Nordlys Holding, former owner of Skagen Bank, owns it.' --rule own.former --data mine --format json";
    rules_explain_nothing: "echo | guanxi rules explain - --data mine";
    rules_cost: "guanxi rules cost texts --data mine --format table";
    rules_cost_with_gold: "guanxi rules cost texts --gold texts --by precision --data mine --format csv";
    rules_cost_without_gold: "mkdir none; guanxi rules cost texts --gold none --data mine";
    rules_new: "guanxi rules new --lang en --family ownership --id own.by-gift --data mine && tail -n 24 mine/rules/en/ownership.toml";
    rules_new_that_exists: "guanxi rules new --lang en --family ownership --id own.former --data mine";
    rules_new_of_no_family: "guanxi rules new --lang en --family owner-ship --id own.by-gift --data mine";
    rules_new_of_no_language: "guanxi rules new --lang C.UTF-8 --family ownership --id own.by-gift --data mine";
    rules_new_with_a_bad_id: "guanxi rules new --lang zh --family ownership --id own.by-gift --data mine";
    rules_new_without_a_checkout: "guanxi rules new --lang en --family ownership --id own.by-gift";
}

#[test]
fn a_failing_example_is_shown_at_its_line() {
    let scratch = Scratch::with_rules_changed("{own-verb} ~3", "{own-verb} ~0");
    settings().bind(|| {
        assert_snapshot!("rules_test_failing", shown(&scratch.guanxi(["rules", "test", "own", "--data", "mine"])));
    });
}

#[test]
fn a_rule_must_be_shown_by_three_examples_and_a_counterexample() {
    let cut = "  { text = \"Nordlys Holding owns Skagen Bank.\", gives = [\"Nordlys Holding owns Skagen Bank\"] },\n";
    let against = "counterexamples = [\"Nordlys Holding owns up to a mistake.\"]\n";
    for (without, name) in [(cut, "rule_with_two_examples"), (against, "rule_without_counterexample")] {
        let scratch = Scratch::with_rules_changed(without, "");
        let run = scratch.guanxi(["rules", "list", "--data", "mine"]).expect_status(1);
        settings().bind(|| assert_snapshot!(name, shown(&run)));
    }
}

#[test]
fn time_is_measured_where_it_is_asked_for() {
    let scratch = Scratch::with_rules();
    let run = scratch.guanxi(["rules", "cost", "texts", "--time", "--limit", "1", "--data", "mine", "--format", "csv"]);
    let run = run.expect_status(0).expect_in_stderr("1 text, 4 sentences");
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines[0], "rule,tried,fits,chosen,claims,share %,ms,time %");
    assert_eq!(lines.len(), 2, "{}", run.stdout);
}

#[test]
fn a_template_loads_and_says_what_is_still_to_be_written() {
    let scratch = Scratch::with_rules();
    for (language, family, id, more) in [
        ("en", "ownership", "own.by-gift", [].as_slice()),
        ("zh", "ownership", "zh.own.by-gift", &[]),
        // A symmetric predicate, and one whose object is a value.
        ("en", "ownership", "own.partners", &["--predicate", "partnersWith"]),
        ("en", "ownership", "own.worth", &["--predicate", "hasValuation"]),
        ("en", "ownership", "own.since", &["--predicate", "foundedOn"]),
    ] {
        let command = ["rules", "new", "--lang", language, "--family", family, "--id", id, "--data", "mine"];
        let run = scratch.guanxi(command.into_iter().chain(more.iter().copied())).expect_status(0);
        let place = run.stdout.split(": ").next().unwrap().to_owned();
        let (path, line) = place.rsplit_once(':').unwrap();
        let text = fs::read_to_string(scratch.path(path)).unwrap();
        assert_eq!(text.lines().nth(line.parse::<usize>().unwrap() - 1), Some(format!("id = \"{id}\"").as_str()));
        scratch.guanxi(["rules", "test", id, "--data", "mine"]).expect_status(1).expect_in_stdout("FILL-IN");
    }
    scratch.guanxi(["rules", "test", "own.former", "--data", "mine"]).expect_status(0);
    let before = fs::read(scratch.path("mine/rules/en/ownership.toml")).unwrap();
    scratch
        .guanxi(["rules", "new", "--lang", "en", "--family", "ownership", "--id", "own.worth", "--data", "mine"])
        .expect_status(2);
    assert_eq!(fs::read(scratch.path("mine/rules/en/ownership.toml")).unwrap(), before, "a refusal writes nothing");
}

#[test]
fn make_new_rule_writes_into_the_data_of_the_checkout() {
    let scratch = Scratch::with_rules();
    fs::rename(scratch.path("mine"), scratch.path("data")).unwrap();
    // Stands in for cargo: runs the binary under test with what follows `--`.
    let cargo = "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec guanxi \"$@\"\n";
    scratch.write("cargo", cargo);
    let make = |what: &str| {
        let makefile = root().join("Makefile");
        scratch.shell(&format!("chmod +x cargo; make -s -f '{}' CARGO=./cargo new-rule {what}", makefile.display()))
    };
    let run = make("LANG=en FAMILY=ownership ID=own.something").expect_status(0);
    run.expect_in_stdout("data/rules/en/ownership.toml:").expect_in_stdout("guanxi rules test own.something");
    assert!(fs::read_to_string(scratch.path("data/rules/en/ownership.toml")).unwrap().contains("own.something"));
    make("LANG=en FAMILY=ownership ID=own.something").expect_status(2).expect_in_stderr("already");
    make("LANG=en FAMILY=owner").expect_status(2).expect_in_stderr("make new-rule LANG=en FAMILY=");
}
