//! `GetQueueUrl`.

use runtime::queues::QueueError;
use serde_json::json;

use super::answer::url;
use super::fault::fault;
use super::input::required;
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = required(&call.input, "QueueName")?;
    if !call.services.queues.exists(name) {
        return Err(fault(QueueError::DoesNotExist));
    }
    Ok(json!({ "QueueUrl": url(&call, name) }).into())
}
