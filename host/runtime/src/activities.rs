//! Activities: the catalogue, and the tasks that wait for a worker.

use crate::clock::Clock;
use crate::place::Place;
use crate::records::Records;

/// Activities and their waiting tasks.
pub struct Activities {
    records: Records,
    place: Place,
    clock: Clock,
}

impl Activities {
    pub(crate) fn new(records: Records, place: Place, clock: Clock) -> Activities {
        Activities {
            records,
            place,
            clock,
        }
    }
}
