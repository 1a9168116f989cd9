//! `DeleteQueue`.

use super::fault::fault;
use super::input::queue;
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    call.services.queues.delete(&name).await.map_err(fault)?;
    Ok(Reply::empty())
}
