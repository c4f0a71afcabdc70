//! What is walked and what is not, on small graphs; and both algorithms against naive ones on random graphs.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use guanxi_model::{EntityId, Reference, Schema, Status};
use proptest::prelude::*;

use super::*;
use crate::measure::CyclesConfig;
use crate::testing::{Graph, graph, graph_in, id, schema};
use crate::{Completeness, Stop};

fn traced(graph: &Graph, from: &str, to: &str, config: &TraceConfig) -> Trace {
    trace(&graph.snapshot, &graph.schema, &id(from), &id(to), config).unwrap()
}

/// `pboc -regulates> lending <operatesIn- ant`
fn shown(path: &Path) -> String {
    let mut text = path.start.to_string();
    for hop in &path.hops {
        let predicate = &hop.fact.predicate;
        match hop.forward {
            true => text += &format!(" -{predicate}> {}", hop.to),
            false => text += &format!(" <{predicate}- {}", hop.to),
        }
    }
    text
}

fn all_shown(trace: &Trace) -> Vec<String> {
    trace.paths.iter().map(shown).collect()
}

const PAYMENTS: &str = "
    Regulator:pboc regulates Activity:payments
    Company:ant operatesIn Activity:payments
    Company:red operatesIn Activity:payments status=planned
    Company:ant owns Company:alipay percent=100
    Company:tencent investsIn Company:red
    Company:ant investsIn Company:red
    Company:alipay partnersWith Company:red
    Company:ant competesWith Company:red";

#[test]
fn a_regulators_path_goes_over_the_line_of_business() {
    let trace = traced(&graph(PAYMENTS), "pboc", "alipay", &TraceConfig::default());
    assert_eq!(all_shown(&trace), ["pboc -regulates> payments <operatesIn- ant -owns> alipay"]);
    assert!(!trace.beyond_asserted && !trace.walked_backward && trace.completeness.is_complete());
    assert_eq!(trace.paths[0].confidence().to_string(), "0.729");
    assert_eq!(trace.paths[0].hops[1].basis(), "text");
}

#[test]
fn planned_hops_are_used_only_where_nothing_else_is_and_owned_up_to() {
    let graph = graph(PAYMENTS);
    let trace = traced(&graph, "pboc", "red", &TraceConfig::default());
    assert_eq!(all_shown(&trace), ["pboc -regulates> payments <operatesIn- red"]);
    assert!(trace.beyond_asserted && !trace.paths[0].is_asserted());
    let filter = Filter { statuses: Some(vec![Status::Asserted]), ..Filter::default() };
    let trace = traced(&graph, "pboc", "red", &TraceConfig { filter, ..TraceConfig::default() });
    assert!(trace.paths.is_empty());
}

#[test]
fn no_path_goes_through_an_investor_a_partner_or_a_rival() {
    let graph = graph(PAYMENTS);
    for (from, to) in [("tencent", "red"), ("ant", "red"), ("alipay", "red"), ("tencent", "pboc")] {
        assert_eq!(all_shown(&traced(&graph, from, to, &TraceConfig::default())), [""; 0], "{from} to {to}");
    }
}

#[test]
fn an_authority_has_no_say_over_a_firm_that_is_known_to_live_elsewhere() {
    let graph = graph(
        "
    Regulator:acpr@FR regulates Activity:banking
    Company:bocom@CN operatesIn Activity:banking
    Company:bnp@FR operatesIn Activity:banking
    Company:nowhere operatesIn Activity:banking",
    );
    let path = |to: &str| all_shown(&traced(&graph, "acpr", to, &TraceConfig::default()));
    assert_eq!(path("bocom"), [""; 0]);
    assert_eq!(path("bnp"), ["acpr -regulates> banking <operatesIn- bnp"]);
    assert_eq!(path("nowhere"), ["acpr -regulates> banking <operatesIn- nowhere"]);
    let reached = reach(&graph.snapshot, &graph.schema, &id("acpr"), &ReachConfig::default()).unwrap();
    let reached: Vec<&str> = reached.targets.iter().map(|target| target.entity.as_str()).collect();
    assert_eq!(reached, ["banking", "bnp", "nowhere"]);
}

