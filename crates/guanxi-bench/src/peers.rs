//! Walks and measures over one invented world: ours, petgraph's and the crate `graph`'s, in one process.
//!
//! Where two count the same thing, the counts must be equal, or the program panics. `graph` gives what hands nothing on
//! no part in its PageRank, so that ranks are not compared. It, and our PageRank, work on every core (`RAYON_NUM_THREADS=1`
//! on one); their times of the processor are those of all threads together.

use std::time::Instant;

use graph::page_rank::{PageRankConfig as TheirConfig, page_rank};
use graph::prelude::{Components, CsrLayout, DirectedCsrGraph, GraphBuilder};
use graph::wcc::{WccConfig, wcc_afforest};
use guanxi::graph::Snapshot;
use guanxi::graph::snapshot::EdgeFilter;
use guanxi::model::{EntityId, Schema, Status};
use guanxi::query::measure::{self, BetweennessConfig, CommunityConfig, Network, PageRankConfig};
use guanxi::query::path::{ReachConfig, reachable};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::graph::World;
use crate::time;

const RUNS: usize = 5;
/// A run takes at least so many seconds.
const LEAST: f64 = 0.1;
/// Rounds of PageRank.
const ROUNDS: u32 = 20;

/// Prints the table, and what it was measured on.
pub fn compare(ties: usize, seed: u64) {
    let world = World::new(ties, seed);
    let schema = &guanxi::schema(&guanxi::builtin::files()).expect("the schema that is built in");
    let (seconds, snapshot) = time(|| world.snapshot(schema));
    let edges = snapshot.edge_count();
    println!(
        "{} nodes, {edges} edges, seed {seed}; snapshot built in {seconds:.2} s, {:.1} bytes an edge with all columns",
        snapshot.node_count(),
        snapshot.size_of_columns() as f64 / edges as f64,
    );
    println!("median of {RUNS}, ms of the processor / of the wall\n");
    let filter = EdgeFilter::new(&[Status::Asserted]);
    row("rows of the edges that hold", "guanxi", || Network::of(&snapshot, &filter).edge_count());
    let network = Network::of(&snapshot, &filter);
    let pairs: Vec<(u32, u32)> =
        network.nodes().flat_map(|node| network.targets(node).iter().map(move |target| (node, *target))).collect();
    let theirs: DiGraph<(), (), u32> = DiGraph::from_edges(pairs.iter().copied());
    let csr: DirectedCsrGraph<u32> =
        GraphBuilder::new().csr_layout(CsrLayout::Sorted).edges(pairs.iter().copied()).build();

    let hub = network.nodes().max_by_key(|node| network.targets(*node).len()).unwrap_or(0);
    let reached = row("closure along arrows from a hub", "guanxi", || network.reachable(hub).len());
    let same = row("", "petgraph", || {
        let mut walk = petgraph::visit::Bfs::new(&theirs, NodeIndex::new(hub as usize));
        std::iter::from_fn(|| walk.next(&theirs)).count()
    });
    assert_eq!(reached, same);
    row("reach of an authority, 6 hops", "guanxi", || explained_reach(&snapshot, schema));

    let parts = row("components", "guanxi", || measure::components(&network).sizes.len());
    let same = row("", "petgraph", || petgraph::algo::connected_components(&theirs));
    // Nodes behind the last one with an edge are in no list of edges.
    assert_eq!(parts, same + network.node_count() - theirs.node_count());
    on_threads("", "graph", || wcc_afforest(&csr, WccConfig::default()).component(0));
    let parts = row("strong components", "guanxi", || measure::strong_components(&network).sizes.len());
    let same = row("", "petgraph", || petgraph::algo::tarjan_scc(&theirs).len());
    assert_eq!(parts, same + network.node_count() - theirs.node_count());

    let threads = rayon::current_num_threads();
    let config = PageRankConfig { threads, max_rounds: ROUNDS, tolerance: 0.0, ..PageRankConfig::default() };
    on_threads("PageRank, 20 rounds", "guanxi", || measure::pagerank(&network, &config).rounds);
    on_threads("", "graph", || page_rank(&csr, TheirConfig::new(ROUNDS as usize, 0.0, 0.85)).1);
    row("core numbers", "guanxi", || measure::core_numbers(&network).into_iter().max());
    row("communities", "guanxi", || measure::communities(&network, &CommunityConfig::default()).parts.sizes.len());
    let sample = BetweennessConfig { samples: 10, ..BetweennessConfig::default() };
    row("betweenness, from 10 nodes", "guanxi", || measure::betweenness(&network, &sample).scores.len());
}

