//! What can go wrong with a store as a whole.

use engine::{ExecutionArn, IllegalEvent};

/// An error of the store, not of one transition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A write failed in a way that leaves open what is on the medium. The store takes nothing more;
    /// it is not retried but opened anew (I14).
    #[error("the store has stopped: {0}")]
    Dead(String),
    /// What is stored cannot have been written: the events of an execution contradict each other.
    #[error("the events of {execution} are damaged: {illegal}")]
    Damaged {
        /// Whose events.
        execution: ExecutionArn,
        /// What contradicts what.
        illegal: IllegalEvent,
    },
    /// A row is not what was written: a bit flipped, or somebody altered the file. Nothing of it is
    /// obeyed; everything else can still be read.
    #[error(
        "a row of the table {table} is damaged ({row}): {reason}; restore the data folder from a backup"
    )]
    DamagedRow {
        /// In which table.
        table: &'static str,
        /// Which row, by its key.
        row: String,
        /// How one can tell.
        reason: String,
    },
    /// The file is not what SQLite wrote.
    #[error("the store's file is damaged: {0}; restore the data folder from a backup")]
    DamagedFile(String),
    /// A read failed. Nothing was written, and it may be tried again.
    #[error("the store could not be read: {0}")]
    Unreadable(String),
}
