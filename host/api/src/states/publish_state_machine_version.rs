//! PublishStateMachineVersion.

use serde_json::json;

use super::machine_arn;
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, DESCRIPTION_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "PublishStateMachineVersion",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    let revision_id = members.text("revisionId");
    let description = members.sized_text("description", 0, DESCRIPTION_CHARS_MAX);
    members.finish()?;
    let arn = machine_arn::unqualified(arn)?;
    let description = description.map(str::to_owned);
    let machines = &call.services.machines;
    let published = machines.publish(arn, revision_id, description.as_ref());
    let published = published.await?;
    let answer = json!({
        "creationDate": epoch_seconds(published.creation_date),
        "stateMachineVersionArn": published.version_arn,
    });
    Ok(answer.into())
}
