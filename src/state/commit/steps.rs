//! Does the steps of a commit, with the hook around each.

use super::error::CommitError;
use super::step::{Hook, Moment, Step};

/// Through which every step goes.
pub struct Steps<'h>(pub Hook<'h>);

impl Steps<'_> {
    /// Does one step, and calls the hook around it.
    pub fn act<T, E: Into<CommitError>>(
        &self,
        step: Step,
        action: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, CommitError> {
        let call = |moment| (self.0)(moment).map_err(|source| CommitError::Step { step, source });
        call(Moment::Before(step))?;
        let done = action().map_err(Into::into)?;
        call(Moment::After(step))?;
        Ok(done)
    }
}
