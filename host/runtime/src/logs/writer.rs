//! The one writer of the logs.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Timestamp;
use store::{Batch, Change, Expect};

use super::buffer::{Job, Pending, Taken, Target, Wish};
use super::error::LogsError;
use super::groups::NewGroup;
use super::read::Position;
use super::record::{
    BY_STREAM, EVENT, EventRecord, GROUP, GroupRecord, Nothing, STREAM, StreamRecord, USAGE, Usage,
    by_stream_prefix, event_key, event_prefix, millis, stream_key,
};
use super::{LogEvent, Logs};
use crate::limits::{
    LOG_EVENTS_PER_WRITE, LOG_GROUPS_MAX, LOG_STREAMS_PER_GROUP_MAX, LOG_SWEEP_SECONDS, TAGS_MAX,
};
use crate::lock::locked;
use crate::records::{RecordError, delete, put};

/// What the writer knows.
pub(super) struct Writer {
    pub(super) logs: Arc<Logs>,
    /// What all groups take.
    pub(super) total_bytes: u64,
    last_number: u64,
    next_sweep: Timestamp,
}

impl Writer {
    pub(super) fn new(logs: Arc<Logs>) -> Writer {
        Writer {
            total_bytes: logs.stored_bytes,
            last_number: 0,
            next_sweep: logs.clock.now(),
            logs,
        }
    }

    /// Writes for as long as the host runs.
    pub(super) async fn run(mut self) {
        loop {
            self.wait().await;
            let taken = locked(&self.logs.buffer).take();
            self.work_off(taken).await;
            let now = self.logs.clock.now();
            if now >= self.next_sweep {
                self.next_sweep = now.plus_seconds(LOG_SWEEP_SECONDS);
                // What cannot be removed now can be later.
                let _ = self.sweep().await;
            }
        }
    }

    /// Waits until there is something to do.
    async fn wait(&self) {
        loop {
            let mut changed = std::pin::pin!(self.logs.changed.notified());
            changed.as_mut().enable();
            let due = locked(&self.logs.buffer).due();
            let next = due.map_or(self.next_sweep, |due| due.min(self.next_sweep));
            if self.logs.clock.now() >= next {
                return;
            }
            tokio::select! {
                () = changed => {}
                () = self.logs.clock.reached(next) => {}
            }
        }
    }

    async fn work_off(&mut self, taken: Taken) {
        let Taken {
            events,
            dropped,
            jobs,
        } = taken;
        let now = millis(self.logs.clock.now());
        let told = dropped.into_iter().map(|(target, count)| Pending {
            target,
            event: LogEvent {
                timestamp_ms: now,
                message: format!(
                    "{count} log events were dropped: they came faster than they could be written."
                ),
            },
        });
        let mut waiting: Vec<Pending> = told.chain(events).collect();
        while !waiting.is_empty() {
            let rest = waiting.split_off(waiting.len().min(LOG_EVENTS_PER_WRITE));
            // A store that failed takes nothing any more; the lines are lost.
            let _ = self.write(waiting).await;
            waiting = rest;
        }
        for Job { wish, reply } in jobs {
            let done = self.fulfil(wish).await;
            // Whoever asked may have gone away.
            let _ = reply.send(done);
        }
        // What cannot be removed now can be with the next events.
        let _ = self.make_room().await;
    }

    async fn fulfil(&mut self, wish: Wish) -> Result<(), LogsError> {
        match wish {
            Wish::Nothing => Ok(()),
            Wish::CreateGroup(group) => self.create_group(group).await,
            Wish::DeleteGroup(name) => self.delete_group(&name).await,
            Wish::SetRetention { group, days } => {
                self.change_group(&group, |record| {
                    record.retention_days = days;
                    Ok(())
                })
                .await?;
                // What is too old from now on goes at once.
                self.next_sweep = self.logs.clock.now();
                Ok(())
            }
            Wish::Tag { group, tags } => {
                self.change_group(&group, |record| {
                    record.tags.extend(tags);
                    if record.tags.len() > TAGS_MAX {
                        return Err(LogsError::TooManyTags);
                    }
                    Ok(())
                })
                .await
            }
            Wish::Untag { group, keys } => {
                self.change_group(&group, |record| {
                    record.tags.retain(|key, _| !keys.contains(key));
                    Ok(())
                })
                .await
            }
            Wish::CreateStream { group, stream } => self.create_stream(&group, &stream).await,
            Wish::DeleteStream { group, stream } => self.delete_stream(&group, &stream).await,
            Wish::Put {
                group,
                stream,
                events,
            } => self.put(&group, &stream, events).await,
        }
    }

