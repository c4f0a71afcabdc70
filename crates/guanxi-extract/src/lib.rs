//! Financial text to claims: the first stretch of the flow.
//!
//! `decode` (bytes → text) → `structure` (articles, headings, bullets, boilerplate) → `scan` (tokens,
//! sentences) → `mention` (names known and unknown, figures, dates, two names for one thing) → `focus`
//! (who "the company" is) → `relate` (rules over units) → `modality` (status) → `qualify` (figures to
//! claims) → `settle` (overlaps, duplicates) → `confidence` → claims with their quotes.
//!
//! Match semantics: names take the longest match; rule words match wherever they stand, overlapping; a
//! pattern takes the first way in which it fits, nearest first. The core takes bytes and returns values:
//! it opens no file, reads no environment and no clock, and text never makes it fail.
//!
//! ```
//! use guanxi_extract::{Extractor, Input};
//! # use guanxi_model::{Reference, Schema};
//! # let label = "label = { en = \"x\", zh = \"x\" }\ndefinition = \"x\"";
//! # let class = format!("kind = \"class\"\nname = \"Company\"\nfamily = \"agent\"\n{label}");
//! # let owns = format!("kind = \"predicate\"\nname = \"owns\"\n{label}\ninverse_label = {{ en = \"x\", zh = \"x\" }}\n\
//! #     subject = {{ role = \"owner\", classes = [\"Company\"] }}\nobject = {{ role = \"owned\", classes = [\"Company\"] }}\nedge = {{ kind = \"ownership\", from = \"subject\" }}");
//! # let schema = Schema::load([("Company.toml", &*class), ("owns.toml", &*owns)]).unwrap();
//! let rule = r#"
//!     [[rule]]
//!     id = "owns"
//!     version = 1
//!     claims = ["owner owns firm"]
//!     patterns = ["{owner:Company+} owns {firm:Company}"]
//!     examples = [
//!       { text = "Acme owns Bolt.", gives = ["Acme owns Bolt"] },
//!       { text = "Alder owns Birch.", gives = ["Alder owns Birch"] },
//!       { text = "Alder and Birch owns Cedar.", gives = ["Alder owns Cedar", "Birch owns Cedar"] },
//!     ]
//!     counterexamples = ["Acme knows Bolt."]"#;
//! let extractor = Extractor::new(&schema, &Reference::default(), [("rules.toml", rule)], [], []).unwrap();
//! let read = extractor.extract(&Input::text("note.txt", b"Alder and Birch owns Cedar."));
//! assert_eq!(read.claims.len(), 2);
//! assert_eq!(read.claims[0].evidence.text, "Alder and Birch owns Cedar");
//! ```

mod assertion;
mod classes;
mod confidence;
mod decode;
mod describe;
mod entities;
mod extractor;
mod focus;
mod html;
mod identifiers;
mod learned;
mod lexicon;
mod mention;
mod modality;
mod phrases;
mod qualify;
mod reading;
mod relate;
mod resolve;
mod rule;
mod scan;
mod settle;
mod stop;
mod structure;
mod text;
mod units;

pub use assertion::write_assertions;
pub use confidence::{SIGNS, Signs};
pub use extractor::{Extractor, Input, Media, Tables, Written};
pub use learned::{
    BordersSeen, FURTHEST, GREATEST_WEIGHT, NameFound, NameSeen, Piece, Row, Sight, features, likeliest_names,
    written_row,
};
pub use relate::explain::{
    AtomState, Cost, Costs, ExplainedAtom, ExplainedClaim, ExplainedCue, ExplainedPattern, ExplainedSentence,
    ExplainedUnit, Explanation, Outcome,
};
pub use rule::RuleError;
pub use rule::inspect::{PatternView, RuleView};
pub use rule::spec::{Example, LEAST_EXAMPLES, RuleSpec};
