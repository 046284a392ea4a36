//! Worklists: the transaction ids that the library system must now sever, as CSV, and as SQL from the pipeline's
//! `[[trace]]`s. They hold no patron; but one that empties patron records must name them, by number.
//!
//! Beside them stand what is kept for long enough to review, and where the site has a connection, the batches that
//! `afterloan purge` carries out.
//!
//! The newest of a chain of renewals comes first: some systems refuse to delete a loan that was renewed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::act::months::WorklistIds;
use crate::live::DatabaseKind;
use crate::pipeline::Declaration;
use crate::pipeline::declaration::Of;
use crate::words::{Day, Need, NeedSet, Side, TransactionId};

/// How the file ends that `afterloan purge` carries out.
pub const BATCHES: &str = "batches";

/// Ids in one SQL statement. MariaDB makes a table of a list of a thousand (`in_predicate_conversion_threshold`), and then reads
/// all loans for it: minutes, under locks, instead of milliseconds.
const BATCH: usize = 900;

/// A client that went on after an error would commit what else is in its transaction.
const HOW_TO_RUN: &str = "\
-- Each transaction is carried out whole or not at all, by a client that stops at the first error:
--   mariadb DATABASE < FILE (never with --force); psql DATABASE -v ON_ERROR_STOP=1 -f FILE; sqlcmd -b -i FILE
";

/// Writes one id a line, under a header.
pub fn write_csv(path: &Path, declaration: &Declaration, ids: &WorklistIds) -> io::Result<()> {
    let mut csv = BufWriter::with_capacity(1 << 18, File::create(path)?);
    csv.write_all(if declaration.side == Side::Contact { b"patron\n" } else { b"transaction\n" })?;
    for id in ids.by_height().flatten() {
        ids.write(id, b"", &mut csv)?;
        csv.write_all(b"\n")?;
    }
    csv.flush()
}

/// Writes what is kept for long enough to review, one id a line with its needs: for a person, never for a script that severs.
pub fn write_review(path: &Path, ids: &WorklistIds, review: &[(TransactionId, NeedSet)]) -> io::Result<()> {
    let mut csv = BufWriter::new(File::create(path)?);
    csv.write_all(b"transaction,needs\n")?;
    for (id, needs) in review {
        ids.write(id.0, b"", &mut csv)?;
        let needs: Vec<&str> = needs.iter().map(Need::as_str).collect();
        writeln!(csv, ",{}", needs.join(" "))?;
    }
    csv.flush()
}

/// The ids in the order in which they are severed, some hundreds at a time, none of them from two heights.
fn batches<'i>(ids: &'i WorklistIds) -> impl Iterator<Item = (Of, Vec<u64>)> + 'i {
    let linked = ids.by_height().map(|of_height| (Of::Linked, of_height));
    linked.chain([(Of::Unlinked, ids.unlinked())]).flat_map(|(of, list)| {
        let mut numbers = list.iter().peekable();
        std::iter::from_fn(move || {
            numbers.peek()?;
            Some((of, numbers.by_ref().take(BATCH).collect()))
        })
    })
}

/// Writes what `afterloan purge` carries out: a batch a line, which of both it is, then its ids as they stand in SQL.
pub fn write_batches(path: &Path, declaration: &Declaration, ids: &WorklistIds) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, File::create(path)?);
    for (of, numbers) in batches(ids).filter(|(of, _)| declaration.severs(*of)) {
        out.write_all(if of == Of::Linked { b"linked " } else { b"unlinked " })?;
        out.write_all(&list(ids, numbers.into_iter())?)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Writes the pipeline's statements for some hundreds of ids at a time, each in one transaction: what a broken connection
/// leaves undone is done again by the next worklist. It is good on `night` and the day after. `zone`: the statement that sets
/// the session's time zone, where the system's database is known.
pub fn write_sql(
    path: &Path,
    declaration: &Declaration,
    ids: &WorklistIds,
    (heading, zone): (&str, Option<String>),
    night: Day,
) -> io::Result<()> {
    let guard = guard(&declaration.begin, night.plus(2));
    let mut sql = BufWriter::with_capacity(1 << 18, File::create(path)?);
    writeln!(sql, "-- {heading}")?;
    writeln!(
        sql,
        "-- It is good on {night} and the day after: later, each transaction ends with an error (\"more than one row\")."
    )?;
    sql.write_all(HOW_TO_RUN.as_bytes())?;
    if let Some(zone) = zone {
        writeln!(sql, "{zone};")?;
    }
    for (of, numbers) in batches(ids).filter(|(of, _)| declaration.severs(*of)) {
        let list = list(ids, numbers.into_iter())?;
        writeln!(sql, "{};\n{guard};", declaration.begin)?;
        for statement in declaration.traces.iter().flat_map(|trace| trace.severs(of)) {
            let mut pieces = statement.trim().trim_end_matches(';').split("{ids}");
            sql.write_all(pieces.next().unwrap_or_default().as_bytes())?;
            for piece in pieces {
                sql.write_all(&list)?;
                sql.write_all(piece.as_bytes())?;
            }
            sql.write_all(b";\n")?;
        }
        writeln!(sql, "COMMIT;")?;
    }
    sql.flush()
}

/// The statement that sets a client's time zone to the library's: what a log says of the hour is compared with the loans. MariaDB
/// knows zones by name where their tables are loaded; else its own must be as far from UTC tonight, or it stops there.
pub fn zone(kind: DatabaseKind, name: &str, from_utc: i32) -> String {
    let set = kind.set_timezone(name);
    if kind == DatabaseKind::PostgreSql {
        return set;
    }
    let (sign, seconds) = (if from_utc < 0 { "-" } else { "" }, from_utc.abs());
    let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
    format!(
        "SET time_zone = CASE WHEN CONVERT_TZ('2000-01-01 12:00:00', 'UTC', '{name}') IS NOT NULL THEN '{name}' \
         WHEN TIMEDIFF(SYSDATE(), UTC_TIMESTAMP()) BETWEEN SUBTIME('{sign}{hours:02}:{minutes:02}:00', '00:00:05') \
         AND ADDTIME('{sign}{hours:02}:{minutes:02}:00', '00:00:05') THEN @@time_zone \
         ELSE 'load the time zones: mariadb-tzinfo-to-sql' END"
    )
}

/// A query that fails on the server from a day on, in SQL's plainest words: a subquery of two rows where one may stand. It
/// is asked within each transaction, which such an error ends. How a system's transactions begin tells which words it has
/// for today.
fn guard(begin: &str, from: Day) -> String {
    let (today, day, one_row) = if begin.contains("XACT_ABORT") {
        ("CAST(GETDATE() AS date)", format!("'{}'", from.to_string().replace('-', "")), "")
    } else if begin.starts_with("SET TRANSACTION") {
        ("CURRENT_DATE", format!("DATE '{from}'"), " FROM DUAL")
    } else {
        ("CURRENT_DATE", format!("DATE '{from}'"), "")
    };
    format!(
        "SELECT CASE WHEN {today} >= {day} THEN (SELECT 1{one_row} UNION ALL SELECT 2{one_row}) ELSE 0 END AS too_old{one_row}"
    )
}

fn list(ids: &WorklistIds, numbers: impl Iterator<Item = u64>) -> io::Result<Vec<u8>> {
    let mut list = Vec::with_capacity(BATCH * 9);
    for id in numbers {
        if !list.is_empty() {
            list.push(b',');
        }
        ids.write(id, b"'", &mut list)?;
    }
    Ok(list)
}
