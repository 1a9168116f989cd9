//! Messages: as they are sent, as they are stored, as they are received; and what a message may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest;
use super::error::QueueError;
use crate::limits::{MESSAGE_ATTRIBUTES_MAX, MESSAGE_OVERHEAD_BYTES};

/// A message to send.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewMessage {
    /// The message's id, where the sender has one that is the same whenever it sends the same again: a
    /// second message of this id is not stored, and answered like the first. `None`: a random one.
    pub id: Option<String>,
    /// `MessageBody`.
    pub body: String,
    /// `MessageAttributes`.
    pub attributes: BTreeMap<String, Attribute>,
    /// `DelaySeconds`; `None`: that of the queue.
    pub delay_seconds: Option<u64>,
    /// `MessageGroupId`.
    pub group_id: Option<String>,
    /// `MessageDeduplicationId`.
    pub deduplication_id: Option<String>,
    /// `AWSTraceHeader`, the one system attribute that can be sent.
    pub trace_header: Option<String>,
    /// `SenderId`; `None`: the account.
    pub sender: Option<String>,
}

/// An attribute of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// `String`, `Number` or `Binary`, maybe with `.` and a name of the sender's own.
    pub data_type: String,
    /// Its value.
    pub value: AttributeValue,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// `StringValue`.
    Text(String),
    /// `BinaryValue`.
    Binary(Vec<u8>),
}

impl AttributeValue {
    fn len(&self) -> usize {
        match self {
            AttributeValue::Text(text) => text.len(),
            AttributeValue::Binary(bytes) => bytes.len(),
        }
    }
}

/// What a sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// `MessageId`.
    pub message_id: String,
    /// `MD5OfMessageBody`.
    pub md5_of_body: String,
    /// `MD5OfMessageAttributes`.
    pub md5_of_attributes: Option<String>,
    /// `MD5OfMessageSystemAttributes`.
    pub md5_of_system_attributes: Option<String>,
    /// `SequenceNumber`, of a FIFO queue.
    pub sequence_number: Option<String>,
}

/// A message as it is received.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// `ReceiptHandle`.
    pub receipt_handle: String,
    /// `ApproximateReceiveCount`.
    pub receive_count: u32,
    /// `SentTimestamp`.
    pub sent_at: Timestamp,
    /// `ApproximateFirstReceiveTimestamp`.
    pub first_received_at: Timestamp,
    /// `SequenceNumber`, of a FIFO queue.
    pub sequence_number: Option<String>,
    /// Everything that was sent.
    pub contents: Contents,
}

impl Received {
    /// `MD5OfBody`.
    pub fn md5_of_body(&self) -> String {
        digest::of_body(&self.contents.body)
    }
}

/// What of a message never changes: a record of its own, so that receiving does not write it again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contents {
    /// `MessageId`.
    pub message_id: String,
    /// `Body`.
    pub body: String,
    /// `MessageAttributes`.
    pub attributes: BTreeMap<String, Attribute>,
    /// `MessageGroupId`.
    pub group_id: Option<String>,
    /// `MessageDeduplicationId`.
    pub deduplication_id: Option<String>,
    /// `AWSTraceHeader`.
    pub trace_header: Option<String>,
    /// `SenderId`.
    pub sender: String,
    /// `DeadLetterQueueSourceArn`: the queue from which it came here as a dead letter.
    pub source_arn: Option<String>,
}

/// What of a message changes: a small record, written whenever the message is received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Slot {
    #[serde(rename = "sent")]
    pub(super) sent_at: Timestamp,
    /// Nobody receives it before.
    #[serde(rename = "visible")]
    pub(super) visible_at: Timestamp,
    #[serde(rename = "first")]
    pub(super) first_received_at: Option<Timestamp>,
    #[serde(rename = "count")]
    pub(super) receive_count: u32,
    /// What it takes, of the bound of all queues.
    pub(super) bytes: u64,
    /// `MessageGroupId`, where it orders.
    pub(super) group: Option<Arc<str>>,
}

impl NewMessage {
    /// Body and attributes (bytes), as SQS counts them.
    pub fn size_bytes(&self) -> u64 {
        let attributes: usize = self
            .attributes
            .iter()
            .map(|(name, one)| name.len() + one.data_type.len() + one.value.len())
            .sum();
        u64::try_from(self.body.len() + attributes).unwrap_or(u64::MAX)
    }

    /// What it takes of the bound of all queues.
    pub(super) fn cost_bytes(&self) -> u64 {
        self.size_bytes().saturating_add(MESSAGE_OVERHEAD_BYTES)
    }

