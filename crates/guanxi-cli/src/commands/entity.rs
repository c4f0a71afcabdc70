//! `guanxi entity`

use std::collections::BTreeMap;
use std::io::Write;

use guanxi::graph::Generation;
use guanxi::model::{Entity, EntityId, EntityName, Fact, FactObject};
use guanxi::query::NameIndex;
use guanxi::query::path::basis;

use crate::args::Database;
use crate::commands::{names, store};
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::{Format, Rows};
use crate::session::Session;

/// Find entities by a part of their name, or show one
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi entity find 银行
  guanxi entity show 央行")]
pub enum Command {
    /// List the entities of which a name, in either language, holds these words
    Find {
        /// A part of a name, or an id
        words: String,
        #[command(flatten)]
        database: Database,
        /// How to print them [default: table on a terminal, else tsv]
        #[arg(long, value_name = "FORMAT")]
        format: Option<Format>,
    },
    /// Show an entity: its class, its names and its facts
    Show {
        /// A name or id
        name: String,
        #[command(flatten)]
        database: Database,
    },
}

pub fn run(_session: &Session, command: &Command) -> CommandResult {
    match command {
        Command::Find { words, database, format } => {
            let entities = store::open(database)?.entities();
            let found = find(&entities, words);
            if found.rows.is_empty() {
                // Says what the nearest names are.
                names::resolve(&NameIndex::of(&entities), words)?;
                return Err(CommandError::new(Kind::NotFound, format!("no name holds `{words}`")));
            }
            let mut out = output::stdout();
            found.write(Format::or_default(*format), &mut out)?;
            out.flush()?;
        }
        Command::Show { name, database } => {
            let generation = store::open(database)?;
            let entities = generation.entities();
            let id = names::resolve(&NameIndex::of(&entities), name)?;
            if let Some(entity) = entities.iter().find(|entity| entity.id == id) {
                show(entity, &entities, &generation)?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn find(entities: &[Entity], words: &str) -> Rows {
    let mut rows = Rows::new(&["id", "class", "name", "中文", "met as"]);
    for entity in entities {
        let met = entity.names.iter().map(|name| name.text.as_str()).find(|name| guanxi::names::holds(name, words));
        let Some(met) = met.or_else(|| (entity.id.as_str() == words).then_some("its id")) else { continue };
        rows.push([
            entity.id.to_string(),
            entity.class.to_string(),
            entity.label().to_owned(),
            entity.chinese_label().unwrap_or_default().to_owned(),
            met.to_owned(),
        ]);
    }
    rows
}

fn show(entity: &Entity, entities: &[Entity], generation: &Generation) -> std::io::Result<()> {
    let mut out = output::stdout();
    writeln!(out, "{}  ({})", entity.label(), entity.id)?;
    writeln!(out, "  class    {}", entity.class)?;
    if let Some(country) = &entity.country {
        writeln!(out, "  country  {country}")?;
    }
    for EntityName { text, language, kind } in &entity.names {
        writeln!(out, "  name     {text}  ({}, {})", language.tag(), kind.name())?;
    }
    let labels: BTreeMap<_, _> = entities.iter().map(|entity| (&entity.id, entity.label())).collect();
    let label = |id: &EntityId| labels.get(id).copied().unwrap_or("?").to_owned();
    let line = |fact: &Fact| {
        let object = match &fact.object {
            FactObject::Entity(id) => label(id),
            FactObject::Value(value) => value.to_string(),
        };
        let (subject, status) = (label(&fact.subject), fact.status);
        format!("{subject} —{}→ {object}  [{}, {status}]", fact.predicate, basis(fact))
    };
    let facts = generation.facts();
    let of_entity = facts.iter().filter(|fact| fact.subject == entity.id || fact.object.entity() == Some(&entity.id));
    let mut lines: Vec<_> =
        of_entity.map(|fact| (fact.object.entity() == Some(&entity.id), &fact.predicate, line(fact))).collect();
    lines.sort();
    lines.iter().try_for_each(|(.., line)| writeln!(out, "  fact     {line}"))?;
    out.flush()
}
