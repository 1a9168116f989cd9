//! Queues: messages between executions and whoever works for them (SQS).
//!
//! The one idea: the records in the store are the truth, and an index in memory says what can be received
//! from which queue. Every call writes first and answers after. Begin at [`Queues`]; `queues/queue.rs` is
//! one queue, `queues/index.rs` what can be received when.

mod attempts;
mod catalogue;
pub(crate) mod digest;
mod error;
mod handle;
mod index;
mod message;
mod queue;
mod receive;
mod send;
mod settings;
mod settle;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

pub use self::digest::of_attributes as md5_of_attributes;
pub use self::error::QueueError;
pub use self::message::{Attribute, AttributeValue, Contents, NewMessage, Received, Sent};
use self::queue::{Parts, Queue};
use self::receive::DeadLetters;
pub use self::receive::ReceiveRequest;
use crate::clock::Clock;
use crate::lock::locked;
use crate::place::Place;
use crate::records::{RecordError, Records};

/// Queues and their messages.
pub struct Queues {
    place: Place,
    parts: Parts,
    queues: Mutex<BTreeMap<Arc<str>, Arc<Queue>>>,
    /// Set when the host goes down: nobody waits for messages any more.
    closed: watch::Sender<bool>,
}

impl Queues {
    /// Reads what is stored.
    pub(crate) fn open(
        records: Records,
        place: Place,
        clock: Clock,
    ) -> Result<Queues, RecordError> {
        let parts = Parts {
            account: place.account.clone(),
            records,
            clock,
            total_bytes: Arc::new(AtomicU64::new(0)),
        };
        let queues = Queues {
            place,
            parts,
            queues: Mutex::default(),
            closed: watch::Sender::new(false),
        };
        queues.open_stored()?;
        Ok(queues)
    }

    /// Ends every wait for messages: the host is going down.
    pub fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Sends one message. When this returns, it is durable. `queue` is a name.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn send(&self, queue: &str, message: NewMessage) -> Result<Sent, QueueError> {
        let mut answers = self.find(queue)?.send(vec![message]).await;
        let lost = || Err(RecordError::ShutDown.into());
        answers.pop().unwrap_or_else(lost)
    }

    /// Sends messages, in order, with one write for all. Each is answered for itself, at its place.
    ///
    /// # Errors
    /// [`QueueError::DoesNotExist`].
    pub async fn send_batch(
        &self,
        queue: &str,
        messages: Vec<NewMessage>,
    ) -> Result<Vec<Result<Sent, QueueError>>, QueueError> {
        Ok(self.find(queue)?.send(messages).await)
    }

    /// Receives up to `request.max` messages; waits for the first one as long as the request, or the
    /// queue, says.
    ///
    /// # Errors
    /// [`QueueError`].
    pub async fn receive(
        &self,
        queue: &str,
        request: &ReceiveRequest,
    ) -> Result<Vec<Received>, QueueError> {
        let queue = self.find(queue)?;
        let clock = &self.parts.clock;
        let wait = match request.wait_seconds {
            Some(seconds) => seconds,
            None => queue.settings()?.wait_seconds(),
        };
        let until = clock.now().plus_seconds(wait);
        let mut closed = self.closed.subscribe();
        loop {
            let mut changed = std::pin::pin!(queue.changed.notified());
            changed.as_mut().enable();
            let dead_letters = self.dead_letters(&queue)?;
            let received = queue.receive_now(request, dead_letters).await?;
            if !received.is_empty() || clock.now() >= until || *closed.borrow() {
                return Ok(received);
            }
            let next = locked(&queue.state).index.next_wake();
            let next = next.map_or(until, |next| next.min(until));
            tokio::select! {
                () = changed => {}
                () = clock.reached(next) => {}
                // Gone with the queues, or told to stop: looked at above.
                _ = closed.changed() => {}
            }
        }
    }

    /// Deletes messages by the handles with which they were received. Each is answered for itself, at
    /// its place; an old handle, and one of a message that is gone, succeeds and deletes nothing.
    ///
    /// # Errors
    /// [`QueueError::DoesNotExist`].
    pub async fn delete_messages(
        &self,
        queue: &str,
        handles: Vec<String>,
    ) -> Result<Vec<Result<(), QueueError>>, QueueError> {
        Ok(self.find(queue)?.delete_messages(handles).await)
    }

    /// Makes messages visible again so many seconds from now. Each is answered for itself, at its place.
    ///
    /// # Errors
    /// [`QueueError::DoesNotExist`].
    pub async fn change_visibility(
        &self,
        queue: &str,
        changes: Vec<(String, u64)>,
    ) -> Result<Vec<Result<(), QueueError>>, QueueError> {
        Ok(self.find(queue)?.change_visibility(changes).await)
    }

    fn find(&self, name: &str) -> Result<Arc<Queue>, QueueError> {
        let found = locked(&self.queues).get(name).cloned();
        found.ok_or(QueueError::DoesNotExist)
    }

    /// The queue to which this one gives what was received too often.
    fn dead_letters(&self, queue: &Queue) -> Result<Option<DeadLetters>, QueueError> {
        let Some(redrive) = queue.settings()?.redrive() else {
            return Ok(None);
        };
        let found = self.by_arn(&redrive.queue_arn);
        Ok(found.map(|queue| DeadLetters {
            queue,
            receive_count_max: redrive.receive_count_max,
        }))
    }

    fn by_arn(&self, arn: &str) -> Option<Arc<Queue>> {
        let name = arn.rsplit(':').next()?;
        self.find(name).ok().filter(|queue| queue.arn == arn)
    }
}
