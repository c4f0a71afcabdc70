//! What is built of claims, kept, changed, compared and opened again.

mod as_of;
mod common;
mod derivations;
mod diff;
mod facts;
mod identity;
mod judgements;
mod round_trip;
mod snapshot;
mod store;
mod vocabulary;
