//! The state of one execution: the fold of its events (I1). Only [`crate::apply`] changes it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use asl::{ScopeId, StateId, StateMachine};
use expr::Data;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::effect::TimerKey;
use crate::event::{ErrorOutput, Header, Workflow};
use crate::ids::{AttemptId, FrameId, Timestamp};
use crate::limits;

/// An execution, from its first event on. Holds no reference to the definition, only indexes into it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Execution {
    pub(crate) header: Option<Box<Header>>,
    pub(crate) seq: u64,
    /// Time of the last event: a clock that goes backwards reorders nothing (I15).
    pub(crate) last_at: Timestamp,
    pub(crate) history_id: u64,
    pub(crate) status: Status,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) stopped_at: Option<Timestamp>,
    pub(crate) frames: BTreeMap<FrameId, Frame>,
    /// Frames that can go on without anything from outside, oldest first.
    pub(crate) ready: VecDeque<FrameId>,
    pub(crate) next_frame: u64,
    pub(crate) next_attempt: u64,
    /// What may still be answered, and by which frame it is awaited.
    pub(crate) attempts: BTreeMap<AttemptId, FrameId>,
    #[serde(default)]
    pub(crate) redrive_count: u32,
    #[serde(default)]
    pub(crate) redriven_at: Option<Timestamp>,
}

/// Where an execution stands, in AWS's words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// RUNNING
    #[default]
    Running,
    /// SUCCEEDED
    Succeeded,
    /// FAILED
    Failed,
    /// TIMED_OUT
    TimedOut,
    /// ABORTED
    Aborted,
}

impl Status {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Running => "RUNNING",
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::TimedOut => "TIMED_OUT",
            Status::Aborted => "ABORTED",
        }
    }
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// With an output.
    Output(Data),
    /// With an error.
    Error(ErrorOutput),
}

/// A thread of control: the top level, a branch or an iteration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Frame {
    /// The frame whose Parallel or Map it belongs to.
    pub(crate) parent: Option<FrameId>,
    /// Which branch or iteration, from 0.
    pub(crate) index: u64,
    /// The states it may be in.
    pub(crate) scope: ScopeId,
    /// Id of its last visible event: the next one's `previousEventId`.
    pub(crate) previous: u64,
    /// Variables assigned in this scope.
    pub(crate) variables: BTreeMap<Arc<str>, Data>,
    /// Whether it is an iteration of a Map: `$$.Map.Item` is then the item at `index`.
    pub(crate) is_iteration: bool,
    /// The state it is in.
    pub(crate) visit: Option<Visit>,
    /// What it does there.
    pub(crate) phase: Phase,
}

/// One stay in a state, over all its retries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Visit {
    pub(crate) state: StateId,
    /// Raw input.
    pub(crate) input: Data,
    pub(crate) entered_at: Timestamp,
    /// Id of the `…StateEntered` event.
    pub(crate) entered_id: u64,
    /// How often each retrier was used (ASL.md §4.1), by its index.
    pub(crate) retrier_counts: BTreeMap<u32, u64>,
    /// All of them together: `$$.State.RetryCount`.
    pub(crate) retries: u64,
    /// Id of the event before the `…StateEntered` one.
    #[serde(default)]
    pub(crate) entered_previous: u64,
}

/// What a frame does or waits for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Phase {
    /// Ready: about to enter this state.
    Entering { state: StateId, input: Data },
    /// Ready: entered, or about to be tried again.
    Entered,
    /// A task is out.
    Running(Running),
    /// In a Wait.
    Waiting {
        attempt: AttemptId,
        until: Timestamp,
    },
    /// In a retry delay.
    Backoff {
        attempt: AttemptId,
        until: Timestamp,
    },
    /// In branches or iterations.
    Children(Children),
    /// Ready: the raw result is there.
    Succeeded { result: Data },
    /// Ready: failed, Retry and Catch not asked yet.
    Failing(Failing),
    /// Ready: the scope has ended.
    Ended { output: Data },
    /// It failed for good, or something around it did: nothing happens any more, unless it is redriven.
    Halted(Halted),
    /// Ready: redriven, and about to be tried again; with the branches or iterations it had.
    Resuming(Option<Children>),
}

/// Where a frame is taken up again by a redrive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Halted {
    /// It was about to enter a state.
    Entering { state: StateId, input: Data },
    /// In the state that it visits.
    Within,
    /// In those branches or iterations that had not succeeded.
    Children(Children),
    /// Its scope had ended.
    Ended { output: Data },
}

/// A task in flight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Running {
    pub(crate) attempt: AttemptId,
    /// What it was given: a host that comes back may have to give it again.
    pub(crate) parameters: Data,
    pub(crate) scheduled_at: Timestamp,
    pub(crate) started: bool,
    /// The request of a task that is waited for was answered.
    pub(crate) submitted: bool,
    /// How often it was run again because its host had died.
    pub(crate) recoveries: u32,
    pub(crate) timeout_at: Option<Timestamp>,
    pub(crate) heartbeat_at: Option<Timestamp>,
    pub(crate) timeout_seconds: Option<u64>,
    pub(crate) heartbeat_seconds: Option<u64>,
}

