//! Rows as values, but for those of executions: what is written, what is read, and the checksum between
//! the two.

use std::sync::Arc;

use engine::{AttemptId, TimerKey, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::checksum::Checksum;
use super::fault::{Fault, Outcome, damaged};
use crate::codec;
use crate::limits;
use crate::record::Record;

/// A number as SQLite keeps it. Nothing that is counted gets as far as `i64::MAX`; a question may name more.
pub(super) fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number that was read. Less than zero is not written.
pub(super) fn read(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Encodes what belongs into a row.
pub(super) fn encoded<T: serde::Serialize + ?Sized>(value: &T) -> Outcome<Vec<u8>> {
    codec::encode(value, limits::VALUE_BYTES_MAX)
        .map_err(|error| Fault::Unwritable(error.to_string()))
}

pub(super) fn blob<'row>(row: &'row Row<'_>, column: usize) -> Outcome<&'row [u8]> {
    let value = row.get_ref(column)?;
    value.as_blob().map_err(|error| {
        let found = value.data_type();
        rusqlite::Error::FromSqlConversionFailure(column, found, Box::new(error)).into()
    })
}

/// A timer's key as two columns.
pub(super) fn timer_columns(key: TimerKey) -> (i64, i64) {
    let (kind, attempt) = match key {
        TimerKey::Execution => (0, AttemptId(0)),
        TimerKey::Wait(attempt) => (1, attempt),
        TimerKey::Retry(attempt) => (2, attempt),
        TimerKey::Timeout(attempt) => (3, attempt),
        TimerKey::Heartbeat(attempt) => (4, attempt),
    };
    (kind, attempt.0.cast_signed())
}

/// Two columns as a timer's key; `None`: there is no such kind.
pub(super) fn timer_key(kind: i64, attempt: i64) -> Option<TimerKey> {
    let attempt = AttemptId(attempt.cast_unsigned());
    match kind {
        0 => Some(TimerKey::Execution),
        1 => Some(TimerKey::Wait(attempt)),
        2 => Some(TimerKey::Retry(attempt)),
        3 => Some(TimerKey::Timeout(attempt)),
        4 => Some(TimerKey::Heartbeat(attempt)),
        _ => None,
    }
}

pub(super) fn timer_sum(shard: u32, execution: i64, key: (i64, i64), due_at: Timestamp) -> i64 {
    Checksum::of("timer")
        .int(shard.into())
        .int(execution)
        .int(key.0)
        .int(key.1)
        .int(due_at.0)
        .finish()
}

pub(super) fn batch_sum(
    shard: u32,
    execution: i64,
    first_seq: i64,
    count: i64,
    events: &[u8],
) -> i64 {
    Checksum::of("batch")
        .int(shard.into())
        .int(execution)
        .int(first_seq)
        .int(count)
        .bytes(events)
        .finish()
}

pub(super) fn snapshot_sum(shard: u32, execution: i64, seq: i64, state: &[u8]) -> i64 {
    Checksum::of("snapshot")
        .int(shard.into())
        .int(execution)
        .int(seq)
        .bytes(state)
        .finish()
}

pub(super) fn record_sum(space: &str, key: &str, revision: i64, value: &[u8]) -> i64 {
    Checksum::of("record")
        .text(space)
        .text(key)
        .int(revision)
        .bytes(value)
        .finish()
}

/// Reads `key, revision, value, sum`.
pub(super) fn record(space: &str, row: &Row<'_>) -> Outcome<Record> {
    let key: Arc<str> = row.get(0)?;
    let revision: i64 = row.get(1)?;
    let value = blob(row, 2)?;
    if row.get::<_, i64>(3)? != record_sum(space, &key, revision, value) {
        return Err(damaged("record", format_args!("{space} {key}")));
    }
    Ok(Record {
        key,
        revision: read(revision),
        value: value.into(),
    })
}

/// The epoch of a shard; 0: nobody ever owned it.
pub(super) fn epoch(connection: &Connection, shard: u32) -> Outcome<u64> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached("SELECT epoch, sum FROM shard WHERE shard = ?1")?
        .query_row([shard], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Ok(0),
        Some((epoch, sum)) if sum == epoch_sum(shard, epoch) => Ok(read(epoch)),
        Some(_) => Err(damaged("shard", shard)),
    }
}

pub(super) fn set_epoch(connection: &Connection, shard: u32, epoch: u64) -> Outcome<()> {
    let epoch = stored(epoch);
    connection
        .prepare_cached("INSERT OR REPLACE INTO shard (shard, epoch, sum) VALUES (?1, ?2, ?3)")?
        .execute(params![shard, epoch, epoch_sum(shard, epoch)])?;
    Ok(())
}

fn epoch_sum(shard: u32, epoch: i64) -> i64 {
    Checksum::of("shard").int(shard.into()).int(epoch).finish()
}

/// A number about the whole store; 0: it was never set.
pub(super) fn meta(connection: &Connection, key: &str) -> Outcome<i64> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached("SELECT value, sum FROM meta WHERE key = ?1")?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match found {
        None => Ok(0),
        Some((value, sum)) if sum == meta_sum(key, value) => Ok(value),
        Some(_) => Err(damaged("meta", key)),
    }
}

pub(super) fn set_meta(connection: &Connection, key: &str, value: i64) -> Outcome<()> {
    connection
        .prepare_cached("INSERT OR REPLACE INTO meta (key, value, sum) VALUES (?1, ?2, ?3)")?
        .execute(params![key, value, meta_sum(key, value)])?;
    Ok(())
}

fn meta_sum(key: &str, value: i64) -> i64 {
    Checksum::of("meta").text(key).int(value).finish()
}
