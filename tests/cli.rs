//! What the commands print, held as snapshots: standard output, standard error and exit status of real runs.
//!
//! `INSTA_UPDATE=always cargo test cli` rewrites them. Read the difference before you keep it.

use std::fs;
use std::path::Path;

use insta::{Settings, assert_snapshot};

use crate::support::{Run, Scratch, root};

/// A run as text, with what differs between machines and runs taken out.
pub fn shown(run: &Run) -> String {
    let mut text = format!("exit status {}\n", run.status);
    for (name, output) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !output.is_empty() {
            text += &format!("---- {name}\n{output}");
        }
    }
    text
}

/// Hashes, versions of rules, calibrated confidences and the size of the reference data change with the data; the
/// form of the output does not.
pub fn settings() -> Settings {
    let mut settings = Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    for (changing, shown) in [
        (r"\b[0-9a-f]{32}([0-9a-f]{32})?\b", "[hash]"),
        (r"\bclaim [0-9a-f]{12}\b", "claim [hash]"),
        (r"@\d+\b", "@[version]"),
        (r"\b0\.\d+\b", "[confidence]"),
        (r"(facts|entities) +\d+", "$1 [number]"),
        (r"\d+ from reference data, \d+ derived", "[number] from reference data, [number] derived"),
        (r"\d+ of them derived", "[number] of them derived"),
    ] {
        settings.add_filter(changing, shown);
    }
    settings
}

macro_rules! snapshots {
    ($($(#[$doc:meta])* $name:ident: $store:ident $command:expr;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            settings().bind(|| assert_snapshot!(stringify!($name), shown(&Scratch::$store().shell($command))));
        }
    )*};
}

