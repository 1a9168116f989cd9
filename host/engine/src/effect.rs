//! What the outside has to do, as data (DESIGN D2, D3). The engine only says what; the shard decides
//! when, and the runtime does it.

use std::sync::Arc;

use asl::Resource;
use expr::Data;
use serde::{Deserialize, Serialize};

use crate::ids::{AttemptId, Timestamp};

/// One thing to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Run a task.
    Run(Box<TaskCall>),
    /// Nobody waits for this attempt any more.
    Cancel(AttemptId),
    /// Send [`crate::InputKind::Timer`] at this time; replaces a timer of the same key.
    Arm(TimerKey, Timestamp),
    /// The timer is of no use any more.
    Disarm(TimerKey),
}

/// What a timer is for. With the attempt it names the timer within its execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TimerKey {
    /// `TimeoutSeconds` of the whole execution.
    Execution,
    /// End of a Wait state.
    Wait(AttemptId),
    /// End of a retry delay.
    Retry(AttemptId),
    /// `TimeoutSeconds` of a Task.
    Timeout(AttemptId),
    /// `HeartbeatSeconds` of a Task.
    Heartbeat(AttemptId),
}

/// A task to run.
#[derive(Clone, Debug)]
pub struct TaskCall {
    /// The try; the outcome names it.
    pub attempt: AttemptId,
    /// Name of the Task state.
    pub state_name: Arc<str>,
    /// What it calls.
    pub resource: Resource,
    /// The function that runs, for a function ARN and for `lambda:invoke`.
    pub function: Option<Arc<str>>,
    /// The event of a function; the parameters of an integration; the input of an activity.
    pub parameters: Data,
    /// `$$.State.RetryCount`: 0 at the first try.
    pub retry_count: u64,
    /// Fixed per state entry, kept over its retries.
    pub idempotency_key: Arc<str>,
    /// For `.waitForTaskToken` and activities.
    pub token: Option<Arc<str>>,
    /// When the state gives up on it.
    pub deadline: Option<Timestamp>,
    /// When it was handed out.
    pub scheduled_at: Timestamp,
    /// How often its host died while it ran: 0 but after a recovery.
    pub recoveries: u32,
}
