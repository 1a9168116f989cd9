//! SQS's shapes of what the queues say.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runtime::queues::{Attribute, AttributeValue, QueueError, Received, Sent, md5_of_attributes};
use serde_json::{Map, Value, json};

use super::fault::in_batch;
use crate::operation::Call;

/// `QueueUrl` of a queue, as the client addresses this host.
pub(super) fn url(call: &Call, name: &str) -> String {
    format!("{}/{}/{name}", call.endpoint, call.services.place.account)
}

/// What a sender is told.
pub(super) fn sent(sent: Sent) -> Map<String, Value> {
    let mut answer = Map::new();
    answer.insert("MessageId".into(), sent.message_id.into());
    answer.insert("MD5OfMessageBody".into(), sent.md5_of_body.into());
    for (member, value) in [
        ("MD5OfMessageAttributes", sent.md5_of_attributes),
        (
            "MD5OfMessageSystemAttributes",
            sent.md5_of_system_attributes,
        ),
        ("SequenceNumber", sent.sequence_number),
    ] {
        if let Some(value) = value {
            answer.insert(member.into(), value.into());
        }
    }
    answer
}

/// An entry of a batch that failed.
pub(super) fn failed(id: &str, error: &QueueError) -> Value {
    let (code, sender_fault) = in_batch(error);
    json!({ "Id": id, "Code": code, "Message": error.to_string(), "SenderFault": sender_fault })
}

/// A message, with those attributes that were asked for.
pub(super) fn received(message: &Received, system: &[String], attributes: &[String]) -> Value {
    let mut answer = Map::new();
    answer.insert(
        "MessageId".into(),
        message.contents.message_id.clone().into(),
    );
    answer.insert(
        "ReceiptHandle".into(),
        message.receipt_handle.clone().into(),
    );
    answer.insert("MD5OfBody".into(), message.md5_of_body().into());
    answer.insert("Body".into(), message.contents.body.clone().into());
    let system = system_attributes(message, system);
    if !system.is_empty() {
        answer.insert("Attributes".into(), system.into());
    }
    let wanted = |name: &str| attributes.iter().any(|pattern| matches(pattern, name));
    let attributes: BTreeMap<String, Attribute> = message
        .contents
        .attributes
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, attribute)| (name.clone(), attribute.clone()))
        .collect();
    if let Some(digest) = md5_of_attributes(&attributes) {
        answer.insert("MD5OfMessageAttributes".into(), digest.into());
        let attributes: Map<String, Value> = attributes
            .into_iter()
            .map(|(name, attribute)| (name, wire(attribute)))
            .collect();
        answer.insert("MessageAttributes".into(), attributes.into());
    }
    answer.into()
}

/// `All`, `.*`, the name, or its beginning with `.*` behind.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern {
        "All" | ".*" => true,
        _ => match pattern.strip_suffix(".*") {
            Some(prefix) => name.starts_with(prefix),
            None => name == pattern,
        },
    }
}

fn wire(attribute: Attribute) -> Value {
    let data_type = attribute.data_type;
    match attribute.value {
        AttributeValue::Text(text) => json!({ "StringValue": text, "DataType": data_type }),
        AttributeValue::Binary(bytes) => {
            json!({ "BinaryValue": STANDARD.encode(bytes), "DataType": data_type })
        }
    }
}

fn system_attributes(message: &Received, wanted: &[String]) -> Map<String, Value> {
    let all = wanted.iter().any(|name| name == "All");
    let millis = |at: engine::Timestamp| Some(at.0.div_euclid(1_000).to_string());
    let contents = &message.contents;
    [
        ("SenderId", Some(contents.sender.clone())),
        ("SentTimestamp", millis(message.sent_at)),
        (
            "ApproximateReceiveCount",
            Some(message.receive_count.to_string()),
        ),
        (
            "ApproximateFirstReceiveTimestamp",
            millis(message.first_received_at),
        ),
        ("SequenceNumber", message.sequence_number.clone()),
        ("MessageDeduplicationId", contents.deduplication_id.clone()),
        ("MessageGroupId", contents.group_id.clone()),
        ("AWSTraceHeader", contents.trace_header.clone()),
        ("DeadLetterQueueSourceArn", contents.source_arn.clone()),
    ]
    .into_iter()
    .filter(|(name, _)| all || wanted.iter().any(|wanted| wanted == name))
    .filter_map(|(name, value)| Some((name.to_owned(), value?.into())))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_asked_for_by_name_by_its_beginning_or_with_all_others() {
        for (pattern, name, wanted) in [
            ("All", "x", true),
            (".*", "x", true),
            ("x", "x", true),
            ("x", "xy", false),
            ("x.*", "xy", true),
            ("x.*", "y", false),
        ] {
            assert_eq!(matches(pattern, name), wanted, "{pattern} {name}");
        }
    }
}
