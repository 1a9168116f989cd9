//! `UntagQueue`.

use runtime::queues::QueueError;

use super::fault::fault;
use super::input::{queue, texts};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let keys = texts(&call.input, "TagKeys")?;
    if keys.is_empty() {
        return Err(fault(QueueError::MissingParameter("TagKeys")));
    }
    call.services
        .queues
        .untag(&name, &keys)
        .await
        .map_err(fault)?;
    Ok(Reply::empty())
}
