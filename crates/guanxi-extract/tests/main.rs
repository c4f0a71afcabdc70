//! What the shipped rules and models read out of texts.

mod common;
mod learned;
mod names;
mod properties;
mod rules;
mod sentences;
