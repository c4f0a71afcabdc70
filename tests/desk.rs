//! What makes the command pleasant: settings, formats, mistakes in queries, manual pages, harmless output.

use std::fs;

use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr;

use crate::cli::{settings, shown};
use crate::support::{Run, Scratch};

/// The path of each command that has arguments of its own.
fn commands() -> Vec<Vec<String>> {
    let scratch = Scratch::new();
    scratch.guanxi(["man", "--all", "man"]).expect_status(0);
    let mut pages: Vec<_> = fs::read_dir(scratch.path("man")).unwrap().map(|page| page.unwrap().file_name()).collect();
    pages.sort();
    let command = |page: &str| page.trim_end_matches(".1").split('-').skip(1).map(str::to_owned).collect();
    pages.iter().map(|page| command(page.to_str().unwrap())).collect()
}

#[test]
fn every_help_fits_80_columns_and_every_command_has_a_manual_page() {
    let scratch = Scratch::new();
    let commands = commands();
    for name in [&["query"][..], &["rules", "test"], &["entity", "find"], &["restore"], &[]] {
        assert!(commands.iter().any(|command| command == name), "no page for {name:?}");
    }
    for command in commands {
        let words = || command.iter().map(String::as_str);
        for flag in ["--help", "-h"] {
            let help = scratch.guanxi(words().chain([flag])).expect_status(0).stdout;
            let wide: Vec<_> = help.lines().filter(|line| line.width() > 80).collect();
            assert!(wide.is_empty(), "{command:?} {flag}: {wide:#?}");
        }
        scratch.guanxi(["man"].into_iter().chain(words())).expect_status(0).expect_in_stdout(".SH SYNOPSIS");
    }
    let page = scratch.guanxi(["man", "query"]).expect_status(0);
    page.expect_in_stdout("Examples:").expect_in_stdout("Exit status:");
    scratch.guanxi(["man", "rules", "tests"]).expect_status(4);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        scratch.guanxi(["completions", shell]).expect_status(0).expect_in_stdout("restore");
    }
}

fn setting(run: &Run, name: &str) -> String {
    let line = run.stdout.lines().find(|line| line.starts_with(&format!("{name},")));
    line.unwrap_or_else(|| panic!("{name} in {}", run.stdout)).split_once(',').unwrap().1.to_owned()
}

#[test]
fn settings_come_from_the_command_line_then_the_environment_then_the_file() {
    let scratch = Scratch::new();
    let info = |line: &str| scratch.shell(&format!("{line} --format csv")).expect_status(0);
    let none = info("guanxi info --settings");
    assert_eq!(setting(&none, "db"), "guanxi.db,default");
    assert_eq!(setting(&none, "models"), "true,default");
    assert!(setting(&none, "config").starts_with("none; looked for "), "{}", none.stdout);

    scratch.write(
        "settings/guanxi/config.toml",
        "db = 'mine.db'\nmodels = false\nthreads = 3\nformat = 'md'\ncolor = 'never'\nquiet = true\nlog-format = 'json'\n",
    );
    let file = scratch.path("settings/guanxi/config.toml").display().to_string();
    let read = info("guanxi info --settings");
    assert_eq!(setting(&read, "db"), format!("{},{file}", scratch.path("settings/guanxi/mine.db").display()));
    for (name, value) in
        [("models", "false"), ("threads", "3"), ("color", "never"), ("quiet", "true"), ("log-format", "json")]
    {
        assert_eq!(setting(&read, name), format!("{value},{file}"));
    }
    assert_eq!(setting(&read, "format"), "csv,command line");

    let read = info("GUANXI_DB=other.db GUANXI_THREADS=5 guanxi info --settings --threads 7");
    assert_eq!(setting(&read, "db"), "other.db,GUANXI_DB");
    assert_eq!(setting(&read, "threads"), "7,command line");
    let read = info("GUANXI_CONFIG=/dev/null guanxi --no-models info --settings -d here.db");
    assert_eq!(setting(&read, "db"), "here.db,command line");
    assert_eq!(setting(&read, "models"), "false,command line");
    assert_eq!(setting(&read, "threads").split(',').next_back(), Some("default"));

    // What the file says is done, not only listed.
    let table = scratch.shell("guanxi schema list").expect_status(0);
    assert!(table.stdout.starts_with("| kind |"), "{}", table.stdout);
    let table = scratch.shell("GUANXI_FORMAT=csv guanxi schema list").expect_status(0);
    assert!(table.stdout.starts_with("kind,"), "{}", table.stdout);
}

