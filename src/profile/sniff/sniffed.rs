//! The first look at a file that is no log.

use super::beginning::{BEGINNING, beginning};
use super::delimited::lines;
use super::encoding::encoding;
use super::format::FileFormat;
use super::{members, workbook};
use crate::export::{ExportError, Found};

/// Guesses from the first bytes of a file that is no log.
pub fn sniff(found: &Found) -> Result<FileFormat, ExportError> {
    sniff_sheet(found, None)
}

/// The same; of a workbook, this sheet.
pub fn sniff_sheet(found: &Found, sheet: Option<&str>) -> Result<FileFormat, ExportError> {
    let bytes = beginning(found)?;
    if bytes.starts_with(workbook::MAGIC) {
        return workbook::sniff(found, sheet);
    }
    let mut doubts = Vec::new();
    let encoding = encoding(&bytes, &mut doubts);
    let text = match encoding {
        Some(encoding) => encoding.decode(&bytes).0.into_owned(),
        None => String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes)).into_owned(),
    };
    if matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'[')) {
        return members::sniff(found, &text, encoding, doubts);
    }
    // The last line may be cut.
    let whole = if bytes.len() < BEGINNING {
        text.as_str()
    } else {
        text.rsplit_once('\n').map_or(text.as_str(), |(whole, _)| whole)
    };
    Ok(lines(whole, encoding, doubts))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn written(bytes: &[u8]) -> FileFormat {
        sniff(&Found::in_memory("export", bytes.to_vec(), Timestamp::UNIX_EPOCH)).unwrap()
    }

    fn told(bytes: &[u8]) -> String {
        let written = written(bytes);
        let (dialect, declared) = (&written.dialect, &written.declared);
        let delimiter = declared.delimiter.map(char::from).unwrap_or_default();
        let syntax = match declared.format {
            "csv" => format!("csv {delimiter:?}"),
            "delimited" => format!("delimited {delimiter:?} {}", declared.trailing),
            "json" => format!("json {:?}", declared.records),
            other => other.into(),
        };
        let encoding = dialect.encoding.map_or("utf-8", |encoding| encoding.name());
        let names = dialect.names.as_deref().unwrap_or_default().join(",");
        format!("{syntax} {encoding} {} {} {} {names}", dialect.trim, dialect.comment.is_some(), written.named)
    }

    #[test]
    fn files_are_read_as_they_are_written() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let csv = "loan_id,patron,out\n1,2,2026-01-02\n2,3,2026-01-03\n";
        let cases: [(&[u8], &str); 12] = [
            (
                b"# made in the night\nloan~reader~out\n1~2~20261001 100000\n2~3~20261002 100000\n",
                "delimited '~' false utf-8 false true true ",
            ),
            (csv.as_bytes(), "csv ',' utf-8 false false true "),
            (&utf16(csv), "csv ',' UTF-16LE false false true "),
            (b"id;name\n1;\"a;b\"\n", "csv ';' utf-8 false false true "),
            (b"id\tusr\tnote\n1\t\\N\tx\n", "psql-text utf-8 false false true "),
            (b"1\t\\N\tx\n2\t3\ty\n", "psql-text utf-8 false false false column_1,column_2,column_3"),
            (b"1|2|x|\n2|3|y|\n", "delimited '|' true utf-8 false false false column_1,column_2,column_3"),
            (
                b"# TABLE\tspooled\n# LOAN_ID\tPATRON_ID\n    1\t   51\n    2\t   52\n",
                "delimited '\\t' false utf-8 true true true LOAN_ID,PATRON_ID",
            ),
            (b"id,name\n1,caf\xE9\n", "csv ',' windows-1252 false false true "),
            (br#"{"id":1,"patron":{"id":"a"},"tags":[]}"#, "json None utf-8 false false true id,patron.id"),
            (br#"[{"id":1},{"id":2}]"#, "json None utf-8 false false true id"),
            (br#"{"loans":[{"id":1}],"total":1}"#, "json Some(\"loans\") utf-8 false false true id"),
        ];
        for (bytes, expected) in cases {
            let mut bytes = bytes.to_vec();
            if !bytes.contains(&0) && bytes.last() != Some(&b'\n') {
                bytes.push(b'\n');
            }
            assert_eq!(told(&bytes), expected, "{}", String::from_utf8_lossy(&bytes));
        }
    }

    #[test]
    fn a_persons_row_is_no_header() {
        for row in [
            "Zzyzx,Quilla,Resident\nVantablack,Orrin,Resident\n",
            "Zzyzx,Quilla,Elm Street\nVantablack,Orrin,Lane\n",
            "quilla,quilla@example.org\norrin,orrin@example.org\n",
            "29999000000517,Quilla\n29999000000525,Orrin\n",
            "Zzyzx,Quilla,\nVantablack,Orrin,3\n",
            "Zzyzx,NULL,NULL\nVantablack,1,2\n",
            "Zzyzx,Quilla,Resident\n",
        ] {
            let written = written(row.as_bytes());
            assert!(!written.named, "{row}");
            assert!(written.dialect.names.unwrap().iter().all(|name| name.starts_with("column_")));
        }
    }
}
