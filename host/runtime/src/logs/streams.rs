//! Log streams: found, listed, changed through the writer; and events that are put into one by a client.

use std::sync::Arc;

use engine::Timestamp;
use store::Scan;

use super::buffer::Wish;
use super::error::LogsError;
use super::record::{STREAM, StreamRecord, event_bytes, event_prefix, millis, stream_key};
use super::{LogEvent, Logs};
use crate::limits::{LOG_PUT_BYTES_MAX, LOG_PUT_FUTURE_MS, LOG_PUT_PAST_MS, LOG_PUT_SPAN_MS};
use crate::lock::locked;
use crate::records::RecordError;

/// A stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// `logStreamName`.
    pub name: Arc<str>,
    /// `creationTime`.
    pub created_at: Timestamp,
    /// `firstEventTimestamp`.
    pub first_event_ms: Option<i64>,
    /// `lastEventTimestamp`.
    pub last_event_ms: Option<i64>,
    /// `lastIngestionTime`.
    pub last_ingestion_ms: Option<i64>,
}

/// The order of a list of streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamOrder {
    /// `LogStreamName`.
    Name,
    /// `LastEventTime`; streams without events are as old as their making.
    LastEventTime,
}

/// Which streams to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamsQuery {
    /// Name of the group.
    pub group: String,
    /// How their names begin.
    pub prefix: String,
    /// In which order.
    pub order: StreamOrder,
    /// From the last to the first.
    pub descending: bool,
    /// How many were listed before.
    pub after: Option<Streams>,
    /// How many, at the most.
    pub max: usize,
}

/// A place in a list of streams: that of the last one that was listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Streams {
    /// Its last event (ms); 0 in the order of names.
    pub time_ms: i64,
    /// Its name.
    pub name: Arc<str>,
}

/// Which of the events that were put were not taken, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejected {
    /// The first one that is too far in the future: it and all after it.
    pub too_new_from: Option<usize>,
    /// How many at the beginning are too old.
    pub too_old_until: Option<usize>,
    /// How many at the beginning the group does not keep any more.
    pub expired_until: Option<usize>,
}

impl Stream {
    /// Its place in a list of this order.
    pub fn place(&self, order: StreamOrder) -> Streams {
        let time_ms = match order {
            StreamOrder::Name => 0,
            StreamOrder::LastEventTime => self
                .last_event_ms
                .unwrap_or_else(|| millis(self.created_at)),
        };
        Streams {
            time_ms,
            name: self.name.clone(),
        }
    }
}

impl Logs {
    /// Makes a stream.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`], [`LogsError::StreamExists`], [`LogsError::LimitExceeded`].
    pub async fn create_stream(&self, group: &str, stream: &str) -> Result<(), LogsError> {
        let (group, stream) = (group.to_owned(), stream.to_owned());
        self.ask(Wish::CreateStream { group, stream }).await
    }

    /// Deletes a stream with its events.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`], [`LogsError::StreamNotFound`].
    pub async fn delete_stream(&self, group: &str, stream: &str) -> Result<(), LogsError> {
        let (group, stream) = (group.to_owned(), stream.to_owned());
        self.ask(Wish::DeleteStream { group, stream }).await
    }

