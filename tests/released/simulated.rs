//! Simulated libraries and a year of them: who borrows, asks for, sits at computers and reads from afar; and what is true of it.
//!
//! Nothing here knows the release. What comes back does so within four weeks, so that a row says the same whenever it is read
//! after its month has settled.

use jiff::civil::{Date, DateTime, date};
use jiff::{Span as Time, ToSpan};

use super::truth::{Layout, Row, age_band, banded, dewey};

/// What kind of library it is.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    pub seed: u64,
    pub borrowers: u32,
    pub branches: u32,
    /// A second place: children's, general, audio and video.
    pub areas: bool,
    /// The last branch comes on two afternoons a week, and few borrow there.
    pub bookmobile: bool,
    /// Every Tuesday at ten a school class comes to the first branch.
    pub school_class: bool,
    /// The share of borrowers whose loans are anonymous at return.
    pub privacy: f64,
    /// From the 15th of a month on, Mondays are open until 21.
    pub hours_change: bool,
    /// No loan ever names anybody.
    pub names_nobody: bool,
}

pub const PLAIN: Library = Library {
    seed: 1,
    borrowers: 800,
    branches: 2,
    areas: false,
    bookmobile: false,
    school_class: true,
    privacy: 0.04,
    hours_change: true,
    names_nobody: false,
};

pub struct Patron {
    pub number: u32,
    pub home: u32,
    pub category: &'static str,
    pub born: Option<Date>,
    pub private: bool,
    /// Visits in ten months.
    visits: u64,
}

/// A title as it is lent, with its item's number.
pub struct Item {
    pub number: u32,
    pub kind: &'static str,
    pub collection: &'static str,
    pub area: &'static str,
    pub call_number: &'static str,
}

pub struct Loan {
    pub id: usize,
    pub patron: usize,
    pub item: usize,
    pub branch: u32,
    pub opened: DateTime,
    pub returned: Option<DateTime>,
    pub renewals: i64,
}

pub struct Hold {
    pub id: usize,
    pub patron: usize,
    pub item: usize,
    pub branch: u32,
    pub made: Date,
    /// None: nothing was ever caught for it.
    pub waiting: Option<Date>,
}

pub struct Session {
    pub id: usize,
    /// None: a guest, of whom nothing is noted.
    pub patron: Option<usize>,
    pub branch: u32,
    pub area: &'static str,
    pub from: DateTime,
    pub minutes: i32,
}

pub struct Request {
    pub patron: Option<usize>,
    pub at: DateTime,
    pub platform: usize,
}

/// A year of a library, from November to October; or longer.
pub struct Year {
    pub library: Library,
    pub patrons: Vec<Patron>,
    pub items: Vec<Item>,
    pub loans: Vec<Loan>,
    pub holds: Vec<Hold>,
    pub sessions: Vec<Session>,
    pub requests: Vec<Request>,
}

pub const FIRST: Date = date(2025, 11, 1);
pub const LAST: Date = date(2026, 10, 31);

/// Hosts, and what the shipped pipeline calls their platforms.
pub const PLATFORMS: [(&str, &str); 5] = [
    ("www.jstor.org", "JSTOR"),
    ("search.ebscohost.com", "EBSCO"),
    ("www.sciencedirect.com", "Elsevier"),
    ("www.kanopy.com", "Kanopy"),
    ("go.gale.com", "Gale"),
];

const CATEGORIES: [(&str, u32, i64, i64); 6] = [
    ("AD", 51, 18, 64),
    ("CH", 22, 1, 11),
    ("YA", 10, 12, 17),
    ("SR", 14, 65, 90),
    ("ST", 2, 20, 64),
    ("HB", 1, 55, 90),
];
const AREAS: [&str; 2] = ["Adult", "Teen"];

impl Library {
    /// When a branch is open on a day: from, to (excluded).
    pub fn opens(&self, branch: u32, day: Date) -> Option<(i8, i8)> {
        let weekday = day.weekday().to_monday_zero_offset();
        if self.bookmobile && branch + 1 == self.branches {
            return (weekday == 1 || weekday == 3).then_some((14, 17));
        }
        match weekday {
            6 => None,
            5 => Some((10, 14)),
            0 if self.hours_change && day.day() >= 15 => Some((9, 21)),
            0 | 2 if branch > 2 => None,
            _ => Some((9, 18)),
        }
    }

    fn weights(&self) -> Vec<u32> {
        let weight = |branch| if self.bookmobile && branch + 1 == self.branches { 2 } else { 100 / (branch + 1) };
        (0..self.branches).map(weight).collect()
    }

