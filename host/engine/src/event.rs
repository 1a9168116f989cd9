//! What happened: the ground truth of an execution (DESIGN D1). Richer than AWS's history, which
//! [`crate::history`] derives from it.

use std::sync::Arc;

use asl::{Resource, ScopeId, StateId};
use expr::Data;
use serde::{Deserialize, Serialize};

use crate::ids::{AttemptId, ExecutionArn, FrameId, Timestamp};
use crate::limits;

/// One record. `seq` is gap-free from 1 in each execution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Position in the execution, from 1.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Its place in AWS's history; `None`: an internal record that AWS has no event for.
    pub history: Option<HistoryLink>,
    /// Where in the execution.
    pub frame: FrameId,
    /// What.
    pub kind: EventKind,
}

/// `id` and `previousEventId` of AWS's event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLink {
    /// Dense from 1.
    pub id: u64,
    /// The event that caused it; 0: none.
    pub previous: u64,
}

/// STANDARD or EXPRESS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Workflow {
    /// Durable, with a history.
    #[default]
    Standard,
    /// In memory only.
    Express,
}

/// What is fixed when an execution starts (I7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Its ARN.
    pub arn: ExecutionArn,
    /// Its name.
    pub name: Arc<str>,
    /// ARN of the state machine, without version.
    pub machine_arn: Arc<str>,
    /// Name of the state machine.
    pub machine_name: Arc<str>,
    /// Revision of the definition that this execution runs to its end; empty where there is only one.
    pub revision: Arc<str>,
    /// Role given at creation; shown, not used.
    pub role_arn: Arc<str>,
    /// STANDARD or EXPRESS.
    pub workflow: Workflow,
    /// The input.
    pub input: Data,
    /// When it was started.
    pub started_at: Timestamp,
    /// The version that it was started through, or that its alias chose.
    #[serde(default)]
    pub version_arn: Option<Arc<str>>,
    /// The alias that it was started through.
    #[serde(default)]
    pub alias_arn: Option<Arc<str>>,
    /// X-Ray's trace header, as given.
    #[serde(default)]
    pub trace_header: Option<Arc<str>>,
}

/// What an attempt used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Fuel burnt by the guest (wasmtime fuel units).
    pub fuel: u64,
    /// The most linear memory the guest held (bytes).
    pub memory_peak_bytes: u64,
    /// Time inside the sandbox (µs).
    pub duration_us: u64,
}

/// An error as ASL sees it. `None` where the worker gave none (ASL.md §4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorOutput {
    /// What Retry and Catch match.
    pub error: Option<Arc<str>>,
    /// Free text.
    pub cause: Option<Arc<str>>,
}

impl ErrorOutput {
    /// An error with a name and a cause.
    pub fn new(error: impl Into<Arc<str>>, cause: impl Into<Arc<str>>) -> ErrorOutput {
        ErrorOutput {
            error: Some(error.into()),
            cause: Some(cause.into()),
        }
    }
}

impl ErrorOutput {
    /// Names and causes come from guests, clients and data: they are cut to what AWS's model allows.
    pub(crate) fn bounded(self) -> ErrorOutput {
        let cut = |text: Arc<str>, max: usize| {
            if text.len() <= max {
                return text;
            }
            match text.char_indices().nth(max) {
                Some((end, _)) => text.get(..end).unwrap_or_default().into(),
                None => text,
            }
        };
        ErrorOutput {
            error: self.error.map(|text| cut(text, limits::ERROR_CHARS_MAX)),
            cause: self.cause.map(|text| cut(text, limits::CAUSE_CHARS_MAX)),
        }
    }

    /// `States.DataLimitExceeded` in AWS's words (ASL.md §1.7); `what`: the state, or what its task
    /// calls.
    pub fn too_large(what: &str) -> ErrorOutput {
        ErrorOutput::new(
            "States.DataLimitExceeded",
            format!(
                "The state/task '{what}' returned a result with a size exceeding the maximum number \
                 of bytes service limit."
            ),
        )
    }

    /// The same for the result of a task: an integration is named by its service, anything else by its
    /// ARN (recorded from AWS).
    pub fn result_too_large(resource: &Resource) -> ErrorOutput {
        match resource {
            Resource::Integration { service, .. } => ErrorOutput::too_large(service),
            Resource::Function { arn, .. } | Resource::Activity { arn, .. } => {
                ErrorOutput::too_large(arn)
            }
        }
    }
}

