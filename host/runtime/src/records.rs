//! Records of the store as typed values: what the catalogues of machines, functions, queues and log
//! groups stand on. Reads are made where they are asked for; writes go through the one committer.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{Batch, Change, Expect, Record, Scan, Space, Stale, Store};
use tokio::sync::oneshot;

use crate::committer::{Job, Queue};

/// Reads and writes records. A clone is the same.
#[derive(Clone)]
pub struct Records {
    store: Arc<dyn Store>,
    commits: Arc<Queue>,
}

/// A record that was read, with the revision that a change of it has to name.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored<T> {
    /// Its key.
    pub key: Arc<str>,
    /// See [`store::Record::revision`].
    pub revision: u64,
    /// What it holds.
    pub value: T,
}

impl<T> Stored<T> {
    /// That it is still as it was read.
    pub fn unchanged(&self) -> Expect {
        Expect::Revision(self.revision)
    }
}

/// Why records were not read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Somebody else wrote meanwhile; nothing was written. Read again and decide again.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The runtime was shut down; nothing was written.
    #[error("the runtime is shut down")]
    ShutDown,
    /// What is stored is not what this version writes.
    #[error("the record {key} of {space} cannot be read: {reason}")]
    Unreadable {
        /// Where.
        space: Space,
        /// Which.
        key: String,
        /// Why.
        reason: String,
    },
}

impl Records {
    pub(crate) fn new(store: Arc<dyn Store>, commits: Arc<Queue>) -> Records {
        Records { store, commits }
    }

    /// The store, for the reads of executions that a catalogue needs.
    pub(crate) fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// One record, as JSON.
    ///
    /// # Errors
    /// [`RecordError::Store`], [`RecordError::Unreadable`].
    pub fn get<T: DeserializeOwned>(
        &self,
        space: Space,
        key: &str,
    ) -> Result<Option<Stored<T>>, RecordError> {
        let Some(record) = self.store.record(space, key)? else {
            return Ok(None);
        };
        read(space, record).map(Some)
    }

    /// Records in the order of their keys, as JSON.
    ///
    /// # Errors
    /// [`RecordError::Store`], [`RecordError::Unreadable`].
    pub fn scan<T: DeserializeOwned>(&self, scan: &Scan) -> Result<Vec<Stored<T>>, RecordError> {
        let records = self.store.records(scan)?;
        records
            .into_iter()
            .map(|record| read(scan.space, record))
            .collect()
    }

    /// One record as bytes.
    ///
    /// # Errors
    /// [`RecordError::Store`].
    pub fn bytes(&self, space: Space, key: &str) -> Result<Option<Arc<[u8]>>, RecordError> {
        Ok(self.store.record(space, key)?.map(|record| record.value))
    }

    /// Writes all of it or nothing. When it returns, it is durable.
    ///
    /// # Errors
    /// [`RecordError::Stale`], [`RecordError::Store`], [`RecordError::ShutDown`].
    pub async fn write(&self, batch: Batch) -> Result<(), RecordError> {
        if self.store.is_immediate() {
            return match self.store.write(vec![batch])?.pop() {
                Some(Err(stale)) => Err(stale.into()),
                Some(Ok(())) | None => Ok(()),
            };
        }
        let (reply, written) = oneshot::channel();
        if !self.commits.push(Job::Records { batch, reply }) {
            return Err(RecordError::ShutDown);
        }
        written.await.map_err(|_| RecordError::ShutDown)?
    }
}

/// The change that writes a value as JSON.
pub fn put<T: Serialize>(
    space: Space,
    key: impl Into<Arc<str>>,
    value: &T,
    expect: Expect,
) -> Change {
    // Our own types, with text keys: they have a JSON form.
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    Change::Put {
        space,
        key: key.into(),
        value: bytes.into(),
        expect,
    }
}

/// The change that removes a record.
pub fn delete(space: Space, key: impl Into<Arc<str>>, expect: Expect) -> Change {
    Change::Delete {
        space,
        key: key.into(),
        expect,
    }
}

fn read<T: DeserializeOwned>(space: Space, record: Record) -> Result<Stored<T>, RecordError> {
    match serde_json::from_slice(&record.value) {
        Ok(value) => Ok(Stored {
            key: record.key,
            revision: record.revision,
            value,
        }),
        Err(error) => Err(RecordError::Unreadable {
            space,
            key: record.key.to_string(),
            reason: error.to_string(),
        }),
    }
}
