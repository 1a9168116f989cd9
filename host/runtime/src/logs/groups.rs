//! Log groups: found, listed, and changed through the writer.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Timestamp;
use store::Scan;

use super::Logs;
use super::buffer::Wish;
use super::error::LogsError;
use super::record::{GROUP, GroupRecord, USAGE, Usage};
use crate::records::{RecordError, Stored};

/// A group to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// `logGroupName`.
    pub name: String,
    /// `tags`.
    pub tags: BTreeMap<String, String>,
    /// `kmsKeyId`; kept, without effect.
    pub kms_key_id: Option<String>,
    /// `logGroupClass`; kept, without effect.
    pub class: String,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `logGroupName`.
    pub name: Arc<str>,
    /// `creationTime`.
    pub created_at: Timestamp,
    /// `retentionInDays`; `None`: events are kept until there are too many.
    pub retention_days: Option<u32>,
    /// `storedBytes`.
    pub stored_bytes: u64,
    /// `kmsKeyId`.
    pub kms_key_id: Option<String>,
    /// `logGroupClass`.
    pub class: String,
}

/// Which groups to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// How their names begin.
    pub prefix: String,
    /// What their names have in them.
    pub pattern: String,
    /// Only those after this one.
    pub after: Option<String>,
    /// How many, at the most.
    pub max: usize,
}

impl Logs {
    /// `logGroupArn` of a group of this name.
    pub fn group_arn(&self, name: &str) -> String {
        self.place.arn("logs", &format!("log-group:{name}"))
    }

    /// Makes a group.
    ///
    /// # Errors
    /// [`LogsError::GroupExists`], [`LogsError::LimitExceeded`].
    pub async fn create_group(&self, group: NewGroup) -> Result<(), LogsError> {
        self.ask(Wish::CreateGroup(group)).await
    }

    /// Deletes a group with everything in it.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub async fn delete_group(&self, name: &str) -> Result<(), LogsError> {
        self.ask(Wish::DeleteGroup(name.to_owned())).await
    }

    /// Says for how long events of a group are kept; `None`: until there are too many.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub async fn set_retention(&self, name: &str, days: Option<u32>) -> Result<(), LogsError> {
        let group = name.to_owned();
        self.ask(Wish::SetRetention { group, days }).await
    }

    /// One group.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub fn group(&self, name: &str) -> Result<Group, LogsError> {
        let record = self.group_record(name)?;
        self.described(name.into(), record)
    }

    /// Groups in the order of their names.
    ///
    /// # Errors
    /// [`LogsError::Records`].
    pub fn groups(&self, groups: &Groups) -> Result<Vec<Group>, LogsError> {
        let mut found = Vec::new();
        let mut scan = Scan {
            after: groups.after.as_deref().map(Arc::from),
            ..Scan::of(GROUP, groups.prefix.as_str())
        };
        loop {
            let page = self.records.scan::<GroupRecord>(&scan)?;
            let Some(last) = page.last() else {
                return Ok(found);
            };
            scan.after = Some(last.key.clone());
            for Stored { key, value, .. } in page {
                if found.len() >= groups.max {
                    return Ok(found);
                }
                if key.contains(groups.pattern.as_str()) {
                    found.push(self.described(key, value)?);
                }
            }
        }
    }

    /// The tags of a group.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub fn tags(&self, name: &str) -> Result<BTreeMap<String, String>, LogsError> {
        Ok(self.group_record(name)?.tags)
    }

    /// Adds tags to a group.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`], [`LogsError::TooManyTags`].
    pub async fn tag(&self, name: &str, tags: BTreeMap<String, String>) -> Result<(), LogsError> {
        let group = name.to_owned();
        self.ask(Wish::Tag { group, tags }).await
    }

    /// Removes tags of a group.
    ///
    /// # Errors
    /// [`LogsError::GroupNotFound`].
    pub async fn untag(&self, name: &str, keys: Vec<String>) -> Result<(), LogsError> {
        let group = name.to_owned();
        self.ask(Wish::Untag { group, keys }).await
    }

    fn described(&self, name: Arc<str>, record: GroupRecord) -> Result<Group, LogsError> {
        Ok(Group {
            stored_bytes: self.usage(&record.id)?.bytes,
            name,
            created_at: record.created_at,
            retention_days: record.retention_days,
            kms_key_id: record.kms_key_id,
            class: record.class,
        })
    }

    pub(super) fn find_group(&self, name: &str) -> Result<Option<GroupRecord>, RecordError> {
        let stored = self.records.get::<GroupRecord>(GROUP, name)?;
        Ok(stored.map(|stored| stored.value))
    }

    pub(super) fn group_record(&self, name: &str) -> Result<GroupRecord, LogsError> {
        self.find_group(name)?.ok_or(LogsError::GroupNotFound)
    }

    pub(super) fn usage(&self, group_id: &str) -> Result<Usage, RecordError> {
        let stored = self.records.get::<Usage>(USAGE, group_id)?;
        Ok(stored.map(|stored| stored.value).unwrap_or_default())
    }

    pub(super) fn group_count(&self) -> Result<usize, RecordError> {
        Ok(self
            .records
            .scan::<GroupRecord>(&Scan::of(GROUP, ""))?
            .len())
    }
}
