//! The integration tests: the library and the real binary, side by side.

mod architecture;
mod audit;
mod bad_input;
mod cases;
mod cli;
mod desk;
mod determinism;
mod docs;
mod entities;
mod exports;
mod generations;
mod imports;
mod killed;
mod pictures;
mod queries;
mod rules;
mod shapes;
mod support;
