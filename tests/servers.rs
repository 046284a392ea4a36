//! The purge SQL on the servers that it was written for: Koha's on MariaDB, Evergreen's on PostgreSQL.
//!
//! Each test starts a server in a temporary folder, with the system's own tables (`koha.sql`, `evergreen.sql`), its fixture
//! and rows around it (`…-rows.sql`): exports them, runs a night, changes some due rows behind its back, carries the
//! worklists out with the client that a librarian uses, and compares every row of every table with what was there before.
//! Then the next night must find exactly that.
//!
//! They need servers that most machines don't have: `make test-servers`.

mod carried_out;
pub mod evergreen;
pub mod koha;
pub mod server;
mod table;
