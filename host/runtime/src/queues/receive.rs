//! Receiving: who received a message, and until when it is theirs, is durable before they have it. So a
//! restart shows no message again before its visibility timeout, and counts every receive. It costs one
//! write for all messages of a receive.

use std::sync::Arc;

use engine::Timestamp;
use store::{Batch, Expect};

use super::error::QueueError;
use super::handle::Handle;
use super::index::Standing;
use super::message::{Contents, Received, Slot};
use super::queue::{CONTENTS, Queue, SLOT};
use crate::limits::{IN_FLIGHT_FIFO_MAX, IN_FLIGHT_MAX, MESSAGES_PER_REMOVAL};
use crate::lock::locked;
use crate::records::{RecordError, delete, put};

/// What to receive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveRequest {
    /// `MaxNumberOfMessages`.
    pub max: usize,
    /// `VisibilityTimeout`; `None`: that of the queue.
    pub visibility_seconds: Option<u64>,
    /// `WaitTimeSeconds`; `None`: that of the queue.
    pub wait_seconds: Option<u64>,
    /// `ReceiveRequestAttemptId`.
    pub attempt_id: Option<String>,
}

/// Where dead letters go.
pub(super) struct DeadLetters {
    pub(super) queue: Arc<Queue>,
    pub(super) receive_count_max: u32,
}

/// A message on its way out.
struct Leaving {
    number: u64,
    to: Way,
}

enum Way {
    Receiver {
        after: Slot,
        contents: Box<Contents>,
    },
    /// Its number in the queue of dead letters.
    DeadLetters(u64),
    /// Its retention is over, or its contents are gone.
    Nowhere,
}

impl Queue {
    /// Receives what can be received now.
    pub(super) async fn receive_now(
        self: &Arc<Self>,
        request: &ReceiveRequest,
        dead_letters: Option<DeadLetters>,
    ) -> Result<Vec<Received>, QueueError> {
        {
            let mut state = locked(&self.state);
            state.check_there()?;
            state.index.wake(self.clock.now());
            // Another receive of the same attempt may have taken what was ready.
            if !state.index.has_ready() && request.attempt_id.is_none() {
                return Ok(Vec::new());
            }
        }
        let (queue, request) = (self.clone(), request.clone());
        // What has begun is finished, though the client goes away: see `send`.
        let received = tokio::spawn(async move { queue.take(&request, dead_letters).await });
        received.await.unwrap_or(Err(RecordError::ShutDown.into()))
    }

    async fn take(
        &self,
        request: &ReceiveRequest,
        dead_letters: Option<DeadLetters>,
    ) -> Result<Vec<Received>, QueueError> {
        let now = self.clock.now();
        let (taken, settings) = {
            let mut state = locked(&self.state);
            state.check_there()?;
            let settings = state.settings.clone();
            let id = request.attempt_id.as_deref().filter(|_| settings.is_fifo());
            let again = id.and_then(|id| state.attempts.get(id, now));
            let again = again.map(|again| state.take_again(&again));
            let taken = match again.filter(|again| !again.is_empty()) {
                Some(again) => again,
                None => state.take(request.max)?,
            };
            (taken, settings)
        };
        if taken.is_empty() {
            return Ok(Vec::new());
        }
        let seconds = request.visibility_seconds;
        let until = now.plus_seconds(seconds.unwrap_or_else(|| settings.visibility_seconds()));
        let expired = Timestamp(now.0.saturating_sub(micros(settings.retention_seconds())));
        let mut batch = Batch::new();
        let mut leaving = Vec::new();
        let mut failed = None;
        for (number, before) in taken {
            let way = self.way(
                number,
                &before,
                (now, until),
                expired,
                dead_letters.as_ref(),
                &mut batch,
            );
            let to = way.unwrap_or_else(|error| {
                failed = Some(error);
                Way::Nowhere
            });
            leaving.push(Leaving { number, to });
        }
        let written = match failed {
            Some(error) => Err(error),
            None => self.records.write(batch).await.map_err(QueueError::from),
        };
        if let Err(error) = written {
            self.give_back(leaving, dead_letters.as_ref());
            return Err(error);
        }
        Ok(self.hand_out(leaving, request, dead_letters.as_ref(), now))
    }

    /// Where a message goes, and what has to be written for it.
    fn way(
        &self,
        number: u64,
        before: &Slot,
        (now, until): (Timestamp, Timestamp),
        expired: Timestamp,
        dead_letters: Option<&DeadLetters>,
        batch: &mut Batch,
    ) -> Result<Way, QueueError> {
        let key = self.key(number);
        let contents = self.records.get::<Contents>(CONTENTS, &key)?;
        let Some(contents) = contents.filter(|_| before.sent_at >= expired) else {
            batch.push(delete(SLOT, key.clone(), Expect::Anything));
            batch.push(delete(CONTENTS, key, Expect::Anything));
            return Ok(Way::Nowhere);
        };
        let mut contents = contents.value;
        if let Some(target) = dead_letters
            && before.receive_count >= target.receive_count_max
            // A queue of dead letters that is full or gone leaves the messages where they are.
            && let Some((there, slot)) = target.reserve(before, now)
        {
            contents.source_arn = Some(self.arn.clone());
            let new_key = target.queue.key(there);
            batch.push(put(SLOT, new_key.clone(), &slot, Expect::Anything));
            batch.push(put(CONTENTS, new_key, &contents, Expect::Anything));
            batch.push(delete(SLOT, key.clone(), Expect::Anything));
            batch.push(delete(CONTENTS, key, Expect::Anything));
            return Ok(Way::DeadLetters(there));
        }
        let after = Slot {
            visible_at: until,
            first_received_at: before.first_received_at.or(Some(now)),
            receive_count: before.receive_count.saturating_add(1),
            ..before.clone()
        };
        batch.push(put(SLOT, key, &after, Expect::Anything));
        Ok(Way::Receiver {
            after,
            contents: Box::new(contents),
        })
    }

