use super::*;
use crate::live::{Column, DatabaseKind};
use crate::pipeline::declaration::Of;

/// A catalogue of these columns, TABLE.COLUMN.
fn catalogue(columns: &[&str]) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for one in columns {
        let (table, name) = one.rsplit_once('.').unwrap();
        let column = Column { name: name.into(), kind: "int".into() };
        catalogue.tables.entry(table.into()).or_default().push(column);
    }
    catalogue
}

const ALL: [&str; 11] = [
    "loans.id",
    "loans.patron",
    "loans.out",
    "loans.back",
    "loans.booking",
    "bills.id",
    "bills.loan",
    "bills.old_loan",
    "bills.owing",
    "bookings.id",
    "log.loan",
];

const TEXT: &str = r#"
format = 1
kind = "loan"
name = "made-up"
about = "made up"

[read]
format = "csv"
coverage = "snapshot"
null = [""]
datetime = "%Y-%m-%d %H:%M:%S"
plausible = ["1990-01-01", "now"]

[database]
kind = "mariadb"
grants = ["DELETE ON bookings", "UPDATE ON loans"]
patron = ["patrons.id"]

[[source]]
part = "loans"
files = "loans-*.csv"
table = "loans"

[columns]
transaction = { column = "id", type = "integer" }
patron = "patron"
opened = "out"
closed = "back"

[[lookup]]
name = "bills"
files = "bills-*.csv"
table = "bills"
rows = "many"
on = { id = ["loan", "old_loan"] }
key = "integer"
drop = ["id"]
[lookup.gather]
owing = { any_positive = "owing" }

[[state]]
is = "open"
when = { back = "unset" }
[[state]]
is = "closed"

[needs]
owing = { "bills.owing" = true }

# All of them.
[[trace]]
name = "booking"
about = "bookings"
sever = "/*if loans.booking*/DELETE b FROM bookings b JOIN loans l ON l.booking = b.id WHERE l.id IN ({ids})/*end*/"
count = "/*if loans.booking*/SELECT COUNT(*) FROM bookings b JOIN loans l ON l.booking = b.id WHERE l.id IN ({ids})/*end*/"

[[trace]]
name = "log"
about = "log"
never = "made up"
instead = "made up"
count = "SELECT COUNT(*) FROM log"

[[trace]]
name = "the loan itself"
about = "loans: the patron"
link = true
sever = """
UPDATE loans SET patron = NULL WHERE id IN ({ids}) AND 0 = (SELECT COUNT(*) FROM bills
 WHERE /*if bills.old_loan*/ old_loan /*else loan*/ = loans.id AND owing > 0)"""
count = "SELECT COUNT(*) FROM loans WHERE id IN ({ids}) AND patron IS NOT NULL"

[[test]]
name = "owing"
as_of = "2026-11-01"
rows = [{ id = "1", patron = "51", out = "2026-03-10 10:30:00", back = "2026-05-02 10:00:00" }]
lookup.bills = [{ old_loan = "1", owing = "2.50" }]
expect.decision = "kept"
expect.needs = ["owing"]

[[test]]
name = "nothing is owed"
as_of = "2026-11-01"
rows = [{ id = "1", patron = "51", out = "2026-03-10 10:30:00", back = "2026-05-02 10:00:00" }]
[[test.lookup.bills]]
old_loan = "1"
owing = "0.00"
[test.expect]
decision = "due"
"#;

fn without(missing: &[&str]) -> Adapted {
    let left: Vec<&str> = ALL.into_iter().filter(|one| !missing.contains(one)).collect();
    let catalogue = catalogue(&left);
    let adapted = adapted(TEXT, &catalogue, &[], &mut |_| Ok(())).unwrap();
    assert!(!adapted.text.contains("/*"), "{}", adapted.text);
    adapted
}

#[test]
fn a_pipeline_fits_the_release() {
    let nothing: &[&str] = &[];
    for (missing, traces, notes, guard) in [
        (nothing, &["booking", "log", "the loan itself"][..], nothing, "old_loan"),
        (
            &["loans.booking", "bookings.id"],
            &["log", "the loan itself"],
            &["this release has nothing of the trace `booking`"],
            "old_loan",
        ),
        (
            &["bills.old_loan"],
            &["booking", "log", "the loan itself"],
            &["bills: this release has no `old_loan`"],
            " loan",
        ),
    ] {
        let adapted = without(missing);
        assert_eq!((&adapted.notes[..], &adapted.problems[..]), (&strings(notes)[..], &[][..]), "{missing:?}");
        let pipeline = Pipeline::parse(&Located::new("made-up.toml".into(), adapted.text.clone())).unwrap();
        assert!(pipeline.declaration.is_of(DatabaseKind::MariaDb));
        let names: Vec<&str> = pipeline.declaration.traces.iter().map(|trace| trace.name.as_str()).collect();
        assert_eq!(names, traces);
        let link = &pipeline.declaration.traces.last().unwrap().severs(Of::Linked)[0];
        assert!(
            link.contains(&format!("{guard} = loans.id")) || link.contains(&format!("{guard}  = loans.id")),
            "{link}"
        );
        assert!(adapted.text.contains("# All of them."), "{}", adapted.text);
        assert_eq!(adapted.text.contains("DELETE ON bookings"), !missing.contains(&"bookings.id"));
        let (tests, failures) = crate::rehearse::rehearse(&pipeline);
        assert!(tests == 2 && failures.is_empty(), "{failures:?}");
    }
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| one.to_string()).collect()
}

#[test]
fn a_trace_of_which_a_part_alone_is_left_is_a_problem() {
    let half = TEXT
        .replace("count = \"/*if loans.booking*/SELECT", "count = \"SELECT")
        .replace("({ids})/*end*/\"\n\n", "({ids})\"\n\n");
    let adapted = adapted(&half, &catalogue(&["loans.id"]), &[], &mut |_| Ok(())).unwrap();
    assert!(adapted.problems[0].contains("`booking`"), "{:?}", adapted.problems);
}
