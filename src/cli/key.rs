//! `key`: which keys the site has, a new one that signs, the end of one before its time.

use clap::Subcommand;
use jiff::Timestamp;

use super::confirm::confirmed;
use super::out::{Ended, Failed, print_json};
use super::shell::quoted;
use super::table::{bold, paragraph};
use crate::act::{self, DestroyedKey, KeyListed, RotatedKey};
use crate::state::commit::no_hook;
use crate::state::entropy::System;
use crate::state::site::Site;
use crate::words::{Month, Period};

#[derive(Subcommand)]
pub enum Key {
    /// Which keys there are, what for, and until when; never a key
    List,
    /// A new key signs the ledger from now on; what the old one signed stays good
    Rotate {
        /// Who does it, for the ledger
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why, for the ledger
        #[arg(long, value_name = "WHY")]
        why: String,
    },
    /// End a key before its time: staged rows of its months, or who was there in its year, and what could be told of them
    Destroy {
        /// Its name, as `key list` has it
        name: String,
        /// Who does it, for the ledger
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Why, for the ledger
        #[arg(long, value_name = "WHY")]
        why: String,
        /// Don't ask first
        #[arg(long)]
        yes: bool,
    },
}

impl Key {
    pub fn given(&self) -> String {
        let said = |by: &str, why: &str| format!(" --by {} --why {}", quoted(by), quoted(why));
        match self {
            Key::List => "key list".into(),
            Key::Rotate { by, why } => format!("key rotate{}", said(by, why)),
            Key::Destroy { name, by, why, yes } => {
                format!("key destroy {}{}{}", quoted(name), said(by, why), if *yes { " --yes" } else { "" })
            }
        }
    }
}

pub fn run(site: &Site, key: &Key, json: bool) -> Result<Ended, Failed> {
    let now = Timestamp::now();
    match key {
        Key::List => list(&act::keys(site)?, json)?,
        Key::Rotate { by, why } => {
            let rotated = act::rotate(site, now, (by, why), &mut System, &no_hook)?;
            if json { print_json(&rotated)? } else { say_rotated(&rotated) }
        }
        Key::Destroy { name, by, why, yes } => {
            let what = format!("{name}: the key goes for good, and with it what is staged or remembered under it.");
            confirmed(*yes, &what)?;
            let destroyed = act::destroy(site, now, name, (by, why), &no_hook)?;
            if json { print_json(&destroyed)? } else { say_destroyed(&destroyed) }
        }
    }
    Ok(Ended::Done)
}

fn list(keys: &[KeyListed], json: bool) -> Result<(), Failed> {
    if json {
        return print_json(&serde_json::json!({ "keys": keys }));
    }
    for key in keys {
        println!("{}", bold(&key.name));
        paragraph("  for    ", key.purpose);
        if let (Some(kind), Some(months)) = (key.kind, key.months) {
            println!("  of     {kind}s, {}", of(months));
        }
        match key.until {
            Some(until) => println!("  until  {until}, by the policy; a period that is about too few waits longer"),
            None => println!("  until  for good"),
        }
    }
    Ok(())
}

fn of(months: Period) -> String {
    if months.first == months.last { months.first.to_string() } else { format!("{} to {}", months.first, months.last) }
}

fn say_rotated(rotated: &RotatedKey) {
    paragraph(
        "",
        "A new key signs the ledger from the next entry on. Who keeps a copy of reports/public-key takes the new one:",
    );
    println!("  {}", rotated.public_key);
    println!("Head:    {}", rotated.head);
}

fn say_destroyed(destroyed: &DestroyedKey) {
    let months = |all: &[Month]| all.iter().map(Month::to_string).collect::<Vec<_>>().join(", ");
    println!("{} is destroyed.", destroyed.key);
    if !destroyed.closed.is_empty() {
        let text = format!(
            "closed: {}. What was staged of them is gone, and nothing of them is ever published",
            months(&destroyed.closed)
        );
        paragraph("  - ", &text);
    }
    if !destroyed.untold.is_empty() {
        let text = format!("never told, of the year from {} on: how many patrons it had", months(&destroyed.untold));
        paragraph("  - ", &text);
    }
    paragraph("  - ", "backups of state/ may have the key still: it is gone with the last of them");
    println!("Head:    {}", destroyed.head);
}
