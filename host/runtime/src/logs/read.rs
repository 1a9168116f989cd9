//! Reading events: of one stream back and forth, or of a whole group through a filter.

use std::sync::Arc;

use store::Scan;

use super::Logs;
use super::error::LogsError;
use super::pattern::Pattern;
use super::record::{
    BY_STREAM, EVENT, EventRecord, by_stream_prefix, event_bytes, event_key, event_prefix, keys,
    position_of,
};
use crate::limits::{LOG_EVENTS_PER_READ, LOG_READ_BYTES_MAX, LOG_SCANNED_MAX};

/// The place of an event among all of its group; that of its time, and then of its coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Its time (ms since 1970).
    pub timestamp_ms: i64,
    /// Tells events of the same time apart, in the order in which they came.
    pub number: u64,
}

/// An event as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEvent {
    /// Where it stands.
    pub position: Position,
    /// `logStreamName`.
    pub stream: Arc<str>,
    /// `message`.
    pub message: String,
    /// `ingestionTime`.
    pub ingestion_ms: i64,
}

/// Which way to read, and from where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To later events: those after this one; `None`: from the first.
    Forward(Option<Position>),
    /// To earlier events: those before this one; `None`: from the last.
    Backward(Option<Position>),
}

/// Which events of a stream to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetQuery {
    /// Name of the group.
    pub group: String,
    /// Name of the stream.
    pub stream: String,
    /// Not before (ms).
    pub start_ms: Option<i64>,
    /// Before (ms).
    pub end_ms: Option<i64>,
    /// Which way.
    pub direction: Direction,
    /// How many, at the most.
    pub max: usize,
}

/// Events of a stream, the earliest first, and from where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// The events.
    pub events: Vec<ReadEvent>,
    /// Going forward, the events after this one are next.
    pub forward: Position,
    /// Going backward, the events before this one are next.
    pub backward: Position,
}

/// Which events of a group to read.
#[derive(Clone, Debug)]
pub struct FilterQuery {
    /// Name of the group.
    pub group: String,
    /// Only of these streams; empty: of all.
    pub streams: Vec<String>,
    /// Only of streams whose names begin like this.
    pub stream_prefix: String,
    /// Not before (ms).
    pub start_ms: Option<i64>,
    /// Before (ms).
    pub end_ms: Option<i64>,
    /// Which.
    pub pattern: Pattern,
    /// Only those after this one.
    pub after: Option<Position>,
    /// How many, at the most.
    pub max: usize,
}

/// Events of a group, the earliest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filtered {
    /// The events.
    pub events: Vec<ReadEvent>,
    /// From where to go on; `None`: that was all.
    pub next: Option<Position>,
}

impl Position {
    /// Before every event of this time.
    fn start_of(timestamp_ms: i64) -> Position {
        Position {
            timestamp_ms: timestamp_ms.max(0),
            number: 0,
        }
    }

    /// The place just behind this one.
    fn next(self) -> Position {
        Position {
            number: self.number.saturating_add(1),
            ..self
        }
    }

    /// The place just before this one.
    fn previous(self) -> Position {
        Position {
            number: self.number.saturating_sub(1),
            ..self
        }
    }
}

