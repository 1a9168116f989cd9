//! Reads the members of SQS's inputs, with SQS's words for what is wrong.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use runtime::queues::{Attribute, AttributeValue, NewMessage, QueueError};
use serde_json::{Map, Value};

use super::fault::fault;
use crate::error::ApiError;
use crate::operation::Call;

/// The name of the queue that `QueueUrl` names.
pub(super) fn queue(call: &Call) -> Result<String, ApiError> {
    Ok(name_in_url(required(&call.input, "QueueUrl")?).to_owned())
}

/// The last part of the path.
pub(super) fn name_in_url(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}

/// A text that has to be given.
pub(super) fn required<'a>(input: &'a Value, member: &'static str) -> Result<&'a str, ApiError> {
    text(input, member)?.ok_or_else(|| fault(QueueError::MissingParameter(member)))
}

/// A text, if it is given.
pub(super) fn text<'a>(
    input: &'a Value,
    member: &'static str,
) -> Result<Option<&'a str>, ApiError> {
    match input.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(mistyped(member, "string")),
    }
}

/// A number between bounds, if it is given; `reason` is what SQS says of any other.
pub(super) fn number(
    input: &Value,
    member: &'static str,
    (min, max): (u64, u64),
    reason: &str,
) -> Result<Option<u64>, ApiError> {
    let number = match input.get(member) {
        None | Some(Value::Null) => return Ok(None),
        // SDKs of the query protocol's time sent numbers as texts.
        Some(Value::String(text)) => text.parse::<i64>().ok(),
        Some(value) => value.as_i64(),
    };
    let number = number.ok_or_else(|| mistyped(member, "number"))?;
    match u64::try_from(number) {
        Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
        _ => Err(invalid(&number.to_string(), member, reason)),
    }
}

/// `VisibilityTimeout` of a request, if it is given.
pub(super) fn visibility(input: &Value) -> Result<Option<u64>, ApiError> {
    let reason = "Must be >= 0 and <= 43200, if provided.";
    number(input, "VisibilityTimeout", (0, 43_200), reason)
}

/// Texts, if they are given.
pub(super) fn texts(input: &Value, member: &'static str) -> Result<Vec<String>, ApiError> {
    let list = match input.get(member) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(mistyped(member, "list")),
    };
    let texts = list.iter().map(|value| value.as_str().map(str::to_owned));
    texts
        .collect::<Option<_>>()
        .ok_or_else(|| mistyped(member, "string"))
}

/// Texts by name, if they are given.
pub(super) fn pairs(
    input: &Value,
    member: &'static str,
) -> Result<BTreeMap<String, String>, ApiError> {
    let Some(map) = object(input, member)? else {
        return Ok(BTreeMap::new());
    };
    let pairs = map
        .iter()
        .map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    pairs
        .collect::<Option<_>>()
        .ok_or_else(|| mistyped(member, "string"))
}

fn object<'a>(
    input: &'a Value,
    member: &'static str,
) -> Result<Option<&'a Map<String, Value>>, ApiError> {
    match input.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(_) => Err(mistyped(member, "map")),
    }
}

/// The message that an input, or an entry of a batch, describes.
pub(super) fn message(input: &Value) -> Result<NewMessage, ApiError> {
    let mut trace_header = None;
    for (name, attribute) in attributes(input, "MessageSystemAttributes")? {
        match (name.as_str(), attribute.value) {
            ("AWSTraceHeader", AttributeValue::Text(header)) => trace_header = Some(header),
            _ => {
                let reason = "Must be AWSTraceHeader, of type String.";
                return Err(invalid(&name, "MessageSystemAttributes", reason));
            }
        }
    }
    Ok(NewMessage {
        id: None,
        body: required(input, "MessageBody")?.to_owned(),
        attributes: attributes(input, "MessageAttributes")?,
        delay_seconds: number(
            input,
            "DelaySeconds",
            (0, 900),
            "DelaySeconds must be >= 0 and <= 900.",
        )?,
        group_id: text(input, "MessageGroupId")?.map(str::to_owned),
        deduplication_id: text(input, "MessageDeduplicationId")?.map(str::to_owned),
        trace_header,
        sender: None,
    })
}

fn attributes(
    input: &Value,
    member: &'static str,
) -> Result<BTreeMap<String, Attribute>, ApiError> {
    let mut attributes = BTreeMap::new();
    for (name, value) in object(input, member)?.into_iter().flatten() {
        attributes.insert(name.clone(), attribute(name, value)?);
    }
    Ok(attributes)
}

fn attribute(name: &str, input: &Value) -> Result<Attribute, ApiError> {
    let refuse = |what: &str| {
        fault(QueueError::InvalidParameterValue(format!(
            "The message attribute '{name}' must contain {what}."
        )))
    };
    let given = |member: &str| input.get(member).filter(|value| !value.is_null());
    if ["StringListValues", "BinaryListValues"]
        .into_iter()
        .any(|member| {
            given(member)
                .and_then(Value::as_array)
                .is_some_and(|list| !list.is_empty())
        })
    {
        return Err(fault(QueueError::UnsupportedOperation(String::from(
            "Message attribute list values in SendMessage operation are not supported.",
        ))));
    }
    let data_type = text(input, "DataType")?.filter(|data_type| !data_type.is_empty());
    let data_type = data_type.ok_or_else(|| refuse("a non-empty message attribute type"))?;
    let value = match (text(input, "StringValue")?, text(input, "BinaryValue")?) {
        (Some(text), None) => AttributeValue::Text(text.to_owned()),
        (None, Some(encoded)) => {
            let bytes = STANDARD.decode(encoded);
            let bytes = bytes.map_err(|_| mistyped("BinaryValue", "base64 text"))?;
            AttributeValue::Binary(bytes)
        }
        _ => return Err(refuse("a non-empty message attribute value")),
    };
    Ok(Attribute {
        data_type: data_type.to_owned(),
        value,
    })
}

/// A parameter that breaks a rule.
pub(super) fn invalid(value: &str, parameter: &str, reason: &str) -> ApiError {
    fault(QueueError::InvalidParameterValue(format!(
        "Value {value} for parameter {parameter} is invalid. Reason: {reason}"
    )))
}

pub(super) fn mistyped(member: &str, wanted: &str) -> ApiError {
    let message = format!("{member}: a {wanted} is expected here.");
    ApiError::new("SerializationException", message)
}
