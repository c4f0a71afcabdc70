//! Which facts a path may use: shared by `trace` and `reach`.

use std::sync::Arc;

use guanxi::model::{Confidence, PartialDate, Schema, Status};
use guanxi::query::path::Filter;

use crate::error::{CommandError, Kind};
use crate::output;

/// Filters of facts.
#[derive(clap::Args, Clone, Debug)]
pub struct Facts {
    /// Only facts that hold on this day, month or year
    #[arg(long, value_name = "DATE")]
    as_of: Option<PartialDate>,
    /// Only facts of these statuses: asserted, planned, reported, conditional, ended, denied
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Only facts at least this sure, 0 to 1
    #[arg(long, value_name = "P", default_value = "0.70", value_parser = output::probability)]
    min_confidence: Confidence,
    /// Leave out reference facts whose source nobody has checked
    #[arg(long)]
    verified: bool,
    /// Only facts of these predicates: owns, investsIn
    #[arg(long, value_name = "PREDICATE", value_delimiter = ',')]
    predicates: Vec<String>,
}

impl Facts {
    pub fn filter(&self, schema: &Schema) -> Result<Filter, CommandError> {
        let statuses = statuses(&self.status)?;
        let predicates = self.predicates.iter().map(|name| predicate(schema, name)).collect::<Result<Vec<_>, _>>()?;
        Ok(Filter {
            statuses: (!statuses.is_empty()).then_some(statuses),
            as_of: self.as_of,
            min_confidence: self.min_confidence,
            verified: self.verified,
            predicates: (!predicates.is_empty()).then_some(predicates),
        })
    }
}

/// The predicate of this name, which the user gave.
fn predicate(schema: &Schema, name: &str) -> Result<Arc<str>, CommandError> {
    match schema.predicates().iter().find(|predicate| name.eq_ignore_ascii_case(&predicate.name)) {
        Some(predicate) => Ok(predicate.name.clone()),
        None => {
            let known: Vec<_> = schema.predicates().iter().map(|predicate| &*predicate.name).collect();
            let unknown = guanxi::model::data_file::unknown("predicate", name, known);
            Err(CommandError::new(Kind::Usage, format!("--predicates: {unknown}")))
        }
    }
}

/// The statuses of these names.
pub fn statuses(names: &[String]) -> Result<Vec<Status>, CommandError> {
    let known = || Status::ALL.iter().map(|status| status.name()).collect::<Vec<_>>().join(", ");
    let status = |name: &String| {
        let wrong = |()| CommandError::new(Kind::Usage, format!("--status: `{name}` is none of {}", known()));
        name.parse::<Status>().map_err(wrong)
    };
    names.iter().map(status).collect()
}
