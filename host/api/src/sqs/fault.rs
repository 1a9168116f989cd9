//! SQS's errors on the wire. It has spoken the query protocol for long: SDKs still match the codes of that,
//! which come in the header `x-amzn-query-error` beside those of the JSON protocol.

use runtime::queues::QueueError;

use crate::error::ApiError;

/// The error as clients of both protocols know it.
pub(super) fn fault(error: QueueError) -> ApiError {
    let (code, query) = codes(&error);
    let message = error.to_string();
    match error {
        QueueError::Records(_) => ApiError::internal(message),
        _ => coded(code, query, message),
    }
}

/// An error of the client's.
pub(super) fn coded(code: &'static str, query: &str, message: impl Into<String>) -> ApiError {
    ApiError::new(code, message).with("@query", format!("{query};Sender"))
}

/// `Code` in the answer to an entry of a batch, and whether it was the sender's fault.
pub(super) fn in_batch(error: &QueueError) -> (&'static str, bool) {
    let sender = !matches!(error, QueueError::Records(_));
    (codes(error).1, sender)
}

/// The code of the JSON protocol, and that of the query protocol.
fn codes(error: &QueueError) -> (&'static str, &'static str) {
    match error {
        QueueError::DoesNotExist => (
            "com.amazonaws.sqs#QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
        ),
        QueueError::NameExists(_) => ("com.amazonaws.sqs#QueueNameExists", "QueueAlreadyExists"),
        QueueError::DeletedRecently => (
            "com.amazonaws.sqs#QueueDeletedRecently",
            "AWS.SimpleQueueService.QueueDeletedRecently",
        ),
        QueueError::PurgeInProgress(_) => (
            "com.amazonaws.sqs#PurgeQueueInProgress",
            "AWS.SimpleQueueService.PurgeQueueInProgress",
        ),
        QueueError::InvalidAttributeName(_) => (
            "com.amazonaws.sqs#InvalidAttributeName",
            "InvalidAttributeName",
        ),
        QueueError::InvalidAttributeValue(_) => (
            "com.amazonaws.sqs#InvalidAttributeValue",
            "InvalidAttributeValue",
        ),
        QueueError::InvalidParameterValue(_) => (
            "com.amazon.coral.service#InvalidParameterValueException",
            "InvalidParameterValue",
        ),
        QueueError::MissingParameter(_) => (
            "com.amazon.coral.service#MissingRequiredParameterException",
            "MissingParameter",
        ),
        QueueError::InvalidMessageContents => (
            "com.amazonaws.sqs#InvalidMessageContents",
            "InvalidMessageContents",
        ),
        QueueError::ReceiptHandleIsInvalid(_) => (
            "com.amazonaws.sqs#ReceiptHandleIsInvalid",
            "ReceiptHandleIsInvalid",
        ),
        QueueError::MessageNotInflight => (
            "com.amazonaws.sqs#MessageNotInflight",
            "AWS.SimpleQueueService.MessageNotInflight",
        ),
        QueueError::OverLimit(_) => ("com.amazonaws.sqs#OverLimit", "OverLimit"),
        QueueError::UnsupportedOperation(_) => (
            "com.amazonaws.sqs#UnsupportedOperation",
            "AWS.SimpleQueueService.UnsupportedOperation",
        ),
        QueueError::Records(_) => ("InternalServerError", "InternalError"),
    }
}
