//! `ChangeMessageVisibility`.

use runtime::queues::QueueError;

use super::fault::fault;
use super::input::{queue, required, visibility};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let handle = required(&call.input, "ReceiptHandle")?.to_owned();
    let seconds = visibility(&call.input)?;
    let seconds =
        seconds.ok_or_else(|| fault(QueueError::MissingParameter("VisibilityTimeout")))?;
    let changes = vec![(handle, seconds)];
    let answers = call.services.queues.change_visibility(&name, changes).await;
    for answer in answers.map_err(fault)? {
        answer.map_err(fault)?;
    }
    Ok(Reply::empty())
}
