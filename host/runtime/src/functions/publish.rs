//! Versions: PublishVersion, and DeleteFunction with a version.

use store::Expect;

use super::Functions;
use super::create::revision_id;
use super::error::FunctionError;
use super::model::{Configuration, FunctionRecord, Version};
use super::shelf::{FUNCTION, Uses, VERSION, number_of, put_version, version_key};
use crate::limits::QUALIFIERS_PER_FUNCTION_MAX;
use crate::records::{delete, put};

/// PublishVersion.
#[derive(Clone, Debug, Default)]
pub struct Publish {
    /// The digest that `$LATEST` has to have.
    pub code_sha256: Option<String>,
    /// Instead of that of `$LATEST`.
    pub description: Option<String>,
    /// The revision that `$LATEST` has to have.
    pub revision_id: Option<String>,
}

impl FunctionRecord {
    /// Makes the next version from `$LATEST`.
    pub(super) fn publish(&mut self, description: Option<&str>, uses: &mut Uses) -> Configuration {
        self.published += 1;
        self.is_changed = false;
        let mut version = self.latest.clone();
        version.version = Version::Number(self.published);
        version.revision_id = revision_id();
        if let Some(description) = description {
            version.settings.description = description.to_owned();
        }
        uses.add(&version.code.digest, 1);
        version
    }

    /// That it is still as a client read it.
    pub(super) fn check_revision(&self, revision_id: Option<&str>) -> Result<(), FunctionError> {
        match revision_id {
            Some(id) if id != self.latest.revision_id => Err(FunctionError::RevisionChanged),
            _ => Ok(()),
        }
    }
}

impl Functions {
    /// PublishVersion: a snapshot of `$LATEST`; the last one again when nothing changed since.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn publish(
        &self,
        name: &str,
        publish: &Publish,
    ) -> Result<Configuration, FunctionError> {
        self.change(name, || {
            let stored = self.stored(name)?;
            let expect = stored.unchanged();
            let mut record = stored.value;
            record.check_revision(publish.revision_id.as_deref())?;
            let current = &record.latest.code.sha256;
            if let Some(wanted) = publish.code_sha256.as_ref().filter(|wanted| *wanted != current) {
                return Err(FunctionError::Invalid(format!(
                    "CodeSHA256 ({wanted}) is different from current CodeSHA256 in $LATEST ({current}). Please try again with the CodeSHA256 in $LATEST."
                )));
            }
            if !record.is_changed
                && let Some(last) = self.0.shelf.version(name, record.published)?
            {
                return Ok((Vec::new(), last));
            }
            self.check_room(name)?;
            let mut uses = Uses::default();
            let version = record.publish(publish.description.as_deref(), &mut uses);
            let mut batch = self.0.shelf.account(&uses, None)?;
            batch.extend(number_of(version.version).map(|number| put_version(&version, number)));
            batch.push(put(FUNCTION, name, &record, expect));
            Ok((batch, version))
        })
        .await
    }

    /// That one more version may be published.
    pub(super) fn check_room(&self, name: &str) -> Result<(), FunctionError> {
        let versions = self
            .0
            .shelf
            .versions(name, None, QUALIFIERS_PER_FUNCTION_MAX)?;
        if versions.len() >= QUALIFIERS_PER_FUNCTION_MAX {
            return Err(FunctionError::Invalid(format!(
                "The function has {QUALIFIERS_PER_FUNCTION_MAX} versions already; delete some of them first."
            )));
        }
        Ok(())
    }

    /// DeleteFunction with the number of a version.
    ///
    /// # Errors
    /// [`FunctionError`]; [`FunctionError::Conflict`] when an alias still means it.
    pub async fn delete_version(&self, name: &str, number: u64) -> Result<(), FunctionError> {
        self.change(name, || {
            let stored = self.stored(name)?;
            let Some(version) = self.0.shelf.version(name, number)? else {
                return Err(self.not_found(name, Some(&number.to_string())));
            };
            let aliases = self
                .0
                .shelf
                .aliases(name, None, QUALIFIERS_PER_FUNCTION_MAX)?;
            let users: Vec<String> = aliases
                .into_iter()
                .filter(|alias| alias.means(Version::Number(number)))
                .map(|alias| alias.name)
                .collect();
            if !users.is_empty() {
                return Err(FunctionError::Conflict(format!(
                    "Unable to delete version because the following aliases reference it: [{}]",
                    users.join(", ")
                )));
            }
            let mut uses = Uses::default();
            uses.add(&version.code.digest, -1);
            let mut batch = self.0.shelf.account(&uses, None)?;
            batch.push(delete(VERSION, version_key(name, number), Expect::Anything));
            batch.push(put(FUNCTION, name, &stored.value, stored.unchanged()));
            Ok((batch, ()))
        })
        .await
    }
}
