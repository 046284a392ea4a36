//! What is guessed of a set of files: what each column may be, and how the files join.

/// What a column may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Transaction,
    Patron,
    Item,
    Opened,
    Closed,
    Renewals,
    Renews,
    /// Staff, proxies, requestors.
    People,
    /// Leads to a person, or may.
    Identifier,
    /// A part of a person's name.
    Name,
    /// May not stand alone: birth dates, post codes.
    Alone,
    /// Says where a transaction stands.
    Status,
    /// Joins another file, and nothing more.
    Key,
    /// What is still owed.
    Owing,
    /// When something was paid or last changed.
    Changed,
    /// Whether a patron chose to keep a history.
    History,
    /// Worth publishing, perhaps.
    Published(Published),
    /// Says nothing about a person, by its name and its look.
    Harmless,
    /// Holds an object or a list, and can't be looked at.
    Nested,
}

/// What could be published of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Published {
    Branch,
    Material,
    Collection,
    CallNumber,
    PatronGroup,
    /// In bands of years at the opening, and not as it is.
    Birth,
    /// What a bill is for.
    Debit,
    /// In bands.
    Amount,
}

/// A guess about a column.
#[derive(Clone, Debug)]
pub struct Guess {
    pub role: Role,
    pub why: String,
    /// Whether nothing speaks for it but caution.
    pub doubtful: bool,
}

impl Guess {
    pub(super) fn sure(role: Role, why: impl Into<String>) -> Guess {
        Guess { role, why: why.into(), doubtful: false }
    }

    pub(super) fn doubtful(role: Role, why: impl Into<String>) -> Guess {
        Guess { role, why: why.into(), doubtful: true }
    }

    /// Whether it keeps the column from everybody.
    pub fn is_identifying(&self) -> bool {
        matches!(self.role, Role::Patron | Role::People | Role::Identifier | Role::Name | Role::Alone)
            || self.role == Role::Published(Published::Birth)
    }
}

/// What transactions are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    Loans,
    Holds,
    Sessions,
    Ill,
    Registrations,
    Bills,
}

/// What a set of files may mean.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub about: About,
    /// The tables of transactions; all have the columns of the first.
    pub sources: Vec<usize>,
    /// Of the first source's columns.
    pub guesses: Vec<Guess>,
    /// Columns of which an id is made, where none has one.
    pub made: Vec<usize>,
    /// Values of the patron's column that are said to name nobody.
    pub nobody: Vec<String>,
    /// Columns that name the patron, the best first.
    pub patrons: Vec<usize>,
    /// Columns that end a transaction.
    pub closed: Vec<usize>,
    pub lookups: Vec<Joined>,
    /// Tables that join nothing, and why.
    pub left_out: Vec<(usize, String)>,
    /// Tables that seem to say what is owed, and aren't known to belong to any transaction.
    pub debts_apart: Vec<usize>,
    /// Tables that look like transactions, too, of another kind.
    pub also: Vec<(usize, About)>,
    /// Whether the ids of transactions are numbers.
    pub ids_are_numbers: bool,
}

/// Another file, joined.
#[derive(Clone, Debug)]
pub struct Joined {
    pub table: usize,
    /// Whose column joins it: None, the transactions'; else the nth lookup's.
    pub from: Option<usize>,
    pub ours: usize,
    pub theirs: Vec<usize>,
    /// Whether several of its rows have one key.
    pub many: bool,
    pub nature: Nature,
    pub guesses: Vec<Guess>,
    pub why: String,
    /// It joins nothing, and is there so that what it holds is searched for.
    pub doubtful: bool,
}

impl Meaning {
    pub fn first(&self, role: Role) -> Option<usize> {
        self.guesses.iter().position(|guess| guess.role == role)
    }

    pub fn all(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.guesses.iter().enumerate().filter(move |(_, guess)| guess.role == role).map(|(place, _)| place)
    }
}

/// What another file is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Nature {
    Persons,
    Bills,
    Claims,
    /// When transactions ended, where their own file doesn't say it.
    Returns,
    /// What is out now, or waits: a row is enough.
    Current,
    Other,
}
