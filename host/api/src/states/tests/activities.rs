use super::*;

fn calling(activity: &str) -> Value {
    json!({ "StartAt": "A", "States": {
        "A": { "Type": "Task", "Resource": activity, "HeartbeatSeconds": 600, "End": true } } })
}

/// An activity and an execution that waits for it: their ARNs.
async fn waiting(world: &World) -> (String, String) {
    let created = world
        .ok("CreateActivity", json!({ "name": "approve" }))
        .await;
    let activity = text(&created, "activityArn");
    let machine = world
        .machine("orders", "STANDARD", &calling(&activity))
        .await;
    let execution = world.start(&machine, "{ \"n\": 1 }").await;
    (activity, execution)
}

#[tokio::test]
async fn a_worker_takes_the_task_and_answers_it() {
    let world = World::new();
    let (activity, execution) = waiting(&world).await;
    let poll = json!({ "activityArn": activity, "workerName": "w" });
    let task = world.ok("GetActivityTask", poll).await;
    assert_eq!(task["input"], "{ \"n\": 1 }");
    let token = text(&task, "taskToken");
    let beat = json!({ "taskToken": token });
    assert_eq!(world.ok("SendTaskHeartbeat", beat).await, json!({}));
    let success = json!({ "taskToken": token, "output": "[1, 2]" });
    assert_eq!(
        world.ok("SendTaskSuccess", success.clone()).await,
        json!({})
    );
    world.ended(&execution).await;

    let events = world.history(&execution).await;
    assert_eq!(
        types(&events),
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "ActivityScheduled",
            "ActivityStarted",
            "ActivitySucceeded",
            "TaskStateExited",
            "ExecutionSucceeded",
        ]
    );
    assert_eq!(
        events[3]["activityStartedEventDetails"],
        json!({ "workerName": "w" })
    );
    assert_eq!(
        events[6]["executionSucceededEventDetails"]["output"],
        "[1, 2]"
    );
    let refused = world.refused("SendTaskSuccess", success).await;
    let text = "Task Timed Out: 'Provided task does not exist anymore'";
    assert_eq!(refused, ("TaskTimedOut", text.to_owned()));
}

#[tokio::test]
async fn a_worker_that_fails_fails_the_execution() {
    let world = World::new();
    let (activity, execution) = waiting(&world).await;
    let task = world
        .ok("GetActivityTask", json!({ "activityArn": activity }))
        .await;
    let failure = json!({ "taskToken": task["taskToken"], "error": "E", "cause": "C" });
    assert_eq!(world.ok("SendTaskFailure", failure).await, json!({}));
    world.ended(&execution).await;
    let events = world.history(&execution).await;
    let failed = &events[4]["activityFailedEventDetails"];
    assert_eq!(*failed, json!({ "error": "E", "cause": "C" }));
    assert_eq!(events[3]["activityStartedEventDetails"], json!({}));
}

#[tokio::test]
async fn a_worker_waits_for_the_task() {
    let world = Arc::new(World::new());
    let created = world
        .ok("CreateActivity", json!({ "name": "approve" }))
        .await;
    let activity = text(&created, "activityArn");
    let worker = tokio::spawn({
        let (world, activity) = (world.clone(), activity.clone());
        async move {
            world
                .ok("GetActivityTask", json!({ "activityArn": activity }))
                .await
        }
    });
    tokio::task::yield_now().await;
    let machine = world
        .machine("orders", "STANDARD", &calling(&activity))
        .await;
    let execution = world.start(&machine, "{}").await;
    let task = worker.await.unwrap();
    let success = json!({ "taskToken": task["taskToken"], "output": "1" });
    world.ok("SendTaskSuccess", success).await;
    world.ended(&execution).await;
}

#[tokio::test]
async fn a_poll_without_a_task_is_answered_empty() {
    let world = World::new();
    let created = world
        .ok("CreateActivity", json!({ "name": "approve" }))
        .await;
    world.services.close();
    let poll = json!({ "activityArn": created["activityArn"] });
    assert_eq!(world.ok("GetActivityTask", poll).await, json!({}));
}

