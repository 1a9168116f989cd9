//! What is done with a message that was received: it is deleted, or its receiver asks for another time.

use std::collections::BTreeMap;
use std::sync::Arc;

use store::{Batch, Expect};

use super::error::QueueError;
use super::handle::Handle;
use super::index::Standing;
use super::message::Slot;
use super::queue::{CONTENTS, Queue, SLOT};
use crate::limits::{MESSAGES_PER_REMOVAL, VISIBILITY_SECONDS_MAX};
use crate::lock::locked;
use crate::records::{RecordError, delete, put};

/// What became of one of several requests.
type Answer = Result<(), QueueError>;

/// A message that a request holds while it writes.
enum Held {
    /// Busy now, with where it stood before.
    Message(Standing, Slot),
    /// There is nothing to do.
    Nothing,
    /// Somebody else writes about it.
    Busy,
}

impl Queue {
    /// Deletes messages; each handle is answered for itself.
    pub(super) async fn delete_messages(self: Arc<Self>, handles: Vec<String>) -> Vec<Answer> {
        let count = handles.len();
        let answers = tokio::spawn(async move { self.delete_all(&handles).await }).await;
        answers.unwrap_or_else(|_| vec![Err(RecordError::ShutDown.into()); count])
    }

    async fn delete_all(&self, handles: &[String]) -> Vec<Answer> {
        let mut answers: Vec<Answer> = vec![Ok(()); handles.len()];
        // In the order of their numbers: two requests that hold each other's messages would wait for ever.
        let mut wanted: BTreeMap<u64, (usize, Handle, &str)> = BTreeMap::new();
        for (place, text) in handles.iter().enumerate() {
            match self.read_handle(text) {
                Ok(handle) => {
                    wanted.insert(handle.number, (place, handle, text));
                }
                Err(error) => set(&mut answers, place, Err(error)),
            }
        }
        let mut held = Vec::new();
        for (number, (place, handle, text)) in wanted {
            match self
                .hold_when_settled(|queue| queue.hold_to_delete(handle, text))
                .await
            {
                Ok(Some((standing, _))) => held.push((place, number, standing)),
                Ok(None) => {}
                Err(error) => set(&mut answers, place, Err(error)),
            }
        }
        if held.is_empty() {
            return answers;
        }
        let numbers: Vec<u64> = held.iter().map(|(_, number, _)| *number).collect();
        if let Err(error) = self.remove(numbers).await {
            for (place, _, _) in held {
                set(&mut answers, place, Err(error.clone()));
            }
        }
        answers
    }

    fn hold_to_delete(&self, handle: Handle, text: &str) -> Result<Held, QueueError> {
        let mut state = locked(&self.state);
        state.check_there()?;
        let now = self.clock.now();
        state.index.wake(now);
        let fifo = state.index.is_fifo();
        let Some((standing, slot)) = state.index.get(handle.number) else {
            return Ok(Held::Nothing);
        };
        if matches!(standing, Standing::Busy | Standing::Arriving) {
            return Ok(Held::Busy);
        }
        let is_latest = slot.receive_count == handle.receive_count;
        if fifo && !(is_latest && standing == Standing::InFlight) {
            let reason = "The receipt handle has expired.";
            return Err(QueueError::invalid(text, "ReceiptHandle", reason));
        }
        if !is_latest {
            // Somebody else received it meanwhile: theirs is the message.
            return Ok(Held::Nothing);
        }
        let slot = slot.clone();
        state.index.stand(handle.number, Standing::Busy);
        Ok(Held::Message(standing, slot))
    }

    /// Gives receivers until so many seconds from now; each handle is answered for itself.
    pub(super) async fn change_visibility(
        self: Arc<Self>,
        changes: Vec<(String, u64)>,
    ) -> Vec<Answer> {
        let count = changes.len();
        let answers = tokio::spawn(async move { self.change_all(&changes).await }).await;
        answers.unwrap_or_else(|_| vec![Err(RecordError::ShutDown.into()); count])
    }

