//! `hold place`, `hold release`, `hold list`. What is asked for never stands on the command line, which every user of the machine
//! can read while it runs; nor is it printed, but by `list`.

mod asking;
mod form;
mod listed;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use jiff::Timestamp;
use serde_json::json;

use self::form::Release;
use super::out::{Ended, Failed, print_json};
use super::shell::quoted;
use super::table::{bold, paragraph, warn};
use crate::act::{self, Asked, Meeting, PlacedHold};
use crate::state::register::no_stop;
use crate::state::site::Site;

#[derive(Subcommand)]
pub enum Hold {
    /// Keep what a matter needs, whatever the policy says; asks question by question
    Place {
        /// A file that says it instead (`afterloan help holds` shows its form); `-` for standard input
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// End a hold; it stays in the register, with who released it and why
    Release {
        /// A file that says it instead; `-` for standard input
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
    },
    /// Show all holds that were ever placed
    List,
}

impl Hold {
    /// As it was given.
    pub fn given(&self) -> String {
        let from = |from: &Option<PathBuf>| {
            from.as_ref().map(|from| format!(" --from {}", quoted(&from.display().to_string()))).unwrap_or_default()
        };
        match self {
            Hold::Place { from: file } => format!("hold place{}", from(file)),
            Hold::Release { from: file } => format!("hold release{}", from(file)),
            Hold::List => "hold list".into(),
        }
    }

    pub fn run(&self, site: &Site, json: bool) -> Result<Ended, Failed> {
        match self {
            Hold::Place { from: Some(file) } => place(site, &form::place(file)?, Some(file), json),
            Hold::Place { from: None } => match asking::on_terminal(asking::place)? {
                Some(asked) => place(site, &asked, None, json),
                None => Err(Failed::Plain("nothing was placed".into())),
            },
            Hold::Release { from: Some(file) } => release(site, &form::release(file)?, Some(file), json),
            Hold::Release { from: None } => match asking::on_terminal(asking::release)? {
                Some(asked) => release(site, &asked, None, json),
                None => Err(Failed::Plain("nothing was released".into())),
            },
            Hold::List => listed::list(&act::list_holds(site)?, json),
        }
    }
}

fn place(site: &Site, asked: &Asked, from: Option<&Path>, json: bool) -> Result<Ended, Failed> {
    let placed = act::place_hold(site, asked, to_the_second(Timestamp::now()), &no_stop)?;
    let look =
        !placed.unread.is_empty() || !placed.worklists.is_empty() || placed.patrons.iter().any(|met| met.patrons == 0);
    if json {
        print_json(&placed)?;
    } else {
        words(&placed);
        lies_there(from);
    }
    Ok(if look { Ended::Look } else { Ended::Done })
}

fn words(placed: &PlacedHold) {
    println!("{} since {}.", bold("In force"), placed.since);
    paragraph(
        "  ",
        "It counts from now: no run that commits from here on retires what it covers, and no batch of a purge begins before a new \
         run. To staff it reads undetermined.",
    );
    for (place, met) in placed.patrons.iter().enumerate() {
        patron(place + 1, placed.patrons.len(), met);
    }
    for why in &placed.unread {
        paragraph("  ", &format!("{} {why}", warn("not read:")));
    }
    if placed.run_at_work {
        paragraph(
            "  ",
            "A run is at work. If it has committed already, its worklist was made without this hold; if not, it refuses.",
        );
    }
    if !placed.worklists.is_empty() {
        paragraph(
            "  ",
            &warn("These were made before, and may name what it covers. Whoever carries them out by hand must stop:"),
        );
        placed.worklists.iter().for_each(|path| println!("    {path}"));
        paragraph("  ", "The next run makes new ones. `afterloan purge` refuses these by itself.");
    }
    if placed.taken_over > 0 {
        println!("  What was written into the register by hand is taken over.");
    }
}

fn patron(place: usize, of: usize, met: &Meeting) {
    let which = format!("Identifier {place} of {of}");
    match met.patrons {
        0 => paragraph(
            "  ",
            &warn(&format!(
                "{which} meets nobody. Until it meets somebody, everything is kept that could be hers. If it is misspelt, place \
                 another hold, and release this one."
            )),
        ),
        1 => println!("  {which} meets one patron."),
        many => println!("  {which} meets {many} patrons: all of them are held."),
    }
}

fn release(site: &Site, asked: &Release, from: Option<&Path>, json: bool) -> Result<Ended, Failed> {
    let now = to_the_second(Timestamp::now());
    act::release_hold(site, &asked.matter, &asked.by, &asked.why, now, &no_stop)?;
    if json {
        print_json(&json!({ "released": now.to_string() }))?;
    } else {
        println!("{} at {now}. The next run decides without it.", bold("Released"));
        lies_there(from);
    }
    Ok(Ended::Done)
}

/// A file that says who is meant is for nobody to find.
fn lies_there(from: Option<&Path>) {
    if let Some(from) = from.filter(|from| *from != Path::new("-")) {
        paragraph("  ", &format!("{} says it still: delete it, or keep it where nobody reads it.", from.display()));
    }
}

/// Nobody needs to know it better, and nobody reads nanoseconds.
fn to_the_second(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}
