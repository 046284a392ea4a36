//! A pipeline that can't be carried out tonight.

use serde::Serialize;

/// Its exports can't be used, or it fails its own tests. The others go on.
#[derive(Clone, Debug, Serialize)]
pub struct Stopped {
    pub pipeline: String,
    pub why: String,
}
