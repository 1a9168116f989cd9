//! Follows executions whose machines log, and appends their events to their log groups. For Express
//! executions this is the only history that stays.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use asl::StateMachine;
use engine::{Event, EventKind, ExecutionArn, Header};
use runtime::logs::LogEvent;
use runtime::machines::{Logging, Revision};
use runtime::{Publisher, Services};
use tokio::sync::mpsc;

use super::executions::{self, Level};
use crate::history::History;
use crate::limits::EVENT_BATCHES_FOLLOWED_MAX;

/// What the runtime tells: which execution, and what happened.
type Batch = (ExecutionArn, Arc<[Event]>);

/// Hands the events of logged executions over to the task that writes them.
pub struct Follower {
    services: Weak<Services>,
    /// Whether an execution that runs is logged; it is forgotten when it ends.
    logged: Mutex<HashMap<ExecutionArn, bool>>,
    batches: mpsc::Sender<Batch>,
    dropped: Arc<AtomicU64>,
}

impl Follower {
    /// Follows the executions of these services from now on.
    pub fn start(services: &Arc<Services>) {
        let (sender, receiver) = mpsc::channel(EVENT_BATCHES_FOLLOWED_MAX);
        let dropped = Arc::new(AtomicU64::new(0));
        services.follow(Arc::new(Follower {
            services: Arc::downgrade(services),
            logged: Mutex::default(),
            batches: sender,
            dropped: dropped.clone(),
        }));
        let writer = Writer {
            services: Arc::downgrade(services),
            followed: HashMap::new(),
            dropped,
        };
        tokio::spawn(writer.run(receiver));
    }

    /// Whether the execution is logged. Of one that began before this process nothing is known yet: the
    /// writer finds out.
    fn is_logged(&self, execution: &ExecutionArn, events: &[Event]) -> bool {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        let known = match events.first().map(|event| &event.kind) {
            Some(EventKind::ExecutionStarted { header, .. }) => {
                let wants = self.wants(header);
                logged.insert(execution.clone(), wants);
                wants
            }
            _ => logged.get(execution).copied().unwrap_or(true),
        };
        if events.last().is_some_and(|event| event.kind.is_terminal()) {
            logged.remove(execution);
        }
        known
    }

    fn wants(&self, header: &Header) -> bool {
        // The start has just found the revision, so that this reads no disk.
        self.services
            .upgrade()
            .and_then(|services| revision_of(&services, header))
            .is_some_and(|revision| revision.logging.group().is_some())
    }
}

impl Publisher for Follower {
    fn published(&self, execution: &ExecutionArn, events: &Arc<[Event]>) {
        if self.is_logged(execution, events)
            && self
                .batches
                .try_send((execution.clone(), events.clone()))
                .is_err()
        {
            let lost = u64::try_from(events.len()).unwrap_or(u64::MAX);
            self.dropped.fetch_add(lost, Ordering::Relaxed);
        }
    }
}

/// Writes what happens to logged executions.
struct Writer {
    services: Weak<Services>,
    followed: HashMap<ExecutionArn, Option<Followed>>,
    dropped: Arc<AtomicU64>,
}

/// One logged execution.
struct Followed {
    history: History<Arc<StateMachine>>,
    /// Of the last event that `history` has seen.
    seq: u64,
    redrives: u64,
    level: Level,
    include_data: bool,
    group: String,
    stream: String,
}

impl Writer {
    async fn run(mut self, mut batches: mpsc::Receiver<Batch>) {
        while let Some((execution, events)) = batches.recv().await {
            let Some(services) = self.services.upgrade() else {
                return;
            };
            self.write(&services, &execution, &events);
        }
    }

    fn write(&mut self, services: &Services, execution: &ExecutionArn, events: &[Event]) {
        let Some(first) = events.first() else {
            return;
        };
        let followed = self
            .followed
            .entry(execution.clone())
            .or_insert_with(|| Followed::open(services, execution, first));
        if let Some(followed) = followed {
            followed.catch_up(services, execution, first.seq);
            let mut lines = followed.lines(execution, events);
            let dropped = self.dropped.swap(0, Ordering::Relaxed);
            if dropped > 0 {
                lines.push(LogEvent {
                    timestamp_ms: first.at.0 / 1_000,
                    message: format!(
                        "{dropped} events were not logged: they came faster than they could be written"
                    ),
                });
            }
            if !lines.is_empty() {
                let (group, stream) = (&followed.group, &followed.stream);
                services.logs.append(group, stream, lines);
            }
        }
        if events.last().is_some_and(|event| event.kind.is_terminal()) {
            self.followed.remove(execution);
        }
    }
}

impl Followed {
    /// `None`: it is not logged.
    fn open(services: &Services, execution: &ExecutionArn, first: &Event) -> Option<Followed> {
        let revision = match &first.kind {
            EventKind::ExecutionStarted { header, .. } => revision_of(services, header)?,
            _ => {
                let view = services.runtime.describe(execution).ok()??;
                revision_of(services, &view.header)?
            }
        };
        let Logging {
            level,
            include_execution_data,
            ..
        } = &revision.logging;
        Some(Followed {
            history: History::new(revision.machine.clone()),
            seq: 0,
            redrives: 0,
            level: Level::parse(level.as_str())?,
            include_data: *include_execution_data,
            group: revision.logging.group()?.to_owned(),
            stream: executions::stream_name(
                &revision.machine_name,
                &revision.machine_arn,
                first.at,
            ),
        })
    }

    /// What came before `seq` and was not told here (a restart, a redrive) tells where the execution
    /// stands; it was logged then.
    fn catch_up(&mut self, services: &Services, execution: &ExecutionArn, seq: u64) {
        while self.seq + 1 < seq {
            let missing = usize::try_from(seq - self.seq - 1).unwrap_or(usize::MAX);
            let events = services.runtime.events(execution, self.seq, missing);
            let Some(events) = events.ok().filter(|events| !events.is_empty()) else {
                return;
            };
            for event in events.iter().filter(|event| event.seq < seq) {
                self.see(event);
            }
        }
    }

    fn lines(&mut self, execution: &ExecutionArn, events: &[Event]) -> Vec<LogEvent> {
        let mut lines = Vec::new();
        for event in events {
            if let Some(wire) = self.see(event) {
                lines.extend(executions::lines(
                    &[wire],
                    self.level,
                    self.include_data,
                    execution.as_str(),
                    self.redrives,
                ));
            }
        }
        lines
    }

    fn see(&mut self, event: &Event) -> Option<serde_json::Value> {
        self.seq = event.seq;
        if matches!(event.kind, EventKind::ExecutionRedriven { .. }) {
            self.redrives += 1;
        }
        self.history.event(event)
    }
}

fn revision_of(services: &Services, header: &Header) -> Option<Arc<Revision>> {
    services
        .machines
        .revision(&header.machine_arn, &header.revision)
        .ok()?
}
