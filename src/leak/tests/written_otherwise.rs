//! Identifiers that are written in another way than the patrons' export writes them, each of which must be found.

use super::super::*;

/// A patron of whom the export says this, each in its own kind of column.
fn patron(anywhere: &[&str], names: &[&str], alone: &[&str]) -> Identifiers {
    let mut identifiers = Identifiers::default();
    anywhere.iter().for_each(|cell| identifiers.add(cell.as_bytes()));
    identifiers.add_names(&names.iter().map(|cell| cell.as_bytes()).collect::<Vec<_>>());
    alone.iter().for_each(|cell| identifiers.add_alone(cell.as_bytes()));
    identifiers
}

/// What has a digit or an `@` is found in a column of codes, too.
fn found(identifier: &str, texts: &[&str]) {
    for text in texts {
        for codes in [false, true] {
            for text in [text.to_string(), format!("see {text}, please")] {
                let leaks = search(&patron(&[identifier], &[], &[]), &text, codes);
                assert_eq!(leaks, [Leak::Identifier], "{identifier}: {text}");
            }
        }
    }
}

#[test]
fn mail_addresses_that_hide_from_machines() {
    let texts = [
        "jane.doe [at] example.org",
        "jane.doe(at)example.org",
        "jane.doe AT example.org",
        "jane.doe at example.org",
        "jane.doe {at} example {dot} org",
        "jane.doe@example{dot}org",
        "jane.doe <at> example <dot> org",
        "jane dot doe at example dot org",
        "JANE.DOE (ät) EXAMPLE (punkt) ORG",
        "jane.doe[arroba]example[punto]org",
        "jane_doe_at_example_org",
        "jane.doeATexample.org",
        "jane.doeATexampleDOTorg",
        "jane.doe -at- example.org",
        "jane.doe@NOSPAM.example.org",
        "jane.doe (@) example.org",
        "jane.doe＠example。org",
    ];
    found("Jane.Doe@example.org", &texts);
    found("jane.doe+books@example.org", &texts);
}

#[test]
fn codes_however_often_they_are_encoded() {
    found(
        "jane.doe@example.org",
        &[
            "jane.doe&#64;example.org",
            "jane.doe&#064;example.org",
            "jane.doe&#64example.org",
            "jane.doe&#x40;example.org",
            "jane.doe&commat;example&period;org",
            "jane.doe&amp;#64;example.org",
            "jane.doe&amp;amp;#x40;example.org",
            "jane.doe%40example.org",
            "jane.doe%2540example.org",
            "jane.doe%252540example%25252Eorg",
            "jane.doe%26%2364%3Bexample.org",
            "jane.doe&#37;40example.org",
            r"jane.doe\u0040example.org",
            r"jane.doe\x40example.org",
            r"jane.doe%5Cu0040example.org",
            "jane.doe%u0040example.org",
            "jane.doe=40example.org",
            "jane.doe％４０example.org",
            "j&#97;ne.doe%20%5Bat%5D%20example.org",
        ],
    );
    found(
        "12 Núñez Way",
        &["12 N%C3%BA%C3%B1ez Way", "12 N%FA%F1ez Way", "12 N&uacute;&ntilde;ez Way", "12 NÃºÃ±ez Way"],
    );
    found("21234000012344", &["&#50;1234000012344", "2123400001234%34", r"2123400\u00300\x312344"]);
}

#[test]
fn letters_of_other_scripts() {
    // Cyrillic, Greek, full-width, small capitals.
    found(
        "jane.doe@example.org",
        &["jаne.dоe@example.org", "jane.dοe@eχample.org", "ｊａｎｅ.doe@example.org", "ᴊᴀɴᴇ.doe@example.org"],
    );
    found("jdoe2019x", &["jdое2019х", "JDΟE2019X", "jdoe２０１９x", "j%D0%B4oe jdo%D0%B52019x"]);
    found("21234000012344", &["2123400001２344", "2123ООО00l2344".replace("ООО00l", "40ОО01").as_str()]);
    // The record is the odd one.
    found("jаne.dоe@example.org", &["jane.doe@example.org"]);
    let ann = patron(&[], &["Quorl", "Ann"], &[]);
    for text in ["Аnn Quоrl", "QUΟRL, ANN", "Αnn Ԛuorl", "Ann Quorl"] {
        assert_eq!(search(&ann, text, false), [Leak::Identifier], "{text}");
    }
    assert_eq!(search(&ann, "Quоrl", false), [Leak::StandsAlone]);
    // Truly of another script, in any case.
    let pushkin = patron(&[], &["Пушкин", "Александр"], &[]);
    for text in ["Александр Пушкин", "ПУШКИН, АЛЕКСАНДР", "пушкин александр"]
    {
        assert_eq!(search(&pushkin, text, false), [Leak::Identifier], "{text}");
    }
}

