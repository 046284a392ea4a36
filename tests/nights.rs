//! What is decided over several nights: worklists, months, late ones, brakes, policies.
//!
//! Figures in arrays are: read, retired, already retired, kept, unlinked.

mod absent;
mod bills;
mod brakes;
mod brakes_of_content;
mod brakes_of_months;
mod choices;
mod contacts;
mod months;
mod policies;
mod same;
mod worklists;
