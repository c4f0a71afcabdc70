//! Rules as written → rules checked against the schema and anchored on a word.

use std::sync::{Arc, LazyLock};

use guanxi_model::data_file::{DataFile, nearest};
use guanxi_model::schema::{Predicate, Range, ValueKind};
use guanxi_model::{Qualifier, QualifierValue, Schema, Status};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::RuleError;
use super::anchors::{Anchored, Anchors};
use super::pattern::{self, NamedSlot};
use super::sieve::Needs;
use super::spec::{self, RuleSpec};
use crate::classes::{ClassSet, ClassTable};
use crate::lexicon::WordLists;
use crate::phrases::Gates;

/// Phrases of which any may stand there, longest first; each as token hashes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Literal {
    #[serde(with = "guanxi_model::packed::shared")]
    pub(crate) phrases: Arc<[Vec<u64>]>,
    /// Hash of each phrase's first word with the phrase's index, sorted; and of its last word.
    #[serde(with = "guanxi_model::packed::shared")]
    pub(crate) firsts: Arc<[(u64, u32)]>,
    #[serde(with = "guanxi_model::packed::shared")]
    pub(crate) lasts: Arc<[(u64, u32)]>,
    /// A bit for each first word, and each last one: most words of a text have none of these.
    pub(crate) first_bits: u64,
    pub(crate) last_bits: u64,
    /// Least number of words in a phrase that are not too frequent to look for.
    pub(crate) rare_words: usize,
}

impl Literal {
    pub(crate) fn is_empty(&self) -> bool {
        self.phrases.is_empty()
    }
}

/// What a slot takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SlotKind<L = Literal> {
    Entity(ClassSet),
    Money,
    Percent,
    Date,
    Number,
    NounPhrase,
    /// A few plain words, kept as text: a role, a metric.
    Words,
    /// Money, a percentage or a number.
    Any,
    /// A phrase of a word list, kept as text.
    List(L),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SlotSpec<L = Literal> {
    pub(crate) index: u8,
    pub(crate) kind: SlotKind<L>,
    /// Takes a coordination.
    pub(crate) many: bool,
    /// May be left out: then the text's subject is meant.
    pub(crate) implied: bool,
    /// Takes a name only.
    pub(crate) named: bool,
}

/// One step of a pattern.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Atom<L = Literal> {
    Literal { literal: L, optional: bool },
    Slot(SlotSpec<L>),
    Gap { most: u8, forbidden: L },
    Start,
    End,
}

impl Atom {
    /// The words that must stand here: of a literal, or of a slot filled from a list.
    pub(crate) fn words(&self) -> Option<&Literal> {
        match self {
            Self::Literal { literal, optional: false } => Some(literal),
            Self::Slot(SlotSpec { kind: SlotKind::List(words), .. }) => Some(words),
            _ => None,
        }
    }
}

/// A pattern with the step on which it is anchored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pattern<L = Literal> {
    pub(crate) rule: u32,
    pub(crate) atoms: Vec<Atom<L>>,
    pub(crate) anchor: u8,
    /// Whether the anchor is a word that tells something by itself: no "of", no "in".
    pub(crate) rare: bool,
    /// Number of words that it demands: more words, more trust.
    pub(crate) literals: u8,
}

impl Pattern {
    /// Whether its anchor stands where a verb does: behind a slot, or a slot and words between.
    pub(crate) fn is_verbal(&self) -> bool {
        let mut before =
            self.atoms[..self.anchor as usize].iter().rev().skip_while(|atom| matches!(atom, Atom::Gap { .. }));
        self.rare && matches!(before.next(), Some(Atom::Slot(_)))
    }
}

/// One claim that a rule makes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ClaimLine {
    /// Pinned for this claim alone: of two officers the predecessor has left.
    pub(crate) status: Option<Status>,
    pub(crate) subject: u8,
    #[serde(with = "guanxi_model::packed::shared")]
    pub(crate) predicate: Arc<str>,
    pub(crate) object: u8,
    /// Classes that the schema allows at the two ends.
    pub(crate) domain: Ends,
    pub(crate) range: Ends,
    pub(crate) qualifiers: Vec<(Qualifier, QualifierSource)>,
    /// What the schema lets unclaimed units fill.
    pub(crate) accepts: Vec<Qualifier>,
}

