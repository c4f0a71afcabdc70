//! A picture in Graphviz DOT, in the house style: owners above what they own, colour and shape by class, solid arrows
//! for holdings, dashed ones for supervision, dotted ones for what was derived, grey where it is not certain.

mod chart;
mod drawing;
mod fans;
mod layout;
mod rows;
mod select;
mod sources;
mod style;
mod text;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::{Generation, Snapshot};
use guanxi_model::schema::EdgeKind;
use guanxi_model::{Basis, Confidence, Entity, EntityId, Fact, FactId, PartialDate, Schema, Share};
use petgraph::graph::EdgeIndex;

pub use chart::chart;
use drawing::Drawing;
use fans::Fan;
use layout::Layout;
use select::Selection;

use crate::path::{Path, PathError, Reach};

/// What to draw.
#[derive(Clone, Copy, Debug)]
pub enum Scope<'a> {
    /// What texts say, and what is known besides about those of whom they say it. Reference data about others is
    /// left out, unless [`DotConfig::background`] asks for it: it would bury the texts.
    Whole,
    /// An entity and what lies around it, whichever way the arrows point.
    Around {
        /// The entity.
        entity: &'a EntityId,
        /// Greatest number of arrows away.
        hops: u32,
    },
    /// Who owns or controls an entity, who owns those, and what it owns or controls itself.
    Owners {
        /// The entity.
        entity: &'a EntityId,
        /// Greatest number of arrows up and down.
        hops: u32,
    },
    /// What somebody reaches, along the shortest path to each.
    Reach(&'a Reach),
    /// Paths and nothing else.
    Paths(&'a [Path]),
}

/// How to draw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DotConfig {
    /// Bold names and arrow labels in Chinese where there is one, else in English; English.
    pub chinese_first: bool,
    /// Draw facts that have ended; false. Paths draw theirs in any case.
    pub ended: bool,
    /// Draw facts that are denied; false. Paths draw theirs in any case.
    pub denied: bool,
    /// Of the whole: draw the reference data about what no text tells of, too; false.
    pub background: bool,
    /// Draw what held on this day; what has not ended.
    pub as_of: Option<PartialDate>,
    /// Least confidence of a fact; 0. What is below 0.70 is drawn as uncertain.
    pub min_confidence: Confidence,
    /// Leaves out reference facts whose source nobody checked; false.
    pub verified: bool,
    /// Greatest number of entities; 300. Around an entity the nearest are kept, of the whole those with most arrows.
    pub max_nodes: usize,
    /// Greatest number of entities that hang on one entity by one predicate and on nothing else; 12. Those beyond are
    /// one box that says how many they are.
    pub max_fan: usize,
}

impl Default for DotConfig {
    fn default() -> Self {
        Self {
            chinese_first: false,
            ended: false,
            denied: false,
            background: false,
            as_of: None,
            min_confidence: Confidence::from_thousandths(0),
            verified: false,
            max_nodes: 300,
            max_fan: 12,
        }
    }
}

impl DotConfig {
    fn has_ended(&self, fact: &Fact) -> bool {
        !fact.holds(self.as_of)
    }
}

/// A drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// For `dot -Tsvg`; it names the layout itself.
    pub dot: String,
    /// Entities drawn.
    pub nodes: usize,
    /// Arrows drawn.
    pub arrows: usize,
    /// What was left out; the drawing says so too.
    pub hidden: Hidden,
}

/// What a drawing leaves out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Entities above [`DotConfig::max_nodes`].
    pub over_limit: usize,
    /// Entities above [`DotConfig::max_fan`], which boxes stand for.
    pub folded: usize,
    /// Facts that have ended, or did not hold on the day asked for.
    pub ended: usize,
    /// Facts that are denied.
    pub denied: usize,
    /// Facts below [`DotConfig::min_confidence`].
    pub doubtful: usize,
    /// Reference facts that nobody checked.
    pub unverified: usize,
    /// Derived facts that only sum up arrows that are drawn, or whole paths (`reaches`).
    pub shortcuts: usize,
    /// Of the whole: facts of reference data about what no text tells of.
    pub background: usize,
}

