//! `TagQueue`.

use runtime::queues::QueueError;

use super::fault::fault;
use super::input::{pairs, queue};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let tags = pairs(&call.input, "Tags")?;
    if tags.is_empty() {
        return Err(fault(QueueError::MissingParameter("Tags")));
    }
    call.services
        .queues
        .tag(&name, &tags)
        .await
        .map_err(fault)?;
    Ok(Reply::empty())
}
