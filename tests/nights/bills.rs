//! Bills lose their material first, and their patron years later: two pipelines over one export, each with a worklist and
//! a memory of its own.

use std::fs;

use afterloan::act::{Outcome, PipelineOutcome};
use afterloan::words::{Kind, Need, Side};

use crate::support::inbox::worklist;
use crate::support::library::is_there;
use crate::support::{TestSite, files, snapshot};

const WHO: &str = "koha-bills";
const WHAT: &str = "koha-bills-material";
/// A note that names the patron, and what was lent.
const NOTE: &str = "canarynote for the Vole Atlas";

#[derive(Clone)]
struct Bill {
    id: u64,
    patron: Option<u32>,
    item: Option<u64>,
    loan: Option<u64>,
    raised: String,
    outstanding: &'static str,
    changed: String,
    note: Option<&'static str>,
}

#[derive(Clone, Default)]
struct Bills {
    bills: Vec<Bill>,
    /// Loans that are out.
    out: Vec<u64>,
    claims: Vec<u64>,
}

impl Bills {
    /// Twelve paid bills of as many patrons, each of a loan and an item with its number.
    fn paid(first: u64, raised: &str, changed: &str) -> Bills {
        let bill = |at: u64| Bill {
            id: first + at,
            patron: Some(501 + at as u32),
            item: Some(first + at),
            loan: Some(first + at),
            raised: format!("{raised} 10:{at:02}:00"),
            outstanding: "0.000000",
            changed: format!("{changed} 17:{at:02}:00"),
            note: at.is_multiple_of(2).then_some(NOTE),
        };
        Bills { bills: (0..12).map(bill).collect(), ..Bills::default() }
    }

    fn bill(&mut self, id: u64) -> &mut Bill {
        self.bills.iter_mut().find(|bill| bill.id == id).unwrap()
    }

    /// The worklist of the material's side, carried out.
    fn sever_material(&mut self, ids: impl IntoIterator<Item = u64>) {
        for id in ids {
            let bill = self.bill(id);
            (bill.item, bill.loan, bill.note) = (None, None, None);
        }
    }

    fn write(&self, site: &TestSite) {
        let text = |cell: Option<String>| cell.unwrap_or("NULL".into());
        let mut csv = String::from(
            "accountlines_id,issue_id,old_issue_id,reserve_id,old_reserve_id,borrowernumber,itemnumber,date,amount,description,\
             credit_type_code,debit_type_code,status,payment_type,amountoutstanding,timestamp,note,manager_id,interface,\
             branchcode\n",
        );
        for bill in &self.bills {
            let number = |cell: Option<u64>| text(cell.map(|number| number.to_string()));
            let (issue, old_issue) = match bill.loan.is_some_and(|loan| self.out.contains(&loan)) {
                true => (number(bill.loan), number(None)),
                false => (number(None), number(bill.loan)),
            };
            csv += &format!(
                "{},{issue},{old_issue},NULL,NULL,{},{},{},2.500000,{},NULL,OVERDUE,RETURNED,NULL,{},{},{},7,intranet,MAIN\n",
                bill.id,
                number(bill.patron.map(u64::from)),
                number(bill.item),
                bill.raised,
                if bill.item.is_some() { "The Vole Atlas" } else { "NULL" },
                bill.outstanding,
                bill.changed,
                text(bill.note.map(String::from)),
            );
        }
        site.export("accountlines-1.csv", csv);
        let mut patrons = String::from(
            "borrowernumber,dateofbirth,categorycode,privacy,cardnumber,userid,email,phone,mobile,address,surname,\
             firstname,zipcode,city,branchcode,dateenrolled,dateexpiry,borrowernotes\n",
        );
        for number in 501..=530 {
            patrons += &format!(
                "{number},1980-01-{:02},AD,1,29990000{number},login{number},p{number}@example.org,203-555-{number:04},NULL,\
                 {number} Elm Street,Surname{number},Given{number},06019,NULL,NULL,NULL,NULL,NULL\n",
                number % 28 + 1
            );
        }
        site.export("borrowers-1.csv", patrons);
        let header = "issue_id,borrowernumber,issuer_id,itemnumber,date_due,branchcode,returndate,lastreneweddate,\
                      renewals_count,unseen_renewals,auto_renew,auto_renew_error,timestamp,issuedate,onsite_checkout,note,\
                      notedate,noteseen,checkin_library,booking_id\n";
        let nulls = |count: usize| ",NULL".repeat(count) + "\n";
        let out: String = self.out.iter().map(|loan| loan.to_string() + &nulls(19)).collect();
        site.export("issues-1.csv", header.to_string() + &out);
        let claims: String = self.claims.iter().map(|loan| format!("1,{loan}{}", nulls(6))).collect();
        let header = "id,issue_id,itemnumber,borrowernumber,created_on,resolution,resolved_on,notes\n";
        site.export("return_claims-1.csv", header.to_string() + &claims);
    }
}

