//! Definitions: what is refused, what is shown of them, and a state on its own.

use super::*;

const ROLE: &str = "arn:aws:iam::123456789012:role/r";

fn waiting() -> Value {
    json!({
        "StartAt": "S",
        "States": {
            "S": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "End": true
            }
        }
    })
}

#[tokio::test]
async fn an_express_machine_is_neither_made_nor_changed_to_wait() {
    let world = World::new();
    let arn = world.machine("quick", "EXPRESS", &pass()).await;
    let definition = waiting().to_string();
    let create = json!({
        "name": "other", "type": "EXPRESS", "definition": definition, "roleArn": ROLE
    });
    let update = json!({ "stateMachineArn": arn, "definition": definition });
    for (name, input) in [
        ("CreateStateMachine", create),
        ("UpdateStateMachine", update),
    ] {
        let (code, message) = world.refused(name, input).await;
        assert_eq!(code, "InvalidDefinition");
        assert_eq!(
            message,
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine \
             does not support '.waitForTaskToken' service integration  at /States/S/Resource'"
        );
    }
    world.machine("standard", "STANDARD", &waiting()).await;
}

#[tokio::test]
async fn variables_that_are_read_are_described() {
    let world = World::new();
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": { "Type": "Pass", "Assign": { "x": 1, "y": 2 }, "Next": "B" },
            "B": { "Type": "Pass", "Parameters": { "s.$": "States.MathAdd($y, $x)" }, "End": true }
        }
    });
    let arn = world.machine("reading", "STANDARD", &definition).await;
    let found = world
        .ok("DescribeStateMachine", json!({ "stateMachineArn": arn }))
        .await;
    assert_eq!(found["variableReferences"], json!({ "B": ["x", "y"] }));
    let arn = world.machine("plain", "STANDARD", &pass()).await;
    let found = world
        .ok("DescribeStateMachine", json!({ "stateMachineArn": arn }))
        .await;
    assert_eq!(found.get("variableReferences"), None);
}

#[tokio::test]
async fn a_state_is_tested_without_a_trace() {
    let world = World::new();
    let state = json!({ "Type": "Pass", "InputPath": "$$.Execution", "End": true });
    let input = json!({ "definition": state.to_string(), "roleArn": ROLE, "input": "{}" });
    let found = world.ok("TestState", input).await;
    assert_eq!(found["status"], "SUCCEEDED");
    let execution: Value = serde_json::from_str(&text(&found, "output")).unwrap();
    assert_eq!(execution["RoleArn"], ROLE);
    let arn = execution["Id"].as_str().unwrap();
    assert!(
        arn.starts_with("arn:aws:states:us-east-1:123456789012:express:"),
        "{arn}"
    );
    let machines = world.ok("ListStateMachines", json!({})).await;
    assert_eq!(machines["stateMachines"], json!([]));
}

#[tokio::test]
async fn a_task_without_a_mock_is_run() {
    let world = World::new();
    let state = json!({
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:nobody",
        "Catch": [{ "ErrorEquals": ["Lambda.ResourceNotFoundException"], "Next": "Other" }],
        "End": true
    });
    let input = json!({ "definition": state.to_string(), "roleArn": ROLE });
    let found = world.ok("TestState", input.clone()).await;
    assert_eq!(found["status"], "CAUGHT_ERROR");
    assert_eq!(found["error"], "Lambda.ResourceNotFoundException");
    assert_eq!(found["nextState"], "Other");
    let mut without_role = input;
    without_role["roleArn"] = Value::Null;
    let (code, _) = world.refused("TestState", without_role).await;
    assert_eq!(code, "ValidationException");
}
