//! TestState: one state on its own, with a look at its data on the way.

use engine::ErrorOutput;
use engine::test_state::{
    ErrorDetails, FieldValidation, Mock, Refusal, TestConfiguration, TestIdentity, TestRequest,
    TestResult,
};
use serde_json::{Map, Value, json};

use super::{definition, machine_wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::{limits, run};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "TestState",
    route: None,
    resource: |_, _| "*".to_owned(),
    run: run!(test_state),
};

async fn test_state(call: Call) -> Result<Reply, ApiError> {
    let (mut request, shows_inspection) = read(&call.input)?;
    let services = &call.services;
    request.identity = identity(services, &call.request_id);
    let result = services.runtime.test_state(request).await;
    Ok(wire(&result.map_err(refused)?, shows_inspection).into())
}

/// An Express execution of a machine that does not exist.
fn identity(services: &runtime::Services, request_id: &str) -> TestIdentity {
    let name = format!("test-state-{request_id}");
    let arn = |resource: String| services.place.arn("states", &resource);
    TestIdentity {
        execution_arn: engine::ExecutionArn(
            arn(format!("express:{name}:{request_id}:{request_id}")).into(),
        ),
        execution_name: request_id.into(),
        machine_arn: arn(format!("stateMachine:{name}")).into(),
        machine_name: name.into(),
    }
}

/// The request, and whether the answer has `inspectionData`.
fn read(input: &Value) -> Result<(TestRequest, bool), ApiError> {
    let mut members = Members::of(input);
    let definition = definition::required(&mut members).to_owned();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let role_arn = owned(members.sized_text("roleArn", 1, limits::ARN_CHARS_MAX));
    let [input_text, variables, context] = ["input", "variables", "context"]
        .map(|name| owned(members.sized_text(name, 0, limits::PAYLOAD_CHARS_MAX)));
    let level = members.one_of("inspectionLevel", &["INFO", "DEBUG", "TRACE"]);
    let state_name = owned(members.sized_text("stateName", 1, limits::NAME_CHARS_MAX));
    let reveal_secrets = members.flag("revealSecrets").unwrap_or(false);
    let mock = members.inner("mock", read_mock);
    let configuration = members.inner("stateConfiguration", read_configuration);
    members.finish()?;
    role_arn
        .as_deref()
        .map_or(Ok(()), machine_wire::check_role)?;
    let request = TestRequest {
        definition,
        state_name,
        role_arn,
        input: input_text,
        variables,
        context,
        mock,
        reveal_secrets,
        configuration: configuration.unwrap_or_default(),
        identity: TestIdentity::default(),
        seed: 0,
    };
    Ok((request, matches!(level, Some("DEBUG" | "TRACE"))))
}

fn read_mock(members: &mut Members<'_>) -> Mock {
    let result = members.sized_text("result", 0, limits::PAYLOAD_CHARS_MAX);
    let modes = ["STRICT", "PRESENT", "NONE"];
    let mode = members.one_of("fieldValidationMode", &modes);
    Mock {
        result: result.map(str::to_owned),
        error_output: members.inner("errorOutput", |members| ErrorOutput {
            error: members
                .sized_text("error", 0, limits::ERROR_CHARS_MAX)
                .map(Into::into),
            cause: members
                .sized_text("cause", 0, limits::CAUSE_CHARS_MAX)
                .map(Into::into),
        }),
        field_validation: match mode {
            Some("PRESENT") => FieldValidation::Present,
            Some("NONE") => FieldValidation::None,
            _ => FieldValidation::Strict,
        },
    }
}

fn read_configuration(members: &mut Members<'_>) -> TestConfiguration {
    let mut count = |name| {
        let number = members.number(name, 0, i64::from(i32::MAX))?;
        u64::try_from(number).ok()
    };
    let retrier_retry_count = count("retrierRetryCount");
    let map_iteration_failure_count = count("mapIterationFailureCount");
    let state = members.sized_text("errorCausedByState", 1, limits::NAME_CHARS_MAX);
    let data = members.sized_text("mapItemReaderData", 0, limits::PAYLOAD_CHARS_MAX);
    TestConfiguration {
        retrier_retry_count,
        error_caused_by_state: state.map(str::to_owned),
        map_iteration_failure_count,
        map_item_reader_data: data.map(str::to_owned),
    }
}

fn refused(refusal: Refusal) -> ApiError {
    let code = match &refusal {
        Refusal::InvalidDefinition(_) => "InvalidDefinition",
        Refusal::InvalidExecutionInput(_) => "InvalidExecutionInput",
        Refusal::Validation(_) => "ValidationException",
        Refusal::Defect(_) => return ApiError::internal(refusal.to_string()),
    };
    ApiError::new(code, refusal.to_string())
}

