//! `guanxi diff`

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use clap::ValueEnum;
use guanxi::graph::diff::{Cause, Difference, FactChange, Regrouping};
use guanxi::graph::{Diff, Generation, Seal};
use guanxi::model::{Basis, EntityId, Fact};
use guanxi::query::{Explanation, Witness};
use serde_json::{Value, json};

use crate::args::Store;
use crate::commands::store;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output::people::{Narrator, qualifiers_text};
use crate::output::{self, harmless, records};
use crate::session::Session;

/// Tell how two states of a store differ
///
/// A state is a revision of the store (`guanxi build --keep N` keeps older ones), the folder of a store, or a file that
/// `guanxi dump` wrote.
///
/// Facts are new, gone, ended, told with other dates, shares, confidence or sources, or disputed; entities that became
/// one or several are told apart from these. Behind every fact stands what the difference comes from.
#[derive(Debug, clap::Args)]
#[command(before_help = "Examples:
  guanxi diff 3 4                         two revisions of ./guanxi.db
  guanxi diff yesterday.nq guanxi.db      a dump and a store
  guanxi diff 3 4 --format md > news.md
  guanxi diff a.db b.db --exit-status     exit with status 1 if they differ")]
pub struct Args {
    #[command(flatten)]
    store: Store,
    /// The earlier state: number of a revision, folder of a store, file of N-Quads; - for standard input
    #[arg(value_name = "OLD")]
    old: String,
    /// The later state
    #[arg(value_name = "NEW")]
    new: String,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// List what was derived, too, instead of counting it
    #[arg(long)]
    derived: bool,
    /// Exit with status 1 if they differ
    #[arg(long)]
    exit_status: bool,
    /// Take a dump without the closing line that tells that it is whole, or against it
    #[arg(long)]
    unchecked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// Markdown
    Md,
}

pub fn run(session: &Session, args: &Args) -> CommandResult {
    let schema = session.schema()?;
    let seal = if args.unchecked { Seal::Waived } else { Seal::Required };
    let [old, new] = [&args.old, &args.new].map(|state| open(session, &args.store, state, seal));
    let (old, new) = (old?, new?);
    let diff = Diff::between(&old, &new, &schema);
    let told = Told { diff: &diff, before: Narrator::new(&old, &schema), after: Narrator::new(&new, &schema) };
    let title = format!("{} → {}", label(&args.old), label(&args.new));
    match args.format {
        Format::Text => text(&title, &told.sections(args.derived), &mut output::styled())?,
        Format::Md => markdown(&title, &told.sections(args.derived), &mut output::stdout())?,
        Format::Json => json_document(&told, &mut output::stdout())?,
    }
    Ok(if args.exit_status && !diff.is_empty() { Outcome::No } else { Outcome::Done })
}

/// The state that the user named.
fn open(session: &Session, store: &Store, state: &str, seal: Seal) -> Result<Generation, CommandError> {
    let path = Path::new(state);
    if let Ok(revision) = state.parse() {
        return Generation::open_revision(&session.db(store), revision).map_err(store::failure);
    }
    if path.is_dir() {
        return Generation::open(path).map_err(store::failure);
    }
    let nquads: Box<dyn Read> = match state {
        "-" => Box::new(io::stdin().lock()),
        _ => Box::new(BufReader::new(File::open(path).map_err(|error| {
            let message = format!("{state} is no revision, no store and no file that can be read: {error}");
            CommandError::new(Kind::NotFound, message)
        })?)),
    };
    Generation::of_dump(nquads, seal).map_err(|error| store::dump_failure(state, error))
}

fn label(state: &str) -> String {
    match state.parse::<u64>() {
        Ok(revision) => format!("revision {revision}"),
        Err(_) => state.to_owned(),
    }
}

/// A difference with those who can tell of either side.
struct Told<'a> {
    diff: &'a Diff,
    before: Narrator<'a>,
    after: Narrator<'a>,
}

/// Lines that belong together under a heading.
struct Section {
    title: String,
    items: Vec<Item>,
}

/// A line with what is to say of it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    head: String,
    lines: Vec<String>,
}

impl From<String> for Item {
    fn from(head: String) -> Self {
        Self { head, lines: Vec::new() }
    }
}

