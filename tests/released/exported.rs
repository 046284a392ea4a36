//! A simulated year as its systems export it on a night: what has happened by then, and what staff have severed since.

use std::collections::BTreeSet;
use std::fs;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::simulated::{Hold, Loan, PLATFORMS, Year, branch_code};
use crate::support::{TestSite, files};

/// Ids on worklists, by pipeline: what staff were told to sever.
#[derive(Default)]
pub struct Severed(BTreeSet<(String, usize)>);

/// How a row is exported: as it was, without the patron, or not at all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stands {
    AsItWas,
    Emptied,
    Gone,
}

impl Severed {
    /// Reads what stands on the worklists.
    pub fn read(&mut self, site: &TestSite) {
        for path in files(&site.at("worklists")) {
            let name = path.to_str().unwrap();
            let of = ["koha-loans", "koha-holds", "computer-sessions"];
            let Some(pipeline) = of.into_iter().find(|of| name.ends_with(&format!("-{of}.csv"))) else { continue };
            let text = fs::read_to_string(site.at("worklists").join(&path)).unwrap();
            self.0.extend(text.lines().skip(1).map(|id| (pipeline.to_owned(), id.parse().unwrap())));
        }
    }

    /// Of what was to be severed a third is gone, a third is emptied, and a third is still as it was.
    fn stands(&self, pipeline: &str, id: usize) -> Stands {
        match self.0.contains(&(pipeline.to_owned(), id)) {
            true => [Stands::AsItWas, Stands::Emptied, Stands::Gone][id % 3],
            false => Stands::AsItWas,
        }
    }
}

/// Writes all exports of a night.
pub fn write(year: &Year, site: &TestSite, night: Date, severed: &Severed) {
    let night = night.at(0, 0, 0, 0);
    koha(year, site, night, severed);
    sessions(year, site, night, severed);
    log(year, site, night);
}

fn koha(year: &Year, site: &TestSite, night: DateTime, severed: &Severed) {
    let (mut out, mut back) = (Csv::new(LOANS), Csv::new(LOANS));
    for loan in year.loans.iter().filter(|loan| loan.opened < night) {
        let stands = severed.stands("koha-loans", loan.id);
        let returned = loan.returned.filter(|returned| *returned < night);
        if stands != Stands::Gone {
            let csv = if returned.is_some() { &mut back } else { &mut out };
            csv.row(&loan_cells(year, loan, returned, stands == Stands::AsItWas));
        }
    }
    out.write(site, "issues-1.csv");
    back.write(site, "old_issues-1.csv");
    let (mut waits, mut over) = (Csv::new(HOLDS), Csv::new(HOLDS));
    for hold in year.holds.iter().filter(|hold| hold.made.at(0, 0, 0, 0) < night) {
        let stands = severed.stands("koha-holds", hold.id);
        let waiting = hold.waiting.filter(|waiting| waiting.at(0, 0, 0, 0) < night);
        // Fetched at three, two days after it came.
        let fetched = waiting.map(|day| day.saturating_add(jiff::Span::new().days(2)).at(15, 0, 0, 0));
        let fetched = fetched.filter(|fetched| *fetched < night);
        if stands != Stands::Gone {
            let csv = if fetched.is_some() { &mut over } else { &mut waits };
            csv.row(&hold_cells(year, hold, waiting, fetched, stands == Stands::AsItWas));
        }
    }
    waits.write(site, "reserves-1.csv");
    over.write(site, "old_reserves-1.csv");
    let mut patrons = Csv::new(PATRONS);
    for patron in &year.patrons {
        let (number, privacy) = (patron.number, if patron.private { "2" } else { "1" });
        let born = patron.born.map_or("NULL".into(), |born| born.to_string());
        patrons.row(&[
            &number.to_string(),
            &born,
            patron.category,
            privacy,
            &format!("29990000{number}"),
            &format!("qlogin{number}"),
            &format!("p{number}@example.org"),
            &format!("{number} Elm Street"),
            &format!("Surname{number}"),
            &format!("Given{number}"),
            "06019",
        ]);
    }
    patrons.write(site, "borrowers-1.csv");
    let mut items = Csv::new(ITEMS);
    for item in &year.items {
        let number = item.number.to_string();
        items.row(&[&number, item.kind, item.collection, item.call_number, item.area, "0", "0"]);
    }
    items.write(site, "items-1.csv");
    Csv::new(BILLS).write(site, "accountlines-1.csv");
    Csv::new(CLAIMS).write(site, "return_claims-1.csv");
}

fn loan_cells(year: &Year, loan: &Loan, returned: Option<DateTime>, named: bool) -> [String; 8] {
    let patron = &year.patrons[loan.patron];
    let is_named = named && !year.library.names_nobody && !(patron.private && returned.is_some());
    [
        loan.id.to_string(),
        if is_named { patron.number.to_string() } else { "NULL".into() },
        "7".into(),
        year.items[loan.item].number.to_string(),
        branch_code(loan.branch),
        time(loan.opened),
        returned.map_or("NULL".into(), time),
        loan.renewals.to_string(),
    ]
}