impl ClaimLine {
    /// A claim between two slots, of no status of its own.
    fn new(
        predicate: &Predicate,
        classes: &ClassTable,
        (subject, object): (u8, u8),
        qualifiers: Vec<(Qualifier, QualifierSource)>,
        accepts: Vec<Qualifier>,
    ) -> Self {
        let sets = |names: &[Arc<str>]| Ends::new(names.iter().filter_map(|name| classes.set(name)).collect());
        let domain = sets(&predicate.domain);
        let range = match &predicate.range {
            Range::Classes(names) => sets(names),
            Range::Value(_) => Ends::new(Vec::new()),
        };
        Self { status: None, subject, predicate: predicate.name.clone(), object, domain, range, qualifiers, accepts }
    }
}

/// What may stand at one end of a claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ends {
    /// Any of these classes.
    pub(crate) any: ClassSet,
    /// The same in the schema's order, likeliest first: a founder is rather a person than a firm.
    pub(crate) in_order: Vec<ClassSet>,
}

impl Ends {
    fn new(in_order: Vec<ClassSet>) -> Self {
        Self { any: in_order.iter().fold(ClassSet::NONE, |all, set| all | *set), in_order }
    }
}

/// Where a qualifier comes from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum QualifierSource {
    Slot(u8),
    Fixed(QualifierValue),
}

/// A rule ready to run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Rule {
    /// `invest.led-by@3`
    #[serde(with = "guanxi_model::packed::shared")]
    pub(crate) name: Arc<str>,
    pub(crate) claims: Vec<ClaimLine>,
    pub(crate) status: Option<Status>,
    /// Whether cues outside what it covers leave its status alone.
    pub(crate) presupposed: bool,
    /// In thousandths.
    pub(crate) prior: u16,
    pub(crate) slots: u8,
}

impl Rule {
    /// Its name without the version.
    pub(crate) fn id(&self) -> &str {
        self.name.rsplit_once('@').map_or(&self.name, |(id, _)| id)
    }

    /// Whether it says who owns whom, and nothing else.
    pub(crate) fn is_about_shares(&self) -> bool {
        self.claims.iter().all(|claim| matches!(&*claim.predicate, "owns" | "subsidiaryOf" | "controls"))
    }

    /// Whether it says who holds an office.
    pub(crate) fn is_about_office(&self) -> bool {
        self.claims.iter().any(|claim| &*claim.predicate == "officerOf")
    }
}

/// All rules, found by the words on which they are anchored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rules<L = Literal> {
    pub(crate) rules: Vec<Rule>,
    pub(crate) patterns: Vec<Pattern<L>>,
    /// The patterns by their anchors.
    pub(crate) anchors: Anchors,
    /// First token → phrases that stand where verbs do, on which some pattern is anchored.
    pub(crate) verbs: FxHashMap<u64, Vec<Vec<u64>>>,
    /// Gate of the tokens that are keys of `verbs`; see [`Gates`].
    pub(crate) verb_gate: u64,
    /// What a phrase of plain words may hold the name of: lines of business and products.
    pub(crate) things: ClassSet,
}

/// A rule as written, with its file.
pub(crate) type WrittenRule = (Arc<str>, RuleSpec);

/// Words too frequent to anchor a rule on, unless a slot stands on each side: then one look tells.
const TOO_FREQUENT: [&str; 27] = [
    "the", "a", "an", "of", "in", "to", "and", "by", "for", "on", "at", "with", "is", "was", "has", "had", "as",
    "from", ",", "的", "在", "了", "是", "，", "and", "'s", "'",
];

const SIGNS: [&str; 14] = ["(", ")", "（", "）", "；", ";", "：", ":", "“", "”", "。", ".", "-", "以及"];
const CONJUNCTIONS: [&str; 9] = ["and", "or", ",", "，", "、", "与", "和", "及", "&"];

