//! Workbooks: what a sheet may look like, what else may be found under its name, and what a spreadsheet does to numbers.

use super::made_up::{Dialect, Exports, XLSX, id, sheet};
use super::{
    Bytes, Change, Comes, Ends, Fine, New, Packed, Rejects, Stops, Text, all_withstand, by_line, ends_so, fifth,
    replaced,
};
use crate::support::workbook::{parts, shared, workbook, zipped};

#[test]
fn faults_of_rows() {
    const CASES: &[(&str, Change, Ends)] = &[
        ("as it is", Text(|text| text.into()), Fine),
        ("empty rows below", Text(|text| format!("{text}\n\n\t\t\n")), Fine),
        ("an empty row between", Text(|text| fifth(text, |line| format!("{line}\n"))), Fine),
        ("a long row", Text(|text| fifth(text, |line| format!("{line}\t\tQuokka77Zanzibar"))), Rejects("long-row", 0)),
        (
            "a total below",
            Text(|text| format!("{text}Grand Total\t\t\t12 of Quokka77Zanzibar\n")),
            Comes([13, 6, 5, 1, 1]),
        ),
        ("a number for an id", Text(|text| replaced(text, &id(5), "231018153400105610")), Rejects("bad-id", 0)),
        (
            "a time that is text of another kind",
            Text(|text| fifth(text, |line| replaced(line, "2026-08-12 17:00:00", "12.8.2026"))),
            Comes([12, 5, 6, 1, 0]),
        ),
    ];
    all_withstand(&[XLSX], CASES);
}

#[test]
fn faults_of_headers() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a column missing",
            Text(|text| replaced(text, "\titem", "\tthings")),
            Stops(&["loans-2026-11-01.xlsx:3: the declared column `item` is missing"]),
        ),
        (
            "a column doubled",
            Text(|text| replaced(text, "\tbranch", "\titem")),
            Stops(&["loans-2026-11-01.xlsx:3: the header names columns 4 and 8 alike"]),
        ),
        (
            "a column more",
            Text(|text| {
                by_line(text, |line, text| match line {
                    ..3 => format!("{text}\n"),
                    3 => format!("{text}\tdesk\n"),
                    _ => format!("{text}\tQuokka77Zanzibar\n"),
                })
            }),
            New("loans.desk"),
        ),
        ("a title more, above a row that is empty", Text(|text| format!("Quokka77Zanzibar\n{text}")), Fine),
        (
            "two titles more",
            Text(|text| format!("1\n2\nQuokka77Zanzibar\n{text}")),
            Stops(&["loans-2026-11-01.xlsx:3: the declared column `id` is missing"]),
        ),
        ("blank rows above the header", Text(|text| replaced(text, "\nid\t", "\n\n\t\n\nid\t")), Ends::Fine),
        ("nothing", Text(|_| String::new()), Stops(&["loans-2026-11-01.xlsx"])),
        ("a title alone", Text(|_| "Quokka77Zanzibar\n".into()), Stops(&["loans-2026-11-01.xlsx"])),
    ];
    all_withstand(&[XLSX], CASES);
}

#[test]
fn what_else_is_called_a_workbook() {
    const CASES: &[(&str, Change, Ends)] = &[
        (
            "a web page",
            Packed(|_| b"<html><td>Quokka77Zanzibar</td></html>".into()),
            Stops(&[".xlsx: this is a web page"]),
        ),
        (
            "csv",
            Packed(|_| b"id,note\n1,Quokka77Zanzibar\n".into()),
            Stops(&[".xlsx: this is text", "format = \"csv\""]),
        ),
        (
            "an old workbook",
            Packed(|_| b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".into()),
            Stops(&[".xlsx: this is a workbook of an old"]),
        ),
        ("no byte", Packed(|_| Vec::new()), Stops(&[".xlsx: the file is empty"])),
        ("cut", Packed(|bytes| bytes[..bytes.len() / 2].into()), Stops(&[".xlsx: the workbook is cut or damaged"])),
        (
            "another archive",
            Packed(|_| zipped(&[("Quokka77Zanzibar.xml".into(), "<a/>".into())])),
            Stops(&["cut or damaged"]),
        ),
        (
            "a bomb",
            Bytes(|_| [&b"id\tnote\n"[..], &vec![b'x'; 3 << 20]].concat()),
            Stops(&[".xlsx: a part of the workbook is larger"]),
        ),
    ];
    all_withstand(&[XLSX], CASES);
    const CSV_READ_AS_CSV: Dialect = Dialect { read: "format = \"csv\"", ..XLSX };
    let exports = Exports::new(&CSV_READ_AS_CSV);
    ends_so(&exports, "a workbook, read as csv", 0, &Stops(&["-2026-11-01.xlsx:1"]));
}

/// A second sheet is said, and not read; which is read must be said.
#[test]
fn several_sheets() {
    let second = |text: &str| {
        workbook(&[("Quokka77Zanzibar", vec![vec![shared("Quokka77Zanzibar")]]), ("Report", sheet(text.as_bytes()))])
    };
    let with = |lines: &str| {
        let mut exports = Exports::new(&XLSX);
        let text = (XLSX.text)(&super::made_up::loans());
        *exports.file("loans") = second(&text);
        exports.origin("loans", format!("files = \"loans-*.xlsx\"\n{lines}"));
        exports
    };
    ends_so(&with("sheet = \"Report\""), "declared", 0, &New("loans.(another sheet of the workbook)"));
    ends_so(&with(""), "not declared", 0, &Stops(&["loans-2026-11-01.xlsx: the workbook has several sheets"]));
    ends_so(&with("sheet = \"Loans\""), "not there", 0, &Stops(&["the workbook has no sheet of the name"]));
}

/// Parts that no program writes so. The library that reads them would ask for memory without bound, or shift texts.
#[test]
fn parts_that_lie() {
    let cases: [(&str, &str, &str); 3] = [
        ("sharedStrings.xml", "uniqueCount=\"", "uniqueCount=\"99999999999"),
        ("sharedStrings.xml", "<si>", "<si/><si>"),
        ("sheet1.xml", "<v>", "<v><!-- -->"),
    ];
    for (part, from, to) in cases {
        let mut exports = Exports::new(&XLSX);
        let text = (XLSX.text)(&super::made_up::loans());
        let mut all = parts(&[("Report", sheet(text.as_bytes()))]);
        let found = all.iter_mut().find(|(name, _)| name.ends_with(part)).unwrap();
        found.1 = replaced(&found.1, from, to);
        *exports.file("loans") = zipped(&all);
        ends_so(&exports, to, 0, &Stops(&["loans-2026-11-01.xlsx: the workbook is cut or damaged"]));
    }
}

/// A size that ends before it begins. The library that reads sheets subtracts it, which is a fault where sums are checked.
#[test]
fn a_range_that_is_none() {
    for (from, to) in [
        ("<sheetData>", "<dimension ref=\"E39:A1\"/><sheetData>"),
        ("<sheetData>", "<dimension ref=\"A1:E99999999999\"/><sheetData>"),
        ("<v>", "<f t=\"shared\" ref=\"E39:A1\" si=\"0\">A1</f><v>"),
    ] {
        let mut exports = Exports::new(&XLSX);
        let text = (XLSX.text)(&super::made_up::loans());
        let mut all = parts(&[("Report", sheet(text.as_bytes()))]);
        let found = all.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
        found.1 = found.1.replacen(from, to, 1);
        *exports.file("loans") = zipped(&all);
        ends_so(
            &exports,
            to,
            0,
            &Stops(&["loans-2026-11-01.xlsx: a sheet of the workbook names a range that is none"]),
        );
    }
}
