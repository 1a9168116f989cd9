//! `DeleteMessage`.

use super::fault::fault;
use super::input::{queue, required};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let handle = required(&call.input, "ReceiptHandle")?.to_owned();
    let answers = call
        .services
        .queues
        .delete_messages(&name, vec![handle])
        .await;
    for answer in answers.map_err(fault)? {
        answer.map_err(fault)?;
    }
    Ok(Reply::empty())
}
