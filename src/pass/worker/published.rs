//! The codes of what a row publishes.

use super::cache::ColumnCache;
use super::reader::Reader;
use crate::cells::Stamp;
use crate::pass::error::PassError;
use crate::pass::prepared::Prepared;
use crate::pass::rules::Treated;
use crate::pass::vocabulary::Columns;
use crate::pipeline::Field;
use crate::treat::{age_in_years, number};

/// How often it was renewed; what can't be read counts as never.
#[inline]
pub fn renewals(cell: &[u8]) -> u16 {
    number(cell).and_then(|count| u16::try_from(count).ok()).unwrap_or(0)
}

/// The code of a published value.
#[inline]
pub fn code(
    treated: &Treated,
    reader: &Reader<'_>,
    opened: Option<Stamp>,
    prepared: &Prepared<'_>,
    (columns, column): (&mut Columns, usize),
    cache: &mut ColumnCache,
) -> Result<u32, PassError> {
    let time = |field: &Field| match field {
        Field::Column(index) if *index == prepared.rules.roles.opened => opened,
        field => prepared.cells.times.read(reader.text(*field)),
    };
    Ok(match treated {
        Treated::Text { rule, from } => {
            let input = rule.key(reader.text(*from));
            cache.code(input, (columns, column), |text| {
                let input = String::from_utf8_lossy(input);
                let mut scratch = String::new();
                text.push_str(rule.apply(&input, &mut scratch));
            })?
        }
        Treated::Year { from } => {
            let input = reader.text(*from);
            cache.code(input, (columns, column), |text| match time(from) {
                Some(stamp) => text.push_str(&stamp.date.year().to_string()),
                None => text.push_str(crate::treat::UNKNOWN),
            })?
        }
        Treated::Class { rule, from } => rule.code(reader.text(*from)).into(),
        Treated::Band { bands, from } => bands.code(number(reader.text(*from))).into(),
        Treated::Age { bands, born, at } => {
            let age = time(born).zip(time(at)).and_then(|(born, at)| age_in_years(born.date, at.date));
            bands.code(age).into()
        }
        Treated::Duration { bands, from, to } => match (time(from), time(to)) {
            _ if reader.text(*to).is_empty() => bands.top().into(),
            (Some(from), Some(to)) if from.day <= to.day => bands.code(Some(to.day.0 - from.day.0)).into(),
            _ => bands.unknown().into(),
        },
        Treated::Wait { waits, from, to } => match (time(from), time(to)) {
            _ if reader.text(*to).is_empty() => waits.not_come().into(),
            (Some(from), Some(to)) if from.day <= to.day => waits.code(to.day.0 - from.day.0).into(),
            _ => waits.unknown().into(),
        },
        Treated::Ended => reader.ended().into(),
    })
}