    fn patrons(&self, random: &mut Random) -> Vec<Patron> {
        let (weights, shares) = (self.weights(), CATEGORIES.map(|(_, share, ..)| share));
        let patron = |at: u32| {
            let (category, _, youngest, oldest) = CATEGORIES[random.among(&shares)];
            let age = youngest + random.below((oldest - youngest + 1) as u64) as i64;
            let born = FIRST.saturating_sub((age * 365 + 6 + random.below(350) as i64).days());
            Patron {
                number: 50_001 + at,
                home: random.among(&weights) as u32,
                category: if at == 0 && self.school_class { "CLASS" } else { category },
                born: (!random.chance(0.02)).then_some(born),
                private: random.chance(self.privacy),
                visits: [0, 5, 10, 25, 60][random.among(&[35, 30, 20, 12, 3])],
            }
        };
        (0..self.borrowers).map(patron).collect()
    }

    pub fn year(&self) -> Year {
        self.since(FIRST)
    }

    /// What happened from that day on, until the end of October.
    pub fn since(&self, first: Date) -> Year {
        let mut random = Random(self.seed);
        let patrons = self.patrons(&mut random);
        let items = items(&mut random);
        let mut year = Year {
            library: *self,
            patrons,
            items,
            loans: Vec::new(),
            holds: Vec::new(),
            sessions: Vec::new(),
            requests: Vec::new(),
        };
        let days: Vec<Date> = first.series(1.day()).take_while(|day| *day <= LAST).collect();
        for day in days {
            for patron in 0..year.patrons.len() {
                year.visit(&mut random, patron, day);
            }
        }
        year
    }
}

impl Year {
    /// What a patron does on a day.
    fn visit(&mut self, random: &mut Random, patron: usize, day: Date) {
        let Patron { category, home, visits, .. } = self.patrons[patron];
        let is_class = category == "CLASS";
        let comes = if is_class {
            day.weekday() == jiff::civil::Weekday::Tuesday
        } else {
            random.below(300) < visits && random.below(10) < 9
        };
        // A tenth of what is done is done from afar.
        if !is_class && random.below(3_000) < visits {
            for at in 0..1 + random.below(6) {
                let named = (!random.chance(0.02)).then_some(patron);
                // Not from two to three: on one night of the year there is no such hour.
                let hour = (random.below(23) + 3) % 24;
                let at = day.at(hour as i8, (9 * at) as i8, random.below(60) as i8, 0);
                self.requests.push(Request { patron: named, at, platform: random.among(&[40, 30, 20, 8, 2]) });
            }
        }
        if !comes {
            return;
        }
        let branch =
            if is_class || random.chance(0.9) { home } else { random.below(self.library.branches.into()) as u32 };
        let Some((from, to)) = self.library.opens(branch, day) else { return };
        let hour = if is_class { 10 } else { from + random.below((to - from) as u64) as i8 };
        let at = day.at(hour, random.below(50) as i8, 0, 0);
        let many = if is_class { 5 + u64::from(self.library.borrowers.min(1_000) / 50) } else { 1 + random.below(6) };
        let child = ["CH", "YA", "CLASS"].contains(&category);
        for second in 0..many {
            let item = self.item(random, child);
            let took = 1 + random.below(27) as i64;
            let returned = random.chance(0.97).then(|| at.date().saturating_add(took.days()).at(12, 0, 0, 0));
            let (id, renewals) = (1_000_000 + self.loans.len(), random.among(&[70, 20, 8, 2]) as i64);
            let opened = at.saturating_add(Time::new().seconds(second as i64));
            self.loans.push(Loan { id, patron, item, branch, opened, returned, renewals });
        }
        if random.chance(0.2) {
            let (item, waits) = (self.item(random, child), random.below(25) as i64);
            let waiting = random.chance(0.92).then(|| day.saturating_add(waits.days()));
            self.holds.push(Hold { id: 2_000_000 + self.holds.len(), patron, item, branch, made: day, waiting });
        }
        if random.chance(0.25) {
            let (named, minutes) = ((!random.chance(0.03)).then_some(patron), 1 + random.below(150) as i32);
            let (id, area) = (3_000_000 + self.sessions.len(), AREAS[usize::from(child)]);
            self.sessions.push(Session { id, patron: named, branch, area, from: at, minutes });
        }
    }

    fn item(&self, random: &mut Random, child: bool) -> usize {
        loop {
            let item = random.below(self.items.len() as u64) as usize;
            if (self.items[item].area == "CHILD") == child {
                return item;
            }
        }
    }

    // ---- what is true ---------------------------------------------------------------------------------------------

    /// Every transaction of a kind, as it would be told if nothing were coarsened.
    pub fn truth(&self, layout: &Layout) -> Vec<Row> {
        match layout.kind {
            "loan" => self.loans.iter().map(|loan| self.loan(layout, loan)).collect(),
            "hold" => self.holds.iter().map(|hold| self.hold(layout, hold)).collect(),
            "session" => self.sessions.iter().map(|session| self.session(session)).collect(),
            _ => self.requests.iter().map(request).collect(),
        }
    }

