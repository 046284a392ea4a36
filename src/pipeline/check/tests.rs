//! What is refused before a row is read, by declarations that differ from a shipped pipeline in one place.

use crate::pipeline::Pipeline;
use crate::toml_file::Located;

const LOANS: &str = include_str!("../../../pipelines/koha-loans.toml");
const PROXY: &str = include_str!("../../../pipelines/ezproxy-access.toml");

/// What a pipeline is refused with after one change to its text; empty if it is taken.
pub(super) fn refused(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    let source = Located::new("it.toml".into(), text.replacen(from, to, 1));
    Pipeline::parse(&source).map_or_else(|error| error.to_string(), |_| String::new())
}

fn each_is_refused(text: &str, cases: &[(&str, &str, &str)]) {
    assert_eq!(refused(text, "format", "format"), "", "taken as it is shipped");
    for (from, to, why) in cases {
        let error = refused(text, from, to);
        assert!(error.contains(why) && error.is_empty() == why.is_empty(), "{from} → {to}: {error}");
    }
}

#[test]
fn a_log_is_read_whole_from_files_and_has_neither_ids_nor_sql() {
    let files = "files = \"ezproxy-*.log*\"";
    each_is_refused(
        PROXY,
        &[
            (
                "patron = \"user\"",
                "patron = \"user\"\ntransaction = { column = \"time\", type = \"text\" }",
                "it has no `transaction`",
            ),
            ("patron = \"user\"", "patron = \"user\"\nrenews = \"url\"", "none renews another"),
            (
                "name = \"ezproxy-access\"",
                "name = \"ezproxy-access-material\"\nside = \"material\"",
                "bills alone have sides",
            ),
            (
                "# ---- tests",
                "[[trace]]\nname = \"x\"\nabout = \"x\"\nsever = \"DELETE {ids}\"\n#",
                "nothing to sever by SQL",
            ),
            (
                "# ---- tests",
                "[[trace]]\nname = \"x\"\nabout = \"x\"\nlink = true\nsever = \"DELETE {ids}\"\n#",
                "its link has neither",
            ),
            (files, "files = \"ezproxy-{date}.*.log\"\nsplit = true", "leave `split` out"),
            (files, "command = [\"cat\", \"log\"]", "can't come from a command"),
            (files, "files = \"-\"", "transactions that hold identifiers are read twice"),
            ("counts = [\"200\", \"304\"]", "counts = []", "say which statuses count"),
            ("\".css\", \".js\"", "\"css\", \".js\"", "begins with a point"),
            ("\".css\", \".js\"", "\".CSS\", \".js\"", "in lower case"),
            ("coverage = \"log\"", "coverage = \"snapshot\"", "a snapshot's transactions have ids"),
        ],
    );
    let snapshot = PROXY.replacen("coverage = \"log\"", "coverage = \"snapshot\"", 1);
    let error = refused(
        &snapshot,
        "patron = \"user\"",
        "patron = \"user\"\ntransaction = { column = \"time\", type = \"text\" }",
    );
    assert!(error.contains("requests are counted in logs"), "{error}");
}

#[test]
fn what_a_column_is_about_decides_where_it_may_stand() {
    let category = "from = \"patrons.categorycode\"\ntreatment = \"keep\"\nabout = \"patron\"";
    let other = |about: &str| category.replace("\"patron\"", about);
    each_is_refused(
        LOANS,
        &[
            (category, &other("\"use\""), "`patrons.categorycode` is taken from the patron's record"),
            (category, &other("\"place\""), "`patrons.categorycode` is taken from the patron's record"),
            (category, &other("\"time\""), "`patrons.categorycode` is taken from the patron's record"),
            (category, &other("\"who\""), "unknown value `who`"),
            (category, &format!("{category}\ngroups = {{ child = [\"J\"], adult = [\"AD\"] }}"), ""),
            (
                "from = \"branchcode\"",
                "from = \"branchcode\"\ngroups = { all = [\"A\"] }",
                "groups are of what is about patrons",
            ),
            ("name = \"hours\"", "name = \"hour\"", "under the name `hours`"),
            ("treatment = \"day\"\nabout = \"time\"", "treatment = \"day\"\nabout = \"use\"", "only the opening time"),
            (
                "treatment = { class = \"dewey-hundreds\" }\nabout = \"use\"",
                "treatment = { class = \"dewey-hundreds\" }\nabout = \"time\"",
                "for the opening's day and hours alone",
            ),
            (
                "treatment = \"count\"\nabout = \"use\"",
                "treatment = \"count\"\nabout = \"patron\"",
                "it describes the use",
            ),
            (
                "about = \"patron\"\n\n[[publish]]\nname = \"hours\"",
                "about = \"use\"\n\n[[publish]]\nname = \"hours\"",
                "patron's record",
            ),
            (
                "from = \"items.ccode\"\ntreatment = \"keep\"\nabout = \"use\"",
                "from = \"items.itype\"\ntreatment = \"keep\"\nabout = \"patron\"",
                "come from the same column",
            ),
        ],
    );
}