/// A scope and the state it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The scope.
    pub scope: ScopeId,
    /// Its `StartAt`.
    pub start_at: StateId,
}

/// Where a frame goes after a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Went {
    /// To this state of the same scope.
    Next(StateId),
    /// The scope is done.
    End,
}

/// The kinds of event. Those marked *internal* have no event of AWS's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EventKind {
    /// The execution began.
    ExecutionStarted {
        /// What is fixed from now on.
        header: Box<Header>,
        /// Where it begins.
        place: Place,
    },
    /// It ended well.
    ExecutionSucceeded {
        /// Its output.
        output: Data,
    },
    /// It failed.
    ExecutionFailed(ErrorOutput),
    /// Its own time was up.
    ExecutionTimedOut(ErrorOutput),
    /// Somebody stopped it.
    ExecutionAborted(ErrorOutput),
    /// It had failed, timed out or been stopped, and goes on where it was.
    ExecutionRedriven {
        /// How often it was, with this time.
        redrive_count: u32,
    },

    /// A state was entered.
    StateEntered {
        /// Which.
        state: StateId,
        /// Its raw input.
        input: Data,
    },
    /// *Internal.* A state that had failed is tried again by a redrive.
    StateResumed,
    /// A Parallel or Map is taken up again by a redrive: what had not succeeded of it runs again. AWS
    /// writes another `…StateStarted`.
    ChildrenResumed {
        /// How many items there are; `None`: a Parallel.
        length: Option<u64>,
    },
    /// A state was left, also by a catcher.
    StateExited {
        /// Its output.
        output: Data,
        /// The variables it assigned.
        assigned: Vec<(Arc<str>, Data)>,
        /// Whereto.
        went: Went,
    },
    /// The state of a branch or iteration ended because a sibling failed.
    StateAborted,
    /// *Internal.* The state's own evaluation failed, with an error that Retry and Catch may take.
    StateFailed(ErrorOutput),
    /// *Internal.* A branch or iteration failed for good; its siblings are gone with it.
    ChildFailed {
        /// Which.
        child: FrameId,
        /// Its error.
        error: ErrorOutput,
    },
    /// *Internal.* A retrier took the failure: the next try is due at `until`.
    RetryArmed {
        /// Which retrier.
        retrier: u32,
        /// Names the delay's timer.
        attempt: AttemptId,
        /// When the next try begins.
        until: Timestamp,
    },
    /// *Internal.* The delay is over: the state is tried again.
    RetryBegun,
    /// *Internal.* A Wait state knows when it ends.
    WaitArmed {
        /// Names the timer.
        attempt: AttemptId,
        /// When it ends.
        until: Timestamp,
    },

    /// A task was handed out.
    TaskScheduled {
        /// The try.
        attempt: AttemptId,
        /// What it was given.
        parameters: Data,
        /// `TimeoutSeconds`, evaluated (s).
        timeout_seconds: Option<u64>,
        /// `HeartbeatSeconds`, evaluated (s).
        heartbeat_seconds: Option<u64>,
        /// `Credentials.RoleArn`, evaluated.
        role_arn: Option<Arc<str>>,
    },
    /// Its worker began.
    TaskStarted {
        /// The try.
        attempt: AttemptId,
        /// Name of the activity worker.
        worker: Option<Arc<str>>,
    },
    /// The request of a task that is waited for was answered.
    TaskSubmitted {
        /// The try.
        attempt: AttemptId,
        /// The answer.
        output: Data,
    },
    /// *Internal.* The host that ran the task died, and the task is run again by the next one. It is
    /// counted before that, so that a task which kills its host cannot do so for ever (DESIGN D3).
    TaskRecovered {
        /// The try; it stays the same.
        attempt: AttemptId,
    },
    /// *Internal.* A heartbeat came in.
    HeartbeatRecorded {
        /// The try.
        attempt: AttemptId,
        /// The new deadline.
        until: Timestamp,
    },
    /// The task ended well.
    TaskSucceeded {
        /// The try.
        attempt: AttemptId,
        /// Its result.
        output: Data,
        /// What it used.
        usage: Usage,
    },
    /// The task failed.
    TaskFailed {
        /// The try.
        attempt: AttemptId,
        /// The error.
        error: ErrorOutput,
        /// What it used.
        usage: Usage,
    },
    /// `TimeoutSeconds` or `HeartbeatSeconds` ran out.
    TaskTimedOut {
        /// The try.
        attempt: AttemptId,
        /// It was the heartbeat.
        heartbeat: bool,
    },

    /// The branches begin.
    ParallelStarted {
        /// What each branch is given.
        input: Data,
        /// The branches.
        branches: Vec<Place>,
    },
    /// All branches ended well.
    ParallelSucceeded,
    /// A branch failed and no retrier took it.
    ParallelFailed,
    /// The iterations begin.
    MapStarted {
        /// The items, an array.
        items: Data,
        /// How many there are.
        length: u64,
        /// How many run at once, at the most.
        concurrency: u64,
    },
    /// An iteration began.
    IterationStarted {
        /// Which, from 0.
        index: u64,
        /// What it was given.
        input: Data,
        /// The processor.
        place: Place,
    },
    /// An iteration ended well.
    IterationSucceeded {
        /// Which, from 0.
        index: u64,
    },
    /// An iteration failed.
    IterationFailed {
        /// Which, from 0.
        index: u64,
    },
    /// An iteration ended because a sibling failed.
    IterationAborted {
        /// Which, from 0.
        index: u64,
    },
    /// All iterations ended well.
    MapSucceeded,
    /// An iteration failed and no retrier took it.
    MapFailed,
    /// *Internal.* A branch ended well.
    BranchSucceeded,
    /// An expression in JSONata failed; what becomes of the state comes next.
    EvaluationFailed {
        /// `States.QueryEvaluationError` and why.
        error: ErrorOutput,
        /// The field that it stands in, where one is to blame: `Output/a`.
        location: Option<Arc<str>>,
    },
}

