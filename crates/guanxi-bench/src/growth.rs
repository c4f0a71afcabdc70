//! How times and memory grow with the graph: worlds of 100,000, a million and ten million edges, each in a process of its
//! own, as a table and as a picture.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

use guanxi::graph::Snapshot;
use guanxi::graph::snapshot::EdgeFilter;
use guanxi::model::{EntityId, Status};
use guanxi::query::measure::{self, Network, PageRankConfig};
use guanxi::query::owners::held_together;
use guanxi::query::path::{ReachConfig, reachable};

use crate::graph::World;
use crate::peers::{measured, measured_on_threads};
use crate::{memory, time};

/// Edges of the worlds.
pub const SIZES: [usize; 3] = [100_000, 1_000_000, 10_000_000];
/// Rounds of PageRank.
const ROUNDS: u32 = 20;
/// How many people effective shares are asked of together.
const OWNERS: u32 = 100;
/// What is drawn: its name in the output of [`measure()`], and its colour.
const LINES: [(&str, &str); 4] =
    [("reach", "#1b6ca8"), ("components", "#2a9d5c"), ("PageRank", "#b5651d"), ("effective ownership", "#8e3b8e")];

/// Prints what a world of so many edges takes: lines of a name, a tab and a figure.
pub fn measure(ties: usize, seed: u64) {
    let schema = &guanxi::schema(&guanxi::builtin::files()).expect("the schema that is built in");
    let world = World::new(ties, seed);
    let (seconds, snapshot) = time(|| world.snapshot(schema));
    let edges = snapshot.edge_count();
    println!("edges\t{edges}\nbuilt, s\t{seconds:.2}");
    println!("bytes an edge\t{:.1}", snapshot.size_of_columns() as f64 / edges as f64);
    let snapshot = reopened(snapshot);
    let told = |what: &str, [processor, wall]: [f64; 2]| println!("{what}\t{processor:.3}\t{wall:.3}");

    let config = ReachConfig::default();
    let start = EntityId::new("n00000000");
    let reach = || reachable(&snapshot, schema, &start, &config).map_or(0, |found| found.nodes().len());
    let (times, reached) = measured(reach);
    println!("reached\t{reached}");
    told("reach", times);
    let network = Network::of(&snapshot, &EdgeFilter::new(&[Status::Asserted]));
    told("components", measured(|| measure::components(&network).sizes.len()).0);
    let threads = rayon::current_num_threads();
    let config = PageRankConfig { threads, max_rounds: ROUNDS, tolerance: 0.0, ..PageRankConfig::default() };
    told("PageRank", measured_on_threads(|| measure::pagerank(&network, &config).rounds));
    drop(network);
    let (structure, people) = (world.structure(), world.people(OWNERS));
    told("effective ownership", measured(|| held_together(&structure, &people).len()).0);
    println!("peak, MB\t{}", memory("VmHWM") / 1024);
}

/// The snapshot from a file, mapped; prints how long that took.
fn reopened(snapshot: Snapshot) -> Snapshot {
    let folder = tempfile::tempdir().expect("a folder for what is temporary");
    let file = folder.path().join("world.graph");
    snapshot.write(&file).expect("room for a snapshot");
    drop(snapshot);
    let (times, _) = measured(|| Snapshot::mapped(&file).map(|mapped| mapped.edge_count()));
    println!("opened\t{:.3}\t{:.3}", times[0], times[1]);
    // A mapped file stays where it is until nobody has it open.
    Snapshot::mapped(&file).expect("the snapshot that was just written")
}

