//! What people decided against the reading of a text, in a file that is kept under version control.
//!
//! ```toml
//! [[claim]]
//! claim = "5d1e33c0…"
//! document = "9f2c41d0…"
//! predicate = "investsIn"
//! subject = "Tencent"
//! object = "小红书"
//! status = "asserted"
//! verdict = "rejected"
//! quote = "Tencent, which did not invest in 小红书, …"
//! because = "the text says that it did not"
//!
//! [[entity]]
//! one = "cn-ant-group"
//! other = "agent-68c1d49f8324367e"
//! verdict = "same"
//! names = ["Ant Group", "Ant Financial"]
//! author = "lw"
//! because = "renamed in 2020, the same legal person"
//! ```
//!
//! An entry is a table in an array that is named after what is judged. Entries stand in a fixed order, each value on a
//! line of its own, so that two people's decisions merge like text. Another kind of judgement is another field of
//! [`Judgements`], with an arm in [`Judgements::load`] and a line in [`Judgements::text`].

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::str::FromStr;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::data_file::{DataError, DataFile, unknown};
use crate::named::named_enum;
use crate::{ClaimId, DocumentId, EntityId, Status};

/// The kinds of judgement, as their tables are named.
const KINDS: [&str; 2] = ["claim", "entity"];

/// Digits of the id of a claim, which is half a hash.
const CLAIM_DIGITS: usize = 32;
/// Digits of the id of a document, which is a hash.
const DOCUMENT_DIGITS: usize = 64;

const HEAD: &str = "\
# What people decided against the reading of texts. `guanxi claim reject` and `restore`, `guanxi entity merge`, `split`,
# `different` and `undo` write this file: one entry a decision, in a fixed order, made to be kept under version control.
# What is to be said stands in `because`; comments do not outlive the next change.
";

named_enum! {
    /// What was decided of a claim.
    Verdict {
        /// The text does not say this.
        Rejected "rejected",
    }
}

/// A decision on one claim.
///
/// It says more than the claim's id, which other rules may mint anew: a claim of the same document, predicate, ends and
/// status is the same claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimJudgement {
    /// The claim that was looked at.
    pub claim: ClaimId,
    /// Its document.
    pub document: DocumentId,
    /// Its predicate.
    pub predicate: String,
    /// What the document calls its subject.
    pub subject: String,
    /// What the document calls its object; a value as it is printed.
    pub object: String,
    /// Its status.
    pub status: Status,
    /// What was decided.
    pub verdict: Verdict,
    /// The words that it rests on.
    pub quote: String,
    /// Why it was decided so.
    pub because: String,
}

named_enum! {
    /// Whether two nodes are one.
    Sameness {
        /// They are one.
        Same "same",
        /// They may be: they stay two until somebody knows.
        Unsure "unsure",
        /// They are two.
        Different "different",
    }
}

/// A decision on two entities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityJudgement {
    /// One of them, the lesser id: a row's id, one minted from a name, or such an id with `-` and the beginning of a
    /// document's hash, which means whom that document alone calls so.
    pub one: EntityId,
    /// The other.
    pub other: EntityId,
    /// What was decided.
    pub verdict: Sameness,
    /// What the two were called when it was decided, for whoever reads the file.
    pub names: [String; 2],
    /// Who decided it; empty where nobody says.
    pub author: String,
    /// Why it was decided so.
    pub because: String,
}

impl EntityJudgement {
    /// A decision in its one form, the lesser id first.
    pub fn new(
        [one, other]: [(EntityId, String); 2],
        verdict: Sameness,
        author: impl Into<String>,
        because: impl Into<String>,
    ) -> Self {
        let ((one, name), (other, other_name)) = if other.0 < one.0 { (other, one) } else { (one, other) };
        Self { one, other, verdict, names: [name, other_name], author: author.into(), because: because.into() }
    }

    /// Whether it is about this entity.
    pub fn is_on(&self, entity: &EntityId) -> bool {
        self.one == *entity || self.other == *entity
    }

    fn key(&self) -> (EntityId, EntityId) {
        (self.one.clone(), self.other.clone())
    }
}

/// Everything that people decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgements {
    claims: BTreeMap<(DocumentId, ClaimId), ClaimJudgement>,
    entities: BTreeMap<(EntityId, EntityId), EntityJudgement>,
}

