//! What the attacker learns of everything that a site published in a year: nothing of fewer patrons than the threshold.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::checker::{Checker, Told};
use super::figures::{Figure, figures};
use super::program::{Cell, Known, Opens, Patrons, Program, cell_of, is_within};
use super::published::Published;
use super::simulated::{Library, PLAIN, Random};
use super::truth::{Layout, Row};
use super::years::{Lived, lived, small};

/// A kind with all that was published of it, and what is true of that.
struct OfKind {
    layout: Layout,
    periods: Vec<(Published, Vec<Row>, Vec<Told>)>,
    figures: Vec<Figure>,
}

impl OfKind {
    fn of(lived: &Lived, layout: &Layout) -> OfKind {
        let public = lived.site.at("public");
        let period = |(span, rows): (super::calendar::Span, Vec<Row>)| {
            let published = Published::read(&public, layout, &span.to_string());
            let checker = Checker { rows: &rows, layout, threshold: lived.threshold, counts_patrons: false };
            let told = checker.told(&published).unwrap();
            (published, rows, told)
        };
        let periods: Vec<_> = lived.published(layout).into_iter().map(period).collect();
        let figures = if periods.is_empty() { Vec::new() } else { figures(&public, layout) };
        OfKind { layout: layout.clone(), periods, figures }
    }

    fn known<'a>(&'a self, opens: &'a Opens<'a>) -> Vec<Known<'a>> {
        self.periods.iter().map(|(published, rows, told)| Known { published, told, rows, opens }).collect()
    }

    fn patrons(&self, figure: &Figure) -> BTreeSet<u32> {
        let mut patrons = BTreeSet::new();
        for (published, rows, told) in &self.periods {
            let span = published.span;
            if figure.span.first <= span.first && span.last <= figure.span.last {
                let about = rows.iter().zip(told).filter(|(_, told)| self.reads(figure, told));
                patrons.extend(about.map(|(row, _)| row.patron).filter(|patron| *patron != 0));
            }
        }
        patrons
    }

    fn reads(&self, figure: &Figure, told: &Told) -> bool {
        figure.labels.iter().all(|(column, text)| {
            let of = |columns: &[&str], texts: &[String]| {
                columns.iter().position(|name| name == column).and_then(|at| texts.get(at)).is_some_and(|is| is == text)
            };
            of(&self.layout.places, &told.line.places) || of(&self.layout.patron, &told.about.reads)
        })
    }
}

/// What he asks of one kind and period; what is empty is all.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
struct Question {
    kind: &'static str,
    period: usize,
    place: Vec<String>,
    true_place: Option<Vec<String>>,
    who: BTreeSet<Vec<String>>,
    days: BTreeSet<Date>,
    weekday: Option<String>,
    range: Option<String>,
}

impl Question {
    fn asks_of(&self, cell: &Cell) -> bool {
        (self.kind, self.period) == (cell.kind, cell.period)
            && cell.place.starts_with(&self.place)
            && self.true_place.as_ref().is_none_or(|place| cell.true_place.starts_with(place))
            && (self.who.is_empty() || self.who.contains(&cell.who))
            && (self.days.is_empty() || self.days.contains(&cell.day))
            && self.weekday.as_ref().is_none_or(|weekday| *weekday == cell.weekday)
            && self.range.as_ref().is_none_or(|range| *range == cell.range)
    }

