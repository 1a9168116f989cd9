//! Writes transitions: first everything that could refuse one, then its rows.

use std::collections::BTreeMap;

use engine::{Event, Status, TimerChange, Transition};
use rusqlite::{Connection, params};

use super::execution::ExecutionRow;
use super::fault::{Fault, Outcome};
use super::rows::{self, batch_sum, snapshot_sum, stored, timer_columns, timer_sum};
use crate::check::is_whole;
use crate::codec::{self, EncodeError};
use crate::limits;
use crate::store::{Committed, Conflict, ConflictKind};

/// Numbers that are given once. Held by the one writer; a number that was given to something that was not
/// written after all is left out.
#[derive(Debug)]
pub(super) struct Counters {
    /// What stood for the last new execution.
    execution: i64,
    /// The last revision of a record.
    pub(super) revision: i64,
}

impl Counters {
    pub(super) fn read(connection: &Connection) -> Outcome<Counters> {
        let execution: i64 =
            connection.query_row("SELECT ifnull(max(id), 0) FROM execution", [], |row| {
                row.get(0)
            })?;
        Ok(Counters {
            execution,
            revision: rows::meta(connection, "revision")?,
        })
    }
}

pub(super) fn commit(
    connection: &Connection,
    counters: &mut Counters,
    group: Vec<Transition>,
) -> Outcome<Vec<Result<Committed, Conflict>>> {
    let mut epochs = BTreeMap::new();
    let mut answers = Vec::with_capacity(group.len());
    for transition in group {
        let checked = check(connection, &mut epochs, &transition);
        let (execution, answer) = match checked {
            Ok(found) => {
                let seq = transition.last_seq();
                put(connection, counters, &transition, found)?;
                let execution = transition.execution.clone();
                (transition.execution, Ok(Committed { execution, seq }))
            }
            Err(Refused::Because(kind)) => (transition.execution, Err(kind)),
            // Its neighbours are not to suffer for it.
            Err(Refused::By(Fault::Damaged(_))) => {
                (transition.execution, Err(ConflictKind::Damaged))
            }
            Err(Refused::By(fault)) => return Err(fault),
        };
        answers.push(answer.map_err(|kind| Conflict { execution, kind }));
    }
    Ok(answers)
}

