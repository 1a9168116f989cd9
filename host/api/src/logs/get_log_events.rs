//! `GetLogEvents`.

use runtime::logs::{Direction, GetQuery};
use serde_json::{Value, json};

use super::input::{finish, given, group, limit, moment, stream_name};
use super::{answer, aside, token};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::LOG_EVENTS_PER_PAGE_MAX;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let group = group(&mut members)?.to_owned();
    let stream = stream_name(&mut members).to_owned();
    let start_ms = moment(&mut members, "startTime");
    let end_ms = moment(&mut members, "endTime");
    let from_head = members.flag("startFromHead").unwrap_or(false);
    let max = limit(&mut members, LOG_EVENTS_PER_PAGE_MAX);
    finish(members)?;
    let direction = match given(&call.input, "nextToken") {
        Some(token) => token::direction(token)?,
        None if from_head => Direction::Forward(None),
        None => Direction::Backward(None),
    };
    let query = GetQuery {
        group,
        stream,
        start_ms,
        end_ms,
        direction,
        max,
    };
    let read = aside(&call.services.logs, move |logs| logs.get_events(&query)).await?;
    let events: Vec<Value> = read.events.iter().map(answer::event).collect();
    Ok(json!({
        "events": events,
        "nextForwardToken": token::of_direction(Direction::Forward(Some(read.forward))),
        "nextBackwardToken": token::of_direction(Direction::Backward(Some(read.backward))),
    })
    .into())
}