/// Draws `scope`. The same store gives the same bytes.
///
/// # Errors
/// The graph has no entity of the scope's id.
pub fn dot(
    generation: &Generation,
    snapshot: &Snapshot,
    schema: &Schema,
    scope: &Scope<'_>,
    config: &DotConfig,
) -> Result<Picture, PathError> {
    let mut hidden = Hidden::default();
    let selection = Selection::of(snapshot, schema, scope, config);
    let marked = marked(scope);
    let (ranked, distances) = select::ranked(snapshot, schema, &selection, scope)?;
    let mut arrows = arrows(snapshot, schema, &selection.shown);
    if matches!(scope, Scope::Paths(_) | Scope::Reach(_)) {
        set_along_the_way(&mut arrows, &distances);
    }
    let mut nodes: Nodes<'_> = ranked.iter().map(|entity| (&entity.id, *entity)).collect();
    keep_among(&nodes, &mut arrows);
    let mut fans = Vec::new();
    if !matches!(scope, Scope::Paths(_)) {
        fans = fans::fold(&mut nodes, &mut arrows, &marked, config.max_fan);
        hidden.over_limit = keep_first(config.max_nodes, &ranked, &mut nodes, &mut arrows);
        fans.retain(|fan| nodes.contains_key(fan.hub));
        if let Scope::Whole = scope {
            hidden.over_limit += leave_out_loners(&mut nodes, &arrows, &fans);
        }
        hidden.folded = fans.iter().map(|fan| fan.entities.len()).sum();
        hidden.shortcuts = leave_out_summaries(&mut arrows);
    }
    selection.count_hidden(snapshot, scope, &distances, &mut hidden);

    let layout = Layout::of(scope, nodes.len(), &arrows);
    let drawing = Drawing::new(generation, schema, config, layout, &nodes, &arrows);
    let dot = drawing.write(&fans, &marked, hidden);
    Ok(Picture { dot, nodes: nodes.len(), arrows: arrows.len(), hidden })
}

/// The entities around one, as a picture walks to them, along facts that `admits` lets through.
pub(super) fn neighbourhood(
    snapshot: &Snapshot,
    schema: &Schema,
    entity: &EntityId,
    hops: u32,
    admits: impl Fn(&Fact) -> bool,
) -> Result<BTreeSet<EntityId>, PathError> {
    let selection = Selection::admitted(snapshot, schema, admits);
    let (found, _) = select::ranked(snapshot, schema, &selection, &Scope::Around { entity, hops })?;
    Ok(found.into_iter().map(|entity| entity.id.clone()).collect())
}

type Nodes<'a> = BTreeMap<&'a EntityId, &'a Entity>;

/// One arrow: all facts of one predicate between the same two entities.
struct Arrow<'a> {
    from: &'a EntityId,
    to: &'a EntityId,
    predicate: &'a str,
    kind: EdgeKind,
    share: Option<Share>,
    symmetric: bool,
    /// Its head stands before its tail: a path that reads it from there is drawn as it runs.
    against: bool,
    /// Asserted before planned, sure before unsure.
    facts: Vec<&'a Fact>,
}

type Arrows<'a> = BTreeMap<(&'a EntityId, &'a EntityId, &'a str), Arrow<'a>>;

impl Arrow<'_> {
    fn is_derived(&self) -> bool {
        self.facts.iter().all(|fact| fact.basis == Basis::Derived)
    }

    fn is_holding(&self) -> bool {
        matches!(self.kind, EdgeKind::Ownership | EdgeKind::Control)
    }

    fn is_told(&self) -> bool {
        self.facts.iter().any(|fact| fact.basis == Basis::Text)
    }
}

/// The entities that the reader asked about.
fn marked<'a>(scope: &Scope<'a>) -> BTreeSet<&'a EntityId> {
    match *scope {
        Scope::Whole => BTreeSet::new(),
        Scope::Around { entity, .. } | Scope::Owners { entity, .. } => BTreeSet::from([entity]),
        Scope::Reach(reach) => BTreeSet::from([&reach.start]),
        Scope::Paths(paths) => paths.iter().flat_map(|path| [&path.start, path.end()]).collect(),
    }
}

