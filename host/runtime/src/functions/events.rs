//! Events: invocations that nobody waits for. Each is a record before its client is told that it was
//! taken, and is one until it ran or was given up, so that a restart forgets none; one that was running
//! when the host ended runs again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use store::{Change, Expect};
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};

use super::error::{FunctionError, Throttle};
use super::resolve::Entry;
use super::shelf::{EVENT, Shelf};
use super::{Functions, log};
use crate::limits;
use crate::lock::locked;
use crate::logs::LogEvent;
use crate::records::{RecordError, Stored, delete, put};

/// An event as it is kept: `lambda.event`, under the time and the id of its request.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Event {
    function: String,
    qualifier: Option<String>,
    payload: String,
    request_id: String,
    received_at: Timestamp,
    not_before: Timestamp,
    /// Runs that failed.
    failures: u32,
    /// Times that it could not run.
    throttles: u32,
}

/// An event to be kept.
pub(super) struct NewEvent {
    pub(super) function: String,
    pub(super) qualifier: Option<String>,
    pub(super) payload: Arc<str>,
    pub(super) request_id: Arc<str>,
    pub(super) received_at: Timestamp,
}

/// The events that wait. What they hold is in the store.
pub(super) struct Events {
    state: Mutex<State>,
    /// Something is due earlier than before, or the catalogue is gone.
    changed: Arc<Notify>,
    running: Arc<Semaphore>,
}

#[derive(Default)]
struct State {
    /// When each may run, and its key.
    due: BTreeSet<(Timestamp, Arc<str>)>,
    /// All there are, those that run included.
    count: usize,
    bytes: usize,
}

impl Events {
    pub(super) fn open(shelf: &Shelf) -> Result<Events, RecordError> {
        let mut state = State::default();
        let per_read = limits::QUEUED_EVENTS_PER_READ;
        shelf.each(EVENT, per_read, |found: Stored<Event>| {
            state.count += 1;
            state.bytes += found.value.payload.len();
            state.due.insert((found.value.not_before, found.key));
        })?;
        Ok(Events {
            state: Mutex::new(state),
            changed: Arc::default(),
            running: Arc::new(Semaphore::new(limits::EVENTS_RUNNING_MAX)),
        })
    }

    fn reserve(&self, bytes: usize) -> Result<(), FunctionError> {
        let mut state = locked(&self.state);
        let is_full = state.count >= limits::EVENTS_MAX
            || state.bytes.saturating_add(bytes) > limits::EVENTS_BYTES_MAX;
        if is_full {
            return Err(FunctionError::Throttled(Throttle::Concurrent));
        }
        state.count += 1;
        state.bytes += bytes;
        Ok(())
    }

    fn release(&self, bytes: usize) {
        let mut state = locked(&self.state);
        state.count = state.count.saturating_sub(1);
        state.bytes = state.bytes.saturating_sub(bytes);
    }

    fn add(&self, not_before: Timestamp, key: Arc<str>) {
        locked(&self.state).due.insert((not_before, key));
        self.changed.notify_one();
    }

    /// The next one that may run now, or how long until there is one.
    fn take(&self, now: Timestamp) -> Result<Arc<str>, Duration> {
        let mut state = locked(&self.state);
        match state.due.first() {
            Some((at, _)) if *at <= now => {
                let first = state.due.pop_first();
                first.map(|(_, key)| key).ok_or(Duration::ZERO)
            }
            Some((at, _)) => Err(Duration::from_micros(at.micros_since(now))),
            None => Err(Duration::from_secs(limits::EVENT_AGE_SECONDS_MAX)),
        }
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.changed.notify_one();
    }
}

/// Works off what waits, for as long as the catalogue is there.
pub(super) fn start(functions: &Functions, guests: &Handle) {
    let (changed, running) = {
        let events = &functions.0.events;
        (events.changed.clone(), events.running.clone())
    };
    let weak = Arc::downgrade(&functions.0);
    guests.spawn(async move {
        loop {
            let Ok(permit) = running.clone().acquire_owned().await else {
                return;
            };
            let Some(functions) = weak.upgrade().map(Functions) else {
                return;
            };
            let wait = match functions.0.events.take(functions.0.clock.now()) {
                Ok(key) => {
                    tokio::spawn(async move {
                        functions.work_off(key).await;
                        drop(permit);
                    });
                    continue;
                }
                Err(wait) => wait,
            };
            drop((functions, permit));
            // Either way it is time to look again.
            let _ = tokio::time::timeout(wait, changed.notified()).await;
        }
    });
}

