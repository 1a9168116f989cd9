//! The context object of a test: the one that was given, or that of an Express execution (ASL.md §6).

use asl::service::STATE_NAME;
use asl::{State, StateKind};
use expr::Data;
use serde_json::{Map, Value, json};

use super::{Refusal, TestRequest};
use crate::ids::Timestamp;

/// What a given context object may have. `Map` is made by the Map that is tested.
const FIELDS: [(&str, &[&str]); 4] = [
    (
        "Execution",
        &[
            "Id",
            "Input",
            "Name",
            "RoleArn",
            "StartTime",
            "RedriveCount",
            "RedriveTime",
        ],
    ),
    ("State", &["EnteredTime", "Name", "RetryCount"]),
    ("StateMachine", &["Id", "Name"]),
    ("Task", &["Token"]),
];

/// The context object of the test.
pub(super) fn of(
    request: &TestRequest,
    state: &State,
    input: &Data,
    now: Timestamp,
) -> Result<Value, Refusal> {
    match &request.context {
        Some(text) => given(text),
        None => Ok(usual(request, state, input, now)),
    }
}

fn given(text: &str) -> Result<Value, Refusal> {
    let invalid =
        |reason: String| Refusal::validation(format!("Invalid Context object provided: {reason}"));
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return Err(invalid("it must be a JSON object".to_owned()));
    };
    for (name, value) in &members {
        if name == "Map" {
            return Err(invalid(
                "'Map' field is not supported when mocking a Context object".to_owned(),
            ));
        }
        let Some((_, known)) = FIELDS.iter().find(|(known, _)| known == name) else {
            return Err(invalid(format!("Field '{name}' is not allowed")));
        };
        let Some(inner) = value.as_object() else {
            return Err(invalid(format!("Field '{name}' must be an object")));
        };
        if let Some(unknown) = inner.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(invalid(format!("Field '{unknown}' is not allowed")));
        }
    }
    Ok(Value::Object(members))
}

fn usual(request: &TestRequest, state: &State, input: &Data, now: Timestamp) -> Value {
    let identity = &request.identity;
    let mut stay = Map::new();
    stay.insert("Name".into(), STATE_NAME.into());
    stay.insert("EnteredTime".into(), now.to_iso_millis().into());
    if matches!(
        state.kind,
        StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)
    ) {
        let retries = request.configuration.retrier_retry_count.unwrap_or(0);
        stay.insert("RetryCount".into(), retries.into());
    }
    json!({
        "Execution": {
            "Id": identity.execution_arn.as_str(),
            "Input": input.value(),
            "StartTime": now.to_iso_millis(),
            "Name": &*identity.execution_name,
            "RoleArn": request.role_arn,
        },
        "StateMachine": { "Id": &*identity.machine_arn, "Name": &*identity.machine_name },
        "State": stay,
    })
}
