//! Columns of codes that the library itself declared: branches, item types.

use super::super::*;

fn patrons() -> Identifiers {
    let mut identifiers = Identifiers::default();
    for login in ["central", "fiction", "morganpark", "audiobook", "central2", "21234000012344", "ann@main.example"] {
        identifiers.add(login.as_bytes());
    }
    for address in ["General Delivery", "1 Main St"] {
        identifiers.add(address.as_bytes());
    }
    for [last, first] in
        [["Park", "Morgan"], ["Main", "Ann Q"], ["Branch", "Lee"], ["King", "Martin L"], ["Adult", "Book"]]
    {
        identifiers.add_names(&[last.as_bytes(), first.as_bytes()]);
    }
    for alone in ["103", "06019", "1980-02-03"] {
        identifiers.add_alone(alone.as_bytes());
    }
    identifiers
}

#[test]
fn a_branch_may_be_called_as_somebody_is() {
    let patrons = patrons();
    for code in [
        "central",
        "CENTRAL",
        "Central Library",
        "fiction",
        "Audio Book",
        "Morgan Park",
        "MORGAN_PARK",
        "Morgan Park Branch",
        "Lee Branch",
        "Martin Luther King",
        "Martin Luther King Branch",
        "Main, Adult Fiction",
        "book",
        "general delivery",
        "103",
        "06019",
        "BOOK-ADULT",
    ] {
        assert_eq!(search(&patrons, code, true), [], "{code}");
    }
    for text in ["central", "Central Library", "Morgan Park", "Martin Luther King", "general delivery"] {
        assert_eq!(search(&patrons, text, false), [Leak::Identifier], "{text}");
    }
}

#[test]
fn a_person_among_codes_is_found() {
    for text in [
        "central2",
        "x21234000012344",
        "2123400001234",
        "ann@main.example",
        "ann at main.example",
        "1 Main Street",
        "Park, Morgan",
        "held for Park, Morgan",
        "Morgan Q. Park",
        "Main, Ann Quilla",
        "Ann Q. Main",
    ] {
        assert_eq!(search(&patrons(), text, true), [Leak::Identifier], "{text}");
    }
}
