//! The schema files of the project load, say what the design says, and their published rendering is fresh.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use guanxi_model::schema::{ClassKind, EdgeKind, Range, Schema, shapes, turtle};

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/schema");
const VOCABULARY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/vocab/guanxi.ttl");
const SHAPES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/vocab/shapes.ttl");

fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = fs::read_dir(SCHEMA)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn schema() -> Schema {
    let files = files();
    Schema::load(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(|error| format!("{error}\n")).collect::<String>());
    })
}

#[test]
fn every_file_is_named_after_its_kind() {
    let schema = schema();
    let kinds = schema.classes().iter().map(|class| &class.name);
    let kinds: BTreeSet<String> = kinds
        .chain(schema.predicates().iter().map(|predicate| &predicate.name))
        .map(|name| format!("{name}.toml"))
        .collect();
    assert_eq!(kinds, files().into_iter().map(|(name, _)| name).collect());
}

#[test]
fn the_published_vocabulary_is_fresh() {
    is_fresh(VOCABULARY, &turtle(&schema()));
}

#[test]
fn the_published_shapes_are_fresh() {
    is_fresh(SHAPES, &shapes(&schema()));
}

fn is_fresh(file: &str, rendered: &str) {
    if std::env::var_os("UPDATE_VOCABULARY").is_some() {
        fs::create_dir_all(Path::new(file).parent().unwrap()).unwrap();
        fs::write(file, rendered).unwrap();
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    let name = Path::new(file).file_name().unwrap().display();
    assert!(committed == rendered, "data/vocab/{name} is stale: run this test with UPDATE_VOCABULARY=1");
}

#[test]
fn the_published_vocabulary_is_turtle_and_describes_each_term_once() {
    let rendered = turtle(&schema());
    let triples: Vec<oxttl_triple::Triple> = oxttl_triple::parse(&rendered);
    let typed: Vec<&str> = triples
        .iter()
        .filter(|triple| triple.predicate.ends_with("rdf-syntax-ns#type"))
        .map(|triple| triple.subject.as_str())
        .collect();
    let described: BTreeSet<&str> = typed.iter().copied().collect();
    for triple in &triples {
        for term in [&triple.subject, &triple.predicate, &triple.object] {
            if term.starts_with("https://w3id.org/guanxi/ns#") {
                assert!(described.contains(term.as_str()), "{term} is used and not described");
            }
        }
    }
    let headings = rendered.lines().filter(|line| line.starts_with("gx:")).count();
    assert_eq!(headings, described.len() - 1, "a term is described twice");
}

#[test]
fn twenty_nine_predicates_are_stated_and_two_derived() {
    let schema = schema();
    let derived: Vec<&str> =
        schema.predicates().iter().filter(|predicate| predicate.derived).map(|predicate| &*predicate.name).collect();
    assert_eq!(derived, ["reaches", "supervises"]);
    assert_eq!(schema.predicates().len() - derived.len(), 29);
}

#[test]
fn the_lattice_and_its_families() {
    let schema = schema();
    for class in ["Person", "Organization", "Company", "Fund", "Regulator", "PublicBody", "Exchange", "Investor"] {
        assert!(schema.is_a(class, "Agent"), "{class}");
        assert_eq!(schema.family(class), Some("agent"), "{class}");
    }
    assert!(schema.is_a("Company", "Organization") && !schema.is_a("Person", "Organization"));
    assert!(!schema.is_a("Organization", "Company") && !schema.is_a("Product", "Agent"));
    for (class, family) in
        [("Product", "product"), ("Regulation", "regulation"), ("Activity", "activity"), ("Place", "place")]
    {
        assert_eq!(schema.family(class), Some(family));
    }
    for class in schema.classes() {
        assert_eq!(class.kind == ClassKind::Record, schema.family(&class.name).is_none(), "{}", class.name);
    }
}

#[test]
fn predicates_refuse_what_they_do_not_mean() {
    let schema = schema();
    let accepts = |name: &str, subject: &str, object: &str| {
        let predicate = schema.predicate(name).unwrap();
        schema.accepts_subject(predicate, subject) && schema.accepts_object(predicate, object)
    };
    assert!(accepts("investsIn", "Person", "Company") && accepts("investsIn", "Exchange", "Fund"));
    assert!(!accepts("investsIn", "Product", "Company") && !accepts("investsIn", "Person", "Person"));
    assert!(accepts("operatesIn", "Product", "Activity") && accepts("offers", "Company", "Activity"));
    assert!(accepts("regulates", "Regulator", "Activity") && !accepts("regulates", "PublicBody", "Activity"));
    assert!(accepts("sanctions", "Exchange", "Fund") && !accepts("sanctions", "Regulator", "Regulation"));
    assert!(!accepts("raised", "Company", "Company"), "its object is a value");
}

#[test]
fn walks_lead_from_regulators_to_companies_and_from_parents_to_children() {
    let schema = schema();
    let walks = |name: &str| {
        let walk = schema.predicate(name).unwrap().walk;
        [walk.trace, walk.reach, walk.owners].map(|direction| {
            match (direction.goes_forward(), direction.goes_backward()) {
                (false, false) => '-',
                (true, false) => '>',
                (false, true) => '<',
                (true, true) => '=',
            }
        })
    };
    for name in ["regulates", "issued", "governs", "licenses", "sanctions", "investigates", "supervises"] {
        assert_eq!(walks(name), ['>', '>', '-'], "{name}");
    }
    for name in ["operatesIn", "offers", "expandsInto"] {
        assert_eq!(walks(name), ['<', '<', '-'], "{name}");
    }
    for name in ["owns", "controls", "acquired"] {
        assert_eq!(walks(name), ['>', '-', '<'], "{name}");
    }
    assert_eq!(walks("subsidiaryOf"), ['<', '-', '>']);
    for name in ["investsIn", "partnersWith", "competesWith", "actsInConcertWith", "reaches"] {
        assert_eq!(walks(name), ['-', '-', '-'], "{name}");
    }
}

#[test]
fn arrows_of_holdings_run_from_owner_to_owned() {
    let schema = schema();
    for predicate in schema.predicates() {
        let is_value = matches!(predicate.range, Range::Value(_));
        assert_eq!(predicate.edge.is_none(), is_value, "{}", predicate.name);
        if let Some(edge) = predicate.edge.filter(|edge| edge.kind == EdgeKind::Ownership) {
            let walk = predicate.walk;
            let down = if edge.from_object { walk.trace.goes_backward() } else { walk.trace.goes_forward() };
            let up = if edge.from_object { walk.owners.goes_forward() } else { walk.owners.goes_backward() };
            assert!(down && up, "{}", predicate.name);
        }
    }
    let majority = schema.predicate("subsidiaryOf").unwrap().edge.unwrap().default_share.unwrap();
    assert_eq!(majority, guanxi_model::Share::majority());
}

/// Another hand's Turtle parser.
mod oxttl_triple {
    use oxttl::TurtleParser;

    pub struct Triple {
        pub subject: String,
        pub predicate: String,
        pub object: String,
    }

    pub fn parse(turtle: &str) -> Vec<Triple> {
        TurtleParser::new()
            .for_slice(turtle)
            .map(|triple| {
                let triple = triple.unwrap();
                let bare = |term: String| term.trim_matches(['<', '>']).to_owned();
                Triple {
                    subject: bare(triple.subject.to_string()),
                    predicate: bare(triple.predicate.to_string()),
                    object: bare(triple.object.to_string()),
                }
            })
            .collect()
    }
}
