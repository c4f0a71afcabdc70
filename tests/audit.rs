//! The audit on whole texts: the cases of `tests/fixtures/audit.md`, the faults that stand in the corpus on purpose, and
//! texts in which there is nothing to find.
//!
//! In a case, a `text` block (with `published=`, `publisher=` where it has them) is a document of a store of its own, and
//! the `findings` block is what the audit says of them. `UPDATE_CASES=1` rewrites what is expected; read it then.

use std::fs;

use crate::support::{Scratch, copy_folder, root};

#[test]
fn the_cases_hold() {
    let page = root().join("tests/fixtures/audit.md");
    let text = fs::read_to_string(&page).unwrap();
    let fresh: String = sections(&text).into_iter().map(renewed).collect();
    if std::env::var_os("UPDATE_CASES").is_some() {
        fs::write(&page, fresh).unwrap();
        return;
    }
    for (is, should) in text.lines().zip(fresh.lines()) {
        assert_eq!(is, should, "tests/fixtures/audit.md; UPDATE_CASES=1 renews it");
    }
    assert_eq!(text.lines().count(), fresh.lines().count(), "tests/fixtures/audit.md; UPDATE_CASES=1 renews it");
}

fn sections(page: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = page.match_indices("\n## ").map(|(at, _)| at + 1).collect();
    starts.insert(0, 0);
    starts.push(page.len());
    starts.windows(2).map(|ends| &page[ends[0]..ends[1]]).collect()
}

/// The section with what the audit finds now.
fn renewed(section: &str) -> String {
    let Some((head, findings)) = section.split_once("```findings\n") else { return section.to_owned() };
    let scratch = Scratch::new();
    for (number, block) in head.split("```text").skip(1).enumerate() {
        let (info, body) = block.split_once('\n').unwrap();
        let body = body.split_once("```").unwrap().0;
        let front: String =
            info.split_whitespace().map(|pair| pair.replacen('=', ": ", 1).replace('_', " ") + "\n").collect();
        scratch.write(&format!("texts/{number}.txt"), format!("---\n{front}---\n{body}"));
    }
    scratch.guanxi(["build", "texts", "--quiet"]).expect_status(0);
    let found = scratch.guanxi(["audit", "--quiet", "--format", "tsv"]).expect_status(0).stdout;
    let shown: String = found.lines().skip(1).map(finding).collect();
    let behind = findings.split_once("```").unwrap().1;
    format!("{head}```findings\n{shown}```{behind}")
}

/// `error arithmetic: message | sum`
fn finding(line: &str) -> String {
    let columns: Vec<&str> = line.split('\t').collect();
    let sum = if columns[3].is_empty() { String::new() } else { format!(" | {}", columns[3]) };
    format!("{} {}: {}{sum}\n", columns[0], columns[1], columns[2])
}

#[test]
fn the_faults_of_the_corpus_are_found_and_no_others() {
    let scratch = Scratch::new();
    copy_folder(&root().join("data/corpus"), &scratch.path("corpus"));
    scratch.guanxi(["build", "corpus", "--quiet"]).expect_status(0);
    let found = scratch.guanxi(["audit", "--quiet", "--format", "tsv"]).expect_status(0).stdout;
    let found: Vec<Vec<&str>> = found.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    for (check, source) in [
        ("unit-slip", "en-qingwu-digest.txt"),
        ("arithmetic", "en-qingwu-digest.txt"),
        ("dead-body", "zh-licensed-lender-handbook.txt"),
        ("dead-body", "en-fenwick-lane-brochure.txt"),
        ("not-law", "zh-licensed-lender-handbook.txt"),
    ] {
        assert!(found.iter().any(|row| row[1] == check && row[5].contains(source)), "{check} {source}: {found:#?}");
    }
    let careless = ["en-qingwu-digest.txt", "zh-licensed-lender-handbook.txt", "en-fenwick-lane-brochure.txt"];
    for row in &found {
        assert!(careless.iter().any(|source| row[5].contains(source)), "{row:#?}");
    }
}

