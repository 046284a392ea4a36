//! How a file is written, as a pipeline would declare it.

use encoding_rs::Encoding;
use serde_json::Value;

use crate::export::{Dialect, Format, Keys, Syntax};

/// The keys that say how a file is written. None of them is there for what needs no word.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub format: &'static str,
    /// Also where it is the usual one.
    pub delimiter: Option<u8>,
    pub trailing: bool,
    /// Whether lines that begin with `#` are comments.
    pub comment: bool,
    pub trim: bool,
    /// Whether the last line has no line end, and is whole all the same.
    pub open_end: bool,
    pub encoding: Option<&'static Encoding>,
    /// Of JSON: the member that lists the records.
    pub records: Option<String>,
    /// Of a workbook: rows above the names.
    pub skip: u32,
    /// Of a workbook: the sheet, where it has several.
    pub sheet: Option<String>,
}

impl Declared {
    /// What a pipeline that says so would read by.
    pub fn dialect(&self) -> Dialect {
        // A file that nothing reads is a guess that fails, as any other may.
        let read = Format::named(self.format).and_then(|format| Dialect::read(format, self.keys()).ok());
        let dialect = read.unwrap_or_else(|| Dialect::new(Syntax::Csv { delimiter: b',' }));
        // Which columns hold line ends is seen while it is read.
        let dialect = Dialect { multiline: None, ..dialect };
        match self.sheet.as_deref() {
            None => dialect,
            sheet => dialect.of_file(&[], sheet),
        }
    }

    fn keys(&self) -> Keys {
        let delimiter = self.delimiter.filter(|_| self.format != "psql-text");
        let pairs: [(&'static str, Option<Value>); 8] = [
            ("delimiter", delimiter.map(|byte| char::from(byte).to_string().into())),
            ("trailing", self.trailing.then(|| true.into())),
            ("comment", self.comment.then(|| "#".into())),
            ("trim", self.trim.then(|| true.into())),
            ("open_end", self.open_end.then(|| true.into())),
            ("encoding", self.encoding.map(|encoding| encoding.name().into())),
            ("records", self.records.as_deref().map(Value::from)),
            ("skip", (self.skip > 0).then(|| self.skip.into())),
        ];
        pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}
