//! A store that fails on purpose, for tests of what stands above a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use engine::{Event, Execution, ExecutionArn, Index, Timestamp, Transition};

use crate::error::Error;
use crate::record::{Batch, Record, Scan, Space, Stale};
use crate::store::{Committed, Conflict, DueTimer, Listed, Listing, Store};

/// How a commit fails. From outside both look the same: nobody knows what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was written.
    BeforeWrite,
    /// All of it was written, and the answer got lost.
    AfterWrite,
}

/// Passes everything on, until one commit fails; from then on it is dead (I14). What the store behind
/// it holds is what is found when it is opened again.
#[derive(Debug)]
pub struct FaultyStore<S> {
    inner: S,
    fault: Fault,
    /// Commits that still go well.
    left: AtomicU64,
    dead: AtomicBool,
}

impl<S: Store> FaultyStore<S> {
    /// Fails commit number `nth`, counted from 1; 0 is dead from the beginning.
    pub fn new(inner: S, fault: Fault, nth: u64) -> FaultyStore<S> {
        FaultyStore {
            inner,
            fault,
            left: AtomicU64::new(nth.saturating_sub(1)),
            dead: AtomicBool::new(nth == 0),
        }
    }

    /// The store behind: what a host finds after the failure.
    pub fn into_inner(self) -> S {
        self.inner
    }

    fn alive(&self) -> Result<&S, Error> {
        if self.dead.load(Ordering::SeqCst) {
            Err(dead())
        } else {
            Ok(&self.inner)
        }
    }
}

fn dead() -> Error {
    Error::Dead(String::from("a write failed on purpose"))
}

impl<S: Store> Store for FaultyStore<S> {
    fn commit(&self, group: Vec<Transition>) -> Result<Vec<Result<Committed, Conflict>>, Error> {
        let inner = self.alive()?;
        let left = self.left.load(Ordering::SeqCst);
        // There is one committer, so that reading and writing apart loses nothing.
        if left > 0 {
            self.left.store(left - 1, Ordering::SeqCst);
            return inner.commit(group);
        }
        self.dead.store(true, Ordering::SeqCst);
        if self.fault == Fault::AfterWrite {
            inner.commit(group)?;
        }
        Err(dead())
    }

    fn claim_shard(&self, shard: u32) -> Result<u64, Error> {
        self.alive()?.claim_shard(shard)
    }

    fn events(
        &self,
        execution: &ExecutionArn,
        after_seq: u64,
        max: usize,
    ) -> Result<Vec<Event>, Error> {
        self.alive()?.events(execution, after_seq, max)
    }

    fn snapshot(&self, execution: &ExecutionArn) -> Result<Option<Arc<Execution>>, Error> {
        self.alive()?.snapshot(execution)
    }

    fn index(&self, execution: &ExecutionArn) -> Result<Option<Index>, Error> {
        self.alive()?.index(execution)
    }

    fn timers_due(&self, shard: u32, until: Timestamp, max: usize) -> Result<Vec<DueTimer>, Error> {
        self.alive()?.timers_due(shard, until, max)
    }

    fn running(
        &self,
        shard: u32,
        after: Option<&ExecutionArn>,
        max: usize,
    ) -> Result<Vec<ExecutionArn>, Error> {
        self.alive()?.running(shard, after, max)
    }

    fn list(&self, listing: &Listing) -> Result<Vec<Listed>, Error> {
        self.alive()?.list(listing)
    }

    fn forget_ended(&self, before: Timestamp, max: usize) -> Result<usize, Error> {
        self.alive()?.forget_ended(before, max)
    }

    fn write(&self, group: Vec<Batch>) -> Result<Vec<Result<(), Stale>>, Error> {
        self.alive()?.write(group)
    }

    fn record(&self, space: Space, key: &str) -> Result<Option<Record>, Error> {
        self.alive()?.record(space, key)
    }

    fn records(&self, scan: &Scan) -> Result<Vec<Record>, Error> {
        self.alive()?.records(scan)
    }
}
