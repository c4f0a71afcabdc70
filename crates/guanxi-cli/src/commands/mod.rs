//! One command a file: its arguments, whose comments are its help, and what it does.

pub mod audit;
pub mod build;
pub mod claim;
pub mod completions;
pub mod counts;
pub mod data;
pub mod diff;
pub mod dump;
pub mod entity;
pub mod explain;
pub mod export;
pub mod extract;
pub mod filter;
pub mod forget;
pub mod info;
pub mod man;
pub mod names;
pub mod picture;
pub mod query;
pub mod reach;
pub mod restore;
pub mod rules;
pub mod schema;
pub mod store;
pub mod texts;
pub mod trace;