impl Told<'_> {
    fn sections(&self, derived: bool) -> Vec<Section> {
        let mut sections = vec![self.summary(derived), self.documents(), self.entities(), self.regrouped()];
        for difference in Difference::ALL {
            let meant = self.diff.facts.iter().filter(|change| change.differences[0] == difference);
            let listed = meant.filter(|change| derived || change.fact().basis != Basis::Derived);
            sections.push(Section { title: title(difference).to_owned(), items: sorted(listed.map(|c| self.fact(c))) });
        }
        sections.retain(|section| !section.items.is_empty());
        sections
    }

    fn summary(&self, derived: bool) -> Section {
        let diff = self.diff;
        let mut items = Vec::new();
        let mut line = |name: &str, counted: String| {
            if !counted.is_empty() {
                items.push(Item::from(format!("{name:<10} {counted}")));
            }
        };
        let sources = |known: fn(bool, bool) -> bool| {
            diff.sources.iter().filter(|change| known(change.before.is_some(), change.after.is_some())).count()
        };
        line(
            "documents",
            counted([
                (sources(|before, _| !before), "new"),
                (sources(|before, after| before && after), "changed"),
                (sources(|_, after| !after), "forgotten"),
                (diff.read_otherwise.len(), "read otherwise"),
            ]),
        );
        let regrouped = |kind| diff.regrouped.iter().filter(|group| Regrouped::of(group) == kind).count();
        line(
            "entities",
            counted([
                (diff.new_entities.len(), "new"),
                (diff.gone_entities.len(), "gone"),
                (regrouped(Regrouped::Merged), "merged"),
                (regrouped(Regrouped::Split), "split"),
                (regrouped(Regrouped::Renamed), "by another id"),
                (regrouped(Regrouped::Mixed), "dealt out anew"),
                (diff.redescribed.len(), "with other names, class or country"),
            ]),
        );
        line("facts", self.counted_facts(|basis| basis != Basis::Derived));
        let hint = if derived { "" } else { " (--derived lists them)" };
        let of_derived = self.counted_facts(|basis| basis == Basis::Derived);
        line("derived", if of_derived.is_empty() { of_derived } else { of_derived + hint });
        if diff.other {
            items.push(
                "they differ in wording, notes or reference rows alone; no fact and no entity does".to_owned().into(),
            );
        }
        if diff.is_empty() {
            items.push("nothing differs".to_owned().into());
        }
        Section { title: String::new(), items }
    }

    fn counted_facts(&self, meant: impl Fn(Basis) -> bool) -> String {
        let mut counts: BTreeMap<Difference, usize> = BTreeMap::new();
        for change in self.diff.facts.iter().filter(|change| meant(change.fact().basis)) {
            *counts.entry(change.differences[0]).or_default() += 1;
        }
        counted(counts.into_iter().map(|(difference, number)| (number, word(difference))))
    }

    fn documents(&self) -> Section {
        let of_source = self.diff.sources.iter().map(|change| {
            let what = match (&change.before, &change.after) {
                (None, _) => "new",
                (_, None) => "forgotten",
                _ => "changed",
            };
            Item::from(format!("{what:<10} {}", harmless(&change.source)))
        });
        let documents = self.after.explainer.documents();
        let read = self.diff.read_otherwise.iter().filter_map(|id| documents.get(id));
        let read = read.map(|document| Item::from(format!("read otherwise  {}", harmless(&document.source))));
        Section { title: "Documents".to_owned(), items: of_source.chain(read).collect() }
    }

    fn entities(&self) -> Section {
        let new = self.diff.new_entities.iter().map(|id| Item::from(format!("new   {}", named(&self.after, id))));
        let gone = self.diff.gone_entities.iter().map(|id| Item::from(format!("gone  {}", named(&self.before, id))));
        Section { title: "Entities".to_owned(), items: sorted(new.chain(gone)) }
    }

    fn regrouped(&self) -> Section {
        let item = |group: &Regrouping| {
            let list = |ids: &[EntityId], narrator: &Narrator<'_>| {
                ids.iter().map(|id| named(narrator, id)).collect::<Vec<_>>().join(" + ")
            };
            let (before, after) = (list(&group.before, &self.before), list(&group.after, &self.after));
            let facts =
                (group.facts > 0).then(|| format!("{} facts became one with others, or came apart", group.facts));
            Item { head: format!("{before} → {after}"), lines: facts.into_iter().collect() }
        };
        Section { title: "Merged and split".to_owned(), items: sorted(self.diff.regrouped.iter().map(item)) }
    }

    /// The fact with its quotes, what it was, and what that comes from.
    fn fact(&self, change: &FactChange) -> Item {
        let narrator = if change.after.is_some() { &self.after } else { &self.before };
        let explanation = narrator.explainer.fact(change.fact());
        let mut told = Vec::new();
        // What is written to memory cannot fail.
        let _ = narrator.explanation(&explanation, 0, &mut told);
        let told = String::from_utf8_lossy(&told).into_owned();
        let mut lines = told.lines().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned());
        let head = lines.next().unwrap_or_default();
        let mut lines: Vec<String> = lines.collect();
        if let (Some(before), Some(after)) = (&change.before, &change.after) {
            lines.extend(self.was(before, after));
            lines.extend(self.lost(before, &explanation));
        }
        lines.push(format!("because: {}", causes(&change.causes)));
        Item { head, lines }
    }

    fn was(&self, before: &Fact, after: &Fact) -> Vec<String> {
        let (marks, now) = (self.before.marks(before), self.after.marks(after));
        let qualifiers = |fact: &Fact| harmless(&qualifiers_text(&fact.qualifiers)).into_owned();
        let mut lines = Vec::new();
        if marks != now {
            lines.push(format!("was: {marks}"));
        }
        if qualifiers(before) != qualifiers(after) {
            let told = qualifiers(before);
            lines.push(format!("was: {}", if told.is_empty() { "without figures" } else { &told }));
        }
        lines
    }

    /// Quotes that the fact rested on and does no more.
    fn lost(&self, before: &Fact, after: &Explanation) -> Vec<String> {
        let words = |witness: &Witness| (witness.document.source.clone(), witness.claim.evidence.text.clone());
        let now: BTreeSet<_> = after.witnesses.iter().map(words).collect();
        let witnesses = self.before.explainer.fact(before).witnesses;
        let lost = witnesses.iter().map(words).filter(|words| !now.contains(words)).collect::<BTreeSet<_>>();
        lost.into_iter()
            .map(|(source, quote)| harmless(&format!("no longer: “{quote}” — {source}")).into_owned())
            .collect()
    }
}

