//! Relations that no rule foresees: linear models over a pair of names in a sentence.
//!
//! A model is a table of whole numbers, a row for each hash of a feature and a column for each thing that it can say
//! (`data/models/pair-*.toml`, written by `guanxi-train pairs`). What it says becomes a claim by the way of the rules:
//! each of its labels stands among them as a rule without patterns of its own.

mod features;
mod model;
mod sight;

pub(crate) use features::reasons;
pub use features::{FURTHEST, features};
pub use model::{GREATEST_WEIGHT, written_row};
pub(crate) use model::{Judgement, PairModel, is_pair_model};
pub(crate) use sight::is_chinese;
pub use sight::{Piece, Sight};
