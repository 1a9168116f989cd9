//! `ListDeadLetterSourceQueues`.

use serde_json::{Value, json};

use super::fault::fault;
use super::input::queue;
use super::page::Page;
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let page = Page::of(&call.input)?;
    let queues = &call.services.queues;
    let names = queues.sources(&name, page.after.as_deref(), page.ask());
    let mut answer = page.answer(&call, "queueUrls", names.map_err(fault)?);
    // Unlike in ListQueues the list is there when it is empty.
    if let Value::Object(members) = &mut answer {
        members.entry("queueUrls").or_insert_with(|| json!([]));
    }
    Ok(answer.into())
}
