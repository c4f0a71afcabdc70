//! From a name that was typed to the entity it means, or to words that help to type a better one.

use guanxi::model::EntityId;
use guanxi::query::{Candidate, Found, NameIndex};

use crate::error::{CommandError, Kind};

/// The one entity that `name` means.
pub fn resolve(index: &NameIndex, name: &str) -> Result<EntityId, CommandError> {
    match index.resolve(name) {
        Found::One(entity) => Ok(entity),
        Found::Ambiguous { likeliest, more } => {
            let more = if more { "\n  … and more" } else { "" };
            let message = format!("`{name}` may be any of these:\n{}{more}", lines(&likeliest));
            Err(CommandError::new(Kind::NotFound, message).hint("write more of the name, or the id"))
        }
        Found::Unknown(nearest) if nearest.is_empty() => {
            let error = CommandError::new(Kind::NotFound, format!("nothing is called `{name}`"));
            Err(error.hint("`guanxi entity find WORD` looks for a part of a name"))
        }
        Found::Unknown(nearest) => {
            let message = format!("nothing is called `{name}`; the nearest:\n{}", lines(&nearest));
            Err(CommandError::new(Kind::NotFound, message).hint(format!("did you mean {}?", nearest[0].label)))
        }
    }
}

fn lines(candidates: &[Candidate]) -> String {
    let line = |candidate: &Candidate| {
        let Candidate { id, class, label, name } = candidate;
        let met = if guanxi::names::same(name, label) { String::new() } else { format!(" = {name}") };
        format!("  {label}{met}  ({class}, {id})")
    };
    candidates.iter().map(line).collect::<Vec<_>>().join("\n")
}
