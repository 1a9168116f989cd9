//! The trait that every store implements, and the few types it speaks.

use std::sync::Arc;

use engine::{Event, Execution, ExecutionArn, Index, Status, TimerKey, Timestamp, Transition};

use crate::error::Error;
use crate::record::{Batch, Record, Scan, Space, Stale};

/// Where executions are kept. Reads show only what is durable, and never half a transition.
///
/// Every `max` is also bounded by [`crate::limits::READ_ROWS_MAX`].
pub trait Store: Send + Sync {
    /// Whether [`Store::commit`] waits for nothing, so that whoever has a transition may commit it
    /// then and there instead of handing it to a committer thread.
    fn is_immediate(&self) -> bool {
        false
    }

    /// Writes a group of transitions in one go, in order, and answers for each of them at the same
    /// place. One that is refused writes nothing and does not take its neighbours down; two of the
    /// same execution may follow each other in one group. When this returns, every `Ok` is durable.
    ///
    /// Called by one committer at a time, unless the store is immediate: then by any thread, which
    /// the store has to bear.
    ///
    /// # Errors
    /// [`Error::Dead`]: nothing is known of the whole group, and the store takes nothing more (I14).
    fn commit(&self, group: Vec<Transition>) -> Result<Vec<Result<Committed, Conflict>>, Error>;

    /// Takes a shard over: gives the epoch under which the caller commits from now on. A commit of the
    /// owner before it is refused as [`ConflictKind::Fenced`] from this moment (D5, D13).
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn claim_shard(&self, shard: u32) -> Result<u64, Error>;

    /// The events after `after_seq`, in order; empty when there are none or no such execution.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn events(
        &self,
        execution: &ExecutionArn,
        after_seq: u64,
        max: usize,
    ) -> Result<Vec<Event>, Error>;

    /// The last snapshot. It may be older than the last event: see [`crate::recover`].
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn snapshot(&self, execution: &ExecutionArn) -> Result<Option<Arc<Execution>>, Error>;

    /// What lists show of one execution; `None`: there is none, or it was forgotten after its end.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn index(&self, execution: &ExecutionArn) -> Result<Option<Index>, Error>;

    /// The timers of a shard that are due until `until` and including it, earliest first. They stay
    /// until a transition disarms them or ends their execution.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn timers_due(&self, shard: u32, until: Timestamp, max: usize) -> Result<Vec<DueTimer>, Error>;

    /// The executions of a shard that are not over, by ARN, after `after`: what a host that takes the
    /// shard over has to look at.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn running(
        &self,
        shard: u32,
        after: Option<&ExecutionArn>,
        max: usize,
    ) -> Result<Vec<ExecutionArn>, Error>;

    /// One page of the executions of a state machine, newest start first.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn list(&self, listing: &Listing) -> Result<Vec<Listed>, Error>;

    /// Forgets at most `max` executions that ended before `before`, with everything that is kept of
    /// them: their names may be used again. Says how many.
    ///
    /// Called by one committer at a time.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn forget_ended(&self, before: Timestamp, max: usize) -> Result<usize, Error>;

    /// Writes a group of batches of records in one go, in order, and answers for each of them at the
    /// same place. One that is refused writes nothing and does not take its neighbours down. When this
    /// returns, every `Ok` is durable.
    ///
    /// Called like [`Store::commit`].
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn write(&self, group: Vec<Batch>) -> Result<Vec<Result<(), Stale>>, Error>;

    /// One record.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn record(&self, space: Space, key: &str) -> Result<Option<Record>, Error>;

    /// Records in the order of their keys.
    ///
    /// # Errors
    /// [`Error::Dead`].
    fn records(&self, scan: &Scan) -> Result<Vec<Record>, Error>;
}

/// A transition that is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Whose.
    pub execution: ExecutionArn,
    /// Its last sequence number.
    pub seq: u64,
}

/// A transition that was refused; nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{execution}: {kind}")]
pub struct Conflict {
    /// Whose.
    pub execution: ExecutionArn,
    /// Why.
    pub kind: ConflictKind,
}

/// Why a transition was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConflictKind {
    /// It starts an execution, and there is one of this name.
    #[error("an execution of this name exists already")]
    NameTaken,
    /// Its events do not follow the stored ones, or its epoch is not that of the shard's owner:
    /// somebody else writes this execution.
    #[error("another writer owns the execution")]
    Fenced,
    /// What is stored of the execution is damaged; reading it says how. Nothing follows it.
    #[error("what is stored of the execution is damaged")]
    Damaged,
}

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// Whose.
    pub execution: ExecutionArn,
    /// Which.
    pub key: TimerKey,
    /// Since when.
    pub at: Timestamp,
}

/// What to list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// ARN of the state machine.
    pub machine_arn: Arc<str>,
    /// Only those that were started through this version or alias; `None`: all.
    pub qualified_arn: Option<Arc<str>>,
    /// Only those that stand here; `None`: all.
    pub status: Option<Status>,
    /// Only those that were redriven, or only those that were not; `None`: all.
    pub redriven: Option<bool>,
    /// Only those after this one; `None`: from the newest on.
    pub after: Option<Cursor>,
    /// How many, at the most.
    pub max: usize,
}

impl Listing {
    /// Whether the list shows an execution of this index, wherever the page begins.
    pub(crate) fn wants(&self, index: &Index) -> bool {
        let qualified = self.qualified_arn.as_ref().is_none_or(|arn| {
            index.version_arn.as_ref() == Some(arn) || index.alias_arn.as_ref() == Some(arn)
        });
        let redriven = self
            .redriven
            .is_none_or(|redriven| redriven == (index.redrive_count > 0));
        let status = self.status.is_none_or(|status| status == index.status);
        index.machine_arn == self.machine_arn && qualified && redriven && status
    }
}

/// A place in a list. It stays valid when executions come, end or are forgotten.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// Start of the execution at this place.
    pub started_at: Timestamp,
    /// The execution at this place.
    pub execution: ExecutionArn,
}

/// An execution in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Which.
    pub execution: ExecutionArn,
    /// What there is to show of it.
    pub index: Index,
}

impl Listed {
    /// The place of this execution, to go on after it.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            started_at: self.index.started_at,
            execution: self.execution.clone(),
        }
    }
}
