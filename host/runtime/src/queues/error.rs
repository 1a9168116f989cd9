//! Why a queue did not do what it was asked.

use crate::records::RecordError;

/// In SQS's terms; the message is SQS's own where it is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// There is no such queue.
    #[error("The specified queue does not exist.")]
    DoesNotExist,
    /// A queue of this name differs in this attribute.
    #[error("A queue already exists with the same name and a different value for attribute {0}")]
    NameExists(String),
    /// The queue of this name is being deleted.
    #[error(
        "You must wait 60 seconds after deleting a queue before you can create another with the same name."
    )]
    DeletedRecently,
    /// It was purged a moment ago.
    #[error("Only one PurgeQueue operation on {0} is allowed every 60 seconds.")]
    PurgeInProgress(String),
    /// No attribute is called this, or not for this kind of queue.
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    /// The attribute cannot have this value.
    #[error("Invalid value for the parameter {0}.")]
    InvalidAttributeValue(String),
    /// A parameter cannot have this value.
    #[error("{0}")]
    InvalidParameterValue(String),
    /// A parameter has to be given.
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    /// A character that no message may have.
    #[error(
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | \
         #xE000 to #xFFFD | #x10000 to #x10FFFF"
    )]
    InvalidMessageContents,
    /// This was never a handle of this queue.
    #[error("The input receipt handle \"{0}\" is not a valid receipt handle.")]
    ReceiptHandleIsInvalid(String),
    /// Nobody is working on the message.
    #[error("The specified message isn't in flight.")]
    MessageNotInflight,
    /// Too much of something; a limit of [`crate::limits`].
    #[error("{0}")]
    OverLimit(String),
    /// Queues of this kind cannot do that.
    #[error("{0}")]
    UnsupportedOperation(String),
    /// The store failed, or the host is going down.
    #[error(transparent)]
    Records(#[from] RecordError),
}

impl QueueError {
    /// A parameter that breaks a rule, with SQS's sentence for it.
    pub(super) fn invalid(value: &str, parameter: &str, reason: &str) -> QueueError {
        QueueError::InvalidParameterValue(format!(
            "Value {value} for parameter {parameter} is invalid. Reason: {reason}"
        ))
    }
}
