//! `verify`.

use std::io::{self, Read};

use super::out::{Ended, Failed, print_json};
use super::table::{bold, paragraph, warn};
use crate::evidence::verify::{self, KeyedCheck};
use crate::state::keys::Keys;
use crate::state::site::Site;
use crate::words::Digest;

struct WithKeys(Keys);

impl KeyedCheck for WithKeys {
    fn digest(&self, label: &str, bytes: &mut dyn Read) -> io::Result<Digest> {
        let mut digest = self.0.digest(label);
        let mut buffer = vec![0; 1 << 16];
        loop {
            match bytes.read(&mut buffer)? {
                0 => return Ok(digest.finish()),
                count => digest.update(&buffer[..count]),
            }
        }
    }
}

pub fn run(site: &Site, head: Option<Digest>, json: bool) -> Result<Ended, Failed> {
    let keys = Keys::load(site);
    let without = keys.as_ref().err().map(ToString::to_string);
    let keys = keys.ok().map(WithKeys);
    let verified = verify::verify(site.root(), head, keys.as_ref().map(|keys| keys as &dyn KeyedCheck));
    let checked = &verified.checked;
    let problems: Vec<String> = verified.problems.iter().map(ToString::to_string).collect();
    let shown = serde_json::json!({
        "sound": verified.is_sound(),
        "head": verified.head.map(|head| head.to_string()),
        "runs_since_head": verified.runs_since_head,
        "checked": {
            "entries": checked.entries, "signatures": checked.signatures, "files": checked.files,
            "keyed_files": checked.keyed_files, "reports": checked.reports, "halves": checked.halves,
            "tables": checked.tables,
        },
        "problems": problems,
        "unchecked": verified.unchecked,
    });
    if !json {
        println!("{}", bold("Evidence"));
        println!("  ledger entries {:>8}, signatures {}", checked.entries, checked.signatures);
        println!("  public files   {:>8}, by SHA-256", checked.files);
        println!("  other files    {:>8}, by keyed digests", checked.keyed_files);
        println!("  reports        {:>8}, tables {}, halves {}", checked.reports, checked.tables, checked.halves);
        if let Some(head) = verified.head {
            println!("  head  {head}");
        }
        if let Some(runs) = verified.runs_since_head {
            println!("  the head that was given is {runs} runs old");
        }
        for problem in &verified.problems {
            paragraph("  - ", &problem.to_string());
        }
        if let Some(why) = &without {
            paragraph("  ", &format!("{} {why}", warn("not checked, without the site's keys:")));
        }
        let shown = 10;
        for unchecked in verified.unchecked.iter().take(shown) {
            paragraph("  not checked: ", unchecked);
        }
        if verified.unchecked.len() > shown {
            println!("  … and {} more not checked", verified.unchecked.len() - shown);
        }
    }
    if !verified.problems.is_empty() {
        let count = verified.problems.len();
        let what = if count == 1 { "1 problem" } else { &format!("{count} problems") };
        return Err(Failed::with(format!("the evidence doesn't hold: {what}"), &shown, json)?);
    }
    if json {
        print_json(&shown)?;
    } else {
        println!("The evidence holds.");
    }
    Ok(if verified.unchecked.is_empty() { Ended::Done } else { Ended::Look })
}
