//! `init`: a new site, with the pipelines of a system that afterloan knows, or with one that it guesses.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::out::{Ended, Failed};
use super::shell::quoted;
use super::table::{bold, paragraph};
use crate::evidence::public_key;
use crate::live::FILE;
use crate::propose::policy;
use crate::propose::shipped::Shipped;
use crate::state::disk;
use crate::state::entropy::System;
use crate::state::keys::Keys;
use crate::state::site::{Site, check_owner_of};
use crate::words::Kind;

mod database;
mod from;
mod made;
mod said;
mod shown;
mod systems;

use database::Database;
use made::Made;
use said::SaidColumns;
use systems::{About, Ils, Service};

#[derive(Args)]
pub struct Init {
    /// The folder to make
    dir: PathBuf,
    /// The library system
    #[arg(long, conflicts_with = "from")]
    ils: Option<Ils>,
    /// An export of a system that afterloan doesn't know; give one for each file, the transactions' among them (of a workbook
    /// with several sheets book.xlsx#Sheet). Or the files of one log
    #[arg(long, value_name = "FILE")]
    from: Vec<PathBuf>,
    /// With --from, for a file that doesn't begin with the names of its columns: NAME=id,patron,…; NAME is the file's
    #[arg(long, requires = "from", value_name = "NAME=COLUMNS")]
    header: Vec<String>,
    /// With --from: what the transactions are, where it can't be guessed
    #[arg(long, requires = "from")]
    kind: Option<About>,
    /// Services beside it whose records name people; may be given several times
    #[arg(long = "with", value_name = "SERVICE", conflicts_with = "from")]
    services: Vec<Service>,
    /// The library's name, as it is printed on reports
    #[arg(long, default_value = "Our library")]
    name: String,
    /// The library's time zone
    #[arg(long, default_value = "America/New_York", value_name = "ZONE")]
    timezone: String,
    #[command(flatten)]
    database: Database,
    // Last: its heading would stand above what follows.
    #[command(flatten)]
    columns: SaidColumns,
}

impl Init {
    /// Its arguments, as a shell takes them.
    pub fn given(&self) -> String {
        let after = std::env::args_os().skip_while(|argument| argument != "init").skip(1);
        after.map(|one| format!(" {}", quoted(&one.to_string_lossy()))).collect()
    }

    pub fn run(&self) -> Result<Ended, Failed> {
        jiff::tz::TimeZone::get(&self.timezone).map_err(|_| {
            Failed::Plain(format!("--timezone: `{}` is no IANA time zone, such as America/New_York", self.timezone))
        })?;
        if self.ils.is_none() && self.from.is_empty() {
            return Err(Failed::Plain(
                "say which library system it is (--ils koha; `afterloan help init` lists them), or, of any other, give its \
                 exports to be looked at (--from loans.csv --from patrons.csv)"
                    .into(),
            ));
        }
        if fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_some()) {
            let dir = self.dir.display();
            return Err(Failed::Plain(format!("{dir} is not empty: a site is made in a folder of its own")));
        }
        if self.dir.symlink_metadata().is_ok() {
            check_owner_of(&self.dir)?;
        }
        let pipelines = match self.ils {
            Some(ils) => self.pipelines(ils)?.iter().map(Made::from).collect(),
            None => vec![self.proposed()?],
        };
        let (pipelines, system) = match (self.ils, self.database.is_asked_for()) {
            (Some(ils), true) => match self.database.connect(ils, &self.timezone, pipelines)? {
                Some(connected) => (connected.pipelines, Some(connected.text)),
                None => (Vec::new(), None),
            },
            _ => (pipelines, None),
        };
        let site = Site::create(&self.dir)?;
        let keys = Keys::create(&site, &mut System)?;
        let write = |path: PathBuf, text: &str| {
            use std::os::unix::fs::PermissionsExt;
            fs::write(&path, text)
                .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o644)))
                .map_err(|error| Failed::Plain(format!("{}: {error}", path.display())))
        };
        let kinds: BTreeSet<Kind> = pipelines.iter().map(|known| known.kind).collect();
        let policy = policy(&self.name, &self.timezone, kinds).map_err(|error| {
            Failed::Plain(format!("the policy can't be written; please report this fault: {error}"))
        })?;
        write(site.policy(), &policy)?;
        for known in &pipelines {
            write(site.pipelines().join(format!("{}.toml", known.name)), &known.text)?;
        }
        write(site.at(public_key::PATH), &public_key::file(keys.signing()))?;
        if let Some(system) = &system {
            disk::write_new(&site.at(FILE), system.as_bytes(), 0o600)
                .map_err(|error| Failed::Plain(error.to_string()))?;
            self.next_live();
            return Ok(Ended::Done);
        }
        let dir = self.dir.display();
        println!("Made {dir}. Next:");
        println!("  1. Let the board read {dir}/policy.toml, and enter its authorization.");
        println!("  2. Put tonight's exports into {dir}/inbox.");
        let mut step = 3;
        if self.ils.is_none() {
            println!("  3. Go through {}.", site.pipelines().join(format!("{}.toml", pipelines[0].name)).display());
            step = 4;
        }
        println!("  {step}. afterloan check --site {dir}");
        println!("  {}. afterloan plan --site {dir}", step + 1);
        Ok(if self.ils.is_some() { Ended::Done } else { Ended::Look })
    }

    /// What comes next with a connection: no exports, no inbox.
    fn next_live(&self) {
        let dir = self.dir.display();
        println!("Made {dir}. Next:");
        println!("  1. Let the board read {dir}/policy.toml, and enter its authorization.");
        println!("  2. afterloan plan --site {dir}");
        println!("  3. afterloan run --site {dir} --accept DIGEST   (the plan prints it)");
        println!("  4. afterloan purge --site {dir}");
        println!("Each night then: afterloan run --purge --site {dir}");
    }

    /// A pipeline that was guessed, and what a person must still say.
    fn proposed(&self) -> Result<Made, Failed> {
        let proposal = from::from(&self.from, &self.header, &self.columns.said(self.kind))?;
        println!("{}", bold("Before anything is published or severed, decide"));
        for question in &proposal.questions {
            paragraph("  ? ", question);
        }
        if !proposal.remarks.is_empty() {
            println!("{}", bold("And look at this"));
        }
        for remark in &proposal.remarks {
            paragraph("  - ", remark);
        }
        println!();
        Ok(Made { name: proposal.name.into(), kind: proposal.kind, text: proposal.text })
    }

    /// One pipeline for each kind and side: a month of a kind is released once, from all its transactions.
    fn pipelines(&self, ils: Ils) -> Result<Vec<Shipped>, Failed> {
        let without = [
            (Service::Bills, "the bills of this library system: they have no number that doesn't name the patron"),
            (Service::Contacts, "the patron records of this library system yet"),
        ];
        let without = without
            .into_iter()
            .find(|(service, _)| self.services.contains(service) && service.pipelines(ils).is_empty());
        if let Some((_, what)) = without {
            return Err(Failed::Plain(format!("there is no pipeline for {what}")));
        }
        let services = self.services.iter().flat_map(|service| service.pipelines(ils));
        let mut all: Vec<Shipped> = Vec::new();
        for known in ils.pipelines().into_iter().chain(services) {
            if let Some(other) = all.iter().find(|other| (other.kind, other.side) == (known.kind, known.side)) {
                return Err(Failed::Plain(format!(
                    "{} and {} are both of kind {}; a site has one pipeline for each kind",
                    other.name, known.name, known.kind
                )));
            }
            all.push(known);
        }
        Ok(all)
    }
}