    /// Whether SQS would take it, whatever the queue.
    pub(super) fn check(&self, bytes_max: u64) -> Result<(), QueueError> {
        if self.body.is_empty() {
            return Err(QueueError::MissingParameter("MessageBody"));
        }
        if self.size_bytes() > bytes_max {
            return Err(QueueError::InvalidParameterValue(format!(
                "One or more parameters are invalid. Reason: Message must be shorter than \
                 {bytes_max} bytes."
            )));
        }
        if self.attributes.len() > MESSAGE_ATTRIBUTES_MAX {
            return Err(QueueError::InvalidParameterValue(format!(
                "Number of message attributes [{}] exceeds the allowed maximum \
                 [{MESSAGE_ATTRIBUTES_MAX}].",
                self.attributes.len()
            )));
        }
        let texts = self.attributes.values().filter_map(|one| match &one.value {
            AttributeValue::Text(text) => Some(text.as_str()),
            AttributeValue::Binary(_) => None,
        });
        if !texts.chain([self.body.as_str()]).all(is_allowed) {
            return Err(QueueError::InvalidMessageContents);
        }
        for (name, attribute) in &self.attributes {
            check_attribute(name, attribute)?;
        }
        for (parameter, id) in [
            ("MessageGroupId", &self.group_id),
            ("MessageDeduplicationId", &self.deduplication_id),
        ] {
            let Some(id) = id else { continue };
            let fits =
                (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
            if !fits {
                let reason = format!(
                    "{parameter} can only include alphanumeric and punctuation characters. 1 to 128 \
                     in length."
                );
                return Err(QueueError::invalid(id, parameter, &reason));
            }
        }
        Ok(())
    }

    pub(super) fn sent(&self, message_id: &str, sequence_number: Option<String>) -> Sent {
        let system = self.trace_header.as_ref().map(|header| {
            let attribute = Attribute {
                data_type: String::from("String"),
                value: AttributeValue::Text(header.clone()),
            };
            BTreeMap::from([(String::from("AWSTraceHeader"), attribute)])
        });
        Sent {
            message_id: message_id.to_owned(),
            md5_of_body: digest::of_body(&self.body),
            md5_of_attributes: digest::of_attributes(&self.attributes),
            md5_of_system_attributes: system.and_then(|system| digest::of_attributes(&system)),
            sequence_number,
        }
    }
}

/// `#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`.
fn is_allowed(text: &str) -> bool {
    text.chars().all(
        |c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}'),
    )
}

fn check_attribute(name: &str, attribute: &Attribute) -> Result<(), QueueError> {
    let refuse = |text: String| Err(QueueError::InvalidParameterValue(text));
    let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let lower = name.to_ascii_lowercase();
    if !(1..=256).contains(&name.len())
        || !name.chars().all(is_name)
        || name.starts_with('.')
        || name.ends_with('.')
        || name.contains("..")
        || lower.starts_with("aws.")
        || lower.starts_with("amazon.")
    {
        return refuse(format!(
            "Message (user) attribute name '{name}' is invalid."
        ));
    }
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    let fits = match (kind, &attribute.value) {
        ("String", AttributeValue::Text(_)) | ("Binary", AttributeValue::Binary(_)) => true,
        ("Number", AttributeValue::Text(text)) => text.parse::<f64>().is_ok_and(f64::is_finite),
        _ => false,
    };
    if attribute.data_type.len() > 256 || !matches!(kind, "String" | "Number" | "Binary") {
        return refuse(format!(
            "The type of message (user) attribute '{name}' is invalid. You must use only the \
             following supported type prefixes: Binary, Number, String."
        ));
    }
    if attribute.value.len() == 0 || !fits {
        return refuse(format!(
            "Message (user) attribute '{name}' must contain a non-empty value of type \
             '{kind}'."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(body: &str) -> NewMessage {
        NewMessage {
            body: body.into(),
            ..NewMessage::default()
        }
    }

    #[test]
    fn a_message_has_only_characters_that_xml_may_have() {
        for text in ["a\tb\r\n", " ", "Ünïcödé", "\u{fffd}", "\u{1f600}"] {
            assert_eq!(body(text).check(1_024), Ok(()), "{text:?}");
        }
        for text in ["\u{0}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            let refused = body(text).check(1_024);
            assert_eq!(refused, Err(QueueError::InvalidMessageContents), "{text:?}");
        }
    }

    #[test]
    fn a_message_is_as_long_as_its_queue_allows_with_its_attributes() {
        assert_eq!(body(&"x".repeat(1_024)).check(1_024), Ok(()));
        assert!(body(&"x".repeat(1_025)).check(1_024).is_err());
        assert!(body("").check(1_024).is_err());
        let mut message = body(&"x".repeat(1_014));
        message
            .attributes
            .insert("name".into(), text("String", "v"));
        assert!(message.check(1_024).is_err(), "4 + 6 + 1 more");
        message.body.pop();
        assert_eq!(message.check(1_024), Ok(()));
    }

    fn text(data_type: &str, text: &str) -> Attribute {
        Attribute {
            data_type: data_type.into(),
            value: AttributeValue::Text(text.into()),
        }
    }

    #[test]
    fn an_attribute_has_a_name_and_a_type_of_sqs_and_a_value_of_that_type() {
        for (name, attribute, taken) in [
            ("a.b-c_1", text("String.mine", "x"), true),
            ("n", text("Number", "-1.5e3"), true),
            ("n", text("Number", "one"), false),
            ("n", text("Text", "x"), false),
            ("n", text("Binary", "x"), false),
            ("n", text("String", ""), false),
            ("AWS.x", text("String", "x"), false),
            ("a..b", text("String", "x"), false),
            ("a b", text("String", "x"), false),
        ] {
            let found = check_attribute(name, &attribute).is_ok();
            assert_eq!(found, taken, "{name} {attribute:?}");
        }
    }

    #[test]
    fn a_message_has_ten_attributes_and_not_eleven() {
        let mut message = body("x");
        for index in 0..MESSAGE_ATTRIBUTES_MAX {
            message
                .attributes
                .insert(format!("a{index}"), text("String", "v"));
        }
        assert_eq!(message.check(1_024), Ok(()));
        message
            .attributes
            .insert("more".into(), text("String", "v"));
        assert!(message.check(1_024).is_err());
    }
}
