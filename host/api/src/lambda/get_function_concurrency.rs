//! GetFunctionConcurrency.

use serde_json::json;

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetFunctionConcurrency",
    route: Some("GET /2019-09-30/functions/{FunctionName}/concurrency"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    let (record, _) = call.services.functions.get(&function, None)?;
    Ok(match record.reserved {
        Some(reserved) => json!({ "ReservedConcurrentExecutions": reserved }).into(),
        None => Reply::empty(),
    })
}
