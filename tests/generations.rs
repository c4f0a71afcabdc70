//! The store as its user sees it: revisions, what happened to it, and one clear error where it cannot be used.

use crate::support::Scratch;

#[test]
fn a_kept_revision_is_read_by_every_command_that_reads() {
    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
    scratch.guanxi(["build", "news", "--keep", "1"]).expect_status(0);
    assert_ne!(scratch.guanxi(["dump"]).stdout, before);
    assert_eq!(scratch.guanxi(["dump", "--revision", "1"]).expect_status(0).stdout, before);
    for command in [
        &["info"][..],
        &["query", "-e", "ASK {}"],
        &["entity", "show", "Sugar Fish Holdings"],
        &["entity", "find", "Heron"],
        &["explain", "Kestrel Capital", "investsIn"],
        &["audit"],
        &["reach", "央行"],
        &["trace", "--from", "Kestrel Capital", "--to", "Sugar Fish Holdings"],
        &["export", "--focus", "Sugar Fish Holdings", "--format", "dot"],
    ] {
        let now = scratch.guanxi(command.iter().copied());
        let then = scratch.guanxi(command.iter().copied().chain(["--revision", "1"]));
        assert_eq!((then.status, now.status), (0, 0), "{command:?}: {}{}", now.stderr, then.stderr);
        let none = scratch.guanxi(command.iter().copied().chain(["--revision", "7"])).expect_status(4);
        none.expect_in_stderr("holds no revision 7; it holds 1, 2");
    }
    let listed = |revision| scratch.guanxi(["info", "--documents", "--revision", revision]).expect_status(0).stdout;
    assert!(!listed("1").contains("news/late.txt") && listed("2").contains("news/late.txt"));
    scratch.guanxi(["info", "--revision", "1"]).expect_in_stdout("revision    1");
}

#[test]
fn the_history_is_listed_and_travels_with_a_dump() {
    let scratch = Scratch::with_store();
    scratch.write("news/kestrel.txt", "Kestrel Capital acquired Late Holdings.");
    scratch.guanxi(["build", "news"]).expect_status(0);
    scratch.guanxi(["forget", "news/page.html"]).expect_status(0);
    let listed = scratch.guanxi(["info", "--history", "--format", "tsv"]).expect_status(0).stdout;
    for line in ["2\tnews/kestrel.txt\treplaced", "2\tnews/kestrel.txt\treplacement", "3\tnews/page.html\tforgotten"] {
        assert!(listed.contains(line), "{line} in\n{listed}");
    }
    assert!(listed.lines().any(|line| line.starts_with("1\tnews/央行.md\tnew")), "{listed}");
    let ask = "SELECT (COUNT(?change) AS ?changes) { GRAPH <https://w3id.org/guanxi/ns#graph/history> { ?change a gx:Change } }";
    scratch.guanxi(["query", "-e", ask]).expect_status(0).expect_in_stdout("2");

    let whole = scratch.guanxi(["dump", "--with-history"]).expect_status(0).stdout;
    assert!(!scratch.guanxi(["dump"]).stdout.contains("graph/history"));
    scratch.write("whole.nq", &whole);
    scratch.guanxi(["restore", "whole.nq", "-d", "copy.db"]).expect_status(0).expect_in_stdout("revision 3");
    assert!(scratch.guanxi(["dump", "--with-history", "-d", "copy.db"]).stdout == whole, "the copy differs");
}
