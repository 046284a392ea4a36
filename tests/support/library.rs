//! A library of a few loans that changes from night to night, and nights on any day, whatever the clock says.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use afterloan::act::{self, Options, Outcome, PipelineOutcome, Refusal, Seams};
use afterloan::state::commit::{Hook, no_hook};
use afterloan::state::entropy::Fixed;
use afterloan::words::Digest;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::TestSite;

/// A loan as Koha has it. Item and loan have the same number (101 to 499) unless a test says otherwise.
#[derive(Clone, Debug)]
pub struct Loan {
    pub id: u64,
    pub patron: Option<u32>,
    pub item: u64,
    pub issued: String,
    pub returned: Option<String>,
}

/// What one night's exports say.
#[derive(Clone, Debug, Default)]
pub struct Library {
    pub loans: Vec<Loan>,
    /// Patrons whose privacy isn't 1, with what it is.
    pub privacy: Vec<(u32, u8)>,
    /// Loan, outstanding, last change.
    pub bills: Vec<(u64, &'static str, &'static str)>,
    /// Loan, resolution of a claim about it.
    pub claims: Vec<(u64, &'static str)>,
    /// Items that are withdrawn.
    pub withdrawn: Vec<u64>,
    /// Patrons who were deleted.
    pub deleted: Vec<u32>,
}

impl Library {
    /// `count` loans from number `first` on, by as many patrons (numbered from 501), all on these days.
    pub fn loans(mut self, first: u64, count: u64, issued: &str, returned: Option<&str>) -> Library {
        for at in 0..count {
            self.loans.push(Loan {
                id: first + at,
                patron: Some(501 + at as u32),
                item: first + at,
                issued: format!("{issued} 10:{:02}:00", at % 60),
                returned: returned.map(|day| format!("{day} 17:{:02}:00", at % 60)),
            });
        }
        self
    }

    pub fn loan(&mut self, id: u64) -> &mut Loan {
        self.loans.iter_mut().find(|loan| loan.id == id).unwrap()
    }

    /// The worklist, carried out: the link emptied.
    pub fn sever(&mut self, ids: impl IntoIterator<Item = u64>) {
        ids.into_iter().for_each(|id| self.loan(id).patron = None);
    }

    /// The worklist, carried out: the rows gone.
    pub fn remove(&mut self, ids: impl IntoIterator<Item = u64>) {
        let ids: Vec<u64> = ids.into_iter().collect();
        self.loans.retain(|loan| !ids.contains(&loan.id));
    }

