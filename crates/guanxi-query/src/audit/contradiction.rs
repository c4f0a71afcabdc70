//! Values of one thing at one date that cannot both be so.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{Comparator, Conflict, Decimal, EntityId, FactObject, PartialDate, Qualifier, Status, Value};
use guanxi_names::fold;

use super::dossier::{Dossier, Told};
use super::figures::{bounds, power_of_ten, shown};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "contradiction",
    looks_for: "Two values of one thing at one stated date: a valuation, sales of one year, two founding dates, two parents \
                where only one can be.",
    leaves_out: "Figures of different dates, or without one: a value may change. Rounded figures that overlap, figures told as \
                 \"more than\" or \"about\", several in one sentence, and a city beside its country.",
    find,
};

/// Figures that are summed over a year: two of one year must agree, which two counts of one year need not.
const OVER_A_YEAR: [&str; 18] = [
    "revenue",
    "turnover",
    "net profit",
    "net income",
    "operating profit",
    "net loss",
    "gross profit",
    "pre-tax profit",
    "营业收入",
    "营收",
    "收入",
    "净利润",
    "净亏损",
    "净利",
    "营业利润",
    "利润总额",
    "毛利",
    "销售额",
];

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut findings = of_values(dossier);
    findings.extend(of_functional_facts(dossier));
    findings
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Thing {
    subject: EntityId,
    predicate: String,
    metric: String,
    currency: Option<String>,
    date: PartialDate,
}

fn of_values(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut things: BTreeMap<Thing, Vec<(&Told, Decimal)>> = BTreeMap::new();
    for told in &dossier.told {
        if let Some((thing, amount)) = value(told) {
            things.entry(thing).or_default().push((told, amount));
        }
    }
    let contradiction = |(thing, told): (Thing, Vec<(&Told, Decimal)>)| {
        let told = told_once_a_sentence(told);
        let least = told.iter().min_by_key(|(_, amount)| *amount)?.1;
        let most = told.iter().max_by_key(|(_, amount)| *amount)?.1;
        let (_, high) = bounds(least, Comparator::Equal);
        let (low, _) = bounds(most, Comparator::Equal);
        // A power of ten is a slip of units, which has its own check.
        if low <= high || power_of_ten(least, most).is_some() {
            return None;
        }
        let currency = thing.currency.as_deref();
        let mut finding = dossier.about_claims(CHECK.name, Severity::Warning, told.iter().map(|(told, _)| *told));
        let what = thing.metric.split('|').next().filter(|metric| !metric.is_empty()).unwrap_or(&thing.predicate);
        finding.message = format!(
            "{what} of {} in {}: {} and {}",
            dossier.name(&thing.subject),
            thing.date,
            shown(least, currency),
            shown(most, currency),
        );
        finding.arithmetic =
            Some(format!("{} − {} = {}", shown(most, currency), shown(least, currency), shown(most - least, currency)));
        finding.settled_by =
            "the accounts or the announcement that both were taken from; what each figure counts".into();
        Some(finding)
    };
    things.into_iter().filter_map(contradiction).collect()
}

/// Without the sentences that tell several values of the thing: those of several years, in a row.
fn told_once_a_sentence(told: Vec<(&Told, Decimal)>) -> Vec<(&Told, Decimal)> {
    let sentence = |told: &Told| (told.claim.document.clone(), told.claim.sentence);
    let mut values: BTreeMap<_, BTreeSet<Decimal>> = BTreeMap::new();
    for (told, amount) in &told {
        values.entry(sentence(told)).or_default().insert(*amount);
    }
    told.into_iter().filter(|(told, _)| values[&sentence(told)].len() == 1).collect()
}