snapshots! {
    help: new "guanxi --help";
    help_of_build: new "guanxi build --help";
    help_of_query: new "guanxi query --help";
    no_command: new "guanxi";
    unknown_command: new "guanxi biuld";
    extract_as_json_lines: with_news "guanxi extract news/kestrel.txt";
    extract_as_table: with_news "guanxi extract news --format table";
    extract_above_a_confidence: with_news "guanxi extract news --min-confidence 1 --format table";
    extract_from_standard_input: new "echo 'Tencent invested in Xiaohongshu.' | guanxi extract - --format table";
    build_and_summary: with_news "guanxi build news";
    build_again: with_store "guanxi build news";
    build_with_losses: with_news "printf '{' > news/broken.jsonl; guanxi build news";
    build_quietly: with_news "guanxi build news --quiet";
    export_to_an_unknown_ending: with_store "guanxi export -o graph.pdf";
    info: with_store "guanxi info | grep -v -e checksum -e quads -e form";
    info_documents: with_store "guanxi info --documents";
    query_in_a_pipe: with_store "guanxi query -e 'SELECT ?who ?what { ?who gx:investsIn ?what }'";
    query_as_table: with_store "guanxi query --format table -e 'SELECT ?name { ?who gx:investsIn ?what . ?who rdfs:label ?name }'";
    query_as_json: with_store "guanxi query --format json -e 'SELECT ?name { id:cn-pboc rdfs:label ?name }'";
    query_as_csv: with_store "guanxi query --format csv -e 'SELECT ?name { id:cn-pboc rdfs:label ?name }'";
    query_as_xml: with_store "guanxi query --format xml -e 'SELECT ?name { id:cn-pboc rdfs:label ?name }'";
    query_as_markdown: with_store "guanxi query --format md -e 'SELECT ?name { id:cn-pboc rdfs:label ?name }'";
    query_yes_or_no: with_store "guanxi query --exit-status -e 'ASK { id:cn-pboc gx:owns ?x }'";
    query_with_a_typo: with_store "guanxi query -e 'SELEC ?x { ?x a gx:Company }'";
    query_with_an_unknown_term: with_store "guanxi query -e 'SELECT ?x { ?x a gx:Compny }'";
    query_with_a_limit: with_store "guanxi query --limit 1 -e 'SELECT ?x { ?x a gx:Regulator } ORDER BY ?x'";
    query_list: new "guanxi query --list --format md";
    query_list_for_people: new "guanxi query --list --format table";
    query_without_its_parameter: with_store "guanxi query --name who-invested-in";
    query_by_an_unknown_name: with_store "guanxi query --name who-invested";
    query_by_name: with_store "guanxi query --name who-invested-in --param company=小红书";
    trace_in_words: with_store "guanxi trace --from 央行 --to 'Sugar Fish' --paths 1";
    trace_over_a_plan: with_store "guanxi trace --from 'Kestrel Logistics' --to 'Heron Payments'";
    trace_as_json: with_store "guanxi trace --from 'Kestrel Logistics' --to 'Sugar Fish' --format json";
    trace_as_picture: with_store "guanxi trace --from 'Kestrel Logistics' --to 'Sugar Fish' --format dot | grep -c '>Sugar Fish'";
    trace_without_path: with_store "guanxi trace --from Tencent --to 小红书";
    trace_with_a_wrong_status: with_store "guanxi trace --from Tencent --to 小红书 --status maybe";
    trace_by_confidence: with_store "guanxi trace --from 央行 --to 'Sugar Fish' --cost confidence --paths 2 | grep -v '[“—]'";
    trace_with_an_unknown_predicate: with_store "guanxi trace --from 央行 --to 'Sugar Fish' --predicates own";
    rank_by_degree: with_store "guanxi rank --by degree --kind Company --limit 3";
    rank_by_component: with_store "guanxi rank --by component --limit 2 --format json";
    rank_by_a_sample: with_store "guanxi rank --by betweenness --samples 5 --limit 2";
    cycles_where_there_are_none: with_store "guanxi cycles";
    cycles_of_three: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi cycles; guanxi cycles --max-hops 2";
    cycles_as_json: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi cycles --format json | grep -e forward -e stoppedAt";
    cycles_as_picture: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi cycles --format dot | grep -c 'Alder Works'";
    shared_investors: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi shared 'Cedar Boats'";
    shared_regulators_that_are_none: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi shared 'Cedar Boats' --by regulators";
    trace_by_share: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi trace --from 'Pine Capital' --to 'Birch Mills' --cost share --all";
    rank_by_strong_component: new "printf 'Pine Capital Ltd owns 60%% of Alder Works Ltd. Alder Works Ltd owns 30%% of Birch Mills Ltd. Birch Mills Ltd owns 10%% of Pine Capital Ltd. Oak Fund Ltd invested in Birch Mills Ltd. Oak Fund Ltd invested in Cedar Boats Ltd.' > c.txt; guanxi build -q c.txt; guanxi rank --by strong-component";
    dominators_of_nobody: with_store "guanxi dominators 'Kestrel Logistics'";
    dominators_of_an_unknown_kind: with_store "guanxi dominators 'Kestrel Logistics' --kind Compny";
    reach_in_a_pipe: with_store "guanxi reach 'Kestrel Logistics'";
    reach_of_an_unknown_kind: with_store "guanxi reach 'Kestrel Logistics' --kind Compny";
    explain_in_words: with_store "guanxi explain 腾讯 investsIn 小红书";
    explain_what_is_not_said: with_store "guanxi explain 小红书 owns 腾讯";
    explain_with_an_unknown_predicate: with_store "guanxi explain 腾讯 investIn 小红书";
    entity_find: with_store "guanxi entity find kestrel";
    entity_show: with_store "guanxi entity show 'Kestrel Capital'";
    unknown_name: with_store "guanxi reach Xiaohongsu";
    ambiguous_name: with_store "guanxi reach Kestrel";
    forget: with_store "guanxi forget news/kestrel.txt nothing";
    schema_show: new "guanxi schema show owns";
    schema_show_unknown: new "guanxi schema show own";
    no_store: new "guanxi info";
    data_folder_without_data: with_news "mkdir d; guanxi --data d extract news";
}

#[test]
fn every_help_says_what_it_does_and_gives_an_example_first() {
    let scratch = Scratch::new();
    for command in [
        "build",
        "extract",
        "query",
        "trace",
        "reach",
        "dominators",
        "shared",
        "cycles",
        "rank",
        "explain",
        "audit",
        "info",
        "export",
        "entity",
        "claim",
        "forget",
        "dump",
        "rules",
        "schema",
        "completions",
        "man",
    ] {
        let help = scratch.guanxi([command, "--help"]).expect_status(0).stdout;
        let position = |words: &str| help.find(words).unwrap_or_else(|| panic!("`{words}` in the help of {command}"));
        assert!(position("Examples:") < position("Usage:"), "{help}");
        assert!(position("Usage:") < position("Exit status:"), "{help}");
        assert!(scratch.guanxi(["man", command]).expect_status(0).stdout.contains(".SH SYNOPSIS"));
    }
    for shell in ["bash", "zsh", "fish"] {
        scratch.guanxi(["completions", shell]).expect_status(0).expect_in_stdout("extract");
    }
}

