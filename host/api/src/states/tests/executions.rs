use super::*;

#[tokio::test]
async fn an_execution_is_started_described_and_told_of() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let input = json!({ "stateMachineArn": machine, "name": "one", "input": "{ \"b\": 2 }" });
    let started = world.ok("StartExecution", input).await;
    let arn = "arn:aws:states:us-east-1:123456789012:execution:orders:one";
    assert_eq!(started["executionArn"], arn);
    assert_eq!(started.as_object().unwrap().len(), 2);
    world.ended(arn).await;

    let mut found = world
        .ok("DescribeExecution", json!({ "executionArn": arn }))
        .await;
    assert_eq!(found["startDate"], started["startDate"]);
    assert!(found["stopDate"].as_f64() >= found["startDate"].as_f64());
    for moment in ["startDate", "stopDate"] {
        found[moment] = Value::Null;
    }
    let expected = json!({
        "executionArn": arn,
        "stateMachineArn": machine,
        "name": "one",
        "status": "SUCCEEDED",
        "startDate": null,
        "stopDate": null,
        "input": "{ \"b\": 2 }",
        "inputDetails": { "included": true },
        "output": "{\"a\":1}",
        "outputDetails": { "included": true },
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    });
    assert_eq!(found, expected);
    let events = world.history(arn).await;
    assert_eq!(
        types(&events),
        [
            "ExecutionStarted",
            "PassStateEntered",
            "PassStateExited",
            "ExecutionSucceeded"
        ]
    );
    let details = &events[0]["executionStartedEventDetails"];
    assert_eq!(details["roleArn"], "arn:aws:iam::123456789012:role/r");
}

#[tokio::test]
async fn the_same_start_again_is_the_same_execution_while_it_runs() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &wait()).await;
    let start = |input: &str| json!({ "stateMachineArn": machine, "name": "one", "input": input });
    let first = world.ok("StartExecution", start("{}")).await;
    assert_eq!(world.ok("StartExecution", start("{}")).await, first);
    let arn = text(&first, "executionArn");
    let exists = (
        "ExecutionAlreadyExists",
        format!("Execution Already Exists: '{arn}'"),
    );
    assert_eq!(world.refused("StartExecution", start("[]")).await, exists);
    world
        .ok("StopExecution", json!({ "executionArn": arn }))
        .await;
    assert_eq!(world.refused("StartExecution", start("{}")).await, exists);
}

#[tokio::test]
async fn what_cannot_be_started_is_refused_in_the_services_words() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let none = "arn:aws:states:us-east-1:123456789012:stateMachine:none";
    for (input, code, message) in [
        (
            json!({ "stateMachineArn": none }),
            "StateMachineDoesNotExist",
            format!("State Machine Does Not Exist: '{none}'"),
        ),
        (
            json!({ "stateMachineArn": "nonsense" }),
            "InvalidArn",
            "Invalid Arn: 'Invalid ARN prefix: nonsense'".to_owned(),
        ),
        (
            json!({ "stateMachineArn": machine, "name": "a b" }),
            "InvalidName",
            "Invalid Name: 'a b'".to_owned(),
        ),
        (
            json!({ "stateMachineArn": machine, "input": "" }),
            "InvalidExecutionInput",
            "Invalid State Machine Execution Input: 'Invalid execution input.'".to_owned(),
        ),
        (
            json!({}),
            "ValidationException",
            "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy \
             constraint: Member must not be null"
                .to_owned(),
        ),
    ] {
        assert_eq!(
            world.refused("StartExecution", input).await,
            (code, message)
        );
    }
}

#[tokio::test]
async fn an_execution_that_is_over_is_stopped_at_its_end() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &wait()).await;
    let arn = world.start(&machine, "{}").await;
    let stop = json!({ "executionArn": arn, "error": "E", "cause": "C" });
    let stopped = world.ok("StopExecution", stop.clone()).await;
    assert_eq!(world.ok("StopExecution", stop).await, stopped);
    let found = world
        .ok("DescribeExecution", json!({ "executionArn": arn }))
        .await;
    assert_eq!(found["status"], "ABORTED");
    assert_eq!(
        (&found["error"], &found["cause"]),
        (&json!("E"), &json!("C"))
    );
    assert_eq!(found["stopDate"], stopped["stopDate"]);
    assert_eq!(found["redriveStatus"], "REDRIVABLE");
    let none = arn.replace(":execution:orders:", ":execution:others:");
    let refused = world
        .refused("StopExecution", json!({ "executionArn": none }))
        .await;
    let text = format!("Execution Does Not Exist: '{none}'");
    assert_eq!(refused, ("ExecutionDoesNotExist", text));
}

#[tokio::test]
async fn pages_of_a_history_go_on_where_the_one_before_ended() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let arn = world.start(&machine, "{}").await;
    world.ended(&arn).await;
    let whole = world.history(&arn).await;
    for reverse in [false, true] {
        let mut expected = whole.clone();
        if reverse {
            expected.reverse();
        }
        let (mut found, mut token) = (Vec::new(), Value::Null);
        loop {
            let input = json!({
                "executionArn": arn, "maxResults": 3, "reverseOrder": reverse, "nextToken": token,
            });
            let page = world.ok("GetExecutionHistory", input).await;
            found.extend(page["events"].as_array().unwrap().clone());
            token = page["nextToken"].clone();
            if token.is_null() {
                break;
            }
            // A token belongs to its arguments.
            let other = json!({
                "executionArn": arn, "maxResults": 3, "reverseOrder": !reverse, "nextToken": token,
            });
            let refused = world.refused("GetExecutionHistory", other).await;
            assert_eq!(
                refused,
                ("InvalidToken", "Invalid Token: 'Invalid token'".into())
            );
        }
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn a_definition_that_was_changed_does_not_change_the_history() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let arn = world.start(&machine, "{}").await;
    world.ended(&arn).await;
    let before = world.history(&arn).await;
    let update = json!({ "stateMachineArn": machine, "definition": fail().to_string() });
    world.ok("UpdateStateMachine", update).await;
    assert_eq!(world.history(&arn).await, before);
    world
        .ok("DeleteStateMachine", json!({ "stateMachineArn": machine }))
        .await;
    assert_eq!(world.history(&arn).await, before);
}

#[tokio::test]
async fn there_are_no_map_runs_yet() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let arn = world.start(&machine, "{}").await;
    let listed = world
        .ok("ListMapRuns", json!({ "executionArn": arn }))
        .await;
    assert_eq!(listed, json!({ "mapRuns": [] }));
    let none = json!({ "executionArn": format!("{arn}x") });
    assert_eq!(
        world.refused("ListMapRuns", none).await.0,
        "ExecutionDoesNotExist"
    );
    let run = "arn:aws:states:us-east-1:123456789012:mapRun:orders/each:1";
    for operation in ["DescribeMapRun", "UpdateMapRun"] {
        let refused = world.refused(operation, json!({ "mapRunArn": run })).await;
        assert_eq!(refused.0, "ResourceNotFound");
        let refused = world.refused(operation, json!({ "mapRunArn": arn })).await;
        assert_eq!(refused.0, "InvalidArn");
    }
    let percent = json!({ "mapRunArn": run, "toleratedFailurePercentage": 100.5 });
    assert_eq!(
        world.refused("UpdateMapRun", percent).await.0,
        "ValidationException"
    );
}
