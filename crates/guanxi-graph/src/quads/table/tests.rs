//! A table answers as oxigraph's own store does.

use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term, Triple};
use oxigraph::sparql::{CancellationToken, PreparedSparqlQuery, QueryResults, SparqlEvaluator};
use oxigraph::store::{StorageError, Store};
use proptest::prelude::*;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::TermPattern;

use super::{Bytes, Carrier, Table, TableBuilder, TableError, Walk};
use crate::quads::{Amendment, Quads};

fn node(number: u8) -> NamedNode {
    NamedNode::new_unchecked(format!("http://example.org/{number}"))
}

fn object() -> impl Strategy<Value = Term> {
    let text = || prop_oneof!["[a-c\"\\\\ \n.@^<>]{0,3}", "[关系é\u{1}\u{7f}]{0,2}"];
    prop_oneof![
        (0u8..5).prop_map(|number| node(number).into()),
        text().prop_map(|text| Literal::new_simple_literal(text).into()),
        text().prop_map(|text| Literal::new_language_tagged_literal_unchecked(text, "zh").into()),
        (-2i64..3).prop_map(|number| Literal::from(number).into()),
    ]
}

fn quads() -> impl Strategy<Value = Vec<Quad>> {
    let graph = prop_oneof![Just(GraphName::DefaultGraph), (5u8..7).prop_map(|number| node(number).into())];
    let quad = (0u8..5, 0u8..3, object(), graph)
        .prop_map(|(subject, predicate, object, graph)| Quad::new(node(subject), node(predicate), object, graph));
    prop::collection::vec(quad, 0..40)
}

fn table(quads: impl IntoIterator<Item = Quad>) -> Table {
    let mut builder = TableBuilder::new();
    builder.extend(quads);
    Table::of(builder.sorted(None))
}

proptest! {
    #[test]
    fn what_is_carried_from_a_table_is_what_was_written_there(old in quads(), new in quads()) {
        let (graph, left_out) = (node(5), node(1));
        let from = table(old.clone());
        let mut builder = TableBuilder::new();
        builder.extend(new.clone());
        builder.carry(&mut Carrier::of(&from, std::slice::from_ref(&left_out)), graph.as_ref());
        builder.extend(new.clone());
        let carried = old.into_iter().filter(|quad| quad.graph_name == GraphName::from(graph.clone()) && quad.predicate != left_out);
        let (found, wanted) = (Table::of(builder.sorted(None)), table(new.into_iter().chain(carried)));
        prop_assert_eq!(found.bytes.all(), wanted.bytes.all());
    }
}

fn both(quads: &[Quad]) -> [Quads; 2] {
    let store = Store::new().unwrap();
    store.extend(quads.iter().cloned()).unwrap();
    [table(quads.iter().cloned()).into(), store.into()]
}

fn answer(quads: &Quads, query: &str, union: bool) -> Vec<String> {
    rows(quads.execute(prepared(query, union)).unwrap())
}

fn prepared(query: &str, union: bool) -> PreparedSparqlQuery {
    let mut query = SparqlEvaluator::new().parse_query(query).unwrap();
    if union {
        query.dataset_mut().set_default_graph_as_union();
    }
    query
}

fn rows(results: QueryResults<'_>) -> Vec<String> {
    let mut rows: Vec<String> = match results {
        QueryResults::Solutions(rows) => rows.map(|row| format!("{:?}", row.unwrap().values())).collect(),
        QueryResults::Boolean(truth) => vec![truth.to_string()],
        QueryResults::Graph(triples) => triples.map(|triple| triple.unwrap().to_string()).collect(),
    };
    rows.sort();
    rows
}

const QUERIES: &[&str] = &[
    "SELECT * { ?s ?p ?o }",
    "SELECT * { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { ?a <http://example.org/0> ?b . OPTIONAL { ?b <http://example.org/1> ?c } }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?s ?x { ?s ?p ?o FILTER(isNumeric(?o)) BIND(?o + 1 AS ?x) FILTER EXISTS { ?t ?q ?x } }",
    "SELECT ?s { ?s <http://example.org/0>+ <http://example.org/1> }",
    "SELECT ?g { GRAPH ?g {} }",
    "ASK { GRAPH <http://example.org/5> { <http://example.org/0> ?p ?o } }",
    "SELECT DISTINCT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(LANG(?o) = 'zh') }",
    "SELECT ?s { VALUES ?o { 1 'a' <http://example.org/9> } ?s ?p ?o }",
];