    async fn change_all(&self, changes: &[(String, u64)]) -> Vec<Answer> {
        let mut answers: Vec<Answer> = vec![Ok(()); changes.len()];
        let mut wanted: BTreeMap<u64, (usize, Handle, &str, u64)> = BTreeMap::new();
        for (place, (text, seconds)) in changes.iter().enumerate() {
            match self.read_handle(text) {
                Ok(handle) => {
                    wanted.insert(handle.number, (place, handle, text, *seconds));
                }
                Err(error) => set(&mut answers, place, Err(error)),
            }
        }
        let mut held = Vec::new();
        let mut batch = Batch::new();
        for (number, (place, handle, text, seconds)) in wanted {
            let hold = |queue: &Queue| queue.hold_to_change(handle, text, seconds);
            match self.hold_when_settled(hold).await {
                Ok(Some((_, before))) => {
                    let after = Slot {
                        visible_at: self.clock.now().plus_seconds(seconds),
                        ..before.clone()
                    };
                    batch.push(put(SLOT, self.key(number), &after, Expect::Anything));
                    held.push((place, number, before, after));
                }
                Ok(None) => {}
                Err(error) => set(&mut answers, place, Err(error)),
            }
        }
        if held.is_empty() {
            return answers;
        }
        let written = self.records.write(batch).await;
        let now = self.clock.now();
        for (place, number, before, after) in held {
            let slot = match &written {
                Ok(()) => after,
                Err(error) => {
                    set(&mut answers, place, Err(error.clone().into()));
                    before
                }
            };
            let standing = if slot.visible_at <= now {
                Standing::Ready
            } else {
                Standing::InFlight
            };
            locked(&self.state).index.update(number, slot, standing);
        }
        self.tell(true);
        answers
    }

    fn hold_to_change(&self, handle: Handle, text: &str, seconds: u64) -> Result<Held, QueueError> {
        let mut state = locked(&self.state);
        state.check_there()?;
        let now = self.clock.now();
        state.index.wake(now);
        let gone = || {
            let reason =
                "Message does not exist or is not available for visibility timeout change.";
            QueueError::invalid(text, "ReceiptHandle", reason)
        };
        let (standing, slot) = state.index.get(handle.number).ok_or_else(gone)?;
        if matches!(standing, Standing::Busy | Standing::Arriving) {
            return Ok(Held::Busy);
        }
        if slot.receive_count != handle.receive_count {
            return Err(gone());
        }
        if standing != Standing::InFlight {
            return Err(QueueError::MessageNotInflight);
        }
        let first = slot.first_received_at.unwrap_or(now);
        if now.plus_seconds(seconds) > first.plus_seconds(VISIBILITY_SECONDS_MAX) {
            let reason = format!(
                "Total VisibilityTimeout for the message is beyond the limit \
                 [{VISIBILITY_SECONDS_MAX} seconds]"
            );
            return Err(QueueError::invalid(
                &seconds.to_string(),
                "VisibilityTimeout",
                &reason,
            ));
        }
        let slot = slot.clone();
        state.index.stand(handle.number, Standing::Busy);
        Ok(Held::Message(standing, slot))
    }

    /// Holds a message as soon as nobody else writes about it.
    async fn hold_when_settled(
        &self,
        hold: impl Fn(&Queue) -> Result<Held, QueueError>,
    ) -> Result<Option<(Standing, Slot)>, QueueError> {
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            settled.as_mut().enable();
            match hold(self)? {
                Held::Message(standing, slot) => return Ok(Some((standing, slot))),
                Held::Nothing => return Ok(None),
                Held::Busy => settled.await,
            }
        }
    }

    /// Removes messages that are held.
    pub(super) async fn remove(&self, numbers: Vec<u64>) -> Result<(), QueueError> {
        if numbers.is_empty() {
            return Ok(());
        }
        let mut batch = Batch::new();
        for number in &numbers {
            batch.push(delete(SLOT, self.key(*number), Expect::Anything));
            batch.push(delete(CONTENTS, self.key(*number), Expect::Anything));
        }
        let written = self.records.write(batch).await;
        match written {
            Ok(()) => numbers.iter().for_each(|number| self.forget(*number)),
            Err(_) => {
                let mut state = locked(&self.state);
                for number in numbers {
                    state.index.stand(number, Standing::Ready);
                }
                drop(state);
                self.tell(true);
            }
        }
        written.map_err(QueueError::from)
    }

    /// Removes every message with a smaller number, those that are being written about when they are.
    pub(super) async fn remove_below(&self, number: u64) -> Result<(), QueueError> {
        loop {
            let mut settled = std::pin::pin!(self.settled.notified());
            settled.as_mut().enable();
            let (numbers, busy) = {
                let mut state = locked(&self.state);
                let (numbers, busy) = state.index.below(number, MESSAGES_PER_REMOVAL);
                for number in &numbers {
                    state.index.stand(*number, Standing::Busy);
                }
                (numbers, busy)
            };
            if numbers.is_empty() && !busy {
                return Ok(());
            }
            if numbers.is_empty() {
                settled.await;
            }
            self.remove(numbers).await?;
        }
    }
}

fn set(answers: &mut [Answer], place: usize, answer: Answer) {
    if let Some(slot) = answers.get_mut(place) {
        *slot = answer;
    }
}
