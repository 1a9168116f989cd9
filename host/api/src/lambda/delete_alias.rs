//! DeleteAlias.

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteAlias",
    route: Some("DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name}"),
    resource: wire::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    let name = wire::alias_name(&call.input);
    call.services
        .functions
        .delete_alias(&function, name)
        .await?;
    Ok(wire::no_content())
}
