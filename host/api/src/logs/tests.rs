//! How CloudWatch Logs' inputs and tokens are read; the logs themselves are tested in `runtime`.

use std::sync::Arc;

use runtime::logs::{Direction, Position};
use serde_json::{Value, json};

use super::*;
use crate::error::ApiError;
use crate::input::Members;
use crate::test_services::{call, test_services};

/// A client of a server of its own.
struct Client(Arc<Services>);

impl Client {
    async fn call(&self, name: &str, input: Value) -> Result<Value, ApiError> {
        call(&self.0, OPERATIONS, name, input).await
    }

    /// The answer to a call that succeeds.
    async fn answer(&self, name: &str, input: Value) -> Value {
        self.call(name, input).await.unwrap()
    }

    /// With the group `/g`, its stream `s` and three events in it, a second apart.
    async fn with_events() -> (Client, i64) {
        let client = Client(test_services());
        client
            .answer(
                "CreateLogGroup",
                json!({ "logGroupName": "/g", "tags": { "a": "b" } }),
            )
            .await;
        let stream = json!({ "logGroupName": "/g", "logStreamName": "s" });
        client.answer("CreateLogStream", stream).await;
        let now = client.0.clock.now().0 / 1_000;
        let events: Vec<Value> = (0..3)
            .map(|index| json!({ "timestamp": now + index * 1_000, "message": format!("line {index}") }))
            .collect();
        let put = json!({ "logGroupName": "/g", "logStreamName": "s", "logEvents": events });
        client.answer("PutLogEvents", put).await;
        (client, now)
    }
}

