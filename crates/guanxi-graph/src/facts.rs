//! Claims to facts: the claims with equal subject, predicate and object, weighed against each other.
//!
//! What the claims of one fact add up to, in this order:
//!
//! 1. **Denied** as soon as one claim denies it, unless two independent publishers assert it. Claims on both sides make
//!    it a conflict, whichever side prevails.
//! 2. **Ended** if a claim says that it ended, or gives an end: at that claim's `validTo`, else its date, else the
//!    publication date of its document, else at an unknown time; of several ends the last. A claim that asserts it and is
//!    dated wholly after that end (its `validFrom`, else its date, else the publication date) opens it again.
//! 3. **Asserted** if a claim asserts it. An end that an asserting claim itself gives ("from 2013 to 2018") closes its
//!    validity and leaves it asserted.
//! 4. Else the least doubtful status of its claims: planned, conditional, reported.
//!
//! A row of the reference data stands beside the claims of its fact: see `united`. Last, a fact is held against what the
//! reference data says of its subject, whoever states the fact:
//!
//! - No state outlives its subject. Once the body is abolished or the rule repealed, what it regulates, governs or owns
//!   (any predicate without `outlives_subject`) is closed at its end, lest a dead body read as a live one.
//! - What a draft would do to others is planned, not asserted, however often the press cites it as law: it governs and
//!   replaces nothing yet. That somebody issued it stays asserted: so it was, as a draft.
//!
//! A fact of two asserted, current values of a functional predicate keeps both, marked as a conflict.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guanxi_model::reference::{Lifecycle, ReferenceEntity, ReferenceFact};
use guanxi_model::{
    Basis, Claim, ClaimId, Confidence, Conflict, Document, EntityId, Extraction, Fact, FactId, FactObject, Object,
    PartialDate, Qualifier, QualifierValue, Qualifiers, Schema, Status, Validity, Value,
};
use guanxi_names::fold;

use crate::Knowledge;
use crate::identity::Identity;
use crate::import::{self, Imports};
use crate::snapshot::stated_share;

/// Facts by id. Each stands in a place of its own, for a tree keeps room for half as many again.
pub(crate) type Facts = BTreeMap<FactId, Box<Fact>>;

/// Facts, and which claim speaks of which.
#[derive(Debug)]
pub(crate) struct Resolution<'a> {
    pub facts: Facts,
    /// Every claim with its fact, sorted by fact. A claim whose two ends are one entity has none.
    pub of: Vec<(FactId, &'a Claim)>,
}

/// Weighs the claims of all documents, but those that were rejected, and the rows of the reference data.
pub(crate) fn resolve<'a>(
    extractions: &[&'a Extraction],
    identity: &Identity,
    knowledge: &Knowledge<'_>,
    rejected: &BTreeSet<&ClaimId>,
    imports: &Imports,
) -> Resolution<'a> {
    let witnesses = witnesses(extractions, identity, knowledge.schema, rejected);
    let mut facts = reference_facts(knowledge, imports, identity);
    for told in witnesses.chunk_by(|(one, _), (other, _)| one == other) {
        let (id, first) = &told[0];
        let Some(statement) = Statement::of(first.claim, identity, knowledge.schema) else { continue };
        let case = Case { statement, witnesses: told.iter().map(|(_, witness)| *witness).collect() };
        let asserted_at = case.asserted_at();
        let text = case.verdict(id.clone());
        let mut fact = match facts.remove(id) {
            Some(row) => united(text, asserted_at, *row),
            None => text,
        };
        fact.claims = told.iter().map(|(_, witness)| witness.claim.id.clone()).collect();
        fact.claims.sort();
        facts.insert(id.clone(), Box::new(fact));
    }
    let ended = import::ended(imports, identity);
    for fact in facts.values_mut() {
        hold_against_subject(fact, knowledge, &ended);
    }
    mark_other_values(&mut facts, knowledge.schema);
    Resolution { facts, of: witnesses.into_iter().map(|(fact, witness)| (fact, witness.claim)).collect() }
}

