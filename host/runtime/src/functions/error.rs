//! Why the catalogue of functions refuses something: one variant for each of Lambda's error codes.

use crate::records::RecordError;

/// What a client of the catalogue is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    /// ResourceNotFoundException: there is no such function, version or alias.
    #[error("{0}")]
    NotFound(String),
    /// ResourceConflictException: it is there already, or in use, or is being changed.
    #[error("{0}")]
    Conflict(String),
    /// InvalidParameterValueException: the component or a setting is no good.
    #[error("{0}")]
    Invalid(String),
    /// PreconditionFailedException: it was changed since the client read it.
    #[error(
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id"
    )]
    RevisionChanged,
    /// CodeStorageExceededException: all code together would be too much.
    #[error("Code storage limit exceeded: {limit_bytes} bytes.")]
    CodeStorageExceeded {
        /// What is allowed.
        limit_bytes: u64,
    },
    /// TooManyRequestsException: too much runs or waits.
    #[error("Rate Exceeded.")]
    Throttled(Throttle),
    /// RequestTooLargeException: the payload of an invocation.
    #[error("Request must be smaller than {limit_bytes} bytes for the {operation} operation")]
    TooLarge {
        /// What is allowed.
        limit_bytes: usize,
        /// `InvokeFunction` or `InvokeAsync`.
        operation: &'static str,
    },
    /// InvalidRequestContentException: the payload of an invocation is no JSON.
    #[error("Could not parse request body into json: {0}")]
    NotJson(String),
    /// The caller does not wait any more.
    #[error("the attempt was cancelled")]
    Cancelled,
    /// ServiceException: the host failed.
    #[error("{0}")]
    Internal(String),
}

/// Which limit throttled an invocation: `Reason` of a TooManyRequestsException.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttle {
    /// The function's own.
    Reserved,
    /// The host's: guests, their memory, or the queue before them.
    Concurrent,
}

impl Throttle {
    /// AWS's text for it.
    pub fn reason(self) -> &'static str {
        match self {
            Throttle::Reserved => "ReservedFunctionConcurrentInvocationLimitExceeded",
            Throttle::Concurrent => "ConcurrentInvocationLimitExceeded",
        }
    }
}

impl From<RecordError> for FunctionError {
    fn from(error: RecordError) -> FunctionError {
        FunctionError::Internal(error.to_string())
    }
}
