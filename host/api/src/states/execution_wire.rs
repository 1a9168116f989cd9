//! How executions look on the wire: their ARNs, what is described and what is listed of them.

use engine::{ErrorOutput, ExecutionArn, Index, Outcome, Status};
use runtime::{ExecutionView, NotRedrivable, Services};
use serde_json::{Map, Value, json};

use super::machine_arn::named_by;
use super::machine_error::invalid_arn;
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, PAGE_SIZE, PAGE_SIZE_MAX, PAYLOAD_CHARS_MAX};
use crate::names::Arn;

/// `executionArn`, as every operation on an execution requires it.
pub(super) fn required_execution<'a>(members: &mut Members<'a>) -> &'a str {
    members.required("executionArn", 1, ARN_CHARS_MAX)
}

/// The ARN of a Standard execution.
///
/// # Errors
/// `InvalidArn`: it names something else, or nothing.
pub(super) fn execution_arn(text: &str) -> Result<ExecutionArn, ApiError> {
    match parsed(text)? {
        Arn::Execution { .. } => Ok(ExecutionArn(text.into())),
        _ => Err(wrong_kind(text)),
    }
}

/// The ARN of an activity.
///
/// # Errors
/// `InvalidArn`.
pub(super) fn activity_arn(text: &str) -> Result<(), ApiError> {
    match parsed(text)? {
        Arn::Activity { .. } => Ok(()),
        _ => Err(wrong_kind(text)),
    }
}

fn parsed(text: &str) -> Result<Arn, ApiError> {
    Arn::parse(text).map_err(|error| ApiError::new("InvalidArn", error.to_string()))
}

/// An ARN of this service that names something of another kind.
pub(super) fn wrong_kind(arn: &str) -> ApiError {
    let kind = arn.split(':').nth(5).unwrap_or_default();
    invalid_arn(&format!("Resource type not valid in this context: {kind}"))
}

pub(super) fn execution_does_not_exist(arn: &ExecutionArn) -> ApiError {
    ApiError::new(
        "ExecutionDoesNotExist",
        format!("Execution Does Not Exist: '{arn}'"),
    )
}

/// The durable state of a Standard execution.
///
/// # Errors
/// `ExecutionDoesNotExist`; `InternalServerError` when the store fails.
pub(super) fn existing(services: &Services, arn: &ExecutionArn) -> Result<ExecutionView, ApiError> {
    let found = services.runtime.describe(arn)?;
    found.ok_or_else(|| execution_does_not_exist(arn))
}

/// `maxResults`: 0 is as good as absent.
pub(super) fn page_size(members: &mut Members<'_>) -> usize {
    let size = members.number("maxResults", 0, PAGE_SIZE_MAX);
    let size = size.filter(|size| *size > 0).unwrap_or(PAGE_SIZE);
    usize::try_from(size).unwrap_or(0)
}

/// A payload that the client sends; the service does not repeat it in its errors.
pub(super) fn payload<'a>(
    members: &mut Members<'a>,
    name: &'static str,
) -> Result<Option<&'a str>, ApiError> {
    let text = members.text(name);
    within(name, text, PAYLOAD_CHARS_MAX)?;
    Ok(text)
}

/// `error` and `cause` as clients give them.
///
/// # Errors
/// `ValidationException`: one is too long.
pub(super) fn error_output(members: &mut Members<'_>) -> Result<ErrorOutput, ApiError> {
    let (error, cause) = (members.text("error"), members.text("cause"));
    within("error", error, engine::limits::ERROR_CHARS_MAX)?;
    within("cause", cause, engine::limits::CAUSE_CHARS_MAX)?;
    Ok(ErrorOutput {
        error: error.map(Into::into),
        cause: cause.map(Into::into),
    })
}

fn within(name: &str, text: Option<&str>, max: usize) -> Result<(), ApiError> {
    // The bytes are counted first: there are never fewer of them.
    match text.is_some_and(|text| text.len() > max && text.chars().count() > max) {
        false => Ok(()),
        true => Err(ApiError::validation(format!(
            "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member \
             must have length less than or equal to {max}"
        ))),
    }
}

/// `includedData`: whether payloads are wanted.
pub(super) fn wants_data(members: &mut Members<'_>) -> bool {
    members.one_of("includedData", &["ALL_DATA", "METADATA_ONLY"]) != Some("METADATA_ONLY")
}

/// The members of DescribeExecution.
pub(super) fn described(
    view: &ExecutionView,
    with_data: bool,
    not_redrivable: Option<NotRedrivable>,
) -> Value {
    let ExecutionView { header, index, .. } = view;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("executionArn", header.arn.as_str().into());
    put("stateMachineArn", (&*index.machine_arn).into());
    put("name", (&*index.name).into());
    put("status", index.status.as_str().into());
    put("startDate", epoch_seconds(index.started_at));
    if let Some(at) = index.stopped_at {
        put("stopDate", epoch_seconds(at));
    }
    if with_data {
        put("input", header.input.text().into());
        put("inputDetails", included());
    }
    match &view.outcome {
        Some(Outcome::Output(output)) if with_data => {
            put("output", output.text().into());
            put("outputDetails", included());
        }
        // A time that was up has neither error nor cause (recorded from AWS).
        Some(Outcome::Error(error)) if with_data && index.status != Status::TimedOut => {
            for (name, text) in [("error", &error.error), ("cause", &error.cause)] {
                if let Some(text) = text {
                    put(name, (&**text).into());
                }
            }
        }
        _ => {}
    }
    if let Some(trace) = &header.trace_header {
        put("traceHeader", (&**trace).into());
    }
    match not_redrivable {
        None => {
            put("redriveStatus", "REDRIVABLE".into());
        }
        Some(reason) => {
            put("redriveStatus", "NOT_REDRIVABLE".into());
            put("redriveStatusReason", reason.to_string().into());
        }
    }
    members.extend(common(index));
    members.into()
}

/// A member of ListExecutions.
pub(super) fn listed(arn: &ExecutionArn, index: &Index) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("executionArn", arn.as_str().into());
    put("stateMachineArn", (&*index.machine_arn).into());
    put("name", (&*index.name).into());
    put("status", index.status.as_str().into());
    put("startDate", epoch_seconds(index.started_at));
    if let Some(at) = index.stopped_at {
        put("stopDate", epoch_seconds(at));
    }
    members.extend(common(index));
    members.into()
}

/// Version, alias and redrives: the same wherever an execution is shown.
fn common(index: &Index) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if let Some(arn) = &index.version_arn {
        put("stateMachineVersionArn", (&**arn).into());
    }
    if let Some(arn) = &index.alias_arn {
        put("stateMachineAliasArn", (&**arn).into());
    }
    put("redriveCount", index.redrive_count.into());
    if let Some(at) = index.redriven_at {
        put("redriveDate", epoch_seconds(at));
    }
    members
}

/// `inputDetails`, `outputDetails`: that the payload is there.
pub(super) fn included() -> Value {
    json!({ "included": true })
}

/// What a permission for an operation on an execution has to name.
pub(super) fn by_execution(input: &Value, _: &Services) -> String {
    named_by(input, "executionArn")
}

/// What a permission for an operation on an activity has to name.
pub(super) fn by_activity(input: &Value, _: &Services) -> String {
    named_by(input, "activityArn")
}

/// What a permission for an operation on a map run has to name.
pub(super) fn by_map_run(input: &Value, _: &Services) -> String {
    named_by(input, "mapRunArn")
}

/// What a permission for an operation on nothing in particular has to name.
pub(super) fn by_any(_: &Value, _: &Services) -> String {
    "*".to_owned()
}

#[cfg(test)]
mod tests;
