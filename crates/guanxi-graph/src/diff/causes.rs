//! Where the differences of facts come from: from documents, from their reading, from what is known beside them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Basis, Claim, ClaimId, EntityId, Fact, FactId};

use super::facts::{Pair, Pairs};
use super::identity::Identity;
use super::{Cause, Difference, FactChange, Side};

/// Looks at the claims of every fact that differs.
pub(super) struct Causes<'a> {
    sides: [&'a Side<'a>; 2],
    identity: &'a Identity,
    pairs: &'a Pairs<'a>,
    /// Causes that lie in the fact itself, by common id, of facts that differ.
    own: BTreeMap<&'a FactId, (Vec<Difference>, BTreeSet<Cause>)>,
    claims: [RefCell<BTreeMap<ClaimId, Option<Claim>>>; 2],
}

/// What a claim says where: the same words in the same source are the same claim, whatever else the source holds.
type Words = (String, String);

impl<'a> Causes<'a> {
    pub fn new(before: &'a Side<'a>, after: &'a Side<'a>, identity: &'a Identity, pairs: &'a Pairs<'a>) -> Self {
        let claims = [RefCell::default(), RefCell::default()];
        let mut causes = Self { sides: [before, after], identity, pairs, own: BTreeMap::new(), claims };
        for (id, pair) in &pairs.pairs {
            if pair.all[0] == pair.all[1] {
                continue;
            }
            let words = [0, 1].map(|side| causes.words(side, pair));
            let differences = pair.differences(causes.is_resourced(pair, &words));
            if !differences.is_empty() {
                let own = causes.of_claims(&words);
                causes.own.insert(id, (differences, own));
            }
        }
        causes
    }

    /// Every fact that differs, with its causes.
    pub fn facts(&self) -> Vec<FactChange> {
        let change = |id: &FactId, differences: &[Difference]| {
            let pair = &self.pairs.pairs[id];
            let causes = self.of(id, &mut BTreeSet::new()).into_iter().collect();
            FactChange {
                before: pair.before.cloned(),
                after: pair.after.cloned(),
                differences: differences.to_vec(),
                causes,
            }
        };
        let mut changes: Vec<FactChange> =
            self.own.iter().map(|(id, (differences, _))| change(id, differences)).collect();
        changes.sort_by(|a, b| a.fact().id.cmp(&b.fact().id));
        changes
    }

    /// The causes of a fact that differs; nothing of one that does not.
    fn of(&self, id: &'a FactId, above: &mut BTreeSet<&'a FactId>) -> BTreeSet<Cause> {
        let Some((differences, own)) = self.own.get(id).filter(|_| above.insert(id)) else { return BTreeSet::new() };
        let pair = &self.pairs.pairs[id];
        let mut causes = own.clone();
        let facts = || [pair.before, pair.after].into_iter().flatten();
        for premise in facts().flat_map(|fact| &fact.premises) {
            if let Some((premise, _)) = self.own.get_key_value(self.pairs.common(premise)) {
                causes.extend(self.of(premise, above));
            }
        }
        if facts().any(|fact| self.is_regrouped(fact))
            && (causes.is_empty() || pair.all.iter().any(|all| all.len() > 1))
        {
            causes.insert(Cause::Regrouped);
        }
        if causes.is_empty() && differences.iter().all(|difference| is_conflict(*difference)) {
            causes.extend(self.of_rivals(pair, above));
        }
        let by_row_alone =
            pair.before.is_none() != pair.after.is_none() && facts().any(|fact| fact.basis == Basis::Reference);
        if causes.is_empty() || by_row_alone {
            causes.insert(Cause::Knowledge);
        }
        causes
    }

