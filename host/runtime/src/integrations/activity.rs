//! Activities (ASL.md §7.5): the task is offered to whoever works for the activity.

use shard::RunTask;

use super::Progress;
use crate::message::Message;

pub(super) fn offer(task: &RunTask) -> Progress {
    let message = Message {
        execution: task.execution.clone(),
        state_name: task.call.state_name.clone(),
        queue: task.call.resource.arn().clone(),
        id: task.call.idempotency_key.to_string(),
        body: task.call.parameters.text().to_owned(),
        token: task.call.token.clone(),
    };
    Progress::Offered {
        message: Box::new(message),
    }
}
