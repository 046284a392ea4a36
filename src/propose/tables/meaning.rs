//! `[columns]`, `[[lookup]]`, `[[state]]` and `[needs]`.

use super::gather::{gather, reads};
use super::part::{Part, tells};
use super::text::{key, list, quoted};
use crate::profile::guess::{About, Guess, Joined, Nature, Published, Role};
use crate::profile::sniff::pattern;
use crate::profile::{Column, Look};
use crate::propose::evidence::evidence;

fn rule(title: &str) -> String {
    format!("# ---- {title} {}\n\n", "-".repeat(112usize.saturating_sub(title.len())))
}

/// A list of columns, one a line, with what was seen of each.
fn lines(title: &str, columns: &[(&Column, &Guess)]) -> String {
    if columns.is_empty() {
        return String::new();
    }
    let mut text = format!("{title} = [\n");
    for (column, guess) in columns {
        let doubt = if guess.doubtful { "in doubt: " } else { "" };
        text += &format!("    {},  # {doubt}{}; {}\n", quoted(&column.name), guess.why, evidence(column));
    }
    text + "]\n"
}

impl Part<'_> {
    pub(super) fn columns(&self, questions: &mut Vec<String>) -> Result<String, String> {
        let meaning = self.seen.meaning;
        let one = |role: Role| {
            meaning.first(role).map(|place| (self.name(place), &self.table().columns[place], &meaning.guesses[place]))
        };
        let (id, column, _) = one(Role::Transaction)
            .ok_or("no column of the transactions has a value of its own in each row: an id is needed")?;
        let r#type = if meaning.ids_are_numbers { "integer" } else { "text" };
        let mut text = format!(
            "[columns]\n# {}\ntransaction = {{ column = {}, type = \"{type}\" }}\n",
            evidence(column),
            quoted(id)
        );
        let patrons: Vec<&str> = meaning.patrons.iter().map(|place| self.name(*place)).collect();
        text += &match patrons.as_slice() {
            [] => return Err("no column seems to name the patron: without one nothing can be severed. Say `--kind`, or give the patrons' file".into()),
            [one] => format!("patron = {}\n", quoted(one)),
            several => format!("patron = {{ first = {} }}\n", list(several)),
        };
        text += "# nobody = [\"0\"]                    # values of it that name nobody, beside null\n";
        if let Some((item, ..)) = one(Role::Item) {
            text += &format!("item = {}\n", quoted(item));
        }
        let (opened, ..) = one(Role::Opened)
            .ok_or("no column seems to say when a transaction began: a time that is always there is needed")?;
        text += &format!("opened = {}\n", quoted(opened));
        let closed: Vec<&str> = meaning.closed.iter().map(|place| self.name(*place)).collect();
        text += &match closed.as_slice() {
            [] => {
                questions.push("nothing says when a transaction ends: until `closed` is named all are kept".into());
                "# closed = \"…\"                      # when it ended: not found, so everything counts as open\n"
                    .into()
            }
            [one] => format!("closed = {}\n", quoted(one)),
            several => format!("closed = {{ latest = {} }}     # rather late than early\n", list(several)),
        };
        for (role, name) in [(Role::Renewals, "renewals"), (Role::Renews, "renews")] {
            text += &one(role).map_or(String::new(), |(column, ..)| format!("{name} = {}\n", quoted(column)));
        }
        // Who borrows for somebody else may stand in for her, and is another person all the same.
        let acts = |place: usize, guess: &Guess| match meaning.patrons.iter().position(|patron| *patron == place) {
            None => guess.role == Role::People,
            Some(rank) => rank > 0 && self.name(place).to_lowercase().contains("proxy"),
        };
        text += &lines("people", &self.of(acts));
        let identifies = |place: usize, guess: &Guess| {
            guess.role == Role::Identifier || guess.role == Role::Patron && is_told(&self.table().columns[place])
        };
        text += &lines("identifiers", &self.of(identifies));
        text += &lines("names", &self.of(|_, guess| guess.role == Role::Name));
        text += &lines("alone", &self.of(|_, guess| guess.role == Role::Alone));
        text += "# Not used. What you publish, or ask for in a [[state]], comes off this list.\n";
        text += &lines(
            "drop",
            &self.of(|place, guess| match guess.role {
                Role::Harmless | Role::Published(_) | Role::Nested | Role::Status | Role::Owing => {
                    !self.is_asked(place)
                }
                Role::Key => !self.used().any(|(lookup, _)| lookup.from.is_none() && lookup.ours == place),
                // A second item, a second opening.
                _ => false,
            }),
        );
        let doubtful = meaning.guesses.iter().filter(|guess| guess.doubtful).count();
        if doubtful > 0 {
            questions.push(format!(
                "columns of the transactions that are identifiers because nothing says that they are harmless: {doubtful}"
            ));
        }
        text.push('\n');
        Ok(text)
    }

    fn of(&self, wanted: impl Fn(usize, &Guess) -> bool) -> Vec<(&Column, &Guess)> {
        let all = self.table().columns.iter().zip(&self.seen.meaning.guesses).enumerate();
        all.filter(|(place, (_, guess))| wanted(*place, guess)).map(|(_, found)| found).collect()
    }

    /// Whether a need asks for a column.
    fn is_asked(&self, place: usize) -> bool {
        self.own_debt() == Some(place) || self.settled() == Some(place)
    }

    /// An amount on the row itself that is owed, where no file of bills is joined.
    pub(super) fn own_debt(&self) -> Option<usize> {
        let mut own = self.table().columns.iter().zip(&self.seen.meaning.guesses);
        if self.seen.meaning.about == About::Bills {
            return None;
        }
        let found = own.position(|(column, guess)| {
            guess.role == Role::Harmless && column.share(&[Look::Amount]) > 0.9 && is_owed(&column.name)
        });
        found.filter(|_| self.bills_file().is_none())
    }

    pub(super) fn states(&self, questions: &mut Vec<String>) -> String {
        let meaning = self.seen.meaning;
        let mut text = rule("what it means");
        text += "# The first that matches counts. What no rule knows is undetermined, and kept.\n\n";
        for (lookup, name) in self.used().filter(|(lookup, _)| lookup.nature == Nature::Current && lookup.many) {
            text += &format!("[[state]]\nis = \"open\"\nwhen = {{ \"{name}.there\" = true }}      # {}\n", lookup.why);
        }
        for name in self.further_bills() {
            text += &format!(
                "# A further file of bills: whoever has one there is kept, paid or not.\n[[state]]\nis = \"disputed\"\nwhen = {{ {} = true }}\n",
                quoted(&format!("{name}.there"))
            );
        }
        if meaning.about == About::Bills {
            return text + &self.bills(questions);
        }
        // A time that is always there says nothing about whether it ended.
        let ends: Vec<usize> = meaning.closed.iter().copied().filter(|place| self.may_be_unset(*place)).collect();
        let always: Vec<usize> = meaning.closed.iter().copied().filter(|place| !self.may_be_unset(*place)).collect();
        let statuses: Vec<usize> = meaning.all(Role::Status).collect();
        if !ends.is_empty() {
            let unset: Vec<String> =
                ends.iter().map(|place| format!("{} = \"unset\"", key(self.name(*place)))).collect();
            if !statuses.is_empty() {
                text += "# What is lost must be `lost`, what is claimed `disputed`, by rules in this place: the next one takes all that is out.\n";
            }
            text += &format!("[[state]]\nis = \"open\"\nwhen = {{ {} }}\n", unset.join(", "));
        } else if meaning.closed.is_empty() || statuses.is_empty() && always.is_empty() {
            text += "# Nothing says that a transaction ended.\n[[state]]\nis = \"open\"\n";
        }
        let ends_may_be_unset = !ends.is_empty();
        let asked = if ends.is_empty() { always } else { ends };
        let apart = self.debts_apart(questions);
        text += &apart;
        if statuses.is_empty() && !self.reads_nothing() {
            for place in &asked {
                let set = format!("{} = \"set\"", key(self.name(*place)));
                let rule = self.over([set].into());
                text += &if apart.is_empty() { rule } else { commented(&rule) };
            }
            if !apart.is_empty() && !text.contains("\n[[state]]") {
                text += "[[state]]\nis = \"open\"\n";
            }
        } else if !meaning.closed.is_empty() {
            text += &self.unexplained(&statuses, &asked, ends_may_be_unset, questions);
        }
        text.push('\n');
        text
    }

    /// A rule for what is over, with the guards.
    pub(super) fn over(&self, mut when: Vec<String>) -> String {
        when.extend(self.guards());
        let line = format!("when = {{ {} }}\n", when.join(", "));
        let lines = match line.len() {
            ..=110 => line,
            _ => format!("[state.when]\n{}\n", when.join("\n")),
        };
        format!("[[state]]\nis = \"closed\"\n{lines}")
    }

    /// A rule for what has ended, as far as it can be written without knowing the vocabulary.
    fn unexplained(
        &self,
        statuses: &[usize],
        asked: &[usize],
        rules_stand_above: bool,
        questions: &mut Vec<String>,
    ) -> String {
        let names: Vec<&str> = statuses.iter().map(|place| self.name(*place)).collect();
        let mut text = String::new();
        if !statuses.is_empty() {
            questions.push(format!(
                "say which values of {} mean that it is over: until then nothing is due",
                names.join(", ")
            ));
            text += "# Until it is said which values mean that it is over, nothing is: name the harmless ones, and take the columns off\n\
                     # `drop`. ";
            text += if rules_stand_above {
                "What is out by one of these must be `open`, in a rule above this one.\n"
            } else {
                "What is out must be `open`, what is lost `lost`, what is claimed `disputed`, in rules above this one.\n"
            };
        }
        for place in statuses {
            let column = &self.table().columns[*place];
            text += &format!("#   {}: {}\n", self.name(*place), evidence(column));
        }
        let set = asked.iter().take(1).map(|place| format!("{} = \"set\"", key(self.name(*place))));
        let of = statuses.iter().map(|place| format!("{} = [\"…\"]", key(self.name(*place))));
        text += &commented(&self.over(set.chain(of).collect()));
        if asked.is_empty() || !text.contains("[[state]]\nis = \"open\"") {
            // A pipeline has one rule at least.
            text += "[[state]]\nis = \"open\"\n";
            let keep = asked.is_empty() || self.seen.meaning.closed.iter().all(|place| !self.may_be_unset(*place));
            if !keep {
                text.truncate(text.len() - "[[state]]\nis = \"open\"\n".len());
            }
        }
        text
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

    pub(super) fn needs(&self, questions: &mut Vec<String>) -> String {
        let mut text = String::new();
        if let Some((lookup, name)) = self.bills_file() {
            let name = format!("{name}.owing");
            text += &format!("owing = {{ {} = true }}\n", quoted(&name));
            if lookup.guesses.iter().any(|guess| guess.role == Role::Changed) {
                let settled = name.replace(".owing", ".settled");
                let at = format!("{{ at = {}, when = {{ {} = false }} }}", quoted(&settled), quoted(&name));
                text += &format!("settled = {at}\n");
                text += &format!("refund = {at}     # of any bill: which were for lost items isn't known\n");
            }
            if !lookup.guesses.iter().any(|guess| guess.role == Role::Owing) {
                questions.push("no column of the bills says what is still owed: whatever has a bill is kept".into());
            }
        }
        let claims = self.used().find(|(lookup, _)| lookup.nature == Nature::Claims && lookup.many);
        if let Some((_, name)) = claims {
            text +=
                &format!("disputed = {{ \"{name}.any\" = true }}       # resolved ones, too: say which those are\n");
        }
        if let Some(place) = self.own_debt() {
            text += &format!("owing = {{ {} = \"positive\" }}\n", key(self.name(place)));
        }
        for (lookup, name) in self.used().filter(|(lookup, _)| !lookup.many) {
            let table = &self.seen.tables[lookup.table];
            let choice = lookup.guesses.iter().position(|guess| guess.role == Role::History);
            if let Some(choice) = choice.filter(|_| !text.contains("history =")) {
                let column = &table.columns[choice].name;
                questions.push(format!(
                    "say which values of {name}.{column} mean that a patron keeps no history: until then all do"
                ));
                text += &format!(
                    "# Until it is said which values mean that a patron keeps no history, all do: name those values.\n\
                     history = {{ {} = {{ not = [] }} }}          # {}\n",
                    quoted(&format!("{name}.{column}")),
                    evidence(&table.columns[choice])
                );
            }
        }
        if text.is_empty() { text } else { format!("[needs]\n{text}\n") }
    }
}

