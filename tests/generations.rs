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

    // Somebody else's decisions come with the file, which the store remembers.
    scratch.write("shared/decided.toml", "");
    let listed = scratch.guanxi(["claim", "list", "-d", "fresh.db", "--format", "tsv"]);
    listed.expect_in_stdout("withdrawn").expect_in_stderr("guanxi claim apply");
    let applied = scratch.guanxi(["claim", "apply", "-d", "fresh.db"]).expect_status(0);
    applied.expect_in_stderr("3 judgements hold no longer");
    assert!(scratch.guanxi(["dump", "-d", "fresh.db"]).stdout == untouched, "nothing is decided any more");
    scratch.write("shared/decided.toml", judgements.replacen("[[claim]]", "[[clam]]", 1));
    let broken = scratch.guanxi(["claim", "apply", "-d", "fresh.db"]).expect_status(1);
    broken.expect_in_stderr("unknown kind of judgement `clam`").expect_in_stderr("shared/decided.toml:5");

    scratch.guanxi(["build", "news"]).expect_status(0);
    scratch.guanxi(["claim", "restore", &claim[..12], &headlines[0], &headlines[1]]).expect_status(0);
    assert!(scratch.guanxi(["dump"]).stdout == untouched, "taken back");
}

#[test]
fn a_store_remembers_where_its_judgements_are_kept() {
    let scratch = Scratch::with_store();
    scratch
        .guanxi(["claim", "reject", &claim_of(&scratch, "300 million yuan"), "--because", "a loan"])
        .expect_status(0);
    let file = fs::read_to_string(scratch.path("guanxi.db/judgements.toml")).unwrap();
    scratch.write("shared/decided.toml", &file);
    let in_force = |scratch: &Scratch| {
        let info = scratch.guanxi(["info", "-d", "other.db"]).expect_status(0);
        info.expect_in_stdout("judgements  1 in force, in shared/decided.toml");
    };
    let missing = ["build", "news", "-d", "other.db", "--judgements", "shared/dceided.toml"];
    scratch.guanxi(missing).expect_status(1).expect_in_stderr("shared/dceided.toml, which is not there");
    scratch.guanxi(["build", "news", "-d", "other.db", "--judgements", "shared/decided.toml"]).expect_status(0);
    in_force(&scratch);
    scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
    scratch.guanxi(["build", "news", "-d", "other.db"]).expect_status(0);
    scratch.guanxi(["forget", "news/late.txt", "-d", "other.db"]).expect_status(0);
    in_force(&scratch);

    // Seen from elsewhere, and moved together with its file, it is the same.
    let elsewhere =
        scratch.shell("mkdir away && mv other.db shared away/ && cd away/other.db && guanxi claim apply -d .");
    elsewhere.expect_status(0).expect_in_stderr("1 claims rejected");
    scratch.shell("mv away/* .").expect_status(0);
    let second = claim_of(&scratch, "Kestrel Capital backs");
    let rejected = scratch.guanxi(["claim", "reject", &second, "--because", "as above", "-d", "other.db"]);
    rejected.expect_status(0).expect_in_stderr("written to shared/decided.toml");
    assert!(!scratch.path("other.db/judgements.toml").exists());
    let decided = fs::read_to_string(scratch.path("shared/decided.toml")).unwrap();
    assert!(decided.contains(&second));

    fs::rename(scratch.path("shared/decided.toml"), scratch.path("gone.toml")).unwrap();
    let dump = scratch.guanxi(["dump", "-d", "other.db"]).stdout;
    for command in [&["build", "news"][..], &["forget", "news/page.html"], &["claim", "apply"], &["claim", "list"]] {
        let run = scratch.guanxi(command.iter().copied().chain(["-d", "other.db"])).expect_status(1);
        run.expect_in_stderr("are kept in shared/decided.toml, which is not there").expect_in_stderr("--no-judgements");
    }
    scratch.guanxi(["info", "-d", "other.db"]).expect_status(0).expect_in_stdout("which is not there");
    assert!(scratch.guanxi(["dump", "-d", "other.db"]).stdout == dump);
    let without = scratch.guanxi(["claim", "apply", "-d", "other.db", "--no-judgements"]).expect_status(0);
    without.expect_in_stderr("2 judgements hold no longer").expect_in_stderr("0 claims rejected");
    let unplaced = scratch.guanxi(["claim", "reject", &second, "--because", "?", "-d", "other.db"]).expect_status(1);
    unplaced.expect_in_stderr("is kept without judgements");
    scratch.guanxi(["build", "news", "-d", "other.db", "--judgements", "gone.toml"]).expect_status(0);
    let purged = scratch.guanxi(["forget", "--purge", "news/kestrel.txt", "-d", "other.db"]).expect_status(0);
    purged.expect_in_stderr("2 judgements quoted what was purged, and were taken out of gone.toml");
    assert!(!fs::read_to_string(scratch.path("gone.toml")).unwrap().contains("Kestrel"));

    // The file in the folder of the store is no less needed.
    fs::remove_file(scratch.path("guanxi.db/judgements.toml")).unwrap();
    let run = scratch.guanxi(["build", "news"]).expect_status(1);
    run.expect_in_stderr("guanxi.db/judgements.toml, which is not there");
}