/// Whether this is the hash of a word too frequent to look for.
pub(super) fn is_too_frequent(hash: u64) -> bool {
    static HASHES: LazyLock<Vec<u64>> =
        LazyLock::new(|| TOO_FREQUENT.iter().map(|word| crate::scan::token_hash(word)).collect());
    HASHES.contains(&hash)
}

/// Reads and checks every file; every error of every file is told.
pub(crate) fn compile<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    schema: &Schema,
    classes: &ClassTable,
    lists: &WordLists,
) -> Result<(Rules, Vec<WrittenRule>), Vec<RuleError>> {
    let mut written = Vec::new();
    let mut rules = Rules { things: classes.union(&["Activity", "Product"]), ..Rules::default() };
    let mut errors = Vec::new();
    for (file, text) in files {
        match spec::read(file, text) {
            Ok(specs) => {
                let source = Source { file, text, schema, classes, lists };
                for spec in specs {
                    if rules.add(&source, &spec, &written, &mut errors) {
                        written.push((file.into(), spec));
                    }
                }
            }
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok((rules, written)) } else { Err(errors) }
}

/// Every run of Chinese characters in the patterns, as written.
pub(crate) fn chinese_words(rules: &[WrittenRule]) -> impl Iterator<Item = &str> {
    let patterns = rules.iter().flat_map(|(_, spec)| &spec.patterns);
    let runs = patterns.flat_map(|line| line.get_ref().split(|c| !crate::scan::is_han(c)));
    runs.filter(|run| !run.is_empty())
}

/// A file being read, with what its rules are checked against.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
    schema: &'a Schema,
    classes: &'a ClassTable,
    lists: &'a WordLists,
}

impl Source<'_> {
    /// The error at a byte of a spanned string: the opening quote is one byte before its text.
    fn error(&self, rule: &str, span: std::ops::Range<usize>, at: usize, message: impl Into<String>) -> RuleError {
        DataFile { name: self.file, text: self.text }.error(span.start + 1 + at, rule, message)
    }
}

impl Rules {
    /// Whether nothing is wrong with the rule, so that it is one of them now.
    fn add(
        &mut self,
        source: &Source<'_>,
        spec: &RuleSpec,
        others: &[WrittenRule],
        errors: &mut Vec<RuleError>,
    ) -> bool {
        let id = spec.id.get_ref().clone();
        let before = errors.len();
        if others.iter().any(|(_, known)| *known.id.get_ref() == id) {
            errors.push(source.error(&id, spec.id.span(), 0, "another rule has this id"));
        }
        errors.extend(spec.lacks().map(|message| source.error(&id, spec.id.span(), 0, message)));
        let mut slots = Vec::new();
        let mut patterns = Vec::new();
        for line in &spec.patterns {
            match pattern::parse(line.get_ref(), &mut slots, source.classes, source.lists) {
                Ok(atoms) => match anchored(atoms, self.rules.len() as u32) {
                    Some(pattern) => patterns.push(pattern),
                    None => errors.push(source.error(
                        &id,
                        line.span(),
                        0,
                        "no word in this pattern is rare enough to look for; add one",
                    )),
                },
                Err(error) => errors.push(source.error(&id, line.span(), error.at, error.message)),
            }
        }
        let mut claims = Vec::new();
        if errors.len() == before {
            for line in &spec.claims {
                match claim_line(line.get_ref(), &slots, source) {
                    Ok(claim) => claims.push(claim),
                    Err(message) => errors.push(source.error(&id, line.span(), 0, message)),
                }
            }
        }
        let status = spec.status.as_ref().and_then(|status| match status.get_ref().parse() {
            Ok(status) => Some(status),
            Err(()) => {
                errors.push(source.error(&id, status.span(), 0, "no such status"));
                None
            }
        });
        if errors.len() > before {
            return false;
        }
        self.rules.push(Rule {
            name: format!("{id}@{}", spec.version).into(),
            claims,
            status,
            presupposed: spec.presupposed,
            prior: (spec.prior.clamp(0.0, 1.0) * 1000.0).round() as u16,
            slots: slots.len() as u8,
        });
        for pattern in patterns {
            self.index(pattern);
        }
        true
    }

