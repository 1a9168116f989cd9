//! DeleteActivity. One that is not there may be deleted.

use super::activity_wire::required_activity;
use super::execution_wire::{activity_arn, by_activity};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteActivity",
    route: None,
    resource: by_activity,
    run: run!(delete),
};

async fn delete(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_activity(&mut members);
    members.finish()?;
    activity_arn(arn)?;
    call.services.activities.delete(arn).await?;
    Ok(Reply::empty())
}
