//! RedriveExecution.

use runtime::RedriveError;
use serde_json::json;

use super::execution_wire::{by_execution, execution_arn, required_execution};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::CLIENT_TOKEN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "RedriveExecution",
    route: None,
    resource: by_execution,
    run: run!(redrive),
};

async fn redrive(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_execution(&mut members);
    let token = client_token(&mut members);
    members.finish()?;
    let arn = execution_arn(arn)?;
    let redriven = call.services.redrive_execution(&arn, token).await;
    let redriven_at = redriven.map_err(redrive_error)?;
    Ok(json!({ "redriveDate": epoch_seconds(redriven_at) }).into())
}

fn client_token<'a>(members: &mut Members<'a>) -> Option<&'a str> {
    let token = members.sized_text("clientToken", 1, CLIENT_TOKEN_CHARS_MAX)?;
    if !token.chars().all(|c| ('!'..='~').contains(&c)) {
        let constraint = "Member must satisfy regular expression pattern: [!-~]+";
        members.breaks("clientToken", token, constraint);
    }
    Some(token)
}

fn redrive_error(error: RedriveError) -> ApiError {
    let text = error.to_string();
    match error {
        RedriveError::DoesNotExist(_) => ApiError::new("ExecutionDoesNotExist", text),
        RedriveError::NotRedrivable(_) => ApiError::new("ExecutionNotRedrivable", text),
        RedriveError::LimitExceeded => ApiError::new(
            "ExecutionLimitExceeded",
            format!("Execution Limit Exceeded: '{text}'"),
        ),
        RedriveError::Machine(_)
        | RedriveError::Records(_)
        | RedriveError::Store(_)
        | RedriveError::Internal(_) => ApiError::internal(text),
    }
}