#[test]
fn a_mistake_in_the_config_file_is_shown_at_its_place() {
    for (name, text) in [
        ("config_with_an_unknown_setting", "db = 'a.db'\nthread = 2\n"),
        ("config_with_a_wrong_value", "# Mine.\nthreads = 0\n"),
        ("config_with_a_wrong_format", "format = 'excel'\n"),
        ("config_that_is_no_toml", "db = 'a.db\n"),
    ] {
        let scratch = Scratch::new();
        scratch.write("my.toml", text);
        settings().bind(|| assert_snapshot!(name, shown(&scratch.shell("guanxi --config my.toml schema list"))));
    }
    Scratch::new().guanxi(["--config", "gone.toml", "info"]).expect_status(2).expect_in_stderr("gone.toml");
}

#[test]
fn without_models_a_claim_has_the_confidence_of_its_rule() {
    let scratch = Scratch::with_news();
    let confidences = |options: &[&str]| -> Vec<f64> {
        let run = scratch.guanxi(["extract", "news"].into_iter().chain(options.iter().copied())).expect_status(0);
        let claim = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        run.stdout.lines().map(|line| claim(line)["confidence"].as_f64().unwrap()).collect()
    };
    assert_ne!(confidences(&[]), confidences(&["--no-models"]));
}

const OWNS: &str = "?a gx:owns ?b";

#[test]
fn an_answer_is_refused_in_a_format_that_it_does_not_have() {
    let scratch = Scratch::with_store();
    let ask = |query: &str, format: &str| scratch.guanxi(["query", "-e", query, "--format", format]);
    let construct = format!("CONSTRUCT {{ {OWNS} }} WHERE {{ {OWNS} }}");
    for format in ["table", "csv", "tsv", "json", "md", "ndjson"] {
        let run = ask(&construct, format).expect_status(2).expect_in_stderr("--format ttl, nt or xml");
        assert_eq!(run.stdout, "");
        ask("DESCRIBE id:cn-pboc", format).expect_status(2);
    }
    for format in ["ttl", "nt"] {
        ask(&format!("SELECT * {{ {OWNS} }}"), format).expect_status(2).expect_in_stderr("ask CONSTRUCT");
        ask("ASK { }", format).expect_status(2);
    }
    let triples = ask(&construct, "nt").expect_status(0).stdout;
    assert!(triples.lines().count() > 0 && triples.lines().all(|line| line.ends_with(" .")), "{triples}");
    assert_eq!(scratch.guanxi(["query", "-e", &construct]).expect_status(0).stdout, triples, "N-Triples in a pipe");
    let run = scratch.shell(&format!("GUANXI_FORMAT=csv guanxi query -e '{construct}'")).expect_status(0);
    assert_eq!(run.stdout, triples, "what is set for rows is not meant for triples");
    ask(&construct, "ttl").expect_status(0).expect_in_stdout("@prefix gx:").expect_in_stdout("gx:owns");
    let xml = ask(&construct, "xml").expect_status(0).stdout;
    roxmltree::Document::parse(&xml).unwrap();
    assert!(xml.ends_with("</rdf:RDF>\n"), "{xml}");
}

#[test]
fn yes_and_no_are_said_in_every_format() {
    let scratch = Scratch::with_store();
    let ask =
        |query: &str, format: &str| scratch.guanxi(["query", "-e", query, "--format", format]).expect_status(0).stdout;
    for (format, yes, no) in [
        ("table", "yes\n", "no\n"),
        ("csv", "true\n", "false\n"),
        ("tsv", "true\n", "false\n"),
        ("md", "true\n", "false\n"),
        ("json", "{\"head\":{},\"boolean\":true}\n", "{\"head\":{},\"boolean\":false}\n"),
        ("ndjson", "{\"head\":{},\"boolean\":true}\n", "{\"head\":{},\"boolean\":false}\n"),
    ] {
        assert_eq!(ask("ASK { id:cn-pboc a gx:Regulator }", format), yes);
        assert_eq!(ask("ASK { id:cn-pboc a gx:Company }", format), no);
    }
    assert!(ask("ASK { }", "xml").contains("<boolean>true</boolean>"));
}

