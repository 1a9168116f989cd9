//! DeleteStateMachineVersion.

use super::machine_arn;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::LONG_ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteStateMachineVersion",
    route: None,
    resource: |input, _| machine_arn::named_by(input, "stateMachineVersionArn"),
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineVersionArn", 1, LONG_ARN_CHARS_MAX);
    members.finish()?;
    let (machine, number) = machine_arn::version(arn)?;
    call.services
        .machines
        .delete_version(machine, number)
        .await?;
    Ok(Reply::empty())
}
