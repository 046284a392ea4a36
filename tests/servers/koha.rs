//! Koha on MariaDB.

use super::carried_out::{by_the_guide, carry_out, documented, fixture, night, site_of, then, written};
use super::server::Server;
use crate::support::inbox::{AS_OF_LATER, worklist};
use crate::support::{AS_OF, TestSite};
use crate::systems::PipelineFile;

pub const PIPELINES: [&str; 5] = ["koha-loans", "koha-holds", "koha-bills", "koha-bills-material", "koha-contacts"];

/// What happens between the night and the purge.
const MEANWHILE: &str = "
    -- Out again: where Koha has it now, and in its old place.
    INSERT INTO issues (issue_id, borrowernumber, itemnumber, branchcode, issuedate)
        SELECT issue_id, borrowernumber, itemnumber, branchcode, issuedate FROM old_issues WHERE issue_id = 1012;
    UPDATE accountlines SET old_issue_id = NULL, issue_id = 1012 WHERE accountlines_id = 9007;
    DELETE FROM old_issues WHERE issue_id = 1012;
    UPDATE old_issues SET returndate = NULL WHERE issue_id = 1002;
    -- Owing again (loan 1010, too), and claimed.
    UPDATE accountlines SET amountoutstanding = 1.2 WHERE accountlines_id = 9005;
    INSERT INTO return_claims (id, itemnumber, issue_id, borrowernumber) VALUES (8, 514, 1004, 66);
    UPDATE accountlines SET amountoutstanding = 2.5 WHERE accountlines_id = 9020;
    -- Waiting again.
    UPDATE old_reserves SET cancellationdate = NULL WHERE reserve_id = 1003;
    INSERT INTO reserves (reserve_id, borrowernumber, reservedate, branchcode, found)
        SELECT reserve_id, borrowernumber, reservedate, branchcode, 'W' FROM old_reserves WHERE reserve_id = 1012;
    DELETE FROM old_reserves WHERE reserve_id = 1012;
    -- She renewed her card; he placed a hold; he may not borrow; her child renewed; she works here.
    UPDATE borrowers SET dateexpiry = '2090-01-01' WHERE borrowernumber IN (802, 904);
    INSERT INTO reserves (reserve_id, borrowernumber, reservedate, branchcode) VALUES (1105, 63, '2026-11-01', 'MAIN');
    UPDATE borrowers SET debarred = '2090-01-01' WHERE borrowernumber = 816;
    UPDATE borrowers SET categorycode = 'STAFF' WHERE borrowernumber = 810;
";

/// What a patron record loses, in the table's order.
const CONTACT_DATA: &str =
    "streetnumber address address2 city state zipcode country email phone mobile fax emailpro phonepro
    B_streetnumber B_address B_address2 B_city B_state B_zipcode B_country B_email B_phone contactname contactfirstname
    altcontactfirstname altcontactsurname altcontactaddress1 altcontactaddress2 altcontactaddress3 altcontactstate
    altcontactzipcode altcontactcountry altcontactphone";

