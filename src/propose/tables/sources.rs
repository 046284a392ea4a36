//! `[[source]]`, and the names of cells that a file doesn't begin with.

use super::names::slug;
use super::names::unique;
use super::part::Part;
use super::text::{list, quoted};
use crate::profile::sniff::pattern;
use crate::propose::shipped_names::TAKEN;

impl Part<'_> {
    pub(super) fn sources(&self) -> String {
        let mut text = String::new();
        let mut parts = Vec::new();
        for source in &self.seen.meaning.sources {
            let part = unique(slug(&self.seen.tables[*source].file), &mut parts, &[]);
            text += &format!(
                "[[source]]\npart = {}\nfiles = {}\n",
                quoted(&part),
                quoted(&pattern(&self.seen.files[*source]))
            );
            text += &self.reading.own(self.seen, *source);
            text += &self.header(*source);
        }
        text.push('\n');
        text
    }

    /// The names of the cells, for a file that doesn't begin with them.
    pub(super) fn header(&self, table: usize) -> String {
        let dialect = &self.seen.written[table].dialect;
        if dialect.records_name_cells() || dialect.names.is_none() {
            return String::new();
        }
        let names: Vec<&str> = self.seen.tables[table].columns.iter().map(|column| column.name.as_str()).collect();
        let why = if self.seen.tables[table].named {
            match self.seen.written[table].doubts.iter().find(|doubt| doubt.contains(TAKEN)) {
                Some(doubt) => format!("# {doubt}.\n"),
                None => "# from the comment at its beginning, or as it was given\n".into(),
            }
        } else {
            "# invented: name each cell, and then go through [columns]\n".into()
        };
        format!("{why}header = {}\n", list(&names))
    }

    pub(super) fn severing(&self) -> String {
        "# ---- how the system severs its own link ----------------------------------------------------------------------\n#\n\
         # Ask who keeps its database. Satellites first; guard each statement, so that it can't touch what is open:\n#\n\
         # [[purge]]\n# sql = \"UPDATE … SET … = NULL WHERE … IN ({ids}) AND … IS NOT NULL\"\n\n"
            .into()
    }
}
