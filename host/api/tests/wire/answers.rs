//! Requests and answers as they are meant to be.

use serde_json::json;

use crate::harness::{open, post, rest, start};

#[tokio::test]
async fn a_target_leads_to_its_operation_whatever_the_host_says() {
    let server = start(open()).await;
    let request = post("AWSStepFunctions.StartExecution", r#"{"name": "one"}"#);
    for host in [
        "localhost",
        "sync-localhost:8085",
        "127.0.0.1:1",
        "sync-127.0.0.1:8085",
    ] {
        let answer = server.say(&request.replace("localhost", host)).await;
        assert_eq!(answer.status, 200);
        let expected = json!({
            "operation": "StartExecution",
            "input": {"name": "one"},
            "endpoint": format!("http://{host}"),
        });
        assert_eq!(answer.json(), expected);
        assert_eq!(
            answer.header("content-type"),
            Some("application/x-amz-json-1.0")
        );
        assert_eq!(answer.header("x-amzn-requestid").unwrap().len(), 36);
    }
}

#[tokio::test]
async fn path_and_query_are_members_of_a_rest_input_and_win_over_the_body() {
    let server = start(open()).await;
    let path = "/2015-03-31/functions/a%3Ab?Qualifier=1&FunctionName=other";
    let answer = server.say(&rest("GET", path, "")).await;
    let input = json!({"FunctionName": "a:b", "Qualifier": "1"});
    assert_eq!(answer.json()["input"], input);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = server
        .say(&rest(
            "POST",
            "/2015-03-31/functions/?a=1",
            r#"{"a": 2, "b": 3}"#,
        ))
        .await;
    assert_eq!(answer.json()["input"], json!({"a": "1", "b": 3}));
}

#[tokio::test]
async fn a_payload_is_no_input() {
    let server = start(open()).await;
    let request = rest("POST", "/2015-03-31/functions/f/invocations", "not JSON");
    let answer = server.say(&request).await;
    assert_eq!((answer.status, &answer.body[..]), (202, &b"not JSON"[..]));
    assert_eq!(answer.header("x-amz-executed-version"), Some("7"));
}

#[tokio::test]
async fn an_error_has_the_form_of_its_service() {
    let server = start(open()).await;
    let answer = server.say(&post("AWSStepFunctions.Fail", "{}")).await;
    assert_eq!(answer.status, 400);
    let expected =
        json!({"__type": "QueueDoesNotExist", "message": "It is not there.", "reason": "GONE"});
    assert_eq!(answer.json(), expected);
    let query = "AWS.SimpleQueueService.NonExistentQueue;Sender";
    assert_eq!(answer.header("x-amzn-query-error"), Some(query));
    let answer = server
        .say(&rest("DELETE", "/2015-03-31/functions/f", ""))
        .await;
    assert_eq!(answer.header("x-amzn-errortype"), Some("QueueDoesNotExist"));
    assert_eq!(answer.json()["Message"], "It is not there.");
    assert_eq!(answer.json()["Type"], "User");
}

#[tokio::test]
async fn health_is_told_to_anybody() {
    let server = start(open()).await;
    let answer = server.say(&rest("GET", "/health", "")).await;
    assert_eq!((answer.status, &answer.body[..]), (200, &b"ok"[..]));
}