    /// Streams of a group.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub fn streams(&self, query: &StreamsQuery) -> Result<Vec<Stream>, LogsError> {
        let group_id = self.group_record(&query.group)?.id;
        match query.order {
            StreamOrder::Name => self.streams_by_name(&group_id, query),
            StreamOrder::LastEventTime => self.streams_by_time(&group_id, query),
        }
    }

    fn streams_by_name(
        &self,
        group_id: &str,
        query: &StreamsQuery,
    ) -> Result<Vec<Stream>, LogsError> {
        let after = query.after.as_ref();
        let scan = Scan {
            after: after.map(|after| stream_key(group_id, &after.name).into()),
            backwards: query.descending,
            max: query.max,
            ..Scan::of(STREAM, stream_key(group_id, &query.prefix))
        };
        Ok(self.read_streams(group_id, &scan)?)
    }

    fn streams_by_time(
        &self,
        group_id: &str,
        query: &StreamsQuery,
    ) -> Result<Vec<Stream>, LogsError> {
        let mut scan = Scan::of(STREAM, event_prefix(group_id));
        let mut streams = Vec::new();
        loop {
            let page = self.read_streams(group_id, &scan)?;
            let Some(last) = page.last() else { break };
            scan.after = Some(stream_key(group_id, &last.name).into());
            streams.extend(page);
        }
        let place = |stream: &Stream| stream.place(StreamOrder::LastEventTime);
        streams.sort_by_key(place);
        if query.descending {
            streams.reverse();
        }
        let beyond = |stream: &Stream| match &query.after {
            None => true,
            Some(after) if query.descending => place(stream) < *after,
            Some(after) => place(stream) > *after,
        };
        streams.retain(beyond);
        streams.truncate(query.max);
        Ok(streams)
    }

    fn read_streams(&self, group_id: &str, scan: &Scan) -> Result<Vec<Stream>, RecordError> {
        let prefix = event_prefix(group_id);
        let page = self.records.scan::<StreamRecord>(scan)?;
        let streams = page.into_iter().map(|stored| Stream {
            name: stored
                .key
                .strip_prefix(prefix.as_str())
                .unwrap_or_default()
                .into(),
            created_at: stored.value.created_at,
            first_event_ms: stored.value.first_event_ms,
            last_event_ms: stored.value.last_event_ms,
            last_ingestion_ms: stored.value.last_ingestion_ms,
        });
        Ok(streams.collect())
    }

    pub(super) fn find_stream(
        &self,
        group_id: &str,
        stream: &str,
    ) -> Result<Option<StreamRecord>, RecordError> {
        let key = stream_key(group_id, stream);
        let stored = self.records.get::<StreamRecord>(STREAM, &key)?;
        Ok(stored.map(|stored| stored.value))
    }

    /// Puts events into a stream that is there. When this returns, they are durable. Says which were not
    /// taken for their time.
    ///
    /// # Errors
    /// [`LogsError`].
    pub async fn put_events(
        &self,
        group: &str,
        stream: &str,
        mut events: Vec<LogEvent>,
    ) -> Result<Rejected, LogsError> {
        let record = self.group_record(group)?;
        if self.find_stream(&record.id, stream)?.is_none() {
            return Err(LogsError::StreamNotFound);
        }
        let bytes = check_put(&events)?;
        if !locked(&self.buffer).has_room(bytes) {
            return Err(LogsError::Overloaded);
        }
        let now = millis(self.clock.now());
        let rejected = rejected(&events, now, record.retention_days);
        events.truncate(rejected.too_new_from.unwrap_or(events.len()));
        let gone = rejected
            .too_old_until
            .max(rejected.expired_until)
            .unwrap_or(0);
        events.drain(..gone.min(events.len()));
        if !events.is_empty() {
            let (group, stream) = (group.to_owned(), stream.to_owned());
            self.ask(Wish::Put {
                group,
                stream,
                events,
            })
            .await?;
        }
        Ok(rejected)
    }
}

/// Whether events may be put together; says how much they are (bytes).
fn check_put(events: &[LogEvent]) -> Result<u64, LogsError> {
    let bytes = events.iter().map(|event| event_bytes(&event.message)).sum();
    let refuse = |text: String| Err(LogsError::InvalidParameter(text));
    if bytes > LOG_PUT_BYTES_MAX {
        return refuse(format!(
            "Upload too large: {bytes} bytes exceeds limit of {LOG_PUT_BYTES_MAX}"
        ));
    }
    if !events.is_sorted_by_key(|event| event.timestamp_ms) {
        return refuse(String::from(
            "Log events in a single PutLogEvents request must be in chronological order.",
        ));
    }
    if let (Some(first), Some(last)) = (events.first(), events.last())
        && last.timestamp_ms.saturating_sub(first.timestamp_ms) > LOG_PUT_SPAN_MS
    {
        return refuse(String::from(
            "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
        ));
    }
    Ok(bytes)
}

fn rejected(events: &[LogEvent], now: i64, retention_days: Option<u32>) -> Rejected {
    let before = |limit: i64| {
        let count = events.partition_point(|event| event.timestamp_ms < limit);
        (count > 0).then_some(count)
    };
    let too_new = events.partition_point(|event| event.timestamp_ms <= now + LOG_PUT_FUTURE_MS);
    Rejected {
        too_new_from: (too_new < events.len()).then_some(too_new),
        too_old_until: before(now - LOG_PUT_PAST_MS),
        expired_until: retention_days
            .and_then(|days| before(now.saturating_sub(i64::from(days) * 86_400_000))),
    }
}
