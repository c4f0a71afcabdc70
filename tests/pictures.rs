//! Pictures of the corpus: those that the documentation shows are what the commands draw now.
//!
//! `UPDATE_PICTURES=1 cargo test -p guanxi-cli --test integration pictures` (or `INSTA_UPDATE=always`, as for the
//! snapshots) writes them anew, with Graphviz. Look at them before you keep them.

use std::env;
use std::fs;

use regex::Regex;

use crate::support::{Scratch, root};

/// File below `docs/images`, and how it is drawn.
const SHOWN: [(&str, &[&str]); 2] =
    [("xiaohongshu", &["--focus", "小红书", "--hops", "1"]), ("owners", &["--owners", "Nordhafen Logistik"])];

/// How else the corpus is drawn: everything, both languages, a bank, an exchange, owners, a path.
const ALSO: [&[&str]; 9] = [
    &[],
    &["--lang", "zh"],
    &["--focus", "中国人民银行", "--hops", "1", "--lang", "zh"],
    &["--focus", "Stock Exchange of Hong Kong", "--hops", "1", "--max-fan", "3"],
    &["--focus", "Deutsche Bank", "--ended", "--denied"],
    &["--owners", "Tencent", "--as-of", "2024"],
    &["--reach", "香港金融管理局", "--kind", "Company"],
    &["--path", "央行", "小红书"],
    &["--reference", "--max-nodes", "501"],
];

#[test]
fn what_is_ranked_and_what_hangs_on_somebody_is_drawn() {
    let scratch = Scratch::with_store();
    let drawn = |words: &[&str]| scratch.guanxi(words.iter().copied()).expect_status(0).expect_in_stdout("digraph");
    drawn(&["rank", "--by", "component", "--predicates", "owns", "--format", "dot"]).expect_in_stdout("->");
    drawn(&["dominators", "央行", "--kind", "Company", "--format", "dot"]).expect_in_stdout("People's Bank of China");
}

#[test]
fn pictures_of_the_corpus() {
    let scratch = Scratch::new();
    let corpus = root().join("data/corpus");
    scratch.guanxi(["build", corpus.to_str().unwrap(), "--quiet"]).expect_status(0);
    let has_graphviz = scratch.shell("command -v dot").status == 0;
    if !has_graphviz {
        eprintln!("skipped: Graphviz is not installed, so no SVG is looked at");
    }
    for (name, arguments) in SHOWN {
        let dot = draw(&scratch, arguments, "dot");
        let svg = has_graphviz.then(|| draw(&scratch, arguments, "svg"));
        is_the_one_shown(name, &dot, svg.as_deref());
    }
    for arguments in ALSO.into_iter().filter(|_| has_graphviz) {
        let svg = draw(&scratch, arguments, "svg");
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        roxmltree::Document::parse_with_options(&svg, options).unwrap();
    }
}

#[test]
fn the_owners_of_the_readme() {
    let scratch = Scratch::new();
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, story) = readme.split_once("```text file=ferries.txt\n").unwrap();
    scratch.write("ferries.txt", story.split("```").next().unwrap());
    scratch.guanxi(["build", "ferries.txt", "--quiet"]).expect_status(0);
    let chart = |format| {
        let run = scratch.guanxi(["owners", "Tarnwick Ferries", "--format", format]).expect_status(0);
        assert!(!run.stderr.contains("`dot` says"), "{}", run.stderr);
        run.stdout
    };
    let has_graphviz = scratch.shell("command -v dot").status == 0;
    is_the_one_shown("ferries", &chart("dot"), has_graphviz.then(|| chart("svg")).as_deref());
}

/// Draws without a warning of Graphviz.
fn draw(scratch: &Scratch, arguments: &[&str], format: &str) -> String {
    let command = ["export", "--format", format];
    let run = scratch.guanxi(command.into_iter().chain(arguments.iter().copied())).expect_status(0);
    assert!(!run.stderr.contains("`dot` says"), "{arguments:?}: {}", run.stderr);
    run.stdout
}

fn is_the_one_shown(name: &str, dot: &str, svg: Option<&str>) {
    let file = |ending: &str| root().join(format!("docs/images/{name}.{ending}"));
    if env::var_os("UPDATE_PICTURES").is_some() || env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        fs::write(file("dot"), dot).unwrap();
        fs::write(file("svg"), svg.expect("Graphviz draws it")).unwrap();
    }
    let shown = fs::read_to_string(file("dot")).unwrap();
    assert_eq!(lasting(dot), lasting(&shown), "docs/images/{name}.svg is stale: UPDATE_PICTURES=1 draws it anew");
    assert!(file("svg").exists());
}

/// Without confidences and hashes, which change with every rule.
fn lasting(dot: &str) -> String {
    let changing = Regex::new(r"\b0\.\d+\b|\b[0-9a-f]{12,64}\b").unwrap();
    changing.replace_all(dot, "…").into_owned()
}
