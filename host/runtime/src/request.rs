//! What clients ask for and what they are told.

use std::sync::Arc;

use asl::StateMachine;
use engine::{ErrorOutput, Execution, ExecutionArn, Header, Index, Outcome, Timestamp, Workflow};
use expr::Data;

use crate::watch::Watch;

/// StartExecution.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// The definition.
    pub machine: Arc<StateMachine>,
    /// Name of the state machine.
    pub machine_name: String,
    /// Which revision of its definition this is; empty where there is only one.
    pub revision: Arc<str>,
    /// Role shown in the history.
    pub role_arn: Arc<str>,
    /// Name of the execution; `None`: a UUID.
    pub name: Option<String>,
    /// Its input.
    pub input: Data,
    /// STANDARD or EXPRESS.
    pub workflow: Workflow,
    /// The version that it is started through, or that its alias chose.
    pub version_arn: Option<Arc<str>>,
    /// The alias that it is started through.
    pub alias_arn: Option<Arc<str>>,
    /// X-Ray's trace header.
    pub trace_header: Option<Arc<str>>,
}

impl StartRequest {
    /// A Standard execution of a machine that has one definition and no catalogue around it.
    pub fn new(machine: Arc<StateMachine>, machine_name: impl Into<String>, input: Data) -> Self {
        StartRequest {
            machine,
            machine_name: machine_name.into(),
            revision: "".into(),
            role_arn: "arn:aws:iam::123456789012:role/stepwell".into(),
            name: None,
            input,
            workflow: Workflow::Standard,
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        }
    }
}

/// An execution as it is stored.
#[derive(Clone, Debug)]
pub struct ExecutionView {
    /// What is fixed since its start.
    pub header: Header,
    /// Where it stands.
    pub index: Index,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
    /// How many events its history has.
    pub history_events: u64,
}

impl ExecutionView {
    /// The view of a state, and of an index that was read after it: where it stands is what the state says,
    /// so that whoever sees an end sees what came of it. `None`: nothing has happened yet.
    pub(crate) fn of(state: &Execution, index: Index) -> Option<ExecutionView> {
        state.header().map(|header| ExecutionView {
            header: header.clone(),
            index: Index {
                status: state.status(),
                stopped_at: state.stopped_at(),
                redrive_count: state.redrive_count(),
                redriven_at: state.redriven_at(),
                ..index
            },
            outcome: state.outcome().cloned(),
            history_events: state.history_events(),
        })
    }
}

/// An execution that runs.
#[derive(Clone, Debug)]
pub struct Started {
    /// Its ARN.
    pub execution: ExecutionArn,
    /// When it was started.
    pub started_at: Timestamp,
    /// Its progress.
    pub watch: Watch,
}

/// Why an execution was not started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// AWS's ExecutionAlreadyExists.
    #[error("Execution Already Exists: '{0}'")]
    AlreadyExists(ExecutionArn),
    /// AWS's ExecutionLimitExceeded.
    #[error("too many executions are running; wait for some to end")]
    LimitExceeded,
    /// The input is over the payload limit.
    #[error("the input has {bytes} bytes of JSON, the limit is {limit_bytes}")]
    InputTooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit_bytes: usize,
    },
    /// The host failed.
    #[error("{0}")]
    Internal(String),
}

/// Why a callback was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// AWS's InvalidToken.
    #[error("the task token is not valid")]
    InvalidToken,
    /// AWS's TaskTimedOut.
    #[error("the task was answered already, or it timed out")]
    TaskTimedOut,
    /// AWS's TaskDoesNotExist.
    #[error("there is no execution that waits for the task")]
    TaskDoesNotExist,
    /// AWS's ThrottlingException.
    #[error("the execution is too far ahead of its commits; try again")]
    Throttled,
    /// The runtime was shut down.
    #[error("the runtime is shut down")]
    ShutDown,
}

/// Why an execution was not stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StopError {
    /// There is no such execution, or it is over.
    #[error("there is no such execution, or it is over")]
    NoSuchExecution,
    /// The host failed.
    #[error("the execution could not be stopped: {0:?}")]
    Internal(ErrorOutput),
}

#[cfg(test)]
mod tests {
    use engine::{Event, EventKind, FrameId, Place, Status};

    use super::*;

    #[test]
    fn a_view_of_an_execution_that_ends_meanwhile_says_one_thing() {
        let header = Header {
            arn: ExecutionArn("arn".into()),
            name: "one".into(),
            machine_arn: "machine".into(),
            machine_name: "orders".into(),
            revision: "".into(),
            role_arn: "role".into(),
            workflow: Workflow::Standard,
            input: Data::empty_object(),
            started_at: Timestamp(1),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        };
        let started = Event {
            seq: 1,
            at: Timestamp(1),
            history: Some(engine::HistoryLink { id: 1, previous: 0 }),
            frame: FrameId::ROOT,
            kind: EventKind::ExecutionStarted {
                header: Box::new(header),
                place: Place {
                    scope: asl::ScopeId(0),
                    start_at: asl::StateId(0),
                },
            },
        };
        let mut state = Execution::new();
        state.apply(&started).unwrap();
        let ended = Index {
            machine_arn: "machine".into(),
            name: "one".into(),
            status: Status::Succeeded,
            started_at: Timestamp(1),
            stopped_at: Some(Timestamp(2)),
            version_arn: None,
            alias_arn: None,
            redrive_count: 0,
            redriven_at: None,
        };
        let view = ExecutionView::of(&state, ended).unwrap();
        assert_eq!(view.outcome, None);
        assert_eq!(view.index.status, Status::Running);
        assert_eq!(view.index.stopped_at, None);
    }
}