    /// Lets the tokens of a text tell whether an anchor begins with them; the rules are complete now.
    pub(crate) fn gate(&mut self, gates: &mut Gates) {
        self.anchors.gate(gates);
        self.verb_gate = gates.bit();
        for &first in self.verbs.keys() {
            gates.add(first, self.verb_gate);
        }
    }

    /// Takes in what a model can say of a pair: a rule whose one pattern nothing leads to. Its number and the pattern's.
    pub(crate) fn add_learned(
        &mut self,
        name: &str,
        predicate: &Predicate,
        turned: bool,
        classes: &ClassTable,
    ) -> (u32, u32) {
        let (rule, pattern) = (self.rules.len() as u32, self.patterns.len() as u32);
        let accepts = predicate.qualifiers.clone();
        let claim = ClaimLine::new(predicate, classes, (u8::from(turned), u8::from(!turned)), Vec::new(), accepts);
        let (name, claims) = (name.into(), vec![claim]);
        self.rules.push(Rule { name, claims, status: None, presupposed: false, prior: 0, slots: 2 });
        self.patterns.push(Pattern { rule, atoms: Vec::new(), anchor: 0, rare: true, literals: 0 });
        (rule, pattern)
    }

    fn index(&mut self, pattern: Pattern) {
        let number = self.patterns.len() as u32;
        let needs = Needs::of(&pattern);
        let verbal = pattern.is_verbal();
        // Words that join or part stand in lists of anchors too; they are no verbs for that.
        let joins: Vec<u64> =
            TOO_FREQUENT.iter().chain(&CONJUNCTIONS).chain(&SIGNS).map(|word| crate::scan::token_hash(word)).collect();
        if let Some(words) = pattern.atoms[pattern.anchor as usize].words() {
            for (which, phrase) in words.phrases.iter().enumerate() {
                let anchored = Anchored { pattern: number, phrase: which as u16, length: phrase.len() as u16, needs };
                self.anchors.add(phrase, anchored);
                if phrase.iter().all(|hash| joins.contains(hash)) {
                    continue;
                }
                let verbs = self.verbs.entry(phrase[0]).or_default();
                if verbal && !verbs.contains(phrase) {
                    verbs.push(phrase.clone());
                }
            }
        }
        self.patterns.push(pattern);
    }
}

/// Picks the step that is rarest in text: the literal whose most frequent phrase is longest.
fn anchored(atoms: Vec<Atom>, rule: u32) -> Option<Pattern> {
    let rarity = |atom: &Atom| {
        let words = atom.words()?;
        (words.rare_words > 0).then_some((words.rare_words, usize::MAX - words.phrases.len()))
    };
    let is_slot = |index: Option<usize>| matches!(index.and_then(|index| atoms.get(index)), Some(Atom::Slot(_)));
    // A conjunction between two slots would be met in every list.
    let joins: Vec<u64> = CONJUNCTIONS.iter().map(|word| crate::scan::token_hash(word)).collect();
    let between_slots = |index: usize| {
        let words = atoms[index].words();
        words.is_some_and(|words| words.phrases.iter().all(|phrase| phrase.iter().any(|hash| !joins.contains(hash))))
            && is_slot(index.checked_sub(1))
            && is_slot(Some(index + 1))
    };
    let rarest = (0..atoms.len())
        .filter_map(|index| Some((rarity(&atoms[index])?, index)))
        .max_by_key(|(rarity, index)| (*rarity, usize::MAX - index));
    let rare = rarest.is_some();
    let anchor = rarest.map(|(_, index)| index).or_else(|| (0..atoms.len()).find(|&index| between_slots(index)))?;
    let literals = atoms.iter().filter(|atom| atom.words().is_some()).count() as u8;
    Some(Pattern { rule, atoms, anchor: anchor as u8, rare, literals })
}

