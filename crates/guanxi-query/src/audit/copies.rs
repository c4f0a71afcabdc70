//! Texts that are copies of each other, under publishers that count as independent.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use guanxi_model::{ClaimId, Document, DocumentId, Fact, Status};
use guanxi_names::fold;
use rustc_hash::FxHasher;

use super::dossier::{Dossier, Told};
use super::{Check, Finding, Severity};

pub(super) const CHECK: Check = Check {
    name: "copies",
    looks_for: "Two texts of different publishers that tell the same in nearly the same words, and the facts that count them as \
                two voices.",
    leaves_out: "Texts that share fewer than three quotes, or less than half of the shorter one's: a quote from one press \
                 release makes no copy.",
    find,
};

/// Length of a shingle, in characters.
const SHINGLE: usize = 5;
/// Quotes shorter than this are alike by chance.
const LEAST_SHINGLES: usize = 16;
/// Least share of common shingles, in hundredths, at which two quotes are near-equal.
const ALIKE: usize = 80;
/// Least number of near-equal quotes in two texts.
const LEAST_QUOTES: usize = 3;
/// Size of the sketch by which quotes find each other: its least hashes.
const SKETCH: usize = 8;
/// A shingle that more quotes share than this says nothing.
const COMMON: usize = 64;

fn find(dossier: &Dossier<'_>) -> Vec<Finding> {
    let quotes = quotes(dossier);
    let mut of_document: BTreeMap<&DocumentId, BTreeSet<usize>> = BTreeMap::new();
    for (index, quote) in quotes.iter().enumerate() {
        of_document.entry(&quote.told.claim.document).or_default().insert(index);
    }
    let mut alike: BTreeMap<(&DocumentId, &DocumentId), BTreeSet<(usize, usize)>> = BTreeMap::new();
    for (one, other) in candidates(&quotes) {
        let (a, b) = (&quotes[one].told.claim.document, &quotes[other].told.claim.document);
        if a != b && are_alike(&quotes[one].shingles, &quotes[other].shingles) && is_other_voice(dossier, a, b) {
            let pair = if a < b { (one, other) } else { (other, one) };
            alike.entry((a.min(b), a.max(b))).or_default().insert(pair);
        }
    }
    let finding = |((one, other), pairs): ((&DocumentId, &DocumentId), BTreeSet<(usize, usize)>)| {
        let in_first: BTreeSet<usize> = pairs.iter().map(|pair| pair.0).collect();
        let in_second: BTreeSet<usize> = pairs.iter().map(|pair| pair.1).collect();
        let common = in_first.len().min(in_second.len());
        let shorter = of_document[one].len().min(of_document[other].len());
        (common >= LEAST_QUOTES && common * 2 >= shorter).then(|| {
            let told = in_first.iter().chain(&in_second).map(|&index| quotes[index].told);
            tell(dossier, one, other, told, common, shorter)
        })
    };
    alike.into_iter().filter_map(finding).collect()
}

fn tell<'t>(
    dossier: &Dossier<'_>,
    one: &DocumentId,
    other: &DocumentId,
    told: impl Iterator<Item = &'t Told>,
    common: usize,
    shorter: usize,
) -> Finding {
    let shared = shared_facts(dossier, one, other);
    let severity = if shared.is_empty() { Severity::Notice } else { Severity::Warning };
    let mut finding = dossier.about_claims(CHECK.name, severity, told);
    let mut called = [one, other].map(|id| voice(dossier.document(id)));
    called.sort();
    finding.message = format!("{} print the same text", called.join(" and "));
    let counts = shared.iter().map(|fact| {
        let object = fact.object.entity().map_or_else(|| "a value".to_owned(), |object| dossier.name(object));
        let statement = format!("{} —{}→ {object}", dossier.name(&fact.subject), fact.predicate);
        format!("{statement}: {} publishers, without the copy {}", fact.publishers, fact.publishers - 1)
    });
    let counts: Vec<String> = counts.collect();
    let first = format!("{common} of {shorter} quotes are near-equal");
    finding.arithmetic = Some([vec![first], counts].concat().join("; "));
    finding.settled_by = "which of them wrote it first: the other is no second witness".into();
    finding
}

fn voice(document: &Document) -> String {
    let publisher = document.publisher.as_deref().unwrap_or("an unnamed publisher");
    format!("{} ({publisher})", document.name)
}

/// Documents count as two voices if they name different publishers, or one of them names none.
fn is_other_voice(dossier: &Dossier<'_>, one: &DocumentId, other: &DocumentId) -> bool {
    let publisher = |id| dossier.document(id).publisher.as_deref().map(fold);
    publisher(one).is_none_or(|one| publisher(other) != Some(one))
}

/// Facts that both documents support, and that more than one publisher is counted for.
fn shared_facts<'a>(dossier: &'a Dossier<'_>, one: &DocumentId, other: &DocumentId) -> Vec<&'a Fact> {
    let of = |document: &DocumentId| -> BTreeSet<&ClaimId> {
        let told = dossier.told.iter().filter(|told| told.claim.document == *document && !told.is(Status::Denied));
        told.map(|told| &told.claim.id).collect()
    };
    let (first, second) = (of(one), of(other));
    let supported = |fact: &&Fact, by: &BTreeSet<&ClaimId>| fact.claims.iter().any(|claim| by.contains(claim));
    let facts = dossier.facts.iter().filter(|fact| fact.publishers > 1);
    facts.filter(|fact| supported(fact, &first) && supported(fact, &second)).collect()
}

struct Quote<'a> {
    told: &'a Told,
    shingles: BTreeSet<u64>,
}

/// One for each stretch that claims quote.
fn quotes<'a>(dossier: &'a Dossier<'_>) -> Vec<Quote<'a>> {
    let mut seen = BTreeSet::new();
    let mut quotes = Vec::new();
    for told in &dossier.told {
        let shingles = shingles(&told.claim.evidence.text);
        if shingles.len() >= LEAST_SHINGLES && seen.insert((&told.claim.document, told.claim.evidence.span)) {
            quotes.push(Quote { told, shingles });
        }
    }
    quotes
}

fn shingles(text: &str) -> BTreeSet<u64> {
    let letters: Vec<char> = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    letters.windows(SHINGLE).map(hash).collect()
}

fn hash(shingle: &[char]) -> u64 {
    let mut hasher = FxHasher::default();
    shingle.hash(&mut hasher);
    hasher.finish()
}

/// Pairs of quotes that share one of their least hashes, the smaller index first.
fn candidates(quotes: &[Quote<'_>]) -> BTreeSet<(usize, usize)> {
    let mut by_hash: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, quote) in quotes.iter().enumerate() {
        for &hash in quote.shingles.iter().take(SKETCH) {
            by_hash.entry(hash).or_default().push(index);
        }
    }
    let mut pairs = BTreeSet::new();
    for sharing in by_hash.values().filter(|sharing| sharing.len() <= COMMON) {
        for (position, &one) in sharing.iter().enumerate() {
            pairs.extend(sharing[position + 1..].iter().map(|&other| (one, other)));
        }
    }
    pairs
}

fn are_alike(one: &BTreeSet<u64>, other: &BTreeSet<u64>) -> bool {
    let common = one.intersection(other).count();
    let all = one.len() + other.len() - common;
    common * 100 >= all * ALIKE
}
