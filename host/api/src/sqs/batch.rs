//! What all batches have in common: up to ten entries, each with an id of its own, each answered for itself.

use runtime::queues::QueueError;
use serde_json::{Map, Value, json};

use super::answer;
use super::fault::{coded, fault};
use super::input::mistyped;
use crate::error::ApiError;
use crate::limits::{BATCH_ENTRIES_MAX, BATCH_ID_CHARS_MAX};

/// The entries of a batch with their ids.
///
/// # Errors
/// What is wrong with the batch as a whole.
pub(super) fn entries(input: &Value) -> Result<Vec<(&str, &Value)>, ApiError> {
    let entries = match input.get("Entries") {
        None | Some(Value::Null) => return Err(fault(QueueError::MissingParameter("Entries"))),
        Some(Value::Array(entries)) => entries,
        Some(_) => return Err(mistyped("Entries", "list")),
    };
    if entries.is_empty() {
        return Err(coded(
            "com.amazonaws.sqs#EmptyBatchRequest",
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry in the request.",
        ));
    }
    if entries.len() > BATCH_ENTRIES_MAX {
        let text = format!(
            "Maximum number of entries per request are {BATCH_ENTRIES_MAX}. You have sent {}.",
            entries.len()
        );
        return Err(coded(
            "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            text,
        ));
    }
    let mut found: Vec<(&str, &Value)> = Vec::new();
    for entry in entries {
        let id = entry.get("Id").and_then(Value::as_str);
        let id = id.ok_or_else(|| fault(QueueError::MissingParameter("Id")))?;
        check_id(id)?;
        if found.iter().any(|(other, _)| *other == id) {
            return Err(coded(
                "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
                "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                format!("Id {id} repeated."),
            ));
        }
        found.push((id, entry));
    }
    Ok(found)
}

fn check_id(id: &str) -> Result<(), ApiError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if (1..=BATCH_ID_CHARS_MAX).contains(&id.len()) && id.bytes().all(allowed) {
        return Ok(());
    }
    Err(coded(
        "com.amazonaws.sqs#InvalidBatchEntryId",
        "AWS.SimpleQueueService.InvalidBatchEntryId",
        format!(
            "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It \
             can be at most {BATCH_ID_CHARS_MAX} letters long."
        ),
    ))
}

/// The answer to a batch: what succeeded, and what failed.
#[derive(Default)]
pub(super) struct Outcome {
    successful: Vec<Value>,
    failed: Vec<Value>,
}

impl Outcome {
    /// An entry was done.
    pub(super) fn succeeded(&mut self, id: &str, mut members: Map<String, Value>) {
        members.insert("Id".into(), id.into());
        self.successful.push(members.into());
    }

    /// An entry was not done.
    pub(super) fn failed(&mut self, id: &str, error: &QueueError) {
        self.failed.push(answer::failed(id, error));
    }

    /// An entry could not even be read.
    pub(super) fn refused(&mut self, id: &str, error: &ApiError) {
        let query = error.more.get("@query").and_then(Value::as_str);
        let code = query.and_then(|query| query.split(';').next());
        let code = code.unwrap_or(error.code);
        let failed = json!({
            "Id": id, "Code": code, "Message": error.message, "SenderFault": true,
        });
        self.failed.push(failed);
    }

    /// The members of the answer; SQS leaves out what is empty.
    pub(super) fn into_value(self) -> Value {
        let mut answer = Map::new();
        for (member, entries) in [("Successful", self.successful), ("Failed", self.failed)] {
            if !entries.is_empty() {
                answer.insert(member.into(), entries.into());
            }
        }
        answer.into()
    }
}
