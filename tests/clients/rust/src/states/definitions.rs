//! TestState and ValidateStateMachineDefinition.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::test_state::TestStateError;
use aws_sdk_sfn::operation::validate_state_machine_definition::ValidateStateMachineDefinitionError;
use aws_sdk_sfn::types::{
    InspectionLevel, MockErrorOutput, MockInput, TestExecutionStatus,
    ValidateStateMachineDefinitionResultCode, ValidateStateMachineDefinitionSeverity,
};

use super::{PASS, ROLE};
use crate::checks::{Checks, Step, refused, success};

const CHOICE: &str = r#"{"Type":"Choice","Default":"Small",
    "Choices":[{"Variable":"$.n","NumericGreaterThan":10,"Next":"Large"}]}"#;
const TASK: &str = r#"{"Type":"Task","End":true,"ResultPath":"$.paid",
    "Resource":"arn:aws:lambda:us-east-1:123456789012:function:pay",
    "Catch":[{"ErrorEquals":["Declined"],"Next":"Refund"}]}"#;

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    tested(states, checks).await?;
    mocked(states, checks).await?;
    validated(states, checks).await
}

async fn tested(states: &Client, checks: &Checks) -> Step {
    let test = |definition: &str| states.test_state().definition(definition).role_arn(ROLE);
    let chosen = success!(
        checks,
        TestState,
        test(CHOICE)
            .input(r#"{"n":11}"#)
            .inspection_level(InspectionLevel::Debug)
    );
    checks.equal(
        "TestState",
        "says where it goes on",
        (chosen.status, chosen.next_state.as_deref()),
        (Some(TestExecutionStatus::Succeeded), Some("Large")),
    );
    let seen = chosen.inspection_data.and_then(|data| data.input);
    checks.equal(
        "TestState",
        "shows the steps where it is told to",
        seen.as_deref(),
        Some(r#"{"n":11}"#),
    );
    refused!(
        checks,
        TestStateError::InvalidDefinition,
        test(r#"{"Type":"Nothing"}"#)
    );
    refused!(
        checks,
        TestStateError::InvalidExecutionInput,
        test(CHOICE).input("{")
    );
    refused!(
        checks,
        TestStateError::InvalidArn,
        test(CHOICE).role_arn("nobody")
    );
    refused!(
        checks,
        TestStateError::ValidationException,
        test(PASS).state_name("Nowhere")
    );
    Ok(())
}

async fn mocked(states: &Client, checks: &Checks) -> Step {
    let test = |mock: MockInput| {
        states
            .test_state()
            .definition(TASK)
            .role_arn(ROLE)
            .input("{}")
            .mock(mock)
    };
    let paid = success!(
        checks,
        TestState,
        test(MockInput::builder().result("7").build())
    );
    checks.equal(
        "TestState",
        "takes a result that is given",
        paid.output.as_deref(),
        Some(r#"{"paid":7}"#),
    );
    let error = MockErrorOutput::builder()
        .error("Declined")
        .cause("no money");
    let caught = success!(
        checks,
        TestState,
        test(MockInput::builder().error_output(error.build()).build())
    );
    checks.equal(
        "TestState",
        "takes an error that is given",
        (caught.status, caught.next_state.as_deref()),
        (Some(TestExecutionStatus::CaughtError), Some("Refund")),
    );
    Ok(())
}

async fn validated(states: &Client, checks: &Checks) -> Step {
    let validate = |text: &str| states.validate_state_machine_definition().definition(text);
    let good = success!(checks, ValidateStateMachineDefinition, validate(PASS));
    checks.equal(
        "ValidateStateMachineDefinition",
        "nothing is wrong",
        (good.result, good.diagnostics.len(), good.truncated),
        (ValidateStateMachineDefinitionResultCode::Ok, 0, Some(false)),
    );
    let bad = success!(
        checks,
        ValidateStateMachineDefinition,
        validate(r#"{"StartAt":"B","States":{"A":{"Type":"Pass","End":true}}}"#)
            .severity(ValidateStateMachineDefinitionSeverity::Warning)
    );
    checks.holds(
        "ValidateStateMachineDefinition",
        "something is wrong",
        bad.result == ValidateStateMachineDefinitionResultCode::Fail
            && bad.diagnostics.iter().any(|found| {
                found.severity == ValidateStateMachineDefinitionSeverity::Error
                    && !found.code.is_empty()
                    && !found.message.is_empty()
                    && found.location.is_some()
            }),
    );
    refused!(
        checks,
        ValidateStateMachineDefinitionError::ValidationException,
        validate(PASS).max_results(101)
    );
    Ok(())
}
