//! Names that a document or a row puts side by side: whoever else is called so may be meant.
//!
//! A document that bears two names for an entity ("小红书 (Xiaohongshu)") ties the bearers that other documents know by
//! either name alone. The tie holds only if the name is unambiguous: if all who bear it are one by other names already.
//! Persons are never tied by a name alone.

use std::collections::BTreeMap;

use guanxi_model::{NameKind, Schema};
use guanxi_names::compare::{FormAgreement, NameParts};
use guanxi_names::{is_minted_from, name_key};

use super::bearers::Bearers;
use super::groups::Groups;
use super::pair::{Pair, STATED, feature};

/// Most pairs that are kept as candidates for one ambiguous name.
const MOST_CANDIDATES: usize = 8;

/// One name within one family: who is known by it and nothing else, or whose row bears it, and who else bears it.
pub(super) struct Tie<'a> {
    name: &'a str,
    owners: Vec<u32>,
    bearers: Vec<u32>,
}

impl Tie<'_> {
    /// The pairs that the name makes one, as sets stand now.
    pub fn pairs(&self, groups: &Groups) -> Vec<Pair> {
        let mut same = self.owners.clone();
        if self.is_unambiguous(groups) {
            same.extend(&self.bearers);
        }
        let Some((&first, others)) = same.split_first() else { return Vec::new() };
        others.iter().map(|&other| self.pair(first, other)).collect()
    }

    /// The pairs that it may make one, where several bear it.
    pub fn candidates(&self, groups: &Groups) -> Vec<Pair> {
        if self.is_unambiguous(groups) {
            return Vec::new();
        }
        let owners = self.owners.iter().take(1);
        let all = owners.flat_map(|&owner| self.bearers.iter().map(move |&bearer| self.pair(owner, bearer)));
        all.take(MOST_CANDIDATES).collect()
    }

    fn is_unambiguous(&self, groups: &Groups) -> bool {
        self.bearers.windows(2).all(|pair| groups.find(pair[0]) == groups.find(pair[1]))
    }

    fn pair(&self, one: u32, other: u32) -> Pair {
        Pair::new(one, other, STATED, vec![feature("name", self.name)])
    }
}

/// Every name that ties somebody, in the order of families and keys.
pub(super) fn ties<'a>(bearers: &Bearers<'a>, schema: &'a Schema) -> Vec<Tie<'a>> {
    let mut borne: Vec<(&str, String, u32, &str)> = Vec::new();
    for (place, bearer) in (0..).zip(&bearers.all) {
        let Some(family) = schema.family(&bearer.class).filter(|_| !bearer.is_person && !bearer.is_apart) else {
            continue;
        };
        borne.extend(telling_names(bearers, place).into_iter().map(|(key, name)| (family, key, place, name)));
    }
    borne.sort_unstable();
    let same_name = |a: &(&str, String, u32, &str), b: &(&str, String, u32, &str)| (a.0, &a.1) == (b.0, &b.1);
    borne.chunk_by(same_name).filter(|borne| borne.len() > 1).filter_map(|borne| tie(bearers, borne)).collect()
}

fn tie<'a>(bearers: &Bearers<'a>, borne: &[(&'a str, String, u32, &'a str)]) -> Option<Tie<'a>> {
    let (family, _, _, name) = borne[0];
    let bearer = |place: u32| &bearers.all[place as usize];
    // A name of two reference rows tells nothing, nor does one with two legal forms.
    let rows = borne.iter().filter(|(_, _, place, _)| bearer(*place).row.is_some()).count();
    if rows > 1 || has_contradicting_forms(borne) {
        return None;
    }
    let is_minted = |place: u32| is_minted_from(bearer(place).id, family, name);
    let (minted, others): (Vec<u32>, Vec<u32>) =
        borne.iter().map(|(_, _, place, _)| *place).partition(|&place| is_minted(place));
    let (row, others): (Vec<u32>, Vec<u32>) = others.into_iter().partition(|&place| bearer(place).row.is_some());
    // Namesakes: whom of them the name means, nobody knows.
    let minted = if minted.len() > 1 { Vec::new() } else { minted };
    Some(Tie { name, owners: [minted, row].concat(), bearers: others })
}

fn has_contradicting_forms(borne: &[(&str, String, u32, &str)]) -> bool {
    if borne.iter().all(|(.., name)| *name == borne[0].3) {
        return false;
    }
    let forms: Vec<_> = borne.iter().map(|(.., name)| NameParts::read(name).legal_forms()).collect();
    forms
        .iter()
        .enumerate()
        .any(|(place, one)| forms[place + 1..].iter().any(|other| one.agreement(*other) == FormAgreement::Contradict))
}

/// The names of a bearer that can stand for it elsewhere, by key: full names; short ones unless they are initials or
/// merely part of a full name ("Tencent" for Tencent Music is no name to merge by).
fn telling_names<'a>(bearers: &Bearers<'a>, bearer: u32) -> BTreeMap<String, &'a str> {
    let names: BTreeMap<(&str, NameKind), String> =
        bearers.names(bearer).map(|(text, kind)| ((text, kind), name_key(text))).collect();
    let full: Vec<&String> =
        names.iter().filter(|((_, kind), _)| *kind != NameKind::Short).map(|(_, key)| key).collect();
    let mut telling: BTreeMap<String, &str> = BTreeMap::new();
    for ((text, kind), key) in &names {
        let initials = key.is_ascii() && key.chars().filter(char::is_ascii_alphabetic).count() <= 4;
        let part = full.iter().any(|name| *name != key && name.contains(key.as_str()));
        if !key.is_empty() && (*kind != NameKind::Short || !(initials || part)) {
            // The order of names makes it the least text of the key.
            telling.entry(key.clone()).or_insert(text);
        }
    }
    telling
}
