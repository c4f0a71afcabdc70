//! Financial text, English and Chinese, to a knowledge graph that can be asked: the whole flow behind one door.
//!
//! A [`Guanxi`] holds what is known before any text is read: the schema, reference entities, extraction
//! rules, derivations and named queries, built in ([`builtin`]) or from a folder ([`folder`]). It reads
//! texts ([`input`]), extracts what they say, and builds a store from it; the store is then asked through
//! [`query`]. The crates of the single stages are re-exported.
//!
//! ```
//! use guanxi::{Guanxi, input, pipeline::Output};
//!
//! let guanxi = Guanxi::builtin();
//! let text = input::Location::Bytes { name: "note.txt".into(), bytes: "Tencent invested in Xiaohongshu.".into() };
//! let mut claims = Vec::new();
//! guanxi.extract(input::read(vec![text]).unwrap(), 1, |output| match output {
//!     Output::Extraction(extraction) => Ok(claims.extend(extraction.claims)),
//!     Output::Note(note) => Err(note),
//! }).unwrap();
//! assert_eq!(&*claims[0].predicate, "investsIn");
//! ```

pub mod audit;
pub mod builtin;
mod compiled;
pub mod data;
pub mod entities;
pub mod folder;
mod front_matter;
pub mod import;
pub mod input;
pub mod judgements;
mod library;
pub mod names;
pub mod pipeline;
mod place;
pub mod rules;

pub use guanxi_extract as extract;
pub use guanxi_graph as graph;
pub use guanxi_model as model;
pub use guanxi_query as query;
pub use library::{Guanxi, queries, rules_of_ownership, schema};
