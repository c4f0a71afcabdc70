//! Shares of one company that come to more than the whole of it.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Decimal, DocumentId, EntityId, Qualifier, QualifierValue, Status};

use super::dossier::{Dossier, Told, may_be_one_time};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "shares",
    looks_for: "Holdings of one company, told in one text for one time, that come to more than 100 %.",
    leaves_out: "Companies that change hands in the same text, owners that are tied to each other or share one figure, classes of shares and \
                 voting rights; holdings that two texts tell.",
    find,
};

/// What each owner of a company holds, and where it is told.
type Owners<'a> = BTreeMap<&'a EntityId, (&'a Told, Decimal)>;

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut held: BTreeMap<(&DocumentId, &EntityId), Owners<'_>> = BTreeMap::new();
    let mut moving: BTreeSet<(&DocumentId, &EntityId)> = BTreeSet::new();
    for told in &dossier.told {
        let Some(company) = &told.object else { continue };
        if changes_hands(told) {
            moving.insert((&told.claim.document, company));
        }
        if let Some(percent) = holding(told).filter(|_| !is_of_a_class(dossier, told)) {
            let owners = held.entry((&told.claim.document, company)).or_default();
            // Of several holdings of one owner the least: the others may be of other days.
            let known = owners.entry(&told.subject).or_insert((told, percent));
            if percent < known.1 {
                *known = (told, percent);
            }
        }
    }
    let ties = dossier.ties();
    let over = held.into_iter().filter(|(place, _)| !moving.contains(place));
    over.filter_map(|((_, company), owners)| {
        let tied = |one: &&EntityId| owners.keys().any(|other| other != one && ties.contains(&(*one, *other)));
        if owners.keys().any(tied) {
            return None;
        }
        // "whose shareholders include A and B, with 70 %": one figure of both.
        let joint = |(one, percent): &(&Told, Decimal)| {
            owners.values().any(|(other, same)| {
                one.claim.id != other.claim.id && one.claim.sentence == other.claim.sentence && percent == same
            })
        };
        if owners.values().any(joint) {
            return None;
        }
        let times: Vec<_> = owners.values().map(|(told, _)| told.date()).collect();
        if times.iter().any(|one| times.iter().any(|other| !may_be_one_time(*one, *other))) {
            return None;
        }
        let total: Decimal = owners.values().map(|(_, percent)| *percent).sum();
        // Each share may be rounded up by half a point.
        let most = Decimal::ONE_HUNDRED + Decimal::new(5, 1) * Decimal::from(owners.len());
        (total > most).then(|| {
            let mut finding = dossier.about_claims(CHECK.name, Severity::Error, owners.values().map(|(told, _)| *told));
            finding.about = vec![company.clone()];
            finding.message = format!("the shares of {} come to {} %", dossier.name(company), total.normalize());
            let sum: Vec<String> = owners
                .iter()
                .map(|(owner, (_, percent))| format!("{} ({})", percent.normalize(), dossier.name(owner)))
                .collect();
            finding.arithmetic = Some(format!("{} = {} %", sum.join(" + "), total.normalize()));
            finding.settled_by =
                "the register of shareholders on one day; whether some of them hold through others".into();
            finding
        })
    })
    .collect()
}

fn holding(told: &Told) -> Option<Decimal> {
    let plain = &*told.claim.predicate == "owns" && told.is(Status::Asserted) && told.text(Qualifier::Class).is_none();
    let percent = |qualifier| match told.claim.qualifiers.get(&qualifier) {
        Some(QualifierValue::Decimal(percent)) => Some(*percent),
        _ => None,
    };
    plain.then(|| percent(Qualifier::Percent).or(percent(Qualifier::PercentMin))).flatten()
}

/// Whether the sentence speaks of one class of shares, of votes, or of shares that are pledged, frozen or held together:
/// 30 % of the A shares and 80 % of the H shares are no 110 % of the firm.
fn is_of_a_class(dossier: &Dossier<'_>, told: &Told) -> bool {
    const CLASSES: [&str; 36] = [
        "a股",
        "b股",
        "h股",
        "a 股",
        "b 股",
        "h 股",
        "内资股",
        "外资股",
        "流通股",
        "优先股",
        "優先股",
        "普通股",
        "类别股",
        "vot",
        "表决",
        "表決",
        "投票",
        "a shares",
        "b shares",
        "h shares",
        "a-shares",
        "b-shares",
        "h-shares",
        "class a",
        "class b",
        "preferred",
        "preference",
        "float",
        "质押",
        "質押",
        "冻结",
        "凍結",
        "一致行动",
        "合计",
        "pledg",
        "frozen",
    ];
    let passage = dossier.passage_at(&told.claim.document, told.claim.evidence.span);
    let sentence = passage.map_or(told.claim.evidence.text.as_str(), |passage| passage.text.as_str());
    let sentence = guanxi_names::fold(sentence);
    CLASSES.iter().any(|class| sentence.contains(class))
}

/// Whether the text tells of shares that go from one hand to another: then not all holdings in it are of one day.
pub(super) fn changes_hands(told: &Told) -> bool {
    match &*told.claim.predicate {
        "acquired" | "investsIn" | "mergesWith" => true,
        "owns" | "subsidiaryOf" | "controls" => {
            !told.is(Status::Asserted)
                || told.qualified_date(Qualifier::ValidTo).is_some()
                || told.qualified_date(Qualifier::ValidFrom).is_some()
        }
        _ => false,
    }
}