/// A Koha site that has bills alone.
fn bills_site() -> TestSite {
    let site = TestSite::init_with("koha", &["--with", "bills"]).by_hand();
    for name in ["koha-loans", "koha-holds"] {
        fs::remove_file(site.at(&format!("pipelines/{name}.toml"))).unwrap();
    }
    site
}

impl TestSite {
    /// Tonight's bills, and a run that a person has accepted.
    fn bills(&self, bills: &Bills, day: &str) -> Outcome {
        bills.write(self);
        self.stamp(day);
        self.accept_on(day)
    }
}

fn of<'o>(outcome: &'o Outcome, name: &str) -> &'o PipelineOutcome {
    assert!(outcome.stopped.is_empty(), "{:?}", outcome.stopped);
    outcome.pipelines.iter().find(|one| one.name == name).unwrap()
}

/// Read, retired, already retired, kept, unlinked.
fn five(outcome: &Outcome, name: &str) -> [u64; 5] {
    let totals = &of(outcome, name).totals;
    assert!(totals.balance());
    [totals.read, totals.retired, totals.already_retired, totals.kept, totals.unlinked]
}

#[test]
fn the_material_goes_first_and_the_patron_years_later() {
    let site = bills_site();
    let mut bills = Bills::paid(101, "2026-08-03", "2026-08-20");
    let all: Vec<u64> = (101..113).collect();

    let first = site.bills(&bills, "2026-10-15");
    assert_eq!((five(&first, WHAT), five(&first, WHO)), ([12, 12, 0, 0, 0], [12, 0, 0, 12, 0]));
    assert_eq!((of(&first, WHAT).side, of(&first, WHO).side), (Side::Material, Side::Patron));
    assert_eq!((worklist(&site, WHAT), worklist(&site, WHO)), (all.clone(), vec![]));
    let sql = fs::read_to_string(site.at(&format!("worklists/2026-10-15-run-000001-{WHAT}.sql"))).unwrap();
    let report = fs::read_to_string(site.at("reports/2026-10-15-run-000001.json")).unwrap();
    assert!(report.contains("\"side\": \"material\"") && report.contains("\"side\": \"patron\""));
    assert!(
        report
            .contains("A bill names its patron for 2557 days after it closed, for the audit, and its material for 30")
    );
    let page = fs::read_to_string(site.at("reports/2026-10-15-run-000001.html")).unwrap();
    assert!(page.contains("which severs the material"));
    assert!(sql.lines().next().unwrap().ends_with("it severs the material") && sql.contains("SET a.itemnumber = NULL"));
    // August is released by the patron's side, each bill once; the other makes no month final.
    let months: Vec<(String, u64)> =
        of(&first, WHO).released.iter().map(|month| (month.month.to_string(), month.rows)).collect();
    assert_eq!(months, [("2026-08".to_string(), 12)]);
    assert!(of(&first, WHO).released[0].closed.is_none(), "{:?}", of(&first, WHO).released);
    assert!(of(&first, WHAT).released.is_empty() && of(&first, WHAT).tally.late == 0);
    let published = snapshot(&site.at("public"));
    assert!(!published.is_empty());
    for (path, bytes) in &published {
        assert!(!memchr_of(bytes, b"Vole Atlas") && !memchr_of(bytes, b"canarynote"), "{}", path.display());
    }
    assert!(!is_there(&site, format!("state/staging/{WHAT}")) && !is_there(&site, "state/keys/bill-2026-08.key"));
    assert!(is_there(&site, format!("state/known/{WHAT}/2026-08.known")));

    // Nobody carried it out: residual, on the one side alone.
    let second = site.bills(&bills, "2026-10-16");
    assert_eq!((five(&second, WHAT), five(&second, WHO)), ([12, 0, 12, 0, 0], [12, 0, 0, 12, 0]));
    assert_eq!((of(&second, WHAT).tally.residual(), of(&second, WHO).tally.residual()), (12, 0));

    // One that was left out, one put back by a backup, and one that still has its note.
    bills.sever_material(all.iter().copied());
    bills.bill(103).note = Some(NOTE);
    let third = site.bills(&bills, "2026-10-17");
    assert_eq!((five(&third, WHAT), five(&third, WHO)), ([12, 0, 1, 0, 11], [12, 0, 0, 12, 0]));
    assert_eq!((of(&third, WHAT).tally.confirmed, of(&third, WHAT).tally.residual()), (11, 1));
    assert_eq!(worklist(&site, WHAT), [103]);
    bills.sever_material([103]);
    let fourth = site.bills(&bills, "2026-10-18");
    assert_eq!((of(&fourth, WHAT).tally.confirmed, of(&fourth, WHAT).tally.residual()), (1, 0));

    // Seven years are 2,557 days.
    let before = site.bills(&bills, "2033-08-19");
    assert_eq!((five(&before, WHAT), five(&before, WHO)), ([12, 0, 0, 0, 12], [12, 0, 0, 12, 0]));
    let after = site.bills(&bills, "2033-08-20");
    assert_eq!((five(&after, WHAT), five(&after, WHO)), ([12, 0, 0, 0, 12], [12, 12, 0, 0, 0]));
    assert_eq!((worklist(&site, WHAT), worklist(&site, WHO)), (vec![], all.clone()));
    assert_eq!(of(&after, WHO).tally.late, 0);
    bills.bills.iter_mut().for_each(|bill| bill.patron = None);
    let last = site.bills(&bills, "2033-08-21");
    assert_eq!(five(&last, WHO), [12, 0, 0, 0, 12]);
    assert_eq!(of(&last, WHO).tally.confirmed, 12);
    assert_eq!(snapshot(&site.at("public")), published, "a released month is final");
    site.assert_verifies();
}

