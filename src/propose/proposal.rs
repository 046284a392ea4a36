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
    /// What must be decided before anything is published or severed, the weightiest first: five at most.
    pub questions: Vec<String>,
    /// What a person may look at beside that.
    pub remarks: Vec<String>,
}

/// What a person must say of any proposal.
pub const NOTHING_LEAVES: &str =
    "what may be published? Nothing is, until it is taken out of its comment ([[publish]])";

/// The questions as they stand at the beginning of the pipeline.
pub(super) fn heading(questions: &[String]) -> String {
    let mut text = String::from("# Before anything is published or severed, decide, in this order:\n");
    for (place, question) in questions.iter().enumerate() {
        let mut line = format!("#  {}.", place + 1);
        for word in question.split_whitespace() {
            if line.chars().count() + word.chars().count() > 116 {
                text += &line;
                text.push('\n');
                line = "#    ".into();
            }
            line.push(' ');
            line += word;
        }
        text += &line;
        text.push('\n');
    }
    text + "#\n"
}

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
