//! The questions of `make bench-graph`, asked of guanxi, petgraph and the crate `graph` in this process, and written
//! down with the edges that they are asked of, so that whoever reads other languages can ask others the same.
//!
//! Every line printed is one answer, as JSON: what it says, and what it cost. The driver in `peers/` compares them.

use std::collections::hash_map::RandomState;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use graph::page_rank::{PageRankConfig as TheirConfig, page_rank};
use graph::prelude::{Components, CsrLayout, DirectedCsrGraph, Graph, GraphBuilder};
use graph::wcc::{WccConfig, wcc_afforest};
use guanxi::graph::Snapshot;
use guanxi::graph::snapshot::EdgeFilter;
use guanxi::model::{Confidence, EntityId, Schema, Status};
use guanxi::query::measure::{self, Network, PageRankConfig, Parts, RoutesConfig};
use guanxi::query::owners::{Holdings, held_together};
use guanxi::query::path::{Filter, ReachConfig, TraceConfig, reachable, trace};
use petgraph::algo::{all_simple_paths, astar, connected_components, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, Reversed, Walker};
use serde_json::{Value, json};

use crate::graph::World;
use crate::load::on_processors;
use crate::sparql;

const RUNS: usize = 5;
/// A run takes at least so many seconds: the clock of the processor moves in steps of ten milliseconds.
const LEAST: f64 = 0.5;
const ROUNDS: u32 = 20;
/// Of simple paths.
const HOPS: u32 = 5;

/// Of a world that a store is made of as well.
const MOST_IMPORTED: usize = 100_000;

pub type Failure = Box<dyn std::error::Error>;
type Pairs = Vec<(u32, u32)>;
type Peer = DiGraph<(), (), u32>;

/// Asserted edges, each in the direction in which it is walked.
struct Edges {
    /// Every one, parallel ones as well.
    all: Pairs,
    /// Those below each pair once: what an authority reaches, what `trace` walks, who owns or invests, who owns.
    reach: Pairs,
    trace: Pairs,
    holds: Pairs,
    owns: Pairs,
}

/// Whom the questions are about, by number of node.
pub struct Hubs {
    pub authority: u32,
    /// Who owns parts of most companies, and who invests in or owns most.
    owner: u32,
    pub fund: u32,
    /// Where most walks of [`HOPS`] hops from `owner` end, and what is farthest from it.
    popular: u32,
    pub far: u32,
}

/// Writes edges and questions to `folder`, and prints our answers and those of the peers in Rust.
///
/// # Errors
/// The folder cannot be written, or the world not be imported.
pub fn compare(world: &World, folder: &Path) -> Result<(), Failure> {
    let edges = Edges::of(world);
    let hubs = Hubs::of(world, &edges);
    let schema = &guanxi::schema(&guanxi::builtin::files()).expect("the schema that is built in");
    let snapshot = &world.snapshot(schema);
    let holdings = Holdings::of(snapshot, schema, however_unsure(), None);
    write(world, &edges, &hubs, &holdings, snapshot, folder)?;
    ours(snapshot, schema, &edges, &hubs, &holdings);
    petgraphs(world.nodes(), &edges, &hubs);
    graphs(world.nodes(), &edges);
    if world.ties.len() <= MOST_IMPORTED {
        sparql::compare(world, &hubs)?;
    }
    Ok(())
}

