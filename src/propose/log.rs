//! `init --from` of a log: the pipeline that there is for it, with the layout, the names and the files of this library's.
//! What the log has and that pipeline doesn't know identifies, and nothing is published.

use crate::export::Found;
use crate::pipeline::Declaration;
use crate::profile::guess::About;
use crate::profile::sniff::{self, Cell, FileFormat, Log, NoLayout};
use crate::profile::{Column, Look, TableProfile, read};

use super::evidence::evidence;
use super::page::Entry;
use super::proposal::{NOTHING_LEAVES, Proposal, loads};
use super::questions::{Questions, Subject};
use super::shipped::{self, Shipped};

mod document;

use document::Adapted;

/// What a log's proposal begins with.
struct Ours {
    known: Shipped,
    /// The pipeline's name here.
    name: &'static str,
    /// In a sentence.
    called: &'static str,
    /// How to have the pipeline as it is.
    instead: &'static str,
    part: &'static str,
    /// Columns that only what is published asks for.
    published_only: &'static [&'static str],
}

fn ours(log: Log) -> Ours {
    match log {
        Log::Web => Ours {
            known: shipped::EZPROXY_ACCESS,
            name: "access",
            called: "a web server's or proxy's log",
            instead: "--ils SYSTEM --with ezproxy",
            part: "requests",
            published_only: &[],
        },
        Log::Symphony => Ours {
            known: shipped::SYMPHONY_HISTORY,
            name: "symphony-history",
            called: "Symphony's history log",
            instead: "--ils symphony-log",
            part: "history",
            published_only: &["FE"],
        },
    }
}

/// A log's proposal, and its files with a word for each column.
pub struct ProposedLog {
    pub proposal: Proposal,
    pub tables: Vec<(TableProfile, Vec<&'static str>)>,
}

/// Which log all files are of. None: none of them is one.
pub fn of(found: &[Found]) -> Result<Option<Log>, String> {
    let mut logs = Vec::new();
    for one in found {
        logs.push(sniff::log(one).map_err(|error| error.to_string())?);
    }
    let Some((place, Some(log))) = logs.iter().enumerate().find(|(_, log)| log.is_some()) else { return Ok(None) };
    let Some(other) = logs.iter().position(|other| *other != Some(*log)) else { return Ok(Some(*log)) };
    let what = logs[other].map_or("a table", |other| ours(other).called);
    Err(format!(
        "{} is {}, and {} is {what}: a log has a pipeline of its own. Ask for it in another folder, with its files alone",
        found[place].name(),
        ours(*log).called,
        found[other].name()
    ))
}

pub fn propose(log: Log, found: &[Found], headers: &[String], about: Option<About>) -> Result<ProposedLog, String> {
    let ours = ours(log);
    if !headers.is_empty() {
        return Err(format!("--header: the cells of {} have names of their own: leave it out", ours.called));
    }
    if about.is_some_and(|about| (log, about) != (Log::Symphony, About::Loans)) {
        let kind = ours.known.kind;
        return Err(format!("--kind: {} is one of transactions of kind {kind}: leave it out", ours.called));
    }
    let mut seen = LogProfile::of(log, found).map_err(|error| refused(error, found, &ours))?;
    for (one, written) in found.iter().zip(&seen.written) {
        seen.tables.push(read(one, written).map_err(|error| error.to_string())?);
    }
    let mut questions = Questions::default();
    std::mem::take(&mut seen.doubts).into_iter().for_each(|doubt| questions.remark(doubt));
    let (text, doubtful) = seen.text(&ours, found, &mut questions)?;
    let pipeline = loads(ours.name, &text)?;
    let declared = &pipeline.declaration;
    if !declared.publish.is_empty() || !declared.statistics.is_empty() || declared.mailing.is_some() {
        return Err("what publishes couldn't be taken out of the proposal. This is a fault of afterloan".into());
    }
    questions.ask(Subject::Publishing, NOTHING_LEAVES);
    questions.ask(
        Subject::Severing,
        "which files are whole? The one that is being written must not match `files`, and the log goes by the means of the \
         server that writes it",
    );
    let (questions, remarks) = questions.finish();
    let words = |table: &TableProfile| -> Vec<&'static str> {
        table.columns.iter().map(|column| word(&pipeline.declaration, &ours, &doubtful, &column.name)).collect()
    };
    let tables = seen.tables.iter().map(|table| (table.clone(), words(table))).collect();
    let proposal = Proposal { name: ours.name, kind: ours.known.kind, text, questions, remarks };
    Ok(ProposedLog { proposal, tables })
}

