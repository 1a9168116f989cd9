//! What a Task calls: one file for each integration (ASL.md §7). Each turns a call into an outcome and
//! knows nothing of the execution around it.

mod activity;
mod function;
mod lambda;
mod metadata;
pub(crate) mod queued;
mod sqs;
mod states;

use std::sync::Arc;

use asl::{Pattern, Resource};
use engine::{ErrorOutput, ExecutionArn, TaskCall, Usage};
use expr::Data;
use shard::RunTask;

use crate::host::Monitor;
pub(crate) use activity::message as activity_message;

use crate::message::{Answered, Message};
use crate::shell::Shell;

/// How far a call has come.
pub(crate) enum Progress {
    /// It has its outcome.
    Ended {
        result: Result<Data, ErrorOutput>,
        usage: Usage,
    },
    /// The request was answered, and now somebody else has to answer the token.
    Submitted {
        output: Data,
        message: Option<Box<Message>>,
    },
    /// The request was answered, and what it started ends later.
    Pending {
        output: Data,
        end: Answered<Data>,
        child: ExecutionArn,
    },
}

/// Runs a call.
pub(crate) async fn run(shell: &Arc<Shell>, task: RunTask, monitor: Arc<dyn Monitor>) -> Progress {
    match &task.call.resource {
        Resource::Function { .. } => function::run(shell, &task, monitor).await,
        // Offered where it is handed out; a test of one state needs a mock for it.
        Resource::Activity { .. } => unavailable(&task),
        Resource::Integration {
            service,
            action,
            pattern,
            ..
        } => match (&**service, &**action, *pattern) {
            ("lambda", "invoke", Pattern::RequestResponse | Pattern::WaitForTaskToken) => {
                lambda::invoke(shell, &task, monitor).await
            }
            ("sqs", "sendMessage", Pattern::RequestResponse | Pattern::WaitForTaskToken) => {
                sqs::send_message(shell, &task).await
            }
            ("states", "startExecution", pattern) => {
                states::start_execution(shell, &task, pattern).await
            }
            _ => unavailable(&task),
        },
    }
}

/// A UUID of an attempt, the same when the same attempt is run again: what it sends or starts is then
/// known to be the same.
fn attempt_uuid(call: &TaskCall) -> String {
    uuid_of(&call.idempotency_key, call.attempt.0)
}

fn uuid_of(idempotency_key: &str, attempt: u64) -> String {
    let name = format!("{idempotency_key}:{attempt}");
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

fn unavailable(task: &RunTask) -> Progress {
    let arn = task.call.resource.arn();
    failed(ErrorOutput::new(
        "States.TaskFailed",
        format!("The integration '{arn}' is not available on this host."),
    ))
}

fn failed(error: ErrorOutput) -> Progress {
    Progress::Ended {
        result: Err(error),
        usage: Usage::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_has_one_message_id_and_the_next_attempt_another() {
        assert_eq!(uuid_of("k", 1), uuid_of("k", 1));
        assert_ne!(uuid_of("k", 1), uuid_of("k", 2));
    }
}
