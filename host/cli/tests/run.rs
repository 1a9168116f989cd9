//! `stepwell run` as people run it: what comes out where, and how it ends. The workflows' own cases
//! are in the whole-system tests; here is what only the command decides.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot do without may end it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stepwell(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stepwell"))
        .args(args)
        .current_dir(root())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const ORDERS: &str = "workflows/order-processing";

#[test]
fn the_first_command_of_the_readme_succeeds_without_stdin_and_flags() {
    let output = stepwell(&["run", ORDERS]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(result["status"], "CONFIRMED");
    let trail = stderr(&output);
    for state in [
        "ValidateOrder",
        "CheckInventory",
        "ChargePayment",
        "SendConfirmation",
    ] {
        assert!(trail.contains(&format!("✓ {state}")), "{trail}");
    }
    assert!(
        trail.contains("SUCCEEDED") && trail.contains("AWS would bill"),
        "{trail}"
    );
    assert!(
        !trail.contains('\u{1b}'),
        "colours only on a terminal: {trail}"
    );
}

#[test]
fn a_callback_with_neither_terminal_nor_answer_has_its_own_exit_code_and_a_hint() {
    let output = stepwell(&[
        "run",
        ORDERS,
        "--input",
        "workflows/order-processing/inputs/approved-order.json",
    ]);
    assert_eq!(output.status.code(), Some(6), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let told = stderr(&output);
    assert!(told.contains("--answer 'WaitForApproval="), "{told}");
}

#[test]
fn an_answer_decides_the_path() {
    let input = "workflows/order-processing/inputs/approved-order.json";
    let approved = stepwell(&[
        "run",
        ORDERS,
        "--input",
        input,
        "--answer",
        r#"WaitForApproval={"approved":true}"#,
    ]);
    assert_eq!(approved.status.code(), Some(0), "{}", stderr(&approved));
    let rejected = stepwell(&[
        "run",
        ORDERS,
        "--input",
        input,
        "--answer",
        r#"WaitForApproval={"approved":false}"#,
    ]);
    assert_eq!(rejected.status.code(), Some(1), "{}", stderr(&rejected));
    let failed = stepwell(&[
        "run",
        ORDERS,
        "--input",
        input,
        "--output",
        "json",
        "--answer",
        "WaitForApproval=fail:TooBusy:come back",
    ]);
    assert_eq!(failed.status.code(), Some(1), "{}", stderr(&failed));
    let document: Value = serde_json::from_str(&stdout(&failed)).unwrap();
    assert_eq!(document["status"], "FAILED");
}

#[test]
fn an_answer_to_a_state_that_does_not_wait_or_exist_is_a_usage_error() {
    let output = stepwell(&["run", ORDERS, "--answer", "ValidateOrder={}"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("does not wait for an answer"));
    let output = stepwell(&["run", ORDERS, "--answer", "WaitForAproval={}"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("did you mean WaitForApproval?"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_document_holds_the_result_and_the_history() {
    let output = stepwell(&[
        "run",
        "workflows/line-item-pricing",
        "--skip-waits",
        "--output",
        "json",
        "--history",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert_eq!(text.lines().count(), 1);
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["status"], "SUCCEEDED");
    let events = document["events"].as_array().unwrap();
    for (position, event) in events.iter().enumerate() {
        assert_eq!(event["id"], position + 1);
        assert!(event["previousEventId"].as_u64().unwrap() <= position as u64);
        assert!(event["timestamp"].as_f64().unwrap() > 1.7e9);
    }
    assert_eq!(events[0]["type"], "ExecutionStarted");
    assert_eq!(
        events[0]["executionStartedEventDetails"]["inputDetails"],
        json!({ "truncated": false })
    );
    assert_eq!(events[events.len() - 1]["type"], "ExecutionSucceeded");
}

#[test]
fn input_that_is_no_json_is_shown_with_a_caret() {
    let output = stepwell(&["run", ORDERS, "--input", r#"{"orderId": }"#]);
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("1:13") && told.contains('^'), "{told}");
}

/// As people bring it: account id 123, no template, and a state that is missing.
const FROM_THE_WILD: &str = r#"{
  "StartAt": "ValidateOrder",
  "States": {
    "ValidateOrder": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123:function:validate-order",
      "Next": "ParallelChecks",
      "Catch": [{ "ErrorEquals": ["InvalidOrderError"], "Next": "OrderFailed" }]
    },
    "ParallelChecks": {
      "Type": "Parallel",
      "Branches": [
        { "StartAt": "CheckInventory", "States": { "CheckInventory": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123:function:check-inventory",
          "End": true
        } } },
        { "StartAt": "FraudCheck", "States": { "FraudCheck": {
          "Type": "Task",
          "Resource": "arn:aws:lambda:us-east-1:123:function:fraud-detection",
          "End": true
        } } }
      ],
      "Next": "ChargePayment"
    },
    "ChargePayment": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123:function:process-payment",
      "Next": "SendConfirmation",
      "Catch": [{ "ErrorEquals": ["PaymentFailedError"], "Next": "RefundAndNotify" }]
    },
    "SendConfirmation": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123:function:send-email",
      "End": true
    },
    "OrderFailed": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123:function:notify-failure",
      "End": true
    }@MISSING@
  }
}"#;

const MISSING: &str = r#",
    "RefundAndNotify": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123:function:refund-payment",
      "End": true
    }"#;

#[test]
fn a_bare_definition_finds_its_functions_among_the_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("order.asl.json");
    let path = file.to_str().unwrap();
    let input = "workflows/order-processing/inputs/default.json";

    std::fs::write(&file, FROM_THE_WILD.replace("@MISSING@", "")).unwrap();
    let output = stepwell(&["run", path, "--input", input]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("RefundAndNotify"),
        "{}",
        stderr(&output)
    );

    std::fs::write(&file, FROM_THE_WILD.replace("@MISSING@", MISSING)).unwrap();
    let output = stepwell(&["run", path, "--input", input]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let declined = "workflows/order-processing/inputs/card-declined.json";
    let output = stepwell(&["run", path, "--input", declined]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("RefundAndNotify"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn each_end_has_its_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ends.asl.json");
    let ends = [
        (
            json!({ "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }),
            0,
        ),
        (
            json!({ "StartAt": "A", "States": { "A": { "Type": "Fail", "Error": "No" } } }),
            1,
        ),
        (
            json!({ "TimeoutSeconds": 5, "StartAt": "A",
                "States": { "A": { "Type": "Wait", "Seconds": 50, "End": true } } }),
            3,
        ),
        (
            json!({ "StartAt": "B", "States": { "A": { "Type": "Succeed" } } }),
            2,
        ),
    ];
    for (definition, code) in ends {
        std::fs::write(&file, definition.to_string()).unwrap();
        let output = stepwell(&["run", file.to_str().unwrap(), "--skip-waits"]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{definition}: {}",
            stderr(&output)
        );
    }
    assert_eq!(stepwell(&["run", "no/such/place"]).status.code(), Some(2));
    assert_eq!(stepwell(&["walk"]).status.code(), Some(2));
}
