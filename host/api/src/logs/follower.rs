//! Follows executions and logs what their machines want logged.
//!
//! Events come in under a lock, so they are only put into a bounded queue; a task makes lines of them.
//! What the queue had no room for is read from the store when the next events come: lines may come late,
//! but none is left out while the execution's events are there.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use engine::{Event, EventKind, ExecutionArn, Header};
use runtime::machines::Revision;
use runtime::{Publisher, Services, StoreError};
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::executions::{lines, stream_name};
use crate::history::{History, Standing};
use crate::limits::{LOG_FOLLOWED_MAX, LOG_PUBLISHED_MAX};

/// Logs executions. It has to be given to [`Services::follow`], which [`ExecutionLog::start`] does.
pub struct ExecutionLog {
    queue: mpsc::Sender<Message>,
    services: Weak<Services>,
    /// Executions that run and are not logged, as most are: of these nothing is handed over.
    unlogged: Mutex<HashSet<ExecutionArn>>,
}

enum Message {
    Published(ExecutionArn, Arc<[Event]>),
    /// Everything before is logged.
    Flush(oneshot::Sender<()>),
}

/// An execution that is followed.
struct Followed {
    revision: Arc<Revision>,
    standing: Standing,
    /// Of the last event that was followed.
    seq: u64,
    redrive_count: u64,
}

/// The task.
struct Follower {
    services: Weak<Services>,
    /// Executions that are not over; `None`: they are not logged. What is not here is read again.
    followed: HashMap<ExecutionArn, Option<Followed>>,
}

impl ExecutionLog {
    /// Starts to log what executions do from now on. Before [`Services::recover`], so that nothing is
    /// missed; within a tokio runtime.
    pub fn start(services: &Arc<Services>) -> Arc<ExecutionLog> {
        let (queue, mut messages) = mpsc::channel(LOG_PUBLISHED_MAX);
        let log = Arc::new(ExecutionLog {
            queue,
            services: Arc::downgrade(services),
            unlogged: Mutex::default(),
        });
        let mut follower = Follower {
            services: Arc::downgrade(services),
            followed: HashMap::new(),
        };
        tokio::spawn(async move {
            while let Some(message) = messages.recv().await {
                follower.take(message);
            }
        });
        services.follow(log.clone());
        log
    }

    /// Whether it is known of the execution that it is not logged. Of one that began before this process
    /// nothing is known, and the task finds out.
    fn is_unlogged(&self, execution: &ExecutionArn, events: &[Event]) -> bool {
        let mut unlogged = self.unlogged.lock().unwrap_or_else(PoisonError::into_inner);
        let is_unlogged = match events.first().map(|event| &event.kind) {
            Some(EventKind::ExecutionStarted { header, .. }) => {
                let is_unlogged = !self.may_be_logged(header);
                if is_unlogged {
                    unlogged.insert(execution.clone());
                }
                is_unlogged
            }
            _ => unlogged.contains(execution),
        };
        if is_unlogged && events.last().is_some_and(|event| is_end(&event.kind)) {
            unlogged.remove(execution);
        }
        is_unlogged
    }

    fn may_be_logged(&self, header: &Header) -> bool {
        let revision = self.services.upgrade().and_then(|services| {
            // The start has just found it, so that this reads no disk.
            let found = services
                .machines
                .revision(&header.machine_arn, &header.revision);
            found.ok().flatten()
        });
        revision.is_none_or(|revision| revision.logging.group().is_some())
    }

    /// Waits until what was published is handed to the logs.
    pub async fn flush(&self) {
        let (reply, done) = oneshot::channel();
        // Either fails when the task is gone, and then there is nothing to wait for.
        if self.queue.send(Message::Flush(reply)).await.is_ok() {
            let _ = done.await;
        }
    }
}

impl Publisher for ExecutionLog {
    fn published(&self, execution: &ExecutionArn, events: &Arc<[Event]>) {
        if self.is_unlogged(execution, events) {
            return;
        }
        // See above for what is done about a queue that is full.
        let _ = self
            .queue
            .try_send(Message::Published(execution.clone(), events.clone()));
    }
}

impl Follower {
    fn take(&mut self, message: Message) {
        match message {
            Message::Published(execution, events) => {
                let Some(services) = self.services.upgrade() else {
                    return;
                };
                // A store that fails is told of by whoever it fails for.
                let _ = self.follow(&services, &execution, &events);
            }
            // Whoever asked may have gone away.
            Message::Flush(reply) => drop(reply.send(())),
        }
    }

