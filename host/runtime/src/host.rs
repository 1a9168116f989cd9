//! Who runs functions: the sandbox, or in tests something that stands in for it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use asl::Resource;
use engine::{ErrorOutput, ExecutionArn, Timestamp, Usage};
use expr::Data;
use shard::FunctionFacts;

use crate::message::Answered;

/// Runs functions by name.
pub trait TaskHost: Send + Sync + 'static {
    /// The functions there are. An execution is bound to what this says when it starts (I7).
    fn functions(&self) -> Arc<BTreeMap<Arc<str>, FunctionFacts>>;

    /// Runs one attempt of a function; `None`: there is none of this name.
    fn invoke(&self, function: &str, invocation: Invocation) -> Option<HostFuture>;

    /// Keeps an event for a function that nobody waits for. When it answers, the event is durable; the
    /// same attempt twice is one event. `None`: there is no function of this name, or no events are kept
    /// here.
    fn invoke_later(&self, function: &str, invocation: &Invocation) -> Option<Answered<()>> {
        let _ = (function, invocation);
        None
    }
}

/// The outcome to come. Dropping it ends the attempt.
pub type HostFuture = Pin<Box<dyn Future<Output = TaskReport> + Send>>;

/// One attempt to run.
#[derive(Clone)]
pub struct Invocation {
    /// The event.
    pub input: Data,
    /// Who asks.
    pub attempt: Attempt,
    /// Where the guest beats, and learns that nobody waits for it any more.
    pub monitor: Arc<dyn Monitor>,
    /// Whether the end of the log is wanted: see [`TaskReport::log_tail`].
    pub with_log_tail: bool,
}

/// What a guest may know of the attempt that it is.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// ARN of its execution.
    pub execution: ExecutionArn,
    /// Name of its execution.
    pub execution_name: Arc<str>,
    /// ARN of the state machine.
    pub machine_arn: Arc<str>,
    /// Name of the Task state.
    pub state_name: Arc<str>,
    /// What the Task calls.
    pub resource: Resource,
    /// The version or alias that it asks for; `None`: `$LATEST`.
    pub qualifier: Option<Arc<str>>,
    /// 0 at the first try.
    pub retry_count: u64,
    /// Kept over retries.
    pub idempotency_key: Arc<str>,
    /// Of a callback task.
    pub token: Option<Arc<str>>,
    /// When it was started.
    pub started_at: Timestamp,
    /// When its state gives up.
    pub deadline: Option<Timestamp>,
}

/// The line between a running guest and its execution.
pub trait Monitor: Send + Sync {
    /// The guest is alive. `false`: the attempt is cancelled.
    fn heartbeat(&self) -> bool;
    /// Nobody waits for the attempt any more.
    fn is_cancelled(&self) -> bool;
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct TaskReport {
    /// Result or error, in Lambda's words (DESIGN D11).
    pub result: Result<Data, ErrorOutput>,
    /// What it used.
    pub usage: Usage,
    /// What it logged and printed, within its limits.
    pub log: Vec<LogLine>,
    /// The version that ran, where functions have versions.
    pub version: Option<Arc<str>>,
    /// The end of its log as Lambda gives it, where it was asked for.
    pub log_tail: Option<String>,
}

/// One line of a task's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub level: &'static str,
    /// The text.
    pub message: String,
    /// A JSON object as text, as the guest wrote it, or empty.
    pub fields: String,
}
