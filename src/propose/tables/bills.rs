//! When a bill is over. What is still owed says so, where that is plain: a number in every row, and nothing beside it that has
//! a say. Else every bill stays open until a person says which are not.

use super::meaning::commented;
use super::part::Part;
use super::text::{key, quoted};
use crate::profile::Look;
use crate::profile::guess::{About, Role, may_have_a_say};
use crate::propose::evidence::evidence;

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

    pub(super) fn bills(&self, questions: &mut Vec<String>) -> String {
        let meaning = self.seen.meaning;
        if let Some(place) = self.settled() {
            let name = self.name(place);
            questions.push(format!(
                "a bill counts as over where {name} is zero: say if your system makes that zero for another reason than that \
                 it was paid or waived"
            ));
            return format!(
                "# Over once nothing is owed any more. {}: {}\n{}[[state]]\nis = \"open\"\n\n",
                name,
                evidence(&self.table().columns[place]),
                self.over([format!("{} = \"zero\"", key(name))].into())
            );
        }
        // A status beside the amount says it.
        let unsaid = meaning.first(Role::Owing).is_some() && meaning.all(Role::Status).next().is_none();
        let may: Vec<usize> = self.may_have_a_say().filter(|_| unsaid).collect();
        let named: Vec<&str> = may.iter().map(|place| self.name(*place)).collect();
        questions.push(if named.is_empty() {
            "say how one sees that a bill is over: until then all stay open".into()
        } else {
            format!(
                "say how one sees that a bill is over, and whether {} has a say in it: until then all stay open",
                named.join(", ")
            )
        });
        let mut text = String::from(
            "# Until it is said how one sees that a bill is over, none is: take the # away, mend the rule, and take its columns off\n\
             # `drop`. A bill that is disputed must be `disputed`, in a rule above this one.\n",
        );
        let owing = meaning.first(Role::Owing).map(|place| (place, "\"zero\""));
        let statuses = meaning.all(Role::Status).chain(may).map(|place| (place, "[\"…\"]"));
        let mut when: Vec<(usize, &str)> = owing.into_iter().chain(statuses).collect();
        if when.is_empty() {
            let paid = meaning.closed.iter().find(|place| self.may_be_unset(**place));
            when.extend(paid.map(|place| (*place, "\"set\"")));
        }
        for (place, _) in &when {
            text += &format!("#   {}: {}\n", self.name(*place), evidence(&self.table().columns[*place]));
        }
        let rules: Vec<String> = when.iter().map(|(place, is)| format!("{} = {is}", key(self.name(*place)))).collect();
        if !rules.is_empty() {
            text += &commented(&self.over(rules));
        }
        text + "[[state]]\nis = \"open\"\n\n"
    }

    /// Cells of a made-up bill: what is still owed of it, also where no rule asks for it yet. So the tests hold before a person
    /// has completed the rule, and after.
    pub(super) fn owed(&self, amount: &str) -> Option<String> {
        let meaning = self.seen.meaning;
        let place = meaning.first(Role::Owing).filter(|_| meaning.about == About::Bills)?;
        Some(format!("{} = {}", key(self.name(place)), quoted(amount)))
    }
}
