//! ListTags.

use serde_json::json;

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListTags",
    route: Some("GET /2017-03-31/tags/{Resource}"),
    resource: wire::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = wire::tagged(&call.input)?;
    let (record, _) = call.services.functions.get(&name, None)?;
    Ok(json!({ "Tags": record.tags }).into())
}
