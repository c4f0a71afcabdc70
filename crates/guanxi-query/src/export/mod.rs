//! The graph in formats that others read. One format a file.

pub mod dot;
