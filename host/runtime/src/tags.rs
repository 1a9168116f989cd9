//! Tags of the resources of Step Functions: one record for each resource that has any, by its ARN.
//! Whether a resource exists, its own catalogue knows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use store::{Change, Expect, Space};

use crate::limits::{CHANGE_ATTEMPTS_MAX, TAGS_PER_RESOURCE_MAX};
use crate::records::{self, RecordError, Records, Stored};

const TAGS: Space = "states.tags";

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// What it is about; a resource has each key once.
    pub key: String,
    /// What it says.
    pub value: String,
}

/// Why tags were not set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TagError {
    /// The resource would have more than it may.
    #[error("A resource has at most {TAGS_PER_RESOURCE_MAX} tags")]
    TooMany,
    /// Too many others change the same tags.
    #[error("The tags are being changed by other requests. Try again.")]
    Busy,
    /// The records could not be read or written.
    #[error(transparent)]
    Store(#[from] RecordError),
}

/// Reads and writes tags.
#[derive(Clone)]
pub struct Tags {
    records: Records,
}

impl Tags {
    pub(crate) fn new(records: Records) -> Tags {
        Tags { records }
    }

    /// The tags of a resource, in the order in which their keys came.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn of(&self, resource_arn: &str) -> Result<Vec<Tag>, RecordError> {
        let stored: Option<Stored<Vec<Tag>>> = self.records.get(TAGS, resource_arn)?;
        Ok(stored.map_or_else(Vec::new, |stored| stored.value))
    }

    /// Adds tags, each in the place of one with the same key.
    ///
    /// # Errors
    /// [`TagError`].
    pub async fn add(&self, resource_arn: &str, tags: &[Tag]) -> Result<(), TagError> {
        self.change(resource_arn, |before| merged(before, tags))
            .await
    }

    /// Removes the tags with these keys; those that there are not may be removed.
    ///
    /// # Errors
    /// [`TagError`].
    pub async fn remove(&self, resource_arn: &str, keys: &[String]) -> Result<(), TagError> {
        let keys: BTreeSet<&str> = keys.iter().map(String::as_str).collect();
        self.change(resource_arn, |mut tags| {
            tags.retain(|tag| !keys.contains(tag.key.as_str()));
            Ok(tags)
        })
        .await
    }

    /// The change that gives a new resource its tags, for the batch that makes it; `None`: it has none.
    ///
    /// # Errors
    /// [`TagError::TooMany`].
    pub(crate) fn first(resource_arn: &str, tags: &[Tag]) -> Result<Option<Change>, TagError> {
        let tags = merged(Vec::new(), tags)?;
        let change = || records::put(TAGS, resource_arn, &tags, Expect::Anything);
        Ok((!tags.is_empty()).then(change))
    }

    /// The change that forgets the tags of a resource, for the batch that deletes it.
    pub(crate) fn forget(resource_arn: &str) -> Change {
        records::delete(TAGS, resource_arn, Expect::Anything)
    }

    async fn change(
        &self,
        resource_arn: &str,
        decide: impl Fn(Vec<Tag>) -> Result<Vec<Tag>, TagError>,
    ) -> Result<(), TagError> {
        for _ in 0..CHANGE_ATTEMPTS_MAX {
            let stored: Option<Stored<Vec<Tag>>> = self.records.get(TAGS, resource_arn)?;
            let (before, expect) = match stored {
                Some(stored) => (stored.value.clone(), stored.unchanged()),
                None => (Vec::new(), Expect::Absent),
            };
            let after = decide(before.clone())?;
            if after == before {
                return Ok(());
            }
            let change = match after.is_empty() {
                true => records::delete(TAGS, resource_arn, expect),
                false => records::put(TAGS, resource_arn, &after, expect),
            };
            match self.records.write(vec![change]).await {
                Ok(()) => return Ok(()),
                Err(RecordError::Stale(_)) => tokio::task::yield_now().await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(TagError::Busy)
    }
}

fn merged(mut tags: Vec<Tag>, added: &[Tag]) -> Result<Vec<Tag>, TagError> {
    for tag in added {
        match tags.iter_mut().find(|one| one.key == tag.key) {
            Some(one) => one.value.clone_from(&tag.value),
            None => tags.push(tag.clone()),
        }
        if tags.len() > TAGS_PER_RESOURCE_MAX {
            return Err(TagError::TooMany);
        }
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use store::MemoryStore;

    use super::*;
    use crate::committer::Queue;

    const ARN: &str = "arn:aws:states:us-east-1:123456789012:activity:approve";

    fn tags() -> Tags {
        let store = Arc::new(MemoryStore::new());
        Tags::new(Records::new(store, Arc::new(Queue::default())))
    }

    fn tag(key: &str, value: &str) -> Tag {
        Tag {
            key: key.into(),
            value: value.into(),
        }
    }

    #[tokio::test]
    async fn a_key_is_there_once_with_its_last_value() {
        let tags = tags();
        let (one, other) = (tag("team", "a"), tag("team", "b"));
        tags.add(ARN, &[one, tag("cost", "1")]).await.unwrap();
        tags.add(ARN, std::slice::from_ref(&other)).await.unwrap();
        assert_eq!(tags.of(ARN).unwrap(), [other, tag("cost", "1")]);
    }

    #[tokio::test]
    async fn keys_that_are_not_there_may_be_removed() {
        let tags = tags();
        tags.add(ARN, &[tag("team", "a")]).await.unwrap();
        let keys = ["team".to_owned(), "team".to_owned(), "none".to_owned()];
        tags.remove(ARN, &keys).await.unwrap();
        tags.remove(ARN, &keys).await.unwrap();
        assert_eq!(tags.of(ARN).unwrap(), []);
    }

    #[tokio::test]
    async fn a_resource_has_50_tags_and_no_51st() {
        let tags = tags();
        let fifty: Vec<Tag> = (0..50).map(|n| tag(&n.to_string(), "")).collect();
        tags.add(ARN, &fifty).await.unwrap();
        tags.add(ARN, &[tag("7", "again")]).await.unwrap();
        let refused = tags.add(ARN, &[tag("50", "")]).await;
        assert_eq!(refused, Err(TagError::TooMany));
        assert_eq!(tags.of(ARN).unwrap().len(), 50);
    }
}