/// Prints the table of what `outputs`, one for each size, tell, and draws it.
pub fn report(outputs: &[String], svg: &Path) -> io::Result<()> {
    let figures: Vec<Vec<(&str, Vec<&str>)>> = outputs.iter().map(|output| figures(output)).collect();
    let rows = figures.first().map_or(&[][..], Vec::as_slice);
    for (place, (name, _)) in rows.iter().enumerate() {
        let cells: Vec<String> =
            figures.iter().map(|of| of.get(place).map_or(String::new(), |cell| cell.1.join(" / "))).collect();
        println!("| {name} | {} |", cells.join(" | "));
    }
    let points = |what: &str| -> Vec<f64> {
        let of_size = |figures: &Vec<(&str, Vec<&str>)>| {
            let (_, cells) = figures.iter().find(|(name, _)| *name == what)?;
            cells.first()?.parse().ok()
        };
        figures.iter().filter_map(of_size).collect()
    };
    std::fs::write(svg, drawing(points))
}

fn figures(output: &str) -> Vec<(&str, Vec<&str>)> {
    let named = output.lines().filter_map(|line| line.split_once('\t'));
    named.map(|(name, cells)| (name, cells.split('\t').collect())).collect()
}

/// Milliseconds of the processor by number of edges, both by powers of ten: what grows as the edges do runs beside the
/// dashed line.
fn drawing<F: Fn(&str) -> Vec<f64>>(points: F) -> String {
    let (left, bottom, decade) = (60.0, 330.0, 60.0);
    let across = |edges: f64| left + (edges.log10() - 5.0) * 2.5 * decade;
    let up = |milliseconds: f64| bottom - (milliseconds.max(0.1).log10() + 1.0) * decade;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 380\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"560\" height=\"380\" fill=\"white\"/>\n",
    );
    for (power, label) in (-1..4).zip(["0.1 ms", "1 ms", "10 ms", "0.1 s", "1 s"]) {
        let y = up(10_f64.powi(power));
        let _ = writeln!(
            svg,
            "<path d=\"M{left} {y:.0}H360\" stroke=\"#ddd\"/><text x=\"8\" y=\"{:.0}\">{label}</text>",
            y + 4.0
        );
    }
    for (edges, label) in SIZES.iter().zip(["100,000", "1,000,000", "10,000,000 edges"]) {
        let x = across(*edges as f64);
        let _ = writeln!(
            svg,
            "<path d=\"M{x:.0} 30V{bottom}\" stroke=\"#ddd\"/><text x=\"{x:.0}\" y=\"350\" text-anchor=\"middle\">{label}</text>"
        );
    }
    let _ = writeln!(
        svg,
        "<path d=\"M{:.0} {:.0}L{:.0} {:.0}\" stroke=\"#888\" stroke-dasharray=\"4 4\" fill=\"none\"/><text x=\"370\" y=\"{:.0}\" fill=\"#666\">as the edges</text>",
        across(1e5),
        up(1.0),
        across(1e7),
        up(100.0),
        up(100.0) + 4.0
    );
    let mut labels = vec![up(100.0) + 4.0];
    for (what, colour) in LINES {
        let times = points(what);
        let places: Vec<[f64; 2]> =
            SIZES.iter().zip(&times).map(|(edges, time)| [across(*edges as f64), up(*time)]).collect();
        let line: Vec<String> = places.iter().map(|[x, y]| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        for [x, y] in &places {
            let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>");
        }
        if let Some([_, y]) = places.last() {
            // Names of lines that end at one height stand below one another.
            let mut y = *y + 4.0;
            while labels.iter().any(|label| (label - y).abs() < 13.0) {
                y += 13.0;
            }
            labels.push(y);
            let _ = writeln!(svg, "<text x=\"370\" y=\"{y:.1}\" fill=\"{colour}\">{what}</text>");
        }
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_a_line_for_each_question() {
        let outputs = ["edges\t100000\nreach\t1.0\t2.0", "edges\t1000000\nreach\t10.0\t20.0"].map(str::to_owned);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("growth.svg");
        report(&outputs, &file).unwrap();
        let svg = std::fs::read_to_string(&file).unwrap();
        assert_eq!(svg.matches("<polyline").count(), LINES.len());
        assert_eq!(svg.matches("<circle").count(), 2, "reach at two sizes");
    }
}