fn refused(error: NoLayout, found: &[Found], ours: &Ours) -> String {
    let what = match error {
        NoLayout::Export(error) => return error.to_string(),
        NoLayout::Nothing { .. } => format!("{} looks like {}", found[0].name(), ours.called),
        NoLayout::Otherwise { .. } => "these are logs of one server".to_string(),
    };
    format!(
        "{what}, but its layout can't be guessed: {error}. Look up LogFormat in the server's configuration, make a site with \
         `afterloan init DIR {}`, and write it there as `layout`, word for word. Files of different layouts need a site each",
        ours.instead
    )
}

/// A log's files, as they look.
struct LogProfile {
    written: Vec<FileFormat>,
    tables: Vec<TableProfile>,
    /// Of a web log: its layout, and what its cells look like.
    layout: Option<(String, Vec<Cell>)>,
    /// In how many lines the layout was tried, and how many it reads.
    tried: (usize, usize),
    encoding: Option<&'static str>,
    doubts: Vec<String>,
}

impl LogProfile {
    fn of(log: Log, found: &[Found]) -> Result<LogProfile, NoLayout> {
        let mut doubts = Vec::new();
        let encoding = sniff::common_encoding(found, &mut doubts)?;
        let (layout, written, tried) = match log {
            Log::Web => {
                let fitted = sniff::layout(found, encoding)?;
                let written = sniff::web(&fitted.layout, encoding)
                    .map_err(|_| NoLayout::Nothing { read: fitted.read, lines: fitted.lines })?;
                let tried = (fitted.lines, fitted.read);
                (Some((fitted.layout, fitted.cells)), vec![written; found.len()], tried)
            }
            Log::Symphony => {
                let written = found.iter().map(|one| sniff::symphony(one, encoding)).collect::<Result<_, _>>()?;
                (None, written, (0, 0))
            }
        };
        let encoding = encoding.map(|encoding| encoding.name());
        Ok(LogProfile { written, tables: Vec::new(), layout, tried, encoding, doubts })
    }

    /// All columns of the files, and of each the one that has most values.
    fn columns(&self) -> Vec<&Column> {
        let mut columns: Vec<&Column> = Vec::new();
        for column in self.tables.iter().flat_map(|table| &table.columns) {
            match columns.iter_mut().find(|known| known.name == column.name) {
                Some(known) if column.distinct() > known.distinct() => *known = column,
                Some(_) => {}
                None => columns.push(column),
            }
        }
        columns
    }

    /// The pipeline, and the columns of which nobody knows what they are.
    fn text(&self, ours: &Ours, found: &[Found], questions: &mut Questions) -> Result<(String, Vec<String>), String> {
        let mut text = Adapted::new(ours.known.text).map_err(|error| {
            format!("afterloan's own pipeline can't be read. This is a fault of afterloan: {error}")
        })?;
        let columns = self.columns();
        let column = |name: &str| columns.iter().find(|column| column.name == name).copied();
        text.publish_nothing(|name| self.why(name, &column));
        text.set(None, "name", ours.name);
        text.set(None, "about", "Proposed by afterloan init --from");
        if let Some((layout, _)) = &self.layout {
            text.set(Some("read"), "layout", layout);
            let (lines, read) = self.tried;
            questions.remark(format!(
                "`layout` was tried against {lines} lines and reads {read} of them: hold it against LogFormat in the server's \
                 configuration, which decides"
            ));
        }
        if let Some(encoding) = self.encoding.filter(|encoding| self.layout.is_none() || *encoding != "UTF-8") {
            text.set(Some("read"), "encoding", &encoding.to_lowercase());
        }
        text.sources(&sources(ours.part, found));
        let doubtful = self.roles(&mut text, ours, &column);
        if !doubtful.is_empty() {
            let count = doubtful.len();
            questions
                .remark(format!("columns that are identifiers because nothing says that they are harmless: {count}"));
        }
        let user = self.layout.iter().flat_map(|(_, cells)| cells).find(|cell| cell.name == "user");
        if user.is_some_and(|user| user.says * 10 < self.tried.1 * 9) {
            questions.ask(
                Subject::Patrons,
                "whom else does it name? Of ten requests more than one names no login: `patron = { first = [\"user\", \"host\"] }` takes \
                 the address for the reader",
            );
        }
        text.head(&format!(
            "# Proposed by `afterloan init --from`, from a sample, after afterloan's own pipeline for {} (`afterloan init DIR\n\
             # {}`). How its lines are read, which files it takes, and what isn't known of its columns, are guesses.\n\
             # What is doubtful identifies, and nothing is published: what publishes stands in comments, and so does what the\n\
             # tests say of it. Go through it from top to bottom. Then: afterloan check, afterloan plan.\n#\n",
            ours.called, ours.instead
        ));
        Ok((text.text(), doubtful))
    }

