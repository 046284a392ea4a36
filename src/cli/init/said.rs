//! What a person says of the columns of unknown exports, where a guess can't tell.

use clap::Args;

use super::systems::{About, Dates};
use crate::profile::guess::Said;

#[derive(Args)]
#[command(next_help_heading = "With --from, what a guess can't tell")]
pub(super) struct SaidColumns {
    /// With --from: the column of the transactions' own number. Given several times, those that together tell one from another:
    /// then nothing is severed by them
    #[arg(long, requires = "from", value_name = "COLUMN")]
    id: Vec<String>,
    /// The column that names the patron; of several, the first that says something counts
    #[arg(long, requires = "from", value_name = "COLUMN")]
    patron: Vec<String>,
    /// A value of the patron's column that names nobody; may be given several times
    #[arg(long, requires = "from", value_name = "VALUE", allow_hyphen_values = true)]
    nobody: Vec<String>,
    /// The column that names the item
    #[arg(long, requires = "from", value_name = "COLUMN")]
    item: Option<String>,
    /// The column of the time at which a transaction began
    #[arg(long, requires = "from", value_name = "COLUMN")]
    opened: Option<String>,
    /// The column of the time at which it ended; of several, the latest counts
    #[arg(long, requires = "from", value_name = "COLUMN")]
    closed: Vec<String>,
    /// Which comes first in dates that don't show it, the day or the month
    #[arg(long, requires = "from", value_name = "ORDER")]
    dates: Option<Dates>,
    /// The system has no bills, or none for what these files tell: else nothing is over until their export is there, too
    #[arg(long, requires = "from")]
    no_bills: bool,
}

impl SaidColumns {
    pub fn said(&self, kind: Option<About>) -> Said {
        Said {
            about: kind.map(About::meant),
            id: self.id.clone(),
            patron: self.patron.clone(),
            item: self.item.clone(),
            opened: self.opened.clone(),
            closed: self.closed.clone(),
            nobody: self.nobody.clone(),
            dates: self.dates.map(Dates::meant),
            no_bills: self.no_bills,
        }
    }
}