fn explained_reach(snapshot: &Snapshot, schema: &Schema) -> usize {
    let config = ReachConfig::default();
    let found = reachable(snapshot, schema, &EntityId::new("n00000000"), &config);
    found.map_or(0, |found| found.nodes().len())
}

/// Prints how long the work took, and gives what it came to.
fn row<T>(what: &str, whose: &str, work: impl Fn() -> T) -> T {
    let ([processor, wall], result) = measured(work);
    println!("{what:<42} {whose:<9} {processor:>10.2} / {wall:>9.2}");
    result
}

/// How long the work took, in milliseconds of the processor and of the wall (medians), and what it came to.
pub fn measured<T>(work: impl Fn() -> T) -> ([f64; 2], T) {
    let started = Instant::now();
    let mut result = work();
    // The clock of the processor moves in steps of some milliseconds: what is quick is done often.
    let times_a_run = (LEAST / started.elapsed().as_secs_f64()).ceil().clamp(1.0, 1e4);
    let (mut on_processor, mut on_wall) = ([0.0; RUNS], [0.0; RUNS]);
    for (processor_time, wall_time) in on_processor.iter_mut().zip(&mut on_wall) {
        let started = Instant::now();
        let (processor, found) = time(|| (0..times_a_run as usize).map(|_| work()).last());
        (*processor_time, *wall_time) = (processor / times_a_run, started.elapsed().as_secs_f64() / times_a_run);
        result = found.unwrap_or(result);
    }
    ([median(&mut on_processor), median(&mut on_wall)], result)
}

/// The same of work that has threads of its own: what these take of the processor is added up.
fn on_threads<T>(what: &str, whose: &str, work: impl Fn() -> T) {
    let [processor, wall] = measured_on_threads(work);
    println!("{what:<42} {whose:<9} {processor:>10.2} / {wall:>9.2}");
}

/// As [`measured`], of work that has threads of its own.
pub fn measured_on_threads<T>(work: impl Fn() -> T) -> [f64; 2] {
    let started = Instant::now();
    std::hint::black_box(work());
    let times_a_run = (10.0 * LEAST / started.elapsed().as_secs_f64()).ceil().clamp(1.0, 1e4);
    let (mut on_processor, mut on_wall) = ([0.0; RUNS], [0.0; RUNS]);
    for (processor, wall) in on_processor.iter_mut().zip(&mut on_wall) {
        let (before, started) = (of_all_threads(), Instant::now());
        (0..times_a_run as usize).for_each(|_| drop(std::hint::black_box(work())));
        *processor = (of_all_threads() - before) / times_a_run;
        *wall = started.elapsed().as_secs_f64() / times_a_run;
    }
    [median(&mut on_processor), median(&mut on_wall)]
}

/// Seconds of all threads on the processor, those that have ended among them; 0 where the system does not tell. Its clock
/// ticks a hundred times a second.
fn of_all_threads() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program may hold anything; user and system time are the 12th and 13th number behind it.
    let numbers = text.rsplit_once(')').map_or("", |(_, numbers)| numbers).split_whitespace();
    numbers.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// In milliseconds.
fn median(seconds: &mut [f64; RUNS]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2] * 1e3
}