/// Every claim that counts with the fact that it speaks of, sorted by fact.
fn witnesses<'a>(
    extractions: &[&'a Extraction],
    identity: &Identity,
    schema: &Schema,
    rejected: &BTreeSet<&ClaimId>,
) -> Vec<(FactId, Witness<'a>)> {
    let mut witnesses = Vec::new();
    for extraction in extractions {
        for claim in extraction.claims.iter().filter(|claim| !rejected.contains(&claim.id)) {
            let Some(statement) = Statement::of(claim, identity, schema) else { continue };
            witnesses.push((statement.fact_id(), Witness { claim, document: &extraction.document }));
        }
    }
    witnesses.sort_by(|(one, _), (other, _)| one.cmp(other));
    witnesses
}

/// Whether a fact becomes a plain triple, and a premise: asserted, current, confident enough.
pub(crate) fn is_plain(fact: &Fact, threshold: Confidence) -> bool {
    is_plain_as_of(fact, threshold, None)
}

/// Whether it is a plain triple now, or was one on the day asked for.
pub(crate) fn is_plain_as_of(fact: &Fact, threshold: Confidence, as_of: Option<PartialDate>) -> bool {
    fact.is_asserted(as_of) && fact.confidence >= threshold
}

/// Whether a qualifier would say again what the fact's validity or value says.
pub(crate) fn is_told_otherwise(qualifier: Qualifier, object: &FactObject) -> bool {
    match qualifier {
        Qualifier::ValidFrom | Qualifier::ValidTo => true,
        Qualifier::Amount | Qualifier::Currency | Qualifier::Comparator => matches!(object, FactObject::Value(_)),
        Qualifier::Date => matches!(object, FactObject::Value(Value::Date(_))),
        _ => false,
    }
}

/// What a claim says, between entities that stand for themselves.
struct Statement {
    subject: EntityId,
    predicate: Arc<str>,
    object: FactObject,
    event: String,
}

impl Statement {
    fn of(claim: &Claim, identity: &Identity, schema: &Schema) -> Option<Self> {
        let mut subject = identity.representative(&claim.document, &claim.subject.entity).clone();
        let predicate = Arc::clone(&claim.predicate);
        match &claim.object {
            Object::Value(value) => {
                let object = FactObject::Value(value.clone());
                Some(Self { subject, predicate, object, event: event_key(&claim.qualifiers) })
            }
            Object::Entity(argument) => {
                let mut other = identity.representative(&claim.document, &argument.entity).clone();
                if schema.predicate(&predicate).is_some_and(|predicate| predicate.symmetric) && other < subject {
                    std::mem::swap(&mut subject, &mut other);
                }
                (subject != other).then_some(Self {
                    subject,
                    predicate,
                    object: FactObject::Entity(other),
                    event: String::new(),
                })
            }
        }
    }

    fn fact_id(&self) -> FactId {
        Fact::mint_id(&self.subject, &self.predicate, &self.object, &self.event)
    }
}

/// What tells two events with the same value apart: which figure it is, and its date.
pub(crate) fn event_key(qualifiers: &Qualifiers) -> String {
    let metric = match qualifiers.get(&Qualifier::Metric) {
        Some(QualifierValue::Text(metric)) => fold(metric),
        _ => String::new(),
    };
    let date = date_qualifier(qualifiers, Qualifier::Date).map(|date| date.to_string());
    if metric.is_empty() && date.is_none() {
        return String::new();
    }
    format!("{metric}|{}", date.unwrap_or_default())
}

#[derive(Clone, Copy)]
struct Witness<'a> {
    claim: &'a Claim,
    document: &'a Document,
}

