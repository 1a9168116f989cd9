//! UntagResource.

use super::{machine_arn, tagged};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, TAG_KEY_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UntagResource",
    route: None,
    resource: machine_arn::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("resourceArn", 1, ARN_CHARS_MAX);
    if members.value("tagKeys").is_none() {
        members.missing("tagKeys");
    }
    let keys = members.texts("tagKeys", 1, TAG_KEY_CHARS_MAX);
    members.finish()?;
    tagged::check(&call.services, arn)?;
    let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
    call.services.machines.tags().remove(arn, &keys).await?;
    Ok(Reply::empty())
}
