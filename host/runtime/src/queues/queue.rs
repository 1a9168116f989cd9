//! One queue while the host runs: its settings, its index, and the signals between those who send and
//! those who wait.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use store::Scan;
use tokio::sync::Notify;

use super::attempts::Attempts;
use super::error::QueueError;
use super::index::{Index, Standing};
use super::message::{NewMessage, Slot};
use super::settings::Settings;
use crate::clock::Clock;
use crate::limits::{MESSAGES_PER_QUEUE_MAX, QUEUE_BYTES_MAX};
use crate::lock::locked;
use crate::records::{RecordError, Records};

/// Queues, by name.
pub(super) const QUEUE: &str = "sqs.queue";
/// What of a message changes, by queue and number.
pub(super) const SLOT: &str = "sqs.slot";
/// What of a message stays, by queue and number.
pub(super) const CONTENTS: &str = "sqs.contents";
/// Ids that were sent and are not stored twice.
pub(super) const SENT: &str = "sqs.sent";

/// A queue as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct QueueRecord {
    /// Tells it from another queue that had the name before.
    pub(super) id: Arc<str>,
    pub(super) settings: Settings,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) created_at: Timestamp,
    pub(super) modified_at: Timestamp,
}

/// One queue.
pub(super) struct Queue {
    pub(super) name: Arc<str>,
    pub(super) id: Arc<str>,
    pub(super) arn: String,
    pub(super) account: String,
    pub(super) records: Records,
    pub(super) clock: Clock,
    /// What all queues take together (bytes).
    total_bytes: Arc<AtomicU64>,
    pub(super) state: Mutex<State>,
    /// Something may have become ready, or becomes ready earlier than it was.
    pub(super) changed: Notify,
    /// A write about a message is done.
    pub(super) settled: Notify,
}

/// What changes.
pub(super) struct State {
    pub(super) settings: Arc<Settings>,
    /// Revision of the record that the settings are from: an older one does not take their place.
    pub(super) revision: u64,
    pub(super) index: Index,
    pub(super) attempts: Attempts,
    last_number: u64,
    pub(super) deleted: bool,
    pub(super) purged_at: Option<Timestamp>,
}

/// What every queue is made of.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) account: String,
    pub(super) records: Records,
    pub(super) clock: Clock,
    pub(super) total_bytes: Arc<AtomicU64>,
}

impl Queue {
    /// The queue of this record, with the messages that are stored.
    pub(super) fn open(
        name: &str,
        arn: String,
        record: &QueueRecord,
        revision: u64,
        parts: &Parts,
    ) -> Result<Queue, RecordError> {
        let mut index = Index::new(record.settings.is_fifo());
        let prefix = format!("{}/", record.id);
        let mut scan = Scan::of(SLOT, prefix.as_str());
        loop {
            let page = parts.records.scan::<Slot>(&scan)?;
            let Some(last) = page.last() else { break };
            scan.after = Some(last.key.clone());
            for stored in page {
                let number = stored.key.strip_prefix(prefix.as_str());
                if let Some(number) = number.and_then(|number| number.parse().ok()) {
                    let standing = match stored.value.receive_count {
                        0 => Standing::Delayed,
                        _ => Standing::InFlight,
                    };
                    index.insert(number, stored.value, standing);
                }
            }
        }
        index.wake(parts.clock.now());
        parts
            .total_bytes
            .fetch_add(index.bytes(), Ordering::Relaxed);
        Ok(Queue {
            name: name.into(),
            id: record.id.clone(),
            arn,
            account: parts.account.clone(),
            records: parts.records.clone(),
            clock: parts.clock.clone(),
            total_bytes: parts.total_bytes.clone(),
            state: Mutex::new(State {
                settings: Arc::new(record.settings.clone()),
                revision,
                last_number: index.last_number(),
                index,
                attempts: Attempts::default(),
                deleted: false,
                purged_at: None,
            }),
            changed: Notify::new(),
            settled: Notify::new(),
        })
    }

