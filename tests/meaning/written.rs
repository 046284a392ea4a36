//! The library's exports as each system writes them, with every column that its pipeline knows.

use jiff::ToSpan;
use jiff::civil::Date;

use super::library::{Bill, Loan, PATRONS, Stands, System};
use crate::systems::repository;

/// One export of a night.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Export {
    pub name: String,
    pub syntax: Syntax,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    Csv,
    /// PostgreSQL's text.
    Tabs,
    /// A JSON object a line.
    Lines,
}

pub fn exports(system: System, loans: &[Loan], first: Date) -> Vec<Export> {
    match system {
        System::Koha => koha(loans, first),
        System::Evergreen => evergreen(loans, first),
        System::Folio => folio(loans, first),
    }
}

/// A table in the columns of the system's own fixture: what isn't said is nothing.
struct Table {
    columns: Vec<String>,
    null: &'static str,
    syntax: Syntax,
    text: String,
}

impl Table {
    fn like(fixture: &str, null: &'static str, syntax: Syntax) -> Table {
        let whole = std::fs::read(repository("fixtures/systems").join(fixture)).unwrap();
        let whole = String::from_utf8_lossy(&whole);
        let header = whole.lines().next().unwrap().to_string();
        let between = if syntax == Syntax::Csv { ',' } else { '\t' };
        let columns = header.split(between).map(String::from).collect();
        Table { columns, null, syntax, text: header + "\n" }
    }

    fn row(&mut self, cells: &[(&str, String)]) {
        let unknown = cells.iter().find(|(name, _)| !self.columns.iter().any(|column| column == name));
        assert!(unknown.is_none(), "{unknown:?}");
        let cell = |column: &String| {
            let said = cells.iter().find(|(name, _)| name == column).map(|(_, cell)| cell.clone());
            said.unwrap_or_else(|| self.null.to_string())
        };
        let line: Vec<String> = self.columns.iter().map(cell).collect();
        self.text += &line.join(if self.syntax == Syntax::Csv { "," } else { "\t" });
        self.text.push('\n');
    }

    fn export(self, name: &str) -> Export {
        Export { name: name.into(), syntax: self.syntax, bytes: self.text.into_bytes() }
    }
}

fn days_before(first: Date, days: i64) -> Date {
    first - days.days()
}

/// When a bill was paid, if it was, and whether it was for a lost item.
fn paid(bill: Bill, first: Date) -> Option<(Date, bool)> {
    match bill {
        Bill::None | Bill::Owed => None,
        Bill::Paid(days) => Some((days_before(first, days), false)),
        Bill::LostPaid(days) => Some((days_before(first, days), true)),
    }
}

