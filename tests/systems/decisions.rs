//! `decisions.tsv`: one line for each row of the exports, in no order. Lines that begin with `#` are comments.
//!
//! `id` is the transaction's, or `line N` for a row that was rejected and has none. Rows of logs are told as FILE:LINE, all of
//! them. `needs` are in the order of the
//! alphabet, between commas; only what is kept has any.

use std::fmt;
use std::fs;
use std::path::Path;

use afterloan::words::Need;

use super::Fixture;

const HEADER: &str = "pipeline\tid\tdecision\tneeds\twhy";

/// What must be decided about a row.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Its line in `decisions.tsv`.
    pub at: usize,
    pub pipeline: String,
    pub id: Id,
    pub decided: Decided,
    pub why: String,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Id {
    Transaction(String),
    /// The line of a row that is rejected, in its export.
    Line(u64),
    /// File and line of a log's row.
    Logged(String, u64),
}

/// A decision, and its needs by name, sorted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Decided {
    pub decision: String,
    pub needs: Vec<String>,
}

/// A fixture's folder, read; or everything that is wrong with its `decisions.tsv`.
pub fn read_decisions(folder: &Path) -> Result<Fixture, Vec<String>> {
    let name = folder.file_name().unwrap().to_str().unwrap().to_string();
    let (mut exports, mut text) = (Vec::new(), None);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap().to_string();
        let bytes = fs::read(&path).unwrap();
        match file.as_str() {
            "decisions.tsv" => text = String::from_utf8(bytes).ok(),
            file if file.ends_with(".md") => {}
            _ => exports.push((file, bytes)),
        }
    }
    exports.sort();
    let Some(text) = text else { return Err(vec![format!("{name}: no decisions.tsv in UTF-8")]) };
    let mut lines =
        text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')).map(|(number, line)| (number + 1, line));
    if lines.next().is_none_or(|(_, line)| line != HEADER) {
        return Err(vec![format!("{name}/decisions.tsv: the header must read {HEADER:?}")]);
    }
    let (mut decisions, mut wrong) = (Vec::new(), Vec::new());
    for (at, line) in lines {
        match Decision::read(at, line, &exports) {
            Ok(decision) => decisions.push(decision),
            Err(why) => wrong.push(format!("{name}/decisions.tsv:{at}: {why}")),
        }
    }
    match wrong.is_empty() {
        true if decisions.is_empty() => Err(vec![format!("{name}/decisions.tsv: it decides nothing")]),
        true => Ok(Fixture { name, exports, decisions }),
        false => Err(wrong),
    }
}

impl Decision {
    fn read(at: usize, line: &str, exports: &[(String, Vec<u8>)]) -> Result<Decision, String> {
        let cells: Vec<&str> = line.split('\t').collect();
        let [pipeline, id, decision, needs, why] = cells[..] else {
            return Err(format!("5 cells are needed, and there are {}", cells.len()));
        };
        let needs: Vec<String> = needs.split(',').filter(|need| !need.is_empty()).map(String::from).collect();
        if let Some(need) = needs.iter().find(|need| Need::from_name(need).is_none()) {
            return Err(format!("there is no need `{need}`"));
        }
        if !needs.is_sorted_by(|one, next| one < next) {
            return Err("the needs must stand in the order of the alphabet, each once".into());
        }
        if !["due", "kept", "unlinked", "rejected"].contains(&decision) || needs.is_empty() == (decision == "kept") {
            return Err("write kept with needs, or due, unlinked or rejected without".into());
        }
        let id = match id.strip_prefix("line ").map(str::parse) {
            Some(Ok(line)) if decision == "rejected" => Id::Line(line),
            Some(_) => return Err("only a rejected row is told by its line".into()),
            None => match id.rsplit_once(':').map(|(file, line)| (file, line.parse())) {
                Some((file, Ok(line))) if exports.iter().any(|(name, _)| name == file) => Id::Logged(file.into(), line),
                _ => Id::Transaction(id.into()),
            },
        };
        let decided = Decided { decision: decision.into(), needs };
        Ok(Decision { at, pipeline: pipeline.into(), id, decided, why: why.into() })
    }

    pub fn is(&self, decision: &str) -> bool {
        self.decided.decision == decision
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Transaction(id) => f.write_str(id),
            Id::Line(line) => write!(f, "line {line}"),
            Id::Logged(file, line) => write!(f, "{file}:{line}"),
        }
    }
}

impl fmt::Display for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decision)?;
        if !self.needs.is_empty() {
            write!(f, " ({})", self.needs.join(", "))?;
        }
        Ok(())
    }
}
