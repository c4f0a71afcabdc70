//! SPARQL through our layer beside oxigraph called directly: the same queries over the same quads, the invented world
//! having been imported into a store of ours.

use std::fs;
use std::path::Path;

use guanxi::Guanxi;
use guanxi::graph::Generation;
use guanxi::import::ImportOptions;
use guanxi::model::Status;
use guanxi::query::{Content, Limits, ask};
use oxigraph::model::Quad;
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use serde_json::json;

use crate::graph::World;
use crate::walks::{Failure, Hubs, row};

const PREFIX: &str = "PREFIX gx: <https://w3id.org/guanxi/ns#>";

/// Prints what each query comes to and what it costs, through either.
///
/// # Errors
/// The world cannot be imported, or a query fails.
pub fn compare(world: &World, hubs: &Hubs) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    write_tables(world, folder.path())?;
    let files = ["entities.csv", "facts.csv"].map(|name| folder.path().join(name));
    let store = folder.path().join("guanxi.db");
    Guanxi::builtin().import(&store, &ImportOptions::default(), &files, |_| {})?;
    let generation = Generation::open(&store)?;
    let theirs = Store::new()?;
    let mut loader = theirs.bulk_loader();
    loader.load_quads(generation.store().iter().collect::<Result<Vec<Quad>, _>>()?)?;
    loader.commit()?;

    for (question, start, path) in [
        ("reach", hubs.authority, reach()),
        ("closure", hubs.fund, "(gx:owns|gx:investsIn)+".to_owned()),
        ("owners", hubs.far, "(^gx:owns)+".to_owned()),
    ] {
        let start = iri_of(&generation, start)?;
        let query = format!("{PREFIX} SELECT DISTINCT ?node {{ <{start}> {path} ?node FILTER(?node != <{start}>) }}");
        let question = format!("sparql {question}");
        let ours = || match ask(&generation, &query, &Limits::default()) {
            Ok(answer) => match answer.content {
                Content::Rows { rows, .. } => rows.len(),
                _ => 0,
            },
            Err(_) => 0,
        };
        row(&question, "guanxi", ours, |rows| json!([rows]));
        let direct = || match SparqlEvaluator::new().parse_query(&query).map(|query| query.on_store(&theirs).execute())
        {
            Ok(Ok(QueryResults::Solutions(solutions))) => solutions.filter_map(Result::ok).count(),
            _ => 0,
        };
        row(&question, "oxigraph called directly", direct, |rows| json!([rows]));
    }
    Ok(())
}

fn reach() -> String {
    let step = "(gx:regulates|gx:licenses|^gx:operatesIn)";
    [step.to_owned()].into_iter().chain((1..6).map(|_| format!("({step}?)"))).collect::<Vec<_>>().join("/")
}

/// As `guanxi import` reads them.
fn write_tables(world: &World, folder: &Path) -> Result<(), Failure> {
    let entities = (0..world.nodes()).map(|node| format!("n{node},{},{}\n", world.class(node), name(node)));
    fs::write(folder.join("entities.csv"), format!("id,class,label\n{}", entities.collect::<String>()))?;
    let asserted = world.ties.iter().filter(|tie| tie.status == Status::Asserted);
    let facts = asserted.map(|tie| format!("n{},{},n{}\n", tie.from, tie.predicate, tie.to));
    fs::write(folder.join("facts.csv"), format!("subject,predicate,object\n{}", facts.collect::<String>()))?;
    Ok(())
}

fn name(node: u32) -> String {
    format!("Invented {node}")
}

fn iri_of(generation: &Generation, node: u32) -> Result<String, Failure> {
    let named = format!("SELECT ?node {{ ?node rdfs:label \"{}\"@en }}", name(node));
    let Content::Rows { rows, .. } = ask(generation, &named, &Limits::default())?.content else {
        return Err("no rows".into());
    };
    let term = rows.first().and_then(|row| row.first().cloned().flatten()).ok_or("the node is not in the store")?;
    Ok(term.to_string().trim_matches(['<', '>']).to_owned())
}
