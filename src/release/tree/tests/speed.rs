//! A month of a million rows.

use std::time::Duration;

use super::library::{Library, PLAIN, months};
use super::released;
use crate::release::tree::Rules;
use crate::release::tree::audit::{tables_alone, with_patrons};

/// Processor time of this thread, where the system tells it: others may be at work on the same machine.
fn spent() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(told.split(' ').next().and_then(|spent| spent.parse().ok()).unwrap_or_default())
}

/// Run it with `cargo test --release -- --ignored million`.
#[test]
#[ignore = "takes a release build"]
fn a_million_rows_are_released_and_audited_in_five_seconds() {
    let library = Library { borrowers: 460_000, branches: 12, areas: true, bookmobile: true, ..PLAIN };
    let (span, rules) = (months()[2], Rules::new(10));
    let rows = library.month(span);
    println!("{} rows", rows.patron.len());
    assert!(rows.patron.len() > 1_000_000);
    let begun = spent();
    let released = released(&rows, span, &rules);
    let made = spent() - begun;
    assert_eq!(with_patrons(&rows, span, &released.tree, &released.tables, 10), []);
    let known = spent() - begun;
    assert_eq!(tables_alone(&released.tables, 10), []);
    let all = spent() - begun;
    println!("released in {made:?}, audited in {:?}, and by rows in {:?}", known - made, all - known);
    assert!(all < Duration::from_secs(5), "{all:?}");
}
