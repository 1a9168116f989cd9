//! CreateActivity. The same name again is answered like the first time.

use runtime::Services;
use serde_json::{Value, json};

use super::activity_wire::activity_error;
use super::machine_wire::{check_tags, checked_encryption, encryption, tags};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::NAME_CHARS_MAX;
use crate::names::check_name;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "CreateActivity",
    route: None,
    resource: by_name,
    run: run!(create),
};

fn by_name(input: &Value, services: &Services) -> String {
    match input.get("name").and_then(Value::as_str) {
        Some(name) => services.place.arn("states", &format!("activity:{name}")),
        None => "*".to_owned(),
    }
}

async fn create(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = members.required("name", 1, NAME_CHARS_MAX);
    let tags = tags(&mut members).unwrap_or_default();
    let encryption = encryption(&mut members);
    members.finish()?;
    check_name(name).map_err(|error| ApiError::new("InvalidName", error.to_string()))?;
    check_tags(&tags)?;
    if let Some(encryption) = encryption {
        checked_encryption(encryption)?;
    }
    let created = call.services.activities.create(name, &tags).await;
    let activity = created.map_err(activity_error)?;
    Ok(json!({
        "activityArn": &*activity.arn,
        "creationDate": epoch_seconds(activity.created_at),
    })
    .into())
}