fn hold_cells(year: &Year, hold: &Hold, waiting: Option<Date>, fetched: Option<DateTime>, named: bool) -> [String; 8] {
    let number = if named { year.patrons[hold.patron].number.to_string() } else { "NULL".into() };
    let found = match (waiting, fetched) {
        (_, Some(_)) => "F",
        (Some(_), None) => "W",
        _ => "NULL",
    };
    [
        hold.id.to_string(),
        number,
        hold.made.to_string(),
        branch_code(hold.branch),
        found.into(),
        waiting.map_or("NULL".into(), |_| year.items[hold.item].number.to_string()),
        waiting.map_or("NULL".into(), |day| day.to_string()),
        time(fetched.unwrap_or(hold.made.at(9, 0, 0, 0))),
    ]
}

fn sessions(year: &Year, site: &TestSite, night: DateTime, severed: &Severed) {
    let mut csv = Csv::new(SESSIONS);
    for session in year.sessions.iter().filter(|session| session.from.date().at(23, 0, 0, 0) < night) {
        let stands = severed.stands("computer-sessions", session.id);
        if stands == Stands::Gone {
            continue;
        }
        let named = session.patron.filter(|_| stands == Stands::AsItWas);
        let user = named.map_or("NULL".into(), |patron| format!("29990000{}", year.patrons[patron].number));
        let until = session.from.saturating_add(jiff::Span::new().minutes(session.minutes));
        let kind = session.patron.map_or("Guest", |patron| year.patrons[patron].category);
        csv.row(&[
            &session.id.to_string(),
            &user,
            "NULL",
            kind,
            "NULL",
            &branch_code(session.branch),
            session.area,
            "PC-1",
            &american(session.from),
            &american(until),
            &session.minutes.to_string(),
            "Session Timeout",
        ]);
    }
    csv.write(site, "pc-sessions-1.csv");
}

/// A file for each month that is over. What was handed over once stays in the inbox.
fn log(year: &Year, site: &TestSite, night: DateTime) {
    let zone = TimeZone::get("America/New_York").unwrap();
    let mut months: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for (at, request) in year.requests.iter().enumerate() {
        let month = request.at.date().strftime("%Y-%m").to_string();
        let zoned = request.at.to_zoned(zone.clone()).unwrap();
        let (host, time) = (PLATFORMS[request.platform].0, zoned.strftime("%d/%b/%Y:%H:%M:%S %z"));
        let user = request.patron.map_or("-".into(), |patron| format!("qlogin{}", year.patrons[patron].number));
        *months.entry(month).or_default() +=
            &format!("192.0.2.17 - {user} [{time}] \"GET https://{host}:443/stable/{at} HTTP/1.1\" 200 5120\n");
    }
    let this_month = night.date().strftime("%Y-%m").to_string();
    for (month, lines) in months.range(..this_month) {
        site.export(&format!("ezproxy-{month}.log"), lines);
    }
}

fn time(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn american(at: DateTime) -> String {
    at.strftime("%m/%d/%Y %I:%M:%S %p").to_string()
}

// ---- tables -----------------------------------------------------------------------------------------------------------
// After the semicolon: columns that the pipeline declares and nobody reads.

const LOANS: &str = "issue_id,borrowernumber,issuer_id,itemnumber,branchcode,issuedate,returndate,renewals_count;note,date_due,\
    lastreneweddate,unseen_renewals,auto_renew,auto_renew_error,timestamp,onsite_checkout,notedate,noteseen,\
    checkin_library,booking_id";
const HOLDS: &str = "reserve_id,borrowernumber,reservedate,branchcode,found,itemnumber,waitingdate,timestamp;cancellationdate,\
    cancellation_reason,reservenotes,biblionumber,notificationdate,priority,expirationdate,itemtype";
const PATRONS: &str = "borrowernumber,dateofbirth,categorycode,privacy,cardnumber,userid,email,address,surname,firstname,\
    zipcode;phone,mobile,city,branchcode,dateenrolled,dateexpiry,borrowernotes";
const ITEMS: &str = "itemnumber,itype,ccode,itemcallnumber,location,itemlost,withdrawn;biblionumber,barcode,homebranch,\
    datelastborrowed";
const BILLS: &str = "issue_id,old_issue_id,amountoutstanding,timestamp,debit_type_code;accountlines_id,reserve_id,\
    old_reserve_id,borrowernumber,itemnumber,date,amount,description,credit_type_code,status,payment_type,note,\
    manager_id,interface,branchcode";
const CLAIMS: &str = "issue_id,resolution;id,itemnumber,borrowernumber,created_on,resolved_on,notes";
const SESSIONS: &str =
    "Session ID,User ID,User Name,User Type,Notes,Branch,PC Area,PC ID,Start Time,End Time,Minutes,Status;";

struct Csv {
    text: String,
    rest: String,
}

impl Csv {
    fn new(columns: &str) -> Csv {
        let (read, unread) = columns.split_once(';').unwrap();
        let unread: Vec<&str> = unread.split(',').filter(|name| !name.is_empty()).collect();
        let header: Vec<&str> = read.split(',').chain(unread.iter().copied()).collect();
        Csv { text: header.join(",") + "\n", rest: ",NULL".repeat(unread.len()) + "\n" }
    }

    fn row(&mut self, cells: &[impl AsRef<str>]) {
        for (at, cell) in cells.iter().enumerate() {
            self.text.extend([if at == 0 { "" } else { "," }, cell.as_ref()]);
        }
        self.text += &self.rest;
    }

    fn write(&self, site: &TestSite, name: &str) {
        site.export(name, &self.text);
    }
}
