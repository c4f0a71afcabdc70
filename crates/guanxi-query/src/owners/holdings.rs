//! From a snapshot to the structure that the calculators read, and back to the facts behind a tie.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::snapshot::stated_share;
use guanxi_graph::{EdgeView, Snapshot};
use guanxi_model::schema::EdgeKind;
use guanxi_model::{Basis, Entity, EntityId, Fact, Qualifier, QualifierValue, Schema, Share, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::structure::{Control, Node, Party, Stake, Structure, unknown_share};
use super::{Answer, Calculator, OwnersConfig, Version};
use crate::path::Filter;

/// The holdings of a snapshot under a filter: asserted facts that hold, whatever statuses the filter names, since what is
/// planned or rumoured owns nothing.
pub struct Holdings<'a> {
    snapshot: &'a Snapshot,
    schema: &'a Schema,
    filter: Filter,
    structure: Structure,
}

/// A fact about the owners of a company that is not counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Apart<'a> {
    /// The fact.
    pub fact: &'a Fact,
    /// Why not.
    pub why: Why,
}

/// Why a fact is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Planned, reported or conditional.
    NotSettled,
    /// It has ended, or did not hold on the day.
    Ended,
    /// Its confidence is below what was asked for.
    Unsure,
    /// Nobody checked its source.
    Unverified,
}

impl<'a> Holdings<'a> {
    /// The holdings of `snapshot`.
    pub fn of(snapshot: &'a Snapshot, schema: &'a Schema, filter: Filter) -> Self {
        let mut holdings = Self { snapshot, schema, filter, structure: Structure::default() };
        let (mut stakes, mut controls, mut concerts) = (BTreeMap::<(Node, Node), Told>::new(), Vec::new(), Vec::new());
        let is_tie = |edge: &EdgeIndex| is_holding(snapshot.predicate(*edge).1.kind);
        for edge in snapshot.edges().filter(is_tie) {
            let view = snapshot.edge(edge);
            let pair = (view.from.index() as Node, view.to.index() as Node);
            match holdings.tie(&view) {
                Some(Tie::Stake) => stakes.entry(pair).or_default().add(&view, schema, holdings.why_apart(view.fact)),
                Some(_) if holdings.why_apart(view.fact).is_some() || view.fact.status == Status::Denied => {}
                Some(Tie::Control) => {
                    controls.push(Control { controller: pair.0, controlled: pair.1, votes: view.share });
                }
                Some(Tie::Concert) => concerts.push(pair),
                None => {}
            }
        }
        let nodes = (0..snapshot.node_count()).map(NodeIndex::new);
        let parties = nodes.map(|node| party(snapshot, node, schema)).collect();
        let stakes = stakes.into_iter().filter_map(|((owner, owned), told)| told.stake(owner, owned)).collect();
        holdings.structure = Structure::new(parties, stakes, controls, concerts);
        holdings
    }

    /// The ties, as the calculators see them. A party is the node of the snapshot with its number.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// The party of an entity.
    pub fn party(&self, entity: &EntityId) -> Option<Node> {
        self.snapshot.node(entity).map(|node| node.index() as Node)
    }

