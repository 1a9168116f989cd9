//! GetPolicy.

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetPolicy",
    route: Some("GET /2015-03-31/functions/{FunctionName}/policy"),
    resource: wire::resource,
    run: crate::run!(run),
};

/// There are no policies of resources: keys say who may do what.
async fn run(call: Call) -> Result<Reply, ApiError> {
    let reference = wire::reference(&call.input)?;
    let functions = &call.services.functions;
    let qualifier = reference.qualifier.as_deref();
    functions.get(&reference.name, qualifier)?;
    let message = "The resource you requested does not exist.";
    Err(ApiError::new("ResourceNotFoundException", message).with_status(404))
}
