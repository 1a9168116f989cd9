//! Deleting a machine.

use store::{Batch, Change, Expect};

use super::model::{Machine, MachineStatus};
use super::sweep::retire;
use super::{MachineError, Machines, Step, spaces};
use crate::records::{self, Stored};
use crate::tags::Tags;

impl Machines {
    /// Deletes a machine with its versions and aliases; one that there is not may be deleted. While a
    /// durable execution of it runs, the machine itself stays, [`MachineStatus::Deleting`].
    ///
    /// # Errors
    /// [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn delete(&self, machine_arn: &str) -> Result<(), MachineError> {
        self.count(0)?;
        let is_gone = self.change(|| self.try_delete(machine_arn)).await?;
        if is_gone {
            self.count(-1)?;
        }
        Ok(())
    }

    fn try_delete(&self, machine_arn: &str) -> Result<Step<bool>, MachineError> {
        let found: Option<Stored<Machine>> = self.records.get(spaces::MACHINE, machine_arn)?;
        let Some(stored) = found else {
            return Ok(Step::Done(false));
        };
        let is_running = self.has_running(machine_arn)?;
        let expect = stored.unchanged();
        let mut machine = stored.value;
        let mut batch = match machine.status {
            MachineStatus::Active => self.emptied(&machine)?,
            MachineStatus::Deleting if is_running => return Ok(Step::Done(false)),
            MachineStatus::Deleting => Vec::new(),
        };
        if is_running {
            machine.status = MachineStatus::Deleting;
            (machine.versions, machine.aliases) = (0, 0);
            batch.extend([
                records::put(spaces::MACHINE, machine_arn, &machine, expect),
                records::put(spaces::DELETING, machine_arn, &machine.id, Expect::Anything),
            ]);
            return Ok(Step::Write(batch, false));
        }
        batch.extend([
            records::delete(spaces::MACHINE, machine_arn, expect),
            records::delete(spaces::DELETING, machine_arn, Expect::Anything),
            Tags::forget(machine_arn),
        ]);
        Ok(Step::Write(batch, true))
    }

    /// What takes versions and aliases away and lets go of the revisions.
    fn emptied(&self, machine: &Machine) -> Result<Batch, MachineError> {
        let now = self.clock.now();
        let versions = self.versions(&machine.arn, None, usize::MAX)?;
        let mut batch: Batch = versions
            .iter()
            .map(|version| retire(&machine.arn, &version.revision_id, now))
            .collect();
        if machine.revision_version.is_none() {
            batch.push(retire(&machine.arn, &machine.revision_id, now));
        }
        let prefix = spaces::prefix(&machine.arn);
        batch.extend(
            [spaces::VERSION, spaces::ALIAS].map(|space| Change::DeletePrefix {
                space,
                prefix: prefix.as_str().into(),
            }),
        );
        Ok(batch)
    }

    /// Ends the deletion of a machine whose executions are over.
    pub(super) async fn purge(&self, machine_arn: &str) -> Result<bool, MachineError> {
        let found: Option<Stored<Machine>> = self.records.get(spaces::MACHINE, machine_arn)?;
        match found {
            Some(machine) if self.is_gone(&machine.value)? => {
                self.delete(machine_arn).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}