#[test]
fn what_is_owed_or_needed_keeps_both_sides_or_one() {
    let site = bills_site();
    let mut bills = Bills::paid(101, "2018-08-03", "2018-08-20");
    // Unpaid; a credit that isn't used up, which hides no debt beside it; a balance that can't be read.
    bills.bill(101).outstanding = "0.010000";
    bills.bill(102).outstanding = "-30.000000";
    bills.bill(103).outstanding = "1 000.00";
    // Its loan is out; a claim about its loan waits: the material alone is needed.
    bills.out = vec![104];
    bills.claims = vec![105];
    let first = site.bills(&bills, "2026-10-15");
    assert_eq!((five(&first, WHAT), five(&first, WHO)), ([12, 7, 0, 5, 0], [12, 9, 0, 3, 0]));
    let needs = |name: &str| of(&first, name).totals.kept_by_need.clone().into_iter().collect::<Vec<_>>();
    assert_eq!(needs(WHAT), [(Need::Open, 3), (Need::Disputed, 1), (Need::Undetermined, 1)]);
    assert_eq!(needs(WHO), [(Need::Open, 2), (Need::Undetermined, 1)]);

    // A payment bounced, after the worklists were made: it is taken off both.
    bills.bill(107).outstanding = "2.500000";
    bills.bill(107).changed = "2026-10-15 12:00:00".into();
    let second = site.bills(&bills, "2026-10-16");
    assert_eq!((five(&second, WHAT), five(&second, WHO)), ([12, 0, 6, 6, 0], [12, 0, 8, 4, 0]));
    assert!(!worklist(&site, WHAT).contains(&107) && !worklist(&site, WHO).contains(&107));
    // Paid again: grace, and the audit begins anew.
    bills.bill(107).outstanding = "0.000000";
    let third = site.bills(&bills, "2026-10-17");
    assert_eq!((five(&third, WHAT), five(&third, WHO)), ([12, 0, 6, 6, 0], [12, 0, 8, 4, 0]));
    let fourth = site.bills(&bills, "2026-11-14");
    assert_eq!((five(&fourth, WHAT), five(&fourth, WHO)), ([12, 0, 7, 5, 0], [12, 0, 8, 4, 0]));
}

