//! `[[state]]`: what a row means, as far as it can be said without knowing the vocabulary.

use super::part::Part;
use super::reading::records;
use super::rules::{Is, Rule, State};
use crate::profile::guess::{About, Nature, Role};
use crate::propose::evidence::evidence;
use crate::propose::questions::{Questions, Subject, rows};

impl Part<'_> {
    /// The rules in their order. One at least is awake: a pipeline has a rule.
    pub(super) fn states(&self, questions: &mut Questions) -> Vec<Rule> {
        let mut rules = self.of_other_files();
        match self.seen.meaning.about {
            About::Bills => rules.extend(self.bill_states(questions)),
            _ => self.over_by_times(&mut rules, questions),
        }
        rules
    }

    /// What is in a file of what is out, or in a further file of bills, is kept by that alone.
    fn of_other_files(&self) -> Vec<Rule> {
        let there = |name: &str| (format!("{name}.there"), Is::Gathered(true));
        let current = self.used().filter(|(lookup, _)| lookup.nature == Nature::Current && lookup.many);
        let current = current.map(|(lookup, name)| Rule {
            aside: format!("      # {}", lookup.why),
            ..Rule::new(State::Open, vec![there(name)])
        });
        let further = self.further_bills().map(|name| Rule {
            above: "# A further file of bills: whoever has one there is kept, paid or not.\n".into(),
            ..Rule::new(State::Disputed, vec![there(name)])
        });
        current.chain(further).collect()
    }

    /// What is out by its times, and what is over.
    fn over_by_times(&self, rules: &mut Vec<Rule>, questions: &mut Questions) {
        let meaning = self.seen.meaning;
        // A time that is always there says nothing about whether it ended.
        let all = self.ends();
        let is_said = !all.is_empty();
        let (ends, always): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, may_be_unset)| *may_be_unset);
        let statuses: Vec<usize> = meaning.all(Role::Status).collect();
        if !ends.is_empty() {
            let when = ends.iter().map(|(name, _)| (name.clone(), Is::Unset)).collect();
            let lost = "# What is lost must be `lost`, what is claimed `disputed`, by rules in this place: the next one takes \
                        all that is out.\n";
            let above = if statuses.is_empty() { String::new() } else { lost.into() };
            rules.push(Rule { above, ..Rule::new(State::Open, when) });
        } else if !is_said || statuses.is_empty() && always.is_empty() {
            rules.push(Rule { above: "# Nothing says that a transaction ended.\n".into(), ..Rule::open() });
        }
        let is_out_said = !ends.is_empty();
        let asked = if ends.is_empty() { always } else { ends };
        let unplaced = self.unplaced_debts();
        unplaced.iter().for_each(|unplaced| questions.ask(Subject::Needs, unplaced.question(self.ended())));
        let mut above = unplaced.as_ref().map_or(String::new(), |unplaced| unplaced.comment());
        if statuses.is_empty() && !self.reads_nothing() {
            for (name, _) in &asked {
                let mut over = self.over(vec![(name.clone(), Is::Set)]);
                (over.above, over.asleep) = (std::mem::take(&mut above), unplaced.is_some());
                rules.push(over);
            }
            if unplaced.is_some() && rules.iter().all(|rule| rule.asleep) {
                rules.push(Rule { above, ..Rule::open() });
            }
        } else if is_said {
            let unexplained = self.unexplained(&statuses, &asked, is_out_said, questions);
            rules.push(Rule { above: above + &unexplained.above, ..unexplained });
            if !is_out_said {
                rules.push(Rule::open());
            }
        }
    }

    /// Rows of the transactions, and how many of them have an end, as far as the sample shows.
    fn ended(&self) -> (u64, u64) {
        let all = records(self.seen);
        let fill = |place: &usize| self.table().columns[*place].fill();
        let ended = self.seen.meaning.closed.iter().map(fill).fold(0.0, f64::max);
        (all, (all as f64 * ended).round() as u64)
    }

    /// A rule for what is over, with the guards.
    pub(super) fn over(&self, mut when: Vec<(String, Is)>) -> Rule {
        when.extend(self.guards());
        Rule::new(State::Closed, when)
    }

    /// A rule for what has ended, whose vocabulary a person must say.
    fn unexplained(
        &self,
        statuses: &[usize],
        asked: &[(String, bool)],
        is_out_said: bool,
        questions: &mut Questions,
    ) -> Rule {
        let mut above = String::new();
        if !statuses.is_empty() {
            let names: Vec<&str> = statuses.iter().map(|place| self.name(*place)).collect();
            questions.ask(
                Subject::Ends,
                format!(
                    "which values of {} mean that it is over? Until that is said all {} are kept",
                    names.join(", "),
                    rows(records(self.seen))
                ),
            );
            above += "# Until it is said which values mean that it is over, nothing is: name the harmless ones, and take the columns off\n\
                      # `drop`. ";
            above += if is_out_said {
                "What is out by one of these must be `open`, in a rule above this one.\n"
            } else {
                "What is out must be `open`, what is lost `lost`, what is claimed `disputed`, in rules above this one.\n"
            };
        }
        for place in statuses {
            above += &format!("#   {}: {}\n", self.name(*place), evidence(&self.table().columns[*place]));
        }
        let set = asked.iter().take(1).map(|(name, _)| (name.clone(), Is::Set));
        let of = statuses.iter().map(|place| (self.name(*place).to_string(), Is::OneOf(vec!["…".into()])));
        Rule { above, asleep: true, ..self.over(set.chain(of).collect()) }
    }

    pub(super) fn may_be_unset(&self, place: usize) -> bool {
        let name = self.name(place);
        let sources = self.seen.meaning.sources.iter().map(|source| &self.seen.tables[*source]);
        sources
            .filter_map(|table| table.column(name).map(|place| &table.columns[place]))
            .any(|column| column.fill() < 1.0)
    }

    pub(super) fn reads_nothing(&self) -> bool {
        !self.reading.is_understood()
    }
}
