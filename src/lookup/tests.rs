//! Joining by one cell, by any of several, and by several together.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::cells::{Nulls, TimeFormat};
use crate::export::{Dialect, Format, Found, Keys};
use crate::pipeline::declaration::{KeyType, Lookup, Patron};
use crate::state::keys::KeyedDigest;
use crate::state::register::Names;
use crate::words::Day;

const FINES: &str = "id,reader,copy,owed,card\n1,51,9,2.50,A100\n2,51,8,0.00,A100\n3,52,9,0.00,B200\n4,52,,7.00,B200\n";

/// Reads the fines, joined as `on` says, where a legal hold names a card and the patron is `reader`.
fn fines(on: &str, more: &str, text: &str) -> Result<Loaded, LookupError> {
    let toml = format!("name = \"fines\"\nfiles = \"fines.csv\"\non = {on}\n{more}");
    let lookup: Lookup = toml::from_str(&toml).unwrap();
    let dialect = Dialect::read(Format::named("csv").unwrap(), Keys::default()).unwrap();
    let names = Names::of_made_up_rows();
    let reading = Reading {
        null: Nulls::new(&[String::new()]),
        decimal: b'.',
        times: TimeFormat::new(&["iso".into()], TimeZone::UTC),
        nobody: &[],
        patron: &Patron::Column("reader".into()),
        plausible: (Day(i32::MIN), Day(i32::MAX)),
        held: [names.digest(b"b200")].into_iter().collect(),
        names,
    };
    let found = Found::in_memory("fines.csv", text.into(), Timestamp::UNIX_EPOCH);
    let asked = Asked { lookup: &lookup, dialect, needed: Vec::new(), decides: true };
    load(&asked, &[found], &reading, KeyedDigest::of_made_up_rows())
}

const MANY: &str = "rows = \"many\"\nidentifiers = [\"card\"]\n[gather]\nowes = { any_positive = \"owed\" }\n";

fn owes(loaded: &Loaded, key: &[&str]) -> Option<Gathered> {
    let mut whole = Vec::new();
    let made = together(key.iter().map(|cell| cell.as_bytes()), KeyType::Text, &mut whole);
    let row = (made == Made::Key).then(|| loaded.table.row(&whole)).flatten();
    row.map(|row| loaded.table.gathered(row, 0))
}

#[test]
fn several_keys_are_one_together() {
    let loaded = fines("{ reader = \"reader\", copy = \"copy\" }", MANY, FINES).unwrap();
    // In the order of our names: copy before reader.
    let cases = [
        (["9", "51"], Some(Gathered::Yes)),
        (["8", "51"], Some(Gathered::Nothing)),
        (["9", "52"], Some(Gathered::Nothing)),
        (["51", "9"], None),
        (["8", "52"], None),
        // A fine without a copy belongs to no loan.
        (["", "52"], None),
    ];
    for (key, expected) in cases {
        assert_eq!(owes(&loaded, &key), expected, "{key:?}");
    }
    assert_eq!(loaded.table.len(), 3);
}

#[test]
fn a_list_of_theirs_is_a_key_each() {
    let loaded = fines("{ thing = [\"copy\", \"id\"] }", MANY, FINES).unwrap();
    let cases = [("9", Some(Gathered::Yes)), ("4", Some(Gathered::Yes)), ("8", Some(Gathered::Nothing)), ("51", None)];
    for (key, expected) in cases {
        assert_eq!(owes(&loaded, &[key]), expected, "{key}");
    }
}

/// By the column that the pipeline joins with its patron, wherever that stands among the keys.
#[test]
fn a_held_card_leads_to_its_patron() {
    for on in [
        "{ reader = \"reader\" }",
        "{ reader = \"reader\", copy = \"copy\" }",
        "{ aisle = \"copy\", reader = \"reader\" }",
    ] {
        let loaded = fines(on, MANY, FINES).unwrap();
        assert_eq!(loaded.held.patrons.into_keys().collect::<Vec<_>>(), [b"52".to_vec()], "{on}");
        assert_eq!(loaded.held.met.len(), 1, "{on}");
    }
    let loaded = fines("{ copy = \"copy\" }", MANY, FINES).unwrap();
    assert!(loaded.held.patrons.is_empty() && loaded.held.met.is_empty());
}

#[test]
fn a_second_row_for_a_key_of_several_is_an_error() {
    let on = "{ reader = \"reader\", copy = \"copy\" }";
    assert!(fines(on, "use = [\"owed\"]", FINES).is_ok());
    let twice = format!("{FINES}5,51,9,0.00,A100\n");
    let error = fines(on, "use = [\"owed\"]", &twice).map(drop).unwrap_err();
    assert!(matches!(error, LookupError::SecondRow { line: 6, .. }), "{error}");
}