#[test]
fn card_numbers_as_they_are_mistyped_and_cut() {
    found(
        "21234000012344",
        &[
            "2I234000012344",
            "2l234OOOO12344",
            "2123 4OOO 0l23 44",
            "no. 2-1234-OOOO1-2344",
            "2|234000012344",
            "xl 21Z34000012344",
            "2123400001234",
            "2123 4000 0123 4",
            "card no.2123400001234x",
            "0002123400001234",
            "212340OOO1234",
        ],
    );
    found("00021234000012344", &["2123400001234", "2l234000012344"]);
    found("2I234OOOO12344", &["21234000012344"]);
    found("1234567", &["l234567", "I23456?".replace('?', "7").as_str(), "number 12345ó7".replace('ó', "6").as_str()]);
    found("LIB0012345", &["LIBOO12345", "L1B0012345"]);
}

#[test]
fn middle_names_in_full_or_not() {
    let records: [&[&str]; 9] = [
        &["Quorl", "Ann Q"],
        &["Quorl", "Ann Quilla"],
        &["Ann Q.", "Quorl"],
        &["Ann", "Q", "Quorl"],
        &["Ann", "Quilla", "Quorl"],
        &["Quorl", "Ann", "Quilla"],
        &["Ann Quilla Quorl"],
        &["Quorl, Ann Q., Jr."],
        &["Dr Ann Quilla", "Quorl Sr"],
    ];
    for record in records {
        let ann = patron(&[], record, &[]);
        for text in [
            "Ann Q Quorl",
            "Ann Q. Quorl",
            "Ann Quilla Quorl",
            "Ann Quorl",
            "Quorl, Ann",
            "Quorl, Ann Q.",
            "Quorl, Ann Quilla",
            "QUORL, Ann",
            "a gift of Mrs. Ann Quilla Rose Quorl, 1984",
        ] {
            assert_ne!(search(&ann, text, false), [], "{record:?}: {text}");
        }
    }
}

#[test]
fn an_initial_where_no_export_has_more() {
    for record in [["Quorl", "C"], ["C.", "Quorl"], ["van Quorl", "C."]] {
        for text in ["see C. van Quorl", "Van Quorl, C."] {
            let text = if record[0].starts_with("van") { text.into() } else { text.to_lowercase().replace("van ", "") };
            assert_eq!(search(&patron(&[], &record, &[]), &text, false), [Leak::Identifier], "{record:?}: {text}");
        }
    }
}

#[test]
fn streets_shortened_or_not() {
    for [one, other] in [
        ["1809 Target Road", "1809 TARGET RD."],
        ["12 North Main Street", "12 N. Main St"],
        ["7 Quorl Avenue", "7 Quorl Av."],
        ["7 Quorl Boulevard SE", "7 Quorl Blvd. Southeast"],
        ["220 Fifth Ave", "220 5th Avenue"],
        ["12 Main St Apt 3B", "12 Main Street #3B"],
        ["Quorlstraße 5", "Quorlstr. 5"],
    ] {
        found(one, &[other]);
        found(other, &[one]);
    }
    found("12 Main St Apt 3B", &["12 Main Street", "12 main st., rear"]);
    found("12 Main St #3B", &["12 Main Street"]);
    found("Quorl House, 12 Main St", &["12 Main Street", "Quorl House, 12 Main St"]);
}

#[test]
fn dates_of_birth_and_post_codes() {
    let born = [
        "1980-02-03",
        "3.2.1980",
        "02/03/1980",
        "3 Feb 1980",
        "Feb 3, 1980",
        "19800203",
        "1980-02-03 00:00:00",
        "2/3/80",
    ];
    for record in born {
        for text in [
            "1980-02-03",
            "3.2.1980",
            "02/03/1980",
            "3 Feb 1980",
            "Feb 3, 1980",
            "19800203",
            "3rd February 1980",
            "1980/2/3",
            "3.&nbsp;2. 1980",
        ] {
            assert_eq!(search(&patron(&[], &[], &[record]), text, false), [Leak::StandsAlone], "{record}: {text}");
        }
    }
    for [record, text] in [["06019-1234", "06019"], ["06019", "06019-1234"], ["06019-1234", "06019-9876"]] {
        assert_eq!(search(&patron(&[], &[], &[record]), text, false), [Leak::StandsAlone], "{record}: {text}");
    }
}