#[test]
fn a_decision_keeps_older_revisions_and_stands_in_the_history() {
    let scratch = Scratch::with_store();
    scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
    scratch.guanxi(["build", "news", "--keep", "3"]).expect_status(0);
    let claim = claim_of(&scratch, "300 million yuan");
    scratch.guanxi(["claim", "reject", &claim, "--because", "a loan", "--keep", "2"]).expect_status(0);
    scratch.guanxi(["info", "--revision", "1"]).expect_status(0);
    scratch.guanxi(["claim", "restore", &claim]).expect_status(0);
    scratch.guanxi(["info", "--revision", "1"]).expect_status(4).expect_in_stderr("it holds 2, 3, 4");
    let listed = scratch.guanxi(["info", "--history", "--format", "tsv"]).expect_status(0);
    let listed = listed.expect_in_stdout(&format!("3\tnews/kestrel.txt\tclaim {claim} rejected\t"));
    listed.expect_in_stdout(&format!("4\tnews/kestrel.txt\tclaim {claim} restored\t")).expect_in_stdout("\ta loan");
    scratch.guanxi(["forget", "news/late.txt", "--keep", "1"]).expect_status(0);
    scratch.guanxi(["info", "--revision", "4"]).expect_status(0);
    scratch.guanxi(["forget", "news/page.html", "--keep", "1", "--purge"]).expect_status(2);
}

#[cfg(unix)]
#[test]
fn a_decision_that_cannot_be_kept_is_not_made() {
    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    let claim = claim_of(&scratch, "300 million yuan");
    let reject = format!("trap '' XFSZ; ulimit -f 64; guanxi claim reject {claim} --because 'a loan'");
    scratch.shell(&reject).expect_status(1);
    let files: Vec<String> = scratch.files_below("guanxi.db").into_iter().map(|(path, _)| path).collect();
    assert!(files.iter().all(|path| !path.contains("judgements") && !path.contains("gen/2")), "{files:?}");
    assert!(scratch.guanxi(["dump"]).stdout == before);
    scratch.write("shared/decided.toml", "");
    fs::create_dir(scratch.path("shared/decided.toml.tmp")).unwrap();
    let blocked = ["claim", "reject", &claim, "--because", "a loan", "--judgements", "shared/decided.toml"];
    scratch.guanxi(blocked).expect_status(1).expect_in_stderr("the judgements in shared/decided.toml");
    assert!(!scratch.path("guanxi.db/gen/2").exists() && !scratch.path("guanxi.db/gen/2.tmp").exists());
}