impl Judgements {
    /// Reads a file of judgements.
    ///
    /// # Errors
    /// What is no TOML; a kind of judgement that is not known; an entry with a key too many, too few, or of no meaning;
    /// two entries on one claim that differ. Each with its line.
    pub fn load(file: DataFile<'_>) -> Result<Self, Vec<DataError>> {
        let mut judgements = Self::default();
        let mut errors = Vec::new();
        for (kind, entries) in file.parse()?.into_inner() {
            let (at, kind) = (kind.span().start, kind.into_inner());
            match (&*kind, tables(entries)) {
                ("claim", Some(entries)) => {
                    for entry in entries {
                        errors.extend(judgements.read_claim(file, entry).err().into_iter().flatten());
                    }
                }
                ("entity", Some(entries)) => {
                    for entry in entries {
                        errors.extend(judgements.read_entity(file, entry).err().into_iter().flatten());
                    }
                }
                (known, None) if KINDS.contains(&known) => {
                    errors.push(file.error(at, "", format!("write each judgement as an entry: [[{known}]]")));
                }
                (other, _) => errors.push(file.error(at, "", unknown("kind of judgement", other, KINDS))),
            }
        }
        if errors.is_empty() { Ok(judgements) } else { Err(errors) }
    }

    /// The text of the file: equal judgements, equal bytes.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for judgement in self.claims() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "\n[[claim]]");
            for (key, value) in [
                ("claim", judgement.claim.as_str()),
                ("document", judgement.document.as_str()),
                ("predicate", &judgement.predicate),
                ("subject", &judgement.subject),
                ("object", &judgement.object),
                ("status", judgement.status.name()),
                ("verdict", judgement.verdict.name()),
                ("quote", &judgement.quote),
                ("because", &judgement.because),
            ] {
                let _ = writeln!(text, "{key} = {}", quoted(value));
            }
        }
        for judgement in self.entities() {
            let [name, other_name] = judgement.names.each_ref().map(|name| quoted(name));
            let _ = writeln!(text, "\n[[entity]]");
            let _ = writeln!(text, "one = {}", quoted(judgement.one.as_str()));
            let _ = writeln!(text, "other = {}", quoted(judgement.other.as_str()));
            let _ = writeln!(text, "verdict = {}", quoted(judgement.verdict.name()));
            let _ = writeln!(text, "names = [{name}, {other_name}]");
            if !judgement.author.is_empty() {
                let _ = writeln!(text, "author = {}", quoted(&judgement.author));
            }
            let _ = writeln!(text, "because = {}", quoted(&judgement.because));
        }
        text
    }

    /// Whether nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty() && self.entities.is_empty()
    }

    /// The decisions on claims, by document and claim.
    pub fn claims(&self) -> impl Iterator<Item = &ClaimJudgement> {
        self.claims.values()
    }

    /// Notes a decision, in place of an older one on the same claim.
    pub fn judge(&mut self, judgement: ClaimJudgement) {
        self.claims.insert((judgement.document.clone(), judgement.claim.clone()), judgement);
    }

    /// What was decided on the same claim of the same document.
    pub fn on(&self, judgement: &ClaimJudgement) -> Option<&ClaimJudgement> {
        self.claims.get(&(judgement.document.clone(), judgement.claim.clone()))
    }

    /// Takes the decision on a claim back; `None` if there was none.
    pub fn withdraw(&mut self, claim: &ClaimId) -> Option<ClaimJudgement> {
        let key = self.claims.keys().find(|(_, known)| known == claim)?.clone();
        self.claims.remove(&key)
    }

    /// Notes somebody else's decision, unless there is one on the same claim.
    pub fn add(&mut self, judgement: ClaimJudgement) {
        self.claims.entry((judgement.document.clone(), judgement.claim.clone())).or_insert(judgement);
    }

    /// The decisions on pairs of entities, by their ids.
    pub fn entities(&self) -> impl Iterator<Item = &EntityJudgement> {
        self.entities.values()
    }

    /// What was decided on these two, in either order.
    pub fn on_entities(&self, one: &EntityId, other: &EntityId) -> Option<&EntityJudgement> {
        let key = if other < one { (other, one) } else { (one, other) };
        self.entities.get(&(key.0.clone(), key.1.clone()))
    }

    /// Notes a decision on two entities, in place of an older one on the same two.
    pub fn judge_entities(&mut self, judgement: EntityJudgement) {
        self.entities.insert(judgement.key(), judgement);
    }

    /// Takes the decision on two entities back; `None` if there was none.
    pub fn withdraw_entities(&mut self, one: &EntityId, other: &EntityId) -> Option<EntityJudgement> {
        let key = self.on_entities(one, other)?.key();
        self.entities.remove(&key)
    }

    /// Notes somebody else's decision on two entities, unless there is one on the same two.
    pub fn add_entities(&mut self, judgement: EntityJudgement) {
        self.entities.entry(judgement.key()).or_insert(judgement);
    }

    /// Drops whatever was decided on these documents, for it quotes them; how many entries that were.
    pub fn forget(&mut self, documents: &BTreeSet<DocumentId>) -> usize {
        let before = self.claims.len();
        self.claims.retain(|(document, _), _| !documents.contains(document));
        before - self.claims.len()
    }

    fn read_entity(&mut self, file: DataFile<'_>, entry: Spanned<DeTable<'_>>) -> Result<(), Vec<DataError>> {
        let at = entry.span().start;
        let judgement = entity_judgement(file, at, file.read(entry, "")?)?;
        match self.entities.entry(judgement.key()) {
            Entry::Occupied(known) if *known.get() != judgement => {
                let name = judgement.one.as_str();
                Err(vec![file.error(at, name, "the two are judged twice, and not alike: keep one of the entries")])
            }
            Entry::Occupied(_) => Ok(()),
            Entry::Vacant(place) => {
                place.insert(judgement);
                Ok(())
            }
        }
    }

    fn read_claim(&mut self, file: DataFile<'_>, entry: Spanned<DeTable<'_>>) -> Result<(), Vec<DataError>> {
        let at = entry.span().start;
        let judgement = claim_judgement(file, file.read(entry, "")?)?;
        match self.claims.entry((judgement.document.clone(), judgement.claim.clone())) {
            Entry::Occupied(known) if *known.get() != judgement => {
                let name = judgement.claim.as_str();
                Err(vec![file.error(at, name, "it is judged twice, and not alike: keep one of the entries")])
            }
            // Two people may have decided the same.
            Entry::Occupied(_) => Ok(()),
            Entry::Vacant(place) => {
                place.insert(judgement);
                Ok(())
            }
        }
    }
}