#[test]
fn a_planned_line_of_business_is_under_the_authority_at_home() {
    let graph = graph(
        "Regulator:pboc@CN regulates Activity:micro-lending
         Regulator:ojk@ID regulates Activity:micro-lending
         Company:red@CN operatesIn Activity:micro-lending status=planned",
    );
    let path = |from: &str| all_shown(&traced(&graph, from, "red", &TraceConfig::default()));
    assert_eq!(path("pboc"), ["pboc -regulates> micro-lending <operatesIn- red"]);
    assert_eq!(path("ojk"), [""; 0]);
}

#[test]
fn the_authority_of_a_union_extends_to_its_members() {
    let schema = schema(|_, toml| toml);
    let toml = r#"
        [[entity]]
        id = "place-union"
        class = "Place"
        country = "EU"
        name.en = "Union"
        members = ["FR", "DE"]
        unverified = true
    "#;
    let reference = Reference::load([("test.toml", toml)], &schema).unwrap();
    let lines = "
        Regulator:eba@EU regulates Activity:banking
        Company:bnp@FR operatesIn Activity:banking
        Company:bocom@CN operatesIn Activity:banking";
    let graph = graph_in(schema, &reference, lines);
    let path = |to: &str| all_shown(&traced(&graph, "eba", to, &TraceConfig::default()));
    assert_eq!(path("bnp"), ["eba -regulates> banking <operatesIn- bnp"]);
    assert_eq!(path("bocom"), [""; 0]);
}

#[test]
fn a_rule_ends_at_the_border_and_a_product_does_not() {
    let graph = graph(
        "Regulation:act@US governs Activity:banking
         Company:bocom@CN operatesIn Activity:banking
         Regulator:fca@GB regulates Product:wallet
         Company:bocom@CN offers Product:wallet",
    );
    let path = |from: &str| all_shown(&traced(&graph, from, "bocom", &TraceConfig::default()));
    assert_eq!(path("act"), [""; 0]);
    assert_eq!(path("fca"), ["fca -regulates> wallet <offers- bocom"]);
}

