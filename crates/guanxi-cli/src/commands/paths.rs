//! How commands that answer with paths print them.

use std::io::{self, Write};

use clap::ValueEnum;
use guanxi::query::Completeness;

use crate::session::Session;

/// A format of paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// A picture for Graphviz
    Dot,
}

/// Tells a bounded answer; not in silence, since it looks like a whole one.
pub fn warn(session: &Session, completeness: Completeness) {
    if let Completeness::Stopped(stop) = completeness {
        session.insist(format!("stopped at {stop}, there may be more"));
    }
}

/// `1 hop`, `2 hops`
pub fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// Nothing was found, in a line for people.
pub fn none(what: &str, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "no {what}")
}