#[test]
#[ignore = "needs MariaDB: make test-servers"]
fn koha_severs_exactly_what_is_due() {
    let server = Server::mariadb();
    fill(&server);
    counts_can_be_asked(&server);
    let site = site_of(&PIPELINES);
    export(&server, &site, "2026-10-31T23:00:00-04:00");
    night(&site, AS_OF);
    for (pipeline, due) in [
        ("koha-loans", &[1001, 1002, 1004, 1010, 1012, 1014, 1020, 1021, 1023, 1040, 1041, 1043][..]),
        ("koha-holds", &[1001, 1003, 1004, 1012]),
        ("koha-bills", &[9019, 9020, 9026]),
        ("koha-bills-material", &[9005, 9007, 9019, 9022, 9026]),
        ("koha-contacts", &[63, 802, 810, 816, 820, 822, 823]),
    ] {
        assert_eq!(worklist(&site, pipeline), due, "{pipeline}");
    }

    server.must(MEANWHILE);
    carry_out(
        &server,
        &site,
        "koha-loans",
        &[
            "action_logs: object=NULL: 1 3 31 33 34 42 43",
            "action_logs: user=\"0\" object=NULL: 2 32 41",
            "bookings: gone: 1",
            "checkout_renewals: renewer_id=NULL: 1 6 7 9",
            "items_last_borrower: gone: 1 6",
            "old_issues: borrowernumber=NULL: 1001 1020 1040 1041 1043",
            "old_issues: borrowernumber=NULL booking_id=NULL: 1014",
            "old_issues: borrowernumber=NULL issuer_id=NULL: 1023",
            "old_issues: borrowernumber=NULL note=NULL: 1021",
            "old_issues: issuer_id=NULL: 1044",
            "old_issues: note=NULL: 1003",
            "return_claims: gone: 2 9",
            "statistics: borrowernumber=NULL: 1001 from the book drop 1001 lent 1001 renewed 1003 back 1003 lent 1003 renewed \
             1023 back 1023 lent 1023 renewed 1043 back 1043 lent 1044 back 1044 lent 1044 renewed 1045 lent 1045 renewed",
        ],
    );
    carry_out(
        &server,
        &site,
        "koha-holds",
        &[
            "action_logs: info=NULL: 22 27",
            "action_logs: user=\"0\" info=NULL: 26",
            "action_logs: user=\"0\" info=NULL diff=NULL: 21",
            "old_reserves: borrowernumber=NULL hold_group_id=NULL: 1001",
            "old_reserves: hold_group_id=NULL: 1008",
            "old_reserves: borrowernumber=NULL reservenotes=NULL: 1004",
        ],
    );
    carry_out(
        &server,
        &site,
        "koha-bills",
        &[
            "accountlines: borrowernumber=NULL description=NULL note=NULL: 9019",
            "accountlines: borrowernumber=NULL manager_id=NULL: 9026",
            "statistics: borrowernumber=NULL: 9026 paid",
        ],
    );
    carry_out(
        &server,
        &site,
        "koha-bills-material",
        &["accountlines: itemnumber=NULL: 9019 9022 9026", "article_requests: debit_id=NULL: 1"],
    );
    let emptied: Vec<String> = CONTACT_DATA.split_whitespace().map(|column| format!("{column}=\"\"")).collect();
    let emptied = format!("borrowers: {} updated_on: 822 823", emptied.join(" "));
    carry_out(&server, &site, "koha-contacts", &[&emptied]);

    export(&server, &site, "2026-11-01T23:00:00-05:00");
    // New on the lists is what a day more has made due; 817 since the loan is severed that still named him. What changed
    // meanwhile is kept, and residual is nothing: 1002 and 1012 are open, 1004 is disputed, 1010 owing.
    then(
        &site,
        AS_OF_LATER,
        &[
            ("koha-loans", 8, 0, &[1005, 1009, 1011]),
            ("koha-holds", 2, 0, &[1005]),
            ("koha-bills", 2, 0, &[9021]),
            ("koha-bills-material", 3, 0, &[9004, 9006]),
            ("koha-contacts", 2, 0, &[803, 817]),
        ],
    );
}

/// Every count of every trace, also of those that nothing severs, comes to a number on these tables.
fn counts_can_be_asked(server: &Server) {
    for name in PIPELINES {
        let pipeline: toml::Table = PipelineFile::read(name).unwrap().text.parse().unwrap();
        let traces = pipeline["trace"].as_array().unwrap();
        assert!(traces.iter().all(|trace| trace.get("count").is_some()), "{name}: a trace without a count");
        for trace in traces {
            let count = trace["count"].as_str().unwrap().replace("{ids}", "1001,1002,9026,61");
            let answer = server.query(&count);
            // Its name is the query, and may go on over lines.
            let number = answer.rows.last().and_then(|row| row[0].as_deref()?.parse::<u64>().ok());
            assert!(number.is_some(), "{name}: {}: {answer:?}", trace["name"]);
        }
    }
}

pub fn fill(server: &Server) {
    server.must(include_str!("koha.sql"));
    let mut rows = String::from("SET sql_mode = '', foreign_key_checks = 0;\n");
    let day = "2026-10-31.csv";
    for (table, export) in [
        ("categories", "categories"),
        ("borrowers", "contacts"),
        ("borrowers", "borrowers"),
        ("items", "items"),
        ("issues", "issues"),
        ("old_issues", "old_issues"),
        ("reserves", "reserves"),
        ("old_reserves", "old_reserves"),
        ("accountlines", "accountlines"),
        ("return_claims", "return_claims"),
        ("illrequests", "illrequests"),
        ("patron_consent", "patron_consent"),
    ] {
        let (columns, cells) = fixture("koha", &format!("{export}-{day}"));
        for row in cells {
            let cells = row.iter().map(|cell| match cell.as_str() {
                "NULL" => "NULL".into(),
                text => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''")),
            });
            let cells: Vec<String> = cells.collect();
            rows += &format!("INSERT IGNORE INTO {table} ({}) VALUES ({});\n", columns.join(", "), cells.join(", "));
        }
    }
    server.must(&(rows + include_str!("koha-rows.sql")));
}

/// As the guide says, and the pipelines' first lines. `contacts` has the columns of borrowers.
fn export(server: &Server, site: &TestSite, time: &str) {
    by_the_guide(server, site, "old_issues");
    let write = |name: &str, query: &str| site.export(&format!("{name}-1.csv"), server.query(query).csv());
    write("contacts", "SELECT * FROM borrowers");
    write("patron_consent", "SELECT * FROM patron_consent");
    for name in ["categories", "returns", "illrequests", "linked"] {
        write(name, &documented("koha-contacts", &format!("{name}:")));
    }
    written(site, time);
}
