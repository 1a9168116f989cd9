//! Aliases: names for one or two versions of a machine.

use engine::Timestamp;
use store::{Expect, Scan};

use super::model::{Alias, Route};
use super::{MachineError, Machines, Step, spaces};
use crate::limits::ALIASES_PER_MACHINE_MAX;
use crate::records::{self, RecordError};

impl Machines {
    /// Makes an alias. A second request of the same content is answered like the first one. The caller
    /// has seen to it that the name is one and that the weights make 100.
    ///
    /// # Errors
    /// [`MachineError::ResourceNotFound`] for a machine or version that there is not,
    /// [`MachineError::Deleting`], [`MachineError::AliasExists`], [`MachineError::TooManyAliases`],
    /// [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn create_alias(
        &self,
        machine_arn: &str,
        name: &str,
        description: Option<&String>,
        routes: &[Route],
    ) -> Result<Alias, MachineError> {
        self.change(|| {
            let stored = self.active(machine_arn).map_err(as_resource)?;
            let expect = stored.unchanged();
            let mut machine = stored.value;
            if let Some(found) = self.alias_record(machine_arn, name)? {
                let found = found.value;
                if found.routes == routes && found.description.as_ref() == description {
                    return Ok(Step::Done(found));
                }
                return Err(MachineError::AliasExists);
            }
            self.check_routes(machine_arn, routes)?;
            if machine.aliases >= ALIASES_PER_MACHINE_MAX {
                return Err(MachineError::TooManyAliases(ALIASES_PER_MACHINE_MAX));
            }
            machine.aliases += 1;
            let now = self.clock.now();
            let alias = Alias {
                name: name.to_owned(),
                description: description.cloned(),
                routes: routes.to_vec(),
                creation_date: now,
                update_date: now,
            };
            let key = spaces::alias_key(machine_arn, name);
            let batch = vec![
                records::put(spaces::MACHINE, machine_arn, &machine, expect),
                records::put(spaces::ALIAS, key, &alias, Expect::Absent),
            ];
            Ok(Step::Write(batch, alias))
        })
        .await
    }

    /// Changes an alias; what is `None` stays as it is. Says when.
    ///
    /// # Errors
    /// [`MachineError::ResourceNotFound`], [`MachineError::Deleting`], [`MachineError::Busy`],
    /// [`MachineError::Store`].
    pub async fn update_alias(
        &self,
        machine_arn: &str,
        name: &str,
        description: Option<&String>,
        routes: Option<&[Route]>,
    ) -> Result<Timestamp, MachineError> {
        self.change(|| {
            let machine = self.active(machine_arn).map_err(as_resource)?;
            let Some(stored) = self.alias_record(machine_arn, name)? else {
                return Err(MachineError::ResourceNotFound);
            };
            let expect = stored.unchanged();
            let (key, mut alias) = (stored.key, stored.value);
            if let Some(routes) = routes {
                self.check_routes(machine_arn, routes)?;
                alias.routes = routes.to_vec();
            }
            if let Some(description) = description {
                alias.description = Some(description.clone());
            }
            alias.update_date = self.clock.now();
            let batch = vec![
                // Not changed, but written: a version must not be deleted while an alias turns to it.
                records::put(
                    spaces::MACHINE,
                    machine_arn,
                    &machine.value,
                    machine.unchanged(),
                ),
                records::put(spaces::ALIAS, key, &alias, expect),
            ];
            Ok(Step::Write(batch, alias.update_date))
        })
        .await
    }

    /// Deletes an alias; one that there is not may be deleted.
    ///
    /// # Errors
    /// [`MachineError::Busy`], [`MachineError::Store`].
    pub async fn delete_alias(&self, machine_arn: &str, name: &str) -> Result<(), MachineError> {
        self.change(|| {
            let stored = match self.active(machine_arn) {
                Ok(stored) => stored,
                Err(MachineError::NotFound(_) | MachineError::Deleting(_)) => {
                    return Ok(Step::Done(()));
                }
                Err(error) => return Err(error),
            };
            let Some(alias) = self.alias_record(machine_arn, name)? else {
                return Ok(Step::Done(()));
            };
            let expect = stored.unchanged();
            let mut machine = stored.value;
            machine.aliases = machine.aliases.saturating_sub(1);
            let batch = vec![
                records::put(spaces::MACHINE, machine_arn, &machine, expect),
                records::delete(spaces::ALIAS, alias.key.clone(), alias.unchanged()),
            ];
            Ok(Step::Write(batch, ()))
        })
        .await
    }

    /// One alias.
    ///
    /// # Errors
    /// [`MachineError::ResourceNotFound`], [`MachineError::Store`].
    pub fn alias(&self, machine_arn: &str, name: &str) -> Result<Alias, MachineError> {
        let found = self.alias_record(machine_arn, name)?;
        found
            .map(|stored| stored.value)
            .ok_or(MachineError::ResourceNotFound)
    }

    /// The aliases of a machine, in the order in which they were made.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn aliases(&self, machine_arn: &str) -> Result<Vec<Alias>, RecordError> {
        let scan = Scan::of(spaces::ALIAS, spaces::prefix(machine_arn));
        let stored = self.records.scan(&scan)?;
        let mut aliases: Vec<Alias> = stored.into_iter().map(|stored| stored.value).collect();
        aliases.sort_by_key(|alias| alias.creation_date);
        Ok(aliases)
    }

    fn check_routes(&self, machine_arn: &str, routes: &[Route]) -> Result<(), MachineError> {
        for route in routes {
            if self.version_record(machine_arn, route.version)?.is_none() {
                return Err(MachineError::ResourceNotFound);
            }
        }
        Ok(())
    }
}

fn as_resource(error: MachineError) -> MachineError {
    match error {
        MachineError::NotFound(_) => MachineError::ResourceNotFound,
        other => other,
    }
}