impl EventKind {
    /// Whether AWS's history has an event for it.
    pub fn is_visible(&self) -> bool {
        !matches!(
            self,
            EventKind::StateFailed(_)
                | EventKind::StateResumed
                | EventKind::ChildFailed { .. }
                | EventKind::RetryArmed { .. }
                | EventKind::RetryBegun
                | EventKind::WaitArmed { .. }
                | EventKind::TaskRecovered { .. }
                | EventKind::HeartbeatRecorded { .. }
                | EventKind::BranchSucceeded
        )
    }

    /// Whether the execution is over after it.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            EventKind::ExecutionSucceeded { .. }
                | EventKind::ExecutionFailed(_)
                | EventKind::ExecutionTimedOut(_)
                | EventKind::ExecutionAborted(_)
        )
    }

    /// What the event brings that was not there before (bytes of JSON text). A state's input is the
    /// output before it, and is not counted again.
    pub fn payload_bytes(&self) -> usize {
        match self {
            EventKind::ExecutionStarted { header, .. } => header.input.len_bytes(),
            EventKind::StateExited { output, .. }
            | EventKind::TaskSubmitted { output, .. }
            | EventKind::TaskSucceeded { output, .. } => output.len_bytes(),
            EventKind::TaskScheduled { parameters, .. } => parameters.len_bytes(),
            EventKind::ParallelStarted { input, .. }
            | EventKind::IterationStarted { input, .. } => input.len_bytes(),
            EventKind::MapStarted { items, .. } => items.len_bytes(),
            EventKind::TaskFailed { error, .. } | EventKind::EvaluationFailed { error, .. } => {
                error.cause.as_deref().map_or(0, str::len)
            }
            EventKind::StateEntered { .. }
            | EventKind::ExecutionRedriven { .. }
            | EventKind::StateResumed
            | EventKind::ChildrenResumed { .. }
            | EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_)
            | EventKind::StateAborted
            | EventKind::StateFailed(_)
            | EventKind::ChildFailed { .. }
            | EventKind::RetryArmed { .. }
            | EventKind::RetryBegun
            | EventKind::WaitArmed { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskRecovered { .. }
            | EventKind::HeartbeatRecorded { .. }
            | EventKind::TaskTimedOut { .. }
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::IterationSucceeded { .. }
            | EventKind::IterationFailed { .. }
            | EventKind::IterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::BranchSucceeded => 0,
        }
    }
}
