//! Property paths that begin or end at a known node, taken out of a query: the store answers each by one walk.
//!
//! The evaluator gives every end of such a path once, as a walk does, so that a query says the same with and without. A
//! path in parts (`a+/b`) gives an end as often as there are ways to it; where the query asks for DISTINCT rows, or only
//! whether there are any, its parts become one path again.

use guanxi_graph::Walk;
use oxigraph::model::BlankNode;
use spargebra::Query;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use crate::algebra::{self, Place};

/// Takes the walks out of `query`; [`Walk::predicate`] of their number stands for each.
pub(crate) fn taken(query: &mut Query) -> Vec<Walk> {
    let mut walks = Vec::new();
    if query.dataset().is_none() {
        let mut blanks = Vec::new();
        algebra::walk(query, &mut |place| {
            if let Place::Term(TermPattern::BlankNode(blank)) = place {
                blanks.push(blank.clone());
            }
        });
        blanks.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        let is_asked = matches!(query, Query::Ask { .. });
        let (pattern, _) = algebra::parts(query);
        if is_asked {
            unite(pattern, &blanks);
        }
        take(pattern, &blanks, &mut walks);
    }
    walks
}

/// Those of the default graph; patterns within expressions stay as they are.
fn take(pattern: &mut GraphPattern, blanks: &[BlankNode], walks: &mut Vec<Walk>) {
    match pattern {
        GraphPattern::Path { subject, path, object } => {
            if let Some((walk, end)) = walk(subject, path, object) {
                let triple = TriplePattern {
                    subject: walk.start.clone().into(),
                    predicate: Walk::predicate(walks.len()).into(),
                    object: end,
                };
                *pattern = GraphPattern::Bgp { patterns: vec![triple] };
                walks.push(walk);
            }
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => {
            take(left, blanks, walks);
            take(right, blanks, walks);
        }
        GraphPattern::Distinct { inner } => {
            if let GraphPattern::Project { inner, .. } = &mut **inner {
                unite(inner, blanks);
            }
            take(inner, blanks, walks);
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Group { inner, .. } => take(inner, blanks, walks),
        GraphPattern::Graph { .. }
        | GraphPattern::Service { .. }
        | GraphPattern::Bgp { .. }
        | GraphPattern::Values { .. } => {}
    }
}

/// The walk that finds what the path finds, and where it ends; `None` where neither end is known, or where the evaluator
/// may give one end several times. (Of a sequence it may as well, but the parser makes a join of it, and [`unite`] makes
/// one again only where that is all the same.)
fn walk(subject: &TermPattern, path: &PropertyPathExpression, object: &TermPattern) -> Option<(Walk, TermPattern)> {
    if matches!(path, PropertyPathExpression::NegatedPropertySet(_)) {
        return None;
    }
    let (start, path, end) = match (subject, object) {
        (TermPattern::NamedNode(start), _) => (start, path.clone(), object),
        (_, TermPattern::NamedNode(start)) => (start, turned(path.clone()), subject),
        _ => return None,
    };
    Some((Walk { start: start.clone(), path }, end.clone()))
}

fn turned(path: PropertyPathExpression) -> PropertyPathExpression {
    PropertyPathExpression::Reverse(Box::new(path))
}

/// Makes one path of those of which one leads from a known node to a blank one and the other goes on there, if nothing else
/// in the query has to do with that. `blanks` are those of the whole query, sorted, each as often as it stands there.
fn unite(pattern: &mut GraphPattern, blanks: &[BlankNode]) {
    match pattern {
        GraphPattern::Filter { inner, .. } => unite(inner, blanks),
        GraphPattern::Join { .. } => {
            let mut parts = Vec::new();
            divide(std::mem::take(pattern), &mut parts);
            while let Some((before, after, united)) = longer(&parts, blanks) {
                parts[before] = united;
                parts.remove(after);
            }
            *pattern = joined(parts);
        }
        _ => {}
    }
}

/// One part of what a query joins.
enum Part {
    /// From where, along what, to where; a triple as well.
    Path(TermPattern, PropertyPathExpression, TermPattern),
    Other(GraphPattern),
}

fn divide(pattern: GraphPattern, parts: &mut Vec<Part>) {
    match pattern {
        GraphPattern::Join { left, right } => {
            divide(*left, parts);
            divide(*right, parts);
        }
        GraphPattern::Path { subject, path, object } => parts.push(Part::Path(subject, path, object)),
        GraphPattern::Bgp { patterns } => parts.extend(patterns.into_iter().map(|triple| match triple.predicate {
            NamedNodePattern::NamedNode(predicate) => Part::Path(triple.subject, predicate.into(), triple.object),
            NamedNodePattern::Variable(_) => Part::Other(GraphPattern::Bgp { patterns: vec![triple] }),
        })),
        other => parts.push(Part::Other(other)),
    }
}

/// Two parts that are one path, and that path.
fn longer(parts: &[Part], blanks: &[BlankNode]) -> Option<(usize, usize, Part)> {
    parts.iter().enumerate().find_map(|(before, part)| {
        let (start, way, blank) = leading_to_blank(part)?;
        let place = blanks.partition_point(|known| known.as_str() < blank.as_str());
        let is_theirs_alone = blanks[place..].iter().take_while(|known| *known == blank).count() == 2;
        let mut others = parts.iter().enumerate().filter(|(after, _)| is_theirs_alone && *after != before);
        let (after, (onward, end)) = others.find_map(|(after, part)| Some((after, going_on(part, blank)?)))?;
        let path = PropertyPathExpression::Sequence(Box::new(way), Box::new(onward));
        Some((before, after, Part::Path(start.clone(), path, end.clone())))
    })
}

/// A part that leads from a known node to a blank one.
fn leading_to_blank(part: &Part) -> Option<(&TermPattern, PropertyPathExpression, &BlankNode)> {
    match part {
        Part::Path(start @ TermPattern::NamedNode(_), path, TermPattern::BlankNode(blank)) => {
            Some((start, path.clone(), blank))
        }
        Part::Path(TermPattern::BlankNode(blank), path, start @ TermPattern::NamedNode(_)) => {
            Some((start, turned(path.clone()), blank))
        }
        _ => None,
    }
}

/// How a part leads on from a blank node, and where.
fn going_on<'p>(part: &'p Part, blank: &BlankNode) -> Option<(PropertyPathExpression, &'p TermPattern)> {
    let is_blank = |term: &TermPattern| matches!(term, TermPattern::BlankNode(known) if known == blank);
    match part {
        Part::Path(start, path, end) if is_blank(start) => Some((path.clone(), end)),
        Part::Path(end, path, start) if is_blank(start) => Some((turned(path.clone()), end)),
        _ => None,
    }
}

/// The parts as a query has them: triples that stand together in one pattern.
fn joined(parts: Vec<Part>) -> GraphPattern {
    let mut patterns: Vec<GraphPattern> = Vec::new();
    for part in parts {
        match (part, patterns.last_mut()) {
            (Part::Path(subject, PropertyPathExpression::NamedNode(predicate), object), last) => {
                let triple = TriplePattern { subject, predicate: predicate.into(), object };
                match last {
                    Some(GraphPattern::Bgp { patterns }) => patterns.push(triple),
                    _ => patterns.push(GraphPattern::Bgp { patterns: vec![triple] }),
                }
            }
            (Part::Path(subject, path, object), _) => patterns.push(GraphPattern::Path { subject, path, object }),
            (Part::Other(pattern), _) => patterns.push(pattern),
        }
    }
    let join = |left, right| GraphPattern::Join { left: Box::new(left), right: Box::new(right) };
    patterns.into_iter().reduce(join).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use oxigraph::sparql::{QueryResults, SparqlEvaluator};
    use proptest::prelude::*;

    use super::*;
    use crate::testing::graph;
    use crate::{Content, Limits, Query};

    /// Queries about `id:n0`, and how many walks each has.
    const QUERIES: &[(&str, usize)] = &[
        ("SELECT ?x { id:n0 gx:owns+ ?x }", 1),
        ("SELECT ?x { id:n0 gx:owns* ?x }", 1),
        ("SELECT ?x { ?x gx:owns+ id:n0 }", 1),
        ("SELECT ?x { ?x ^gx:owns* id:n0 }", 1),
        ("SELECT ?x { id:n0 (gx:owns|gx:investsIn)+ ?x FILTER(?x != id:n0) }", 1),
        ("SELECT ?x { id:n0 ((gx:owns/gx:investsIn?)+|^gx:owns)* ?x }", 1),
        ("SELECT ?x { id:n0 (gx:owns+/^gx:investsIn)+ ?x }", 1),
        ("SELECT ?x { id:nowhere gx:owns* ?x }", 1),
        ("SELECT ?x { id:n0 !(gx:owns|gx:investsIn) ?x }", 0),
        ("SELECT ?x { id:n0 (gx:investsIn|!(gx:owns|^gx:owns))+ ?x }", 1),
        ("SELECT ?x ?y { id:n0 gx:owns+ ?x . ?x gx:investsIn+ ?y }", 1),
        ("SELECT ?x { id:n0 gx:owns+ ?x . ?x gx:investsIn* id:n1 }", 2),
        ("SELECT ?x ?y { ?x gx:owns ?y OPTIONAL { ?y gx:investsIn* id:n2 BIND(1 AS ?z) } }", 1),
        ("SELECT ?x { id:n0 gx:owns+/gx:investsIn ?x }", 1),
        ("SELECT DISTINCT ?x { id:n0 gx:owns+/gx:investsIn ?x }", 1),
        ("SELECT DISTINCT ?x { id:n0 gx:owns/(gx:owns?)/(^gx:investsIn?) ?x FILTER(?x != id:n0) }", 1),
        ("SELECT DISTINCT ?x { id:n0 gx:owns+ _:way . _:way gx:owns id:n1 ; gx:investsIn ?x }", 1),
        ("SELECT DISTINCT ?x ?y { ?x gx:owns/gx:investsIn* id:n3 . ?x ?p ?y }", 1),
        ("SELECT (COUNT(*) AS ?n) { id:n0 gx:owns*/gx:investsIn ?x }", 1),
        ("SELECT ?g ?x { GRAPH ?g { id:n0 gx:owns* ?x } }", 0),
        ("SELECT ?x FROM gx:nothing { id:n0 gx:owns* ?x }", 0),
        ("SELECT ?x { ?x a gx:Company FILTER EXISTS { id:n0 gx:owns+ ?x } }", 0),
        ("SELECT ?x { ?x gx:owns+ ?x }", 0),
        ("ASK { id:n0 gx:owns+/gx:investsIn id:n4 }", 1),
        ("ASK { id:n0 gx:owns* id:n0 }", 1),
        ("CONSTRUCT { id:n0 gx:reaches ?x } WHERE { id:n0 gx:owns+ ?x }", 1),
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn with_walks_a_query_answers_as_without(edges in prop::collection::vec((0u8..6, any::<bool>(), 0u8..6), 1..16)) {
            let predicate = |owns: bool| if owns { "owns" } else { "investsIn" };
            let edges = edges.into_iter().filter(|(from, _, to)| from != to);
            let lines: String =
                edges.map(|(from, owns, to)| format!("Company:n{from} {} Company:n{to}\n", predicate(owns))).collect();
            let graph = graph(&lines);
            for (text, walks) in QUERIES {
                let query = Query::parse(text, graph.generation.vocabulary()).unwrap();
                let mut algebra = query.algebra.clone();
                prop_assert_eq!(taken(&mut algebra).len(), *walks, "{}", text);
                let answer = query.run(&graph.generation, &Limits::default()).unwrap().content;
                let without = SparqlEvaluator::new().for_query(query.algebra.clone());
                let without = rows(graph.generation.store().execute(without).unwrap());
                prop_assert_eq!(told(&answer), without, "{}\n{}", text, lines);
            }
        }
    }

    /// Sorted, each as often as it comes.
    fn rows(results: QueryResults<'_>) -> Vec<String> {
        let mut rows: Vec<String> = match results {
            QueryResults::Solutions(rows) => rows.map(|row| format!("{:?}", row.unwrap().values())).collect(),
            QueryResults::Boolean(truth) => vec![truth.to_string()],
            QueryResults::Graph(triples) => triples.map(|triple| triple.unwrap().to_string()).collect(),
        };
        rows.sort();
        rows
    }

    fn told(answer: &Content) -> Vec<String> {
        let mut rows: Vec<String> = match answer {
            Content::Rows { rows, .. } => rows.iter().map(|row| format!("{row:?}")).collect(),
            Content::Boolean(truth) => vec![truth.to_string()],
            Content::Graph(triples) => triples.iter().map(ToString::to_string).collect(),
        };
        rows.sort();
        rows
    }
}