    /// What the log has and the pipeline doesn't know, and what that drops and yet looks like a person.
    fn roles<'c>(&self, text: &mut Adapted, ours: &Ours, column: &impl Fn(&str) -> Option<&'c Column>) -> Vec<String> {
        // A layout has the cells that it names, and no others.
        let cells = self.layout.as_ref().map(|(_, cells)| cells);
        let possible = |name: &String| cells.is_none_or(|cells| cells.iter().any(|cell| cell.name == *name));
        let identifiers = text.list("identifiers");
        if !identifiers.iter().all(possible) {
            let named = identifiers.into_iter().filter(possible);
            let entries: Vec<Entry> = named.map(|value| Entry { value, aside: String::new() }).collect();
            text.replace("identifiers", &entries);
        }
        let dropped: Vec<String> = text.list("drop").into_iter().filter(possible).collect();
        let declared: toml::Table = ours.known.text.parse().unwrap_or_default();
        let known = |name: &str| {
            let named = |part: &str| declared.get(part).is_some_and(|part| names(part, name));
            named("columns") || named("requests") || named("state") || ours.published_only.contains(&name)
        };
        let entry = |name: &str, why: &str| {
            let seen = column(name).map_or("not met in the sample".into(), evidence);
            Entry { value: name.into(), aside: format!("{why}{seen}") }
        };
        // In any of the files: what is a code in one month may be an address in the next.
        let all = || self.tables.iter().flat_map(|table| &table.columns);
        let personal = |name: &&String| all().any(|column| column.name == **name && self.is_personal(column));
        let (mut added, mut harmless, mut doubtful) = (Vec::new(), Vec::new(), Vec::new());
        for name in dropped.iter().filter(personal) {
            doubtful.push(name.clone());
            added.push(entry(name, "in doubt: it says more than it should; "));
        }
        for one in self.columns().into_iter().filter(|column| !known(&column.name)) {
            let (name, fits) = (one.name.as_str(), self.fits(&one.name));
            if name == "ezproxy-session" && fits {
                added.push(entry(name, "leads from one request to the next; "));
                text.set(Some("requests"), "session", name);
            } else if NUMBERS.contains(&name) && fits {
                harmless.push(entry(name, ""));
            } else {
                doubtful.push(name.to_string());
                added.push(entry(name, "in doubt: nothing says that it is harmless; "));
            }
        }
        let mut drop: Vec<Entry> =
            ours.published_only.iter().map(|name| entry(name, "to publish it, take it off; ")).collect();
        drop.extend(dropped.iter().filter(|name| !personal(name)).map(|name| entry(name, "")));
        drop.extend(harmless);
        text.replace("drop", &drop);
        if !added.is_empty() {
            text.add("identifiers", &added);
        }
        doubtful
    }

    /// Of a web log: whether the cells of a directive look like what it is called.
    fn fits(&self, name: &str) -> bool {
        self.layout.iter().flat_map(|(_, cells)| cells).any(|cell| cell.name == name && cell.fits)
    }

    /// Whether a column that is dropped by rule holds what reaches a person.
    fn is_personal(&self, column: &Column) -> bool {
        match &self.layout {
            Some(_) => column.name == "ident" && !self.fits("ident"),
            None => {
                let looks = [Look::Email, Look::PatronBarcode, Look::Device, Look::Address];
                // What isn't data is never called by two characters.
                column.name.len() == 2
                    && (looks.iter().any(|look| column.looking(*look) > 0) || column.share(&[Look::Phone]) > 0.3)
            }
        }
    }

    /// What speaks for publishing a value, and against it.
    fn why<'c>(&self, name: &str, column: &impl Fn(&str) -> Option<&'c Column>) -> Option<String> {
        let rows: u64 = self.tables.iter().map(|table| table.rows - table.faults).sum();
        Some(match name {
            "platform" => {
                "its platform alone leaves, never a path, a query or a login: one that isn't listed is its domain"
                    .into()
            }
            "sessions" => "a number in tables alone".into(),
            "branch" => {
                let column = column("FE")?;
                let many = column.distinct() * 4 > rows && column.distinct() > 8;
                let (says, whose) = if many {
                    ("NOT SAFE as it looks", "whose are they?")
                } else {
                    ("looks safe", "are they all the library's own codes?")
                };
                format!(
                    "{says}: {} values in {rows} rows; {whose} ({}). It comes off `drop`",
                    column.distinct(),
                    evidence(column)
                )
            }
            "event" => "the words below alone leave: any other command is `other`".into(),
            "day" => "small days join the week, small weeks the month".into(),
            "weekday" | "hour" => "counted in statistics alone: a time finer than a day leads to people".into(),
            _ => return None,
        })
    }
}

