//! Figures and dates of the sentence that no rule bound, given to the claim that can use them.

use guanxi_model::{Comparator, Money, Number, Qualifier, QualifierValue, Qualifiers, Share};

use crate::units::{Mention, MentionKind};

/// A figure further from the trigger than this, in tokens, belongs to something else.
const REACH: u32 = 28;

/// Offers unclaimed quantities to a claim, nearest to its trigger first.
///
/// `accepts` is what the schema lets the predicate take; `taken` tells mentions that are bound elsewhere.
pub(crate) fn qualify(
    qualifiers: &mut Qualifiers,
    accepts: &[Qualifier],
    mentions: &[Mention],
    trigger: (u32, u32),
    taken: impl Fn(usize) -> bool,
    before: impl Fn(&Mention) -> Option<Qualifier>,
) {
    let mut near: Vec<(u32, usize)> = mentions
        .iter()
        .enumerate()
        .filter(|(index, mention)| mention.is_quantity() && !taken(*index))
        .map(|(index, mention)| (distance(mention, trigger), index))
        .filter(|(distance, _)| *distance <= REACH)
        .collect();
    near.sort_unstable();
    for (_, index) in near {
        let mention = &mentions[index];
        match &mention.kind {
            MentionKind::Money(money)
                if accepts.contains(&Qualifier::Amount) && !qualifiers.contains_key(&Qualifier::Amount) =>
            {
                insert_money(qualifiers, money);
            }
            MentionKind::Percent(share) if accepts.contains(&Qualifier::Percent) && !has_share(qualifiers) => {
                insert_share(qualifiers, share);
            }
            MentionKind::Date(date) => {
                let key = before(mention).unwrap_or(Qualifier::Date);
                if accepts.contains(&key) {
                    qualifiers.entry(key).or_insert(QualifierValue::Date(*date));
                }
            }
            _ => {}
        }
    }
}

fn distance(mention: &Mention, trigger: (u32, u32)) -> u32 {
    if mention.start >= trigger.1 { mention.start - trigger.1 } else { trigger.0.saturating_sub(mention.end) }
}

/// Whether a share is told.
pub(crate) fn has_share(qualifiers: &Qualifiers) -> bool {
    qualifiers.contains_key(&Qualifier::Percent) || qualifiers.contains_key(&Qualifier::PercentMin)
}

/// Amount, currency and, where it is not plain, comparator.
pub(crate) fn insert_money(qualifiers: &mut Qualifiers, money: &Money) {
    qualifiers.insert(Qualifier::Amount, QualifierValue::Decimal(money.amount.normalize()));
    if let Some(currency) = &money.currency {
        qualifiers.insert(Qualifier::Currency, QualifierValue::Text(currency.clone()));
    }
    insert_comparator(qualifiers, money.comparator);
}

/// Amount and comparator of a count.
pub(crate) fn insert_number(qualifiers: &mut Qualifiers, number: &Number) {
    qualifiers.insert(Qualifier::Amount, QualifierValue::Decimal(number.number.normalize()));
    insert_comparator(qualifiers, number.comparator);
}

fn insert_comparator(qualifiers: &mut Qualifiers, comparator: Comparator) {
    if comparator != Comparator::Equal {
        qualifiers.insert(Qualifier::Comparator, QualifierValue::Text(comparator.sign().to_owned()));
    }
}

/// Takes back what [`insert_share`] told.
pub(crate) fn remove_share(qualifiers: &mut Qualifiers) {
    let share = [
        Qualifier::Percent,
        Qualifier::PercentMin,
        Qualifier::PercentMax,
        Qualifier::PercentMinExclusive,
        Qualifier::PercentMaxExclusive,
    ];
    for qualifier in share {
        qualifiers.remove(&qualifier);
    }
}

/// An exact share, or an interval with the ends that are excluded.
pub(crate) fn insert_share(qualifiers: &mut Qualifiers, share: &Share) {
    if let Some(percent) = share.as_exact() {
        qualifiers.insert(Qualifier::Percent, QualifierValue::Decimal(percent.normalize()));
        return;
    }
    qualifiers.insert(Qualifier::PercentMin, QualifierValue::Decimal(share.min.normalize()));
    qualifiers.insert(Qualifier::PercentMax, QualifierValue::Decimal(share.max.normalize()));
    if share.min_exclusive {
        qualifiers.insert(Qualifier::PercentMinExclusive, QualifierValue::Flag(true));
    }
    if share.max_exclusive {
        qualifiers.insert(Qualifier::PercentMaxExclusive, QualifierValue::Flag(true));
    }
}