/// An entry on two entities as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntityEntry {
    one: Spanned<String>,
    other: Spanned<String>,
    verdict: Spanned<String>,
    #[serde(default)]
    names: [String; 2],
    #[serde(default)]
    author: String,
    because: String,
}

fn entity_judgement(file: DataFile<'_>, at: usize, entry: EntityEntry) -> Result<EntityJudgement, Vec<DataError>> {
    let (one, other) = (entity_id(file, &entry.one)?, entity_id(file, &entry.other)?);
    let verdict = one_of("verdict", Sameness::ALL, Sameness::name, file, one, &entry.verdict)?;
    if one == other {
        return Err(vec![file.error(at, one, "it is judged against itself: `other` is to be another entity")]);
    }
    let [name, other_name] = entry.names;
    let both = [(EntityId::new(one), name), (EntityId::new(other), other_name)];
    Ok(EntityJudgement::new(both, verdict, entry.author, entry.because))
}

/// An id, if it can be one, and no name. One that nothing in the store has waits for what has it.
fn entity_id<'a>(file: DataFile<'_>, written: &'a Spanned<String>) -> Result<&'a str, Vec<DataError>> {
    let text = written.get_ref();
    let is_id = |byte: u8| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match !text.is_empty() && text.bytes().all(is_id) {
        true => Ok(text),
        false => {
            let message = "no id of an entity: `guanxi entity find` tells the ids of a name";
            Err(vec![file.error(written.span().start, text, message)])
        }
    }
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimEntry {
    claim: Spanned<String>,
    document: Spanned<String>,
    predicate: String,
    subject: String,
    object: String,
    status: Spanned<String>,
    verdict: Spanned<String>,
    quote: String,
    because: String,
}

fn claim_judgement(file: DataFile<'_>, entry: ClaimEntry) -> Result<ClaimJudgement, Vec<DataError>> {
    let claim = id("claim", CLAIM_DIGITS, file, &entry.claim)?;
    Ok(ClaimJudgement {
        status: one_of("status", Status::ALL, Status::name, file, claim, &entry.status)?,
        verdict: one_of("verdict", Verdict::ALL, Verdict::name, file, claim, &entry.verdict)?,
        claim: ClaimId::new(claim),
        document: DocumentId::new(id("document", DOCUMENT_DIGITS, file, &entry.document)?),
        predicate: entry.predicate,
        subject: entry.subject,
        object: entry.object,
        quote: entry.quote,
        because: entry.because,
    })
}

/// An id, if it can be one: an entry that can meet nothing is a slip.
fn id<'a>(
    what: &str,
    digits: usize,
    file: DataFile<'_>,
    written: &'a Spanned<String>,
) -> Result<&'a str, Vec<DataError>> {
    let text = written.get_ref();
    if text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Ok(text);
    }
    let message = format!("no id of a {what}: write its {digits} hexadecimal digits");
    Err(vec![file.error(written.span().start, text, message)])
}

