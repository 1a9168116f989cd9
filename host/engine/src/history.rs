//! AWS's view of the events: the names of the 62 types (ASL.md §9). The wire shape of a whole
//! history event is made in `api`.

use asl::{Resource, StateKind, StateMachine};

use crate::event::{Event, EventKind};

impl EventKind {
    /// The name of the kind in our own records, for error messages and logs.
    pub fn name(&self) -> &'static str {
        match self {
            EventKind::ExecutionStarted { .. } => "ExecutionStarted",
            EventKind::ExecutionSucceeded { .. } => "ExecutionSucceeded",
            EventKind::ExecutionFailed(_) => "ExecutionFailed",
            EventKind::ExecutionTimedOut(_) => "ExecutionTimedOut",
            EventKind::ExecutionAborted(_) => "ExecutionAborted",
            EventKind::ExecutionRedriven { .. } => "ExecutionRedriven",
            EventKind::StateResumed => "StateResumed",
            EventKind::ChildrenResumed { .. } => "ChildrenResumed",
            EventKind::StateEntered { .. } => "StateEntered",
            EventKind::StateExited { .. } => "StateExited",
            EventKind::StateAborted => "StateAborted",
            EventKind::StateFailed(_) => "StateFailed",
            EventKind::ChildFailed { .. } => "ChildFailed",
            EventKind::RetryArmed { .. } => "RetryArmed",
            EventKind::RetryBegun => "RetryBegun",
            EventKind::WaitArmed { .. } => "WaitArmed",
            EventKind::TaskScheduled { .. } => "TaskScheduled",
            EventKind::TaskStarted { .. } => "TaskStarted",
            EventKind::TaskSubmitted { .. } => "TaskSubmitted",
            EventKind::TaskRecovered { .. } => "TaskRecovered",
            EventKind::HeartbeatRecorded { .. } => "HeartbeatRecorded",
            EventKind::TaskSucceeded { .. } => "TaskSucceeded",
            EventKind::TaskFailed { .. } => "TaskFailed",
            EventKind::TaskTimedOut { .. } => "TaskTimedOut",
            EventKind::ParallelStarted { .. } => "ParallelStateStarted",
            EventKind::ParallelSucceeded => "ParallelStateSucceeded",
            EventKind::ParallelFailed => "ParallelStateFailed",
            EventKind::MapStarted { .. } => "MapStateStarted",
            EventKind::IterationStarted { .. } => "MapIterationStarted",
            EventKind::IterationSucceeded { .. } => "MapIterationSucceeded",
            EventKind::IterationFailed { .. } => "MapIterationFailed",
            EventKind::IterationAborted { .. } => "MapIterationAborted",
            EventKind::MapSucceeded => "MapStateSucceeded",
            EventKind::MapFailed => "MapStateFailed",
            EventKind::BranchSucceeded => "BranchSucceeded",
            EventKind::EvaluationFailed { .. } => "EvaluationFailed",
        }
    }
}

/// AWS's name for the event, given the state its frame was in; `None` for an internal one.
pub fn type_name(
    event: &Event,
    machine: &StateMachine,
    state: Option<asl::StateId>,
) -> Option<String> {
    event.history?;
    let kind = state
        .and_then(|id| machine.state(id))
        .map(|state| &state.kind);
    let of_state =
        |suffix: &str| format!("{}State{suffix}", kind.map_or("", |kind| kind.type_name()));
    let of_task = |suffix: &str| match kind {
        Some(StateKind::Task(task)) => match task.resource {
            Resource::Function { .. } => format!("LambdaFunction{suffix}"),
            Resource::Activity { .. } => format!("Activity{suffix}"),
            Resource::Integration { .. } => format!("Task{suffix}"),
        },
        _ => format!("Task{suffix}"),
    };
    Some(match &event.kind {
        EventKind::StateEntered { .. } => of_state("Entered"),
        EventKind::StateExited { .. } => of_state("Exited"),
        EventKind::ChildrenResumed { .. } => of_state("Started"),
        EventKind::StateAborted => of_state("Aborted"),
        EventKind::TaskScheduled { .. } => of_task("Scheduled"),
        EventKind::TaskStarted { .. } => of_task("Started"),
        EventKind::TaskSubmitted { .. } => of_task("Submitted"),
        EventKind::TaskSucceeded { .. } => of_task("Succeeded"),
        EventKind::TaskFailed { .. } => of_task("Failed"),
        EventKind::TaskTimedOut { .. } => of_task("TimedOut"),
        other => other.name().to_owned(),
    })
}
