//! What the commands write is as `data/vocab/shapes.ttl` says: a store of the corpus is held against the shapes here, by
//! an evaluator of as much of SHACL as they use, and broken stores are found out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use oxttl::{NQuadsParser, TurtleParser};
use regex::Regex;

use crate::support::{Scratch, copy_folder, root};

#[test]
fn the_store_of_the_corpus_keeps_to_the_shapes() {
    let violations = Shapes::published().violations(&corpus());
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

#[test]
fn broken_stores_are_found_out() {
    let (shapes, whole) = (Shapes::published(), corpus());
    let line_with = |words: &[&str]| {
        whole.lines().find(|line| words.iter().all(|word| line.contains(word))).unwrap_or_else(|| panic!("{words:?}"))
    };
    let status = line_with(&["/claim/", "ns#status> "]);
    let confidence = line_with(&["/claim/", "ns#confidence> "]);
    let sha = line_with(&["/doc/", "ns#sha256> "]);
    let investor = line_with(&["/id/agent-", "ns#investsIn> "]);
    let who = investor.split(' ').next().unwrap();
    for (from, to, told) in [
        (status, String::new(), "ns#status: 0, at least 1"),
        (
            status,
            status.replacen(status.split(' ').nth(2).unwrap(), "<https://w3id.org/guanxi/ns#perhaps>", 1),
            "is none of",
        ),
        (confidence, confidence.replace("#decimal", "#double"), "ns#confidence"),
        (confidence, format!("{confidence}\n{}", confidence.replace("\"0.", "\"0.1")), "ns#confidence: 2, at most 1"),
        (sha, sha.replacen("sha256> \"", "sha256> \"x", 1), "does not match"),
    ] {
        let broken = whole.replacen(from, &to, 1);
        let violations = shapes.violations(&broken);
        assert!(violations.iter().any(|violation| violation.contains(told)), "{told}: {violations:?}");
    }
    let is_type = |line: &&str| line.starts_with(who) && line.contains("rdf-syntax-ns#type>");
    let a_place: String = whole
        .lines()
        .map(|line| {
            let place = "<https://w3id.org/guanxi/ns#Place>";
            let class = line.split(' ').nth(2).unwrap_or_default();
            if is_type(&line) { line.replacen(class, place, 1) + "\n" } else { format!("{line}\n") }
        })
        .collect();
    let violations = shapes.violations(&a_place);
    assert!(violations.iter().any(|violation| violation.contains("is no ")), "{who}: {violations:?}");
}

/// A store of the corpus, dumped.
fn corpus() -> String {
    let scratch = Scratch::new();
    copy_folder(&root().join("data/corpus"), &scratch.path("corpus"));
    scratch.guanxi(["build", "corpus", "--quiet"]).expect_status(0);
    scratch.guanxi(["dump"]).expect_status(0).stdout
}

const SH: &str = "http://www.w3.org/ns/shacl#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// A graph: the objects of each subject and predicate, in N-Triples form.
#[derive(Default)]
struct Triples(BTreeMap<String, BTreeMap<String, BTreeSet<String>>>);

impl Triples {
    fn add(&mut self, subject: String, predicate: &str, object: String) {
        self.0.entry(subject).or_default().entry(predicate.to_owned()).or_default().insert(object);
    }

    fn objects(&self, subject: &str, predicate: &str) -> Vec<&str> {
        let objects = self.0.get(subject).and_then(|properties| properties.get(predicate));
        objects.into_iter().flatten().map(String::as_str).collect()
    }

    fn subjects_with(&self, predicate: &str) -> Vec<&str> {
        let having = self.0.iter().filter(|(_, properties)| properties.contains_key(predicate));
        having.map(|(subject, _)| subject.as_str()).collect()
    }

    fn list(&self, head: &str) -> Vec<&str> {
        let (mut items, mut at) = (Vec::new(), head);
        while let [item] = self.objects(at, &format!("{RDF}first"))[..] {
            items.push(item);
            at = self.objects(at, &format!("{RDF}rest"))[0];
        }
        items
    }
}

struct Shapes(Triples);

impl Shapes {
    fn published() -> Self {
        let turtle = fs::read_to_string(root().join("data/vocab/shapes.ttl")).unwrap();
        let mut triples = Triples::default();
        for triple in TurtleParser::new().for_slice(turtle.as_bytes()) {
            let triple = triple.unwrap();
            triples.add(triple.subject.to_string(), triple.predicate.as_str(), triple.object.to_string());
        }
        Self(triples)
    }

    /// All graphs of the dump as one, held against every shape.
    fn violations(&self, nquads: &str) -> Vec<String> {
        let mut data = Triples::default();
        for quad in NQuadsParser::new().for_slice(nquads.as_bytes()) {
            let quad = quad.unwrap();
            data.add(quad.subject.to_string(), quad.predicate.as_str(), quad.object.to_string());
        }
        let types = format!("{RDF}type");
        let shapes = self.0.subjects_with(&types);
        let violations = shapes.into_iter().flat_map(|shape| {
            self.targets(shape, &data).into_iter().flat_map(|node| self.of_node(shape, node, &data)).collect::<Vec<_>>()
        });
        violations.collect()
    }

    fn targets<'d>(&self, shape: &str, data: &'d Triples) -> BTreeSet<&'d str> {
        let types = format!("{RDF}type");
        let mut targets = BTreeSet::new();
        for class in self.0.objects(shape, &format!("{SH}targetClass")) {
            let typed = data.subjects_with(&types).into_iter();
            targets.extend(typed.filter(|node| data.objects(node, &types).contains(&class)));
        }
        for predicate in self.0.objects(shape, &format!("{SH}targetSubjectsOf")) {
            targets.extend(data.subjects_with(bare(predicate)));
        }
        for predicate in self.0.objects(shape, &format!("{SH}targetObjectsOf")) {
            let subjects = data.subjects_with(bare(predicate));
            targets.extend(subjects.into_iter().flat_map(|node| data.objects(node, bare(predicate))));
        }
        targets
    }

    fn of_node(&self, shape: &str, node: &str, data: &Triples) -> Vec<String> {
        let mut violations: Vec<String> =
            self.of_value(shape, node, data).into_iter().map(|wrong| format!("{shape} {node}: {wrong}")).collect();
        for property in self.0.objects(shape, &format!("{SH}property")) {
            let path = bare(self.0.objects(property, &format!("{SH}path"))[0]);
            let values = data.objects(node, path);
            let count = |bound: &str| {
                let bound = self.0.objects(property, &format!("{SH}{bound}"));
                bound.first().map(|bound| bound[1..].split('"').next().unwrap().parse::<usize>().unwrap())
            };
            let mut tell = |wrong: String| violations.push(format!("{shape} {node} {path}: {wrong}"));
            if let Some(least) = count("minCount").filter(|least| values.len() < *least) {
                tell(format!("{}, at least {least}", values.len()));
            }
            if let Some(most) = count("maxCount").filter(|most| values.len() > *most) {
                tell(format!("{}, at most {most}", values.len()));
            }
            for value in values {
                if let Some(wrong) = self.of_value(property, value, data) {
                    tell(wrong);
                }
            }
        }
        violations
    }

    /// What is wrong with a value, or a node itself.
    fn of_value(&self, shape: &str, value: &str, data: &Triples) -> Option<String> {
        let asked = |name: &str| self.0.objects(shape, &format!("{SH}{name}"));
        for class in asked("class") {
            if !data.objects(value, &format!("{RDF}type")).contains(&class) {
                return Some(format!("{value} is no {class}"));
            }
        }
        for datatype in asked("datatype") {
            if datatype_of(value) != Some(bare(datatype)) {
                return Some(format!("{value} is no {datatype}"));
            }
        }
        for kind in asked("nodeKind") {
            assert_eq!(bare(kind), format!("{SH}IRI"), "this evaluator knows no other kind");
            if !value.starts_with('<') {
                return Some(format!("{value} is no IRI"));
            }
        }
        for list in asked("in") {
            if !self.0.list(list).contains(&value) {
                return Some(format!("{value} is none of those that may stand there"));
            }
        }
        for pattern in asked("pattern") {
            let text = |literal: &str| literal[1..literal.rfind('"').unwrap()].to_owned();
            if !value.starts_with('"') || !Regex::new(&text(pattern)).unwrap().is_match(&text(value)) {
                return Some(format!("{value} does not match {pattern}"));
            }
        }
        for list in asked("or") {
            let wrongs: Vec<Option<String>> =
                self.0.list(list).into_iter().map(|each| self.of_value(each, value, data)).collect();
            if wrongs.iter().all(Option::is_some) {
                return wrongs.into_iter().next().flatten();
            }
        }
        None
    }
}

/// `<iri>` without its brackets.
fn bare(iri: &str) -> &str {
    iri.trim_start_matches('<').trim_end_matches('>')
}

fn datatype_of(value: &str) -> Option<&str> {
    let behind = value.strip_prefix('"')?.rsplit_once('"')?.1;
    match behind.strip_prefix("^^") {
        Some(datatype) => Some(bare(datatype)),
        None if behind.is_empty() => Some("http://www.w3.org/2001/XMLSchema#string"),
        None => None,
    }
}
