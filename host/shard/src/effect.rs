//! What a shard wants done, in order.

use std::sync::Arc;

use engine::{
    AttemptId, ErrorOutput, Event, ExecutionArn, Outcome, Status, TaskCall, Timestamp, Transition,
};

use crate::input::ReplyId;

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Make this durable and send `Input::Durable` or `Input::Refused`.
    Submit(Box<Transition>),
    /// Run a task and deliver its outcome.
    Run(Box<RunTask>),
    /// Nobody waits for this attempt any more.
    Cancel {
        /// Whose.
        execution: ExecutionArn,
        /// Which.
        attempt: AttemptId,
    },
    /// Send `Input::Wake` at this time; replaces an earlier wish. `None`: not at all.
    WakeAt(Option<Timestamp>),
    /// Send `Input::Continue` after whatever else is waiting.
    Continue {
        /// Whose.
        execution: ExecutionArn,
    },
    /// These events are durable and may be shown.
    Publish {
        /// Whose.
        execution: ExecutionArn,
        /// The events, in order.
        events: Arc<[Event]>,
    },
    /// Tell who asked.
    Answer {
        /// Who.
        reply: ReplyId,
        /// What.
        answer: Answer,
    },
    /// The execution is over, and that is durable. The shard has forgotten it.
    Ended {
        /// Which.
        execution: ExecutionArn,
        /// How.
        status: Status,
        /// With what.
        outcome: Outcome,
    },
    /// The engine contradicted itself, or another host owns the execution: it is no longer run here.
    Lost {
        /// Which.
        execution: ExecutionArn,
        /// Why, for the log.
        reason: String,
    },
}

/// A task with the identity of its execution.
#[derive(Clone, Debug)]
pub struct RunTask {
    /// Whose.
    pub execution: ExecutionArn,
    /// Its name.
    pub execution_name: Arc<str>,
    /// ARN of its state machine.
    pub machine_arn: Arc<str>,
    /// What to run.
    pub call: TaskCall,
}

/// The answer to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The execution is started, and that is durable.
    Started {
        /// Its ARN.
        execution: ExecutionArn,
        /// When.
        started_at: Timestamp,
    },
    /// The execution is here and goes on, since now or before.
    Loaded,
    /// The execution goes on, and that is durable.
    Redriven {
        /// Since when.
        at: Timestamp,
    },
    /// ExecutionNotRedrivable: it runs, succeeded, is an Express one, or its history is too long.
    NotRedrivable,
    /// ExecutionAlreadyExists.
    AlreadyExists,
    /// ExecutionLimitExceeded: see `limits::EXECUTIONS_MAX`.
    TooManyExecutions,
    /// The callback or stop was taken, and that is durable.
    Accepted {
        /// When.
        at: Timestamp,
    },
    /// The attempt is over: TaskTimedOut.
    AttemptOver,
    /// There is no such execution, or it is over.
    NoSuchExecution,
    /// It is too far ahead of what is durable: ThrottlingException. See `limits::EVENTS_AHEAD_MAX`.
    Throttled,
    /// The execution was stopped by an error of the host.
    Failed(ErrorOutput),
}
