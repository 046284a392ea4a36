//! What looks as if it led to somebody, and the numbers of books, which only look a little like it.

use super::super::*;

#[test]
fn patterns_are_found_in_the_ways_people_write_them() {
    use Pattern::*;
    let cases = [
        (PatronBarcode, "21234000012344x,21234000012344,2 1234 00001 2344,card 2-1234-00001-2344,no.21234000012344"),
        (ItemBarcode, "31234000012342,x31234000012342y"),
        (Email, "a@b.org,ask jo.e+x@mail.example.org!,jo@ｂ.org,a%40b.org,<jo@example.museum>"),
        (
            Phone,
            "541-374-9696,(541) 374-9696,(541)374-9696,541.374.9696,541 374 9696,541 374-9696,1-541-374-9696,\
             +1 541 374 9696,+15413749696,tel 5413749696,Phone: 5413749696,call 541‑374‑9696 now,\u{200b}541-374-9696",
        ),
        (SocialSecurity, "078-05-1120,078 05 1120,ssn 078051120,SSN: 078-05-1120"),
        (IpAddress, "10.0.0.1,from 192.168.17.4:8080,2001:db8::8a2e:370:7334,[fe80:1:2::1],host=10.1.2.3,"),
        (MacAddress, "00:1b:44:11:3a:b7,00-1B-44-11-3A-B7,001b.4411.3ab7"),
        (RoundedNumber, "2.1234E+13,2.1234e13,2E+13,card 2.12E+13"),
    ];
    let nobody = Identifiers::default();
    for (pattern, texts) in cases {
        for text in texts.split(',').filter(|text| !text.is_empty()) {
            let found = search(&nobody, text, true);
            assert!(found.contains(&Leak::Pattern(pattern)), "{pattern:?} {text:?}: {found:?}");
        }
    }
    assert_eq!(search(&nobody, "2,1234E+13", true), [Leak::Pattern(RoundedNumber)]);
}

/// What catalogues are full of.
#[test]
fn numbers_of_books_are_no_patterns() {
    let texts = [
        "9780140449136",
        "978-0-14-044913-6",
        "978 0 14 044913 6",
        "ISBN 0-14-044913-X (pbk.) 1997",
        "3-16-148410-0 2019",
        "0140449132",
        "3161484100",
        "960-425-059-0",
        "ISSN 0378-5955",
        "03785955",
        "LCCN 2001-012345",
        "2001012345",
        "(OCoLC)1234567890",
        "ocm12345678 ocn987654321",
        "on1234567890",
        "613.7046 541 2019",
        "823.914 ROW",
        "QA76.73.R87 K53 2019",
        "PR6068.O93 Z73 1999",
        "681.3.06:378.147",
        "621.396.67.029.5",
        "1914-1918, 1939-1945",
        "1984",
        "Nineteen eighty-four: 1949 first edition, 328 p.",
        "Catch-22",
        "Fahrenheit 451",
        "2001: a space odyssey",
        "v. 1.2.3",
        "vol. 12 no. 3 (2019) pp. 112-118",
        "Matthew 5:3-12",
        "10:30:00",
        "2026-08-03 10:30:00",
        "DVD 123-45",
        "Op. 27, no. 2; K. 331",
        "UPC 012345678905",
        "4006381333931",
        "100% @ home",
        "@home",
        "C++ / Foo::Bar",
        "1e5 2E10 formula",
        "3e rang",
        "E+13",
        "978-93-86954-21-4",
        "600-01-2345-6",
        "31234000012345",
        "41234000012344",
    ];
    let nobody = Identifiers::default();
    for text in texts {
        assert_eq!(search(&nobody, text, false), [], "{text}");
    }
}