    /// The entity of a party.
    pub fn entity(&self, party: Node) -> &'a Entity {
        self.snapshot.entity(NodeIndex::new(party as usize))
    }

    /// See [`super::owners`].
    pub fn owners(
        &self,
        company: Node,
        calculator: Calculator,
        version: &Version,
        blocked: &BTreeSet<Node>,
        config: &OwnersConfig,
    ) -> Answer {
        super::owners(&self.structure, company, calculator, version, blocked, config)
    }

    /// The facts by which one party owns, controls or acts with the other, those that count, by predicate.
    pub fn facts(&self, owner: Node, owned: Node) -> Vec<&'a Fact> {
        let owned = NodeIndex::new(owned as usize);
        let edges = self.snapshot.outgoing(NodeIndex::new(owner as usize));
        let between = edges.filter(|&edge| self.snapshot.ends(edge).1 == owned && self.counts(edge));
        between.map(|edge| self.snapshot.fact(edge)).collect()
    }

    /// The snapshot that they are of, and the edges that count among `parties`.
    pub(crate) fn edges_among(&self, parties: &BTreeSet<Node>) -> (&'a Snapshot, Vec<EdgeIndex>) {
        let within = |edge: &EdgeIndex| parties.contains(&(self.snapshot.ends(*edge).1.index() as Node));
        let edges = parties.iter().flat_map(|&party| self.snapshot.outgoing(NodeIndex::new(party as usize)));
        (self.snapshot, edges.filter(within).filter(|&edge| self.counts(edge)).collect())
    }

    fn counts(&self, edge: EdgeIndex) -> bool {
        if !is_holding(self.snapshot.predicate(edge).1.kind) {
            return false;
        }
        let view = self.snapshot.edge(edge);
        self.tie(&view).is_some() && view.fact.status != Status::Denied && self.why_apart(view.fact).is_none()
    }

    /// The facts about who owns, controls or acts in concert above a company that are not counted.
    pub fn apart(&self, answer: &Answer) -> Vec<Apart<'a>> {
        let above = |node: NodeIndex| answer.upstream.iter().any(|&(party, _)| party as usize == node.index());
        let mut found: Vec<Apart<'a>> = Vec::new();
        for &(party, _) in &answer.upstream {
            let edges = self.snapshot.incoming(NodeIndex::new(party as usize));
            let ties = edges.filter(|&edge| is_holding(self.snapshot.predicate(edge).1.kind));
            for view in ties.map(|edge| self.snapshot.edge(edge)) {
                let concerns = match self.tie(&view) {
                    Some(Tie::Concert) => above(view.from),
                    Some(_) => true,
                    None => false,
                };
                if let Some(why) = self.why_apart(view.fact).filter(|_| concerns) {
                    found.push(Apart { fact: view.fact, why });
                }
            }
        }
        found.sort_by(|a, b| (a.why, &a.fact.id).cmp(&(b.why, &b.fact.id)));
        found
    }

    /// The facts that tell who holds an office in the company, those that count.
    pub fn officers(&self, company: Node) -> Vec<&'a Fact> {
        self.facts_to(company, "officerOf")
    }

    /// The facts that tell where the company is listed, those that count.
    pub fn listings(&self, company: Node) -> Vec<&'a Fact> {
        let node = NodeIndex::new(company as usize);
        let edges = self.snapshot.outgoing(node).map(|edge| self.snapshot.edge(edge).fact);
        let is_listed = |fact: &&Fact| match fact.qualifiers.get(&Qualifier::Stage) {
            Some(QualifierValue::Text(stage)) => stage == "listed",
            _ => true,
        };
        let listings = edges.filter(|fact| &*fact.predicate == "listedOn" && fact.status != Status::Denied);
        listings.filter(is_listed).filter(|fact| self.why_apart(fact).is_none()).collect()
    }

    fn facts_to(&self, company: Node, predicate: &str) -> Vec<&'a Fact> {
        let edges = self.snapshot.incoming(NodeIndex::new(company as usize));
        let facts = edges.map(|edge| self.snapshot.edge(edge).fact).filter(|fact| &*fact.predicate == predicate);
        facts.filter(|fact| fact.status != Status::Denied && self.why_apart(fact).is_none()).collect()
    }

    /// What kind of tie an edge is; `None` of one that says nothing of owners. What is denied is a tie too.
    fn tie(&self, view: &EdgeView<'_>) -> Option<Tie> {
        let predicate = self.schema.predicate(view.predicate)?;
        let agents = [view.from, view.to].map(|node| self.schema.family(self.snapshot.class(node)) == Some("agent"));
        if view.fact.basis == Basis::Derived || agents != [true; 2] {
            return None;
        }
        match view.kind {
            EdgeKind::Ownership => Some(Tie::Stake),
            EdgeKind::Control if predicate.symmetric => Some(Tie::Concert),
            EdgeKind::Control => Some(Tie::Control),
            _ => None,
        }
    }

    fn why_apart(&self, fact: &Fact) -> Option<Why> {
        let Filter { as_of, min_confidence, verified, .. } = self.filter;
        match fact.status {
            Status::Denied => None,
            Status::Planned | Status::Reported | Status::Conditional => Some(Why::NotSettled),
            Status::Asserted | Status::Ended if !fact.is_asserted(as_of) => Some(Why::Ended),
            Status::Asserted | Status::Ended if fact.confidence < min_confidence => Some(Why::Unsure),
            Status::Asserted | Status::Ended => (verified && fact.unverified).then_some(Why::Unverified),
        }
    }
}