impl Logs {
    /// Events of one stream.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`], [`LogsError::StreamNotFound`].
    pub fn get_events(&self, query: &GetQuery) -> Result<Events, LogsError> {
        let group_id = self.group_record(&query.group)?.id;
        if self.find_stream(&group_id, &query.stream)?.is_none() {
            return Err(LogsError::StreamNotFound);
        }
        let start = Position::start_of(query.start_ms.unwrap_or(0));
        let end = query.end_ms.map(Position::start_of);
        let backwards = matches!(query.direction, Direction::Backward(_));
        let from = match query.direction {
            Direction::Forward(after) => Some(after.unwrap_or(start).max(start)),
            Direction::Backward(before) => match (before, end) {
                (Some(before), Some(end)) => Some(before.min(end)),
                (before, end) => before.or(end),
            },
        };
        let prefix = by_stream_prefix(&group_id, &query.stream);
        let scan = Scan {
            after: from.map(|from| event_key(&prefix, from)),
            backwards,
            max: query.max.min(LOG_EVENTS_PER_READ),
            ..Scan::of(BY_STREAM, prefix)
        };
        let in_group = event_prefix(&group_id);
        let within = |position: Position| position >= start && end.is_none_or(|end| position < end);
        let (mut events, mut bytes) = (Vec::new(), 0_u64);
        for position in keys(&self.records, &scan)?
            .iter()
            .filter_map(|key| position_of(key))
        {
            if !within(position) {
                break;
            }
            // One that has just expired is not there any more.
            let Some(event) = self.event(&in_group, position)? else {
                continue;
            };
            bytes = bytes.saturating_add(event_bytes(&event.message));
            if bytes > LOG_READ_BYTES_MAX && !events.is_empty() {
                break;
            }
            events.push(event);
        }
        if backwards {
            events.reverse();
        }
        let at = from.or(end).unwrap_or(start);
        let (forward, backward) = match (events.first(), events.last(), query.direction) {
            (Some(first), Some(last), _) => (last.position, first.position),
            // Nothing that way: the same token again, and the way back.
            (_, _, Direction::Forward(_)) => (at, at.next()),
            (_, _, Direction::Backward(_)) => (at.previous(), at),
        };
        Ok(Events {
            events,
            forward,
            backward,
        })
    }

    fn event(&self, in_group: &str, position: Position) -> Result<Option<ReadEvent>, LogsError> {
        let stored = self
            .records
            .get::<EventRecord>(EVENT, &event_key(in_group, position))?;
        Ok(stored.map(|stored| read(position, stored.value)))
    }

    /// Events of a group that a pattern takes.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`]; [`LogsError::StreamNotFound`] when one of the streams is not there.
    pub fn filter_events(&self, query: &FilterQuery) -> Result<Filtered, LogsError> {
        let group_id = self.group_record(&query.group)?.id;
        for stream in &query.streams {
            if self.find_stream(&group_id, stream)?.is_none() {
                return Err(LogsError::StreamNotFound);
            }
        }
        let start = Position::start_of(query.start_ms.unwrap_or(0));
        let end = query.end_ms.map(Position::start_of);
        let from = query.after.map_or(start, |after| after.max(start));
        let prefix = event_prefix(&group_id);
        let mut scan = Scan {
            after: Some(event_key(&prefix, from)),
            max: LOG_EVENTS_PER_READ.min(1_000),
            ..Scan::of(EVENT, prefix)
        };
        let (mut events, mut bytes, mut scanned) = (Vec::new(), 0_u64, 0_usize);
        let mut last = from;
        loop {
            let page = self.records.scan::<EventRecord>(&scan)?;
            let Some(end_of_page) = page.last() else {
                return Ok(Filtered { events, next: None });
            };
            scan.after = Some(end_of_page.key.clone());
            for stored in page {
                let Some(position) = position_of(&stored.key) else {
                    continue;
                };
                if end.is_some_and(|end| position >= end) {
                    return Ok(Filtered { events, next: None });
                }
                if events.len() >= query.max
                    || bytes > LOG_READ_BYTES_MAX
                    || scanned >= LOG_SCANNED_MAX
                {
                    return Ok(Filtered {
                        events,
                        next: Some(last),
                    });
                }
                scanned += 1;
                last = position;
                if query.takes(&stored.value) {
                    bytes = bytes.saturating_add(event_bytes(&stored.value.message));
                    events.push(read(position, stored.value));
                }
            }
        }
    }
}

impl FilterQuery {
    fn takes(&self, event: &EventRecord) -> bool {
        let of_these =
            self.streams.is_empty() || self.streams.iter().any(|one| **one == *event.stream);
        of_these
            && event.stream.starts_with(self.stream_prefix.as_str())
            && self.pattern.matches(&event.message)
    }
}

fn read(position: Position, record: EventRecord) -> ReadEvent {
    ReadEvent {
        position,
        stream: record.stream,
        message: record.message,
        ingestion_ms: record.ingestion_ms,
    }
}
