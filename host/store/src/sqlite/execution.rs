//! The row of an execution: its columns, its checksum, and the value of both.

use std::sync::Arc;

use engine::{ExecutionArn, Index, Status};
use rusqlite::{Connection, Row, params};

use super::checksum::{Checksum, hash};
use super::fault::{Outcome, damaged, unreadable};
use super::rows::{blob, encoded, read, stored};
use crate::codec;

/// Where an execution stands; [`RUNNING`] is named by the partial indexes.
pub(super) fn status_number(status: Status) -> i64 {
    match status {
        Status::Running => RUNNING,
        Status::Succeeded => 1,
        Status::Failed => 2,
        Status::TimedOut => 3,
        Status::Aborted => 4,
    }
}

pub(super) const RUNNING: i64 = 0;

/// The columns of an execution, in the order in which [`ExecutionRow::read`] wants them.
macro_rules! execution_columns {
    () => {
        "execution.id, execution.shard, execution.arn, execution.seq, execution.machine, \
         execution.version, execution.alias, execution.status, execution.started_at, \
         execution.stopped_at, execution.redriven, execution.facts, execution.sum"
    };
}
pub(super) use execution_columns;

/// How many they are.
pub(super) const EXECUTION_COLUMNS: usize = 13;

/// An execution as it stands in its table.
pub(super) struct ExecutionRow {
    /// What stands for it in the other tables.
    pub(super) id: i64,
    pub(super) shard: u32,
    pub(super) arn: ExecutionArn,
    pub(super) seq: u64,
    pub(super) index: Index,
}

/// What is derived from an index so that lists can be made of it.
struct Derived {
    machine: i64,
    version: Option<i64>,
    alias: Option<i64>,
    status: i64,
    started_at: i64,
    stopped_at: Option<i64>,
    redriven: bool,
}

impl Derived {
    fn of(index: &Index) -> Derived {
        Derived {
            machine: hash(&index.machine_arn),
            version: index.version_arn.as_deref().map(hash),
            alias: index.alias_arn.as_deref().map(hash),
            status: status_number(index.status),
            started_at: index.started_at.0,
            stopped_at: index.stopped_at.map(|at| at.0),
            redriven: index.redrive_count > 0,
        }
    }

    fn sum(&self, id: i64, shard: u32, arn: &str, seq: i64, facts: &[u8]) -> i64 {
        Checksum::of("execution")
            .int(id)
            .int(shard.into())
            .text(arn)
            .int(seq)
            .int(self.machine)
            .maybe(self.version)
            .maybe(self.alias)
            .int(self.status)
            .int(self.started_at)
            .maybe(self.stopped_at)
            .int(self.redriven.into())
            .bytes(facts)
            .finish()
    }
}

impl ExecutionRow {
    /// Reads the columns `execution_columns!`, which begin at `from`.
    pub(super) fn read(row: &Row<'_>, from: usize) -> Outcome<ExecutionRow> {
        let id = row.get(from)?;
        let shard = row.get(from + 1)?;
        let arn: Arc<str> = row.get(from + 2)?;
        let seq = row.get(from + 3)?;
        let derived = Derived {
            machine: row.get(from + 4)?,
            version: row.get(from + 5)?,
            alias: row.get(from + 6)?,
            status: row.get(from + 7)?,
            started_at: row.get(from + 8)?,
            stopped_at: row.get(from + 9)?,
            redriven: row.get(from + 10)?,
        };
        let facts = blob(row, from + 11)?;
        if row.get::<_, i64>(from + 12)? != derived.sum(id, shard, &arn, seq, facts) {
            return Err(damaged("execution", arn));
        }
        let index = codec::decode(facts).map_err(|error| unreadable("execution", &arn, &error))?;
        Ok(ExecutionRow {
            id,
            shard,
            arn: ExecutionArn(arn),
            seq: read(seq),
            index,
        })
    }

    /// The row of an execution.
    pub(super) fn find(
        connection: &Connection,
        execution: &ExecutionArn,
    ) -> Outcome<Option<ExecutionRow>> {
        let mut statement = connection.prepare_cached(concat!(
            "SELECT ",
            execution_columns!(),
            " FROM execution WHERE arn = ?1"
        ))?;
        let mut rows = statement.query([execution.as_str()])?;
        match rows.next()? {
            Some(row) => ExecutionRow::read(row, 0).map(Some),
            None => Ok(None),
        }
    }

    /// Writes the row, new or in the place of the one before.
    pub(super) fn write(&self, connection: &Connection) -> Outcome<()> {
        let facts = encoded(&self.index)?;
        let derived = Derived::of(&self.index);
        let (arn, seq) = (self.arn.as_str(), stored(self.seq));
        let sum = derived.sum(self.id, self.shard, arn, seq, &facts);
        connection
            .prepare_cached(
                "INSERT INTO execution (id, shard, arn, seq, machine, version, alias, status, \
                 started_at, stopped_at, redriven, facts, sum) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
                 ON CONFLICT (id) DO UPDATE SET seq = ?4, machine = ?5, version = ?6, alias = ?7, \
                 status = ?8, started_at = ?9, stopped_at = ?10, redriven = ?11, facts = ?12, sum = ?13",
            )?
            .execute(params![
                self.id,
                self.shard,
                arn,
                seq,
                derived.machine,
                derived.version,
                derived.alias,
                derived.status,
                derived.started_at,
                derived.stopped_at,
                derived.redriven,
                facts,
                sum
            ])?;
        Ok(())
    }
}
