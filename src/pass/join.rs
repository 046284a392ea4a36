//! By which cells of a transaction, or of a lookup above it, a lookup is joined.

use crate::pipeline::{Field, Lookup};

pub(super) enum Join {
    /// Nothing of it is asked.
    Nothing,
    One(Field),
    Several(Vec<Field>),
}

impl Join {
    /// `field`: the cell of a name.
    pub fn of<E>(lookup: &Lookup, field: impl Fn(&String) -> Result<Field, E>) -> Result<Join, E> {
        if lookup.r#use.is_empty() && lookup.gather.is_empty() {
            return Ok(Join::Nothing);
        }
        let fields = lookup.on.keys().map(field).collect::<Result<Vec<_>, E>>()?;
        Ok(match fields.as_slice() {
            [one] => Join::One(*one),
            _ => Join::Several(fields),
        })
    }
}
