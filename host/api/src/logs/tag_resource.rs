//! `TagResource`.

use super::fault::fault;
use super::input::{finish, resource, tags};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = resource(&mut members)?;
    if members.value("tags").is_none() {
        members.missing("tags");
    }
    let tags = tags(&mut members)?;
    finish(members)?;
    call.services.logs.tag(name, tags).await.map_err(fault)?;
    Ok(Reply::empty())
}