fn messages(answer: &Value) -> Vec<&str> {
    let events = answer["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["message"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_read_page_by_page_and_the_last_token_comes_again() {
    let (client, _) = Client::with_events().await;
    let get = |more: Value| {
        let mut input = json!({ "logGroupName": "/g", "logStreamName": "s" });
        let (Value::Object(members), Value::Object(more)) = (&mut input, more) else {
            panic!()
        };
        members.extend(more);
        client.answer("GetLogEvents", input)
    };
    let first = get(json!({ "startFromHead": true, "limit": 2 })).await;
    assert_eq!(messages(&first), ["line 0", "line 1"]);
    let second = get(json!({ "nextToken": first["nextForwardToken"], "limit": 2 })).await;
    assert_eq!(messages(&second), ["line 2"]);
    let third = get(json!({ "nextToken": second["nextForwardToken"] })).await;
    assert!(messages(&third).is_empty());
    assert_eq!(third["nextForwardToken"], second["nextForwardToken"]);
    let last = get(json!({ "limit": 1 })).await;
    assert_eq!(messages(&last), ["line 2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_filtered_page_by_page_and_by_its_arn() {
    let (client, now) = Client::with_events().await;
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/g";
    let filter = json!({ "logGroupIdentifier": arn, "filterPattern": "-1", "limit": 1 });
    let first = client.answer("FilterLogEvents", filter.clone()).await;
    assert_eq!(messages(&first), ["line 0"]);
    let mut next = filter;
    next["nextToken"] = first["nextToken"].clone();
    next["limit"] = json!(5);
    let second = client.answer("FilterLogEvents", next).await;
    assert_eq!(messages(&second), ["line 2"]);
    assert_eq!(second.get("nextToken"), None);
    let late = json!({ "logGroupName": "/g", "startTime": now + 1_000, "endTime": now + 2_000 });
    let late = client.answer("FilterLogEvents", late).await;
    assert_eq!(messages(&late), ["line 1"]);
    assert_eq!(late["events"][0]["logStreamName"], "s");
    assert_eq!(late["events"][0]["eventId"].as_str().unwrap().len(), 56);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_described_with_both_its_arns_its_retention_and_its_tags() {
    let (client, _) = Client::with_events().await;
    let retention = json!({ "logGroupName": "/g", "retentionInDays": 7 });
    client.answer("PutRetentionPolicy", retention).await;
    let prefix = json!({ "logGroupNamePrefix": "/" });
    let described = client.answer("DescribeLogGroups", prefix.clone()).await;
    let group = &described["logGroups"][0];
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/g";
    assert_eq!(group["logGroupArn"], arn);
    assert_eq!(group["arn"], format!("{arn}:*"));
    assert_eq!(group["retentionInDays"], 7);
    assert_eq!(group["storedBytes"], 3 * (6 + 26));
    client
        .answer("DeleteRetentionPolicy", json!({ "logGroupName": "/g" }))
        .await;
    let described = client.answer("DescribeLogGroups", prefix).await;
    assert_eq!(described["logGroups"][0].get("retentionInDays"), None);
    client
        .answer(
            "TagResource",
            json!({ "resourceArn": arn, "tags": { "c": "d" } }),
        )
        .await;
    client
        .answer(
            "UntagResource",
            json!({ "resourceArn": arn, "tagKeys": ["a"] }),
        )
        .await;
    let tags = client
        .answer("ListTagsForResource", json!({ "resourceArn": arn }))
        .await;
    assert_eq!(tags, json!({ "tags": { "c": "d" } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_are_listed_page_by_page() {
    let (client, _) = Client::with_events().await;
    let stream = json!({ "logGroupName": "/g", "logStreamName": "t" });
    client.answer("CreateLogStream", stream).await;
    for order in ["LogStreamName", "LastEventTime"] {
        let mut input = json!({ "logGroupName": "/g", "orderBy": order, "limit": 1 });
        let first = client.answer("DescribeLogStreams", input.clone()).await;
        input["nextToken"] = first["nextToken"].clone();
        let second = client.answer("DescribeLogStreams", input).await;
        assert_eq!(second.get("nextToken"), None);
        let name = |answer: &Value| answer["logStreams"][0]["logStreamName"].clone();
        let mut names = [name(&first), name(&second)].map(|name| name.as_str().unwrap().to_owned());
        names.sort();
        assert_eq!(names, ["s", "t"], "{order}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_with_its_code() {
    let (client, now) = Client::with_events().await;
    let stream = json!({ "logGroupName": "/g", "logStreamName": "s" });
    let put =
        |events: Value| json!({ "logGroupName": "/g", "logStreamName": "s", "logEvents": events });
    let event = |timestamp: i64| json!({ "timestamp": timestamp, "message": "x" });
    let none = json!({ "logGroupName": "/none", "logStreamName": "s" });
    let missing = "ResourceNotFoundException";
    let invalid = "InvalidParameterException";
    for (operation, input, code) in [
        (
            "CreateLogGroup",
            json!({ "logGroupName": "/g" }),
            "ResourceAlreadyExistsException",
        ),
        (
            "CreateLogStream",
            stream.clone(),
            "ResourceAlreadyExistsException",
        ),
        ("CreateLogStream", none.clone(), missing),
        ("DeleteLogStream", none.clone(), missing),
        (
            "DeleteLogGroup",
            json!({ "logGroupName": "/none" }),
            missing,
        ),
        ("GetLogEvents", none.clone(), missing),
        (
            "GetLogEvents",
            json!({ "logGroupName": "/g", "logStreamName": "none" }),
            missing,
        ),
        (
            "DescribeLogStreams",
            json!({ "logGroupName": "/none" }),
            missing,
        ),
        (
            "FilterLogEvents",
            json!({ "logGroupName": "/none" }),
            missing,
        ),
        (
            "FilterLogEvents",
            json!({ "logGroupName": "/g", "filterPattern": "{" }),
            invalid,
        ),
        (
            "FilterLogEvents",
            json!({ "logGroupName": "/g", "limit": 10_001 }),
            invalid,
        ),
        (
            "CreateLogStream",
            json!({ "logGroupName": "/g", "logStreamName": "a:b" }),
            invalid,
        ),
        ("PutLogEvents", put(json!([])), invalid),
        (
            "PutLogEvents",
            put(json!([event(now), event(now - 1)])),
            invalid,
        ),
        (
            "PutLogEvents",
            put(json!([{ "timestamp": now, "message": "" }])),
            invalid,
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "/g", "retentionInDays": 2 }),
            invalid,
        ),
        (
            "PutRetentionPolicy",
            json!({ "logGroupName": "/none", "retentionInDays": 7 }),
            missing,
        ),
        (
            "ListTagsForResource",
            json!({ "resourceArn": "arn:aws:s3:::b" }),
            invalid,
        ),
        (
            "DescribeLogStreams",
            json!({ "logGroupName": "/g", "orderBy": "LastEventTime", "logStreamNamePrefix": "s" }),
            invalid,
        ),
        (
            "DescribeLogGroups",
            json!({ "logGroupNamePrefix": "a", "logGroupNamePattern": "b" }),
            invalid,
        ),
    ] {
        let refused = client.call(operation, input.clone()).await;
        assert_eq!(refused.unwrap_err().code, code, "{operation} {input}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_too_new_or_too_old_are_told_of() {
    let (client, now) = Client::with_events().await;
    let events = json!([{ "timestamp": now - 1_209_700_000, "message": "old" }]);
    let put = json!({ "logGroupName": "/g", "logStreamName": "s", "logEvents": events });
    let answer = client.answer("PutLogEvents", put).await;
    assert_eq!(
        answer["rejectedLogEventsInfo"],
        json!({ "tooOldLogEventEndIndex": 1 })
    );
}

#[test]
fn a_group_is_named_by_its_name_or_its_arn_with_or_without_streams() {
    for identifier in [
        "/aws/g",
        "arn:aws:logs:us-east-1:1:log-group:/aws/g",
        "arn:aws:logs:us-east-1:1:log-group:/aws/g:*",
    ] {
        assert_eq!(input::name_in_identifier(identifier), "/aws/g");
    }
}

#[test]
fn a_group_is_named_once() {
    for (input, taken) in [
        (json!({ "logGroupName": "g" }), true),
        (json!({ "logGroupIdentifier": "g" }), true),
        (
            json!({ "logGroupName": "g", "logGroupIdentifier": "g" }),
            false,
        ),
        (json!({}), false),
    ] {
        let mut members = Members::of(&input);
        assert_eq!(input::group(&mut members).is_ok(), taken, "{input}");
    }
}

#[test]
fn a_name_that_breaks_a_constraint_is_an_invalid_parameter() {
    for (input, taken) in [
        (json!({ "logGroupName": "a.b-c_d/e#f" }), true),
        (json!({ "logGroupName": "a b" }), false),
        (json!({ "logGroupName": "" }), false),
        (json!({ "logGroupName": "x".repeat(512) }), true),
        (json!({ "logGroupName": "x".repeat(513) }), false),
        (json!({}), false),
    ] {
        let mut members = Members::of(&input);
        input::group_name(&mut members);
        let finished = input::finish(members);
        assert_eq!(finished.is_ok(), taken, "{input}");
        if let Err(error) = finished {
            assert_eq!(error.code, "InvalidParameterException");
        }
    }
}

#[test]
fn a_token_comes_back_as_it_went() {
    let position = Position {
        timestamp_ms: 1_717_237_067_123,
        number: u64::MAX,
    };
    let digits = token::of_position(position);
    assert_eq!(digits.len(), 56);
    assert_eq!(token::position(&digits), Ok(position));
    for direction in [
        Direction::Forward(Some(position)),
        Direction::Backward(Some(position)),
    ] {
        assert_eq!(
            token::direction(&token::of_direction(direction)),
            Ok(direction)
        );
    }
    assert_eq!(
        token::name(&token::of_name("/aws/ü")),
        Ok("/aws/ü".to_owned())
    );
    for wrong in ["", "x", "f/", "f/12", "q/1", "ü"] {
        assert!(token::direction(wrong).is_err(), "{wrong}");
        assert!(token::position(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_operation_stands_once_in_the_table() {
    let mut names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

/// The lines of an execution, by type, that a machine with this logging configuration leaves.
async fn logged(level: &str, include_data: bool) -> Vec<Value> {
    let client = Client(test_services());
    let log = ExecutionLog::start(&client.0);
    client
        .answer("CreateLogGroup", json!({ "logGroupName": "/g" }))
        .await;
    let states = async |name: &str, input: Value| {
        let operations = crate::states::SERVICE.operations;
        call(&client.0, operations, name, input).await.unwrap()
    };
    let definition = json!({ "StartAt": "P", "States": {
        "P": { "Type": "Pass", "Next": "F" },
        "F": { "Type": "Fail", "Error": "E", "Cause": "secret" } } });
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/g:*";
    let destinations = json!([{ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }]);
    let machine = json!({
        "name": "m",
        "type": "EXPRESS",
        "definition": definition.to_string(),
        "roleArn": "arn:aws:iam::123456789012:role/r",
        "loggingConfiguration": {
            "level": level, "includeExecutionData": include_data, "destinations": destinations },
    });
    let machine = states("CreateStateMachine", machine).await["stateMachineArn"].clone();
    let start = json!({ "stateMachineArn": machine, "input": "{\"a\":\"secret\"}" });
    states("StartSyncExecution", start).await;
    log.flush().await;
    client.0.logs.flush().await;
    let answer = client
        .answer("FilterLogEvents", json!({ "logGroupName": "/g" }))
        .await;
    for event in answer["events"].as_array().unwrap() {
        assert!(
            event["logStreamName"]
                .as_str()
                .unwrap()
                .starts_with("states/m/")
        );
    }
    let parse = |line: &str| serde_json::from_str(line).unwrap();
    messages(&answer).into_iter().map(parse).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_express_execution_leaves_its_history_in_its_log_group() {
    let lines = logged("ALL", true).await;
    let types: Vec<&str> = lines
        .iter()
        .map(|line| line["type"].as_str().unwrap())
        .collect();
    let expected = [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "FailStateEntered",
        "ExecutionFailed",
    ];
    assert_eq!(types, expected);
    assert_eq!(lines[0]["details"]["input"], "{\"a\":\"secret\"}");
    assert_eq!(lines[4]["id"], "5");
    assert_eq!(lines[4]["redrive_count"], "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_level_leaves_less_and_without_data_no_data_is_left() {
    let lines = logged("FATAL", false).await;
    let all = Value::from(lines).to_string();
    assert!(
        all.contains("ExecutionFailed") && !all.contains("PassStateEntered"),
        "{all}"
    );
    assert!(!all.contains("secret"), "{all}");
    assert_eq!(logged("OFF", true).await, Vec::<Value>::new());
}

#[test]
fn a_permission_names_the_group_that_the_operation_goes_by() {
    let services = test_services();
    let resource = |name: &str, input: Value| {
        let operation = OPERATIONS.iter().find(|operation| operation.name == name);
        (operation.unwrap().resource)(&input, &services)
    };
    let arn = |name: &str| services.logs.group_arn(name);
    let both = json!({ "logGroupName": "mine", "resourceArn": arn("theirs") });
    for operation in ["ListTagsForResource", "TagResource", "UntagResource"] {
        assert_eq!(resource(operation, both.clone()), arn("theirs"));
        assert_eq!(resource(operation, json!({ "logGroupName": "mine" })), "*");
    }
    for operation in ["DeleteLogGroup", "FilterLogEvents", "TagLogGroup"] {
        assert_eq!(resource(operation, both.clone()), arn("mine"));
    }
    // It lists all of them, whatever else is said.
    assert_eq!(resource("DescribeLogGroups", both), "*");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_of_logs_waits_until_others_are_done() {
    let (client, _) = Client::with_events().await;
    let stream = json!({ "logGroupName": "/g", "logStreamName": "s" });
    let by_time = json!({ "logGroupName": "/g", "orderBy": "LastEventTime" });
    for (operation, input) in [
        ("FilterLogEvents", json!({ "logGroupName": "/g" })),
        ("GetLogEvents", stream),
        ("DescribeLogStreams", by_time),
    ] {
        let others = READS
            .acquire_many(u32::try_from(LOG_READS_MAX).unwrap())
            .await
            .unwrap();
        let mut call = std::pin::pin!(client.call(operation, input));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let first = call.as_mut().poll(&mut context);
        assert!(first.is_pending(), "{operation} reads where it is polled");
        drop(others);
        call.await.unwrap();
    }
}
