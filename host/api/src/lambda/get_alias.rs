//! GetAlias.

use super::{shape, wire};
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetAlias",
    route: Some("GET /2015-03-31/functions/{FunctionName}/aliases/{Name}"),
    resource: wire::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    let name = wire::alias_name(&call.input);
    let functions = &call.services.functions;
    let alias = functions.alias(&function, name)?;
    Ok(shape::alias(functions, &alias).into())
}
