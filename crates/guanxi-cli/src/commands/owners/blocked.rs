//! The list of blocked persons.

use std::path::Path;

use guanxi::model::{EntityId, EntityName};
use guanxi::query::NameIndex;
use guanxi::query::owners::Holdings;

use crate::commands::names;
use crate::error::{CommandError, Kind};

/// The entities of a file of names, one a line. A name that only begins theirs is refused: whom it means is a guess, and a
/// wrong one blocks somebody else.
pub(super) fn blocked(file: &Path, index: &NameIndex, holdings: &Holdings<'_>) -> Result<Vec<EntityId>, CommandError> {
    let mut found = Vec::new();
    for (line, number) in lines(file)?.iter().zip(1..) {
        let name = line.split('#').next().unwrap_or_default().trim();
        if name.is_empty() {
            continue;
        }
        let place = format!("{}:{number}", file.display());
        let entity = names::resolve(index, name).map_err(|error| error.context(place.clone()))?;
        let known = holdings.party(&entity).map(|party| holdings.entity(party));
        let is_whole = |name_of: &EntityName| guanxi::names::same(&name_of.text, name);
        if known.is_some_and(|known| known.id.as_str() != name && !known.names.iter().any(is_whole)) {
            let message = format!("{place}: `{name}` is only a part of a name, or spelt otherwise, in {entity}");
            return Err(CommandError::new(Kind::NotFound, message).hint("write the whole name, or the id"));
        }
        found.push(entity);
    }
    match found.is_empty() {
        true => Err(CommandError::new(Kind::Usage, format!("{}: no name in it: write one a line", file.display()))),
        false => Ok(found),
    }
}

fn lines(file: &Path) -> Result<Vec<String>, CommandError> {
    let bytes = std::fs::read(file).map_err(|error| {
        let message = format!("{}: the list of blocked persons cannot be read: {error}", file.display());
        CommandError::new(Kind::Failed, message).hint("name a file with a name or an id on each line")
    })?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    let lines = bytes.split(|byte| *byte == b'\n').zip(1..).map(|(line, number)| {
        let place = || format!("{}:{number}: no UTF-8: save the list as UTF-8", file.display());
        std::str::from_utf8(line).map(str::to_owned).map_err(|_| CommandError::new(Kind::Failed, place()))
    });
    lines.collect()
}
