//! Exports read back: as much as the store holds, whatever the names are.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use guanxi_model::{EntityName, Extraction, Language, NameKind, Status};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Quad;
use serde_json::Value;

use super::{Choice, Format, Source, Syntax, Written, around, told, write};
use crate::testing::{Graph, graph, graph_edited, id};

const LINES: &str = "
    Company:tencent owns Company:red percent=12.5 validFrom=2018-06-01
    Company:fjord subsidiaryOf Company:tencent
    Company:tencent investsIn Company:kelp percent=20 date=2021-11
    Company:tencent investsIn Product:app
    Company:red hasValuation USD:17000000000 date=2021
    Person:ma officerOf Company:tencent role=chairman
    Company:kelp partnersWith Company:red
    document later 2025-03-04 The Paper
    Company:tencent owns Company:red percent=12.5 confidence=0.95
    Person:ma owns Company:kelp percentMin=50
    Company:red acquired Company:kelp status=planned
    Company:kelp owns Company:fjord confidence=0.4
    Company:red owns Company:fjord status=ended validTo=2020
    Regulator:pboc regulates Activity:retail
    Company:red operatesIn Activity:retail
    name tencent en legal Tencent Holdings
    name tencent zh-Hans legal 腾讯控股";

/// Every format that this build can write.
fn formats() -> Vec<Format> {
    let syntaxes = [Syntax::NQuads, Syntax::TriG, Syntax::JsonLd, Syntax::NTriples, Syntax::Turtle, Syntax::RdfXml];
    let mut formats: Vec<Format> = syntaxes.map(Format::Rdf).into();
    formats.extend([Format::Csv, Format::GraphMl, Format::Gexf, Format::Cytoscape, Format::Mermaid]);
    formats.extend([Format::FollowTheMoney, Format::Bods, Format::Neo4j, Format::Cypher]);
    formats
}

/// A file that stays readable when its writer is gone.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Files = BTreeMap<&'static str, String>;

fn export(graph: &Graph, format: Format, choice: Choice) -> (Files, Written) {
    let mut files: BTreeMap<&str, Shared> = BTreeMap::new();
    let source = Source { generation: &graph.generation, schema: &graph.schema, choice, told: None };
    let written = write(&source, format, &mut |name| {
        let file = Shared::default();
        files.insert(name, file.clone());
        Ok(Box::new(file))
    });
    let text = |file: Shared| String::from_utf8(file.0.lock().unwrap().clone()).unwrap();
    (files.into_iter().map(|(name, file)| (name, text(file))).collect(), written.unwrap())
}

fn plain(graph: &Graph) -> Choice {
    Choice::plain(&graph.generation)
}

fn one(graph: &Graph, format: Format) -> String {
    export(graph, format, plain(graph)).0.remove("").unwrap()
}

fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let row =
        |record: csv::StringRecord| heads.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn read(text: &str, format: RdfFormat) -> BTreeSet<String> {
    RdfParser::from_format(format).lenient().for_slice(text).map(|quad| quad.unwrap().to_string()).collect()
}

fn statements(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// The one relationship or entity whose `key` is `value`.
fn found<'a>(all: &'a [Value], key: &str, value: &str) -> &'a Value {
    let mut found = all.iter().filter(|one| one.pointer(key).is_some_and(|known| *known == value));
    let first = found.next().unwrap_or_else(|| panic!("no {key} is {value}"));
    assert!(found.next().is_none(), "several have {value} at {key}");
    first
}

/// Names that break whoever pastes them.
const HOSTILE: &str = "=cmd|' /C calc'!A1 \"<&>`'\\#;{}]\u{202e}\r\n%% subgraph end\t\u{1}, ${x}";

fn hostile() -> Graph {
    graph_edited(LINES, |extraction: &mut Extraction| {
        for entity in extraction.entities.iter_mut().filter(|entity| entity.id == id("red")) {
            entity.names =
                vec![EntityName { text: HOSTILE.to_owned(), language: Language::English, kind: NameKind::Legal }];
        }
        for claim in &mut extraction.claims {
            claim.evidence.text = HOSTILE.to_owned();
        }
    })
}

