mod codes;
mod let_through;
mod patterns;
mod written_otherwise;

use proptest::prelude::*;

use super::*;

fn patrons() -> Identifiers {
    let mut identifiers = Identifiers::default();
    for anywhere in [
        "21234000012344",
        "jane.doe@example.org",
        "Max+Books@mail.example",
        "541-374-9696",
        "+1 (203) 693-5808",
        "860 379 2100 (home)",
        "1809 Target Way",
        "jd",
        "Ærø12",
        "0001234567",
        "jdoe2019x",
        "José Ñuñez",
    ] {
        identifiers.add(anywhere.as_bytes());
    }
    identifiers.add_names(&[b"Terri", b"", b"Brooks"]);
    identifiers.add_names(&["O'Brien".as_bytes(), "Zoë".as_bytes()]);
    for alone in ["103", "1980-02-03", "06019"] {
        identifiers.add_alone(alone.as_bytes());
    }
    identifiers
}

fn look(text: &str, codes: bool) -> Option<Leak> {
    search(&patrons(), text, codes).into_iter().next()
}

#[test]
fn identifiers_are_found_in_the_ways_they_are_written() {
    let anywhere = [
        "21234000012344",
        "card 2123 4000 0123 44 was found",
        "2 1 2 3 4 0 0 0 0 1 2 3 4 4",
        "2-1234-00001-2344",
        "x21234000012344y",
        "00021234000012344",
        "987621234000012344555",
        "21234000012344.0",
        "2.1234000012344E+13",
        "２１２３４００００１２３４４",
        "٢١٢٣٤٠٠٠٠١٢٣٤٤",
        "2123\u{200b}4000\u{ad}012344",
        "see Jane.Doe@Example.org.",
        "jane.doe+library@example.org",
        "mailto:xjane.doe@example.orgx",
        "jane%2Edoe%40example%2eorg",
        "jane (dot) doe at example dot org",
        "max@mail.example",
        "max+books@mail.example",
        "(541) 374-9696",
        "1 541 374 9696",
        "+15413749696",
        "203.693.5808",
        "tel2036935808",
        "860-379-2100",
        "at 1809 TARGET way, rear",
        "Brooks, Terri",
        "Brooks, Terri M.",
        "Terri M. Brooks",
        "terri_brooks",
        "the terri brooks collection",
        "ærø12",
        "AERO12",
        "jose nunez",
        "Zoe O'Brien",
        "OBrien, Zoë",
        "1234567",
        "no. 0001234567",
        "id1234567z",
        "000000001234567",
        "myjdoe2019xs",
    ];
    for text in anywhere {
        assert_eq!(look(text, false), Some(Leak::Identifier), "{text}");
    }
    let cases = [
        ("Brooks", false, Some(Leak::StandsAlone)),
        ("brooks ", false, Some(Leak::StandsAlone)),
        ("Brooks", true, None),
        ("Brooks Memorial Branch", false, None),
        ("103", false, Some(Leak::StandsAlone)),
        ("00103", false, Some(Leak::StandsAlone)),
        ("１０３", false, Some(Leak::StandsAlone)),
        ("103", true, None),
        ("room 103", false, None),
        ("JD", false, Some(Leak::StandsAlone)),
        ("jd notes", false, None),
        ("1980-02-03", false, Some(Leak::StandsAlone)),
        ("060", false, None),
        ("", false, None),
        ("T. Brooks", false, None),
        ("91234567", false, None),
        ("12345678", false, None),
    ];
    for (text, codes, expected) in cases {
        assert_eq!(look(text, codes), expected, "{text}");
    }
}

#[test]
fn part_of_an_isbn_is_a_phone_number_by_chance() {
    let mut identifiers = Identifiers::default();
    identifiers.add(b"801-404-4913");
    assert_eq!(search(&identifiers, "9780140449136", false), []);
    identifiers.add(b"014 044 9136");
    assert_eq!(search(&identifiers, "9780140449136", false), []);
    assert_eq!(search(&identifiers, "97701404491360", false), [Leak::Identifier]);
}

#[test]
fn an_identifier_hides_what_it_looks_like() {
    let mut identifiers = Identifiers::default();
    assert_eq!(search(&identifiers, "jane@example.org", true), [Leak::Pattern(Pattern::Email)]);
    identifiers.add(b"Jane@example.org");
    assert_eq!(search(&identifiers, "jane@example.org", true), [Leak::Identifier], "it can't be accepted");
}

