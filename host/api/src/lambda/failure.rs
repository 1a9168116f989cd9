//! The errors of the catalogue as Lambda's clients read them.

use runtime::functions::FunctionError;

use crate::error::ApiError;

impl From<FunctionError> for ApiError {
    fn from(error: FunctionError) -> ApiError {
        let message = error.to_string();
        match error {
            FunctionError::NotFound(_) => {
                ApiError::new("ResourceNotFoundException", message).with_status(404)
            }
            FunctionError::Conflict(_) => {
                ApiError::new("ResourceConflictException", message).with_status(409)
            }
            FunctionError::Invalid(_) => ApiError::new("InvalidParameterValueException", message),
            FunctionError::RevisionChanged => {
                ApiError::new("PreconditionFailedException", message).with_status(412)
            }
            FunctionError::CodeStorageExceeded { .. } => {
                ApiError::new("CodeStorageExceededException", message)
            }
            FunctionError::Throttled(throttle) => {
                ApiError::new("TooManyRequestsException", message)
                    .with_status(429)
                    .with("Reason", throttle.reason())
            }
            FunctionError::TooLarge { .. } => {
                ApiError::new("RequestTooLargeException", message).with_status(413)
            }
            FunctionError::NotJson(_) => ApiError::new("InvalidRequestContentException", message),
            FunctionError::Cancelled | FunctionError::Internal(_) => {
                ApiError::new("ServiceException", message).with_status(500)
            }
        }
    }
}

/// InvalidParameterValueException.
pub(super) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterValueException", message)
}

#[cfg(test)]
mod tests {
    use runtime::functions::Throttle;

    use super::*;

    #[test]
    fn each_error_has_the_code_and_the_status_of_the_model() {
        let text = || "x".to_owned();
        for (error, code, status) in [
            (
                FunctionError::NotFound(text()),
                "ResourceNotFoundException",
                404,
            ),
            (
                FunctionError::Conflict(text()),
                "ResourceConflictException",
                409,
            ),
            (
                FunctionError::Invalid(text()),
                "InvalidParameterValueException",
                400,
            ),
            (
                FunctionError::RevisionChanged,
                "PreconditionFailedException",
                412,
            ),
            (
                FunctionError::CodeStorageExceeded { limit_bytes: 1 },
                "CodeStorageExceededException",
                400,
            ),
            (
                FunctionError::Throttled(Throttle::Reserved),
                "TooManyRequestsException",
                429,
            ),
            (
                FunctionError::TooLarge {
                    limit_bytes: 1,
                    operation: "InvokeFunction",
                },
                "RequestTooLargeException",
                413,
            ),
            (
                FunctionError::NotJson(text()),
                "InvalidRequestContentException",
                400,
            ),
            (FunctionError::Internal(text()), "ServiceException", 500),
        ] {
            let error = ApiError::from(error);
            assert_eq!((error.code, error.status), (code, status));
        }
    }
}
