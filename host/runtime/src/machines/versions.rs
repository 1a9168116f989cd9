//! Versions: revisions with a number that stays theirs.

use std::sync::Arc;

use engine::Timestamp;
use store::{Batch, Expect, Scan};

use super::model::{Machine, Revision, Version};
use super::sweep::retire;
use super::{MachineError, Machines, Step, spaces};
use crate::limits::VERSIONS_PER_MACHINE_MAX;
use crate::records::{self, RecordError};

/// What AWS calls the first revision of a machine, which it gives no id.
const INITIAL: &str = "INITIAL";

/// A version that was published, now or earlier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// Its ARN.
    pub version_arn: String,
    /// When it was published.
    pub creation_date: Timestamp,
}

impl Machines {
    /// Publishes the current revision as a version, unless that was done before. With `revision_id`
    /// only if that is the current one.
    ///
    /// # Errors
    /// [`MachineError::NotFound`], [`MachineError::Deleting`], [`MachineError::RevisionConflict`],
    /// [`MachineError::TooManyVersions`], [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn publish(
        &self,
        machine_arn: &str,
        revision_id: Option<&str>,
        description: Option<&String>,
    ) -> Result<Published, MachineError> {
        self.change(|| {
            let stored = self.active(machine_arn)?;
            let expect = stored.unchanged();
            let mut machine = stored.value;
            if let Some(asked) = revision_id {
                check_current(&*self.current(&machine)?, asked)?;
            }
            let mut batch = Vec::new();
            let now = self.clock.now();
            let version = self.give_version(&mut machine, description, now, &mut batch)?;
            let published = Published {
                version_arn: format!("{machine_arn}:{}", version.number),
                creation_date: version.creation_date,
            };
            if batch.is_empty() {
                return Ok(Step::Done(published));
            }
            batch.push(records::put(spaces::MACHINE, machine_arn, &machine, expect));
            Ok(Step::Write(batch, published))
        })
        .await
    }

    /// The version of the current revision: the one that it has, or a new one, whose change is added to
    /// the batch and which is noted in `machine`.
    pub(super) fn give_version(
        &self,
        machine: &mut Machine,
        description: Option<&String>,
        now: Timestamp,
        batch: &mut Batch,
    ) -> Result<Version, MachineError> {
        if let Some(number) = machine.revision_version
            && let Some(found) = self.version_record(&machine.arn, number)?
        {
            return Ok(found.value);
        }
        if machine.versions >= VERSIONS_PER_MACHINE_MAX {
            return Err(MachineError::TooManyVersions(VERSIONS_PER_MACHINE_MAX));
        }
        machine.last_version += 1;
        machine.versions += 1;
        machine.revision_version = Some(machine.last_version);
        let version = Version {
            number: machine.last_version,
            revision_id: machine.revision_id.clone(),
            description: description.cloned(),
            creation_date: now,
        };
        let key = spaces::version_key(&machine.arn, version.number);
        batch.push(records::put(
            spaces::VERSION,
            key,
            &version,
            Expect::Anything,
        ));
        Ok(version)
    }

    /// A version with its revision.
    ///
    /// # Errors
    /// [`MachineError::NotFound`], [`MachineError::Unreadable`], [`MachineError::Store`].
    pub fn version(
        &self,
        machine_arn: &str,
        number: u64,
    ) -> Result<(Version, Arc<Revision>), MachineError> {
        let not_found = || MachineError::NotFound(format!("{machine_arn}:{number}"));
        let found = self
            .version_record(machine_arn, number)?
            .ok_or_else(not_found)?;
        let revision = self
            .revision(machine_arn, &found.value.revision_id)?
            .ok_or_else(not_found)?;
        Ok((found.value, revision))
    }

    /// The versions of a machine, newest first, after the one of this number, at most so many.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn versions(
        &self,
        machine_arn: &str,
        after: Option<u64>,
        max: usize,
    ) -> Result<Vec<Version>, RecordError> {
        let scan = Scan {
            space: spaces::VERSION,
            prefix: spaces::prefix(machine_arn).into(),
            after: after.map(|number| spaces::version_key(machine_arn, number).into()),
            backwards: true,
            max,
        };
        let stored = self.records.scan(&scan)?;
        Ok(stored.into_iter().map(|stored| stored.value).collect())
    }

    /// Deletes a version; one that there is not may be deleted.
    ///
    /// # Errors
    /// [`MachineError::VersionInUse`], [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn delete_version(&self, machine_arn: &str, number: u64) -> Result<(), MachineError> {
        self.change(|| {
            let stored = match self.active(machine_arn) {
                Ok(stored) => stored,
                Err(MachineError::NotFound(_) | MachineError::Deleting(_)) => {
                    return Ok(Step::Done(()));
                }
                Err(error) => return Err(error),
            };
            let Some(version) = self.version_record(machine_arn, number)? else {
                return Ok(Step::Done(()));
            };
            let users = self.aliases_of_version(machine_arn, number)?;
            if !users.is_empty() {
                return Err(MachineError::VersionInUse(users));
            }
            let expect = stored.unchanged();
            let mut machine = stored.value;
            machine.versions = machine.versions.saturating_sub(1);
            let mut batch = vec![records::delete(
                spaces::VERSION,
                version.key.clone(),
                version.unchanged(),
            )];
            if machine.revision_version == Some(number) {
                machine.revision_version = None;
            } else {
                let now = self.clock.now();
                batch.push(retire(machine_arn, &version.value.revision_id, now));
            }
            batch.push(records::put(spaces::MACHINE, machine_arn, &machine, expect));
            Ok(Step::Write(batch, ()))
        })
        .await
    }

    fn aliases_of_version(
        &self,
        machine_arn: &str,
        number: u64,
    ) -> Result<Vec<String>, MachineError> {
        let aliases = self.aliases(machine_arn)?.into_iter();
        let leads_there =
            |alias: &super::Alias| alias.routes.iter().any(|route| route.version == number);
        Ok(aliases
            .filter(leads_there)
            .map(|alias| alias.name)
            .collect())
    }
}

fn check_current(current: &Revision, asked: &str) -> Result<(), MachineError> {
    let shown = current.shown_id().map_or(INITIAL, |id| id);
    if asked == shown {
        return Ok(());
    }
    Err(MachineError::RevisionConflict {
        asked: asked.to_owned(),
        current: shown.to_owned(),
    })
}