#[test]
fn an_entry_that_contradicts_its_claim_is_told_and_does_not_hold() {
    let scratch = Scratch::with_store();
    let claim = claim_of(&scratch, "300 million yuan");
    scratch.guanxi(["claim", "reject", &claim, "--because", "a loan"]).expect_status(0);
    let path = "guanxi.db/judgements.toml";
    let file = fs::read_to_string(scratch.path(path)).unwrap();
    scratch.write(path, file.replacen("object = \"", "object = \"Not ", 1));
    let told = scratch.guanxi(["build", "news"]).expect_status(3);
    told.expect_in_stderr(&format!("the judgement on claim {claim} does not hold"));
    scratch.guanxi(["claim", "list", "--format", "tsv"]).expect_in_stdout("rejected\tcontradicts its claim");
    scratch.guanxi(["info"]).expect_in_stdout("1 against its claim");
    scratch.write(path, file.replacen(&claim, "zzz", 1));
    scratch
        .guanxi(["claim", "apply"])
        .expect_status(1)
        .expect_in_stderr("judgements.toml:6")
        .expect_in_stderr("no id of a claim");
    let mut broken = file.clone().into_bytes();
    broken.extend(b"# \xff\n");
    scratch.write(path, &broken);
    let line = file.lines().count() + 1;
    scratch.guanxi(["claim", "apply"]).expect_status(1).expect_in_stderr(&format!("line {line} is no UTF-8"));
}

#[test]
fn a_dump_that_was_cut_off_is_not_restored() {
    let scratch = Scratch::with_store();
    let dump = scratch.guanxi(["dump"]).expect_status(0).stdout;
    let lines: Vec<&str> = dump.lines().collect();
    scratch.write("cut.nq", format!("{}\n", lines[..lines.len() - 2].join("\n")));
    for command in [&["restore", "cut.nq", "-d", "new.db"][..], &["diff", "cut.nq", "guanxi.db"]] {
        let refused = scratch.guanxi(command.iter().copied()).expect_status(1);
        refused
            .expect_in_stderr("cut.nq: the dump is not as `guanxi dump` wrote it: the closing line is missing")
            .expect_in_stderr("--unchecked");
    }
    assert!(!scratch.path("new.db/CURRENT").exists());
    scratch.guanxi(["diff", "cut.nq", "guanxi.db", "--unchecked"]).expect_status(0);
    scratch.guanxi(["restore", "cut.nq", "-d", "new.db", "--unchecked"]).expect_status(0);
}

#[test]
fn a_damaged_store_says_what_to_do() {
    let scratch = Scratch::with_store();
    scratch.write("news/late.txt", "Kestrel Capital acquired Late Holdings.");
    scratch.guanxi(["build", "news", "--keep", "1"]).expect_status(0);
    fs::write(scratch.path("guanxi.db/gen/2/meta.json"), "{").unwrap();
    let told =
        scratch.guanxi(["info"]).expect_status(1).expect_in_stderr("the store is damaged at guanxi.db/gen/2/meta.json");
    told.expect_in_stderr("guanxi restore DUMP -d NEW").expect_in_stderr("`--revision 1` reads it");
    scratch.guanxi(["info", "--revision", "1"]).expect_status(0);
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

#[cfg(unix)]
#[test]
fn file_names_that_differ_in_bytes_are_two_sources() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let scratch = Scratch::new();
    fs::create_dir(scratch.path("in")).unwrap();
    for (name, firm) in [(b"a\xff.txt", "Late"), (b"a\xfe.txt", "Early")] {
        let path = scratch.path("in").join(OsStr::from_bytes(name));
        fs::write(path, format!("Kestrel Capital acquired {firm} Holdings.")).unwrap();
    }
    scratch.guanxi(["build", "in"]).expect_status(0).expect_in_stdout("2 new");
    scratch.guanxi(["build", "in"]).expect_status(0).expect_in_stdout("2 unchanged");
    let listed = scratch.guanxi(["info", "--documents"]).expect_in_stdout("in/a%FE.txt");
    listed.expect_in_stdout("in/a%FF.txt");
    scratch.guanxi(["forget", "in/a%FF.txt"]).expect_status(0).expect_in_stderr("1 documents");
}

