//! Workbooks as Excel and Analytics save them, made part by part.

use std::io::Write;

/// A cell of a sheet.
#[derive(Clone, Debug)]
pub enum Cell {
    Empty,
    /// A text among those that cells share, or, inline, in the cell itself.
    Shared(String),
    Inline(String),
    /// As it stands in the file.
    Number(String),
    /// Days since the end of 1899, shown as a date.
    Date(f64),
    /// A formula and the value that was saved with it.
    Formula(&'static str, Option<String>),
    Bool(bool),
}

pub fn shared(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Shared(text.into()) }
}

/// A sheet's name and its rows.
pub type Sheet<'a> = (&'a str, Vec<Vec<Cell>>);

pub fn workbook(sheets: &[Sheet<'_>]) -> Vec<u8> {
    zipped(&parts(sheets))
}

pub fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `AB12`, from 0.
fn place(row: usize, column: usize) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        letters.insert(0, (b'A' + ((rest - 1) % 26) as u8) as char);
        rest = (rest - 1) / 26;
    }
    format!("{letters}{}", row + 1)
}

/// The names and texts of all parts.
pub fn parts(sheets: &[Sheet<'_>]) -> Vec<(String, String)> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let mut texts: Vec<&str> = Vec::new();
    let (mut list, mut relations, mut made) = (String::new(), String::new(), Vec::new());
    for (index, (name, rows)) in sheets.iter().enumerate() {
        let number = index + 1;
        list += &format!("<sheet name=\"{}\" sheetId=\"{number}\" r:id=\"rId{number}\"/>", escaped(name));
        relations += &format!(
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        let mut sheet = format!("{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
        for (row, cells) in rows.iter().enumerate() {
            sheet += &format!("<row r=\"{}\">", row + 1);
            for (column, cell) in cells.iter().enumerate() {
                let r = place(row, column);
                sheet += &match cell {
                    Cell::Empty => format!("<c r=\"{r}\" s=\"0\"/>"),
                    Cell::Shared(text) => {
                        let at = texts.iter().position(|known| known == text).unwrap_or_else(|| {
                            texts.push(text);
                            texts.len() - 1
                        });
                        format!("<c r=\"{r}\" t=\"s\"><v>{at}</v></c>")
                    }
                    Cell::Inline(text) => {
                        format!(
                            "<c r=\"{r}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>",
                            escaped(text)
                        )
                    }
                    Cell::Number(number) => format!("<c r=\"{r}\"><v>{number}</v></c>"),
                    Cell::Date(days) => format!("<c r=\"{r}\" s=\"1\"><v>{days}</v></c>"),
                    Cell::Formula(formula, Some(value)) => {
                        format!("<c r=\"{r}\" t=\"str\"><f>{formula}</f><v>{}</v></c>", escaped(value))
                    }
                    Cell::Formula(formula, None) => format!("<c r=\"{r}\"><f>{formula}</f></c>"),
                    Cell::Bool(yes) => format!("<c r=\"{r}\" t=\"b\"><v>{}</v></c>", u8::from(*yes)),
                };
            }
            sheet += "</row>";
        }
        // A title over merged cells.
        sheet += "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:C1\"/></mergeCells></worksheet>";
        made.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
    }
    let count = texts.len();
    let texts: String =
        texts.iter().map(|text| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text))).collect();
    let part = |name: &str, text: String| (name.to_string(), format!("{HEAD}{text}"));
    let types = "<Default Extension=\"xml\" ContentType=\"application/xml\"/>";
    let mut all = vec![
        part("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\">{types}</Types>")),
        part(
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        part(
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"),
        ),
        part(
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{relations}</Relationships>"),
        ),
        part(
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/>\
                 <xf numFmtId=\"22\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
        part(
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\" count=\"{count}\" uniqueCount=\"{count}\">{texts}</sst>"),
        ),
    ];
    all.extend(made);
    all
}
