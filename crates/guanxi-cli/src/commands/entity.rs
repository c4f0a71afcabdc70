//! `guanxi entity`

use std::io::{self, Write};

use guanxi::graph::Generation;
use guanxi::model::reference::ReferenceEntity;
use guanxi::model::{Basis, Entity, EntityId, Fact, FactObject, NameHeld, PartialDate, Sameness, Validity};
use guanxi::query::path::basis;
use guanxi::query::{Hit, MetBy, NameIndex};

use crate::args::{Database, JudgementFile, RowFormat, Store, at_least_one};
use crate::commands::identity::{self, Decision};
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::session::Session;

/// Find and show entities, and decide who is one
///
/// What is decided on entities stands in the file of judgements beside what was decided on claims (`guanxi claim`), and
/// holds when the store is built anew.
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi entity find 银行
  guanxi entity find xiaohongshu       by pinyin, also its initials: xhs
  guanxi entity find tecnent --fuzzy
  guanxi entity show 央行
  guanxi entity show 银保监会 --as-of 2020
  guanxi entity show 小红书 --why       what its names and edges rest on
  guanxi entity merge 'Auk Pay' 海雀支付 --because 'both in its report'
  guanxi entity different 'Auk Pay' 'Auk Payments' --because 'two registers'
  guanxi entity split 'Auk Pay' 'Auk Wallet' --because 'that is a product'
  guanxi entity split 张伟 --document a.txt --because 'another man'
  guanxi entity undo 'Auk Pay' 海雀支付")]
pub enum Command {
    /// List the entities of which a name, in either language, holds these words, or whose pinyin they are
    Find {
        /// A part of a name, pinyin or its initials, an id, or an identifier: lei:…, uscc:…
        words: String,
        /// Names too that are a slip of the pen away
        #[arg(long)]
        fuzzy: bool,
        /// List no more than these, best first [default: all]
        #[arg(long, value_name = "N", value_parser = at_least_one::<usize>)]
        limit: Option<usize>,
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        format: RowFormat,
    },
    /// Show an entity: its class, names and facts, and where they are from
    Show {
        /// A name or id
        name: String,
        /// Only facts that hold on this day, month or year, and the names of then; those not borne then are marked
        #[arg(long, value_name = "DATE")]
        as_of: Option<PartialDate>,
        /// Also show what gave each name, who was found or judged to be the same, and by which name each edge came
        #[arg(long)]
        why: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Decide that entities are one
    Merge {
        /// Names or ids
        #[arg(value_name = "NAME", required = true, num_args = 2..)]
        names: Vec<String>,
        #[command(flatten)]
        decision: Decision,
    },
    /// Decide that two entities are two, whatever their names
    Different {
        /// A name or id
        one: String,
        /// Another one
        other: String,
        #[command(flatten)]
        decision: Decision,
    },
    /// Decide that a name, or a document, means somebody else than the entity it was taken for
    Split {
        /// A name or id
        entity: String,
        /// The name or id that was merged into it
        #[arg(required_unless_present = "document", conflicts_with = "document")]
        name: Option<String>,
        /// The document that means somebody else: its source, or the beginning of its hash
        #[arg(long)]
        document: Option<String>,
        #[command(flatten)]
        decision: Decision,
    },
    /// Take back what was decided on an entity, or on two
    Undo {
        /// A name or id
        one: String,
        /// Only what was decided on the first and this one
        other: Option<String>,
        #[command(flatten)]
        store: Store,
        #[command(flatten)]
        judgements: JudgementFile,
    },
    /// List what was decided on entities
    Decided {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        judgements: JudgementFile,
        #[command(flatten)]
        format: RowFormat,
    },
}

pub fn run(session: &Session, command: &Command) -> CommandResult {
    match command {
        Command::Find { words, fuzzy, limit, database, format } => {
            let index = NameIndex::open(&store::open(session, database)?)?;
            let (found, more) = index.find(words, *fuzzy, limit.unwrap_or(usize::MAX));
            if found.is_empty() {
                // Says what the nearest names are.
                names::resolve(&index, words)?;
                return Err(CommandError::new(Kind::NotFound, format!("no name holds `{words}`")));
            }
            let mut out = output::stdout();
            rows(found).write(session.row_format(*format), &mut out)?;
            out.flush()?;
            if more {
                session.insist("there are more: a greater --limit shows them");
            }
        }
        Command::Show { name, as_of, why, database } => {
            let generation = store::open(session, database)?;
            let id = names::resolve(&NameIndex::open(&generation)?, name)?;
            if let Some(entity) = &generation.entity_on(&id, *as_of) {
                let guanxi = session.guanxi()?;
                if generation.meta().rules.as_deref() != Some(guanxi.fingerprint()) {
                    session
                        .say("the store was built with other rules or reference data: rows are shown as they are now");
                }
                let row = guanxi.reference().entity(&id);
                let names_held = &generation.names_held(&id);
                let registered = &generation.registered(&id);
                let shown = Shown { entity, row: row.as_ref(), names_held, registered, as_of: *as_of };
                let mut out = output::text();
                show(&shown, &generation, &mut out)?;
                if *why {
                    identity::why(entity, &generation, &mut out)?;
                }
                out.flush()?;
            }
        }
        Command::Merge { names, decision } => return identity::merge(session, names, decision),
        Command::Different { one, other, decision } => return identity::different(session, one, other, decision),
        Command::Split { entity, name, document, decision } => {
            return identity::split(session, entity, name.as_deref(), document.as_deref(), decision);
        }
        Command::Undo { one, other, store, judgements } => {
            return identity::undo(session, one, other.as_deref(), store, judgements);
        }
        Command::Decided { database, judgements, format } => {
            return identity::list(session, database, judgements, *format);
        }
    }
    Ok(Outcome::Done)
}

fn rows(found: Vec<Hit>) -> Rows {
    let mut rows = Rows::new(&["id", "class", "name", "中文", "met as"]);
    for Hit { entity, by } in found {
        rows.push([
            entity.id.to_string(),
            entity.class.to_string(),
            entity.label().to_owned(),
            entity.chinese_label().unwrap_or_default().to_owned(),
            match by {
                MetBy::Id => "its id".to_owned(),
                MetBy::Identifier(identifier) => identifier.to_string(),
                MetBy::Name(name) => name,
            },
        ]);
    }
    rows
}

/// What is shown, and as of when.
struct Shown<'a> {
    entity: &'a Entity,
    /// Its row in the reference data.
    row: Option<&'a ReferenceEntity>,
    /// Those of its names that say when it bore them.
    names_held: &'a [NameHeld],
    /// The records of registers that describe it.
    registered: &'a [String],
    as_of: Option<PartialDate>,
}