    /// Writes all exports of the night.
    pub fn write(&self, site: &TestSite) {
        let loans = |out: bool| {
            let mut csv = String::from(
                "issue_id,borrowernumber,issuer_id,itemnumber,branchcode,issuedate,returndate,renewals_count,note\n",
            );
            for loan in self.loans.iter().filter(|loan| loan.returned.is_none() == out) {
                let patron = loan.patron.map_or("NULL".into(), |patron| patron.to_string());
                let returned = loan.returned.as_deref().unwrap_or("NULL");
                csv += &format!("{},{patron},7,{},MAIN,{},{returned},0,NULL\n", loan.id, loan.item, loan.issued);
            }
            csv
        };
        let more = "date_due,lastreneweddate,unseen_renewals,auto_renew,auto_renew_error,timestamp,onsite_checkout,notedate,\
                    noteseen,checkin_library,booking_id";
        site.export("issues-1.csv", padded(&loans(true), more));
        site.export("old_issues-1.csv", padded(&loans(false), more));
        let mut patrons = String::from(
            "borrowernumber,dateofbirth,categorycode,privacy,cardnumber,userid,email,phone,mobile,address,surname,\
             firstname,zipcode\n",
        );
        for number in (501..=620).filter(|number| !self.deleted.contains(number)) {
            let privacy = self.privacy.iter().find(|(patron, _)| *patron == number).map_or(1, |(_, privacy)| *privacy);
            patrons += &format!(
                "{number},1980-01-{:02},AD,{privacy},29990000{number},login{number},p{number}@example.org,\
                 203-555-{number:04},NULL,{number} Elm Street,Surname{number},Given{number},06019\n",
                number % 28 + 1
            );
        }
        site.export("borrowers-1.csv", padded(&patrons, "city,branchcode,dateenrolled,dateexpiry,borrowernotes"));
        let mut items = String::from("itemnumber,itype,ccode,itemcallnumber,itemlost,withdrawn\n");
        for item in 101..500 {
            let withdrawn = u8::from(self.withdrawn.contains(&item));
            items += &format!("{item},BK,FIC,813.54 ALD,0,{withdrawn}\n");
        }
        site.export("items-1.csv", padded(&items, "biblionumber,barcode,homebranch,location,datelastborrowed"));
        let mut bills = String::from("issue_id,old_issue_id,amountoutstanding,timestamp,debit_type_code\n");
        for (loan, outstanding, changed) in &self.bills {
            bills += &format!("NULL,{loan},{outstanding},{changed},OVERDUE\n");
        }
        let more = "accountlines_id,reserve_id,old_reserve_id,borrowernumber,itemnumber,date,amount,description,\
                    credit_type_code,status,payment_type,note,manager_id,interface,branchcode";
        site.export("accountlines-1.csv", padded(&bills, more));
        let mut claims = String::from("issue_id,resolution\n");
        self.claims.iter().for_each(|(loan, resolution)| claims += &format!("{loan},{resolution}\n"));
        site.export(
            "return_claims-1.csv",
            padded(&claims, "id,itemnumber,borrowernumber,created_on,resolved_on,notes"),
        );
    }
}

/// Columns that the pipeline declares and nobody reads, at the end of each line.
fn padded(csv: &str, more: &str) -> String {
    let nulls = ",NULL".repeat(more.split(',').count());
    let pad = |(at, line): (usize, &str)| match at {
        0 => format!("{line},{more}\n"),
        _ => format!("{line}{nulls}\n"),
    };
    csv.lines().enumerate().map(pad).collect()
}

/// A Koha site that has loans alone, with keys that a test can make again.
pub fn loans_site() -> TestSite {
    let site = TestSite::init("koha");
    fs::remove_file(site.at("pipelines/koha-holds.toml")).unwrap();
    site
}

/// Three in the morning of a day, New York.
pub fn night_of(day: &str) -> Timestamp {
    let date: jiff::civil::Date = day.parse().unwrap();
    date.at(3, 0, 0, 0).to_zoned(TimeZone::get("America/New_York").unwrap()).unwrap().timestamp()
}

impl TestSite {
    /// A site of another process.
    pub fn around(root: PathBuf) -> TestSite {
        TestSite { root, _folder: None }
    }

    /// The same site elsewhere, modification times and modes and all.
    pub fn copy(&self) -> TestSite {
        // In memory where the system has such: a commit syncs every file.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let done = Command::new("cp").arg("-a").arg(self.root()).arg(folder.path()).status().unwrap();
        assert!(done.success());
        TestSite { root: folder.path().join("site"), _folder: Some(folder) }
    }

    /// Exports are as if written two hours before the night. Those of loans differ from other nights' in a cell that nobody
    /// reads, as those of a library do that isn't closed.
    pub fn stamp(&self, day: &str) {
        for name in ["issues-1.csv", "old_issues-1.csv"] {
            self.differ(name, day);
        }
        self.stamp_as_they_are(day);
    }

    /// Says in the last cell of a table's first row which day it is, if that is a column of Koha's that no pipeline reads.
    fn differ(&self, name: &str, day: &str) {
        let Ok(text) = fs::read_to_string(self.at("inbox").join(name)) else { return };
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        let unread = lines.first().is_some_and(|header| header.ends_with(",booking_id"));
        if let (true, Some((before, _))) = (unread, lines.get(1).and_then(|line| line.rsplit_once(','))) {
            lines[1] = format!("{before},{}", day.replace('-', ""));
            self.export(name, lines.join("\n") + "\n");
        }
    }