fn wire(result: &TestResult, shows_inspection: bool) -> Value {
    let mut answer = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            answer.insert(name.to_owned(), value);
        }
    };
    put("status", Some(result.status.as_str().into()));
    put(
        "output",
        result.output.as_ref().map(|output| output.text().into()),
    );
    let error = result.error.as_ref();
    put(
        "error",
        error
            .and_then(|error| error.error.as_deref())
            .map(Into::into),
    );
    put(
        "cause",
        error
            .and_then(|error| error.cause.as_deref())
            .map(Into::into),
    );
    put("nextState", result.next_state.as_deref().map(Into::into));
    put(
        "inspectionData",
        shows_inspection.then(|| inspection(result)),
    );
    Value::Object(answer)
}

fn inspection(result: &TestResult) -> Value {
    let mut data = Map::new();
    for (stage, value) in &result.stages {
        data.insert(stage.as_str().to_owned(), value.text().into());
    }
    if let Some(variables) = &result.variables {
        data.insert("variables".to_owned(), variables.text().into());
    }
    if let Some(concurrency) = result.max_concurrency {
        data.insert("maxConcurrency".to_owned(), concurrency.into());
    }
    if let Some(details) = result.error_details {
        data.insert("errorDetails".to_owned(), details_of(details));
    }
    Value::Object(data)
}

fn details_of(details: ErrorDetails) -> Value {
    let members = [
        ("catchIndex", details.catch_index),
        ("retryIndex", details.retry_index),
        (
            "retryBackoffIntervalSeconds",
            details.retry_backoff_interval_seconds,
        ),
    ];
    members
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
        .collect::<Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use engine::Timestamp;
    use engine::test_state::{Progress, TestRun};

    use super::*;

    /// What is answered to an input whose state does its own work or has a mock.
    fn answered(input: &Value) -> Result<Value, ApiError> {
        let (request, shows_inspection) = read(input)?;
        match TestRun::start(request, Timestamp(0)).map_err(refused)? {
            Progress::Done(result) => Ok(wire(&result, shows_inspection)),
            Progress::NeedsTask(..) => Err(ApiError::internal("a task without a mock")),
        }
    }

    fn pass() -> Value {
        json!({
            "definition": r#"{"Type":"Pass","ResultPath":"$.r","Next":"N"}"#,
            "input": r#"{"a": 1.0}"#,
        })
    }

    #[test]
    fn inspection_is_shown_from_debug_on() {
        let mut input = pass();
        let info = json!({
            "status": "SUCCEEDED",
            "output": r#"{"a":1.0,"r":{"a":1.0}}"#,
            "nextState": "N",
        });
        assert_eq!(answered(&input).unwrap(), info);
        for level in ["DEBUG", "TRACE"] {
            input["inspectionLevel"] = level.into();
            let mut found = answered(&input).unwrap();
            let data = found.as_object_mut().unwrap().remove("inspectionData");
            assert_eq!(found, info);
            assert_eq!(
                data.unwrap(),
                json!({
                    "input": r#"{"a": 1.0}"#,
                    "afterInputPath": r#"{"a": 1.0}"#,
                    "afterParameters": r#"{"a": 1.0}"#,
                    "afterResultSelector": r#"{"a": 1.0}"#,
                    "afterResultPath": r#"{"a":1.0,"r":{"a":1.0}}"#,
                })
            );
        }
    }

    #[test]
    fn mock_and_configuration_are_read() {
        let task = json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": { "FunctionName": "f" },
            "Retry": [{ "ErrorEquals": ["E"], "MaxAttempts": 5 }],
            "End": true
        });
        let input = json!({
            "definition": task.to_string(),
            "inspectionLevel": "DEBUG",
            "mock": { "errorOutput": { "error": "E", "cause": "c" } },
            "stateConfiguration": { "retrierRetryCount": 4 },
        });
        let found = answered(&input).unwrap();
        assert_eq!(found["status"], "RETRIABLE");
        assert_eq!(
            (&found["error"], &found["cause"]),
            (&json!("E"), &json!("c"))
        );
        assert_eq!(
            found["inspectionData"]["errorDetails"],
            json!({ "retryIndex": 0, "retryBackoffIntervalSeconds": 16 })
        );
        for (mode, is_taken) in [("STRICT", false), ("PRESENT", false), ("NONE", true)] {
            let input = json!({
                "definition": task.to_string(),
                "mock": { "result": r#"{"StatusCode":"x"}"#, "fieldValidationMode": mode },
            });
            assert_eq!(answered(&input).is_ok(), is_taken, "{mode}");
        }
    }

    #[test]
    fn what_is_refused_has_awss_code() {
        let cases = [
            (json!({ "input": "{" }), "InvalidExecutionInput"),
            (json!({ "definition": "{}" }), "InvalidDefinition"),
            (json!({ "mock": { "result": "{}" } }), "ValidationException"),
            (json!({ "roleArn": "me" }), "InvalidArn"),
            (json!({ "inspectionLevel": "ALL" }), "ValidationException"),
            (json!({ "definition": 1 }), "SerializationException"),
            (
                json!({ "input": "1".repeat(262_145) }),
                "ValidationException",
            ),
        ];
        for (change, code) in cases {
            let mut input = pass();
            for (name, value) in change.as_object().unwrap() {
                input[name] = value.clone();
            }
            assert_eq!(answered(&input).unwrap_err().code, code, "{change}");
        }
    }
}
