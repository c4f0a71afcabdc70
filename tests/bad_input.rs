//! What a user can do wrong, one test each: the message names the place, the rest goes on, the exit status tells.

use std::fs::{self, File};
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::{Run, Scratch, copy_folder, root};

const SENTENCE: &str = "Tencent invested in Xiaohongshu.\n";

/// Extracts a good text beside a bad one, and expects the good one's claim and the loss.
fn extract_beside(name: &str, bad: &[u8]) -> Run {
    let scratch = Scratch::new();
    scratch.write("in/good.txt", SENTENCE);
    scratch.write(&format!("in/{name}"), bad);
    scratch.guanxi(["extract", "in"]).expect_in_stdout("\"investsIn\"")
}

#[test]
fn a_binary_file_is_named_and_skipped() {
    extract_beside("a.txt", b"%PDF-1.7\n%\xe2\xe3").expect_status(3).expect_in_stderr("in/a.txt: a PDF file");
    extract_beside("b.txt", b"\x01\x02\0\0\0\x03binary\0").expect_status(3).expect_in_stderr("in/b.txt: ");
}

#[test]
fn truncated_utf_8_is_read_as_far_as_it_goes() {
    let cut = &"Tencent invested in Xiaohongshu.\n腾讯控股投资了小红书".as_bytes()[..SENTENCE.len() + 7];
    let run = extract_beside("cut.txt", cut).expect_status(3).expect_in_stderr("in/cut.txt:2: ");
    assert_eq!(run.stdout.lines().count(), 2, "the whole sentence before the cut is read:\n{}", run.stdout);
}

#[test]
fn no_store_is_made_of_sources_that_are_not_there() {
    let scratch = Scratch::new();
    scratch.guanxi(["build", "gone.txt"]).expect_status(1).expect_in_stderr("no store was made at guanxi.db");
    assert!(!scratch.path("guanxi.db").exists());
    scratch.write("a.txt", SENTENCE);
    scratch.guanxi(["build", "gone.txt", "a.txt"]).expect_status(3);
    scratch.guanxi(["build", "gone.txt"]).expect_status(3);
}

#[test]
fn no_store_is_made_of_sources_that_are_no_text() {
    let scratch = Scratch::new();
    scratch.write("a.txt", b"\x7FELF\0\0\0");
    scratch.write("b.jsonl", "{\"text\": \n");
    let none = scratch.guanxi(["build", "a.txt", "b.jsonl"]).expect_status(1);
    none.expect_in_stderr("nothing could be read of 2 sources, and no store was made at guanxi.db");
    assert!(!scratch.path("guanxi.db").exists());
    scratch.write("empty.txt", "");
    scratch.guanxi(["build", "empty.txt"]).expect_status(0);
    scratch.guanxi(["build", "a.txt"]).expect_status(3);
}

#[test]
fn an_empty_file_is_a_remark_and_no_loss() {
    extract_beside("empty.txt", b"").expect_status(0).expect_in_stderr("in/empty.txt: ");
}

#[test]
fn a_broken_json_line_is_named_and_the_other_records_are_read() {
    let run = extract_beside(
        "records.jsonl",
        b"{\"id\": \"1\", \"text\": \"Tencent invested in Xiaohongshu.\"}\n{\"id\": \"2\", \"text\": \n{\"id\": \"3\", \"text\": \"Tencent invested in Xiaohongshu.\"}\n",
    );
    let run = run.expect_status(3).expect_in_stderr("in/records.jsonl:2: no JSON");
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
}

#[test]
fn a_line_of_50_megabytes_is_read_to_its_end() {
    let scratch = Scratch::new();
    let unit = "Tencent invested in Xiaohongshu, and the weather was fine; ";
    scratch.write("long.txt", unit.repeat((50 << 20) / unit.len()));
    let began = Instant::now();
    let run = scratch.guanxi(["extract", "long.txt"]);
    assert!([0, 3].contains(&run.status), "{}: {}", run.status, run.stderr);
    assert!(run.stdout.contains("\"investsIn\""), "it says something: {}", run.stderr);
    assert!(began.elapsed() < Duration::from_secs(600));
}

#[test]
fn a_folder_without_text_says_what_was_looked_for() {
    let scratch = Scratch::new();
    scratch.write("pictures/a.png", b"\x89PNG");
    for command in ["extract", "build"] {
        scratch
            .guanxi([command, "pictures"])
            .expect_status(1)
            .expect_in_stderr("no text in pictures: looked for .txt .md .html .jsonl");
    }
    assert!(!scratch.path("guanxi.db").exists(), "no store is made for nothing");
}

