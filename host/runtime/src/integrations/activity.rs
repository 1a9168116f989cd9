//! Activities (ASL.md §7.5): the task is offered to whoever works for the activity.

use std::sync::Arc;

use shard::RunTask;

use crate::message::{Hold, Message};
use crate::shell::Shell;

/// What a worker is offered.
pub(crate) fn message(shell: &Arc<Shell>, task: &RunTask) -> Message {
    Message {
        execution: task.execution.clone(),
        attempt: task.call.attempt,
        state_name: task.call.state_name.clone(),
        queue: task.call.resource.arn().clone(),
        id: task.call.idempotency_key.to_string(),
        body: task.call.parameters.text().to_owned(),
        token: task.call.token.clone(),
        _hold: Hold::new(shell),
    }
}
