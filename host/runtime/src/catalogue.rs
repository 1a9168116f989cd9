//! The catalogue of functions: components that were uploaded, with their limits, by name and version.

use std::sync::Arc;

use sandbox::Sandbox;

use crate::clock::Clock;
use crate::logs::Logs;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Functions, their versions and aliases.
pub struct Functions {
    records: Records,
    place: Place,
    clock: Clock,
    sandbox: Sandbox,
    logs: Arc<Logs>,
}

impl Functions {
    /// Reads what is stored, and compiles it when it is first needed.
    pub(crate) fn open(
        records: Records,
        place: Place,
        clock: Clock,
        sandbox: Sandbox,
        logs: Arc<Logs>,
    ) -> Result<Functions, RecordError> {
        Ok(Functions {
            records,
            place,
            clock,
            sandbox,
            logs,
        })
    }
}
