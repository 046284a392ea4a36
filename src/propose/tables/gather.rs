//! What of the many rows of a joined file decides, and what of it a rule for what is over must ask.
//!
//! A bill that is there keeps its transaction until three things are known of it: that nothing is owed on it, when that came
//! about, and, where the file has a status, that its status means that it is over. What isn't known makes a guard: something
//! gathered that each rule for what is over asks to be false. Where it is true no rule matches, and nothing is decided.

use super::part::{Part, RETURNED};
use super::rules::{Is, when};
use crate::profile::TableProfile;
use crate::profile::guess::{Joined, Nature, Role};
use crate::propose::evidence::evidence;
use crate::propose::page::{Page, inline};
use crate::propose::questions::{Questions, Subject};

/// What nobody has said of a bill.
struct Guard {
    name: String,
    /// As it is gathered.
    condition: (String, Is),
    why: String,
}

/// What is gathered of the many rows of a file.
pub(super) struct Gathered {
    above: String,
    name: String,
    how: How,
    aside: String,
}

enum How {
    Any((String, Is)),
    AnyPositive(String),
    Max(String),
}

impl Gathered {
    fn new(name: &str, how: How, aside: &str) -> Gathered {
        Gathered { above: String::new(), name: name.into(), how, aside: aside.into() }
    }

    pub(super) fn print(&self, page: &mut Page) {
        let how = match &self.how {
            How::Any(asked) => inline([("any".to_string(), when(&vec![asked.clone()]))]),
            How::AnyPositive(column) => inline([("any_positive".to_string(), column.as_str())]),
            How::Max(column) => inline([("max".to_string(), column.as_str())]),
        };
        page.above(&self.above);
        page.set(&self.name, how, &self.aside);
    }
}

/// The column of a file that has a role.
pub(super) fn column(table: &TableProfile, lookup: &Joined, role: Role) -> Option<String> {
    let place = lookup.guesses.iter().position(|guess| guess.role == role)?;
    Some(table.columns[place].name.clone())
}

/// A condition that each row meets.
fn any_row(table: &TableProfile, lookup: &Joined) -> (String, Is) {
    let first = table.columns[lookup.theirs[0]].name.clone();
    match lookup.theirs.len() {
        1 => (first, Is::Set),
        // Each of several keys may be null where another isn't.
        _ => (first, Is::NoneOf(Vec::new())),
    }
}

fn guards(table: &TableProfile, lookup: &Joined) -> Vec<Guard> {
    let owing = column(table, lookup, Role::Owing).is_some();
    let undated = |condition: (String, Is), why: &str| Guard { name: "undated".into(), condition, why: why.into() };
    let mut guards = Vec::new();
    match column(table, lookup, Role::Changed) {
        Some(changed) => {
            guards.push(undated((changed, Is::Unset), "a bill, and nobody knows when it was paid: undetermined"))
        }
        None if owing => guards.push(undated(any_row(table, lookup), "no column says when a bill was paid")),
        // Whatever has a bill there is kept anyway.
        None => {}
    }
    for (number, place) in statuses(lookup).enumerate().filter(|_| owing) {
        let column = &table.columns[place];
        let name = if number == 0 { "unsaid".to_string() } else { format!("unsaid_{}", number + 1) };
        let (values, why) = if column.filled == 0 {
            (vec![String::new()], "empty throughout: what stands in it one day is undetermined".into())
        } else {
            (Vec::new(), evidence(column))
        };
        guards.push(Guard { name, condition: (column.name.clone(), Is::NoneOf(values)), why });
    }
    guards
}

/// Columns of bills that may say whether one is over.
pub(super) fn statuses(lookup: &Joined) -> impl Iterator<Item = usize> + '_ {
    let all = lookup.guesses.iter().enumerate();
    all.filter(|(_, guess)| lookup.nature == Nature::Bills && guess.role == Role::Status).map(|(place, _)| place)
}

/// Whether a column is read by what is gathered.
pub(super) fn reads(part: &Part<'_>, lookup: &Joined, place: usize) -> bool {
    let owing = lookup.guesses.iter().any(|guess| guess.role == Role::Owing);
    if lookup.nature == Nature::Returns {
        return lookup.guesses[place].role == Role::Closed;
    }
    lookup.nature == Nature::Bills
        && !part.is_further(lookup)
        && match lookup.guesses[place].role {
            Role::Owing | Role::Changed => true,
            Role::Status => owing,
            _ => false,
        }
}