#[test]
fn companies_that_share_a_line_of_business_are_not_connected() {
    let both_ways = || {
        schema(|name, toml| match name {
            "operatesIn.toml" => {
                toml.replace(r#"trace = "backward", reach = "backward""#, r#"trace = "both", reach = "both""#)
            }
            _ => toml,
        })
    };
    assert_ne!(both_ways(), schema(|_, toml| toml));
    let lines = "
        Regulator:pboc regulates Company:ant
        Company:ant operatesIn Activity:payments
        Company:red operatesIn Activity:payments
        Company:red operatesIn Activity:retail
        Company:shop operatesIn Activity:retail";
    let graph = graph_in(both_ways(), &Reference::default(), lines);
    assert_eq!(all_shown(&traced(&graph, "pboc", "red", &TraceConfig::default())), [""; 0]);
    assert_eq!(all_shown(&traced(&graph, "payments", "shop", &TraceConfig::default())), [""; 0]);
    assert_eq!(all_shown(&traced(&graph, "payments", "retail", &TraceConfig::default())), [""; 0]);
    let to_activity = traced(&graph, "pboc", "payments", &TraceConfig::default());
    assert_eq!(all_shown(&to_activity), ["pboc -regulates> ant -operatesIn> payments"]);
    let reached = reach(&graph.snapshot, &graph.schema, &id("pboc"), &ReachConfig::default()).unwrap();
    assert_eq!(reached.targets.iter().map(|target| target.entity.as_str()).collect::<Vec<_>>(), ["ant", "payments"]);
}

#[test]
fn what_leads_only_the_other_way_is_read_from_the_start() {
    let trace = traced(&graph(PAYMENTS), "alipay", "pboc", &TraceConfig::default());
    assert!(trace.walked_backward);
    assert_eq!(all_shown(&trace), ["alipay <owns- ant -operatesIn> payments <regulates- pboc"]);
}

#[test]
fn paths_come_by_hops_then_confidence_and_say_when_there_are_more() {
    let graph = graph(
        "Company:a owns Company:z confidence=0.7
         Company:a owns Company:b confidence=0.8
         Company:b owns Company:z
         Company:a owns Company:c
         Company:c owns Company:z
         Company:c owns Company:d
         Company:d owns Company:z",
    );
    let all = traced(&graph, "a", "z", &TraceConfig::default());
    assert_eq!(
        all_shown(&all),
        ["a -owns> z", "a -owns> c -owns> z", "a -owns> b -owns> z", "a -owns> c -owns> d -owns> z"]
    );
    assert_eq!(all.completeness, Completeness::Complete);
    let few = traced(&graph, "a", "z", &TraceConfig { paths: 2, ..TraceConfig::default() });
    assert_eq!(
        (all_shown(&few), few.completeness),
        (all_shown(&all)[..2].to_vec(), Completeness::Stopped(Stop::Paths(2)))
    );
    let short = traced(&graph, "a", "z", &TraceConfig { max_hops: 2, ..TraceConfig::default() });
    assert_eq!((short.paths.len(), short.completeness), (3, Completeness::Stopped(Stop::Hops(2))));
    let tired = traced(&graph, "a", "z", &TraceConfig { max_steps: 3, ..TraceConfig::default() });
    assert_eq!(tired.completeness, Completeness::Stopped(Stop::Steps(3)));
}

#[test]
fn time_confidence_and_status_narrow_the_search() {
    let graph = graph(
        "Company:a owns Company:b validFrom=2018 validTo=2021 status=ended
         Company:b owns Company:c confidence=0.6
         Company:c owns Company:d status=denied",
    );
    let found = |from, to, filter| {
        !traced(&graph, from, to, &TraceConfig { filter, ..TraceConfig::default() }).paths.is_empty()
    };
    let as_of = |day: &str| Filter { as_of: Some(day.parse().unwrap()), ..Filter::default() };
    assert!(!found("a", "b", Filter::default()));
    assert!(found("a", "b", as_of("2019-06-01")) && !found("a", "b", as_of("2022")) && !found("a", "b", as_of("2017")));
    assert!(found("a", "b", Filter { statuses: Some(vec![Status::Ended]), ..Filter::default() }));
    assert!(!found("b", "c", Filter::default()));
    assert!(found("b", "c", Filter { min_confidence: Confidence::from_thousandths(600), ..Filter::default() }));
    assert!(!found("c", "d", Filter::default()));
    assert!(found("c", "d", Filter { statuses: Some(vec![Status::Denied]), ..Filter::default() }));
}

#[test]
fn unverified_reference_facts_can_be_left_out() {
    let schema = schema(|_, toml| toml);
    let toml = r#"
        [[entity]]
        id = "cn-pboc"
        class = "Regulator"
        name.en = "People's Bank"
        unverified = true
        facts.regulates = ["activity-payments"]

        [[entity]]
        id = "activity-payments"
        class = "Activity"
        name.en = "payments"
        unverified = true
    "#;
    let reference = Reference::load([("test.toml", toml)], &schema).unwrap();
    let graph = graph_in(schema, &reference, "Company:ant operatesIn Activity:activity-payments");
    let path = &traced(&graph, "cn-pboc", "ant", &TraceConfig::default()).paths[0];
    assert_eq!(path.hops[0].basis(), "reference (unverified)");
    let filter = Filter { verified: true, ..Filter::default() };
    assert!(traced(&graph, "cn-pboc", "ant", &TraceConfig { filter, ..TraceConfig::default() }).paths.is_empty());
}

#[test]
fn without_a_path_it_says_how_far_each_side_got() {
    let graph = graph(
        "Regulator:pboc regulates Activity:payments
         Company:ant operatesIn Activity:payments
         Company:holding owns Company:red
         Company:red operatesIn Activity:retail",
    );
    let trace = traced(&graph, "pboc", "red", &TraceConfig::default());
    let far = trace.far.unwrap();
    let named =
        |side: &[Nearby]| side.iter().map(|n| format!("{} {} at {}", n.entities, n.class, n.hops)).collect::<Vec<_>>();
    assert_eq!(named(&far.from_start), ["1 Activity at 1", "1 Company at 2"]);
    assert_eq!(named(&far.to_end), ["1 Activity at 1", "1 Company at 1"]);
    assert_eq!(
        super::trace(&graph.snapshot, &graph.schema, &id("pboc"), &id("nobody"), &TraceConfig::default()),
        Err(PathError::UnknownEntity(id("nobody")))
    );
    assert!(traced(&graph, "red", "red", &TraceConfig::default()).paths[0].hops.is_empty());
}

#[test]
fn reach_explains_each_target_and_says_where_it_stopped() {
    let graph = graph(PAYMENTS);
    let config = ReachConfig { class: Some("Company".into()), ..ReachConfig::default() };
    let reached = reach(&graph.snapshot, &graph.schema, &id("pboc"), &config).unwrap();
    let shown: Vec<String> = reached.targets.iter().map(|target| shown(&target.path)).collect();
    assert_eq!(shown, ["pboc -regulates> payments <operatesIn- ant"]);
    assert_eq!(reached.completeness, Completeness::Complete);
    let near = reach(&graph.snapshot, &graph.schema, &id("pboc"), &ReachConfig { max_hops: 1, ..config }).unwrap();
    assert!(near.targets.is_empty());
    assert_eq!(near.completeness, Completeness::Stopped(Stop::Hops(1)));
}

#[test]
fn a_derived_shortcut_is_used_only_where_its_grounds_are_too_long() {
    let graph = graph(
        "Regulator:pboc issued Regulation:rules
         Regulation:rules governs Activity:payments
         Company:ant operatesIn Activity:payments",
    );
    let explained = "pboc -issued> rules -governs> payments <operatesIn- ant";
    assert_eq!(all_shown(&traced(&graph, "pboc", "ant", &TraceConfig::default())), [explained]);
    let short = traced(&graph, "pboc", "ant", &TraceConfig { max_hops: 2, ..TraceConfig::default() });
    assert_eq!(all_shown(&short), ["pboc -supervises> payments <operatesIn- ant"]);
    assert_eq!((short.paths[0].hops[0].basis(), short.beyond_asserted), ("derived", false));
    let reached = reach(&graph.snapshot, &graph.schema, &id("pboc"), &ReachConfig::default()).unwrap();
    assert_eq!(shown(&reached.targets[2].path), explained);
}

#[test]
fn who_holds_a_part_of_itself_is_a_circle() {
    let graph = graph(
        "Company:a owns Company:b percent=60
         Company:c subsidiaryOf Company:b
         Company:c owns Company:a percent=10 validFrom=2020
         Company:c owns Company:d
         Company:d owns Company:c status=planned
         Company:b partnersWith Company:a",
    );
    let circle = |filter: Filter| {
        let found = circles(&graph.snapshot, &graph.schema, &filter, &CyclesConfig::default());
        assert_eq!(found.completeness, Completeness::Complete);
        found.circles.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(circle(Filter::default()), ["a -owns> b <subsidiaryOf- c -owns> a"]);
    let planned = Filter { statuses: Some(vec![Status::Asserted, Status::Planned]), ..Filter::default() };
    assert_eq!(circle(planned).len(), 2);
    assert!(circle(Filter { as_of: Some("2019".parse().unwrap()), ..Filter::default() }).is_empty());
}

#[test]
fn investors_and_regulators_in_common_are_shown_with_both_ties() {
    let graph = graph(
        "Fund:pine investsIn Company:a
         Fund:pine owns Company:b percent=5
         Fund:oak investsIn Company:a status=ended
         Fund:oak investsIn Company:c
         Company:a operatesIn Activity:payments
         Company:c operatesIn Activity:payments
         Regulator:pboc regulates Activity:payments
         Regulator:sec licenses Company:a
         Regulator:sec licenses Company:c",
    );
    let ways = |tie: Tie| {
        let config = CommonConfig { tie, least: 1, filter: Filter::default() };
        let found = in_common(&graph.snapshot, &graph.schema, &id("a"), &config).unwrap();
        found.others.iter().flat_map(|other| &other.ways).map(shown).collect::<Vec<_>>()
    };
    assert_eq!(ways(Tie::Investors), ["a <investsIn- pine -owns> b"]);
    assert_eq!(ways(Tie::Regulators), ["a <reaches- pboc -reaches> c", "a <licenses- sec -licenses> c"]);
}

/// Predicate, class of subject, class of object: what a random graph is made of. `n` entities of each class.
const KINDS: &[(&str, &str, &str)] = &[
    ("regulates", "Regulator", "Activity"),
    ("regulates", "Regulator", "Company"),
    ("licenses", "Regulator", "Product"),
    ("governs", "Regulation", "Activity"),
    ("governs", "Regulation", "Company"),
    ("operatesIn", "Company", "Activity"),
    ("offers", "Company", "Product"),
    ("operatesIn", "Product", "Activity"),
    ("owns", "Company", "Company"),
    ("subsidiaryOf", "Company", "Company"),
    ("investsIn", "Company", "Company"),
    ("partnersWith", "Company", "Company"),
];
const ENTITIES: usize = 3;

type Triples = Vec<(usize, usize, usize)>;

fn lines(triples: &Triples) -> String {
    let line = |&(kind, subject, object): &(usize, usize, usize)| {
        let (predicate, domain, range) = KINDS[kind];
        let home = |class: &str, number| match country(class, number) {
            Some(country) => format!("{class}:{class}{number}@{country}"),
            None => format!("{class}:{class}{number}"),
        };
        format!("{} {predicate} {}\n", home(domain, subject), home(range, object))
    };
    let mut lines: Vec<String> = triples.iter().map(line).collect();
    lines.sort();
    lines.dedup();
    lines.concat()
}

/// Of each kind but the shared ones, one entity lives in France, one in China, and one somewhere.
fn country(class: &str, number: usize) -> Option<&'static str> {
    match class {
        "Activity" | "Product" => None,
        _ => [Some("FR"), Some("CN"), None][number],
    }
}

/// operatesIn both ways, so that the rule on subject matters has something to forbid.
fn loose_schema() -> Schema {
    schema(|name, toml| match name {
        "operatesIn.toml" | "offers.toml" => toml.replace("\"backward\"", "\"both\""),
        _ => toml,
    })
}

/// For every entity the least number of hops of a permitted simple path from `start`.
fn naive(
    triples: &Triples,
    schema: &Schema,
    start: &str,
    most: usize,
    walk: fn(&Walk) -> Direction,
) -> BTreeMap<String, usize> {
    let mut least = BTreeMap::new();
    for path in naive_paths(triples, schema, start, most, walk) {
        let (end, before) = path.split_last().unwrap();
        let known = least.entry(end.clone()).or_insert(before.len());
        *known = before.len().min(*known);
    }
    least
}

/// Every permitted simple path from `start` by its entities, found by writing all of them down and reading the rule on
/// each as a whole.
fn naive_paths(
    triples: &Triples,
    schema: &Schema,
    start: &str,
    most: usize,
    walk: fn(&Walk) -> Direction,
) -> BTreeSet<Vec<String>> {
    struct Move {
        from: String,
        to: String,
        regulatory: bool,
    }
    let mut moves = Vec::new();
    for &(kind, subject, object) in triples {
        let (predicate, domain, range) = KINDS[kind];
        let (subject, object) = (format!("{domain}{subject}"), format!("{range}{object}"));
        let direction = walk(&schema.predicate(predicate).unwrap().walk);
        let regulatory = ["regulates", "licenses", "governs"].contains(&predicate);
        if direction.goes_forward() {
            moves.push(Move { from: subject.clone(), to: object.clone(), regulatory });
        }
        if direction.goes_backward() {
            moves.push(Move { from: object, to: subject, regulatory });
        }
    }
    let agent = |name: &str| name.starts_with("Company") || name.starts_with("Regulator");
    let home = |name: &str| {
        let (class, number) = name.split_at(name.len() - 1);
        country(class, number.parse().unwrap())
    };
    // The first authority of a known country since the path came to the subject matters that it now leaves.
    let is_abroad = |before: &[&Move], agent_there: &str| {
        let since = before.iter().rposition(|step| agent(&step.from)).unwrap_or(0);
        let bounded = |step: &&&Move| step.regulatory && !step.to.starts_with("Product");
        let authority = before[since..].iter().filter(bounded).find_map(|step| home(&step.from));
        authority.zip(home(agent_there)).is_some_and(|(authority, there)| authority != there)
    };
    let permitted = |path: &[&Move]| {
        let leaves = |step: &Move| !agent(&step.from) && agent(&step.to);
        let enters = |step: &Move| agent(&step.from) && !agent(&step.to);
        path.iter().enumerate().all(|(at, step)| {
            let later = &path[at + 1..];
            let enters_again = leaves(step) && later.iter().any(|step| enters(step));
            let from_own_matter = enters(step) && !step.regulatory && later.iter().any(|step| leaves(step));
            let goes_abroad = leaves(step) && is_abroad(&path[..at], &step.to);
            !enters_again && !from_own_matter && !goes_abroad
        })
    };
    let mut paths = BTreeSet::new();
    let mut open: Vec<Vec<&Move>> = vec![Vec::new()];
    for _ in 0..most {
        let mut longer = Vec::new();
        for path in &open {
            let at = path.last().map_or(start, |step| &step.to);
            for step in moves.iter().filter(|step| step.from == at) {
                if step.to == start || path.iter().any(|before| before.to == step.to) {
                    continue;
                }
                let path: Vec<&Move> = path.iter().copied().chain([step]).collect();
                if permitted(&path) {
                    let entities = path.iter().map(|step| step.to.clone());
                    paths.insert(iter::once(start.to_owned()).chain(entities).collect());
                    longer.push(path);
                }
            }
        }
        open = longer;
    }
    paths
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn reach_and_trace_agree_with_naive_search(
        triples in prop::collection::vec((0..KINDS.len(), 0..ENTITIES, 0..ENTITIES), 1..14),
    ) {
        let most = 4;
        let graph = graph_in(loose_schema(), &Reference::default(), &lines(&triples));
        for entity in graph.snapshot.entities() {
            let start = &entity.id;
            let expected = naive(&triples, &graph.schema, start.as_str(), most, |walk| walk.reach);
            let config = ReachConfig { max_hops: most as u32, ..ReachConfig::default() };
            let reached = reach(&graph.snapshot, &graph.schema, start, &config).unwrap();
            let found: BTreeMap<String, usize> =
                reached.targets.iter().map(|target| (target.entity.to_string(), target.path.hops.len())).collect();
            prop_assert_eq!(&found, &expected, "reach from {}", start);

            let expected = naive(&triples, &graph.schema, start.as_str(), most, |walk| walk.trace);
            let config = TraceConfig { max_hops: most as u32, ..TraceConfig::default() };
            for goal in graph.snapshot.entities().map(|entity| &entity.id).filter(|goal| *goal != start) {
                let trace = trace(&graph.snapshot, &graph.schema, start, goal, &config).unwrap();
                let found = (!trace.walked_backward).then(|| trace.paths.first().map(|path| path.hops.len())).flatten();
                prop_assert_eq!(found, expected.get(goal.as_str()).copied(), "from {} to {}", start, goal);
                prop_assert!(trace.paths.iter().all(is_simple));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn all_simple_paths_are_those_of_trying_every_one(
        triples in prop::collection::vec((0..KINDS.len(), 0..ENTITIES, 0..ENTITIES), 1..14),
        most in 1_usize..6,
        pick in 0_usize..8,
    ) {
        let graph = graph_in(loose_schema(), &Reference::default(), &lines(&triples));
        for entity in graph.snapshot.entities().skip(pick).step_by(8) {
            let start = &entity.id;
            let walked = |most| naive_paths(&triples, &graph.schema, start.as_str(), most, |walk| walk.trace);
            let (within, longer) = (walked(most), walked(most + 2));
            for goal in graph.snapshot.entities().map(|entity| &entity.id).filter(|goal| *goal != start) {
                let to_goal = |paths: &BTreeSet<Vec<String>>| -> BTreeSet<Vec<String>> {
                    paths.iter().filter(|path| path.last().is_some_and(|end| end == goal.as_str())).cloned().collect()
                };
                let config = TraceConfig { max_hops: most as u32, paths: usize::MAX, ..TraceConfig::default() };
                let found = trace(&graph.snapshot, &graph.schema, start, goal, &config).unwrap();
                if found.walked_backward {
                    prop_assert_eq!(to_goal(&within), BTreeSet::new());
                    continue;
                }
                let entities = |path: &Path| -> Vec<String> {
                    iter::once(&path.start).chain(path.hops.iter().map(|hop| &hop.to)).map(EntityId::to_string).collect()
                };
                prop_assert_eq!(found.paths.iter().map(entities).collect::<BTreeSet<_>>(), to_goal(&within), "to {}", goal);
                if found.completeness.is_complete() {
                    prop_assert_eq!(to_goal(&longer), to_goal(&within), "to {}, said to be all", goal);
                }
            }
        }
    }
}

/// Every permitted simple path, as its hops' facts.
fn all_paths(graph: &Graph, start: &EntityId, goal: &EntityId, most: usize) -> Vec<Path> {
    let config = TraceConfig { max_hops: most as u32, paths: usize::MAX, ..TraceConfig::default() };
    let found = trace(&graph.snapshot, &graph.schema, start, goal, &config).unwrap();
    if found.walked_backward { Vec::new() } else { found.paths }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn the_cheapest_paths_are_the_first_of_all_by_cost(
        triples in prop::collection::vec((0..KINDS.len(), 0..ENTITIES, 0..ENTITIES), 1..14),
        confidences in prop::collection::vec(700_u16..1000, 14),
        wanted in 1_usize..4,
        pick in 0_usize..16,
    ) {
        let most = 4;
        let text = lines(&triples);
        let sure = |(line, confidence): (&str, &u16)| format!("{line} confidence=0.{confidence}");
        let text: Vec<String> = text.lines().zip(&confidences).map(sure).collect();
        let graph = graph_in(loose_schema(), &Reference::default(), &text.join("\n"));
        let ids: Vec<&EntityId> = graph.snapshot.entities().map(|entity| &entity.id).collect();
        let pairs = ids.iter().flat_map(|start| ids.iter().map(move |goal| (*start, *goal)));
        for (start, goal) in pairs.filter(|(start, goal)| start != goal).skip(pick).step_by(16) {
            let all = all_paths(&graph, start, goal, most);
            for cost in [Cost::Confidence, Cost::Share] {
                let config = TraceConfig { max_hops: most as u32, paths: wanted, cost, ..TraceConfig::default() };
                let found = trace(&graph.snapshot, &graph.schema, start, goal, &config).unwrap();
                if found.walked_backward { continue; }
                let total = |path: &Path| -> u64 { path.hops.iter().map(|hop| match cost {
                    Cost::Confidence => (-hop.fact.confidence.probability().ln() * 1e6).round() as u64,
                    _ => match &*hop.fact.predicate { "subsidiaryOf" => 1_333_333, _ => 100_000_000 },
                }).sum() };
                let mut expected: Vec<(u64, usize)> = all.iter().map(|path| (total(path), path.hops.len())).collect();
                expected.sort_unstable();
                expected.truncate(wanted);
                let listed: Vec<(u64, usize)> = found.paths.iter().map(|path| (total(path), path.hops.len())).collect();
                prop_assert_eq!(listed, expected, "{:?} from {} to {}", cost, start, goal);
                prop_assert!(found.paths.iter().all(|path| is_simple(path) && all.contains(path)));
                prop_assert_eq!(all.len() > wanted, found.completeness == Completeness::Stopped(Stop::Paths(wanted)));
            }
        }
    }

    #[test]
    fn gates_are_those_without_whom_naive_search_finds_less(
        triples in prop::collection::vec((0..KINDS.len(), 0..ENTITIES, 0..ENTITIES), 1..14),
        pick in 0_usize..8,
    ) {
        let most = 4;
        let graph = graph_in(loose_schema(), &Reference::default(), &lines(&triples));
        for entity in graph.snapshot.entities().skip(pick).step_by(8) {
            let start = &entity.id;
            let reach = ReachConfig { max_hops: most as u32, ..ReachConfig::default() };
            let config = DominatorsConfig { reach, ..DominatorsConfig::default() };
            let found = dominators(&graph.snapshot, &graph.schema, start, &config).unwrap();
            let whole = naive(&triples, &graph.schema, start.as_str(), most, |walk| walk.reach);
            let mut expected = Vec::new();
            for gate in whole.keys() {
                let touches = |&(kind, subject, object): &(usize, usize, usize)| {
                    let (_, domain, range) = KINDS[kind];
                    *gate == format!("{domain}{subject}") || *gate == format!("{range}{object}")
                };
                let rest: Triples = triples.iter().copied().filter(|triple| !touches(triple)).collect();
                let rest = naive(&rest, &graph.schema, start.as_str(), most, |walk| walk.reach);
                let lost: Vec<EntityId> =
                    whole.keys().filter(|target| *target != gate && !rest.contains_key(*target)).map(|id| EntityId::new(id.as_str())).collect();
                if !lost.is_empty() {
                    expected.push((EntityId::new(gate.as_str()), lost));
                }
            }
            expected.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
            let listed: Vec<_> = found.gates.into_iter().map(|gate| (gate.entity, gate.only_way_to)).collect();
            prop_assert_eq!(listed, expected, "from {}", start);
        }
    }
}

fn is_simple(path: &Path) -> bool {
    let mut seen: Vec<&EntityId> = path.hops.iter().map(|hop| &hop.to).collect();
    seen.push(&path.start);
    let count = seen.len();
    seen.sort();
    seen.dedup();
    seen.len() == count
}
