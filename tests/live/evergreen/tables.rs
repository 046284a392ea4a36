//! What happened, as rows of Evergreen's tables: gathered day by day, and written in one transaction.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::model::{Loan, Stop};
use crate::live::clock::{Clock, cell};
use crate::servers::server::Server;

/// In an order in which none refers to one that comes later.
const TABLES: [(&str, &str); 9] = [
    ("action.usr_circ_history", "id, usr, xact_start, target_copy, due_date, source_circ"),
    ("action.archive_actor_stat_cat", "xact, stat_cat, value"),
    ("money.billing", "xact, billing_ts, amount, billing_type, note"),
    ("money.cash_payment", "id, xact, payment_ts, amount, note, amount_collected, accepting_usr"),
    ("money.check_payment", "id, xact, payment_ts, amount, amount_collected, accepting_usr, check_number"),
    ("money.credit_card_payment", "id, xact, payment_ts, amount, amount_collected, accepting_usr, cc_number"),
    ("action.emergency_closing_circulation", "id, emergency_closing, circulation"),
    ("action_trigger.event_output", "id, data"),
    ("action_trigger.event", "target, event_def, run_time, template_output, context_user, context_item, user_data"),
];

const LOANS: &str = "action.circulation (id, usr, xact_start, xact_finish, target_copy, circ_lib, circ_staff, checkin_staff, \
                     renewal_remaining, grace_period, due_date, checkin_time, checkin_scan_time, stop_fines, duration, \
                     opac_renewal, duration_rule, recurring_fine_rule, max_fine_rule, parent_circ)";

const CHANGED: &str =
    "CREATE TEMP TABLE changed (id BIGINT, finish TIMESTAMPTZ, back TIMESTAMPTZ, scan TIMESTAMPTZ, staff INT,
                       stop TEXT);\n";

const CHANGE: &str = "
ANALYZE changed;
UPDATE action.circulation c SET xact_finish = finish, checkin_time = back, checkin_scan_time = scan, checkin_staff = staff,
       stop_fines = stop
  FROM changed WHERE c.id = changed.id;\n";

/// Rows that are yet to be written.
#[derive(Default)]
pub struct Tables {
    rows: BTreeMap<&'static str, Vec<String>>,
    /// Statements that come after all rows.
    pub sql: String,
}

impl Tables {
    pub fn add<const N: usize>(&mut self, table: &'static str, cells: [String; N]) {
        self.rows.entry(table).or_default().push(cells.join("\t"));
    }

    /// Writes everything. Of loans what changed comes first: a copy is out but once.
    pub fn flush(&mut self, loans: &mut [Loan], server: &Server) {
        let mut sql = String::from("SET TIME ZONE 'America/New_York';\nBEGIN;\n");
        let changed = loans.iter().filter(|loan| loan.stored && loan.changed).map(|loan| {
            let [back, scan] = [loan.returned, loan.came_in].map(time);
            let staff = or_null(loan.taken_by);
            [loan.id.to_string(), time(loan.finished()), back, scan, staff, stop(loan.stop).into()].join("\t")
        });
        sql += CHANGED;
        copy(&mut sql, "changed", changed);
        sql += CHANGE;
        let ids: Vec<u64> = loans.iter().map(|loan| loan.id).collect();
        let new = loans.iter().filter(|loan| !loan.stored).map(|loan| {
            let online = loan.renews.is_some() && loan.lent_by == loan.patron;
            [
                loan.id.to_string(),
                loan.patron.to_string(),
                cell(loan.lent),
                time(loan.finished()),
                loan.item.to_string(),
                "4".into(),
                loan.lent_by.to_string(),
                or_null(loan.taken_by),
                "2".into(),
                "1 day".into(),
                cell(due(loan)),
                time(loan.returned),
                time(loan.came_in),
                stop(loan.stop).into(),
                "21 days".into(),
                online.to_string(),
                "default\tdefault\tdefault".into(),
                or_null(loan.renews.map(|place| ids[place])),
            ]
            .join("\t")
        });
        copy(&mut sql, LOANS, new);
        for (table, columns) in TABLES {
            let rows = self.rows.remove(table).unwrap_or_default();
            copy(&mut sql, &format!("{table} ({columns})"), rows.into_iter());
        }
        assert!(self.rows.is_empty(), "tables that have no columns here");
        sql += &std::mem::take(&mut self.sql);
        sql += "COMMIT;\n";
        server.must(&sql);
        loans.iter_mut().for_each(|loan| (loan.stored, loan.changed) = (true, false));
    }
}

pub fn copy(sql: &mut String, to: &str, rows: impl Iterator<Item = String>) {
    let mut rows = rows.peekable();
    if rows.peek().is_some() {
        let _ = writeln!(sql, "COPY {to} FROM STDIN;");
        rows.for_each(|row| {
            let _ = writeln!(sql, "{row}");
        });
        sql.push_str("\\.\n");
    }
}

pub fn due(loan: &Loan) -> Clock {
    loan.lent + 21 * crate::live::clock::DAY
}

pub fn or_null<T: ToString>(cell: Option<T>) -> String {
    cell.map_or("\\N".into(), |cell| cell.to_string())
}

fn time(clock: Option<Clock>) -> String {
    or_null(clock.map(cell))
}

fn stop(stop: Stop) -> &'static str {
    match stop {
        Stop::No => "\\N",
        Stop::CheckedIn => "CHECKIN",
        Stop::Renewed => "RENEW",
        Stop::MostFines => "MAXFINES",
        Stop::Lost => "LOST",
        Stop::LongOverdue => "LONGOVERDUE",
        Stop::ClaimsReturned => "CLAIMSRETURNED",
        Stop::NeverHad => "CLAIMSNEVERCHECKEDOUT",
    }
}