#[test]
fn a_source_holds_what_it_gives_now() {
    let scratch = Scratch::new();
    let record = |id: &str, firm: &str, rest: &str| {
        format!("{{\"id\": \"{id}\", \"text\": \"Kestrel Capital acquired {firm} Holdings.\"{rest}}}\n")
    };
    let url = ", \"url\": \"https://example.org/2\"";
    let [one, two, three] = [record("1", "Late", ""), record("2", "Early", url), record("3", "Noon", "")];
    let dump = |db: &str| scratch.guanxi(["dump", "-d", db]).expect_status(0).stdout;
    let build = |db: &str| scratch.guanxi(["build", "in", "-d", db]);
    let fresh = || {
        let _ = fs::remove_dir_all(scratch.path("fresh.db"));
        build("fresh.db");
        dump("fresh.db")
    };
    scratch.write("in/news.jsonl", format!("{one}{two}{three}"));
    scratch.write("in/a.txt", "Kestrel Capital acquired Dusk Holdings.");
    build("guanxi.db").expect_status(0);
    scratch.write("in/news.jsonl", &three);
    build("guanxi.db").expect_status(0).expect_in_stdout("2 unchanged, 2 forgotten");
    assert!(dump("guanxi.db") == fresh(), "records that are gone have gone");

    scratch.write("in/news.jsonl", format!("{one}{two}{three}"));
    build("guanxi.db").expect_status(0);
    scratch.write("in/news.jsonl", format!("{one}{{\"id\": \n"));
    let kept = dump("guanxi.db");
    build("guanxi.db").expect_status(3).expect_in_stderr("2 records that it held before are kept");
    assert!(dump("guanxi.db") == kept);
    scratch.write("in/a.txt", "");
    let emptied = build("guanxi.db").expect_status(3);
    emptied.expect_in_stderr("in/a.txt: what it said before is kept; `guanxi forget in/a.txt`");
    assert!(dump("guanxi.db") == kept);

    fs::remove_file(scratch.path("in/a.txt")).unwrap();
    scratch.write("in/b.txt", "Kestrel Capital acquired Dawn Holdings.");
    fs::remove_file(scratch.path("in/news.jsonl")).unwrap();
    let gone = build("guanxi.db").expect_status(0);
    gone.expect_in_stderr("2 files that were read before are gone").expect_in_stderr("`guanxi forget --gone in`");
    scratch.guanxi(["forget", "--gone", "in"]).expect_status(0).expect_in_stderr("1 documents");
    assert!(dump("guanxi.db") == fresh());
    assert_eq!(build("guanxi.db").expect_status(0).stderr, "");
}

#[test]
fn a_file_is_one_source_however_its_path_is_written() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Kestrel Capital acquired Late Holdings.");
    let record = "{\"id\": 1, \"text\": \"Kestrel Capital acquired Dusk Holdings.\"}\n";
    scratch.write("in/news.jsonl", record);
    scratch.guanxi(["build", "in"]).expect_status(0);
    let whole = scratch.path("in").canonicalize().unwrap();
    let whole = whole.to_str().unwrap();
    scratch.guanxi(["build", "in", whole, "./in/../in/a.txt"]).expect_status(0).expect_in_stdout("2 unchanged\n");
    scratch.guanxi(["build", whole]).expect_status(0).expect_in_stdout("2 unchanged\n");
    scratch.write("in/a.txt", "Kestrel Capital acquired Early Holdings.");
    scratch.guanxi(["build", &format!("{whole}/a.txt")]).expect_status(0).expect_in_stdout("1 changed");
    let forgotten = scratch.guanxi(["forget", &format!("{whole}/a.txt"), "./in/news.jsonl"]).expect_status(0);
    forgotten.expect_in_stderr("0 documents");
}