#[test]
fn rdf_comes_back_quad_for_quad() {
    for graph in [graph(LINES), hostile()] {
        let generation = &graph.generation;
        let quads: Vec<Quad> = generation.quads_in_order().collect();
        let all: BTreeSet<String> = quads.iter().map(ToString::to_string).collect();
        let mut dump = Vec::new();
        generation.dump(&mut dump).unwrap();
        assert_eq!(one(&graph, Format::Rdf(Syntax::NQuads)).as_bytes(), dump, "one writer for both");
        for (syntax, format) in [
            (Syntax::NQuads, RdfFormat::NQuads),
            (Syntax::TriG, RdfFormat::TriG),
            (Syntax::JsonLd, Syntax::JsonLd.format()),
        ] {
            assert_eq!(read(&one(&graph, Format::Rdf(syntax)), format), all, "{syntax:?}");
        }
        let nt = one(&graph, Format::Rdf(Syntax::NTriples));
        let triples = read(&nt, RdfFormat::NTriples);
        assert_eq!(nt.lines().count(), triples.len(), "no triple stands twice");
        assert_eq!(read(&one(&graph, Format::Rdf(Syntax::Turtle)), RdfFormat::Turtle), triples);
        let xml = read(&one(&graph, Format::Rdf(Syntax::RdfXml)), RdfFormat::RdfXml);
        assert_eq!(xml.len(), triples.len());
        let documents = triples.iter().filter(|triple| triple.contains("prov#wasDerivedFrom")).count();
        assert_eq!(documents as u64, generation.meta().counts.claims);
    }
}

#[test]
fn nodes_and_edges_are_those_of_the_store() {
    let graph = graph(LINES);
    let facts = Source { generation: &graph.generation, schema: &graph.schema, choice: plain(&graph), told: None }
        .facts()
        .count();
    let (tables, written) = export(&graph, Format::Csv, plain(&graph));
    let (nodes, edges) = (rows(&tables["nodes.csv"]), rows(&tables["edges.csv"]));
    assert_eq!((nodes.len(), edges.len()), (written.nodes as usize, written.edges as usize));
    assert_eq!(edges.len(), facts);
    assert_eq!(nodes.len(), graph.generation.entities().len() + 1, "every entity, and the valuation");

    let edge = edges.iter().find(|edge| edge["predicate"] == "owns" && edge["source"] == "tencent").unwrap();
    for (column, cell) in [
        ("target", "red"),
        ("status", "asserted"),
        ("confidence", "0.95"),
        ("validFrom", "2018-06-01"),
        ("share", "12.5"),
        ("shareMin", "12.5"),
        ("support", "2"),
        ("quote", "Company:tencent owns Company:red percent=12.5 confidence=0.95"),
        ("documentSource", "later.txt"),
        ("published", "2025-03-04"),
        ("publisher", "The Paper"),
    ] {
        assert_eq!(edge[column], cell, "{column}");
    }
    assert_eq!(serde_json::from_str::<Vec<String>>(&edge["claims"]).unwrap().len(), 2);
    let majority = edges.iter().find(|edge| edge["source"] == "ma" && edge["predicate"] == "owns").unwrap();
    assert_eq!((&*majority["share"], &*majority["shareMin"], &*majority["shareMax"]), ("", "50", "100"));
    let tencent = nodes.iter().find(|node| node["id"] == "tencent").unwrap();
    assert_eq!((&*tencent["label"], &*tencent["labelZh"]), ("Tencent Holdings", "腾讯控股"));
    let value = nodes.iter().find(|node| node["class"] == "Value").unwrap();
    assert_eq!((&*value["amount"], &*value["currency"]), ("17000000000", "USD"));
}