/// Branches or iterations in flight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Children {
    /// `None`: a Parallel.
    pub(crate) map: Option<MapProgress>,
    /// One for each branch or item.
    pub(crate) results: Vec<Option<Data>>,
    /// How many of `results` are there.
    pub(crate) finished: u64,
    /// The frames that are alive.
    pub(crate) live: BTreeSet<FrameId>,
    /// `previous` of the child that ended last: an iteration that starts in its place follows it.
    pub(crate) freed_by: u64,
}

/// The part that only a Map has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MapProgress {
    pub(crate) items: Data,
    /// The next item to start.
    pub(crate) next: u64,
    pub(crate) concurrency: u64,
}

impl MapProgress {
    pub(crate) fn item(&self, index: u64) -> Option<&Value> {
        self.items.value().get(usize::try_from(index).ok()?)
    }
}

/// A failure that Retry and Catch may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Failing {
    pub(crate) error: ErrorOutput,
    /// A missed heartbeat: `States.HeartbeatTimeout` matches too.
    pub(crate) is_heartbeat: bool,
    /// It came from a branch or iteration: `States.BranchFailed` matches a Parallel's.
    pub(crate) from_child: bool,
    /// It came from a task, so that `States.TaskFailed` matches.
    pub(crate) from_task: bool,
    /// A timeout has no cause in the history, and an empty one for a catcher.
    pub(crate) timed_out: bool,
    /// Its branches or iterations, halted: a redrive goes on with them if nobody takes the failure.
    pub(crate) children: Option<Children>,
}

impl Execution {
    /// An execution that nothing has happened to.
    pub fn new() -> Execution {
        Execution::default()
    }

    /// What was fixed at the start; `None` before it.
    pub fn header(&self) -> Option<&Header> {
        self.header.as_deref()
    }

    /// How many events AWS's history of it has.
    pub fn history_events(&self) -> u64 {
        self.history_id
    }

    /// Sequence number of the last event.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.status
    }

    /// How it ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// When it ended, once it has.
    pub fn stopped_at(&self) -> Option<Timestamp> {
        self.stopped_at
    }

    /// How often it was redriven.
    pub fn redrive_count(&self) -> u32 {
        self.redrive_count
    }

    /// When it was redriven last.
    pub fn redriven_at(&self) -> Option<Timestamp> {
        self.redriven_at
    }

    /// Whether [`crate::InputKind::Redrive`] does anything: a Standard execution that ended and did not
    /// succeed, with room in its history. How long ago it ended is for the caller to judge.
    pub fn is_redrivable(&self) -> bool {
        let has_failed = match self.status {
            Status::Failed | Status::TimedOut | Status::Aborted => true,
            Status::Running | Status::Succeeded => false,
        };
        let is_kept = self
            .frame(FrameId::ROOT)
            .is_some_and(|root| matches!(root.phase, Phase::Halted(_)));
        has_failed && is_kept && self.history_id < limits::REDRIVABLE_EVENTS_MAX
    }

    /// Whether a failure may be redriven, so that what was going on has to be kept.
    pub(crate) fn keeps_failures(&self) -> bool {
        self.header()
            .is_some_and(|header| header.workflow == Workflow::Standard)
    }

    /// Whether it waits for something from outside, or is over. A state that is not quiescent was
    /// cut off by the step budget and wants [`crate::InputKind::Continue`].
    pub fn is_quiescent(&self) -> bool {
        self.ready.is_empty()
    }

    /// Whether it only waits for timers and callbacks, with no task running in this host.
    /// `is_remote` tells of an attempt whether somebody else works on it.
    pub fn is_parked(&self, is_remote: impl Fn(AttemptId) -> bool) -> bool {
        self.is_quiescent()
            && self.frames.values().all(|frame| match &frame.phase {
                Phase::Running(running) => is_remote(running.attempt),
                _ => true,
            })
    }

    /// The tasks that are out.
    pub fn running(&self) -> impl Iterator<Item = AttemptId> {
        self.frames.values().filter_map(|frame| match &frame.phase {
            Phase::Running(running) => Some(running.attempt),
            _ => None,
        })
    }

    /// Whether this attempt may still be answered.
    pub fn awaits(&self, attempt: AttemptId) -> bool {
        self.attempts.contains_key(&attempt)
    }

    /// When its own time is up, once it has started: `TimeoutSeconds` of the definition, and never more
    /// than executions of its kind get. It begins anew when it is redriven.
    pub fn deadline(&self, machine: &StateMachine) -> Option<Timestamp> {
        let header = self.header.as_ref()?;
        let longest = match header.workflow {
            Workflow::Standard => limits::STANDARD_SECONDS_MAX,
            Workflow::Express => limits::EXPRESS_SECONDS_MAX,
        };
        let seconds = machine.timeout_seconds.unwrap_or(longest).min(longest);
        let since = self.redriven_at.unwrap_or(header.started_at);
        Some(since.plus_seconds(seconds))
    }

    /// The timers that the state needs, for recovery: exactly those that were armed and not disarmed.
    pub fn timers(&self, machine: &StateMachine) -> Vec<(TimerKey, Timestamp)> {
        let mut timers = Vec::new();
        if self.status != Status::Running {
            return timers;
        }
        timers.extend(self.deadline(machine).map(|at| (TimerKey::Execution, at)));
        for frame in self.frames.values() {
            match &frame.phase {
                Phase::Waiting { attempt, until } => {
                    timers.push((TimerKey::Wait(*attempt), *until))
                }
                Phase::Backoff { attempt, until } => {
                    timers.push((TimerKey::Retry(*attempt), *until));
                }
                Phase::Running(running) => {
                    let attempt = running.attempt;
                    timers.extend(
                        running
                            .timeout_at
                            .map(|at| (TimerKey::Timeout(attempt), at)),
                    );
                    timers.extend(
                        running
                            .heartbeat_at
                            .map(|at| (TimerKey::Heartbeat(attempt), at)),
                    );
                }
                _ => {}
            }
        }
        timers
    }

    pub(crate) fn frame(&self, id: FrameId) -> Option<&Frame> {
        self.frames.get(&id)
    }

    /// The value of a variable as the frame sees it: its own scope first, then outwards.
    pub(crate) fn variable(&self, mut id: FrameId, name: &str) -> Option<&Data> {
        loop {
            let frame = self.frames.get(&id)?;
            if let Some(value) = frame.variables.get(name) {
                return Some(value);
            }
            id = frame.parent?;
        }
    }

    /// All variables of all scopes (bytes of JSON).
    pub(crate) fn variables_bytes(&self) -> usize {
        let variables = self.frames.values().flat_map(|frame| &frame.variables);
        variables.map(|(_, value)| value.len_bytes()).sum()
    }

    /// Index and value of `$$.Map.Item` as the frame sees it: the innermost iteration around it.
    pub(crate) fn map_item(&self, mut id: FrameId) -> Option<(u64, &Value)> {
        loop {
            let frame = self.frames.get(&id)?;
            let parent = frame.parent?;
            if frame.is_iteration
                && let Phase::Children(Children { map: Some(map), .. }) =
                    &self.frames.get(&parent)?.phase
            {
                return Some((frame.index, map.item(frame.index)?));
            }
            id = parent;
        }
    }
}

