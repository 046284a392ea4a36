//! The checker: finds for every true row what is published of it, and counts patrons over that.
//!
//! No row of a half can be joined to an export's: so it goes by values. What a true value became follows from which
//! values are published (a branch that isn't reads `other`, a day its week or its month), and the number of rows of
//! every combination says whether that is right. What can't be told apart (which group of patrons was taken into
//! `other`) is tried until the numbers fit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use super::hours;
use super::published::{Line, Month, When, week_of};
use super::statistics;
use super::subtract::{self, View};
use super::truth::{Layout, Row};

/// A true row, and what is published of it.
pub struct Told<'a> {
    pub row: &'a Row,
    pub shared: Vec<String>,
    pub material: Vec<String>,
    pub when: When,
    pub about: Vec<String>,
}

/// Rows by their places.
pub type Rows = BTreeSet<usize>;

/// What a cell of a statistic counts.
pub struct Counted {
    pub labels: Vec<String>,
    pub rows: Rows,
    /// None: its renewals aren't told.
    pub renewing: Option<Rows>,
}

pub struct Checker<'a> {
    pub rows: &'a [Row],
    pub layout: &'a Layout,
    pub threshold: usize,
}

impl Checker<'_> {
    /// Says what is wrong with the release of a month. One that wasn't released is right only where it mustn't be.
    pub fn check(&self, month: Option<&Month>) -> Result<(), String> {
        let everybody: Rows = (0..self.rows.len()).collect();
        let linked = self.rows.iter().filter(|row| row.patron != 0).count();
        let may_open = self.covers(&everybody) && linked * 10 >= self.rows.len() * 9;
        let Some(month) = month else {
            return if may_open { Err("closed without need".into()) } else { Ok(()) };
        };
        if !may_open {
            return Err("a month that doesn't cover, or can't be counted, is published".into());
        }
        let told = self.told(month)?;
        let mut views = self.halves(&told);
        for (name, by) in &self.layout.tables {
            let cells = match *name {
                "by-hour" => hours::counted(self, &month.tables[*name], &told)?,
                name => statistics::counted(self, name, by, &month.tables[name], &told)?,
            };
            views.push(View { name: (*name).into(), columns: by.iter().map(|name| (*name).into()).collect(), cells });
        }
        subtract::all_pairs(self, &views)
    }

    // ---- counting -------------------------------------------------------------------------------------------------

    pub fn covers(&self, rows: &Rows) -> bool {
        self.covers_by(rows, |_| 1)
    }

    /// At least so many patrons, none with more than half of what all patrons have.
    fn covers_by(&self, rows: &Rows, weight: impl Fn(&Row) -> u64) -> bool {
        let mut by_patron: BTreeMap<u32, u64> = BTreeMap::new();
        for row in rows.iter().map(|row| &self.rows[*row]).filter(|row| row.patron != 0 && weight(row) > 0) {
            *by_patron.entry(row.patron).or_default() += weight(row);
        }
        let most = by_patron.values().max().copied().unwrap_or(0);
        by_patron.len() >= self.threshold && 2 * most <= by_patron.values().sum()
    }

    /// A figure about nobody is no figure.
    pub fn renewals_cover(&self, rows: &Rows) -> bool {
        self.renewals(rows) == 0 || self.covers_by(rows, renewals_of)
    }

    pub fn renewals(&self, rows: &Rows) -> u64 {
        rows.iter().map(|row| renewals_of(&self.rows[*row])).sum()
    }

    pub fn patrons(&self, rows: &Rows) -> u64 {
        let patrons = rows.iter().map(|row| self.rows[*row].patron).filter(|patron| *patron != 0);
        patrons.collect::<BTreeSet<_>>().len() as u64
    }

    pub fn renewing(&self, rows: &Rows) -> Rows {
        rows.iter().copied().filter(|row| self.rows[*row].renewals > 0).collect()
    }

    // ---- what became of each row ----------------------------------------------------------------------------------

    fn told(&self, month: &Month) -> Result<Vec<Told<'_>>, String> {
        let shared = self.shared(month)?;
        let when = self.when(month, &shared)?;
        let material = self.material(month, &shared)?;
        let about = self.about(month, &shared)?;
        let mut told = Vec::with_capacity(self.rows.len());
        for (((row, shared), (when, material)), about) in
            self.rows.iter().zip(shared).zip(when.into_iter().zip(material)).zip(about)
        {
            told.push(Told { row, shared, when, material, about });
        }
        let mut lines: Vec<Line> = told.iter().map(Told::line).collect();
        lines.sort();
        let mut published = month.collection.clone();
        published.sort();
        if let Some(use_) = published.iter().flat_map(|line| &line.uses[1..]).find(|text| is_exact(text)) {
            return Err(format!("a duration is exact: {use_}"));
        }
        same("collection, row by row", &lines, &published)?;
        Ok(told)
    }

    /// Coarse to fine: a value that isn't published beside those before it reads `other`.
    fn shared(&self, month: &Month) -> Result<Vec<Vec<String>>, String> {
        let mut published: BTreeSet<&[String]> = BTreeSet::new();
        month
            .collection
            .iter()
            .for_each(|line| published.extend((0..=line.shared.len()).map(|end| &line.shared[..end])));
        let mut shared = Vec::with_capacity(self.rows.len());
        for row in self.rows {
            let mut told: Vec<String> = Vec::new();
            for value in &row.shared {
                told.push(value.clone());
                if !published.contains(&told[..]) {
                    *told.last_mut().unwrap() = "other".into();
                }
            }
            shared.push(told);
        }
        let count = self::count(shared.iter());
        same("collection, shared columns", &count, &self::count(month.collection.iter().map(|line| &line.shared)))?;
        same("community, shared columns", &count, &self::count(month.community.iter().map(|line| &line.shared)))?;
        self.all_cover("shared columns", &places(shared.iter()))?;
        Ok(shared)
    }

    /// A day that isn't published where it was reads its week, if any row there reads that week; else the month.
    fn when(&self, month: &Month, shared: &[Vec<String>]) -> Result<Vec<When>, String> {
        let published = count(month.collection.iter().map(|line| (&line.shared[0], line.when)));
        let told: Vec<(&String, When)> = self
            .rows
            .iter()
            .zip(shared)
            .map(|(row, shared)| {
                let tries = [When::Day(row.day), When::Week(week_of(row.day))];
                let when = tries.into_iter().find(|when| published.contains_key(&(&shared[0], *when)));
                (&shared[0], when.unwrap_or(When::Month))
            })
            .collect();
        same("collection, branch × time", &count(told.iter().copied()), &published)?;
        self.all_cover("branch × time", &places(told.iter().copied()))?;
        Ok(told.into_iter().map(|(_, when)| when).collect())
    }

    fn material(&self, month: &Month, shared: &[Vec<String>]) -> Result<Vec<Vec<String>>, String> {
        let published = count(month.collection.iter().map(|line| (&line.shared, &line.own)));
        let others = vec!["other".to_owned(); self.layout.material.len()];
        let material = |(row, shared): (&Row, &Vec<String>)| match published.contains_key(&(shared, &row.material)) {
            true => row.material.clone(),
            false => others.clone(),
        };
        let material: Vec<Vec<String>> = self.rows.iter().zip(shared).map(material).collect();
        same("collection, material", &count(shared.iter().zip(&material)), &published)?;
        self.all_cover("material", &places(shared.iter().zip(&material)))?;
        Ok(material)
    }

    fn about(&self, month: &Month, shared: &[Vec<String>]) -> Result<Vec<Vec<String>>, String> {
        let mut published: BTreeMap<&Vec<String>, BTreeMap<&[String], usize>> = BTreeMap::new();
        for line in &month.community {
            *published.entry(&line.shared).or_default().entry(&line.own).or_default() += 1;
        }
        let others = vec!["other".to_owned(); self.layout.patron.len()];
        let mut about = vec![others.clone(); self.rows.len()];
        for (combination, rows) in places(shared.iter()) {
            let published = &published[combination];
            self.about_in(published, &rows, &mut about).map_err(|what| format!("community {combination:?}: {what}"))?;
            let groups = places_of(&rows, |row| about[row].clone());
            same("community", &sizes(&groups), &published.iter().map(|(group, n)| (group.to_vec(), *n)).collect())?;
            self.all_cover("community", &groups)?;
            let linked = |rows: &Rows| rows.iter().filter(|row| self.rows[**row].patron != 0).count();
            for (group, own) in groups.iter().filter(|(group, _)| **group != others) {
                if own.len() * 10 > rows.len() * 9 || linked(own) * 10 > linked(&rows) * 9 {
                    return Err(format!("community {combination:?}: nearly all are {group:?}, and it is told"));
                }
            }
        }
        Ok(about)
    }

    /// Within a shared combination: a group that is published reads itself; another the finest coarsening that is. Where
    /// the numbers don't fit, some of those were taken into `other`: every choice is tried.
    fn about_in(
        &self,
        published: &BTreeMap<&[String], usize>,
        rows: &Rows,
        about: &mut [Vec<String>],
    ) -> Result<(), String> {
        let width = self.layout.patron.len();
        let coarse = |group: &[String], kept: usize| -> Vec<String> {
            group.iter().enumerate().map(|(at, text)| if at < kept { text.clone() } else { "other".into() }).collect()
        };
        let linked: Rows = rows.iter().copied().filter(|row| self.rows[*row].patron != 0).collect();
        let mut homeless: BTreeMap<Vec<String>, Vec<Rows>> = BTreeMap::new();
        for (group, own) in places_of(&linked, |row| self.rows[row].about.clone()) {
            match (0..=width).rev().map(|kept| coarse(&group, kept)).find(|coarse| published.contains_key(&coarse[..]))
            {
                Some(itself) if itself == group => own.iter().for_each(|row| about[*row] = itself.clone()),
                Some(coarse) => homeless.entry(coarse).or_default().push(own),
                None => return Err("a patron fits no group".into()),
            }
        }
        for (group, families) in homeless {
            let already = linked.iter().filter(|row| about[**row] == group).count();
            let wanted = published[&group[..]];
            // Who doesn't cover was coarsened and not taken in; the pool takes in its smallest sibling first.
            let coarsened: Vec<bool> = families.iter().map(|rows| !self.covers(rows)).collect();
            let all_other = group.iter().all(|text| text == "other");
            let mut best: Option<(u64, Rows)> = None;
            for choice in 0..1_u32 << families.len().min(16) {
                let is_chosen = |at: usize| all_other || coarsened[at] || choice >> at & 1 == 1;
                let (mut chosen, mut taken_in) = (Rows::new(), Rows::new());
                for (at, rows) in families.iter().enumerate() {
                    if is_chosen(at) { &mut chosen } else { &mut taken_in }.extend(rows);
                }
                let patrons = self.patrons(&taken_in);
                if (all_other || already + chosen.len() == wanted) && best.as_ref().is_none_or(|best| patrons < best.0)
                {
                    best = Some((patrons, chosen));
                }
            }
            match best {
                Some((_, chosen)) => chosen.iter().for_each(|row| about[*row] = group.clone()),
                None => return Err(format!("no groups make up the {wanted} rows of {group:?}")),
            }
        }
        Ok(())
    }

    fn all_cover<K: Debug>(&self, what: &str, cells: &BTreeMap<K, Rows>) -> Result<(), String> {
        match cells.iter().find(|(_, rows)| !self.covers(rows)) {
            Some((cell, rows)) => Err(format!("{what}: {cell:?} is about {} patrons", self.patrons(rows))),
            None => Ok(()),
        }
    }

    // ---- differences -----------------------------------------------------------------------------------------------

    /// The halves, aggregated over all their columns, and the weekday that follows from the day.
    fn halves(&self, told: &[Told<'_>]) -> Vec<View> {
        let mut columns = [&self.layout.shared[..], &self.layout.material, &self.layout.uses].concat();
        columns.extend(["when", "weekday"]);
        let about = [&self.layout.shared[..], &self.layout.patron].concat();
        let view = |name: &str, columns: &[&str], renewals: bool| View {
            name: name.into(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            cells: places(
                told.iter()
                    .map(|told| columns.iter().map(|column| told.label(self.layout, column)).collect::<Vec<_>>()),
            )
            .into_iter()
            .map(|(labels, rows)| Counted { labels, renewing: renewals.then(|| self.renewing(&rows)), rows })
            .collect(),
        };
        vec![view("collection", &columns, self.layout.renewals), view("community", &about, false)]
    }
}

impl Told<'_> {
    fn line(&self) -> Line {
        let (class, duration) = (self.row.uses[0].clone(), &self.row.uses[1]);
        let duration = if is_exact(duration) { "other".into() } else { duration.clone() };
        Line {
            shared: self.shared.clone(),
            own: self.material.clone(),
            uses: vec![class, duration],
            when: self.when,
            renewals: renewals_of(self.row),
        }
    }

    pub fn label(&self, layout: &Layout, column: &str) -> String {
        let find =
            |columns: &[&str], texts: &[String]| columns.iter().position(|c| *c == column).map(|at| texts[at].clone());
        match column {
            "when" => format!("{:?}", self.when),
            "weekday" if !matches!(self.when, When::Day(_)) => "no weekday".into(),
            "weekday" => hours::weekday(self.row.day).into(),
            _ => find(&layout.shared, &self.shared)
                .or_else(|| find(&layout.material, &self.material))
                .or_else(|| find(&layout.uses, &self.line().uses))
                .or_else(|| find(&layout.patron, &self.about))
                .unwrap(),
        }
    }
}

