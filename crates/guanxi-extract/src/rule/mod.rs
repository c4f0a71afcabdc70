//! Rules are data: a file goes text → [`spec::RuleSpec`] (as written) → [`compile::Rules`] (checked against
//! the schema, anchored) → [`matcher`]. The matcher never sees the text of a rule, the loader never a document.

pub(crate) mod anchors;
pub(crate) mod compile;
mod error;
pub(crate) mod inspect;
pub(crate) mod matcher;
pub(crate) mod packed;
pub(crate) mod pattern;
pub(crate) mod sieve;
pub(crate) mod spec;
pub(crate) mod watch;

pub use error::RuleError;
pub(crate) use error::{somewhere, toml_error};
