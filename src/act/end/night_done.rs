//! A night, worked out: what each pipeline came to, and what brakes it.

use super::brakes::Brake;
use crate::act::months::PipelineDone;
use crate::act::read::Stopped;
use crate::words::Digest;

pub struct NightDone<'a> {
    pub pipelines: Vec<PipelineDone<'a>>,
    pub stopped: Vec<Stopped>,
    pub brakes: Vec<Brake>,
    /// Whether a person had accepted them.
    pub accepted: bool,
    pub digest: Digest,
    /// Columns of the system's database that lead to patrons and that nobody has spoken of.
    pub unspoken: Vec<String>,
}

impl<'a> NightDone<'a> {
    /// Those whose work is carried out.
    pub fn carried_out(&self) -> impl Iterator<Item = &PipelineDone<'a>> {
        self.pipelines.iter().filter(|one| !one.outcome.braked)
    }

    /// Whether something can be committed.
    pub fn commits(&self) -> bool {
        self.carried_out().next().is_some()
    }
}
