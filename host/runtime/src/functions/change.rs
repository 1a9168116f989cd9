//! UpdateFunctionCode, UpdateFunctionConfiguration, reserved concurrency and tags.

use std::collections::BTreeMap;

use store::{Batch, Expect};

use super::Functions;
use super::create::revision_id;
use super::error::FunctionError;
use super::model::{Configuration, FunctionRecord, Settings, Version};
use super::settings::{check, check_tags};
use super::shelf::{FUNCTION, Uses, number_of, put_version};
use crate::limits::{CATALOGUE_RECORDS_PER_READ, GUESTS_MAX, UNRESERVED_GUESTS_MIN};
use crate::records::{Stored, put};

/// UpdateFunctionCode.
#[derive(Debug, Default)]
pub struct CodeChange {
    /// A component, or a zip that holds one.
    pub upload: Vec<u8>,
    /// Kept and told.
    pub architectures: Option<Vec<String>>,
    /// Also publish a version.
    pub publish: bool,
    /// Check, and change nothing.
    pub dry_run: bool,
    /// The revision that `$LATEST` has to have.
    pub revision_id: Option<String>,
}

impl Functions {
    /// UpdateFunctionCode. Runs that are under way end with the code that they began with.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn update_code(
        &self,
        name: &str,
        change: CodeChange,
    ) -> Result<Configuration, FunctionError> {
        let revision_id_wanted = change.revision_id.as_deref();
        self.stored(name)?
            .value
            .check_revision(revision_id_wanted)?;
        let checked = self.check_upload(name, change.upload).await?;
        let decide = || {
            let stored = self.stored(name)?;
            let expect = stored.unchanged();
            let mut record = stored.value;
            record.check_revision(revision_id_wanted)?;
            let mut uses = Uses::default();
            uses.add(&record.latest.code.digest, -1);
            uses.add(&checked.code.digest, 1);
            record.is_changed |= record.latest.code.sha256 != checked.code.sha256;
            record.latest.code = checked.code.clone();
            if let Some(architectures) = &change.architectures {
                record
                    .latest
                    .settings
                    .architectures
                    .clone_from(architectures);
            }
            self.touch(&mut record);
            let mut batch = Batch::new();
            let mut made = record.latest.clone();
            if change.publish {
                made = self.publish_changed(name, &mut record, &mut uses, &mut batch)?;
            }
            let fresh = (checked.code.digest.as_str(), &checked.component);
            batch.extend(self.0.shelf.account(&uses, Some(fresh))?);
            batch.push(put(FUNCTION, name, &record, expect));
            Ok((batch, made))
        };
        if change.dry_run {
            return decide().map(|(_, made)| made);
        }
        self.change(name, decide).await
    }

    /// A new version, unless the last one is the same.
    fn publish_changed(
        &self,
        name: &str,
        record: &mut FunctionRecord,
        uses: &mut Uses,
        batch: &mut Batch,
    ) -> Result<Configuration, FunctionError> {
        if !record.is_changed
            && let Some(last) = self.0.shelf.version(name, record.published)?
        {
            return Ok(last);
        }
        self.check_room(name)?;
        let version = record.publish(None, uses);
        batch.extend(number_of(version.version).map(|number| put_version(&version, number)));
        Ok(version)
    }

    /// UpdateFunctionConfiguration: `edit` changes the settings that are there, and may be called again
    /// when somebody else changed them meanwhile.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn update_configuration(
        &self,
        name: &str,
        revision_id: Option<&str>,
        edit: impl Fn(&mut Settings),
    ) -> Result<Configuration, FunctionError> {
        self.change(name, || {
            let stored = self.stored(name)?;
            let expect = stored.unchanged();
            let mut record = stored.value;
            record.check_revision(revision_id)?;
            let before = record.latest.settings.clone();
            edit(&mut record.latest.settings);
            check(&record.latest.settings)?;
            record.is_changed |= record.latest.settings != before;
            self.touch(&mut record);
            let made = record.latest.clone();
            Ok((vec![put(FUNCTION, name, &record, expect)], made))
        })
        .await
    }

    fn touch(&self, record: &mut FunctionRecord) {
        record.latest.version = Version::Latest;
        record.latest.modified_at = self.0.clock.now();
        record.latest.revision_id = revision_id();
    }

    /// PutFunctionConcurrency with a number, DeleteFunctionConcurrency without.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn reserve_concurrency(
        &self,
        name: &str,
        reserved: Option<u32>,
    ) -> Result<(), FunctionError> {
        self.change(name, || {
            let stored = self.stored(name)?;
            let expect = stored.unchanged();
            let mut record = stored.value;
            let others = self.reserved_concurrency(Some(name))?;
            let left = GUESTS_MAX.saturating_sub(others);
            if left.saturating_sub(reserved.unwrap_or(0)) < UNRESERVED_GUESTS_MIN
                && reserved.is_some_and(|reserved| reserved > 0)
            {
                return Err(FunctionError::Invalid(format!(
                    "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [{UNRESERVED_GUESTS_MIN}]."
                )));
            }
            record.reserved = reserved;
            Ok((vec![put(FUNCTION, name, &record, expect)], ()))
        })
        .await
    }

    /// What functions have reserved, all but one of them.
    pub(super) fn reserved_concurrency(&self, but: Option<&str>) -> Result<u32, FunctionError> {
        let mut sum = 0_u32;
        let per_read = CATALOGUE_RECORDS_PER_READ;
        self.0
            .shelf
            .each(FUNCTION, per_read, |found: Stored<FunctionRecord>| {
                if but != Some(&*found.key) {
                    sum = sum.saturating_add(found.value.reserved.unwrap_or(0));
                }
            })?;
        Ok(sum)
    }

    /// TagResource.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn tag(
        &self,
        name: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), FunctionError> {
        self.edit_tags(name, |own| own.extend(tags.clone())).await
    }

    /// UntagResource.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn untag(&self, name: &str, keys: &[String]) -> Result<(), FunctionError> {
        self.edit_tags(name, |own| own.retain(|key, _| !keys.contains(key)))
            .await
    }

    async fn edit_tags(
        &self,
        name: &str,
        edit: impl Fn(&mut BTreeMap<String, String>),
    ) -> Result<(), FunctionError> {
        self.change(name, || {
            let stored: Stored<FunctionRecord> = self.stored(name)?;
            let expect: Expect = stored.unchanged();
            let mut record = stored.value;
            edit(&mut record.tags);
            check_tags(&record.tags)?;
            Ok((vec![put(FUNCTION, name, &record, expect)], ()))
        })
        .await
    }
}
