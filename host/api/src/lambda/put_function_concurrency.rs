//! PutFunctionConcurrency.

use serde_json::json;

use super::wire;
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "PutFunctionConcurrency",
    route: Some("PUT /2017-10-31/functions/{FunctionName}/concurrency"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let name = "ReservedConcurrentExecutions";
    let given = members.number(name, 0, i64::from(u32::MAX));
    if given.is_none() && members.value(name).is_none() {
        members.missing(name);
    }
    members.finish()?;
    let reserved = given.and_then(|number| u32::try_from(number).ok());
    let function = wire::unqualified(&call.input)?;
    let functions = &call.services.functions;
    functions.reserve_concurrency(&function, reserved).await?;
    Ok(json!({ "ReservedConcurrentExecutions": reserved }).into())
}
