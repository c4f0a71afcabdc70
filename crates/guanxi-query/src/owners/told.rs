//! What is told of the stake of one party in another, and which of several figures counts.

use std::cmp::{Ordering, Reverse};

use guanxi_graph::EdgeView;
use guanxi_graph::snapshot::stated_share;
use guanxi_model::{
    Basis, Claim, ClaimId, Confidence, Document, Fact, PartialDate, Qualifier, QualifierValue, Qualifiers, Schema,
    Share, Status,
};

use super::Why;
use super::structure::{Control, Node, Stake, unknown_share};
use crate::Explainer;
use crate::path::Filter;

/// What a figure is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// The shares.
    Equity,
    /// The votes.
    Votes,
}

/// A figure that was passed over, since a later or surer one tells the same thing; or one that counts although it was
/// told only after the day asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherFigure {
    /// Who holds.
    pub owner: Node,
    /// What is held.
    pub owned: Node,
    /// Of what it is a part.
    pub right: Right,
    /// The figure, percent.
    pub share: Share,
    /// Since when it is told to hold, else when it was published.
    pub since: Option<PartialDate>,
    /// Whether it is the one that counts, and why not.
    pub standing: Standing,
}

/// What a figure is beside the one that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The one that counts, though it was told only after the day asked for.
    Counts,
    /// Of an earlier day, or of none.
    Earlier,
    /// Of a later day, which is also after the day asked for.
    Later,
    /// Of the same day and less sure.
    LessSure,
    /// Of the same day and as sure: nothing tells which is right, and the one whose claim has the lower id counts.
    Alike,
}

impl Standing {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::Earlier => "earlier",
            Self::Later => "later",
            Self::LessSure => "lessSure",
            Self::Alike => "alike",
        }
    }
}

/// A figure of one source.
#[derive(Clone, Debug)]
struct Figure {
    share: Share,
    right: Right,
    since: Option<PartialDate>,
    /// Its text tells the day; else it is that of the publication.
    is_dated: bool,
    confidence: Confidence,
    claim: Option<ClaimId>,
}

/// The ties between two parties, by which one holds or has votes.
#[derive(Default)]
pub(super) struct Told<'a> {
    /// Facts that count of a holding that lasts.
    states: Vec<EdgeView<'a>>,
    /// Facts that count of a purchase.
    purchases: Vec<EdgeView<'a>>,
    /// Facts that count of control, those with a figure.
    controls: Vec<EdgeView<'a>>,
    /// Facts of a holding that has ended.
    ended: Vec<&'a Fact>,
}

/// What a pair comes to.
#[derive(Default)]
pub(super) struct Tied {
    pub stake: Option<Stake>,
    pub votes: Option<Control>,
    pub others: Vec<OtherFigure>,
}

impl<'a> Told<'a> {
    pub fn add(&mut self, view: &EdgeView<'a>, schema: &Schema, why: Option<Why>) {
        // A purchase is an event, which outlives the holding that it began.
        let is_purchase = schema.predicate(view.predicate).is_some_and(|predicate| predicate.outlives_subject);
        match why {
            _ if view.fact.status == Status::Denied => {}
            None if is_purchase => self.purchases.push(*view),
            None => self.states.push(*view),
            Some(Why::Ended) if !is_purchase => self.ended.push(view.fact),
            Some(_) => {}
        }
    }

    /// Control of which votes are told.
    pub fn add_votes(&mut self, view: &EdgeView<'a>) {
        self.controls.push(*view);
    }

    /// One stake from all of it: a figure of a holding before one of a purchase, which may have added to an older stake;
    /// narrowed by what a parent is, where the two agree.
    pub fn tied(self, owner: Node, owned: Node, filter: &Filter, explainer: Option<&Explainer<'_>>) -> Tied {
        let mut tied = Tied::default();
        let read = |views: &[EdgeView<'_>]| -> Vec<Figure> {
            views.iter().flat_map(|view| figures(view.fact, filter, explainer)).collect()
        };
        let mut choose = |figures: Vec<Figure>, right: Right| {
            let of_right = figures.into_iter().filter(|figure| figure.right == right).collect();
            chosen(of_right, filter.as_of, (owner, owned), &mut tied.others)
        };
        let held = read(&self.states);
        let votes = choose(held.iter().cloned().chain(read(&self.controls)).collect(), Right::Votes);
        let figure = choose(held, Right::Equity).or_else(|| choose(read(&self.purchases), Right::Equity));
        tied.votes = votes.map(|votes| Control { controller: owner, controlled: owned, votes: Some(votes) });
        tied.stake = self.stake(owner, owned, figure);
        tied
    }

    fn stake(self, owner: Node, owned: Node, figure: Option<Share>) -> Option<Stake> {
        let is_over = |purchase: &EdgeView<'_>| {
            let bought = purchase.fact.validity.from;
            self.ended.iter().any(|ended| bought.is_none() || ended.validity.to.is_none_or(|sold| bought <= Some(sold)))
        };
        if self.states.is_empty() && self.purchases.iter().all(is_over) {
            return None;
        }
        let is_bare = |view: &&EdgeView<'_>| stated_share(&view.fact.qualifiers).is_none();
        let by_itself = self.states.iter().find(is_bare).and_then(|view| view.share);
        let share = match (figure, by_itself) {
            (Some(figure), Some(by_itself)) => narrowed(figure, by_itself).unwrap_or(figure),
            (figure, by_itself) => figure.or(by_itself).unwrap_or_else(unknown_share),
        };
        let is_through_others =
            |view: &EdgeView<'_>| view.fact.qualifiers.get(&Qualifier::Direct) == Some(&QualifierValue::Flag(false));
        let indirect = self.states.iter().any(is_through_others);
        Some(Stake { owner, owned, share, has_figure: figure.is_some(), indirect })
    }
}

