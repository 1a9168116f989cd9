//! Making a machine.

use std::sync::Arc;

use asl::StateMachine;
use engine::{Timestamp, Workflow};
use store::{Batch, Expect};

use super::model::{
    Encryption, Logging, Machine, MachineStatus, Revision, StoredRevision, Version,
};
use super::{MachineError, Machines, Step, new_id, spaces};
use crate::limits::STATE_MACHINES_MAX;
use crate::records::{self, Stored};
use crate::tags::{Tag, Tags};

/// A machine to be made.
#[derive(Clone, Debug)]
pub struct NewMachine {
    /// Its name, a valid one.
    pub name: String,
    /// STANDARD or EXPRESS.
    pub kind: Workflow,
    /// The definition's text.
    pub definition: Arc<str>,
    /// The same, parsed.
    pub machine: Arc<StateMachine>,
    /// The role.
    pub role_arn: String,
    /// What is logged.
    pub logging: Logging,
    /// Whether X-Ray is asked for.
    pub tracing_enabled: bool,
    /// How it is encrypted.
    pub encryption: Encryption,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Whether to publish it as version 1.
    pub publish: bool,
    /// What to say of that version.
    pub version_description: Option<String>,
}

/// A machine that was made, now or by an earlier request of the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub creation_date: Timestamp,
    /// ARN of the version that was published with it.
    pub version_arn: Option<String>,
}

impl Machines {
    /// Makes a machine. A second request of the same content is answered like the first one; role and
    /// tags do not count as content, and those of the second request are not taken (ASL.md §8.6).
    ///
    /// # Errors
    /// [`MachineError::AlreadyExists`], [`MachineError::Deleting`], [`MachineError::TooManyMachines`],
    /// [`MachineError::Tags`], [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn create(&self, new: NewMachine) -> Result<Created, MachineError> {
        let arn = self.arn(&new.name);
        self.purge(&arn).await?;
        if let Some(found) = self.existing(&arn)? {
            return self.repeated(&found.value, &new);
        }
        if !self.count(1)? {
            return Err(MachineError::TooManyMachines(STATE_MACHINES_MAX));
        }
        let outcome = self
            .change(|| match self.existing(&arn)? {
                Some(found) => Ok(Step::Done((false, self.repeated(&found.value, &new)?))),
                None => self.make(&arn, &new),
            })
            .await;
        if !matches!(outcome, Ok((true, _))) {
            self.count(-1)?;
        }
        outcome.map(|(_, created)| created)
    }

    fn existing(&self, arn: &str) -> Result<Option<Stored<Machine>>, MachineError> {
        Ok(self.records.get(spaces::MACHINE, arn)?)
    }

    fn repeated(&self, found: &Machine, new: &NewMachine) -> Result<Created, MachineError> {
        if found.status == MachineStatus::Deleting {
            return Err(MachineError::Deleting(found.arn.to_string()));
        }
        let current = self.current(found)?;
        let is_same = current.definition == new.definition
            && current.kind == new.kind
            && current.logging == new.logging
            && current.tracing_enabled == new.tracing_enabled
            && current.encryption == new.encryption
            && found.published_at_creation == new.publish
            && found.version_description_at_creation == new.version_description;
        if !is_same {
            return Err(MachineError::AlreadyExists(found.arn.to_string()));
        }
        let version = found.revision_version.filter(|_| new.publish);
        Ok(Created {
            arn: found.arn.to_string(),
            creation_date: found.creation_date,
            version_arn: version.map(|number| format!("{}:{number}", found.arn)),
        })
    }

    fn make(&self, arn: &str, new: &NewMachine) -> Result<Step<(bool, Created)>, MachineError> {
        let now = self.clock.now();
        let revision = first_revision(arn, new, now);
        let machine = first_record(&revision, new);
        let mut batch: Batch = vec![
            records::put(spaces::MACHINE, arn, &machine, Expect::Absent),
            revision_change(&revision),
        ];
        batch.extend(Tags::first(arn, &new.tags)?);
        if new.publish {
            let version = Version {
                number: 1,
                revision_id: machine.revision_id.clone(),
                description: new.version_description.clone(),
                creation_date: now,
            };
            let key = spaces::version_key(arn, version.number);
            batch.push(records::put(
                spaces::VERSION,
                key,
                &version,
                Expect::Anything,
            ));
        }
        let created = Created {
            arn: arn.to_owned(),
            creation_date: now,
            version_arn: new.publish.then(|| format!("{arn}:1")),
        };
        self.shared.cache.put(Arc::new(revision));
        Ok(Step::Write(batch, (true, created)))
    }
}

/// The change that keeps a revision.
pub(super) fn revision_change(revision: &Revision) -> store::Change {
    let key = spaces::revision_key(&revision.machine_arn, &revision.revision_id);
    let stored = StoredRevision::of(revision);
    records::put(spaces::REVISION, key, &stored, Expect::Absent)
}

fn first_revision(arn: &str, new: &NewMachine, now: Timestamp) -> Revision {
    Revision {
        machine_id: new_id(),
        machine_arn: arn.into(),
        machine_name: new.name.as_str().into(),
        revision_id: new_id(),
        is_initial: true,
        kind: new.kind,
        definition: new.definition.clone(),
        machine: new.machine.clone(),
        role_arn: new.role_arn.as_str().into(),
        logging: new.logging.clone(),
        tracing_enabled: new.tracing_enabled,
        encryption: new.encryption,
        update_date: now,
    }
}

fn first_record(revision: &Revision, new: &NewMachine) -> Machine {
    let versions = u64::from(new.publish);
    Machine {
        id: revision.machine_id.clone(),
        arn: revision.machine_arn.clone(),
        name: revision.machine_name.clone(),
        kind: new.kind,
        creation_date: revision.update_date,
        status: MachineStatus::Active,
        revision_id: revision.revision_id.clone(),
        revision_version: new.publish.then_some(1),
        last_version: versions,
        versions,
        aliases: 0,
        published_at_creation: new.publish,
        version_description_at_creation: new.version_description.clone(),
    }
}