#[test]
fn a_legal_hold_covers_both_sides() {
    for (scope, kept) in [
        (r#"{"patron_ids":["504"]}"#, vec![104]),
        (r#"{"identifiers":["29990000504"]}"#, vec![104]),
        (r#"{"items":["104"],"kinds":["bill"]}"#, vec![104]),
        (r#"{"branches":["MAIN"]}"#, (101..113).collect()),
        (r#"{"branches":["NORTH"]}"#, vec![]),
        (r#"{"items":["104"],"kinds":["loan"]}"#, vec![]),
    ] {
        let site = bills_site();
        let hold = format!(
            r#"{{"format":1,"count":1,"holds":[{{"matter":"A","placed":"2026-10-14T20:00:00Z","placed_by":"director",
            "trigger":"subpoena","released":null,"released_by":null,"scope":{scope}}}]}}"#
        );
        fs::write(site.at("state/holds.json"), hold).unwrap();
        let outcome = site.bills(&Bills::paid(101, "2018-08-03", "2018-08-20"), "2026-10-15");
        for name in [WHAT, WHO] {
            let list = worklist(&site, name);
            let off: Vec<u64> = (101..113).filter(|id| !list.contains(id)).collect();
            assert_eq!(off, kept, "{name}, {scope}");
            let shown: Vec<Need> = of(&outcome, name).totals.kept_by_need.keys().copied().collect();
            assert!(shown.iter().all(|need| *need == Need::Undetermined), "a hold is never named");
        }
    }
}

#[test]
fn a_bill_that_names_nobody_may_be_anybodys_under_a_hold() {
    let site = bills_site();
    let mut bills = Bills::paid(101, "2018-08-03", "2018-08-20");
    bills.bill(106).patron = None;
    let hold = r#"{"format":1,"count":1,"holds":[{"matter":"A","placed":"2026-10-14T20:00:00Z","placed_by":"director",
        "trigger":"subpoena","released":null,"released_by":null,"scope":{"patron_ids":["504"]}}]}"#;
    fs::write(site.at("state/holds.json"), hold).unwrap();
    let first = site.bills(&bills, "2026-10-15");
    assert_eq!((five(&first, WHAT), five(&first, WHO)), ([12, 10, 0, 2, 0], [12, 10, 0, 1, 1]));
    assert!(!worklist(&site, WHAT).contains(&106));
    fs::write(site.at("state/holds.json"), r#"{"format":1,"count":0,"holds":[]}"#).unwrap();
    let second = site.bills(&bills, "2026-10-16");
    assert_eq!(five(&second, WHAT), [12, 2, 10, 0, 0], "without one its material goes like any other");
}

#[test]
fn a_board_that_sets_no_audit_retires_no_patron() {
    let site = bills_site();
    site.edit("policy.toml", |text| {
        text.lines().filter(|line| !line.starts_with("audit")).fold(String::new(), |all, line| all + line + "\n")
    });
    Bills::paid(101, "2018-08-03", "2018-08-20").write(&site);
    site.stamp("2026-10-15");
    let outcome = site.accept_on("2026-10-15");
    assert_eq!(outcome.stopped.len(), 1);
    assert_eq!(outcome.stopped[0].pipeline, WHO);
    assert!(outcome.stopped[0].why.contains("no `audit` under [retention.bill]"), "{}", outcome.stopped[0].why);
    assert_eq!(worklist(&site, WHAT).len(), 12);
    assert!(files(&site.at("public")).is_empty());
}

#[test]
fn one_name_has_one_side() {
    let site = bills_site();
    let bills = Bills::paid(101, "2018-08-03", "2018-08-20");
    site.bills(&bills, "2026-10-15");
    // The files change places: what is known of ids would be about the other side.
    let what = site.at(&format!("pipelines/{WHAT}.toml"));
    let text = fs::read_to_string(site.at(&format!("pipelines/{WHO}.toml"))).unwrap();
    fs::remove_file(site.at(&format!("pipelines/{WHO}.toml"))).unwrap();
    fs::write(&what, text.replacen(&format!("\"{WHO}\""), &format!("\"{WHAT}\""), 1)).unwrap();
    bills.write(&site);
    site.stamp("2026-10-16");
    let refused = site.plan_on("2026-10-16").unwrap_err().to_string();
    assert!(refused.contains("severs the patron and severed the material before"), "{refused}");
}

#[test]
fn a_bill_knows_its_loan_for_as_long_as_a_loan_may_ask() {
    let site = TestSite::init_with("koha", &["--with", "bills"]);
    for (from, to, why) in [
        (
            "settled = \"30 days\"                 # after its last bill",
            "settled = \"31 days\" #",
            "`settled` of a loan is longer than `grace`",
        ),
        (
            "refund = \"0 days\"                   # after a lost item was",
            "refund = \"1 day\" #",
            "`refund` of a loan is longer than `refund`",
        ),
    ] {
        let before = fs::read_to_string(site.at("policy.toml")).unwrap();
        assert!(before.contains(from), "{before}");
        site.edit("policy.toml", |text| text.replacen(from, to, 1));
        let refused = site.plan_on("2026-10-15").unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
        site.edit("policy.toml", |_| before);
    }
}

#[test]
fn two_pipelines_of_one_side_are_refused() {
    let site = bills_site();
    for (name, side) in [(WHO, ""), (WHAT, " and severs the material")] {
        let text = fs::read_to_string(site.at(&format!("pipelines/{name}.toml"))).unwrap();
        let other = name.replace("koha", "other");
        let path = site.at(&format!("pipelines/{other}.toml"));
        fs::write(&path, text.replacen(&format!("\"{name}\""), &format!("\"{other}\""), 1)).unwrap();
        let refused = site.plan_on("2026-10-15").unwrap_err().to_string();
        assert!(refused.contains(&format!("is of kind {}{side}, too", Kind::Bill)), "{refused}");
        fs::remove_file(path).unwrap();
    }
}

fn memchr_of(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}
