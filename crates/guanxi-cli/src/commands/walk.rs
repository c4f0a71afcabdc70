//! What every command opens that walks the graph: the store as a graph, and which of its facts are meant.

use std::io::Write;
use std::sync::Arc;

use guanxi::graph::{Generation, Snapshot};
use guanxi::model::schema::Class;
use guanxi::model::{EntityId, Schema};
use guanxi::query::NameIndex;
use guanxi::query::export::dot::{self, DotConfig, Scope};
use guanxi::query::path::{Filter, Path};

use crate::args::Database;
use crate::commands::filter::Facts;
use crate::commands::{names, store};
use crate::error::{CommandError, Kind};
use crate::output::people::Narrator;
use crate::session::Session;

/// A graph to walk.
pub struct Walk {
    pub schema: Schema,
    pub filter: Filter,
    /// The class that answers are to be of.
    pub class: Option<Arc<str>>,
    pub snapshot: Snapshot,
    generation: Generation,
}

impl Walk {
    /// Reads what was typed before it opens the store.
    pub fn open(
        session: &Session,
        database: &Database,
        facts: &Facts,
        kind: Option<&str>,
    ) -> Result<Self, CommandError> {
        let schema = session.schema()?;
        let class = kind.map(|kind| class(&schema, kind)).transpose()?;
        let filter = facts.filter(&schema)?;
        let generation = store::open(session, database)?;
        let snapshot = Snapshot::of(&generation, &schema);
        Ok(Self { schema, filter, class, snapshot, generation })
    }

    /// The one entity that each name means.
    pub fn meant<const N: usize>(&self, names: [&str; N]) -> Result<[EntityId; N], CommandError> {
        let index = NameIndex::open(&self.generation)?;
        let mut meant = names.map(|_| None);
        for (entity, name) in meant.iter_mut().zip(names) {
            *entity = Some(names::resolve(&index, name)?);
        }
        Ok(meant.map(|entity| entity.expect("each name was looked up")))
    }

    pub fn narrator(&self) -> Narrator<'_> {
        Narrator::new(&self.generation, &self.schema).on(self.filter.as_of)
    }

    /// The class of an entity; empty of one that the graph has not.
    pub fn class_of(&self, entity: &EntityId) -> String {
        self.snapshot.node(entity).map(|node| self.snapshot.class(node).to_string()).unwrap_or_default()
    }

    /// Writes a picture of all that lies on these paths.
    pub fn draw(&self, paths: &[Path], out: &mut impl Write) -> Result<(), CommandError> {
        let scope = Scope::Paths(paths);
        let picture = dot::dot(&self.generation, &self.snapshot, &self.schema, &scope, &DotConfig::default())?;
        Ok(write!(out, "{}", picture.dot)?)
    }
}

/// The class of this name, which the user gave.
pub fn class(schema: &Schema, name: &str) -> Result<Arc<str>, CommandError> {
    let meant = |class: &&Class| {
        name.eq_ignore_ascii_case(&class.name) || name.eq_ignore_ascii_case(&class.labels.en) || name == class.labels.zh
    };
    match schema.classes().iter().find(meant) {
        Some(class) => Ok(class.name.clone()),
        None => {
            let known: Vec<_> = schema.classes().iter().map(|class| &*class.name).collect();
            Err(CommandError::new(Kind::NotFound, guanxi::model::data_file::unknown("class", name, known)))
        }
    }
}
