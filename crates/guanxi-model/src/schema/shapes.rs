//! What a store of this schema must look like, as SHACL shapes in Turtle: for whoever checks a dump with a tool of his own.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{ClassKind, Predicate, Range, Schema};
use crate::{Qualifier, QualifierKind, Status};

const HEADER: &str = "\
# The shapes of a guanxi store. Generated from data/schema: edit there, then run the tests with UPDATE_VOCABULARY=1.
# Validate all graphs of a dump as one. Classes stand with all that lie below them, so no reasoner is needed.

@prefix gx: <https://w3id.org/guanxi/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
";

/// The shapes of claims, facts, documents and of the ends of every predicate: the same schema, the same bytes.
///
/// Only parts of SHACL Core are used: targets by class and by predicate, `sh:class`, `sh:datatype`, `sh:nodeKind`,
/// `sh:minCount`, `sh:maxCount`, `sh:in`, `sh:pattern`, `sh:or`.
pub fn shapes(schema: &Schema) -> String {
    let mut out = String::from(HEADER);
    out.push_str(&claim_shape(schema));
    out.push_str(&fact_shape(schema));
    out.push_str(&document_shape());
    for predicate in schema.predicates() {
        out.push_str(&subjects_of(predicate, schema));
        out.push_str(&objects_of(predicate, schema));
    }
    out
}

/// A property shape: how often, and what.
struct Property {
    path: String,
    min: u32,
    max: Option<u32>,
    of: String,
}

fn property(path: &str, min: u32, max: impl Into<Option<u32>>, of: impl Into<String>) -> Property {
    Property { path: path.to_owned(), min, max: max.into(), of: of.into() }
}

fn shape(name: &str, target: &str, properties: &[Property]) -> String {
    let mut text = format!("\ngx:{name}\n    a sh:NodeShape ;\n    {target}");
    for Property { path, min, max, of } in properties {
        // Writing to a string cannot fail.
        let _ = write!(text, " ;\n    sh:property [ sh:path {path}");
        if *min > 0 {
            let _ = write!(text, " ; sh:minCount {min}");
        }
        if let Some(max) = max {
            let _ = write!(text, " ; sh:maxCount {max}");
        }
        if !of.is_empty() {
            let _ = write!(text, " ; {of}");
        }
        text.push_str(" ]");
    }
    text.push_str(" .\n");
    text
}

const IRI: &str = "sh:nodeKind sh:IRI";
const TEXT: &str = "sh:datatype xsd:string";
const INTEGER: &str = "sh:datatype xsd:integer";
const DECIMAL: &str = "sh:datatype xsd:decimal";
const JSON: &str = "sh:datatype rdf:JSON";
const FLAG: &str = "sh:datatype xsd:boolean";
/// A day, a month or a year.
const DATE: &str = "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:gYearMonth ] [ sh:datatype xsd:gYear ] )";

fn statuses() -> String {
    one_of(Status::ALL.iter().map(|status| status.name()))
}

fn predicates(schema: &Schema, derived: bool) -> String {
    let told = schema.predicates().iter().filter(|predicate| derived || !predicate.derived);
    one_of(told.map(|predicate| &*predicate.name))
}

fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("gx:{name}")).collect();
    format!("sh:in ( {} )", names.join(" "))
}

fn claim_shape(schema: &Schema) -> String {
    let properties = [
        property("gx:subject", 1, 1, IRI),
        property("gx:predicate", 1, 1, predicates(schema, false)),
        property("gx:object", 1, 1, ""),
        property("gx:status", 1, 1, statuses()),
        property("gx:confidence", 1, 1, DECIMAL),
        property("gx:rule", 1, 1, TEXT),
        property("gx:start", 1, 1, INTEGER),
        property("gx:end", 1, 1, INTEGER),
        property("gx:quote", 1, 1, TEXT),
        property("gx:detail", 1, 1, JSON),
        property("gx:of", 0, 1, "sh:class gx:Fact"),
    ];
    shape("ClaimShape", "sh:targetClass gx:Claim", &properties)
}