fn koha(loans: &[Loan], first: Date) -> Vec<Export> {
    let csv = |name: &str| Table::like(&format!("koha/{name}-2026-10-31.csv"), "NULL", Syntax::Csv);
    let (mut out, mut old, mut bills, mut claims) =
        (csv("issues"), csv("old_issues"), csv("accountlines"), csv("return_claims"));
    let (mut items, mut patrons) = (csv("items"), csv("borrowers"));
    for loan in loans {
        let patron = (loan.patron + 501).to_string();
        let linked = if loan.linked { patron.clone() } else { "NULL".into() };
        let mut cells = vec![
            ("issue_id", loan.number.to_string()),
            ("borrowernumber", linked),
            ("itemnumber", (loan.number + 5_000).to_string()),
            ("branchcode", "MAIN".into()),
            ("issuedate", format!("{} 10:15:00", loan.issued)),
            ("renewals_count", "1".into()),
            ("issuer_id", "7".into()),
        ];
        match loan.returned {
            None => out.row(&cells),
            Some(returned) => {
                cells.push(("returndate", format!("{returned} 17:20:00")));
                old.row(&cells);
            }
        }
        let paid = paid(loan.bill, first);
        if loan.bill != Bill::None {
            let owed = if paid.is_some() { "0.000000" } else { "12.500000" };
            let changed = paid.map_or(loan.issued, |(day, _)| day);
            let sort = if paid.is_some_and(|(_, lost)| lost) { "LOST" } else { "OVERDUE" };
            bills.row(&[
                ("accountlines_id", (loan.number + 9_000).to_string()),
                ("old_issue_id", loan.number.to_string()),
                ("borrowernumber", patron.clone()),
                ("itemnumber", (loan.number + 5_000).to_string()),
                ("date", format!("{} 02:00:00", loan.issued)),
                ("amount", "12.500000".into()),
                ("debit_type_code", sort.into()),
                ("amountoutstanding", owed.into()),
                ("timestamp", format!("{changed} 11:00:00")),
            ]);
        }
        if loan.stands == Stands::Disputed {
            claims.row(&[
                ("id", (loan.number + 700).to_string()),
                ("issue_id", loan.number.to_string()),
                ("itemnumber", (loan.number + 5_000).to_string()),
                ("borrowernumber", patron.clone()),
                ("created_on", format!("{} 12:00:00", loan.issued)),
            ]);
        }
        items.row(&[
            ("itemnumber", (loan.number + 5_000).to_string()),
            ("itype", "BK".into()),
            ("ccode", "FIC".into()),
            ("itemcallnumber", "813.54 ALD".into()),
            ("itemlost", u8::from(loan.stands == Stands::Lost).to_string()),
            ("withdrawn", "0".into()),
        ]);
    }
    for at in 0..PATRONS {
        patrons.row(&[
            ("borrowernumber", (at + 501).to_string()),
            ("cardnumber", format!("29999000{:06}", at * 37 + 11)),
            ("surname", format!("Quillwort{}", letters(at))),
            ("firstname", format!("Teasel{}", letters(at + 26))),
            ("dateofbirth", format!("19{}-02-{:02}", 50 + at % 40, at % 28 + 1)),
            ("categorycode", "AD".into()),
            ("privacy", if at < 10 { "0".into() } else { "1".into() }),
            ("dateenrolled", "2019-04-01".into()),
            ("dateexpiry", "2028-04-01".into()),
        ]);
    }
    vec![
        out.export("issues-1.csv"),
        old.export("old_issues-1.csv"),
        bills.export("accountlines-1.csv"),
        claims.export("return_claims-1.csv"),
        items.export("items-1.csv"),
        patrons.export("borrowers-1.csv"),
    ]
}

