//! DeleteFunction.

use runtime::functions::Version;

use super::failure::invalid;
use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DeleteFunction",
    route: Some("DELETE /2015-03-31/functions/{FunctionName}"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let reference = wire::reference(&call.input)?;
    let functions = &call.services.functions;
    let Some(qualifier) = reference.qualifier.as_deref() else {
        functions.delete(&reference.name).await?;
        return Ok(wire::no_content());
    };
    match Version::parse(qualifier) {
        Some(Version::Number(number)) => {
            functions.delete_version(&reference.name, number).await?;
            Ok(wire::no_content())
        }
        Some(Version::Latest) => Err(invalid(
            "$LATEST version cannot be deleted without deleting the function.",
        )),
        None => Err(invalid(
            "Deletion of aliases is not supported by DeleteFunction; use DeleteAlias.",
        )),
    }
}
