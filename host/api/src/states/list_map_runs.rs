//! ListMapRuns.

use serde_json::json;

use super::execution_wire::{
    by_execution, execution_arn, existing, page_size, required_execution,
};
use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::PAGE_TOKEN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListMapRuns",
    route: None,
    resource: by_execution,
    run: run!(list),
};

async fn list(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_execution(&mut members);
    page_size(&mut members);
    let token = members.sized_text("nextToken", 1, PAGE_TOKEN_CHARS_MAX);
    members.finish()?;
    let arn = execution_arn(arn)?;
    existing(&call.services, &arn)?;
    if let Some(token) = token {
        let scope = Scope::of("ListMapRuns").with(Some(arn.as_str()));
        scope.place(token, call.services.clock.now())?;
    }
    Ok(json!({ "mapRuns": [] }).into())
}
