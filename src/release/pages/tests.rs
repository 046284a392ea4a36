//! Pages of a made-up library: what they say, that they hold together, and that they load and run nothing.

mod markup;

use std::collections::{BTreeMap, BTreeSet};

use markup::{cells, is_sound, links, sections};

use super::{Page, pages};
use crate::release::catalogue::PackageAbout;
use crate::release::catalogue::{Catalogue, InFolder, OfKind};
use crate::release::meanings::{HOURS_MEANS, WEEKDAY_MEANS, means, measure_means};
use crate::release::node::{Cells, Table, TableColumn};
use crate::release::shape::Node;
use crate::release::tree::About;
use crate::words::{Kind, Period};

const ABOUT: PackageAbout<'static> = PackageAbout {
    library: "Lindenhof <b>Public</b> Library",
    threshold: 10,
    licence: Some("CC0-1.0"),
    labels: &BTreeMap::new(),
};

fn meaning(name: &str) -> &'static str {
    match name {
        "branch" => means(About::Place),
        "item_type" => means(About::Use),
        "patron_category" | "age_band" => means(About::Patron),
        "weekday" => WEEKDAY_MEANS,
        "hours" => HOURS_MEANS,
        _ => measure_means(name),
    }
}

/// A table from lines as a CSV has them; columns of which every cell is a number, or nothing, are figures.
fn table(lines: &str) -> Table {
    let mut lines = lines.trim().lines().map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let rows: Vec<Vec<&str>> = lines.collect();
    let column = |(at, name): (usize, &&str)| {
        let is_figure = [
            "transactions",
            "checkouts",
            "renewals",
            "circulation",
            "patrons",
            "as_it_is",
            "coarser",
            "unknown",
            "other",
        ];
        let cells = if is_figure.contains(name) {
            Cells::Numbers(rows.iter().map(|row| row[at].parse().ok()).collect())
        } else {
            let all: Vec<String> = rows.iter().map(|row| row[at].to_owned()).collect();
            Cells::of_texts(&(0..all.len() as u32).collect::<Vec<_>>(), &all)
        };
        TableColumn::new(*name, meaning(name), cells)
    };
    Table::new(names.iter().enumerate().map(column).collect(), rows.len())
}

fn of_periods(periods: &[(&str, &str)]) -> BTreeMap<Period, Table> {
    periods.iter().map(|(period, lines)| (period.parse().unwrap(), table(lines))).collect()
}

