//! What is told of a node and of an edge: the same columns in every format that has attributes.

use std::collections::BTreeSet;

use guanxi_model::{
    Comparator, Conflict, Decimal, Entity, Fact, FactObject, Money, Number, Qualifier, QualifierKind, QualifierValue,
    Value,
};

use super::source::{Source, share};

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Decimal,
    Integer,
    Flag,
    Texts,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Text(String),
    Decimal(Decimal),
    Integer(u32),
    Flag(bool),
    Texts(Vec<String>),
}

impl Cell {
    /// As one text; several texts as a list in JSON.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Decimal(number) => number.normalize().to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Texts(texts) => serde_json::Value::from(texts.clone()).to_string(),
        }
    }

    /// As a value of JSON.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Decimal(number) => json_number(*number),
            Self::Integer(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Texts(texts) => texts.clone().into(),
        }
    }
}

/// A decimal as a number of JSON: whole where it is, else the nearest double.
pub(super) fn json_number(number: Decimal) -> serde_json::Value {
    let text = number.normalize().to_string();
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(whole), _) => whole.into(),
        (_, Ok(double)) => double.into(),
        _ => text.into(),
    }
}

/// A node: its id, the class that it is of, its best name, and its cells in the order of [`node_columns`].
pub(super) struct Node {
    pub id: String,
    pub class: String,
    pub label: String,
    pub cells: Vec<Option<Cell>>,
}

/// An edge: its id, the ids of its ends, its predicate, and its cells in the order of [`edge_columns`].
pub(super) struct Edge {
    pub id: String,
    pub source: String,
    pub target: String,
    pub predicate: String,
    pub cells: Vec<Option<Cell>>,
}

impl Node {
    /// The cells that hold something, with their columns.
    pub fn told(&self) -> impl Iterator<Item = (Column, &Cell)> {
        node_columns().into_iter().zip(&self.cells).filter_map(|(column, cell)| Some((column, cell.as_ref()?)))
    }
}

impl Edge {
    /// The cells that hold something, with their columns.
    pub fn told(&self) -> impl Iterator<Item = (Column, &Cell)> {
        edge_columns().into_iter().zip(&self.cells).filter_map(|(column, cell)| Some((column, cell.as_ref()?)))
    }
}

/// What is told of a node beside its id. The last four are those of a value.
pub(super) fn node_columns() -> Vec<Column> {
    use Kind::{Decimal, Text, Texts};
    let columns = [
        ("class", Text),
        ("label", Text),
        ("labelZh", Text),
        ("names", Texts),
        ("country", Text),
        ("identifiers", Texts),
        ("amount", Decimal),
        ("currency", Text),
        ("comparator", Text),
        ("date", Text),
    ];
    columns.map(|(name, kind)| Column { name, kind }).into()
}

/// What is told of an edge beside its id, its ends and its predicate.
pub(super) fn edge_columns() -> Vec<Column> {
    use Kind::{Decimal, Flag, Integer, Text, Texts};
    let before = [
        ("label", Text),
        ("labelZh", Text),
        ("status", Text),
        ("confidence", Decimal),
        ("basis", Text),
        ("unverified", Flag),
        ("conflict", Text),
        ("validFrom", Text),
        ("validTo", Text),
        ("ended", Flag),
        ("share", Decimal),
        ("shareMin", Decimal),
        ("shareMax", Decimal),
        ("shareMinExclusive", Flag),
        ("shareMaxExclusive", Flag),
    ];
    let after = [
        ("support", Integer),
        ("publishers", Integer),
        ("because", Text),
        ("quote", Text),
        ("document", Text),
        ("documentSource", Text),
        ("published", Text),
        ("publisher", Text),
        ("claims", Texts),
        ("documents", Texts),
        ("premises", Texts),
    ];
    let column = |(name, kind)| Column { name, kind };
    let beside = beside().map(|qualifier| Column { name: name(qualifier), kind: kind(qualifier) });
    before.map(column).into_iter().chain(beside).chain(after.map(column)).collect()
}

/// The qualifiers that have a column of their own.
fn beside() -> impl Iterator<Item = Qualifier> {
    use Qualifier::{Percent, PercentMax, PercentMaxExclusive, PercentMin, PercentMinExclusive, ValidFrom, ValidTo};
    let elsewhere = [Percent, PercentMin, PercentMax, PercentMinExclusive, PercentMaxExclusive, ValidFrom, ValidTo];
    Qualifier::ALL.iter().copied().filter(move |qualifier| !elsewhere.contains(qualifier))
}

/// `basis` is what the fact rests on.
fn name(qualifier: Qualifier) -> &'static str {
    if qualifier == Qualifier::Basis { "valuationBasis" } else { qualifier.name() }
}

fn kind(qualifier: Qualifier) -> Kind {
    match qualifier.kind() {
        QualifierKind::Decimal => Kind::Decimal,
        QualifierKind::Flag => Kind::Flag,
        QualifierKind::Date | QualifierKind::Text => Kind::Text,
    }
}

