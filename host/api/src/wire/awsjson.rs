//! AWS JSON 1.0 and 1.1: `POST /`, the operation in `X-Amz-Target`, JSON both ways.

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::Full;
use serde_json::{Map, Value};

use super::answer::Answer;
use crate::error::ApiError;

/// The member of [`ApiError::more`] that goes into a header of its own, by which clients of the older
/// Query protocol of SQS know their errors.
const QUERY_ERROR_MEMBER: &str = "@query";

/// Whether the content type is one of this protocol's, with or without parameters.
pub(super) fn is_content_type(headers: &HeaderMap) -> bool {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media = value.unwrap_or_default().split(';').next();
    let media = media.unwrap_or_default().trim();
    ["application/x-amz-json-1.0", "application/x-amz-json-1.1"]
        .iter()
        .any(|known| media.eq_ignore_ascii_case(known))
}

/// The input of an operation. No body is an input without members.
///
/// # Errors
/// `SerializationException` for what is no JSON object, and for one that is nested deeper than 128.
pub(super) fn input(body: &[u8]) -> Result<Map<String, Value>, ApiError> {
    let refused = |reason: String| ApiError::new("SerializationException", reason);
    if body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(refused("Start of structure expected.".into())),
        // The error of the parser says where and what was expected, and nothing of the text.
        Err(error) => Err(refused(format!("The body is not valid JSON: {error}"))),
    }
}

/// What an operation gave.
pub(super) fn output(version: &'static str, value: &Value) -> Answer {
    with_json(200, version, value.to_string())
}

/// An error: the code in `__type`, as clients match it.
pub(super) fn failure(version: &'static str, error: &ApiError) -> Answer {
    let mut members = Map::new();
    members.insert("__type".into(), error.code.into());
    members.insert("message".into(), error.message.as_str().into());
    let mut query_error = None;
    for (name, value) in &error.more {
        match value {
            Value::String(text) if name == QUERY_ERROR_MEMBER => query_error = Some(text),
            value => drop(members.insert(name.clone(), value.clone())),
        }
    }
    let body = Value::Object(members).to_string();
    let mut answer = with_json(error.status, version, body);
    if let Some(Ok(value)) = query_error.map(|text| text.parse()) {
        answer.headers_mut().insert("x-amzn-query-error", value);
    }
    answer
}

fn with_json(status: u16, version: &'static str, body: String) -> Answer {
    let mut answer = Answer::new(Full::new(Bytes::from(body)));
    super::answer::set_status(&mut answer, status);
    let media = match version {
        "1.1" => "application/x-amz-json-1.1",
        _ => "application/x-amz-json-1.0",
    };
    let media = http::HeaderValue::from_static(media);
    answer.headers_mut().insert(CONTENT_TYPE, media);
    answer
}