#[test]
fn a_missing_file_is_named_and_the_rest_goes_on() {
    let scratch = Scratch::new();
    scratch.write("good.txt", SENTENCE);
    scratch
        .guanxi(["extract", "gone.txt", "good.txt"])
        .expect_status(3)
        .expect_in_stderr("gone.txt: cannot be read: no such file")
        .expect_in_stdout("\"investsIn\"");
}

/// A copy of the data folder in which the first file of `part` that holds `from` says `to` instead.
fn with_typo(part: &str, from: &str, to: &str) -> (Scratch, String) {
    let scratch = Scratch::new();
    copy_folder(&root().join("data"), &scratch.path("data"));
    let mut folders = vec![scratch.path("data").join(part)];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            if let Some(position) = text.find(from) {
                fs::write(&path, text.replacen(from, to, 1)).unwrap();
                let line = text[..position].matches('\n').count() + 1;
                let path = path.strip_prefix(scratch.folder()).unwrap().to_string_lossy().into_owned();
                return (scratch, format!("{path}:{line}"));
            }
        }
    }
    panic!("no file of data/{part} holds {from}");
}

#[test]
fn a_typo_in_a_rule_shows_its_place() {
    let (scratch, place) = with_typo("rules", "\ncounterexample", "\ncounterexampel");
    scratch.write("a.txt", SENTENCE);
    let run = scratch.guanxi(["extract", "a.txt", "--data", "data"]).expect_status(1);
    let file = place.split(':').next().unwrap();
    let run = run.expect_in_stderr(&format!("--> {file}:")).expect_in_stderr("counterexampel").expect_in_stderr("^");
    assert_eq!(run.stdout, "");
}

#[test]
fn a_typo_in_the_schema_shows_its_place() {
    let (scratch, place) = with_typo("schema", "kind = \"predicate\"", "kind = \"predicat\"");
    scratch.write("a.txt", SENTENCE);
    scratch
        .guanxi(["extract", "a.txt", "--data", "data"])
        .expect_status(1)
        .expect_in_stderr(&format!("--> {place}"))
        .expect_in_stderr("predicat")
        .expect_in_stderr("^");
}

#[test]
fn every_bad_cell_of_a_table_shows_its_place() {
    let scratch = Scratch::new();
    let table = "id,class,country,name.en,facts.subsidiaryOf,source\n\
                 xx-a,Company,XX,A Rail,xx-b from=2020-13,unverified\n\
                 xx-b,Compny,XX,B Rail,,unverified\n";
    scratch.write("mine/reference/firms.csv", table);
    scratch.write("a.txt", SENTENCE);
    let run = scratch.guanxi(["extract", "a.txt", "--data", "mine"]).expect_status(1);
    run.expect_in_stderr("--> mine/reference/firms.csv:2:34")
        .expect_in_stderr("`2020-13` is no date")
        .expect_in_stderr("--> mine/reference/firms.csv:3:6")
        .expect_in_stderr("did you mean `Company`?")
        .expect_in_stderr("^");
}

#[test]
fn a_typo_in_sparql_has_a_caret_and_a_hint() {
    let scratch = Scratch::with_store();
    scratch
        .guanxi(["query", "-e", "SELEC * { ?who gx:investsIn ?what }"])
        .expect_status(1)
        .expect_in_stderr("SELEC")
        .expect_in_stderr("^")
        .expect_in_stderr("did you mean SELECT");
    scratch.guanxi(["query", "-e", "SELECT * {\n  ?who gx:investIn ?what\n}"]).expect_in_stderr("investsIn");
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let scratch = Scratch::with_store();
    for command in [["reach", "Peoples Bank of Chima"], ["reach", "Xiaohongsu"]] {
        let run = scratch.guanxi(command).expect_status(4).expect_in_stderr(command[1]);
        assert!(run.stderr.contains("People's Bank of China") || run.stderr.contains("Xiaohongshu"), "{}", run.stderr);
    }
}

#[test]
fn an_ambiguous_name_lists_the_candidates() {
    Scratch::with_store()
        .guanxi(["reach", "Kestrel"])
        .expect_status(4)
        .expect_in_stderr("Kestrel Capital")
        .expect_in_stderr("Kestrel Logistics");
}

#[test]
fn a_store_that_is_not_there_says_how_to_build_one() {
    Scratch::new().guanxi(["info"]).expect_status(4).expect_in_stderr("guanxi build");
}

