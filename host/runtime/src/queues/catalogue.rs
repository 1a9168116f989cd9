//! The queues themselves: made, found, described, changed, emptied, deleted.

use std::collections::BTreeMap;
use std::sync::Arc;

use store::{Change, Expect, Scan};

use super::Queues;
use super::error::QueueError;
use super::index::Counts;
use super::queue::{CONTENTS, QUEUE, Queue, QueueRecord, SENT, SLOT};
use super::settings::Settings;
use crate::limits::{PURGE_INTERVAL_SECONDS, QUEUES_MAX, TAGS_MAX};
use crate::lock::locked;
use crate::records::{RecordError, Stored, delete, put};

impl Queues {
    /// Opens every queue that is stored.
    pub(super) fn open_stored(&self) -> Result<(), RecordError> {
        let mut scan = Scan::of(QUEUE, "");
        loop {
            let page = self.parts.records.scan::<QueueRecord>(&scan)?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            scan.after = Some(last.key.clone());
            for Stored {
                key,
                revision,
                value,
            } in page
            {
                let queue = Queue::open(&key, self.arn(&key), &value, revision, &self.parts)?;
                locked(&self.queues).insert(key, Arc::new(queue));
            }
        }
    }

    /// The ARN of a queue of this name.
    pub fn arn(&self, name: &str) -> String {
        self.place.arn("sqs", name)
    }

