//! `ListQueues`.

use super::input::text;
use super::page::Page;
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let prefix = text(&call.input, "QueueNamePrefix")?.unwrap_or_default();
    let page = Page::of(&call.input)?;
    let queues = &call.services.queues;
    let names = queues.list(prefix, page.after.as_deref(), page.ask());
    Ok(page.answer(&call, "QueueUrls", names).into())
}