#[test]
fn a_store_of_another_version_is_refused() {
    let scratch = Scratch::with_store();
    scratch.write("guanxi.db/format", "9\n");
    for command in [&["info"][..], &["query", "-e", "ASK {}"], &["build", "news"]] {
        scratch.guanxi(command.iter().copied()).expect_status(1).expect_in_stderr("has format 9");
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let scratch = Scratch::with_news();
    // Permissions do not hold back root, a file in the way does.
    scratch.write("file", "in the way");
    scratch.guanxi(["build", "news", "-d", "file/guanxi.db"]).expect_status(1).expect_in_stderr("file/guanxi.db");
    scratch.guanxi(["build", "news", "-d", "file"]).expect_status(1).expect_in_stderr("file");
    assert_eq!(fs::read_to_string(scratch.path("file")).unwrap(), "in the way");
}

#[test]
fn a_second_writer_is_turned_away() {
    let scratch = Scratch::with_store();
    let (mut first, mut text) = building_from_a_pipe(&scratch);
    scratch.guanxi(["build", "news"]).expect_status(1).expect_in_stderr("another process");
    scratch.guanxi(["info"]).expect_status(0);

    text.write_all(SENTENCE.as_bytes()).unwrap();
    drop(text);
    assert!(first.wait().unwrap().success());
    scratch.guanxi(["build", "news"]).expect_status(0);
}

#[test]
fn a_build_that_is_interrupted_says_so_and_leaves_the_store_alone() {
    let scratch = Scratch::with_store();
    let before = scratch.guanxi(["dump"]).stdout;
    let (first, text) = building_from_a_pipe(&scratch);
    assert!(Command::new("kill").args(["-INT", &first.id().to_string()]).status().unwrap().success());
    assert_eq!(first.wait_with_output().unwrap().status.code(), Some(130));
    drop(text);
    assert_eq!(scratch.guanxi(["dump"]).stdout, before);
}

/// A build that has begun, and waits for the text that is written to the other end of its pipe.
fn building_from_a_pipe(scratch: &Scratch) -> (Child, File) {
    let pipe = scratch.path("pipe.txt");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = scratch.command(env!("CARGO_BIN_EXE_guanxi"));
    let build = command.args(["build", "pipe.txt"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // A pipe opens when both ends are there: the build reads now, with the lock in its hand.
    let (opened, other_end) = mpsc::channel();
    thread::spawn(move || opened.send(fs::OpenOptions::new().write(true).open(pipe).unwrap()));
    (build, other_end.recv_timeout(Duration::from_secs(60)).expect("the build reads"))
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let scratch = Scratch::with_news();
    scratch.write("many.txt", SENTENCE.repeat(20_000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["extract", "many.txt"])
        .current_dir(scratch.folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn a_greatest_number_leaves_something() {
    let scratch = Scratch::with_store();
    for words in [
        &["trace", "--from", "Tencent", "--to", "小红书", "--paths", "0"][..],
        &["trace", "--from", "Tencent", "--to", "小红书", "--max-hops", "0"],
        &["reach", "Tencent", "--max-hops", "0"],
        &["dominators", "Tencent", "--searches", "0"],
        &["cycles", "--cycles", "0"],
        &["rank", "--by", "betweenness", "--samples", "0"],
        &["entity", "find", "银行", "--limit", "0"],
    ] {
        scratch.guanxi(words.iter().copied()).expect_status(2).expect_in_stderr("it must be 1 or more");
    }
}

#[test]
fn a_query_that_takes_too_long_is_stopped() {
    let scratch = Scratch::with_store();
    let numbers: String = (0..400).map(|n| format!("{n} ")).collect();
    let product = ["a", "b", "c", "d"].map(|name| format!("VALUES ?{name} {{ {numbers} }}")).concat();
    let quick = Instant::now();
    scratch.guanxi(["query", "--timeout", "1", "-e", "ASK {}"]).expect_status(0);
    let quick = quick.elapsed();
    // None of them asks the store for anything, where the library would look whether it was called off.
    for query in [
        format!("SELECT (COUNT(*) AS ?n) {{ {product} }}"),
        format!("SELECT * {{ {product} }} ORDER BY DESC(?d) ?a"),
        format!("SELECT (SUM(?a * ?b) AS ?n) {{ {product} }} GROUP BY ?c"),
    ] {
        let began = Instant::now();
        scratch.guanxi(["query", "--timeout", "1", "-e", &query]).expect_status(124).expect_in_stderr("1 s");
        // A tenth of a second on a machine of one's own; tests share theirs.
        assert!(began.elapsed() < quick + Duration::from_secs(4), "{:?}: {query}", began.elapsed());
    }
}