/// Two branches in three months, of which one came with the next; and a period long ago.
fn catalogue() -> Catalogue {
    let total = of_periods(&[
        ("2024-03", "checkouts,renewals,circulation,patrons\n900,100,1000,90"),
        ("2026-01", "checkouts,renewals,circulation,patrons\n1000,234,1234,120"),
        ("2026-02-to-2026-03", "checkouts,renewals,circulation,patrons\n2000,500,2500,"),
    ]);
    let by_branch = of_periods(&[
        ("2024-03", "branch,item_type,checkouts,renewals,circulation\nMain,BK,900,100,1000"),
        (
            "2026-01",
            "branch,item_type,checkouts,renewals,circulation\nMain,BK,600,200,800\nMain,<i>DVD</i>,300,30,330\nother,BK,100,4,104",
        ),
        (
            "2026-02-to-2026-03",
            "branch,item_type,checkouts,renewals,circulation\nHar\u{1b}bor,BK,500,100,600\nMain,BK,1000,350,1350\nMain,other,500,50,550",
        ),
    ]);
    let by_patron = of_periods(&[
        ("2026-01", "patron_category,age_band,transactions,patrons\nAD,18+,700,80\nCH,0 to 17,300,"),
        (
            "2026-02-to-2026-03",
            "patron_category,age_band,transactions,patrons\nAD,18 to 64,1100,110\nAD,65+,200,20\nCH,0 to 5,300,30\nCH,6 to 17,300,30\nother,other,100,",
        ),
    ]);
    let by_hour = of_periods(&[
        ("2026-01", "weekday,hours,transactions\nMonday,09 to 12,500\nSaturday,10,300\nno weekday,other,200"),
        ("2026-02-to-2026-03", "weekday,hours,transactions\nMonday,09,500\nSaturday,10 to 13,800\nno weekday,10,700"),
    ]);
    let coarsening = of_periods(&[
        (
            "2026-01",
            "column,as_it_is,coarser,unknown,other\nbranch,896,0,0,104\nage_band,0,1000,0,0\nday,700,200,0,100",
        ),
        (
            "2026-02-to-2026-03",
            "column,as_it_is,coarser,unknown,other\nbranch,2000,0,0,0\nage_band,600,1300,0,100\nday,1900,100,0,0",
        ),
    ]);
    let folder = || InFolder { periods: total.keys().copied().collect(), columns: Table::default() };
    let nodes = BTreeMap::from([(Node::Collection, folder()), (Node::Community, folder()), (Node::Hours, folder())]);
    let tables = [
        ("total", total.clone()),
        ("by-branch", by_branch),
        ("by-patron", by_patron),
        ("by-hour", by_hour),
        ("coarsening", coarsening),
    ];
    let loans = OfKind {
        nodes,
        tables: tables.into_iter().map(|(name, table)| (name.to_owned(), table)).collect(),
        ..OfKind::default()
    };
    let alone = of_periods(&[("2026-01", "transactions\n4000")]);
    let by_type = of_periods(&[("2026-01", "item_type,transactions\nBK,3000\nother,1000")]);
    let holds = [("total".to_owned(), alone), ("total-by-item_type".to_owned(), by_type)];
    let holds = OfKind { tables: holds.into(), ..OfKind::default() };
    Catalogue { kinds: BTreeMap::from([(Kind::Loan, loans), (Kind::Hold, holds)]), ..Catalogue::default() }
}

fn made() -> Vec<Page> {
    pages(&catalogue(), &ABOUT)
}

fn html(path: &str) -> String {
    made().into_iter().find(|page| page.path == path).unwrap_or_else(|| panic!("no {path}")).html
}

#[test]
fn the_first_page_is_as_it_was() {
    let html = html("index.html");
    let (head, body) = html.split_once("<style>").unwrap();
    let body = body.split_once("</style>").unwrap().1;
    insta::assert_snapshot!(format!("{head}{body}").replace("><", ">\n<"));
}

