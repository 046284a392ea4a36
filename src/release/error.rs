//! What stops a release.

/// What stopped a release. Nothing that is already written counts: the caller discards the folder.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("the month's rows are malformed: {0}; this is a fault in afterloan, please report it")]
    Malformed(&'static str),
    #[error("the pipeline's columns can't be published: {0}")]
    Shape(String),
    #[error("can't write {path}: {source}")]
    Write { path: std::path::PathBuf, source: std::io::Error },
    #[error("can't write {path} as parquet: {source}")]
    Parquet { path: std::path::PathBuf, source: parquet::errors::ParquetError },
    #[error("can't read {path} again to count it: {source}")]
    Again { path: std::path::PathBuf, source: parquet::errors::ParquetError },
    #[error("can't count {path}: {source}")]
    Polars { path: std::path::PathBuf, source: polars::error::PolarsError },
    #[error("{path}: what was written doesn't count up to what was to be published ({what}); nothing may be released")]
    Disagrees { path: std::path::PathBuf, what: &'static str },
}
