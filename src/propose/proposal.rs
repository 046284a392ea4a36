//! What is proposed, and that it holds.

use std::path::PathBuf;

use crate::pipeline::Pipeline;
use crate::rehearse::rehearse;
use crate::toml_file::Located;
use crate::words::Kind;

/// A pipeline's text, and what a person must still say.
pub struct Proposal {
    pub name: &'static str,
    pub kind: Kind,
    pub text: String,
    pub open_questions: Vec<String>,
}

/// What a person must say of any proposal.
pub const NOTHING_LEAVES: &str = "what may be published: nothing is, until it is taken out of its comment";

/// A proposal loads and its own tests hold, or isn't made.
pub(super) fn loads(name: &str, text: &str) -> Result<Pipeline, String> {
    let located = Located::new(PathBuf::from(format!("pipelines/{name}.toml")), text.to_string());
    let pipeline = Pipeline::parse(&located).map_err(|error| format!("what was guessed makes no pipeline: {error}"))?;
    let (_, failures) = rehearse(&pipeline);
    match failures.first() {
        Some(failure) => Err(format!("what was guessed fails its own test: {failure}")),
        None => Ok(pipeline),
    }
}