enum Tie {
    Stake,
    Control,
    Concert,
}

fn is_holding(kind: EdgeKind) -> bool {
    matches!(kind, EdgeKind::Ownership | EdgeKind::Control)
}

fn party(snapshot: &Snapshot, node: NodeIndex, schema: &Schema) -> Party {
    let is = |class: &str| schema.is_a(snapshot.class(node), class);
    // Entities are opened one by one, and only whoever holds something can be an owner without a name.
    let holds = snapshot.outgoing(node).any(|edge| is_holding(snapshot.predicate(edge).1.kind));
    match holds.then(|| snapshot.entity(node).undisclosed()).flatten() {
        Some(reason) => Party::Undisclosed(reason.to_owned()),
        None if is("Person") => Party::Person,
        None if is("Regulator") || is("PublicBody") => Party::PublicBody,
        None => Party::Company,
    }
}

/// What is told of the stake of one party in another.
#[derive(Default)]
struct Told<'a> {
    /// Facts that count of a holding that lasts.
    states: Vec<EdgeView<'a>>,
    /// Facts that count of a purchase.
    purchases: Vec<&'a Fact>,
    purchased: Option<Share>,
    /// Facts of a holding that has ended.
    ended: Vec<&'a Fact>,
}

impl<'a> Told<'a> {
    fn add(&mut self, view: &EdgeView<'a>, schema: &Schema, why: Option<Why>) {
        // A purchase is an event, which outlives the holding that it began.
        let is_purchase = schema.predicate(view.predicate).is_some_and(|predicate| predicate.outlives_subject);
        match why {
            _ if view.fact.status == Status::Denied => {}
            None if is_purchase => {
                self.purchases.push(view.fact);
                self.purchased = self.purchased.or(view.share);
            }
            None => self.states.push(*view),
            Some(Why::Ended) if !is_purchase => self.ended.push(view.fact),
            Some(_) => {}
        }
    }

    /// One stake from all of it: a figure of a holding before one of a purchase, which may have added to an older stake;
    /// narrowed by what a parent is, where the two agree.
    fn stake(self, owner: Node, owned: Node) -> Option<Stake> {
        let is_over = |purchase: &&Fact| {
            let bought = purchase.validity.from;
            self.ended.iter().any(|ended| bought.is_none() || ended.validity.to.is_none_or(|sold| bought <= Some(sold)))
        };
        if self.states.is_empty() && self.purchases.iter().all(is_over) {
            return None;
        }
        let stated = |view: &&EdgeView<'_>| stated_share(&view.fact.qualifiers).is_some();
        let figure = self.states.iter().find(stated).and_then(|view| view.share).or(self.purchased);
        let by_itself = self.states.iter().find(|view| !stated(view)).and_then(|view| view.share);
        let share = match (figure, by_itself) {
            (Some(figure), Some(by_itself)) => narrowed(figure, by_itself).unwrap_or(figure),
            (figure, by_itself) => figure.or(by_itself).unwrap_or_else(unknown_share),
        };
        let indirect = self
            .states
            .iter()
            .any(|view| view.fact.qualifiers.get(&Qualifier::Direct) == Some(&QualifierValue::Flag(false)));
        Some(Stake { owner, owned, share, has_figure: figure.is_some(), indirect })
    }
}

/// What two intervals have in common.
fn narrowed(a: Share, b: Share) -> Option<Share> {
    let (min, max) = (a.min.max(b.min), a.max.min(b.max));
    let excludes_min = |share: &Share| share.min == min && share.min_exclusive;
    let excludes_max = |share: &Share| share.max == max && share.max_exclusive;
    let share = Share {
        min,
        max,
        min_exclusive: excludes_min(&a) || excludes_min(&b),
        max_exclusive: excludes_max(&a) || excludes_max(&b),
    };
    let is_empty = min > max || (min == max && (share.min_exclusive || share.max_exclusive));
    (!is_empty).then_some(share)
}
