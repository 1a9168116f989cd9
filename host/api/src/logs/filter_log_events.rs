//! `FilterLogEvents`: what `aws logs tail` asks for, again and again.

use runtime::logs::{FilterQuery, LogsError, Pattern};
use serde_json::{Value, json};

use super::fault::{fault, invalid};
use super::input::{finish, given, group, limit, moment, texts};
use super::{answer, aside, token};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{LOG_EVENTS_PER_PAGE_MAX, LOG_NAME_CHARS_MAX, LOG_PATTERN_CHARS_MAX};
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let group = group(&mut members)?.to_owned();
    let streams = texts(&mut members, "logStreamNames")?;
    let prefix = members.sized_text("logStreamNamePrefix", 1, LOG_NAME_CHARS_MAX);
    let start_ms = moment(&mut members, "startTime");
    let end_ms = moment(&mut members, "endTime");
    let pattern = members.sized_text("filterPattern", 0, LOG_PATTERN_CHARS_MAX);
    let max = limit(&mut members, LOG_EVENTS_PER_PAGE_MAX);
    // Always so, whatever is asked for.
    members.flag("interleaved");
    finish(members)?;
    if prefix.is_some() && !streams.is_empty() {
        return Err(invalid(
            "LogStreamNamePrefix and LogStreamNames cannot be specified together.",
        ));
    }
    let pattern = Pattern::parse(pattern.unwrap_or_default());
    let query = FilterQuery {
        group,
        streams,
        stream_prefix: prefix.unwrap_or_default().to_owned(),
        start_ms,
        end_ms,
        pattern: pattern.map_err(LogsError::from).map_err(fault)?,
        after: given(&call.input, "nextToken")
            .map(token::position)
            .transpose()?,
        max,
    };
    let filtered = aside(&call.services.logs, move |logs| logs.filter_events(&query)).await?;
    let events: Vec<Value> = filtered.events.iter().map(answer::filtered).collect();
    let mut answer = json!({ "events": events, "searchedLogStreams": [] });
    answer::put(
        &mut answer,
        "nextToken",
        filtered.next.map(token::of_position),
    );
    Ok(answer.into())
}
