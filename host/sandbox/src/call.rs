//! What the caller of one invocation brings: input, context, limits and a
//! monitor.

use std::sync::Arc;

use crate::Limits;
use crate::log::LogLine;

/// One invocation.
#[derive(Clone)]
pub struct Call {
    /// JSON text; the guest gets these bytes.
    pub input: Arc<str>,
    /// What the guest may ask about its execution.
    pub info: TaskInfo,
    /// Variables of its environment: the function's configuration, an input that reaches nothing. The
    /// values may be secrets; they are shown to the guest and to nobody else.
    pub environment: Arc<[(String, String)]>,
    /// What the guest may use.
    pub limits: Limits,
    /// Sees the guest's beats and lines, and says when the attempt is cancelled.
    pub monitor: Arc<dyn Monitor>,
}

/// What a guest learns about the attempt that it is (`context.info` of the task
/// WIT). Strings are passed on as they are.
#[derive(Clone, Debug)]
pub struct TaskInfo {
    /// ARN of the execution.
    pub execution_arn: Arc<str>,
    /// Name of the execution.
    pub execution_name: Arc<str>,
    /// ARN of the state machine.
    pub state_machine_arn: Arc<str>,
    /// Name of the Task state.
    pub state_name: Arc<str>,
    /// ARN of the function, with the version or digest that runs.
    pub task_arn: Arc<str>,
    /// 0 at the first try.
    pub attempt: u32,
    /// The same over all retries of one state entry. The guest's insecure
    /// random seed is derived from it, so that same input means same fuel.
    pub idempotency_key: Arc<str>,
    /// Only for callback tasks.
    pub task_token: Option<Arc<str>>,
    /// Wall clock when the attempt started, in milliseconds since the epoch.
    /// The times of log lines count from here.
    pub started_at_ms: u64,
    /// Wall clock at which the state's own timeout ends the attempt;
    /// `u64::MAX` when it has none. The guest sees it, and what remains until it;
    /// it is the caller who enforces it, through [`Monitor::is_cancelled`].
    pub deadline_ms: u64,
    /// W3C trace parent of the caller.
    pub trace_parent: Option<Arc<str>>,
}

/// The caller's end of a running invocation. Called from the threads that run
/// guests, so it must not block.
pub trait Monitor: Send + Sync {
    /// The guest beats. Details are at most 1 KiB. Returns false when the
    /// attempt is cancelled, which the guest is told.
    fn heartbeat(&self, details: Option<String>) -> bool;

    /// True once the attempt is cancelled. Asked at each epoch tick of a running
    /// guest and a few times a second of a waiting one, which is then stopped.
    fn is_cancelled(&self) -> bool;

    /// A log line was kept. Lines over the limits are not seen here.
    fn log(&self, line: &LogLine) {
        let _ = line;
    }
}
