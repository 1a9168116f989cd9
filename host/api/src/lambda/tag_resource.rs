//! TagResource.

use super::{settings, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "TagResource",
    route: Some("POST /2017-03-31/tags/{Resource}"),
    resource: wire::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let tags = settings::texts(&mut members, "Tags");
    if tags.is_none() && members.value("Tags").is_none() {
        members.missing("Tags");
    }
    members.finish()?;
    let name = wire::tagged(&call.input)?;
    let tags = tags.unwrap_or_default();
    call.services.functions.tag(&name, &tags).await?;
    Ok(wire::no_content())
}
