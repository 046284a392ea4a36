//! A guessed meaning as a pipeline that loads.

use super::meaning::lookups;
use super::part::{Part, lookup_names};
use super::reading::together;
use super::tests::tests;
use crate::profile::guess::About;
use crate::propose::proposal::{NOTHING_LEAVES, Proposal, loads};
use crate::propose::study::Study;
use crate::words::Kind;

fn kind_of(about: About) -> (Kind, &'static str) {
    match about {
        About::Loans => (Kind::Loan, "loans"),
        About::Holds => (Kind::Hold, "holds"),
        About::Sessions => (Kind::Session, "sessions"),
        About::Ill => (Kind::Ill, "ill"),
        About::Registrations => (Kind::Registration, "registrations"),
        About::Bills => (Kind::Bill, "bills"),
    }
}

pub fn propose(seen: &Study<'_>) -> Result<Proposal, String> {
    let meaning = seen.meaning;
    let (kind, name) = kind_of(meaning.about);
    let mut questions = Vec::new();
    let reading = together(seen);
    let names = lookup_names(seen);
    let part = Part { seen, reading: &reading, names: &names };
    let mut text = String::new();
    text += &format!(
        "# Proposed by `afterloan init --from`, from a sample. Nothing here is known: each line is a guess, and says why.\n\
         # What is doubtful identifies, and what isn't understood keeps. Go through it from top to bottom; `afterloan help\n\
         # pipelines` explains every key, `afterloan help roles` the columns'. Then: afterloan check, afterloan plan.\n\n\
         format = 1\nkind = \"{kind}\"\nname = \"{name}\"\nabout = \"Proposed by afterloan init --from\"\n\n"
    );
    text += &reading.text(seen, &mut questions);
    text += &part.sources();
    text += &part.columns(&mut questions)?;
    text += &lookups(&part, &mut questions);
    text += &part.states(&mut questions);
    text += &part.needs(&mut questions);
    text += &part.published();
    text += &part.severing();
    let body = text.clone();
    text += &tests(&part, &body);
    for (table, why) in &meaning.left_out {
        questions.push(format!("{} is not used: {why}", seen.tables[*table].file));
    }
    for (lookup, name) in meaning.lookups.iter().zip(&names) {
        if name.is_none() {
            questions.push(format!(
                "{} is not used: joined so, nothing in it decides or identifies. Does it hold transactions, too?",
                seen.tables[lookup.table].file
            ));
        }
    }
    for (table, about) in &meaning.also {
        let (kind, _) = kind_of(*about);
        questions.push(format!(
            "{} looks like transactions of its own: for those, ask again in another folder with --kind {kind}",
            seen.tables[*table].file
        ));
    }
    questions.push(NOTHING_LEAVES.into());
    questions.push("how the system severs its own link ([[purge]])".into());
    // What is written must load: a mistake here is afterloan's.
    loads(name, &text)?;
    Ok(Proposal { name, kind, text, open_questions: questions })
}
