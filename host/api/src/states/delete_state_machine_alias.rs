//! DeleteStateMachineAlias.

use super::machine_arn;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteStateMachineAlias",
    route: None,
    resource: machine_arn::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineAliasArn", 1, ARN_CHARS_MAX);
    members.finish()?;
    let (machine, name) = machine_arn::alias(arn)?;
    call.services.machines.delete_alias(machine, name).await?;
    Ok(Reply::empty())
}