/// As published: more than 65,535 read 65,535.
fn renewals_of(row: &Row) -> u64 {
    row.renewals.min(65_535)
}

/// With the day of opening, one number of days would give the day of return.
fn is_exact(duration: &str) -> bool {
    !duration.is_empty() && duration.bytes().all(|c| c.is_ascii_digit())
}

pub fn count<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

/// The places of each key.
pub fn places<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, Rows> {
    let mut places: BTreeMap<K, Rows> = BTreeMap::new();
    keys.enumerate().for_each(|(at, key)| places.entry(key).or_default().extend([at]));
    places
}

pub fn places_of<K: Ord>(rows: &Rows, key: impl Fn(usize) -> K) -> BTreeMap<K, Rows> {
    let mut places: BTreeMap<K, Rows> = BTreeMap::new();
    rows.iter().for_each(|row| places.entry(key(*row)).or_default().extend([*row]));
    places
}

fn sizes<K: Ord + Clone>(groups: &BTreeMap<K, Rows>) -> BTreeMap<K, usize> {
    groups.iter().map(|(key, rows)| (key.clone(), rows.len())).collect()
}

pub fn same<T: PartialEq + Debug>(what: &str, expected: &T, found: &T) -> Result<(), String> {
    if expected == found { Ok(()) } else { Err(format!("{what}: what is published isn't what happened")) }
}