/// `[lookup.gather]`. Empty: nothing of it decides.
pub(super) fn gather(part: &Part<'_>, lookup: &Joined) -> Vec<Gathered> {
    let table = &part.seen.tables[lookup.table];
    let any = |name: &str| vec![Gathered::new(name, How::Any(any_row(table, lookup)), "")];
    match lookup.nature {
        _ if part.is_further(lookup) => any("there"),
        Nature::Bills => bills(table, lookup),
        Nature::Returns => {
            let ended = column(table, lookup, Role::Closed).map(How::Max);
            ended
                .map(|how| Gathered::new(RETURNED, how, "      # the latest, where there are several"))
                .into_iter()
                .collect()
        }
        Nature::Claims if lookup.many => any("any"),
        Nature::Current if lookup.many => any("there"),
        _ => Vec::new(),
    }
}

fn bills(table: &TableProfile, lookup: &Joined) -> Vec<Gathered> {
    let mut all = vec![match column(table, lookup, Role::Owing) {
        Some(owing) => {
            let aside = "      # not a sum: a credit must not hide a debt";
            Gathered::new("owing", How::AnyPositive(owing), aside)
        }
        None => {
            let any = How::Any(any_row(table, lookup));
            Gathered::new("owing", any, "     # any bill: nothing says which are paid")
        }
    }];
    if let Some(changed) = column(table, lookup, Role::Changed) {
        all.push(Gathered::new("settled", How::Max(changed), "      # late rather than early"));
    }
    let mut said = false;
    for guard in guards(table, lookup) {
        let first = guard.name != "undated" && !said;
        said |= first;
        let above = if first {
            "# Write into the brackets which values mean that a bill is over, and no others, as [\"Closed\"]; \"\" is null. Until\n\
             # then, and wherever another value stands, what has a bill is undetermined, and kept.\n"
        } else {
            ""
        };
        let aside = format!("     # {}", guard.why);
        all.push(Gathered { above: above.into(), name: guard.name, how: How::Any(guard.condition), aside });
    }
    all
}

impl<'a> Part<'a> {
    /// The file of bills that is asked: of several the one that says most. `settled` can ask one alone.
    pub(super) fn bills_file(&self) -> Option<(&'a Joined, &'a str)> {
        let has = |lookup: &Joined, role| lookup.guesses.iter().any(|guess| guess.role == role);
        let rank = |lookup: &Joined| (has(lookup, Role::Owing), has(lookup, Role::Changed));
        let all = self.used().filter(|(lookup, _)| lookup.nature == Nature::Bills);
        all.reduce(|best, other| if rank(other.0) > rank(best.0) { other } else { best })
    }

    /// Further files of bills: what has one there is kept, whatever it says.
    pub(super) fn further_bills(&self) -> impl Iterator<Item = &'a str> {
        self.used().filter(|(lookup, _)| self.is_further(lookup)).map(|(_, name)| name)
    }

    fn is_further(&self, lookup: &Joined) -> bool {
        lookup.nature == Nature::Bills && self.bills_file().is_some_and(|(asked, _)| !std::ptr::eq(asked, lookup))
    }

    /// What every rule for what is over must ask beside its own conditions.
    pub(super) fn guards(&self) -> Vec<(String, Is)> {
        let Some((lookup, name)) = self.bills_file() else { return Vec::new() };
        let guards = guards(&self.seen.tables[lookup.table], lookup).into_iter();
        guards.map(|guard| (format!("{name}.{}", guard.name), Is::Gathered(false))).collect()
    }

    /// What a person must say of the bills.
    pub(super) fn ask_of_bills(&self, lookup: &Joined, name: &str, questions: &mut Questions) {
        let table = &self.seen.tables[lookup.table];
        if self.is_further(lookup) {
            questions.ask(
                Subject::Needs,
                format!("when is a bill of {name} over, a further file of bills? Until that is said what has one is kept; or take it out"),
            );
            return;
        }
        if lookup.nature != Nature::Bills || column(table, lookup, Role::Owing).is_none() {
            return;
        }
        let asked = statuses(lookup).map(|place| &table.columns[place]).filter(|column| column.filled > 0);
        let asked: Vec<&str> = asked.map(|column| column.name.as_str()).collect();
        if !asked.is_empty() {
            questions.ask(
                Subject::Needs,
                format!(
                    "which values of {} in {name} mean that a bill is over ([lookup.gather] there)? Until that is said nothing that \
                     has a bill is due",
                    asked.join(", ")
                ),
            );
        }
        if column(table, lookup, Role::Changed).is_none() {
            questions.ask(
                Subject::Needs,
                format!("which column of {name} tells when a bill was paid? Until that is said nothing that has a bill is due"),
            );
        }
    }
}