#[test]
fn every_format_of_nodes_and_edges_counts_alike() {
    for graph in [graph(LINES), hostile()] {
        let (_, wanted) = export(&graph, Format::Csv, plain(&graph));
        let counted = |nodes: usize, edges: usize| Written { nodes: nodes as u64, edges: edges as u64, left_out: 0 };

        let text = one(&graph, Format::GraphMl);
        let xml = roxmltree::Document::parse(&text).unwrap();
        let elements =
            |xml: &roxmltree::Document<'_>, name| xml.descendants().filter(|one| one.has_tag_name(name)).count();
        let tag = |name| ("http://graphml.graphdrawing.org/xmlns", name);
        assert_eq!(counted(elements(&xml, tag("node")), elements(&xml, tag("edge"))), wanted);
        let text = one(&graph, Format::Gexf);
        let xml = roxmltree::Document::parse(&text).unwrap();
        let tag = |name| ("http://gexf.net/1.3", name);
        assert_eq!(counted(elements(&xml, tag("node")), elements(&xml, tag("edge"))), wanted);
        let cyjs: Value = serde_json::from_str(&one(&graph, Format::Cytoscape)).unwrap();
        let length = |pointer| cyjs.pointer(pointer).unwrap().as_array().unwrap().len();
        assert_eq!(counted(length("/elements/nodes"), length("/elements/edges")), wanted);
        let (tables, written) = export(&graph, Format::Neo4j, plain(&graph));
        assert_eq!(written, wanted);
        assert_eq!(counted(rows(&tables["nodes.csv"]).len(), rows(&tables["relationships.csv"]).len()), wanted);
        let cypher = one(&graph, Format::Cypher);
        assert!(cypher.lines().all(|line| line.ends_with("};")), "one statement a line");
        assert_eq!(cypher.lines().count() as u64, wanted.nodes + wanted.edges);
        let (files, written) = export(&graph, Format::Mermaid, plain(&graph));
        assert_eq!((written.edges + 1, written.left_out), (wanted.edges, 1), "the valuation is left out");
        assert_eq!(files[""].lines().count() as u64, 1 + written.nodes + 2 * written.edges);
    }
}

#[test]
fn hostile_names_come_back_where_the_format_can_hold_them() {
    let graph = hostile();
    let csv = rows(&export(&graph, Format::Csv, plain(&graph)).0["nodes.csv"]);
    let red = csv.iter().find(|node| node["id"] == "red").unwrap();
    assert_eq!(red["label"], format!("'{HOSTILE}"), "no formula");
    let neo4j = rows(&export(&graph, Format::Neo4j, plain(&graph)).0["nodes.csv"]);
    assert_eq!(neo4j.iter().find(|node| node["id:ID"] == "red").unwrap()["label"], HOSTILE);
    let cyjs: Value = serde_json::from_str(&one(&graph, Format::Cytoscape)).unwrap();
    let nodes = cyjs.pointer("/elements/nodes").unwrap().as_array().unwrap();
    assert_eq!(found(nodes, "/data/id", "red")["data"]["name"], HOSTILE);
    let in_xml = HOSTILE.replace('\u{1}', "\u{fffd}");
    let gexf = one(&graph, Format::Gexf);
    let gexf = roxmltree::Document::parse(&gexf).unwrap();
    let red = gexf.descendants().find(|one| one.attribute("id") == Some("red")).unwrap();
    assert_eq!(red.attribute("label"), Some(in_xml.as_str()));
    let graphml = one(&graph, Format::GraphMl);
    let graphml = roxmltree::Document::parse(&graphml).unwrap();
    assert!(graphml.descendants().any(|one| one.text() == Some(in_xml.as_str())));
    let ftm: Vec<Value> =
        one(&graph, Format::FollowTheMoney).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found(&ftm, "/id", "red")["properties"]["name"][0], HOSTILE);
    let bods = statements(&one(&graph, Format::Bods));
    assert_eq!(found(&bods, "/recordId", "red")["recordDetails"]["name"], HOSTILE);
}

#[test]
fn equal_stores_give_equal_bytes() {
    let graph = graph(LINES);
    let again = graph_edited(LINES, |extraction: &mut Extraction| {
        extraction.entities.reverse();
        extraction.claims.reverse();
    });
    for format in formats() {
        assert_eq!(export(&graph, format, plain(&graph)), export(&again, format, plain(&again)), "{format:?}");
    }
}

