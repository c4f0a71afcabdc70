//! `guanxi export` as a user runs it: every format, the choices, and files that are there whole or not at all.

use std::fs;

use crate::support::Scratch;

/// Formats of one file, each with what it begins with.
const FORMATS: [(&str, &str); 13] = [
    ("nq", "<https://"),
    ("trig", "@prefix rdf:"),
    ("jsonld", "[{\"@id\""),
    ("nt", "<https://"),
    ("ttl", "@prefix rdf:"),
    ("rdfxml", "<?xml"),
    ("graphml", "<?xml"),
    ("gexf", "<?xml"),
    ("cyjs", "{\"format_version\""),
    ("mermaid", "flowchart LR\n"),
    ("ftm", "{\"id\":"),
    ("bods", "[\n{"),
    ("cypher", "MERGE (n:Node"),
];

#[test]
fn every_format_is_written_to_a_file_as_to_standard_output() {
    let scratch = Scratch::with_store();
    for (format, begins) in FORMATS {
        let run = scratch.guanxi(["export", "--format", format]).expect_status(0);
        assert!(run.stdout.starts_with(begins), "{format}: {}", &run.stdout[..80]);
        scratch.guanxi(["export", "--format", format, "-o", "out"]).expect_status(0);
        assert!(fs::read_to_string(scratch.path("out")).unwrap() == run.stdout, "{format}");
    }
    let dump = scratch.guanxi(["dump"]).expect_status(0).stdout;
    assert!(scratch.guanxi(["export", "-o", "store.nq"]).expect_in_stderr("quads").status == 0);
    assert!(fs::read_to_string(scratch.path("store.nq")).unwrap() == dump, "nq is the dump");
    for format in ["csv", "neo4j"] {
        scratch.guanxi(["export", "--format", format, "-o", format]).expect_status(0);
        assert!(fs::read_to_string(scratch.path(format).join("nodes.csv")).unwrap().contains("Kestrel Capital"));
        let again = scratch.guanxi(["export", "--format", format, "-o", format]);
        again.expect_status(1).expect_in_stderr("nothing is overwritten");
        scratch.guanxi(["export", "--format", format]).expect_status(2).expect_in_stderr("-o FOLDER");
    }
}

#[test]
fn edges_are_chosen_by_status_day_and_focus() {
    let scratch = Scratch::with_store();
    let edges = |options: &[&str]| {
        let command = [&["export", "--format", "cypher", "--quiet"], options].concat();
        let lines = scratch.guanxi(command).expect_status(0).stdout;
        lines.lines().filter(|line| line.starts_with("MATCH")).count()
    };
    let plain = edges(&[]);
    assert!(plain > 0);
    assert!(edges(&["--status", "asserted,planned,reported,conditional"]) > plain);
    assert!(edges(&["--reference"]) > plain);
    assert!((1..plain).contains(&edges(&["--focus", "Kestrel Capital", "--hops", "1"])));
    assert!(edges(&["--min-confidence", "1", "--focus", "Kestrel Capital"]) < plain);
    assert!(edges(&["--as-of", "1900"]) <= plain);
}

#[test]
fn an_option_that_a_format_does_not_heed_is_refused() {
    let scratch = Scratch::with_store();
    for (options, says) in [
        (&["--format", "ttl", "--focus", "Tencent"][..], "CONSTRUCT"),
        (&["--format", "csv", "--owners", "Tencent", "-o", "x"], "--owners is for pictures"),
        (&["--format", "dot", "--status", "planned"], "--status is for nodes and edges"),
        (&["--format", "gexf", "--status", "maybe"], "`maybe` is none of"),
    ] {
        scratch.guanxi([&["export"], options].concat()).expect_status(2).expect_in_stderr(says);
    }
}

#[test]
fn the_ending_tells_the_format() {
    let scratch = Scratch::with_store();
    for (path, begins) in [
        ("graph.ftm.json", "{\"id\":"),
        ("graph.bods.json", "[\n{"),
        ("graph.bods", "[\n{"),
        ("graph.mmd", "flowchart LR"),
    ] {
        scratch.guanxi(["export", "-o", path]).expect_status(0);
        assert!(fs::read_to_string(scratch.path(path)).unwrap().starts_with(begins), "{path}");
    }
    scratch.guanxi(["export", "-o", "tables.csv"]).expect_status(0);
    assert!(scratch.path("tables.csv").join("edges.csv").is_file(), "a folder, as --format csv writes it");
    scratch.guanxi(["export", "-o", "graph.json"]).expect_status(2).expect_in_stderr("--format");
    for format in ["svg", "ftm", "nq"] {
        let run = scratch.guanxi(["export", "--format", format, "-o", "tables.csv"]);
        run.expect_status(2).expect_in_stderr("tables.csv is a folder").expect_in_stderr("name a file");
    }
}

#[test]
fn whom_no_fact_connects_stands_alone() {
    let scratch = Scratch::with_store();
    let alone = ["export", "--focus", "Kestrel Capital", "--min-confidence", "1", "--format", "mermaid"];
    scratch.guanxi(alone).expect_status(0).expect_in_stdout("Kestrel Capital").expect_in_stderr("1 nodes, 0 edges");
    let with_reference = ["export", "--focus", "Kestrel Capital", "--reference", "--format"];
    for format in ["mermaid", "dot"] {
        let run = scratch.guanxi([&with_reference[..], &[format]].concat()).expect_status(0);
        run.expect_in_stdout("Kestrel Capital");
    }
}

#[test]
fn what_fails_leaves_the_file_as_it_was() {
    let scratch = Scratch::new();
    scratch.write("undated.txt", "Acme Holdings owns 12% of Bolt Energy.");
    scratch.guanxi(["build", "undated.txt", "--quiet"]).expect_status(0);
    scratch.write("graph.json", "old");
    let run = scratch.guanxi(["export", "--format", "bods", "-o", "graph.json"]);
    run.expect_status(1).expect_in_stderr("a date for every statement").expect_in_stderr("--as-of");
    assert_eq!(fs::read_to_string(scratch.path("graph.json")).unwrap(), "old");
    let left = fs::read_dir(scratch.folder()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with(".guanxi-")), "nothing lies about");
    scratch.guanxi(["export", "--format", "bods", "--as-of", "2024-05-01", "-o", "graph.json"]).expect_status(0);
    assert!(fs::read_to_string(scratch.path("graph.json")).unwrap().contains("\"exact\":12"));
}
