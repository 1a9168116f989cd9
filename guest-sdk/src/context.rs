//! What a task may know of the execution it runs in, and the two things it may tell it: a log line,
//! a heartbeat.
//!
//! Nothing is fetched before it is asked for, and what is never asked for is not even imported by
//! the component.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde_json::{Map, Value};

use crate::error::TaskError;
use crate::log::{Level, fields_text};
use crate::platform::Host;

/// The context of one attempt.
#[derive(Debug)]
pub struct Context {
    host: Host,
    info: OnceCell<Info>,
}

/// What the host tells of the attempt. It does not change while the attempt runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Info {
    pub(crate) execution_arn: String,
    pub(crate) execution_name: String,
    pub(crate) state_machine_arn: String,
    pub(crate) state_name: String,
    pub(crate) task_arn: String,
    pub(crate) attempt: u32,
    pub(crate) idempotency_key: String,
    pub(crate) task_token: Option<String>,
    pub(crate) started_at_ms: u64,
    pub(crate) deadline_ms: u64,
    pub(crate) trace_parent: Option<String>,
}

impl Context {
    pub(crate) fn new(host: Host) -> Context {
        Context {
            host,
            info: OnceCell::new(),
        }
    }

    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// One host call, at the first question.
    fn info_record(&self) -> &Info {
        self.info.get_or_init(|| self.host.info())
    }

    /// The ARN of the execution.
    #[must_use]
    pub fn execution_arn(&self) -> &str {
        &self.info_record().execution_arn
    }

    /// The name of the execution.
    #[must_use]
    pub fn execution_name(&self) -> &str {
        &self.info_record().execution_name
    }

    /// The ARN of the state machine.
    #[must_use]
    pub fn state_machine_arn(&self) -> &str {
        &self.info_record().state_machine_arn
    }

    /// The name of the state whose task this is.
    #[must_use]
    pub fn state_name(&self) -> &str {
        &self.info_record().state_name
    }

    /// The ARN of this task, with the version that is running.
    #[must_use]
    pub fn task_arn(&self) -> &str {
        &self.info_record().task_arn
    }

    /// How many tries went before this one: 0 at first, as `$$.State.RetryCount`.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.info_record().attempt
    }

    /// The same for every attempt of one state entry and different for every other: give it to
    /// whatever must not happen twice.
    #[must_use]
    pub fn idempotency_key(&self) -> &str {
        &self.info_record().idempotency_key
    }

    /// The token to answer with, in a state that waits for one.
    #[must_use]
    pub fn task_token(&self) -> Option<&str> {
        self.info_record().task_token.as_deref()
    }

    /// When the attempt started, in milliseconds since 1970. Fixed: every call gives the same.
    #[must_use]
    pub fn started_at_ms(&self) -> u64 {
        self.info_record().started_at_ms
    }

    /// When the attempt is stopped, in milliseconds since 1970.
    #[must_use]
    pub fn deadline_ms(&self) -> u64 {
        self.info_record().deadline_ms
    }

    /// The W3C `traceparent` to pass on.
    #[must_use]
    pub fn trace_parent(&self) -> Option<&str> {
        self.info_record().trace_parent.as_deref()
    }

    /// Milliseconds left before the attempt is stopped. Cheap enough for a loop.
    #[must_use]
    pub fn remaining_ms(&self) -> u64 {
        self.host.remaining_ms()
    }

    /// Fuel left before the attempt is stopped. Cheap enough for a loop.
    #[must_use]
    pub fn remaining_fuel(&self) -> u64 {
        self.host.remaining_fuel()
    }

    /// Says that the task is alive, which starts `HeartbeatSeconds` anew. `details` (text, or `None`)
    /// are shown while the task runs.
    ///
    /// # Errors
    /// [`Cancelled`] when nobody waits for the task any more: it should return soon, or it will be
    /// stopped.
    pub fn heartbeat<'a>(&self, details: impl Into<Option<&'a str>>) -> Result<(), Cancelled> {
        if self.host.beat(details.into()) {
            Ok(())
        } else {
            Err(Cancelled)
        }
    }

    /// Writes a line to the execution's log. `fields` are kept apart from the text.
    pub fn log(&self, level: Level, message: &str, fields: &Map<String, Value>) {
        self.host.log(level, message, &fields_text(fields));
    }

    /// A line for whoever follows every step.
    pub fn trace(&self, message: &str) {
        self.host.log(Level::Trace, message, "");
    }

    /// A line for whoever looks for a fault.
    pub fn debug(&self, message: &str) {
        self.host.log(Level::Debug, message, "");
    }

    /// A line for whoever follows the execution.
    pub fn info(&self, message: &str) {
        self.host.log(Level::Info, message, "");
    }

    /// A line about something that should not be so and does not stop the task.
    pub fn warn(&self, message: &str) {
        self.host.log(Level::Warn, message, "");
    }

    /// A line about something that went wrong.
    pub fn error(&self, message: &str) {
        self.host.log(Level::Error, message, "");
    }
}

/// The execution was stopped or the state timed out: nobody waits for the task's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the task was cancelled")
    }
}

impl std::error::Error for Cancelled {}

impl TaskError for Cancelled {
    fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed("Cancelled")
    }

    fn cause(&self) -> String {
        self.to_string()
    }
}
