//! The store that survives (DESIGN D6): one SQLite file in one folder, for one process at a time.
//!
//! The one idea: one connection writes, behind a lock that the committer thread takes, and a group of
//! transitions is one transaction of SQLite's with one fsync; a few connections beside it read, and see what
//! is committed and nothing else. Whether a transition may be written is found out before the first of its
//! rows is, so that one that is refused leaves nothing to take back.
//!
//! Assumes of the medium that what fsync reported as written is there after a power cut, and of the
//! file system that it locks. It does not assume that bits stay as they were: every row has a checksum, which
//! every read of it compares.
//!
//! Begin at [`SqliteStore`], then `write.rs`; `schema.rs` has the tables.

mod checksum;
mod execution;
mod fault;
mod forget;
mod list;
mod open;
mod pool;
mod reads;
mod records;
mod rows;
mod schema;
mod write;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use engine::{Event, Execution, ExecutionArn, Index, Timestamp, Transition};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::execution::ExecutionRow;
use self::fault::{Fault, Outcome, words};
use self::open::Folder;
use self::pool::Pool;
use self::write::Counters;
use crate::error::Error;
use crate::record::{Batch, Record, Scan, Space, Stale};
use crate::store::{Committed, Conflict, DueTimer, Listed, Listing, Store};

pub use self::open::OpenError;

/// Executions and records in a folder. When it is dropped, the folder is one database without a log, unless
/// a write failed.
#[derive(Debug)]
pub struct SqliteStore {
    readers: Pool,
    writer: Mutex<Writer>,
    /// Why nothing is taken any more (I14).
    dead: OnceLock<String>,
    folder: Folder,
}

#[derive(Debug)]
struct Writer {
    connection: Connection,
    counters: Counters,
}

impl SqliteStore {
    /// Opens the store in `folder`, which is made if it is missing. It is this process's alone until the store
    /// is dropped.
    ///
    /// # Errors
    /// [`OpenError`], each with what to do about it.
    pub fn open(folder: &Path) -> Result<SqliteStore, OpenError> {
        let folder = Folder::take(folder)?;
        let connection = folder.writer()?;
        let counters =
            Counters::read(&connection).map_err(|fault| OpenError::Damaged(fault.on_read()))?;
        Ok(SqliteStore {
            readers: Pool::default(),
            writer: Mutex::new(Writer {
                connection,
                counters,
            }),
            dead: OnceLock::new(),
            folder,
        })
    }

    /// Brings everything that is in the log into the database and empties the log, as far as nobody reads from
    /// it at this moment.
    ///
    /// # Errors
    /// [`Error::Dead`].
    pub fn checkpoint(&self) -> Result<(), Error> {
        self.alive()?;
        let writer = self.lock();
        let done = writer
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        done.map_err(|error| self.die(&writer.connection, Fault::Sqlite(error)))
    }

    // A thread that panicked while it held the lock has dropped its transaction, which takes it back.
    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn alive(&self) -> Result<(), Error> {
        match self.dead.get() {
            Some(reason) => Err(Error::Dead(reason.clone())),
            None => Ok(()),
        }
    }

    /// After a failed write nobody knows what is on the medium; not even closing may write any more.
    fn die(&self, connection: &Connection, fault: Fault) -> Error {
        let reason = match fault {
            Fault::Damaged(error) => return error,
            Fault::Sqlite(error) => words(&error),
            Fault::Unwritable(reason) => reason,
        };
        let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        Error::Dead(self.dead.get_or_init(|| reason).clone())
    }

    /// Does a piece of work in one transaction that is durable when this returns.
    fn write_with<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &mut Counters) -> Outcome<T>,
    ) -> Result<T, Error> {
        self.alive()?;
        let mut writer = self.lock();
        // Whoever was in front may have failed.
        self.alive()?;
        let Writer {
            connection,
            counters,
        } = &mut *writer;
        let done = in_transaction(connection, |transaction| work(transaction, counters));
        done.map_err(|fault| self.die(connection, fault))
    }

    fn read_with<T>(&self, work: impl FnOnce(&Connection) -> Outcome<T>) -> Result<T, Error> {
        self.alive()?;
        let found = self.readers.with(&self.folder, work);
        self.alive()?;
        found.map_err(Fault::on_read)
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Outcome<T>,
) -> Outcome<T> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = work(&transaction)?;
    transaction.commit()?;
    Ok(done)
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.readers.close();
        // A failure is remembered and leaves the log as it is, for the next one to read.
        let _ = self.checkpoint();
    }
}

impl Store for SqliteStore {
    fn commit(&self, group: Vec<Transition>) -> Result<Vec<Result<Committed, Conflict>>, Error> {
        self.write_with(|transaction, counters| write::commit(transaction, counters, group))
    }

    fn claim_shard(&self, shard: u32) -> Result<u64, Error> {
        self.write_with(|transaction, _| {
            let epoch = rows::epoch(transaction, shard)?.saturating_add(1);
            rows::set_epoch(transaction, shard, epoch)?;
            Ok(epoch)
        })
    }

    fn events(
        &self,
        execution: &ExecutionArn,
        after_seq: u64,
        max: usize,
    ) -> Result<Vec<Event>, Error> {
        self.read_with(|connection| reads::events(connection, execution, after_seq, max))
    }

    fn snapshot(&self, execution: &ExecutionArn) -> Result<Option<Arc<Execution>>, Error> {
        self.read_with(|connection| reads::snapshot(connection, execution))
    }

    fn index(&self, execution: &ExecutionArn) -> Result<Option<Index>, Error> {
        self.read_with(|connection| {
            Ok(ExecutionRow::find(connection, execution)?.map(|row| row.index))
        })
    }

    fn timers_due(&self, shard: u32, until: Timestamp, max: usize) -> Result<Vec<DueTimer>, Error> {
        self.read_with(|connection| reads::timers_due(connection, shard, until, max))
    }

    fn running(
        &self,
        shard: u32,
        after: Option<&ExecutionArn>,
        max: usize,
    ) -> Result<Vec<ExecutionArn>, Error> {
        self.read_with(|connection| reads::running(connection, shard, after, max))
    }

    fn list(&self, listing: &Listing) -> Result<Vec<Listed>, Error> {
        self.read_with(|connection| list::list(connection, listing))
    }

    fn forget_ended(&self, before: Timestamp, max: usize) -> Result<usize, Error> {
        let mut forgotten = 0;
        loop {
            let left = max - forgotten;
            let (count, is_done) =
                self.write_with(|transaction, _| forget::some(transaction, before, left))?;
            forgotten += count;
            if is_done || forgotten >= max {
                return Ok(forgotten);
            }
        }
    }

    fn write(&self, group: Vec<Batch>) -> Result<Vec<Result<(), Stale>>, Error> {
        self.write_with(|transaction, counters| records::write(transaction, counters, group))
    }

    fn record(&self, space: Space, key: &str) -> Result<Option<Record>, Error> {
        self.read_with(|connection| records::find(connection, space, key))
    }

    fn records(&self, scan: &Scan) -> Result<Vec<Record>, Error> {
        self.read_with(|connection| records::scan(connection, scan))
    }
}

#[cfg(test)]
mod tests;
