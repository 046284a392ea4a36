//! Runs that nobody has signed in the time that the policy gives: said by every command that opens a site, once it is done, on
//! standard error, and in its JSON. Where something can't be read it says nothing.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;

use crate::act::Overdue;
use crate::state::site::Site;

/// The site that this process was called for.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Says which site the command opens.
pub fn watch(root: &Path) {
    let _ = ROOT.set(root.to_owned());
}

/// What should be signed by now.
pub fn overdue() -> Option<Overdue> {
    Overdue::of(&Site::open(ROOT.get()?).ok()?, Timestamp::now())
}

/// In a line. `only_site`: the argument that names the site.
pub fn said(overdue: Overdue, only_site: &str) -> String {
    let Overdue { first, last, days, sign_within } = overdue;
    let (runs, oldest) = if first == last {
        (format!("run {first} is not signed"), "it")
    } else {
        (format!("runs {first} to {last} are not signed"), "the oldest")
    };
    let allowed = if sign_within == 1 { "1 day".into() } else { format!("{sign_within} days") };
    let days = if days == 1 { "1 day".into() } else { format!("{days} days") };
    format!("{runs}; {oldest} is {days} old (policy: {allowed}): afterloan verify{only_site} --sign NAME")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line() {
        let overdue = Overdue { first: 12, last: 15, days: 41, sign_within: 30 };
        let line =
            "runs 12 to 15 are not signed; the oldest is 41 days old (policy: 30 days): afterloan verify --sign NAME";
        assert_eq!(said(overdue, ""), line);
        let one = Overdue { last: 12, days: 2, sign_within: 1, ..overdue };
        let line = "run 12 is not signed; it is 2 days old (policy: 1 day): afterloan verify --site x --sign NAME";
        assert_eq!(said(one, " --site x"), line);
    }
}