#[test]
fn a_query_file_may_say_what_its_parameters_are() {
    let scratch = Scratch::with_store();
    let file = "# title: t\n# parameter: name — text — a name — default Tencent\n# columns: company\n# example: -\n\
                SELECT ?company { ?company skos:altLabel ?label FILTER(STR(?label) = ?name) }";
    scratch.write("q.rq", file);
    let on = |parameter: &[&str]| scratch.guanxi([&["query", "q.rq", "--format", "csv"], parameter].concat());
    assert_eq!(on(&[]).expect_status(0).stdout.lines().nth(1), Some("https://w3id.org/guanxi/id/cn-tencent"));
    assert_eq!(on(&["--param", "name=Nobody"]).expect_status(0).stdout.lines().count(), 1);
    on(&["--param", "who=Tencent"]).expect_status(2).expect_in_stderr("the parameters are: name");
}

/// A table of the reference data: two firms and an exchange, none of which exists.
const FIRMS: &str = "\
# Firms.
id,class,country,name.en,name.zh,former.en,from,mic,facts.listedOn,facts.subsidiaryOf,source
xx-plover,Company,XX,Plover Rail,鸻鸟铁路,Plover Tramways @2001..2015-06,2001,,xx-bourse ticker=PLV,xx-grebe to=2019,the register
xx-grebe,Company,XX,Grebe Holdings,,,,,,,unverified
xx-bourse,Exchange,XX,Dunlin Bourse,,,,XDUN,,,unverified
";

#[test]
fn an_entity_is_shown_with_its_row_as_of_a_date() {
    let scratch = Scratch::with_news();
    scratch.write("mine/reference/more/firms.csv", FIRMS);
    scratch.guanxi(["build", "news", "--data", "mine", "--quiet"]).expect_status(0);
    let shown = |name: &str, as_of: &[&str]| {
        let command = [&["entity", "show", name, "--data", "mine"], as_of].concat();
        scratch.guanxi(command).expect_status(0).stdout
    };
    assert_eq!(
        shown("鸻鸟铁路", &[]),
        "\
Plover Rail  (xx-plover)
  class    Company
  country  XX
  exists   since 2001
  source   the register
  row      mine/reference/more/firms.csv:3
  name     Plover Rail  (en, legal)
  name     Plover Tramways  (en, former, since 2001, until 2015-06)
  name     鸻鸟铁路  (zh-Hans, legal)
  fact     Plover Rail —listedOn→ Dunlin Bourse  [reference, asserted]  source: the register
  fact     Plover Rail —subsidiaryOf→ Grebe Holdings  [reference, asserted, until 2019]  source: the register
"
    );
    let later = shown("Plover Tramways", &["--as-of", "2022"]);
    assert!(later.contains("(en, former, since 2001, until 2015-06, not as of 2022)"), "{later}");
    assert!(later.contains("listedOn") && !later.contains("subsidiaryOf"), "{later}");
    assert!(shown("Plover Rail", &["--as-of", "1999"]).contains("exists   since 2001, not as of 1999"));
    let exchange = shown("Dunlin Bourse", &[]);
    assert!(exchange.contains("\n  MIC      XDUN\n  source   unverified\n"), "{exchange}");

    scratch.write("other/reference/none.csv", FIRMS.lines().nth(1).unwrap());
    let other = scratch.guanxi(["entity", "show", "Grebe Holdings", "--data", "other"]).expect_status(0);
    let other = other.expect_in_stderr("built with other rules or reference data");
    assert!(!other.stdout.contains("row "), "{}", other.stdout);
}

#[test]
fn the_reference_data_are_counted() {
    let scratch = Scratch::new();
    scratch.write("mine/reference/firms.csv", FIRMS);
    let run = scratch.guanxi(["info", "--reference", "--data", "mine", "--format", "csv"]).expect_status(0);
    assert_eq!(
        run.stdout.replace('\r', ""),
        "\
what,which,number,with source,unverified
rows,all,3,1,2
rows of class,Company,2,1,1
rows of class,Exchange,1,0,1
countries,all,1,,
rows of country,XX,3,1,2
facts,all,2,2,0
facts of predicate,listedOn,1,1,0
facts of predicate,subsidiaryOf,1,1,0
"
    );
}

#[test]
fn a_claim_is_explained_by_the_start_of_its_id() {
    let scratch = Scratch::with_store();
    let claims = scratch.guanxi(["extract", "news/央行.md"]).expect_status(0).stdout;
    let claim: serde_json::Value = serde_json::from_str(claims.lines().next().unwrap()).unwrap();
    let run = scratch.guanxi(["explain", &claim["id"].as_str().unwrap()[..12]]).expect_status(0);
    run.expect_in_stdout(claim["evidence"]["text"].as_str().unwrap());
    scratch.guanxi(["explain", "ffffffffffff"]).expect_status(4);
}

