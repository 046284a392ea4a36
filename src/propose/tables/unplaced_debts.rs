//! Debts of which nothing is known: a file of them that can't be placed, or none at all. Until a person has said something,
//! nothing is over: a loan for which somebody owes would read as one for which nobody does.

use super::part::Part;
use crate::evidence::figure::grouped;
use crate::profile::guess::About;
use crate::propose::questions::rows;

/// Why nothing is over.
pub(super) enum Unplaced {
    /// Files that seem to say what is owed, and aren't known to belong to any transaction.
    Files(String),
    /// No file says what is owed.
    NoBills,
}

impl Part<'_> {
    /// None: debts are known, or there can be none.
    pub(super) fn unplaced_debts(&self) -> Option<Unplaced> {
        let files: Vec<&str> =
            self.seen.meaning.debts_apart.iter().map(|table| self.seen.tables[*table].file.as_str()).collect();
        if !files.is_empty() {
            return Some(Unplaced::Files(files.join(", ").replace(char::is_control, "?")));
        }
        // Loans have bills in nearly every system, and absence proves nothing.
        let missing = self.seen.meaning.about == About::Loans
            && self.bills_file().is_none()
            && self.own_debt().is_none()
            && !self.seen.said.no_bills;
        missing.then_some(Unplaced::NoBills)
    }
}

impl Unplaced {
    /// `rows`: of the transactions, and how many of them have an end.
    pub(super) fn question(&self, (all, ended): (u64, u64)) -> String {
        let kept = format!("Until that is said all {} are kept, {} of them with an end", rows(all), grouped(ended));
        match self {
            Unplaced::Files(files) => format!(
                "how does {files} join, which seems to say what is owed? If it is of something else, leave it out. {kept}"
            ),
            Unplaced::NoBills => {
                format!(
                    "what is owed? No file says it: give the export of bills, too (--from), or say that there are none (--no-bills). \
                     {kept}"
                )
            }
        }
    }

    pub(super) fn comment(&self) -> String {
        match self {
            Unplaced::Files(files) => format!(
                "# What {files} seems to say is owed can't be told of any of these, so nothing is over: say how it joins and what it\n\
                 # decides, or leave it out. Then take the # away.\n"
            ),
            Unplaced::NoBills => {
                "# No file says what is owed, so nothing is over: what is unpaid would read as paid. Ask `init` again with the\n\
                 # export of bills; or, if the system has none, with --no-bills, or take the # away.\n"
                    .into()
            }
        }
    }
}