fn value(told: &Told) -> Option<(Thing, Decimal)> {
    let date = told.date().filter(|_| told.is(Status::Asserted))?;
    let (amount, currency, comparator) = match told.value()? {
        Value::Money(money) => (money.amount, money.currency.clone(), money.comparator),
        Value::Number(number) => (number.number, None, number.comparator),
        Value::Date(_) => return None,
    };
    let metric = told.text(Qualifier::Metric).map(fold).unwrap_or_default();
    let of_a_year = OVER_A_YEAR.contains(&metric.as_str());
    let exact = date.day_number().is_some() || of_a_year;
    let predicate = told.claim.predicate.to_string();
    let rest = [Qualifier::Period, Qualifier::Basis, Qualifier::Round]
        .map(|qualifier| told.text(qualifier).map(fold).unwrap_or_default());
    // A period that the sentence tells and the claim does not would make one year of a quarter.
    let part_of_a_year = date.month_number().is_none() && tells_part_of_a_year(&told.claim.evidence.text);
    let counted = exact && comparator == Comparator::Equal && !part_of_a_year && predicate != "raised";
    counted.then(|| {
        let metric = format!("{metric}|{}", rest.join("|"));
        (Thing { subject: told.subject.clone(), predicate, metric, currency, date }, amount)
    })
}

fn tells_part_of_a_year(quote: &str) -> bool {
    let quote = quote.to_lowercase();
    let words = [
        "quarter",
        "half",
        "month",
        "week",
        "q1",
        "q2",
        "q3",
        "q4",
        "h1",
        "h2",
        "季度",
        "半年",
        "月",
        "周",
        "日",
        "前三季",
        "segment",
        "division",
        "unit",
        "business",
        "分部",
        "业务",
    ];
    words.iter().any(|word| quote.contains(word))
}

/// Facts of which a subject has one at a time, and that the store holds two of.
fn of_functional_facts(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut groups: BTreeMap<(&EntityId, &str), Vec<&guanxi_model::Fact>> = BTreeMap::new();
    for fact in dossier.facts.iter().filter(|fact| fact.conflict == Some(Conflict::OtherValue)) {
        groups.entry((&fact.subject, &fact.predicate)).or_default().push(fact);
    }
    let finding = |((subject, predicate), facts): ((&EntityId, &str), Vec<&guanxi_model::Fact>)| {
        let claims: Vec<&Told> = dossier
            .told
            .iter()
            .filter(|told| facts.iter().any(|fact| fact.claims.contains(&told.claim.id)))
            .filter(|told| told.is(Status::Asserted))
            .collect();
        // What the reference data says against itself is a matter of its own tests.
        if claims.is_empty() || may_lie_within_each_other(dossier, &facts) {
            return None;
        }
        let object = |fact: &&guanxi_model::Fact| match &fact.object {
            FactObject::Entity(entity) => dossier.name(entity),
            FactObject::Value(value) => value.to_string(),
        };
        let objects: Vec<String> = facts.iter().map(object).collect();
        let label = dossier.schema.predicate(predicate).map_or(predicate, |known| &known.labels.en);
        let is_place = facts.iter().any(|fact| fact.object.entity().is_some());
        let severity = if is_place { Severity::Notice } else { Severity::Warning };
        let mut finding = dossier.about_claims(CHECK.name, severity, claims);
        finding.message = format!("{} {label} {}: only one can be so", dossier.name(subject), objects.join(" and "));
        finding.settled_by = "the register of companies".into();
        Some(finding)
    };
    groups.into_iter().filter_map(finding).collect()
}

/// Whether the objects are places of one country, as far as is known: a city lies in its country.
fn may_lie_within_each_other(dossier: &Dossier<'_>, facts: &[&guanxi_model::Fact]) -> bool {
    let objects = facts.iter().filter_map(|fact| fact.object.entity());
    let countries: Vec<Option<&str>> =
        objects.map(|object| dossier.entities.get(object).and_then(|entity| entity.country.as_deref())).collect();
    !countries.is_empty() && (countries.contains(&None) || countries.iter().collect::<BTreeSet<_>>().len() == 1)
}
