//! REST-JSON: method and path say what is meant; the input is in path, query string and body.

use bytes::Bytes;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use http_body_util::Full;
use serde_json::{Map, Value};

use super::answer::{Answer, set_status};
use super::awsjson;
use crate::error::ApiError;
use crate::limits;

/// What the body of an operation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyKind {
    /// Members of the input.
    Members,
    /// Members of the input, a component among them.
    Code,
    /// Something of the caller's own, in which nobody looks for members: it must not be able to
    /// say what only path and query may say.
    Payload,
}

/// By the operation's name, as the model of AWS's Lambda has it.
fn body_kind(operation: &str) -> BodyKind {
    match operation {
        "Invoke" | "InvokeAsync" | "InvokeWithResponseStream" => BodyKind::Payload,
        "CreateFunction" | "UpdateFunctionCode" | "PublishLayerVersion" => BodyKind::Code,
        _ => BodyKind::Members,
    }
}

/// How long a body the operation takes (bytes).
pub(super) fn body_bytes_max(operation: &str) -> usize {
    match body_kind(operation) {
        BodyKind::Members => limits::BODY_BYTES_MAX,
        BodyKind::Code => limits::CODE_BODY_BYTES_MAX,
        BodyKind::Payload => limits::PAYLOAD_BODY_BYTES_MAX,
    }
}

/// The input: the members of the body, then those of path and query, which win.
///
/// # Errors
/// As [`awsjson::input`].
pub(super) fn input(
    operation: &str,
    head: &Map<String, Value>,
    body: &[u8],
) -> Result<Map<String, Value>, ApiError> {
    let mut members = match body_kind(operation) {
        BodyKind::Members | BodyKind::Code => awsjson::input(body)?,
        BodyKind::Payload => Map::new(),
    };
    members.extend(
        head.iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    Ok(members)
}

/// What an operation gave.
pub(super) fn output(value: &Value) -> Answer {
    with_json(200, value.to_string())
}

/// An error: the code in a header, whose fault it is in the body. Both spellings of the message, as the
/// model has now the one, now the other.
pub(super) fn failure(error: &ApiError) -> Answer {
    let fault = if error.status < 500 {
        "User"
    } else {
        "Service"
    };
    let mut members = error.more.clone();
    members.insert("Type".into(), fault.into());
    members.insert("Message".into(), error.message.as_str().into());
    members.insert("message".into(), error.message.as_str().into());
    let mut answer = with_json(error.status, Value::Object(members).to_string());
    let code = HeaderValue::from_static(error.code);
    answer.headers_mut().insert("x-amzn-errortype", code);
    answer
}

fn with_json(status: u16, body: String) -> Answer {
    let mut answer = Answer::new(Full::new(Bytes::from(body)));
    set_status(&mut answer, status);
    let media = HeaderValue::from_static("application/json");
    answer.headers_mut().insert(CONTENT_TYPE, media);
    answer
}
