//! `PutLogEvents`.

use runtime::logs::LogEvent;
use serde_json::{Value, json};

use super::answer::put;
use super::fault::{fault, invalid};
use super::input::{finish, group_name, stream_name};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::LOG_EVENTS_PER_PAGE_MAX;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let group = group_name(&mut members);
    let stream = stream_name(&mut members);
    let events = members.list("logEvents").unwrap_or_default();
    finish(members)?;
    if !(1..=LOG_EVENTS_PER_PAGE_MAX).contains(&events.len()) {
        return Err(invalid(format!(
            "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member \
             must have length between 1 and {LOG_EVENTS_PER_PAGE_MAX}"
        )));
    }
    let events: Option<Vec<LogEvent>> = events.iter().map(event).collect();
    let events = events.ok_or_else(|| {
        invalid("Every log event has a timestamp in milliseconds and a message that is not empty.")
    })?;
    let logs = &call.services.logs;
    let rejected = logs
        .put_events(group, stream, events)
        .await
        .map_err(fault)?;
    let mut info = json!({});
    put(&mut info, "tooNewLogEventStartIndex", rejected.too_new_from);
    put(&mut info, "tooOldLogEventEndIndex", rejected.too_old_until);
    put(&mut info, "expiredLogEventEndIndex", rejected.expired_until);
    let info = Some(info).filter(|info| info != &json!({}));
    // Nobody has to send it back any more, and whatever comes back is taken.
    let mut answer = json!({ "nextSequenceToken": &*call.request_id });
    put(&mut answer, "rejectedLogEventsInfo", info);
    Ok(answer.into())
}

fn event(event: &Value) -> Option<LogEvent> {
    let message = event.get("message")?.as_str()?;
    let timestamp_ms = event.get("timestamp")?.as_i64()?;
    (!message.is_empty() && timestamp_ms >= 0).then(|| LogEvent {
        timestamp_ms,
        message: message.to_owned(),
    })
}
