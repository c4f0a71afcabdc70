//! Which proposals stand: overlaps, duplicates, the total order among rules.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::confidence::Weights;
use crate::relate::{ObjectEnd, Relation};
use crate::rule::compile::Rules;
use crate::rule::matcher::{Bound, Match};

/// Of matches that hang on the same words and say the same kind of thing, the best stays:
/// more literals, then more evidence, then higher prior, then id.
pub(crate) fn choose(rules: &Rules, mut matches: Vec<Match>) -> Vec<Match> {
    fn rank<'r>(rules: &'r Rules, fit: &Match) -> impl Ord + use<'r> {
        let pattern = &rules.patterns[fit.pattern as usize];
        let rule = &rules.rules[pattern.rule as usize];
        let by_trust = (
            Reverse(pattern.literals),
            Reverse(fit.covers.1 - fit.covers.0),
            Reverse(fit.trigger.1 - fit.trigger.0),
            Reverse(rule.prior),
        );
        (by_trust, &*rule.name, fit.trigger, fit.pattern)
    }
    matches.sort_by(|one, other| rank(rules, one).cmp(&rank(rules, other)));
    let mut kept: Vec<Match> = Vec::new();
    for fit in matches {
        match rival_at(rules, &fit, &kept) {
            None => kept.push(fit),
            Some(other) if says_the_same(rules, &fit, &kept[other]) => {
                kept[other].backing.push(rules.patterns[fit.pattern as usize].rule);
            }
            Some(other) => kept[other].rivals.push(fit),
        }
    }
    kept.sort_by_key(|fit| (fit.trigger, fit.pattern));
    kept
}

/// The match, of those kept, that says what this one says.
pub(crate) fn rival<'k>(rules: &Rules, fit: &Match, kept: &'k [Match]) -> Option<&'k Match> {
    rival_at(rules, fit, kept).map(|index| &kept[index])
}

/// Whether two rivals make a claim of the same predicate between the same mentions.
fn says_the_same(rules: &Rules, fit: &Match, other: &Match) -> bool {
    let claims = |fit: &Match| &rules.rules[rules.patterns[fit.pattern as usize].rule as usize].claims;
    fn bound(fit: &Match, slot: u8) -> Option<&Bound> {
        fit.bindings.get(slot as usize)?.as_ref()
    }
    claims(fit).iter().any(|mine| {
        claims(other).iter().any(|theirs| {
            mine.predicate == theirs.predicate
                && bound(fit, mine.subject) == bound(other, theirs.subject)
                && bound(fit, mine.object) == bound(other, theirs.object)
        })
    })
}

fn rival_at(rules: &Rules, fit: &Match, kept: &[Match]) -> Option<usize> {
    let rule = |fit: &Match| &rules.rules[rules.patterns[fit.pattern as usize].rule as usize];
    kept.iter().position(|other| {
        // A second reading by the same rule, of words that its first reading covers, is no second fact.
        let same_rule = std::ptr::eq(rule(fit), rule(other));
        let overlaps = |held: (usize, usize)| fit.trigger.0 < held.1 && held.0 < fit.trigger.1;
        let touch = overlaps(other.trigger) || same_rule && overlaps(other.covers) && binds_nothing_new(fit, other);
        let same_kind = || {
            let says = |predicate: &str| rule(other).claims.iter().any(|kept| *kept.predicate == *predicate);
            rule(fit).claims.iter().any(|claim| says(&claim.predicate))
        };
        touch && same_kind() && share_a_mention(fit, other) || is_product_and_daughter(rules, fit, other)
    })
}

/// 甲旗下的“乙”系列: what one reading takes for a product of the firm, another for its subsidiary.
fn is_product_and_daughter(rules: &Rules, fit: &Match, other: &Match) -> bool {
    let one_way = |product: &Match, daughter: &Match| {
        ends(rules, product, "offers")
            .is_some_and(|(firm, thing)| ends(rules, daughter, "subsidiaryOf") == Some((thing, firm)))
    };
    one_way(fit, other) || one_way(other, fit)
}

/// What a reading binds to the ends of its claim of this predicate.
fn ends<'m>(rules: &Rules, fit: &'m Match, predicate: &str) -> Option<(&'m Bound, &'m Bound)> {
    let rule = &rules.rules[rules.patterns[fit.pattern as usize].rule as usize];
    let claim = rule.claims.iter().find(|claim| *claim.predicate == *predicate)?;
    let bound = |slot: u8| fit.bindings.get(slot as usize)?.as_ref();
    Some((bound(claim.subject)?, bound(claim.object)?))
}

/// Whether every mention of a reading stands in another one already.
fn binds_nothing_new(fit: &Match, other: &Match) -> bool {
    fit.bound_mentions().all(|mention| other.bound_mentions().any(|known| known == mention))
}

/// Two readings that bind nothing in common are two facts, even if they hang on one word.
fn share_a_mention(first: &Match, second: &Match) -> bool {
    first.bound_mentions().any(|mention| second.bound_mentions().any(|other| other == mention))
}

/// The same claim from several proposals of one sentence is one claim: the surest stays, all support it.
pub(crate) fn merge(
    rules: &Rules,
    weights: &Weights,
    relations: Vec<Relation>,
) -> Vec<(Relation, Vec<std::sync::Arc<str>>)> {
    let mut groups: BTreeMap<_, Vec<Relation>> = BTreeMap::new();
    for relation in relations {
        let object = match &relation.object {
            ObjectEnd::Entity(end) => (Some(end.entity), None),
            ObjectEnd::Value(value) => (None, Some(value.key())),
        };
        let key = (relation.sentence, relation.predicate.clone(), relation.subject.entity, object);
        groups.entry(key).or_default().push(relation);
    }
    let mut merged: Vec<_> = groups
        .into_values()
        .filter_map(|mut group| {
            fn rank<'r>(rules: &'r Rules, relation: &Relation) -> impl Ord + use<'r> {
                let implied = relation.subject.bytes.is_none();
                let by_trust = (
                    relation.signs.learned,
                    Reverse(relation.status),
                    implied,
                    Reverse(relation.confidence),
                    Reverse(relation.qualifiers.len()),
                );
                (by_trust, &*rules.rules[relation.rule as usize].name)
            }
            group.sort_by(|one, other| rank(rules, one).cmp(&rank(rules, other)));
            let speakers = group.iter().flat_map(|relation| relation.backing.iter().chain([&relation.rule]));
            let mut support: Vec<_> = speakers.map(|&rule| rules.rules[rule as usize].name.clone()).collect();
            support.sort_unstable();
            support.dedup();
            let mut group = group.into_iter();
            let mut best = group.next()?;
            for other in group {
                for (qualifier, value) in other.qualifiers {
                    best.qualifiers.entry(qualifier).or_insert(value);
                }
            }
            best.signs.support = (support.len() - 1).min(usize::from(u8::MAX)) as u8;
            best.signs.qualifiers = best.qualifiers.len() as u8;
            best.confidence = weights.confidence(&best.signs, &best.predicate);
            Some((best, support))
        })
        .collect();
    merged.sort_by_key(|(relation, _)| {
        let object = match &relation.object {
            ObjectEnd::Entity(end) => (end.bytes.unwrap_or_default(), String::new()),
            ObjectEnd::Value(value) => ((0, 0), value.key()),
        };
        (relation.evidence, relation.subject.bytes, object, relation.predicate.clone())
    });
    merged
}
