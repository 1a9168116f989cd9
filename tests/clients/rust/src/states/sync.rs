//! StartSyncExecution, which the SDK asks of `sync-HOST` if nobody keeps it from that.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::start_sync_execution::StartSyncExecutionError;
use aws_sdk_sfn::types::{StateMachineType, SyncExecutionStatus};

use super::{FAIL, NOWHERE, PASS, machine};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let express = StateMachineType::Express;
    let arn = machine(states, checks, "express", PASS, express.clone()).await?;
    let begin = |arn: &str| states.start_sync_execution().state_machine_arn(arn);
    let ended = success!(
        checks,
        StartSyncExecution,
        begin(&arn).name("one").input("[1]")
    );
    checks.equal(
        "StartSyncExecution",
        "gives the output",
        (ended.status, ended.output.as_deref()),
        (SyncExecutionStatus::Succeeded, Some("[1]")),
    );
    checks.holds(
        "StartSyncExecution",
        "gives the rest",
        ended.stop_date >= ended.start_date
            && ended.name.as_deref() == Some("one")
            && ended.execution_arn.contains(":express:express:one:")
            && ended
                .billing_details
                .is_some_and(|bill| bill.billed_memory_used_in_mb >= 64),
    );
    let failing = machine(states, checks, "failing-express", FAIL, express).await?;
    let failed = success!(checks, StartSyncExecution, begin(&failing));
    checks.equal(
        "StartSyncExecution",
        "a failure is an answer",
        (failed.status, failed.error.as_deref()),
        (SyncExecutionStatus::Failed, Some("Broken")),
    );
    refused!(
        checks,
        StartSyncExecutionError::InvalidExecutionInput,
        begin(&arn).input("{")
    );
    refused!(
        checks,
        StartSyncExecutionError::InvalidName,
        begin(&arn).name("a b")
    );
    refused!(
        checks,
        StartSyncExecutionError::InvalidArn,
        begin("express")
    );
    refused!(
        checks,
        StartSyncExecutionError::StateMachineDoesNotExist,
        begin(&format!("{NOWHERE}:stateMachine:other"))
    );
    let standard = StateMachineType::Standard;
    let standard = machine(states, checks, "not-sync", PASS, standard).await?;
    refused!(
        checks,
        StartSyncExecutionError::StateMachineTypeNotSupported,
        begin(&standard)
    );
    Ok(())
}