impl Source<'_> {
    /// Every entity, then every value that a fact tells.
    pub(super) fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        let values = self.facts().filter_map(|fact| match &fact.object {
            FactObject::Value(value) => Some(of_value(&fact, value)),
            FactObject::Entity(_) => None,
        });
        self.entities().map(|entity| of_entity(&entity)).chain(values)
    }

    /// Every fact.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.facts().map(|fact| self.edge(&fact))
    }

    fn edge(&self, fact: &Fact) -> Edge {
        let text = |text: &str| Some(Cell::Text(text.to_owned()));
        let date = |date: guanxi_model::PartialDate| Cell::Text(date.to_string());
        let set = |flag: bool| flag.then_some(Cell::Flag(true));
        let labels = self.labels(&fact.predicate);
        let share = share(fact);
        let mut cells = vec![
            text(labels.map_or(&*fact.predicate, |labels| &labels.en)),
            labels.and_then(|labels| text(&labels.zh)),
            text(fact.status.name()),
            Some(Cell::Decimal(Decimal::new(fact.confidence.thousandths().into(), 3))),
            text(fact.basis.name()),
            set(fact.unverified),
            fact.conflict.and_then(|conflict| text(conflict_name(conflict))),
            fact.validity.from.map(date),
            fact.validity.to.map(date),
            set(fact.validity.ended),
            share.and_then(|share| share.as_exact()).map(Cell::Decimal),
            share.map(|share| Cell::Decimal(share.min)),
            share.map(|share| Cell::Decimal(share.max)),
            set(share.is_some_and(|share| share.min_exclusive)),
            set(share.is_some_and(|share| share.max_exclusive)),
        ];
        cells.extend(beside().map(|qualifier| fact.qualifiers.get(&qualifier).map(qualifier_cell)));
        cells.extend(self.ground(fact));
        Edge {
            id: fact.id.to_string(),
            source: fact.subject.to_string(),
            target: fact.object.entity().map_or_else(|| value_id(fact), ToString::to_string),
            predicate: fact.predicate.to_string(),
            cells,
        }
    }

    /// What a fact rests on: the last columns.
    fn ground(&self, fact: &Fact) -> Vec<Option<Cell>> {
        let claims = self.claims(fact);
        let best = claims.first();
        let document = best.and_then(|claim| self.document(claim));
        let document = document.as_ref();
        let text = |text: &str| Cell::Text(text.to_owned());
        let texts = |texts: Vec<String>| (!texts.is_empty()).then_some(Cell::Texts(texts));
        let documents: BTreeSet<String> = claims.iter().map(|claim| claim.document.to_string()).collect();
        vec![
            Some(Cell::Integer(fact.support)),
            Some(Cell::Integer(fact.publishers)),
            fact.because.as_deref().map(text),
            best.map(|claim| text(&claim.evidence.text)),
            document.map(|document| text(document.title.as_deref().unwrap_or(&document.name))),
            document.map(|document| text(&document.source)),
            document.and_then(|document| document.published).map(|date| Cell::Text(date.to_string())),
            document.and_then(|document| document.publisher.as_deref()).map(text),
            texts(fact.claims.iter().map(ToString::to_string).collect()),
            texts(documents.into_iter().collect()),
            texts(fact.premises.iter().map(ToString::to_string).collect()),
        ]
    }
}

fn qualifier_cell(value: &QualifierValue) -> Cell {
    match value {
        QualifierValue::Decimal(number) => Cell::Decimal(*number),
        QualifierValue::Date(date) => Cell::Text(date.to_string()),
        QualifierValue::Text(text) => Cell::Text(text.clone()),
        QualifierValue::Flag(flag) => Cell::Flag(*flag),
    }
}

fn conflict_name(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::Denied => "denied",
        Conflict::OtherValue => "otherValue",
    }
}

fn of_entity(entity: &Entity) -> Node {
    let names = entity.names.iter().map(|name| name.text.clone()).collect();
    let identifiers: Vec<String> = entity.identifiers.iter().map(ToString::to_string).collect();
    let cells = vec![
        Some(Cell::Text(entity.class.to_string())),
        Some(Cell::Text(entity.label().to_owned())),
        entity.chinese_label().map(|label| Cell::Text(label.to_owned())),
        Some(Cell::Texts(names)),
        entity.country.clone().map(Cell::Text),
        (!identifiers.is_empty()).then_some(Cell::Texts(identifiers)),
        None,
        None,
        None,
        None,
    ];
    Node { id: entity.id.to_string(), class: entity.class.to_string(), label: entity.label().to_owned(), cells }
}

/// The class of the nodes that stand for values.
const VALUE: &str = "Value";

fn value_id(fact: &Fact) -> String {
    format!("value-{}", fact.id)
}

fn of_value(fact: &Fact, value: &Value) -> Node {
    let (amount, currency, comparator, date) = match value {
        Value::Money(Money { amount, currency, comparator, .. }) => {
            (Some(*amount), currency.clone(), Some(*comparator), None)
        }
        Value::Number(Number { number, comparator, .. }) => (Some(*number), None, Some(*comparator), None),
        Value::Date(date) => (None, None, None, Some(*date)),
    };
    let bound = comparator.filter(|comparator| *comparator != Comparator::Equal);
    let label = value.to_string();
    let cells = vec![
        Some(Cell::Text(VALUE.to_owned())),
        Some(Cell::Text(label.clone())),
        None,
        None,
        None,
        None,
        amount.map(Cell::Decimal),
        currency.map(Cell::Text),
        bound.map(|comparator| Cell::Text(comparator.sign().to_owned())),
        date.map(|date| Cell::Text(date.to_string())),
    ];
    Node { id: value_id(fact), class: VALUE.to_owned(), label, cells }
}