/// What became of entities.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Regrouped {
    Merged,
    Split,
    Renamed,
    Mixed,
}

impl Regrouped {
    fn of(group: &Regrouping) -> Self {
        match (group.before.len(), group.after.len()) {
            (1, 1) => Self::Renamed,
            (_, 1) => Self::Merged,
            (1, _) => Self::Split,
            _ => Self::Mixed,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Merged => "merged",
            Self::Split => "split",
            Self::Renamed => "renamed",
            Self::Mixed => "mixed",
        }
    }
}

fn sorted(items: impl Iterator<Item = Item>) -> Vec<Item> {
    let mut items: Vec<Item> = items.collect();
    items.sort();
    items
}

/// `Xiaohongshu 小红书  (agent-1f…)`
fn named(narrator: &Narrator<'_>, id: &EntityId) -> String {
    let name = narrator.both_names(id);
    if name == id.as_str() { name } else { format!("{name}  ({id})") }
}

/// `3 new, 1 ended`
fn counted<'a>(counts: impl IntoIterator<Item = (usize, &'a str)>) -> String {
    let told = counts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}"));
    told.collect::<Vec<_>>().join(", ")
}

fn word(difference: Difference) -> &'static str {
    match difference {
        Difference::New => "new",
        Difference::Gone => "gone",
        Difference::Ended => "ended",
        Difference::Reopened => "holding again",
        Difference::Status => "of another status",
        Difference::Redated => "with other dates",
        Difference::Qualified => "with other figures",
        Difference::Confidence => "of other confidence",
        Difference::Resourced => "from other sources",
        Difference::ConflictOpened => "disputed now",
        Difference::ConflictClosed => "no longer disputed",
    }
}

fn title(difference: Difference) -> &'static str {
    match difference {
        Difference::New => "New facts",
        Difference::Gone => "Gone facts",
        Difference::Ended => "Ended",
        Difference::Reopened => "Hold again",
        Difference::Status => "Other status",
        Difference::Redated => "Other dates",
        Difference::Qualified => "Other shares, sums or offices",
        Difference::Confidence => "Other confidence",
        Difference::Resourced => "Other sources",
        Difference::ConflictOpened => "Disputed now",
        Difference::ConflictClosed => "No longer disputed",
    }
}