#[test]
fn choices_narrow_and_widen() {
    let graph = graph(LINES);
    let facts = |choice: Choice| -> Vec<String> {
        let source = Source { generation: &graph.generation, schema: &graph.schema, choice, told: None };
        let mut told: Vec<String> = source.facts().map(|fact| format!("{} {}", fact.subject, fact.predicate)).collect();
        told.sort();
        told
    };
    let all = facts(plain(&graph));
    let with = |statuses: &[Status]| facts(Choice { statuses: statuses.into(), ..plain(&graph) });
    assert_eq!(with(&[Status::Planned]), ["red acquired"]);
    assert_eq!(with(&[Status::Ended]), ["red owns"]);
    assert_eq!(with(Status::ALL).len(), all.len() + 2);
    let on = |day: &str| facts(Choice { as_of: Some(day.parse().unwrap()), ..plain(&graph) });
    assert!(on("2019").contains(&"red owns".to_owned()), "it held then: {:?}", on("2019"));
    assert!(!on("2018-05").contains(&"tencent owns".to_owned()), "it had not begun");
    let unsure = facts(Choice { min_confidence: guanxi_model::Confidence::new(0.0), ..plain(&graph) });
    assert_eq!(unsure.len(), all.len() + 1);

    let choice = plain(&graph);
    let near = around(&graph.snapshot, &graph.schema, &id("ma"), 1, &choice).unwrap();
    assert_eq!(near, BTreeSet::from(["kelp", "ma", "tencent"].map(id)));
    let among = facts(Choice { among: Some(near), ..plain(&graph) });
    assert_eq!(among, ["ma officerOf", "ma owns", "tencent investsIn"]);
    let of_texts = told(&graph.generation, &choice);
    assert!(graph.generation.entities().iter().all(|entity| of_texts.contains(&entity.id)));
    assert!(!of_texts.contains(&id("nobody")));
    let planned = Choice { statuses: vec![Status::Planned], ..plain(&graph) };
    let (generation, schema) = (&graph.generation, &graph.schema);
    let told = Some(told(generation, &planned));
    let source = Source { generation, schema, choice: planned, told };
    let entities: Vec<String> = source.entities().map(|entity| entity.id.to_string()).collect();
    assert!(entities.len() == 2 && entities.contains(&"red".to_owned()), "{entities:?}");
    assert_eq!(source.facts().count(), 1);
    assert!(around(&graph.snapshot, &graph.schema, &id("nobody"), 1, &choice).is_err());
}

#[test]
fn follow_the_money_takes_what_its_model_has() {
    let graph = graph(LINES);
    let choice = Choice { statuses: Status::ALL.into(), ..plain(&graph) };
    let (mut files, written) = export(&graph, Format::FollowTheMoney, choice);
    let text = files.remove("").unwrap();
    let all: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len() as u64, written.nodes + written.edges);
    assert!(written.left_out > 0);
    assert_eq!(
        found(&all, "/id", "tencent")["properties"]["name"],
        serde_json::json!(["Tencent Holdings", "腾讯控股"])
    );
    let schema = |from: (&str, &str), to: (&str, &str)| {
        let is = |one: &&Value, (role, id): (&str, &str)| one["properties"][role][0] == id;
        let link = all.iter().find(|one| is(one, from) && is(one, to));
        link.map(|link| link["schema"].as_str().unwrap().to_owned()).unwrap_or_default()
    };
    assert_eq!(schema(("owner", "tencent"), ("asset", "red")), "Ownership");
    assert_eq!(schema(("owner", "tencent"), ("asset", "fjord")), "Ownership", "of a subsidiary");
    assert_eq!(schema(("owner", "tencent"), ("asset", "kelp")), "Ownership", "of an investment with a share");
    assert_eq!(schema(("director", "ma"), ("organization", "tencent")), "Directorship");
    assert_eq!(schema(("subject", "kelp"), ("object", "red")), "UnknownLink");
    assert_eq!(schema(("subject", "red"), ("object", "kelp")), "", "a plan is no link");
    assert!(!text.contains("reaches") && !text.contains("\"app\""));
    let ended = schema(("owner", "red"), ("asset", "fjord"));
    assert_eq!(ended, "Ownership");
    let told =
        all.iter().find(|one| one["properties"]["owner"][0] == "tencent" && one["properties"]["asset"][0] == "red");
    let told = &told.unwrap()["properties"];
    assert_eq!((&told["percentage"][0], &told["startDate"][0]), (&Value::from("12.5"), &Value::from("2018-06-01")));
}

