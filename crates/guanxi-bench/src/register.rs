//! Files of a register of invented firms, as GLEIF publishes them: who is who, and who consolidates whom.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use guanxi::model::Identifier;
use guanxi::model::identifier::{IdentifierError, Kind};

use crate::names;

const ENTITIES: &str = "LEI,Entity.LegalName,Entity.LegalJurisdiction,\
    Entity.RegistrationAuthority.RegistrationAuthorityID,Entity.RegistrationAuthority.RegistrationAuthorityEntityID,\
    Entity.EntityCategory,Entity.EntityStatus,Registration.LastUpdateDate,Registration.RegistrationStatus";
const RELATIONSHIPS: &str = "Relationship.StartNode.NodeID,Relationship.EndNode.NodeID,\
    Relationship.RelationshipType,Relationship.RelationshipStatus,Registration.LastUpdateDate,\
    Registration.RegistrationStatus";

/// Writes `lei.csv` with so many firms, and `rr.csv` with a parent of two in three of them.
///
/// # Errors
/// If the folder refuses.
pub fn write(firms: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut entities = BufWriter::new(File::create(folder.join("lei.csv"))?);
    let mut relationships = BufWriter::new(File::create(folder.join("rr.csv"))?);
    writeln!(entities, "{ENTITIES}")?;
    writeln!(relationships, "{RELATIONSHIPS}")?;
    for number in 0..firms {
        let name = names::firm(number);
        writeln!(
            entities,
            "{},{name} {number},GB,RA000585,{number:08},GENERAL,ACTIVE,2026-10-01T08:00:00Z,ISSUED",
            lei(number)
        )?;
        if number % 3 > 0 {
            let parent = lei(number / 3);
            writeln!(
                relationships,
                "{},{parent},IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE,2026-10-01T08:00:00Z,PUBLISHED",
                lei(number)
            )?;
        }
    }
    entities.flush()?;
    relationships.flush()
}

/// Its check digits are those that a reader asks for.
fn lei(number: usize) -> String {
    let body = format!("9845{number:014}");
    match Identifier::parse(Kind::Lei, &format!("{body}00")) {
        Err(IdentifierError::CheckDigit { expected, .. }) => body + &expected,
        _ => body + "00",
    }
}
