//! `CreateQueue`.

use serde_json::json;

use super::answer::url;
use super::fault::fault;
use super::input::{pairs, required};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = required(&call.input, "QueueName")?;
    let attributes = pairs(&call.input, "Attributes")?;
    // The model spells it like this; the Java SDK of old did not.
    let mut tags = pairs(&call.input, "tags")?;
    tags.extend(pairs(&call.input, "Tags")?);
    let queues = &call.services.queues;
    queues
        .create(name, &attributes, tags)
        .await
        .map_err(fault)?;
    Ok(json!({ "QueueUrl": url(&call, name) }).into())
}
