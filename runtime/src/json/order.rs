//! In which order the members of objects come: mostly in that of the table, or in that of the object before.

use std::cell::Cell;
use std::mem;

use crate::json::field::Field;

/// What was seen so far, in this body and in those that the thread has read before: who writes a body keeps its order.
///
/// What is remembered is only tried first, and compared with the key that stands there: it decides nothing.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// None, or [`PLACES`]. Of tables with one place, that which came last has it.
    tables: Vec<Order>,
}

/// The order of the objects of one table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// Where the table stands: its name.
    table: usize,
    /// By the place from which on the table was expected to go on, the field that came.
    came: [u8; MOST],
}

/// Larger tables keep their own order.
const MOST: usize = 64;
/// How many tables are remembered: 9 KB for each thread.
const PLACES: usize = 128;

const UNKNOWN: Order = Order { table: 0, came: [u8::MAX; MOST] };

thread_local! {
    static LAST: Cell<Orders> = const { Cell::new(Orders { tables: Vec::new() }) };
}

impl Order {
    /// The field that came last time where the one at `expected` was looked for: itself, if nothing else did. It is below 64.
    #[inline]
    pub(crate) fn after(&self, expected: usize) -> Option<usize> {
        let came = usize::from(*self.came.get(expected)?);
        Some(if came < MOST { came } else { expected })
    }
}

impl Orders {
    /// What the thread remembers; it forgets it, until [`Orders::keep`].
    pub(crate) fn recall() -> Orders {
        LAST.try_with(Cell::take).unwrap_or_default()
    }

    /// Lets the thread remember it.
    pub(crate) fn keep(&mut self) {
        if !self.tables.is_empty() {
            // A thread that ends remembers nothing.
            let _ = LAST.try_with(|last| last.set(mem::take(self)));
        }
    }

    /// The order of the objects of a table; none where it was always that of the table.
    #[inline]
    pub(crate) fn of(&self, fields: &'static [Field]) -> Option<&Order> {
        self.tables.get(place(fields)).filter(|order| order.table == fields.as_ptr().addr())
    }

    /// The field that came last time where the one at `expected` did not.
    pub(crate) fn guess(&self, fields: &'static [Field], expected: usize) -> Option<usize> {
        self.of(fields)?.after(expected).filter(|came| *came != expected && *came < fields.len())
    }

    /// Notes which field came.
    pub(crate) fn note(&mut self, fields: &'static [Field], expected: usize, came: usize) {
        if fields.len() > MOST {
            return;
        }
        if self.tables.is_empty() {
            self.tables.resize(PLACES, UNKNOWN);
        }
        let table = fields.as_ptr().addr();
        if let (Some(order), Ok(came)) = (self.tables.get_mut(place(fields)), u8::try_from(came)) {
            if order.table != table {
                *order = Order { table, ..UNKNOWN };
            }
            if let Some(place) = order.came.get_mut(expected) {
                *place = came;
            }
        }
    }
}

/// A place of a table, by its address: all bits of it count (Knuth's multiplicative hashing).
#[inline]
fn place(fields: &'static [Field]) -> usize {
    let mixed = (fields.as_ptr().addr() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - PLACES.ilog2())) as usize
}
