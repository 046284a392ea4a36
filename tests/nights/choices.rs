//! A plan proposes periods and groups of places with figures; pasted, they publish what the figures said.

use std::collections::BTreeSet;

use afterloan::act::{Choices, Outcome, Shares};
use afterloan::words::Length;

use super::months::{node, texts};
use crate::support::library::{Library, loans_site, only};
use crate::support::{TestSite, files};

/// Loans on one day, of so many patrons from this one on.
fn lend(library: Library, day: &str, patrons: std::ops::Range<u32>) -> Library {
    let first = 101 + library.loans.len() as u64;
    let mut library = library.loans(first, u64::from(patrons.end - patrons.start), day, Some(day));
    (first..).zip(patrons).for_each(|(id, patron)| library.loan(id).patron = Some(patron));
    library
}

/// Pastes lines under `[release]`.
fn paste(site: &TestSite, lines: &str) {
    site.edit("policy.toml", |text| {
        assert!(text.contains("settle = \"30 days\""));
        text.replacen("settle = \"30 days\"", &format!("settle = \"30 days\"\n{lines}"), 1)
    });
}

fn planned(site: &TestSite, library: &Library, day: &str) -> Outcome {
    library.write(site);
    site.stamp(day);
    site.plan_on(day).unwrap()
}

/// The lines that a plan prints below [release], and that no line is too wide.
fn printed(site: &TestSite, as_of: &str) -> Vec<String> {
    let output = site.cli(&["plan", "--as-of", as_of]);
    let text = String::from_utf8(output.stdout).unwrap();
    let command = |line: &str| line.contains("afterloan run");
    assert!(text.lines().all(|line| line.chars().count() <= 80 || command(line)), "{text}");
    let (_, after) = text.split_once("In policy.toml, under [release]").expect(&text);
    after.lines().skip(1).take_while(|line| line.starts_with("    ")).map(|line| line.trim().to_owned()).collect()
}

/// What a night published, of so many rows, in whole points.
fn published(night: &Outcome, rows: u64) -> Shares {
    let (mut all, mut place, mut day) = (0, 0, 0);
    for counts in only(night).released.iter().filter_map(|month| month.counts.as_ref()) {
        let (_, branch) = counts.columns.iter().find(|(name, _)| name == "branch").unwrap();
        all += counts.rows;
        place += branch.value + branch.coarser;
        day += counts.days;
    }
    let share = |part: u64| (part * 100 / rows) as u8;
    Shares { published: share(all), place: Some(share(place)), day: Some(share(day)) }
}

fn shares(choices: &Choices, length: Length) -> Shares {
    choices.periods.iter().find(|choice| choice.period == length).unwrap().shares
}

/// Four or five patrons a month, and a dozen on one day of September.
fn tiny() -> Library {
    let library = lend(Library::default(), "2025-07-07", 501..506);
    let library = lend(library, "2025-08-04", 506..511);
    let library = lend(library, "2025-09-03", 511..523);
    let library = lend(library, "2025-10-06", 523..527);
    let library = lend(library, "2025-11-03", 527..531);
    lend(library, "2025-12-01", 531..535)
}

#[test]
fn a_tiny_library_is_told_of_the_quarter_and_what_it_would_publish() {
    let site = loans_site();
    let plan = planned(&site, &tiny(), "2026-02-10");
    let choices = only(&plan).choices.as_ref().expect("a proposal");
    assert_eq!((choices.first.to_string(), choices.last.to_string()), ("2025-07".into(), "2025-12".into()));
    let lengths: Vec<Length> = choices.periods.iter().map(|choice| choice.period).collect();
    assert_eq!(lengths, Length::ALL);
    // From July to September, as one, since September has enough of its own; what follows never has.
    assert_eq!(shares(choices, Length::Month), Shares { published: 64, place: Some(64), day: Some(0) });
    assert_eq!(shares(choices, Length::Quarter), Shares { published: 100, place: Some(100), day: Some(35) });
    assert_eq!((choices.proposes.period, &choices.proposes.places), (Some(Length::Quarter), &None));
    let lines = printed(&site, "2026-02-10T03:00:00-05:00");
    assert_eq!(lines, ["period = \"quarter\""]);

    let told = choices.proposes.shares;
    paste(&site, &lines.join("\n"));
    let night = site.night(&tiny(), "2026-02-10");
    assert_eq!(published(&night, 34), told);
    let periods: BTreeSet<String> = only(&night).released.iter().map(|month| month.period.to_string()).collect();
    assert_eq!(periods, ["2025-07-to-2025-09", "2025-10-to-2025-12"].map(String::from).into());
    assert!(only(&night).choices.is_none(), "a run proposes nothing");
    site.assert_verifies();
}

