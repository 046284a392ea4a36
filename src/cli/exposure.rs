//! `exposure`.

use super::out::{Ended, Failed, print_json};
use super::table::{bold, figures, paragraph, warn};
use crate::act::{self, Beside, Exposed, Options};
use crate::evidence::exposure::{PipelineExposure, handed_over};
use crate::evidence::figure::grouped;
use crate::state::site::Site;
use crate::words::Age;

pub fn run(site: &Site, options: Options, json: bool) -> Result<Ended, Failed> {
    let exposed = act::exposure(site, options)?;
    let unknown = exposed.exposure.never_counted().count();
    if json {
        print_json(&exposed)?;
    } else {
        words(&exposed);
    }
    Ok(if unknown > 0 { Ended::Look } else { Ended::Done })
}

fn words(exposed: &Exposed) {
    let as_of = exposed.day.map_or_else(|| "before the first run".into(), |day| format!("as of {day}"));
    println!("{}", bold(&format!("What could be handed over, {as_of}: {}", exposed.library)));
    println!();
    paragraph("", &handed_over(&exposed.exposure));
    if let Some(changed) = &exposed.changed {
        paragraph("", changed);
    }
    for one in &exposed.exposure.pipelines {
        println!();
        of_pipeline(exposed, one);
    }
    if !exposed.besides.is_empty() {
        println!("\n{}", bold("On this site's own disk"));
    }
    for beside in &exposed.besides {
        paragraph("  - ", &besides(beside));
    }
}

fn of_pipeline(exposed: &Exposed, one: &PipelineExposure) {
    println!("{}: {}", bold(&one.name), one.what());
    let Some(counted) = &one.counted else {
        paragraph("  ", &warn("never counted: no run has read it yet"));
        return;
    };
    let mut rows = vec![("needed".to_string(), counted.needed)];
    rows.extend(counted.by_need.iter().filter_map(|(need, rows)| Some((format!("  {need}"), rows.0?))));
    rows.push(("not needed, waiting to be severed".into(), counted.waiting));
    let opened = |age: Age| match age {
        Age::Unknown => "when it was opened can't be read".to_string(),
        age => format!("opened {age} ago"),
    };
    rows.extend(counted.by_age.iter().filter_map(|(age, rows)| Some((opened(*age), rows.0?))));
    for (label, count) in [("rows that can't be read", counted.unread), ("unlinked, with other traces", counted.traced)]
    {
        if count > 0 {
            rows.push((label.into(), count));
        }
    }
    rows.push((format!("severed so far, of {} asked for", grouped(counted.asked)), counted.severed));
    let traces = exposed.traces.get(&one.name).into_iter().flatten();
    rows.extend(traces.map(|trace| (format!("trace: {}", trace.name), trace.left)));
    figures(&rows);
    if counted.run != exposed.run {
        paragraph("  ", &format!("(as run {} saw it on {}: no later one has read it)", counted.run, counted.day));
    }
}

fn besides(beside: &Beside) -> String {
    let until = beside.until.map(|until| format!(", until {until}")).unwrap_or_default();
    format!("{}: {}{until}", beside.what, grouped(beside.count))
}
