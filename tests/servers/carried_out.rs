//! A night, its worklists carried out on the server, and the next night: what both systems' tests have in common.

use std::fs;
use std::path::{Path, PathBuf};

use afterloan::act::Outcome;

use super::server::Server;
use super::table::assert_changes;
use crate::support::inbox::{date, worklist};
use crate::support::{TestSite, files};
use crate::systems::{PipelineFile, repository, site};

/// A site with these pipelines, under the rules that their own tests are written against.
pub fn site_of(pipelines: &[&str]) -> TestSite {
    let read = |name: &&str| PipelineFile::read(name).unwrap();
    site::with(&pipelines.iter().map(read).collect::<Vec<_>>())
}

/// A night, accepted, in which no pipeline is stopped or held.
#[track_caller]
pub fn night(site: &TestSite, as_of: &str) -> Outcome {
    let outcome = site.accept_and_run(as_of);
    let stopped: Vec<_> = outcome.stopped.iter().map(|one| format!("{}: {}", one.pipeline, one.why)).collect();
    assert!(stopped.is_empty(), "{stopped:?}");
    assert!(outcome.committed.is_some() && outcome.pipelines.iter().all(|pipeline| !pipeline.braked));
    outcome
}

/// The next night: of each pipeline what it confirms, what it finds residual, and its whole worklist: nothing on it was
/// there before, but what is residual.
#[track_caller]
pub fn then(site: &TestSite, as_of: &str, expected: &[(&str, u64, u64, &[u64])]) {
    let outcome = night(site, as_of);
    for (name, confirmed, residual, listed) in expected {
        let pipeline = outcome.pipelines.iter().find(|pipeline| pipeline.name == *name).unwrap();
        assert_eq!(
            (pipeline.tally.confirmed, pipeline.tally.residual()),
            (*confirmed, *residual),
            "{name}: confirmed, residual"
        );
        assert_eq!(worklist(site, name), *listed, "{name}: the next worklist");
        assert_eq!(pipeline.totals.retired, listed.len() as u64 - residual, "{name}: retired once");
    }
    assert_eq!(outcome.pipelines.len(), expected.len());
}

/// A worklist: in pieces, which do nothing; whole, with these changes and no others; and again, which does nothing.
#[track_caller]
pub fn carry_out(server: &Server, site: &TestSite, pipeline: &str, expected: &[&str]) {
    let sql = sql(site, pipeline);
    not_too_late(server, site, pipeline, &sql);
    // These nights are long ago, or to come.
    let sql = good_until(site, &sql, "2999-01-01");
    not_by_halves(server, site, pipeline, &sql);
    let before = server.dump();
    let ran = server.carry_out(&sql);
    assert!(ran.went_through && ran.err.is_empty(), "{pipeline}: {}{}", ran.out, ran.err);
    for word in ["warning", "notice"] {
        assert!(!ran.out.to_lowercase().contains(word), "{pipeline}: {}", ran.out);
    }
    let after = server.dump();
    assert_changes(pipeline, &before, &after, expected);
    let again = server.carry_out(&sql);
    assert!(again.went_through && again.err.is_empty(), "{pipeline}, again: {}{}", again.out, again.err);
    assert_changes(&format!("{pipeline}, again"), &after, &server.dump(), &[]);
}

/// The worklist as if it were good until a day.
fn good_until(site: &TestSite, sql: &Path, day: &str) -> PathBuf {
    let text = fs::read_to_string(sql).unwrap();
    let parts: Vec<&str> = text.split(">= DATE '").collect();
    let dated = parts[1..].iter().map(|part| format!(">= DATE '{day}{}", &part["2026-10-10".len()..]));
    let path = site.at("inbox").join(format!("good-until-{day}.sql.part"));
    fs::write(&path, parts[0].to_owned() + &dated.collect::<String>()).unwrap();
    path
}

/// A worklist whose day is over does nothing, and the client tells.
#[track_caller]
fn not_too_late(server: &Server, site: &TestSite, pipeline: &str, sql: &Path) {
    let before = server.dump();
    let ran = server.carry_out(&good_until(site, sql, "2000-01-01"));
    assert!(!ran.went_through && ran.err.to_lowercase().contains("more than"), "{pipeline}: {}", ran.err);
    assert_changes(&format!("{pipeline}, too late"), &before, &server.dump(), &[]);
}