    /// A set of who × where × when about a cell, with another at hand.
    fn about(random: &mut Random, cell: &Cell, others: &[Cell]) -> Question {
        let mut question = Question { kind: cell.kind, period: cell.period, ..Question::default() };
        let same: Vec<&Cell> =
            others.iter().filter(|other| (other.kind, other.period) == (cell.kind, cell.period)).collect();
        let mut other = || same[random.below(same.len() as u64) as usize];
        let (one, two) = (other(), other());
        let mut chance = |of: u64| random.below(of) == 0;
        question.place = cell.place[..if chance(3) { cell.place.len().min(1) } else { cell.place.len() }].to_vec();
        if chance(5) {
            question.true_place = Some(cell.true_place[..cell.true_place.len().min(1)].to_vec());
        }
        // Its kind of patrons, all that have a word in common with it, or two kinds.
        if !cell.who.is_empty() && !chance(3) {
            question.who.insert(cell.who.clone());
            if chance(3) {
                question.who.insert(one.who.clone());
            } else if chance(2) {
                let alike = same.iter().filter(|other| other.who[0] == cell.who[0]);
                question.who.extend(alike.map(|other| other.who.clone()));
            }
        }
        if !chance(3) {
            question.days.insert(cell.day);
            if chance(4) {
                question.days.extend([one.day, two.day]);
            }
        } else if !chance(3) {
            question.weekday = Some(cell.weekday.clone());
        }
        if chance(2) {
            question.range = Some(cell.range.clone());
        }
        question
    }
}

/// What is learned by asking so many questions of each kind and period about rows, and all about patrons.
fn learned(lived: &Lived, of_each: usize) -> (Vec<String>, usize, Program) {
    let kinds: Vec<OfKind> = lived.layouts().iter().map(|layout| OfKind::of(lived, layout)).collect();
    let program = program(lived, &kinds);
    let (mut found, mut put) = of_rows(&kinds, &program, lived.threshold, of_each);
    let (more, asked) = of_patrons(&kinds, &program, lived.threshold);
    found.extend(more);
    put += asked;
    (found, put, program)
}

/// When this library's places are open; a proxy always is.
fn opening(library: Library) -> impl Fn(&[String], Date) -> (u8, u8) {
    let branch = |places: &[String]| places.first().and_then(|code| code[1..].parse::<u32>().ok());
    move |places: &[String], day: Date| match branch(places) {
        Some(branch) => library.opens(branch, day).map_or((0, 0), |(from, to)| (from as u8, to as u8)),
        None => (0, 24),
    }
}

fn program(lived: &Lived, kinds: &[OfKind]) -> Program {
    let opens = opening(lived.year.library);
    let mut program = Program::default();
    for kind in kinds {
        program.add(&kind.layout, &kind.known(&opens), &kind.figures);
    }
    for kind in kinds {
        let are_disjoint = |cells: &[&Figure]| {
            let each: Vec<BTreeSet<u32>> = cells.iter().map(|cell| kind.patrons(cell)).collect();
            let all: BTreeSet<u32> = each.iter().flatten().copied().collect();
            all.len() == each.iter().map(BTreeSet::len).sum::<usize>()
        };
        program.add_patrons(&kind.layout, &kind.known(&opens), &kind.figures, lived.threshold, are_disjoint);
    }
    program.ready();
    program
}

/// Exact; or more than nothing, and within a range that is narrower than the threshold.
fn is_learned((least, most): (f64, f64), threshold: usize) -> bool {
    let width = most - least;
    width < 0.5 || (least > 1e-6 && width + 1e-6 < threshold as f64)
}

