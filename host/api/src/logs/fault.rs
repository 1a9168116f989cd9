//! CloudWatch Logs' errors on the wire.

use runtime::logs::LogsError;

use crate::error::ApiError;

/// The error as clients know it.
pub(super) fn fault(error: LogsError) -> ApiError {
    let message = error.to_string();
    let code = match error {
        LogsError::GroupNotFound | LogsError::StreamNotFound => "ResourceNotFoundException",
        LogsError::GroupExists | LogsError::StreamExists => "ResourceAlreadyExistsException",
        LogsError::InvalidParameter(_) | LogsError::Pattern(_) => "InvalidParameterException",
        LogsError::LimitExceeded(_) => "LimitExceededException",
        LogsError::TooManyTags => "TooManyTagsException",
        LogsError::Overloaded => {
            return ApiError::new("ServiceUnavailableException", message).with_status(503);
        }
        LogsError::Records(_) => return ApiError::internal(message),
    };
    ApiError::new(code, message)
}

/// A parameter that breaks a rule.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterException", message)
}
