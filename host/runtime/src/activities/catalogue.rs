//! Which activities there are. A record is found by its ARN, so that one of another account or region is
//! none of ours.

use std::sync::Arc;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Batch, Expect, Scan, Space};

use super::{Activities, ActivityError};
use crate::limits;
use crate::lock::locked;
use crate::records::{RecordError, Stored, delete, put};
use crate::tags::{Tag, Tags};

pub(super) const ACTIVITIES: Space = "states.activity";

/// An activity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Activities {
    /// CreateActivity: the activity of this name, made with these tags if there was none. The name was
    /// checked.
    ///
    /// # Errors
    /// [`ActivityError::LimitExceeded`], [`ActivityError::Tags`], [`ActivityError::Records`].
    pub async fn create(&self, name: &str, tags: &[Tag]) -> Result<Activity, ActivityError> {
        let arn = self.place.arn("states", &format!("activity:{name}"));
        if let Some(found) = self.find(&arn)? {
            return Ok(found.value);
        }
        let mut batch: Batch = Tags::first(&arn, tags)?.into_iter().collect();
        self.reserve()?;
        let activity = Activity {
            arn: arn.as_str().into(),
            name: name.into(),
            created_at: self.clock.now(),
        };
        batch.push(put(ACTIVITIES, arn.as_str(), &activity, Expect::Absent));
        match self.records.write(batch).await {
            Ok(()) => Ok(activity),
            Err(RecordError::Stale(stale)) => {
                self.release();
                // Somebody else made it meanwhile, or made it and deleted it again: then there was a
                // moment after this call began when it was not there, and the client may try again.
                let found = self.find(&arn)?.map(|found| found.value);
                found.ok_or(RecordError::Stale(stale).into())
            }
            Err(error) => {
                self.release();
                Err(error.into())
            }
        }
    }

    /// Whether there is one with this ARN.
    ///
    /// # Errors
    /// What the records say.
    pub fn exists(&self, arn: &str) -> Result<bool, RecordError> {
        Ok(self.find(arn)?.is_some())
    }

    /// DescribeActivity.
    ///
    /// # Errors
    /// [`ActivityError::DoesNotExist`], [`ActivityError::Records`].
    pub fn describe(&self, arn: &str) -> Result<Activity, ActivityError> {
        match self.find(arn)? {
            Some(found) => Ok(found.value),
            None => Err(ActivityError::DoesNotExist(arn.to_owned())),
        }
    }

    /// ListActivities: at most `max` in the order of their ARNs, after this one.
    ///
    /// # Errors
    /// What the records say.
    pub fn list(&self, after: Option<&str>, max: usize) -> Result<Vec<Activity>, RecordError> {
        let scan = Scan {
            after: after.map(Arc::from),
            max,
            ..Scan::of(ACTIVITIES, "")
        };
        let found = self.records.scan::<Activity>(&scan)?;
        Ok(found.into_iter().map(|found| found.value).collect())
    }

    /// DeleteActivity, with its tags; says whether there was one. Whoever polls for its tasks is told
    /// that it is gone; tasks that wait stay until their time is up.
    ///
    /// # Errors
    /// What the records say.
    pub async fn delete(&self, arn: &str) -> Result<bool, RecordError> {
        // Before anything is deleted, so that what is counted is never more than what is counted off.
        self.count()?;
        let Some(found) = self.find(arn)? else {
            return Ok(false);
        };
        let batch = vec![
            delete(ACTIVITIES, arn, found.unchanged()),
            Tags::forget(arn),
        ];
        match self.records.write(batch).await {
            Ok(()) => {
                self.release();
                self.waiting().wake(arn);
                Ok(true)
            }
            // Somebody else deleted it.
            Err(RecordError::Stale(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn find(&self, arn: &str) -> Result<Option<Stored<Activity>>, RecordError> {
        self.records.get(ACTIVITIES, arn)
    }

    /// One more is about to be made.
    fn reserve(&self) -> Result<(), ActivityError> {
        let counted = self.count()?;
        let mut count = locked(&self.count);
        let now = count.unwrap_or(counted);
        if now >= limits::ACTIVITIES_MAX {
            return Err(ActivityError::LimitExceeded(now));
        }
        *count = Some(now + 1);
        Ok(())
    }

    /// One less.
    fn release(&self) {
        if let Some(count) = locked(&self.count).as_mut() {
            *count = count.saturating_sub(1);
        }
    }

    /// How many there are, counted once: nobody else writes them.
    fn count(&self) -> Result<usize, RecordError> {
        let mut count = locked(&self.count);
        if let Some(count) = *count {
            return Ok(count);
        }
        let scan = Scan {
            max: limits::ACTIVITIES_MAX,
            ..Scan::of(ACTIVITIES, "")
        };
        let counted = self.records.scan::<Activity>(&scan)?.len();
        *count = Some(counted);
        Ok(counted)
    }
}
