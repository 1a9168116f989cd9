//! `PutRetentionPolicy`.

use super::fault::{fault, invalid};
use super::input::{finish, group_name};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Reply};

/// What may be asked for (days). Source: CloudWatch Logs API reference.
const DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let name = group_name(&mut members);
    if members.value("retentionInDays").is_none() {
        members.missing("retentionInDays");
    }
    let days = members
        .number("retentionInDays", i64::MIN, i64::MAX)
        .unwrap_or_default();
    finish(members)?;
    let Some(days) = u32::try_from(days).ok().filter(|days| DAYS.contains(days)) else {
        let days: Vec<String> = DAYS.iter().map(u32::to_string).collect();
        return Err(invalid(format!(
            "1 validation error detected: Value at 'retentionInDays' failed to satisfy constraint: \
             Member must satisfy enum value set: [{}]",
            days.join(", ")
        )));
    };
    let logs = &call.services.logs;
    logs.set_retention(name, Some(days)).await.map_err(fault)?;
    Ok(Reply::empty())
}
