//! Values of one thing at one date that cannot both be so.

use std::collections::{BTreeMap, BTreeSet};

use guanxi_model::{
    Comparator, Conflict, Decimal, DocumentId, EntityId, FactObject, PartialDate, Qualifier, QualifierValue, Status,
    Value,
};
use guanxi_names::fold;

use super::dates::is_entry_or_opening;
use super::dossier::{Dossier, Told, may_be_one_time};
use super::figures::{bounds, power_of_ten, shown};
use super::shares::changes_hands;
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "contradiction",
    looks_for: "Two values of one thing at one stated date: a valuation, sales of one year, two founding dates, two owners \
                of more than half of a firm.",
    leaves_out: "Figures of different dates, or without one: a value may change. Rounded figures that overlap, figures told as \
                 \"more than\" or \"about\", several in one sentence, a city beside its country, a firm's entry in a register \
                 beside its founding, and owners in texts half a year apart.",
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
    findings.extend(of_owners(dossier));
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
    let predicate = told.claim.predicate.to_string();
    // A firm is valued now and then, its shares are priced every day.
    let in_a_month = predicate == "hasValuation" && date.month_number().is_some();
    let exact = date.day_number().is_some() || of_a_year || in_a_month;
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
        // Of a firm's founding and its entry in a register, or its opening, both may be so.
        let founding_told_twice =
            || claims.iter().filter(|told| !is_entry_or_opening(told)).filter_map(|told| told.value()).count() > 1;
        if predicate == "foundedOn" && !founding_told_twice() {
            return None;
        }
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

/// A holding of more than half of a company.
struct Majority<'a> {
    told: &'a Told,
    owner: &'a EntityId,
    percent: Decimal,
    /// No figure tells so, but "wholly owned", 全资.
    in_words: bool,
    published: Option<PartialDate>,
}

/// Two owners of one company at one time, each of more than half of it.
fn of_owners(dossier: &Dossier<'_>) -> Vec<Finding> {
    let mut held: BTreeMap<&EntityId, Vec<Majority<'_>>> = BTreeMap::new();
    let mut moving: BTreeSet<&EntityId> = BTreeSet::new();
    for told in &dossier.told {
        let Some(object) = &told.object else { continue };
        let (owner, company) = match &*told.claim.predicate {
            "subsidiaryOf" => (object, &told.subject),
            _ => (&told.subject, object),
        };
        if changes_hands(told) {
            moving.insert(company);
        }
        if let Some((percent, in_words)) = majority(told) {
            let published = dossier.published(told);
            held.entry(company).or_default().push(Majority { told, owner, percent, in_words, published });
        }
    }
    held.retain(|company, _| !moving.contains(company));
    let ties = dossier.ties();
    let finding = |(company, owners): (&EntityId, Vec<Majority<'_>>)| {
        let pairs =
            owners.iter().enumerate().flat_map(|(at, one)| owners[at + 1..].iter().map(move |other| (one, other)));
        let documents = |of: &Majority<'_>| -> BTreeSet<&DocumentId> {
            let figures = owners.iter().filter(|told| told.owner == of.owner && !told.in_words);
            figures.map(|told| &told.told.claim.document).collect()
        };
        let summed = |one: &Majority<'_>, other: &Majority<'_>| !documents(one).is_disjoint(&documents(other));
        let mut pairs = pairs.filter(|(one, other)| exclude_each_other(&ties, one, other));
        // Where one text tells both figures, the sum of its shares is told already.
        let (one, other) = pairs.find(|(one, other)| !summed(one, other))?;
        let mut finding = dossier.about_claims(CHECK.name, Severity::Warning, [one.told, other.told]);
        finding.about = vec![company.clone()];
        let shown =
            |owner: &Majority<'_>| format!("{} with {} %", dossier.name(owner.owner), owner.percent.normalize());
        finding.message =
            format!("{} has two owners of more than half: {} and {}", dossier.name(company), shown(one), shown(other));
        finding.arithmetic = Some(format!(
            "{} + {} = {} %",
            one.percent.normalize(),
            other.percent.normalize(),
            (one.percent + other.percent).normalize(),
        ));
        finding.settled_by =
            "the register of shareholders on one day; whether one of them holds through the other, or sold to it"
                .into();
        Some(finding)
    };
    held.into_iter().filter_map(finding).collect()
}

/// The least share that a claim gives one owner, where that is more than half, and whether it says so in words.
fn majority(told: &Told) -> Option<(Decimal, bool)> {
    let half = Decimal::from(50);
    let is_holding = ["owns", "subsidiaryOf"].contains(&&*told.claim.predicate) && told.is(Status::Asserted);
    let quote = told.claim.evidence.text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| quote.contains(word));
    let through_others = [
        "indirect", "ultimate", "through", "via ", "together", "jointly", "间接", "最终", "通过", "共同", "合计",
        "vot", "表决",
    ];
    if !is_holding || has(&through_others) || told.text(Qualifier::Class).is_some() {
        return None;
    }
    let percent = |qualifier| match told.claim.qualifiers.get(&qualifier) {
        Some(QualifierValue::Decimal(percent)) => Some(*percent),
        _ => None,
    };
    let in_words = || has(&["wholly owned", "wholly-owned", "全资", "全資"]).then_some((Decimal::ONE_HUNDRED, true));
    let figure = percent(Qualifier::Percent).or(percent(Qualifier::PercentMin));
    figure.map(|share| (share, false)).or_else(in_words).filter(|(share, _)| *share > half)
}

/// Whether nothing tells the two times apart, and neither owner is known to hold the other.
fn exclude_each_other(ties: &BTreeSet<(&EntityId, &EntityId)>, one: &Majority<'_>, other: &Majority<'_>) -> bool {
    /// Between texts further apart than this a company may have been sold, in days.
    const ONE_TIME: i32 = 200;
    let far = |a: PartialDate, b: PartialDate| (a.days_since_epoch() - b.days_since_epoch()).abs() > ONE_TIME;
    let (told, of_other) = (&one.told.claim, &other.told.claim);
    let at_one_time = match told.document == of_other.document {
        // Figures of one text are summed up by a check of their own, and one sentence may tell of joint owners.
        true => told.sentence != of_other.sentence && (one.in_words || other.in_words),
        false => one.published.zip(other.published).is_some_and(|(a, b)| !far(a, b)),
    };
    one.owner != other.owner
        && at_one_time
        && !ties.contains(&(one.owner, other.owner))
        && may_be_one_time(one.told.date(), other.told.date())
}

/// Whether the objects are places of one country, as far as is known: a city lies in its country.
fn may_lie_within_each_other(dossier: &Dossier<'_>, facts: &[&guanxi_model::Fact]) -> bool {
    let objects = facts.iter().filter_map(|fact| fact.object.entity());
    let countries: Vec<Option<&str>> =
        objects.map(|object| dossier.entities.get(object).and_then(|entity| entity.country.as_deref())).collect();
    !countries.is_empty() && (countries.contains(&None) || countries.iter().collect::<BTreeSet<_>>().len() == 1)
}
