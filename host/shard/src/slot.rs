//! One execution in the memory of its shard: its state, how much of it is durable, and what waits.

use std::collections::VecDeque;
use std::sync::Arc;

use engine::{
    Event, Execution, ExecutionArn, Header, Index, InputKind, Status, TaskCall, TimerChange,
    Transition,
};

use crate::effect::Answer;
use crate::input::ReplyId;
use crate::limits;
use crate::pinned::Pinned;

/// An execution that the shard runs.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) pinned: Arc<Pinned>,
    pub(crate) execution: Execution,
    /// Sequence number of the last durable event.
    pub(crate) durable_seq: u64,
    /// How many events may be not durable yet before inputs wait.
    events_ahead_max: usize,
    /// The events that are being made durable.
    pub(crate) in_flight: Option<Arc<[Event]>>,
    /// Events that the next commit takes.
    pub(crate) gathered: Vec<Event>,
    /// Changes to timers that the next commit takes.
    pub(crate) timer_changes: Vec<TimerChange>,
    /// What waits until the event of this number is durable.
    pub(crate) held: VecDeque<(u64, Held)>,
    /// Inputs that wait because the execution is too far ahead.
    pub(crate) mailbox: VecDeque<InputKind>,
    /// Payload of the events that are not durable yet (bytes).
    pub(crate) bytes_ahead: usize,
    /// Events since the last snapshot.
    pub(crate) since_snapshot: u64,
    /// An `Effect::Continue` is on its way.
    pub(crate) continues: bool,
}

/// What may only happen after a commit.
#[derive(Debug)]
pub(crate) enum Held {
    Run(Box<TaskCall>),
    Answer(ReplyId, Answer),
}

impl Slot {
    pub(crate) fn new(pinned: Arc<Pinned>, events_ahead_max: usize) -> Slot {
        Slot {
            pinned,
            execution: Execution::new(),
            durable_seq: 0,
            events_ahead_max,
            in_flight: None,
            gathered: Vec::new(),
            timer_changes: Vec::new(),
            held: VecDeque::new(),
            mailbox: VecDeque::new(),
            bytes_ahead: 0,
            since_snapshot: 0,
            continues: false,
        }
    }

    /// An execution of which everything is durable.
    pub(crate) fn loaded(
        execution: Execution,
        pinned: Arc<Pinned>,
        events_ahead_max: usize,
    ) -> Slot {
        Slot {
            durable_seq: execution.seq(),
            execution,
            // How many events the last snapshot is behind is not known; the next commit writes one.
            since_snapshot: limits::EVENTS_PER_SNAPSHOT,
            ..Slot::new(pinned, events_ahead_max)
        }
    }

    /// Whether its inputs have to wait for a commit (D3).
    pub(crate) fn is_too_far_ahead(&self) -> bool {
        let ahead = self.execution.seq().saturating_sub(self.durable_seq);
        ahead >= self.events_ahead_max as u64 || self.bytes_ahead >= limits::BYTES_AHEAD_MAX
    }

    pub(crate) fn gather(&mut self, events: Vec<Event>) {
        self.bytes_ahead += events
            .iter()
            .map(|event| event.kind.payload_bytes())
            .sum::<usize>();
        self.since_snapshot += events.len() as u64;
        self.gathered.extend(events);
    }

    /// The next commit, if there is something to commit and none is in flight.
    pub(crate) fn next_transition(
        &mut self,
        arn: &ExecutionArn,
        shard: u32,
        epoch: u64,
    ) -> Option<Transition> {
        let header = self.execution.header()?;
        if self.in_flight.is_some() || self.gathered.is_empty() {
            return None;
        }
        let index = index_of(header, &self.execution);
        let events: Arc<[Event]> = std::mem::take(&mut self.gathered).into();
        self.in_flight = Some(events.clone());
        let wants_snapshot = self.execution.is_parked(|_| false)
            || self.execution.status() != Status::Running
            || self.since_snapshot >= limits::EVENTS_PER_SNAPSHOT;
        let snapshot = wants_snapshot.then(|| {
            self.since_snapshot = 0;
            Arc::new(self.execution.clone())
        });
        Some(Transition {
            execution: arn.clone(),
            shard,
            epoch,
            expect_seq: self.durable_seq,
            events,
            snapshot,
            timers: std::mem::take(&mut self.timer_changes),
            index,
        })
    }

    /// A commit came through: what was in flight can be shown.
    pub(crate) fn take_durable(&mut self, seq: u64) -> Option<Arc<[Event]>> {
        if self.in_flight.as_ref()?.last()?.seq != seq {
            // It speaks of an execution of this name that was lost meanwhile.
            return None;
        }
        let events = self.in_flight.take()?;
        self.durable_seq = seq;
        if self.gathered.is_empty() {
            self.bytes_ahead = 0;
        } else {
            let landed: usize = events.iter().map(|event| event.kind.payload_bytes()).sum();
            self.bytes_ahead = self.bytes_ahead.saturating_sub(landed);
        }
        Some(events)
    }
}

fn index_of(header: &Header, execution: &Execution) -> Index {
    Index {
        machine_arn: header.machine_arn.clone(),
        name: header.name.clone(),
        status: execution.status(),
        started_at: header.started_at,
        stopped_at: execution.stopped_at(),
        version_arn: header.version_arn.clone(),
        alias_arn: header.alias_arn.clone(),
        redrive_count: execution.redrive_count(),
        redriven_at: execution.redriven_at(),
    }
}