    fn loan(&self, layout: &Layout, loan: &Loan) -> Row {
        let patron = &self.patrons[loan.patron];
        // Koha severs it itself, at return.
        let named = !(self.library.names_nobody || patron.private && loan.returned.is_some());
        let day = loan.opened.date();
        let took = loan.returned.map_or(99, |returned| (returned.date() - day).get_days());
        Row {
            patron: if named { loan.patron as u32 + 1 } else { 0 },
            day,
            hour: loan.opened.hour() as u8,
            numbers: vec![1, loan.renewals],
            places: self.places(layout, loan.branch, Some(loan.item)),
            uses: self.uses(Some(loan.item), took),
            about: self.about(named.then_some(loan.patron), day),
        }
    }

    fn hold(&self, layout: &Layout, hold: &Hold) -> Row {
        let item = hold.waiting.map(|_| hold.item);
        let waited = hold.waiting.map_or(0, |waiting| (waiting - hold.made).get_days());
        let mut uses = self.uses(item, waited);
        // Whatever came was fetched long before its month is released; nothing is cancelled.
        let (wait, ended) = if hold.waiting.is_some() { (None, "fulfilled") } else { (Some("not come"), "not ended") };
        uses[4] = wait.map_or(uses[4].clone(), str::to_owned);
        uses.push(ended.to_owned());
        Row {
            patron: hold.patron as u32 + 1,
            day: hold.made,
            hour: 24,
            numbers: Vec::new(),
            places: self.places(layout, hold.branch, item),
            uses,
            about: self.about(Some(hold.patron), hold.made),
        }
    }

    fn session(&self, session: &Session) -> Row {
        Row {
            patron: session.patron.map_or(0, |patron| patron as u32 + 1),
            day: session.from.date(),
            hour: session.from.hour() as u8,
            numbers: Vec::new(),
            places: vec![branch_code(session.branch), session.area.into()],
            uses: vec![banded(session.minutes, &super::truth::MINUTES)],
            about: vec![session.patron.map_or("Guest", |patron| self.patrons[patron].category).into()],
        }
    }

    fn places(&self, layout: &Layout, branch: u32, item: Option<usize>) -> Vec<String> {
        let area = item.map_or("unknown", |item| self.items[item].area);
        [branch_code(branch), area.into()].into_iter().take(layout.places.len()).collect()
    }

    fn uses(&self, item: Option<usize>, days: i32) -> Vec<String> {
        let length = banded(days, &super::truth::DAYS);
        match item.map(|item| &self.items[item]) {
            None => ["unknown"; 4].map(String::from).into_iter().chain([length]).collect(),
            Some(item) => {
                let material = super::truth::mapped(item.kind, &super::exports::KOHA_MATERIALS);
                vec![material, item.kind.into(), item.collection.into(), dewey(item.call_number), length]
            }
        }
    }

    fn about(&self, patron: Option<usize>, day: Date) -> Vec<String> {
        match patron.map(|patron| &self.patrons[patron]) {
            None => vec!["unknown".into(), "unknown".into()],
            Some(patron) => vec![patron.category.into(), age_band(patron.born, day)],
        }
    }
}

fn request(request: &Request) -> Row {
    Row {
        patron: request.patron.map_or(0, |patron| patron as u32 + 1),
        day: request.at.date(),
        hour: request.at.hour() as u8,
        numbers: Vec::new(),
        places: Vec::new(),
        uses: vec![PLATFORMS[request.platform].1.into()],
        about: Vec::new(),
    }
}

pub fn branch_code(branch: u32) -> String {
    format!("B{branch}")
}

fn items(random: &mut Random) -> Vec<Item> {
    let item = |at: u32| {
        let area = ["CHILD", "GEN", "AV"][random.among(&[30, 62, 8])];
        let kind = if area == "AV" { "DVD" } else { ["BK", "AUD", "MAG", "TOOL"][random.among(&[88, 6, 5, 1])] };
        let adult = ["FIC", "NFIC", "LOC"][random.among(&[50, 45, 5])];
        let collection = if area == "CHILD" { "JUV" } else { adult };
        let numbers = ["FIC ALD", "813.54 ALD", "641.5 BRO", "974.6 COL", "QA76 .D3", ""];
        let call_number = if collection == "JUV" { "J FIC ALD" } else { numbers[random.below(6) as usize] };
        Item { number: 700_001 + at, kind, collection, area, call_number }
    };
    (0..900).map(item).collect()
}

/// Numbers that look random and are the same every time (SplitMix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn chance(&mut self, share: f64) -> bool {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64 <= share && share > 0.0
    }

    fn among(&mut self, weights: &[u32]) -> usize {
        let mut at = self.below(weights.iter().map(|weight| u64::from(*weight)).sum()) as i64;
        let place = weights.iter().position(|weight| {
            at -= i64::from(*weight);
            at < 0
        });
        place.unwrap_or_default()
    }
}
