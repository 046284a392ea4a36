//! What must not stop a night, though it is near to somebody: titles, biographies, shelf marks.

use super::super::*;

/// Patrons with common names, cards of each usual length, a birthday on every third day of a century.
fn many() -> Identifiers {
    let mut identifiers = Identifiers::default();
    let first =
        ["John P", "Mary Ann", "Martin", "Agatha Q", "Henry", "Virginia", "Emily R", "George", "Charlotte M", "Ursula"];
    let last = [
        "Mill",
        "Shelley-Brown",
        "King",
        "Christie-Jones",
        "Thoreau Jr",
        "Smith",
        "Dickinson",
        "Washington",
        "Bronte",
        "Guin",
    ];
    for (at, first) in first.iter().enumerate() {
        for (other, last) in last.iter().enumerate() {
            if (at * 7 + other * 3) % 10 > 7 {
                identifiers.add_names(&[last.as_bytes(), first.as_bytes()]);
            }
        }
    }
    let mut random: u64 = 7;
    for at in 0..10_000u64 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let any = random >> 20;
        identifiers.add(format!("2{:013}", any % 10_u64.pow(13)).as_bytes());
        identifiers
            .add(format!("({}) {}-{:04}", 201 + any % 700, 200 + any / 700 % 700, any / 490_000 % 10_000).as_bytes());
        identifiers.add(format!("reader{at}@mail.example").as_bytes());
        identifiers
            .add(format!("{} {} St", 1 + at % 2000, ["Main", "Oak", "Elm", "Baker"][at as usize % 4]).as_bytes());
        identifiers
            .add_alone(format!("{:04}-{:02}-{:02}", 1920 + at % 100, 1 + at / 100 % 12, 1 + at / 7 % 28).as_bytes());
        identifiers.add_alone(format!("{:05}-{:04}", 1000 + any % 90_000, at).as_bytes());
        identifiers.add_alone((at + 1_000_000).to_string().as_bytes());
    }
    identifiers.add_alone(b"01984-1234");
    identifiers.add(b"541-231-8319");
    identifiers.add_names(&[b"Ross", b"C", b"Quorl"]);
    identifiers.add_names(&[b"Ross", b"C."]);
    for login in ["dinnereight", "annaturner", "jstmill", "history101x"] {
        identifiers.add(login.as_bytes());
    }
    identifiers
}

#[test]
fn titles_and_biographies() {
    let patrons = many();
    assert_eq!(search(&patrons, "somebody (at) museum.org", false), [Leak::Pattern(Pattern::Email)], "not of a patron");
    for text in [
        "John Stuart Mill : a biography / Nicholas Capaldi",
        "Mill, John Stuart, 1806-1873",
        "Mary Wollstonecraft Shelley",
        "Shelley, Mary Wollstonecraft, 1797-1851",
        "Why we can't wait / Martin Luther King, Jr.",
        "Agatha Christie",
        "Henry David Thoreau: a life",
        "Virginia Woolf",
        "The Brontës : Charlotte, Emily, Anne",
        "Dinner at eight",
        "A night at the opera. Dot and the kangaroo",
        "Anna at Turner's place",
        "Dinner (at) eight [videorecording]",
        "Meet me at the museum.org: a novel",
        "Meet me (at) the museum: a novel",
        "Creation and education at the station.",
        "The house on Main Street",
        "221B Baker Street",
        "84, Charing Cross Road",
        "A streetcar named Desire, 1947",
        "11/22/63",
        "Cross country",
        "1984",
        "Ten days in February 1917",
        "Nineteen eighty-four, March 1949",
        "Summer of '42; The boys of '41",
        "Война и мир : роман / Л. Н. Толстой",
        "Ἰλιάς / Ὅμηρος",
        "50% off! A=B & C=D; Q&A <html> 100 %",
        "Bed & breakfast &c. \\ \"quoted\" [sound recording] (electronic resource)",
        "AT&T and the &lt;web&gt; 100%25",
        "Olio: l'oil, il lusso (Bologna, 1901)",
    ] {
        assert_eq!(search(&patrons, text, false), [], "{text}");
    }
}

#[test]
fn shelf_marks_and_numbers_of_books() {
    let patrons = many();
    for text in [
        "QA76.73 .L63 2019",
        "QA541.23 .L83 1954",
        "PS3511.O512 S6 1964b",
        "LB1570 .I5 1998 v.2",
        "SB453.3.I8 B65 1985",
        "813.54 BOL 2001 c.2",
        "FIC O'B 1990",
        "Z699.5.S3 O58 2011",
        "BIO 921 LIN v. 10",
        "978-0-14-044913-6",
        "ISBN 0-14-044913-X",
        "014044913",
        "978014044913",
        "ocm01234567 (OCoLC)1234567",
        "2001012345",
        "ISSN 0378-5955",
        "v.12 no.3 (1999:Oct.)",
        "DVD BLU 00123",
        "LP 33 1/3 SOLO 101",
    ] {
        for codes in [false, true] {
            assert_eq!(search(&patrons, text, codes), [], "{text}");
        }
    }
}