/// `investor investsIn company; lead = true; amount = sum; status = ended`
fn claim_line(line: &str, slots: &[NamedSlot], source: &Source<'_>) -> Result<ClaimLine, String> {
    let mut parts = line.split(';').map(str::trim);
    let head: Vec<&str> = parts.next().unwrap_or("").split_whitespace().collect();
    let [subject, predicate, object] = head[..] else {
        return Err("write `subject predicate object`, subject and object being slots of the patterns".into());
    };
    let slot = |name: &str| {
        slots.iter().position(|slot| slot.name == name).map(|index| index as u8).ok_or_else(|| {
            match nearest(name, slots.iter().map(|slot| slot.name.as_str())) {
                Some(known) => format!("no slot `{name}` in the patterns; did you mean `{known}`?"),
                None => format!("no slot `{name}` in the patterns"),
            }
        })
    };
    let kind = source.schema.predicate(predicate).ok_or_else(|| {
        match nearest(predicate, source.schema.predicates().iter().map(|known| &*known.name)) {
            Some(known) => format!("no predicate `{predicate}`; did you mean `{known}`?"),
            None => format!("no predicate `{predicate}` in the schema"),
        }
    })?;
    if kind.derived {
        return Err(format!("`{predicate}` is derived; no text states it"));
    }
    let (subject, object) = (slot(subject)?, slot(object)?);
    check_object(kind, &slots[object as usize])?;
    let (pinned, parts): (Vec<&str>, Vec<&str>) = parts
        .filter(|part| !part.is_empty())
        .partition(|part| part.split('=').next().is_some_and(|name| name.trim() == "status"));
    let status = pinned.first().map(|part| {
        let name = part.split_once('=').map_or("", |(_, name)| name.trim());
        name.parse().map_err(|_| format!("`{part}`: no such status"))
    });
    let status = status.transpose()?;
    let qualifiers = parts.into_iter().map(|part| qualifier(part, kind, &slot)).collect::<Result<_, _>>()?;
    let qualifiers: Vec<(Qualifier, QualifierSource)> = qualifiers;
    let claimed = |qualifier: &Qualifier| qualifiers.iter().any(|(known, _)| known == qualifier);
    let accepts = kind.qualifiers.iter().copied().filter(|qualifier| !claimed(qualifier)).collect();
    Ok(ClaimLine { status, ..ClaimLine::new(kind, source.classes, (subject, object), qualifiers, accepts) })
}

fn check_object(kind: &Predicate, slot: &NamedSlot) -> Result<(), String> {
    use SlotKind as Slot;
    let fits = matches!(
        (&kind.range, &slot.kind),
        (Range::Classes(_), Slot::Entity(_) | Slot::NounPhrase)
            | (Range::Value(ValueKind::Money), Slot::Money)
            | (Range::Value(ValueKind::NumberOrMoney), Slot::Money | Slot::Number | Slot::Percent | Slot::Any)
            | (Range::Value(ValueKind::Date), Slot::Date)
    );
    if fits {
        Ok(())
    } else {
        Err(format!("slot `{}` is of a type that `{}` does not take as object", slot.name, kind.name))
    }
}

fn qualifier(
    part: &str,
    kind: &Predicate,
    slot: &impl Fn(&str) -> Result<u8, String>,
) -> Result<(Qualifier, QualifierSource), String> {
    let (name, value) = part.split_once('=').ok_or_else(|| format!("`{part}`: write qualifier = slot"))?;
    let (name, value) = (name.trim(), value.trim());
    let qualifier = Qualifier::from_name(name).filter(|known| kind.qualifiers.contains(known)).ok_or_else(|| {
        let names: Vec<&str> = kind.qualifiers.iter().map(|qualifier| qualifier.name()).collect();
        format!("`{}` takes no qualifier `{name}`; it takes {}", kind.name, names.join(", "))
    })?;
    let source = match value {
        "true" => QualifierSource::Fixed(QualifierValue::Flag(true)),
        "false" => QualifierSource::Fixed(QualifierValue::Flag(false)),
        quoted if quoted.starts_with('\'') && quoted.ends_with('\'') && quoted.len() > 2 => {
            QualifierSource::Fixed(QualifierValue::Text(quoted[1..quoted.len() - 1].to_owned()))
        }
        name => QualifierSource::Slot(slot(name)?),
    };
    Ok((qualifier, source))
}
