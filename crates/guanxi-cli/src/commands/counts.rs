//! What a store holds, counted by class, predicate and status: shared by `build -v` and `info --counts`.

use std::collections::BTreeMap;

use guanxi::graph::Generation;
use guanxi::model::{Basis, Status};

use crate::output::rows::Rows;

/// Entities by class, facts by basis and predicate, each with its statuses.
pub fn rows(generation: &Generation) -> Rows {
    let mut columns = vec!["what", "which", "number"];
    columns.extend(Status::ALL.iter().map(|status| status.name()));
    let mut rows = Rows::new(&columns);
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for entity in generation.each_entity() {
        *classes.entry(entity.class.to_string()).or_default() += 1;
    }
    for (class, number) in classes {
        let mut row = vec!["entities of class".to_owned(), class, number.to_string()];
        row.resize(columns.len(), String::new());
        rows.rows.push(row);
    }
    let mut facts: BTreeMap<(Basis, String), BTreeMap<Status, usize>> = BTreeMap::new();
    for fact in generation.each_fact() {
        let statuses = facts.entry((fact.basis, fact.predicate.to_string())).or_default();
        *statuses.entry(fact.status).or_default() += 1;
    }
    for ((basis, predicate), statuses) in facts {
        let all: usize = statuses.values().sum();
        let mut row = vec![what(basis).to_owned(), predicate, all.to_string()];
        let number = |status: &Status| statuses.get(status).map(ToString::to_string).unwrap_or_default();
        row.extend(Status::ALL.iter().map(number));
        rows.rows.push(row);
    }
    rows
}

fn what(basis: Basis) -> &'static str {
    match basis {
        Basis::Text => "facts from texts",
        Basis::Reference => "facts from reference data",
        Basis::Derived => "facts derived",
    }
}
