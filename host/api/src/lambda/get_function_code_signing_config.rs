//! GetFunctionCodeSigningConfig.

use serde_json::json;

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetFunctionCodeSigningConfig",
    route: Some("GET /2020-06-30/functions/{FunctionName}/code-signing-config"),
    resource: wire::resource,
    run: crate::run!(run),
};

/// There is none for any function: signatures are not checked.
async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    call.services.functions.get(&function, None)?;
    Ok(json!({ "FunctionName": function }).into())
}
