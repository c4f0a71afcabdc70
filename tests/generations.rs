//! The store as its user sees it: revisions, what happened to it, and one clear error where it cannot be used.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

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

#[test]
fn a_store_is_read_while_another_process_builds() {
    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    let mut text = String::new();
    for number in 0..3000 {
        text += &format!("Kestrel {number} Capital invested 300 million yuan in Sugar {number} Holdings.\n");
    }
    scratch.write("more/long.txt", text);
    let mut build = scratch.command(env!("CARGO_BIN_EXE_guanxi"));
    let mut build =
        build.args(["build", "more", "--quiet"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut refused = 0;
    while build.try_wait().unwrap().is_none() {
        let reading = scratch.guanxi(["dump"]).expect_status(0).stdout;
        let done = build.try_wait().unwrap().is_some();
        assert!(done || reading == before, "a reader sees the state before the build, or that after it");
        if refused == 0 && !done {
            // The lock is taken once the program has started.
            thread::sleep(Duration::from_millis(300));
            let second = scratch.guanxi(["forget", "news/page.html"]);
            if second.status == 1 {
                second.expect_in_stderr("is being changed by another process");
                refused += 1;
            }
        }
    }
    assert!(build.wait().unwrap().success());
    assert_eq!(refused, 1, "a second writer is told so");
    assert_ne!(scratch.guanxi(["dump"]).expect_status(0).stdout, before);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
    // No file may grow beyond some kilobytes: the write fails half way, as on a full disk.
    let run = scratch.shell("trap '' XFSZ; ulimit -f 64; guanxi build news");
    let run = run.expect_status(1);
    if !cfg!(feature = "disk") {
        // RocksDB tells a full disk, but not a limit.
        run.expect_in_stderr("there is no room left to write guanxi.db/gen/2.tmp/");
    }
    assert!(scratch.guanxi(["dump"]).expect_status(0).stdout == before, "the store stays as it was");
    scratch.guanxi(["build", "news"]).expect_status(0).expect_in_stdout("revision 2");
    assert_eq!(fs::read_dir(scratch.path("guanxi.db/gen")).unwrap().count(), 1, "nothing half written is left");
}

#[cfg(unix)]
#[test]
fn a_read_only_store_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;

    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    let set = |mode| {
        for path in ["guanxi.db/gen/1", "guanxi.db/gen", "guanxi.db"] {
            fs::set_permissions(scratch.path(path), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o555);
    // The superuser writes everywhere; there is nothing to see for it.
    if fs::write(scratch.path("guanxi.db/probe"), b"").is_err() {
        scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
        for command in [&["build", "news"][..], &["forget", "news/page.html"], &["claim", "apply"]] {
            scratch.guanxi(command.iter().copied()).expect_status(1).expect_in_stderr("cannot be written");
        }
        assert_eq!(scratch.guanxi(["dump"]).expect_status(0).stdout, before);
    } else {
        fs::remove_file(scratch.path("guanxi.db/probe")).unwrap();
    }
    set(0o755);
}

#[test]
fn a_store_of_another_version_is_left_alone() {
    let scratch = Scratch::with_store();
    let files = scratch.files_below("guanxi.db/gen");
    scratch.write("guanxi.db/format", "2\n");
    for command in [&["build", "news"][..], &["info"], &["forget", "news/page.html"], &["dump", "--revision", "1"]] {
        scratch.guanxi(command.iter().copied()).expect_status(1).expect_in_stderr("has format 2");
    }
    assert_eq!(scratch.files_below("guanxi.db/gen"), files);
}

#[test]
fn what_is_purged_stands_nowhere_in_the_store() {
    let scratch = Scratch::with_store();
    scratch.write("news/secret.txt", "Marrowfat Capital invested 300 million yuan in Peachblossom Holdings.");
    scratch.guanxi(["build", "news", "--keep", "3"]).expect_status(0);
    let claim = claim_of(&scratch, "Peachblossom");
    scratch.guanxi(["claim", "reject", &claim, "--because", "a rumour"]).expect_status(0);
    scratch.write("news/secret.txt", "Marrowfat Capital invested 400 million yuan in Peachblossom Holdings.");
    scratch.guanxi(["build", "news", "--keep", "3"]).expect_status(0);
    let found = || {
        let files = scratch.files_below("guanxi.db");
        let holds = |words: &str| {
            files.iter().any(|(path, content)| {
                path.contains(words) || content.windows(words.len()).any(|part| part == words.as_bytes())
            })
        };
        ["Marrowfat", "Peachblossom", "secret.txt"].into_iter().filter(|words| holds(words)).collect::<Vec<_>>()
    };
    assert_eq!(found().len(), 3);
    let run = scratch.guanxi(["forget", "--purge", "news/secret.txt"]).expect_status(0);
    run.expect_in_stderr("purged news/secret.txt");
    assert!(found().is_empty(), "{:?} is left", found());
    scratch.guanxi(["forget", "--purge", "news/secret.txt"]).expect_status(4);
}

#[test]
fn a_rejected_claim_stays_out_through_rebuilds_and_other_rules() {
    let scratch = Scratch::with_store();
    let kestrel = ["explain", "Kestrel Capital", "investsIn", "Sugar Fish Holdings"];
    scratch.guanxi(kestrel).expect_status(0);
    let untouched = scratch.guanxi(["dump"]).stdout;
    let claim = claim_of(&scratch, "invested 300 million yuan");

    let wrong = format!("{}0{}", &claim[..7], &claim[8..12]);
    let unknown = scratch.guanxi(["claim", "reject", &wrong, "--because", "?"]).expect_status(4);
    unknown.expect_in_stderr(&format!("did you mean `{claim}`?"));
    scratch.guanxi(["claim", "restore", &claim]).expect_status(4);
    assert_eq!(scratch.guanxi(["dump"]).stdout, untouched);

    let rejected = scratch.guanxi(["claim", "reject", &claim[..12], "--because", "it was a loan"]).expect_status(0);
    rejected.expect_in_stderr("Kestrel Capital —investsIn→ Sugar Fish Holdings");
    let left = scratch.guanxi(kestrel).expect_status(0);
    left.expect_in_stdout("Kestrel Capital backs Sugar Fish").expect_in_stdout("because: it was a loan");
    // It stands in the text twice: as the title and as the first line.
    let headlines = claims_of(&scratch, "Kestrel Capital backs Sugar Fish");
    assert_eq!(headlines.len(), 2);
    scratch.guanxi(["claim", "reject", &headlines[0], &headlines[1], "--because", "as below"]).expect_status(0);
    scratch.guanxi(kestrel).expect_status(4).expect_in_stderr("a claim that says so was rejected");
    let explained = scratch.guanxi(["explain", &claim[..12]]).expect_status(0);
    explained.expect_in_stdout("because: it was a loan").expect_in_stdout("invested 300 million yuan");
    let ask = "SELECT ?quote { GRAPH ?document { ?claim gx:verdict gx:rejected ; gx:quote ?quote } }";
    scratch.guanxi(["query", "-e", ask]).expect_status(0).expect_in_stdout("300 million yuan");
    scratch.guanxi(["info"]).expect_in_stdout("judgements  3 in force");
    scratch.guanxi(["claim", "list", "--format", "tsv"]).expect_in_stdout("rejected\tin force\tKestrel Capital");

    // The same texts and judgements give the same bytes, however the store came about; with other rules it holds still.
    let after = scratch.guanxi(["dump"]).stdout;
    let judgements = fs::read_to_string(scratch.path("guanxi.db/judgements.toml")).unwrap();
    scratch.write("shared/decided.toml", &judgements);
    let file = ["--judgements", "shared/decided.toml"];
    scratch.guanxi(["build", "news", "-d", "fresh.db"].into_iter().chain(file)).expect_status(0);
    assert!(scratch.guanxi(["dump", "-d", "fresh.db"]).stdout == after, "a fresh build differs");
    scratch.guanxi(["build", "news", "--no-models"]).expect_status(0);
    scratch.guanxi(kestrel).expect_status(4);
    scratch.write("all.nq", &after);
    scratch.guanxi(["restore", "all.nq", "-d", "copy.db"]).expect_status(0);
    assert!(scratch.guanxi(["dump", "-d", "copy.db"]).stdout == after, "a restored store differs");
    assert_eq!(fs::read_to_string(scratch.path("copy.db/judgements.toml")).unwrap(), judgements);

    scratch.guanxi(["forget", "news/kestrel.txt", "-d", "copy.db"]).expect_status(0);
    scratch.guanxi(["info", "-d", "copy.db"]).expect_in_stdout("3 without a claim");
    scratch.guanxi(["claim", "list", "-d", "copy.db", "--format", "tsv"]).expect_in_stdout("meets no claim");

    // Somebody else's decisions come with the file.
    scratch.write("shared/decided.toml", "");
    let listed = scratch.guanxi(["claim", "list", "-d", "fresh.db", "--format", "tsv"].into_iter().chain(file));
    listed.expect_in_stdout("withdrawn").expect_in_stderr("guanxi claim apply");
    scratch.guanxi(["claim", "apply", "-d", "fresh.db"].into_iter().chain(file)).expect_status(0);
    assert!(scratch.guanxi(["dump", "-d", "fresh.db"]).stdout == untouched, "nothing is decided any more");
    scratch.write("shared/decided.toml", judgements.replacen("[[claim]]", "[[clam]]", 1));
    let broken = scratch.guanxi(["claim", "apply", "-d", "fresh.db"].into_iter().chain(file)).expect_status(1);
    broken.expect_in_stderr("unknown kind of judgement `clam`").expect_in_stderr("shared/decided.toml:5");

    scratch.guanxi(["build", "news"]).expect_status(0);
    scratch.guanxi(["claim", "restore", &claim[..12], &headlines[0], &headlines[1]]).expect_status(0);
    assert!(scratch.guanxi(["dump"]).stdout == untouched, "taken back");
}

/// The id of the claim whose quote holds these words.
fn claim_of(scratch: &Scratch, words: &str) -> String {
    claims_of(scratch, words).remove(0)
}

/// The ids of the claims whose quotes hold these words.
fn claims_of(scratch: &Scratch, words: &str) -> Vec<String> {
    let ask = format!(
        "SELECT ?claim {{ GRAPH ?document {{ ?claim a gx:Claim ; gx:quote ?quote FILTER(CONTAINS(?quote, \"{words}\")) }} }}"
    );
    let claims = scratch.guanxi(["query", "-e", &ask, "--format", "csv"]).expect_status(0).stdout;
    claims.lines().skip(1).filter_map(|iri| iri.trim().rsplit('/').next()).map(str::to_owned).collect()
}
