//! `[read]`: how all files of the pipeline are written. One that is written otherwise is left out, and said.

use super::{Seen, quoted};
use crate::export::Syntax;
use crate::profile::{MARKERS, Order};

/// How the files are read together.
pub struct Reading {
    pub is_json: bool,
    pub patterns: Vec<String>,
    pub left_out: Vec<(usize, String)>,
    format: &'static str,
    delimiter: Option<u8>,
    trailing: bool,
    comment: bool,
    trim: bool,
    encoding: Option<&'static str>,
    records: Option<String>,
    /// Of a workbook: rows above the names.
    skip: u32,
    null: Vec<&'static str>,
    order: DayOrder,
    offsets: (u64, u64),
}

#[derive(PartialEq)]
enum DayOrder {
    Known,
    /// Times are there in which it can't be told.
    Doubtful,
    /// Some files say one, some the other.
    Contrary,
}

pub fn together(seen: &Seen<'_>) -> Reading {
    let first = seen.meaning.sources[0];
    let used: Vec<usize> =
        seen.meaning.sources.iter().copied().chain(seen.meaning.lookups.iter().map(|lookup| lookup.table)).collect();
    let dialect = &seen.written[first].dialect;
    let mut reading = Reading {
        is_json: matches!(dialect.syntax, Syntax::Json { .. }),
        patterns: Vec::new(),
        left_out: Vec::new(),
        format: "csv",
        delimiter: None,
        trailing: false,
        comment: false,
        trim: false,
        encoding: dialect.encoding.map(|encoding| encoding.name()),
        records: None,
        skip: 0,
        null: Vec::new(),
        order: DayOrder::Known,
        offsets: (0, 0),
    };
    (reading.format, reading.delimiter) = match &dialect.syntax {
        Syntax::Csv { delimiter } => ("csv", Some(*delimiter)),
        Syntax::PsqlText => ("psql-text", Some(b'\t')),
        Syntax::Delimited { delimiter, trailing } => {
            reading.trailing = *trailing;
            ("delimited", Some(*delimiter))
        }
        Syntax::Json { records, .. } => {
            reading.records = records.as_deref().map(String::from);
            ("json", None)
        }
        Syntax::Sheet(sheet) => {
            reading.skip = sheet.skip;
            ("xlsx", None)
        }
        // Logs are never guessed: there are pipelines for them.
        _ => ("csv", None),
    };
    let mut kept = Vec::new();
    for table in used {
        match reading.admit(seen, table) {
            Ok(()) => kept.push(table),
            Err(why) => reading.left_out.push((table, why)),
        }
    }
    for table in &kept {
        let dialect = &seen.written[*table].dialect;
        reading.comment |= dialect.comment.is_some();
        reading.trim |= dialect.trim;
        for column in &seen.tables[*table].columns {
            let met = MARKERS.iter().zip(column.nulls).filter(|(_, count)| *count > 0).map(|(marker, _)| *marker);
            for marker in met.chain([""]) {
                if !reading.null.contains(&marker) {
                    reading.null.push(marker);
                }
            }
        }
    }
    reading.null.sort_unstable();
    reading.times(seen, &kept);
    reading
}

impl Reading {
    /// Whether a file can be read like the others; it may change how they all are read.
    fn admit(&mut self, seen: &Seen<'_>, table: usize) -> Result<(), String> {
        let dialect = &seen.written[table].dialect;
        let one = seen.tables[table].columns.len() < 2;
        let encoding = dialect.encoding.map(|encoding| encoding.name());
        if encoding != self.encoding {
            let wide = |name: Option<&str>| name.is_some_and(|name| name.starts_with("UTF-16"));
            if wide(encoding) || wide(self.encoding) {
                return Err("its encoding is another: export it like the transactions".into());
            }
            self.encoding = encoding.or(self.encoding);
        }
        let fits = match (&dialect.syntax, self.format) {
            (Syntax::Json { records, .. }, "json") => records.as_deref() == self.records.as_deref(),
            (Syntax::Json { .. }, _) | (_, "json") => false,
            (Syntax::Sheet(sheet), "xlsx") => sheet.skip == self.skip,
            (Syntax::Sheet(_), _) | (_, "xlsx") => false,
            (Syntax::Csv { delimiter }, "csv") => one || Some(*delimiter) == self.delimiter,
            (Syntax::Csv { delimiter }, "delimited") if Some(*delimiter) == self.delimiter && !self.trailing => {
                self.format = "csv";
                true
            }
            (Syntax::Csv { .. }, _) => one,
            (Syntax::PsqlText, "psql-text") => true,
            (Syntax::PsqlText, "delimited") if self.delimiter == Some(b'\t') && !self.trailing => {
                self.format = "psql-text";
                true
            }
            (Syntax::PsqlText, _) => false,
            (Syntax::Delimited { delimiter, trailing }, "delimited") => {
                Some(*delimiter) == self.delimiter && *trailing == self.trailing
            }
            (Syntax::Delimited { delimiter, trailing }, _) => Some(*delimiter) == self.delimiter && !trailing,
            _ => false,
        };
        match fits {
            true => Ok(()),
            false => Err("it is written in another way: export it like the transactions".into()),
        }
    }

