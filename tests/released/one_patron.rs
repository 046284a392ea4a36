//! One patron of many loans comes, or doesn't: what changes in public mustn't be about that patron.

use super::THRESHOLD;
use super::checker::count;
use super::nights::library;
use super::published::Published;
use super::truth::Layout;
use crate::support::{AS_OF, TestSite, files};

/// A branch, an item type, a collection and a patron category of her own.
const OWN: [&str; 4] = ["ZOOBRANCH", "ZOOTYPE", "ZOOSHELF", "ZOOKEEPER"];

fn with(times: usize) -> TestSite {
    let site = TestSite::init("koha");
    library(&site);
    let add = |site: &TestSite, name: &str, rows: String| {
        let name = format!("{name}-2026-11-01.csv");
        let bytes = std::fs::read(site.at("inbox").join(&name)).unwrap();
        site.export(&name, [&bytes[..], rows.as_bytes()].concat());
    };
    // Loans that no other row looks like.
    let mut loans = String::new();
    for at in 0..times {
        let day = 1 + at % 27;
        loans += &format!(
            "{},777777,NULL,777777,2026-08-30 23:59:00,ZOOBRANCH,2026-09-01 10:00:00,NULL,1,0,0,NULL,2026-09-01 10:00:00,\
             2026-08-{day:02} 03:{:02}:00,0,NULL,NULL,NULL,NULL,NULL\n",
            9_000_000 + at,
            at % 60
        );
    }
    add(&site, "old_issues", loans);
    add(&site, "items", "777777,1,31907000999999,ZOOBRANCH,ZOOTYPE,ZOOSHELF,NULL,999.9 ZOO,0,0,NULL,NULL\n".into());
    add(
        &site,
        "borrowers",
        "777777,21907000999999,Zoological,Zuleika,1950-01-01,ZOOKEEPER,ZOOBRANCH,zzuleika,NULL,NULL,NULL,9 Zoo Lane,Town,00999,1,\
         2020-01-01,2030-01-01,NULL\n"
            .into(),
    );
    site.accept_and_run(AS_OF);
    site
}

#[test]
fn fifty_loans_of_one_patron_change_no_cell_that_is_about_her() {
    const LOANS: usize = 50;
    let (without, with) = (with(0), with(LOANS));
    let (without, with) = (without.at("public"), with.at("public"));
    assert_eq!(files(&without), files(&with), "a file that is only there for her");
    for path in files(&with) {
        let text = std::fs::read(with.join(&path)).unwrap();
        // Her month's files, and what is made of all months.
        let name = path.to_str().unwrap();
        let may_change = name.contains("loan") && (name.contains("2026-08") || !name.contains("month="));
        if !may_change && name != "index.html" {
            assert!(std::fs::read(without.join(&path)).unwrap() == text, "{path:?}: changed by loans of another month");
        }
        for own in OWN {
            assert!(!text.windows(own.len()).any(|window| window == own.as_bytes()), "{path:?} tells of her {own}");
        }
    }
    let layout = Layout::koha_loans();
    let without = Published::read(&without, &layout, "2026-08");
    let with = Published::read(&with, &layout, "2026-08");
    assert_eq!(with.collection.len(), without.collection.len() + LOANS);
    assert_eq!(with.community.len(), without.community.len() + LOANS);
    // Every cell that she changes is about enough others, before and now: of time, of who, of hours.
    let cells = |month: &Published| {
        let mut cells = count(month.collection.iter().map(|line| format!("{:?} {:?}", line.places, line.when)));
        cells.extend(count(month.community.iter().map(|who| format!("{who:?}"))));
        let hours = month.hours.iter().flatten();
        cells.extend(
            hours.map(|cell| (format!("{:?} {} {}", cell.place, cell.weekday, cell.range), cell.rows as usize)),
        );
        cells
    };
    let (before, now) = (cells(&without), cells(&with));
    let mut changed = 0;
    for cell in before.keys().chain(now.keys()).filter(|cell| before.get(*cell) != now.get(*cell)) {
        let least = [&before, &now].into_iter().filter_map(|cells| cells.get(cell)).min().unwrap();
        assert!(*least >= THRESHOLD, "{cell}: {least} rows");
        changed += 1;
    }
    assert!(changed > 0);
    // Nobody else comes at three in the morning.
    assert!(with.tables["by-hour"].cells.keys().all(|labels| !labels[1].starts_with("03")));
}