#[test]
fn the_store_is_named_by_option_and_environment() {
    let scratch = Scratch::with_news();
    scratch.shell("GUANXI_DB=here.db guanxi build news && guanxi info -d here.db").expect_status(0);
    assert!(!scratch.path("guanxi.db").exists());
    scratch.shell("GUANXI_DB=elsewhere.db guanxi info -d here.db").expect_status(0);
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let scratch = Scratch::with_store();
    let trace = "guanxi trace --from 'Kestrel Logistics' --to 'Sugar Fish'";
    assert!(!scratch.shell(trace).stdout.contains('\u{1b}'));
    assert!(scratch.shell(&format!("{trace} --color always")).stdout.contains('\u{1b}'));
    assert!(!scratch.shell(&format!("env -u NO_COLOR {trace}")).stdout.contains('\u{1b}'), "a pipe is no terminal");
}

#[test]
fn verbose_runs_tell_what_is_read_on_standard_error() {
    let scratch = Scratch::with_news();
    let run = scratch.guanxi(["extract", "news", "-v"]).expect_status(0).expect_in_stderr("news/kestrel.txt");
    assert!(!run.stdout.contains("INFO"));
    let run = scratch.guanxi(["build", "news", "-v"]).expect_status(0).expect_in_stderr("all texts read");
    let counted = run.stdout.lines().find(|line| line.contains("facts from texts") && line.contains("investsIn"));
    assert!(counted.is_some(), "{}", run.stdout);
    let run = scratch.guanxi(["extract", "news", "-v", "--log-format", "json"]).expect_status(0);
    for line in run.stderr.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    }
}

#[test]
fn pictures_are_drawn() {
    let scratch = Scratch::with_store();
    scratch.guanxi(["export", "--format", "dot"]).expect_status(0).expect_in_stdout("digraph");
    let focused = scratch.guanxi(["export", "--focus", "Kestrel Capital", "--hops", "1"]).expect_status(0);
    let focused = focused.expect_in_stdout("Sugar Fish Holdings");
    assert!(!focused.stdout.contains("Heron Group"), "{}", focused.stdout);

    // Without Graphviz, the error says how to get it.
    let mut without = scratch.command(env!("CARGO_BIN_EXE_guanxi"));
    let output = without.args(["export", "-o", "graph.svg"]).env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("apt-get install graphviz"));
    assert!(!scratch.path("graph.svg").exists());

    if scratch.shell("command -v dot").status == 0 {
        let run = scratch.guanxi(["export", "-o", "graph.svg"]).expect_status(0).expect_in_stderr("graph.svg: ");
        assert!(!run.stderr.to_lowercase().contains("warning"), "{}", run.stderr);
        let svg = fs::read_to_string(scratch.path("graph.svg")).unwrap();
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        roxmltree::Document::parse_with_options(&svg, options).unwrap();
        assert!(svg.contains("Kestrel Capital"));
    }
}

#[test]
fn extract_writes_the_keys_of_the_contract() {
    let scratch = Scratch::with_news();
    let run = scratch.guanxi(["extract", "news"]).expect_status(0);
    let mut documents = Vec::new();
    for line in run.stdout.lines() {
        let claim: serde_json::Value = serde_json::from_str(line).unwrap();
        for key in
            ["id", "doc", "document", "subject", "predicate", "object", "qualifiers", "status", "confidence", "rule"]
        {
            assert!(!claim[key].is_null(), "{key} in {line}");
        }
        let document = claim["doc"].as_str().unwrap().to_owned();
        if documents.last() != Some(&document) {
            documents.push(document.clone());
        }
        quote_is_the_slice(&claim, &scratch.path("news").join(document));
    }
    assert_eq!(documents, ["kestrel.txt", "page.html", "a1", "a2", "央行.md"], "in the order of the files");
}

/// The quote is exactly the slice of the document that its offsets name, for texts whose text is the file.
fn quote_is_the_slice(claim: &serde_json::Value, path: &Path) {
    let Some("txt" | "md") = path.extension().and_then(|extension| extension.to_str()) else { return };
    let text: Vec<char> = fs::read_to_string(path).unwrap().chars().collect();
    let evidence = &claim["evidence"];
    let offset = |key: &str| usize::try_from(evidence[key].as_u64().unwrap()).unwrap();
    let slice: String = text[offset("start")..offset("end")].iter().collect();
    assert_eq!(evidence["text"], slice.as_str());
}