fn ours(snapshot: &Snapshot, schema: &Schema, edges: &Edges, hubs: &Hubs, holdings: &Holdings) {
    let who = "guanxi";
    let numbers = numbers(snapshot);
    let mut nodes = vec![0; numbers.len()];
    (0..).zip(&numbers).for_each(|(node, number)| nodes[*number as usize] = node);
    let node = |number: u32| nodes[number as usize];
    let set = |found: &[u32], start: u32| {
        digested(found.iter().map(|node| numbers[*node as usize]).filter(|number| *number != start).collect())
    };
    let of = |wanted: &'static [&'static str]| {
        let filter = EdgeFilter::new(&[Status::Asserted]);
        let all = wanted.is_empty();
        Network::of(snapshot, &if all { filter } else { filter.predicates(snapshot, |name| wanted.contains(&name)) })
    };

    // What the commands do: schema, filter and the rule on subject matters asked at every step, facts behind every hop.
    let config = ReachConfig { filter: however_unsure(), ..ReachConfig::default() };
    let explained = || reachable(snapshot, schema, &id(hubs.authority), &config).map(|found| found.nodes());
    row("reach explained", who, explained, |found| {
        let nodes: Vec<u32> = found.iter().flatten().map(|node| node.index() as u32).collect();
        set(&nodes, hubs.authority)
    });
    let paths = |to: u32, config: TraceConfig| trace(snapshot, schema, &id(hubs.owner), &id(to), &config);
    let trace_config = TraceConfig { filter: however_unsure(), max_steps: u64::MAX, ..TraceConfig::default() };
    let every = TraceConfig { max_hops: HOPS, paths: usize::MAX, ..trace_config.clone() };
    row(
        "paths explained",
        who,
        || paths(hubs.popular, every.clone()),
        |found| {
            let paths = found.iter().flat_map(|found| &found.paths);
            let along = |path: &guanxi::query::path::Path| {
                digest(std::iter::once(&path.start).chain(path.hops.iter().map(|hop| &hop.to)).map(number))
            };
            digested(paths.map(along).collect())
        },
    );
    let one = TraceConfig { max_hops: 64, paths: 1, ..trace_config };
    row(
        "shortest explained",
        who,
        || paths(hubs.far, one.clone()),
        |found| json!([found.as_ref().map_or(0, |found| found.paths.first().map_or(0, |path| path.hops.len()))]),
    );

    // What the peers do: rows of the edges that are walked, made beforehand, and numbers of nodes.
    let walked = |pairs: &Pairs| {
        let renumbered = pairs.iter().map(|(from, to)| (nodes[*from as usize], nodes[*to as usize]));
        Network::of_edges(nodes.len(), &renumbered.collect::<Pairs>())
    };
    let authority = walked(&edges.reach);
    row("reach", who, || authority.reachable(node(hubs.authority)), |found| set(found, hubs.authority));
    let routes = walked(&edges.trace);
    let (owner, popular, far) = (node(hubs.owner), node(hubs.popular), node(hubs.far));
    let config = RoutesConfig { max_hops: HOPS, routes: usize::MAX };
    row(
        "paths",
        who,
        || measure::simple_routes(&routes, owner, popular, &config),
        |found| {
            let along = |route: &Vec<u32>| digest(route.iter().map(|node| numbers[*node as usize]));
            digested(found.routes.iter().map(along).collect())
        },
    );
    let shortest = || measure::shortest_route(&routes, owner, far);
    row("shortest", who, shortest, |route| json!([route.as_ref().map_or(0, |route| route.len() - 1)]));
    let holds = of(&["owns", "investsIn"]);
    row("closure", who, || holds.reachable(node(hubs.fund)), |found| set(found, hubs.fund));
    let owns = of(&["owns"]);
    let upwards = owns.nodes().flat_map(|node| owns.targets(node).iter().map(move |target| (*target, node)));
    let owned = Network::of_edges(owns.node_count(), &upwards.collect::<Pairs>());
    row("owners", who, || owned.reachable(node(hubs.far)), |found| set(found, hubs.far));

    let network = of(&[]);
    let sizes = |parts: &Parts| json!([parts.sizes.len(), squares(parts.sizes.iter().map(|size| *size as u64))]);
    row("strong", who, || measure::strong_components(&network), sizes);
    row("weak", who, || measure::components(&network), sizes);
    let ranked = |max_rounds, tolerance| {
        let threads = rayon::current_num_threads();
        measure::pagerank(&network, &PageRankConfig { threads, max_rounds, tolerance, ..PageRankConfig::default() })
    };
    let settled = ranked(1_000, 1e-13).ranks;
    let highest = (0..settled.len()).max_by(|a, b| settled[*a].total_cmp(&settled[*b])).unwrap_or(0);
    let ranks = json!([numbers[highest], settled.iter().map(|rank| rank * rank).sum::<f64>()]);
    row("pagerank", who, || ranked(ROUNDS, 0.0), |_| ranks.clone());
    let people = people(snapshot);
    row(
        "effective",
        who,
        || held_together(holdings.structure(), &people),
        |held| {
            let more_than_a_quarter = held.iter().filter(|share| **share > 0.25 + 1e-9).count();
            json!([more_than_a_quarter, held.iter().sum::<f64>()])
        },
    );
    bytes(who, snapshot.size_of_columns() as f64 / snapshot.edge_count() as f64);
}

