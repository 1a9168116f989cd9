//! The background of the queues: messages whose retention is over, and ids that need not be remembered
//! any more, are removed.

use std::sync::Arc;

use engine::Timestamp;
use store::{Batch, Scan};

use super::Queues;
use super::error::QueueError;
use super::queue::{Queue, SENT};
use super::send::SentRecord;
use crate::limits::{MESSAGES_PER_REMOVAL, QUEUE_SWEEP_SECONDS, SENT_IDS_PER_SWEEP};
use crate::lock::locked;
use crate::records::delete;

impl Queues {
    /// Starts to remove, in the background, what has expired; until [`Queues::close`].
    pub fn start(self: &Arc<Self>, handle: &tokio::runtime::Handle) {
        let queues = self.clone();
        handle.spawn(async move {
            let mut closed = queues.closed.subscribe();
            let clock = queues.parts.clock.clone();
            let mut after = None;
            loop {
                let next = clock.now().plus_seconds(QUEUE_SWEEP_SECONDS);
                tokio::select! {
                    () = clock.reached(next) => {}
                    _ = closed.wait_for(|closed| *closed) => return,
                }
                // A store that fails is told of by whoever it fails for.
                if let Ok(next) = queues.sweep(after.take()).await {
                    after = next;
                }
            }
        });
    }

    /// Removes what has expired: of messages all, of remembered ids those of one stretch, after `after`.
    /// Gives where the next stretch begins.
    pub(super) async fn sweep(
        &self,
        after: Option<Arc<str>>,
    ) -> Result<Option<Arc<str>>, QueueError> {
        let queues: Vec<Arc<Queue>> = locked(&self.queues).values().cloned().collect();
        for queue in queues {
            loop {
                match queue.sweep().await {
                    Ok(true) => {}
                    Ok(false) | Err(QueueError::DoesNotExist) => break,
                    Err(error) => return Err(error),
                }
            }
        }
        self.forget_sent(after).await
    }

    async fn forget_sent(&self, after: Option<Arc<str>>) -> Result<Option<Arc<str>>, QueueError> {
        let scan = Scan {
            after,
            max: SENT_IDS_PER_SWEEP,
            ..Scan::of(SENT, "")
        };
        let now: Timestamp = self.parts.clock.now();
        let page = self.parts.records.scan::<SentRecord>(&scan)?;
        let next = page.last().map(|last| last.key.clone());
        let next = next.filter(|_| page.len() == SENT_IDS_PER_SWEEP);
        let expired: Vec<_> = page
            .iter()
            .filter(|stored| stored.value.expires_at <= now)
            .collect();
        for chunk in expired.chunks(MESSAGES_PER_REMOVAL) {
            let deletes = chunk
                .iter()
                .map(|stored| delete(SENT, stored.key.clone(), stored.unchanged()));
            let batch: Batch = deletes.collect();
            match self.parts.records.write(batch).await {
                // One was sent again in this moment: the others go with the next sweep.
                Ok(()) | Err(crate::records::RecordError::Stale(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(next)
    }
}
