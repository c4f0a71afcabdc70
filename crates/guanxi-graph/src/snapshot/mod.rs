//! An immutable view of one generation as a graph: entities are nodes, facts between entities are edges.
//!
//! Compressed sparse rows both ways, with the columns that walks ask for beside ([`Columns`]). All of it lies in one
//! image, written with the generation and mapped from then on, however large. What a walk need not know (names, claims, premises) is a record of its entity or fact, opened when it is asked for. Every
//! petgraph algorithm runs on it, on all edges or on those of an [`EdgeFilter`].

mod build;
mod columns;
mod image;
mod petgraph;
mod records;
mod sparse;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::petgraph::graph::{EdgeIndex, NodeIndex};
use ::petgraph::visit::EdgeFiltered;
use guanxi_model::schema::{Edge, EdgeKind};
use guanxi_model::{Entity, EntityId, Fact, Reference, Schema, Share};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::facts::is_plain;
use crate::jurisdiction::{self, Unions, covers};
use crate::{Generation, Meta};
use image::{Image, Key, Section};
use records::{Ends, Opened, Records};

pub use self::build::stated_share;
pub(crate) use self::build::{Draft, Drafting};
pub use self::columns::{Columns, EdgeFilter, ShareBounds};
pub use self::petgraph::{EdgeReference, Edges, Neighbors, NodeReferences, Nodes, Visited};

/// Counted up with every change of the image or of what it is built from.
const VERSION: u32 = 2;
const NO_HOME: u16 = u16::MAX;

/// Entities and the facts between them, of one generation.
///
/// A node stands for every entity, an edge for every fact whose object is an entity, **of every status**: planned, denied
/// and ended ones too, so whoever walks must filter. The arrow runs as the predicate's projection says (`subsidiaryOf`:
/// from parent to child). A symmetric predicate is one edge. Nodes are numbered breadth first along edges, from the least
/// id on; [`Snapshot::rank`] tells their order by id. Edges are sorted by where they start, where they end, predicate and
/// fact.
///
/// # Panics
/// Its methods panic where a node or edge is none of its own, and if the medium fails under a mapped file.
pub struct Snapshot {
    image: Image,
    predicates: Vec<(Arc<str>, Edge)>,
    classes: Vec<Arc<str>>,
    homes: Vec<String>,
    unions: Unions,
    entities: Opened<Entity>,
    facts: Opened<Fact>,
}

/// The names that columns refer to by number.
#[derive(Default, Serialize, Deserialize)]
struct Tables {
    predicates: Vec<(String, Edge)>,
    classes: Vec<String>,
    homes: Vec<String>,
    unions: Unions,
}

/// One edge: a fact between two entities, turned as its predicate's projection says.
#[derive(Clone, Copy, Debug)]
pub struct EdgeView<'a> {
    /// Where the arrow starts.
    pub from: NodeIndex,
    /// Where it ends.
    pub to: NodeIndex,
    /// The fact; its subject may be either end.
    pub fact: &'a Fact,
    /// Local name of its predicate.
    pub predicate: &'a str,
    /// What kind of tie the predicate is; `Other` where the schema has no projection for it.
    pub kind: EdgeKind,
    /// The share that the fact states; else the one that its predicate tells by itself ("subsidiary": a majority).
    pub share: Option<Share>,
}

impl EdgeView<'_> {
    /// Whether the arrow runs from the fact's subject to its object.
    pub fn is_forward(&self, snapshot: &Snapshot) -> bool {
        snapshot.entity(self.from).id == self.fact.subject
    }
}

impl Snapshot {
    /// The snapshot of `generation`, its edges turned as `schema` says.
    ///
    /// It is mapped from the file beside the generation: the build writes one of its own schema. Where there is none of
    /// this schema, it is built, and written there for the next reader, whatever stands there of others. Where nothing can be written (a medium that is read-only, or full), it stays in memory.
    ///
    /// # Panics
    /// As every method of [`Generation`], if its medium fails.
    pub fn of(generation: &Generation, schema: &Schema) -> Snapshot {
        let key = key(generation.meta(), schema);
        let file = generation.folder().map(|folder| file(folder, &key));
        let cached = file.as_deref().and_then(|file| Self::open(file, &key));
        cached.unwrap_or_else(|| {
            let image = image(generation, schema, &key);
            let written = file.and_then(|file| {
                image.write(&file).ok()?;
                Self::open(&file, &key)
            });
            written.unwrap_or_else(|| Self::read(image).expect("an image is read as it was built"))
        })
    }

    /// The snapshot of entities and facts that stand in no store; countries are those of the entities themselves.
    pub fn of_facts(mut entities: Vec<Entity>, facts: impl IntoIterator<Item = Fact>, schema: &Schema) -> Snapshot {
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        let mut drafting = Drafting::of(&entities, schema);
        facts.into_iter().for_each(|fact| drafting.push(&fact, false));
        let image = drafting.done().image(&entities, Unions::new(), &Key::default());
        Self::read(image).expect("an image is read as it was built")
    }

