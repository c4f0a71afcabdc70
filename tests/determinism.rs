//! The same input gives the same bytes: whatever the number of threads, the order of files, or how often it is asked.

use std::fs;

use crate::support::Scratch;

#[test]
fn one_and_two_threads_extract_the_same_bytes() {
    let scratch = Scratch::with_news();
    let text = fs::read_to_string(scratch.path("news/kestrel.txt")).unwrap();
    for number in 0..40 {
        scratch.write(&format!("news/{number}.txt"), text.replace("Heron", &format!("Heron {number}")));
    }
    for format in ["jsonl", "nq"] {
        let one = scratch.guanxi(["extract", "news", "--threads", "1", "--format", format]).expect_status(0);
        let two = scratch.guanxi(["extract", "news", "--threads", "2", "--format", format]).expect_status(0);
        assert!(one.stdout.lines().count() > 80, "there is something to compare");
        assert_eq!(one.stdout, two.stdout);
    }
}

#[test]
fn one_and_two_threads_build_the_same_store() {
    let scratch = Scratch::with_news();
    let dumps = ["1", "2"].map(|threads| {
        scratch.guanxi(["build", "news", "-d", threads, "--threads", threads]).expect_status(0);
        scratch.guanxi(["dump", "-d", threads]).expect_status(0).stdout
    });
    assert!(dumps[0].lines().count() > 50, "there is something to compare");
    assert_eq!(dumps[0], dumps[1]);
}

#[test]
fn a_build_repeated_changes_nothing() {
    let scratch = Scratch::with_store();
    let state = || {
        let current = fs::read(scratch.path("guanxi.db/CURRENT")).unwrap();
        (current, scratch.guanxi(["dump"]).expect_status(0).stdout)
    };
    let before = state();
    scratch.guanxi(["build", "news"]).expect_status(0);
    assert_eq!(state(), before);
}

#[test]
fn the_order_of_inputs_does_not_matter() {
    let scratch = Scratch::with_news();
    let files = ["news/kestrel.txt", "news/央行.md", "news/records.jsonl", "news/page.html"];
    let mut together = vec!["build", "-d", "together"];
    together.extend(files);
    scratch.guanxi(together).expect_status(0);
    for file in files.into_iter().rev() {
        scratch.guanxi(["build", "-d", "single", file]).expect_status(0);
    }
    let dump = |db| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    assert_eq!(dump("together"), dump("single"));
}

#[test]
fn what_is_forgotten_leaves_no_trace() {
    let scratch = Scratch::with_news();
    scratch.guanxi(["build", "news/央行.md", "-d", "without"]).expect_status(0);
    scratch.guanxi(["build", "news/央行.md", "news/kestrel.txt", "news/records.jsonl", "-d", "with"]).expect_status(0);
    scratch.guanxi(["forget", "-d", "with", "news/kestrel.txt", "a1", "https://example.org/a2"]).expect_status(0);
    let dump = |db| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    assert_eq!(dump("without"), dump("with"));
    scratch.guanxi(["forget", "-d", "with", "news/kestrel.txt"]).expect_status(4);
}
