//! One event told twice, with figures that differ by a power of ten: 亿 read as billion, lakh as million.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Decimal, EntityId, PartialDate, Passage, Qualifier, QualifierValue, Share, Status, Value};
use guanxi_names::fold;

use super::dossier::{Dossier, Told, is_after};
use super::figures::{Figure, digits, figures, percentages, power_of_ten, shown, usual_cause};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "unit-slip",
    looks_for: "One figure told twice, once a power of ten larger: of one firm, one kind, one currency, at times that may be the \
                same; or side by side in one sentence, in two languages or units.",
    leaves_out: "A figure of one digit, such as 3 and 30 million, counts only where percentages or a second pair of figures \
                 agree; growth by exactly ten times between two dates is none.",
    find,
};

/// Two dates further apart than this tell of two events, in days.
const SAME_EVENT: i32 = 200;

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut groups: BTreeMap<Kind, Vec<Sum<'_>>> = BTreeMap::new();
    for told in &dossier.told {
        if let Some((kind, amount)) = sum(told) {
            groups.entry(kind).or_default().push(Sum { told, amount, date: told.date() });
        }
    }
    let mut findings: Vec<Finding> = groups.iter().flat_map(|(kind, sums)| slips(dossier, kind, sums)).collect();
    findings.extend(dossier.passages().filter_map(|passage| side_by_side(dossier, passage)));
    findings
}

/// What must agree for two figures to be of one thing.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    subject: EntityId,
    predicate: String,
    object: Option<EntityId>,
    metric: String,
    currency: Option<String>,
}

struct Sum<'a> {
    told: &'a Told,
    amount: Decimal,
    date: Option<PartialDate>,
}

fn sum(told: &Told) -> Option<(Kind, Decimal)> {
    if told.is(Status::Denied) {
        return None;
    }
    let qualified = || match told.claim.qualifiers.get(&Qualifier::Amount) {
        Some(QualifierValue::Decimal(amount)) => Some(*amount),
        _ => None,
    };
    let (amount, currency) = match told.value() {
        Some(Value::Money(money)) => (money.amount, money.currency.clone()),
        Some(Value::Number(number)) => (number.number, None),
        Some(Value::Date(_)) => return None,
        None => (qualified()?, told.text(Qualifier::Currency).map(str::to_owned)),
    };
    let kind = Kind {
        subject: told.subject.clone(),
        predicate: told.claim.predicate.to_string(),
        object: told.object.clone(),
        metric: [Qualifier::Metric, Qualifier::Period, Qualifier::Round]
            .map(|qualifier| told.text(qualifier).map(fold).unwrap_or_default())
            .join("|"),
        currency,
    };
    Some((kind, amount))
}

/// One finding for each two amounts that slip, with every claim of either.
fn slips(dossier: &Dossier<'_>, kind: &Kind, sums: &[Sum<'_>]) -> Vec<Finding> {
    let mut slipping: BTreeMap<(Decimal, Decimal), (u32, BTreeSet<usize>)> = BTreeMap::new();
    for (i, small) in sums.iter().enumerate() {
        for (j, big) in sums.iter().enumerate() {
            if let Some(power) = power_of_ten(small.amount, big.amount)
                && may_be_one_event(dossier, small, big)
            {
                let pair = slipping.entry((small.amount, big.amount)).or_insert((power, BTreeSet::new()));
                pair.1.extend([i, j]);
            }
        }
    }
    let powers: Vec<u32> = slipping.values().map(|(power, _)| *power).collect();
    let finding = |((small, big), (power, involved)): (&(Decimal, Decimal), &(u32, BTreeSet<usize>))| {
        let told: Vec<&Told> = involved.iter().map(|&index| sums[index].told).collect();
        let second_pair = powers.iter().filter(|other| *other == power).count() > 1;
        let agreeing = agreeing_percentage(dossier, &told, *small, *big);
        let sure = second_pair || agreeing.is_some();
        let telling = digits(*small);
        let severity = match telling {
            _ if sure => Severity::Error,
            0 | 1 => return None,
            2 => Severity::Warning,
            _ => Severity::Error,
        };
        let currency = kind.currency.as_deref();
        let mut finding = dossier.about_claims(CHECK.name, severity, told);
        let what =
            if kind.metric.trim_matches('|').is_empty() { &kind.predicate } else { kind.metric.trim_matches('|') };
        finding.message = format!(
            "{} of {}: {} and {} are the same figure, a power of ten apart",
            what,
            dossier.name(&kind.subject),
            shown(*small, currency),
            shown(*big, currency),
        );
        let agree = agreeing.map(|share| format!("; both are told with {share}")).unwrap_or_default();
        let pair = if second_pair { "; a second pair of figures differs by the same power" } else { "" };
        finding.arithmetic =
            Some(format!("{} ÷ {} = 10^{power}{agree}{pair}", shown(*big, currency), shown(*small, currency)));
        finding.settled_by =
            format!("the figure in the language and unit of its first source ({})", usual_cause(*power));
        Some(finding)
    };
    slipping.iter().filter_map(finding).collect()
}