#[test]
fn a_table_is_counted_from_one_node() {
    let by_hour = "[[statistics]]\nname = \"by-hour\"";
    let table = |name: &str, by: &str| format!("[[statistics]]\nname = \"{name}\"\nby = [{by}]\n{by_hour}");
    each_is_refused(
        LOANS,
        &[
            (by_hour, &table("more", "\"branch\""), ""),
            (by_hour, &table("more", ""), ""),
            (by_hour, &table("more", "\"branch\", \"weekday\""), ""),
            (by_hour, &table("more", "\"branch\", \"patron_category\""), ""),
            (by_hour, &table("more", "\"item_type\", \"patron_category\""), "its columns stand in no one node"),
            (by_hour, &table("more", "\"item_type\", \"hours\""), "its columns stand in no one node"),
            (by_hour, &table("more", "\"branch\", \"branch\""), "stands twice"),
            (by_hour, &table("more", "\"brunch\""), "did you mean `branch`?"),
            (by_hour, &table("more", "\"day\""), "no table can be by `day`"),
            (by_hour, &table("by-hour", "\"branch\""), "two tables are named"),
            (by_hour, &table("coarsening", "\"branch\""), "is made by itself"),
            // Its page would be that of a month.
            (by_hour, &table("2026-07", "\"branch\""), "a name has lower-case letters"),
        ],
    );
}

#[test]
fn sessions_and_renewals_are_counted_as_declared() {
    each_is_refused(
        PROXY,
        &[
            (
                "name = \"sessions\"\nfrom = \"url\"",
                "name = \"sessions\"\nfrom = \"status\"",
                "from the column of the URL",
            ),
            ("name = \"sessions\"", "name = \"visits\"", "the count that is published is `sessions`"),
            ("by = [\"platform\"]", "by = [\"platfrom\"]", "did you mean `platform`?"),
            (
                "[[publish]]",
                "[counts]\nrenewal = { status = [\"1\"] }\n[[publish]]",
                "checkouts and renewals are of loans",
            ),
        ],
    );
    each_is_refused(
        LOANS,
        &[
            (
                "[[publish]]",
                "[counts]\nrenewal = { renewals_count = [\"1\"] }\n[[publish]]",
                "with [counts] a renewal is a row",
            ),
            ("name = \"renewals\"", "name = \"renewed\"", "the count that is published is `renewals`"),
        ],
    );
}

#[test]
fn a_file_may_be_written_in_a_way_of_its_own() {
    let old = "files = \"old_issues-*.csv*\"";
    let with = |more: &str| format!("{old}\n{more}");
    each_is_refused(
        LOANS,
        &[
            (old, &with("read = { format = \"json\" }\nrename = { \"patron.id\" = \"borrowernumber\" }"), ""),
            (old, &with("read = { format = \"weblog\", layout = \"%h %t\" }"), "logs are all written alike"),
            (
                old,
                &with("read = { format = \"json\", delimiter = \";\" }"),
                "it is a key of csv, delimited files, and these are json",
            ),
            (old, &with("read = { format = \"xlsx\", encoding = \"utf-8\" }"), "files, and these are xlsx"),
            (
                old,
                &with("read = { format = \"json\", fles = \"x\" }"),
                "`fles`: unknown key; it can be `records`, `trim`",
            ),
            (old, &with("read = { format = \"json\", datetme = \"x\" }"), "`datetime`, which stands in [read] alone?"),
            (old, &with("read = { null = [] }"), "`null`: it is said once for all files, in [read]"),
            (old, &with("rename = { a = \"note\", b = \"note\" }"), "two columns are renamed `note`"),
            (old, &with("rename = { a = \"note\" }\nheader = [\"a\"]"), "`rename` is of tables that name their own"),
            (old, &with("absent = [\"issue_id\"]"), "without `issue_id` nothing can be told"),
            (old, &with("absent = [\"nothing\"]"), "`nothing` is absent, and nothing asks for it"),
            (old, &with("absent = [\"returndate\"]"), ""),
        ],
    );
}

