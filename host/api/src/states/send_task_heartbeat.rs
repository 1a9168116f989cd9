//! SendTaskHeartbeat.

use super::callback::{callback_error, token};
use super::execution_wire::by_any;
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "SendTaskHeartbeat",
    route: None,
    resource: by_any,
    run: run!(send),
};

async fn send(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let token = token(&mut members);
    members.finish()?;
    let sent = call.services.runtime.send_task_heartbeat(token);
    sent.await.map_err(callback_error)?;
    Ok(Reply::empty())
}
