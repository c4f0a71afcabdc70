//! From a snapshot to the structure that the calculators read, and back to the facts behind a tie.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_graph::{EdgeView, Snapshot};
use guanxi_model::schema::EdgeKind;
use guanxi_model::{Basis, Entity, EntityId, Fact, Qualifier, QualifierValue, Schema, Status};
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::Answer;
use super::structure::{Control, Node, Party, Stake, Structure};
use super::told::{OtherFigure, Told};
use crate::Explainer;
use crate::path::Filter;

/// The holdings of a snapshot under a filter: asserted facts that hold, whatever statuses the filter names, since what is
/// planned or rumoured owns nothing.
pub struct Holdings<'a> {
    snapshot: &'a Snapshot,
    schema: &'a Schema,
    filter: Filter,
    structure: Structure,
    /// Sorted by who is owned.
    others: Vec<OtherFigure>,
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
    /// The holdings of `snapshot`. Of a fact that several texts tell, `explainer` reads what each of them tells; without
    /// it the fact's own figure counts.
    pub fn of(snapshot: &'a Snapshot, schema: &'a Schema, filter: Filter, explainer: Option<&Explainer<'_>>) -> Self {
        let mut holdings = Self { snapshot, schema, filter, structure: Structure::default(), others: Vec::new() };
        let (mut told, mut controls, mut concerts) = (BTreeMap::<(Node, Node), Told>::new(), Vec::new(), Vec::new());
        let is_tie = |edge: &EdgeIndex| is_holding(snapshot.predicate(*edge).1.kind);
        for edge in snapshot.edges().filter(is_tie) {
            let view = snapshot.edge(edge);
            let pair = (view.from.index() as Node, view.to.index() as Node);
            match holdings.tie(&view) {
                Some(Tie::Stake) => told.entry(pair).or_default().add(&view, schema, holdings.why_apart(view.fact)),
                Some(_) if holdings.why_apart(view.fact).is_some() || view.fact.status == Status::Denied => {}
                Some(Tie::Control) if view.share.is_some() => told.entry(pair).or_default().add_votes(&view),
                Some(Tie::Control) => {
                    controls.push(Control { controller: pair.0, controlled: pair.1, votes: None });
                }
                Some(Tie::Concert) => concerts.push(pair),
                None => {}
            }
        }
        let nodes = (0..snapshot.node_count()).map(NodeIndex::new);
        let parties = nodes.map(|node| party(snapshot, node, schema)).collect();
        let mut stakes = Vec::new();
        for ((owner, owned), told) in told {
            let tied = told.tied(owner, owned, &holdings.filter, explainer);
            stakes.extend(tied.stake);
            controls.extend(tied.votes);
            holdings.others.extend(tied.others);
        }
        holdings.structure = Structure::new(parties, stakes, controls, concerts);
        holdings
    }

    /// Figures for the ties above a company that were passed over, or that count though they were told later.
    pub fn other_figures(&self, answer: &Answer) -> Vec<&OtherFigure> {
        let above: BTreeSet<Node> = answer.upstream.iter().map(|(party, _)| *party).collect();
        self.others.iter().filter(|other| above.contains(&other.owned)).collect()
    }

    /// The facts above a company that have ended, count on the day asked for, and of which nobody tells when they began.
    pub fn without_beginning(&self, answer: &Answer) -> Vec<&'a Fact> {
        let above: BTreeSet<Node> = answer.upstream.iter().map(|(party, _)| *party).collect();
        let counting = self.edges_among(&above).1.into_iter().map(|edge| self.snapshot.fact(edge));
        counting.filter(|fact| !fact.validity.is_current() && fact.validity.from.is_none()).collect()
    }

    /// What a party holds itself.
    pub fn held_by(&self, owner: Node) -> Vec<&Stake> {
        self.structure.stakes().iter().filter(|stake| stake.owner == owner).collect()
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
