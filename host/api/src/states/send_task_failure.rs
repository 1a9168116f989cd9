//! SendTaskFailure.

use super::callback::{callback_error, token};
use super::execution_wire::{by_any, error_output};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "SendTaskFailure",
    route: None,
    resource: by_any,
    run: run!(send),
};

async fn send(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let token = token(&mut members);
    let error = error_output(&mut members)?;
    members.finish()?;
    let sent = call.services.runtime.send_task_failure(token, error);
    sent.await.map_err(callback_error)?;
    Ok(Reply::empty())
}