#[test]
fn beneficial_ownership_tells_shares_and_leaves_out_what_is_not_known() {
    let graph = graph(LINES);
    let choice = Choice { statuses: Status::ALL.into(), ..plain(&graph) };
    let (mut files, written) = export(&graph, Format::Bods, choice);
    let all = statements(&files.remove("").unwrap());
    assert_eq!((written.nodes, written.edges), (5, 6), "parties and relationships");
    let link = |interested: &str, subject: &str| {
        let details = |one: &&Value, key: &str, id: &str| one["recordDetails"][key] == id;
        let found =
            all.iter().filter(|one| details(one, "interestedParty", interested) && details(one, "subject", subject));
        let mut found: Vec<&Value> = found.collect();
        assert_eq!(found.len(), 1, "{interested} in {subject}");
        found.remove(0)
    };
    let interest = |interested, subject| link(interested, subject)["recordDetails"]["interests"][0].clone();
    assert_eq!(interest("tencent", "red")["share"], serde_json::json!({"exact": 12.5}));
    assert_eq!(interest("tencent", "red")["startDate"], "2018-06-01");
    assert_eq!(interest("tencent", "fjord")["type"], "otherInfluenceOrControl", "a subsidiary without a figure");
    assert_eq!(interest("tencent", "fjord").get("share"), None);
    assert_eq!(interest("ma", "tencent")["type"], "boardChair");
    assert_eq!(interest("ma", "kelp")["share"]["maximum"], 100);
    let ended = link("red", "fjord");
    assert_eq!(ended["recordStatus"], "closed");
    assert_eq!(ended["recordDetails"]["interests"][0].get("endDate"), None, "it is known to the year only");
    assert_eq!(found(&all, "/recordId", "ma")["recordType"], "person");
    assert!(all.iter().all(|one| one["statementId"].as_str().unwrap().len() == 32));
    let first_link = all.iter().position(|one| one["recordType"] == "relationship").unwrap();
    assert!(all[first_link..].iter().all(|one| one["recordType"] == "relationship"), "parties come first");

    let undated = crate::testing::graph("Company:tencent owns Company:red");
    let source =
        Source { generation: &undated.generation, schema: &undated.schema, choice: plain(&undated), told: None };
    let error = write(&source, Format::Bods, &mut |_| Ok(Box::new(io::sink()))).unwrap_err();
    assert!(error.to_string().contains("date"), "{error}");
}

#[test]
fn an_end_that_only_the_day_of_a_text_stands_for_is_no_end_date() {
    let lines = "
        document first 2024-03-04 The Paper
        Company:a owns Company:c status=ended
        Company:b owns Company:c status=ended validTo=2019-05-06
        Company:d owns Company:c status=ended date=2020-07-08
        Company:e owns Company:c status=ended validTo=2024-03-04";
    let graph = graph(lines);
    let choice = || Choice { statuses: Status::ALL.into(), ..plain(&graph) };
    let bods = statements(&export(&graph, Format::Bods, choice()).0[""]);
    let ftm = export(&graph, Format::FollowTheMoney, choice()).0.remove("").unwrap();
    let ftm: Vec<Value> = ftm.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (owner, end) in [("a", None), ("b", Some("2019-05-06")), ("d", Some("2020-07-08")), ("e", Some("2024-03-04"))] {
        let statement = found(&bods, "/recordDetails/interestedParty", owner);
        let interest = &statement["recordDetails"]["interests"][0];
        assert_eq!(statement["recordStatus"], "closed");
        assert_eq!(interest.get("endDate").and_then(Value::as_str), end, "{owner}");
        let link = found(&ftm, "/properties/owner/0", owner);
        assert_eq!(link.pointer("/properties/endDate/0").and_then(Value::as_str), end, "{owner}");
        assert_eq!(link["properties"]["status"][0], "ended");
        let told = [&interest["details"], &link["properties"]["description"][0]];
        assert!(told.iter().all(|told| told.as_str().unwrap().contains("ended by 2024-03-04") == end.is_none()));
    }
}
