//! How activities look on the wire.

use runtime::{Activity, ActivityError};
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;

/// `activityArn`.
pub(super) fn required_activity<'a>(members: &mut Members<'a>) -> &'a str {
    members.required("activityArn", 1, ARN_CHARS_MAX)
}

/// A member of ListActivities.
pub(super) fn listed(activity: &Activity) -> Value {
    json!({
        "activityArn": &*activity.arn,
        "name": &*activity.name,
        "creationDate": epoch_seconds(activity.created_at),
    })
}

/// What the client is told.
pub(super) fn activity_error(error: ActivityError) -> ApiError {
    let text = error.to_string();
    match error {
        ActivityError::DoesNotExist(_) => ApiError::new("ActivityDoesNotExist", text),
        ActivityError::LimitExceeded(_) => ApiError::new("ActivityLimitExceeded", text),
        ActivityError::WorkerLimitExceeded(_) => ApiError::new("ActivityWorkerLimitExceeded", text),
        ActivityError::Tags(error) => error.into(),
        ActivityError::NotStarted(runtime::NotStarted::Throttled) => ApiError::throttled(),
        ActivityError::NotStarted(runtime::NotStarted::Internal(_)) | ActivityError::Records(_) => {
            ApiError::internal(text)
        }
    }
}
