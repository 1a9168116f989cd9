//! The catalogue of state machines.

use crate::clock::Clock;
use crate::place::Place;
use crate::records::Records;

/// State machines with their revisions, versions, aliases and tags.
#[derive(Clone)]
pub struct Machines {
    records: Records,
    place: Place,
    clock: Clock,
}

impl Machines {
    pub(crate) fn new(records: Records, place: Place, clock: Clock) -> Machines {
        Machines {
            records,
            place,
            clock,
        }
    }
}
