//! `DescribeLogStreams`.

use runtime::logs::{StreamOrder, Streams, StreamsQuery};
use serde_json::{Value, json};

use super::fault::invalid;
use super::input::{finish, given, group, limit};
use super::{answer, aside, token};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{LOG_NAME_CHARS_MAX, LOG_STREAMS_PER_PAGE_MAX};
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let group = group(&mut members)?;
    let prefix = members.sized_text("logStreamNamePrefix", 1, LOG_NAME_CHARS_MAX);
    let order = members.one_of("orderBy", &["LogStreamName", "LastEventTime"]);
    let descending = members.flag("descending").unwrap_or(false);
    let max = limit(&mut members, LOG_STREAMS_PER_PAGE_MAX);
    finish(members)?;
    let order = match order {
        Some("LastEventTime") if prefix.is_some() => {
            return Err(invalid(
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            ));
        }
        Some("LastEventTime") => StreamOrder::LastEventTime,
        _ => StreamOrder::Name,
    };
    let after = given(&call.input, "nextToken").map(place).transpose()?;
    let query = StreamsQuery {
        group: group.to_owned(),
        prefix: prefix.unwrap_or_default().to_owned(),
        order,
        descending,
        after,
        // One more tells whether there is a next page.
        max: max + 1,
    };
    let logs = &call.services.logs;
    let mut streams = aside(logs, move |logs| logs.streams(&query)).await?;
    let more = streams.len() > max;
    streams.truncate(max);
    let last = streams.last().filter(|_| more);
    let next = last.map(|stream| {
        let Streams { time_ms, name } = stream.place(order);
        token::of_name(&format!("{time_ms}/{name}"))
    });
    let streams: Vec<Value> = streams
        .iter()
        .map(|stream| answer::stream(logs, group, stream))
        .collect();
    let mut answer = json!({ "logStreams": streams });
    answer::put(&mut answer, "nextToken", next);
    Ok(answer.into())
}

fn place(token: &str) -> Result<Streams, ApiError> {
    let text = token::name(token)?;
    let read = text.split_once('/').and_then(|(time_ms, name)| {
        Some(Streams {
            time_ms: time_ms.parse().ok()?,
            name: name.into(),
        })
    });
    read.ok_or_else(|| invalid("The specified nextToken is invalid."))
}
