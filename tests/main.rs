//! All integration tests, in one binary: each further one would link Polars again.

mod support;

mod at_once;
mod commands;
mod concerto;
mod corpora;
mod crashes;
mod first_hour;
mod guide;
mod house;
mod joins;
mod logs;
mod meaning;
mod mistakes;
mod names;
mod nights;
mod rejects;
mod released;
mod secrets;
mod servers;
mod stowaways;
mod systems;
mod tampering;
mod withstand_cells;
mod withstand_exports;
mod withstand_formats;
mod withstand_sites;
