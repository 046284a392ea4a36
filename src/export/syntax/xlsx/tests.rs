use super::*;

#[path = "../../../../tests/support/workbook.rs"]
mod made;

use made::{Cell, parts, shared, workbook, zipped};

fn read(bytes: &[u8], name: Option<&str>, skip: u32) -> Result<String, String> {
    let sheet = Sheet { name: name.map(Arc::from), skip, ..Sheet::default() };
    let mut text = String::new();
    let lines = Lines::new(Box::new(Cursor::new(bytes.to_vec())), sheet).read_to_string(&mut text);
    lines.map(|_| text).map_err(|error| error.to_string())
}

fn texts(cells: &[&str]) -> Vec<Cell> {
    cells.iter().map(|text| shared(text)).collect()
}

fn number(text: &str) -> Cell {
    Cell::Number(text.into())
}

#[test]
fn rows_become_lines_of_the_same_number() {
    let rows = vec![
        texts(&["Loans of last night"]),
        vec![],
        texts(&["id", "note", "out", "owed"]),
        vec![number("1"), Cell::Inline("a\tb\\ & <c>\nd".into()), Cell::Date(46_237.0), number("12.300000000000001")],
        vec![],
        vec![number("2"), Cell::Empty, Cell::Date(46_237.425_509_259_26)],
        vec![number("3"), Cell::Empty, Cell::Date(0.75), Cell::Bool(true), Cell::Empty, shared("beyond")],
        vec![Cell::Formula("A4+3", Some("4".into())), Cell::Formula("NOW()", None)],
        vec![Cell::Empty, Cell::Empty],
    ];
    let expected = "\n\nid\tnote\tout\towed\n1\ta\\tb\\\\ & <c>\\nd\t2026-08-03\t12.3\n\n2\t\t2026-08-03 10:12:44\t\n\
                    3\t\t18:00:00\tTRUE\tbeyond\n4\t#VALUE!\t\t\n\n";
    assert_eq!(read(&workbook(&[("Loans", rows)]), None, 2).as_deref(), Ok(expected));
}

#[test]
fn numbers_keep_their_digits_or_are_none() {
    let cases = [
        ("21234000012345", "21234000012345"),
        ("2.1234000012345E+13", "21234000012345"),
        ("2.1234E13", "21234000000000"),
        ("999999999999999", "999999999999999"),
        ("23101815340010561", "2.31018153400106E+16"),
        ("1E+300", "1E+300"),
        ("7.0", "7"),
        ("-2.50", "-2.5"),
        ("0.1", "0.1"),
        ("-0", "0"),
        ("1e-9", "1E-9"),
    ];
    for (stored, expected) in cases {
        let found = read(&workbook(&[("a", vec![texts(&["id"]), vec![number(stored)]])]), None, 0);
        assert_eq!(found, Ok(format!("id\n{expected}\n")), "{stored}");
    }
}

#[test]
fn dates_outside_of_the_calendar_stay_numbers() {
    for (days, expected) in [(-1.0, "-1"), (2_958_466.0, "2958466"), (2_958_465.0, "9999-12-31"), (61.0, "1900-03-01")]
    {
        let found = read(&workbook(&[("a", vec![texts(&["d"]), vec![Cell::Date(days)]])]), None, 0);
        assert_eq!(found, Ok(format!("d\n{expected}\n")), "{days}");
    }
}

