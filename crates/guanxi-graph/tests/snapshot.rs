//! The graph view of a generation, and petgraph's algorithms on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use crate::common::{SCHEMA, at_home, generation, id, reference, row, text, with_reference};
use guanxi_graph::snapshot::EdgeFilter;
use guanxi_graph::{BuildConfig, Generation, Snapshot, Update};
use guanxi_model::schema::EdgeKind;
use guanxi_model::{Extraction, NameKind, Qualifier, Reference, Status};
use petgraph::Direction;
use petgraph::algo::{dijkstra, has_path_connecting, is_cyclic_directed, tarjan_scc};
use petgraph::graph::NodeIndex;
use petgraph::visit::{
    Dfs, EdgeRef, IntoEdgeReferences, IntoEdgesDirected, IntoNeighborsDirected, IntoNodeReferences, Reversed,
};
use proptest::prelude::*;

fn snapshot(texts: Vec<Extraction>) -> Snapshot {
    Snapshot::of(&generation(texts), &SCHEMA)
}

#[test]
fn arrows_run_as_the_schema_says() {
    let text = text("a", "a")
        .entity("Regulator", &["Regulator"], NameKind::Short)
        .claim("Child", "subsidiaryOf", "Parent")
        .claim("Parent", "owns", "Other")
        .with(guanxi_model::Qualifier::Percent, guanxi_model::QualifierValue::Decimal(30.into()))
        .claim("Regulator", "regulates", "Child")
        .status(Status::Planned)
        .value("Parent", "raised", crate::common::money(5, "USD"))
        .done();
    let snapshot = snapshot(vec![text]);
    let node = |class: &str, name: &str| snapshot.node(&id(class, name)).unwrap();
    let (parent, child) = (node("Company", "Parent"), node("Company", "Child"));
    assert_eq!((snapshot.node_count(), snapshot.edge_count()), (4, 3));

    let owned: BTreeMap<&str, _> =
        snapshot.outgoing(parent).map(|edge| (snapshot.edge(edge).predicate, edge)).collect();
    let majority = snapshot.edge(owned["subsidiaryOf"]);
    assert_eq!((majority.from, majority.to, majority.kind), (parent, child, EdgeKind::Ownership));
    assert_eq!(majority.share.unwrap().to_string(), "(50, 100]");
    assert!(!majority.is_forward(&snapshot));
    let exact = snapshot.edge(owned["owns"]);
    assert_eq!(exact.share.unwrap().to_string(), "30%");
    assert!(exact.is_forward(&snapshot));

    let into_child: Vec<_> = snapshot.incoming(child).map(|edge| snapshot.edge(edge)).collect();
    assert_eq!(into_child.len(), 2);
    let planned = into_child.iter().find(|edge| edge.predicate == "regulates").unwrap();
    assert_eq!((planned.fact.status, planned.kind, planned.share), (Status::Planned, EdgeKind::Regulation, None));
    assert_eq!(snapshot.entity(parent).label(), "Parent");
    assert_eq!(snapshot.node(&guanxi_model::EntityId::new("nobody")), None);
}

#[test]
fn countries_and_jurisdictions_are_those_of_derivations() {
    let mut rows = vec![
        at_home("EU", row("eu-eba", "Regulator", &["Banking Authority"])),
        at_home("FR", row("fr-acpr", "Regulator", &["Autorité"])),
        at_home("EU", row("place-eu", "Place", &["Union"])),
        at_home("FR", row("place-paris", "Place", &["Paris"])),
        at_home("CN", row("cn-bank", "Company", &["Bank"])),
    ];
    rows[2].members = vec!["DE".to_owned(), "FR".to_owned()];
    let reference = reference(rows, vec![]);
    let text = text("a", "a").entity("Place", &["Paris"], NameKind::Short).known_as("Paris", "place-paris");
    let text = text.claim("Banque", "headquarteredIn", "Paris").claim("Banque", "owns", "Shell Firm").done();
    let generation = Generation::in_memory(vec![text], &with_reference(&reference), &BuildConfig::default()).unwrap();
    let snapshot = Snapshot::of(&generation, &SCHEMA);
    let of = |id: &str| snapshot.node(&guanxi_model::EntityId::new(id)).unwrap();
    let minted = |name| snapshot.node(&id("Company", name)).unwrap();
    assert_eq!(snapshot.country(of("cn-bank")), Some("CN"));
    assert_eq!((snapshot.country(minted("Banque")), snapshot.country(minted("Shell Firm"))), (Some("FR"), None));
    for (authority, subject, expected) in [
        (of("fr-acpr"), minted("Banque"), true),
        (of("eu-eba"), minted("Banque"), true),
        (minted("Banque"), of("eu-eba"), false),
        (of("fr-acpr"), of("cn-bank"), false),
        (of("eu-eba"), of("cn-bank"), false),
        (of("fr-acpr"), minted("Shell Firm"), false),
        (minted("Shell Firm"), minted("Shell Firm"), false),
    ] {
        let ids = [authority, subject].map(|node| &snapshot.entity(node).id);
        assert_eq!(snapshot.has_jurisdiction(authority, subject), expected, "{ids:?}");
    }
}