    /// Another value of the same thing was told, or is told no more.
    fn of_rivals(&self, pair: &Pair<'a>, above: &mut BTreeSet<&'a FactId>) -> BTreeSet<Cause> {
        let about = |fact: &Fact| (self.identity.common(&fact.subject).clone(), fact.predicate.clone());
        let meant: BTreeSet<(EntityId, _)> = [pair.before, pair.after].into_iter().flatten().map(about).collect();
        let is_rival = |id: &FactId| {
            let Pair { before, after, .. } = &self.pairs.pairs[id];
            [before, after].into_iter().flatten().any(|fact| meant.contains(&about(fact)))
        };
        let rivals: Vec<&FactId> = self.own.keys().copied().filter(|id| is_rival(id)).collect();
        rivals.into_iter().flat_map(|rival| self.of(rival, above)).collect()
    }

    fn is_regrouped(&self, fact: &Fact) -> bool {
        let ends = [Some(&fact.subject), fact.object.entity()];
        ends.into_iter().flatten().any(|end| self.identity.is_regrouped(end))
    }

    fn is_resourced(&self, pair: &Pair<'_>, words: &[BTreeMap<Words, Claim>; 2]) -> bool {
        let [before, after] = words;
        let premises = |facts: &[&Fact]| -> BTreeSet<FactId> {
            facts.iter().flat_map(|fact| &fact.premises).map(|premise| self.pairs.common(premise).clone()).collect()
        };
        let grounds = |fact: &Fact| (fact.basis, fact.because.clone(), fact.unverified);
        !before.keys().eq(after.keys())
            || premises(&pair.all[0]) != premises(&pair.all[1])
            || pair.before.map(grounds) != pair.after.map(grounds)
    }

    /// The claims of a fact by their words. A claim with the words of another one is taken with that.
    fn words(&self, side: usize, pair: &Pair<'_>) -> BTreeMap<Words, Claim> {
        let ids = pair.all[side].iter().flat_map(|fact| &fact.claims);
        let mut words = BTreeMap::new();
        for claim in ids.filter_map(|id| self.claim(side, id)) {
            let source = self.sides[side].documents.get(&claim.document).map(|document| document.source.clone());
            words.entry((source.unwrap_or_default(), claim.evidence.text.clone())).or_insert(claim);
        }
        words
    }

    fn claim(&self, side: usize, id: &ClaimId) -> Option<Claim> {
        let mut known = self.claims[side].borrow_mut();
        known.entry(id.clone()).or_insert_with(|| self.sides[side].generation.claim(id)).clone()
    }

    /// Claims that came, went, or are another reading of the same words.
    fn of_claims(&self, words: &[BTreeMap<Words, Claim>; 2]) -> BTreeSet<Cause> {
        let mut causes = BTreeSet::new();
        for (side, [these, those]) in [[&words[0], &words[1]], [&words[1], &words[0]]].into_iter().enumerate() {
            for ((source, quote), claim) in these {
                match those.get(&(source.clone(), quote.clone())) {
                    None => drop(causes.insert(self.of_claim(side, source, claim))),
                    Some(other) if is_read_alike(claim, other) => {}
                    Some(_) => drop(causes.insert(self.of_claim(side, source, claim))),
                }
            }
        }
        causes
    }

    /// Why one side alone has a claim.
    fn of_claim(&self, side: usize, source: &str, claim: &Claim) -> Cause {
        let other = self.sides[1 - side];
        if let Some(because) = other.decided.get(&claim.id) {
            return Cause::Decision(because.clone());
        }
        let source = source.to_owned();
        match (other.documents.contains_key(&claim.document), other.sources.contains_key(&source), side) {
            (true, _, _) => Cause::ReadOtherwise(source),
            (false, true, _) => Cause::ChangedDocument(source),
            (false, false, 0) => Cause::ForgottenDocument(source),
            (false, false, _) => Cause::NewDocument(source),
        }
    }
}

fn is_conflict(difference: Difference) -> bool {
    matches!(difference, Difference::ConflictOpened | Difference::ConflictClosed)
}

/// Whether two claims of the same words say the same; where they stand in the document does not matter.
fn is_read_alike(one: &Claim, other: &Claim) -> bool {
    one.status == other.status
        && one.confidence == other.confidence
        && one.rule == other.rule
        && one.qualifiers == other.qualifiers
        && one.predicate == other.predicate
}
