//! `sqs:sendMessage` where there are queues: the parameters of the state as a message, what SQS answers,
//! and its errors as states show them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::ErrorOutput;
use serde_json::{Map, Value};

use crate::message::Message;
use crate::queues::{Attribute, AttributeValue, NewMessage, QueueError, Sent};

/// The queue's name, and the message.
pub(crate) fn request_of(
    message: &Message,
    request: &Value,
) -> (String, Result<NewMessage, ErrorOutput>) {
    let name = message.queue.rsplit('/').next().unwrap_or_default();
    (name.to_owned(), read(message, request))
}

fn read(message: &Message, request: &Value) -> Result<NewMessage, ErrorOutput> {
    let text = |name: &str| match request.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(invalid(&format!("{name} must be a string, not {other}."))),
    };
    let delay_seconds = match request.get("DelaySeconds") {
        None | Some(Value::Null) => None,
        Some(value) => match value.as_u64() {
            Some(seconds) => Some(seconds),
            None => return Err(invalid("DelaySeconds must be a number of seconds.")),
        },
    };
    Ok(NewMessage {
        id: Some(message.id.clone()),
        body: message.body.clone(),
        attributes: attributes(request)?,
        delay_seconds,
        group_id: text("MessageGroupId")?,
        deduplication_id: text("MessageDeduplicationId")?,
        trace_header: None,
        sender: None,
    })
}

/// `MessageAttributes`; the service also takes `MessageAttribute`.
fn attributes(request: &Value) -> Result<BTreeMap<String, Attribute>, ErrorOutput> {
    let given = request
        .get("MessageAttributes")
        .or_else(|| request.get("MessageAttribute"));
    let given = match given {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(given)) => given,
        Some(_) => return Err(invalid("MessageAttributes must be an object.")),
    };
    given
        .iter()
        .map(|(name, value)| Ok((name.clone(), attribute(name, value)?)))
        .collect()
}

fn attribute(name: &str, value: &Value) -> Result<Attribute, ErrorOutput> {
    let text = |member: &str| value.get(member).and_then(Value::as_str);
    let data_type = text("DataType").ok_or_else(|| {
        invalid(&format!(
            "The message attribute '{name}' must contain a DataType."
        ))
    })?;
    let value = match (text("StringValue"), text("BinaryValue")) {
        (Some(text), _) => AttributeValue::Text(text.to_owned()),
        (None, Some(encoded)) => AttributeValue::Binary(
            STANDARD
                .decode(encoded)
                .map_err(|_| invalid(&format!("'{name}': BinaryValue must be base64.")))?,
        ),
        (None, None) => {
            return Err(invalid(&format!(
                "The message attribute '{name}' must contain a StringValue or a BinaryValue."
            )));
        }
    };
    Ok(Attribute {
        data_type: data_type.to_owned(),
        value,
    })
}

/// What `SendMessage` answers, in the order of the names.
pub(crate) fn answer_of(sent: Sent) -> Value {
    let members = [
        ("MD5OfMessageAttributes", sent.md5_of_attributes),
        ("MD5OfMessageBody", Some(sent.md5_of_body)),
        ("MessageId", Some(sent.message_id)),
        ("SequenceNumber", sent.sequence_number),
    ];
    let members = members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))));
    Value::Object(members.collect::<Map<_, _>>())
}

/// The error of the state (recorded from AWS: the one name for all of them).
pub(crate) fn error_of(error: &QueueError) -> ErrorOutput {
    let code = match error {
        QueueError::DoesNotExist => "AWS.SimpleQueueService.NonExistentQueue",
        QueueError::MissingParameter(_) => "MissingParameter",
        QueueError::InvalidMessageContents => "InvalidMessageContents",
        QueueError::OverLimit(_) => "OverLimit",
        QueueError::UnsupportedOperation(_) => "AWS.SimpleQueueService.UnsupportedOperation",
        QueueError::Records(_) => "InternalFailure",
        _ => "InvalidParameterValue",
    };
    ErrorOutput::new(
        "SQS.AmazonSQSException",
        format!(
            "{error} (Service: AmazonSQS; Status Code: 400; Error Code: {code}; Request ID: -; Proxy: \
             null)"
        ),
    )
}

fn invalid(reason: &str) -> ErrorOutput {
    ErrorOutput::new("SQS.AmazonSQSException", reason)
}