enum Refused {
    Because(ConflictKind),
    By(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Refused {
        Refused::By(fault)
    }
}

/// Whether the transition may be written; gives the row that it goes on from. Writes the epoch of the
/// shard if it is a new one, and nothing else.
fn check(
    connection: &Connection,
    epochs: &mut BTreeMap<u32, u64>,
    transition: &Transition,
) -> Result<Option<ExecutionRow>, Refused> {
    let (shard, expect) = (transition.shard, transition.expect_seq);
    let epoch = match epochs.get(&shard) {
        Some(epoch) => *epoch,
        None => rows::epoch(connection, shard)?,
    };
    epochs.insert(shard, epoch);
    if transition.epoch < epoch {
        return Err(Refused::Because(ConflictKind::Fenced));
    }
    let found = ExecutionRow::find(connection, &transition.execution)?;
    let refused = match &found {
        Some(_) if expect == 0 => Some(ConflictKind::NameTaken),
        Some(row) if row.seq != expect || row.shard != shard => Some(ConflictKind::Fenced),
        None if expect != 0 => Some(ConflictKind::Fenced),
        Some(_) | None => None,
    };
    if let Some(kind) = refused {
        return Err(Refused::Because(kind));
    }
    if !is_whole(transition) {
        return Err(Refused::Because(ConflictKind::Fenced));
    }
    if transition.epoch > epoch {
        rows::set_epoch(connection, shard, transition.epoch)?;
        epochs.insert(shard, transition.epoch);
    }
    Ok(found)
}

fn put(
    connection: &Connection,
    counters: &mut Counters,
    transition: &Transition,
    found: Option<ExecutionRow>,
) -> Outcome<()> {
    let (id, shard) = match &found {
        Some(row) => (row.id, row.shard),
        None => {
            counters.execution += 1;
            (counters.execution, transition.shard)
        }
    };
    let row = ExecutionRow {
        id,
        shard,
        arn: transition.execution.clone(),
        seq: transition.last_seq(),
        index: transition.index.clone(),
    };
    row.write(connection)?;
    put_events(connection, &row, &transition.events)?;
    put_snapshot(connection, &row, transition)?;
    if row.index.status == Status::Running {
        put_timers(connection, &row, &transition.timers)
    } else {
        connection
            .prepare_cached("DELETE FROM timer WHERE shard = ?1 AND execution = ?2")?
            .execute(params![shard, id])?;
        Ok(())
    }
}

fn put_events(connection: &Connection, row: &ExecutionRow, events: &[Event]) -> Outcome<()> {
    let Some(first) = events.first() else {
        return Ok(());
    };
    let bytes_max = match events.len() {
        1 => limits::VALUE_BYTES_MAX,
        _ => limits::BATCH_BYTES_MAX,
    };
    let encoded = match codec::encode(events, bytes_max) {
        Ok(encoded) => encoded,
        Err(EncodeError::TooLarge { .. }) if events.len() > 1 => {
            let (front, back) = events.split_at(events.len() / 2);
            put_events(connection, row, front)?;
            return put_events(connection, row, back);
        }
        Err(error) => return Err(Fault::Unwritable(error.to_string())),
    };
    let (first_seq, count) = (stored(first.seq), stored(events.len() as u64));
    let sum = batch_sum(row.shard, row.id, first_seq, count, &encoded);
    connection
        .prepare_cached(
            "INSERT INTO batch (shard, execution, first_seq, count, events, sum) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![row.shard, row.id, first_seq, count, encoded, sum])?;
    Ok(())
}

fn put_snapshot(
    connection: &Connection,
    row: &ExecutionRow,
    transition: &Transition,
) -> Outcome<()> {
    let Some(snapshot) = &transition.snapshot else {
        return Ok(());
    };
    let encoded = match codec::encode(&**snapshot, limits::VALUE_BYTES_MAX) {
        Ok(encoded) => encoded,
        // The snapshot before it and the events since say the same.
        Err(EncodeError::TooLarge { .. }) => return Ok(()),
        Err(error) => return Err(Fault::Unwritable(error.to_string())),
    };
    let seq = stored(row.seq);
    let sum = snapshot_sum(row.shard, row.id, seq, &encoded);
    connection
        .prepare_cached(
            "INSERT INTO snapshot (shard, execution, seq, state, sum) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (shard, execution) DO UPDATE SET seq = ?3, state = ?4, sum = ?5",
        )?
        .execute(params![row.shard, row.id, seq, encoded, sum])?;
    Ok(())
}

fn put_timers(connection: &Connection, row: &ExecutionRow, changes: &[TimerChange]) -> Outcome<()> {
    for change in changes {
        match change {
            TimerChange::Arm(key, at) => {
                let (kind, attempt) = timer_columns(*key);
                let sum = timer_sum(row.shard, row.id, (kind, attempt), *at);
                connection
                    .prepare_cached(
                        "INSERT INTO timer (shard, execution, kind, attempt, due_at, sum) \
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                         ON CONFLICT (shard, execution, kind, attempt) \
                         DO UPDATE SET due_at = ?5, sum = ?6",
                    )?
                    .execute(params![row.shard, row.id, kind, attempt, at.0, sum])?;
            }
            TimerChange::Disarm(key) => {
                let (kind, attempt) = timer_columns(*key);
                connection
                    .prepare_cached(
                        "DELETE FROM timer WHERE shard = ?1 AND execution = ?2 AND kind = ?3 \
                         AND attempt = ?4",
                    )?
                    .execute(params![row.shard, row.id, kind, attempt])?;
            }
        }
    }
    Ok(())
}