#[tokio::test]
async fn the_task_of_an_execution_that_was_stopped_is_not_handed_out() {
    let world = World::new();
    let (activity, execution) = waiting(&world).await;
    world
        .ok("StopExecution", json!({ "executionArn": execution }))
        .await;
    let machine = world
        .machine("others", "STANDARD", &calling(&activity))
        .await;
    world.start(&machine, "\"mine\"").await;
    let task = world
        .ok("GetActivityTask", json!({ "activityArn": activity }))
        .await;
    assert_eq!(task["input"], "\"mine\"");
}

#[tokio::test]
async fn a_token_that_is_none_and_an_output_that_is_no_json_are_refused() {
    let world = World::new();
    let text = "Invalid Token: 'Invalid token'".to_owned();
    for (operation, input) in [
        (
            "SendTaskSuccess",
            json!({ "taskToken": "x", "output": "1" }),
        ),
        ("SendTaskFailure", json!({ "taskToken": "x" })),
        ("SendTaskHeartbeat", json!({ "taskToken": "x" })),
    ] {
        let refused = world.refused(operation, input).await;
        assert_eq!(refused, ("InvalidToken", text.clone()), "{operation}");
    }
    let input = json!({ "taskToken": "x", "output": "{" });
    assert_eq!(
        world.refused("SendTaskSuccess", input).await.0,
        "InvalidOutput"
    );
    let (code, message) = world.refused("SendTaskSuccess", json!({})).await;
    assert_eq!(code, "ValidationException");
    assert!(
        message.starts_with("2 validation errors detected: "),
        "{message}"
    );
}

#[tokio::test]
async fn an_activity_is_created_described_listed_and_deleted() {
    let world = World::new();
    let created = world.ok(
        "CreateActivity",
        json!({ "name": "b", "tags": [
        { "key": "team", "value": "x" },
    ] }),
    );
    let created = created.await;
    assert_eq!(
        world.ok("CreateActivity", json!({ "name": "b" })).await,
        created
    );
    let arn = text(&created, "activityArn");
    let found = world
        .ok("DescribeActivity", json!({ "activityArn": arn }))
        .await;
    let expected = json!({
        "activityArn": arn,
        "name": "b",
        "creationDate": created["creationDate"],
        "encryptionConfiguration": { "type": "AWS_OWNED_KEY" },
    });
    assert_eq!(found, expected);
    let tags = world
        .ok("ListTagsForResource", json!({ "resourceArn": arn }))
        .await;
    assert_eq!(tags, json!({ "tags": [{ "key": "team", "value": "x" }] }));

    world.ok("CreateActivity", json!({ "name": "a" })).await;
    let first = world.ok("ListActivities", json!({ "maxResults": 1 })).await;
    assert_eq!(first["activities"][0]["name"], "a");
    let next = json!({ "maxResults": 1, "nextToken": first["nextToken"] });
    let second = world.ok("ListActivities", next).await;
    let item = json!({ "activityArn": arn, "name": "b", "creationDate": created["creationDate"] });
    assert_eq!(second, json!({ "activities": [item] }));

    for _ in 0..2 {
        let deleted = world
            .ok("DeleteActivity", json!({ "activityArn": arn }))
            .await;
        assert_eq!(deleted, json!({}));
    }
    let gone = (
        "ActivityDoesNotExist",
        format!("Activity Does Not Exist: '{arn}'"),
    );
    for operation in ["DescribeActivity", "GetActivityTask"] {
        let refused = world
            .refused(operation, json!({ "activityArn": arn }))
            .await;
        assert_eq!(refused, gone, "{operation}");
        let refused = world
            .refused(operation, json!({ "activityArn": "no_arn" }))
            .await;
        let text = "Invalid Arn: 'Invalid ARN prefix: no_arn'".to_owned();
        assert_eq!(refused, ("InvalidArn", text), "{operation}");
    }
    let refused = world
        .refused("CreateActivity", json!({ "name": "a\"b" }))
        .await;
    assert_eq!(refused, ("InvalidName", "Invalid Name: 'a\"b'".to_owned()));
    let encrypted = json!({ "name": "c", "encryptionConfiguration": {
        "type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": "k" } });
    let refused = world.refused("CreateActivity", encrypted).await;
    assert_eq!(refused.0, "InvalidEncryptionConfiguration");
}
