//! ListTagsForResource.

use serde_json::{Value, json};

use super::{machine_arn, tagged};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListTagsForResource",
    route: None,
    resource: machine_arn::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("resourceArn", 1, ARN_CHARS_MAX);
    members.finish()?;
    tagged::check(&call.services, arn)?;
    let tags = call.services.machines.tags().of(arn)?;
    let tags: Vec<Value> = tags
        .into_iter()
        .map(|tag| json!({ "key": tag.key, "value": tag.value }))
        .collect();
    Ok(json!({ "tags": tags }).into())
}
