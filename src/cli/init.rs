//! `init`: a new site.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Ended, Failed};
use crate::evidence::public_key;
use crate::state::entropy::System;
use crate::state::keys::Keys;
use crate::state::site::Site;

const POLICY: &str = include_str!("init/policy.toml");

#[derive(Args)]
pub struct Init {
    /// The folder to make
    dir: PathBuf,
    /// The library system
    #[arg(long)]
    ils: Ils,
    /// The library's name, as it is printed on reports
    #[arg(long, default_value = "Our library")]
    name: String,
    /// The library's time zone
    #[arg(long, default_value = "America/New_York", value_name = "ZONE")]
    timezone: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ils {
    Koha,
    Evergreen,
}

impl Ils {
    fn pipelines(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Ils::Koha => &[
                ("koha-loans.toml", include_str!("../../pipelines/koha-loans.toml")),
                ("koha-holds.toml", include_str!("../../pipelines/koha-holds.toml")),
            ],
            Ils::Evergreen => &[
                ("evergreen-loans.toml", include_str!("../../pipelines/evergreen-loans.toml")),
                ("evergreen-holds.toml", include_str!("../../pipelines/evergreen-holds.toml")),
            ],
        }
    }
}

impl Init {
    pub fn run(&self) -> Result<Ended, Failed> {
        jiff::tz::TimeZone::get(&self.timezone)
            .map_err(|_| Failed::Plain("--timezone is no IANA time zone, such as America/New_York".into()))?;
        if fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_some()) {
            let dir = self.dir.display();
            return Err(Failed::Plain(format!("{dir} is not empty: a site is made in a folder of its own")));
        }
        let site = Site::create(&self.dir)?;
        let keys = Keys::create(&site, &mut System)?;
        let write = |path: PathBuf, text: &str| {
            use std::os::unix::fs::PermissionsExt;
            fs::write(&path, text)
                .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o644)))
                .map_err(|error| Failed::Plain(format!("{}: {error}", path.display())))
        };
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let policy = POLICY.replace("{name}", &quoted(&self.name)).replace("{timezone}", &quoted(&self.timezone));
        write(site.policy(), &policy)?;
        for (name, text) in self.ils.pipelines() {
            write(site.pipelines().join(name), text)?;
        }
        write(site.at(public_key::PATH), &public_key::file(keys.signing()))?;
        let dir = self.dir.display();
        println!("Made {dir}. Next:");
        println!("  1. Let the board read {dir}/policy.toml, and enter its authorization.");
        println!("  2. Put tonight's exports into {dir}/inbox.");
        println!("  3. afterloan check --site {dir}");
        println!("  4. afterloan plan --site {dir}");
        Ok(Ended::Done)
    }
}
