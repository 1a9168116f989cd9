//! `GetQueueAttributes`.

use runtime::queues::QueueError;
use serde_json::{Map, Value, json};

use super::fault::fault;
use super::input::{queue, texts};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

/// Every name of the model; which of them have a value depends on the queue.
const NAMES: &[&str] = &[
    "All",
    "Policy",
    "VisibilityTimeout",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
    "ApproximateNumberOfMessagesDelayed",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "RedrivePolicy",
    "FifoQueue",
    "ContentBasedDeduplication",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "RedriveAllowPolicy",
    "SqsManagedSseEnabled",
];

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let wanted = texts(&call.input, "AttributeNames")?;
    let attributes = call.services.queues.attributes(&name).map_err(fault)?;
    if let Some(unknown) = wanted.iter().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(fault(QueueError::InvalidAttributeName(unknown.clone())));
    }
    let all = wanted.iter().any(|name| name == "All");
    let attributes: Map<String, Value> = attributes
        .into_iter()
        .filter(|(name, _)| all || wanted.contains(name))
        .map(|(name, value)| (name, value.into()))
        .collect();
    if attributes.is_empty() {
        return Ok(Reply::empty());
    }
    Ok(json!({ "Attributes": attributes }).into())
}