fn petgraphs(nodes: u32, edges: &Edges, hubs: &Hubs) {
    let who = "petgraph";
    let reach = peer(nodes, &edges.reach);
    let among = |found: &Vec<NodeIndex>, start: u32| {
        digested(found.iter().map(|node| node.index() as u32).filter(|node| *node != start).collect())
    };
    let from = |graph: &Peer, start: u32| Bfs::new(graph, NodeIndex::new(start as usize)).iter(graph).collect();
    row("reach", who, || from(&reach, hubs.authority), |found| among(found, hubs.authority));
    let holds = peer(nodes, &edges.holds);
    row("closure", who, || from(&holds, hubs.fund), |found| among(found, hubs.fund));
    let owns = peer(nodes, &edges.owns);
    let upwards = || Bfs::new(Reversed(&owns), NodeIndex::new(hubs.far as usize)).iter(Reversed(&owns)).collect();
    row("owners", who, upwards, |found| among(found, hubs.far));

    let graph = peer(nodes, &edges.trace);
    let [owner, popular, far] = [hubs.owner, hubs.popular, hubs.far].map(|node| NodeIndex::new(node as usize));
    let between = Some(HOPS as usize - 1);
    let paths = || all_simple_paths::<Vec<_>, _, RandomState>(&graph, owner, popular, 0, between).collect::<Vec<_>>();
    row("paths", who, paths, |found| {
        digested(found.iter().map(|path| digest(path.iter().map(|node| node.index() as u32))).collect())
    });
    let shortest = || astar(&graph, owner, |node| node == far, |_| 1_u32, |_| 0);
    row("shortest", who, shortest, |found| json!([found.as_ref().map_or(0, |found| found.0)]));

    let all = peer(nodes, &edges.all);
    row(
        "strong",
        who,
        || tarjan_scc(&all),
        |found| json!([found.len(), squares(found.iter().map(|part| part.len() as u64))]),
    );
    row("weak", who, || connected_components(&all), |found| json!([found]));
    let size = f64::from(nodes) * 8.0 + edges.all.len() as f64 * 16.0;
    bytes(who, size / edges.all.len() as f64);
}

fn graphs(nodes: u32, edges: &Edges) {
    let who = "graph";
    let pairs = edges.all.iter().copied();
    let csr: DirectedCsrGraph<u32> = GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(pairs).build();
    // Nodes behind the last one with an edge are in no list of edges.
    let alone = (nodes - csr.node_count()) as u64;
    row(
        "weak",
        who,
        || wcc_afforest(&csr, WccConfig::default()),
        |found| {
            let mut sizes = vec![0_u64; csr.node_count() as usize];
            (0..csr.node_count()).for_each(|node| sizes[found.component(node) as usize] += 1);
            let parts = sizes.iter().filter(|size| **size > 0).count() as u64;
            json!([parts + alone, squares(sizes.into_iter()) + alone])
        },
    );
    let ranked = |rounds, tolerance| page_rank(&csr, TheirConfig::new(rounds, tolerance, 0.85)).0;
    let settled = ranked(1_000, 1e-9);
    let highest = (0..settled.len()).max_by(|a, b| settled[*a].total_cmp(&settled[*b])).unwrap_or(0);
    let squares: f64 = settled.iter().map(|rank| f64::from(*rank).powi(2)).sum();
    row("pagerank", who, || ranked(ROUNDS as usize, 0.0), |_| json!([highest, squares]));
}

impl Edges {
    fn of(world: &World) -> Self {
        let asserted = || world.ties.iter().filter(|tie| tie.status == Status::Asserted);
        let walked = |ways: &[(&str, bool)]| {
            let way = |predicate: &str| ways.iter().find(|way| way.0 == predicate).map(|way| way.1);
            let turned = asserted().filter_map(|tie| {
                way(tie.predicate).map(|forward| if forward { (tie.from, tie.to) } else { (tie.to, tie.from) })
            });
            let mut pairs: Pairs = turned.collect();
            pairs.sort_unstable();
            pairs.dedup();
            pairs
        };
        let regulated = [("regulates", true), ("licenses", true), ("operatesIn", false)];
        Self {
            all: asserted().map(|tie| (tie.from, tie.to)).collect(),
            reach: walked(&regulated),
            trace: walked(&[&regulated[..], &[("owns", true)]].concat()),
            holds: walked(&[("owns", true), ("investsIn", true)]),
            owns: walked(&[("owns", true)]),
        }
    }
}

impl Hubs {
    fn of(world: &World, edges: &Edges) -> Self {
        let network = |pairs: &Pairs| Network::of_edges(world.nodes() as usize, pairs);
        let most = |network: &Network| network.nodes().max_by_key(|node| network.targets(*node).len()).unwrap_or(0);
        let owner = most(&network(&edges.owns));
        let trace = network(&edges.trace);
        let mut walks = vec![0_u64; trace.node_count()];
        walks[owner as usize] = 1;
        let mut ending = vec![0_u64; trace.node_count()];
        for _ in 0..HOPS {
            let mut next = vec![0; trace.node_count()];
            for node in trace.nodes() {
                trace.targets(node).iter().for_each(|target| next[*target as usize] += walks[node as usize]);
            }
            ending.iter_mut().zip(&next).for_each(|(ending, walks)| *ending += walks);
            walks = next;
        }
        Self {
            authority: 0,
            owner,
            fund: most(&network(&edges.holds)),
            popular: trace.nodes().max_by_key(|node| ending[*node as usize]).unwrap_or(0),
            far: trace.reachable(owner).last().copied().unwrap_or(0),
        }
    }
}

