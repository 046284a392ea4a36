//! A workbook that can't be read stops its pipeline alone, with the same words however afterloan was compiled.

use serde_json::Value;

use super::planned;
use crate::support::AS_OF;
use crate::support::inbox::{both, write_at};
use crate::support::workbook::{parts, shared, zipped};

#[test]
fn a_range_that_is_none_stops_one_pipeline_and_the_other_runs_on() {
    let site = planned(12);
    let table = std::fs::read_to_string(site.at("inbox/old_reserves-2026-11-01.csv")).unwrap();
    let rows = table.lines().map(|line| line.split(',').map(shared).collect()).collect();
    let mut all = parts(&[("Report", rows)]);
    let sheet = all.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
    sheet.1 = sheet.1.replacen("<sheetData>", "<dimension ref=\"E39:A1\"/><sheetData>", 1);
    write_at(&site, "old_reserves-2026-11-01.xlsx", zipped(&all), AS_OF);
    site.edit("pipelines/koha-holds.toml", |text| {
        let workbook = "files = \"old_reserves-*.xlsx\"\nread = { format = \"xlsx\" }\n";
        text.replacen("files = \"old_reserves-*.csv*\"\n", workbook, 1)
    });
    let plan = site.cli(&["plan", "--json", "--as-of", AS_OF]);
    let json: Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(plan.status.code(), Some(1), "{}", both(&plan));
    let stopped = json["stopped"].as_array().unwrap();
    assert_eq!((stopped.len(), stopped[0]["pipeline"].as_str()), (1, Some("koha-holds")), "{stopped:?}");
    let why = stopped[0]["why"].as_str().unwrap();
    assert!(why.contains("old_reserves-2026-11-01.xlsx: a sheet of the workbook names a range that is none"), "{why}");
    let pipelines = json["pipelines"].as_array().unwrap();
    assert_eq!((pipelines.len(), &pipelines[0]["name"]), (1, &"koha-loans".into()));
    assert_eq!(pipelines[0]["totals"]["retired"], 12);
}
