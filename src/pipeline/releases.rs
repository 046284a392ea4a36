//! What in a pipeline's SQL depends on the release of the system, marked by comments of SQL's own, so that a statement as it is
//! shipped is one for the newest release:
//!
//! - `/*if TABLE.COLUMN*/ SQL /*end*/`: only where the system's database has the column;
//! - `/*if TABLE.COLUMN*/ SQL /*else OTHER*/`: and what stands elsewhere in its place.
//!
//! A table alone may stand there, too, and SQL between both may hold such marks again.

use std::fmt;

use super::declaration::Declaration;

const IF: &str = "/*if ";
const ELSE: &str = "/*else ";
const END: &str = "/*end*/";
const CLOSE: &str = "*/";

impl Declaration {
    /// What was marked as of some releases stands from now on as in the newest. Of a site that has a connection
    /// `init --database` has written the pipelines for its own release, without marks.
    pub(super) fn be_of_the_newest_release(&mut self) {
        let queries = self.sources.iter_mut().map(|source| &mut source.query);
        let queries = queries.chain(self.lookups.iter_mut().map(|lookup| &mut lookup.query)).flatten();
        for sql in queries.chain(self.traces.iter_mut().flat_map(|trace| trace.statements_mut())) {
            if let Ok(newest) = newest(sql) {
                *sql = newest;
            }
        }
    }
}

/// A mark that doesn't hold together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mistake {
    NeverEnds,
    NeverBegan,
    NotClosed,
    Nameless,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Mistake::NeverEnds => "an `/*if TABLE.COLUMN*/` without its `/*end*/` or `/*else …*/`",
            Mistake::NeverBegan => "an `/*end*/` or `/*else …*/` without its `/*if TABLE.COLUMN*/`",
            Mistake::NotClosed => "a mark that isn't closed by `*/`",
            Mistake::Nameless => "`/*if …*/` names one table, or one column of it: TABLE.COLUMN",
        })
    }
}

/// The statement for a release. `has` tells whether it has a table or a column. Without a mark it is as it was.
pub fn fitted(sql: &str, has: &dyn Fn(&str) -> bool) -> Result<String, Mistake> {
    // What is written now: one part for each mark that is open, and whether it stands.
    let mut open: Vec<(bool, String)> = Vec::new();
    let mut whole = String::new();
    let mut rest = sql;
    while let Some(at) = [IF, ELSE, END].iter().filter_map(|mark| rest.find(mark)).min() {
        let (before, mark) = rest.split_at(at);
        open.last_mut().map_or(&mut whole, |(_, part)| part).push_str(before);
        let (said, after) = mark.split_once(CLOSE).ok_or(Mistake::NotClosed)?;
        rest = after;
        if let Some(name) = said.strip_prefix(IF.trim_end())
            && mark.starts_with(IF)
        {
            let name = name.trim();
            if name.is_empty() || name.contains(char::is_whitespace) {
                return Err(Mistake::Nameless);
            }
            open.push((has(name), String::new()));
            continue;
        }
        let (stands, part) = open.pop().ok_or(Mistake::NeverBegan)?;
        let other = said.strip_prefix(ELSE).unwrap_or_default();
        let within = open.last_mut().map_or(&mut whole, |(_, part)| part);
        put(if stands { &part } else { other }, within);
    }
    if !open.is_empty() {
        return Err(Mistake::NeverEnds);
    }
    whole.push_str(rest);
    Ok(tidy(&whole, sql))
}

/// The statement for the newest release, which has all of it.
pub fn newest(sql: &str) -> Result<String, Mistake> {
    fitted(sql, &|_| true)
}

/// A mark parts words as a blank does, and one blank is enough.
fn put(part: &str, within: &mut String) {
    let ends = |text: &str| text.is_empty() || text.ends_with(char::is_whitespace);
    if !ends(within) && part.starts_with(char::is_whitespace) {
        within.push(' ');
    }
    within.push_str(part.trim());
    if part.ends_with(char::is_whitespace) && !ends(within) {
        within.push(' ');
    }
}

/// Blanks that marks leave are no part of it: lines of nothing, and blanks before a line's end.
fn tidy(fitted: &str, sql: &str) -> String {
    if fitted == sql {
        return fitted.into();
    }
    let lines: Vec<&str> = fitted.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_fitted_to_a_release() {
        let has = |name: &str| ["t", "t.a", "t.b", "s.t.a"].contains(&name);
        for (sql, fits) in [
            ("SELECT 1", "SELECT 1"),
            ("SELECT 1  \n\n", "SELECT 1  \n\n"),
            ("SELECT 1 /* a remark; if not */", "SELECT 1 /* a remark; if not */"),
            ("x /*if t.a*/ AND a /*end*/ z", "x AND a  z"),
            ("x /*if t.c*/ AND c /*end*/ z", "x  z"),
            ("x = /*if t.a*/ a /*else b*/", "x = a"),
            ("x = /*if t.c*/c/*else b*/", "x = b"),
            ("x /*if t.c*/ AND c /*else AND b*/ z", "x AND b z"),
            ("/*if t*/x/*end*/", "x"),
            ("x/*if t*/ y /*end*/z", "x y z"),
            ("/*if u*/x/*end*/", ""),
            ("/*if s.t.a*/x/*end*/", "x"),
            ("/*if t.a*/x /*if t.c*/y/*else z*/ w/*end*/", "x z w"),
            ("/*if t.c*/x /*if t.a*/y/*else z*/ w/*end*/", ""),
            ("/*if t.c*/x /*if t.a*/y/*end*/ w/*else v*/", "v"),
            ("x\n  /*if t.c*/ AND c /*end*/\n y", "x\n y"),
            ("/*if t.c*/1/*end*//*if t.a*/2/*end*/", "2"),
        ] {
            assert_eq!(fitted(sql, &has).as_deref(), Ok(fits), "{sql}");
        }
    }

    #[test]
    fn what_has_all_is_the_newest() {
        assert_eq!(newest("x /*if t.c*/= c/*else IN (b)*/").as_deref(), Ok("x = c"));
    }

    #[test]
    fn marks_that_do_not_hold_together_are_refused() {
        for (sql, mistake) in [
            ("/*if t.a*/ x", Mistake::NeverEnds),
            ("/*if t.a*/ x /*if t.b*/ y /*end*/", Mistake::NeverEnds),
            ("x /*end*/", Mistake::NeverBegan),
            ("x /*else y*/", Mistake::NeverBegan),
            ("/*if t.a*/ x /*else y*/ z /*end*/", Mistake::NeverBegan),
            ("/*if t.a x", Mistake::NotClosed),
            ("/*if t.a*/ x /*else y", Mistake::NotClosed),
            ("/*if */ x /*end*/", Mistake::Nameless),
            ("/*if t.a or t.b*/ x /*end*/", Mistake::Nameless),
        ] {
            assert_eq!(fitted(sql, &|_| true), Err(mistake), "{sql}");
        }
    }
}
