//! StopExecution. One that is over already is told when it ended.

use runtime::StopError;
use serde_json::json;

use super::execution_wire::{
    by_execution, error_output, execution_arn, execution_does_not_exist, existing,
    required_execution,
};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "StopExecution",
    route: None,
    resource: by_execution,
    run: run!(stop),
};

async fn stop(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_execution(&mut members);
    let error = error_output(&mut members)?;
    members.finish()?;
    let arn = execution_arn(arn)?;
    let stopped_at = match call.services.runtime.stop(&arn, error).await {
        Ok(stopped_at) => stopped_at,
        Err(StopError::NoSuchExecution) => {
            let ended = existing(&call.services, &arn)?.index.stopped_at;
            ended.ok_or_else(|| execution_does_not_exist(&arn))?
        }
        Err(error) => return Err(ApiError::internal(error.to_string())),
    };
    Ok(json!({ "stopDate": epoch_seconds(stopped_at) }).into())
}