/// As a comment, for a person to complete.
pub(super) fn commented(rule: &str) -> String {
    rule.lines().map(|line| format!("# {line}\n")).collect()
}

fn is_owed(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["billing", "outstanding", "balance", "owed", "amountdue", "unpaid"].iter().any(|word| plain.contains(word))
}

/// Whether a patron's column tells more than a number of the system's own.
fn is_told(column: &Column) -> bool {
    column.letters > 0 && column.share(&[Look::Uuid]) < 0.9
        || column.share(&[Look::LongNumber, Look::PatronBarcode, Look::Phone, Look::Email, Look::Device, Look::Address])
            > 0.1
            && column.longest >= 13
}

pub(super) fn lookups(part: &Part<'_>, questions: &mut Vec<String>) -> String {
    let mut text = rule("other exports, joined by key");
    for (lookup, name) in part.used() {
        text += &one(part, lookup, name);
        part.ask_of_bills(lookup, name, questions);
        if lookup.doubtful {
            questions.push(format!(
                "say how {name} joins: what it holds is searched for, but a legal hold that names it finds no patron, and keeps \
                 everything"
            ));
        }
        let doubtful = lookup.guesses.iter().filter(|guess| guess.doubtful && guess.is_identifying()).count();
        if doubtful > 0 {
            questions.push(format!(
                "columns of {name} that are identifiers because nothing says that they are harmless: {doubtful}"
            ));
        }
    }
    text
}