#[test]
fn unbound_cells_are_left_out_of_records_and_empty_in_rows() {
    let scratch = Scratch::with_store();
    let query = "SELECT ?z ?no ?a { VALUES ?z { 'one' } BIND('two' AS ?a) OPTIONAL { ?z gx:owns ?no } }";
    let ask = |format: &str| scratch.guanxi(["query", "-e", query, "--format", format]).expect_status(0).stdout;
    assert_eq!(ask("ndjson"), "{\"z\":\"one\",\"a\":\"two\"}\n");
    assert_eq!(ask("csv"), "z,no,a\r\none,,two\r\n");
    assert_eq!(ask("tsv"), "?z\t?no\t?a\n\"one\"\t\t\"two\"\n");
    assert_eq!(ask("md"), "| z | no | a |\n| --- | --- | --- |\n| one |  | two |\n");
}

/// Each with what the hint must hold.
const TYPOS: &[(&str, &str)] = &[
    ("SELEC ?x { ?x a gx:Company }", "SELECT"),
    ("SELECT ?x WEHRE { ?x a gx:Company }", "WHERE"),
    ("SELECT ?x\nWHERE {\n  ?x a gx:Company\n  ?x gx:owns ?y\n}", "before `?x`"),
    ("SELECT ?x {\n  ?x a gx:Company .\n  FITLER(?x != id:cn-tencent)\n}", "FILTER"),
    ("SELECT ?x { ?x a gxx:Company }", "`gx:`"),
    ("SELECT ?x { ?x a foaf:Agent }", "PREFIX foaf:"),
    ("SELECT ?x { ?x a Company }", "gx:Company"),
    ("SELECT ?x WHERE {\n  ?x a gx:Company\n", "add `}`"),
    ("SELECT ?x { ?x a gx:Company } }", "take it out"),
    ("SELECT ?x { ?x rdfs:label \"Tencent }", "end it with `\"`"),
    ("SELECT ?x { ?x rdfs:label 'Tencent\" }", "end it with `'`"),
    ("SELECT ?x { ?x rdfs:label “腾讯” }", "plain `\"`"),
    ("SELECT ？x { ？x a gx:Company }", "plain `?`"),
    ("SELECT ?x { ?x a gx:Company 。}", "plain `.`"),
    ("SELECT ?x ｛ ?x a gx:Company ｝", "plain `{`"),
    ("SELECT ?x { ?x a gx：Company }", "plain `:`"),
    ("SELECT ?x { ?x gx:owns ?y；a gx:Company }", "plain `;`"),
    ("SELECT ?x {\u{3000}?x a gx:Company }", "plain space"),
    ("SELECT ?x { FILTER（?x = 1） }", "plain `(`"),
    ("SELECT x { ?x a gx:Company }", "?x"),
    ("SELECT ?x, ?y { ?x gx:owns ?y }", "take the comma out"),
    ("SELECT { ?x a gx:Company }", "SELECT *"),
    ("SELECT COUNT(?x) { ?x a gx:Company }", "(COUNT("),
    ("SELECT ?x { ?x gx:owns }", "subject, predicate, object"),
    ("SELECT ?x { ?x a gx:Company } ORDER ?x", "ORDER BY"),
    ("SELECT ?x { ?x a gx:Company } LIMIT ten", "LIMIT 10"),
    ("SELECT ?x { ?x a gx:Company FILTER ?x > 3 }", "FILTER("),
    ("SELECT ?x { ?x rdfs:label ?n FILTER(CONTANS(?n, 'a')) }", "CONTAINS"),
    ("SELECT ?x { ?x a gx:Company FILTER(?x = 1 AND ?x = 2) }", "&&"),
    ("SELECT ?x { ?x a gx:Compny }", "gx:Company"),
    ("SELECT ?x {\n  ?x gx:investIn ?y\n}", "gx:investsIn"),
    ("SELECT ?compny { ?company a gx:Company }", "?company"),
    ("SELECT ?x { ?x a gx:Company . FILTER(?naem != 'a') ?x rdfs:label ?name }", "?name"),
    ("INSERT DATA { id:a gx:owns id:b }", "guanxi build"),
    ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "then ask"),
    ("MATCH (c:Company) RETURN c", "Cypher"),
];