fn evergreen(loans: &[Loan], first: Date) -> Vec<Export> {
    let tabs = |name: &str| Table::like(&format!("evergreen/{name}.tsv"), "\\N", Syntax::Tabs);
    let (mut circulation, mut billing, mut copies, mut numbers) =
        (tabs("action.circulation"), tabs("money.billing"), tabs("asset.copy"), tabs("asset.call_number"));
    let (mut patrons, mut cards, mut addresses, mut branches) =
        (tabs("actor.usr"), tabs("actor.card"), tabs("actor.usr_address"), tabs("actor.org_unit"));
    for loan in loans {
        let paid = paid(loan.bill, first);
        let finish = match (loan.stands, loan.bill) {
            (_, Bill::Owed) | (Stands::Out | Stands::Lost, _) => None,
            (Stands::Disputed, _) => None,
            (Stands::Returned, _) => paid.map(|(day, _)| day).or(loan.returned),
        };
        let mut cells = vec![
            ("id", loan.number.to_string()),
            ("target_copy", (loan.number + 5_000).to_string()),
            ("circ_lib", "4".into()),
            ("circ_staff", "901".into()),
            ("xact_start", format!("{} 10:15:00.070326-04", loan.issued)),
            ("create_time", format!("{} 10:15:00.070326-04", loan.issued)),
            ("due_date", format!("{} 23:59:59-05", loan.issued + 14.days())),
            ("copy_location", "103".into()),
        ];
        if loan.linked {
            cells.push(("usr", (loan.patron + 301).to_string()));
        }
        if let Some(finish) = finish {
            cells.push(("xact_finish", format!("{finish} 12:00:00.5-04")));
        }
        let returned = loan.returned.filter(|_| loan.stands != Stands::Disputed);
        if let Some(returned) = returned {
            cells.push(("checkin_time", format!("{returned} 17:20:00.1-04")));
        }
        match loan.stands {
            Stands::Lost => cells.push(("stop_fines", "LOST".into())),
            Stands::Disputed => cells.push(("stop_fines", "CLAIMSRETURNED".into())),
            Stands::Returned => cells.push(("stop_fines", "CHECKIN".into())),
            Stands::Out => {}
        }
        circulation.row(&cells);
        if loan.bill != Bill::None {
            billing.row(&[
                ("id", (loan.number + 9_000).to_string()),
                ("xact", loan.number.to_string()),
                ("create_date", format!("{} 02:00:00-04", loan.issued)),
                ("voided", "f".into()),
                ("amount", "12.50".into()),
                ("billing_type", "Overdue materials".into()),
            ]);
        }
        copies.row(&[
            ("id", (loan.number + 5_000).to_string()),
            ("call_number", "4001".into()),
            ("circ_modifier", "book".into()),
            ("deleted", "f".into()),
        ]);
    }
    numbers.row(&[("id", "4001".into()), ("label", "813.54 MAR".into()), ("deleted", "f".into())]);
    branches.row(&[("id", "4".into()), ("shortname", "MC-FEN".into())]);
    for at in 0..PATRONS {
        let id = (at + 301).to_string();
        patrons.row(&[
            ("id", id.clone()),
            ("profile", "2".into()),
            ("usrname", format!("teasel.{}", letters(at))),
            ("first_given_name", format!("Teasel{}", letters(at + 26))),
            ("family_name", format!("Quillwort{}", letters(at))),
            ("dob", format!("19{}-02-{:02}", 50 + at % 40, at % 28 + 1)),
        ]);
        cards.row(&[("id", id.clone()), ("usr", id.clone()), ("barcode", format!("21234000{:06}", at * 37 + 11))]);
        addresses.row(&[("id", id.clone()), ("usr", id), ("street1", format!("{} Larch Hollow Road", at + 301))]);
    }
    vec![
        circulation.export("action.circulation.tsv"),
        billing.export("money.billing.tsv"),
        tabs("money.materialized_billable_xact_summary").export("money.materialized_billable_xact_summary.tsv"),
        copies.export("asset.copy.tsv"),
        numbers.export("asset.call_number.tsv"),
        patrons.export("actor.usr.tsv"),
        cards.export("actor.card.tsv"),
        addresses.export("actor.usr_address.tsv"),
        branches.export("actor.org_unit.tsv"),
    ]
}

/// `a1000123-…`: the number stands in it.
fn uuid(sort: &str, number: u64) -> String {
    format!("{sort}{number:06x}-5b2e-4c7a-9d10-8e3f6a2b4c01")
}

/// The number of a loan by its UUID.
pub fn folio_number(id: &str) -> u64 {
    u64::from_str_radix(&id[2..8], 16).unwrap()
}