    /// Makes a queue. One that is there already is as good, if it has these attributes.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn create(
        &self,
        name: &str,
        attributes: &BTreeMap<String, String>,
        tags: BTreeMap<String, String>,
    ) -> Result<(), QueueError> {
        let settings = Settings::new(attributes)?;
        check_name(name, settings.is_fifo())?;
        check_tags(&tags)?;
        self.check_redrive(&settings)?;
        if let Ok(queue) = self.find(name) {
            let state = locked(&queue.state);
            if state.deleted {
                return Err(QueueError::DeletedRecently);
            }
            return same(&state.settings, attributes);
        }
        if locked(&self.queues).len() >= QUEUES_MAX {
            let text = format!("There are {QUEUES_MAX} queues already.");
            return Err(QueueError::OverLimit(text));
        }
        let now = self.parts.clock.now();
        let record = QueueRecord {
            id: uuid::Uuid::new_v4().simple().to_string().into(),
            settings,
            tags,
            created_at: now,
            modified_at: now,
        };
        let records = &self.parts.records;
        match records
            .write(vec![put(QUEUE, name, &record, Expect::Absent)])
            .await
        {
            // Stale: somebody else made it in this moment, or has not quite deleted it.
            Ok(()) | Err(RecordError::Stale(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let stored = records.get::<QueueRecord>(QUEUE, name)?;
        let stored = stored.ok_or(QueueError::DeletedRecently)?;
        same(&stored.value.settings, attributes)?;
        let arn = self.arn(name);
        let queue = Queue::open(name, arn, &stored.value, stored.revision, &self.parts)?;
        // Whoever comes first; neither has seen a message yet.
        let mut queues = locked(&self.queues);
        queues.entry(name.into()).or_insert_with(|| Arc::new(queue));
        Ok(())
    }

    /// Whether there is such a queue.
    pub fn exists(&self, name: &str) -> bool {
        locked(&self.queues).contains_key(name)
    }

    /// Names of queues that begin like this, after `after`, in order; at most `max`.
    pub fn list(&self, prefix: &str, after: Option<&str>, max: usize) -> Vec<Arc<str>> {
        let queues = locked(&self.queues);
        let names = queues
            .keys()
            .skip_while(|name| after.is_some_and(|after| &***name <= after));
        names
            .filter(|name| name.starts_with(prefix))
            .take(max)
            .cloned()
            .collect()
    }

    /// Names of the queues whose dead letters come to this one, after `after`; at most `max`.
    ///
    /// # Errors
    /// [`QueueError::DoesNotExist`].
    pub fn sources(
        &self,
        name: &str,
        after: Option<&str>,
        max: usize,
    ) -> Result<Vec<Arc<str>>, QueueError> {
        let arn = self.find(name)?.arn.clone();
        let queues: Vec<Arc<Queue>> = locked(&self.queues).values().cloned().collect();
        let gives_here = |queue: &Arc<Queue>| {
            let redrive = locked(&queue.state).settings.redrive();
            redrive.is_some_and(|redrive| redrive.queue_arn == arn)
        };
        let found = queues.iter().filter(|queue| gives_here(queue));
        let found = found.filter(|queue| after.is_none_or(|after| &*queue.name > after));
        Ok(found.take(max).map(|queue| queue.name.clone()).collect())
    }

    /// Deletes a queue with everything in it. Who waits for its messages is told that it is gone.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn delete(&self, name: &str) -> Result<(), QueueError> {
        let queue = self.find(name)?;
        {
            let mut state = locked(&queue.state);
            state.check_there()?;
            state.deleted = true;
        }
        queue.tell(true);
        // The record goes last: whatever happens in between, there is a queue to delete.
        queue.remove_below(u64::MAX).await?;
        let prefix: Arc<str> = format!("{}/", queue.id).into();
        let mut batch: Vec<Change> = [SLOT, CONTENTS, SENT]
            .into_iter()
            .map(|space| Change::DeletePrefix {
                space,
                prefix: prefix.clone(),
            })
            .collect();
        batch.push(delete(QUEUE, name, Expect::Anything));
        self.parts.records.write(batch).await?;
        locked(&self.queues).remove(name);
        Ok(())
    }

    /// Deletes all messages that are in a queue now.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn purge(&self, name: &str) -> Result<(), QueueError> {
        let queue = self.find(name)?;
        let below = {
            let mut state = locked(&queue.state);
            state.check_there()?;
            let now = self.parts.clock.now();
            let rests = |at: engine::Timestamp| at.plus_seconds(PURGE_INTERVAL_SECONDS) > now;
            if state.purged_at.is_some_and(rests) {
                return Err(QueueError::PurgeInProgress(name.to_owned()));
            }
            state.purged_at = Some(now);
            state.index.last_number().saturating_add(1)
        };
        queue.remove_below(below).await
    }

    /// Every attribute of a queue that has a value.
    ///
    /// # Errors
    /// [`QueueError`].
    pub fn attributes(&self, name: &str) -> Result<BTreeMap<String, String>, QueueError> {
        let queue = self.find(name)?;
        let record = self.record(name)?.value;
        let (mut attributes, counts) = {
            let mut state = locked(&queue.state);
            state.check_there()?;
            state.index.wake(self.parts.clock.now());
            (state.settings.all(), state.index.counts())
        };
        let Counts {
            visible,
            in_flight,
            delayed,
        } = counts;
        let seconds = |at: engine::Timestamp| at.0.div_euclid(1_000_000).to_string();
        for (name, value) in [
            ("ApproximateNumberOfMessages", visible.to_string()),
            (
                "ApproximateNumberOfMessagesNotVisible",
                in_flight.to_string(),
            ),
            ("ApproximateNumberOfMessagesDelayed", delayed.to_string()),
            ("CreatedTimestamp", seconds(record.created_at)),
            ("LastModifiedTimestamp", seconds(record.modified_at)),
            ("QueueArn", queue.arn.clone()),
        ] {
            attributes.insert(name.to_owned(), value);
        }
        Ok(attributes)
    }

    /// Changes attributes.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn set_attributes(
        &self,
        name: &str,
        attributes: &BTreeMap<String, String>,
    ) -> Result<(), QueueError> {
        let now = self.parts.clock.now();
        self.change(name, |record| {
            record.settings = record.settings.with(attributes)?;
            record.modified_at = now;
            self.check_redrive(&record.settings)
        })
        .await
    }

    /// The tags of a queue.
    ///
    /// # Errors
    /// [`QueueError`].
    pub fn tags(&self, name: &str) -> Result<BTreeMap<String, String>, QueueError> {
        Ok(self.record(name)?.value.tags)
    }

    /// Adds tags.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn tag(&self, name: &str, tags: &BTreeMap<String, String>) -> Result<(), QueueError> {
        self.change(name, |record| {
            let tags = tags.iter().map(|(key, value)| (key.clone(), value.clone()));
            record.tags.extend(tags);
            check_tags(&record.tags)
        })
        .await
    }

    /// Removes tags.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn untag(&self, name: &str, keys: &[String]) -> Result<(), QueueError> {
        self.change(name, |record| {
            record.tags.retain(|key, _| !keys.contains(key));
            Ok(())
        })
        .await
    }

    fn record(&self, name: &str) -> Result<Stored<QueueRecord>, QueueError> {
        let stored = self.parts.records.get::<QueueRecord>(QUEUE, name)?;
        stored.ok_or(QueueError::DoesNotExist)
    }

    /// Changes the record of a queue; decided again when somebody else was faster.
    async fn change(
        &self,
        name: &str,
        decide: impl Fn(&mut QueueRecord) -> Result<(), QueueError>,
    ) -> Result<(), QueueError> {
        let queue = self.find(name)?;
        loop {
            queue.settings()?;
            let stored = self.record(name)?;
            let mut record = stored.value.clone();
            decide(&mut record)?;
            let change = put(QUEUE, name, &record, stored.unchanged());
            match self.parts.records.write(vec![change]).await {
                Ok(()) => break,
                Err(RecordError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // What is stored now: ours, or one that came after it.
        let stored = self.record(name)?;
        let mut state = locked(&queue.state);
        if stored.revision > state.revision {
            state.revision = stored.revision;
            state.settings = Arc::new(stored.value.settings);
        }
        drop(state);
        queue.tell(true);
        Ok(())
    }

    /// A queue of dead letters has to be there, and of the same kind.
    fn check_redrive(&self, settings: &Settings) -> Result<(), QueueError> {
        let Some(redrive) = settings.redrive() else {
            return Ok(());
        };
        let policy = settings.text("RedrivePolicy").unwrap_or_default();
        let refuse = |reason: &str| Err(QueueError::invalid(&policy, "RedrivePolicy", reason));
        let Some(target) = self.by_arn(&redrive.queue_arn) else {
            return refuse("Dead letter target does not exist.");
        };
        if target.settings()?.is_fifo() != settings.is_fifo() {
            return refuse("Dead-letter queue must be same type of queue as the source.");
        }
        Ok(())
    }
}

fn same(settings: &Settings, attributes: &BTreeMap<String, String>) -> Result<(), QueueError> {
    match settings.differs(attributes) {
        Some(attribute) => Err(QueueError::NameExists(attribute)),
        None => Ok(()),
    }
}

fn check_name(name: &str, fifo: bool) -> Result<(), QueueError> {
    let stem = if fifo {
        name.strip_suffix(".fifo")
    } else {
        Some(name)
    };
    let is_name = |stem: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        !stem.is_empty() && name.len() <= 80 && stem.bytes().all(allowed)
    };
    if stem.is_some_and(is_name) {
        return Ok(());
    }
    let text = if fifo {
        "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, \
         must end with .fifo suffix and be 1 to 80 in length."
    } else {
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
    };
    Err(QueueError::InvalidParameterValue(text.to_owned()))
}

fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), QueueError> {
    let fits = |(key, value): (&String, &String)| {
        (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256
    };
    if tags.len() <= TAGS_MAX && tags.iter().all(fits) {
        return Ok(());
    }
    Err(QueueError::InvalidParameterValue(format!(
        "A queue has at most {TAGS_MAX} tags, with keys of 1 to 128 and values of up to 256 characters."
    )))
}
