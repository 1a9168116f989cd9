//! GetFunctionConfiguration.

use super::{shape, wire};
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetFunctionConfiguration",
    route: Some("GET /2015-03-31/functions/{FunctionName}/configuration"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let reference = wire::reference(&call.input)?;
    let functions = &call.services.functions;
    let qualifier = reference.qualifier.as_deref();
    let (_, configuration) = functions.get(&reference.name, qualifier)?;
    let arn = wire::arn(functions, &reference);
    Ok(shape::of(&configuration, &arn).into())
}
