//! Legal holds by command: placed and released at once, whatever runs, and told to nobody.

mod at_work;
mod names;
mod unseen;

use std::fs;
use std::process::{Command, Output, Stdio};

use afterloan::act::{Asked, PlacedHold, Refusal, place_hold, release_hold};
use afterloan::state::register::{Scope, Trigger, no_stop};
use jiff::Timestamp;

use crate::support::inbox::CANARY;
use crate::support::{TestSite, afterloan};

/// While the exports are young, long before the clock of these tests.
pub fn noon() -> Timestamp {
    "2026-10-31T16:00:00Z".parse().unwrap()
}

/// A hold on these patrons and nothing else said.
pub fn on(patrons: &[&str]) -> Asked {
    let patrons = Some(patrons.iter().map(|patron| patron.to_string()).collect());
    of(patrons, Scope::default())
}

pub fn of(patrons: Option<Vec<String>>, scope: Scope) -> Asked {
    let matter = format!("{CANARY} {:?}", patrons.as_ref().map_or(0, Vec::len));
    Asked { matter, trigger: Trigger::CourtOrder, by: format!("{CANARY} Director"), until: None, patrons, scope }
}

pub fn place(site: &TestSite, asked: &Asked) -> PlacedHold {
    place_hold(&site.site(), asked, noon(), &no_stop).unwrap()
}

pub fn try_release(site: &TestSite, asked: &Asked) -> Result<(), Refusal> {
    release_hold(&site.site(), &asked.matter, "the director", "settled", noon(), &no_stop)
}

/// The command, with something on its standard input.
pub fn told(site: &TestSite, args: &[&str], input: &str) -> Output {
    use std::io::Write;
    let mut command: Command = afterloan();
    let command = command.args(args).arg("--site").arg(site.root());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub fn register(site: &TestSite) -> String {
    fs::read_to_string(site.at("state/holds.json")).unwrap()
}
