//! Changing a machine: a new revision, if anything is new.

use std::sync::Arc;

use asl::StateMachine;
use engine::Timestamp;

use super::create::revision_change;
use super::model::{Encryption, Logging, Machine, Revision};
use super::sweep::retire;
use super::{MachineError, Machines, Step, new_id, spaces};
use crate::records::{self, Stored};

/// What to change of a machine; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct MachineUpdate {
    /// The definition, as text and parsed.
    pub definition: Option<(Arc<str>, Arc<StateMachine>)>,
    /// The role.
    pub role_arn: Option<String>,
    /// What is logged.
    pub logging: Option<Logging>,
    /// Whether X-Ray is asked for.
    pub tracing_enabled: Option<bool>,
    /// How it is encrypted.
    pub encryption: Option<Encryption>,
    /// Whether to publish what comes out.
    pub publish: bool,
    /// What to say of that version.
    pub version_description: Option<String>,
}

/// A machine that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updated {
    /// When.
    pub update_date: Timestamp,
    /// The current revision as AWS shows it; `None`: still the first one.
    pub revision_id: Option<Arc<str>>,
    /// ARN of the version that the current revision is published as, if that was asked for.
    pub version_arn: Option<String>,
}

impl Machines {
    /// Changes a machine. When nothing differs from the current revision, that one stays. Executions
    /// that run keep theirs.
    ///
    /// # Errors
    /// [`MachineError::NotFound`], [`MachineError::Deleting`], [`MachineError::TooManyVersions`],
    /// [`MachineError::Busy`], [`MachineError::Unreadable`], [`MachineError::Store`].
    pub async fn update(
        &self,
        machine_arn: &str,
        update: &MachineUpdate,
    ) -> Result<Updated, MachineError> {
        self.change(|| self.try_update(machine_arn, update)).await
    }

    fn try_update(
        &self,
        machine_arn: &str,
        update: &MachineUpdate,
    ) -> Result<Step<Updated>, MachineError> {
        let stored = self.active(machine_arn)?;
        let expect = stored.unchanged();
        let Stored {
            value: mut machine, ..
        } = stored;
        let now = self.clock.now();
        let current = self.current(&machine)?;
        let mut batch = Vec::new();
        let next = update.applied_to(&current, now);
        if let Some(next) = &next {
            batch.push(revision_change(next));
            replace(&mut machine, next, now, &mut batch);
        }
        let published = match update.publish {
            true => Some(self.give_version(
                &mut machine,
                update.version_description.as_ref(),
                now,
                &mut batch,
            )?),
            false => None,
        };
        let revision = next.map_or(current, Arc::new);
        self.shared.cache.put(revision.clone());
        let updated = Updated {
            update_date: now,
            revision_id: revision.shown_id().cloned(),
            version_arn: published.map(|version| format!("{machine_arn}:{}", version.number)),
        };
        if batch.is_empty() {
            return Ok(Step::Done(updated));
        }
        batch.push(records::put(spaces::MACHINE, machine_arn, &machine, expect));
        Ok(Step::Write(batch, updated))
    }
}

/// Makes `next` the current revision. The one before is kept for its version, or else for the executions
/// that run it.
fn replace(machine: &mut Machine, next: &Revision, now: Timestamp, batch: &mut store::Batch) {
    if machine.revision_version.is_none() {
        batch.push(retire(&machine.arn, &machine.revision_id, now));
    }
    machine.revision_id = next.revision_id.clone();
    machine.revision_version = None;
}

impl MachineUpdate {
    /// The revision that follows `current`; `None`: nothing differs.
    fn applied_to(&self, current: &Revision, now: Timestamp) -> Option<Revision> {
        let mut next = current.clone();
        if let Some((text, machine)) = &self.definition {
            next.definition = text.clone();
            next.machine = machine.clone();
        }
        if let Some(role_arn) = &self.role_arn {
            next.role_arn = role_arn.as_str().into();
        }
        if let Some(logging) = &self.logging {
            next.logging = logging.clone();
        }
        next.tracing_enabled = self.tracing_enabled.unwrap_or(next.tracing_enabled);
        next.encryption = self.encryption.unwrap_or(next.encryption);
        let is_same = next.definition == current.definition
            && next.role_arn == current.role_arn
            && next.logging == current.logging
            && next.tracing_enabled == current.tracing_enabled
            && next.encryption == current.encryption;
        if is_same {
            return None;
        }
        next.revision_id = new_id();
        next.is_initial = false;
        next.update_date = now;
        Some(next)
    }
}
