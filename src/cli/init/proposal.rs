//! A guessed meaning as a pipeline that loads: commented, with the evidence beside each column, and with nothing
//! published. What can't be known keeps: a status that nobody explained, a time whose day and month can't be told apart.
//!
//! It names columns, markers of ours and patterns; never a cell.

use std::path::PathBuf;

use super::bare::TAKEN;
use crate::pipeline::Pipeline;
use crate::profile::guess::{About, Guess, Joined, Meaning, Nature, Role};
use crate::profile::sniff::{Written, pattern};
use crate::profile::{Column, Table};
use crate::rehearse::rehearse;
use crate::toml_file::Located;
use crate::words::Kind;

mod bills;
mod debts;
mod gather;
mod meaning;
mod publish;
mod reading;
mod tried;

use reading::{Reading, together};

/// All that was seen and guessed.
pub struct Seen<'a> {
    pub files: &'a [PathBuf],
    pub tables: &'a [Table],
    pub written: &'a [Written],
    pub meaning: &'a Meaning,
}

/// A pipeline's text, and what a person must still say.
pub struct Proposal {
    pub name: &'static str,
    pub kind: Kind,
    pub text: String,
    pub open_questions: Vec<String>,
}

fn kind(about: About) -> (Kind, &'static str) {
    match about {
        About::Loans => (Kind::Loan, "loans"),
        About::Holds => (Kind::Hold, "holds"),
        About::Sessions => (Kind::Session, "sessions"),
        About::Ill => (Kind::Ill, "ill"),
        About::Registrations => (Kind::Registration, "registrations"),
        About::Bills => (Kind::Bill, "bills"),
    }
}

pub fn propose(seen: &Seen<'_>) -> Result<Proposal, String> {
    let meaning = seen.meaning;
    let (kind, name) = kind(meaning.about);
    let mut questions = Vec::new();
    let reading = together(seen);
    let names = lookup_names(seen);
    let part = Part { seen, reading: &reading, names: &names };
    let mut text = String::new();
    text += &format!(
        "# Proposed by `afterloan init --from`, from a sample. Nothing here is known: each line is a guess, and says why.\n\
         # What is doubtful identifies, and what isn't understood keeps. Go through it from top to bottom; `afterloan help\n\
         # pipelines` explains every key, `afterloan help roles` the columns'. Then: afterloan check, afterloan plan.\n\n\
         format = 1\nkind = \"{kind}\"\nname = \"{name}\"\nabout = \"Proposed by afterloan init --from\"\n\n"
    );
    text += &reading.text(seen, &mut questions);
    text += &part.sources();
    text += &part.columns(&mut questions)?;
    text += &part.lookups(&mut questions);
    text += &part.states(&mut questions);
    text += &part.needs(&mut questions);
    text += &part.published();
    text += &part.severing();
    let body = text.clone();
    text += &part.tests(&body);
    for (table, why) in &meaning.left_out {
        questions.push(format!("{} is not used: {why}", seen.tables[*table].file));
    }
    for (lookup, name) in meaning.lookups.iter().zip(&names) {
        if name.is_none() {
            questions.push(format!(
                "{} is not used: joined so, nothing in it decides or identifies. Does it hold transactions, too?",
                seen.tables[lookup.table].file
            ));
        }
    }
    for (table, about) in &meaning.also {
        let (kind, _) = self::kind(*about);
        questions.push(format!(
            "{} looks like transactions of its own: for those, ask again in another folder with --kind {kind}",
            seen.tables[*table].file
        ));
    }
    questions.push(NOTHING_LEAVES.into());
    questions.push("how the system severs its own link ([[purge]])".into());
    // What is written must load: a mistake here is afterloan's.
    loads(name, &text)?;
    Ok(Proposal { name, kind, text, open_questions: questions })
}

/// What a person must say of any proposal.
pub(super) const NOTHING_LEAVES: &str = "what may be published: nothing is, until it is taken out of its comment";

/// A proposal loads and its own tests hold, or isn't made.
pub(super) fn loads(name: &str, text: &str) -> Result<Pipeline, String> {
    let located = Located::new(PathBuf::from(format!("pipelines/{name}.toml")), text.to_string());
    let pipeline = Pipeline::parse(&located).map_err(|error| format!("what was guessed makes no pipeline: {error}"))?;
    let (_, failures) = rehearse(&pipeline);
    match failures.first() {
        Some(failure) => Err(format!("what was guessed fails its own test: {failure}")),
        None => Ok(pipeline),
    }
}

/// What the parts of a pipeline are written from.
struct Part<'a> {
    seen: &'a Seen<'a>,
    reading: &'a Reading,
    /// Names of lookups, by their place; None: it isn't used.
    names: &'a [Option<String>],
}

