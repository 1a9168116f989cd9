//! Reads of one execution, and of what a host that takes a shard over has to look at.

use std::sync::Arc;

use engine::{Event, Execution, ExecutionArn, Timestamp};
use rusqlite::{Connection, params};

use super::execution::{EXECUTION_COLUMNS, ExecutionRow, execution_columns};
use super::fault::{Outcome, damaged, damaged_by, unreadable};
use super::rows::{batch_sum, blob, snapshot_sum, stored, timer_key, timer_sum};
use crate::codec;
use crate::limits;
use crate::store::DueTimer;

/// So many rows, as SQLite wants to hear it.
pub(super) fn limit(max: usize) -> i64 {
    stored(max.min(limits::READ_ROWS_MAX) as u64)
}

pub(super) fn events(
    connection: &Connection,
    execution: &ExecutionArn,
    after_seq: u64,
    max: usize,
) -> Outcome<Vec<Event>> {
    let max = max.min(limits::READ_ROWS_MAX);
    let Some(of) = ExecutionRow::find(connection, execution)? else {
        return Ok(Vec::new());
    };
    if after_seq >= of.seq || max == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare_cached(
        "SELECT first_seq, count, events, sum FROM batch \
         WHERE shard = ?1 AND execution = ?2 AND first_seq >= \
         (SELECT ifnull(max(first_seq), 0) FROM batch \
          WHERE shard = ?1 AND execution = ?2 AND first_seq <= ?3) \
         ORDER BY first_seq",
    )?;
    let mut rows = statement.query(params![of.shard, of.id, stored(after_seq + 1)])?;
    let mut wanted = Vec::new();
    let mut next_seq = after_seq + 1;
    while next_seq <= of.seq && wanted.len() < max {
        let from = next_seq;
        let named = || format!("{execution} from event {from} on");
        let Some(row) = rows.next()? else {
            return Err(damaged_by("batch", named(), String::from("it is missing")));
        };
        let (first_seq, count, encoded) = (row.get(0)?, row.get(1)?, blob(row, 2)?);
        let sum = batch_sum(of.shard, of.id, first_seq, count, encoded);
        if sum != row.get::<_, i64>(3)? {
            return Err(damaged("batch", named()));
        }
        let batch: Vec<Event> =
            codec::decode(encoded).map_err(|error| unreadable("batch", named(), &error))?;
        for event in batch {
            if event.seq < next_seq || wanted.len() == max {
                continue;
            }
            if event.seq > next_seq {
                return Err(damaged_by("batch", named(), String::from("it is missing")));
            }
            next_seq += 1;
            wanted.push(event);
        }
    }
    Ok(wanted)
}

pub(super) fn snapshot(
    connection: &Connection,
    execution: &ExecutionArn,
) -> Outcome<Option<Arc<Execution>>> {
    let Some(of) = ExecutionRow::find(connection, execution)? else {
        return Ok(None);
    };
    let mut statement = connection.prepare_cached(
        "SELECT seq, state, sum FROM snapshot WHERE shard = ?1 AND execution = ?2",
    )?;
    let mut rows = statement.query(params![of.shard, of.id])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let (seq, encoded) = (row.get(0)?, blob(row, 1)?);
    if snapshot_sum(of.shard, of.id, seq, encoded) != row.get::<_, i64>(2)? {
        return Err(damaged("snapshot", execution));
    }
    let state: Execution =
        codec::decode(encoded).map_err(|error| unreadable("snapshot", execution, &error))?;
    Ok(Some(Arc::new(state)))
}

pub(super) fn timers_due(
    connection: &Connection,
    shard: u32,
    until: Timestamp,
    max: usize,
) -> Outcome<Vec<DueTimer>> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        execution_columns!(),
        ", timer.kind, timer.attempt, timer.due_at, timer.sum, timer.execution \
         FROM timer LEFT JOIN execution ON execution.id = timer.execution \
         WHERE timer.shard = ?1 AND timer.due_at <= ?2 \
         ORDER BY timer.due_at, timer.execution, timer.kind, timer.attempt LIMIT ?3"
    ))?;
    let mut rows = statement.query(params![shard, until.0, limit(max)])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        let at = EXECUTION_COLUMNS;
        let key = (row.get(at)?, row.get(at + 1)?);
        let due_at = Timestamp(row.get(at + 2)?);
        let id: i64 = row.get(at + 4)?;
        if timer_sum(shard, id, key, due_at) != row.get::<_, i64>(at + 3)? {
            return Err(damaged(
                "timer",
                format_args!("of the execution with id {id}"),
            ));
        }
        let named = format_args!("of the execution with id {id}");
        if row.get::<_, Option<i64>>(0)?.is_none() {
            return Err(damaged_by(
                "timer",
                named,
                String::from("there is no such execution"),
            ));
        }
        let Some(key) = timer_key(key.0, key.1) else {
            return Err(damaged_by(
                "timer",
                named,
                String::from("there is no such kind"),
            ));
        };
        due.push(DueTimer {
            execution: ExecutionRow::read(row, 0)?.arn,
            key,
            at: due_at,
        });
    }
    Ok(due)
}

pub(super) fn running(
    connection: &Connection,
    shard: u32,
    after: Option<&ExecutionArn>,
    max: usize,
) -> Outcome<Vec<ExecutionArn>> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        execution_columns!(),
        " FROM execution WHERE status = 0 AND shard = ?1 AND arn > ?2 ORDER BY arn LIMIT ?3"
    ))?;
    let after = after.map_or("", |arn| arn.as_str());
    let mut rows = statement.query(params![shard, after, limit(max)])?;
    let mut running = Vec::new();
    while let Some(row) = rows.next()? {
        running.push(ExecutionRow::read(row, 0)?.arn);
    }
    Ok(running)
}
