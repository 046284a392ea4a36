//! When a bill is over. What is still owed says so, where that is plain: a number in every row, and nothing beside it that has
//! a say. Else every bill stays open until a person says which are not.

use super::part::Part;
use super::rules::{Is, Rule};
use crate::profile::Look;
use crate::profile::guess::{About, Role, may_have_a_say};
use crate::propose::evidence::evidence;
use crate::propose::questions::{Questions, Subject};

impl Part<'_> {
    /// The column by which a bill is over once it is zero.
    pub(super) fn settled(&self) -> Option<usize> {
        let meaning = self.seen.meaning;
        let place = meaning.first(Role::Owing).filter(|_| meaning.about == About::Bills)?;
        let name = self.name(place);
        let plain = meaning.sources.iter().all(|source| {
            let table = &self.seen.tables[*source];
            table.column(name).is_some_and(|place| {
                let column = &table.columns[place];
                column.fill() >= 1.0 && column.share(&[Look::Amount, Look::Integer]) >= 1.0
            })
        });
        let alone = meaning.all(Role::Status).next().is_none() && self.may_have_a_say().next().is_none();
        (plain && alone && !meaning.closed.is_empty() && !self.reads_nothing()).then_some(place)
    }

    fn may_have_a_say(&self) -> impl Iterator<Item = usize> {
        may_have_a_say(&self.table().columns, &self.seen.meaning.guesses)
    }

    /// The rules for bills that are transactions of their own.
    pub(super) fn bill_states(&self, questions: &mut Questions) -> Vec<Rule> {
        match self.settled() {
            Some(place) => self.paid_by_amount(place, questions),
            None => self.paid_by_nothing_known(questions),
        }
    }

    fn paid_by_amount(&self, place: usize, questions: &mut Questions) -> Vec<Rule> {
        let name = self.name(place);
        questions.remark(format!(
            "a bill counts as over where {name} is zero: say if your system makes that zero for another reason than that \
             it was paid or waived"
        ));
        let seen = evidence(&self.table().columns[place]);
        let above = format!("# Over once nothing is owed any more. {name}: {seen}\n");
        vec![Rule { above, ..self.over(vec![(name.into(), Is::Zero)]) }, Rule::open()]
    }

    fn paid_by_nothing_known(&self, questions: &mut Questions) -> Vec<Rule> {
        let meaning = self.seen.meaning;
        // A status beside the amount says it.
        let unsaid = meaning.first(Role::Owing).is_some() && meaning.all(Role::Status).next().is_none();
        let may: Vec<usize> = self.may_have_a_say().filter(|_| unsaid).collect();
        let named: Vec<&str> = may.iter().map(|place| self.name(*place)).collect();
        let question = if named.is_empty() {
            "how does one see that a bill is over? Until that is said all stay open".into()
        } else {
            format!(
                "how does one see that a bill is over, and has {} a say in it? Until that is said all stay open",
                named.join(", ")
            )
        };
        questions.ask(Subject::Ends, question);
        let mut above = String::from(
            "# Until it is said how one sees that a bill is over, none is: take the # away, mend the rule, and take its columns off\n\
             # `drop`. A bill that is disputed must be `disputed`, in a rule above this one.\n",
        );
        let owing = meaning.first(Role::Owing).map(|place| (place, Is::Zero));
        let statuses = meaning.all(Role::Status).chain(may).map(|place| (place, Is::OneOf(vec!["…".into()])));
        let mut when: Vec<(usize, Is)> = owing.into_iter().chain(statuses).collect();
        if when.is_empty() {
            let paid = meaning.closed.iter().find(|place| self.may_be_unset(**place));
            when.extend(paid.map(|place| (*place, Is::Set)));
        }
        for (place, _) in &when {
            above += &format!("#   {}: {}\n", self.name(*place), evidence(&self.table().columns[*place]));
        }
        if when.is_empty() {
            return vec![Rule { above, ..Rule::open() }];
        }
        let when = when.into_iter().map(|(place, is)| (self.name(place).to_string(), is)).collect();
        vec![Rule { above, asleep: true, ..self.over(when) }, Rule::open()]
    }

    /// A cell of a made-up bill: what is still owed of it, also where no rule asks for it yet. So the tests hold before a
    /// person has completed the rule, and after.
    pub(super) fn owed(&self, amount: &str) -> Option<(String, String)> {
        let meaning = self.seen.meaning;
        let place = meaning.first(Role::Owing).filter(|_| meaning.about == About::Bills)?;
        Some((self.name(place).into(), amount.into()))
    }
}
