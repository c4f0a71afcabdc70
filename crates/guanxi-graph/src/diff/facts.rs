//! Which facts of both sides are the same, and in what they differ.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{EntityId, Fact, FactId, FactObject, Schema, Status};

use super::identity::Identity;
use super::{Difference, Side};
use crate::facts::event_key;

/// The facts of both sides, side by side.
pub(super) struct Pairs<'a> {
    /// By common id.
    pub pairs: BTreeMap<FactId, Pair<'a>>,
    /// How many facts were taken in or given out by merging and splitting alone, by the common id of an end.
    pub absorbed: BTreeMap<EntityId, usize>,
    ids: BTreeMap<&'a FactId, FactId>,
}

/// One fact as it was and as it is, with all that the merging of its ends made one with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Pair<'a> {
    pub before: Option<&'a Fact>,
    pub after: Option<&'a Fact>,
    /// All facts of each side that have the same common id.
    pub all: [Vec<&'a Fact>; 2],
}

impl Pairs<'_> {
    /// The common id of a fact of either side.
    pub fn common<'b>(&'b self, fact: &'b FactId) -> &'b FactId {
        self.ids.get(fact).unwrap_or(fact)
    }
}

pub(super) fn pairs<'a>(before: &'a Side<'_>, after: &'a Side<'_>, identity: &Identity, schema: &Schema) -> Pairs<'a> {
    let mut found = Pairs { pairs: BTreeMap::new(), absorbed: BTreeMap::new(), ids: BTreeMap::new() };
    for (number, side) in [before, after].into_iter().enumerate() {
        for fact in side.facts.values() {
            let Some(id) = common_id(fact, identity, schema) else {
                *found.absorbed.entry(identity.common(&fact.subject).clone()).or_default() += 1;
                continue;
            };
            if id != fact.id {
                found.ids.insert(&fact.id, id.clone());
            }
            found.pairs.entry(id).or_default().all[number].push(fact);
        }
    }
    for pair in found.pairs.values_mut() {
        pair.choose();
        let more = pair.all.iter().map(|facts| facts.len().saturating_sub(1)).sum::<usize>();
        if let Some(fact) = pair.before.or(pair.after).filter(|_| more > 0) {
            let ends = [Some(&fact.subject), fact.object.entity()].into_iter().flatten();
            let regrouped = ends.filter(|end| identity.is_regrouped(end)).map(|end| identity.common(end)).min();
            *found.absorbed.entry(regrouped.unwrap_or(&fact.subject).clone()).or_default() += more;
        }
    }
    found
}

/// The id that the fact would have between common entities; `None` if both its ends are one.
fn common_id(fact: &Fact, identity: &Identity, schema: &Schema) -> Option<FactId> {
    let mut subject = identity.common(&fact.subject);
    let Some(mut object) = fact.object.entity().map(|object| identity.common(object)) else {
        let same = *subject == fact.subject;
        let minted = || Fact::mint_id(subject, &fact.predicate, &fact.object, &event_key(&fact.qualifiers));
        return Some(if same { fact.id.clone() } else { minted() });
    };
    if schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.symmetric) && object < subject {
        std::mem::swap(&mut subject, &mut object);
    }
    // One of several periods has an id of its own, which it keeps between the same two.
    if *subject == fact.subject && Some(object) == fact.object.entity() {
        return Some(fact.id.clone());
    }
    (subject != object).then(|| Fact::mint_id(subject, &fact.predicate, &FactObject::Entity(object.clone()), ""))
}

impl<'a> Pair<'a> {
    /// Of several, those with one id on both sides, else the best of each.
    fn choose(&mut self) {
        let [before, after] = &self.all;
        let shared = before.iter().find_map(|one| Some((*one, *after.iter().find(|other| other.id == one.id)?)));
        let best = |facts: &[&'a Fact]| {
            facts.iter().copied().min_by_key(|fact| (fact.status, std::cmp::Reverse(fact.confidence), fact.id.clone()))
        };
        (self.before, self.after) = match shared {
            Some((one, other)) => (Some(one), Some(other)),
            None => (best(before), best(after)),
        };
    }

    /// Most telling first; `resourced` is found by whoever knows the claims.
    pub fn differences(&self, resourced: bool) -> Vec<Difference> {
        let (Some(before), Some(after)) = (self.before, self.after) else {
            return vec![if self.before.is_none() { Difference::New } else { Difference::Gone }];
        };
        let mut found = BTreeSet::new();
        let mut note = |difference, is_so: bool| is_so.then(|| found.insert(difference));
        let (ended, reopened) = (has_ended(before, after), has_ended(after, before));
        note(Difference::Ended, ended);
        note(Difference::Reopened, reopened);
        note(Difference::Status, before.status != after.status && !ended && !reopened);
        let other_end = before.validity.to != after.validity.to && !ended && !reopened;
        note(Difference::Redated, before.validity.from != after.validity.from || other_end);
        note(Difference::Qualified, before.qualifiers != after.qualifiers);
        note(Difference::Confidence, before.confidence != after.confidence);
        note(Difference::Resourced, resourced);
        let other_conflict = before.conflict != after.conflict;
        note(Difference::ConflictOpened, other_conflict && after.conflict.is_some());
        note(Difference::ConflictClosed, other_conflict && before.conflict.is_some());
        found.into_iter().collect()
    }
}

/// Whether a fact that held is over.
fn has_ended(before: &Fact, after: &Fact) -> bool {
    let is_over = matches!(after.status, Status::Asserted | Status::Ended) && !after.holds(None);
    before.is_asserted(None) && is_over
}
