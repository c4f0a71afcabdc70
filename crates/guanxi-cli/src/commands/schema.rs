//! `guanxi schema`

use std::io::Write;

use guanxi::model::Schema;
use guanxi::model::schema::{Class, Direction, Predicate, Range, ValueKind};

use crate::args::RowFormat;
use crate::error::{CommandError, CommandResult, Kind, Outcome};
use crate::output;
use crate::output::rows::Rows;
use crate::session::Session;

/// List or show the classes and predicates
#[derive(Debug, clap::Subcommand)]
#[command(before_help = "Examples:
  guanxi schema list
  guanxi schema show investsIn")]
pub enum Command {
    /// List every class and predicate
    List {
        #[command(flatten)]
        format: RowFormat,
    },
    /// Show a class or predicate
    Show {
        /// Its name, with or without gx:
        name: String,
    },
}

pub fn run(session: &Session, command: &Command) -> CommandResult {
    let schema = session.schema()?;
    let mut out = output::stdout();
    match command {
        Command::List { format } => list(&schema).write(session.row_format(*format), &mut out)?,
        Command::Show { name } => show(&schema, name, &mut out)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

fn list(schema: &Schema) -> Rows {
    let mut rows = Rows::new(&["kind", "name", "中文", "subject", "object"]);
    for class in schema.classes() {
        let parents = class.parents.join(", ");
        rows.push(["class".to_owned(), class.name.to_string(), class.labels.zh.clone(), parents, String::new()]);
    }
    for predicate in schema.predicates() {
        rows.push([
            "predicate".to_owned(),
            predicate.name.to_string(),
            predicate.labels.zh.clone(),
            predicate.domain.join(", "),
            range_text(&predicate.range),
        ]);
    }
    rows
}

fn show(schema: &Schema, name: &str, out: &mut impl Write) -> Result<(), CommandError> {
    let name = name.strip_prefix("gx:").unwrap_or(name);
    if let Some(class) = schema.class(name) {
        show_class(schema, class, out)?;
    } else if let Some(predicate) = schema.predicate(name) {
        show_predicate(predicate, out)?;
    } else {
        let error = CommandError::new(Kind::NotFound, format!("`{name}` is neither a class nor a predicate"));
        let classes = schema.classes().iter().map(|class| &*class.name);
        let names = classes.chain(schema.predicates().iter().map(|predicate| &*predicate.name));
        return Err(match guanxi::model::data_file::nearest(name, names) {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error.hint("`guanxi schema list` lists them"),
        });
    }
    Ok(())
}

fn show_class(schema: &Schema, class: &Class, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "gx:{}  {}  {}", class.name, class.labels.en, class.labels.zh)?;
    writeln!(out, "{}", class.definition)?;
    line(out, "parents", &class.parents.join(", "))?;
    let below = schema.classes().iter().filter(|other| other.parents.contains(&class.name));
    line(out, "below it", &below.map(|other| &*other.name).collect::<Vec<_>>().join(", "))?;
    line(out, "close to", &class.close_match.join(", "))
}

fn show_predicate(predicate: &Predicate, out: &mut impl Write) -> std::io::Result<()> {
    let (labels, inverse) = (&predicate.labels, &predicate.inverse_labels);
    writeln!(
        out,
        "gx:{}  {}  {}  (seen from the other end: {}  {})",
        predicate.name, labels.en, labels.zh, inverse.en, inverse.zh
    )?;
    writeln!(out, "{}", predicate.definition)?;
    line(out, "subject", &format!("{}: {}", predicate.subject_role, predicate.domain.join(", ")))?;
    line(out, "object", &format!("{}: {}", predicate.object_role, range_text(&predicate.range)))?;
    let qualifiers: Vec<_> = predicate.qualifiers.iter().map(|qualifier| qualifier.name()).collect();
    line(out, "beside it", &qualifiers.join(", "))?;
    let marks =
        [(predicate.symmetric, "symmetric"), (predicate.functional, "functional"), (predicate.derived, "derived")];
    let marks: Vec<_> = marks.into_iter().filter_map(|(set, mark)| set.then_some(mark)).collect();
    line(out, "marks", &marks.join(", "))?;
    let walk = &predicate.walk;
    let walks = [("trace", walk.trace), ("reach", walk.reach), ("owners", walk.owners)];
    let walks: Vec<_> =
        walks.iter().map(|(name, direction)| format!("{name} {}", direction_text(*direction))).collect();
    line(out, "walked by", &walks.join(", "))?;
    line(out, "close to", &predicate.close_match.join(", "))
}

fn line(out: &mut impl Write, name: &str, text: &str) -> std::io::Result<()> {
    if text.is_empty() { Ok(()) } else { writeln!(out, "  {name:<10} {text}") }
}

fn range_text(range: &Range) -> String {
    match range {
        Range::Classes(classes) => classes.join(", "),
        Range::Value(ValueKind::Money) => "money".to_owned(),
        Range::Value(ValueKind::NumberOrMoney) => "number or money".to_owned(),
        Range::Value(ValueKind::Date) => "date".to_owned(),
    }
}

fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::None => "never",
        Direction::Forward => "forward",
        Direction::Backward => "backward",
        Direction::Both => "both ways",
    }
}
