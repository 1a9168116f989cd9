//! `DescribeLogGroups`.

use runtime::logs::{Groups, LogsError};
use serde_json::{Value, json};

use super::fault::{fault, invalid};
use super::input::{finish, given, limit, name_in_identifier, texts};
use super::{answer, token};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{LOG_GROUPS_PER_PAGE_MAX, LOG_NAME_CHARS_MAX};
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let prefix = members.sized_text("logGroupNamePrefix", 1, LOG_NAME_CHARS_MAX);
    let pattern = members.sized_text("logGroupNamePattern", 0, LOG_NAME_CHARS_MAX);
    let identifiers = texts(&mut members, "logGroupIdentifiers")?;
    let max = limit(&mut members, LOG_GROUPS_PER_PAGE_MAX);
    finish(members)?;
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    let logs = &call.services.logs;
    if !identifiers.is_empty() {
        let found: Result<Vec<Value>, LogsError> = identifiers
            .iter()
            .map(|identifier| logs.group(name_in_identifier(identifier)))
            .filter(|group| group != &Err(LogsError::GroupNotFound))
            .map(|group| Ok(answer::group(logs, &group?)))
            .collect();
        return Ok(json!({ "logGroups": found.map_err(fault)? }).into());
    }
    let after = given(&call.input, "nextToken")
        .map(token::name)
        .transpose()?;
    let query = Groups {
        prefix: prefix.unwrap_or_default().to_owned(),
        pattern: pattern.unwrap_or_default().to_owned(),
        after,
        // One more tells whether there is a next page.
        max: max + 1,
    };
    let mut groups = logs.groups(&query).map_err(fault)?;
    let more = groups.len() > max;
    groups.truncate(max);
    let last = groups.last().filter(|_| more);
    let next = last.map(|group| token::of_name(&group.name));
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| answer::group(logs, group))
        .collect();
    let mut answer = json!({ "logGroups": groups });
    answer::put(&mut answer, "nextToken", next);
    Ok(answer.into())
}
