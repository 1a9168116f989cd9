//! ListMapRuns.

use serde_json::json;

use super::execution_wire::{by_execution, execution_arn, existing, required_execution};
use super::page::Asked;
use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
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
    let asked = Asked::read(&mut members);
    members.finish()?;
    let arn = execution_arn(arn)?;
    existing(&call.services, &arn)?;
    let scope = Scope::of("ListMapRuns").with(Some(arn.as_str()));
    asked.page(scope, call.services.clock.now())?;
    Ok(json!({ "mapRuns": [] }).into())
}
