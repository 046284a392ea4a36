//! What a person must decide of a proposal before anything is published or severed, the weightiest first, and what she may look at
//! beside it.

use crate::evidence::figure::grouped;

/// So many are asked at once; what is over stands together.
pub const MOST: usize = 5;

/// What a question is about, in the order in which they are asked: each decides what the next can mean.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Subject {
    /// How times are written.
    Times,
    /// Who is meant.
    Patrons,
    /// When a transaction is over.
    Ends,
    /// What is owed, and which choice a patron has.
    Needs,
    Severing,
    Publishing,
}

#[derive(Default)]
pub struct Questions {
    asked: Vec<(Subject, String)>,
    remarks: Vec<String>,
}

impl Questions {
    pub fn ask(&mut self, subject: Subject, text: impl Into<String>) {
        let text = text.into();
        if self.asked.iter().all(|(_, known)| *known != text) {
            self.asked.push((subject, text));
        }
    }

    /// Nothing depends on it.
    pub fn remark(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.remarks.contains(&text) {
            self.remarks.push(text);
        }
    }

    /// At most five questions, and the remarks. Where there are more, those of the subject that has most stand as one.
    pub fn finish(mut self) -> (Vec<String>, Vec<String>) {
        self.asked.sort_by_key(|(subject, _)| *subject);
        while self.asked.len() > MOST {
            let count = |subject: Subject| self.asked.iter().filter(|(other, _)| *other == subject).count();
            let most = self.asked.iter().map(|(subject, _)| *subject).max_by_key(|subject| count(*subject));
            let Some(most) = most.filter(|subject| count(*subject) > 1) else {
                let rest: Vec<String> = self.asked.split_off(MOST - 1).into_iter().map(|(_, text)| text).collect();
                self.asked.push((Subject::Publishing, rest.join("; ")));
                break;
            };
            let (same, others): (Vec<_>, Vec<_>) = self.asked.into_iter().partition(|(subject, _)| *subject == most);
            self.asked = others;
            let together = same.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("; ");
            self.asked.push((most, together));
            self.asked.sort_by_key(|(subject, _)| *subject);
        }
        (self.asked.into_iter().map(|(_, text)| text).collect(), self.remarks)
    }
}

/// `1 row`, `1,200 rows`.
pub fn rows(count: u64) -> String {
    if count == 1 { "1 row".into() } else { format!("{} rows", grouped(count)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weightiest_stands_first_and_five_are_asked_at_most() {
        let mut questions = Questions::default();
        questions.ask(Subject::Publishing, "publish");
        questions.ask(Subject::Needs, "bills a");
        questions.ask(Subject::Needs, "bills b");
        questions.ask(Subject::Needs, "bills b");
        questions.ask(Subject::Needs, "bills c");
        questions.ask(Subject::Times, "times");
        questions.ask(Subject::Severing, "sever");
        questions.ask(Subject::Ends, "ends");
        questions.remark("look");
        let (asked, remarks) = questions.finish();
        assert_eq!(asked, ["times", "ends", "bills a; bills b; bills c", "sever", "publish"]);
        assert_eq!(remarks, ["look"]);
        assert_eq!((rows(1), rows(1_200)), ("1 row".into(), "1,200 rows".into()));
    }

    #[test]
    fn six_subjects_make_five_questions() {
        let mut questions = Questions::default();
        let all =
            [Subject::Times, Subject::Patrons, Subject::Ends, Subject::Needs, Subject::Severing, Subject::Publishing];
        all.iter().for_each(|subject| questions.ask(*subject, format!("{subject:?}")));
        assert_eq!(questions.finish().0, ["Times", "Patrons", "Ends", "Needs", "Severing; Publishing"]);
    }
}
