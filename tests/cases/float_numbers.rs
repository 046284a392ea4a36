//! A patron's number that a data frame made a float of: `99990827036.0`.

use super::{Proposed, csv};
use crate::support::inbox::{CliNight, Inbox, both, without_titles};
use crate::support::{AS_OF, TestSite};

fn number(at: usize) -> u64 {
    88_770_000_000 + (at as u64 * 7_919_113) % 9_999_999
}

/// Loans with such a column, called so; `reader`: beside the patron's own number.
fn loans(name: &str, reader: bool) -> String {
    let header = format!("loan_no,barcode,checkout_date,due_date,{name}{}", if reader { ",reader_id" } else { "" });
    csv(&header, 90, |at| {
        let (day, month) = (at % 27 + 1, at % 9 + 1);
        let reader = if reader { format!(",{}", at % 30 + 1) } else { String::new() };
        let times = format!("2025-0{month}-{day:02} 10:00:00,2025-0{month}-28 10:00:00");
        format!("{},L{:05},{times},{}.0{reader}", 1000 + at, at * 37, number(at % 30))
    })
}

#[test]
fn init_takes_it_for_an_identifier() {
    // The patron's, and whatever else: nothing says that it is harmless.
    for (name, reader) in [("matricula", false), ("borrower", false), ("registration", true), ("extra", true)] {
        let proposed = Proposed::of(&[("loans.csv", loans(name, reader))]);
        let identifiers = proposed.toml()["columns"].get("identifiers").and_then(toml::Value::as_array).cloned();
        let found = identifiers.into_iter().flatten().any(|one| one.as_str() == Some(name));
        assert!(found, "{name}: {}{}", proposed.printed, proposed.text);
    }
}

/// As it stands in the patrons' export, and within a title that would be published.
#[test]
fn it_is_searched_for_in_every_form_that_a_spreadsheet_gives_it() {
    const HERS: [&str; 6] =
        ["88770827036.0", "88770827036", "'88770827036", "88,770,827,036.00", "8.8770827036E10", "88.770.827.036,0"];
    const TITLES: [&str; 6] = [
        "88770827036",
        "88770827036.0",
        "of 88,770,827,036.00",
        "0088770827036",
        "8.8770827036E+10",
        "a 88 770 827 036",
    ];
    let site = TestSite::init("koha");
    site.edit("pipelines/koha-loans.toml", |text| {
        let text = without_titles(&text).replace("\"itemcallnumber\"", "\"itemcallnumber\", \"title\"");
        let title = "[[publish]]\nname = \"title\"\nfrom = \"items.title\"\ntreatment = \"keep\"\nabout = \"use\"\n\n";
        text.replacen("[[statistics]]", &format!("{title}[[statistics]]"), 1)
    });
    let mut inbox = Inbox::koha(&site, 60);
    std::fs::remove_file(site.at("pipelines/koha-holds.toml")).unwrap();
    for hers in HERS {
        for title in TITLES {
            inbox.set("borrowers", 8, "cardnumber", hers).set("items", 20, "title", title).put(&site);
            let output = site.cli(&["plan", "--as-of", AS_OF]);
            let (plan, told) = (output.status.code(), both(&output));
            let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                plan == Some(2) && told.contains("holds a patron's identifier"),
                "{hers} in {title}: {plan:?} {told}"
            );
        }
    }
    // And nothing is found where nothing is.
    inbox.set("items", 20, "title", "of 88,770,827,037.00").put(&site);
    assert!(CliNight::of(&site, AS_OF).code < 2);
}
