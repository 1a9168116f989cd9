use super::*;

async fn listed(world: &World, input: Value) -> Vec<String> {
    let answer = world.ok("ListExecutions", input).await;
    let executions = answer["executions"].as_array().unwrap();
    executions
        .iter()
        .map(|found| text(found, "executionArn"))
        .collect()
}

#[tokio::test]
async fn executions_are_listed_newest_first_page_by_page() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let mut started = Vec::new();
    for _ in 0..5 {
        let arn = world.start(&machine, "{}").await;
        world.ended(&arn).await;
        started.push(arn);
    }
    started.reverse();
    let (mut found, mut token) = (Vec::new(), Value::Null);
    loop {
        let input = json!({ "stateMachineArn": machine, "maxResults": 2, "nextToken": token });
        let page = world.ok("ListExecutions", input).await;
        for execution in page["executions"].as_array().unwrap() {
            found.push(text(execution, "executionArn"));
        }
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
        assert!(token.as_str().unwrap().len() <= 1_024);
    }
    assert_eq!(found, started);
    let answer = world.ok(
        "ListExecutions",
        json!({ "stateMachineArn": machine, "maxResults": 1 }),
    );
    let execution = answer.await["executions"][0].clone();
    let mut members: Vec<&String> = execution.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "executionArn",
            "name",
            "redriveCount",
            "startDate",
            "stateMachineArn",
            "status",
            "stopDate",
        ]
    );
}

#[tokio::test]
async fn executions_are_listed_by_status_version_and_alias() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let published = world.ok(
        "PublishStateMachineVersion",
        json!({ "stateMachineArn": machine }),
    );
    let version = text(&published.await, "stateMachineVersionArn");
    let alias = world.ok(
        "CreateStateMachineAlias",
        json!({ "name": "PROD", "routingConfiguration": [
            { "stateMachineVersionArn": version, "weight": 100 },
        ] }),
    );
    let alias = text(&alias.await, "stateMachineAliasArn");
    let plain = world.start(&machine, "{}").await;
    let by_version = world.start(&version, "{}").await;
    let by_alias = world.start(&alias, "{}").await;
    for arn in [&plain, &by_version, &by_alias] {
        world.ended(arn).await;
    }
    let of = |arn: &str| json!({ "stateMachineArn": arn });
    let all = [by_alias.clone(), by_version.clone(), plain];
    assert_eq!(listed(&world, of(&machine)).await, all);
    assert_eq!(listed(&world, of(&version)).await, all[..2]);
    assert_eq!(listed(&world, of(&alias)).await, all[..1]);
    let filtered = |status: &str| json!({ "stateMachineArn": machine, "statusFilter": status });
    assert_eq!(listed(&world, filtered("SUCCEEDED")).await, all);
    assert_eq!(listed(&world, filtered("RUNNING")).await, [""; 0]);
    let redriven = json!({ "stateMachineArn": machine, "redriveFilter": "REDRIVEN" });
    assert_eq!(listed(&world, redriven).await, [""; 0]);
    let found = world
        .ok("DescribeExecution", json!({ "executionArn": by_alias }))
        .await;
    assert_eq!(found["stateMachineArn"], machine);
    assert_eq!(found["stateMachineVersionArn"], version);
    assert_eq!(found["stateMachineAliasArn"], alias);
    let started = &world.history(&by_alias).await[0]["executionStartedEventDetails"];
    assert_eq!(started["stateMachineVersionArn"], version);
    assert_eq!(started["stateMachineAliasArn"], alias);
}

#[tokio::test]
async fn a_list_that_cannot_be_is_refused_in_the_services_words() {
    let world = World::new();
    let machine = world.machine("orders", "STANDARD", &pass()).await;
    let filter = json!({ "stateMachineArn": machine, "statusFilter": "succeeded" });
    let (code, message) = world.refused("ListExecutions", filter).await;
    assert_eq!(code, "ValidationException");
    assert_eq!(
        message,
        "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy \
         constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, \
         ABORTED, FAILED, RUNNING]"
    );
    let run = "arn:aws:states:us-east-1:123456789012:mapRun:orders/each:1";
    for (input, code) in [
        (json!({}), "ValidationException"),
        (
            json!({ "stateMachineArn": machine, "mapRunArn": run }),
            "ValidationException",
        ),
        (
            json!({ "stateMachineArn": machine, "statusFilter": "PENDING_REDRIVE" }),
            "ValidationException",
        ),
        (json!({ "mapRunArn": run }), "ResourceNotFound"),
        (json!({ "stateMachineArn": "nonsense" }), "InvalidArn"),
        (
            json!({ "stateMachineArn": format!("{machine}x") }),
            "StateMachineDoesNotExist",
        ),
        (
            json!({ "stateMachineArn": machine, "nextToken": "nonsense" }),
            "InvalidToken",
        ),
        (
            json!({ "stateMachineArn": machine, "maxResults": 1_001 }),
            "ValidationException",
        ),
    ] {
        assert_eq!(world.refused("ListExecutions", input).await.0, code);
    }
}