fn one_of<T: FromStr + Copy>(
    what: &str,
    all: &[T],
    name: fn(T) -> &'static str,
    file: DataFile<'_>,
    claim: &str,
    written: &Spanned<String>,
) -> Result<T, Vec<DataError>> {
    let names: Vec<&str> = all.iter().copied().map(name).collect();
    let text = written.get_ref();
    text.parse().map_err(|_| vec![file.error(written.span().start, claim, unknown(what, text, names))])
}

/// The tables of an array of tables.
fn tables<'a>(value: Spanned<DeValue<'a>>) -> Option<Vec<Spanned<DeTable<'a>>>> {
    let DeValue::Array(entries) = value.into_inner() else { return None };
    let table = |entry: Spanned<DeValue<'a>>| {
        let span = entry.span();
        match entry.into_inner() {
            DeValue::Table(table) => Some(Spanned::new(span, table)),
            _ => None,
        }
    };
    entries.into_iter().map(table).collect()
}

/// A string of TOML on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(claim: &str, document: &str) -> ClaimJudgement {
        ClaimJudgement {
            claim: ClaimId::new(claim.repeat(CLAIM_DIGITS)),
            document: DocumentId::new(document.repeat(DOCUMENT_DIGITS)),
            predicate: "investsIn".into(),
            subject: "Tencent \"腾讯\" \\ \u{7}\u{7f}\u{85}".into(),
            object: "小红书".into(),
            status: Status::Asserted,
            verdict: Verdict::Rejected,
            quote: "one line\nand\tanother\r\n".into(),
            because: "it is not said".into(),
        }
    }

    fn load(text: &str) -> Result<Judgements, Vec<String>> {
        let file = DataFile { name: "judgements.toml", text };
        Judgements::load(file).map_err(|errors| errors.iter().map(DataError::to_string).collect())
    }

    #[test]
    fn what_is_written_is_read_back_in_a_fixed_order() {
        let mut judgements = Judgements::default();
        for (claim, document) in [("b", "2"), ("c", "1"), ("a", "2")] {
            judgements.judge(judgement(claim, document));
        }
        let text = judgements.text();
        assert_eq!(load(&text), Ok(judgements.clone()));
        let order: Vec<&str> = judgements.claims().map(|judgement| judgement.claim.as_str()).collect();
        assert_eq!(order, ["c", "a", "b"].map(|id| id.repeat(CLAIM_DIGITS)));
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with(['#', '[']) || line.contains(" = ")));
        let tail = text.split("[[claim]]").last().unwrap_or_default();
        assert_eq!(load(&format!("{text}[[claim]]{tail}")), Ok(judgements.clone()), "the same entry twice is one");
        assert_eq!(judgements.forget(&[judgement("a", "2").document].into()), 2);
        assert!(judgements.withdraw(&judgement("c", "1").claim).is_some() && judgements.is_empty());
        assert_eq!(load(&judgements.text()), Ok(judgements));
    }

    #[test]
    fn decisions_on_entities_are_read_back_whichever_stood_first() {
        let id = EntityId::new;
        let both = [(id("b"), "Beta \"β\"".to_owned()), (id("a"), "Alpha".to_owned())];
        let mut judgements = Judgements::default();
        judgements.judge_entities(EntityJudgement::new(both, Sameness::Different, "lw", "two firms"));
        judgements.judge(judgement("a", "1"));
        let text = judgements.text();
        assert_eq!(load(&text), Ok(judgements.clone()));
        let turned = text.replace("one = \"a\"\nother = \"b\"", "one = \"b\"\nother = \"a\"");
        let turned = turned.replace("[\"Alpha\", \"Beta \\\"β\\\"\"]", "[\"Beta \\\"β\\\"\", \"Alpha\"]");
        assert_ne!(turned, text);
        assert_eq!(load(&turned), Ok(judgements.clone()));
        let error = load(&text.replace("other = \"b\"", "other = \"a\"")).unwrap_err();
        assert!(error[0].contains("judged against itself"), "{error:?}");
        assert!(judgements.withdraw_entities(&id("b"), &id("a")).is_some());
        assert!(judgements.withdraw_entities(&id("a"), &id("b")).is_none());
    }

    #[test]
    fn a_file_that_was_edited_by_hand_says_what_it_said_or_what_is_wrong_in_it() {
        let id = |text: &str| EntityId::new(text);
        let both = |other: &str| [(id("cn-tern"), "Tern".to_owned()), (id(other), "Auk".to_owned())];
        let mut judgements = Judgements::default();
        for (other, verdict) in [("cn-auk", Sameness::Same), ("cn-puffin", Sameness::Different)] {
            judgements.judge_entities(EntityJudgement::new(both(other), verdict, "lw", "seen in its books"));
        }
        let text = judgements.text();
        assert_eq!(load(&text.replace('\n', "\r\n")), Ok(judgements.clone()));
        assert_eq!(load(&format!("\u{feff}{text}")), Ok(judgements.clone()));
        let (_, last) = text.rsplit_once("[[entity]]").unwrap();
        assert_eq!(load(&format!("{text}\n[[entity]]{last}")), Ok(judgements), "the same entry twice is one");

        let contrary = format!("{text}\n[[entity]]{}", last.replace("different", "same"));
        assert_eq!(
            load(&contrary).unwrap_err(),
            ["judgements.toml:21: `cn-puffin`: the two are judged twice, and not alike: keep one of the entries"]
        );
        // Every entry that is wrong is told, in files of Windows too.
        let wrong = text.replace("\"same\"", "\"smae\"").replace("\"cn-puffin\"", "\"Puffin Ltd\"");
        assert_eq!(
            load(&wrong.replace('\n', "\r\n")).unwrap_err(),
            [
                "judgements.toml:8: `cn-auk`: unknown verdict `smae`: did you mean `same`?",
                "judgements.toml:14: `Puffin Ltd`: no id of an entity: `guanxi entity find` tells the ids of a name"
            ]
        );
        let twice = load(&text.replacen("verdict = ", "author = \"me\"\nverdict = ", 1)).unwrap_err();
        assert!(twice.len() == 1 && twice[0].starts_with("judgements.toml:11: duplicate key"), "{twice:?}");
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_line() {
        let mut judgements = Judgements::default();
        judgements.judge(judgement("a", "1"));
        let text = judgements.text();
        let errors = |from: &str, to: &str| load(&text.replace(from, to)).unwrap_err();
        let id = "a".repeat(CLAIM_DIGITS);
        assert_eq!(errors(&id, "zzz"), ["judgements.toml:6: `zzz`: no id of a claim: write its 32 hexadecimal digits"]);
        assert!(
            errors(&"1".repeat(DOCUMENT_DIGITS), "9f2c41d0")[0].starts_with("judgements.toml:7: `9f2c41d0`: no id")
        );
        assert_eq!(
            errors("[[claim]]", "[[clam]]"),
            ["judgements.toml:5: unknown kind of judgement `clam`: did you mean `claim`?"]
        );
        assert_eq!(errors("[[claim]]", "[claim]"), ["judgements.toml:5: write each judgement as an entry: [[claim]]"]);
        assert_eq!(
            errors("because = ", "becuse = "),
            ["judgements.toml:14: unknown key `becuse`: did you mean `because`?"]
        );
        assert_eq!(errors("because = ", "# because = "), ["judgements.toml:5: missing key `because`"]);
        assert_eq!(
            errors("because = ", "why = \"?\"\nbecause = "),
            [
                "judgements.toml:14: unknown key `why`: known are `claim`, `document`, `predicate`, `subject`, `object`, `status`, `verdict`, `quote`, `because`"
            ]
        );
        assert_eq!(
            errors("\"rejected\"", "\"rejectd\""),
            [format!("judgements.toml:12: `{id}`: unknown verdict `rejectd`: did you mean `rejected`?")]
        );
        let other = text.split("[[claim]]").last().unwrap_or_default().replace("not said", "denied");
        let errors = load(&format!("{text}[[claim]]{other}")).unwrap_err();
        assert!(errors[0].contains(&format!(":15: `{id}`: it is judged twice")), "{errors:?}");
        assert!(load("<<<<<<< ours\n").unwrap_err()[0].starts_with("judgements.toml:1: "));
    }
}
