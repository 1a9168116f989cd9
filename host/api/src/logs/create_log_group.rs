//! `CreateLogGroup`.

use runtime::logs::NewGroup;

use super::fault::fault;
use super::input::{finish, group_name, tags};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

const CLASSES: &[&str] = &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"];

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = group_name(&mut members).to_owned();
    let tags = tags(&mut members)?;
    let kms_key_id = members.sized_text("kmsKeyId", 0, 256).map(str::to_owned);
    let class = members
        .one_of("logGroupClass", CLASSES)
        .unwrap_or("STANDARD");
    finish(members)?;
    let group = NewGroup {
        name,
        tags,
        kms_key_id,
        class: class.to_owned(),
    };
    call.services
        .logs
        .create_group(group)
        .await
        .map_err(fault)?;
    Ok(Reply::empty())
}