    /// Writes a snapshot of [`Snapshot::of_facts`] to a file, for [`Snapshot::mapped`]; all of it or nothing.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        self.image.write(file)
    }

    /// The snapshot of [`Snapshot::of_facts`] that was written to a file, read where it lies; `None` where none stands
    /// there that is whole and of this version.
    pub fn mapped(file: &Path) -> Option<Snapshot> {
        Self::open(file, &Key::default())
    }

    fn open(file: &Path, key: &Key) -> Option<Self> {
        Image::open(file, key).and_then(Self::read)
    }

    fn read(image: Image) -> Option<Self> {
        let tables: Tables = postcard::from_bytes(image.bytes(Section::Tables)).ok()?;
        let columns = Columns::of(&image);
        let (nodes, edges) = (columns.node_count(), columns.edge_count());
        Some(Self {
            predicates: tables.predicates.into_iter().map(|(name, edge)| (name.into(), edge)).collect(),
            classes: tables.classes.into_iter().map(Arc::from).collect(),
            homes: tables.homes,
            unions: tables.unions,
            entities: Opened::new(nodes),
            facts: Opened::new(edges),
            image,
        })
    }

    /// The numbers of all edges, for whoever walks far.
    pub fn columns(&self) -> Columns<'_> {
        Columns::of(&self.image)
    }

    /// Every predicate that has edges, by its number in the columns: its name, and how it becomes an arrow.
    pub fn predicates(&self) -> impl ExactSizeIterator<Item = (&str, &Edge)> {
        self.predicates.iter().map(|(name, edge)| (&**name, edge))
    }

    /// The edges that `filter` admits, as a graph of petgraph's.
    pub fn filtered<'a>(
        &'a self,
        filter: &'a EdgeFilter,
    ) -> EdgeFiltered<&'a Self, impl Fn(EdgeReference<'a>) -> bool + 'a> {
        let columns = self.columns();
        EdgeFiltered::from_fn(self, move |edge: EdgeReference<'a>| {
            filter.admits(&columns, ::petgraph::visit::EdgeRef::id(&edge).index())
        })
    }

    /// The node of an entity, unless it was merged into another one; see [`Generation::representative`].
    pub fn node(&self, entity: &EntityId) -> Option<NodeIndex> {
        let by_rank: &[u32] = self.image.numbers(Section::ByRank);
        let records = self.entity_records();
        let rank = by_rank.binary_search_by(|node| records.id(*node as usize).cmp(entity.as_str())).ok()?;
        Some(NodeIndex::new(by_rank[rank] as usize))
    }

    /// The entity of a node.
    pub fn entity(&self, node: NodeIndex) -> &Entity {
        self.entities.get(node.index(), || records::entity(self.entity_records(), node.index()))
    }

    /// The id of a node's entity; nothing else of it is opened.
    pub fn id(&self, node: NodeIndex) -> EntityId {
        EntityId::new(self.entity_records().id(node.index()))
    }

    fn entity_records(&self) -> Records<'_> {
        Records {
            bytes: self.image.bytes(Section::Entities),
            blocks: self.image.numbers(Section::EntityBlocks),
            ends: self.image.numbers(Section::EntityEnds),
        }
    }

    fn fact_records(&self) -> Records<'_> {
        Records {
            bytes: self.image.bytes(Section::Facts),
            blocks: self.image.numbers(Section::FactBlocks),
            ends: self.image.numbers(Section::FactEnds),
        }
    }

    /// The class of a node's entity.
    pub fn class(&self, node: NodeIndex) -> &Arc<str> {
        &self.classes[self.class_number(node) as usize]
    }

    /// The class of a node's entity, as a number of [`Snapshot::classes`].
    pub fn class_number(&self, node: NodeIndex) -> u16 {
        self.image.numbers::<u16>(Section::Classes)[node.index()]
    }

    /// Every class that some entity is of, by its number.
    pub fn classes(&self) -> &[Arc<str>] {
        &self.classes
    }

    /// The place of a node's entity among all, sorted by id.
    pub fn rank(&self, node: NodeIndex) -> u32 {
        self.image.numbers::<u32>(Section::Ranks)[node.index()]
    }

    /// The place of every node's entity among all, sorted by id.
    pub fn ranks(&self) -> &[u32] {
        self.image.numbers(Section::Ranks)
    }

    /// Where an entity is at home, as derivations see it: its own country, else that of its headquarters, where a plain
    /// `headquarteredIn` tells a place whose country is known. ISO 3166-1, or the code of a union (`EU`).
    pub fn country(&self, node: NodeIndex) -> Option<&str> {
        let home = self.image.numbers::<u16>(Section::Homes)[node.index()];
        self.homes.get(usize::from(home)).map(String::as_str)
    }

    /// Whether the authority of a public body extends to `subject`, as derivations see it (`jurisdiction`): both countries
    /// are known, and they are equal or that of `subject` is a member of the union of `authority`.
    pub fn has_jurisdiction(&self, authority: NodeIndex, subject: NodeIndex) -> bool {
        covers(&self.unions, self.country(authority), self.country(subject))
    }

    /// Every entity, sorted by id.
    pub fn entities(&self) -> impl ExactSizeIterator<Item = &Entity> + Clone {
        let by_rank: &[u32] = self.image.numbers(Section::ByRank);
        by_rank.iter().map(|node| self.entity(NodeIndex::new(*node as usize)))
    }

    /// An edge with all that is known of it.
    pub fn edge(&self, edge: EdgeIndex) -> EdgeView<'_> {
        let (from, to) = self.ends(edge);
        let fact = self.fact(edge);
        let (predicate, projection) = self.predicate(edge);
        let share = stated_share(&fact.qualifiers).or(projection.default_share);
        EdgeView { from, to, fact, predicate, kind: projection.kind, share }
    }

    /// The fact of an edge.
    pub fn fact(&self, edge: EdgeIndex) -> &Fact {
        self.facts.get(edge.index(), || {
            let (from, to) = self.ends(edge);
            let predicate = self.predicates[self.predicate_number(edge)].0.clone();
            records::fact(self.fact_records(), edge.index(), Ends { from: self.id(from), to: self.id(to), predicate })
        })
    }

    /// Where an edge starts and where it ends.
    pub fn ends(&self, edge: EdgeIndex) -> (NodeIndex, NodeIndex) {
        let starts: &[u32] = self.image.numbers(Section::OutStarts);
        let from = starts.partition_point(|start| *start as usize <= edge.index()) - 1;
        let to = self.image.numbers::<u32>(Section::Targets)[edge.index()];
        (NodeIndex::new(from), NodeIndex::new(to as usize))
    }

    /// The predicate of an edge, and how it becomes an arrow.
    pub fn predicate(&self, edge: EdgeIndex) -> (&str, &Edge) {
        let (name, projection) = &self.predicates[self.predicate_number(edge)];
        (name, projection)
    }

    fn predicate_number(&self, edge: EdgeIndex) -> usize {
        self.image.numbers::<u16>(Section::Predicates)[edge.index()].into()
    }

    /// Edges that start at `node`, in their order.
    pub fn outgoing(&self, node: NodeIndex) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        self.columns().out_edges(node.index() as u32).map(EdgeIndex::new)
    }

    /// Edges that end at `node`, in their order.
    pub fn incoming(&self, node: NodeIndex) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        self.columns().in_edges(node.index() as u32).iter().map(|edge| EdgeIndex::new(*edge as usize))
    }

    /// Every edge, in order.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = EdgeIndex> + Clone + '_ {
        (0..self.edge_count()).map(EdgeIndex::new)
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.ranks().len()
    }

    /// Number of edges.
    pub fn edge_count(&self) -> usize {
        self.image.numbers::<u32>(Section::Targets).len()
    }

    /// Bytes of rows and columns, the records of entities and facts left aside.
    pub fn size_of_columns(&self) -> usize {
        self.image.size_of_columns()
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = (self.node_count(), self.edge_count());
        f.debug_struct("Snapshot").field("nodes", &counts.0).field("edges", &counts.1).finish_non_exhaustive()
    }
}

