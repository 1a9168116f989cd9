use engine::{Header, Timestamp, Workflow};
use expr::Data;

use super::*;

const STARTED: Timestamp = Timestamp(1_700_000_000_123_456);
const STOPPED: Timestamp = Timestamp(1_700_000_001_000_000);
const ARN: &str = "arn:aws:states:us-east-1:123456789012:execution:orders:one";
const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

fn view(status: Status, outcome: Option<Outcome>) -> ExecutionView {
    ExecutionView {
        header: Header {
            arn: ExecutionArn(ARN.into()),
            name: "one".into(),
            machine_arn: MACHINE.into(),
            machine_name: "orders".into(),
            revision: "".into(),
            role_arn: "role".into(),
            workflow: Workflow::Standard,
            input: Data::parse("{ }").unwrap(),
            started_at: STARTED,
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        },
        index: Index {
            machine_arn: MACHINE.into(),
            name: "one".into(),
            status,
            started_at: STARTED,
            stopped_at: (status != Status::Running).then_some(STOPPED),
            version_arn: None,
            alias_arn: None,
            redrive_count: 0,
            redriven_at: None,
        },
        outcome,
        history_events: 5,
    }
}

fn output() -> Option<Outcome> {
    Some(Outcome::Output(Data::parse("[1]").unwrap()))
}

fn failed() -> Option<Outcome> {
    Some(Outcome::Error(ErrorOutput::new("E", "C")))
}

fn described_now(view: &ExecutionView) -> Value {
    described(view, true, view.why_not_redrivable(STOPPED))
}

#[test]
fn a_success_is_described_as_aws_describes_it() {
    let expected = json!({
        "executionArn": ARN,
        "stateMachineArn": MACHINE,
        "name": "one",
        "status": "SUCCEEDED",
        "startDate": 1_700_000_000.123,
        "stopDate": 1_700_000_001.0,
        "input": "{ }",
        "inputDetails": { "included": true },
        "output": "[1]",
        "outputDetails": { "included": true },
        "redriveCount": 0,
        "redriveStatus": "NOT_REDRIVABLE",
        "redriveStatusReason": "Execution is SUCCEEDED and cannot be redriven",
    });
    assert_eq!(described_now(&view(Status::Succeeded, output())), expected);
}

#[test]
fn a_running_execution_has_neither_end_nor_output() {
    let found = described_now(&view(Status::Running, None));
    for absent in ["stopDate", "output", "outputDetails", "error", "cause"] {
        assert_eq!(found.get(absent), None);
    }
    let reason = "Execution is RUNNING and cannot be redriven";
    assert_eq!(found["redriveStatusReason"], reason);
}

#[test]
fn a_failure_has_error_and_cause_and_a_timeout_has_neither() {
    let found = described_now(&view(Status::Failed, failed()));
    assert_eq!(
        (&found["error"], &found["cause"]),
        (&json!("E"), &json!("C"))
    );
    assert_eq!(found["redriveStatus"], "REDRIVABLE");
    assert_eq!(found.get("redriveStatusReason"), None);
    let found = described_now(&view(Status::TimedOut, failed()));
    assert_eq!((found.get("error"), found.get("cause")), (None, None));
    assert_eq!(found["redriveStatus"], "REDRIVABLE");
}

#[test]
fn metadata_only_leaves_out_every_payload() {
    for outcome in [output(), failed()] {
        let found = described(&view(Status::Failed, outcome), false, None);
        for absent in [
            "input",
            "inputDetails",
            "output",
            "outputDetails",
            "error",
            "cause",
        ] {
            assert_eq!(found.get(absent), None);
        }
    }
}

#[test]
fn version_alias_and_redrives_are_told_of() {
    let mut view = view(Status::Failed, failed());
    view.index.version_arn = Some(format!("{MACHINE}:3").into());
    view.index.alias_arn = Some(format!("{MACHINE}:PROD").into());
    view.index.redrive_count = 2;
    view.index.redriven_at = Some(STOPPED);
    let listed = listed(&view.header.arn, &view.index);
    for found in [described_now(&view), listed] {
        assert_eq!(found["stateMachineVersionArn"], format!("{MACHINE}:3"));
        assert_eq!(found["stateMachineAliasArn"], format!("{MACHINE}:PROD"));
        assert_eq!(found["redriveCount"], 2);
        assert_eq!(found["redriveDate"], 1_700_000_001.0);
    }
}

#[test]
fn an_arn_of_another_kind_is_refused_in_the_services_words() {
    assert_eq!(execution_arn(ARN), Ok(ExecutionArn(ARN.into())));
    let base = "arn:aws:states:us-east-1:123456789012";
    for (arn, why) in [
        (
            format!("{base}:express:orders:one:2"),
            "Resource type not valid in this context: express".to_owned(),
        ),
        (
            MACHINE.to_owned(),
            "Resource type not valid in this context: stateMachine".to_owned(),
        ),
        (
            "nonsense".to_owned(),
            "Invalid ARN prefix: nonsense".to_owned(),
        ),
    ] {
        let refused = execution_arn(&arn).unwrap_err();
        assert_eq!(refused.code, "InvalidArn");
        assert_eq!(refused.message, format!("Invalid Arn: '{why}'"));
    }
    assert!(activity_arn(&format!("{base}:activity:approve")).is_ok());
    assert_eq!(activity_arn(ARN).unwrap_err().code, "InvalidArn");
}

#[test]
fn a_payload_that_is_too_long_is_not_repeated() {
    let text = "x".repeat(262_145);
    let input = json!({ "input": text });
    let refused = payload(&mut Members::of(&input), "input").unwrap_err();
    assert_eq!(
        refused.message,
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must \
         have length less than or equal to 262144"
    );
    let input = json!({ "input": "x".repeat(262_144) });
    assert!(payload(&mut Members::of(&input), "input").is_ok());
}

#[test]
fn error_and_cause_have_a_longest_length() {
    let checked = |error: usize, cause: usize| {
        let input = json!({ "error": "e".repeat(error), "cause": "c".repeat(cause) });
        error_output(&mut Members::of(&input)).map_err(|error| error.code)
    };
    assert!(checked(256, 32_768).is_ok());
    assert_eq!(checked(257, 0), Err("ValidationException"));
    assert_eq!(checked(0, 32_769), Err("ValidationException"));
}
