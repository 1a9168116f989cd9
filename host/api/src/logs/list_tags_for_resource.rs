//! `ListTagsForResource`.

use serde_json::json;

use super::fault::fault;
use super::input::{finish, resource};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = resource(&mut members)?;
    finish(members)?;
    let tags = call.services.logs.tags(name).map_err(fault)?;
    Ok(json!({ "tags": tags }).into())
}