proptest! {
    #[test]
    fn every_pattern_finds_what_the_store_finds(all in quads(), bound in 0u8..16, sought in quads()) {
        let [table, store] = both(&all);
        prop_assert_eq!(table.len().unwrap(), store.len().unwrap());
        for quad in all.iter().chain(&sought) {
            let found = |quads: &Quads| {
                let part = |bit: u8| bound & bit != 0;
                let found = quads.quads_for_pattern(
                    part(1).then_some(quad.subject.as_ref()),
                    part(2).then_some(quad.predicate.as_ref()),
                    part(4).then_some(quad.object.as_ref()),
                    part(8).then_some(quad.graph_name.as_ref()),
                );
                let mut found: Vec<String> = found.map(|quad| quad.unwrap().to_string()).collect();
                found.sort();
                found
            };
            prop_assert_eq!(found(&table), found(&store));
            prop_assert_eq!(table.contains(quad).unwrap(), store.contains(quad).unwrap());
        }
    }

    #[test]
    fn queries_answer_as_the_store_does(all in quads(), union: bool) {
        let [table, store] = both(&all);
        for query in QUERIES {
            prop_assert_eq!(answer(&table, query, union), answer(&store, query, union), "{}", query);
        }
    }

    #[test]
    fn under_an_amendment_both_answer_as_if_it_were_written_down(all in quads(), gone in quads(), come in quads(), union: bool) {
        let stands = |quad: &Quad| quad.graph_name.is_default_graph() && all.contains(quad);
        let shown: Vec<Quad> = come.into_iter().filter(|quad| quad.graph_name.is_default_graph() && !stands(quad)).collect();
        let hidden: Vec<Quad> = gone.into_iter().chain(all.iter().step_by(3).cloned()).filter(stands).collect();
        let mut amended: Vec<Quad> = all.iter().filter(|quad| !hidden.contains(quad)).cloned().collect();
        amended.extend(shown.iter().cloned());
        let [written, _] = both(&amended);
        let triples = |quads: Vec<Quad>| {
            let mut triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
            triples.sort_by_key(Triple::to_string);
            triples.dedup();
            triples
        };
        let amendment = Amendment { hidden: triples(hidden), shown: triples(shown) };
        for quads in both(&all) {
            for query in QUERIES {
                let found = rows(quads.execute_amended(prepared(query, union), &amendment).unwrap());
                prop_assert_eq!(found, answer(&written, query, union), "{}", query);
            }
        }
    }

    #[test]
    fn both_forms_have_one_order(all in quads(), digits in "[0-4]?") {
        let [table, store] = both(&all);
        let told = |quads: Box<dyn Iterator<Item = Result<Quad, StorageError>> + '_>| {
            quads.map(|quad| quad.unwrap().to_string()).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(table.in_order()), told(store.in_order()));
        prop_assert_eq!(told(table.by_subject()), told(store.by_subject()));
        for graph in [GraphName::DefaultGraph, node(5).into()] {
            let namespace = format!("http://example.org/{digits}");
            let below = told(table.below(&namespace, graph.as_ref()));
            prop_assert_eq!(&below, &told(store.below(&namespace, graph.as_ref())));
            let whole = told(table.quads_for_pattern(None, None, None, Some(graph.as_ref())));
            let begin_so = |quad: &String| quad.starts_with(&format!("<{namespace}"));
            prop_assert_eq!(below, whole.into_iter().filter(begin_so).collect::<Vec<_>>());
        }
    }

    #[test]
    fn quads_in_any_order_are_the_same_bytes(mut all in quads()) {
        let bytes = table(all.iter().cloned()).bytes.all().to_vec();
        all.reverse();
        all.extend_from_within(..);
        let again = table(all);
        prop_assert_eq!(bytes.as_slice(), again.bytes.all());
    }
}

const PATHS: &[&str] = &[
    "<p0>+",
    "<p0>*",
    "(<p0>|<p1>)+",
    "(<p0>/<p1>)*",
    "^(<p0>/<p1>?)+",
    "((<p0>+/^<p1>)*|<p2>)+",
    "(<p1>|!(<p0>|^<p2>))+",
    "(<p0>?)+",
    "<p0>|^<p1>",
    "<p9>*",
];

proptest! {
    #[test]
    fn a_walk_ends_where_the_path_of_the_store_does(all in quads(), start in 0u8..6) {
        let [walking, store] = both(&all);
        for path in PATHS {
            let path = (0..10).fold(path.to_string(), |path, p| path.replace(&format!("<p{p}>"), &node(p).to_string()));
            let query = format!("SELECT ?end {{ {} {path} ?end }}", node(start));
            let walk = Walk { start: node(start), path: parsed_path(&query) };
            let walked = format!("SELECT ?end {{ {} <walk:> ?end }}", node(start));
            let mut walked = spargebra::SparqlParser::new().parse_query(&walked).unwrap();
            name_predicate(&mut walked);
            let walked = SparqlEvaluator::new().for_query(walked);
            let found = rows(walking.execute_walking(walked, vec![walk], CancellationToken::new()).unwrap());
            prop_assert_eq!(found, answer(&store, &query, false), "{}", query);
        }
    }
}

fn parsed_path(query: &str) -> PropertyPathExpression {
    let mut query = spargebra::SparqlParser::new().parse_query(query).unwrap();
    match innermost(&mut query) {
        GraphPattern::Path { path, subject: TermPattern::NamedNode(_), .. } => path.clone(),
        // The parser turns a path that goes back.
        GraphPattern::Path { path, .. } => PropertyPathExpression::Reverse(Box::new(path.clone())),
        other => panic!("{other}"),
    }
}

fn name_predicate(query: &mut Query) {
    let GraphPattern::Bgp { patterns } = innermost(query) else { panic!() };
    patterns[0].predicate = Walk::predicate(0).into();
}

fn innermost(query: &mut Query) -> &mut GraphPattern {
    let Query::Select { pattern: GraphPattern::Project { inner, .. }, .. } = query else { panic!() };
    inner
}

#[test]
fn a_damaged_file_is_told() {
    let table = table([Quad::new(node(0), node(1), node(2), GraphName::DefaultGraph)]);
    let bytes = table.bytes.all().to_vec();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(matches!(Table::read(Bytes::from(changed)), Err(TableError::Damaged(_))), "byte {at}");
    }
    for length in 0..bytes.len() {
        assert!(Table::read(Bytes::from(bytes[..length].to_vec())).is_err(), "{length} bytes");
    }
}
