//! What follows from a report's figures: its sums, whether they are right, and its copy for staff.

use std::collections::BTreeMap;

use super::record::{Accounting, Copy, PartReport, PipelineReport, Report, Summary};
use crate::evidence::figure::{Figure, Sum, protect};
use crate::words::{Need, Totals};

impl From<&Totals> for Accounting {
    fn from(totals: &Totals) -> Accounting {
        let Totals { read, retired, already_retired, kept, unlinked, rejected, kept_by_need: _ } = *totals;
        Accounting { read, retired, already_retired, kept, unlinked, rejected }
    }
}

impl std::ops::AddAssign for Accounting {
    fn add_assign(&mut self, other: Accounting) {
        self.read = self.read.saturating_add(other.read);
        self.retired = self.retired.saturating_add(other.retired);
        self.already_retired = self.already_retired.saturating_add(other.already_retired);
        self.kept = self.kept.saturating_add(other.kept);
        self.unlinked = self.unlinked.saturating_add(other.unlinked);
        self.rejected = self.rejected.saturating_add(other.rejected);
    }
}

impl std::iter::Sum for Accounting {
    fn sum<I: Iterator<Item = Accounting>>(all: I) -> Accounting {
        let mut sum = Accounting::default();
        all.for_each(|one| sum += one);
        sum
    }
}

impl Accounting {
    /// Guarantee 2. False too for figures so large that they can't be added.
    pub fn balances(&self) -> bool {
        [self.rejected, self.unlinked, self.kept, self.already_retired, self.retired]
            .into_iter()
            .try_fold(0u64, u64::checked_add)
            .is_some_and(|sum| sum == self.read)
    }
}

/// Figures by need, as a report takes them.
pub fn by_need(counts: &BTreeMap<Need, u64>) -> BTreeMap<Need, Figure> {
    let mut figures = counts.iter().map(|(need, count)| (*need, Figure::from(*count))).collect();
    fold_secrets(&mut figures);
    figures
}

fn fold_secrets(by_need: &mut BTreeMap<Need, Figure>) {
    if let Some(secret) = by_need.remove(&Need::LegalHold) {
        *by_need.entry(Need::Undetermined).or_insert(Figure::ZERO) += secret.0.unwrap_or(0);
    }
}

impl Summary {
    fn of(pipelines: &[PipelineReport]) -> Summary {
        let sum = |part: fn(&PipelineReport) -> u64| pipelines.iter().map(part).fold(0, u64::saturating_add);
        let months = |closed| {
            let all = pipelines.iter().flat_map(|pipeline| &pipeline.released);
            all.filter(|month| month.closed.is_some() == closed).count() as u64
        };
        Summary {
            review: sum(|pipeline| pipeline.review),
            confirmed: sum(|pipeline| pipeline.confirmed),
            residual: sum(|pipeline| pipeline.residual),
            late: sum(|pipeline| pipeline.late),
            released_months: months(false),
            closed_months: months(true),
            undeclared_columns: sum(|pipeline| pipeline.undeclared_columns.len() as u64),
        }
    }
}

impl Report {
    /// Fills `totals` and `summary` from the pipelines, and takes out what may not be named. To be called once the
    /// pipelines are complete.
    pub fn sum_up(&mut self) {
        for pipeline in &mut self.pipelines {
            fold_secrets(&mut pipeline.kept_by_need);
            fold_secrets(&mut pipeline.review_by_need);
        }
        let exposed = self.exposure.iter_mut().flat_map(|exposure| &mut exposure.pipelines);
        exposed.filter_map(|one| one.counted.as_mut()).for_each(|counted| fold_secrets(&mut counted.by_need));
        self.totals = self.pipelines.iter().map(|pipeline| pipeline.totals).sum();
        self.summary = Summary::of(&self.pipelines);
    }

    /// What doesn't add up, as sentences. Empty: every row is accounted for, in both copies.
    pub fn imbalances(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut claim = |holds: bool, what: String| {
            if !holds {
                wrong.push(what);
            }
        };
        for pipeline in &self.pipelines {
            let name = &pipeline.name;
            for PartReport { part, totals } in &pipeline.parts {
                claim(
                    totals.balances(),
                    format!("{name}, {part}: the rows read are not the sum of what became of them"),
                );
            }
            let parts: Accounting = pipeline.parts.iter().map(|part| part.totals).sum();
            claim(pipeline.totals.balances(), format!("{name}: the rows read are not the sum of what became of them"));
            claim(parts == pipeline.totals, format!("{name}: its parts don't add up to its totals"));
            let by_month = shown_sum(pipeline.retired_by_month.values());
            let listed = pipeline.totals.retired;
            claim(by_month.could_be(listed), format!("{name}: retired by month doesn't add up to retired"));
            let reasons = shown_sum(pipeline.rejects.iter().map(|rejects| &rejects.rows));
            claim(
                reasons.could_be(pipeline.totals.rejected),
                format!("{name}: rejected by reason doesn't add up to rejected"),
            );
            let ages = pipeline.residual_by_age.by_age().map(|(_, figure)| figure);
            claim(
                shown_sum(&ages).could_be(pipeline.residual),
                format!("{name}: residual by age doesn't add up to residual"),
            );
            if let Some(worklist) = &pipeline.worklist {
                let due = listed.checked_add(pipeline.totals.already_retired);
                // A file that begins with a retired one, and waits, isn't listed.
                let in_waiting = pipeline.logs.as_ref().is_some_and(|logs| !logs.waiting.is_empty());
                claim(
                    due == Some(worklist.rows) || in_waiting && due.is_some_and(|due| worklist.rows <= due),
                    format!("{name}: the worklist's rows are not the retired and already retired"),
                );
            }
        }
        let sum: Accounting = self.pipelines.iter().map(|pipeline| pipeline.totals).sum();
        claim(sum == self.totals, "the pipelines don't add up to the totals".into());
        claim(self.exposure_agrees(), "what could be handed over doesn't agree with the rows".into());
        claim(Summary::of(&self.pipelines) == self.summary, "the summary doesn't agree with the pipelines".into());
        wrong
    }

