//! `UntagResource`.

use super::fault::fault;
use super::input::{finish, resource, texts};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = resource(&mut members)?;
    if members.value("tagKeys").is_none() {
        members.missing("tagKeys");
    }
    let keys = texts(&mut members, "tagKeys")?;
    finish(members)?;
    call.services.logs.untag(name, keys).await.map_err(fault)?;
    Ok(Reply::empty())
}
