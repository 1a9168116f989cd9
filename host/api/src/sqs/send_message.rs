//! `SendMessage`.

use serde_json::Value;

use super::answer;
use super::fault::fault;
use super::input::{message, queue};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let message = message(&call.input)?;
    let sent = call.services.queues.send(&name, message).await;
    Ok(Value::Object(answer::sent(sent.map_err(fault)?)).into())
}