/// Whether nothing tells the two figures' times apart.
fn may_be_one_event(dossier: &Dossier<'_>, one: &Sum<'_>, other: &Sum<'_>) -> bool {
    let apart = |a: PartialDate, b: PartialDate| is_after(a, b) || is_after(b, a);
    let far = |a: PartialDate, b: PartialDate| (a.days_since_epoch() - b.days_since_epoch()).abs() > SAME_EVENT;
    let published = |sum: &Sum<'_>| dossier.published(sum.told);
    match (one.date, other.date) {
        (Some(a), Some(b)) => !apart(a, b),
        (Some(a), None) => published(other).is_none_or(|b| !far(a, b)),
        (None, Some(b)) => published(one).is_none_or(|a| !far(a, b)),
        (None, None) => published(one).zip(published(other)).is_none_or(|(a, b)| !far(a, b)),
    }
}

/// A percentage that stands with the small figure in one sentence, and with the large one in another.
fn agreeing_percentage(dossier: &Dossier<'_>, told: &[&Told], small: Decimal, big: Decimal) -> Option<Share> {
    let documents: BTreeSet<_> = told.iter().map(|told| &told.claim.document).collect();
    let with = |amount: Decimal| -> Vec<Share> {
        let passages = documents.iter().flat_map(|document| dossier.passages_of(document));
        let telling = passages.filter(|passage| figures(passage).iter().any(|figure| figure.amount == amount));
        telling.flat_map(percentages).map(|(_, share)| share).collect()
    };
    let with_big = with(big);
    with(small).into_iter().find(|share| with_big.contains(share))
}

/// "310亿美元 (US$310 billion)": one sum told twice in a row.
fn side_by_side(dossier: &Dossier<'_>, passage: &Passage) -> Option<Finding> {
    let figures = figures(passage);
    let (small, big, power) = figures.windows(2).find_map(|pair| slip_between(passage, &pair[0], &pair[1]))?;
    let currency = figures.iter().find(|figure| figure.amount == big).and_then(|figure| figure.currency);
    let mut finding = dossier.about_passage(CHECK.name, Severity::Error, passage);
    finding.message = format!("one sum is told twice, as {} and as {}", shown(small, currency), shown(big, currency));
    finding.arithmetic = Some(format!("{} ÷ {} = 10^{power}", shown(big, currency), shown(small, currency)));
    finding.settled_by = format!("the source of the figure ({})", usual_cause(power));
    Some(finding)
}

fn slip_between(passage: &Passage, first: &Figure<'_>, second: &Figure<'_>) -> Option<(Decimal, Decimal, u32)> {
    let same_currency = first.currency.is_some() && first.currency == second.currency;
    let between = &passage.text[first.mention.bytes.end..second.mention.bytes.start];
    let behind = &passage.text[second.mention.bytes.end..];
    let bracketed = ["(", "（"].contains(&between.trim()) && behind.trim_start().starts_with([')', '）']);
    let same = [", or", "，即", ",即", "，也就是", "，合", ", i.e.", ", that is,", ", in other words"];
    let told_again = bracketed || same.contains(&between.trim());
    let (small, big) = (first.amount.min(second.amount), first.amount.max(second.amount));
    let power = power_of_ten(small, big).filter(|_| same_currency && told_again)?;
    Some((small, big, power))
}