#[test]
fn an_empty_store_is_an_empty_graph() {
    let snapshot = snapshot(vec![]);
    assert_eq!((snapshot.node_count(), snapshot.edge_count()), (0, 0));
    assert!(tarjan_scc(&snapshot).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn petgraph_agrees_with_a_naive_graph(pairs in prop::collection::btree_set((0_usize..8, 0_usize..8), 1..24)) {
        let mut text = text("a", "a");
        for (from, to) in &pairs {
            text = text.claim(&name(*from), "owns", &name(*to));
        }
        let snapshot = snapshot(vec![text.done()]);
        let edges: BTreeSet<(usize, usize)> = pairs.into_iter().filter(|(from, to)| from != to).collect();
        let naive = Naive(&edges);
        let nodes: BTreeMap<usize, NodeIndex> =
            (0..8).filter_map(|number| Some((number, snapshot.node(&id("Company", &name(number)))?))).collect();
        let number_of = |node: NodeIndex| *nodes.iter().find(|(_, known)| **known == node).unwrap().0;

        let listed: BTreeSet<(usize, usize)> =
            (&snapshot).edge_references().map(|edge| (number_of(edge.source()), number_of(edge.target()))).collect();
        prop_assert_eq!(&listed, &edges);
        prop_assert_eq!((&snapshot).node_references().count(), nodes.len());
        prop_assert_eq!(is_cyclic_directed(&snapshot), (0..8).any(|node| naive.successors(node).any(|next| naive.distances(next).contains_key(&node))));

        for (&number, &node) in &nodes {
            let distances = naive.distances(number);
            let found = dijkstra(&snapshot, node, None, |_| 1_usize);
            let found: BTreeMap<usize, usize> = found.into_iter().map(|(node, hops)| (number_of(node), hops)).collect();
            prop_assert_eq!(&found, &distances);
            for (&other, &target) in &nodes {
                prop_assert_eq!(has_path_connecting(&snapshot, node, target, None), distances.contains_key(&other));
            }
            let mut walk = Dfs::new(Reversed(&snapshot), node);
            let mut reaching = BTreeSet::new();
            while let Some(next) = walk.next(Reversed(&snapshot)) {
                reaching.insert(number_of(next));
            }
            let expected: BTreeSet<usize> =
                nodes.keys().copied().filter(|other| naive.distances(*other).contains_key(&number)).collect();
            prop_assert_eq!(reaching, expected);
            let incoming: BTreeSet<usize> =
                (&snapshot).neighbors_directed(node, Direction::Incoming).map(number_of).collect();
            let by_edges: BTreeSet<usize> =
                (&snapshot).edges_directed(node, Direction::Incoming).map(|edge| number_of(edge.source())).collect();
            prop_assert_eq!(&incoming, &by_edges);
            prop_assert_eq!(incoming, edges.iter().filter(|edge| edge.1 == number).map(|edge| edge.0).collect());
        }

        for component in tarjan_scc(&snapshot) {
            for pair in component.windows(2) {
                let (one, other) = (number_of(pair[0]), number_of(pair[1]));
                prop_assert!(naive.distances(one).contains_key(&other) && naive.distances(other).contains_key(&one));
            }
        }
        let strong = |one: usize, other: usize| {
            naive.distances(one).contains_key(&other) && naive.distances(other).contains_key(&one)
        };
        let classes: BTreeSet<Vec<usize>> =
            nodes.keys().map(|one| nodes.keys().copied().filter(|other| strong(*one, *other)).collect()).collect();
        prop_assert_eq!(tarjan_scc(&snapshot).len(), classes.len());
    }
}

fn name(number: usize) -> String {
    format!("Company {}", ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta"][number])
}

struct Naive<'a>(&'a BTreeSet<(usize, usize)>);

impl Naive<'_> {
    fn successors(&self, node: usize) -> impl Iterator<Item = usize> {
        self.0.iter().filter(move |edge| edge.0 == node).map(|edge| edge.1)
    }

    fn distances(&self, start: usize) -> BTreeMap<usize, usize> {
        let mut distances = BTreeMap::from([(start, 0)]);
        loop {
            let mut next = distances.clone();
            for (&node, &hops) in &distances {
                for successor in self.successors(node) {
                    next.entry(successor).or_insert(hops + 1);
                }
            }
            if next.len() == distances.len() {
                return distances;
            }
            distances = next;
        }
    }
}

