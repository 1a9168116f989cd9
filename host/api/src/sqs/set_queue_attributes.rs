//! `SetQueueAttributes`.

use runtime::queues::QueueError;

use super::fault::fault;
use super::input::{pairs, queue};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let attributes = pairs(&call.input, "Attributes")?;
    if call.input.get("Attributes").is_none() {
        return Err(fault(QueueError::MissingParameter("Attributes")));
    }
    let queues = &call.services.queues;
    queues
        .set_attributes(&name, &attributes)
        .await
        .map_err(fault)?;
    Ok(Reply::empty())
}
