//! Financial text to claims: the first stretch of the flow.
//!
//! `decode` (bytes → text) → `structure` (articles, headings, bullets, boilerplate) → `scan` (tokens,
//! sentences) → `mention` (names known and unknown, figures, dates, two names for one thing) → `focus`
//! (who "the company" is) → `relate` (rules over units) → `modality` (status) → `qualify` (figures to
//! claims) → `settle` (overlaps, duplicates) → claims with their quotes.
//!
//! Match semantics: names take the longest match; rule words match wherever they stand, overlapping; a
//! pattern takes the first way in which it fits, nearest first. The core takes bytes and returns values:
//! it opens no file, reads no environment and no clock, and text never makes it fail.

mod assertion;
mod classes;
mod decode;
mod entities;
mod extractor;
mod focus;
mod html;
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
mod structure;
mod text;
mod units;

pub use assertion::write_assertions;
pub use extractor::{Extractor, Input, Media};
pub use rule::RuleError;
pub use rule::spec::{Example, RuleSpec};