fn write(
    world: &World,
    edges: &Edges,
    hubs: &Hubs,
    holdings: &Holdings,
    snapshot: &Snapshot,
    folder: &Path,
) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let lists = [
        ("all", &edges.all),
        ("reach", &edges.reach),
        ("trace", &edges.trace),
        ("holds", &edges.holds),
        ("owns", &edges.owns),
    ];
    for (name, pairs) in lists {
        let lines: String = pairs.iter().map(|(from, to)| format!("{from},{to}\n")).collect();
        fs::write(folder.join(name).with_extension("csv"), lines)?;
    }
    let asserted = world.ties.iter().filter(|tie| tie.status == Status::Asserted);
    let facts = asserted.map(|tie| format!("{},{},{}\n", tie.from, tie.to, tie.predicate));
    fs::write(folder.join("facts.csv"), facts.collect::<String>())?;
    let numbers = numbers(snapshot);
    let stakes = holdings.structure().stakes().iter().map(|stake| {
        format!("{},{},{}\n", numbers[stake.owner as usize], numbers[stake.owned as usize], stake.share.min)
    });
    fs::write(folder.join("stakes.csv"), stakes.collect::<String>())?;
    let questions = json!({
        "nodes": world.nodes(), "ties": world.ties.len(), "hops": HOPS, "rounds": ROUNDS,
        "authority": hubs.authority, "owner": hubs.owner, "fund": hubs.fund,
        "popular": hubs.popular, "far": hubs.far,
        "people": people(snapshot).into_iter().map(|node| numbers[node as usize]).collect::<Vec<_>>(),
    });
    fs::write(folder.join("questions.json"), questions.to_string())
}

/// The peers know nothing of confidence.
fn however_unsure() -> Filter {
    Filter { min_confidence: Confidence::new(0.0), ..Filter::default() }
}

/// By node of the snapshot: its number in the world.
fn numbers(snapshot: &Snapshot) -> Vec<u32> {
    (0..snapshot.node_count()).map(|node| number(&snapshot.entity(NodeIndex::new(node)).id)).collect()
}

fn people(snapshot: &Snapshot) -> Vec<u32> {
    let is_person = |node: &u32| &**snapshot.class(NodeIndex::new(*node as usize)) == "Person";
    (0..snapshot.node_count() as u32).filter(is_person).collect()
}

fn peer(nodes: u32, pairs: &Pairs) -> Peer {
    let mut graph = Peer::with_capacity(nodes as usize, pairs.len());
    (0..nodes).for_each(|_| _ = graph.add_node(()));
    graph.extend_with_edges(pairs.iter().copied());
    graph
}

fn id(number: u32) -> EntityId {
    EntityId::new(format!("n{number:08}"))
}

fn number(id: &EntityId) -> u32 {
    id.to_string().trim_start_matches('n').parse().unwrap_or(u32::MAX)
}

/// How many numbers there are, and a number that stands for which.
fn digested(mut numbers: Vec<u32>) -> Value {
    numbers.sort_unstable();
    json!([numbers.len(), digest(numbers.into_iter())])
}

/// A number that stands for a list of them. `shared.py` reckons the same.
fn digest(numbers: impl Iterator<Item = u32>) -> u32 {
    numbers.fold(0_u64, |digest, number| (digest * 1_000_003 + u64::from(number) + 1) % 2_147_483_647) as u32
}

fn squares(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.map(|size| size * size).sum()
}

fn bytes(who: &str, an_edge: f64) {
    println!("{}", json!({ "question": "bytes", "who": who, "bytes": an_edge }));
}

/// Prints what the work comes to and what it costs, in milliseconds: medians.
pub fn row<T>(question: &str, who: &str, work: impl Fn() -> T, answer: impl Fn(&T) -> Value) {
    let started = Instant::now();
    let found = answer(&work());
    let times_a_run = (LEAST / started.elapsed().as_secs_f64()).ceil().clamp(1.0, 1e5);
    let (mut processor, mut wall) = ([0.0; RUNS], [0.0; RUNS]);
    for (processor, wall) in processor.iter_mut().zip(&mut wall) {
        let (started, before) = (Instant::now(), on_processors());
        (0..times_a_run as usize).for_each(|_| _ = std::hint::black_box(work()));
        *processor = (on_processors() - before) / times_a_run;
        *wall = started.elapsed().as_secs_f64() / times_a_run;
    }
    let [processor, wall] = [&mut processor, &mut wall].map(|times| {
        times.sort_by(f64::total_cmp);
        times[RUNS / 2] * 1e3
    });
    let line = json!({
        "question": question, "who": who, "answer": found, "processor": processor, "wall": wall, "runs": RUNS,
    });
    println!("{line}");
}
