//! What stops a release.

use std::path::PathBuf;

use super::tree::TreeError;
use super::tree::audit::Finding;

/// What stopped a release. Nothing that is already written counts: the caller discards the folder.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("the period's rows are malformed: {0}; this is a fault in afterloan, please report it")]
    Malformed(&'static str),
    #[error("the pipeline's columns can't be published: {0}")]
    Shape(String),
    #[error("the period can't be released: {0}; this is a fault in afterloan, please report it")]
    Tree(#[from] TreeError),
    /// The audit found it, before anything was written.
    #[error(
        "what would be published of {period} isn't safe: {}. Nothing was published and nothing severed; this is a fault in \
         afterloan, please report it",
        listed(.findings)
    )]
    Audit { period: String, findings: Vec<Finding> },
    #[error("can't write {path}: {source}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("can't write {path} as parquet: {source}")]
    Parquet { path: PathBuf, source: parquet::errors::ParquetError },
    #[error("can't read {path}: {source}")]
    Read { path: PathBuf, source: parquet::errors::ParquetError },
    #[error("can't count {path}: {source}")]
    Polars { path: PathBuf, source: polars::error::PolarsError },
    #[error("{path}: what was written isn't what was to be published; nothing may be released")]
    Disagrees { path: PathBuf },
}

fn listed(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