fn folio(loans: &[Loan], first: Date) -> Vec<Export> {
    let (mut records, mut accounts, mut items, mut users) =
        (String::new(), String::new(), String::new(), String::new());
    let time = |day: Date| format!("{day}T15:20:00.000+00:00");
    for loan in loans {
        let closed = loan.returned.is_some();
        let (id, user, item) = (uuid("a1", loan.number), uuid("c3", loan.patron), uuid("d4", loan.number));
        let status = match loan.stands {
            Stands::Out => "Checked out",
            Stands::Lost => "Declared lost",
            Stands::Returned => "Available",
            Stands::Disputed => "Claimed returned",
        };
        let named = if loan.linked { format!("\"userId\": \"{user}\", ") } else { String::new() };
        let back = loan.returned.map_or(String::new(), |day| {
            format!("\"returnDate\": \"{0}\", \"systemReturnDate\": \"{0}\", ", time(day))
        });
        records += &format!(
            "{{\"id\": \"{id}\", {named}\"itemId\": \"{item}\", \"status\": {{\"name\": \"{}\"}}, \"loanDate\": \"{}\", {back}\
             \"itemStatus\": \"{status}\", \"checkoutServicePointId\": \"{}\", \"itemEffectiveLocationIdAtCheckOut\": \
             \"{}\", \"patronGroupIdAtCheckout\": \"{}\", \"renewalCount\": 1, \"proxyUserId\": null, \"actionComment\": \
             null, \"metadata\": {{\"createdDate\": \"{}\", \"updatedDate\": \"{}\", \"createdByUserId\": \"{3}\", \
             \"updatedByUserId\": \"{3}\"}}}}\n",
            if closed { "Closed" } else { "Open" },
            time(loan.issued),
            uuid("28", 1),
            uuid("17", 1),
            uuid("e5", 1),
            time(loan.issued),
            time(loan.returned.unwrap_or(loan.issued)),
        );
        if loan.bill != Bill::None {
            let paid = paid(loan.bill, first);
            let sort = if paid.is_some_and(|(_, lost)| lost) { "Lost item fee" } else { "Overdue fine" };
            accounts += &format!(
                "{{\"id\": \"{}\", \"amount\": 12.5, \"remaining\": {}, \"status\": {{\"name\": \"{}\"}}, \"feeFineType\": \
                 \"{sort}\", \"loanId\": \"{id}\", \"userId\": \"{user}\", \"metadata\": {{\"updatedDate\": \"{}\"}}}}\n",
                uuid("39", loan.number),
                if paid.is_some() { "0.0" } else { "12.5" },
                if paid.is_some() { "Closed" } else { "Open" },
                time(paid.map_or(loan.issued, |(day, _)| day)),
            );
        }
        items += &format!(
            "{{\"id\": \"{item}\", \"materialTypeId\": \"{}\", \"effectiveCallNumberComponents\": {{\"callNumber\": \"QA76 .F25\
             \"}}, \"status\": {{\"name\": \"Available\"}}}}\n",
            uuid("f6", 1),
        );
    }
    for at in 0..PATRONS {
        users += &format!(
            "{{\"id\": \"{}\", \"username\": \"teasel{}\", \"barcode\": \"21234{:08}\", \"externalSystemId\": \"x{at}q\", \
             \"personal\": {{\"lastName\": \"Quillwort{}\", \"firstName\": \"Teasel{}\", \"middleName\": null, \
             \"preferredFirstName\": null, \"email\": \"t{at}@example.org\", \"phone\": null, \"mobilePhone\": null, \
             \"dateOfBirth\": \"19{}-02-10T00:00:00.000+00:00\"}}}}\n",
            uuid("c3", at),
            letters(at),
            at * 37 + 11,
            letters(at),
            letters(at + 26),
            50 + at % 40,
        );
    }
    let lines = |name: &str, text: String| Export {
        name: format!("folio-{name}-1.jsonl"),
        syntax: Syntax::Lines,
        bytes: text.into_bytes(),
    };
    vec![
        lines("loans", records),
        lines("accounts", accounts),
        lines("items", items),
        lines("users", users),
        lines("groups", format!("{{\"id\": \"{}\", \"group\": \"undergrad\"}}\n", uuid("e5", 1))),
        lines("material-types", format!("{{\"id\": \"{}\", \"name\": \"book\"}}\n", uuid("f6", 1))),
        lines("locations", format!("{{\"id\": \"{}\", \"code\": \"MAIN\"}}\n", uuid("17", 1))),
        lines("service-points", format!("{{\"id\": \"{}\", \"code\": \"cd1\"}}\n", uuid("28", 1))),
    ]
}

/// A number in letters: what is in no other text.
fn letters(mut number: u64) -> String {
    let mut text = String::new();
    for _ in 0..3 {
        text.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    text
}
