//! Groups of people in disguise: values of a use that one place has nearly alone, such as a class set, or a kit for the
//! homebound. Who borrows it is known to whoever knows the place.
//!
//! It reads the sample that `check` looks at, coded as a night codes it. A value is named where the pipeline has it as a word
//! of its own, or declares that the column holds codes and it looks like one; others are counted.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::columns::InboxFiles;
use super::nearly_alone::{Alone, Rows};
use crate::export::Found;
use crate::lookup::{Asked, LookupFiles};
use crate::pass::{Columns, Digests, Exports, Part, Prepare, Watch, sample};
use crate::pipeline::declaration::{About, Declaration, Suffixes, Treatment};
use crate::pipeline::{Origin, Pipeline, Publish};
use crate::rehearse::RETENTION;
use crate::state::keys::KeyedDigest;
use crate::state::register::Names;
use crate::words::{Day, few};

/// No code is longer.
const LONGEST_CODE: usize = 12;

/// What is said of each column, in words. Where an export can't be read nothing is: others say why.
pub fn disguised(
    pipeline: &Pipeline,
    files: &InboxFiles<'_>,
    (day, zone): (Day, &TimeZone),
    threshold: u32,
) -> Vec<String> {
    let declaration = &pipeline.declaration;
    let coded: Vec<&Publish> = declaration.coded().collect();
    let Some(place) = coded.iter().position(|publish| publish.about == About::Place) else { return Vec::new() };
    let uses: Vec<usize> = (0..coded.len()).filter(|column| is_vocabulary(coded[*column])).collect();
    if declaration.is_log() || uses.is_empty() {
        return Vec::new();
    }
    let mut rows = Rows::new(uses.len());
    let see = |codes: &[u32]| rows.note(codes[place], uses.iter().map(|column| codes[*column]));
    let Some(columns) = sampled(declaration, &coded, files, (day, zone), see) else { return Vec::new() };
    let text = |column: usize| columns.texts(column);
    let is_word = |text: &String| ![crate::treat::UNKNOWN, crate::treat::OTHER].contains(&text.as_str());
    let places = text(place);
    let mut said = Vec::new();
    for (at, column) in uses.iter().enumerate() {
        let values = text(*column);
        let alone = rows.nearly_alone(at, |code| places.get(code).is_some_and(is_word));
        let alone = alone.into_iter().filter(|alone| values.get(alone.value).is_some_and(is_word));
        let named = |Alone { value, place: at }: Alone| {
            let value = shown(coded[*column], &values[value])?;
            Some(match shown(coded[place], &places[at]) {
                Some(place) => format!("`{value}` at `{place}`"),
                None => format!("`{value}` at one place"),
            })
        };
        let (named, unnamed): (Vec<Option<String>>, Vec<_>) = alone.map(named).partition(Option::is_some);
        if !named.is_empty() || !unnamed.is_empty() {
            let named: Vec<String> = named.into_iter().flatten().collect();
            said.push(sentence(pipeline, &coded[*column].name, &named, unnamed.len(), threshold));
        }
    }
    said
}

/// Whether it tells of a use in words: numbers and their bands are no groups.
fn is_vocabulary(publish: &Publish) -> bool {
    let is_in_words = matches!(
        publish.treatment,
        Treatment::Keep | Treatment::Prefix(_) | Treatment::Map(_) | Treatment::Platform(_) | Treatment::Class(_)
    );
    publish.about == About::Use && is_in_words
}

/// A value as it may be shown: a word that the pipeline itself has, or a code. Never a free text.
fn shown<'t>(publish: &Publish, text: &'t str) -> Option<&'t str> {
    let looks_like_a_code =
        text.len() <= LONGEST_CODE && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    let is_declared = match &publish.treatment {
        Treatment::Map(names) => names.values().any(|name| name == text),
        Treatment::Platform(Suffixes::Table(names)) => names.values().any(|name| name == text),
        Treatment::Platform(Suffixes::List(names)) => names.iter().any(|name| name == text),
        Treatment::Class(_) => true,
        _ => publish.codes && looks_like_a_code,
    };
    is_declared.then_some(text)
}

fn sentence(pipeline: &Pipeline, column: &str, named: &[String], unnamed: usize, threshold: u32) -> String {
    let unnamed = match (unnamed, named.is_empty()) {
        (0, _) => String::new(),
        (1, true) => "1 value, which is no declared word".into(),
        (many, true) => format!("{many} values, which are no declared words"),
        (more, false) => format!(", and {more} more that are no declared words"),
    };
    format!(
        "{}: {}: of `{column}` one place has nearly alone (19 of 20 rows or more): {}{unnamed}. A class set or a kit for the \
         homebound is a group of people in disguise: map it with another value, or leave it. It is published as it is, and \
         merged only where fewer than {threshold} patrons carry it",
        pipeline.name(),
        pipeline.publish_at(column),
        few(named)
    )
}

/// What the codes of the rows that `see` was shown mean. None: an export isn't there, or can't be read.
fn sampled(
    declaration: &Declaration,
    coded: &[&Publish],
    files: &InboxFiles<'_>,
    (as_of, zone): (Day, &TimeZone),
    see: impl FnMut(&[u32]),
) -> Option<Columns> {
    let told = coded.iter().filter(|publish| matches!(publish.about, About::Place | About::Use));
    let asked = lookups_of(declaration, told.flat_map(|publish| publish.from.columns()));
    // A program's output, and standard input, are read by a run alone.
    let is_file = |origin: Origin<'_>| matches!(origin, Origin::Files { .. });
    const NONE: &[Found] = &[];
    let lookups = declaration.lookups.iter().zip(files.lookups).map(|(lookup, files)| LookupFiles {
        asked: Asked::new(declaration, lookup),
        // Of patrons nothing is asked.
        files: if asked.contains(&lookup.name.as_str()) && is_file(lookup.origin()) { files } else { NONE },
    });
    let sources = declaration.sources.iter().zip(files.sources).filter(|(source, _)| is_file(source.origin()));
    let parts = sources.flat_map(|(source, files)| {
        files.iter().map(move |found| Part::new(found, declaration.source_dialect(source)))
    });
    let exports = Exports { lookups: lookups.collect(), parts: parts.collect(), log: None };
    let made_up = KeyedDigest::of_made_up_rows;
    let prepare = Prepare {
        declaration,
        retention: RETENTION.of(declaration.kind, declaration.side).ok()?,
        as_of,
        timezone: zone.clone(),
        digests: Digests { exports: made_up(), ids: made_up() },
        holds: Vec::new(),
        names: Names::of_made_up_rows(),
        mailing: Vec::new(),
        keeps_rejected: false,
        watch: Watch::None,
        absent: None,
    };
    let ready = prepare.ready(exports).ok()?;
    sample(&ready.prepared, &ready.parts, see).ok()
}

/// The lookups that these cells are taken from, and those by which they are joined.
fn lookups_of<'a>(declaration: &'a Declaration, cells: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let joined: BTreeMap<&str, Vec<&String>> =
        declaration.lookups.iter().map(|lookup| (lookup.name.as_str(), lookup.on.keys().collect())).collect();
    let mut asked: Vec<&str> = Vec::new();
    let mut open: Vec<&String> = cells.collect();
    while let Some(cell) = open.pop() {
        let Some((name, by)) = cell.split_once('.').and_then(|(name, _)| joined.get_key_value(name)) else { continue };
        if !asked.contains(name) {
            asked.push(name);
            open.extend(by);
        }
    }
    asked
}