fn arrows<'a>(snapshot: &'a Snapshot, schema: &Schema, edges: &[EdgeIndex]) -> Arrows<'a> {
    let mut arrows: Arrows<'a> = BTreeMap::new();
    for &edge in edges {
        let view = snapshot.edge(edge);
        let (from, to) = (&snapshot.entity(view.from).id, &snapshot.entity(view.to).id);
        let predicate = &*view.fact.predicate;
        let symmetric = schema.predicate(predicate).is_some_and(|predicate| predicate.symmetric);
        let (from, to) = if symmetric && to < from { (to, from) } else { (from, to) };
        let arrow = arrows.entry((from, to, predicate)).or_insert_with(|| Arrow {
            from,
            to,
            predicate,
            kind: view.kind,
            share: view.share,
            symmetric,
            against: false,
            facts: Vec::new(),
        });
        arrow.facts.push(view.fact);
    }
    for arrow in arrows.values_mut() {
        arrow
            .facts
            .sort_by(|a, b| (a.status, Reverse(a.confidence), &a.id).cmp(&(b.status, Reverse(b.confidence), &b.id)));
    }
    arrows
}

/// What a path comes to later stands behind, whichever way the arrow points. Holdings keep owners above.
fn set_along_the_way(arrows: &mut Arrows<'_>, distances: &BTreeMap<&EntityId, usize>) {
    for arrow in arrows.values_mut().filter(|arrow| !arrow.is_holding()) {
        arrow.against = distances.get(arrow.to) < distances.get(arrow.from);
    }
}

fn keep_among(nodes: &Nodes<'_>, arrows: &mut Arrows<'_>) {
    arrows.retain(|(from, to, _), _| nodes.contains_key(from) && nodes.contains_key(to));
}

/// Takes out the entities beyond the first `most` in their order; returns how many.
fn keep_first<'a>(most: usize, ranked: &[&'a Entity], nodes: &mut Nodes<'a>, arrows: &mut Arrows<'a>) -> usize {
    let all = nodes.len();
    let kept = ranked.iter().filter(|entity| nodes.contains_key(&entity.id)).take(most);
    *nodes = kept.map(|entity| (&entity.id, *entity)).collect();
    keep_among(nodes, arrows);
    all - nodes.len()
}

/// Takes out the entities to which the limit has left no tie; returns how many.
fn leave_out_loners(nodes: &mut Nodes<'_>, arrows: &Arrows<'_>, fans: &[Fan<'_>]) -> usize {
    let all = nodes.len();
    let ends = arrows.values().flat_map(|arrow| [arrow.from, arrow.to]);
    let tied: BTreeSet<&EntityId> = ends.chain(fans.iter().map(|fan| fan.hub)).collect();
    nodes.retain(|entity, _| tied.contains(entity));
    all - nodes.len()
}

/// Takes out what was derived from arrows that are drawn, or says less than another arrow of its kind between the same
/// entities; returns how many facts.
fn leave_out_summaries(arrows: &mut Arrows<'_>) -> usize {
    let stated = || arrows.values().filter(|arrow| !arrow.is_derived());
    let drawn: BTreeSet<FactId> = stated().flat_map(|arrow| &arrow.facts).map(|fact| fact.id.clone()).collect();
    let tied: BTreeSet<(&EntityId, &EntityId, EdgeKind)> =
        stated().map(|arrow| (arrow.from, arrow.to, arrow.kind)).collect();
    let mut left_out = 0;
    arrows.retain(|_, arrow| {
        let explained = || arrow.facts.iter().all(|fact| fact.premises.iter().all(|premise| drawn.contains(premise)));
        let summary = arrow.is_derived() && (tied.contains(&(arrow.from, arrow.to, arrow.kind)) || explained());
        left_out += if summary { arrow.facts.len() } else { 0 };
        !summary
    });
    left_out
}

#[cfg(test)]
mod tests;
