//! `ListQueueTags`.

use serde_json::json;

use super::fault::fault;
use super::input::queue;
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let tags = call.services.queues.tags(&name).map_err(fault)?;
    if tags.is_empty() {
        return Ok(Reply::empty());
    }
    Ok(json!({ "Tags": tags }).into())
}
