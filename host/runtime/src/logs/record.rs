//! What is stored of logs, and under which keys.
//!
//! Events are ordered by time within their group, which is how they are filtered and how they go; a row
//! without contents for each orders them within their stream.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use store::Scan;

use super::read::Position;
use crate::limits::LOG_EVENT_OVERHEAD_BYTES;
use crate::records::{RecordError, Records};

/// Groups, by name.
pub(super) const GROUP: &str = "logs.group";
/// What a group takes, by its id. Written by the writer alone, with every group of events.
pub(super) const USAGE: &str = "logs.usage";
/// Streams, by id of the group and name.
pub(super) const STREAM: &str = "logs.stream";
/// Events, by id of the group and position.
pub(super) const EVENT: &str = "logs.event";
/// The same, by id of the group, name of the stream and position.
pub(super) const BY_STREAM: &str = "logs.by_stream";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct GroupRecord {
    /// Tells it from another group that had the name before.
    pub(super) id: Arc<str>,
    pub(super) created_at: Timestamp,
    pub(super) retention_days: Option<u32>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) kms_key_id: Option<String>,
    pub(super) class: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Usage {
    /// As CloudWatch counts them.
    pub(super) bytes: u64,
    pub(super) events: u64,
    pub(super) streams: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct StreamRecord {
    pub(super) created_at: Timestamp,
    #[serde(rename = "first")]
    pub(super) first_event_ms: Option<i64>,
    #[serde(rename = "last")]
    pub(super) last_event_ms: Option<i64>,
    #[serde(rename = "ingested")]
    pub(super) last_ingestion_ms: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct EventRecord {
    #[serde(rename = "s")]
    pub(super) stream: Arc<str>,
    #[serde(rename = "m")]
    pub(super) message: String,
    #[serde(rename = "i")]
    pub(super) ingestion_ms: i64,
}

/// A row of [`BY_STREAM`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Nothing {}

impl Usage {
    /// What it takes of the bounds (bytes).
    pub(super) fn cost(&self) -> u64 {
        let rows = self.events.saturating_add(self.streams);
        self.bytes
            .saturating_add(rows.saturating_mul(LOG_EVENT_OVERHEAD_BYTES))
    }

    /// An event more.
    pub(super) fn add(&mut self, message: &str) {
        self.events = self.events.saturating_add(1);
        self.bytes = self.bytes.saturating_add(event_bytes(message));
    }

    /// An event less.
    pub(super) fn subtract(&mut self, message: &str) {
        self.events = self.events.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(event_bytes(message));
    }
}

/// An event as CloudWatch counts it (bytes).
pub(super) fn event_bytes(message: &str) -> u64 {
    u64::try_from(message.len())
        .unwrap_or(u64::MAX)
        .saturating_add(26)
}

pub(super) fn stream_key(group_id: &str, stream: &str) -> String {
    format!("{group_id}/{stream}")
}

pub(super) fn event_prefix(group_id: &str) -> String {
    format!("{group_id}/")
}

/// No name of a stream has a colon in it.
pub(super) fn by_stream_prefix(group_id: &str, stream: &str) -> String {
    format!("{group_id}/{stream}:")
}

/// Behind a prefix, the key of the event at this position.
pub(super) fn event_key(prefix: &str, position: Position) -> Arc<str> {
    let Position {
        timestamp_ms,
        number,
    } = position;
    format!("{prefix}{timestamp_ms:020}/{number:020}").into()
}

/// The position that a key tells.
pub(super) fn position_of(key: &str) -> Option<Position> {
    let mut parts = key.rsplit(['/', ':']);
    let number = parts.next()?.parse().ok()?;
    let timestamp_ms = parts.next()?.parse().ok()?;
    Some(Position {
        timestamp_ms,
        number,
    })
}

/// The keys of rows of [`BY_STREAM`].
pub(super) fn keys(records: &Records, scan: &Scan) -> Result<Vec<Arc<str>>, RecordError> {
    let rows = records.scan::<Nothing>(scan)?;
    Ok(rows.into_iter().map(|row| row.key).collect())
}

/// What all groups take (bytes).
pub(super) fn stored_bytes(records: &Records) -> Result<u64, RecordError> {
    let mut scan = Scan::of(USAGE, "");
    let mut bytes = 0_u64;
    loop {
        let page = records.scan::<Usage>(&scan)?;
        let Some(last) = page.last() else {
            return Ok(bytes);
        };
        scan.after = Some(last.key.clone());
        for usage in page {
            bytes = bytes.saturating_add(usage.value.cost());
        }
    }
}

pub(super) fn millis(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000)
}
