//! Why a pass can't be prepared, and why it stopped. Either stops its pipeline.

use super::runfiles::RunFileError;
use crate::export::ExportError;
use crate::lookup::LookupError;

/// Why a pipeline can't be made ready. Most mistakes were found when it was read.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("pipeline {pipeline}: `{name}` names no cell")]
    Field { pipeline: String, name: String },
}

/// Why a pass stopped.
#[derive(Debug, thiserror::Error)]
pub enum PassError {
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    RunFile(#[from] RunFileError),
    #[error(
        "the published column `{column}` has more than 65,000 different values: too many to say anything of groups; \
         give it a coarser treatment"
    )]
    TooManyValues { column: String },
    #[error("more patrons than a run can number (4 thousand million)")]
    TooManyPatrons,
    #[error("a log has more lines (4 thousand million), or the site more runs (65,535), than afterloan can tell apart")]
    TooManyLines,
}