#[test]
fn of_several_sheets_one_is_named() {
    let sheets = [("Notes", vec![texts(&["n"])]), ("Löans", vec![texts(&["id"])])];
    let bytes = workbook(&sheets);
    assert_eq!(read(&bytes, Some("Löans"), 0).as_deref(), Ok("id\n"));
    assert!(read(&bytes, None, 0).unwrap_err().contains("several sheets"));
    assert!(read(&bytes, Some("Loans"), 0).unwrap_err().contains("no sheet of the name"));
    let sheet = Sheet { name: Some("Notes".into()), ..Sheet::default() };
    let others = sheet.others.clone();
    let mut lines = Lines::new(Box::new(Cursor::new(bytes)), sheet);
    lines.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(others.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_no_workbook_is_said() {
    let whole = workbook(&[("a", vec![texts(&["id"]), vec![number("1")]])]);
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 0x40;
    let cases: [(&[u8], &str); 9] = [
        (b"<html><table>", "web page"),
        (b"\xEF\xBB\xBF\r\n<?xml", "text under the name"),
        (b"  <?xml version", "web page"),
        (b"id,patron\n1,2\n", "say format = \"csv\""),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", "old Excel"),
        (b"", "empty"),
        (b"\x80\x81", "no .xlsx"),
        (&whole[..whole.len() / 2], "cut or damaged"),
        (&zipped(&[("a.csv".into(), "id\n1\n".into())]), "cut or damaged"),
    ];
    for (bytes, why) in cases {
        let error = read(bytes, None, 0).unwrap_err();
        assert!(error.contains(why), "{why}: {error}");
    }
    // A bit that flips in a part is found by the part's checksum; in the archive's own fields, by what isn't there.
    let _ = read(&changed, None, 0);
}

/// A change to one part.
fn broken(part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut all = parts(&[("a", vec![texts(&["id", "b"]), texts(&["1", "x"])])]);
    let found = all.iter_mut().find(|(name, _)| name.ends_with(part)).unwrap();
    let changed = change(&found.1);
    assert_ne!(changed, found.1);
    found.1 = changed;
    zipped(&all)
}

#[test]
fn what_excel_does_not_write_is_damage() {
    let many = "9".repeat(15);
    type Case = (&'static str, Box<dyn Fn(&str) -> String>);
    let cases: [Case; 9] = [
        (
            "sharedStrings.xml",
            Box::new(move |text| text.replace("uniqueCount=\"4\"", &format!("uniqueCount = '{many}'"))),
        ),
        ("sharedStrings.xml", Box::new(|text| text.replacen("<si>", "<si/><si>", 1))),
        (
            "sharedStrings.xml",
            Box::new(|text| text.replacen("<si>", "<si><![CDATA[", 1).replacen("</si>", "]]></si>", 1)),
        ),
        ("sheet1.xml", Box::new(|text| text.replace("<v>3</v>", "<v><!-- 3 --></v>"))),
        ("sheet1.xml", Box::new(|text| text.replace("<v>3</v>", "<v>77</v>"))),
        ("sheet1.xml", Box::new(|text| text.replace("r=\"B2\"", "r=\"A2\""))),
        ("sheet1.xml", Box::new(|text| text.replace("r=\"B2\"", "r=\"B1\""))),
        ("sheet1.xml", Box::new(|text| text.replace("r=\"B2\"", "r=\"B4000000000\""))),
        ("sheet1.xml", Box::new(|text| text[..text.len() / 2].into())),
    ];
    for (at, (part, change)) in cases.iter().enumerate() {
        let error = read(&broken(part, change), None, 0).unwrap_err();
        assert!(error.contains("cut or damaged"), "{at}: {error}");
    }
}

#[test]
fn a_bomb_is_refused_before_it_is_read() {
    let blanks = |count: usize| " ".repeat(count);
    let cases = [
        broken("styles.xml", |text| text.replace("<cellXfs", &format!("{}<cellXfs", "<a/>".repeat(1 << 20)))),
        broken("sheet1.xml", |text| text.replace("<row r=\"2\">", &format!("{}<row r=\"2\">", blanks(2 << 20)))),
        broken("sharedStrings.xml", |text| text.replace("</sst>", &format!("{}</sst>", blanks(2 << 20)))),
    ];
    for bytes in cases {
        let error = read(&bytes, None, 0).unwrap_err();
        assert!(error.contains("larger, unpacked"), "{error}");
    }
}
