//! How much of what came in is still told: to be printed and put beside the design's table.

use super::holds::year;
use super::library::{CHILD, Library, PLAIN};
use crate::release::tree::{Kept, Outcome, Rules, Word};
use crate::words::Length;

#[test]
#[ignore = "prints figures"]
fn shares_of_rows_that_keep_a_value() {
    let sizes = [(150, 1), (800, 2), (8_000, 4)];
    for (borrowers, branches) in sizes {
        for (length, privacy) in [(Length::Month, 0.04), (Length::Month, 0.0), (Length::Quarter, 0.04)] {
            let library = Library { seed: 4, borrowers, branches, privacy, bookmobile: branches > 2, ..PLAIN };
            let (mut rows, mut days, mut weeks, mut periods, mut all) = (0, 0, 0, 0, 0);
            let mut children = (0, 0);
            let mut columns: Vec<(String, Kept)> = Vec::new();
            year(&library, length, &Rules::new(10), |came, _, outcome| {
                all += came.patron.len() as u64;
                let Outcome::Tree(released) = outcome else { return };
                let category = came.columns.iter().find(|column| column.name == "category").unwrap();
                for (row, word) in released.tree.community[0].iter().enumerate() {
                    if category.group(category.codes[row]) == Some(CHILD) {
                        children.1 += 1;
                        children.0 += u64::from(match word {
                            Word::Value(code) => category.group(code) == Some(CHILD),
                            word => word == Word::Group(CHILD),
                        });
                    }
                }
                let counts = released.counts;
                (rows, days, weeks, periods) =
                    (rows + counts.rows, days + counts.days, weeks + counts.weeks, periods + 1);
                let hours = counts.hours.map(|kept| ("hour".to_owned(), kept));
                for (place, (name, kept)) in counts.columns.into_iter().chain(hours).enumerate() {
                    if columns.len() <= place {
                        columns.push((name, Kept::default()));
                    }
                    let sum = &mut columns[place].1;
                    sum.value += kept.value;
                    sum.coarser += kept.coarser;
                    sum.unknown += kept.unknown;
                    sum.other += kept.other;
                }
            });
            let share = |part: u64| (part * 100).checked_div(rows.max(1)).unwrap_or_default();
            println!(
                "{borrowers} borrowers, {branches} branches, {length:?}, {privacy} private: {periods} periods, {rows} of {all} rows"
            );
            println!("  children's loans told as such {}", children.0 * 100 / children.1.max(1));
            println!("  day {} week {}", share(days), share(weeks));
            for (name, kept) in &columns {
                let (value, coarser) = (share(kept.value), share(kept.coarser));
                println!(
                    "  {name}: value {value}, run or group {coarser}, unknown {}, other {}",
                    share(kept.unknown),
                    share(kept.other)
                );
            }
        }
    }
}
