//! TestState as data: each folder of `tests/test_state` holds a request, in which payloads are written
//! as values, and what is answered. `"*"` in an answer is anything.

use std::path::{Path, PathBuf};

use engine::test_state::{
    ErrorDetails, Mock, Progress, Refusal, TestConfiguration, TestRequest, TestResult, TestRun,
};
use engine::{ErrorOutput, Timestamp};
use serde_json::{Map, Value, json};

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

fn folders(of: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(of).unwrap() {
        let path = entry.unwrap().path();
        if path.join("request.json").exists() {
            found.push(path);
        } else if path.is_dir() {
            folders(&path, found);
        }
    }
}

fn json_file(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text(value: &Value) -> Option<String> {
    (!value.is_null()).then(|| value.to_string())
}

fn words(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn request(of: &Value) -> TestRequest {
    let mock = of.get("mock").map(|mock| {
        let error = mock.get("errorOutput").map(|error| ErrorOutput {
            error: error["error"].as_str().map(Into::into),
            cause: error["cause"].as_str().map(Into::into),
        });
        Mock {
            result: text(&mock["result"]),
            error_output: error,
            ..Mock::default()
        }
    });
    let configuration = &of["stateConfiguration"];
    TestRequest {
        definition: of["definition"].to_string(),
        state_name: words(&of["stateName"]),
        role_arn: words(&of["roleArn"]),
        input: words(&of["inputText"]).or_else(|| text(&of["input"])),
        variables: text(&of["variables"]),
        context: text(&of["context"]),
        mock,
        reveal_secrets: of["revealSecrets"] == true,
        configuration: TestConfiguration {
            retrier_retry_count: configuration["retrierRetryCount"].as_u64(),
            error_caused_by_state: words(&configuration["errorCausedByState"]),
            map_iteration_failure_count: configuration["mapIterationFailureCount"].as_u64(),
            map_item_reader_data: text(&configuration["mapItemReaderData"]),
        },
        ..TestRequest::default()
    }
}

fn run(of: &Value) -> Result<TestResult, Refusal> {
    match TestRun::start(request(of), NOW)? {
        Progress::Done(result) => Ok(*result),
        Progress::NeedsTask(run, call) if of["taskTimesOut"] == true => {
            run.timed_out(call.deadline.unwrap())
        }
        Progress::NeedsTask(run, _) => {
            assert!(
                of["taskResult"].is_object(),
                "nobody said what the task does"
            );
            run.outcome(Ok(of["taskResult"].clone().into()), NOW)
        }
    }
}

fn answered(result: &TestResult) -> Value {
    let mut inspection: Map<String, Value> = result
        .stages
        .iter()
        .map(|(stage, data)| (stage.as_str().to_owned(), data.value().clone()))
        .collect();
    if let Some(variables) = &result.variables {
        inspection.insert("variables".to_owned(), variables.value().clone());
    }
    if let Some(concurrency) = result.max_concurrency {
        inspection.insert("maxConcurrency".to_owned(), concurrency.into());
    }
    if let Some(ErrorDetails {
        catch_index,
        retry_index,
        retry_backoff_interval_seconds,
    }) = result.error_details
    {
        let details = json!({
            "catchIndex": catch_index,
            "retryIndex": retry_index,
            "retryBackoffIntervalSeconds": retry_backoff_interval_seconds,
        });
        inspection.insert("errorDetails".to_owned(), without_nulls(details));
    }
    let error = result.error.as_ref();
    without_nulls(json!({
        "status": result.status.as_str(),
        "output": result.output.as_ref().map(|output| output.value().clone()),
        "error": error.and_then(|error| error.error.as_deref()),
        "cause": error.and_then(|error| error.cause.as_deref()),
        "nextState": result.next_state.as_deref(),
        "inspection": inspection,
    }))
}

fn without_nulls(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    value
}

/// Puts `"*"` where the expectation has it.
fn masked(found: &mut Value, expected: &Value) {
    if expected == "*" && !found.is_null() {
        *found = expected.clone();
    } else if let (Some(found), Some(expected)) = (found.as_object_mut(), expected.as_object()) {
        for (name, member) in found {
            masked(member, expected.get(name).unwrap_or(&Value::Null));
        }
    }
}

#[test]
fn every_request_gets_its_answer() {
    let mut cases = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/test_state");
    folders(&root, &mut cases);
    cases.sort();
    assert!(cases.len() >= 40, "only {} cases", cases.len());
    for folder in cases {
        let expected = json_file(&folder.join("expected.json"));
        let mut found = match run(&json_file(&folder.join("request.json"))) {
            Ok(result) => answered(&result),
            Err(refusal) => {
                let kind = match &refusal {
                    Refusal::InvalidDefinition(_) => "InvalidDefinition",
                    Refusal::InvalidExecutionInput(_) => "InvalidExecutionInput",
                    Refusal::Validation(_) => "Validation",
                    Refusal::Defect(_) => "Defect",
                };
                json!({ "refusal": kind, "message": refusal.to_string() })
            }
        };
        masked(&mut found, &expected);
        assert_eq!(found, expected, "{}", folder.display());
    }
}