/// Tells snapshots apart: by content of the generation, by least confidence of its plain triples, and by the arrows of
/// the schema.
fn key(meta: &Meta, schema: &Schema) -> Key {
    let arrows: Vec<_> = schema.predicates().iter().map(|predicate| (&*predicate.name, predicate.edge)).collect();
    let arrows = postcard::to_stdvec(&arrows).expect("names and arrows have nothing that cannot be written");
    let mut hasher = Sha256::new();
    hasher.update(VERSION.to_le_bytes());
    hasher.update(meta.fact_confidence.thousandths().to_le_bytes());
    hasher.update((meta.checksum.len() as u64).to_le_bytes());
    hasher.update(&meta.checksum);
    hasher.update(arrows);
    hasher.finalize().into()
}

/// Writes the snapshot of a generation into the folder that it is being written in. It is drawn of what the build knows:
/// reading it back out of the quads takes as long as writing these.
pub(crate) fn write(
    draft: Draft,
    entities: &[Entity],
    reference: &Reference,
    schema: &Schema,
    meta: &Meta,
    folder: &Path,
) -> io::Result<()> {
    let key = key(meta, schema);
    draft.image(entities, jurisdiction::unions(reference), &key).write(&file(folder, &key))
}

/// Named by what it is of, so that readers with different schemas leave each other's alone.
fn file(folder: &Path, key: &Key) -> PathBuf {
    let [a, b, c, d, ..] = key;
    folder.join(format!("snapshot-{a:02x}{b:02x}{c:02x}{d:02x}.graph"))
}

fn image(generation: &Generation, schema: &Schema, key: &Key) -> Image {
    let entities = generation.entities();
    let mut drafting = Drafting::of(&entities, schema);
    for fact in generation.each_fact() {
        drafting.push(&fact, is_plain(&fact, generation.meta().fact_confidence));
    }
    drafting.done().image(&entities, generation.unions(), key)
}
