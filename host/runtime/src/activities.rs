//! Activities: the catalogue, and the tasks that wait for a worker.

use crate::clock::Clock;
use crate::place::Place;
use crate::records::{RecordError, Records};

const ACTIVITIES: store::Space = "states.activity";

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

    /// Whether there is one with this ARN.
    ///
    /// # Errors
    /// What the records say.
    pub fn exists(&self, arn: &str) -> Result<bool, RecordError> {
        Ok(self.records.bytes(ACTIVITIES, arn)?.is_some())
    }
}