    /// Whether the inventory adds up, and says of each pipeline of this run what became of its rows.
    fn exposure_agrees(&self) -> bool {
        let Some(exposure) = &self.exposure else { return true };
        let counted = |name: &str| exposure.pipelines.iter().find(|one| one.name == name)?.counted.as_ref();
        let agrees = |pipeline: &PipelineReport| {
            let totals = &pipeline.totals;
            counted(&pipeline.name).is_some_and(|counted| {
                counted.run == self.run.sequence
                    && counted.needed == totals.kept
                    && counted.waiting == totals.retired + totals.already_retired
                    && counted.unread == totals.rejected
            })
        };
        exposure.adds_up() && self.pipelines.iter().all(agrees)
    }

    /// The copy for `reports/`. Totals stay; of each breakdown small figures are hidden.
    pub fn for_staff(&self, threshold: u32) -> Report {
        let mut staff = self.clone();
        staff.copy = Copy::Staff;
        staff.threshold = threshold;
        staff.sum_up();
        if let Some(exposure) = &mut staff.exposure {
            exposure.protect(threshold);
        }
        for pipeline in &mut staff.pipelines {
            // The needs don't add up to the kept: a row counts under each of its needs. They nearly do.
            protect(pipeline.kept_by_need.values_mut(), threshold, Sum::Shown);
            protect(pipeline.review_by_need.values_mut(), threshold, Sum::Shown);
            protect(pipeline.retired_by_month.values_mut(), threshold, Sum::Shown);
            protect(pipeline.rejects.iter_mut().map(|rejects| &mut rejects.rows), threshold, Sum::Shown);
            if let Some(quarantine) = &mut pipeline.quarantine {
                // What is kept and what isn't add up to the rejected, and what isn't kept is mostly one reason.
                let kept = quarantine.rows.0.unwrap_or(0);
                let mut rest = Figure::from(pipeline.totals.rejected.saturating_sub(kept));
                protect([&mut quarantine.rows, &mut rest], threshold, Sum::Shown);
            }
            protect(pipeline.residual_by_age.figures(), threshold, Sum::Shown);
            if let Some(requests) = pipeline.logs.as_mut().and_then(|logs| logs.requests.as_mut()) {
                protect(requests.figures(), threshold, Sum::Shown);
            }
            for left in pipeline.traces.iter_mut().filter_map(|trace| trace.left.as_mut()) {
                protect([left], threshold, Sum::NotShown);
            }
            for list in &mut pipeline.mailing {
                protect([&mut list.patrons], threshold, Sum::NotShown);
            }
            for month in &mut pipeline.released {
                protect(month.counts.values_mut().chain([&mut month.rows]), threshold, Sum::NotShown);
            }
        }
        staff
    }

    /// What must be said about the threshold, if anything.
    pub fn threshold_note(&self) -> Option<&'static str> {
        (self.threshold < 10).then_some("This is fewer than the 10 that afterloan advises: less is hidden")
    }

    /// The JSON file's whole content.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// Where the staff copy's JSON goes, from the site's folder.
    pub fn json_path(&self) -> String {
        format!("reports/{}-run-{:06}.json", self.run.day, self.run.sequence)
    }

    /// Where the page goes, from the site's folder.
    pub fn page_path(&self) -> String {
        format!("reports/{}-run-{:06}.html", self.run.day, self.run.sequence)
    }

    /// Where the certificate goes that stands beside the page, from the site's folder.
    pub fn annex_path(&self) -> String {
        format!("reports/{}-run-{:06}-annex.html", self.run.day, self.run.sequence)
    }

    /// Where the exact copy goes, from the site's folder.
    pub fn exact_path(&self) -> String {
        format!("state/runs/{:06}.json", self.run.sequence)
    }
}

/// What can be said about a sum of which some figures are hidden.
struct ShownSum {
    sum: u64,
    hidden: u64,
}

impl ShownSum {
    fn could_be(&self, total: u64) -> bool {
        // A hidden figure is at least 1.
        if self.hidden == 0 { self.sum == total } else { self.sum.saturating_add(self.hidden) <= total }
    }
}

fn shown_sum<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> ShownSum {
    figures.into_iter().fold(ShownSum { sum: 0, hidden: 0 }, |so_far, figure| match figure.0 {
        Some(count) => ShownSum { sum: so_far.sum.saturating_add(count), ..so_far },
        None => ShownSum { hidden: so_far.hidden + 1, ..so_far },
    })
}
