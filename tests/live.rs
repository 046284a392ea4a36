//! The live system: tables read in one snapshot, worklists carried out by afterloan, on servers of the test's own.
//!
//! A made-up library lives for thirty nights beside an independent model of it. At each night's end the database is searched, table
//! by table and row by row, for every row that still leads from a transaction to a patron: numbers of patrons, items and
//! transactions come from ranges that nothing else has, so a cell says of itself what it is. What is found must be what the
//! model says is still needed, and all of that.
//!
//! They need MariaDB and PostgreSQL: `make test-live`.

mod clock;
mod compare;
mod dump;
mod evergreen;
mod harness;
mod koha;
mod made_up;
mod random;
mod smoke;
mod withstand;
