//! How much two columns' names speak for a join.

use crate::profile::TableProfile;
use crate::profile::guess::file_names::{TRANSACTIONS, is_called, stem};
use crate::profile::guess::lone_columns as alone;
use crate::profile::guess::meaning::About;
use crate::profile::words::{self, has, plain};

/// What a row of another file calls the transaction that it belongs to.
pub(super) const LINKS: [&str; 11] = [
    "reserveid",
    "xact",
    "loanid",
    "loan",
    "issueid",
    "circ",
    "circid",
    "checkoutid",
    "transactionid",
    "requestid",
    "request",
];

/// Whether another file calls a transaction of this kind so: a circulation's number leads to no hold.
fn leads_to(about: About, link: &str) -> bool {
    const LOANS: [&str; 7] = ["xact", "loanid", "loan", "issueid", "circ", "circid", "checkoutid"];
    let of_its_own = match link {
        "reserveid" => Some(About::Holds),
        link => LOANS.contains(&link).then_some(About::Loans),
    };
    LINKS.contains(&link) && of_its_own.is_none_or(|own| own == about)
}

/// How much two names speak for a join.
pub(super) fn called_alike(a: &str, b: &str, id_of: Option<About>, other: &TableProfile, is_key: bool) -> i64 {
    const VAGUE: [&str; 8] = ["status", "note", "type", "id", "name", "code", "number", "timestamp"];
    let stem = stem(other);
    let core = |name: &str| {
        let short =
            name.trim_end_matches("id").trim_end_matches("key").trim_end_matches("number").trim_end_matches("code");
        short.to_string()
    };
    let (ours, theirs) = (core(a), core(b));
    // `id` is another's where our own name is there, too.
    let by_id = ["id", "code", "key"].contains(&b) && !other.columns.iter().any(|column| plain(&column.called) == a);
    // `Fine Fee Status` is no patron's `Status`.
    let vague = VAGUE.contains(&b) && !is_key;
    let ends_alike = !vague && b.len() >= 5 && a.contains(b)
        || !vague && b.len() >= 4 && a.ends_with(b)
        || a.len() >= 4 && b.ends_with(a) && id_of.is_some()
        || theirs.len() >= 4 && ours.ends_with(&theirs) && is_key;
    // What is there under our own name is no other's.
    let own = || LINKS.contains(&a) && other.columns.iter().any(|column| plain(&column.called).ends_with(a));
    let leads = id_of.is_some_and(|about| leads_to(about, b)) && !own();
    if LINKS.contains(&a) && b.ends_with(a) {
        // `old_reserve_id`, too.
        6
    } else if a == b && !is_key && alone::published(a).is_some() {
        // Rows of the same branch.
        0
    } else if a == b && !VAGUE.contains(&a) {
        4
    } else if by_id && b != "code" && has(a, words::PATRON) && is_of_patrons(other) {
        5
    } else if by_id && (ours.len() >= 3 && is_of(&ours, &stem) || is_of(a, &stem)) || leads {
        4
    } else if ends_alike {
        3
    } else if b == "id" && is_place(a) && is_place(&stem) || shared(a, b) >= 3 && is_key {
        2
    } else {
        0
    }
}

/// Whether the rows of a file are patrons. What was paid or lent names somebody, too, and its own numbers are nobody's.
fn is_of_patrons(table: &TableProfile) -> bool {
    const CALLED: [&str; 8] = ["patron", "user", "usr", "borrower", "member", "reader", "customer", "student"];
    let of_others = is_called(table, words::BILLS) || is_called(table, TRANSACTIONS);
    alone::is_of_persons(table) && (!of_others || is_called(table, &CALLED))
}

/// Whether a column is called after a file: `materialType` and `material-types`, `target_copy` and `asset.copy`.
fn is_of(column: &str, stem: &str) -> bool {
    let singular = stem.strip_suffix("es").filter(|s| s.ends_with("ch") || s.ends_with('s')).or(stem.strip_suffix('s'));
    let singular = singular.unwrap_or(stem);
    let singular = singular.strip_suffix("ie").map_or_else(|| singular.to_string(), |stem| format!("{stem}y"));
    let ends = |word: &str| singular.ends_with(word) || column.ends_with(&singular);
    ends(column)
        || ["patron", "group", "item", "copy", "user", "usr", "location", "servicepoint", "statgroup", "bib"]
            .iter()
            .any(|word| column.contains(word) && singular.ends_with(word))
}

fn is_place(name: &str) -> bool {
    ["lib", "branch", "org", "location", "site", "library", "orgunit"].iter().any(|word| name.contains(word))
}

/// How many letters two names begin with alike.
fn shared(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::export::Found;
    use crate::profile::{read, sniff};

    fn table(name: &str, text: &str) -> TableProfile {
        let found = Found::in_memory(name, text.as_bytes().to_vec(), Timestamp::UNIX_EPOCH);
        read(&found, &sniff::sniff(&found).unwrap()).unwrap()
    }

    #[test]
    fn names_speak_for_a_join_or_do_not() {
        let bills = table("accountlines.csv", "id,issue_id,reserve_id,old_reserve_id,amount,status\n1,2,3,4,5.00,x\n");
        let payments = table("money.cash_payment.csv", "id,xact,phone,email\n1,2,555-0133,a@example.org\n");
        let patrons = table("actor.usr.csv", "id,family_name,email,status\n1,Zzyzx,a@example.org,x\n");
        let (loans, holds) = (Some(About::Loans), Some(About::Holds));
        for (ours, theirs, of, other, expected) in [
            ("reserveid", "reserveid", holds, &bills, 6),
            ("reserveid", "oldreserveid", holds, &bills, 6),
            // Our own name is there, and a loan's is no hold's.
            ("reserveid", "issueid", holds, &bills, 0),
            ("id", "xact", loans, &payments, 4),
            ("id", "xact", holds, &payments, 0),
            ("usr", "id", None, &patrons, 5),
            // Payments name somebody, and are nobody.
            ("usr", "id", None, &payments, 0),
            ("finefeestatus", "status", None, &patrons, 0),
        ] {
            assert_eq!(called_alike(ours, theirs, of, other, false), expected, "{ours} {theirs} in {}", other.file);
        }
    }
}