    /// Whatever they hold.
    pub fn stamp_as_they_are(&self, day: &str) {
        let written = night_of(day) - SignedDuration::from_hours(2);
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(written.as_second() as u64);
        for entry in fs::read_dir(self.at("inbox")).unwrap() {
            File::options().append(true).open(entry.unwrap().path()).unwrap().set_modified(written).unwrap();
        }
    }

    pub fn plan_on(&self, day: &str) -> Result<Outcome, Refusal> {
        act::plan(&self.site(), night_options(day, None), seams(&mut entropy(day), &no_hook))
    }

    /// A run of that night; the keys it makes depend on the day alone.
    pub fn run_on(&self, day: &str, accept: Option<Digest>, hook: Hook<'_>) -> Result<Outcome, Refusal> {
        act::run(&self.site(), night_options(day, accept), seams(&mut entropy(day), hook))
    }

    pub fn accept_on(&self, day: &str) -> Outcome {
        let plan = self.plan_on(day).unwrap();
        self.run_on(day, Some(plan.digest), &no_hook).unwrap()
    }

    /// Tonight's exports, and a run that a person has accepted.
    pub fn night(&self, library: &Library, day: &str) -> Outcome {
        library.write(self);
        self.stamp(day);
        self.accept_on(day)
    }

    /// Tonight's exports, and a run that nobody watches.
    pub fn unwatched(&self, library: &Library, day: &str) -> Result<Outcome, Refusal> {
        library.write(self);
        self.stamp(day);
        self.run_on(day, None, &no_hook)
    }

    /// The ids on the one worklist that stands; none where there is none.
    pub fn worklist(&self) -> Vec<u64> {
        let found = super::files(&self.at("worklists"));
        let is_list = |path: &&PathBuf| {
            path.extension().is_some_and(|end| end == "csv") && !path.to_string_lossy().contains("-review.csv")
        };
        let lists: Vec<_> = found.iter().filter(is_list).collect();
        assert!(lists.len() <= 1, "worklists of earlier nights are gone: {lists:?}");
        let Some(list) = lists.first() else {
            assert!(found.iter().all(|path| path.to_string_lossy().contains("-review.csv")), "{found:?}");
            return Vec::new();
        };
        let text = fs::read_to_string(self.at("worklists").join(list)).unwrap();
        let mut ids: Vec<u64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    /// `verify` finds nothing wrong and checks everything.
    pub fn assert_verifies(&self) {
        let verify = self.cli(&["verify"]);
        assert_eq!(verify.status.code(), Some(0), "{}", String::from_utf8_lossy(&verify.stdout));
    }
}

/// A night's only pipeline.
pub fn only(outcome: &Outcome) -> &PipelineOutcome {
    assert_eq!(outcome.pipelines.len(), 1, "{:?}", outcome.stopped);
    &outcome.pipelines[0]
}

/// Read, retired, already retired, kept, unlinked: what a row of a table of nights says.
pub fn five(outcome: &Outcome) -> [u64; 5] {
    let totals = &only(outcome).totals;
    assert!(totals.balance());
    [totals.read, totals.retired, totals.already_retired, totals.kept, totals.unlinked]
}

fn night_options(day: &str, accept: Option<Digest>) -> Options {
    let as_of = night_of(day);
    Options { as_of, now: as_of + SignedDuration::from_hours(1), accept }
}

fn entropy(day: &str) -> Fixed {
    Fixed::new(night_of(day).as_second() as u64)
}

fn seams<'a>(entropy: &'a mut Fixed, hook: Hook<'a>) -> Seams<'a> {
    Seams { entropy, hook, progress: &|_| {} }
}

/// Whether a folder of the site is there.
pub fn is_there(site: &TestSite, relative: impl AsRef<Path>) -> bool {
    fs::symlink_metadata(site.root().join(relative)).is_ok()
}
