//! What looks like it leads to a person, whoever that is: the names of the patterns, and sets of them.

use serde::{Deserialize, Serialize};

/// A shape that a text can have. Unlike a patron's identifier it may be innocent, so a policy can accept it in a column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// 14 digits that begin with 2 and end with the right check digit.
    PatronBarcode,
    /// 14 digits that begin with 3 and end with the right check digit: one item, so whoever had it.
    ItemBarcode,
    Email,
    /// North American, in the ways in which people write it; never ten bare digits.
    Phone,
    /// United States Social Security number.
    SocialSecurity,
    IpAddress,
    MacAddress,
    /// `2.1234E+13`: a spreadsheet rounded a long number. Whose it was can't be told any more, that it was one can.
    RoundedNumber,
}

impl Pattern {
    pub const ALL: [Pattern; 8] = [
        Pattern::PatronBarcode,
        Pattern::ItemBarcode,
        Pattern::Email,
        Pattern::Phone,
        Pattern::SocialSecurity,
        Pattern::IpAddress,
        Pattern::MacAddress,
        Pattern::RoundedNumber,
    ];

    /// The name in a policy.
    pub fn name(self) -> &'static str {
        match self {
            Pattern::PatronBarcode => "patron-barcode",
            Pattern::ItemBarcode => "item-barcode",
            Pattern::Email => "email",
            Pattern::Phone => "phone",
            Pattern::SocialSecurity => "social-security",
            Pattern::IpAddress => "ip-address",
            Pattern::MacAddress => "mac-address",
            Pattern::RoundedNumber => "rounded-number",
        }
    }

    /// With its article, for sentences.
    pub fn text(self) -> &'static str {
        match self {
            Pattern::PatronBarcode => "a patron's barcode",
            Pattern::ItemBarcode => "an item's barcode",
            Pattern::Email => "an e-mail address",
            Pattern::Phone => "a phone number",
            Pattern::SocialSecurity => "a Social Security number",
            Pattern::IpAddress => "an IP address",
            Pattern::MacAddress => "a device's MAC address",
            Pattern::RoundedNumber => "a long number that a spreadsheet rounded",
        }
    }
}

/// A set of patterns.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Patterns(u16);

impl Patterns {
    pub fn insert(&mut self, pattern: Pattern) {
        self.0 |= 1 << pattern as u16;
    }

    pub fn contains(self, pattern: Pattern) -> bool {
        self.0 & (1 << pattern as u16) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn union(self, other: Patterns) -> Patterns {
        Patterns(self.0 | other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Pattern> {
        Pattern::ALL.into_iter().filter(move |pattern| self.contains(*pattern))
    }
}

impl FromIterator<Pattern> for Patterns {
    fn from_iter<I: IntoIterator<Item = Pattern>>(patterns: I) -> Patterns {
        let mut set = Patterns::default();
        patterns.into_iter().for_each(|pattern| set.insert(pattern));
        set
    }
}
