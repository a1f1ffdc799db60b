//! In which order the members of objects come: mostly in that of the table, or in that of the object before.

use crate::json::field::Field;

/// What was seen in a body so far.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    tables: Vec<Order>,
}

/// The order of the objects of one table.
#[derive(Debug)]
struct Order {
    /// Where the table stands: its name.
    table: usize,
    /// By the place from which on the table was expected to go on, the field that came.
    came: [u8; MOST],
}

/// Larger tables keep their own order.
const MOST: usize = 64;
/// Of so many tables.
const TABLES: usize = 8;

impl Orders {
    /// The field that came last time where the one at `expected` did not.
    pub(crate) fn guess(&self, fields: &'static [Field], expected: usize) -> Option<usize> {
        let table = fields.as_ptr().addr();
        let order = self.tables.iter().find(|order| order.table == table)?;
        order.came.get(expected).map(|came| usize::from(*came)).filter(|came| *came < fields.len())
    }

    /// Notes which field came.
    pub(crate) fn note(&mut self, fields: &'static [Field], expected: usize, came: usize) {
        let table = fields.as_ptr().addr();
        let known = self.tables.iter().position(|order| order.table == table);
        let index = known.unwrap_or(self.tables.len());
        if known.is_none() {
            if index == TABLES || fields.len() > MOST {
                return;
            }
            self.tables.push(Order { table, came: [u8::MAX; MOST] });
        }
        if let (Some(place), Ok(came)) = (self.tables[index].came.get_mut(expected), u8::try_from(came)) {
            *place = came;
        }
    }
}
