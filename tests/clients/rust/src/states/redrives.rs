//! RedriveExecution.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::redrive_execution::RedriveExecutionError;
use aws_sdk_sfn::types::{
    ExecutionRedriveFilter, ExecutionRedriveStatus, ExecutionStatus, StateMachineType,
};

use super::{FAIL, NOWHERE, PASS, machine, reaches, start};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let failing = machine(states, checks, "failing", FAIL, kind.clone()).await?;
    let execution = start(states, checks, &failing, "again").await?;
    let failed = reaches(states, checks, &execution, ExecutionStatus::Failed).await?;
    checks.equal(
        "DescribeExecution",
        "of one that failed",
        (
            failed.error.as_deref(),
            failed.cause.as_deref(),
            failed.redrive_status,
        ),
        (
            Some("Broken"),
            Some("by design"),
            Some(ExecutionRedriveStatus::Redrivable),
        ),
    );
    let redrive = |arn: &str| states.redrive_execution().execution_arn(arn);
    let first = success!(
        checks,
        RedriveExecution,
        redrive(&execution).client_token("1")
    );
    let again = success!(
        checks,
        RedriveExecution,
        redrive(&execution).client_token("1")
    );
    checks.equal(
        "RedriveExecution",
        "a token redrives once",
        again.redrive_date,
        first.redrive_date,
    );
    let failed = reaches(states, checks, &execution, ExecutionStatus::Failed).await?;
    checks.equal(
        "RedriveExecution",
        "is counted",
        failed.redrive_count,
        Some(1),
    );
    let redriven = success!(
        checks,
        ListExecutions,
        states
            .list_executions()
            .state_machine_arn(&failing)
            .redrive_filter(ExecutionRedriveFilter::Redriven)
    );
    checks.equal(
        "ListExecutions",
        "those redriven",
        redriven.executions.len(),
        1,
    );

    let passing = machine(states, checks, "passing", PASS, kind).await?;
    let succeeded = start(states, checks, &passing, "done").await?;
    reaches(states, checks, &succeeded, ExecutionStatus::Succeeded).await?;
    refused!(
        checks,
        RedriveExecutionError::ExecutionNotRedrivable,
        redrive(&succeeded)
    );
    refused!(
        checks,
        RedriveExecutionError::ExecutionDoesNotExist,
        redrive(&format!("{NOWHERE}:execution:failing:nobody"))
    );
    refused!(checks, RedriveExecutionError::InvalidArn, redrive("again"));
    refused!(
        checks,
        RedriveExecutionError::ValidationException,
        redrive(&execution).client_token("two words")
    );
    Ok(())
}
