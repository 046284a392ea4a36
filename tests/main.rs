//! All integration tests, in one binary: each further one would link Polars again.

mod strangers;
mod support;

mod acts;
mod at_once;
mod cases;
mod commands;
mod concerto;
mod corpora;
mod crashes;
mod faults;
mod first_hour;
mod fooled;
mod guide;
mod holds;
mod house;
mod joins;
mod leak_scan;
mod live;
mod logs;
mod meaning;
mod mistakes;
mod names;
mod nights;
mod rejects;
mod released;
mod secrets;
mod servers;
mod standing;
mod systems;
mod tampering;
mod titles;
mod withstand_cells;
mod withstand_exports;
mod withstand_formats;
mod withstand_sites;
