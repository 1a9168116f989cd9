//! What a client is told when a request fails: AWS's error code, its message, its HTTP status.

use runtime::StoreError;
use runtime::records::RecordError;
use serde_json::{Map, Value};

/// An error as it goes over the wire.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// AWS's code, as clients match it: `StateMachineDoesNotExist`.
    pub code: &'static str,
    /// Text for people.
    pub message: String,
    /// HTTP status.
    pub status: u16,
    /// Further members of the error body, as `reason` of a ValidationException.
    pub more: Map<String, Value>,
}

impl ApiError {
    /// An error of the client's, with status 400 as most of AWS's have.
    pub fn new(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            code,
            message: message.into(),
            status: 400,
            more: Map::new(),
        }
    }

    /// The same with another status.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> ApiError {
        self.status = status;
        self
    }

    /// The same with one more member in its body.
    #[must_use]
    pub fn with(mut self, member: &str, value: impl Into<Value>) -> ApiError {
        self.more.insert(member.to_owned(), value.into());
        self
    }

    /// `ValidationException`.
    pub fn validation(message: impl Into<String>) -> ApiError {
        ApiError::new("ValidationException", message)
    }

    /// `InternalServerError`, 500: the host failed, and the client may try again.
    pub fn internal(message: impl Into<String>) -> ApiError {
        ApiError::new("InternalServerError", message).with_status(500)
    }

    /// `ThrottlingException`.
    pub fn throttled() -> ApiError {
        ApiError::new("ThrottlingException", "Rate exceeded")
    }
}

impl From<RecordError> for ApiError {
    fn from(error: RecordError) -> ApiError {
        ApiError::internal(error.to_string())
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        ApiError::internal(error.to_string())
    }
}
