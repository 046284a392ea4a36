//! Which keys a site has, what for, and until when: never a key.

use serde::Serialize;

use crate::act::begin::BeginError;
use crate::act::refusal::Refusal;
use crate::policy::Policy;
use crate::state::keys::{Keys, pseudonym_path, year_path};
use crate::state::site::{Site, check_owner};
use crate::words::{Day, Kind, Month, Period};

/// A key, as it may be shown.
#[derive(Clone, Debug, Serialize)]
pub struct KeyListed {
    /// Its file's name, without the ending: what `key destroy` takes.
    pub name: String,
    /// What it is for, in words.
    pub purpose: &'static str,
    pub kind: Option<Kind>,
    /// The months that it is about: a period's, or a year's.
    pub months: Option<Period>,
    /// The first day on which a run can end it, by the policy as it is; none: it stays.
    pub until: Option<Day>,
}

/// All keys of a site.
pub fn keys(site: &Site) -> Result<Vec<KeyListed>, Refusal> {
    check_owner(site).map_err(BeginError::from)?;
    let policy = Policy::load(&site.policy()).map_err(BeginError::from)?;
    let keys = Keys::load(site).map_err(BeginError::from)?;
    let calendar = policy.release.calendar;
    let stays = |name: &str, purpose| KeyListed { name: name.into(), purpose, kind: None, months: None, until: None };
    let mut all = vec![
        stays("site", "keyed digests: of files in state/, of exports, of identifiers"),
        stays("signing", "signs the ledger"),
    ];
    let of = |path: String, purpose, kind: Kind, months: Period| KeyListed {
        name: named(&path),
        purpose,
        kind: Some(kind),
        months: Some(months),
        until: Some(months.last_day().plus(policy.release.settle)),
    };
    let period = |(kind, month): (Kind, Month)| {
        of(
            pseudonym_path(kind, month),
            "pseudonyms of staged rows, until they are published",
            kind,
            calendar.regular(month),
        )
    };
    let year = |(kind, first): (Kind, Month)| {
        of(year_path(kind, first), "who was there in a year, until it is told how many", kind, calendar.year(first))
    };
    all.extend(keys.pseudonym_months().map(period));
    all.extend(keys.years().map(year));
    Ok(all)
}

/// A key's name from its path.
fn named(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.trim_end_matches(".key").to_owned()
}
