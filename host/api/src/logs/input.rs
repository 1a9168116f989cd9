//! Reads the members of CloudWatch Logs' inputs. What [`Members`] finds is told as this service tells it:
//! an `InvalidParameterException`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fault::invalid;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{LOG_IDENTIFIER_CHARS_MAX, LOG_NAME_CHARS_MAX};

/// Whether all of it was as it must be.
pub(super) fn finish(members: Members<'_>) -> Result<(), ApiError> {
    members.finish().map_err(|error| match error.code {
        "ValidationException" => invalid(error.message),
        _ => error,
    })
}

/// The group's name or ARN, with or without what is behind the name.
pub(super) fn name_in_identifier(identifier: &str) -> &str {
    let Some((_, behind)) = identifier.split_once(":log-group:") else {
        return identifier;
    };
    behind.split(':').next().unwrap_or(behind)
}

/// `logGroupName`, which has to be given.
pub(super) fn group_name<'a>(members: &mut Members<'a>) -> &'a str {
    let name = members.required("logGroupName", 1, LOG_NAME_CHARS_MAX);
    check_group_name(members, "logGroupName", name);
    name
}

/// `logGroupName` or `logGroupIdentifier`, of which one has to be given.
pub(super) fn group<'a>(members: &mut Members<'a>) -> Result<&'a str, ApiError> {
    let identifier = members.sized_text("logGroupIdentifier", 1, LOG_IDENTIFIER_CHARS_MAX);
    let name = members.sized_text("logGroupName", 1, LOG_NAME_CHARS_MAX);
    match (name, identifier) {
        (Some(_), Some(_)) => Err(invalid(
            "LogGroupName and LogGroupIdentifier cannot be specified together.",
        )),
        (None, None) => Err(invalid(
            "Either LogGroupName or LogGroupIdentifier must be specified.",
        )),
        (Some(name), None) => {
            check_group_name(members, "logGroupName", name);
            Ok(name)
        }
        (None, Some(identifier)) => Ok(name_in_identifier(identifier)),
    }
}

fn check_group_name(members: &mut Members<'_>, member: &str, name: &str) {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_/#".contains(c);
    if !name.chars().all(allowed) {
        let constraint = r"Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+";
        members.breaks(member, name, constraint);
    }
}

/// `logStreamName`, which has to be given.
pub(super) fn stream_name<'a>(members: &mut Members<'a>) -> &'a str {
    let name = members.required("logStreamName", 1, LOG_NAME_CHARS_MAX);
    if name.contains([':', '*']) {
        let constraint = "Member must satisfy regular expression pattern: [^:*]*";
        members.breaks("logStreamName", name, constraint);
    }
    name
}

/// A moment (ms), if it is given.
pub(super) fn moment(members: &mut Members<'_>, name: &'static str) -> Option<i64> {
    members.number(name, 0, i64::MAX)
}

/// How many to give, at the most.
pub(super) fn limit(members: &mut Members<'_>, max: usize) -> usize {
    let most = i64::try_from(max).unwrap_or(i64::MAX);
    let limit = members.number("limit", 1, most);
    limit
        .and_then(|limit| usize::try_from(limit).ok())
        .unwrap_or(max)
}

/// Tags by key, if they are given.
pub(super) fn tags(members: &mut Members<'_>) -> Result<BTreeMap<String, String>, ApiError> {
    let mut tags = BTreeMap::new();
    for (key, value) in members.object("tags").into_iter().flatten() {
        let Some(value) = value.as_str() else {
            return Err(invalid(format!(
                "The value of the tag {key} is not a text."
            )));
        };
        let fits = (1..=128).contains(&key.chars().count()) && value.chars().count() <= 256;
        if !fits || !key.chars().chain(value.chars()).all(is_tag_char) {
            return Err(invalid(format!("The tag {key} is not valid.")));
        }
        tags.insert(key.clone(), value.to_owned());
    }
    Ok(tags)
}

/// `^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$`
fn is_tag_char(c: char) -> bool {
    c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c)
}

/// Texts, if they are given.
pub(super) fn texts(
    members: &mut Members<'_>,
    name: &'static str,
) -> Result<Vec<String>, ApiError> {
    let list = members.list(name).unwrap_or_default();
    let texts = list.iter().map(|value| value.as_str().map(str::to_owned));
    let texts: Option<Vec<String>> = texts.collect();
    texts.ok_or_else(|| invalid(format!("{name} is a list of texts.")))
}

/// The name of the group that `resourceArn` names.
pub(super) fn resource<'a>(members: &mut Members<'a>) -> Result<&'a str, ApiError> {
    let arn = members.required("resourceArn", 1, LOG_ARN_CHARS_MAX);
    if !arn.is_empty() && !arn.contains(":log-group:") {
        return Err(invalid(format!("{arn} does not name a log group.")));
    }
    Ok(name_in_identifier(arn))
}

/// Length of an ARN of a resource with tags (characters). Source: CloudWatch Logs API model.
const LOG_ARN_CHARS_MAX: usize = 1_011;

/// A text that is not empty.
pub(super) fn given<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input.get(member)?.as_str().filter(|text| !text.is_empty())
}