/// A worklist that is cut off somewhere, or of which a statement fails, does nothing at all; and the client tells.
#[track_caller]
fn not_by_halves(server: &Server, site: &TestSite, pipeline: &str, sql: &Path) {
    let whole = fs::read_to_string(sql).unwrap();
    // Each batch is a transaction: this is about the first.
    let whole = &whole[..whole.find("COMMIT;\n").unwrap() + "COMMIT;\n".len()];
    let before = server.dump();
    let path = site.at("inbox").join("half.sql.part");
    // After each list of ids, where a guard would follow; after each statement; within the last words.
    let mut cuts: Vec<usize> = whole.match_indices(')').map(|(at, _)| at + 1).collect();
    cuts.extend(whole.match_indices(";\n").map(|(at, _)| at));
    cuts.retain(|at| *at < whole.len() - "COMMIT;\n".len());
    cuts.push(whole.len() - "MIT;\n".len());
    for cut in cuts {
        fs::write(&path, &whole[..cut]).unwrap();
        server.carry_out(&path);
        server.carry_out_carelessly(&path);
    }
    assert_changes(&format!("{pipeline}, cut off"), &before, &server.dump(), &[]);

    // A table that this version of the system doesn't have.
    let failing = |at: usize| format!("{}SELECT 1 FROM no_such_table;\n{}", &whole[..at], &whole[at..]);
    let begin = whole.find("\nBEGIN").unwrap();
    let begun = begin + whole[begin..].find(";\n").unwrap() + ";\n".len();
    for at in [begun, whole.find("COMMIT;\n").unwrap()] {
        fs::write(&path, failing(at)).unwrap();
        let ran = server.carry_out_carelessly(&path);
        assert!(ran.err.contains("no_such_table"), "{pipeline}: {}", ran.err);
        // It stops there: a second transaction, which could go through, isn't reached.
        fs::write(&path, failing(at) + whole).unwrap();
        let ran = server.carry_out(&path);
        assert!(!ran.went_through && ran.err.contains("no_such_table"), "{pipeline}: {}", ran.err);
    }
    assert_changes(&format!("{pipeline}, with a statement that fails"), &before, &server.dump(), &[]);
    fs::remove_file(path).unwrap();
}

fn sql(site: &TestSite, pipeline: &str) -> PathBuf {
    let ending = format!("-{pipeline}.sql");
    let lists = files(&site.at("worklists"));
    let found = lists.iter().find(|path| path.to_string_lossy().ends_with(&ending));
    site.at("worklists").join(found.unwrap_or_else(|| panic!("no worklist of {pipeline}: {lists:?}")))
}

/// The exports that the guide makes, by the guide's own lines: the block of shell that exports this table.
pub fn by_the_guide(server: &Server, site: &TestSite, table: &str) {
    let guide = fs::read_to_string(repository("docs/first-night.md")).unwrap();
    let blocks = guide.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let is_it = |block: &&str| block.contains("/srv/afterloan/inbox") && block.contains(table);
    let block = blocks.into_iter().find(is_it).unwrap_or_else(|| panic!("the guide exports no {table}"));
    server.shell(&block.replace("/srv/afterloan", site.root().to_str().unwrap())).must();
}

/// All that lies in the inbox was finished at this time.
pub fn written(site: &TestSite, time: &str) {
    files(&site.at("inbox")).iter().for_each(|name| date(&site.at("inbox").join(name), time));
}

/// A fixture's export: its rows, as INSERTs that the server may refuse one by one. Rows that no table could hold are left
/// out: too few cells, not in UTF-8, a number with letters.
pub fn fixture(system: &str, export: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let path = repository("fixtures/systems").join(system).join(export);
    let delimiter = if export.ends_with(".tsv") { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new();
    reader.flexible(true).delimiter(delimiter).quoting(delimiter == b',');
    let mut reader = reader.from_path(path).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(String::from).collect();
    let rows = reader.into_records().flatten();
    let rows = rows.filter(|row| row.len() == header.len());
    let is_code = header[0].ends_with("code");
    let is_number = |row: &csv::StringRecord| is_code || row[0].parse::<u64>().is_ok();
    let rows = rows.filter(is_number).map(|row| row.iter().map(String::from).collect());
    let rows = rows.collect();
    (header, rows)
}

/// A query that a pipeline's first lines tell the librarian to run: `#   NAME: SELECT …`, on however many lines.
pub fn documented(pipeline: &str, beginning: &str) -> String {
    let text = PipelineFile::read(pipeline).unwrap().text;
    let lines = text.lines().map(|line| line.trim_start_matches('#'));
    let lines: Vec<&str> = lines.skip_while(|line| !line.trim_start().starts_with(beginning)).collect();
    let mut query = String::new();
    for (at, line) in lines.iter().enumerate() {
        let text = line.trim();
        let another = text.split_once(':').is_some_and(|(name, _)| !name.contains(' '));
        if at > 0 && (text.is_empty() || another || text.starts_with('(')) {
            break;
        }
        query += text;
        query += "\n";
    }
    assert!(!query.is_empty(), "{pipeline} has no {beginning}");
    let query = if beginning.ends_with(':') { query.strip_prefix(beginning).unwrap() } else { &query };
    query.trim().to_string()
}