    fn follow(
        &mut self,
        services: &Services,
        execution: &ExecutionArn,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else {
            return Ok(());
        };
        let ends = is_end(&last.kind);
        let mut followed = match self.followed.remove(execution) {
            Some(followed) => followed,
            None => begin(services, execution, first)?,
        };
        if let Some(followed) = &mut followed {
            followed.log(services, execution, events)?;
        }
        if !ends {
            if self.followed.len() >= LOG_FOLLOWED_MAX {
                // Any of them: it is read again when something happens to it.
                let any = self.followed.keys().next().cloned();
                any.and_then(|any| self.followed.remove(&any));
            }
            self.followed.insert(execution.clone(), followed);
        }
        Ok(())
    }
}

/// Begins to follow an execution with this event, whatever happened to it before; `None`: it is not
/// logged.
fn begin(
    services: &Services,
    execution: &ExecutionArn,
    next: &Event,
) -> Result<Option<Followed>, StoreError> {
    let runtime = &services.runtime;
    let stored = match &next.kind {
        EventKind::ExecutionStarted { .. } => None,
        _ => runtime.events(execution, 0, 1)?.into_iter().next(),
    };
    let EventKind::ExecutionStarted { header, .. } = &stored.as_ref().unwrap_or(next).kind else {
        return Ok(None);
    };
    let found = services
        .machines
        .revision(&header.machine_arn, &header.revision);
    // A machine that cannot be read is not logged; whoever starts it is told.
    let Some(revision) = found.ok().flatten() else {
        return Ok(None);
    };
    if revision.logging.group().is_none() {
        return Ok(None);
    }
    let mut followed = Followed {
        revision,
        standing: Standing::default(),
        seq: 0,
        redrive_count: 0,
    };
    while followed.seq + 1 < next.seq {
        let events = runtime.events(execution, followed.seq, usize::MAX)?;
        let before: Vec<Event> = events
            .into_iter()
            .take_while(|event| event.seq < next.seq)
            .collect();
        if before.is_empty() {
            break;
        }
        followed.pass(&before);
    }
    Ok(Some(followed))
}

impl Followed {
    /// Follows events that were logged before.
    fn pass(&mut self, events: &[Event]) {
        let machine = self.revision.machine.clone();
        let mut history = History::resume(&machine, std::mem::take(&mut self.standing));
        for event in events {
            history.pass(event);
            self.note(event);
        }
        self.standing = history.pause();
    }

    /// Logs events, and those before them that were not logged yet.
    fn log(
        &mut self,
        services: &Services,
        execution: &ExecutionArn,
        events: &[Event],
    ) -> Result<(), StoreError> {
        while events.first().is_some_and(|first| self.seq + 1 < first.seq) {
            let missed = services.runtime.events(execution, self.seq, usize::MAX)?;
            if missed.is_empty() {
                break;
            }
            self.write(services, execution, &missed);
        }
        self.write(services, execution, events);
        Ok(())
    }

    fn write(&mut self, services: &Services, execution: &ExecutionArn, events: &[Event]) {
        let revision = self.revision.clone();
        let (level, data) = (
            revision.logging.level,
            revision.logging.include_execution_data,
        );
        let mut history = History::resume(&revision.machine, std::mem::take(&mut self.standing));
        let (mut logged, mut at) = (Vec::new(), None);
        for event in events.iter().filter(|event| event.seq > self.seq) {
            let wire: Option<Value> = history.event(event);
            if let EventKind::ExecutionRedriven { .. } = event.kind {
                self.redrive_count += 1;
            }
            at = Some(event.at);
            let arn = execution.as_str();
            logged.extend(lines(wire.as_slice(), level, data, arn, self.redrive_count));
        }
        self.standing = history.pause();
        self.seq = events
            .last()
            .map_or(self.seq, |last| last.seq.max(self.seq));
        if let (Some(group), Some(at)) = (revision.logging.group(), at) {
            let stream = stream_name(&revision.machine_name, &revision.machine_arn, at);
            services.logs.append(group, &stream, logged);
        }
    }

    fn note(&mut self, event: &Event) {
        self.seq = event.seq;
        if let EventKind::ExecutionRedriven { .. } = event.kind {
            self.redrive_count += 1;
        }
    }
}

fn is_end(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
    )
}
