//! Queues: messages between executions and whoever works for them.

use crate::clock::Clock;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Queues and their messages.
pub struct Queues {
    records: Records,
    place: Place,
    clock: Clock,
}

impl Queues {
    /// Reads what is stored.
    pub(crate) fn open(
        records: Records,
        place: Place,
        clock: Clock,
    ) -> Result<Queues, RecordError> {
        Ok(Queues {
            records,
            place,
            clock,
        })
    }
}