fn causes(causes: &[Cause]) -> String {
    const MOST: usize = 3;
    let mut told: Vec<String> = causes.iter().take(MOST).map(cause).collect();
    told.extend(causes.len().checked_sub(MOST).filter(|more| *more > 0).map(|more| format!("{more} more")));
    harmless(&told.join("; ")).into_owned()
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::NewDocument(source) => format!("{source} is new"),
        Cause::ChangedDocument(source) => format!("{source} was changed"),
        Cause::ForgottenDocument(source) => format!("{source} was forgotten"),
        Cause::ReadOtherwise(source) => format!("{source} is read otherwise"),
        Cause::Decision(because) => format!("somebody decided on a claim: {because}"),
        Cause::Regrouped => "entities became one, or several".to_owned(),
        Cause::Knowledge => "reference data, schema or derivations are others".to_owned(),
    }
}

fn text(title: &str, sections: &[Section], out: &mut impl Write) -> io::Result<()> {
    let bold = anstyle::Style::new().bold();
    writeln!(out, "{}", harmless(title))?;
    for section in sections {
        if !section.title.is_empty() {
            writeln!(out, "\n{bold}{}{bold:#}", section.title)?;
        }
        for item in &section.items {
            writeln!(out, "  {}", item.head)?;
            item.lines.iter().try_for_each(|line| writeln!(out, "    {line}"))?;
        }
    }
    out.flush()
}

fn markdown(title: &str, sections: &[Section], out: &mut impl Write) -> io::Result<()> {
    let plain = |line: &str| escaped(&anstream::adapter::strip_str(line.trim_start()).to_string());
    writeln!(out, "# {}", plain(&harmless(title)))?;
    for section in sections {
        if !section.title.is_empty() {
            writeln!(out, "\n## {}", section.title)?;
        }
        writeln!(out)?;
        for item in &section.items {
            writeln!(out, "- {}", plain(&item.head))?;
            item.lines.iter().try_for_each(|line| writeln!(out, "  - {}", plain(line)))?;
        }
    }
    out.flush()
}

/// The text with the signs that Markdown would obey made plain.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

fn json_document(told: &Told<'_>, out: &mut impl Write) -> io::Result<()> {
    let Told { diff, before, after } = told;
    let entities = |ids: &[EntityId], narrator: &Narrator<'_>| {
        ids.iter().map(|id| records::entity(id, narrator)).collect::<Vec<_>>()
    };
    let fact = |fact: &Option<Fact>, narrator: &Narrator<'_>| {
        fact.as_ref().map_or(Value::Null, |fact| {
            let explanation = Explanation { premises: Vec::new(), ..narrator.explainer.fact(fact) };
            records::explanation(&explanation, narrator)
        })
    };
    let because = |cause: &Cause| match cause {
        Cause::Decision(because) => Some(because.clone()),
        _ => None,
    };
    let cause = |cause: &Cause| json!({ "kind": cause.name(), "source": cause.source(), "because": because(cause) });
    let facts = diff.facts.iter().map(|change| {
        json!({
            "differences": change.differences.iter().map(|difference| difference.name()).collect::<Vec<_>>(),
            "before": fact(&change.before, before),
            "after": fact(&change.after, after),
            "causes": change.causes.iter().map(cause).collect::<Vec<_>>(),
        })
    });
    let regrouped = diff.regrouped.iter().map(|group| {
        json!({
            "kind": Regrouped::of(group).name(),
            "before": entities(&group.before, before),
            "after": entities(&group.after, after),
            "facts": group.facts,
        })
    });
    let source = |change: &guanxi::graph::diff::SourceChange| {
        let id = |document: &Option<guanxi::model::DocumentId>| document.as_ref().map(ToString::to_string);
        json!({ "source": change.source, "before": id(&change.before), "after": id(&change.after) })
    };
    let redescribed = diff.redescribed.iter();
    let document = json!({
        "differ": !diff.is_empty(),
        "sources": diff.sources.iter().map(source).collect::<Vec<_>>(),
        "readOtherwise": diff.read_otherwise.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "newEntities": entities(&diff.new_entities, after),
        "goneEntities": entities(&diff.gone_entities, before),
        "redescribed": redescribed
            .map(|(one, other)| json!({ "before": records::entity(one, before), "after": records::entity(other, after) }))
            .collect::<Vec<_>>(),
        "regrouped": regrouped.collect::<Vec<_>>(),
        "facts": facts.collect::<Vec<_>>(),
    });
    writeln!(out, "{document:#}")?;
    out.flush()
}
