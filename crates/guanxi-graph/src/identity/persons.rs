//! Persons: a name is not enough, but a name and a firm are.

use std::collections::BTreeMap;

use guanxi_model::{NameKind, Schema};
use guanxi_names::name_key;

use super::bearers::Bearers;
use super::groups::Groups;
use super::pair::{Pair, SAME_FIRM, feature};

/// Persons of one name at one firm.
pub(super) fn at_one_firm(bearers: &Bearers<'_>, groups: &Groups, schema: &Schema) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (name, persons) in by_name(bearers) {
        let mut first_at: BTreeMap<u32, u32> = BTreeMap::new();
        for &person in &persons {
            for firm in firms(bearers, groups, person, schema) {
                let first = *first_at.entry(firm).or_insert(person);
                if first != person {
                    let firm = bearers.names(firm).next().map_or("", |(text, _)| text);
                    let features = vec![feature("name", &name), feature("firm", firm)];
                    pairs.push(Pair::new(first, person, SAME_FIRM, features));
                }
            }
        }
    }
    pairs
}

/// Persons of one name whom nothing else ties, each with the first of them.
pub(super) fn namesakes(bearers: &Bearers<'_>, groups: &Groups) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (name, persons) in by_name(bearers) {
        let mut sets: Vec<u32> = persons.iter().map(|&person| groups.find(person)).collect();
        sets.sort_unstable();
        sets.dedup();
        let Some((&first, others)) = sets.split_first() else { continue };
        pairs.extend(others.iter().map(|&other| Pair::new(first, other, 500, vec![feature("name", &name)])));
    }
    pairs
}

/// Persons that share a full name, by its key.
fn by_name(bearers: &Bearers<'_>) -> BTreeMap<String, Vec<u32>> {
    let mut by_name: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (place, _) in (0..).zip(&bearers.all).filter(|(_, bearer)| bearer.is_person && !bearer.is_apart) {
        for (text, _) in bearers.names(place).filter(|(_, kind)| *kind != NameKind::Short) {
            let persons = by_name.entry(name_key(text)).or_default();
            if persons.last() != Some(&place) {
                persons.push(place);
            }
        }
    }
    by_name.retain(|_, persons| persons.len() > 1);
    by_name
}

/// Whom a person has to do with; an authority only where the person holds office there, for it has to do with many.
fn firms(bearers: &Bearers<'_>, groups: &Groups, person: u32, schema: &Schema) -> Vec<u32> {
    let is_firm = |class: &str| schema.is_a(class, "Organization");
    let is_authority = |class: &str| matches!(class, "Regulator" | "PublicBody" | "Exchange");
    let mut firms: Vec<u32> = bearers
        .links(person)
        .iter()
        .filter(|link| {
            let to = &bearers.all[link.to as usize];
            let holds_office = &*bearers.predicates[link.predicate as usize] == "officerOf";
            !to.is_person && is_firm(&to.class) && (holds_office || !is_authority(&to.class))
        })
        .map(|link| groups.find(link.to))
        .collect();
    firms.sort_unstable();
    firms.dedup();
    firms
}
