//! Opening a folder: who may, what is in it, and how its file is to be used.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::fault::{Fault, Outcome, words};
use super::rows::{meta, set_meta};
use super::schema;
use crate::error::Error;
use crate::limits;

/// The database within the folder.
const FILE: &str = "stepwell.db";

/// The file whose lock says that a process has the folder.
const LOCK: &str = "lock";

/// Why a folder was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the data folder {folder} is in use by {}; end it, or give this one another folder", owner(*.pid))]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The process, if it has said so.
        pid: Option<u32>,
    },
    /// The operating system refused something.
    #[error(
        "{what} {path} failed: {source}; this user needs to read and write it, with room on its disk"
    )]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The SQLite in this program is older than what is trusted with the data.
    #[error("this program was built with SQLite {found}; it needs 3.51.3 or newer")]
    OldSqlite {
        /// Its version.
        found: &'static str,
    },
    /// The file is something else.
    #[error("{path} is not a store of Stepwell: move it away, or give another data folder")]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// A newer Stepwell wrote the file.
    #[error(
        "{path} has format {found}, and this program knows formats up to {known}: use a newer Stepwell"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format that this program knows.
        known: i64,
    },
    /// What is in it is damaged.
    #[error(transparent)]
    Damaged(Error),
    /// SQLite cannot use the file: a full or read-only disk, missing rights, a failing medium.
    #[error("{path} cannot be opened: {reason}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
}

fn owner(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("process {pid}"),
        None => String::from("another process"),
    }
}

/// A folder that this process has to itself.
#[derive(Debug)]
pub(super) struct Folder {
    pub(super) file: PathBuf,
    /// Holds the advisory lock for as long as it lives.
    _lock: File,
}

impl Folder {
    /// Makes the folder if it is missing, readable for this user alone, and locks it.
    pub(super) fn take(folder: &Path) -> Result<Folder, OpenError> {
        if limits::SQLITE_VERSION_MIN > rusqlite::version_number() {
            let found = rusqlite::version();
            return Err(OpenError::OldSqlite { found });
        }
        make(folder).map_err(io("making the folder", folder))?;
        let lock = lock(folder)?;
        let file = folder.join(FILE);
        // SQLite gives its log and its shared memory the rights of the database.
        private()
            .open(&file)
            .map_err(io("opening the file", &file))?;
        make_durable(folder).map_err(io("syncing the folder", folder))?;
        Ok(Folder { file, _lock: lock })
    }

    /// The connection that writes. Makes the tables in a new file.
    pub(super) fn writer(&self) -> Result<Connection, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = self.connect(flags).map_err(|error| self.refused(error))?;
        let format = prepare(&mut connection).map_err(|fault| match fault {
            Fault::Sqlite(error) => self.refused(error),
            fault => OpenError::Damaged(fault.on_read()),
        })?;
        let path = self.file.clone();
        match format {
            Format::Known => Ok(connection),
            Format::Foreign => Err(OpenError::NotAStore { path }),
            Format::Newer(found) => Err(OpenError::Newer {
                path,
                found,
                known: schema::FORMAT,
            }),
        }
    }

    /// A connection that only reads.
    pub(super) fn reader(&self) -> Outcome<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(self.connect(flags)?)
    }

    fn connect(&self, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(Duration::from_millis(limits::BUSY_TIMEOUT_MS))?;
        connection.set_prepared_statement_cache_capacity(limits::STATEMENTS_MAX);
        connection.pragma_update(None, "foreign_keys", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        Ok(connection)
    }

    fn refused(&self, error: rusqlite::Error) -> OpenError {
        let path = self.file.clone();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => OpenError::NotAStore { path },
            _ => OpenError::Unusable {
                path,
                reason: words(&error),
            },
        }
    }
}

enum Format {
    Known,
    Foreign,
    Newer(i64),
}

/// Finds out whose file it is before anything is written to it.
fn prepare(connection: &mut Connection) -> Outcome<Format> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if tables > 0 {
        if application != schema::APPLICATION_ID {
            return Ok(Format::Foreign);
        }
        let found = meta(connection, "format")?;
        if found > schema::FORMAT {
            return Ok(Format::Newer(found));
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Where fsync alone leaves data in the drive's own cache (macOS).
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "wal_autocheckpoint", limits::CHECKPOINT_PAGES)?;
    connection.pragma_update(None, "journal_size_limit", limits::LOG_BYTES_MAX)?;
    if tables == 0 {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.pragma_update(None, "application_id", schema::APPLICATION_ID)?;
        transaction.execute_batch(schema::CREATE)?;
        set_meta(&transaction, "format", schema::FORMAT)?;
        transaction.commit()?;
    }
    Ok(Format::Known)
}

fn io<'path>(
    what: &'static str,
    path: &'path Path,
) -> impl FnOnce(std::io::Error) -> OpenError + 'path {
    move |source| OpenError::Io {
        what,
        path: path.to_path_buf(),
        source,
    }
}

fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let missing: Vec<&Path> = folder
        .ancestors()
        .take_while(|above| !above.as_os_str().is_empty() && !above.exists())
        .collect();
    builder.create(folder)?;
    missing
        .into_iter()
        .filter_map(Path::parent)
        .try_for_each(make_durable)
}

/// Makes the names in a folder durable: a file that was synced is lost without the one that leads to it.
fn make_durable(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if folder.as_os_str().is_empty() {
        File::open(".")?.sync_all()?;
    } else {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Opens a file of ours, and makes it for this user alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join(LOCK);
    let mut file = private()
        .open(&path)
        .map_err(io("opening the file", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Only for the message: without it, it names nobody.
            let _ = file.read_to_string(&mut text);
            return Err(OpenError::InUse {
                folder: folder.to_path_buf(),
                pid: text.trim().parse().ok(),
            });
        }
        Err(TryLockError::Error(source)) => return Err(io("locking the file", &path)(source)),
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    written.map_err(io("writing the file", &path))?;
    Ok(file)
}