fn fact_shape(schema: &Schema) -> String {
    let mut properties = vec![
        property("gx:subject", 1, 1, IRI),
        property("gx:predicate", 1, 1, predicates(schema, true)),
        property("gx:object", 0, 1, IRI),
        property("gx:status", 1, 1, statuses()),
        // Beside what it rests on, of a valuation the literal that tells what it counts.
        property(
            "gx:basis",
            1,
            2,
            format!("sh:or ( [ {TEXT} ] [ {} ] )", one_of(["text", "reference", "derived"].into_iter())),
        ),
        property("gx:confidence", 1, 1, DECIMAL),
        property("gx:support", 1, 1, INTEGER),
        property("gx:publishers", 1, 1, INTEGER),
        property("gx:conflict", 0, 1, one_of(["denied", "otherValue"].into_iter())),
        property("gx:premise", 0, None, "sh:class gx:Fact"),
        property("gx:derivation", 0, 1, TEXT),
        property("gx:source", 0, 1, TEXT),
        property("gx:unverified", 0, 1, FLAG),
        property("gx:detail", 0, 1, JSON),
    ];
    for &qualifier in Qualifier::ALL.iter().filter(|&&qualifier| qualifier != Qualifier::Basis) {
        let of = match qualifier.kind() {
            QualifierKind::Decimal => DECIMAL,
            QualifierKind::Date => DATE,
            QualifierKind::Text => TEXT,
            QualifierKind::Flag => FLAG,
        };
        properties.push(Property { path: format!("gx:{}", qualifier.name()), min: 0, max: Some(1), of: of.to_owned() });
    }
    shape("FactShape", "sh:targetClass gx:Fact", &properties)
}

fn document_shape() -> String {
    let properties = [
        property("gx:sha256", 1, 1, "sh:datatype xsd:string ; sh:pattern \"^[0-9a-f]{64}$\""),
        property("gx:name", 1, 1, TEXT),
        property("gx:source", 1, None, TEXT),
        property("gx:detail", 0, 1, JSON),
        property("schema:headline", 0, 1, TEXT),
        property("schema:publisher", 0, 1, TEXT),
        property("schema:datePublished", 0, 1, DATE),
    ];
    shape("DocumentShape", "sh:targetClass gx:Document", &properties)
}

/// Whoever is the subject of a predicate is of one of its classes.
fn subjects_of(predicate: &Predicate, schema: &Schema) -> String {
    let target = format!("sh:targetSubjectsOf gx:{0} ;\n    {1}", predicate.name, classes(&predicate.domain, schema));
    shape(&format!("SubjectOf-{}", predicate.name), &target, &[])
}

/// Whatever is its object as well; a value stands in a fact.
fn objects_of(predicate: &Predicate, schema: &Schema) -> String {
    let of = match &predicate.range {
        Range::Classes(accepted) => classes(accepted, schema),
        Range::Value(_) => "sh:class gx:Fact".to_owned(),
    };
    let target = format!("sh:targetObjectsOf gx:{} ;\n    {of}", predicate.name);
    shape(&format!("ObjectOf-{}", predicate.name), &target, &[])
}

/// One of these classes, or of those below them.
fn classes(accepted: &[std::sync::Arc<str>], schema: &Schema) -> String {
    let of_nodes = schema.classes().iter().filter(|class| class.kind == ClassKind::Entity);
    let below = of_nodes.filter(|class| {
        accepted.iter().any(|wide| {
            // A role is whoever may play it: any class that it descends from, and what lies below.
            schema.is_a(&class.name, wide)
                || schema.class(wide).is_some_and(|role| {
                    role.kind == ClassKind::Role && role.parents.iter().any(|parent| schema.is_a(&class.name, parent))
                })
        })
    });
    let names: BTreeSet<&str> = below.map(|class| &*class.name).collect();
    let each: Vec<String> = names.iter().map(|name| format!("[ sh:class gx:{name} ]")).collect();
    format!("sh:or ( {} )", each.join(" "))
}
