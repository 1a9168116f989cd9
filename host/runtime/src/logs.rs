//! Log groups: what executions and functions say, kept for a while (CloudWatch Logs).
//!
//! The one idea: there is one writer, a task in the background that takes what was appended and what was
//! asked for, in order; so groups, streams, events and the count of their bytes always agree. Everybody
//! reads the records. Begin at [`Logs`]; `logs/writer.rs` is the writer, `logs/record.rs` what is stored.

mod buffer;
mod error;
mod groups;
mod pattern;
mod read;
mod record;
mod streams;
mod sweep;
#[cfg(test)]
mod tests;
mod writer;

use std::sync::{Arc, Mutex};

use tokio::sync::{Notify, oneshot};

use self::buffer::{Buffer, Job, Pending, Wish};
pub use self::error::LogsError;
pub use self::groups::{Group, Groups, NewGroup};
pub use self::pattern::{Pattern, PatternError};
pub use self::read::{Direction, Events, FilterQuery, Filtered, GetQuery, Position, ReadEvent};
pub use self::streams::{Rejected, Stream, StreamOrder, Streams, StreamsQuery};
use self::writer::Writer;
use crate::clock::Clock;
use crate::limits::LOG_EVENT_BYTES_MAX;
use crate::lock::locked;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Log groups, their streams and events.
pub struct Logs {
    records: Records,
    place: Place,
    clock: Clock,
    buffer: Mutex<Buffer>,
    /// There is something to write.
    changed: Notify,
    /// What is in the groups already (bytes), for the writer.
    stored_bytes: u64,
}

/// One line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// When (ms since 1970).
    pub timestamp_ms: i64,
    /// The text.
    pub message: String,
}

impl Logs {
    /// Reads what is stored.
    pub(crate) fn open(records: Records, place: Place, clock: Clock) -> Result<Logs, RecordError> {
        let stored_bytes = record::stored_bytes(&records)?;
        Ok(Logs {
            records,
            place,
            clock,
            buffer: Mutex::default(),
            changed: Notify::new(),
            stored_bytes,
        })
    }

    /// Writes, in the background, what is appended and asked for. Without it nothing is.
    pub fn start(self: &Arc<Self>, handle: &tokio::runtime::Handle) {
        handle.spawn(Writer::new(self.clone()).run());
    }

    /// Writes what was appended until now. When it returns, that is durable.
    pub async fn flush(&self) {
        // A store that fails is told of by whoever it fails for; lines of a log are lost then.
        let _ = self.ask(Wish::Nothing).await;
    }

    /// Adds events to a stream, both made if they are not there. Returns at once: what is appended is
    /// written a little later, in order, and the oldest of what waits is dropped (and counted) when more
    /// than the limit waits.
    pub fn append(&self, group: &str, stream: &str, events: Vec<LogEvent>) {
        if events.is_empty() {
            return;
        }
        let (group, stream): (Arc<str>, Arc<str>) = (group.into(), stream.into());
        let now = self.clock.now();
        let mut buffer = locked(&self.buffer);
        let mut wake = false;
        for event in events {
            wake |= buffer.push(Pending::new(&group, &stream, shortened(event)), now);
        }
        drop(buffer);
        if wake {
            self.changed.notify_one();
        }
    }

    /// Has the writer do something, after everything that was appended before.
    async fn ask(&self, wish: Wish) -> Result<(), LogsError> {
        let (reply, done) = oneshot::channel();
        locked(&self.buffer).ask(Job { wish, reply });
        self.changed.notify_one();
        done.await.map_err(|_| RecordError::ShutDown)?
    }
}

/// The event, with a message that is not longer than a message may be.
fn shortened(mut event: LogEvent) -> LogEvent {
    if event.message.len() > LOG_EVENT_BYTES_MAX {
        let end = event.message.floor_char_boundary(LOG_EVENT_BYTES_MAX);
        event.message.truncate(end);
    }
    event
}
