//! A guessed meaning as a pipeline that loads.

use super::part::{Part, lookup_names};
use super::reading::together;
use super::tests::tests;
use super::{needs, sources};
use crate::profile::guess::About;
use crate::propose::page::Page;
use crate::propose::proposal::{NOTHING_LEAVES, Proposal, heading, loads};
use crate::propose::questions::{Questions, Subject};
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
    let mut questions = Questions::default();
    let reading = together(seen);
    let names = lookup_names(seen);
    let part = Part { seen, reading: &reading, names: &names };
    let mut page = Page::default();
    head(kind, name, &mut page);
    reading.print(seen, &mut page, &mut questions);
    sources::print(&part.sources(), &mut page);
    part.columns()?.print(&mut page, &mut questions);
    page.above(&rule("other exports, joined by key"));
    part.lookups(&mut questions).iter().for_each(|lookup| lookup.print(&mut page));
    page.above(&rule("what it means"));
    page.above("# The first that matches counts. What no rule knows is undetermined, and kept.\n\n");
    part.states(&mut questions).iter().for_each(|rule| rule.print(&mut page));
    page.above("\n");
    needs::print(&part.needs(&mut questions), &mut page);
    part.published(&mut page);
    page.above(SEVERING);
    let body = page.clone().print();
    tests(&part, &body, &mut page);
    ask(seen, &names, &mut questions);
    let (questions, remarks) = questions.finish();
    let text = heading(&questions) + &page.print();
    // What is written must load: a mistake here is afterloan's.
    loads(name, &text)?;
    Ok(Proposal { name, kind, text, questions, remarks })
}

const SEVERING: &str = "# ---- how the system severs its own link ----------------------------------------------------------------------\n#\n\
     # Ask who keeps its database. Satellites first; guard each statement, so that it can't touch what is open:\n#\n\
     # [[trace]]\n# name = \"the loan itself\"\n# about = \"…\"\n# link = true\n# sever = \"UPDATE … SET … = NULL WHERE … IN ({ids}) AND … IS NOT NULL\"\n\n";

fn head(kind: Kind, name: &str, page: &mut Page) {
    page.above(
        "# Proposed by `afterloan init --from`, from a sample. Nothing here is known: each line is a guess, and says why.\n\
         # What is doubtful identifies, and what isn't understood keeps. Go through it from top to bottom; `afterloan help\n\
         # pipelines` explains every key, `afterloan help roles` the columns'. Then: afterloan check, afterloan plan.\n\n",
    );
    page.set("format", 1_i64, "");
    page.set("kind", kind.to_string(), "");
    page.set("name", name, "");
    page.set("about", "Proposed by afterloan init --from", "");
    page.set("unfinished", true, "                # a run leaves it out until this line goes");
    page.above("\n");
}

fn rule(title: &str) -> String {
    format!("# ---- {title} {}\n\n", "-".repeat(112usize.saturating_sub(title.len())))
}

/// What a person must say of the files beside what the parts ask.
fn ask(seen: &Study<'_>, names: &[Option<String>], questions: &mut Questions) {
    let meaning = seen.meaning;
    for (table, why) in &meaning.left_out {
        questions.remark(format!("{} is not used: {why}", seen.tables[*table].file));
    }
    for (lookup, name) in meaning.lookups.iter().zip(names) {
        if name.is_none() {
            questions.remark(format!(
                "{} is not used: joined so, nothing in it decides or identifies. Does it hold transactions, too?",
                seen.tables[lookup.table].file
            ));
        }
    }
    for (table, about) in &meaning.also {
        let (kind, _) = kind_of(*about);
        questions.remark(format!(
            "{} looks like transactions of its own: for those, ask again in another folder with --kind {kind}",
            seen.tables[*table].file
        ));
    }
    if meaning.made.is_empty() {
        questions.ask(
            Subject::Severing,
            "how does the system sever its own link ([[trace]])? Until that is said its staff get lists of numbers, and no SQL",
        );
    } else {
        questions.remark(
            "no column has a number of its own in each row: this pipeline decides, reports and publishes, and nothing is severed \
             by it. Where the system can export its numbers, have them exported",
        );
    }
    questions.ask(Subject::Publishing, NOTHING_LEAVES);
}