/// What the figure of the month says: night after night, the last quarter of the year is never published.
#[test]
fn figures_are_those_of_months_that_are_staged_each_by_itself() {
    for (lines, released) in [("", 0), ("period = \"quarter\"", 3)] {
        let site = loans_site();
        paste(&site, lines);
        let mut last = Vec::new();
        for night in ["2025-11-20", "2025-12-20", "2026-01-20", "2026-02-20"] {
            let mut library = Library::default();
            for (day, patrons) in [("2025-10-06", 523..527), ("2025-11-03", 527..531), ("2025-12-01", 531..535)] {
                let lent = if day < night { lend(library.clone(), day, patrons) } else { library.clone() };
                library = lent;
            }
            last = only(&site.night(&library, night)).released.clone();
        }
        assert_eq!(last.len(), released, "{lines}");
        assert_eq!(files(&site.at("public")).is_empty(), released == 0, "{lines}");
    }
}

/// The bookmobile has six patrons in one month and twelve in the next.
fn with_bookmobile() -> (Library, Vec<(std::ops::Range<u64>, &'static str)>) {
    let (mut library, mut branches) = (Library::default(), Vec::new());
    for (place, month) in ["2025-08", "2025-09", "2025-10", "2025-11", "2025-12"].iter().enumerate() {
        let bookmobile = if place % 2 == 0 { 556..562 } else { 556..568 };
        for (branch, patrons) in [("MAIN", 501..541), ("HBR", 541..556), ("BKM", bookmobile)] {
            let first = 101 + library.loans.len() as u64;
            library = lend(library, &format!("{month}-03"), patrons);
            branches.push((first..101 + library.loans.len() as u64, branch));
        }
    }
    (library, branches)
}

/// Writes the exports, with the branch of each loan.
fn write(site: &TestSite, day: &str) -> u64 {
    let (library, branches) = with_bookmobile();
    library.write(site);
    site.edit("inbox/old_issues-1.csv", |text| {
        let branch = |line: &str| {
            let id = line.split(',').next().and_then(|id| id.parse().ok());
            let branch = id.and_then(|id: u64| branches.iter().find(|(ids, _)| ids.contains(&id)));
            branch.map_or(line.to_owned(), |(_, branch)| line.replacen(",MAIN,", &format!(",{branch},"), 1)) + "\n"
        };
        text.lines().map(branch).collect()
    });
    site.stamp(day);
    library.loans.len() as u64
}

#[test]
fn a_bookmobile_is_joined_with_the_smallest_branch_and_then_stands_in_every_month() {
    let site = loans_site();
    let day = "2026-02-10";
    let rows = write(&site, day);
    let plan = site.plan_on(day).unwrap();
    let choices = only(&plan).choices.as_ref().expect("a proposal");
    assert_eq!(shares(choices, Length::Month).published, 100);
    assert!(shares(choices, Length::Month).place < Some(85), "three months of harbor and bookmobile");
    assert_eq!((choices.proposes.period, choices.proposes.shares.place), (None, Some(100)));
    let lines = printed(&site, "2026-02-10T03:00:00-05:00");
    assert_eq!(lines, ["places = { \"BKM and HBR\" = [\"BKM\", \"HBR\"] }"]);

    let told = choices.proposes.shares;
    paste(&site, &lines.join("\n"));
    write(&site, day);
    let night = site.accept_on(day);
    assert_eq!(published(&night, rows), told);
    for month in &only(&night).released {
        let branches = texts(&site.at(node("collection", &month.month.to_string()).to_str().unwrap()), "branch");
        assert_eq!(branches, ["BKM and HBR".to_owned(), "MAIN".to_owned()].into(), "{}", month.month);
    }
    site.assert_verifies();
}

/// Where every place stands in every month there is nothing to propose, and nothing is asked.
#[test]
fn a_library_that_publishes_all_of_it_is_told_nothing() {
    let site = loans_site();
    let library = lend(Library::default(), "2025-11-03", 501..541);
    let plan = planned(&site, &lend(library, "2025-12-01", 501..541), "2026-02-10");
    assert!(only(&plan).choices.is_none());
}
