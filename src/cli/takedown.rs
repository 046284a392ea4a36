//! `takedown`: published files are withdrawn.

use jiff::Timestamp;

use super::confirm::confirmed;
use super::out::{Ended, Failed, print_json};
use super::table::paragraph;
use crate::act::{take_down, would_take_down};
use crate::state::commit::no_hook;
use crate::state::site::Site;

/// `yes`: nobody is asked.
pub fn run(site: &Site, paths: &[String], (by, why): (&str, &str), yes: bool, json: bool) -> Result<Ended, Failed> {
    let goes = would_take_down(site, paths)?;
    if !json {
        println!("{} of public/, each a period of a table:", if yes { "Takes down" } else { "Would take down" });
        goes.iter().for_each(|folder| println!("  {folder}"));
    }
    confirmed(yes, "What is taken down is never published again.")?;
    let taken = take_down(site, Timestamp::now(), paths, (by, why), &no_hook)?;
    if json {
        print_json(&taken)?;
        return Ok(Ended::Done);
    }
    paragraph(
        "",
        "They are gone, and series, pages and the data package are made anew without them. Copies that others have stay.",
    );
    println!("Head:    {}", taken.head);
    Ok(Ended::Done)
}