/// The line, a caret below it, and a hint that helps.
#[test]
fn every_typo_in_a_query_has_its_line_a_caret_and_a_hint() {
    let scratch = Scratch::with_store();
    let mut told = String::new();
    for (query, hint) in TYPOS {
        let run = scratch.guanxi(["query", "-e", query]);
        told += &format!("{query}\n{}\n", shown(&run));
        let line = run.stderr.lines().find(|line| line.starts_with("hint: "));
        let line = line.unwrap_or_else(|| panic!("no hint for {query}\n{}", run.stderr));
        assert!(line.contains(hint), "{query}: {hint} in\n{}", run.stderr);
        assert!(run.stderr.contains("--> ") && run.stderr.contains('^'), "{query}\n{}", run.stderr);
    }
    settings().bind(|| assert_snapshot!("query_typos", told));
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let scratch = Scratch::new();
    let evil = "\u{1b}[31mevil\u{7}.txt";
    scratch.write(&format!("in/{evil}"), "Tencent invested in Xiaohongshu.\n");
    scratch.write(&format!("in/{evil}.pdf.txt"), b"%PDF-1.7\n\0\0");
    let runs = [
        scratch.guanxi(["build", "in"]).expect_status(3),
        scratch.guanxi(["extract", "in", "--format", "table"]).expect_status(3),
        scratch.guanxi(["explain", "Tencent", "investsIn", "小红书"]).expect_status(0),
        scratch.guanxi(["info", "--documents", "--format", "table"]).expect_status(0),
        scratch.guanxi(["reach", "no\u{1b}]0;body\u{7}"]).expect_status(4),
        scratch
            .guanxi(["query", "--format", "table", "-e", "SELECT ?s { GRAPH ?g { ?d gx:source ?s } }"])
            .expect_status(0),
    ];
    for Run { stdout, stderr, .. } in runs {
        assert!((stdout.clone() + &stderr).contains("<U+001B>"), "{stdout}{stderr}");
        assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "{stdout}{stderr}");
    }
}

#[test]
fn what_is_restored_is_what_was_dumped() {
    let scratch = Scratch::with_store();
    let dumped = scratch.guanxi(["dump", "-o", "all.nq"]).expect_status(0);
    assert_eq!(dumped.stdout, "");
    let run = scratch.guanxi(["restore", "all.nq", "-d", "copy.db"]).expect_status(0);
    run.expect_in_stdout("restored copy.db").expect_in_stdout("next: guanxi trace -d copy.db");
    let (dump, copy) = (scratch.guanxi(["dump"]).stdout, scratch.guanxi(["dump", "-d", "copy.db"]).stdout);
    assert!(dump == copy, "the copy differs");
    scratch.guanxi(["restore", "all.nq"]).expect_status(1).expect_in_stderr("holds a store already");
    let run = scratch.guanxi_with_input(["restore", "-", "-d", "none.db"], b"<a:b> <a:c> <a:d> .\n").expect_status(1);
    run.expect_in_stderr("no document stands in them");
    let run = scratch.guanxi_with_input(["restore", "-", "-d", "none.db"], b"nonsense").expect_status(1);
    run.expect_in_stderr("-: these are not the N-Quads that `guanxi dump` writes");
}

#[test]
fn claims_can_be_had_as_trig() {
    let run = Scratch::with_news().guanxi(["extract", "news", "--format", "trig"]).expect_status(0);
    run.expect_in_stdout("@prefix gx: <https://w3id.org/guanxi/ns#> .").expect_in_stdout("a gx:Claim");
}

#[test]
fn the_kind_that_is_reached_may_be_said_in_either_language() {
    let scratch = Scratch::with_store();
    let reached = |kind: &str| scratch.guanxi(["reach", "央行", "--kind", kind]).expect_status(0).stdout;
    let expected = reached("Company");
    assert!(expected.lines().count() > 2, "{expected}");
    assert_eq!(reached("company"), expected);
    assert_eq!(reached("公司"), expected);
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let scratch = Scratch::with_store();
    for command in [
        "dump",
        "rules list",
        "schema list",
        "completions bash",
        "man query",
        "query -e 'SELECT * { ?s ?p ?o }'",
        "query --format json -e 'SELECT * { ?s ?p ?o }'",
        "reach 央行",
        "info --reference",
    ] {
        let run = scratch.shell(&format!("{{ guanxi {command} || echo failed with $? >&2; }} | head -c 1"));
        assert!(!run.stderr.contains("failed"), "{command}: {}", run.stderr);
    }
}
