//! What is there before the first loan: an org unit, patrons, copies.

use std::fmt::Write as _;

use super::library::{COPIES, LIBRARIAN, PEOPLE, STAFF};
use super::tables::copy;
use crate::live::made_up::{ITEMS, PATRONS};

/// Letters, receipts, and what closing in an emergency changed.
const AROUND: &str = "
INSERT INTO permission.grp_tree (id, name, application_perm) VALUES (1, 'Users', NULL),
    (2, 'Patrons', 'group_application.user.patron'), (5, 'Staff', 'group_application.user.staff');
INSERT INTO actor.org_unit (id, ou_type, shortname, name) VALUES (4, 3, 'BR1', 'Branch 1');
INSERT INTO asset.call_number (id, creator, editor, record, owning_lib, label) VALUES (77, 1, 1, 1, 4, 'J 523.4 ALD');
INSERT INTO action_trigger.hook (key, core_type) VALUES
    ('checkout.due', 'circ'), ('money.format.payment_receipt.email', 'mp'), ('checkout.due.emergency_closing', 'aecc');
INSERT INTO action_trigger.event_definition (id, name, hook) VALUES
    (1, 'due', 'checkout.due'), (2, 'receipt', 'money.format.payment_receipt.email'),
    (3, 'closed', 'checkout.due.emergency_closing');
-- As Evergreen has them.
CREATE INDEX ON money.billing (xact);
CREATE INDEX ON money.payment (xact);
CREATE INDEX ON money.bnm_payment (xact);
CREATE INDEX ON money.cash_payment (xact);
CREATE INDEX ON money.check_payment (xact);
CREATE INDEX ON money.credit_card_payment (xact);
CREATE INDEX ON action_trigger.event (target, event_def);
CREATE INDEX ON action_trigger.event (template_output);
CREATE INDEX ON action_trigger.event (error_output);
CREATE INDEX ON action_trigger.event (async_output);
CREATE INDEX ON action.usr_circ_history (source_circ);
CREATE INDEX ON action.emergency_closing_circulation (circulation);
-- As the pipeline tells a library to.
CREATE INDEX ON action.archive_actor_stat_cat (xact);
";

/// The post code is the patron's number: a copy of it leads to her.
pub fn setup() -> String {
    let mut sql = String::from("SET TIME ZONE 'America/New_York';\nBEGIN;\n");
    sql += AROUND;
    let _ = writeln!(
        sql,
        "INSERT INTO actor.usr (id, profile, usrname, passwd, first_given_name, family_name, home_ou, super_user) VALUES
         (1, 1, 'admin', 'x', 'Super', 'User', 4, TRUE), ({STAFF}, 5, 'staff', 'x', 'Staff', 'Staff', 4, FALSE);"
    );
    let patrons = (0..PEOPLE).map(|n| (n, PATRONS + n));
    let usr = "actor.usr (id, profile, usrname, passwd, first_given_name, family_name, home_ou, dob, mailing_address, create_date)";
    let people = patrons.clone().map(|(n, usr)| {
        let profile = if usr == LIBRARIAN { 5 } else { 2 };
        format!("{usr}\t{profile}\tu{n}\tx\tGiven\tQuillfeather\t4\t{}-05-04\t{}\t2020-01-01", 1950 + n % 60, n + 1)
    });
    copy(&mut sql, usr, people);
    let home = "actor.usr_address (id, usr, street1, city, country, post_code)";
    copy(&mut sql, home, patrons.map(|(n, usr)| format!("{}\t{usr}\t{n} Larch Hollow\tFenwick\tUSA\t{usr}", n + 1)));
    let items =
        "asset.copy (id, circ_lib, creator, call_number, editor, loan_duration, fine_level, barcode, circ_modifier)";
    copy(&mut sql, items, (0..COPIES).map(|n| format!("{}\t4\t1\t77\t1\t2\t2\tB{n}\tbook", ITEMS + n)));
    sql + "COMMIT;\nANALYZE;\n"
}