/// A store of one text, in a folder.
fn stored() -> (tempfile::TempDir, Generation) {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("guanxi.db");
    let mut update = Update::begin(&path, crate::common::knowledge(), BuildConfig::default()).unwrap();
    let text = text("a", "a").claim("Acme", "owns", "Bolt").claim("Child", "subsidiaryOf", "Acme");
    let text = text.with(guanxi_model::Qualifier::Percent, guanxi_model::QualifierValue::Decimal(60.into()));
    update.add(text.claim("Bolt", "partnersWith", "Child").done());
    update.commit().unwrap();
    let generation = Generation::open(&path).unwrap();
    (parent, generation)
}

#[test]
fn a_snapshot_is_written_with_the_generation_and_mapped_from_then_on() {
    let (parent, generation) = stored();
    let file = only_image(&parent);
    let written = fs::read(&file).unwrap();
    let built = told(&Snapshot::of(&generation, &SCHEMA));
    assert_eq!(built.len(), 3);
    assert_eq!(fs::read(&file).unwrap(), written);
    assert_eq!(
        fs::read_dir(file.parent().unwrap()).unwrap().count(),
        4,
        "quads, names and meta besides; nothing else is left there"
    );

    // Whatever is wrong with the file, it is built again. Records are held against their checksums when they are read.
    let records = written.len() - written.len() / 3;
    for at in (0..records).step_by(7).chain([8, 47, 50]) {
        let mut damaged = written.clone();
        damaged[at] ^= 0x10;
        fs::write(&file, &damaged).unwrap();
        let snapshot = catch_unwind(AssertUnwindSafe(|| told(&Snapshot::of(&generation, &SCHEMA))));
        assert!(snapshot.as_ref().map_or(true, |told| *told == built), "byte {at}");
    }
    for length in [0, 7, 100, written.len() - 1] {
        fs::write(&file, &written[..length]).unwrap();
        assert_eq!(told(&Snapshot::of(&generation, &SCHEMA)), built);
        assert!(fs::read(&file).unwrap() == written, "{length}");
    }
}

#[test]
fn what_a_build_draws_is_what_its_quads_tell() {
    let files = crate::common::data("reference");
    let shipped = Reference::load(crate::common::pairs(&files), &SCHEMA).unwrap();
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("guanxi.db");
    let mut update = Update::begin(&path, with_reference(&shipped), BuildConfig::default()).unwrap();
    for (number, status) in Status::ALL.iter().copied().enumerate() {
        let text = text(&number.to_string(), "a").published("2025-11").claim("Acme", "owns", "Bolt").status(status);
        let text =
            text.on(Qualifier::Date, "2024").value("Acme", "raised", crate::common::money(5, "USD")).status(status);
        let text = text.claim("Child", "subsidiaryOf", "Acme").on(Qualifier::ValidTo, "2020").confidence(600);
        update.add(text.claim("Acme", "partnersWith", &name(number)).status(status).done());
    }
    update.commit().unwrap();
    let generation = Generation::open(&path).unwrap();
    let (file, index) = (only_image(&parent), parent.path().join("guanxi.db/gen/1/names.ranked"));
    let (drawn, names) = (fs::read(&file).unwrap(), generation.names().unwrap());
    fs::remove_file(&file).unwrap();
    fs::remove_file(&index).unwrap();
    assert!(Snapshot::of(&generation, &SCHEMA).edge_count() > 5000);
    assert!(fs::read(&file).unwrap() == drawn);
    let told = generation.names().unwrap();
    assert_eq!(names.len(), told.len());
    assert!((0..names.len() as u32).all(|number| names.entity(number) == told.entity(number)));
    let bearers = |index: &guanxi_names::Index, name: u32| index.bearers(name).collect::<Vec<_>>();
    for name in ["acme", "bolt", "tencent", "腾讯"] {
        let number = names.whole(name).unwrap();
        assert_eq!((told.whole(name), bearers(&told, number)), (Some(number), bearers(&names, number)));
    }
}

