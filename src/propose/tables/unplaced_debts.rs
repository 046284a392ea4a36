//! Debts of which nothing is known: a file of them that can't be placed, or none at all. Until a person has said something,
//! nothing is over: a loan for which somebody owes would read as one for which nobody does.

use super::part::Part;
use crate::profile::guess::About;

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
        let missing =
            self.seen.meaning.about == About::Loans && self.bills_file().is_none() && self.own_debt().is_none();
        missing.then_some(Unplaced::NoBills)
    }
}

impl Unplaced {
    pub(super) fn question(&self) -> String {
        match self {
            Unplaced::Files(files) => format!(
                "say how {files} joins, as it seems to say what is owed, or that it is of something else: until then nothing is due"
            ),
            Unplaced::NoBills => {
                "no file says what is owed: give the export of bills, too, or say that there are none: until then nothing is \
                 due"
                    .into()
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
                 # export of bills; or, if the system has none, take the # away.\n"
                    .into()
            }
        }
    }
}