    async fn create_group(&mut self, group: NewGroup) -> Result<(), LogsError> {
        if self.logs.find_group(&group.name)?.is_some() {
            return Err(LogsError::GroupExists);
        }
        self.check_groups()?;
        let record = GroupRecord {
            tags: group.tags,
            kms_key_id: group.kms_key_id,
            class: group.class,
            ..self.new_group()
        };
        let change = put(GROUP, group.name.as_str(), &record, Expect::Absent);
        Ok(self.logs.records.write(vec![change]).await?)
    }

    fn new_group(&self) -> GroupRecord {
        GroupRecord {
            id: uuid::Uuid::new_v4().simple().to_string().into(),
            created_at: self.logs.clock.now(),
            retention_days: None,
            tags: BTreeMap::new(),
            kms_key_id: None,
            class: String::from("STANDARD"),
        }
    }

    fn check_groups(&self) -> Result<(), LogsError> {
        if self.logs.group_count()? >= LOG_GROUPS_MAX {
            let text = format!("There are {LOG_GROUPS_MAX} log groups already.");
            return Err(LogsError::LimitExceeded(text));
        }
        Ok(())
    }

    async fn delete_group(&mut self, name: &str) -> Result<(), LogsError> {
        let record = self.logs.group_record(name)?;
        let usage = self.logs.usage(&record.id)?;
        let prefix: Arc<str> = event_prefix(&record.id).into();
        let mut batch: Batch = [EVENT, BY_STREAM, STREAM]
            .into_iter()
            .map(|space| Change::DeletePrefix {
                space,
                prefix: prefix.clone(),
            })
            .collect();
        batch.push(delete(USAGE, record.id.clone(), Expect::Anything));
        batch.push(delete(GROUP, name, Expect::Anything));
        self.logs.records.write(batch).await?;
        self.total_bytes = self.total_bytes.saturating_sub(usage.cost());
        Ok(())
    }

    async fn change_group(
        &self,
        name: &str,
        change: impl FnOnce(&mut GroupRecord) -> Result<(), LogsError>,
    ) -> Result<(), LogsError> {
        let mut record = self.logs.group_record(name)?;
        change(&mut record)?;
        let change = put(GROUP, name, &record, Expect::Anything);
        Ok(self.logs.records.write(vec![change]).await?)
    }

    async fn create_stream(&mut self, group: &str, stream: &str) -> Result<(), LogsError> {
        let record = self.logs.group_record(group)?;
        if self.logs.find_stream(&record.id, stream)?.is_some() {
            return Err(LogsError::StreamExists);
        }
        let before = self.logs.usage(&record.id)?;
        if before.streams >= LOG_STREAMS_PER_GROUP_MAX {
            return Err(LogsError::LimitExceeded(format!(
                "The log group has {LOG_STREAMS_PER_GROUP_MAX} streams already."
            )));
        }
        let usage = Usage {
            streams: before.streams + 1,
            ..before
        };
        let batch = vec![
            put(
                STREAM,
                stream_key(&record.id, stream),
                &self.new_stream(),
                Expect::Absent,
            ),
            put(USAGE, record.id.clone(), &usage, Expect::Anything),
        ];
        self.logs.records.write(batch).await?;
        self.account(before, usage);
        Ok(())
    }

    fn new_stream(&self) -> StreamRecord {
        StreamRecord {
            created_at: self.logs.clock.now(),
            first_event_ms: None,
            last_event_ms: None,
            last_ingestion_ms: None,
        }
    }

    async fn put(
        &mut self,
        group: &str,
        stream: &str,
        events: Vec<LogEvent>,
    ) -> Result<(), LogsError> {
        let record = self.logs.group_record(group)?;
        if self.logs.find_stream(&record.id, stream)?.is_none() {
            return Err(LogsError::StreamNotFound);
        }
        let (group, stream): (Arc<str>, Arc<str>) = (group.into(), stream.into());
        let pending = events
            .into_iter()
            .map(|event| Pending::new(&group, &stream, event));
        self.write(pending.collect()).await
    }

