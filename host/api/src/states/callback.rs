//! What SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat have in common.

use runtime::CallbackError;

use crate::error::ApiError;
use crate::input::Members;
use crate::limits::TASK_TOKEN_CHARS_MAX;

/// `taskToken`.
pub(super) fn token<'a>(members: &mut Members<'a>) -> &'a str {
    members.required("taskToken", 1, TASK_TOKEN_CHARS_MAX)
}

/// What the client is told of a callback that was not taken.
pub(super) fn callback_error(error: CallbackError) -> ApiError {
    match error {
        CallbackError::InvalidToken => {
            ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'")
        }
        CallbackError::TaskTimedOut => ApiError::new(
            "TaskTimedOut",
            "Task Timed Out: 'Provided task does not exist anymore'",
        ),
        CallbackError::TaskDoesNotExist => ApiError::new(
            "TaskDoesNotExist",
            "Task Does Not Exist: 'Provided task does not exist anymore'",
        ),
        CallbackError::Throttled => ApiError::throttled(),
        CallbackError::ShutDown => ApiError::internal("the service is shutting down"),
    }
}