/// Sets of who × where × when that are truly about fewer patrons than the threshold.
fn of_rows(kinds: &[OfKind], program: &Program, threshold: usize, of_each: usize) -> (Vec<String>, usize) {
    let (mut found, mut put, mut random) = (Vec::new(), 0, Random(7));
    for kind in kinds {
        for (period, (_, rows, told)) in kind.periods.iter().enumerate() {
            let of = |cell: &&Cell| (cell.kind, cell.period) == (kind.layout.kind, period);
            let possible: Vec<Cell> = program.cells.iter().filter(of).cloned().collect();
            let truth: Vec<(Cell, u32)> = rows
                .iter()
                .zip(told)
                .map(|(row, told)| (cell_of(kind.layout.kind, period, row, told), row.patron))
                .collect();
            let mut asked: BTreeSet<Question> = BTreeSet::new();
            for _ in 0..of_each * 20 {
                let cell = &possible[random.below(possible.len() as u64) as usize];
                let question = Question::about(&mut random, cell, &possible);
                let about = || truth.iter().filter(|(cell, _)| question.asks_of(cell));
                // Rows of nobody may all be one patron's.
                let patrons: BTreeSet<u32> = about().map(|(_, patron)| *patron).collect();
                if patrons.len() >= threshold || asked.len() >= of_each || !asked.insert(question.clone()) {
                    continue;
                }
                let is = about().count() as f64;
                let target: Vec<(usize, f64)> = (0..program.cells.len())
                    .filter(|at| question.asks_of(&program.cells[*at]))
                    .map(|at| (at, 1.0))
                    .collect();
                let range =
                    program.range(&target).unwrap_or_else(|| panic!("the program has no solution: {question:?}"));
                assert!(range.0 - 1e-6 <= is && is <= range.1 + 1e-6, "the program errs: {question:?} {is} {range:?}");
                put += 1;
                if is_learned(range, threshold) {
                    found.push(format!("{question:?}: {} patrons, {is} rows, {range:?}", patrons.len()));
                }
            }
        }
    }
    (found, put)
}

/// Who is in one published cell, and in none of one or two that lie within it. This is no set of rows: of persons who came
/// here and nowhere else the figures mustn't tell how many they are. A narrow range is printed: where a cell has hardly more rows
/// than patrons, a wider one's figure may say that most of its patrons are its alone.
fn of_patrons(kinds: &[OfKind], program: &Program, threshold: usize) -> (Vec<String>, usize) {
    let (mut found, mut put, mut narrow) = (Vec::new(), 0, 0);
    for kind in kinds {
        let of_kind: Vec<_> = program.patrons.iter().filter(|one| one.kind == kind.layout.kind).collect();
        let patrons: BTreeMap<usize, BTreeSet<u32>> =
            of_kind.iter().map(|one| (one.variable, kind.patrons(&one.figure))).collect();
        for wide in &of_kind {
            let within: Vec<_> = of_kind.iter().filter(|one| is_within(&one.figure, &wide.figure)).collect();
            let disjoint = |one: usize, two: usize| patrons[&one].is_disjoint(&patrons[&two]);
            // Where nothing is left, since all rows are in the others, everybody sees that nobody is left.
            let leaves = |of: &[&&Patrons]| {
                of.iter().map(|one| one.rows).sum::<i64>() < wide.rows
                    || of.iter().any(|one| one.figure.span != wide.figure.span)
            };
            let alone = within.iter().filter(|one| leaves(&[one])).map(|one| vec![one.variable]);
            let pairs = within.iter().enumerate().flat_map(|(at, one)| {
                let later = within[at + 1..].iter();
                let later = later.filter(|two| disjoint(one.variable, two.variable) && leaves(&[one, two]));
                later.map(|two| vec![one.variable, two.variable])
            });
            for without in alone.chain(pairs) {
                let taken: BTreeSet<u32> = without.iter().flat_map(|one| patrons[one].iter().copied()).collect();
                let is = patrons[&wide.variable].difference(&taken).count();
                if is >= threshold {
                    continue;
                }
                let mut target = vec![(wide.variable, 1.0)];
                target.extend(without.iter().map(|one| (*one, -1.0)));
                let range = program.range(&target).expect("the program has no solution");
                assert!(
                    range.0 - 1e-6 <= is as f64 && is as f64 <= range.1 + 1e-6,
                    "the program errs: {range:?}, {is}"
                );
                put += 1;
                if is_learned(range, threshold) {
                    narrow += 1;
                }
                if range.1 - range.0 < 0.5 {
                    let told = |one: &usize| {
                        let one = &program.patrons[one - program.cells.len()];
                        format!(
                            "{} {:?} {} of {} rows",
                            one.figure.table, one.figure.labels, one.figure.number, one.rows
                        )
                    };
                    let (kind, span, without) = (kind.layout.kind, wide.figure.span, without.iter().map(told));
                    found.push(format!(
                        "{kind} {span}: {} without {:?}: {is} patrons, {range:?}",
                        told(&wide.variable),
                        without.collect::<Vec<_>>()
                    ));
                }
            }
        }
    }
    println!("{put} questions about patrons: {} exact, {narrow} in a range of fewer than {threshold}", found.len());
    (found, put)
}