    /// Nothing was written: everything stands where it stood.
    fn give_back(&self, leaving: Vec<Leaving>, dead_letters: Option<&DeadLetters>) {
        for Leaving { number, to } in leaving {
            if let (Way::DeadLetters(there), Some(target)) = (to, dead_letters) {
                target.queue.forget(there);
            }
            locked(&self.state).index.stand(number, Standing::Ready);
        }
        self.tell(true);
    }

    fn hand_out(
        &self,
        leaving: Vec<Leaving>,
        request: &ReceiveRequest,
        dead_letters: Option<&DeadLetters>,
        now: Timestamp,
    ) -> Vec<Received> {
        let mut received = Vec::new();
        let mut handles = Vec::new();
        let wake_before = locked(&self.state).index.next_wake();
        for Leaving { number, to } in leaving {
            match to {
                Way::Nowhere => self.forget(number),
                Way::DeadLetters(there) => {
                    self.forget(number);
                    if let Some(target) = dead_letters {
                        target.queue.arrived(there);
                    }
                }
                Way::Receiver { after, contents } => {
                    let receive_count = after.receive_count;
                    handles.push((number, receive_count));
                    received.push(Received {
                        receipt_handle: self.handle(Handle {
                            number,
                            receive_count,
                        }),
                        receive_count,
                        sent_at: after.sent_at,
                        first_received_at: after.first_received_at.unwrap_or(now),
                        sequence_number: self.sequence_number(number),
                        contents: *contents,
                    });
                    let mut state = locked(&self.state);
                    state.index.update(number, after, Standing::InFlight);
                }
            }
        }
        if let Some(id) = &request.attempt_id
            && !handles.is_empty()
        {
            locked(&self.state).attempts.put(id, handles, now);
        }
        // Who waits has to know of an earlier moment at which something is ready; and something may be
        // ready still.
        let wake = locked(&self.state).index.next_wake();
        self.tell(wake.is_some_and(|wake| wake_before.is_none_or(|before| wake < before)));
        received
    }

    /// Removes what is older than the queue keeps messages. Says whether there may be more.
    pub(super) async fn sweep(&self) -> Result<bool, QueueError> {
        let numbers = {
            let mut state = locked(&self.state);
            state.check_there()?;
            let now = self.clock.now();
            let kept = micros(state.settings.retention_seconds());
            let expired = Timestamp(now.0.saturating_sub(kept));
            let numbers = state.index.sent_before(expired, MESSAGES_PER_REMOVAL);
            for number in &numbers {
                state.index.stand(*number, Standing::Busy);
            }
            numbers
        };
        let more = numbers.len() == MESSAGES_PER_REMOVAL;
        self.remove(numbers).await?;
        Ok(more)
    }
}

impl super::queue::State {
    fn take(&mut self, max: usize) -> Result<Vec<(u64, Slot)>, QueueError> {
        let fifo = self.index.is_fifo();
        let in_flight_max = if fifo {
            IN_FLIGHT_FIFO_MAX
        } else {
            IN_FLIGHT_MAX
        };
        let room = in_flight_max.saturating_sub(self.index.counts().in_flight);
        if room == 0 {
            return Err(QueueError::OverLimit(format!(
                "Too many messages in flight: the limit is {in_flight_max}."
            )));
        }
        Ok(self.index.take(max.min(room)))
    }

    /// What an earlier attempt of the same id received, if it is all still theirs.
    fn take_again(&mut self, received: &[(u64, u32)]) -> Vec<(u64, Slot)> {
        let mut again = Vec::new();
        for (number, receive_count) in received {
            match self.index.get(*number) {
                Some((Standing::InFlight, slot)) if slot.receive_count == *receive_count => {
                    // Counted as one receive: it is the same one.
                    let slot = Slot {
                        receive_count: slot.receive_count.saturating_sub(1),
                        ..slot.clone()
                    };
                    again.push((*number, slot));
                }
                _ => return Vec::new(),
            }
        }
        for (number, _) in &again {
            self.index.stand(*number, Standing::Busy);
        }
        again
    }
}

impl DeadLetters {
    fn reserve(&self, before: &Slot, now: Timestamp) -> Option<(u64, Slot)> {
        let fifo = locked(&self.queue.state).index.is_fifo();
        let slot = Slot {
            // A standard queue counts the retention of a dead letter from when it was first sent.
            sent_at: if fifo { now } else { before.sent_at },
            visible_at: now,
            first_received_at: None,
            receive_count: 0,
            ..before.clone()
        };
        let number = self.queue.reserve(slot.clone()).ok()?;
        Some((number, slot))
    }
}

fn micros(seconds: u64) -> i64 {
    i64::try_from(seconds.saturating_mul(1_000_000)).unwrap_or(i64::MAX)
}
