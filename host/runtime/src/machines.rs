//! The catalogue of state machines: machines with their revisions, versions and aliases, as records.
//!
//! The one idea: everything that belongs to a machine changes together with the machine's own record,
//! whose revision every writer names. So writers of one machine take turns without a lock (a writer
//! that was overtaken reads again and decides again), and what was read stays true until it is written.
//!
//! A *revision* is one text of a machine with its role and settings; it never changes. Executions name
//! the revision that they run, so it is kept while one of them may ask for it; `sweep.rs` says how long.
//!
//! Begin reading at [`Machines::resolve`], which is what starting an execution asks, then `model.rs`.

mod aliases;
mod arn;
mod cache;
mod create;
mod error;
mod model;
mod remove;
mod resolve;
mod spaces;
mod sweep;
#[cfg(test)]
mod tests;
mod update;
mod versions;

use std::sync::{Arc, Mutex};

use engine::{Status, Timestamp};
use store::{Batch, Cursor, Listing, Scan};

use crate::clock::Clock;
use crate::limits;
use crate::lock::locked;
use crate::place::Place;
use crate::records::{RecordError, Records, Stored};
use crate::tags::Tags;

pub use arn::{MachineArn, Qualifier};
pub use create::{Created, NewMachine};
pub use error::MachineError;
pub use model::{
    Alias, Encryption, LogLevel, Logging, Machine, MachineStatus, Revision, Route, Version,
};
pub use resolve::Resolved;
pub use sweep::Swept;
pub use update::{MachineUpdate, Updated};
pub use versions::Published;

/// State machines with their revisions, versions, aliases and tags. A clone is the same.
#[derive(Clone)]
pub struct Machines {
    records: Records,
    place: Place,
    clock: Clock,
    shared: Arc<Shared>,
}

/// What all clones have together.
struct Shared {
    cache: cache::Cache,
    /// How many machines there are; `None`: not counted yet. Kept here because counting reads every
    /// machine, and nobody else writes these records.
    machines: Mutex<Option<usize>>,
}

/// What one attempt at a change came to.
enum Step<T> {
    /// There is nothing to write.
    Done(T),
    /// This has to be written, and then it is done.
    Write(Batch, T),
}

impl Machines {
    pub(crate) fn new(records: Records, place: Place, clock: Clock) -> Machines {
        Machines {
            records,
            place,
            clock,
            shared: Arc::new(Shared {
                cache: cache::Cache::default(),
                machines: Mutex::new(None),
            }),
        }
    }

    /// The tags of machines and activities.
    pub fn tags(&self) -> Tags {
        Tags::new(self.records.clone())
    }

    /// The ARN of a machine of this name.
    pub fn arn(&self, name: &str) -> String {
        self.place.arn("states", &format!("stateMachine:{name}"))
    }

    /// A machine by its ARN without qualifier, `DELETING` ones too.
    ///
    /// # Errors
    /// [`MachineError::NotFound`], [`MachineError::Store`].
    pub fn machine(&self, machine_arn: &str) -> Result<Machine, MachineError> {
        Ok(self.find(machine_arn)?.value)
    }

    /// A machine that may be used and changed, by its ARN without qualifier.
    ///
    /// # Errors
    /// [`MachineError::NotFound`], [`MachineError::Deleting`], [`MachineError::Store`].
    pub fn usable(&self, machine_arn: &str) -> Result<Machine, MachineError> {
        Ok(self.active(machine_arn)?.value)
    }

    /// Machines by ARN, after this one, at most so many.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Machine>, RecordError> {
        let mut scan = Scan::of(spaces::MACHINE, "");
        scan.after = after.map(Arc::from);
        scan.max = max;
        let stored = self.records.scan(&scan)?;
        Ok(stored.into_iter().map(|stored| stored.value).collect())
    }

    /// The machine, unless it is deleted and the last of its executions is over.
    fn find(&self, machine_arn: &str) -> Result<Stored<Machine>, MachineError> {
        let found: Option<Stored<Machine>> = self.records.get(spaces::MACHINE, machine_arn)?;
        match found {
            Some(machine) if !self.is_gone(&machine.value)? => Ok(machine),
            _ => Err(MachineError::NotFound(machine_arn.to_owned())),
        }
    }

    /// The machine, if it may still be used and changed.
    fn active(&self, machine_arn: &str) -> Result<Stored<Machine>, MachineError> {
        let machine = self.find(machine_arn)?;
        match machine.value.status {
            MachineStatus::Active => Ok(machine),
            MachineStatus::Deleting => Err(MachineError::Deleting(machine_arn.to_owned())),
        }
    }

    fn is_gone(&self, machine: &Machine) -> Result<bool, MachineError> {
        Ok(machine.status == MachineStatus::Deleting && !self.has_running(&machine.arn)?)
    }

    /// Whether a durable execution of the machine runs.
    fn has_running(&self, machine_arn: &str) -> Result<bool, MachineError> {
        self.has_execution(machine_arn, Some(Status::Running), None)
    }

    fn has_execution(
        &self,
        machine_arn: &str,
        status: Option<Status>,
        started_before: Option<Timestamp>,
    ) -> Result<bool, MachineError> {
        let listing = Listing {
            machine_arn: machine_arn.into(),
            qualified_arn: None,
            status,
            redriven: None,
            after: started_before.map(|started_at| Cursor {
                started_at,
                execution: engine::ExecutionArn("".into()),
            }),
            max: 1,
        };
        let listed = self.records.store().list(&listing);
        Ok(!listed.map_err(RecordError::from)?.is_empty())
    }

    /// Makes a change: decides on what is stored, writes, and decides again when somebody else wrote
    /// in between. Each time that it is overtaken another writer got on, so this ends.
    async fn change<T>(
        &self,
        attempt: impl Fn() -> Result<Step<T>, MachineError>,
    ) -> Result<T, MachineError> {
        for _ in 0..limits::CHANGE_ATTEMPTS_MAX {
            let (batch, outcome) = match attempt()? {
                Step::Done(outcome) => return Ok(outcome),
                Step::Write(batch, outcome) => (batch, outcome),
            };
            match self.records.write(batch).await {
                Ok(()) => return Ok(outcome),
                Err(RecordError::Stale(_)) => tokio::task::yield_now().await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(MachineError::Busy)
    }

    /// Changes how many machines there are, counting them first if nobody has; `false`: there are as
    /// many as there may be already.
    fn count(&self, added: isize) -> Result<bool, MachineError> {
        let mut machines = locked(&self.shared.machines);
        let now = match *machines {
            Some(count) => count,
            None => self.list(None, usize::MAX)?.len(),
        };
        if added > 0 && now >= limits::STATE_MACHINES_MAX {
            *machines = Some(now);
            return Ok(false);
        }
        *machines = Some(now.saturating_add_signed(added));
        Ok(true)
    }
}

/// A new id, unique everywhere.
fn new_id() -> Arc<str> {
    uuid::Uuid::new_v4().to_string().into()
}
