use super::*;

#[tokio::test]
async fn a_sync_execution_is_answered_with_its_end() {
    let world = World::new();
    let machine = world.machine("quick", "EXPRESS", &pass()).await;
    let input = json!({ "stateMachineArn": machine, "name": "one", "traceHeader": "Root=1" });
    let mut found = world.ok("StartSyncExecution", input).await;
    let arn = text(&found, "executionArn");
    let base = "arn:aws:states:us-east-1:123456789012:express:quick:one:";
    assert!(arn.starts_with(base), "{arn}");
    for moment in ["startDate", "stopDate"] {
        assert!(found[moment].is_f64());
        found[moment] = Value::Null;
    }
    let billed = found["billingDetails"]["billedDurationInMilliseconds"].as_u64();
    assert!(billed.unwrap().is_multiple_of(100));
    found["billingDetails"]["billedDurationInMilliseconds"] = Value::Null;
    let expected = json!({
        "executionArn": arn,
        "stateMachineArn": machine,
        "name": "one",
        "startDate": null,
        "stopDate": null,
        "status": "SUCCEEDED",
        "output": "{\"a\":1}",
        "input": "{}",
        "inputDetails": { "included": true },
        "outputDetails": { "included": true },
        "traceHeader": "Root=1",
        "billingDetails": { "billedDurationInMilliseconds": null, "billedMemoryUsedInMB": 64 },
    });
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_sync_execution_that_fails_is_an_answer_too() {
    let world = World::new();
    let machine = world.machine("quick", "EXPRESS", &fail()).await;
    let input = json!({ "stateMachineArn": machine });
    let found = world.ok("StartSyncExecution", input).await;
    assert_eq!(found["status"], "FAILED");
    assert_eq!(
        (&found["error"], &found["cause"]),
        (&json!("E"), &json!("C"))
    );
    assert_eq!(found["outputDetails"], json!({ "included": true }));
    let input = json!({ "stateMachineArn": machine, "includedData": "METADATA_ONLY" });
    let found = world.ok("StartSyncExecution", input).await;
    assert_eq!(found["status"], "FAILED");
    for absent in ["error", "cause", "input", "inputDetails", "outputDetails"] {
        assert_eq!(found.get(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn the_name_of_an_express_execution_may_be_used_again() {
    let world = World::new();
    let machine = world.machine("quick", "EXPRESS", &pass()).await;
    let start = json!({ "stateMachineArn": machine, "name": "one" });
    let first = world.ok("StartExecution", start.clone()).await;
    let second = world.ok("StartExecution", start).await;
    assert_ne!(first["executionArn"], second["executionArn"]);
}

#[tokio::test]
async fn an_express_execution_is_only_in_the_logs() {
    let world = World::new();
    let machine = world.machine("quick", "EXPRESS", &pass()).await;
    let arn = world.start(&machine, "{}").await;
    let text = "Invalid Arn: 'Resource type not valid in this context: express'";
    for operation in [
        "DescribeExecution",
        "StopExecution",
        "GetExecutionHistory",
        "ListMapRuns",
    ] {
        let refused = world
            .refused(operation, json!({ "executionArn": arn }))
            .await;
        assert_eq!(refused, ("InvalidArn", text.to_owned()), "{operation}");
    }
    let text = "This operation is not supported by this type of state machine";
    let listed = world
        .refused("ListExecutions", json!({ "stateMachineArn": machine }))
        .await;
    assert_eq!(listed, ("StateMachineTypeNotSupported", text.to_owned()));
    let standard = world.machine("orders", "STANDARD", &pass()).await;
    let input = json!({ "stateMachineArn": standard });
    let refused = world.refused("StartSyncExecution", input).await;
    assert_eq!(refused, ("StateMachineTypeNotSupported", text.to_owned()));
}