impl Witness<'_> {
    fn qualifier(&self, qualifier: Qualifier) -> Option<PartialDate> {
        date_qualifier(&self.claim.qualifiers, qualifier)
    }

    /// When, at the latest evidence, the claim's fact was the case.
    fn held_at(&self) -> Option<PartialDate> {
        self.qualifier(Qualifier::ValidFrom).or_else(|| self.qualifier(Qualifier::Date)).or(self.document.published)
    }

    /// Whether the claim closes the fact, and when.
    fn closes(&self) -> Option<Option<PartialDate>> {
        let stated = self.qualifier(Qualifier::ValidTo);
        match self.claim.status {
            Status::Ended => Some(stated.or_else(|| self.qualifier(Qualifier::Date)).or(self.document.published)),
            Status::Asserted if stated.is_some() => Some(stated),
            _ => None,
        }
    }

    /// Two documents of one publisher are one voice; a document that names none is a voice of its own.
    fn publisher(&self) -> (bool, String) {
        match &self.document.publisher {
            Some(publisher) => (true, fold(publisher)),
            None => (false, self.document.id.to_string()),
        }
    }
}

/// One fact with all that was said of it.
struct Case<'a> {
    statement: Statement,
    witnesses: Vec<Witness<'a>>,
}

impl Case<'_> {
    fn verdict(self, id: FactId) -> Fact {
        let (status, end) = self.status();
        let best = self.best(status);
        let object = match (&self.statement.object, &best.claim.object) {
            (FactObject::Value(_), Object::Value(value)) => FactObject::Value(value.clone()),
            (object, _) => object.clone(),
        };
        let mut qualifiers = self.qualifiers(status, best);
        qualifiers.retain(|qualifier, _| !is_told_otherwise(*qualifier, &object));
        let both_sides = self.any(Status::Denied) && (self.any(Status::Asserted) || self.any(Status::Ended));
        Fact {
            id,
            qualifiers,
            status,
            confidence: self.of(status).map(|witness| witness.claim.confidence).max().unwrap_or(best.claim.confidence),
            validity: self.validity(status, end),
            basis: Basis::Text,
            unverified: false,
            support: self.witnesses.len() as u32,
            publishers: self.witnesses.iter().map(Witness::publisher).collect::<BTreeSet<_>>().len() as u32,
            claims: Vec::new(),
            premises: Vec::new(),
            because: None,
            conflict: both_sides.then_some(Conflict::Denied),
            subject: self.statement.subject,
            predicate: self.statement.predicate,
            object,
        }
    }

    fn any(&self, status: Status) -> bool {
        self.of(status).next().is_some()
    }

    fn of(&self, status: Status) -> impl Iterator<Item = &Witness<'_>> {
        self.witnesses.iter().filter(move |witness| witness.claim.status == status)
    }

    /// See the head of this file. The end is `Some(None)` where its time is unknown.
    fn status(&self) -> (Status, Option<Option<PartialDate>>) {
        let asserting: BTreeSet<_> = self.of(Status::Asserted).map(Witness::publisher).collect();
        if self.any(Status::Denied) && asserting.len() < 2 {
            return (Status::Denied, None);
        }
        let end = self.end();
        if end.is_some() && self.any(Status::Ended) {
            return (Status::Ended, end);
        }
        let least_doubtful = self.witnesses.iter().map(|witness| witness.claim.status).min();
        (least_doubtful.unwrap_or(Status::Reported), end)
    }

    fn end(&self) -> Option<Option<PartialDate>> {
        let last =
            self.witnesses.iter().filter_map(Witness::closes).max_by_key(|end| end.map(PartialDate::last_day))?;
        let reopened = last.is_some_and(|end| {
            let open = self.of(Status::Asserted).filter(|witness| witness.closes().is_none());
            open.filter_map(Witness::held_at).any(|date| date.first_day() > end.last_day())
        });
        (!reopened).then_some(last)
    }

    /// When it was asserted last, by a claim that gives it no end.
    fn asserted_at(&self) -> Option<PartialDate> {
        let open = self.of(Status::Asserted).filter(|witness| witness.closes().is_none());
        open.filter_map(Witness::held_at).max_by_key(|date| date.first_day())
    }

    fn validity(&self, status: Status, end: Option<Option<PartialDate>>) -> Validity {
        let telling = if status == Status::Ended { Status::Asserted } else { status };
        let stated = earliest(self.witnesses.iter().filter_map(|witness| witness.qualifier(Qualifier::ValidFrom)));
        // The date of a value belongs to its event; the date of an end is no beginning.
        let dated = matches!(self.statement.object, FactObject::Entity(_))
            .then(|| earliest(self.of(telling).filter_map(|witness| witness.qualifier(Qualifier::Date))));
        let to = end.flatten();
        let from = stated.or(dated.flatten()).filter(|from| to.is_none_or(|to| from.first_day() <= to.last_day()));
        match status {
            Status::Denied => Validity::default(),
            _ => Validity { from, to, ended: end.is_some() },
        }
    }

    /// Those of the best claim; where it leaves open what is the case between the two (a share, an office, a symbol), that
    /// of the best claim which tells it. What belongs to one event, such as a sum, is never taken from another.
    fn qualifiers(&self, status: Status, best: &Witness<'_>) -> Qualifiers {
        const OF_STATE: [&[Qualifier]; 3] = [
            &[
                Qualifier::Percent,
                Qualifier::PercentMin,
                Qualifier::PercentMax,
                Qualifier::PercentMinExclusive,
                Qualifier::PercentMaxExclusive,
                Qualifier::Class,
            ],
            &[Qualifier::Role],
            &[Qualifier::Ticker],
        ];
        let mut qualifiers = best.claim.qualifiers.clone();
        for told_together in OF_STATE {
            let tells = |known: &Qualifiers| told_together.iter().any(|qualifier| known.contains_key(qualifier));
            if tells(&qualifiers) {
                continue;
            }
            let telling = self.fitting(status).filter(|witness| tells(&witness.claim.qualifiers)).max_by_key(rank);
            let told = telling.into_iter().flat_map(|witness| &witness.claim.qualifiers);
            let told = told.filter(|(qualifier, _)| told_together.contains(qualifier));
            qualifiers.extend(told.map(|(qualifier, value)| (*qualifier, value.clone())));
        }
        qualifiers
    }

    /// The claim whose wording and qualifiers the fact takes over: the most confident one, then the most recent.
    fn best(&self, status: Status) -> &Witness<'_> {
        self.fitting(status).max_by_key(rank).unwrap_or(&self.witnesses[0])
    }

    /// The claims that say what the verdict says. What is known of a holding that ended is told by the claims that
    /// asserted it.
    fn fitting(&self, status: Status) -> impl Iterator<Item = &Witness<'_>> {
        self.witnesses.iter().filter(move |witness| {
            witness.claim.status == status || (status == Status::Ended && witness.claim.status == Status::Asserted)
        })
    }
}