    /// Writes events, with the groups and streams that they need, in one go.
    async fn write(&mut self, events: Vec<Pending>) -> Result<(), LogsError> {
        let mut by_target: BTreeMap<Target, Vec<LogEvent>> = BTreeMap::new();
        for Pending { target, event } in events {
            by_target.entry(target).or_default().push(event);
        }
        let mut batch = Batch::new();
        let mut usages: BTreeMap<Arc<str>, (Usage, Usage)> = BTreeMap::new();
        let mut made: BTreeMap<Arc<str>, Arc<str>> = BTreeMap::new();
        for ((group, stream), events) in by_target {
            let Some(group_id) = self.group_for(&group, &mut made, &mut batch)? else {
                continue;
            };
            if !usages.contains_key(&group_id) {
                let usage = self.logs.usage(&group_id)?;
                usages.insert(group_id.clone(), (usage, usage));
            }
            if let Some((_, usage)) = usages.get_mut(&group_id) {
                self.add(&group_id, &stream, events, usage, &mut batch)?;
            }
        }
        for (group_id, (_, usage)) in &usages {
            batch.push(put(USAGE, group_id.clone(), usage, Expect::Anything));
        }
        self.logs.records.write(batch).await?;
        for (before, after) in usages.into_values() {
            self.account(before, after);
        }
        Ok(())
    }

    /// The id of a group, which is made if need be; `None`: there are too many.
    fn group_for(
        &self,
        name: &Arc<str>,
        made: &mut BTreeMap<Arc<str>, Arc<str>>,
        batch: &mut Batch,
    ) -> Result<Option<Arc<str>>, RecordError> {
        if let Some(id) = made.get(name) {
            return Ok(Some(id.clone()));
        }
        if let Some(record) = self.logs.find_group(name)? {
            return Ok(Some(record.id));
        }
        if self.check_groups().is_err() {
            return Ok(None);
        }
        let record = self.new_group();
        batch.push(put(GROUP, name.clone(), &record, Expect::Anything));
        made.insert(name.clone(), record.id.clone());
        Ok(Some(record.id))
    }

    fn add(
        &mut self,
        group_id: &str,
        name: &Arc<str>,
        events: Vec<LogEvent>,
        usage: &mut Usage,
        batch: &mut Batch,
    ) -> Result<(), RecordError> {
        let now = self.logs.clock.now();
        let ingestion_ms = millis(now);
        let mut stream = match self.logs.find_stream(group_id, name)? {
            Some(stream) => stream,
            None => {
                usage.streams = usage.streams.saturating_add(1);
                self.new_stream()
            }
        };
        let (in_group, in_stream) = (event_prefix(group_id), by_stream_prefix(group_id, name));
        for event in events {
            let timestamp_ms = event.timestamp_ms.max(0);
            let first = stream.first_event_ms.unwrap_or(timestamp_ms);
            stream.first_event_ms = Some(first.min(timestamp_ms));
            let last = stream.last_event_ms.unwrap_or(timestamp_ms);
            stream.last_event_ms = Some(last.max(timestamp_ms));
            usage.add(&event.message);
            let number = self.next_number(now);
            let position = Position {
                timestamp_ms,
                number,
            };
            let record = EventRecord {
                stream: name.clone(),
                message: event.message,
                ingestion_ms,
            };
            batch.push(put(
                EVENT,
                event_key(&in_group, position),
                &record,
                Expect::Anything,
            ));
            let key = event_key(&in_stream, position);
            batch.push(put(BY_STREAM, key, &Nothing {}, Expect::Anything));
        }
        stream.last_ingestion_ms = Some(ingestion_ms);
        batch.push(put(
            STREAM,
            stream_key(group_id, name),
            &stream,
            Expect::Anything,
        ));
        Ok(())
    }

    /// A number that no event has: as large as the time, so that it is one after a restart too.
    fn next_number(&mut self, now: Timestamp) -> u64 {
        let now = u64::try_from(now.0).unwrap_or(0);
        self.last_number = now.max(self.last_number.saturating_add(1));
        self.last_number
    }

    /// A group takes more or less than before.
    pub(super) fn account(&mut self, before: Usage, after: Usage) {
        let total = self.total_bytes.saturating_sub(before.cost());
        self.total_bytes = total.saturating_add(after.cost());
    }
}