impl Phase {
    /// Whether the frame can go on by itself.
    pub(crate) fn is_ready(&self) -> bool {
        match self {
            Phase::Entering { .. }
            | Phase::Entered
            | Phase::Succeeded { .. }
            | Phase::Failing(_)
            | Phase::Ended { .. }
            | Phase::Resuming(_) => true,
            Phase::Running(_)
            | Phase::Waiting { .. }
            | Phase::Backoff { .. }
            | Phase::Halted(_) => false,
            Phase::Children(children) => children.wants_attention(),
        }
    }

    /// The branches or iterations of a state, whether they run or have been halted.
    pub(crate) fn children(&self) -> Option<&Children> {
        match self {
            Phase::Children(children) | Phase::Halted(Halted::Children(children)) => Some(children),
            Phase::Failing(failing) => failing.children.as_ref(),
            Phase::Resuming(children) => children.as_ref(),
            Phase::Entering { .. }
            | Phase::Entered
            | Phase::Running(_)
            | Phase::Waiting { .. }
            | Phase::Backoff { .. }
            | Phase::Succeeded { .. }
            | Phase::Ended { .. }
            | Phase::Halted(_) => None,
        }
    }

    /// The attempt that is awaited.
    pub(crate) fn attempt(&self) -> Option<AttemptId> {
        match self {
            Phase::Running(running) => Some(running.attempt),
            Phase::Waiting { attempt, .. } | Phase::Backoff { attempt, .. } => Some(*attempt),
            _ => None,
        }
    }
}

impl Children {
    /// Done, or a Map with room for another iteration.
    pub(crate) fn wants_attention(&self) -> bool {
        self.is_done() || self.can_start()
    }

    /// Whether the results can be put together at all.
    pub(crate) fn results_fit(&self) -> bool {
        let mut bytes = 0_usize;
        self.results.iter().flatten().all(|result| {
            bytes = bytes.saturating_add(result.len_bytes());
            bytes <= limits::RESULTS_BYTES_MAX
        })
    }

    pub(crate) fn is_done(&self) -> bool {
        self.finished == self.results.len() as u64
    }

    pub(crate) fn can_start(&self) -> bool {
        self.map.as_ref().is_some_and(|map| {
            map.next < self.results.len() as u64 && (self.live.len() as u64) < map.concurrency
        })
    }
}
