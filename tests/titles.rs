//! Titles, and what codes are called: published where the policy says so, and nothing of them where it doesn't.

use std::fs;

use afterloan::act::Outcome;

use crate::support::inbox::{CANARY, CliNight, Inbox, assert_unseen, both};
use crate::support::text::layers;
use crate::support::{AS_OF, TestSite, files};

/// August isn't over for long enough.
const STAGED: &str = "2026-09-20T00:00:00-04:00";

/// A Koha site, with what the policy says of the release beside.
fn site(more: &str) -> TestSite {
    let site = TestSite::init("koha");
    site.edit("policy.toml", |text| text.replacen("threshold = 10 ", &format!("{more}\nthreshold = 10 "), 1));
    site
}

/// Eighty loans of as many patrons: thirty of one title, thirty of another, six of a third, fourteen of a biography of
/// patron 7009.
fn inbox(site: &TestSite) -> Inbox {
    let mut inbox = Inbox::koha(site, 80);
    let titles = [
        ("1", " The  owls\n of Oz / ", 0..30),
        ("2", "Zanzibar for beginners", 30..60),
        ("3", "Rare birds", 60..66),
        ("4", "Surname7009, Given: the life", 66..80),
    ];
    for (number, title, loans) in titles {
        inbox.add("biblio", &[("biblionumber", number), ("title", title)]);
        for row in loans {
            inbox.set("items", row, "biblionumber", number);
        }
    }
    inbox.set("old_issues", 0, "renewals_count", "3");
    inbox
}

fn series(site: &TestSite) -> String {
    fs::read_to_string(site.at("public/statistics/loan/titles.csv")).unwrap()
}

fn left_out(outcome: &Outcome) -> u64 {
    let loans = outcome.pipelines.iter().find(|pipeline| pipeline.name == "koha-loans").unwrap();
    loans.publishes.titles.unwrap().left_out
}

/// Where in the site's zones a text stands, in any layer of any file.
fn found(site: &TestSite, zones: &[&str], needle: &str) -> Vec<String> {
    let all = files(&site.root()).into_iter().filter(|path| zones.iter().any(|zone| path.starts_with(zone)));
    let holds = |layer: &Vec<u8>| layer.windows(needle.len()).any(|window| window == needle.as_bytes());
    all.filter(|path| layers(site, path).iter().any(holds)).map(|path| path.display().to_string()).collect()
}

const EXPECTED: &str = "period,title,checkouts,renewals,circulation
2026-08,other,20,0,20
2026-08,The owls of Oz /,30,3,33
2026-08,Zanzibar for beginners,30,0,30
";

#[test]
fn titles_of_enough_patrons_are_published_and_a_name_in_one_stops_no_night() {
    let site = site("titles = true");
    inbox(&site).put(&site);
    let night = CliNight::of(&site, AS_OF);
    assert_eq!(series(&site), EXPECTED);
    let printed = night.printed.split_whitespace().collect::<Vec<_>>().join(" ");
    for told in ["1 title holds what may lead to a patron", "title ← titles.title", "titles (by title)"] {
        assert!(printed.contains(told), "{told}: {printed}");
    }
    assert_unseen(&site, &night.printed, &["Surname7009", "Rare birds"]);
    assert_eq!(found(&site, &["public", "state", "reports"], "Surname7009"), [""; 0]);
    assert_eq!(loans(&night.json)["publishes"]["titles"]["left_out"], 1, "{}", night.json);

    let of = |ending: &str| {
        let all: Vec<_> = report_paths(&site).into_iter().filter(|path| path.ends_with(ending)).collect();
        fs::read_to_string(&all[0]).unwrap()
    };
    let json: serde_json::Value = serde_json::from_str(&of("1.json")).unwrap();
    assert_eq!(loans(&json)["titles"], serde_json::json!({ "left_out": 1, "too_many": false }));
    assert!(of("1.html").contains("koha-loans, left out: <strong>1</strong>."), "{}", of("1.html"));

    let package = fs::read_to_string(site.at("public/datapackage.json")).unwrap();
    assert!(package.contains("\"loan-titles\"") && package.contains("statistics/loan/titles.csv"));
    let page = fs::read_to_string(site.at("public/pages/loan-titles.html")).unwrap();
    assert!(page.contains("Loans by title") && page.contains("The owls of Oz /"), "{page}");
    for command in [&["audit"][..], &["verify"]] {
        let output = site.cli(command);
        assert_eq!(output.status.code(), Some(0), "{command:?}: {}", both(&output));
    }

    // The same night where no title holds a name: as it ends.
    let other = self::site("titles = true");
    let mut inbox = inbox(&other);
    inbox.set("biblio", 3, "title", "A life").put(&other);
    let quiet = CliNight::of(&other, AS_OF);
    assert_eq!(night.code, quiet.code);
    assert!(!quiet.printed.contains("lead to a patron"), "{}", quiet.printed);
    // Beside six rows of rare birds the smallest isn't told anyway: nobody can see which of both it was.
    assert_eq!(series(&other), EXPECTED);
}