#[test]
fn texts_without_faults_raise_no_alarm() {
    for set in ["press", "wire", "dispatch", "news", "traps"] {
        let scratch = Scratch::new();
        copy_folder(&root().join("tests/gold").join(set), &scratch.path("texts"));
        scratch.guanxi(["build", "texts", "--quiet"]).expect_status(0);
        let run = scratch.guanxi(["audit", "--exit-status=warning"]);
        assert_eq!(run.status, 0, "{set}:\n{}", run.stdout);
    }
}

#[test]
fn quotes_alone_say_nothing_of_bodies_and_rules() {
    let scratch = Scratch::new();
    let text = "On 3 May 2024 Acme Robotics bought Bolt Tools, as the Office of Thrift Supervision, which it had been \
                supervised by for years before that body was abolished, once advised.\n\n\
                Fenland Savings is supervised by the Office of Thrift Supervision.\n";
    scratch.write("a.txt", format!("---\npublished: 2024-09-02\n---\n{text}"));
    scratch.guanxi(["build", "a.txt", "--quiet"]).expect_status(0);
    scratch.guanxi(["audit"]).expect_status(0).expect_in_stdout("dead-body");
    scratch.write("a.txt", "Something else.\n");
    let run = scratch.guanxi(["audit", "--exit-status"]).expect_status(0);
    run.expect_in_stderr("nothing found").expect_in_stderr("of 1 documents only the quotes");
}

#[test]
fn the_options_do_what_the_help_says() {
    let scratch = Scratch::new();
    let text = "Acme Robotics said its revenue rose 40% from $100 million to $120 million last year.\n";
    scratch.write("a.txt", text);
    scratch.guanxi(["build", "a.txt", "--quiet"]).expect_status(0);
    let run = scratch.guanxi(["audit"]).expect_status(0).expect_in_stdout("errors").expect_in_stdout("told as 40%");
    run.expect_in_stderr("1 error; 1 text read");
    scratch.guanxi(["audit", "--exit-status"]).expect_status(1);
    scratch.guanxi(["audit", "--exit-status=error", "--check", "arithmetic"]).expect_status(1);
    scratch.guanxi(["audit", "--exit-status", "--check", "unit-slip,shares"]).expect_status(0);
    scratch.guanxi(["audit", "--check", "arithmetics"]).expect_status(2).expect_in_stderr("arithmetic");
    scratch.guanxi(["audit", "a.txt", "--exit-status", "error"]).expect_status(1);
    scratch.guanxi(["audit", "--exit-status=awful"]).expect_status(2);
    scratch
        .guanxi(["audit", "--exit-status", "a.txt"])
        .expect_status(2)
        .expect_in_stderr("none of notice, warning, error");
    // A text that cannot be read is a loss, whatever was found; asked for in the status, what was found goes first.
    let missing = scratch.guanxi(["audit", "a.txt", "missing.txt"]);
    missing.expect_status(3).expect_in_stderr("missing.txt").expect_in_stdout("told as 40%");
    scratch.guanxi(["audit", "a.txt", "missing.txt", "--exit-status", "error"]).expect_status(1);
    scratch.guanxi(["audit", "missing.txt", "--check", "shares", "--exit-status"]).expect_status(3);
    scratch.guanxi(["audit", "--list"]).expect_status(0).expect_in_stdout("unit-slip");
    scratch.guanxi(["audit", "--list", "--format", "json"]).expect_status(0).expect_in_stdout("\"looks for\"");
    let json = scratch.guanxi(["audit", "--format", "json"]).expect_status(0);
    json.expect_in_stdout("\"check\": \"arithmetic\"")
        .expect_in_stdout("\"settledBy\"")
        .expect_in_stdout("\"sentences\"");
    scratch.guanxi(["audit", "--format", "md"]).expect_status(0).expect_in_stdout("| severity | check |");
    // The text has changed since: what it says now is not what the store was built from.
    scratch.write("a.txt", "Something else.\n");
    scratch.guanxi(["audit"]).expect_status(0).expect_in_stderr("of 1 documents only the quotes");
    scratch.write("moved/b.txt", text);
    scratch.guanxi(["audit", "moved"]).expect_status(0).expect_in_stdout("told as 40%");
    scratch.guanxi(["audit", "-d", "none.db"]).expect_status(4);
}
