//! `CreateLogStream`.

use super::fault::fault;
use super::input::{finish, group_name, stream_name};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let group = group_name(&mut members);
    let stream = stream_name(&mut members);
    finish(members)?;
    let logs = &call.services.logs;
    logs.create_stream(group, stream).await.map_err(fault)?;
    Ok(Reply::empty())
}
