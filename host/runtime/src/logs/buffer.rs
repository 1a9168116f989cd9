//! What waits for the writer: bounded; the oldest events are dropped, and how many is told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use engine::Timestamp;
use tokio::sync::oneshot;

use super::LogEvent;
use super::error::LogsError;
use super::groups::NewGroup;
use crate::limits::{
    LOG_BUFFER_BYTES_MAX, LOG_BUFFER_EVENTS_MAX, LOG_DROPPED_STREAMS_MAX, LOG_EVENT_OVERHEAD_BYTES,
    LOG_EVENTS_PER_WRITE, LOG_FLUSH_INTERVAL_MS,
};

/// Where an event belongs.
pub(super) type Target = (Arc<str>, Arc<str>);

/// An event that waits.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// Group and stream.
    pub(super) target: Target,
    pub(super) event: LogEvent,
}

impl Pending {
    pub(super) fn new(group: &Arc<str>, stream: &Arc<str>, event: LogEvent) -> Pending {
        Pending {
            target: (group.clone(), stream.clone()),
            event,
        }
    }

    fn bytes(&self) -> u64 {
        let bytes = u64::try_from(self.event.message.len()).unwrap_or(u64::MAX);
        bytes.saturating_add(LOG_EVENT_OVERHEAD_BYTES)
    }
}

/// What the writer is asked for.
pub(super) enum Wish {
    /// That everything before is written.
    Nothing,
    CreateGroup(NewGroup),
    DeleteGroup(String),
    /// `None`: events are kept for ever.
    SetRetention {
        group: String,
        days: Option<u32>,
    },
    Tag {
        group: String,
        tags: BTreeMap<String, String>,
    },
    Untag {
        group: String,
        keys: Vec<String>,
    },
    CreateStream {
        group: String,
        stream: String,
    },
    DeleteStream {
        group: String,
        stream: String,
    },
    /// Events that are answered for, of a stream that has to be there.
    Put {
        group: String,
        stream: String,
        events: Vec<LogEvent>,
    },
}

/// A wish, and who wants to know.
pub(super) struct Job {
    pub(super) wish: Wish,
    pub(super) reply: oneshot::Sender<Result<(), LogsError>>,
}

/// What waits. Jobs are bounded by who waits for them, one each request.
#[derive(Default)]
pub(super) struct Buffer {
    events: VecDeque<Pending>,
    bytes: u64,
    jobs: Vec<Job>,
    /// How many events were dropped, by where they belonged.
    dropped: BTreeMap<Target, u64>,
    /// When the oldest event came.
    since: Option<Timestamp>,
}

/// What the writer takes at once.
pub(super) struct Taken {
    pub(super) events: VecDeque<Pending>,
    pub(super) dropped: BTreeMap<Target, u64>,
    pub(super) jobs: Vec<Job>,
}

impl Buffer {
    /// Adds an event. Says whether the writer has to be told: it may sleep, or must not wait longer.
    pub(super) fn push(&mut self, pending: Pending, now: Timestamp) -> bool {
        let was_empty = self.events.is_empty();
        self.bytes = self.bytes.saturating_add(pending.bytes());
        self.events.push_back(pending);
        while (self.events.len() > LOG_BUFFER_EVENTS_MAX || self.bytes > LOG_BUFFER_BYTES_MAX)
            && let Some(oldest) = self.events.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(oldest.bytes());
            // Of more streams than are counted the one that is counted last has the number.
            if self.dropped.len() < LOG_DROPPED_STREAMS_MAX
                || self.dropped.contains_key(&oldest.target)
            {
                *self.dropped.entry(oldest.target).or_default() += 1;
            } else if let Some(mut last) = self.dropped.last_entry() {
                *last.get_mut() += 1;
            }
        }
        if was_empty {
            self.since = Some(now);
        }
        was_empty || self.events.len() == LOG_EVENTS_PER_WRITE
    }

    pub(super) fn ask(&mut self, job: Job) {
        self.jobs.push(job);
    }

    /// Whether there is room for so many bytes more.
    pub(super) fn has_room(&self, bytes: u64) -> bool {
        self.bytes.saturating_add(bytes) <= LOG_BUFFER_BYTES_MAX
    }

    /// When what waits has to be written; `None`: nothing waits.
    pub(super) fn due(&self) -> Option<Timestamp> {
        if !self.jobs.is_empty() || self.events.len() >= LOG_EVENTS_PER_WRITE {
            return Some(Timestamp(i64::MIN));
        }
        let since = self.since.filter(|_| !self.events.is_empty())?;
        Some(since.plus_micros(LOG_FLUSH_INTERVAL_MS * 1_000))
    }

    pub(super) fn take(&mut self) -> Taken {
        self.bytes = 0;
        self.since = None;
        Taken {
            events: std::mem::take(&mut self.events),
            dropped: std::mem::take(&mut self.dropped),
            jobs: std::mem::take(&mut self.jobs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(message: String) -> Pending {
        let event = LogEvent {
            timestamp_ms: 0,
            message,
        };
        Pending::new(&"g".into(), &"s".into(), event)
    }

    #[test]
    fn the_oldest_is_dropped_and_counted_when_too_many_wait() {
        let mut buffer = Buffer::default();
        for index in 0..LOG_BUFFER_EVENTS_MAX {
            buffer.push(pending(index.to_string()), Timestamp(0));
        }
        assert!(buffer.dropped.is_empty());
        buffer.push(pending("more".into()), Timestamp(0));
        let taken = buffer.take();
        assert_eq!(taken.dropped.values().sum::<u64>(), 1);
        assert_eq!(taken.events.len(), LOG_BUFFER_EVENTS_MAX);
        assert_eq!(taken.events[0].event.message, "1");
    }

    #[test]
    fn what_waits_is_bounded_in_bytes_too() {
        let mut buffer = Buffer::default();
        let mebibyte = "x".repeat(1 << 20);
        for _ in 0..(LOG_BUFFER_BYTES_MAX >> 20) {
            buffer.push(pending(mebibyte.clone()), Timestamp(0));
        }
        assert!(buffer.bytes <= LOG_BUFFER_BYTES_MAX);
        assert_eq!(
            buffer.take().dropped.values().sum::<u64>(),
            1,
            "for the overhead"
        );
    }

    #[test]
    fn what_waits_is_written_soon_and_what_is_asked_for_at_once() {
        let mut buffer = Buffer::default();
        assert_eq!(buffer.due(), None);
        assert!(
            buffer.push(pending("a".into()), Timestamp(5)),
            "the first wakes the writer"
        );
        assert!(!buffer.push(pending("b".into()), Timestamp(9)));
        assert_eq!(buffer.due(), Some(Timestamp(100_005)));
        let (reply, _answer) = oneshot::channel();
        buffer.ask(Job {
            wish: Wish::Nothing,
            reply,
        });
        assert_eq!(buffer.due(), Some(Timestamp(i64::MIN)));
    }
}