/// What is said of loans.
fn loans(json: &serde_json::Value) -> &serde_json::Value {
    json["pipelines"].as_array().unwrap().iter().find(|pipeline| pipeline["name"] == "koha-loans").unwrap()
}

fn report_paths(site: &TestSite) -> Vec<String> {
    let all = files(&site.at("reports"));
    let mut paths: Vec<String> = all.iter().map(|path| site.at("reports").join(path).display().to_string()).collect();
    paths.retain(|path| path.contains("-run-"));
    paths
}

/// What was staged as a title, and has a patron's name by the night that publishes it.
#[test]
fn titles_that_were_staged_are_searched_by_the_night_that_publishes_them() {
    let site = site("titles = true");
    let mut inbox = inbox(&site);
    inbox.set("biblio", 1, "title", "Zanzibar, by Given Surname7123").put_at(&site, STAGED);
    let outcome = site.accept_and_run(STAGED);
    assert_eq!(left_out(&outcome), 1);
    assert!(!site.at("public/statistics/loan").exists());
    assert_eq!(found(&site, &["state"], "Surname7009"), [""; 0]);
    let staged = found(&site, &["state/staging"], "Zanzibar");
    assert!(!staged.is_empty());

    inbox.koha_patron(7123);
    // And what stands in tonight's export beside, by which it would be known.
    inbox.set("biblio", 1, "title", "Zanzibar for beginners");
    for row in 0..80 {
        inbox.set("old_issues", row, "borrowernumber", "");
    }
    inbox.put(&site);
    let outcome = site.accept_and_run(AS_OF);
    assert_eq!(left_out(&outcome), 2);
    let owls = "period,title,checkouts,renewals,circulation\n2026-08,other,50,0,50\n2026-08,The owls of Oz /,30,3,33\n";
    assert_eq!(series(&site), owls);
    assert_eq!(found(&site, &["public", "state", "reports"], "Surname7123"), [""; 0]);
    assert_eq!(site.cli(&["audit"]).status.code(), Some(0));
}

#[test]
fn where_the_policy_publishes_no_titles_nothing_of_one_is_read_or_kept() {
    for night in [AS_OF, STAGED] {
        let site = site("# titles = true");
        let mut inbox = inbox_without_titles(&site);
        let canary = format!("biblionumber,title\n1,{CANARY} of Oz\n");
        inbox.set("items", 0, "biblionumber", "1").put_at(&site, night);
        crate::support::inbox::write_at(&site, "biblio-2026-11-01.csv", canary, night);
        let outcome = site.accept_and_run(night);
        assert!(outcome.pipelines.iter().all(|pipeline| pipeline.publishes.titles.is_none()));
        assert!(!site.at("public/statistics/loan/titles").exists());
        assert_eq!(found(&site, &["public", "state", "reports", "worklists"], CANARY), [""; 0]);
        // Nor does a column that only the title needs have a name that nobody knows.
        let loans = outcome.pipelines.iter().find(|pipeline| pipeline.name == "koha-loans").unwrap();
        assert_eq!(loans.exports.undeclared, [""; 0]);
        assert!(loans.exports.files.iter().all(|export| export.source != "titles"));
    }
}

