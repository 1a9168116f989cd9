//! CloudWatch Logs' shapes of what the logs say.

use runtime::Logs;
use runtime::logs::{Group, ReadEvent, Stream};
use serde_json::{Value, json};

use super::token;

pub(super) fn group(logs: &Logs, group: &Group) -> Value {
    let arn = logs.group_arn(&group.name);
    let mut answer = json!({
        "logGroupName": group.name,
        "creationTime": group.created_at.0.div_euclid(1_000),
        "metricFilterCount": 0,
        "arn": format!("{arn}:*"),
        "storedBytes": group.stored_bytes,
        "logGroupClass": group.class,
        "logGroupArn": arn,
        "deletionProtectionEnabled": false,
    });
    put(&mut answer, "retentionInDays", group.retention_days);
    put(&mut answer, "kmsKeyId", group.kms_key_id.as_deref());
    answer
}

pub(super) fn stream(logs: &Logs, group: &str, stream: &Stream) -> Value {
    let arn = logs.group_arn(group);
    let mut answer = json!({
        "logStreamName": stream.name,
        "creationTime": stream.created_at.0.div_euclid(1_000),
        "arn": format!("{arn}:log-stream:{}", stream.name),
        // Not counted since 2019, and 0 in every answer.
        "storedBytes": 0,
    });
    put(&mut answer, "firstEventTimestamp", stream.first_event_ms);
    put(&mut answer, "lastEventTimestamp", stream.last_event_ms);
    put(&mut answer, "lastIngestionTime", stream.last_ingestion_ms);
    answer
}

pub(super) fn event(event: &ReadEvent) -> Value {
    json!({
        "timestamp": event.position.timestamp_ms,
        "message": event.message,
        "ingestionTime": event.ingestion_ms,
    })
}

pub(super) fn filtered(event: &ReadEvent) -> Value {
    json!({
        "logStreamName": event.stream,
        "timestamp": event.position.timestamp_ms,
        "message": event.message,
        "ingestionTime": event.ingestion_ms,
        "eventId": token::of_position(event.position),
    })
}

/// One more member, if it is there.
pub(super) fn put(answer: &mut Value, member: &str, value: Option<impl Into<Value>>) {
    if let (Value::Object(members), Some(value)) = (answer, value) {
        members.insert(member.to_owned(), value.into());
    }
}
