//! Problems as the service tells them (ASL.md §8.6).

use asl::service::{self, WorkflowType};
use serde_json::{Value, json};

fn told(definition: &str, workflow: WorkflowType) -> Vec<String> {
    let checked = service::check(definition, workflow);
    checked.problems.iter().map(ToString::to_string).collect()
}

fn task(resource: &str) -> Value {
    json!({ "Type": "Task", "Resource": resource, "End": true })
}

fn machine(state: Value) -> String {
    json!({ "StartAt": "S", "States": { "S": state } }).to_string()
}

#[test]
fn each_problem_has_its_code_text_and_place() {
    let cases = [
        (
            "{}".to_owned(),
            "SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /",
        ),
        (
            "[]".to_owned(),
            "INVALID_JSON_DESCRIPTION: Definition must be a valid JSON object",
        ),
        (
            "nope".to_owned(),
            "INVALID_JSON_DESCRIPTION: Unrecognized token 'nope': was expecting (JSON String, \
             Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: \
             (String)\"nope\"; line: 1, column: 5]",
        ),
        (
            machine(json!({ "Type": "Pass", "Next": "T" })),
            "MISSING_TRANSITION_TARGET: Missing 'Next' target: T at /States/S/Next",
        ),
        (
            machine(json!({ "Type": "Parallel", "Branches": [], "End": true })),
            "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Branches",
        ),
        (
            machine(json!({ "Type": "Pass", "Parameters": { "x.$": "y" }, "End": true })),
            "SCHEMA_VALIDATION_FAILED: The value for the field 'x.$' must be a valid JSONPath or \
             a valid intrinsic function call at /States/S/Parameters",
        ),
        (
            machine(json!({ "Type": "Wait", "Timestamp": "soon", "End": true })),
            "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at \
             /States/S/Timestamp",
        ),
        (
            machine(json!({
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Credentials": {},
                "End": true
            })),
            "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at \
             /States/S/Credentials",
        ),
    ];
    for (definition, expected) in cases {
        let found = told(&definition, WorkflowType::Standard);
        assert_eq!(found.first().map(String::as_str), Some(expected));
    }
}

#[test]
fn several_errors_come_in_one_text() {
    let definition = machine(json!({ "Type": "Wait", "Seconds": -1, "Next": "T" }));
    let checked = service::check(&definition, WorkflowType::Standard);
    assert!(checked.machine.is_none());
    assert_eq!(
        service::invalid_definition(&checked.problems),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Minimum value is 0 at \
         /States/S/Seconds, MISSING_TRANSITION_TARGET: Missing 'Next' target: T at \
         /States/S/Next'"
    );
}

#[test]
fn warnings_refuse_nothing_and_ours_are_kept_back() {
    // A path where none is evaluated is the service's warning; a variable that nobody assigns is ours.
    let definition = machine(json!({
        "Type": "Pass", "Parameters": { "x": "$.y", "z.$": "$nobody" }, "End": true
    }));
    let checked = service::check(&definition, WorkflowType::Standard);
    assert!(checked.machine.is_some());
    let codes: Vec<&str> = checked.problems.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["NO_DOLLAR"]);
    assert_eq!(
        service::invalid_definition(&checked.problems),
        "Invalid State Machine Definition: ''"
    );
}

#[test]
fn an_express_workflow_can_wait_for_nobody() {
    let cases = [
        ("arn:aws:states:::lambda:invoke", None),
        (
            "arn:aws:states:::states:startExecution.sync:2",
            Some("Express state machine does not support '.sync' service integration at "),
        ),
        (
            "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            Some(
                "Express state machine does not support '.waitForTaskToken' service integration  \
                 at ",
            ),
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            Some("Express state machine does not support Activity ARN at "),
        ),
    ];
    for (resource, refusal) in cases {
        let inner = json!({
            "Type": "Parallel",
            "Branches": [
                { "StartAt": "A", "States": { "A": { "Type": "Pass", "End": true } } },
                { "StartAt": "B", "States": { "B": task(resource) } }
            ],
            "End": true
        });
        for (state, place) in [
            (task(resource), "/States/S/Resource"),
            (inner, "/States/S/Branches[1]/States/B/Resource"),
        ] {
            let definition = machine(state);
            let expected = refusal
                .map(|refusal| format!("SCHEMA_VALIDATION_FAILED: {refusal}{place}"))
                .into_iter()
                .collect::<Vec<_>>();
            assert_eq!(told(&definition, WorkflowType::Express), expected);
            assert_eq!(
                told(&definition, WorkflowType::Standard),
                Vec::<String>::new()
            );
        }
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_refused() {
    let padded = |bytes: usize| {
        let definition = machine(json!({ "Type": "Pass", "End": true }));
        format!("{definition}{}", " ".repeat(bytes - definition.len()))
    };
    let longest = source::limits::TEXT_BYTES_MAX;
    assert!(told(&padded(longest), WorkflowType::Standard).is_empty());
    assert_eq!(told(&padded(longest + 1), WorkflowType::Standard).len(), 1);
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let found = told(&deep, WorkflowType::Standard);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn one_state_is_read_by_the_rules_of_a_machine() {
    let choice = json!({
        "Type": "Choice",
        "Choices": [{ "Variable": "$.a", "IsPresent": true, "Next": "A" }],
        "Default": "StateName"
    });
    let found = service::fragment(&choice.to_string(), None).unwrap();
    let names: Vec<&str> = found
        .machine
        .states
        .iter()
        .map(|state| &*state.name)
        .collect();
    assert_eq!(names, ["StateName", "A"]);
    assert_eq!(found.machine.scopes[0].start_at, found.state);

    let cases = [
        (
            json!({ "Type": "Parallel", "Branches": [], "End": true }).to_string(),
            "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty \
             at /States/StateName/Branches'",
        ),
        (
            "{\"Type\":\"Succeed\"},\"x\":{\"Type\":\"Succeed\"}".to_owned(),
            "",
        ),
        (
            "[1]".to_owned(),
            "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Definition must be a \
             valid JSON object'",
        ),
    ];
    for (definition, message) in cases {
        let refusal = service::fragment(&definition, None)
            .unwrap_err()
            .to_string();
        assert!(refusal == message || message.is_empty(), "{refusal}");
    }
}

#[test]
fn a_state_of_a_machine_is_found_in_its_branches_too() {
    let definition = machine(json!({
        "Type": "Parallel",
        "Branches": [{
            "StartAt": "A",
            "States": {
                "A": { "Type": "Pass", "Next": "B" },
                "B": { "Type": "Pass", "End": true }
            }
        }],
        "End": true
    }));
    let found = service::fragment(&definition, Some("B")).unwrap();
    assert_eq!(&*found.machine.state(found.state).unwrap().name, "B");
    assert_eq!(found.machine.scopes[0].states.len(), 2);
    let refusal = service::fragment(&definition, Some("C")).unwrap_err();
    assert_eq!(refusal.to_string(), "State not found in definition");
}