fn inbox_without_titles(site: &TestSite) -> Inbox {
    Inbox::koha(site, 80)
}

#[test]
fn without_an_export_of_titles_all_are_unknown() {
    let site = site("titles = true");
    inbox(&site).put(&site);
    fs::remove_file(site.at("inbox/biblio-2026-11-01.csv")).unwrap();
    let outcome = site.accept_and_run(AS_OF);
    assert_eq!(left_out(&outcome), 0);
    // One line alone tells nothing.
    assert_eq!(series(&site), "period,title,checkouts,renewals,circulation\n2026-08,other,80,3,83\n");
}

const LABELS: &str =
    "[release.labels.branch]\nMAIN = \"Central <b>Library</b>\"\n[release.labels.item_type]\nBK = \"=Books\"\n";

#[test]
fn pages_say_labels_and_files_codes() {
    let site = site("");
    site.edit("policy.toml", |text| format!("{text}\n{LABELS}"));
    let mut inbox = Inbox::koha(&site, 80);
    for row in 40..80 {
        inbox.set("old_issues", row, "issuedate", "2026-09-03 10:30:00");
        inbox.set("old_issues", row, "returndate", "2026-09-12 17:00:00");
    }
    let first = "2026-10-15T00:00:00-04:00";
    inbox.put_at(&site, first);
    site.accept_and_run(first);
    let text = |path: &str| fs::read_to_string(site.at("public").join(path)).unwrap();
    assert_eq!(
        text("statistics/labels.csv"),
        "column,code,label\nbranch,MAIN,Central <b>Library</b>\nitem_type,BK,'=Books\n"
    );
    let page = text("pages/loan-by-branch.html");
    assert!(page.contains("Central &lt;b&gt;Library&lt;/b&gt;") && page.contains("=Books"), "{page}");
    assert!(!page.contains("<b>Library") && !page.contains(">MAIN<"));
    let csv = text("statistics/loan/by-branch.csv");
    assert!(csv.contains(",MAIN,") && !csv.contains("Library"), "{csv}");
    let package: serde_json::Value = serde_json::from_str(&text("datapackage.json")).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let by_branch = resources.iter().find(|resource| resource["name"] == "loan-by-branch").unwrap();
    let branch = &by_branch["schema"]["fields"][1];
    assert_eq!(branch["categories"][0], serde_json::json!({ "value": "MAIN", "label": "Central <b>Library</b>" }));
    assert!(resources.iter().any(|resource| resource["path"] == "statistics/labels.csv"));
    assert_eq!(site.cli(&["verify"]).status.code(), Some(0));

    // With the next period that is published they are gone, since the board calls nothing anything any more.
    site.edit("policy.toml", |text| text.replace(LABELS, ""));
    inbox.put(&site);
    site.accept_and_run(AS_OF);
    assert!(site.at("public/statistics/loan/by-branch/month=2026-09").exists());
    assert!(!site.at("public/statistics/labels.csv").exists());
    assert!(text("pages/loan-by-branch.html").contains(">MAIN<"));
    assert!(!text("datapackage.json").contains("labels.csv"));
    let output = site.cli(&["verify"]);
    assert_eq!(output.status.code(), Some(0), "{}", both(&output));
}

#[test]
fn check_names_labels_that_no_published_column_has() {
    let site = site("");
    let labels = "[release.labels.brnch]\nA = \"a\"\n[release.labels.material]\nbok = \"Books\"\nvideo = \"Films\"\n";
    site.edit("policy.toml", |text| format!("{text}\n{labels}"));
    Inbox::koha(&site, 80).put(&site);
    let printed = both(&site.cli(&["check", "--as-of", AS_OF])).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        printed.contains("[release.labels.brnch]: no pipeline publishes `brnch`; did you mean `branch`?"),
        "{printed}"
    );
    assert!(printed.contains("`material` never reads `bok`; did you mean `book`?"), "{printed}");
    assert!(!printed.contains("`video`"), "{printed}");
}
