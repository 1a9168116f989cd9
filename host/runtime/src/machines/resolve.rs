//! From an ARN to the revision that it stands for.

use std::sync::Arc;

use super::arn::{MachineArn, Qualifier};
use super::model::{Alias, Machine, Revision, StoredRevision, Version};
use super::{MachineError, Machines, spaces};
use crate::records::Stored;

/// What an ARN stands for at this moment.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The revision.
    pub revision: Arc<Revision>,
    /// ARN of the version, if a version or an alias was named.
    pub version_arn: Option<String>,
    /// ARN of the alias, if one was named.
    pub alias_arn: Option<String>,
}

impl Machines {
    /// What a start by this ARN runs: a machine's current revision, a version, or the version that an
    /// alias leads to; where there are two, `seed` chooses.
    ///
    /// # Errors
    /// [`MachineError::InvalidArn`], [`MachineError::Labelled`], [`MachineError::NotFound`],
    /// [`MachineError::Deleting`], [`MachineError::Unreadable`], [`MachineError::Store`].
    pub fn resolve(&self, arn: &str, seed: u64) -> Result<Resolved, MachineError> {
        let parsed =
            MachineArn::parse(arn).ok_or_else(|| MachineError::InvalidArn(arn.to_owned()))?;
        let not_found = || MachineError::NotFound(arn.to_owned());
        let machine = self
            .active(parsed.machine)
            .map_err(|error| error.naming(arn))?
            .value;
        let (version, alias_arn) = match parsed.qualifier {
            Some(Qualifier::Label(_)) => return Err(MachineError::Labelled(arn.to_owned())),
            None => {
                return Ok(Resolved {
                    revision: self.current(&machine)?,
                    version_arn: None,
                    alias_arn: None,
                });
            }
            Some(Qualifier::Version(number)) => (number, None),
            Some(Qualifier::Alias(name)) => {
                let alias = self
                    .alias_record(parsed.machine, name)?
                    .ok_or_else(not_found)?;
                let chosen = alias.value.choose(seed).ok_or_else(not_found)?;
                (chosen, Some(arn.to_owned()))
            }
        };
        let found = self
            .version_record(parsed.machine, version)?
            .ok_or_else(not_found)?;
        let revision = self.revision(parsed.machine, &found.value.revision_id)?;
        Ok(Resolved {
            revision: revision.ok_or_else(not_found)?,
            version_arn: Some(format!("{}:{version}", parsed.machine)),
            alias_arn,
        })
    }

    /// A revision that an execution was pinned to; `None`: there is none, or it was forgotten with the
    /// last execution that could name it.
    ///
    /// # Errors
    /// [`MachineError::Unreadable`], [`MachineError::Store`].
    pub fn revision(
        &self,
        machine_arn: &str,
        revision_id: &str,
    ) -> Result<Option<Arc<Revision>>, MachineError> {
        let cached = self.shared.cache.get(revision_id);
        if let Some(revision) = cached.filter(|found| &*found.machine_arn == machine_arn) {
            return Ok(Some(revision));
        }
        let key = spaces::revision_key(machine_arn, revision_id);
        let found: Option<Stored<StoredRevision>> = self.records.get(spaces::REVISION, &key)?;
        let Some(stored) = found else {
            return Ok(None);
        };
        let parsed = asl::parse_json(&stored.value.definition).machine;
        let machine = parsed.ok_or_else(|| MachineError::Unreadable(revision_id.to_owned()))?;
        let revision = stored
            .value
            .into_revision(machine_arn, revision_id, machine);
        let revision = Arc::new(revision);
        self.shared.cache.put(revision.clone());
        Ok(Some(revision))
    }

    /// The current revision of a machine.
    ///
    /// # Errors
    /// [`MachineError::NotFound`] when it was deleted meanwhile, [`MachineError::Unreadable`],
    /// [`MachineError::Store`].
    pub fn current(&self, machine: &Machine) -> Result<Arc<Revision>, MachineError> {
        self.revision(&machine.arn, &machine.revision_id)?
            .ok_or_else(|| MachineError::NotFound(machine.arn.to_string()))
    }

    pub(super) fn version_record(
        &self,
        machine_arn: &str,
        number: u64,
    ) -> Result<Option<Stored<Version>>, MachineError> {
        let key = spaces::version_key(machine_arn, number);
        Ok(self.records.get(spaces::VERSION, &key)?)
    }

    pub(super) fn alias_record(
        &self,
        machine_arn: &str,
        name: &str,
    ) -> Result<Option<Stored<Alias>>, MachineError> {
        let key = spaces::alias_key(machine_arn, name);
        Ok(self.records.get(spaces::ALIAS, &key)?)
    }
}

impl MachineError {
    /// The same of the ARN that the caller gave, with its qualifier.
    #[must_use]
    pub fn naming(self, arn: &str) -> MachineError {
        match self {
            MachineError::NotFound(_) => MachineError::NotFound(arn.to_owned()),
            MachineError::Deleting(_) => MachineError::Deleting(arn.to_owned()),
            other => other,
        }
    }
}