#[test]
fn another_schema_is_another_snapshot_beside_the_first() {
    let (parent, generation) = stored();
    let all = crate::common::data("schema");
    let few: Vec<_> = all.iter().map(|(name, toml)| (&**name, toml.replace(", from = \"object\"", ""))).collect();
    let other = guanxi_model::Schema::load(few.iter().map(|(name, toml)| (*name, &**toml))).unwrap();
    let file = only_image(&parent);
    let written = fs::metadata(&file).unwrap().modified().unwrap();
    let (ours, others) = (told(&Snapshot::of(&generation, &SCHEMA)), told(&Snapshot::of(&generation, &other)));
    assert_ne!(ours, others);
    assert_eq!(ours, told(&Snapshot::of(&generation, &SCHEMA)));
    assert_eq!((images(&parent).len(), fs::metadata(&file).unwrap().modified().unwrap()), (2, written));
}

/// The files of snapshots beside the first generation.
fn images(parent: &tempfile::TempDir) -> Vec<PathBuf> {
    let files = fs::read_dir(parent.path().join("guanxi.db/gen/1")).unwrap().map(|file| file.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "graph")).collect()
}

fn only_image(parent: &tempfile::TempDir) -> PathBuf {
    let [image] = images(parent).try_into().expect("one snapshot");
    image
}

#[test]
fn where_nothing_can_be_written_the_snapshot_stays_in_memory() {
    let (parent, generation) = stored();
    let image = only_image(&parent);
    fs::remove_file(&image).unwrap();
    fs::create_dir(&image).unwrap();
    assert_eq!(Snapshot::of(&generation, &SCHEMA).edge_count(), 3);
}

fn told(snapshot: &Snapshot) -> Vec<String> {
    let edge = |edge| {
        let view = snapshot.edge(edge);
        let columns = snapshot.columns();
        format!(
            "{} → {} {view:?} {:?}",
            snapshot.entity(view.from),
            snapshot.entity(view.to),
            columns.share(edge.index())
        )
    };
    snapshot.edges().map(edge).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn columns_say_what_facts_say_and_filters_admit_what_holds(
        lines in prop::collection::vec((0_usize..5, 0_usize..5, 0_usize..6, 2015_i16..2026, 2015_i16..2026, 0_u16..1000), 1..12),
        asked in 2014_i16..2027,
        least in 0_u16..1000,
        statuses in prop::collection::vec(0_usize..6, 0..4),
    ) {
        let mut draft = text("a", "a");
        for (from, to, status, begin, end, confidence) in lines {
            draft = draft.claim(&name(from), "owns", &name(to)).status(Status::ALL[status]).confidence(confidence);
            draft = draft.on(guanxi_model::Qualifier::ValidFrom, &begin.to_string());
            if end > begin {
                draft = draft.on(guanxi_model::Qualifier::ValidTo, &format!("{end}-06"));
            }
        }
        let generation = generation(vec![draft.done()]);
        let snapshot = Snapshot::of(&generation, &SCHEMA);
        let columns = snapshot.columns();
        let facts: BTreeMap<_, _> = generation.facts().into_iter().map(|fact| (fact.id.clone(), fact)).collect();
        prop_assert_eq!(snapshot.edge_count(), facts.len());
        let statuses: Vec<Status> = statuses.into_iter().map(|status| Status::ALL[status]).collect();
        let least = guanxi_model::Confidence::from_thousandths(least);
        for as_of in [None, Some(guanxi_model::PartialDate::year(asked))] {
            let filter = EdgeFilter::new(&statuses).as_of(as_of).min_confidence(least);
            for edge in snapshot.edges() {
                let fact = snapshot.fact(edge);
                prop_assert_eq!(fact, &facts[&fact.id]);
                prop_assert_eq!(columns.status(edge.index()), fact.status);
                prop_assert_eq!(columns.confidence(edge.index()), fact.confidence);
                prop_assert_eq!(columns.source(edge.index()) as usize, snapshot.ends(edge).0.index());
                let holds = fact.holds(as_of) || (as_of.is_none() && fact.status == Status::Ended);
                let asserted = statuses.contains(&Status::Asserted) && fact.is_asserted(as_of);
                let wanted = holds && (statuses.contains(&fact.status) || asserted) && fact.confidence >= least;
                prop_assert_eq!(filter.admits(&columns, edge.index()), wanted, "{:?}", fact);
            }
            let admitted = snapshot.edges().filter(|edge| filter.admits(&columns, edge.index())).count();
            prop_assert_eq!((&snapshot.filtered(&filter)).edge_references().count(), admitted);
        }
    }
}
