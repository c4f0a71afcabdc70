//! Relations that no rule foresees: linear models over a pair of names in a sentence.
//!
//! A model is a table of whole numbers, a row for each hash of a feature and a column for each thing that it can say
//! (`data/models/pair-*.toml`, written by `guanxi-train pairs`). What it says becomes a claim by the way of the rules:
//! each of its labels stands among them as a rule without patterns of its own.

mod agreement;
mod borders;
mod features;
mod names;
mod pairs;
mod sight;
mod weights;

pub(crate) use agreement::{Scored, agree};
pub(crate) use borders::{BorderModel, Cut, Cuts, is_border_model};
pub use borders::{BordersSeen, likeliest_names};
pub(crate) use features::reasons;
pub use features::{FURTHEST, features};
pub use names::{NameFound, NameSeen};
pub(crate) use names::{NameModel, is_name_model, settle_open_names};
pub(crate) use pairs::{Judgement, PairModel, is_pair_model};
pub(crate) use sight::is_chinese;
pub use sight::{Piece, Row, Sight};
pub use weights::{GREATEST_WEIGHT, written_row};
