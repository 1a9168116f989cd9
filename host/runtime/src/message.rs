//! Messages that leave an execution: `sqs:sendMessage`, and the tasks of activities.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use engine::{AttemptId, ErrorOutput, Event, ExecutionArn, Outcome, Status, Timestamp};
use serde_json::Value;

use crate::host::LogLine;
use crate::shell::Shell;

/// One message. While it is there, a skipping clock does not jump: somebody may be about to answer.
#[derive(Clone, Debug)]
pub struct Message {
    /// Whose.
    pub execution: ExecutionArn,
    /// The attempt that waits, or that sent it.
    pub attempt: AttemptId,
    /// The state that sent it.
    pub state_name: Arc<str>,
    /// `QueueUrl`; for an activity its ARN, for `lambda:invoke.waitForTaskToken` the function.
    pub queue: Arc<str>,
    /// Its id.
    pub id: String,
    /// `MessageBody`; for an activity its input, for a function its event.
    pub body: String,
    /// The task token, when the state waits for an answer.
    pub token: Option<Arc<str>>,
    /// Only kept.
    pub(crate) _hold: Hold,
}

/// Keeps a skipping clock where it is.
pub(crate) struct Hold(Arc<Shell>);

impl Hold {
    pub(crate) fn new(shell: &Arc<Shell>) -> Hold {
        shell.began(1);
        Hold(shell.clone())
    }
}

impl Clone for Hold {
    fn clone(&self) -> Hold {
        Hold::new(&self.0)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.finished(1);
    }
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold")
    }
}

/// An answer to come from outside an execution.
pub type Answered<T> = Pin<Box<dyn Future<Output = Result<T, ErrorOutput>> + Send>>;

/// An execution that a state starts (`states:startExecution`).
#[derive(Clone, Debug, PartialEq)]
pub struct ChildRequest {
    /// The machine, one of its versions or aliases.
    pub machine_arn: String,
    /// The name that the state gives it.
    pub name: Option<String>,
    /// The name when the state gives none: the same whenever the same attempt asks.
    pub default_name: String,
    /// Its input, JSON text.
    pub input: String,
    /// X-Ray's trace header.
    pub trace_header: Option<String>,
    /// When the state was to start it. A child of this name that began later is the same attempt's,
    /// from before a restart.
    pub scheduled_at: Timestamp,
}

/// A child that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Which.
    pub execution: ExecutionArn,
    /// When it began.
    pub started_at: Timestamp,
}

/// How a child ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildEnd {
    /// Its name.
    pub name: Arc<str>,
    /// ARN of its machine.
    pub machine_arn: Arc<str>,
    /// Its input, JSON text.
    pub input: Arc<str>,
    /// Where it stands.
    pub status: Status,
    /// With what.
    pub outcome: Outcome,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub stopped_at: Timestamp,
}

/// What is outside of executions, as they reach it. Called after what led to it is durable; only the
/// answers that come later may take their time.
pub trait MessageSink: Send + Sync + 'static {
    /// Takes a message for whoever answers: the task of an activity, the event of a function that has
    /// a token, and what goes to a queue where there are none. Must not block.
    fn deliver(&self, message: Message);

    /// Offers the task of an activity to its workers.
    ///
    /// # Errors
    /// The error of the attempt, when there is no room for it.
    fn offer(&self, message: Message) -> Result<(), ErrorOutput> {
        self.deliver(message);
        Ok(())
    }

    /// Nobody waits any more for an attempt that may have been offered. Called under a lock.
    fn withdraw(&self, execution: &ExecutionArn, attempt: AttemptId) {
        let _ = (execution, attempt);
    }

    /// Puts a message into a queue, and gives what `SendMessage` answers, or the error of the state.
    /// The same message id twice is one message. `None`: there are no queues here.
    fn send(&self, message: &Message, request: &Value) -> Option<Answered<Value>> {
        let _ = (message, request);
        None
    }

    /// Starts an execution. `None`: there are no other machines here.
    fn start_execution(&self, request: ChildRequest) -> Option<Answered<Child>> {
        let _ = request;
        None
    }

    /// The end of a child.
    fn child_end(&self, execution: ExecutionArn) -> Answered<ChildEnd> {
        let error = format!("{execution} is not known here");
        Box::pin(std::future::ready(Err(ErrorOutput::new(
            "States.TaskFailed",
            error,
        ))))
    }

    /// Nobody waits for a child any more: it is stopped.
    fn abandon_child(&self, execution: ExecutionArn) {
        let _ = execution;
    }

    /// These events are durable. Called in order and under a lock: must only hand them over.
    fn published(&self, execution: &ExecutionArn, events: &Arc<[Event]>) {
        let _ = (execution, events);
    }

    /// Takes what an attempt of the function of a state logged, when the attempt is over.
    fn log(&self, execution: &ExecutionArn, state_name: &Arc<str>, lines: Vec<LogLine>) {
        let _ = (execution, state_name, lines);
    }
}
