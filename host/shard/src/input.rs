//! What comes into a shard.

use std::sync::Arc;

use engine::{ErrorOutput, Execution, ExecutionArn, Header, InputKind, TokenTarget};
use expr::Data;

use crate::pinned::Pinned;

/// Names who asked; the answer carries it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplyId(pub u64);

/// One thing that happened outside.
#[derive(Clone, Debug)]
pub enum Input {
    /// StartExecution.
    Start(Box<StartExecution>),
    /// The outcome of a task, and whatever else concerns one execution and asks for no answer.
    Deliver {
        /// Whose.
        execution: ExecutionArn,
        /// What.
        input: InputKind,
    },
    /// An execution that is stored and not over: this host goes on with it.
    Load(Box<LoadExecution>),
    /// RedriveExecution: a stored execution that is over goes on.
    Redrive(Box<LoadExecution>),
    /// SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat.
    Callback {
        /// What the token names.
        target: TokenTarget,
        /// What it says.
        callback: Callback,
        /// Who asked.
        reply: ReplyId,
    },
    /// StopExecution.
    Stop {
        /// Which.
        execution: ExecutionArn,
        /// Error and cause, as given.
        error: ErrorOutput,
        /// Who asked.
        reply: ReplyId,
    },
    /// The time that `Effect::WakeAt` asked for has come.
    Wake,
    /// `Effect::Continue` came back.
    Continue {
        /// Whose.
        execution: ExecutionArn,
    },
    /// A transition is durable.
    Durable {
        /// Whose.
        execution: ExecutionArn,
        /// Its last sequence number.
        seq: u64,
    },
    /// A transition was refused; nothing of it was written.
    Refused {
        /// Whose.
        execution: ExecutionArn,
        /// Why.
        refusal: Refusal,
    },
}

/// An execution to start.
#[derive(Clone, Debug)]
pub struct StartExecution {
    /// What is fixed from now on; `started_at` is set by the shard.
    pub header: Header,
    /// What it runs.
    pub pinned: Arc<Pinned>,
    /// Who asked.
    pub reply: ReplyId,
}

/// A stored execution.
#[derive(Clone, Debug)]
pub struct LoadExecution {
    /// Its durable state: the fold of all its stored events.
    pub execution: Execution,
    /// What it was started with.
    pub pinned: Arc<Pinned>,
    /// Who asked.
    pub reply: ReplyId,
}

/// What a task token was used for.
#[derive(Clone, Debug)]
pub enum Callback {
    /// SendTaskSuccess.
    Success(Data),
    /// SendTaskFailure.
    Failure(ErrorOutput),
    /// SendTaskHeartbeat.
    Heartbeat,
    /// A worker of this name takes the task of an activity.
    Started(Option<Arc<str>>),
}

/// Why a transition was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// An execution of this name exists already.
    NameTaken,
    /// The stored sequence number or the owner's epoch is another one: somebody else owns it now.
    Fenced,
}