/// What a column is called in the table that is shown.
fn word(declared: &Declaration, ours: &Ours, doubtful: &[String], name: &str) -> &'static str {
    let columns = &declared.columns;
    let is = |list: &[String]| list.iter().any(|one| one == name);
    match name {
        _ if columns.patron.has(name) => "patron",
        _ if is(&columns.people) => "other people",
        _ if columns.item.as_deref() == Some(name) => "item",
        _ if columns.opened == name => "opened",
        _ if is(&columns.names) => "name",
        _ if is(&columns.alone) => "not alone",
        _ if is(doubtful) => "identifier?",
        _ if is(&columns.identifiers) => "identifier",
        _ if ours.published_only.contains(&name) => "to publish?",
        _ if declared.requests.as_ref().is_some_and(|requests| requests.url == name) => "to publish?",
        _ if declared.requests.as_ref().is_some_and(|requests| requests.status == name) => "status",
        _ if declared.states.iter().any(|state| state.when.contains_key(name)) => "status",
        _ => "dropped",
    }
}

/// Cells that are numbers of the server's own.
const NUMBERS: [&str; 5] = ["port", "seconds", "microseconds", "received", "sent"];

/// One `[[source]]` for each pattern of names, so that no file is of two.
fn sources(part: &str, found: &[Found]) -> Vec<(String, String)> {
    let all: Vec<String> = found.iter().map(pattern).collect();
    let mut patterns: Vec<&String> = Vec::new();
    for (one, own) in found.iter().zip(&all) {
        let takes =
            |other: &&String| *other != own && glob::Pattern::new(other).is_ok_and(|glob| glob.matches(&one.name()));
        if !patterns.contains(&own) && !all.iter().any(|other| takes(&other)) {
            patterns.push(own);
        }
    }
    let sources = patterns.iter().enumerate().map(|(place, pattern)| {
        let part = if place == 0 { part.to_string() } else { format!("{part}_{}", place + 1) };
        (part, pattern.to_string())
    });
    sources.collect()
}

/// Of what was put aside under a number (`access.log.3`) the file that is being written is none.
fn pattern(found: &Found) -> String {
    let pattern = sniff::pattern(&found.path);
    let plain = pattern.trim_end_matches('*');
    match plain.rsplit_once('.') {
        Some((name, number))
            if !number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            format!("{name}.[0-9]*")
        }
        _ => pattern,
    }
}

/// Whether a part of a declaration names a column, as a key or as a value.
fn names(part: &toml::Value, name: &str) -> bool {
    match part {
        toml::Value::String(text) => text == name,
        toml::Value::Array(all) => all.iter().any(|one| names(one, name)),
        toml::Value::Table(table) => table.iter().any(|(key, value)| key == name || names(value, name)),
        _ => false,
    }
}
