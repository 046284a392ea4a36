//! `[[publish]]`: what may be worth publishing, each commented out, with what speaks for it and against it.

use toml_edit::{Array, Value};

use super::names::unique;
use super::part::Part;
use crate::profile::guess::{About, Joined, Published, Role};
use crate::profile::{Column, Look, TableProfile};
use crate::propose::evidence::evidence;
use crate::propose::page::{Page, inline, list};

struct Candidate<'a> {
    name: String,
    from: Value,
    treatment: Value,
    about: &'static str,
    codes: bool,
    why: String,
    column: Option<&'a Column>,
    dropped: bool,
}

impl Part<'_> {
    pub(super) fn published(&self, page: &mut Page) {
        page.above(
            "# ---- what may leave -------------------------------------------------------------------------------------------\n#\n\
             # Nothing, until a person says so. Take away the # of what you have looked at, and read what stands above it.\n\n",
        );
        let mut candidates = self.of_transactions();
        candidates.extend(self.of_lookups());
        candidates.extend(self.of_times());
        let mut taken: Vec<String> = Vec::new();
        for candidate in &candidates {
            let name = unique(candidate.name.clone(), &mut taken, &[]);
            candidate.print(&name, page);
        }
        tables(&taken, page);
    }

    fn of_transactions(&self) -> Vec<Candidate<'_>> {
        let all = self.table().columns.iter().zip(&self.seen.meaning.guesses);
        let found = all.filter_map(|(column, guess)| match guess.role {
            Role::Published(published) => {
                let called = column.called.to_lowercase();
                let of_patron = called.contains("home") || called.contains("patron");
                Some(candidate(published, column.name.as_str().into(), column, self.table(), (true, of_patron)))
            }
            _ => None,
        });
        found.collect()
    }

    fn of_lookups(&self) -> Vec<Candidate<'_>> {
        let mut found = Vec::new();
        for (lookup, name) in self.used().filter(|(lookup, _)| !lookup.many) {
            let table = &self.seen.tables[lookup.table];
            let is_of_patron = self.leads_to_patron(lookup);
            for (column, guess) in table.columns.iter().zip(&lookup.guesses) {
                if let Role::Published(published) = guess.role {
                    let from = format!("{name}.{}", column.name);
                    let mut value = Value::from(from.as_str());
                    if published == Published::Birth {
                        let opened =
                            self.seen.meaning.first(Role::Opened).map(|place| self.name(place)).unwrap_or_default();
                        value = list(&[from.as_str(), opened]);
                    }
                    found.push(candidate(published, value, column, table, (false, is_of_patron)));
                }
            }
        }
        found
    }

    /// Whether an export is joined by the patron, or by one that is.
    fn leads_to_patron(&self, lookup: &Joined) -> bool {
        let meaning = self.seen.meaning;
        match lookup.from {
            None => meaning.guesses[lookup.ours].role == Role::Patron,
            Some(other) => meaning.lookups.get(other).is_some_and(|other| self.leads_to_patron(other)),
        }
    }

    fn of_times(&self) -> Vec<Candidate<'_>> {
        let meaning = self.seen.meaning;
        let Some(opened) = meaning.first(Role::Opened) else { return Vec::new() };
        let from = Value::from(self.name(opened));
        let column = &self.table().columns[opened];
        let plain = |name: &str, from: Value, treatment: Value, about: &'static str, why: &str| Candidate {
            name: name.into(),
            from,
            treatment,
            about,
            codes: false,
            why: why.into(),
            column: None,
            dropped: false,
        };
        let mut found =
            vec![plain("day", from.clone(), "day".into(), "time", "small days join the week, small weeks the month")];
        let end = meaning.closed.first().filter(|place| **place != opened && meaning.about != About::Bills);
        if let Some(closed) = end {
            let both = list(&[self.name(opened), self.name(*closed)]);
            found.push(plain("duration", both, bounds("duration", &[0, 8, 15, 22, 29]), "use", "in bands alone"));
        }
        if let Some(renewals) = meaning.first(Role::Renewals) {
            found.push(plain("renewals", self.name(renewals).into(), "count".into(), "use", "a small number"));
        }
        if column.times.clocks * 2 > column.filled {
            let why = "by weekday and in ranges, apart from the day: a time finer than a day leads to people";
            found.push(plain("hours", from, "hour".into(), "time", why));
        }
        found
    }
}