fn nothing_is_learned(lived: &Lived, of_each: usize) -> usize {
    let (learned, put, program) = learned(lived, of_each);
    println!(
        "{:?}, threshold {}: {put} questions, {} variables, {} numbers, {} sums of others",
        lived.year.library,
        lived.threshold,
        program.cells.len() + program.patrons.len(),
        program.entered,
        program.sums_of_others
    );
    assert!(learned.is_empty(), "{} of {put}: {:#?}", learned.len(), &learned[..learned.len().min(5)]);
    put
}

#[test]
fn nothing_is_learned_of_all_that_a_small_site_published_in_a_year() {
    assert!(nothing_is_learned(small(), 2) > 50);
}

/// Loans by age, weekday and hour, as true as all else: a table that crosses two leaves. By itself the program knows little of
/// its small cells, and all with it.
#[test]
fn a_table_that_crosses_two_leaves_is_learned() {
    let lived = small();
    let loans = || vec![OfKind::of(lived, &lived.layouts()[0])];
    let (kinds, mut more) = (loans(), loans());
    let opens = opening(lived.year.library);
    let mut crossed = Vec::new();
    for (published, _, told) in &kinds[0].periods {
        let labels = |told: &Told| {
            let range = told.range.clone().unwrap();
            let texts =
                [("age_band", told.about.reads[1].clone()), ("weekday", told.weekday.to_owned()), ("hours", range)];
            texts.map(|(column, text)| (column.to_owned(), text)).to_vec()
        };
        for (labels, rows) in super::checker::count(told.iter().map(labels)) {
            let (table, name) = ("age-by-hour".into(), "transactions".into());
            crossed.push(Figure { table, span: published.span, labels, name, number: rows as i64 });
        }
    }
    more[0].figures.extend(crossed.iter().cloned());
    let (without, with) = (program(lived, &kinds), program(lived, &more));
    let few = crossed.iter().filter(|figure| figure.number < lived.threshold as i64).take(5);
    let mut seen = 0;
    for figure in few {
        let known = kinds[0].known(&opens);
        let range = |program: &Program| program.range(&program.about(&kinds[0].layout, &known, figure)).unwrap();
        assert!(!is_learned(range(&without), lived.threshold), "{figure:?}: {:?}", range(&without));
        assert!(is_learned(range(&with), lived.threshold), "{figure:?}: {:?}", range(&with));
        seen += 1;
    }
    assert!(seen > 1, "{seen}");
}

#[test]
#[ignore = "takes minutes: make test-release-whole"]
fn nothing_is_learned_of_all_that_sites_published_in_a_year() {
    let libraries = [
        Library { seed: 4, borrowers: 150, branches: 1, ..PLAIN },
        Library { seed: 5, borrowers: 150, branches: 2, ..PLAIN },
        Library { seed: 6, borrowers: 250, branches: 2, areas: true, privacy: 0.3, ..PLAIN },
        Library { seed: 7, borrowers: 300, branches: 3, bookmobile: true, hours_change: false, ..PLAIN },
        Library { seed: 8, borrowers: 400, branches: 2, areas: true, bookmobile: true, privacy: 0.1, ..PLAIN },
    ];
    let put: usize = libraries
        .iter()
        .flat_map(|library| [(library, 5), (library, 10)])
        .map(|(library, threshold)| nothing_is_learned(&lived(library, threshold), 40))
        .sum();
    println!("{put} questions: nothing is learned");
}