#[test]
fn there_is_a_page_a_table_and_a_page_a_period() {
    let paths: Vec<String> = made().into_iter().map(|page| page.path).collect();
    let expected = [
        "index.html",
        "pages/loan-by-branch.html",
        "pages/loan-by-hour.html",
        "pages/loan-by-patron.html",
        "pages/loan-coarsening.html",
        "pages/loan-total.html",
        "pages/loan-2024-03.html",
        "pages/loan-2026-01.html",
        "pages/loan-2026-02-to-2026-03.html",
        "pages/hold-total.html",
        "pages/hold-total-by-item_type.html",
        "pages/hold-2026-01.html",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn every_page_holds_together_and_loads_and_runs_nothing() {
    for Page { path, html } in made() {
        is_sound(&html).unwrap_or_else(|why| panic!("{path}: {why}"));
        for forbidden in [
            "<script", "<img", "<link", "<iframe", "http:", "https:", "url(", "@import", "<b>", "<i>", "\u{1b}",
            "onload",
        ] {
            assert!(!html.contains(forbidden), "{path}: {forbidden}");
        }
        assert!(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'\""), "{path}");
        assert!(html.contains("Lindenhof &lt;b&gt;Public&lt;/b&gt; Library"), "{path}");
    }
    assert!(html("pages/loan-2026-02-to-2026-03.html").contains("Har\u{fffd}bor"));
    assert!(html("pages/loan-2026-01.html").contains("&lt;i&gt;DVD&lt;/i&gt;"));
}

#[test]
fn every_link_leads_somewhere() {
    let catalogue = catalogue();
    let mut there: BTreeSet<String> = made().into_iter().map(|page| page.path).collect();
    there.insert("datapackage.json".to_owned());
    for (kind, of_kind) in &catalogue.kinds {
        there.extend(of_kind.nodes.keys().map(|node| format!("dataset/{kind}/{}/", node.name())));
        for name in of_kind.tables.keys() {
            there.extend([format!("statistics/{kind}/{name}.csv"), format!("statistics/{kind}/{name}/")]);
        }
    }
    let mut followed = BTreeSet::new();
    for Page { path, html } in made() {
        for link in links(&html) {
            let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let to = match (file.strip_prefix("../"), path.starts_with("pages/")) {
                (Some(up), true) => up.to_owned(),
                (None, true) if !file.is_empty() => format!("pages/{file}"),
                (None, false) if !file.is_empty() => file.to_owned(),
                _ => path.clone(),
            };
            assert!(there.contains(&to), "{path}: {link}");
            if let Some(anchor) = anchor {
                let target = made().into_iter().find(|page| page.path == to).unwrap().html;
                assert_eq!(target.matches(&format!("id=\"{anchor}\"")).count(), 1, "{path}: {link}");
            }
            followed.insert(to);
        }
    }
    let unfollowed: Vec<&String> = there.difference(&followed).collect();
    assert!(unfollowed.is_empty(), "nothing leads to {unfollowed:?}");
}

#[test]
fn a_table_stands_on_its_pages_as_it_is_published() {
    for (path, kind, period) in [
        ("pages/loan-2026-01.html", Kind::Loan, "2026-01"),
        ("pages/loan-2026-02-to-2026-03.html", Kind::Loan, "2026-02-to-2026-03"),
        ("pages/hold-2026-01.html", Kind::Hold, "2026-01"),
    ] {
        let (html, catalogue) = (html(path), catalogue());
        let sections = sections(&html);
        for (name, periods) in &catalogue.kinds[&kind].tables {
            let table = &periods[&period.parse().unwrap()];
            let shown = cells(sections[name.as_str()]);
            let text = |column: &TableColumn, row: usize| match &column.cells {
                Cells::Numbers(numbers) => numbers[row].map_or_else(|| "–".to_owned(), super::prose::grouped),
                cells => super::prose::plain(&cells.shown(row)).replace('<', "&lt;").replace('>', "&gt;"),
            };
            let expected: Vec<Vec<String>> =
                (0..table.rows).map(|row| table.columns.iter().map(|column| text(column, row)).collect()).collect();
            assert_eq!(shown[0].len(), table.columns.len());
            // Pages put `other` last.
            let sorted = |lines: &[Vec<String>]| lines.iter().cloned().collect::<BTreeSet<_>>();
            assert_eq!(shown.len(), expected.len() + 1, "{path}: {name}");
            assert_eq!(sorted(&shown[1..]), sorted(&expected), "{path}: {name}");
            let newest = periods.keys().next_back().unwrap();
            if newest.to_string() == period {
                let of_table = self::html(&super::said::page_path(kind, name));
                assert!(expected.iter().all(|line| cells(&of_table).contains(line)), "{name}");
            }
        }
    }
}

#[test]
fn the_year_is_the_sum_of_its_periods_and_charts_say_what_tables_say() {
    let html = html("index.html");
    assert!(html.contains("In January to March 2026: <strong>3,734</strong> checkouts and renewals."), "{html}");
    let lines = cells(&html);
    let has = |line: &[&str]| lines.iter().any(|shown| shown[..line.len().min(shown.len())] == *line);
    // By branch over the year, `other` last; ages put together where they overlap.
    assert!(has(&["Main", "3,030"]) && has(&["Har\u{fffd}bor", "600"]) && has(&["other", "104"]));
    assert!(has(&["0 to 5", "300"]) && has(&["18+", "2,000"]) && has(&["a wider range", "300"]), "{lines:?}");
    assert!(has(&["Saturday", "10 to 13", "800"]) && has(&["Monday", "09", "500"]));
    assert!(html.contains("Not drawn: 900 whose weekday or hours aren't told."));
    assert!(!html.contains("1,000</strong>"), "2024 is no part of the last year");
}

#[test]
fn values_are_called_by_their_labels_and_files_arent_named_by_them() {
    let labels = |column: &str, value: &str, label: &str| {
        (column.to_owned(), BTreeMap::from([(value.to_owned(), label.to_owned())]))
    };
    let labels = BTreeMap::from([
        labels("branch", "Main", "Central <i>Library</i> & Archive"),
        labels("item_type", "BK", "Books"),
        labels("age_band", "18+", "Adults"),
    ]);
    let about = PackageAbout { labels: &labels, ..ABOUT };
    let made = pages(&catalogue(), &about);
    let html = |path: &str| &made.iter().find(|page| page.path == path).unwrap().html;
    for path in ["index.html", "pages/loan-by-branch.html", "pages/loan-2026-01.html"] {
        let html = html(path);
        is_sound(html).unwrap();
        assert!(html.contains("Central &lt;i&gt;Library&lt;/i&gt; &amp; Archive"), "{path}");
        assert!(!html.contains(">Main<") && !html.contains(">BK<"), "{path}");
        assert!(html.contains(">other<"), "{path}");
    }
    assert!(html("pages/loan-2026-01.html").contains(">Adults<"));
    // Another column may have the same value.
    assert!(html("pages/hold-2026-01.html").contains(">Books<"));
    let paths = |pages: &[Page]| pages.iter().map(|page| page.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&made), paths(&self::made()));
}

#[test]
fn coarsening_is_said_in_one_sentence() {
    let html = html("index.html");
    let said = "Of 3,000 loans, 96 in 100 tell their branch, 20 in 100 tell their age (76 a group or a run of values) and 86 in \
                100 tell their day (10 their week alone).";
    assert!(html.contains(said), "{html}");
}

#[test]
fn totals_alone_say_why() {
    for path in ["index.html", "pages/hold-2026-01.html"] {
        let html = html(path);
        assert_eq!(html.matches("no longer names who borrowed").count(), 1, "{path}");
        assert!(html.contains("only with 100 rows or more"));
    }
    assert!(!html("pages/loan-2026-01.html").contains("no longer names who"));
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    let all = |pages: Vec<Page>| pages.into_iter().map(|page| (page.path, page.html)).collect::<Vec<_>>();
    assert_eq!(all(made()), all(made()));
}

#[test]
fn a_library_that_published_nothing_has_a_page_that_says_so() {
    let pages = pages(&Catalogue::default(), &PackageAbout { licence: None, ..ABOUT });
    assert_eq!(pages.len(), 1);
    is_sound(&pages[0].html).unwrap();
    assert!(pages[0].html.contains("Nothing is published yet.") && pages[0].html.contains("No licence is stated."));
}

/// Writes pages to look at, of eleven years and with long names: `cargo test --lib look_at_the_pages -- --ignored`.
#[test]
#[ignore = "for eyes"]
fn look_at_the_pages() {
    let folder = std::env::temp_dir().join("afterloan-pages");
    let mut catalogue = catalogue();
    let loans = catalogue.kinds.get_mut(&Kind::Loan).unwrap();
    let periods = (2015 * 12..2026 * 12).map(|month| Period::of_month(crate::words::Month(month)));
    let figure = |period: &Period| 3_000 + (period.first.0 * 7_919 % 997) + period.first.0 % 12 * 100;
    let total = periods.map(|period| (period, table(&format!("transactions,patrons\n{},120", figure(&period)))));
    loans.tables.insert("by-long-name".to_owned(), total.collect());
    let names = (0..14)
        .map(|name| format!("{name} A place with quite a name, Donaudampfschifffahrtsgesellschaft,{}\n", name * 977));
    let lines = format!("branch,transactions\n{}", names.collect::<String>().replace(", D", " D"));
    loans.tables.insert("by-place".to_owned(), BTreeMap::from([("2026-01".parse().unwrap(), table(&lines))]));
    for Page { path, html } in pages(&catalogue, &ABOUT) {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, html).unwrap();
    }
    eprintln!("{}", folder.display());
}
