//! What goes wrong below the store's surface, and which error of the store it becomes.

use rusqlite::ErrorCode;

use crate::codec::DecodeError;
use crate::error::Error;

/// Why a piece of work on the database was not done.
pub(super) enum Fault {
    /// SQLite failed: the medium, the file system, the file.
    Sqlite(rusqlite::Error),
    /// What was read is damaged.
    Damaged(Error),
    /// What was to be written has no form on disk.
    Unwritable(String),
}

pub(super) type Outcome<T> = Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error {
            // A value of another type than the one that is ever written there.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
            | rusqlite::Error::InvalidColumnType(..) => {
                Fault::Damaged(Error::DamagedFile(error.to_string()))
            }
            error => Fault::Sqlite(error),
        }
    }
}

impl Fault {
    /// As whoever reads is told.
    pub(super) fn on_read(self) -> Error {
        match self {
            Fault::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Error::DamagedFile(error.to_string())
                }
                _ => Error::Unreadable(words(&error)),
            },
            Fault::Damaged(error) => error,
            Fault::Unwritable(reason) => Error::Unreadable(reason),
        }
    }
}

/// A row whose checksum does not fit.
pub(super) fn damaged(table: &'static str, row: impl std::fmt::Display) -> Fault {
    damaged_by(table, row, String::from("its checksum does not fit"))
}

/// A row whose checksum fits and that still cannot be read.
pub(super) fn unreadable(
    table: &'static str,
    row: impl std::fmt::Display,
    error: &DecodeError,
) -> Fault {
    damaged_by(table, row, error.to_string())
}

pub(super) fn damaged_by(
    table: &'static str,
    row: impl std::fmt::Display,
    reason: String,
) -> Fault {
    Fault::Damaged(Error::DamagedRow {
        table,
        row: row.to_string(),
        reason,
    })
}

/// What happened and what to do about it.
pub(super) fn words(error: &rusqlite::Error) -> String {
    let advice = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "make room on the disk of the data folder, then start again",
        Some(ErrorCode::ReadOnly) => {
            "the data folder or its file system is read-only: make it writable, then start again"
        }
        Some(ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
            "give this user the right to read and write the data folder and what is in it"
        }
        Some(ErrorCode::SystemIoFailure) => {
            "the disk failed to read or write: look at the system's log before starting again"
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            "the file is damaged: restore the data folder from a backup"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another program holds the file: end it, then start again"
        }
        Some(ErrorCode::TooBig) => "a value is larger than SQLite keeps",
        _ => return error.to_string(),
    };
    format!("{error}; {advice}")
}
