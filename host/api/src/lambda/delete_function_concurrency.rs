//! DeleteFunctionConcurrency.

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteFunctionConcurrency",
    route: Some("DELETE /2017-10-31/functions/{FunctionName}/concurrency"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    let functions = &call.services.functions;
    functions.reserve_concurrency(&function, None).await?;
    Ok(wire::no_content())
}