#[test]
fn a_trace_says_what_is_done_about_it_and_severs_no_more_than_it_is_asked() {
    let before = "[[trace]]\nname = \"papers\"\nabout = \"as sent\"\n";
    let link = "name = \"the loan itself\"";
    let with = |keys: &str| format!("{before}{keys}\n[[trace]]\n{link}");
    let old = &format!("[[trace]]\n{link}");
    each_is_refused(
        LOANS,
        &[
            ("issue_id IN ({ids})", "issue_id > 0", "a statement that severs needs {ids}"),
            (old, &with("never = \"no letter says\"\ninstead = \"Koha does\""), ""),
            (old, &with(""), "`papers` is severed by `sever`, or says in `never` why not"),
            (old, &with("never = \"no letter says\""), "say in `instead` what removes it"),
            (old, &with("sever = \"DELETE {ids}\"\nnever = \"x\""), "either `sever` or `never`"),
            (old, &with("sever = \"DELETE {ids}; DELETE\""), "one statement at a time"),
            (old, &with("sever = \"DELETE {ids} /*if a.b*/ OR c /*end*/\"\ncount = \"SELECT {ids}\""), ""),
            (old, &with("sever = \"DELETE {ids} /*if a.b*/ OR c\""), "an `/*if TABLE.COLUMN*/` without its `/*end*/`"),
            (old, &with("sever = \"DELETE {ids} /*else c*/\""), "without its `/*if TABLE.COLUMN*/`"),
            (old, &with("sever = [\"DELETE {ids}\", \"DELETE\"]"), "a statement that severs needs {ids}"),
            (old, &with("sever = \"DELETE {ids}\"\ncount = \"SELECT 1\""), "its `count` needs {ids}"),
            (old, &with("sever = \"DELETE {ids}\"\nof = []"), "`of` says of which transactions"),
            ("name = \"the loan itself\"", "name = \"statistics\"", "two traces are called"),
            ("link = true\n", "", "one trace is the link"),
            (
                "# ---- tests",
                "[[trace]]\nname = \"x\"\nabout = \"x\"\nsever = \"DELETE {ids}\"\ncount = \"SELECT {ids}\"\n#",
                "the link is the last",
            ),
            ("# ---- tests", "[[purge]]\nsql = \"DELETE {ids}\"\n#", "[[purge]] is [[trace]] now"),
        ],
    );
}

#[test]
fn lookups_are_joined_by_keys_that_are_there() {
    const VOYAGER: &str = include_str!("../../../pipelines/voyager-loans.toml");
    let on = "on = { PATRON_ID = \"PATRON_ID\", ITEM_ID = \"ITEM_ID\" }";
    each_is_refused(
        VOYAGER,
        &[
            (on, "on = {}", "`on` says by which key"),
            (on, "on = { ITEM_ID = [] }", "`on` says by which key"),
            (on, "on = { ITEM_ID = \"ITEM_ID\" }", ""),
            (
                on,
                "on = { PATRON_ID = \"PATRON_ID\", ITEM_ID = [\"ITEM_ID\", \"FINE_FEE_ID\"] }",
                "are one key together",
            ),
            (
                on,
                "on = { PATRON_ID = \"PATRON_ID\", \"fines.owing\" = \"ITEM_ID\" }",
                "a key comes from the transaction",
            ),
        ],
    );
}

#[test]
fn only_what_records_name_and_nothing_decides_by_is_optional() {
    const FOLIO: &str = include_str!("../../../pipelines/folio-loans.toml");
    let source = "optional = [\"renewalCount\"]";
    let with = |column: &str| format!("optional = [\"{column}\"]");
    let cases = [
        ("itemId", "nothing can be decided"),
        ("status.name", "nothing can be decided"),
        ("loanDate", "nothing can be"),
    ];
    for (column, why) in cases {
        assert!(refused(FOLIO, source, &with(column)).contains(why), "{column}");
    }
    assert_eq!(refused(FOLIO, source, "optional = []"), "");
    assert!(refused(FOLIO, source, &with("renewalCuont")).contains("did you mean `renewalCount`?"));
    let csv = "part = \"issues\"\n";
    let error = refused(LOANS, csv, &format!("{csv}optional = [\"branchcode\"]\n"));
    assert!(error.contains("whose records name their own cells"), "{error}");
}

/// In an inline table, though the same key begins a line of the table around it.
#[test]
fn a_mistake_in_a_files_own_read_is_pointed_at_there() {
    let old = "files = \"old_issues-*.csv*\"";
    for own in ["read = { format = \"json\", files = \"x\" }", "read = { format = \"csv\", trim = \"yes\" }"] {
        let text = LOANS.replacen(old, &format!("{own}\n{old}"), 1);
        let line = 1 + text.lines().position(|line| line == own).unwrap();
        let column = 1 + own.rfind(", ").unwrap() + 2;
        let error = refused(LOANS, old, &format!("{own}\n{old}"));
        assert!(error.contains(&format!("it.toml:{line}:{column}: `")), "{error}");
    }
}

#[test]
fn a_patrons_number_is_no_transactions() {
    let own = "transaction = { column = \"issue_id\"";
    let of = |column: &str| format!("transaction = {{ column = \"{column}\"");
    let bills = "on = { issue_id = [\"issue_id\", \"old_issue_id\"] }";
    let readers = "on = { issue_id = \"id\" }\nidentifiers = [\"mail\"]\n\n[[lookup]]\nname = \"bills\"\n";
    let readers = format!("name = \"readers\"\nfiles = \"readers.csv\"\n{readers}");
    each_is_refused(
        LOANS,
        &[
            (own, &of("borrowernumber"), "`borrowernumber` is `patron`, too: its ids stand on worklists"),
            (own, &of("reader_id"), "`reader_id` is called like a patron's number"),
            (bills, "on = { issue_id = \"borrowernumber\" }", "`issue_id` joins `bills` by the number of a patron"),
            ("name = \"bills\"\n", &readers, "`issue_id` joins `readers` by the number of a patron"),
        ],
    );
}