/// The figures that the sources of a fact give. Where several texts tell one fact it keeps one figure, so that the texts
/// themselves are read.
fn figures(fact: &Fact, filter: &Filter, explainer: Option<&Explainer<'_>>) -> Vec<Figure> {
    let is_told_by_texts = fact.basis == Basis::Text && !fact.claims.is_empty();
    let witnesses = match explainer {
        Some(explainer) if is_told_by_texts => explainer.witnesses(fact),
        _ => Vec::new(),
    };
    // "held 30% at the end of 2019 and holds 12% now": the older figure counts on the days before it was over.
    let held_then = |claim: &Claim| {
        let over = [Qualifier::ValidTo, Qualifier::Date].into_iter().find_map(|key| date_of(claim, key));
        let (Some(over), Some(day)) = (over, filter.as_of) else { return false };
        claim.status == Status::Ended && day.first_day() <= over.last_day()
    };
    let tells = |claim: &Claim| {
        let fits = claim.status == fact.status || (fact.status == Status::Ended && claim.status == Status::Asserted);
        (fits || held_then(claim)) && claim.confidence >= filter.min_confidence
    };
    let told = witnesses.iter().filter(|witness| tells(&witness.claim));
    let told: Vec<Figure> =
        told.filter_map(|witness| figure_of(&witness.claim, &witness.document, fact.status)).collect();
    if !told.is_empty() {
        return told;
    }
    let own = stated_share(&fact.qualifiers).map(|share| Figure {
        share,
        right: right_of(&fact.predicate, &fact.qualifiers),
        since: fact.validity.from,
        is_dated: fact.validity.from.is_some(),
        confidence: fact.confidence,
        claim: None,
    });
    own.into_iter().collect()
}

fn figure_of(claim: &Claim, document: &Document, fact: Status) -> Option<Figure> {
    let date = |qualifier| date_of(claim, qualifier);
    // The day of an end is no beginning, and neither is that of the text which tells of it; but where the holding goes on
    // with another figure, it is a day on which this one was true.
    let ended = claim.status == Status::Ended;
    let superseded = ended && fact != Status::Ended;
    let begun = date(Qualifier::ValidFrom).or_else(|| date(Qualifier::Date).filter(|_| !ended));
    let told = begun.or_else(|| date(Qualifier::Date).or(date(Qualifier::ValidTo)).filter(|_| superseded));
    Some(Figure {
        share: stated_share(&claim.qualifiers)?,
        right: right_of(&claim.predicate, &claim.qualifiers),
        since: told.or(document.published.filter(|_| !ended)),
        is_dated: begun.is_some() || (ended && !superseded),
        confidence: claim.confidence,
        claim: Some(claim.id.clone()),
    })
}

fn date_of(claim: &Claim, qualifier: Qualifier) -> Option<PartialDate> {
    match claim.qualifiers.get(&qualifier) {
        Some(QualifierValue::Date(date)) => Some(*date),
        _ => None,
    }
}

/// A figure of control is one of votes, and so is a holding whose class says so.
fn right_of(predicate: &str, qualifiers: &Qualifiers) -> Right {
    let is_votes = qualifiers.get(&Qualifier::Class) == Some(&QualifierValue::Text("votes".to_owned()));
    if predicate == "controls" || is_votes { Right::Votes } else { Right::Equity }
}

/// Of several figures the latest that had begun by the day, of one day the surest. One that a text tells without a day, and
/// only after the day asked for, counts where there is no other: its beginning is not known.
fn chosen(
    mut figures: Vec<Figure>,
    as_of: Option<PartialDate>,
    (owner, owned): (Node, Node),
    others: &mut Vec<OtherFigure>,
) -> Option<Share> {
    let is_later =
        |figure: &Figure| as_of.is_some_and(|day| figure.since.is_some_and(|since| since.first_day() > day.last_day()));
    figures.retain(|figure| !(figure.is_dated && is_later(figure)));
    let day = |figure: &Figure| figure.since.map(|since| since.first_day());
    let begun = figures.iter().filter(|figure| !is_later(figure));
    let latest = begun.max_by_key(|figure| (day(figure), figure.confidence, Reverse(figure.claim.clone())));
    let first_told =
        || figures.iter().min_by_key(|figure| (day(figure), Reverse(figure.confidence), figure.claim.clone()));
    let counting = latest.or_else(first_told)?;
    let told_after = is_later(counting);
    let mut tell = |figure: &Figure, standing: Standing| {
        let Figure { share, right, since, .. } = *figure;
        let other = OtherFigure { owner, owned, right, share, since, standing };
        if others.iter().all(|known| (known.right, known.share) != (right, share)) {
            others.push(other);
        }
    };
    if told_after {
        tell(counting, Standing::Counts);
    }
    let beside = |figure: &Figure| match day(figure).cmp(&day(counting)) {
        Ordering::Less => Standing::Earlier,
        Ordering::Greater => Standing::Later,
        Ordering::Equal if figure.confidence < counting.confidence => Standing::LessSure,
        Ordering::Equal => Standing::Alike,
    };
    let others = figures.iter().filter(|figure| figure.share != counting.share);
    others.for_each(|figure| tell(figure, beside(figure)));
    Some(counting.share)
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
