//! DeleteStateMachine.

use super::machine_arn;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteStateMachine",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    members.finish()?;
    if machine_arn::parse(arn)?.qualifier.is_some() {
        // Taking the whole machine away would be a bad guess at what was meant.
        return Err(ApiError::validation(format!(
            "Versions and aliases are deleted with DeleteStateMachineVersion and \
             DeleteStateMachineAlias: '{arn}'"
        )));
    }
    call.services.machines.delete(arn).await?;
    Ok(Reply::empty())
}
