//! Forgets executions that are over, with everything that is kept of them.

use engine::Timestamp;
use rusqlite::{Connection, params};

use super::execution::{ExecutionRow, execution_columns};
use super::fault::{Fault, Outcome};
use crate::limits;

/// What is kept of an execution beside its own row.
const TABLES: [&str; 4] = [
    "DELETE FROM batch WHERE shard = ?1 AND execution = ?2",
    "DELETE FROM snapshot WHERE shard = ?1 AND execution = ?2",
    "DELETE FROM timer WHERE shard = ?1 AND execution = ?2",
    "DELETE FROM outbox WHERE shard = ?1 AND execution = ?2",
];

/// Forgets executions that ended before `before`, the first to end in front, until `max` of them are gone or
/// one transaction has deleted enough rows. Says how many, and whether there are no more.
pub(super) fn some(
    connection: &Connection,
    before: Timestamp,
    max: usize,
) -> Outcome<(usize, bool)> {
    let wanted = max.min(limits::FORGET_EXECUTIONS);
    let found = ended(connection, before, wanted)?;
    let is_last = found.len() < wanted;
    let (mut count, mut rows) = (0, 0);
    for (id, shard) in found {
        if rows >= limits::FORGET_ROWS {
            return Ok((count, false));
        }
        for sql in TABLES {
            rows += connection
                .prepare_cached(sql)?
                .execute(params![shard, id])?;
        }
        rows += connection
            .prepare_cached("DELETE FROM execution WHERE id = ?1")?
            .execute([id])?;
        count += 1;
    }
    Ok((count, is_last))
}

/// Executions that ended before `before`. A damaged row may belong to one that runs: it is left out.
fn ended(connection: &Connection, before: Timestamp, max: usize) -> Outcome<Vec<(i64, u32)>> {
    let mut statement = connection.prepare_cached(concat!(
        "SELECT ",
        execution_columns!(),
        " FROM execution WHERE status <> 0 AND stopped_at < ?1 ORDER BY stopped_at, id"
    ))?;
    let mut rows = statement.query([before.0])?;
    let mut ended = Vec::new();
    while ended.len() < max
        && let Some(row) = rows.next()?
    {
        match ExecutionRow::read(row, 0) {
            Ok(row) => ended.push((row.id, row.shard)),
            Err(Fault::Damaged(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(ended)
}