fn rank<'a>(witness: &&Witness<'a>) -> (Confidence, Option<PartialDate>, Reverse<&'a ClaimId>) {
    (witness.claim.confidence, witness.held_at(), Reverse(&witness.claim.id))
}

fn date_qualifier(qualifiers: &Qualifiers, qualifier: Qualifier) -> Option<PartialDate> {
    match qualifiers.get(&qualifier) {
        Some(QualifierValue::Date(date)) => Some(*date),
        _ => None,
    }
}

/// The first date; told more exactly by another one that lies within it.
fn earliest(dates: impl Iterator<Item = PartialDate>) -> Option<PartialDate> {
    let dates: BTreeSet<PartialDate> = dates.collect();
    let first = *dates.first()?;
    let within = |date: &&PartialDate| date.last_day() <= first.last_day();
    let exactness = |date: PartialDate| (date.month_number().is_some(), date.day_number().is_some());
    dates.iter().filter(within).max_by_key(|date| (exactness(**date), Reverse(**date))).copied()
}

/// What rows and imports tell. Of several periods of one subject, predicate and object the current, else the last one has
/// the id that texts speak of; the others are facts of their own, so that an older figure is found on its day. Where two
/// tell of one period the first one stands: rows before imports, these by their source.
fn reference_facts(knowledge: &Knowledge<'_>, imports: &Imports, identity: &Identity) -> Facts {
    let later = |validity: &Validity| (validity.is_current(), validity.to.map(PartialDate::last_day), validity.from);
    let rows = knowledge.reference.facts().map(|row| reference_fact(&row, identity, knowledge.schema));
    let told = rows.chain(import::facts(imports, identity, knowledge));
    // Two rows that somebody judged to be one tell nothing of each other.
    let mut told: Vec<Box<Fact>> =
        told.filter(|fact| fact.object.entity() != Some(&fact.subject)).map(Box::new).collect();
    told.sort_by(|one, other| one.id.cmp(&other.id).then_with(|| later(&other.validity).cmp(&later(&one.validity))));
    let mut facts = Facts::new();
    let mut latest: Option<FactId> = None;
    for mut fact in told {
        match latest.as_ref().filter(|id| **id == fact.id).and_then(|id| facts.get(id)) {
            None => {
                latest = Some(fact.id.clone());
                facts.insert(fact.id.clone(), fact);
            }
            Some(known) if is_of_its_own(&fact, known) => {
                fact.id = Fact::mint_id(&fact.subject, &fact.predicate, &fact.object, &period_key(&fact.validity));
                facts.entry(fact.id.clone()).or_insert(fact);
            }
            Some(_) => {}
        }
    }
    facts
}

