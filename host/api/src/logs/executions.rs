//! How executions are logged (ASL.md §8.6, Logging): the events of their history as lines in a log group.
//!
//! The conversion is pure: events in AWS's shape in, lines out. Who hands the events over, and to which
//! group, is decided elsewhere.

use engine::Timestamp;
use runtime::logs::LogEvent;
use runtime::machines::LogLevel;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Whether events of this type are logged at a level.
fn takes(level: LogLevel, event_type: &str) -> bool {
    match level {
        LogLevel::All => true,
        LogLevel::Fatal => matches!(
            event_type,
            "ExecutionAborted" | "ExecutionFailed" | "ExecutionTimedOut"
        ),
        LogLevel::Error => {
            // `ScheduleFailed`, `StartFailed` and `SubmitFailed` end like this too.
            let ends = ["Failed", "Aborted", "TimedOut"];
            event_type == "FailStateEntered" || ends.iter().any(|end| event_type.ends_with(end))
        }
        LogLevel::Off => false,
    }
}

/// Members of details that carry data of the execution: they are logged with `includeExecutionData` only.
/// A cause is made of data too.
const DATA: &[&str] = &[
    "input",
    "inputDetails",
    "output",
    "outputDetails",
    "parameters",
    "assignedVariables",
    "assignedVariablesDetails",
    "evaluationFailedDetails",
    "cause",
];

/// The lines for events of an execution's history, as `GetExecutionHistory` shows them.
pub fn lines(
    history: &[Value],
    level: LogLevel,
    include_data: bool,
    execution_arn: &str,
    redrive_count: u64,
) -> Vec<LogEvent> {
    let logged = history.iter().filter(|event| {
        let event_type = event.get("type").and_then(Value::as_str);
        takes(level, event_type.unwrap_or_default())
    });
    logged
        .map(|event| line(event, include_data, execution_arn, redrive_count))
        .collect()
}

fn line(event: &Value, include_data: bool, execution_arn: &str, redrive_count: u64) -> LogEvent {
    let number = |member: &str| event.get(member).and_then(Value::as_u64).unwrap_or(0);
    let seconds = event
        .get("timestamp")
        .and_then(Value::as_f64)
        .unwrap_or(0.0);
    let timestamp_ms = millis(seconds);
    let line = json!({
        "id": number("id").to_string(),
        "type": event.get("type").cloned().unwrap_or_default(),
        "details": details(event, include_data),
        "previous_event_id": number("previousEventId").to_string(),
        "event_timestamp": timestamp_ms.to_string(),
        "execution_arn": execution_arn,
        "redrive_count": redrive_count.to_string(),
    });
    LogEvent {
        timestamp_ms,
        message: line.to_string(),
    }
}

/// The one struct of details that an event has.
fn details(event: &Value, include_data: bool) -> Value {
    let members = event.as_object().into_iter().flatten();
    let mut details = members.filter(|(member, _)| member.ends_with("EventDetails"));
    let Some((_, Value::Object(details))) = details.next() else {
        return Value::Object(Map::new());
    };
    let mut details = details.clone();
    if !include_data {
        details.retain(|member, _| !DATA.contains(&member.as_str()));
    }
    details.into()
}

/// Milliseconds of seconds with milliseconds as their fraction.
fn millis(seconds: f64) -> i64 {
    // A JSON number is finite, and the time of an event is not out of reach of 64 bits.
    #[expect(clippy::cast_possible_truncation, reason = "saturates")]
    let millis = (seconds * 1_000.0).round() as i64;
    millis
}

/// The stream for lines that a machine's executions write at this time:
/// `states/MACHINE/2024-06-01-10-17/1f2e3d4c`.
pub fn stream_name(machine_name: &str, machine_arn: &str, at: Timestamp) -> String {
    let minute = at.to_iso_millis();
    let minute: String = minute
        .chars()
        .take("2024-06-01T10:17".len())
        .map(|c| if c.is_ascii_digit() { c } else { '-' })
        .collect();
    let digest = Sha256::digest(format!("{machine_arn}/{minute}"));
    let hash: String = digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("states/{machine_name}/{minute}/{hash}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXECUTION: &str = "arn:aws:states:us-east-1:123456789012:express:m:e:r";

    fn history() -> Vec<Value> {
        vec![
            json!({
                "timestamp": 1.5, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
                "executionStartedEventDetails": {
                    "input": "{}", "inputDetails": { "truncated": false }, "roleArn": "r" },
            }),
            json!({
                "timestamp": 2, "type": "TaskStateEntered", "id": 2, "previousEventId": 0,
                "stateEnteredEventDetails": { "name": "A", "input": "{}" },
            }),
            json!({
                "timestamp": 3, "type": "LambdaFunctionFailed", "id": 3, "previousEventId": 2,
                "lambdaFunctionFailedEventDetails": { "error": "E", "cause": "secret" },
            }),
            json!({ "timestamp": 3, "type": "FailStateEntered", "id": 4, "previousEventId": 3 }),
            json!({
                "timestamp": 4, "type": "ExecutionFailed", "id": 5, "previousEventId": 4,
                "executionFailedEventDetails": { "error": "E", "cause": "secret" },
            }),
        ]
    }

    fn types(level: LogLevel) -> Vec<String> {
        let lines = lines(&history(), level, true, EXECUTION, 0);
        let parsed = lines.iter().map(|line| {
            let line: Value = serde_json::from_str(&line.message).unwrap();
            line["type"].as_str().unwrap().to_owned()
        });
        parsed.collect()
    }

    #[test]
    fn a_line_has_its_fields_as_texts() {
        let lines = lines(&history(), LogLevel::All, true, EXECUTION, 2);
        assert_eq!(lines[0].timestamp_ms, 1_500);
        let line: Value = serde_json::from_str(&lines[0].message).unwrap();
        let expected = json!({
            "id": "1",
            "type": "ExecutionStarted",
            "details": { "input": "{}", "inputDetails": { "truncated": false }, "roleArn": "r" },
            "previous_event_id": "0",
            "event_timestamp": "1500",
            "execution_arn": EXECUTION,
            "redrive_count": "2",
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn a_level_takes_its_events() {
        let error = [
            "LambdaFunctionFailed",
            "FailStateEntered",
            "ExecutionFailed",
        ];
        assert_eq!(types(LogLevel::All).len(), 5);
        assert_eq!(types(LogLevel::Error), error);
        assert_eq!(types(LogLevel::Fatal), ["ExecutionFailed"]);
        assert!(types(LogLevel::Off).is_empty());
    }

    #[test]
    fn data_of_the_execution_is_logged_only_when_it_is_wanted() {
        let lines = lines(&history(), LogLevel::All, false, EXECUTION, 0);
        let all: String = lines.iter().map(|line| line.message.as_str()).collect();
        for secret in ["secret", "input", "{}\""] {
            assert!(!all.contains(secret), "{secret} in {all}");
        }
        assert!(all.contains(r#""name":"A""#));
        assert!(all.contains(r#""error":"E""#));
    }

    #[test]
    fn the_stream_is_that_of_the_machine_and_the_minute() {
        let at = Timestamp(1_717_237_067_123_456);
        let name = stream_name("m", "arn", at);
        assert!(name.starts_with("states/m/2024-06-01-10-17/"), "{name}");
        assert_eq!(name.len(), "states/m/2024-06-01-10-17/12345678".len());
        assert_eq!(name, stream_name("m", "arn", at.plus_seconds(1)));
        assert_ne!(name, stream_name("m", "arn", at.plus_seconds(60)));
    }
}
