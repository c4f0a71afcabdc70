//! Which facts a path may use: shared by `trace` and `reach`.

use guanxi::model::{Confidence, PartialDate, Status};
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
}

impl Facts {
    pub fn filter(&self) -> Result<Filter, CommandError> {
        let statuses = statuses(&self.status)?;
        Ok(Filter {
            statuses: (!statuses.is_empty()).then_some(statuses),
            as_of: self.as_of,
            min_confidence: self.min_confidence,
            verified: self.verified,
        })
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