/// Whether a fact tells of another period than the latest one. Without dates it does so only by another share: a register
/// that leaves the dates out means the same holding.
fn is_of_its_own(fact: &Fact, latest: &Fact) -> bool {
    let period = |fact: &Fact| (fact.validity.from, fact.validity.to);
    period(fact) != period(latest)
        && (period(fact) != (None, None) || stated_share(&fact.qualifiers) != stated_share(&latest.qualifiers))
}

/// Whether it is a fact of its own beside a later one between the same two.
pub(crate) fn is_one_of_several(fact: &Fact) -> bool {
    let is_latest = || fact.id == Fact::mint_id(&fact.subject, &fact.predicate, &fact.object, "");
    fact.object.entity().is_some() && !is_latest()
}

/// The id of the fact without dates that a register may tell beside this one.
pub(crate) fn undated_id(fact: &Fact) -> FactId {
    Fact::mint_id(&fact.subject, &fact.predicate, &fact.object, &period_key(&Validity::default()))
}

/// What tells two periods of one holding apart: `2015..2018-03`.
fn period_key(validity: &Validity) -> String {
    let date = |date: Option<PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
    format!("{}..{}", date(validity.from), date(validity.to))
}

fn reference_fact(row: &ReferenceFact, identity: &Identity, schema: &Schema) -> Fact {
    let [mut subject, mut object] = [&row.subject, &row.object].map(|end| identity.stands_for(end).clone());
    if schema.predicate(&row.predicate).is_some_and(|predicate| predicate.symmetric) && object < subject {
        std::mem::swap(&mut subject, &mut object);
    }
    let object = FactObject::Entity(object);
    let mut qualifiers = row.qualifiers.clone();
    qualifiers.retain(|qualifier, _| !is_told_otherwise(*qualifier, &object));
    let ended = row.validity.ended && row.validity.to.is_none();
    Fact {
        id: Fact::mint_id(&subject, &row.predicate, &object, ""),
        subject,
        predicate: Arc::clone(&row.predicate),
        object,
        qualifiers,
        status: if ended { Status::Ended } else { Status::Asserted },
        confidence: Confidence::ONE,
        validity: Validity { ended: !row.validity.is_current(), ..row.validity },
        basis: Basis::Reference,
        unverified: row.source.is_none(),
        support: 0,
        publishers: 0,
        claims: Vec::new(),
        premises: Vec::new(),
        because: row.source.clone(),
        conflict: None,
    }
}

