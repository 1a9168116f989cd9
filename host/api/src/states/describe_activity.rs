//! DescribeActivity.

use serde_json::json;

use super::activity_wire::{activity_error, required_activity};
use super::execution_wire::{activity_arn, by_activity};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeActivity",
    route: None,
    resource: by_activity,
    run: run!(describe),
};

async fn describe(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_activity(&mut members);
    members.finish()?;
    activity_arn(arn)?;
    let activity = call.services.activities.describe(arn);
    let activity = activity.map_err(activity_error)?;
    Ok(json!({
        "activityArn": &*activity.arn,
        "name": &*activity.name,
        "creationDate": epoch_seconds(activity.created_at),
        "encryptionConfiguration": { "type": "AWS_OWNED_KEY" },
    })
    .into())
}