fn one(part: &Part<'_>, lookup: &Joined, name: &str) -> String {
    let table = &part.seen.tables[lookup.table];
    let ours = match lookup.from {
        None => part.name(lookup.ours).to_string(),
        Some(from) => {
            let other = &part.seen.tables[part.seen.meaning.lookups[from].table];
            format!("{}.{}", part.names[from].as_deref().unwrap_or_default(), other.columns[lookup.ours].name)
        }
    };
    let theirs: Vec<&str> = lookup.theirs.iter().map(|place| table.columns[*place].name.as_str()).collect();
    let mut text =
        format!("[[lookup]]\nname = {}\nfiles = {}\n", quoted(name), quoted(&pattern(&part.seen.files[lookup.table])));
    text += &part.reading.own(part.seen, lookup.table);
    text += &part.header(lookup.table);
    let theirs = if let [one] = theirs.as_slice() { quoted(one) } else { list(&theirs) };
    if lookup.many {
        text += "rows = \"many\"\n";
    }
    text += &format!("on = {{ {} = {theirs} }}     # {}\n", key(&ours), lookup.why);
    let of = |wanted: &dyn Fn(usize, &Guess) -> bool| -> Vec<(&Column, &Guess)> {
        let all = table.columns.iter().zip(&lookup.guesses).enumerate();
        all.filter(|(place, (_, guess))| wanted(*place, guess)).map(|(_, found)| found).collect()
    };
    let leads = |place: usize| {
        let at = part.seen.meaning.lookups.iter().position(|other| std::ptr::eq(other, lookup));
        part.seen
            .meaning
            .lookups
            .iter()
            .zip(part.names)
            .any(|(other, name)| other.from == at && other.ours == place && name.is_some())
    };
    let gather = gather(part, lookup);
    let decides = gather.is_some()
        || lookup.guesses.iter().any(|guess| guess.is_identifying() || guess.role == Role::History)
        || lookup.many;
    if !decides && lookup.nature != Nature::Persons && !leads_to_decision(part, lookup) {
        text += "required = false                   # it decides nothing, and names nobody\n";
    }
    let used = |place: usize, guess: &Guess| !lookup.many && (tells(guess, lookup) || leads(place));
    text += &lines("use", &of(&used));
    text +=
        &lines("identifiers", &of(&|_, guess| matches!(guess.role, Role::Identifier | Role::Patron | Role::People)));
    text += &lines("names", &of(&|_, guess| guess.role == Role::Name));
    text += &lines("alone", &of(&|_, guess| matches!(guess.role, Role::Alone | Role::Published(Published::Birth))));
    text += &lines(
        "drop",
        &of(&|place, guess| {
            !lookup.theirs.contains(&place)
                && !used(place, guess)
                && !guess.is_identifying()
                && !reads(part, lookup, place)
        }),
    );
    text += gather.as_deref().unwrap_or_default();
    text.push('\n');
    text
}

/// Whether a lookup that decides is joined through this one.
fn leads_to_decision(part: &Part<'_>, lookup: &Joined) -> bool {
    let at = part.seen.meaning.lookups.iter().position(|other| std::ptr::eq(other, lookup));
    part.used().any(|(other, _)| other.from == at && other.from.is_some())
}
