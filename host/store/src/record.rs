//! Records: what is not an execution. State machines, functions, queues, log groups are rows of a
//! *space*, found by a key, guarded by a revision. A store knows nothing of what is in them.

use std::sync::Arc;

/// A space of records: a table, as its users see it. Named like `states.machine`.
pub type Space = &'static str;

/// A record as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its key, unique in its space. Keys are ordered by their bytes.
    pub key: Arc<str>,
    /// Changes with every write of the record, and is never used again in its space, so that a record
    /// that was deleted and made anew is told from the one before.
    pub revision: u64,
    /// What it holds.
    pub value: Arc<[u8]>,
}

/// What a writer believes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It does not matter.
    Anything,
    /// There is none.
    Absent,
    /// It stands at this revision.
    Revision(u64),
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes a record, new or in the place of an older one.
    Put {
        /// Where.
        space: Space,
        /// Which.
        key: Arc<str>,
        /// What.
        value: Arc<[u8]>,
        /// What must hold before.
        expect: Expect,
    },
    /// Removes a record; one that is not there may be removed.
    Delete {
        /// Where.
        space: Space,
        /// Which.
        key: Arc<str>,
        /// What must hold before.
        expect: Expect,
    },
    /// Removes every record whose key begins like this.
    DeletePrefix {
        /// Where.
        space: Space,
        /// How the keys begin.
        prefix: Arc<str>,
    },
}

/// Changes that are made together or not at all.
pub type Batch = Vec<Change>;

/// A batch that was refused; nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record {key} of {space} is not what the writer believed")]
pub struct Stale {
    /// Where.
    pub space: Space,
    /// The first record that differs.
    pub key: Arc<str>,
}

/// Which records to read, in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Where.
    pub space: Space,
    /// How their keys begin; empty: all.
    pub prefix: Arc<str>,
    /// Only those beyond this key, in the direction of the scan; `None`: from the first.
    pub after: Option<Arc<str>>,
    /// From the last key to the first.
    pub backwards: bool,
    /// How many, at the most; also bounded by [`crate::limits::READ_ROWS_MAX`].
    pub max: usize,
}

impl Scan {
    /// All records of a space whose keys begin with `prefix`, as many as one read gives.
    pub fn of(space: Space, prefix: impl Into<Arc<str>>) -> Scan {
        Scan {
            space,
            prefix: prefix.into(),
            after: None,
            backwards: false,
            max: crate::limits::READ_ROWS_MAX,
        }
    }
}
