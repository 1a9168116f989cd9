//! DescribeExecution.

use super::execution_wire::{
    by_execution, described, execution_arn, existing, required_execution, wants_data,
};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeExecution",
    route: None,
    resource: by_execution,
    run: run!(describe),
};

async fn describe(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_execution(&mut members);
    let with_data = wants_data(&mut members);
    members.finish()?;
    let view = existing(&call.services, &execution_arn(arn)?)?;
    let not_redrivable = call.services.why_not_redrivable(&view)?;
    Ok(described(&view, with_data, not_redrivable).into())
}
