//! The threshold, and which rules are on: all of them, but in tests that show that each is missed.

/// The threshold that a board adopted.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How many patrons a figure must be about; at least 2, as one is nobody's crowd.
    threshold: u32,
    #[cfg(test)]
    pub(crate) weakness: Option<Weakness>,
}

/// A rule that a test switches off, to see that it is missed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) enum Weakness {
    /// Hours hang by the true weekday, though the trunk says a week.
    TrueWeekdays,
    /// Days join within the first place column alone.
    FirstPlaceAlone,
    /// A patron's column may be about a use.
    PatronAsUse,
    /// Unlinked rows are nobody's.
    UnlinkedAreNobody,
    /// Patrons of different keys are different people.
    KeysAreOne,
    /// One cell alone keeps what it says.
    OneCellAlone,
    /// Ranges of hours needn't meet every day.
    OpeningHours,
    /// Nine tenths of a place may be alike.
    NineTenths,
    /// Rare uses are published.
    RareUses,
    /// Places are published, however small.
    SmallPlaces,
    /// Days are published, however small.
    SmallDays,
    /// Kinds of patrons are published, however small.
    SmallCommunities,
    /// Titles are published, however rare.
    RareTitles,
    /// What is left beside the titles may be about few.
    BareRest,
}

impl Rules {
    pub fn new(threshold: u32) -> Rules {
        Rules {
            threshold: threshold.max(2),
            #[cfg(test)]
            weakness: None,
        }
    }

    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    #[cfg(test)]
    pub(crate) fn without(threshold: u32, weakness: Weakness) -> Rules {
        Rules { weakness: Some(weakness), ..Rules::new(threshold) }
    }

    #[cfg(test)]
    pub(crate) fn lacks(&self, weakness: Weakness) -> bool {
        self.weakness == Some(weakness)
    }

    #[cfg(not(test))]
    pub(crate) fn lacks(&self, _: Weakness) -> bool {
        false
    }
}
