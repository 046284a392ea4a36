//! Debts of which nothing is known: a file of them that can't be placed, or none at all. Until a person has said something,
//! nothing is over.

use super::part::Part;
use crate::profile::guess::About;

impl Part<'_> {
    /// Loans have bills in nearly every system, and absence proves nothing.
    fn bills_are_missing(&self) -> bool {
        self.seen.meaning.about == About::Loans && self.bills_file().is_none() && self.own_debt().is_none()
    }

    /// Why nothing is over: a file of debts can't be placed, or none is there, so that a loan for which somebody owes would read
    /// as one for which nobody does. Empty: neither is so.
    pub(super) fn debts_apart(&self, questions: &mut Vec<String>) -> String {
        let files: Vec<&str> =
            self.seen.meaning.debts_apart.iter().map(|table| self.seen.tables[*table].file.as_str()).collect();
        if files.is_empty() && !self.bills_are_missing() {
            return String::new();
        }
        if files.is_empty() {
            questions.push(
                "no file says what is owed: give the export of bills, too, or say that there are none: until then nothing is \
                 due"
                    .into(),
            );
            return "# No file says what is owed, so nothing is over: what is unpaid would read as paid. Ask `init` again with the\n\
                    # export of bills; or, if the system has none, take the # away.\n"
                .into();
        }
        let files = files.join(", ").replace(char::is_control, "?");
        questions.push(format!(
            "say how {files} joins, as it seems to say what is owed, or that it is of something else: until then nothing is due"
        ));
        format!(
            "# What {files} seems to say is owed can't be told of any of these, so nothing is over: say how it joins and what it\n\
             # decides, or leave it out. Then take the # away.\n"
        )
    }
}
