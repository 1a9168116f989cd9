//! Functions: uploaded components with their limits, by name, version and alias.
//!
//! The one idea: what there is, is in records, and each change of a function is decided on the record
//! that was read and written only if that is still the last one. Memory holds what running needs:
//! which functions there are (`index`), configurations as last read (`resolve`), and machine code
//! (`compiled`). `run` is the one way in which a component is entered, whoever calls it.
//!
//! Begin at [`Functions`]; `create`, `change`, `publish`, `alias` and `list` are the catalogue,
//! `task` and `invoke` the two ways in. `fixed` is the other host, for `stepwell run`.

mod admission;
mod alias;
mod change;
mod compiled;
mod create;
mod error;
mod events;
mod fixed;
mod invoke;
mod list;
mod log;
mod machine;
mod model;
mod package;
mod publish;
mod reference;
mod resolve;
mod run;
mod settings;
mod shelf;
mod task;
#[cfg(test)]
mod tests;
mod translate;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock};

use sandbox::Sandbox;
use shard::FunctionFacts;
use store::Batch;
use tokio::runtime::Handle;

pub use alias::{AliasChange, NewAlias};
pub use change::CodeChange;
pub use create::NewFunction;
pub use error::{FunctionError, Throttle};
pub use fixed::{FunctionSpec, SandboxHost};
pub use invoke::{Invoke, Invoked};
pub use list::{AccountUsage, FunctionCursor};
pub use model::{Alias, Code, Configuration, Environment, FunctionRecord, Settings, Version};
pub use publish::Publish;
pub use reference::FunctionReference;

use admission::Admission;
use compiled::Compiled;
use events::Events;
use resolve::Resolved;
use shelf::Shelf;

use crate::clock::Clock;
use crate::limits;
use crate::lock::locked;
use crate::logs::Logs;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Functions, their versions and aliases. A clone is the same.
#[derive(Clone)]
pub struct Functions(Arc<Inner>);

struct Inner {
    shelf: Shelf,
    place: Place,
    clock: Clock,
    sandbox: Sandbox,
    logs: Arc<Logs>,
    index: Mutex<Arc<BTreeMap<Arc<str>, FunctionFacts>>>,
    resolved: Resolved,
    compiled: Compiled,
    admission: Admission,
    events: Events,
    /// Tells the log streams of this process from those of the one before.
    instance: String,
    /// Where guests run; before [`Functions::start`], wherever they are called.
    guests: OnceLock<Handle>,
}

impl Functions {
    /// Reads what is stored; a component is compiled when it is first needed.
    pub(crate) fn open(
        records: Records,
        place: Place,
        clock: Clock,
        sandbox: Sandbox,
        logs: Arc<Logs>,
    ) -> Result<Functions, RecordError> {
        let shelf = Shelf(records);
        let mut index = BTreeMap::new();
        let per_read = limits::CATALOGUE_RECORDS_PER_READ;
        shelf.each(
            shelf::FUNCTION,
            per_read,
            |found: crate::records::Stored<FunctionRecord>| {
                index.insert(found.key, FACTS);
            },
        )?;
        let events = Events::open(&shelf)?;
        Ok(Functions(Arc::new(Inner {
            shelf,
            place,
            clock,
            sandbox,
            logs,
            index: Mutex::new(Arc::new(index)),
            resolved: Resolved::default(),
            compiled: Compiled::default(),
            admission: Admission::new(limits::GUESTS_MAX, machine::guest_memory_megabytes()),
            events,
            instance: uuid::Uuid::new_v4().simple().to_string(),
            guests: OnceLock::new(),
        })))
    }

    /// From now on guests run on these threads, and events that wait are worked off.
    pub fn start(&self, guests: &Handle) {
        if self.0.guests.set(guests.clone()).is_ok() {
            events::start(self, guests);
        }
    }

    /// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`.
    pub fn arn(&self, name: &str) -> String {
        self.0.place.arn("lambda", &format!("function:{name}"))
    }

    /// The same of a version or an alias.
    pub fn qualified_arn(&self, name: &str, qualifier: impl std::fmt::Display) -> String {
        format!("{}:{qualifier}", self.arn(name))
    }

    fn not_found(&self, name: &str, qualifier: Option<&str>) -> FunctionError {
        let arn = match qualifier {
            Some(qualifier) => self.qualified_arn(name, qualifier),
            None => self.arn(name),
        };
        FunctionError::NotFound(format!("Function not found: {arn}"))
    }

    /// Decides and writes a change of one function, again when somebody else was faster.
    async fn change<T>(
        &self,
        name: &str,
        decide: impl Fn() -> Result<(Batch, T), FunctionError>,
    ) -> Result<T, FunctionError> {
        for _ in 0..limits::CHANGE_ATTEMPTS_MAX {
            let (batch, value) = decide()?;
            match self.write(name, batch).await {
                Ok(()) => return Ok(value),
                Err(RecordError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(FunctionError::Conflict(format!(
            "The operation cannot be performed at this time. An update is in progress for resource: {}",
            self.arn(name)
        )))
    }

    /// Writes, and makes memory forget what it knew of the function. To its end, even when the caller
    /// goes away: else the write could come after the forgetting.
    async fn write(&self, name: &str, batch: Batch) -> Result<(), RecordError> {
        let this = self.clone();
        let name: Arc<str> = name.into();
        let written = tokio::spawn(async move {
            let written = this.0.shelf.0.write(batch).await;
            this.forget(&name);
            written
        });
        written.await.unwrap_or(Err(RecordError::ShutDown))
    }

    fn forget(&self, name: &Arc<str>) {
        self.0.resolved.forget(name);
        let mut index = locked(&self.0.index);
        // Read under the lock, so that of two changes the later one is the last to be seen.
        let exists = matches!(self.0.shelf.function(name), Ok(Some(_)));
        if exists == index.contains_key(name) {
            return;
        }
        let mut changed = BTreeMap::clone(&index);
        if exists {
            changed.insert(name.clone(), FACTS);
        } else {
            changed.remove(name);
        }
        *index = Arc::new(changed);
    }

    /// Runs something on the guest threads; dropping the answer ends it.
    async fn on_guests<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        let Some(guests) = self.0.guests.get() else {
            return Some(work.await);
        };
        Aborting(guests.spawn(work)).join().await
    }
}

/// No grants can be given to an uploaded function: all are sealed.
const FACTS: FunctionFacts = FunctionFacts {
    is_sealed: true,
    is_idempotent: false,
};

/// A task that ends when nobody waits for it.
struct Aborting<T>(tokio::task::JoinHandle<T>);

impl<T> Aborting<T> {
    async fn join(mut self) -> Option<T> {
        (&mut self.0).await.ok()
    }
}

impl<T> Drop for Aborting<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
