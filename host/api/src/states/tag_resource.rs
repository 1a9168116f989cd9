//! TagResource.

use runtime::tags::TagError;

use super::{machine_arn, machine_wire, tagged};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "TagResource",
    route: None,
    resource: machine_arn::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("resourceArn", 1, ARN_CHARS_MAX);
    if members.value("tags").is_none() {
        members.missing("tags");
    }
    let tags = machine_wire::tags(&mut members).unwrap_or_default();
    members.finish()?;
    machine_wire::check_tags(&tags)?;
    tagged::check(&call.services, arn)?;
    match call.services.machines.tags().add(arn, &tags).await {
        Ok(()) => Ok(Reply::empty()),
        Err(error @ TagError::TooMany) => Err(ApiError::from(error).with("resourceName", arn)),
        Err(error) => Err(error.into()),
    }
}
