//! Ids that are texts: the worklist names them exactly, one a line, and its SQL quotes them; what could break out of a
//! quote is no id.

use super::made_up::{Exports, JSON_LINES, id, ids, list, worklist};
use super::{Ends, ends_so, failures};

/// Ids of every shape, each in the place of one of the six that are due.
#[test]
fn the_worklist_lists_texts_exactly() {
    let longest = "x".repeat(64);
    let shapes = ["0007", "7b2f1f0e-9D0F-4c5a-8f00-0123456789ab", "a.b_c:d-", "1e3", &longest, "Null"];
    let mut exports = Exports::new(&JSON_LINES);
    let mut text = String::from_utf8(exports.file("loans").clone()).unwrap();
    for (number, shape) in shapes.iter().enumerate() {
        text = text.replacen(&format!("\"id\":\"{}\"", id(number + 1)), &format!("\"id\":\"{shape}\""), 1);
    }
    *exports.file("loans") = text.into();
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!(night.code, 0, "{}", night.printed);
    let mut expected = shapes.map(String::from).to_vec();
    expected.sort();
    assert_eq!(worklist(&site), expected);

    let sql = list(&site, ".sql");
    let inside = sql.split("IN (").nth(1).unwrap().split(')').next().unwrap();
    let mut quoted: Vec<&str> = inside.split(',').collect();
    quoted.sort_unstable();
    assert_eq!(quoted, expected.iter().map(|id| format!("'{id}'")).collect::<Vec<_>>(), "{sql}");
    let guarded = "ELSE 0 END AS too_old;\nUPDATE loans SET patron = NULL WHERE id IN ('";
    assert!(sql.contains("BEGIN;\nSELECT CASE WHEN CURRENT_DATE >= DATE '"), "{sql}");
    assert!(sql.contains(guarded) && sql.ends_with(");\nCOMMIT;\n"), "{sql}");
}

#[test]
fn some_hundred_ids_a_statement() {
    let mut exports = Exports::new(&JSON_LINES);
    let row = |n: usize| {
        format!(
            "{{\"id\":\"Loan-{n:04}\",\"patron\":{{\"id\":\"{}\"}},\"item\":\"3\",\"out\":\"2026-08-03\",\
             \"back\":\"2026-08-12\",\"status\":{{\"name\":\"zurückgegeben\"}},\"branch\":\"MAIN\"}}\n",
            7001 + n % 10
        )
    };
    *exports.file("loans") = (0..2_001).map(row).collect::<String>().into();
    *exports.file("bills") = "{\"number\":\"1\",\"loan\":\"Loan-0001\",\"owed\":\"0\"}\n".into();
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!(night.totals("made-up-loans"), Some([2_001, 2_001, 0, 0, 0]), "{}", night.printed);
    assert_eq!(worklist(&site), (0..2_001).map(|n| format!("Loan-{n:04}")).collect::<Vec<_>>());
    let sql = list(&site, ".sql");
    let sizes: Vec<usize> =
        sql.lines().filter(|line| line.contains("IN (")).map(|line| line.matches("'Loan-").count()).collect();
    assert_eq!((sizes, sql.matches("BEGIN;").count(), sql.matches("COMMIT;").count()), (vec![900, 900, 201], 3, 3));
}

/// Two ids that differ in case alone are two; one that comes again with other facts is kept, both times.
#[test]
fn texts_are_told_apart() {
    let mut exports = Exports::new(&JSON_LINES);
    let text = String::from_utf8(exports.file("loans").clone()).unwrap();
    let upper = id(3).to_uppercase();
    assert_ne!(upper, id(3));
    let changed = text.replace(&format!("\"id\":\"{}\"", id(4)), &format!("\"id\":\"{upper}\""));
    let changed = changed.replace(&format!("\"id\":\"{}\"", id(6)), &format!("\"id\":\"{}\"", id(2)));
    *exports.file("loans") = changed.into();
    let site = exports.site();
    let night = exports.night(&site);
    assert_eq!(night.totals("made-up-loans"), Some([12, 4, 7, 1, 0]), "{}", night.printed);
    let mut expected = [ids([1, 3, 5]), vec![upper]].concat();
    expected.sort();
    assert_eq!(worklist(&site), expected);
}

/// Each in place of the fifth loan's id.
#[test]
fn what_is_no_id_is_rejected() {
    let ids = [
        "",
        " ",
        "Loan 5",
        " Loan5",
        "Loan5 ",
        "Loan'5",
        "Loan''5",
        "Loan\\\"5",
        "Loan\\\\5",
        "x'); DROP TABLE loans--",
        "Loan;5",
        "Loan,5",
        "Loan\\n5",
        "Loan\\u00005",
        "-5",
        ".5",
        "_5",
        ":5",
        "=cmd()",
        "@5",
        "+5",
        "Lo\\u0430n5",
        "Loan\\u200b5",
        "５",
        "Loan/5",
        "../../x",
        "<script>",
    ];
    failures(ids.into_iter().map(|no_id| {
        move || {
            let mut exports = Exports::new(&JSON_LINES);
            let text = String::from_utf8(exports.file("loans").clone()).unwrap();
            *exports.file("loans") = text.replace(&id(5), no_id).into();
            let reason = if no_id.contains("u0000") { "malformed" } else { "bad-id" };
            ends_so(&exports, no_id, 5, &Ends::Rejects(reason, 0));
        }
    }));
}