impl<'a> Part<'a> {
    fn table(&self) -> &'a Table {
        &self.seen.tables[self.seen.meaning.sources[0]]
    }

    fn name(&self, place: usize) -> &'a str {
        &self.table().columns[place].name
    }

    fn lookups(&self, questions: &mut Vec<String>) -> String {
        meaning::lookups(self, questions)
    }

    /// The lookups that are used, with their names.
    fn used(&self) -> impl Iterator<Item = (&'a Joined, &'a str)> {
        let all = self.seen.meaning.lookups.iter().zip(self.names);
        all.filter_map(|(lookup, name)| name.as_deref().map(|name| (lookup, name)))
    }

    fn sources(&self) -> String {
        let mut text = String::new();
        let mut parts = Vec::new();
        for source in &self.seen.meaning.sources {
            let part = unique(slug(&self.seen.tables[*source].file), &mut parts, &[]);
            text += &format!(
                "[[source]]\npart = {}\nfiles = {}\n",
                quoted(&part),
                quoted(&pattern(&self.seen.files[*source]))
            );
            text += &self.reading.own(self.seen, *source);
            text += &self.header(*source);
        }
        text.push('\n');
        text
    }

    /// The names of the cells, for a file that doesn't begin with them.
    fn header(&self, table: usize) -> String {
        let dialect = &self.seen.written[table].dialect;
        if dialect.records_name_cells() || dialect.names.is_none() {
            return String::new();
        }
        let names: Vec<&str> = self.seen.tables[table].columns.iter().map(|column| column.name.as_str()).collect();
        let why = match self.seen.tables[table].named {
            true => match self.seen.written[table].doubts.iter().find(|doubt| doubt.contains(TAKEN)) {
                Some(doubt) => format!("# {doubt}.\n"),
                None => "# from the comment at its beginning, or as it was given\n".into(),
            },
            false => "# invented: name each cell, and then go through [columns]\n".into(),
        };
        format!("{why}header = {}\n", list(&names))
    }

    fn tests(&self, body: &str) -> String {
        tried::tests(self, body)
    }

    fn severing(&self) -> String {
        "# ---- how the system severs its own link ----------------------------------------------------------------------\n#\n\
         # Ask who keeps its database. Satellites first; guard each statement, so that it can't touch what is open:\n#\n\
         # [[purge]]\n# sql = \"UPDATE … SET … = NULL WHERE … IN ({ids}) AND … IS NOT NULL\"\n\n"
            .into()
    }
}

/// The names that lookups have in the pipeline.
fn lookup_names(seen: &Seen<'_>) -> Vec<Option<String>> {
    let table = &seen.tables[seen.meaning.sources[0]];
    // `status.name` of the transactions is no cell of a lookup.
    let steps: Vec<&str> =
        table.columns.iter().filter_map(|column| column.name.split_once('.')).map(|(step, _)| step).collect();
    let mut taken = Vec::new();
    let mut names: Vec<Option<String>> = Vec::new();
    for (place, lookup) in seen.meaning.lookups.iter().enumerate() {
        let leads_on = seen.meaning.lookups.iter().any(|other| other.from == Some(place));
        let is_used = lookup.guesses.iter().any(|guess| guess.is_identifying() || tells(guess, lookup)) || leads_on;
        let decides = matches!(lookup.nature, Nature::Bills | Nature::Claims | Nature::Current | Nature::Persons);
        let from_used = lookup.from.is_none_or(|from| names.get(from).is_some_and(Option::is_some));
        names.push(
            (from_used && (is_used || decides))
                .then(|| unique(slug(&seen.tables[lookup.table].file), &mut taken, &steps)),
        );
    }
    names
}

fn tells(guess: &Guess, lookup: &Joined) -> bool {
    matches!(guess.role, Role::Published(_) | Role::History) && !lookup.many
}

/// A name for a part of a pipeline, from a file's.
fn slug(file: &str) -> String {
    let name = pattern(std::path::Path::new(file));
    let name = name.rsplit_once('.').map_or(name.as_str(), |(name, _)| name);
    let mut slug = String::new();
    for c in name.chars() {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_lowercase() || c.is_ascii_digit() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('_') => slug.push('_'),
            _ => {}
        }
    }
    let slug = slug.trim_matches('_').trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let short: String = slug.chars().take(30).collect();
    if short.is_empty() { "export".into() } else { short }
}

fn unique(name: String, taken: &mut Vec<String>, steps: &[&str]) -> String {
    let mut found = name.clone();
    let mut more = 2;
    while taken.contains(&found) || steps.contains(&found.as_str()) {
        found = format!("{name}_{more}");
        more += 1;
    }
    taken.push(found.clone());
    found
}

pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted += "\\\"",
            '\\' => quoted += "\\\\",
            c if c.is_control() => quoted += &format!("\\u{:04x}", c as u32),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if bare { text.into() } else { quoted(text) }
}

pub(super) fn list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    if quoted.iter().map(String::len).sum::<usize>() < 80 {
        return format!("[{}]", quoted.join(", "));
    }
    let mut text = String::from("[\n");
    for name in quoted {
        text += &format!("    {name},\n");
    }
    text + "]"
}

/// What was seen of a column, in a few words: its shape, and how many different values.
pub(super) fn evidence(column: &Column) -> String {
    if column.nested {
        return "an object or a list".into();
    }
    if column.filled == 0 {
        return "empty".into();
    }
    let (shapes, others) = column.shapes(1);
    let shape = shapes.first().map_or("", |(shape, _)| shape);
    let more = if others > 0 { " …" } else { "" };
    let about = if column.distinct_is_exact() { "" } else { "about " };
    format!("{shape}{more}; {about}{} distinct", crate::evidence::figure::grouped(column.distinct()))
}