/// What becomes of an event after a run.
enum Next {
    Done,
    GivenUp(&'static str),
    Again(u64),
}

impl Functions {
    /// Keeps an event; one that is kept already is kept.
    pub(super) async fn enqueue(&self, new: NewEvent) -> Result<(), FunctionError> {
        let bytes = new.payload.len();
        self.0.events.reserve(bytes)?;
        let at = new.received_at;
        let key: Arc<str> = format!("{:020}-{}", at.0, new.request_id).into();
        let event = Event {
            function: new.function,
            qualifier: new.qualifier,
            payload: new.payload.to_string(),
            request_id: new.request_id.to_string(),
            received_at: at,
            not_before: at,
            failures: 0,
            throttles: 0,
        };
        let this = self.clone();
        // To its end even when the client goes away: what is written has to be known.
        let kept = tokio::spawn(async move {
            let change = put(EVENT, key.clone(), &event, Expect::Absent);
            let written = this.0.shelf.0.write(vec![change]).await;
            match &written {
                Ok(()) => this.0.events.add(at, key),
                Err(_) => this.0.events.release(bytes),
            }
            match written {
                Err(RecordError::Stale(_)) => Ok(()),
                written => written,
            }
        });
        kept.await.unwrap_or(Err(RecordError::ShutDown))?;
        Ok(())
    }

    /// Runs an event and settles what becomes of it.
    async fn work_off(&self, key: Arc<str>) {
        // A store that fails is not asked again (I14); what is in it is read at the next start.
        let Ok(Some(stored)) = self.0.shelf.0.get::<Event>(EVENT, &key) else {
            return;
        };
        let mut event = stored.value;
        let bytes = event.payload.len();
        let qualifier = event.qualifier.as_deref();
        let entry = self.resolve(&event.function, qualifier, &event.request_id);
        let next = match &entry {
            Ok(entry) => self.run_event(entry, &mut event).await,
            // It was deleted meanwhile.
            Err(_) => Next::Done,
        };
        if let (Next::GivenUp(reason), Ok(entry)) = (&next, &entry) {
            self.say_given_up(entry, &event, reason);
        }
        let Next::Again(seconds) = next else {
            self.settle(delete(EVENT, key, Expect::Anything)).await;
            return self.0.events.release(bytes);
        };
        event.not_before = self.0.clock.now().plus_seconds(seconds);
        let not_before = event.not_before;
        self.settle(put(EVENT, key.clone(), &event, Expect::Anything))
            .await;
        self.0.events.add(not_before, key);
    }

    async fn run_event(&self, entry: &Arc<Entry>, event: &mut Event) -> Next {
        let request_id: Arc<str> = event.request_id.as_str().into();
        let payload: Arc<str> = event.payload.as_str().into();
        let invoked = self.invoke_entry(entry, payload, &request_id).await;
        let age_us = self.0.clock.now().micros_since(event.received_at);
        let is_old = age_us >= limits::EVENT_AGE_SECONDS_MAX * 1_000_000;
        match invoked {
            Ok(invoked) if !invoked.is_failure => Next::Done,
            Ok(_) => {
                event.failures += 1;
                match event.failures {
                    failures if failures > limits::EVENT_RETRIES_MAX => Next::GivenUp("it failed"),
                    _ if is_old => Next::GivenUp("it is too old"),
                    failures => Next::Again(limits::EVENT_RETRY_SECONDS * u64::from(failures)),
                }
            }
            Err(FunctionError::Invalid(_)) => Next::GivenUp("its component cannot be compiled"),
            Err(_) if is_old => Next::GivenUp("it is too old"),
            Err(_) => {
                let seconds = 1_u64.checked_shl(event.throttles).unwrap_or(u64::MAX);
                event.throttles = event.throttles.saturating_add(1);
                Next::Again(seconds.clamp(1, limits::EVENT_THROTTLED_SECONDS_MAX))
            }
        }
    }

    fn say_given_up(&self, entry: &Entry, event: &Event, reason: &str) {
        let now = self.0.clock.now();
        let (id, failures) = (&event.request_id, event.failures);
        let line = LogEvent {
            timestamp_ms: now.0 / 1_000,
            message: format!(
                "[ERROR]\t{id}\tThe event was given up after {failures} runs: {reason}"
            ),
        };
        let stream = log::stream(entry, &self.0.instance, now);
        self.0.logs.append(&entry.log_group, &stream, vec![line]);
    }

    async fn settle(&self, change: Change) {
        // A store that failed is dead, and everything else says so.
        let _ = self.0.shelf.0.write(vec![change]).await;
    }
}
