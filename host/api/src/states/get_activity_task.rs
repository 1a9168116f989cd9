//! GetActivityTask: held until there is a task, or for a minute. When a worker's connection is closed,
//! this is dropped, and takes no task with it.

use serde_json::json;

use super::activity_wire::{activity_error, required_activity};
use super::execution_wire::{activity_arn, by_activity};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::NAME_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetActivityTask",
    route: None,
    resource: by_activity,
    run: run!(take),
};

async fn take(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_activity(&mut members);
    let worker = members.sized_text("workerName", 1, NAME_CHARS_MAX);
    members.finish()?;
    activity_arn(arn)?;
    let services = &call.services;
    let taken = services.activities.take(&services.runtime, arn, worker);
    match taken.await.map_err(activity_error)? {
        None => Ok(Reply::empty()),
        Some(task) => Ok(json!({ "taskToken": &*task.token, "input": task.input.text() }).into()),
    }
}
