//! [[state]] rules that can never be reached: one above takes all that they take. Told only where that is certain, from the
//! conditions alone.

use crate::pipeline::{Condition, Declaration, State};

/// What is said of each, in words.
pub fn unreached(declaration: &Declaration) -> Vec<String> {
    let states = &declaration.states;
    let mut told = Vec::new();
    for (place, state) in states.iter().enumerate() {
        let takes_all = |above: &&State| {
            above.when.iter().all(|(name, asked)| state.when.get(name).is_some_and(|said| follows(said, asked)))
        };
        if let Some(above) = states[..place].iter().position(|above| takes_all(&above)) {
            told.push(format!(
                "[[state]] rule {} is never reached: rule {} takes all that it takes. If it is meant, put it above that one",
                place + 1,
                above + 1
            ));
        }
    }
    told
}

/// Whether a cell that meets `said` meets `asked`, whatever stands in it.
fn follows(said: &Condition, asked: &Condition) -> bool {
    let within = |few: &[String], many: &[String]| few.iter().all(|value| many.contains(value));
    match (said, asked) {
        (Condition::Is(said), Condition::Is(asked)) => said == asked,
        (Condition::Word(said), Condition::Word(asked)) => said == asked,
        (Condition::OneOf(said), Condition::OneOf(asked)) => within(said, asked),
        (Condition::OneOf(said), Condition::Word(asked)) if asked == "set" => !said.iter().any(String::is_empty),
        (Condition::OneOf(said), Condition::Word(asked)) if asked == "unset" => said.iter().all(String::is_empty),
        (Condition::Word(said), Condition::OneOf(asked)) if said == "unset" => asked.iter().any(String::is_empty),
        (Condition::Not { not: said }, Condition::Not { not: asked }) => within(asked, said),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::pipeline::Pipeline;
    use crate::toml_file::Located;

    const KOHA: &str = include_str!("../../../pipelines/koha-loans.toml");

    fn told(rules: &str) -> Vec<String> {
        let (before, rest) = KOHA.split_once("[[state]]").unwrap();
        let (_, after) = rest.split_once("[needs]").unwrap();
        let text = format!("{before}{rules}\n[needs]{after}");
        let pipeline = Pipeline::parse(&Located::new(PathBuf::from("koha-loans.toml"), text)).unwrap();
        unreached(&pipeline.declaration)
    }

    #[test]
    fn a_rule_is_told_where_one_above_takes_all_that_it_takes() {
        let open = "[[state]]\nis = \"open\"\nwhen = { returndate = \"unset\" }\n";
        // Below the rule for what is open, and above it.
        let cases = [
            ("is = \"lost\"\nwhen = { returndate = \"unset\", \"items.itemlost\" = [\"1\"] }", true, false),
            ("is = \"lost\"\nwhen = { returndate = [\"\"] }", true, true),
            ("is = \"closed\"\nwhen = { returndate = \"set\" }", false, false),
            ("is = \"lost\"\nwhen = { \"items.itemlost\" = [\"1\"] }", false, false),
            ("is = \"lost\"", false, true),
        ];
        for (rule, below, above) in cases {
            assert_eq!(!told(&format!("{open}[[state]]\n{rule}\n")).is_empty(), below, "{rule}");
            assert_eq!(!told(&format!("[[state]]\n{rule}\n{open}")).is_empty(), above, "{rule}");
        }
        let lists = "[[state]]\nis = \"open\"\nwhen = { \"items.itemlost\" = [\"1\", \"2\"] }\n[[state]]\nis = \"lost\"\nwhen = { \"items.itemlost\" = [\"2\"] }\n";
        assert_eq!(told(lists).len(), 1);
        assert!(told(&lists.replace("[\"2\"]", "[\"2\", \"3\"]")).is_empty());
        let sets = lists.replace("[\"1\", \"2\"]", "\"set\"");
        assert_eq!((told(&sets).len(), told(&sets.replace("[\"2\"]", "[\"\", \"2\"]")).len()), (1, 0));
        let not = lists.replace("[\"1\", \"2\"]", "{ not = [\"1\"] }");
        assert_eq!(told(&not.replace("[\"2\"]", "{ not = [\"1\", \"2\"] }")).len(), 1);
        assert!(told(&not.replace("[\"2\"]", "{ not = [\"2\"] }")).is_empty());
    }

    /// Of ours each can be reached.
    #[test]
    fn rules_that_ship_can_be_reached() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pipelines");
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.extension().is_some_and(|extension| extension == "toml") {
                let text = std::fs::read_to_string(&path).unwrap();
                let pipeline = Pipeline::parse(&Located::new(path.clone(), text)).unwrap();
                assert_eq!(unreached(&pipeline.declaration), Vec::<String>::new(), "{}", path.display());
            }
        }
    }
}