/// Tables over what may be published.
fn tables(names: &[String], page: &mut Page) {
    let tables = [
        ("by-branch", &["branch", "item_type", "collection", "debit", "amount"][..]),
        ("by-patron", &["patron_category", "age_band"]),
        ("by-hour", &["weekday", "hours"]),
    ];
    page.above(
        "# Tables for anyone, counted from what is published above: without one there are none, and a month that was released\n\
         # gets none later. Each needs all of its columns published.\n\n",
    );
    for (name, columns) in tables {
        // Weekdays come with the hours.
        let is_there = |column: &&str| *column == "weekday" || names.iter().any(|name| name == column);
        let by: Vec<&str> = columns.iter().copied().filter(is_there).collect();
        if !by.is_empty() && (name != "by-hour" || by.len() == 2) {
            let mut own = Page::default();
            own.next("statistics");
            own.set("name", name, "");
            own.set("by", list(&by), "");
            page.asleep(own);
            page.above("\n");
        }
    }
}

fn candidate<'a>(
    published: Published,
    from: Value,
    column: &'a Column,
    table: &TableProfile,
    (dropped, is_of_patron): (bool, bool),
) -> Candidate<'a> {
    let (name, treatment, about, codes): (&str, Value, &'static str, bool) = match published {
        // Whatever stands on a patron's record is about her.
        Published::Branch if is_of_patron => ("home_branch", "keep".into(), "patron", true),
        Published::Branch => ("branch", "keep".into(), "place", true),
        Published::Material => ("item_type", "keep".into(), "use", true),
        Published::Collection => ("collection", "keep".into(), "use", true),
        Published::CallNumber => ("class", inline([("class".to_string(), "dewey-hundreds")]), "use", false),
        Published::PatronGroup => ("patron_category", "keep".into(), "patron", true),
        Published::Debit => ("debit", "keep".into(), "use", true),
        // Sums in cents have no point.
        Published::Amount if column.share(&[Look::Integer]) > 0.9 => {
            ("amount", bounds("band", &[0, 100, 500, 1000, 2500, 10000]), "use", false)
        }
        Published::Amount => ("amount", bounds("band", &[0, 1, 5, 10, 25, 100]), "use", false),
        Published::Birth => ("age_band", bounds("age", &[0, 6, 12, 18, 25, 35, 45, 55, 65, 75]), "patron", false),
    };
    let about = if is_of_patron { "patron" } else { about };
    let rows = table.rows.max(1);
    let many = column.distinct() * 4 > column.filled.max(1) && column.distinct() > 8;
    let why = match published {
        Published::CallNumber => "its class alone leaves; or \"lc-letter\"".to_string(),
        Published::Amount => "bands alone leave: an amount in full is known to whoever paid it".into(),
        Published::Birth => "the years at the opening alone leave, in bands".into(),
        _ if many => format!("NOT SAFE as it looks: {} values in {rows} rows; whose are they?", column.distinct()),
        _ => format!("looks safe: {} values in {rows} rows; are they all the library's own codes?", column.distinct()),
    };
    Candidate { name: name.into(), from, treatment, about, codes, why, column: Some(column), dropped }
}

impl Candidate<'_> {
    fn print(&self, name: &str, page: &mut Page) {
        page.above(&format!("# {}", self.why));
        if let Some(column) = self.column {
            page.above(&format!(" ({})", evidence(column)));
        }
        page.above(if self.dropped { ". It comes off `drop`\n" } else { "\n" });
        let mut own = Page::default();
        own.next("publish");
        own.set("name", name, "");
        own.set("from", self.from.clone(), "");
        own.set("treatment", self.treatment.clone(), "");
        own.set("about", self.about, "");
        if self.codes {
            own.set("codes", true, "                       # only if the library itself hands out these codes");
        }
        page.asleep(own);
        page.above("\n");
    }
}

/// `{ band = [0, 1, 5] }` and its like.
fn bounds(treatment: &str, bounds: &[i64]) -> Value {
    let bounds: Array = bounds.iter().copied().collect();
    inline([(treatment.to_string(), bounds)])
}
