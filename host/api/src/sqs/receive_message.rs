//! `ReceiveMessage`.

use runtime::queues::ReceiveRequest;
use serde_json::{Value, json};

use super::answer;
use super::fault::fault;
use super::input::{invalid, number, queue, text, texts, visibility};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let request = request(&call.input)?;
    // `AttributeNames` is the name of old.
    let mut system = texts(&call.input, "AttributeNames")?;
    system.extend(texts(&call.input, "MessageSystemAttributeNames")?);
    let attributes = texts(&call.input, "MessageAttributeNames")?;
    let received = call.services.queues.receive(&name, &request).await;
    let messages: Vec<Value> = received
        .map_err(fault)?
        .iter()
        .map(|message| answer::received(message, &system, &attributes))
        .collect();
    if messages.is_empty() {
        return Ok(Reply::empty());
    }
    Ok(json!({ "Messages": messages }).into())
}

fn request(input: &Value) -> Result<ReceiveRequest, ApiError> {
    let reason = "Must be between 1 and 10, if provided.";
    let max = number(input, "MaxNumberOfMessages", (1, 10), reason)?.unwrap_or(1);
    let reason = "Must be >= 0 and <= 20, if provided.";
    let wait_seconds = number(input, "WaitTimeSeconds", (0, 20), reason)?;
    let attempt_id = text(input, "ReceiveRequestAttemptId")?.map(str::to_owned);
    if let Some(id) = &attempt_id
        && !(1..=128).contains(&id.len())
    {
        let reason = "Must be 1 to 128 characters long.";
        return Err(invalid(id, "ReceiveRequestAttemptId", reason));
    }
    Ok(ReceiveRequest {
        max: usize::try_from(max).unwrap_or(1),
        visibility_seconds: visibility(input)?,
        wait_seconds,
        attempt_id,
    })
}