impl Shown<'_> {
    /// `until 2021-01`, `not as of 2022`; empty where nothing is said.
    fn dates(&self, validity: &Validity) -> Vec<String> {
        let holds = self.as_of.is_none_or(|day| validity.holds_on(day));
        let ended = (validity.ended && validity.to.is_none()).then(|| "ended".to_owned());
        let not_then = self.as_of.filter(|_| !holds).map(|day| format!("not as of {day}"));
        let since = validity.from.map(|from| format!("since {from}"));
        let until = validity.to.map(|to| format!("until {to}"));
        [since, until, ended, not_then].into_iter().flatten().collect()
    }

    fn head(&self, out: &mut impl Write) -> io::Result<()> {
        let Entity { id, class, names, country, identifiers } = self.entity;
        writeln!(out, "{}  ({id})", self.entity.label())?;
        writeln!(out, "  class    {class}")?;
        if let Some(country) = country {
            writeln!(out, "  country  {country}")?;
        }
        for identifier in identifiers {
            writeln!(out, "  {:<8} {}", identifier.kind().prefix(), identifier.text())?;
        }
        if let Some(row) = self.row {
            self.row(row, out)?;
        }
        for place in self.registered {
            writeln!(out, "  record   {place}")?;
        }
        for name in names {
            let mut marks = vec![name.language.tag().to_owned(), name.kind.name().to_owned()];
            let held = self.names_held.iter().find(|held| held.name == *name);
            marks.extend(held.map(|held| self.dates(&held.validity)).unwrap_or_default());
            writeln!(out, "  name     {}  ({})", name.text, marks.join(", "))?;
        }
        Ok(())
    }

    fn row(&self, row: &ReferenceEntity, out: &mut impl Write) -> io::Result<()> {
        let dates = self.dates(&row.validity);
        if !dates.is_empty() {
            writeln!(out, "  exists   {}", dates.join(", "))?;
        }
        if let Some(mic) = &row.mic {
            writeln!(out, "  MIC      {mic}")?;
        }
        if let Some(lifecycle) = row.lifecycle {
            writeln!(out, "  life     {}", lifecycle.name())?;
        }
        writeln!(out, "  source   {}", row.source.as_deref().unwrap_or("unverified"))?;
        writeln!(out, "  row      {}:{}", row.file, row.line)
    }

    /// `[reference (unverified), asserted, since 2020-11]`
    fn marks(&self, fact: &Fact) -> String {
        let mut marks = vec![basis(fact).to_owned(), fact.status.to_string()];
        marks.extend(self.dates(&fact.validity));
        marks.join(", ")
    }
}

fn show(shown: &Shown<'_>, generation: &Generation, out: &mut impl Write) -> io::Result<()> {
    shown.head(out)?;
    let id = &shown.entity.id;
    let label = |id: &EntityId| {
        generation.entity_on(id, shown.as_of).map_or_else(|| "?".to_owned(), |entity| entity.label().to_owned())
    };
    let line = |fact: &Fact| {
        let object = match &fact.object {
            FactObject::Entity(id) => label(id),
            FactObject::Value(value) => value.to_string(),
        };
        let source = fact.because.as_ref().filter(|_| fact.basis == Basis::Reference);
        let source = source.map(|source| format!("  source: {source}")).unwrap_or_default();
        format!("{} —{}→ {object}  [{}]{source}", label(&fact.subject), fact.predicate, shown.marks(fact))
    };
    let facts = generation.facts();
    let mut lines: Vec<_> = facts
        .iter()
        .filter(|fact| fact.subject == *id || fact.object.entity() == Some(id))
        .filter(|fact| shown.as_of.is_none() || fact.holds(shown.as_of))
        .map(|fact| (fact.object.entity() == Some(id), &fact.predicate, line(fact)))
        .collect();
    lines.sort();
    lines.iter().try_for_each(|(.., line)| writeln!(out, "  fact     {line}"))?;
    candidates(id, label, generation, out)
}

/// Those that may be the same, and were not merged.
fn candidates(
    id: &EntityId,
    label: impl Fn(&EntityId) -> String,
    generation: &Generation,
    out: &mut impl Write,
) -> io::Result<()> {
    let mut told = std::collections::BTreeSet::new();
    for found in generation.verdicts().into_iter().filter(|found| found.verdict == Sameness::Unsure) {
        let both = [&found.one, &found.other].map(|id| generation.representative(id));
        let other = match &both {
            [one, other] if one == id => other,
            [one, other] if other == id => one,
            _ => continue,
        };
        if told.insert(other.clone()) {
            writeln!(out, "  may be   {}  ({other}; {})", label(other), found.features.join("; "))?;
        }
    }
    Ok(())
}