/// A fact that texts and the reference data both know. A row with a source tells what holds. An unverified one gives way
/// to what texts assert, deny or say to have ended, and fills in validity; over plans and rumours it stands. So does its
/// end over texts from before it: only an assertion wholly after the end opens the fact again.
fn united(text: Fact, asserted_at: Option<PartialDate>, row: Fact) -> Fact {
    let is_open = || {
        let after = |end: PartialDate| asserted_at.is_some_and(|date| date.first_day() > end.last_day());
        row.validity.is_current() || row.validity.to.is_some_and(after)
    };
    let text_decides = match text.status {
        Status::Asserted => row.unverified && is_open(),
        Status::Ended | Status::Denied => row.unverified,
        Status::Planned | Status::Conditional | Status::Reported => false,
    };
    if text_decides {
        let to = text.validity.to;
        let from = text.validity.from.or(row.validity.from.filter(|_| text.status == Status::Asserted));
        let from = from.filter(|from| to.is_none_or(|to| from.first_day() <= to.last_day()));
        return Fact { validity: Validity { from, ..text.validity }, ..text };
    }
    let mut qualifiers = text.qualifiers;
    qualifiers.extend(row.qualifiers);
    Fact { qualifiers, support: text.support, publishers: text.publishers, conflict: text.conflict, ..row }
}

/// See the head of this file.
fn hold_against_subject(fact: &mut Fact, knowledge: &Knowledge<'_>, ended: &BTreeMap<EntityId, Option<PartialDate>>) {
    if fact.status != Status::Asserted {
        return;
    }
    let predicate = knowledge.schema.predicate(&fact.predicate);
    let other = fact.object.entity().filter(|_| predicate.is_some_and(|predicate| predicate.symmetric));
    let row = |entity| knowledge.reference.entity(entity);
    let is_draft = |row: ReferenceEntity| row.lifecycle == Some(Lifecycle::Draft);
    if fact.object.entity().is_some() && row(&fact.subject).is_some_and(is_draft) {
        fact.status = Status::Planned;
        return;
    }
    let end_of = |entity| match row(entity) {
        Some(row) if row.has_ended() => Some(row.validity.to),
        _ => ended.get(entity).copied(),
    };
    let ends = [Some(&fact.subject), other].into_iter().flatten().filter_map(end_of);
    let first = ends.min_by_key(|to| to.map(PartialDate::last_day));
    if let Some(to) = first
        && fact.validity.is_current()
        && !predicate.is_some_and(|predicate| predicate.outlives_subject)
    {
        let from = fact.validity.from.filter(|from| to.is_none_or(|to| from.first_day() <= to.last_day()));
        fact.validity = Validity { from, to, ended: true };
        if to.is_none() {
            fact.status = Status::Ended;
        }
    }
}

fn mark_other_values(facts: &mut Facts, schema: &Schema) {
    let mut values: BTreeMap<(EntityId, Arc<str>), Vec<FactId>> = BTreeMap::new();
    for fact in facts.values() {
        let functional = schema.predicate(&fact.predicate).is_some_and(|predicate| predicate.functional);
        if functional && fact.status == Status::Asserted && fact.validity.is_current() {
            values.entry((fact.subject.clone(), Arc::clone(&fact.predicate))).or_default().push(fact.id.clone());
        }
    }
    for ids in values.into_values() {
        let disagreeing: Vec<FactId> = ids
            .iter()
            .filter(|id| ids.iter().any(|other| contradict(&facts[*id].object, &facts[other].object)))
            .cloned()
            .collect();
        for id in disagreeing {
            if let Some(fact) = facts.get_mut(&id) {
                fact.conflict = fact.conflict.or(Some(Conflict::OtherValue));
            }
        }
    }
}

/// Two objects of a functional predicate. A year and a month of it do not contradict each other.
fn contradict(one: &FactObject, other: &FactObject) -> bool {
    match (one, other) {
        (FactObject::Value(Value::Date(one)), FactObject::Value(Value::Date(other))) => {
            one.last_day() < other.first_day() || other.last_day() < one.first_day()
        }
        (FactObject::Value(one), FactObject::Value(other)) => one.key() != other.key(),
        (one, other) => one != other,
    }
}
