//! Nobody needs to trust a pipeline's list of traces: the database's own catalogue says which columns lead to patrons, and each
//! of them must be spoken of.

use std::collections::BTreeSet;

use super::begin::Tonight;
use crate::live::Catalogue;
use crate::pipeline::declaration::Database;

/// The columns that lead to patrons and that no pipeline's traces speak of, `TABLE.COLUMN`, sorted. None without a connection,
/// or where no pipeline says what leads to patrons.
pub fn unspoken(tonight: &Tonight) -> Result<Vec<String>, String> {
    let Some(live) = &tonight.live else { return Ok(Vec::new()) };
    let of_system = tonight.pipelines.iter().filter(|pipeline| pipeline.declaration.is_live());
    let all: Vec<&Database> = of_system.filter_map(|pipeline| pipeline.declaration.database.as_ref()).collect();
    if all.iter().all(|database| database.patron.is_empty() && database.named.is_empty()) {
        return Ok(Vec::new());
    }
    let snapshot = live.snapshot()?;
    let catalogue = Catalogue::read(live.system.database.kind, |sql| snapshot.rows(sql));
    Ok(not_spoken_of(&catalogue.map_err(|error| error.to_string())?, &all))
}

fn not_spoken_of(catalogue: &Catalogue, all: &[&Database]) -> Vec<String> {
    let union = |of: fn(&Database) -> &[String]| -> Vec<String> {
        let names: BTreeSet<&String> = all.iter().flat_map(|database| of(database)).collect();
        names.into_iter().cloned().collect()
    };
    let (patron, named) = (union(|database| &database.patron), union(|database| &database.named));
    let spoken: BTreeSet<&str> = all.iter().flat_map(|database| database.spoken_of()).collect();
    let is_spoken_of = |column: &String| {
        let table = column.rsplit_once('.').map_or(column.as_str(), |(table, _)| table);
        spoken.contains(column.as_str()) || spoken.contains(format!("{table}.*").as_str())
    };
    catalogue.lead_to(&patron, &named).into_iter().filter(|column| !is_spoken_of(column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Column;

    #[test]
    fn a_column_that_leads_to_patrons_is_spoken_of_or_named() {
        let database: Database = toml::from_str(
            "kind = \"mariadb\"\npatron = [\"patrons.id\"]\nnamed = [\"%patron%\"]\nplaces = [\"loans.patron\"]\n\
             [ignored]\n\"the patron herself\" = [\"notes.*\"]",
        )
        .unwrap();
        let column = |name: &str| Column { name: name.into(), kind: "int".into() };
        let mut catalogue = Catalogue::default();
        for (table, columns) in
            [("loans", &["id", "patron"][..]), ("notes", &["patron_id"]), ("new", &["id", "who", "a_patron"])]
        {
            catalogue.tables.insert(table.into(), columns.iter().map(|name| column(name)).collect());
        }
        catalogue.keys.insert(("new.who".into(), "patrons.id".into()));
        catalogue.keys.insert(("new.id".into(), "items.id".into()));
        assert_eq!(not_spoken_of(&catalogue, &[&database]), ["new.a_patron", "new.who"]);
    }
}