    /// The settings as of now.
    pub(super) fn settings(&self) -> Result<Arc<Settings>, QueueError> {
        let state = locked(&self.state);
        state.check_there()?;
        Ok(state.settings.clone())
    }

    /// Makes room for a message that is about to be written, and gives its number.
    pub(super) fn reserve(&self, slot: Slot) -> Result<u64, QueueError> {
        let mut state = locked(&self.state);
        state.check_there()?;
        if state.index.len() >= MESSAGES_PER_QUEUE_MAX {
            return Err(QueueError::OverLimit(format!(
                "The queue holds {MESSAGES_PER_QUEUE_MAX} messages and takes no more until some are \
                 deleted."
            )));
        }
        let bytes = slot.bytes;
        let before = self.total_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > QUEUE_BYTES_MAX {
            self.total_bytes.fetch_sub(bytes, Ordering::Relaxed);
            return Err(QueueError::OverLimit(format!(
                "The queues hold {QUEUE_BYTES_MAX} bytes and take no more until messages are deleted."
            )));
        }
        // Numbers never come twice, not even when all messages were deleted before a restart: they are
        // as large as the time.
        let now = u64::try_from(slot.sent_at.0).unwrap_or(0);
        let number = now.max(state.last_number.saturating_add(1));
        state.last_number = number;
        state.index.insert(number, slot, Standing::Arriving);
        Ok(number)
    }

    /// A message that was reserved is durable.
    pub(super) fn arrived(&self, number: u64) {
        let mut state = locked(&self.state);
        let now = self.clock.now();
        let delayed = state
            .index
            .get(number)
            .is_some_and(|(_, slot)| slot.visible_at > now);
        let standing = if delayed {
            Standing::Delayed
        } else {
            Standing::Ready
        };
        state.index.stand(number, standing);
        drop(state);
        self.tell(delayed);
    }

    /// Forgets a message: it was deleted, or never written.
    pub(super) fn forget(&self, number: u64) {
        let mut state = locked(&self.state);
        if let Some(slot) = state.index.remove(number) {
            self.total_bytes.fetch_sub(slot.bytes, Ordering::Relaxed);
        }
        drop(state);
        // The next of its group may be ready now.
        self.tell(false);
    }

    /// Wakes one who waits for messages, or all of them, when the time of the next one is another.
    pub(super) fn tell(&self, all: bool) {
        if all {
            self.changed.notify_waiters();
        } else {
            self.changed.notify_one();
        }
        self.settled.notify_waiters();
    }

    /// Where a message of this queue is stored.
    pub(super) fn key(&self, number: u64) -> Arc<str> {
        format!("{}/{number:020}", self.id).into()
    }

    /// `SequenceNumber` of a message; only FIFO queues have them.
    pub(super) fn sequence_number(&self, number: u64) -> Option<String> {
        /// Makes 20 digits of each, as SQS's have.
        const FIRST: u64 = 18_000_000_000_000_000_000;
        let fifo = locked(&self.state).index.is_fifo();
        fifo.then(|| FIRST.saturating_add(number).to_string())
    }

    /// Whether a message can be sent here, and what of it is then stored.
    pub(super) fn slot_for(
        &self,
        message: &NewMessage,
        settings: &Settings,
        now: Timestamp,
    ) -> Slot {
        let delay = message
            .delay_seconds
            .unwrap_or_else(|| settings.delay_seconds());
        Slot {
            sent_at: now,
            visible_at: now.plus_seconds(delay),
            first_received_at: None,
            receive_count: 0,
            bytes: message.cost_bytes(),
            group: message.group_id.as_deref().map(Arc::from),
        }
    }
}

impl State {
    pub(super) fn check_there(&self) -> Result<(), QueueError> {
        if self.deleted {
            return Err(QueueError::DoesNotExist);
        }
        Ok(())
    }
}
