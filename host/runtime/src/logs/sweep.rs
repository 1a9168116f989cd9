//! What goes: events older than their group keeps them, and the oldest ones when a group, or all groups
//! together, take more than they may.

use std::collections::BTreeSet;
use std::sync::Arc;

use store::{Batch, Expect, Scan};

use super::error::LogsError;
use super::record::{
    BY_STREAM, EVENT, EventRecord, GROUP, GroupRecord, STREAM, USAGE, Usage, by_stream_prefix,
    event_key, event_prefix, keys, millis, position_of, stream_key,
};
use super::writer::Writer;
use crate::limits::{LOG_BYTES_MAX, LOG_EVENTS_PER_WRITE, LOG_GROUP_BYTES_MAX};
use crate::records::{RecordError, Stored, delete, put};

const DAY_MS: i64 = 86_400_000;

/// What is removed of a group.
#[derive(Clone, Copy)]
enum Removal {
    /// Events before this moment (ms).
    Before(i64),
    /// The oldest events.
    Oldest,
}

impl Writer {
    /// Removes what is older than its group keeps it, and what is too much.
    pub(super) async fn sweep(&mut self) -> Result<(), LogsError> {
        let now = millis(self.logs.clock.now());
        for group in self.groups()? {
            if let Some(days) = group.value.retention_days {
                let before = now.saturating_sub(i64::from(days).saturating_mul(DAY_MS));
                while self.remove(&group.value, Removal::Before(before)).await? {}
            }
            while self.logs.usage(&group.value.id)?.cost() > LOG_GROUP_BYTES_MAX
                && self.remove(&group.value, Removal::Oldest).await?
            {}
        }
        self.make_room().await
    }

    /// Removes the oldest events of the largest groups until all of them together take what they may.
    pub(super) async fn make_room(&mut self) -> Result<(), LogsError> {
        while self.total_bytes > LOG_BYTES_MAX {
            let mut largest: Option<(u64, GroupRecord)> = None;
            for group in self.groups()? {
                let cost = self.logs.usage(&group.value.id)?.cost();
                if largest.as_ref().is_none_or(|(most, _)| cost > *most) {
                    largest = Some((cost, group.value));
                }
            }
            let Some((_, group)) = largest else { break };
            if !self.remove(&group, Removal::Oldest).await? {
                break;
            }
        }
        Ok(())
    }

    fn groups(&self) -> Result<Vec<Stored<GroupRecord>>, RecordError> {
        // As many as there may be.
        self.logs.records.scan(&Scan::of(GROUP, ""))
    }

    /// Removes a stretch of events of a group; streams without events go with them. Says whether
    /// anything was removed.
    async fn remove(&mut self, group: &GroupRecord, which: Removal) -> Result<bool, LogsError> {
        let prefix = event_prefix(&group.id);
        let scan = Scan {
            max: LOG_EVENTS_PER_WRITE,
            ..Scan::of(EVENT, prefix.as_str())
        };
        let before = self.logs.usage(&group.id)?;
        let mut usage = before;
        let mut batch = Batch::new();
        let mut streams: BTreeSet<Arc<str>> = BTreeSet::new();
        for event in self.logs.records.scan::<EventRecord>(&scan)? {
            let Some(position) = position_of(&event.key) else {
                continue;
            };
            if let Removal::Before(before_ms) = which
                && position.timestamp_ms >= before_ms
            {
                break;
            }
            let EventRecord {
                stream, message, ..
            } = event.value;
            usage.subtract(&message);
            batch.push(delete(EVENT, event.key, Expect::Anything));
            let key = event_key(&by_stream_prefix(&group.id, &stream), position);
            batch.push(delete(BY_STREAM, key, Expect::Anything));
            streams.insert(stream);
        }
        if batch.is_empty() {
            return Ok(false);
        }
        batch.push(put(USAGE, group.id.clone(), &usage, Expect::Anything));
        self.logs.records.write(batch).await?;
        self.account(before, usage);
        self.remove_empty(group, &streams, usage).await?;
        Ok(true)
    }

    /// Removes those of these streams that have no events any more.
    async fn remove_empty(
        &mut self,
        group: &GroupRecord,
        streams: &BTreeSet<Arc<str>>,
        before: Usage,
    ) -> Result<(), LogsError> {
        let mut batch = Batch::new();
        let mut usage = before;
        for stream in streams {
            let scan = Scan {
                max: 1,
                ..Scan::of(BY_STREAM, by_stream_prefix(&group.id, stream))
            };
            if keys(&self.logs.records, &scan)?.is_empty() {
                batch.push(delete(
                    STREAM,
                    stream_key(&group.id, stream),
                    Expect::Anything,
                ));
                usage.streams = usage.streams.saturating_sub(1);
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        batch.push(put(USAGE, group.id.clone(), &usage, Expect::Anything));
        self.logs.records.write(batch).await?;
        self.account(before, usage);
        Ok(())
    }

    /// Removes a stream with its events.
    pub(super) async fn delete_stream(
        &mut self,
        group: &str,
        stream: &str,
    ) -> Result<(), LogsError> {
        let group = self.logs.group_record(group)?;
        if self.logs.find_stream(&group.id, stream)?.is_none() {
            return Err(LogsError::StreamNotFound);
        }
        let (in_group, in_stream) = (event_prefix(&group.id), by_stream_prefix(&group.id, stream));
        loop {
            let scan = Scan {
                max: LOG_EVENTS_PER_WRITE,
                ..Scan::of(BY_STREAM, in_stream.as_str())
            };
            let before = self.logs.usage(&group.id)?;
            let mut usage = before;
            let mut batch = Batch::new();
            for key in keys(&self.logs.records, &scan)? {
                batch.push(delete(BY_STREAM, key.clone(), Expect::Anything));
                let Some(position) = position_of(&key) else {
                    continue;
                };
                let key = event_key(&in_group, position);
                if let Some(event) = self.logs.records.get::<EventRecord>(EVENT, &key)? {
                    usage.subtract(&event.value.message);
                }
                batch.push(delete(EVENT, key, Expect::Anything));
            }
            let done = batch.is_empty();
            if done {
                usage.streams = usage.streams.saturating_sub(1);
                batch.push(delete(
                    STREAM,
                    stream_key(&group.id, stream),
                    Expect::Anything,
                ));
            }
            batch.push(put(USAGE, group.id.clone(), &usage, Expect::Anything));
            self.logs.records.write(batch).await?;
            self.account(before, usage);
            if done {
                return Ok(());
            }
        }
    }
}
