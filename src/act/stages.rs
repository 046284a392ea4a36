//! How long each stage of a run took.

use std::time::Instant;

/// How long each stage of a run took, in seconds.
#[derive(Default)]
pub struct Stages {
    stages: Vec<(&'static str, f64)>,
    since: Option<Instant>,
}

impl Stages {
    /// Ends the stage before, if there is one, and begins this one. A stage may come more than once.
    pub fn begin(&mut self, stage: &'static str) {
        let now = Instant::now();
        if let (Some(since), Some((_, seconds))) = (self.since, self.stages.last_mut()) {
            *seconds += (now - since).as_secs_f64();
        }
        self.since = Some(now);
        if self.stages.last().is_none_or(|(last, _)| *last != stage) {
            self.stages.push((stage, 0.0));
        }
    }

    /// Ends the last one. Each stage once, in the order in which they first came.
    pub fn end(&mut self) -> Vec<(&'static str, f64)> {
        self.begin("end");
        self.stages.pop();
        let mut merged: Vec<(&'static str, f64)> = Vec::new();
        for (stage, seconds) in self.stages.drain(..) {
            match merged.iter_mut().find(|(known, _)| *known == stage) {
                Some((_, sum)) => *sum += seconds,
                None => merged.push((stage, seconds)),
            }
        }
        merged
    }
}