    /// The patterns of all times. Day and month are in one order everywhere, and it must have shown somewhere.
    fn times(&mut self, seen: &Seen<'_>, kept: &[usize]) {
        let columns = || kept.iter().flat_map(|table| &seen.tables[*table].columns).filter(|column| column.is_time());
        let numbered = |pattern: &str| pattern.contains("%m") && pattern.contains("%d") && !pattern.starts_with("%Y");
        let month_first = |pattern: &str| pattern.find("%m") < pattern.find("%d");
        let best: Vec<(&'static str, Order)> =
            columns().filter_map(|column| column.times.best()).map(|(pattern, _, order)| (pattern, order)).collect();
        let certain = |first: bool| {
            best.iter().any(|(p, order)| numbered(p) && *order == Order::Certain && month_first(p) == first)
        };
        let (months, days) = (certain(true), certain(false));
        for (pattern, _) in &best {
            if !numbered(pattern) {
                self.pattern(pattern);
                continue;
            }
            match (months, days) {
                (true, true) => self.order = DayOrder::Contrary,
                (false, false) => self.order = DayOrder::Doubtful,
                (first, _) if month_first(pattern) == first => self.pattern(pattern),
                _ => self.pattern(&crate::profile::swapped(pattern)),
            }
        }
        self.offsets = columns()
            .fold((0, 0), |(offsets, clocks), column| (offsets + column.times.offsets, clocks + column.times.clocks));
    }

    fn pattern(&mut self, pattern: &str) {
        if self.patterns.iter().all(|known| known != pattern) {
            self.patterns.push(pattern.into());
        }
    }

    pub fn is_understood(&self) -> bool {
        self.order == DayOrder::Known && !self.patterns.is_empty()
    }

    pub fn text(&self, seen: &Seen<'_>, questions: &mut Vec<String>) -> String {
        let mut text = String::from("[read]\n");
        text += &format!("format = \"{}\"\n", self.format);
        let usual = matches!(
            (self.format, self.delimiter),
            ("csv", Some(b',')) | ("delimited", Some(b'|')) | ("psql-text" | "json", _)
        );
        if let Some(delimiter) = self.delimiter.filter(|_| !usual) {
            let shown = if delimiter == b'\t' { "\\t".into() } else { (delimiter as char).to_string() };
            text += &format!("delimiter = \"{shown}\"\n");
        }
        for (is, line) in
            [(self.trailing, "trailing = true"), (self.comment, "comment = \"#\""), (self.trim, "trim = true")]
        {
            text += &if is { format!("{line}\n") } else { String::new() };
        }
        if let Some(encoding) = self.encoding {
            text += &format!("encoding = \"{}\"\n", encoding.to_lowercase());
        }
        if self.skip > 0 {
            text += &format!("skip = {}\n", self.skip);
        }
        if let Some(records) = &self.records {
            text += &format!("records = {}\n", quoted(records));
        }
        let null: Vec<&str> = self.null.clone();
        text += "coverage = \"snapshot\"             # every transaction that the system still has: is that so?\n";
        text += &format!("null = {}\n", super::list(&null));
        text += &self.datetime(questions);
        let doubts = seen.meaning.sources.iter().flat_map(|source| &seen.written[*source].doubts);
        for doubt in doubts {
            if !questions.contains(doubt) {
                questions.push(doubt.clone());
            }
        }
        text.push('\n');
        text
    }

    fn datetime(&self, questions: &mut Vec<String>) -> String {
        let mut text = String::new();
        match self.order {
            DayOrder::Known => {}
            DayOrder::Doubtful => {
                questions.push(
                    "in no date does it show whether the day or the month comes first: say it in `datetime`".into(),
                );
                text += "# No day above twelve was met: day first or month first? Until it is said no date is read, and all is kept.\n";
                text += "# datetime = \"%d/%m/%Y\" or \"%m/%d/%Y\", with the signs and the times of your files\n";
            }
            DayOrder::Contrary => {
                questions.push(
                    "some dates have the day first and some the month: export them alike, and say it in `datetime`"
                        .into(),
                );
                text += "# Some dates have the day first, some the month. Until they are exported alike none of them is read, and all is kept.\n";
            }
        }
        let patterns: Vec<&str> = self.patterns.iter().map(String::as_str).collect();
        let zone = match self.offsets {
            (_, 0) => "dates alone",
            (0, _) => "without offsets: times of the library's time zone",
            (offsets, clocks) if offsets == clocks => "with offsets from UTC",
            _ => "some with offsets from UTC, some in the library's time zone",
        };
        text + &match patterns.as_slice() {
            [] => "datetime = \"iso\"\n".to_string(),
            [one] => format!("datetime = {}                    # {zone}\n", quoted(one)),
            several => format!("datetime = {}      # {zone}\n", super::list(several)),
        }
    }
}
