use super::*;

fn failing_activity(activity: &str) -> Value {
    json!({ "StartAt": "P", "States": {
        "P": { "Type": "Pass", "Next": "A" },
        "A": { "Type": "Task", "Resource": activity, "End": true } } })
}

/// Lets a worker fail the next task of the activity, and waits until the execution is over.
async fn fail(world: &World, activity: &str, execution: &str) {
    let task = world
        .ok("GetActivityTask", json!({ "activityArn": activity }))
        .await;
    let failure = json!({ "taskToken": task["taskToken"], "error": "E" });
    world.ok("SendTaskFailure", failure).await;
    world.ended(execution).await;
}

async fn failed(world: &World) -> (String, String) {
    let created = world
        .ok("CreateActivity", json!({ "name": "approve" }))
        .await;
    let activity = text(&created, "activityArn");
    let machine = world
        .machine("orders", "STANDARD", &failing_activity(&activity))
        .await;
    let execution = world.start(&machine, "{}").await;
    fail(world, &activity, &execution).await;
    (activity, execution)
}

#[tokio::test]
async fn a_redriven_execution_goes_on_where_it_failed() {
    let world = World::new();
    let (activity, execution) = failed(&world).await;
    let redriven = world
        .ok("RedriveExecution", json!({ "executionArn": execution }))
        .await;
    let found = world
        .ok("DescribeExecution", json!({ "executionArn": execution }))
        .await;
    assert_eq!(found["status"], "RUNNING");
    assert_eq!(found["redriveCount"], 1);
    assert_eq!(found["redriveDate"], redriven["redriveDate"]);
    assert_eq!(found.get("stopDate"), None);
    let task = world
        .ok("GetActivityTask", json!({ "activityArn": activity }))
        .await;
    let success = json!({ "taskToken": task["taskToken"], "output": "1" });
    world.ok("SendTaskSuccess", success).await;
    world.ended(&execution).await;
    let events = world.history(&execution).await;
    let found = types(&events);
    assert_eq!(
        found
            .iter()
            .filter(|name| **name == "PassStateEntered")
            .count(),
        1
    );
    assert!(found.contains(&"ExecutionRedriven"));
    assert_eq!(found.last(), Some(&"ExecutionSucceeded"));
    let listed = json!({ "stateMachineArn":
        "arn:aws:states:us-east-1:123456789012:stateMachine:orders", "redriveFilter": "REDRIVEN" });
    let listed = world.ok("ListExecutions", listed).await;
    assert_eq!(listed["executions"][0]["redriveCount"], 1);
}

#[tokio::test]
async fn the_same_client_token_is_the_same_redrive() {
    let world = World::new();
    let (activity, execution) = failed(&world).await;
    let redrive = |token: &str| json!({ "executionArn": execution, "clientToken": token });
    let first = world.ok("RedriveExecution", redrive("t")).await;
    assert_eq!(world.ok("RedriveExecution", redrive("t")).await, first);
    let text = "Execution is RUNNING and cannot be redriven".to_owned();
    let refused = world.refused("RedriveExecution", redrive("u")).await;
    assert_eq!(refused, ("ExecutionNotRedrivable", text));
    fail(&world, &activity, &execution).await;
    assert_eq!(world.ok("RedriveExecution", redrive("t")).await, first);
    let found = world.ok("DescribeExecution", json!({ "executionArn": execution }));
    assert_eq!(found.await["redriveCount"], 1);
    world.ok("RedriveExecution", redrive("u")).await;
    let found = world.ok("DescribeExecution", json!({ "executionArn": execution }));
    assert_eq!(found.await["redriveCount"], 2);
}

#[tokio::test]
async fn what_cannot_be_redriven_is_refused_in_the_services_words() {
    let world = World::new();
    let machine = world.machine("quick", "STANDARD", &pass()).await;
    let execution = world.start(&machine, "{}").await;
    world.ended(&execution).await;
    let (_, deleted) = failed(&world).await;
    let orders = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";
    world
        .ok("DeleteStateMachine", json!({ "stateMachineArn": orders }))
        .await;
    let none = format!("{execution}x");
    for (input, code, message) in [
        (
            json!({ "executionArn": execution }),
            "ExecutionNotRedrivable",
            "Execution is SUCCEEDED and cannot be redriven".to_owned(),
        ),
        (
            json!({ "executionArn": deleted, "clientToken": "t" }),
            "ExecutionNotRedrivable",
            "State machine is in DELETING status".to_owned(),
        ),
        (
            json!({ "executionArn": none, "clientToken": "t" }),
            "ExecutionDoesNotExist",
            format!("Execution Does Not Exist: '{none}'"),
        ),
        (
            json!({ "executionArn": execution, "clientToken": "a b" }),
            "ValidationException",
            "1 validation error detected: Value 'a b' at 'clientToken' failed to satisfy \
             constraint: Member must satisfy regular expression pattern: [!-~]+"
                .to_owned(),
        ),
    ] {
        assert_eq!(
            world.refused("RedriveExecution", input).await,
            (code, message)
        );
    }
    let found = world
        .ok("DescribeExecution", json!({ "executionArn": deleted }))
        .await;
    assert_eq!(found["redriveStatus"], "NOT_REDRIVABLE");
}
