//! `[read]`: how all files of the pipeline are written. One that is written otherwise says so itself.

use encoding_rs::Encoding;
use toml_edit::Value;

use crate::profile::guess::Dates;
use crate::profile::sniff::Declared;
use crate::profile::{MARKERS, is_numbered};
use crate::propose::page::{Page, list};
use crate::propose::questions::{Questions, Subject, rows};
use crate::propose::study::Study;

/// How the files are read together.
pub struct Reading {
    pub patterns: Vec<String>,
    /// Of most files.
    keys: Declared,
    /// Files that are written in a way of their own.
    own: Vec<usize>,
    used: Vec<usize>,
    null: Vec<&'static str>,
    order: DayOrder,
    offsets: (u64, u64),
}

/// Each key with its value, in the order of a pipeline.
fn keys(declared: &Declared) -> Vec<(&'static str, Value)> {
    let usual = matches!(
        (declared.format, declared.delimiter),
        ("csv", Some(b',')) | ("delimited", Some(b'|')) | ("psql-text" | "json", _)
    );
    let delimiter = declared.delimiter.filter(|_| !usual).map(|delimiter| char::from(delimiter).to_string());
    let encoding = declared.encoding.map(|encoding| encoding.name().to_lowercase());
    let keys: [(&'static str, Option<Value>); 9] = [
        ("format", Some(declared.format.into())),
        ("delimiter", delimiter.map(Value::from)),
        ("trailing", declared.trailing.then(|| true.into())),
        ("comment", declared.comment.then(|| "#".into())),
        ("trim", declared.trim.then(|| true.into())),
        ("open_end", declared.open_end.then(|| true.into())),
        ("encoding", encoding.map(Value::from)),
        ("skip", (declared.skip > 0).then(|| i64::from(declared.skip).into())),
        ("records", declared.records.as_deref().map(Value::from)),
    ];
    keys.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Takes in a file that is written alike; it may change how all are read. False: it is written otherwise.
fn admit(all: &mut Declared, other: &Declared, one_column: bool) -> bool {
    let wide = |one: Option<&'static Encoding>| one.is_some_and(|one| one.name().starts_with("UTF-16"));
    if other.encoding != all.encoding && (wide(other.encoding) || wide(all.encoding)) {
        return false;
    }
    let same = other.delimiter == all.delimiter;
    let format = match (other.format, all.format) {
        ("json", "json") if other.records == all.records => "json",
        ("xlsx", "xlsx") if other.skip == all.skip => "xlsx",
        ("json" | "xlsx", _) | (_, "json" | "xlsx") => return false,
        ("csv", "csv") if one_column || same => "csv",
        ("csv", "delimited") if same && !all.trailing => "csv",
        ("csv", format) if one_column => format,
        ("psql-text", "psql-text") => "psql-text",
        ("psql-text", "delimited") if all.delimiter == Some(b'\t') && !all.trailing => "psql-text",
        ("delimited", "delimited") if same && other.trailing == all.trailing => "delimited",
        ("delimited", format) if format != "delimited" && same && !other.trailing => format,
        _ => return false,
    };
    all.format = format;
    all.encoding = other.encoding.or(all.encoding);
    all.comment |= other.comment;
    all.trim |= other.trim;
    all.open_end |= other.open_end;
    true
}

#[derive(PartialEq)]
enum DayOrder {
    Known,
    /// Times are there in which it can't be told.
    Doubtful,
    /// Some files say one, some the other.
    Contrary,
}

pub fn together(seen: &Study<'_>) -> Reading {
    let first = seen.meaning.sources[0];
    let used: Vec<usize> =
        seen.meaning.sources.iter().copied().chain(seen.meaning.lookups.iter().map(|lookup| lookup.table)).collect();
    let declared = |table: usize| &seen.written[table].declared;
    let mut reading = Reading {
        patterns: Vec::new(),
        keys: declared(first).clone(),
        own: Vec::new(),
        used: used.clone(),
        null: Vec::new(),
        order: DayOrder::Known,
        offsets: (0, 0),
    };
    for &table in &used {
        if !admit(&mut reading.keys, declared(table), seen.tables[table].columns.len() < 2) {
            reading.own.push(table);
        }
    }
    let kept = used;
    for table in &kept {
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
    /// What a file says of itself, if it is written otherwise than most.
    pub fn own(&self, seen: &Study<'_>, table: usize) -> Vec<(&'static str, Value)> {
        if !self.own.contains(&table) {
            return Vec::new();
        }
        let mut keys = keys(&seen.written[table].declared);
        keys.extend(self.multiline(seen, |other| other == table).map(|names| ("multiline", names)));
        keys
    }

    /// The columns of these files in which a quoted cell has a line end, where that must be said.
    fn multiline(&self, seen: &Study<'_>, of: impl Fn(usize) -> bool) -> Option<Value> {
        let mut names: Vec<&str> = Vec::new();
        for table in self.used.iter().copied().filter(|table| of(*table)) {
            let format = if self.own.contains(&table) { seen.written[table].declared.format } else { self.keys.format };
            let columns = seen.tables[table].columns.iter().filter(|column| format == "csv" && column.line_ends);
            names.extend(columns.map(|column| column.name.as_str()));
        }
        names.sort_unstable();
        names.dedup();
        (!names.is_empty()).then(|| list(&names))
    }

    /// The patterns of all times. Day and month are in one order everywhere, and it must have shown somewhere.
    fn times(&mut self, seen: &Study<'_>, kept: &[usize]) {
        let columns = || kept.iter().flat_map(|table| &seen.tables[*table].columns).filter(|column| column.is_time());
        let shown = |first: bool| {
            columns().any(|column| {
                let (month, day) = column.times.shown();
                if first { month > day } else { day > month }
            })
        };
        let numbered = columns().any(|column| column.times.patterns(true).iter().any(|pattern| is_numbered(pattern)));
        let month_first = match (shown(true), shown(false)) {
            _ if seen.said.dates.is_some() => seen.said.dates == Some(Dates::MonthFirst),
            (true, true) => {
                self.order = DayOrder::Contrary;
                true
            }
            (false, false) if numbered => {
                self.order = DayOrder::Doubtful;
                true
            }
            (first, _) => first,
        };
        for column in columns() {
            for pattern in column.times.patterns(month_first) {
                if self.order == DayOrder::Known || !is_numbered(pattern) {
                    self.pattern(pattern);
                }
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

    /// `[read]`.
    pub fn print(&self, seen: &Study<'_>, page: &mut Page, questions: &mut Questions) {
        page.table("read");
        for (key, value) in keys(&self.keys) {
            page.set(key, value, "");
        }
        if let Some(multiline) = self.multiline(seen, |table| !self.own.contains(&table)) {
            page.set("multiline", multiline, "");
        }
        let aside = "             # every transaction that the system still has: is that so?";
        page.set("coverage", "snapshot", aside);
        page.set("null", list(&self.null), "");
        self.datetime(seen, page, questions);
        for doubt in seen.meaning.sources.iter().flat_map(|source| &seen.written[*source].doubts) {
            questions.remark(doubt.clone());
        }
        page.above("\n");
    }

    fn datetime(&self, seen: &Study<'_>, page: &mut Page, questions: &mut Questions) {
        match self.order {
            DayOrder::Known => {}
            DayOrder::Doubtful => {
                questions.ask(
                    Subject::Times,
                    format!(
                        "does the day or the month come first? No date shows it. Until that is said (--dates day-first, or --dates \
                         month-first) none is read, and all {} are kept",
                        rows(records(seen))
                    ),
                );
                page.above("# No day above twelve was met: day first or month first? Until it is said no date is read, and all is kept.\n");
                page.above("# datetime = \"%d/%m/%Y\" or \"%m/%d/%Y\", with the signs and the times of your files\n");
            }
            DayOrder::Contrary => {
                questions.ask(
                    Subject::Times,
                    format!(
                        "which order do dates have? Some have the day first and some the month. Until they are exported alike, or one \
                         is said (--dates), none is read, and all {} are kept",
                        rows(records(seen))
                    ),
                );
                page.above("# Some dates have the day first, some the month. Until they are exported alike none of them is read, and all is kept.\n");
            }
        }
        let zone = match self.offsets {
            (_, 0) => "dates alone",
            (0, _) => "without offsets: times of the library's time zone",
            (offsets, clocks) if offsets == clocks => "with offsets from UTC",
            _ => "some with offsets from UTC, some in the library's time zone",
        };
        let patterns: Vec<&str> = self.patterns.iter().map(String::as_str).collect();
        match patterns.as_slice() {
            [] => page.set("datetime", "iso", ""),
            [one] => page.set("datetime", *one, &format!("                    # {zone}")),
            several => page.set("datetime", list(several), &format!("      # {zone}")),
        }
    }
}

/// Rows of the transactions.
pub fn records(seen: &Study<'_>) -> u64 {
    seen.meaning.sources.iter().map(|source| seen.tables[*source].records).sum()
}
