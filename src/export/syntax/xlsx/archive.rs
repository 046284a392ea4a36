//! A workbook around made-up parts, for what is tried with any bytes.

use std::io::{self, Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// An archive of parts, between zeros: the sheet, the texts that its cells share, its styles.
pub(super) fn of_parts(parts: &[u8]) -> io::Result<Vec<u8>> {
    let relations = |target: &str, kind: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/{kind}\" \
             Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"a\" sheetId=\"1\" \
         r:id=\"rId1\"/></sheets></workbook>"
    );
    let mut made: Vec<(&str, Vec<u8>)> = vec![
        ("_rels/.rels", relations("xl/workbook.xml", "officeDocument").into()),
        ("xl/_rels/workbook.xml.rels", relations("worksheets/sheet1.xml", "worksheet").into()),
        ("xl/workbook.xml", book.into()),
    ];
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"];
    made.extend(names.into_iter().zip(parts.split(|byte| *byte == 0).map(<[u8]>::to_vec)));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in made {
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