/// Ways to write an identifier, each of which must be found.
fn written(identifier: &str, way: usize) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).filter(|_| c.is_ascii_graphic()).unwrap_or(c);
    let between = |separator: &str| identifier.chars().map(String::from).collect::<Vec<_>>().join(separator);
    match way {
        0 => identifier.into(),
        1 => identifier.to_uppercase(),
        2 => identifier.chars().map(wide).collect(),
        3 => between("\u{200b}"),
        4 => identifier.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        5 => format!("“{identifier}”"),
        6 => identifier.replace(['.', ' '], "  "),
        _ => format!("{identifier}\u{301}"),
    }
}

const WAYS: usize = 8;

proptest! {
    #[test]
    fn an_identifier_is_found_whatever_stands_around_it(
        number in "[1-9][0-9]{6,13}",
        email in "[a-z]{2,6}[.][a-z]{2,6}@[a-z]{3,8}[.]org",
        first in "[A-Z][a-z]{2,8}",
        last in "[A-Z][a-z]{2,8}",
        login in "[a-z]{5}[0-9]{3}[a-z]",
        before in "[ A-Za-z0-9.,:;'-]{0,20}",
        after in "[ A-Za-z0-9.,:;'-]{0,20}",
        way in 0..WAYS,
    ) {
        let mut identifiers = Identifiers::default();
        identifiers.add(number.as_bytes());
        identifiers.add(email.as_bytes());
        identifiers.add(login.as_bytes());
        identifiers.add_names(&[last.as_bytes(), first.as_bytes()]);
        let names = [format!("{last}, {first}"), format!("{first} {last}"), format!("{first} Q. {last}")];
        for identifier in [&number, &email, &login, &names[0], &names[1], &names[2]] {
            let text = format!("{before} / {} / {after}", written(identifier, way));
            // Of a column of codes, a name must be written as a person's.
            prop_assert_eq!(search(&identifiers, &text, *identifier != names[1]), [Leak::Identifier], "{}", text);
        }
        // Without borders.
        let text = format!("{before}x{number}y{login}{after} a{email}");
        prop_assert_eq!(search(&identifiers, &text, true), [Leak::Identifier]);
        for only in [format!("{before}x{number}y"), format!("z{login}{}", "q"), format!("{before}a{email}")] {
            prop_assert_eq!(search(&identifiers, &only, true), [Leak::Identifier], "{}", only);
        }
        // In groups, with zeros.
        let half = number.len() / 2;
        let groups = format!("{before} no {}-{} {after}", &number[..half], &number[half..]);
        prop_assert_eq!(search(&identifiers, &groups, true), [Leak::Identifier], "{}", groups);
        let zeros = format!("x 000{number} x");
        prop_assert_eq!(search(&identifiers, &zeros, true), [Leak::Identifier], "{}", zeros);
    }

    #[test]
    fn a_text_without_an_identifier_is_let_through(
        title in "([A-Z]?[a-z]{1,9} ){1,8}",
        year in 1450..2030,
        pages in 1..1500,
        dewey in "[0-9]{3}([.][0-9]{1,6})?",
        cutter in "[A-Z][0-9]{1,4}[a-z]?",
        isbn in "(978|979)[0-9]{10}",
        isbn10 in "[0-9]{9}[0-9X]",
        lccn in "(19|20)[0-9]{2}[0-9]{6}",
        oclc in "(ocm|ocn|on)[0-9]{8,10}",
        patrons in prop::collection::vec(("[A-Z]{3}[a-z]{9}", "2[0-9]{13}", "[a-z]{9}@[a-z]{9}[.]org"), 50),
    ) {
        let mut identifiers = Identifiers::default();
        for (name, card, email) in &patrons {
            identifiers.add_names(&[name.as_bytes(), b"Given"]);
            identifiers.add(card.as_bytes());
            identifiers.add(email.as_bytes());
        }
        let texts = [
            format!("{title}/ {year}, {pages} p."),
            format!("{dewey} {cutter} {year}"),
            format!("ISBN {isbn} ({isbn10}) {title}"),
            format!("{lccn} {oclc}"),
        ];
        for text in texts {
            prop_assert_eq!(search(&identifiers, &text, false), [], "{}", text);
        }
    }
    #[test]
    fn any_text_can_be_searched(text in any::<String>(), other in "\\PC{0,40}[@%:.e+0-9٢２-]{0,30}\\PC{0,10}") {
        let mut identifiers = patrons();
        for text in [&text, &other] {
            search(&identifiers, text, false);
            identifiers.add(text.as_bytes());
            identifiers.add_names(&[text.as_bytes(), b"x"]);
            search(&identifiers, text, true);
        }
    }
}
